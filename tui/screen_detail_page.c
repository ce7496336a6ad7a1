/* Pages of the detail screen: rows of copied texts, and what every tab says in
 * the same words. */
#include "screen_detail.h"

#include <stdio.h>
#include <string.h>

#include "heap.h"

#define CELL_LIMIT 4096

/* ---- pages ---- */

static void row_done(struct detail_row *row)
{
    for (size_t i = 0; i < DETAIL_CELLS; i++)
        heap_free(row->cells[i]);
    sheet_done(&row->below);
}

void detail_page_done(struct detail_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        row_done(&page->rows[i]);
    heap_free(page->rows);
    sheet_done(&page->intro);
    sheet_done(&page->empty);
    *page = (struct detail_page){ 0 };
}

struct detail_row *detail_page_add(struct detail_page *page)
{
    struct detail_row *row;

    page->rows =
        heap_grow(page->rows, page->count, &page->capacity, sizeof(*row));
    row = &page->rows[page->count++];
    *row = (struct detail_row){
        .rest = ROLE_TEXT,
        .rank = page->count,
        .finding = KV_NONE,
    };
    snprintf(page->badge, sizeof(page->badge), "%zu", page->count);
    return row;
}

void detail_cell(struct detail_row *row, const char *format, ...)
{
    struct buf text = { .limit = CELL_LIMIT };
    size_t next = 0;
    va_list args;

    while (next < DETAIL_CELLS && row->cells[next])
        next++;
    if (next == DETAIL_CELLS)
        return;
    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    row->cells[next] = heap_copy(buf_text(&text));
    buf_done(&text);
}

/* ---- lists ---- */

void detail_list_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct detail_page *page = context;
    const struct detail_row *row = &page->rows[item];

    buf_puts(&out->text, row->cells[column] ? row->cells[column] : "-");
    out->role = column == 0 ? row->mark : row->rest;
}

struct list_order detail_list_order(
    const void *context, uint32_t item, size_t column)
{
    const struct detail_page *page = context;
    const struct detail_row *row = &page->rows[item];

    if (column == page->rank_column)
        return (struct list_order){ .number = row->rank };
    return (struct list_order){ .text = row->cells[column] };
}

/* ---- what was not read ---- */

#define WORDS_LIMIT 2048

/* Facets that are in one state, with what is known of them. */
struct unread {
    struct buf names;
    struct buf reasons;
    enum kv_facet first;
    bool any;
};

/* "a; b; c", each once. */
static void put_once(struct buf *list, const char *text)
{
    if (!list->size || !strstr(buf_text(list), text))
        buf_putf(list, "%s%s", list->size ? "; " : "", text);
}

static const char *reason_of(
    enum kv_facet facet, const struct kv_facet_status *status)
{
    if (status->why && *status->why)
        return status->why;
    return status->state == KV_FACET_DENIED ? kv_facets[facet].permission
                                            : "No reason was given.";
}

static struct unread find_unread(const struct detail_facts *facts,
    const enum kv_facet *facets, size_t count, enum kv_facet_state state)
{
    struct unread unread = {
        .names = { .limit = WORDS_LIMIT },
        .reasons = { .limit = WORDS_LIMIT },
    };

    for (size_t i = 0; i < count; i++) {
        struct kv_facet_status status =
            kv_estate_facet(facts->estate, facts->resource, facets[i]);

        if (status.state != state)
            continue;
        if (!unread.any)
            unread.first = facets[i];
        unread.any = true;
        buf_putf(&unread.names, "%s%s", unread.names.size ? ", " : "",
            kv_facets[facets[i]].name);
        put_once(&unread.reasons, reason_of(facets[i], &status));
    }
    return unread;
}

static void unread_done(struct unread *unread)
{
    buf_done(&unread->names);
    buf_done(&unread->reasons);
}

/* Who would have to grant the permission, and where. */
static void put_ask(
    struct sheet *out, const struct detail_facts *facts, enum kv_facet facet)
{
    const struct kv_resource *resource = facts->resource;
    const struct kv_subscription *subscription =
        kv_estate_subscription(facts->estate, resource->subscription);

    switch (kv_facets[facet].level) {
    case KV_LEVEL_RESOURCE:
        sheet_putf(out, ROLE_TEXT, 3, "Ask for it on: %s", resource->id);
        break;
    case KV_LEVEL_SUBSCRIPTION:
        sheet_putf(out, ROLE_TEXT, 3, "Ask for it on: /subscriptions/%s (%s)",
            subscription->id, subscription->name ? subscription->name : "?");
        break;
    case KV_LEVEL_TENANT:
        sheet_put(out, ROLE_TEXT, 3, "Ask for it in the tenant.");
        break;
    }
}

static void put_unread(struct sheet *out, const struct detail_facts *facts,
    enum kv_facet_state state, const struct unread *unread)
{
    const char *names = buf_text(&unread->names);
    const char *reasons = buf_text(&unread->reasons);

    switch (state) {
    case KV_FACET_READY:
    case KV_FACET_UNREGISTERED:
        break;
    case KV_FACET_ABSENT:
        sheet_putf(out, ROLE_UNKNOWN, 1,
            "Not read yet: %s. Nothing follows from that; r reads them.",
            names);
        break;
    case KV_FACET_LOADING:
        sheet_putf(out, ROLE_UNKNOWN, 1, "Being read: %s ..", names);
        break;
    case KV_FACET_DENIED:
        sheet_putf(out, ROLE_UNKNOWN, 1, "Not readable: %s (denied).", names);
        sheet_putf(out, ROLE_TEXT, 3,
            "This does NOT mean that there are none. Missing: %s", reasons);
        put_ask(out, facts, unread->first);
        break;
    case KV_FACET_FAILED:
        sheet_putf(out, ROLE_UNKNOWN, 1, "Could not be read: %s.", names);
        sheet_putf(out, ROLE_TEXT, 3,
            "This does NOT mean that there are none: %s; r reads again.",
            reasons);
        break;
    }
}

bool detail_all_ready(struct sheet *out, const struct detail_facts *facts,
    const enum kv_facet *facets, size_t count)
{
    static const enum kv_facet_state states[] = {
        KV_FACET_LOADING,
        KV_FACET_DENIED,
        KV_FACET_FAILED,
        KV_FACET_ABSENT,
    };
    bool ready = true;

    for (size_t i = 0; i < sizeof(states) / sizeof *(states); i++) {
        struct unread unread = find_unread(facts, facets, count, states[i]);

        if (unread.any)
            put_unread(out, facts, states[i], &unread);
        ready = ready && !unread.any;
        unread_done(&unread);
    }
    return ready;
}

bool detail_ready(
    struct sheet *out, const struct detail_facts *facts, enum kv_facet facet)
{
    return detail_all_ready(out, facts, &facet, 1);
}

bool detail_home_known(
    const struct kv_estate *estate, const char *id, enum kv_facet facet)
{
    struct view rest = view_of(id);

    (void)view_cut(&rest, '/');
    (void)view_cut(&rest, '/');
    rest = view_cut(&rest, '/');
    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++) {
        const struct kv_subscription *home = kv_estate_subscription(estate, i);

        if (view_equal_nocase(view_of(home->id), rest))
            return kv_facet_known(&home->facets[facet]);
    }
    return false;
}

/* ---- words ---- */

void detail_put_day(struct buf *out, int64_t time_s)
{
    struct buf text = { .limit = 64 };
    struct view rest;

    buf_put_time(&text, time_s);
    rest = buf_view(&text);
    buf_put(out, view_cut(&rest, 'T'));
    buf_done(&text);
}

void detail_put_span(struct buf *out, int64_t span_s)
{
    int64_t days = span_s / 86400;

    if (days < 2)
        buf_put_age(out, span_s);
    else if (days < 1000)
        buf_putf(out, "%lld days", (long long)days);
    else
        buf_putf(out, "%lld years", (long long)(days / 365));
}

bool detail_is_under(const struct detail_facts *facts, const char *scope)
{
    struct view id = view_of(facts->resource->id);
    struct view above = view_of(scope);

    return view_starts_nocase(id, above) &&
           (above.size == id.size || above.size == 1 ||
               id.data[above.size] == '/');
}

const char *detail_last(const char *id)
{
    const char *slash = id ? strrchr(id, '/') : NULL;

    if (!id)
        return "?";
    return slash && slash[1] ? slash + 1 : id;
}
