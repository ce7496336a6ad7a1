/* Pages: the lists of ARM and the rows of Resource Graph, one way to walk
 * them. */
#include "azure.h"

#include "outline.h"

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

static json_t *parse(struct view text, json_error_t *where)
{
    return json_loadb(text.data ? text.data : "", text.size,
        JSON_ALLOW_NUL | JSON_DECODE_ANY, where);
}

static enum kv_status not_json(
    enum azure_read read, const json_error_t *where, struct kv_error *err)
{
    return kv_error_set(err, KV_PROTOCOL,
        "%s: the answer is not JSON (byte %d: %s)", azure_reads[read].name,
        where->position, where->text);
}

/* Leaves the list as text, and of the rest makes what the others look at; false
 * where that cannot be: the whole says then what is wrong. */
static bool open_outline(struct azure_page *page, struct view body)
{
    struct outline outline;
    struct buf rest = { .limit = SIZE_MAX };
    json_error_t where;

    if (!outline_list(&outline, body, "data") &&
        !outline_list(&outline, body, "value"))
        return false;
    buf_put(&rest, outline.before);
    buf_puts(&rest, "[]");
    buf_put(&rest, outline.after);
    page->body = parse(buf_view(&rest), &where);
    page->text = outline.value;
    buf_done(&rest);
    return page->body != NULL;
}

enum kv_status azure_page_open(struct azure_page *page, enum azure_read read,
    struct view body, struct kv_error *err)
{
    const struct azure_read_row *row = &azure_reads[read];
    json_error_t where;

    *page = (struct azure_page){ .whole = row->single || row->take_all };
    if (!page->whole && open_outline(page, body))
        return KV_OK;
    page->body = json_loadb(
        body.data ? body.data : "", body.size, JSON_ALLOW_NUL, &where);
    if (!page->body)
        return not_json(read, &where, err);
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

static enum kv_status take_text(struct azure_page *page, enum azure_read read,
    const struct azure_context *context, struct kv_error *err)
{
    struct view text = outline_take(&page->text);
    json_error_t where;
    json_t *item = parse(text, &where);
    bool taken = item && azure_reads[read].take(context, item);

    json_decref(item);
    if (!item)
        return not_json(read, &where, err);
    return taken ? KV_OK : take_failed(read, page->next, err);
}

static enum kv_status take_item(struct azure_page *page, enum azure_read read,
    const struct azure_context *context, struct kv_error *err)
{
    if (!page->items)
        return take_text(page, read, context, err);
    return azure_reads[read].take(
               context, json_array_get(page->items, page->next))
               ? KV_OK
               : take_failed(read, page->next, err);
}

enum kv_status azure_page_take(struct azure_page *page, enum azure_read read,
    const struct azure_context *context, size_t most, struct kv_error *err)
{
    enum kv_status status = KV_OK;

    if (page->whole)
        return take_whole(page, read, context, err);
    while (status == KV_OK && !azure_page_ended(page) && most-- > 0) {
        status = take_item(page, read, context, err);
        page->next += status == KV_OK;
    }
    return status;
}

/* A list that is left as text ends with its bracket. */
bool azure_page_ended(const struct azure_page *page)
{
    if (page->whole)
        return page->next > 0;
    return page->items ? page->next >= json_array_size(page->items)
                       : page->text.size == 0 || *page->text.data == ']';
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
