/* Objects that belong together: a certificate is three objects of one name, and
 * Azure Resource Manager does not say which keys and secrets back one. */
#include "estate.h"

#include <stdio.h>

#define ID_BYTES 2048

/* Rows in place at one scope, to be completed. */
static struct kv_object *next_object(struct kv_estate *estate, enum kv_set set,
    const char *scope, struct kv_walk *walk)
{
    return (struct kv_object *)kv_estate_next_at(estate, set, scope, walk);
}

static bool has_certificate(
    const struct kv_estate *estate, const struct kv_object *object)
{
    char id[ID_BYTES];
    int size = snprintf(
        id, sizeof id, "%s/certificates/%s", object->scope, object->name);

    return size > 0 && size < ID_BYTES &&
           kv_estate_find_row(estate, KV_SET_CERTIFICATES, id) != NULL;
}

void estate_link_objects(struct kv_estate *estate, const char *scope)
{
    static const enum kv_set sets[] = { KV_SET_KEYS, KV_SET_SECRETS };

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct kv_walk walk = { 0 };
        struct kv_object *row;

        while ((row = next_object(estate, sets[i], scope, &walk))) {
            row->managed = row->managed || has_certificate(estate, row);
            row->managed_known = true;
        }
    }
}
