/* Options that may be given again, each a list with commas, as plain lists. */
#include "wish.h"

#include <string.h>

#include "heap.h"

struct items {
    char **items;
    size_t count;
    size_t capacity;
};

static void add(struct items *items, struct view text)
{
    char *copy = heap_new(text.size + 1);

    memcpy(copy, text.data, text.size);
    items->items = heap_grow(
        items->items, items->count, &items->capacity, sizeof *items->items);
    items->items[items->count++] = copy;
}

static enum kv_status split(struct kv_texts *out, const char *option,
    const struct option_texts *lists, struct kv_error *err)
{
    struct items items = { 0 };
    enum kv_status status = KV_OK;

    for (size_t i = 0; i < lists->count; i++) {
        struct view rest = view_of(lists->items[i]);
        size_t before = items.count;

        while (rest.size > 0) {
            struct view item = view_trim(view_cut(&rest, ','));

            if (item.size > 0)
                add(&items, item);
        }
        if (items.count == before)
            status = kv_error_set(err, KV_BAD_INPUT,
                "%s \"%s\" names nothing", option, lists->items[i]);
    }
    out->items = (const char *const *)items.items;
    out->count = (uint32_t)items.count;
    return status;
}

static enum kv_status fill(struct kv_selection_wish *wish,
    const struct options *options, struct kv_error *err)
{
    enum kv_status status = split(&wish->only, "--only", &options->only, err);

    if (status == KV_OK)
        status = split(&wish->except, "--except", &options->except, err);
    if (status == KV_OK)
        status =
            split(&wish->resources, "--resource", &options->resources, err);
    if (status == KV_OK)
        status = kv_selection_check(wish, err);
    wish->subscription = options->subscription;
    wish->management_group = options->management_group;
    return status;
}

enum kv_status wish_init(struct kv_selection_wish *out,
    const struct options *options, struct kv_error *err)
{
    struct kv_selection_wish wish = { 0 };
    enum kv_status status = fill(&wish, options, err);

    if (status == KV_OK)
        *out = wish;
    else
        wish_done(&wish);
    return status;
}

static void texts_done(struct kv_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        heap_free((char *)texts->items[i]);
    heap_free((void *)texts->items);
    *texts = (struct kv_texts){ 0 };
}

void wish_done(struct kv_selection_wish *wish)
{
    texts_done(&wish->only);
    texts_done(&wish->except);
    texts_done(&wish->resources);
}

bool wish_any(const struct kv_selection_wish *wish)
{
    return wish->only.count + wish->except.count + wish->resources.count > 0 ||
           wish->subscription || wish->management_group;
}
