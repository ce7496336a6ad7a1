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

/* Any cell: what stands there is what people look for. */
bool detail_list_match(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct detail_page *page = context;
    const struct detail_row *row = &page->rows[item];
    struct buf value = { .limit = 256 };
    bool found = false;

    buf_put(&value, term->value);
    for (size_t i = 0; i < DETAIL_CELLS && !found; i++)
        found = row->cells[i] &&
                text_contains_nocase(row->cells[i], buf_text(&value));
    buf_done(&value);
    return found;
}

/* ---- what was not read ---- */

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

static void put_denied(struct sheet *out, const struct detail_facts *facts,
    enum kv_facet facet, const struct kv_facet_status *status)
{
    const struct kv_facet_info *info = &kv_facets[facet];

    sheet_putf(out, ROLE_UNKNOWN, 1, "Not readable: %s (denied).", info->name);
    sheet_putf(out, ROLE_TEXT, 3,
        "This does NOT mean that there are none. Missing: %s",
        status->why && *status->why ? status->why : info->permission);
    put_ask(out, facts, facet);
}

bool detail_ready(
    struct sheet *out, const struct detail_facts *facts, enum kv_facet facet)
{
    const char *name = kv_facets[facet].name;
    struct kv_facet_status status =
        kv_estate_facet(facts->estate, facts->resource, facet);

    switch (status.state) {
    case KV_FACET_READY:
    case KV_FACET_UNREGISTERED:
        return true;
    case KV_FACET_ABSENT:
        sheet_putf(out, ROLE_UNKNOWN, 1,
            "Not read yet: %s. Nothing follows from that; r reads them.", name);
        break;
    case KV_FACET_LOADING:
        sheet_putf(out, ROLE_UNKNOWN, 1, "Being read: %s ..", name);
        break;
    case KV_FACET_DENIED:
        put_denied(out, facts, facet, &status);
        break;
    case KV_FACET_FAILED:
        sheet_putf(out, ROLE_UNKNOWN, 1, "Could not be read: %s.", name);
        sheet_putf(out, ROLE_TEXT, 3,
            "This does NOT mean that there are none. %s  r reads again.",
            status.why ? status.why : "No reason was given.");
        break;
    }
    return false;
}

const char *detail_last(const char *id)
{
    const char *slash = id ? strrchr(id, '/') : NULL;

    if (!id)
        return "?";
    return slash && slash[1] ? slash + 1 : id;
}
