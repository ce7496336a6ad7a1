/* Where vaults and HSMs are reached. An estate file has Azure's addresses; who
 * followed one out of a cloud that tells a suffix of its own would leave it.
 * Another address is what the estate means: a vault that leads elsewhere. */
#include "addresses.h"

#include <stdlib.h>
#include <string.h>

#include "service.h"

static const struct {
    const char *type;
    const char *member;
    enum service service;
} rows[] = {
    { "microsoft.keyvault/vaults", "vaultUri", SERVICE_VAULT },
    { "microsoft.keyvault/managedhsms", "hsmUri", SERVICE_HSM },
};

static void address_move(
    struct cloud *cloud, const struct item *item, size_t row)
{
    json_t *json = item_json(item);
    json_t *properties = json_object_get(json, "properties");
    char *address = service_address(cloud, rows[row].service, item->name);
    const char *was =
        json_string_value(json_object_get(properties, rows[row].member));

    if (was && text_starts(was, "https:")) {
        json_object_set_new(properties, rows[row].member, json_string(address));
        estate_put(&cloud->estate, KIND_RESOURCE, item_new(json));
    }
    free(address);
    json_decref(json);
}

void addresses_move(struct cloud *cloud)
{
    const struct table *table = &cloud->estate.tables[KIND_RESOURCE];

    for (size_t i = 0; i < table->count; i++)
        for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
            if (strcmp(table->items[i]->type, rows[row].type) == 0)
                address_move(cloud, table->items[i], row);
}
