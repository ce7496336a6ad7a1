/* How each vault and HSM is kept from being lost: deletion, locks, logs; with
 * those that are deleted and can still be recovered. */
#include "lists.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct listing_column columns[] = {
    { "NAME", "name" },
    { "KIND", "kind" },
    { "STATE", "state" },
    { "SOFT-DELETE", "soft_delete" },
    { "PURGE-PROTECTION", "purge_protection" },
    { "DAYS", "retention_days" },
    { "DELETED", "deleted_at" },
    { "PURGE-AT", "purge_at" },
    { "LOCKS", "locks" },
    { "AUDIT-LOGS", "audit_logs" },
    { "SUBSCRIPTION", "subscription_name" },
    { "ID", "id" },
};

static void put_locks(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    struct kv_facet_status status =
        kv_estate_facet(input->estate, resource, KV_FACET_LOCKS);
    struct buf names = { .limit = 65536 };
    struct kv_walk walk = { 0 };
    const struct kv_lock *row;

    while ((row = kv_estate_next_lock(input->estate, resource, &walk)))
        buf_putf(&names, "%s%s %s (%s)", names.size ? ", " : "",
            row->read_only ? "ReadOnly" : "CanNotDelete",
            row->name ? row->name : "", kv_scope_level_name(walk.level));
    if (kv_facet_known(&status))
        listing_text(listing, buf_text(&names));
    else
        listing_unknown(listing);
    buf_done(&names);
}

static void put_logs(
    struct listing *listing, const struct kv_resource *resource)
{
    struct buf names = { .limit = 65536 };

    for (uint32_t i = 0; i < resource->diagnostic_count; i++) {
        const struct kv_diagnostic *row = &resource->diagnostics[i];
        const char *const places[] = { row->workspace_id, row->storage_id,
            row->event_hub_rule_id, row->partner_id };

        for (size_t j = 0; row->audit && j < LENGTH(places); j++)
            if (places[j])
                buf_putf(&names, "%s%s", names.size ? ", " : "", places[j]);
    }
    if (kv_facet_known(&resource->diagnostics_status))
        listing_text(listing, buf_text(&names));
    else
        listing_unknown(listing);
    buf_done(&names);
}

static void put_properties(
    struct listing *listing, const struct kv_resource *resource)
{
    listing_tri(listing, resource->soft_delete);
    listing_tri(listing, resource->purge_protection);
    listing_count(
        listing, resource->retention_days ? resource->retention_days : 90);
}

static void put_resource(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    listing_text(listing, resource->name);
    listing_text(listing, kv_kind_name(resource->kind));
    listing_text(listing, "active");
    if (resource->properties.state == KV_FACET_READY)
        put_properties(listing, resource);
    else
        for (int i = 0; i < 3; i++)
            listing_unknown(listing);
    listing_none(listing);
    listing_none(listing);
    put_locks(listing, input, resource);
    put_logs(listing, resource);
    list_put_subscription(listing, input, resource);
    listing_text(listing, resource->id);
}

static void put_deleted(struct listing *listing,
    const struct kv_report_input *input, const struct kv_deleted *row)
{
    const struct kv_subscription *subscription =
        kv_estate_subscription(input->estate, row->subscription);

    listing_text(listing, row->name);
    listing_text(listing, row->hsm ? "hsm" : "vault");
    listing_text(listing, "deleted");
    listing_flag(listing, true);
    listing_flag(listing, row->purge_protection);
    listing_none(listing);
    listing_time(listing, row->deleted_at_s);
    listing_time(listing, row->purge_at_s);
    listing_none(listing);
    listing_none(listing);
    listing_text(
        listing, subscription->name ? subscription->name : subscription->id);
    listing_text(listing, row->id);
}

static void fill(struct listing *listing, const struct kv_report_input *input,
    const struct kv_asked *asked)
{
    uint32_t count = kv_estate_row_count(input->estate, KV_SET_DELETED);

    for (uint32_t i = KV_NONE; (i = asked_next(input, asked, i)) != KV_NONE;)
        put_resource(listing, input, kv_estate_resource(input->estate, i));
    for (uint32_t i = 0; asked->resource == KV_NONE && i < count; i++) {
        const struct kv_deleted *row =
            kv_estate_row(input->estate, KV_SET_DELETED, i);

        if (row && asked_covers(input, asked, row->scope))
            put_deleted(listing, input, row);
    }
}

const struct list_row list_protection = {
    .name = "protection",
    .columns = columns,
    .column_count = LENGTH(columns),
    .sorted_by = 1,
    .kinds = LIST_BOTH,
    .rows_need = KV_FACET_BIT(KV_FACET_DELETED),
    .cells_need = KV_FACET_BIT(KV_FACET_PROPERTIES) |
                  KV_FACET_BIT(KV_FACET_LOCKS) |
                  KV_FACET_BIT(KV_FACET_DIAGNOSTICS),
    .fill = fill,
};
