/* Private endpoints, perimeters, policies and regions as lines of text. */
#include "describe.h"

#include "base.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void put_endpoint(struct buf *out, const void *item)
{
    const struct kv_private_endpoint *row = item;

    buf_putf(out, "private endpoint %s in %s subnet %s to %s\n", row->id,
        or_dash(row->location), or_dash(row->subnet_id), row->scope);
    for (uint32_t i = 0; i < row->zone_count; i++)
        buf_putf(out, "  zone %s\n", row->zones[i]);
}

static void put_perimeter(struct buf *out, const void *item)
{
    static const char *const modes[] = { "learning", "enforced", "audit",
        "other" };
    const struct kv_perimeter *row = item;

    buf_putf(out, "perimeter %s profile %s %s %s%s around %s\n",
        or_dash(row->perimeter_id), or_dash(row->profile_id), modes[row->mode],
        or_dash(row->provisioning_state), row->has_issues ? " issues" : "",
        row->scope);
}

static void put_policy(struct buf *out, const void *item)
{
    const struct kv_policy_assignment *row = item;

    buf_putf(out, "policy '%s' at %s of %s%s%s", or_dash(row->name), row->scope,
        row->definition_id, row->enforced ? " enforced" : "",
        row->narrowed ? " narrowed" : "");
    for (uint32_t i = 0; i < row->not_scope_count; i++)
        buf_putf(out, " not %s", row->not_scopes[i]);
    for (uint32_t i = 0; i < row->effect_count; i++)
        buf_putf(out, " %s%s", row->effects[i].parameter,
            row->effects[i].disabled ? "=disabled" : "");
    buf_putc(out, '\n');
}

static void put_policy_set(struct buf *out, const void *item)
{
    const struct kv_policy_set *row = item;

    buf_putf(out, "policy set '%s' at %s\n", or_dash(row->name), row->scope);
    for (uint32_t i = 0; i < row->member_count; i++)
        buf_putf(out, "  member %s reference %s effect %s%s\n",
            row->members[i].name, or_dash(row->members[i].reference),
            or_dash(row->members[i].parameter),
            row->members[i].disabled ? " disabled" : "");
}

static void put_exemption(struct buf *out, const void *item)
{
    const struct kv_exemption *row = item;

    buf_putf(out, "exemption '%s' at %s from %s %s", or_dash(row->name),
        row->scope, row->assignment_id, row->waiver ? "waiver" : "mitigated");
    if (row->ends_at_s) {
        buf_puts(out, " until ");
        buf_put_time(out, row->ends_at_s);
    }
    if (row->owner)
        buf_putf(out, " by %s", row->owner);
    if (row->description)
        buf_putf(out, ": %s", row->description);
    for (uint32_t i = 0; i < row->reference_count; i++)
        buf_putf(out, " %s", row->references[i]);
    buf_putc(out, '\n');
}

static void put_state(struct buf *out, const void *item)
{
    const struct kv_policy_state *row = item;

    buf_putf(out, "policy state %s of %s by %s on %s\n", row->state,
        row->definition_id, or_dash(row->assignment_id), row->scope);
}

static void put_location(struct buf *out, const void *item)
{
    const struct kv_location *row = item;

    buf_putf(out, "location %s of %s in %s paired %s zones %u\n", row->name,
        row->scope, or_dash(row->geography), or_dash(row->paired), row->zones);
}

static void put_region(struct buf *out, const void *item)
{
    const struct kv_region *row = item;

    buf_putf(out, "region %s %s%s of %s\n", row->name,
        or_dash(row->provisioning_state), row->primary ? " primary" : "",
        row->scope);
}

void describe_network(struct buf *out, const struct kv_estate *estate)
{
    static const struct {
        enum kv_set set;
        void (*put)(struct buf *out, const void *item);
    } sets[] = {
        { KV_SET_ENDPOINTS, put_endpoint },
        { KV_SET_PERIMETERS, put_perimeter },
        { KV_SET_POLICIES, put_policy },
        { KV_SET_POLICY_SETS, put_policy_set },
        { KV_SET_EXEMPTIONS, put_exemption },
        { KV_SET_POLICY_STATES, put_state },
        { KV_SET_LOCATIONS, put_location },
        { KV_SET_REGIONS, put_region },
    };

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        for (uint32_t j = 0; j < kv_estate_row_count(estate, sets[i].set); j++)
            if (kv_estate_row(estate, sets[i].set, j))
                sets[i].put(out, kv_estate_row(estate, sets[i].set, j));
}
