/* How a resource, as Azure has it, stands to a step: as before, as after,
 * neither. The guard, the verification, the undo and the settling all ask
 * this. */
#include "plan.h"

#include <string.h>

bool step_found(json_t **out, const struct step *step,
    const struct remedy_answer *answer, struct buf *why)
{
    json_t *found;

    *out = NULL;
    if (answer->code == 404)
        return true;
    if (answer->status != KV_OK) {
        buf_puts(why, answer->error.text);
        return false;
    }
    found =
        json_loadb(answer->body.data, answer->body.size, JSON_ALLOW_NUL, NULL);
    if (!json_is_object(found)) {
        buf_putf(
            why, "the answer for %s is not the JSON of a resource",
            step->call.path);
        json_decref(found);
        return false;
    }
    *out = found;
    return true;
}

/* Only what changes something there needs it to be there. */
static bool is_gone(const struct step *step, json_t *found)
{
    return !found && strcmp(step->call.method, "PATCH") == 0;
}

static json_t *change_value(const struct change *change, enum likeness as)
{
    return as == LIKENESS_AFTER ? change->after : change->before;
}

/* Something is there, and otherwise than before. */
static bool is_another(const struct step *step, json_t *found, struct buf *why)
{
    for (size_t i = 0; i < step->change_count; i++) {
        json_t *value = value_at(found, step->changes[i].path);

        if (value && !value_same(step->changes[i].before, value))
            return true;
    }
    buf_puts(why, found ? "it is still as before" : "it is no longer there");
    return false;
}

bool step_is(const struct step *step, enum likeness as, json_t *found,
    value_alike_fn *alike, struct buf *why)
{
    struct difference first = { 0 };

    if (is_gone(step, found)) {
        buf_puts(why, "it is no longer there");
        return false;
    }
    if (as == LIKENESS_AFTER && step->proof == PROOF_OTHER)
        return is_another(step, found, why);
    if (as == LIKENESS_AFTER && step->proof == PROOF_ANSWER) {
        buf_puts(why, "nothing there shows whether it was done");
        return false;
    }
    for (size_t i = 0; i < step->change_count; i++) {
        const struct change *change = &step->changes[i];
        json_t *wanted = change_value(change, as);
        json_t *value = value_at(found, change->path);

        if (alike(wanted, value))
            continue;
        difference_find(&first, alike, change->path, wanted, value);
        buf_putf(why, "%s is ", buf_text(&first.path));
        value_put(why, first.found);
        buf_puts(why, ", not ");
        value_put(why, first.wanted);
        difference_done(&first);
        return false;
    }
    return true;
}

value_alike_fn *step_alike(const struct step *step)
{
    return step->loose ? value_holds : value_same;
}

enum likeness step_compare(const struct step *step,
    const struct remedy_answer *answer, struct buf *why)
{
    enum likeness likeness = LIKENESS_NEITHER;
    struct buf unused = { .limit = why->limit };
    json_t *found = NULL;

    if (!step_found(&found, step, answer, why))
        return LIKENESS_UNREAD;
    if (step_is(step, LIKENESS_AFTER, found, value_holds, why))
        likeness = LIKENESS_AFTER;
    else if (step->proof != PROOF_ANSWER &&
             step_is(step, LIKENESS_BEFORE, found, step_alike(step), &unused))
        likeness = LIKENESS_BEFORE;
    buf_done(&unused);
    json_decref(found);
    return likeness;
}
