/* What is read of a target, live, for its preview: Azure's answers by their
 * address, or why there is none. */
#include "plan.h"

#include <string.h>

/* Lists around one resource are short; more pages than this is a loop. */
#define PAGE_LIMIT 100

void live_done(struct live *live)
{
    for (size_t i = 0; i < live->count; i++) {
        json_decref(live->answers[i]->body);
        mem_free(live->answers[i]->why);
        mem_free(live->answers[i]->network_info);
        mem_free(live->answers[i]->address);
        mem_free(live->answers[i]);
    }
    mem_free(live->answers);
    *live = (struct live){ 0 };
}

struct live_answer *live_get(struct live *live, const char *address, bool list)
{
    struct live_answer *slot;

    for (size_t i = 0; i < live->count; i++) {
        if (strcmp(live->answers[i]->address, address) == 0)
            return live->answers[i];
    }
    slot = mem_alloc(sizeof *slot);
    slot->address = mem_copy_text(address);
    slot->list = list;
    live->answers = mem_grow(live->answers, live->count, &live->capacity,
        sizeof *live->answers);
    live->answers[live->count++] = slot;
    return slot;
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
    slot->ended = true;
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

/* A list without its rows would read as an empty one. */
static bool is_usable(const struct live_answer *slot, json_t *page)
{
    return json_is_object(page) &&
           (!slot->list || json_is_array(json_object_get(page, "value")));
}

bool live_take(struct live_answer *slot, const struct remedy_answer *answer,
    struct buf *next)
{
    const char *link;
    json_t *page;

    mem_free(slot->network_info);
    slot->network_info = mem_copy_text(answer->network_info);
    if (answer->status != KV_OK) {
        fail(slot, answer->status, answer->error.text);
        return false;
    }
    page =
        json_loadb(answer->body.data, answer->body.size, JSON_ALLOW_NUL, NULL);
    if (!is_usable(slot, page)) {
        json_decref(page);
        fail(slot, KV_PROTOCOL, "Azure's answer is not the JSON expected");
        return false;
    }
    link = slot->list ? value_text(page, "nextLink") : NULL;
    if (link)
        buf_puts(next, link);
    add_page(slot, page);
    if (next->size == 0) {
        slot->ended = true;
        return false;
    }
    if (++slot->pages < PAGE_LIMIT)
        return true;
    fail(slot, KV_PROTOCOL, "the list has no end");
    return false;
}
