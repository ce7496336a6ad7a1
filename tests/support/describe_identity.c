/* Who may become what, and what applications prove themselves with: one line a
 * fact. */
#include "base.h"
#include "describe.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void put_schedule(struct buf *out, const struct kv_schedule *row)
{
    buf_putf(out, "%s %s %s '%s' of %s on %s from %s until ",
        row->eligible    ? "eligible"
        : row->activated ? "activated"
                         : "assigned",
        kv_principal_type_name(row->principal_type), row->principal_id,
        or_dash(row->principal_name), row->role_guid, row->scope,
        or_dash(row->assignment_id));
    buf_put_time(out, row->ends_at_s);
    buf_putc(out, '\n');
}

static void put_rules(struct buf *out, const struct kv_role_rules *row)
{
    buf_putf(out,
        "rules of %s on %s approval %s by %u mfa %s context %s for %u s\n",
        row->role_guid, row->scope, row->approval ? "y" : "n", row->approvers,
        row->mfa ? "y" : "n", or_dash(row->authentication_context),
        row->longest_s);
}

static void put_denial(struct buf *out, const struct kv_denial *row)
{
    buf_putf(out, "denial '%s' on %s%s for %s %u but %u takes %llx\n",
        or_dash(row->name), row->scope, row->not_below ? " only" : "",
        row->everyone ? "everyone" : "some", row->principal_count,
        row->excluded_count, (unsigned long long)row->actions);
}

static void put_application(struct buf *out, const struct kv_application *row)
{
    buf_putf(out, "application %s '%s' passwords %u certificates %u%s", row->id,
        or_dash(row->name), row->credentials.passwords,
        row->credentials.certificates,
        row->credentials.known ? "" : " not known");
    if (row->federated_known)
        buf_putf(out, " federated %u", row->federated);
    buf_putc(out, '\n');
}

static void put_access(struct buf *out, const struct kv_conditional_access *row)
{
    static const char *const states[] = { "enabled", "report-only",
        "disabled" };

    buf_putf(out, "access policy '%s' %s%s%s%s%s\n", or_dash(row->name),
        states[row->state], row->covers_vaults ? " vaults" : "",
        row->filtered ? " filtered" : "", row->includes_users ? " users" : "",
        row->controls ? " controls" : "");
}

static void put_tags(struct buf *out, const struct kv_tag *tags, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        buf_putf(out, " %s=%s", tags[i].name, tags[i].value);
    buf_putc(out, '\n');
}

static void put_row(struct buf *out, enum kv_set set, const void *row)
{
    const struct kv_identity *identity = row;
    const struct kv_container *container = row;

    if (set == KV_SET_SCHEDULES)
        put_schedule(out, row);
    else if (set == KV_SET_ROLE_RULES)
        put_rules(out, row);
    else if (set == KV_SET_DENIALS)
        put_denial(out, row);
    else if (set == KV_SET_APPLICATIONS)
        put_application(out, row);
    else if (set == KV_SET_CONDITIONAL_ACCESS)
        put_access(out, row);
    else if (set == KV_SET_IDENTITIES) {
        buf_putf(out, "identity %s of %s in %s", identity->scope,
            identity->resource_id, or_dash(identity->location));
        put_tags(out, identity->tags, identity->tag_count);
    } else if (container->tag_count > 0) {
        buf_putf(out, "tags of %s", container->id);
        put_tags(out, container->tags, container->tag_count);
    }
}

void describe_identity(struct buf *out, const struct kv_estate *estate)
{
    static const enum kv_set sets[] = { KV_SET_SCHEDULES, KV_SET_ROLE_RULES,
        KV_SET_DENIALS, KV_SET_APPLICATIONS, KV_SET_CONDITIONAL_ACCESS,
        KV_SET_IDENTITIES, KV_SET_CONTAINERS };

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        for (uint32_t j = 0; j < kv_estate_row_count(estate, sets[i]); j++)
            put_row(out, sets[i], kv_estate_row(estate, sets[i], j));
}
