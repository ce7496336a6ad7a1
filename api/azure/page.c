/* Pages: the lists of ARM and the rows of Resource Graph, one way to walk
 * them. */
#include "azure.h"

/* Resource Graph's table format, made into the objects that the rest reads:
 * {"columns":[{"name"}],"rows":[[...]]}. */
static json_t *objects_of_table(const json_t *table)
{
    const json_t *columns = field_array(table, "columns");
    const json_t *rows = field_array(table, "rows");
    json_t *objects = json_array();

    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *object = json_object();
        const json_t *row = json_array_get(rows, i);

        for (size_t j = 0; j < json_array_size(columns); j++) {
            const char *name = json_string_value(
                json_object_get(json_array_get(columns, j), "name"));

            if (name)
                json_object_set(object, name, json_array_get(row, j));
        }
        json_array_append_new(objects, object);
    }
    return objects;
}

static const json_t *items_of(json_t *body)
{
    const json_t *data = field(body, "data");

    if (json_is_object(data)) {
        json_t *objects = objects_of_table(data);

        json_object_set_new(body, "data", objects);
        return objects;
    }
    if (json_is_array(data))
        return data;
    return field_array(body, "value");
}

enum kv_status azure_page_open(struct azure_page *page, enum azure_read read,
    struct view body, struct kv_error *err)
{
    const struct azure_read_row *row = &azure_reads[read];
    json_error_t where;

    *page = (struct azure_page){ .whole = row->single || row->take_all };
    page->body = json_loadb(
        body.data ? body.data : "", body.size, JSON_ALLOW_NUL, &where);
    if (!page->body)
        return kv_error_set(err, KV_PROTOCOL,
            "%s: the answer is not JSON (byte %d: %s)", row->name,
            where.position, where.text);
    if (row->single) {
        if (!json_is_object(page->body)) {
            azure_page_done(page);
            return kv_error_set(
                err, KV_PROTOCOL, "%s: the answer is no object", row->name);
        }
        return KV_OK;
    }
    page->items = items_of(page->body);
    if (page->items)
        return KV_OK;
    azure_page_done(page);
    return kv_error_set(
        err, KV_PROTOCOL, "%s: the answer holds no list", row->name);
}

static enum kv_status take_failed(
    enum azure_read read, size_t item, struct kv_error *err)
{
    return kv_error_set(err, KV_PROTOCOL,
        "%s: item %zu of the answer cannot be understood",
        azure_reads[read].name, item + 1);
}

/* A single body, or a list that only makes sense whole. */
static enum kv_status take_whole(struct azure_page *page, enum azure_read read,
    const struct azure_context *context, struct kv_error *err)
{
    const struct azure_read_row *row = &azure_reads[read];
    bool taken = row->take_all ? row->take_all(context, page->items)
                               : row->take(context, page->body);

    page->next = SIZE_MAX;
    return taken ? KV_OK : take_failed(read, 0, err);
}

enum kv_status azure_page_take(struct azure_page *page, enum azure_read read,
    const struct azure_context *context, size_t most, struct kv_error *err)
{
    const struct azure_read_row *row = &azure_reads[read];

    if (page->whole)
        return take_whole(page, read, context, err);
    while (!azure_page_ended(page) && most-- > 0) {
        const json_t *item = json_array_get(page->items, page->next);

        if (!row->take(context, item))
            return take_failed(read, page->next, err);
        page->next++;
    }
    return KV_OK;
}

bool azure_page_ended(const struct azure_page *page)
{
    return page->whole ? page->next > 0
                       : page->next >= json_array_size(page->items);
}

uint32_t azure_page_total(const struct azure_page *page)
{
    return (uint32_t)field_number(page->body, "totalRecords", 0, UINT32_MAX);
}

struct view azure_page_next_link(const struct azure_page *page)
{
    static const char *const names[] = { "nextLink", "@nextLink",
        "@odata.nextLink" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *link = json_object_get(page->body, names[i]);

        if (json_is_string(link) && json_string_length(link) > 0)
            return (struct view){ json_string_value(link),
                json_string_length(link) };
    }
    return (struct view){ NULL, 0 };
}

struct view azure_page_skip_token(const struct azure_page *page)
{
    return field_text(page->body, "$skipToken");
}

void azure_page_done(struct azure_page *page)
{
    json_decref(page->body);
    *page = (struct azure_page){ 0 };
}
