/* What Azure says no with, in one sentence: which permission, which policy,
 * which lock. */
#include "plan.h"

#include <string.h>

#define ACTION_LIMIT 1024

void refusal_put_error(struct buf *out, json_t *error)
{
    const char *code = value_text(error, "code");
    const char *message = value_text(error, "message");

    if (code)
        buf_puts(out, code);
    if (code && message)
        buf_puts(out, ": ");
    if (message)
        buf_puts(out, message);
}

/* {"error": {...}}; some providers put code and message at the top. */
static json_t *error_of(json_t *body)
{
    json_t *error = value_at(body, "error");

    return error ? error : body;
}

static void put_action(struct buf *out, const struct step *step)
{
    struct buf action = { .limit = ACTION_LIMIT };

    step_action(step, &action);
    buf_puts(out, buf_text(&action));
    buf_done(&action);
}

static void put_denied(struct buf *out, const struct step *step, json_t *error)
{
    (void)error;
    buf_puts(out, "you are missing ");
    put_action(out, step);
}

static void put_linked(struct buf *out, const struct step *step, json_t *error)
{
    (void)step;
    (void)error;
    buf_puts(out, "you are missing a right on a resource that this refers to");
}

static void put_policy(struct buf *out, const struct step *step, json_t *error)
{
    size_t index;
    json_t *item;

    (void)step;
    json_array_foreach(value_at(error, "additionalInfo"), index, item)
    {
        const char *name = value_text(item, "info.policyAssignmentDisplayName");

        if (!name)
            name = value_text(item, "info.policyAssignmentName");
        if (name) {
            buf_putf(out, "the policy assignment \"%s\" forbids it", name);
            return;
        }
    }
    buf_puts(out, "an Azure Policy forbids it; Azure does not say which");
}

static void put_lock(struct buf *out, const struct step *step, json_t *error)
{
    (void)step;
    (void)error;
    buf_puts(out, "a lock is in the way");
}

static void put_busy(struct buf *out, const struct step *step, json_t *error)
{
    (void)step;
    (void)error;
    buf_puts(out, "another change to it is under way: try again in a minute");
}

struct meaning {
    const char *code;
    void (*put)(struct buf *out, const struct step *step, json_t *error);
};

static const struct meaning meanings[] = {
    { "AuthorizationFailed", put_denied },
    { "LinkedAuthorizationFailed", put_linked },
    { "RequestDisallowedByPolicy", put_policy },
    { REFUSAL_LOCKED, put_lock },
    { "VaultStatusConflict", put_busy },
};

static void put_meaning(struct buf *out, const struct step *step, json_t *error)
{
    const char *code = value_text(error, "code");

    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (!text_equal_nocase(code, meanings[i].code))
            continue;
        meanings[i].put(out, step, error);
        buf_puts(out, ". ");
        return;
    }
}

void refusal_put(struct buf *out, const struct remedy_answer *answer,
    const struct step *step)
{
    json_t *body =
        json_loadb(answer->body.data, answer->body.size, JSON_ALLOW_NUL, NULL);
    json_t *error = error_of(body);

    if (value_text(error, "code") || value_text(error, "message")) {
        put_meaning(out, step, error);
        buf_putf(out, "Azure answered %ld ", answer->code);
        refusal_put_error(out, error);
    } else {
        buf_puts(out, answer->error.text);
    }
    json_decref(body);
}

bool refusal_is(const struct remedy_answer *answer, const char *code)
{
    json_t *body =
        json_loadb(answer->body.data, answer->body.size, JSON_ALLOW_NUL, NULL);
    bool is = text_equal_nocase(value_text(error_of(body), "code"), code);

    json_decref(body);
    return is;
}
