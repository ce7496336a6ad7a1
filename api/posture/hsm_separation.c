/* Whether somebody rules a managed HSM from both sides: from outside by Azure
 * roles, and from inside as its administrator. */
#include "effective.h"
#include "evaluate.h"
#include "hsm_local.h"

enum inside {
    INSIDE_NO,
    INSIDE_MAYBE, /* by a group or a role that is not readable */
    INSIDE_YES,
};

static bool has_member(const struct kv_principal *group, const char *id)
{
    for (uint32_t i = 0; i < group->member_count; i++)
        if (text_equal_nocase(group->members[i], id))
            return true;
    return false;
}

/* What one local assignment makes of somebody. */
static enum inside inside_by(const struct holding *holding, const char *id)
{
    const struct kv_principal *principal = holding->principal;
    enum kv_principal_type type =
        principal ? principal->type : KV_PRINCIPAL_UNKNOWN;
    enum inside most = holding->powers & LOCAL_UNKNOWN ? INSIDE_MAYBE
                                                       : INSIDE_YES;

    if (text_equal_nocase(holding->assignment->principal_id, id))
        return most;
    if (principal && principal->missing)
        return INSIDE_NO;
    if (type == KV_PRINCIPAL_GROUP &&
        principal->members_status.state == KV_FACET_READY)
        return has_member(principal, id) ? most : INSIDE_NO;
    return type == KV_PRINCIPAL_USER || type == KV_PRINCIPAL_SERVICE ||
                   type == KV_PRINCIPAL_DEVICE
               ? INSIDE_NO
               : INSIDE_MAYBE;
}

/* Whether it administers the HSM; `by` is what says so. */
static enum inside inside_of(
    const struct kv_subject *subject, const char *id, struct holding *by)
{
    enum inside most = INSIDE_NO;
    struct kv_walk walk = { 0 };
    struct holding holding;

    while (most != INSIDE_YES && holding_next(subject, &walk, &holding)) {
        enum inside one = INSIDE_NO;

        if (holding_is_at_root(&holding) &&
            holding.powers & (LOCAL_ADMINISTER | LOCAL_UNKNOWN))
            one = inside_by(&holding, id);
        if (one <= most)
            continue;
        most = one;
        *by = holding;
    }
    return most;
}

struct both {
    uint32_t sure;
    uint32_t unsure;
    uint32_t outside; /* persons and groups with a privileged role */
};

static void put_both(struct buf *evidence, const struct kv_subject *subject,
    const struct holder *holder, const struct holding *by)
{
    const struct effective *effective = judged_effective(subject);
    uint64_t wanted = kv_actions_privileged(KV_KIND_HSM);
    const struct grant *grant = holder_widest_grant(effective, holder, wanted);

    effective_put_holder(evidence, subject->estate, holder, grant);
    effective_put_grant(evidence, grant);
    holding_put(evidence, by);
}

/* A group whose members nobody may read can hold an administrator of the HSM,
 * and one that is on both sides itself does. */
static void count_holder(struct both *sum, const struct kv_subject *subject,
    const struct holder *holder, struct buf *evidence)
{
    bool hidden =
        holder->kind == HOLDER_CROWD || holder->kind == HOLDER_UNCLEAR;
    struct holding by = { 0 };
    enum inside inside;

    if (holder->kind == HOLDER_WORKLOAD ||
        !(holder->actions & kv_actions_privileged(KV_KIND_HSM)))
        return;
    sum->outside++;
    inside = inside_of(subject, holder->id, &by);
    if (inside == INSIDE_YES) {
        sum->sure++;
        put_both(evidence, subject, holder, &by);
    } else if (inside == INSIDE_MAYBE) {
        sum->unsure++;
        put_both(evidence, subject, holder, &by);
        buf_puts(evidence, "; whether that is the same is not readable");
    } else if (hidden) {
        sum->unsure++;
        effective_put_holder(evidence, subject->estate, holder, NULL);
        buf_puts(evidence, ": who is in it is not readable");
    }
}

enum kv_verdict hsm_separate_people(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    struct both sum = { 0 };
    bool unsure = effective->above_unread;

    for (size_t i = 0; i < effective->count; i++) {
        count_holder(&sum, subject, &effective->holders[i], evidence);
        unsure = unsure || effective->holders[i].undefined;
    }
    evidence_new_line(evidence);
    buf_putf(evidence, "%u of ", sum.sure);
    evidence_put_number(evidence, sum.outside,
        "holder of a privileged Azure role administers",
        "holders of a privileged Azure role administer");
    buf_puts(evidence, " the HSM as well");
    if (unsure) {
        evidence_new_line(evidence);
        buf_puts(evidence, "not all that is assigned above the HSM, or not "
                           "every role, is readable");
    }
    if (sum.sure > 0)
        return KV_VERDICT_FAIL;
    return unsure || sum.unsure > 0 ? KV_VERDICT_UNKNOWN : KV_VERDICT_PASS;
}
