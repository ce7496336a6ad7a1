/* What a row finds at fault. */
#include "faults.h"

#include "base.h"
#include "judgement.h"

static bool is_same(const struct fault *a, const struct fault *b)
{
    return a->assignment == b->assignment && a->policy == b->policy &&
           a->rules == b->rules;
}

void fault_note(const struct kv_subject *subject, const struct fault *fault)
{
    struct faults *faults = subject->judgement->faults;

    if (!faults)
        return;
    for (size_t i = 0; i < faults->count; i++)
        if (is_same(&faults->items[i], fault)) {
            faults->items[i].kinds |= fault->kinds;
            return;
        }
    faults->items = mem_grow(
        faults->items, faults->count, &faults->capacity, sizeof *faults->items);
    faults->items[faults->count++] = *fault;
}

void faults_find(struct faults *out, const struct kv_recommendation *row,
    const struct kv_subject *subject)
{
    struct kv_judgement judgement = { .faults = out };
    struct kv_subject own = *subject;

    *out = (struct faults){ 0 };
    own.judgement = &judgement;
    (void)kv_judge(row, &own, NULL);
    judgement_done(&judgement);
}

void faults_done(struct faults *faults)
{
    mem_free(faults->items);
    *faults = (struct faults){ 0 };
}
