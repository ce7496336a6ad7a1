/* Whether persons hold privileged roles for as long as they need them, and what
 * it takes to take one up: Privileged Identity Management. */
#include "effective.h"
#include "evaluate.h"
#include "faults.h"

#include "base.h"

#define SHOWN 12 /* named in the evidence before the rest is counted */

/* Roles that are worth being held for hours only: those of the control plane,
 * and of data those that can take it away, an Administrator's or an
 * Officer's. */
static uint64_t privileged_actions(const struct kv_subject *subject)
{
    return kv_actions_privileged(subject->resource->kind) | KV_ACTIONS_MANAGE;
}

static void put_more(struct buf *evidence, uint32_t count)
{
    if (count > SHOWN)
        buf_putf(evidence, "\nand %u more", count - SHOWN);
}

static void put_above_unread(
    struct buf *evidence, const struct effective *effective)
{
    if (!effective->above_unread)
        return;
    evidence_new_line(evidence);
    buf_puts(evidence, "the management groups above the subscription are not "
                       "read, nor what is assigned there");
}

/* ---- ACC-6: persons, for ever ---- */

struct standing {
    uint32_t persons; /* with a privileged role and no end */
    uint32_t hidden;  /* groups whose members are not readable, likewise */
    uint32_t undefined; /* persons with a role that nobody defines */
    uint32_t spared;    /* break-glass accounts */
    uint32_t limited;   /* persons whose roles all end */
};

/* An access policy is no role, and is ACC-1's. */
static bool has_no_end(const struct grant *grant)
{
    return !grant->policy && grant->hold == HOLD_STANDING &&
           grant->ends_at_s == 0;
}

/* What the holder's grants of one kind come to. */
struct held {
    const struct grant *standing; /* privileged, without end; NULL: none */
    bool spared;
    bool undefined;
    bool limited;
};

static struct held held_by(const struct kv_subject *subject,
    const struct effective *effective, const struct holder *holder)
{
    uint64_t wanted = privileged_actions(subject);
    const struct grant *grant = NULL;
    struct held held = { 0 };

    while ((grant = holder_next_grant(effective, holder, grant))) {
        bool privileged = (grant->actions & wanted) != 0;

        if (has_no_end(grant) && grant->undefined)
            held.undefined = true;
        if (!privileged || grant->policy)
            continue;
        if (!has_no_end(grant))
            held.limited = true;
        else if (grant_is_listed(&subject->policy->break_glass, grant, holder))
            held.spared = true;
        else if (!held.standing || grant->level < held.standing->level)
            held.standing = grant;
    }
    return held;
}

static void note_standing(const struct kv_subject *subject,
    const struct effective *effective, const struct holder *holder)
{
    uint64_t wanted = privileged_actions(subject);
    const struct grant *grant = NULL;

    while ((grant = holder_next_grant(effective, holder, grant)))
        if (grant->assignment && has_no_end(grant) &&
            (grant->actions & wanted) &&
            !grant_is_listed(&subject->policy->break_glass, grant, holder))
            fault_note(subject, &(struct fault){
                                    .kinds = FAULT_ENDLESS,
                                    .assignment = grant->assignment,
                                });
}

static void put_standing(struct buf *evidence, const struct kv_subject *subject,
    const struct holder *holder, const struct grant *grant)
{
    effective_put_holder(evidence, subject->estate, holder, grant);
    effective_put_grant(evidence, grant);
    if (holder->kind == HOLDER_PERSON)
        buf_puts(evidence, ", without end");
    else
        buf_puts(evidence, ", without end; who is in it is not readable");
}

static void count_standing(struct standing *sum,
    const struct kv_subject *subject, const struct effective *effective,
    const struct holder *holder, struct buf *evidence)
{
    struct held held = held_by(subject, effective, holder);

    if (holder->kind == HOLDER_WORKLOAD)
        return;
    sum->spared += held.spared && !held.standing;
    sum->undefined += held.undefined && !held.standing;
    sum->limited += held.limited && !held.standing && !held.spared;
    if (!held.standing)
        return;
    note_standing(subject, effective, holder);
    if (holder->kind == HOLDER_PERSON)
        sum->persons++;
    else
        sum->hidden++;
    if (sum->persons + sum->hidden <= SHOWN)
        put_standing(evidence, subject, holder, held.standing);
}

static void put_standing_sum(struct buf *evidence, const struct standing *sum)
{
    evidence_new_line(evidence);
    evidence_put_number(evidence, sum->persons,
        "person holds a privileged role without end",
        "persons hold a privileged role without end");
    if (sum->limited > 0)
        buf_putf(
            evidence, "; %u more for a time or on request", sum->limited);
    if (sum->spared > 0)
        buf_putf(evidence, "; %u more as break_glass", sum->spared);
    if (sum->hidden > 0) {
        evidence_new_line(evidence);
        buf_puts(evidence, "the members of ");
        evidence_put_number(evidence, sum->hidden, "group", "groups");
        buf_puts(evidence, " are not readable: needs Microsoft Graph "
                           "GroupMember.Read.All");
    }
    if (sum->undefined > 0) {
        evidence_new_line(evidence);
        evidence_put_number(evidence, sum->undefined, "principal holds a role",
            "principals hold a role");
        buf_puts(evidence, " whose definition was not found");
    }
}

enum kv_verdict access_just_in_time(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    struct standing sum = { 0 };

    for (size_t i = 0; i < effective->count; i++)
        count_standing(
            &sum, subject, effective, &effective->holders[i], evidence);
    put_more(evidence, sum.persons + sum.hidden);
    put_standing_sum(evidence, &sum);
    put_above_unread(evidence, effective);
    if (sum.persons > 0)
        return KV_VERDICT_FAIL;
    return sum.hidden > 0 || sum.undefined > 0 || effective->above_unread
               ? KV_VERDICT_UNKNOWN
               : KV_VERDICT_PASS;
}

/* ---- ACC-7, ACC-8: what taking one up takes ---- */

/* What a row asks of the rules for activating one role at one scope: what is
 * wrong, or NULL; what is right goes into the words. */
typedef const char *rules_fault_fn(
    const struct kv_role_rules *rules, struct buf *evidence);

static const char *approval_fault(
    const struct kv_role_rules *rules, struct buf *evidence)
{
    if (!rules->approval)
        return "no approval is required";
    if (rules->approvers == 0)
        return "approval is required, but there is no approver";
    buf_puts(evidence, "approval by one of ");
    evidence_put_number(evidence, rules->approvers, "approver", "approvers");
    return NULL;
}

/* Each excludes the other: Azure takes no rule that asks for both. */
static const char *mfa_fault(
    const struct kv_role_rules *rules, struct buf *evidence)
{
    if (rules->mfa) {
        buf_puts(evidence, "multifactor authentication is required");
        return NULL;
    }
    if (!rules->authentication_context)
        return "neither multifactor authentication nor an authentication "
               "context is required";
    buf_puts(evidence, "authentication context ");
    evidence_put_text(evidence, rules->authentication_context);
    buf_puts(evidence, " is required");
    return NULL;
}

/* An eligible assignment at a scope above has the rules of that scope: those of
 * the resource do not count for it. */
static const struct kv_role_rules *rules_of(
    const struct kv_subject *subject, const struct grant *grant)
{
    struct kv_walk walk = { 0 };
    const struct kv_role_rules *row;

    while ((row = kv_estate_next_row(subject->estate, KV_SET_ROLE_RULES,
                subject->resource->id, &walk)))
        if (text_equal_nocase(row->scope, grant->scope) &&
            text_equal_nocase(row->role_guid, grant->role_guid))
            return row;
    return NULL;
}

/* Not of a role at a scope that a grant before it had: all who are eligible
 * there share the rules. */
static bool is_first(const struct effective *effective, size_t index)
{
    const struct grant *grant = &effective->grants[index];

    while (index-- > 0) {
        const struct grant *other = &effective->grants[index];

        if (other->hold != HOLD_ELIGIBLE)
            break; /* eligible ones come last */
        if (text_equal_nocase(other->scope, grant->scope) &&
            text_equal_nocase(other->role_guid, grant->role_guid))
            return false;
    }
    return true;
}

struct activations {
    uint32_t count;
    uint32_t faults;
    uint32_t unread; /* rules that are not known, or the role */
};

static void count_activation(struct activations *sum,
    const struct kv_subject *subject, const struct grant *grant,
    rules_fault_fn *fault_of, struct buf *evidence)
{
    const struct kv_role_rules *rules = rules_of(subject, grant);
    const char *fault = NULL;
    struct buf *words = sum->count++ < SHOWN ? evidence : NULL;

    evidence_new_line(words);
    evidence_put_text(
        words, grant->role ? grant->role->name : grant->role_guid);
    buf_putf(words, " at the %s: ", kv_scope_level_name(grant->level));
    if (grant->undefined || !rules) {
        buf_puts(words, grant->undefined
                            ? "the definition of the role was not found"
                            : "what activating it takes was not found");
        sum->unread++;
        return;
    }
    fault = fault_of(rules, words);
    if (fault) {
        buf_puts(words, fault);
        fault_note(
            subject, &(struct fault){ .kinds = FAULT_LAX, .rules = rules });
    }
    sum->faults += fault != NULL;
}

static enum kv_verdict judge_activations(const struct kv_subject *subject,
    rules_fault_fn *fault_of, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    uint64_t wanted = privileged_actions(subject);
    struct activations sum = { 0 };

    for (size_t i = 0; i < effective->grant_count; i++) {
        const struct grant *grant = &effective->grants[i];

        if (grant->hold == HOLD_ELIGIBLE &&
            ((grant->actions & wanted) || grant->undefined) &&
            is_first(effective, i))
            count_activation(&sum, subject, grant, fault_of, evidence);
    }
    put_more(evidence, sum.count);
    put_above_unread(evidence, effective);
    if (sum.faults > 0)
        return KV_VERDICT_FAIL;
    if (sum.unread > 0 || effective->above_unread)
        return KV_VERDICT_UNKNOWN;
    if (sum.count > 0)
        return KV_VERDICT_PASS;
    buf_puts(evidence, "nobody is eligible for a privileged role");
    return KV_VERDICT_NOT_APPLICABLE;
}

enum kv_verdict access_approval(
    const struct kv_subject *subject, struct buf *evidence)
{
    return judge_activations(subject, approval_fault, evidence);
}

enum kv_verdict access_mfa(
    const struct kv_subject *subject, struct buf *evidence)
{
    return judge_activations(subject, mfa_fault, evidence);
}
