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

/* Whether the vault has an object of the same name in another collection. */
static bool has_namesake(const struct kv_estate *estate,
    const struct kv_object *object, enum kv_set set, const char *collection)
{
    char id[ID_BYTES];
    int size = snprintf(
        id, sizeof id, "%s/%s/%s", object->scope, collection, object->name);

    return size > 0 && size < ID_BYTES &&
           kv_estate_find_row(estate, set, id) != NULL;
}

static bool has_certificate(
    const struct kv_estate *estate, const struct kv_object *object)
{
    return has_namesake(estate, object, KV_SET_CERTIFICATES, "certificates");
}

/* The key of a secret's name, or the secret of a key's. */
static bool has_counterpart(
    const struct kv_estate *estate, const struct kv_object *object)
{
    return object->kind == KV_OBJECT_KEY
               ? has_namesake(estate, object, KV_SET_SECRETS, "secrets")
               : has_namesake(estate, object, KV_SET_KEYS, "keys");
}

void estate_link_objects(
    struct kv_estate *estate, const char *scope, bool certificates)
{
    static const enum kv_set sets[] = { KV_SET_KEYS, KV_SET_SECRETS };

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct kv_walk walk = { 0 };
        struct kv_object *row;

        while ((row = next_object(estate, sets[i], scope, &walk))) {
            if (row->managed_known)
                continue;
            row->managed = certificates && has_certificate(estate, row);
            row->managed_known = certificates || !has_counterpart(estate, row);
        }
    }
}
