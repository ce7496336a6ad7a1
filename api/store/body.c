/* Journal bodies: JSON objects whose members have the names of the structs'
 * fields. `change` is a string within, so that it comes back verbatim. */
#include "body.h"

#include <string.h>

static const char *const result_names[] = {
    [KV_JOURNAL_IN_DOUBT] = "in doubt",
    [KV_JOURNAL_DONE] = "done",
    [KV_JOURNAL_UNVERIFIED] = "unverified",
    [KV_JOURNAL_FAILED] = "failed",
    [KV_JOURNAL_NOT_APPLIED] = "not applied",
    [KV_JOURNAL_UNCLEAR] = "unclear",
    [KV_JOURNAL_SKIPPED] = "skipped",
    [KV_JOURNAL_NOTE] = "note",
};
#define RESULT_COUNT (sizeof result_names / sizeof *result_names)

const char *kv_journal_result_name(enum kv_journal_result result)
{
    return result_names[result];
}

/* A result that this version does not know settles nothing. */
static enum kv_journal_result result_find(const char *name)
{
    for (size_t i = 0; i < RESULT_COUNT; i++)
        if (strcmp(result_names[i], name) == 0)
            return (enum kv_journal_result)i;
    return KV_JOURNAL_IN_DOUBT;
}

/* JSON has no bytes that are not UTF-8; they are made visible instead. */
static void set_text(json_t *body, const char *name, const char *text)
{
    json_t *value = json_string(text ? text : "");
    struct buf visible = { .limit = SIZE_MAX };

    if (!value) {
        buf_put_visible(&visible, view_of(text), false);
        value = json_string(buf_text(&visible));
        buf_done(&visible);
    }
    json_object_set_new(body, name, value);
}

static int put_piece(const char *piece, size_t size, void *context)
{
    buf_put(context, (struct view){ piece, size });
    return 0;
}

static void put_body(struct buf *out, json_t *body)
{
    json_dump_callback(body, put_piece, out, JSON_COMPACT);
    json_decref(body);
}

void body_put_intent(struct buf *out, const struct journal_intent *intent)
{
    json_t *body = json_object();

    set_text(body, "who", intent->who);
    set_text(body, "plan", intent->plan);
    set_text(body, "remedy", intent->remedy);
    set_text(body, "action", intent->action);
    set_text(body, "target_id", intent->target_id);
    set_text(body, "target_name", intent->target_name);
    set_text(body, "reason", intent->reason);
    set_text(body, "change", intent->change);
    json_object_set_new(body, "reversible", json_boolean(intent->reversible));
    json_object_set_new(body, "undo_of", json_integer(intent->undo_of));
    put_body(out, body);
}

void body_put_outcome(struct buf *out, const struct journal_outcome *outcome)
{
    json_t *body = json_object();

    set_text(body, "result", kv_journal_result_name(outcome->result));
    set_text(body, "message", outcome->message);
    set_text(body, "request_id", outcome->request_id);
    json_object_set_new(body, "settled", json_boolean(outcome->settled));
    put_body(out, body);
}

void body_put_note(
    struct buf *out, const char *who, const char *action, const char *reason)
{
    json_t *body = json_object();

    set_text(body, "who", who);
    set_text(body, "action", action);
    set_text(body, "reason", reason);
    put_body(out, body);
}

json_t *body_parse(struct view body)
{
    json_t *parsed = json_loadb(body.data, body.size, 0, NULL);

    if (json_is_object(parsed))
        return parsed;
    json_decref(parsed);
    return NULL;
}

static const char *get_text(const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));

    return text ? text : "";
}

void body_get_intent(struct kv_journal_entry *out, const json_t *body)
{
    out->who = get_text(body, "who");
    out->plan = get_text(body, "plan");
    out->remedy = get_text(body, "remedy");
    out->action = get_text(body, "action");
    out->target_id = get_text(body, "target_id");
    out->target_name = get_text(body, "target_name");
    out->reason = get_text(body, "reason");
    out->change = get_text(body, "change");
    out->reversible = json_is_true(json_object_get(body, "reversible"));
    out->undo_of = json_integer_value(json_object_get(body, "undo_of"));
}

void body_get_outcome(struct kv_journal_entry *out, const json_t *body)
{
    out->result = result_find(get_text(body, "result"));
    out->message = get_text(body, "message");
    out->request_id = get_text(body, "request_id");
    out->settled = json_is_true(json_object_get(body, "settled"));
}

void body_get_note(struct kv_journal_entry *out, const json_t *body)
{
    out->who = get_text(body, "who");
    out->action = get_text(body, "action");
    out->reason = get_text(body, "reason");
}
