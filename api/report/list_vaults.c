/* The lists of vaults and of HSMs, and how each is kept from being lost. */
#include "lists.h"

#include "facts.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static bool is_read(const struct kv_resource *resource)
{
    return resource->properties.state == KV_FACET_READY;
}

/* Azure says 0 where it means its standard. */
static void put_days(
    struct listing *listing, const struct kv_resource *resource)
{
    listing_count(
        listing, resource->retention_days ? resource->retention_days : 90);
}

/* ---- what both kinds have ---- */

static void put_place(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    listing_text(listing, resource->name);
    list_put_subscription(listing, input, resource);
    listing_text(listing, resource->resource_group);
}

static void put_unknown(struct listing *listing, size_t count)
{
    while (count-- > 0)
        listing_unknown(listing);
}

/* ---- vaults ---- */

static const struct listing_column vault_columns[] = {
    { "NAME", "name" },
    { "SUBSCRIPTION", "subscription_name" },
    { "GROUP", "resource_group" },
    { "LOCATION", "location" },
    { "SKU", "sku" },
    { "MODEL", "permission_model" },
    { "EXPOSURE", "exposure" },
    { "SOFT-DELETE", "soft_delete" },
    { "PURGE-PROTECTION", "purge_protection" },
    { "DAYS", "retention_days" },
    { "CREATED", "created_at" },
    { "CHANGED", "modified_at" },
    { "URI", "uri" },
    { "ID", "id" },
};
#define VAULT_FACTS 10 /* columns that are made of its properties */

static void put_vault_facts(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    listing_text(listing, resource->location);
    listing_text(listing, resource->sku);
    listing_text(
        listing, resource->rbac == KV_TRI_TRUE ? "roles" : "access policies");
    listing_text(listing, facts_exposure(input, resource));
    listing_tri(listing, resource->soft_delete);
    listing_tri(listing, resource->purge_protection);
    put_days(listing, resource);
    listing_time(listing, resource->created_at_s);
    listing_time(listing, resource->modified_at_s);
    listing_text(listing, resource->uri);
}

static void fill_vaults(struct listing *listing,
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    for (uint32_t i = KV_NONE; (i = asked_next(input, asked, i)) != KV_NONE;) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);

        if (resource->kind != KV_KIND_VAULT)
            continue;
        put_place(listing, input, resource);
        if (is_read(resource))
            put_vault_facts(listing, input, resource);
        else
            put_unknown(listing, VAULT_FACTS);
        listing_text(listing, resource->id);
    }
}

const struct list_row list_vaults = {
    .name = "vaults",
    .columns = vault_columns,
    .column_count = LENGTH(vault_columns),
    .sorted_by = 1,
    .kinds = LIST_VAULTS,
    .cells_need =
        KV_FACET_BIT(KV_FACET_PROPERTIES) | KV_FACET_BIT(KV_FACET_PERIMETERS),
    .fill = fill_vaults,
};

/* ---- HSMs ---- */

static const struct listing_column hsm_columns[] = {
    { "NAME", "name" },
    { "SUBSCRIPTION", "subscription_name" },
    { "GROUP", "resource_group" },
    { "LOCATION", "location" },
    { "SKU", "sku" },
    { "STATE", "provisioning_state" },
    { "ACTIVATION", "activation" },
    { "EXPOSURE", "exposure" },
    { "SOFT-DELETE", "soft_delete" },
    { "PURGE-PROTECTION", "purge_protection" },
    { "DAYS", "retention_days" },
    { "CREATED", "created_at" },
    { "CHANGED", "modified_at" },
    { "URI", "uri" },
    { "REGIONS", "regions" },
    { "ID", "id" },
};
#define HSM_FACTS 11

static void put_hsm_facts(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    listing_text(listing, resource->location);
    listing_text(listing, resource->sku);
    listing_text(listing, resource->provisioning_state);
    listing_text(listing, resource->activation);
    listing_text(listing, facts_exposure(input, resource));
    listing_tri(listing, resource->soft_delete);
    listing_tri(listing, resource->purge_protection);
    put_days(listing, resource);
    listing_time(listing, resource->created_at_s);
    listing_time(listing, resource->modified_at_s);
    listing_text(listing, resource->uri);
}

static void put_regions(struct listing *listing,
    const struct kv_report_input *input, const struct kv_resource *resource)
{
    struct kv_facet_status status =
        kv_estate_facet(input->estate, resource, KV_FACET_REGIONS);
    struct buf names = { .limit = 4096 };
    struct kv_walk walk = { 0 };
    const struct kv_region *row;

    while ((row = kv_estate_next_at(
                input->estate, KV_SET_REGIONS, resource->id, &walk)))
        buf_putf(&names, "%s%s%s", names.size ? ", " : "", row->name,
            row->primary ? " (primary)" : "");
    if (kv_facet_known(&status))
        listing_text(listing, buf_text(&names));
    else
        listing_unknown(listing);
    buf_done(&names);
}

static void fill_hsms(struct listing *listing,
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    for (uint32_t i = KV_NONE; (i = asked_next(input, asked, i)) != KV_NONE;) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);

        if (resource->kind != KV_KIND_HSM)
            continue;
        put_place(listing, input, resource);
        if (is_read(resource))
            put_hsm_facts(listing, input, resource);
        else
            put_unknown(listing, HSM_FACTS);
        put_regions(listing, input, resource);
        listing_text(listing, resource->id);
    }
}

const struct list_row list_hsms = {
    .name = "hsms",
    .columns = hsm_columns,
    .column_count = LENGTH(hsm_columns),
    .sorted_by = 1,
    .kinds = LIST_HSMS,
    .cells_need =
        KV_FACET_BIT(KV_FACET_PROPERTIES) | KV_FACET_BIT(KV_FACET_REGIONS),
    .fill = fill_hsms,
};
