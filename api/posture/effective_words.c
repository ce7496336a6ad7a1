/* How evidence says who holds what over a resource, and what of that is not
 * known. */
#include "effective.h"

#include "evaluate.h"

void effective_put_name(
    struct buf *evidence, const struct kv_estate *estate, const char *id)
{
    const struct kv_principal *principal = kv_estate_principal(estate, id);

    if (principal && principal->name) {
        evidence_put_text(evidence, principal->name);
        buf_putc(evidence, ' ');
    }
    evidence_put_text(evidence, id);
    if (principal && principal->missing)
        buf_puts(evidence, " (not found in the tenant: deleted?)");
}

void effective_put_holder(struct buf *evidence, const struct kv_estate *estate,
    const struct holder *holder, const struct grant *grant)
{
    if (!evidence)
        return;
    evidence_new_line(evidence);
    buf_putf(evidence, "%s ", kv_principal_type_name(holder->type));
    effective_put_name(evidence, estate, holder->id);
    if (grant && grant->named_id &&
        !text_equal_nocase(grant->named_id, holder->id)) {
        buf_puts(evidence, " through the group ");
        effective_put_name(evidence, estate, grant->named_id);
    }
}

void effective_put_grant(struct buf *evidence, const struct grant *grant)
{
    if (!evidence)
        return;
    buf_puts(evidence, ": ");
    if (grant->policy)
        buf_puts(evidence, "an access policy");
    else
        evidence_put_text(
            evidence, grant->role ? grant->role->name : grant->role_guid);
    if (!grant->policy)
        buf_putf(evidence, " at the %s", kv_scope_level_name(grant->level));
    if (grant->hold == HOLD_ACTIVATED)
        buf_puts(evidence, ", activated");
    if (grant->hold == HOLD_ELIGIBLE)
        buf_puts(evidence, ", eligible");
    if (grant->ends_at_s) {
        buf_puts(evidence, " until ");
        buf_put_time(evidence, grant->ends_at_s);
    }
}

void effective_put_idle(struct buf *evidence, const struct grant *grant)
{
    if (grant->idle & KV_ACTIONS_DATA)
        buf_puts(evidence, ", without effect while the vault uses access "
                           "policies");
}

/* ---- what is not known ---- */

struct doubts effective_doubts(const struct kv_estate *estate,
    const struct effective *effective, uint64_t actions)
{
    struct doubts doubts = { .above = effective->above_unread };

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];

        if ((holder->actions | holder->objects) & actions)
            doubts_take(&doubts, estate, holder);
        doubts.undefined += holder->undefined;
    }
    return doubts;
}

/* One of another tenant is not looked for in this one, and may well be there. */
void doubts_take(struct doubts *doubts, const struct kv_estate *estate,
    const struct holder *holder)
{
    bool many = holder->kind == HOLDER_CROWD || holder->kind == HOLDER_UNCLEAR;

    if (!many || (holder->type != KV_PRINCIPAL_FOREIGN_GROUP &&
                     holder_is_missing(estate, holder)))
        return;
    doubts->groups += holder->kind == HOLDER_CROWD;
    doubts->unclear += holder->kind == HOLDER_UNCLEAR;
}

bool doubts_any(const struct doubts *doubts)
{
    return doubts->groups > 0 || doubts->unclear > 0 || doubts->undefined > 0 ||
           doubts->above;
}

void effective_put_doubts(struct buf *evidence, const struct doubts *doubts)
{
    const struct {
        uint32_t count;
        const char *before;
        const char *one;
        const char *many;
        const char *after;
    } rows[] = {
        { doubts->groups, "the members of ", "group", "groups",
            " are not readable: needs Microsoft Graph GroupMember.Read.All" },
        { doubts->unclear, "", "principal is", "principals are",
            " of a type that is not known, perhaps a group: needs Microsoft "
            "Graph Directory.Read.All" },
        { doubts->undefined, "", "principal holds a role",
            "principals hold a role", " whose definition was not found" },
    };

    for (size_t i = 0; evidence && i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].count == 0)
            continue;
        evidence_new_line(evidence);
        buf_puts(evidence, rows[i].before);
        evidence_put_number(evidence, rows[i].count, rows[i].one, rows[i].many);
        buf_puts(evidence, rows[i].after);
    }
    if (!doubts->above)
        return;
    evidence_new_line(evidence);
    buf_puts(evidence, "the management groups above the subscription are not "
                       "read, nor what is assigned there");
}
