/* What is read of a target, live, for its preview: four answers of ARM, or why
 * there is none. */
#include "plan.h"

#include <string.h>

/* A list of locks or settings is short; more pages than this is a loop. */
#define PAGE_LIMIT 20

void live_done(struct live *live)
{
    for (size_t i = 0; i < LIVE_COUNT; i++) {
        json_decref(live->answers[i].body);
        mem_free(live->answers[i].why);
    }
    *live = (struct live){ 0 };
}

/* Half a list is no list: what was read before is dropped. */
static void fail(
    struct live_answer *slot, enum kv_status status, const char *why)
{
    json_decref(slot->body);
    mem_free(slot->why);
    slot->body = NULL;
    slot->status = status;
    slot->why = mem_copy_text(why);
}

static void add_page(struct live_answer *slot, json_t *page)
{
    if (!slot->body) {
        slot->body = page;
        return;
    }
    (void)json_array_extend(
        json_object_get(slot->body, "value"), json_object_get(page, "value"));
    json_decref(page);
}

/* The subject is one object; the others are lists, and a list without its
 * rows would read as an empty one. */
static bool is_usable(enum live_read read, json_t *page)
{
    return json_is_object(page) &&
           (read == LIVE_SUBJECT ||
               json_is_array(json_object_get(page, "value")));
}

bool live_take(struct live *live, enum live_read read,
    const struct remedy_answer *answer, struct buf *next)
{
    struct live_answer *slot = &live->answers[read];
    const char *link;
    json_t *page;

    if (answer->status != KV_OK) {
        fail(slot, answer->status, answer->error.text);
        return false;
    }
    page =
        json_loadb(answer->body.data, answer->body.size, JSON_ALLOW_NUL, NULL);
    if (!is_usable(read, page)) {
        json_decref(page);
        fail(slot, KV_PROTOCOL, "Azure's answer is not the JSON expected");
        return false;
    }
    link = read == LIVE_SUBJECT ? NULL : value_text(page, "nextLink");
    if (link)
        buf_puts(next, link);
    add_page(slot, page);
    if (next->size == 0)
        return false;
    if (++slot->pages < PAGE_LIMIT)
        return true;
    fail(slot, KV_PROTOCOL, "the list has no end");
    return false;
}
