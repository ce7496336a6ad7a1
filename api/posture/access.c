/* Whether the access rows of the catalogue hold that ask by which model access
 * is granted, and how many may change the resource. */
#include "effective.h"
#include "evaluate.h"
#include "faults.h"

#include "base.h"

/* What a row asks of every holder. */
struct question {
    const struct kv_subject *subject;
    const struct effective *effective;
    uint64_t wanted; /* control actions that count */
    uint64_t exempt; /* and those whose holder does not, be they idle */
};

/* What a row counts of them. */
struct head_count {
    uint32_t counted;
    uint32_t certain; /* no assignment that is not understood among theirs */
    uint32_t above;   /* standing at a management group or the tenant root */
    uint32_t above_certain; /* of those: not perhaps by activation */
    uint32_t eligible;      /* others who may take such a role */
    struct doubts doubts;   /* of the counted */
};

static bool holder_counts(
    const struct holder *holder, const struct question *question)
{
    return (holder->actions & question->wanted) != 0 &&
           ((holder->actions | holder->idle) & question->exempt) == 0;
}

/* For ever, high up, and not for emergencies. */
static bool is_above(const struct grant *grant, const struct holder *holder,
    const struct question *question)
{
    return grant->hold == HOLD_STANDING &&
           grant->level <= KV_SCOPE_MANAGEMENT_GROUP &&
           (grant->actions & question->wanted) &&
           !grant_is_listed(
               &question->subject->policy->break_glass, grant, holder);
}

static bool stands_above(
    const struct holder *holder, const struct question *question)
{
    const struct grant *grant = NULL;

    while ((grant = holder_next_grant(question->effective, holder, grant)))
        if (is_above(grant, holder, question))
            return true;
    return false;
}

static void note_faults(
    const struct holder *holder, const struct question *question)
{
    const struct grant *grant = NULL;

    if (!question->subject->judgement->faults)
        return;
    while ((grant = holder_next_grant(question->effective, holder, grant)))
        if (grant->assignment && (grant->actions & question->wanted))
            fault_note(question->subject,
                &(struct fault){
                    .kinds = !question->exempt &&
                                     is_above(grant, holder, question)
                                 ? FAULT_HIGH
                                 : FAULT_SURPLUS,
                    .assignment = grant->assignment,
                });
}

static void count_holder(struct head_count *sum, const struct holder *holder,
    const struct question *question, bool schedules)
{
    bool above = stands_above(holder, question);

    sum->doubts.undefined += holder->undefined;
    if (!holder_counts(holder, question)) {
        sum->eligible += (holder->eligible & question->wanted) != 0;
        return;
    }
    note_faults(holder, question);
    sum->counted++;
    sum->certain += !holder->undefined;
    doubts_take(&sum->doubts, question->subject->estate, holder);
    sum->above += above;
    /* A workload cannot activate anything. */
    sum->above_certain +=
        above && (schedules || holder->kind == HOLDER_WORKLOAD);
}

static struct head_count holders_count(const struct question *question)
{
    struct kv_facet_status schedules =
        subject_facet(question->subject, KV_FACET_SCHEDULES);
    struct head_count sum = {
        .doubts.above = question->effective->above_unread,
    };

    for (size_t i = 0; i < question->effective->count; i++)
        count_holder(&sum, &question->effective->holders[i], question,
            kv_facet_known(&schedules));
    return sum;
}

/* ---- in words ---- */

static void put_holders(struct buf *evidence, const struct question *question)
{
    const struct kv_estate *estate = question->subject->estate;
    struct evidence_list list = { .evidence = evidence };

    for (size_t i = 0; evidence && i < question->effective->count; i++) {
        const struct holder *holder = &question->effective->holders[i];
        const struct grant *grant;
        struct buf *line;

        if (!holder_counts(holder, question))
            continue;
        grant =
            holder_widest_grant(question->effective, holder, question->wanted);
        line = evidence_list_next(&list);
        effective_put_holder(line, estate, holder, grant);
        effective_put_grant(line, grant);
    }
    evidence_list_end(&list);
}

static void put_restricted(
    struct buf *evidence, const struct question *question)
{
    for (size_t i = 0; evidence && i < question->effective->count; i++) {
        const struct holder *holder = &question->effective->holders[i];

        if (!holder->restricted)
            continue;
        effective_put_holder(evidence, question->subject->estate, holder,
            holder_next_grant(question->effective, holder, NULL));
        buf_puts(evidence, ": may assign roles, restricted by a condition");
        if (!(holder->actions & question->wanted))
            buf_puts(evidence, "; not counted");
    }
}

static void put_doubts(struct buf *evidence, const struct question *question,
    const struct head_count *sum)
{
    if (sum->above > sum->above_certain) {
        struct kv_facet_status status =
            subject_facet(question->subject, KV_FACET_SCHEDULES);

        evidence_new_line(evidence);
        buf_puts(
            evidence, "whether they stand or are activated is not known: ");
        evidence_put_missing(evidence, KV_FACET_SCHEDULES, &status);
    }
    effective_put_doubts(evidence, &sum->doubts);
}

/* A group stands for at least one person, so it can make a count too high but
 * never low enough. */
static enum kv_verdict verdict_of(
    const struct head_count *sum, bool fails_for_certain)
{
    if (fails_for_certain)
        return KV_VERDICT_FAIL;
    return doubts_any(&sum->doubts) || sum->above > sum->above_certain
               ? KV_VERDICT_UNKNOWN
               : KV_VERDICT_PASS;
}

/* ---- the rows ---- */

/* What S0 asked for in 2019, withdrawn since: an access policy on every vault,
 * so that somebody's access is written down at all. */
static enum kv_verdict access_model_2019(
    const struct kv_resource *resource, struct buf *evidence)
{
    bool roles = resource->rbac == KV_TRI_TRUE;

    if (roles)
        buf_puts(evidence, "enableRbacAuthorization is true");
    else
        evidence_put_number(evidence, resource->policy_count,
            "access policy entry", "access policy entries");
    buf_puts(evidence, "; judged as S0 asked in 2019: access policies or "
                       "roles");
    return roles || resource->policy_count > 0 ? KV_VERDICT_PASS
                                               : KV_VERDICT_FAIL;
}

enum kv_verdict access_model(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const char *const values[] = {
        [KV_TRI_ABSENT] = "absent, which means access policies",
        [KV_TRI_FALSE] = "false: access policies",
        [KV_TRI_TRUE] = "true",
    };
    const struct kv_resource *resource = subject->resource;
    bool roles = resource->rbac == KV_TRI_TRUE;

    if (subject->asks == KV_ASKS_SUPERSEDED)
        return access_model_2019(resource, evidence);
    buf_putf(evidence, "enableRbacAuthorization is %s", values[resource->rbac]);
    if (resource->policy_count > 0) {
        buf_puts(evidence, "; ");
        evidence_put_number(evidence, resource->policy_count,
            "access policy entry", "access policy entries");
        buf_puts(evidence, roles ? " stored but without effect" : "");
    }
    return roles ? KV_VERDICT_PASS : KV_VERDICT_FAIL;
}

enum kv_verdict access_privileged(
    const struct kv_subject *subject, struct buf *evidence)
{
    uint32_t limit = subject->policy->max_privileged;
    const struct question question = {
        .subject = subject,
        .effective = judged_effective(subject),
        .wanted = kv_actions_privileged(subject->resource->kind),
    };
    struct head_count sum = holders_count(&question);

    evidence_put_number(evidence, sum.counted,
        "principal holds a privileged role",
        "principals hold privileged roles");
    buf_putf(evidence, ", allowed are %u", limit);
    if (sum.above > 0)
        buf_putf(evidence,
            "; %u of them at a management group or the tenant root", sum.above);
    if (sum.eligible > 0) {
        buf_puts(evidence, "; ");
        evidence_put_number(evidence, sum.eligible, "more is eligible for one",
            "more are eligible for one");
    }
    put_doubts(evidence, &question, &sum);
    put_holders(evidence, &question);
    put_restricted(evidence, &question);
    return verdict_of(&sum, sum.counted > limit || sum.above_certain > 0);
}

/* A role that is not known, or not seen, may be a data role and exempt its
 * holder, so only the certain ones prove a failure. */
enum kv_verdict access_contributors(
    const struct kv_subject *subject, struct buf *evidence)
{
    uint32_t limit = subject->policy->max_contributors;
    const struct question question = {
        .subject = subject,
        .effective = judged_effective(subject),
        .wanted = KV_ACTIONS_VAULT_WRITE,
        .exempt = KV_ACTIONS_DATA,
    };
    struct head_count sum = holders_count(&question);

    sum.above = sum.above_certain = 0; /* are not asked for here */
    evidence_put_number(evidence, sum.counted,
        "principal may write the vault without a data role",
        "principals may write the vault without a data role");
    buf_putf(evidence, ", allowed are %u", limit);
    if (sum.counted > 0 && subject->resource->rbac != KV_TRI_TRUE)
        buf_puts(evidence, "; the vault uses access policies, so each can "
                           "grant itself every secret");
    put_doubts(evidence, &question, &sum);
    put_holders(evidence, &question);
    return verdict_of(
        &sum, sum.certain > limit && !question.effective->above_unread);
}
