/* Whether roles on single objects only let something be read, and are not used
 * to keep applications apart that share a vault. */
#include "workloads.h"

#include "base.h"
#include "evaluate.h"
#include "faults.h"

#include <string.h>

static bool is_on_object(const struct grant *grant)
{
    return grant->assignment && grant->level == KV_SCOPE_OBJECT;
}

/* Whether the vault uses roles now or not; and whoever may assign roles on an
 * object, or write it through Azure Resource Manager, writes it. */
static bool is_writing(const struct grant *grant)
{
    return (grant->actions | grant->idle) &
           (KV_ACTIONS_CHANGE | KV_ACTIONS_CONTROL);
}

/* What stands behind the vault in the object's id: "secrets/db". */
static void put_object(const struct kv_subject *subject,
    const struct grant *grant, struct buf *evidence)
{
    size_t above = strlen(subject->resource->id) + 1;

    buf_putc(evidence, ' ');
    evidence_put_text(evidence,
        strlen(grant->scope) > above ? grant->scope + above : grant->scope);
}

static void put_grant(const struct kv_subject *subject,
    const struct holder *holder, const struct grant *grant,
    struct buf *evidence)
{
    if (!evidence)
        return;
    effective_put_holder(evidence, subject->estate, holder, grant);
    effective_put_grant(evidence, grant);
    put_object(subject, grant, evidence);
    effective_put_idle(evidence, grant);
    if (is_writing(grant))
        buf_puts(evidence, ": it may change it");
    if (grant->undefined)
        buf_puts(evidence, ": the role's definition was not found");
}

/* ---- who may write ---- */

struct on_objects {
    uint32_t grants;
    uint32_t writing;
    uint32_t undefined;
};

static struct on_objects put_grants(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    struct evidence_list list = { .evidence = evidence };
    struct on_objects sum = { 0 };

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];
        const struct grant *grant = NULL;

        while ((grant = holder_next_grant(effective, holder, grant))) {
            if (!is_on_object(grant))
                continue;
            sum.writing += is_writing(grant);
            sum.undefined += grant->undefined;
            fault_note(subject,
                &(struct fault){
                    .kinds = is_writing(grant) ? FAULT_MUCH : FAULT_SURPLUS,
                    .assignment = grant->assignment,
                });
            put_grant(subject, holder, grant, evidence_list_next(&list));
        }
    }
    evidence_list_end(&list);
    sum.grants = list.count;
    return sum;
}

/* ---- who is kept apart ---- */

/* Those that reach single objects and nothing else: workloads, and groups that
 * may be of workloads. */
struct parted {
    const struct holder *holder;
    const char *application; /* NULL: not told */
};

static const char *application_of(
    const struct kv_subject *subject, const struct holder *holder)
{
    struct strand strand = { .names = &subject->policy->application_tags };

    if (holder->kind == HOLDER_WORKLOAD)
        strand_take_workload(&strand, subject->estate, holder);
    return strand.value;
}

static bool is_parted(
    const struct kv_subject *subject, const struct holder *holder)
{
    return holder->kind != HOLDER_PERSON &&
           (holder->objects & KV_ACTIONS_DATA) &&
           !(holder->actions & KV_ACTIONS_DATA) &&
           !holder_is_missing(subject->estate, holder);
}

/* Whether it reaches an object that the other does not. */
static bool reaches_more(const struct effective *effective,
    const struct holder *holder, const struct holder *other)
{
    const struct grant *mine = NULL;

    while ((mine = holder_next_grant(effective, holder, mine))) {
        const struct grant *its = NULL;

        if (!is_on_object(mine))
            continue;
        do {
            its = holder_next_grant(effective, other, its);
        } while (its && !(is_on_object(its) &&
                            text_equal_nocase(its->scope, mine->scope)));
        if (!its)
            return true;
    }
    return false;
}

/* Two that share an object are not kept apart by it. */
static bool are_apart(const struct effective *effective, const struct parted *a,
    const struct parted *b)
{
    return reaches_more(effective, a->holder, b->holder) &&
           reaches_more(effective, b->holder, a->holder);
}

/* Pass: nobody is. Fail: two applications are. Unknown: two may be. */
static enum kv_verdict judge_pairs(
    const struct effective *effective, const struct parted *items, size_t count)
{
    enum kv_verdict verdict = KV_VERDICT_PASS;

    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            const char *a = items[i].application;
            const char *b = items[j].application;

            if ((a && b && text_equal_nocase(a, b)) ||
                !are_apart(effective, &items[i], &items[j]))
                continue;
            if (a && b)
                return KV_VERDICT_FAIL;
            verdict = KV_VERDICT_UNKNOWN;
        }
    return verdict;
}

static enum kv_verdict judge_parted(const struct kv_subject *subject)
{
    const struct effective *effective = judged_effective(subject);
    struct parted *items = mem_alloc((effective->count + 1) * sizeof *items);
    enum kv_verdict verdict;
    size_t count = 0;

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];

        if (is_parted(subject, holder))
            items[count++] =
                (struct parted){ holder, application_of(subject, holder) };
    }
    verdict = judge_pairs(effective, items, count);
    mem_free(items);
    return verdict;
}

static void put_parted(const struct kv_subject *subject,
    enum kv_verdict verdict, struct buf *evidence)
{
    if (verdict == KV_VERDICT_FAIL)
        buf_puts(evidence, "; they keep several applications apart in one "
                           "vault");
    if (verdict != KV_VERDICT_UNKNOWN)
        return;
    buf_puts(evidence, "; whether they keep several applications apart is not "
                       "known, since no tag says what some belong to");
    evidence_put_unread(evidence, subject,
        KV_FACET_BIT(KV_FACET_IDENTITIES) | KV_FACET_BIT(KV_FACET_CONTAINERS));
}

enum kv_verdict access_objects(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct on_objects sum = put_grants(subject, NULL);
    enum kv_verdict parted =
        sum.grants > 1 ? judge_parted(subject) : KV_VERDICT_PASS;

    evidence_put_number(evidence, sum.grants, "role assignment on an object",
        "role assignments on single objects");
    if (sum.grants > 0)
        buf_putf(evidence, ", %u of them to write", sum.writing);
    put_parted(subject, parted, evidence);
    if (evidence)
        put_grants(subject, evidence);
    if (sum.writing > 0 || parted == KV_VERDICT_FAIL)
        return KV_VERDICT_FAIL;
    return sum.undefined > 0 ? KV_VERDICT_UNKNOWN : parted;
}
