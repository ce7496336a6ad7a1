/* Whether access to data is least privilege and current, and held by nobody but
 * those who are listed. */
#include "effective.h"
#include "evaluate.h"
#include "faults.h"

/* Microsoft Graph may not show a principal yet that was just made. */
#define NEW_S 3600

/* ---- ACC-11: what is wrong with how a holder got a right ---- */

/* What the row looks for, holder by holder, grant by grant. */
struct review {
    const struct kv_subject *subject;
    const struct effective *effective;
    struct evidence_list list;
    uint32_t readers;   /* persons that read secret values */
    uint32_t unsettled; /* of assignments too new to say that nobody is there */
};

static void put_grant(struct review *review, const struct holder *holder,
    const struct grant *grant, const char *fault)
{
    struct buf *evidence = evidence_list_next(&review->list);

    effective_put_holder(evidence, review->subject->estate, holder, grant);
    effective_put_grant(evidence, grant);
    effective_put_idle(evidence, grant);
    buf_puts(evidence, fault);
}

static void note(
    const struct review *review, const struct grant *grant, uint32_t kinds)
{
    fault_note(review->subject, &(struct fault){
                                    .kinds = kinds,
                                    .assignment = grant->assignment,
                                });
}

/* One of another tenant is not looked for in this one. */
static void review_gone(struct review *review, const struct holder *holder)
{
    const struct grant *grant = NULL;

    if (holder->type == KV_PRINCIPAL_FOREIGN_GROUP)
        return;
    while ((grant = holder_next_grant(review->effective, holder, grant))) {
        if (!grant->assignment || !grant_data(grant))
            continue;
        if (review->subject->now_s - grant->assignment->created_at_s < NEW_S) {
            review->unsettled++;
            continue;
        }
        note(review, grant, FAULT_GONE);
        put_grant(review, holder, grant, ": nobody is behind it");
    }
}

/* By what it allows, not by its name: whoever may delete manages. */
static void review_officer(struct review *review, const struct holder *holder)
{
    const struct grant *grant = NULL;

    while ((grant = holder_next_grant(review->effective, holder, grant))) {
        if (!grant->assignment || !(grant_data(grant) & KV_ACTIONS_MANAGE))
            continue;
        note(review, grant, FAULT_MUCH);
        put_grant(review, holder, grant,
            ": a workload that may delete what is in the vault");
    }
}

/* What holds for the whole vault holds for each object in it. */
static bool is_same_right(const struct grant *a, const struct grant *b)
{
    return a->assignment && b->assignment && grant_data(a) &&
           grant_data(a) == grant_data(b) &&
           text_equal_nocase(a->condition, b->condition) &&
           (a->level != KV_SCOPE_OBJECT || b->level != KV_SCOPE_OBJECT ||
               text_equal_nocase(a->scope, b->scope));
}

/* NULL: it is the first of its kind. */
static const struct grant *grant_before(const struct review *review,
    const struct holder *holder, const struct grant *grant)
{
    const struct grant *before = NULL;

    while ((before = holder_next_grant(review->effective, holder, before)) !=
           grant)
        if (is_same_right(before, grant))
            return before;
    return NULL;
}

static void put_twice(struct review *review, const struct holder *holder,
    const struct grant *first, const struct grant *again)
{
    const struct kv_estate *estate = review->subject->estate;
    struct buf *evidence = evidence_list_next(&review->list);

    if (!evidence)
        return;
    effective_put_holder(evidence, estate, holder, first);
    effective_put_grant(evidence, first);
    buf_puts(evidence, ", and the same again");
    if (text_equal_nocase(again->named_id, holder->id)) {
        buf_puts(evidence, " in person");
    } else {
        buf_puts(evidence, " through the group ");
        effective_put_name(evidence, estate, again->named_id);
    }
    effective_put_grant(evidence, again);
}

static bool is_own(const struct grant *grant, const struct holder *holder)
{
    return text_equal_nocase(grant->named_id, holder->id);
}

/* Whoever else is in a group needs what it holds: where two groups give the
 * same, a person says which goes. Else it is what names the holder alone, and of
 * two such the one that reaches less. */
static void note_twice(struct review *review, const struct holder *holder,
    const struct grant *first, const struct grant *again)
{
    if (is_own(first, holder) && is_own(again, holder))
        note(review, first->level > again->level ? first : again, FAULT_TWICE);
    else if (is_own(first, holder) || is_own(again, holder))
        note(review, is_own(first, holder) ? first : again, FAULT_TWICE);
    else
        note(review, again, FAULT_SURPLUS);
}

static void review_twice(struct review *review, const struct holder *holder)
{
    const struct grant *grant = NULL;

    while ((grant = holder_next_grant(review->effective, holder, grant))) {
        const struct grant *first =
            grant->assignment ? grant_before(review, holder, grant) : NULL;

        if (!first)
            continue;
        note_twice(review, holder, first, grant);
        put_twice(review, holder, first, grant);
    }
}

static bool has_data(const struct holder *holder)
{
    return (holder->actions | holder->objects | holder->idle) & KV_ACTIONS_DATA;
}

static void review_holder(struct review *review, const struct holder *holder)
{
    if (!has_data(holder))
        return;
    if (holder_is_missing(review->subject->estate, holder)) {
        review_gone(review, holder);
        return;
    }
    if (holder->kind == HOLDER_WORKLOAD)
        review_officer(review, holder);
    review->readers +=
        holder->kind == HOLDER_PERSON &&
        holder_data(holder) & KV_ACTION_BIT(KV_ACTION_SECRET_GET);
    review_twice(review, holder);
}

static struct review review_all(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct review review = { .subject = subject,
        .effective = judged_effective(subject),
        .list.evidence = evidence };

    for (size_t i = 0; i < review.effective->count; i++)
        review_holder(&review, &review.effective->holders[i]);
    evidence_list_end(&review.list);
    return review;
}

static void put_readers(const struct review *review, struct buf *evidence)
{
    struct evidence_list list = { .evidence = evidence };
    uint64_t reads = KV_ACTION_BIT(KV_ACTION_SECRET_GET);

    for (size_t i = 0; i < review->effective->count; i++) {
        const struct holder *holder = &review->effective->holders[i];
        const struct grant *grant;
        struct buf *line;

        if (holder->kind != HOLDER_PERSON || !(holder_data(holder) & reads) ||
            holder_is_missing(review->subject->estate, holder))
            continue;
        line = evidence_list_next(&list);
        grant = holder_widest_grant(review->effective, holder, reads);
        if (grant && grant->assignment)
            note(review, grant, FAULT_SURPLUS);
        effective_put_holder(line, review->subject->estate, holder, grant);
        if (grant)
            effective_put_grant(line, grant);
    }
    evidence_list_end(&list);
}

static bool any_has_data(const struct effective *effective)
{
    for (size_t i = 0; i < effective->count; i++)
        if (has_data(&effective->holders[i]))
            return true;
    return false;
}

enum kv_verdict access_least(
    const struct kv_subject *subject, struct buf *evidence)
{
    uint64_t names = KV_FACET_BIT(KV_FACET_PRINCIPALS);
    struct review review = review_all(subject, NULL);
    uint32_t limit = subject->policy->max_secret_readers;
    bool crowded = review.readers > limit;
    bool named =
        subject_ready(subject) & names || !any_has_data(review.effective);
    struct doubts doubts = effective_doubts(subject->estate, review.effective,
        KV_ACTIONS_MANAGE | KV_ACTION_BIT(KV_ACTION_SECRET_GET));

    evidence_put_number(evidence, review.list.count, "right is out of place",
        "rights are out of place");
    buf_puts(evidence, "; ");
    evidence_put_number(evidence, review.readers,
        "person can read secret values", "persons can read secret values");
    buf_putf(evidence, ", allowed are %u", limit);
    if (evidence)
        review_all(subject, evidence);
    if (crowded)
        put_readers(&review, evidence);
    effective_put_doubts(evidence, &doubts);
    if (!named)
        evidence_put_unread(evidence, subject, names);
    if (review.unsettled > 0) {
        evidence_new_line(evidence);
        evidence_put_number(
            evidence, review.unsettled, "assignment is", "assignments are");
        buf_puts(evidence, " of the last hour: who is behind may not show yet");
    }
    if (review.list.count > 0 || crowded)
        return KV_VERDICT_FAIL;
    return named && review.unsettled == 0 && !doubts_any(&doubts)
               ? KV_VERDICT_PASS
               : KV_VERDICT_UNKNOWN;
}

/* ---- ACC-13: who is listed ---- */

const char *principals_unasked(const struct kv_policy *policy)
{
    return policy->allowed_principals.count > 0
               ? NULL
               : "allowed_principals is not configured";
}

/* A grant of data that neither the holder nor the group that it came through
 * is listed for; NULL starts and ends. */
static const struct grant *next_unlisted(const struct kv_subject *subject,
    const struct holder *holder, const struct grant *grant)
{
    const struct effective *effective = judged_effective(subject);

    while ((grant = holder_next_grant(effective, holder, grant)))
        if (grant->hold != HOLD_ELIGIBLE && grant->actions & KV_ACTIONS_DATA &&
            !grant_is_listed(
                &subject->policy->allowed_principals, grant, holder))
            return grant;
    return NULL;
}

static void note_unlisted(
    const struct kv_subject *subject, const struct holder *holder)
{
    const struct grant *grant = NULL;

    while ((grant = next_unlisted(subject, holder, grant)))
        fault_note(subject, &(struct fault){
                                .kinds = FAULT_UNLISTED,
                                .assignment = grant->assignment,
                                .policy = grant->policy,
                            });
}

static uint32_t put_unlisted(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    struct evidence_list list = { .evidence = evidence };

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];
        const struct grant *grant = next_unlisted(subject, holder, NULL);
        struct buf *line;

        if (!grant)
            continue;
        note_unlisted(subject, holder);
        line = evidence_list_next(&list);
        effective_put_holder(line, subject->estate, holder, grant);
        effective_put_grant(line, grant);
    }
    evidence_list_end(&list);
    return list.count;
}

enum kv_verdict access_listed(
    const struct kv_subject *subject, struct buf *evidence)
{
    uint32_t unlisted = put_unlisted(subject, NULL);
    /* Whoever is listed or not is so by id: only roles can be unclear. */
    struct doubts doubts =
        effective_doubts(subject->estate, judged_effective(subject), 0);

    evidence_put_number(evidence, unlisted, "principal", "principals");
    buf_puts(evidence, " with data access outside the list of ");
    evidence_put_number(evidence, subject->policy->allowed_principals.count,
        "principal", "principals");
    if (evidence)
        put_unlisted(subject, evidence);
    effective_put_doubts(evidence, &doubts);
    if (unlisted > 0)
        return KV_VERDICT_FAIL;
    return doubts_any(&doubts) ? KV_VERDICT_UNKNOWN : KV_VERDICT_PASS;
}
