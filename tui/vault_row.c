/* The cells of a vault and how they sort. */
#include "vault_row.h"

/* The widths leave a name its 24 cells at every size from 80 columns up. */
const struct list_column vault_columns[VAULT_COLUMN_COUNT] = {
    [VAULT_COLUMN_SEVERITY] = { .title = "SEV", .width_cells = 4 },
    [VAULT_COLUMN_NAME] = { .title = "NAME", .full_cells = 24 },
    [VAULT_COLUMN_KIND] = { .title = "KIND", .width_cells = 5 },
    [VAULT_COLUMN_SUBSCRIPTION] = {
        .title = "SUBSCRIPTION",
        .width_cells = 24,
        .appears_at = 119,
    },
    [VAULT_COLUMN_REGION] = {
        .title = "REGION",
        .width_cells = 11,
        .full_cells = 18,
        .appears_at = 72,
    },
    [VAULT_COLUMN_NETWORK] = { .title = "NET", .width_cells = 10 },
    [VAULT_COLUMN_COUNTS] = {
        .title = "C/H/M/?",
        .width_cells = 7,
        .full_cells = 9,
    },
    [VAULT_COLUMN_PURGE] = {
        .title = "PURGE",
        .width_cells = 5,
        .appears_at = 66,
    },
    [VAULT_COLUMN_MODEL] = {
        .title = "MODEL",
        .width_cells = 6,
        .appears_at = 100,
    },
    [VAULT_COLUMN_LOGS] = {
        .title = "LOGS",
        .width_cells = 4,
        .appears_at = 100,
    },
    [VAULT_COLUMN_DATA] = { .title = "DATA", .width_cells = 4 },
    [VAULT_COLUMN_CHANGED] = {
        .title = "CHANGED",
        .width_cells = 7,
        .appears_at = 128,
    },
};

static const struct kv_resource *resource_of(const struct vault_row *row)
{
    return kv_estate_resource(row->estate, row->resource);
}

/* Instead of a value that is not there: never blank, never a guess. True when
 * the value is there. */
static bool put_state(
    const struct kv_facet_status *facet, struct list_cell *out)
{
    switch (facet->state) {
    case KV_FACET_READY:
    case KV_FACET_UNREGISTERED:
        return true;
    case KV_FACET_ABSENT:
    case KV_FACET_LOADING:
        buf_puts(&out->text, "..");
        break;
    case KV_FACET_DENIED:
        buf_puts(&out->text, "403");
        break;
    case KV_FACET_FAILED:
        buf_puts(&out->text, "?");
        break;
    }
    out->role = ROLE_UNKNOWN;
    return false;
}

/* ---- severity ---- */

/* kv_standing_rank() puts unknown between high and medium. */
static void put_severity(const struct vault_row *row, struct list_cell *out)
{
    struct kv_standing standing =
        kv_posture_standing(row->posture, row->resource);

    for (int at = KV_SEVERITY_CRITICAL; at >= 0; at--) {
        if (at < KV_SEVERITY_HIGH && standing.unknown)
            break;
        if (!standing.fail[at])
            continue;
        buf_puts(&out->text, kv_severity_mark((enum kv_severity)at));
        out->role = role_of_severity((enum kv_severity)at);
        return;
    }
    out->role = ROLE_UNKNOWN;
    if (standing.unknown) {
        buf_puts(&out->text, "?");
    } else if (standing.not_judged) {
        buf_puts(&out->text, "..");
    } else {
        buf_puts(&out->text, "ok");
        out->role = ROLE_PASS;
    }
}

/* Where nothing is unknown that is left out, and two digits have room. */
static void put_counts(const struct vault_row *row, struct list_cell *out)
{
    struct kv_standing standing =
        kv_posture_standing(row->posture, row->resource);

    buf_putf(&out->text, "%u/%u/%u", standing.fail[KV_SEVERITY_CRITICAL],
        standing.fail[KV_SEVERITY_HIGH], standing.fail[KV_SEVERITY_MEDIUM]);
    if (standing.unknown)
        buf_putf(&out->text, "/%u", standing.unknown);
}

/* ---- properties ---- */

static bool has_properties(
    const struct kv_resource *resource, struct list_cell *out)
{
    return put_state(&resource->properties, out);
}

/* A vault that is known only by its id has none yet. */
static void put_region(const struct vault_row *row, struct list_cell *out)
{
    const struct kv_resource *resource = resource_of(row);

    if (resource->location && *resource->location)
        buf_puts(&out->text, resource->location);
    else
        has_properties(resource, out);
}

static void put_network(const struct vault_row *row, struct list_cell *out)
{
    const struct kv_resource *resource = resource_of(row);
    struct kv_exposure exposure;

    if (!has_properties(resource, out))
        return;
    exposure = kv_exposure_of(row->estate, resource, row->policy, NULL);
    buf_puts(&out->text, kv_exposure_name(exposure.kind));
}

static void put_purge(const struct vault_row *row, struct list_cell *out)
{
    const struct kv_resource *resource = resource_of(row);

    if (has_properties(resource, out))
        buf_puts(&out->text,
            resource->purge_protection == KV_TRI_TRUE ? "on" : "off");
}

static void put_model(const struct vault_row *row, struct list_cell *out)
{
    const struct kv_resource *resource = resource_of(row);

    if (resource->kind == KV_KIND_HSM)
        buf_puts(&out->text, "local");
    else if (has_properties(resource, out))
        buf_puts(&out->text, resource->rbac == KV_TRI_TRUE ? "rbac" : "policy");
}

static void put_logs(const struct vault_row *row, struct list_cell *out)
{
    const struct kv_resource *resource = resource_of(row);
    bool audit = false;

    if (!put_state(&resource->diagnostics_status, out))
        return;
    for (uint32_t i = 0; i < resource->diagnostic_count; i++)
        audit = audit || resource->diagnostics[i].audit;
    buf_puts(&out->text, audit ? "yes" : "no");
}

static void put_data(const struct vault_row *row, struct list_cell *out)
{
    const struct kv_resource *resource = resource_of(row);

    if (has_properties(resource, out))
        buf_put_age_minutes(
            &out->text, row->now_s - resource->properties.read_at_s);
}

static void put_changed(const struct vault_row *row, struct list_cell *out)
{
    const struct kv_resource *resource = resource_of(row);

    if (resource->modified_at_s)
        buf_put_age_minutes(&out->text, row->now_s - resource->modified_at_s);
    else
        buf_puts(&out->text, "?");
}

static const char *subscription_of(const struct vault_row *row)
{
    uint32_t index = resource_of(row)->subscription;

    if (index >= kv_estate_subscription_count(row->estate))
        return "?";
    return kv_estate_subscription(row->estate, index)->name;
}

void vault_row_cell(const struct vault_row *row, enum vault_column column,
    struct list_cell *out)
{
    switch (column) {
    case VAULT_COLUMN_SEVERITY:
        put_severity(row, out);
        break;
    case VAULT_COLUMN_NAME:
        buf_puts(&out->text, resource_of(row)->name);
        break;
    case VAULT_COLUMN_KIND:
        buf_puts(&out->text, kv_kind_name(resource_of(row)->kind));
        break;
    case VAULT_COLUMN_SUBSCRIPTION:
        buf_puts(&out->text, subscription_of(row));
        break;
    case VAULT_COLUMN_REGION:
        put_region(row, out);
        break;
    case VAULT_COLUMN_NETWORK:
        put_network(row, out);
        break;
    case VAULT_COLUMN_COUNTS:
        put_counts(row, out);
        break;
    case VAULT_COLUMN_PURGE:
        put_purge(row, out);
        break;
    case VAULT_COLUMN_MODEL:
        put_model(row, out);
        break;
    case VAULT_COLUMN_LOGS:
        put_logs(row, out);
        break;
    case VAULT_COLUMN_DATA:
        put_data(row, out);
        break;
    case VAULT_COLUMN_CHANGED:
        put_changed(row, out);
        break;
    }
}

/* ---- order ---- */

/* Worst first: by rank, then by how many of each severity fail. */
static uint64_t badness(const struct vault_row *row)
{
    struct kv_standing standing =
        kv_posture_standing(row->posture, row->resource);
    uint64_t worse = kv_standing_rank(&standing);

    for (int at = KV_SEVERITY_CRITICAL; at >= 0; at--)
        worse = worse << 8 | standing.fail[at];
    return UINT64_MAX - (worse << 8 | standing.unknown);
}

static uint64_t network_rank(const struct vault_row *row)
{
    const struct kv_resource *resource = resource_of(row);

    if (resource->properties.state != KV_FACET_READY)
        return 1; /* after what is open to everybody */
    return (uint64_t)(2 * (KV_EXPOSURE_OPEN - kv_exposure_of(row->estate,
                                                  resource, row->policy, NULL)
                                                  .kind));
}

static uint64_t audit_rank(const struct kv_resource *resource)
{
    if (resource->diagnostics_status.state != KV_FACET_READY)
        return 1;
    for (uint32_t i = 0; i < resource->diagnostic_count; i++)
        if (resource->diagnostics[i].audit)
            return 2;
    return 0;
}

struct list_order vault_row_order(
    const struct vault_row *row, enum vault_column column)
{
    const struct kv_resource *resource = resource_of(row);
    struct list_order order = { .text = resource->name };

    switch (column) {
    case VAULT_COLUMN_SEVERITY:
    case VAULT_COLUMN_COUNTS:
        order.number = badness(row);
        break;
    case VAULT_COLUMN_NAME:
        break;
    case VAULT_COLUMN_KIND:
        order.number = resource->kind;
        break;
    case VAULT_COLUMN_SUBSCRIPTION:
        order.text = subscription_of(row);
        break;
    case VAULT_COLUMN_REGION:
        order.text = resource->location;
        break;
    case VAULT_COLUMN_NETWORK:
        order.number = network_rank(row);
        break;
    case VAULT_COLUMN_PURGE:
        order.number = resource->purge_protection;
        break;
    case VAULT_COLUMN_MODEL:
        order.number = resource->rbac;
        break;
    case VAULT_COLUMN_LOGS:
        order.number = audit_rank(resource);
        break;
    case VAULT_COLUMN_DATA:
        order.number = (uint64_t)resource->properties.read_at_s;
        break;
    case VAULT_COLUMN_CHANGED:
        order.number = UINT64_MAX - (uint64_t)resource->modified_at_s;
        break;
    }
    return order;
}
