/* What is in vaults and HSMs: names and dates, nothing else. */
#include "lists.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct listing_column columns[] = {
    { "VAULT", "vault" },
    { "KIND", "kind" },
    { "NAME", "name" },
    { "STATE", "state" },
    { "CREATED", "created_at" },
    { "UPDATED", "updated_at" },
    { "NOT-BEFORE", "not_before" },
    { "EXPIRES", "expires_at" },
    { "DELETED", "deleted_at" },
    { "PURGE-AT", "purge_at" },
    { "ID", "id" },
};

static const char *const kind_names[] = {
    [KV_OBJECT_KEY] = "key",
    [KV_OBJECT_SECRET] = "secret",
    [KV_OBJECT_CERTIFICATE] = "certificate",
    [KV_OBJECT_STORAGE] = "storage account",
};

static void put_object(struct listing *listing,
    const struct kv_resource *resource, const struct kv_object *row)
{
    listing_text(listing, resource->name);
    listing_text(listing, kind_names[row->kind]);
    listing_text(listing, row->name);
    listing_text(listing, row->deleted    ? "deleted"
                          : row->disabled ? "disabled"
                                          : "enabled");
    listing_time(listing, row->created_s);
    listing_time(listing, row->updated_s);
    listing_time(listing, row->not_before_s);
    listing_time(listing, row->expires_s);
    listing_time(listing, row->deleted_s);
    listing_time(listing, row->purge_s);
    listing_text(listing, row->id);
}

static void put_objects(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    static const enum kv_set sets[] = { KV_SET_KEYS, KV_SET_SECRETS,
        KV_SET_CERTIFICATES, KV_SET_DELETED_OBJECTS };

    for (size_t i = 0; i < LENGTH(sets); i++) {
        struct kv_walk walk = { 0 };
        const struct kv_object *row;

        while ((row = kv_estate_next_at(
                    input->estate, sets[i], resource->id, &walk)))
            put_object(listing, resource, row);
    }
}

static void fill(struct listing *listing, const struct kv_report_input *input,
    const struct kv_asked *asked)
{
    for (uint32_t i = KV_NONE; (i = asked_next(input, asked, i)) != KV_NONE;)
        put_objects(listing, input, kv_estate_resource(input->estate, i));
}

const struct list_row list_objects = {
    .name = "objects",
    .columns = columns,
    .column_count = LENGTH(columns),
    .sorted_by = 3,
    .kinds = LIST_BOTH,
    .rows_need = KV_FACET_BIT(KV_FACET_KEYS) | KV_FACET_BIT(KV_FACET_SECRETS) |
                 KV_FACET_BIT(KV_FACET_CERTIFICATES) |
                 KV_FACET_BIT(KV_FACET_DELETED_OBJECTS),
    .fill = fill,
};
