/* What a vault knows of the network security perimeters that hold it: one
 * configuration for each association, made from the perimeter's own. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"

#define TYPE "Microsoft.KeyVault/vaults"
#define ASSOCIATION                                                            \
    "microsoft.network/networksecurityperimeters/"                             \
    "resourceassociations"

static json_t *extension_json(const struct estate *estate, const char *id)
{
    const struct item *item =
        id ? estate_find(estate, KIND_EXTENSION, id) : NULL;

    return item ? item_json(item) : NULL;
}

/* Of a rule the resource is told what concerns it: addresses, subscriptions
 * and names. */
static json_t *rule_json(const struct item *item)
{
    static const char *const told[] = { "direction", "addressPrefixes",
        "subscriptions", "fullyQualifiedDomainNames" };
    json_t *rule = item_json(item);
    json_t *all = json_object_get(rule, "properties");
    json_t *kept = json_object();

    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (json_object_get(all, told[i]))
            json_object_set(kept, told[i], json_object_get(all, told[i]));
    json_decref(rule);
    return json_pack("{s:s, s:o}", "name", item->name, "properties", kept);
}

static json_t *rules_json(const struct estate *estate, const char *profile)
{
    const struct table *table = &estate->tables[KIND_EXTENSION];
    char *prefix = alloc_format("%s/accessRules/", profile);
    struct range range;
    json_t *rules = json_array();

    text_lower(prefix);
    range = estate_below(estate, KIND_EXTENSION, prefix);
    for (size_t i = range.first; i < range.last; i++)
        json_array_append_new(rules, rule_json(table->items[i]));
    free(prefix);
    return rules;
}

/* The profile says its versions in texts, the configuration in numbers. */
static json_t *version_json(json_t *profile, const char *name)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(profile, "properties"), name));

    return json_integer(text ? strtol(text, NULL, 10) : 0);
}

static json_t *profile_json(const struct estate *estate, const char *id)
{
    json_t *profile = extension_json(estate, id);
    json_t *json = json_pack("{s:s, s:o, s:o, s:o, s:[]}", "name", id_last(id),
        "accessRulesVersion", version_json(profile, "accessRulesVersion"),
        "accessRules", rules_json(estate, id), "diagnosticSettingsVersion",
        version_json(profile, "diagnosticSettingsVersion"),
        "enabledLogCategories");

    json_decref(profile);
    return json;
}

/* The perimeter is what the association lies in. */
static char *perimeter_id(const struct item *association)
{
    const char *end = strcasestr(association->id, "/resourceAssociations/");

    return alloc_slice(association->id,
        end ? (size_t)(end - association->id) : strlen(association->id));
}

static json_t *configuration_json(
    struct call *call, const struct item *vault, const struct item *association)
{
    const struct estate *estate = &call->cloud->estate;
    char *id = perimeter_id(association);
    const struct item *perimeter = estate_find(estate, KIND_RESOURCE, id);
    char *guid = perimeter ? item_copy(perimeter, "properties.perimeterGuid")
                           : alloc_text("");
    char *location =
        perimeter ? item_copy(perimeter, "location") : alloc_text("");
    char *mode = item_copy(association, "properties.accessMode");
    char *profile = item_copy(association, "properties.profile.id");
    json_t *name = json_sprintf("%s.%s", guid, association->name);
    json_t *json = json_pack(
        "{s:o, s:o, s:s, s:{s:s, s:{s:s, s:s, s:s}, s:{s:s, s:s}, s:o}}", "id",
        json_sprintf("%s/networkSecurityPerimeterConfigurations/%s", vault->id,
            json_string_value(name)),
        "name", name, "type", TYPE "/networkSecurityPerimeterConfigurations",
        "properties", "provisioningState", "Succeeded",
        "networkSecurityPerimeter", "id", id, "perimeterGuid", guid, "location",
        location, "resourceAssociation", "name", association->name,
        "accessMode", mode, "profile", profile_json(estate, profile));

    free(id);
    free(guid);
    free(location);
    free(mode);
    free(profile);
    return json;
}

static json_t *configurations(struct call *call, const struct item *vault)
{
    const struct table *table = &call->cloud->estate.tables[KIND_EXTENSION];
    json_t *list = json_array();

    for (size_t i = 0; i < table->count; i++) {
        char *target;

        if (strcmp(table->items[i]->type, ASSOCIATION) != 0)
            continue;
        target =
            item_copy(table->items[i], "properties.privateLinkResource.id");
        if (text_same(target, vault->id))
            json_array_append_new(
                list, configuration_json(call, vault, table->items[i]));
        free(target);
    }
    return list;
}

void perimeter_configurations_list(struct call *call)
{
    const struct item *vault = resource_find(call, TYPE);

    if (vault)
        answer_json(call, 200,
            json_pack("{s:o, s:n}", "value", configurations(call, vault),
                "nextLink"));
}

/* The one that the path names, borrowed from the list; or 404. */
static json_t *configuration_need(struct call *call, json_t *list)
{
    size_t index;
    json_t *one;

    json_array_foreach(list, index, one)
    {
        if (text_same(json_string_value(json_object_get(one, "name")),
                call->captures[3]))
            return one;
    }
    answer_error(call, 404, "ResourceNotFound",
        "The network security perimeter configuration '%s' was not found.",
        call->captures[3]);
    return NULL;
}

void perimeter_configuration_get(struct call *call)
{
    const struct item *vault = resource_find(call, TYPE);
    json_t *list = vault ? configurations(call, vault) : NULL;
    json_t *one = list ? configuration_need(call, list) : NULL;

    if (one)
        answer_json(call, 200, json_incref(one));
    json_decref(list);
}

/* Nothing ever drifts here, so there is nothing to bring together. */
void perimeter_configuration_reconcile(struct call *call)
{
    const struct item *vault = resource_find(call, TYPE);
    json_t *list = vault ? configurations(call, vault) : NULL;

    if (list && configuration_need(call, list)) {
        answer_empty(call, 202);
        call_header(call, "Location", "%s%.*s?api-version=%s", call->origin,
            (int)(strlen(call->path) - strlen("/reconcile")), call->path,
            call_query(call, "api-version"));
        call_header(call, "Retry-After", "1");
    }
    json_decref(list);
}
