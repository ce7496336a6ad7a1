/* JSON values of reports. */
#include "node.h"

/* JSON has no bytes that are not UTF-8; they are made visible instead. */
json_t *node_text(const char *text)
{
    json_t *value = text ? json_string(text) : json_null();
    struct buf visible = { .limit = SIZE_MAX };

    if (value)
        return value;
    buf_put_visible(&visible, view_of(text), false);
    value = json_string(buf_text(&visible));
    buf_done(&visible);
    return value;
}

json_t *node_time(int64_t time_s)
{
    struct buf text = { .limit = 64 };
    json_t *value;

    if (time_s == 0 || time_s == INT64_MAX) /* not said, without end */
        return json_null();
    buf_put_time(&text, time_s);
    value = json_string(buf_text(&text));
    buf_done(&text);
    return value;
}

json_t *node_facet_state(enum kv_facet_state state)
{
    static const char *const names[] = {
        [KV_FACET_ABSENT] = "absent",
        [KV_FACET_LOADING] = "loading",
        [KV_FACET_READY] = "ready",
        [KV_FACET_DENIED] = "denied",
        [KV_FACET_FAILED] = "failed",
        [KV_FACET_UNREGISTERED] = "not registered",
    };

    return json_string(names[state]);
}

void node_set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static int put_piece(const char *piece, size_t size, void *context)
{
    buf_put(context, (struct view){ piece, size });
    return 0;
}

/* Five digits show a percentage without the tail of its binary form. */
void node_put(struct buf *out, json_t *value, size_t flags)
{
    json_dump_callback(value, put_piece, out,
        flags | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(5));
    json_decref(value);
}
