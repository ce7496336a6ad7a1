/* JSON values as ARM means them: what is absent, null, empty or switched off
 * says the same, ids and names differ in case, and a list has no order. */
#include "plan.h"

#include <string.h>

#define VALUE_TEXT_LIMIT 16384

/* ---- paths ---- */

/* Cuts the next part of a path: up to a dot that is in no bracket. */
static struct view path_cut(struct view *path)
{
    struct view part = { path->data, 0 };
    int depth = 0;

    while (part.size < path->size) {
        char c = path->data[part.size];

        if (c == '.' && depth == 0)
            break;
        depth += (c == '[') - (c == ']');
        part.size++;
    }
    path->data += part.size;
    path->size -= part.size;
    if (path->size > 0) {
        path->data++;
        path->size--;
    }
    return part;
}

static bool text_fits(struct view text, struct view wanted, bool end)
{
    if (end && text.size > wanted.size) {
        text.data += text.size - wanted.size;
        text.size = wanted.size;
    }
    return view_equal_nocase(text, wanted);
}

/* "objectId=GUID,applicationId=": each field has that text, any casing; an
 * empty one is absent. "id$=GUID": it ends so. */
static bool item_fits(json_t *item, struct view conditions)
{
    while (conditions.size > 0) {
        struct view wanted = view_cut(&conditions, ',');
        struct view name = view_cut(&wanted, '=');
        bool end = name.size > 0 && name.data[name.size - 1] == '$';
        char *path;
        bool fits;

        name.size -= end;
        path = mem_copy_view(name);
        fits = text_fits(view_of(value_text(item, path)), wanted, end);
        mem_free(path);
        if (!fits)
            return false;
    }
    return true;
}

static json_t *item_find(json_t *list, struct view conditions)
{
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item)
    {
        if (item_fits(item, conditions))
            return item;
    }
    return NULL;
}

json_t *value_at(json_t *root, const char *path)
{
    struct view rest = view_of(path);
    json_t *value = root;

    while (value && rest.size > 0) {
        struct view part = path_cut(&rest);
        struct view name = view_cut(&part, '[');

        if (name.size > 0)
            value = json_object_getn(value, name.data, name.size);
        if (part.size > 0) /* without the closing bracket */
            value = item_find(value, (struct view){ part.data, part.size - 1 });
    }
    return json_is_null(value) ? NULL : value;
}

const char *value_text(json_t *root, const char *path)
{
    return json_string_value(value_at(root, path));
}

void value_set(json_t *root, const char *path, json_t *value)
{
    struct view rest = view_of(path);
    struct view name = view_cut(&rest, '.');
    json_t *object = root;

    while (rest.size > 0) {
        json_t *inner = json_object_getn(object, name.data, name.size);

        if (!json_is_object(inner)) {
            inner = json_object();
            (void)json_object_setn_new(object, name.data, name.size, inner);
        }
        object = inner;
        name = view_cut(&rest, '.');
    }
    (void)json_object_setn_new(object, name.data, name.size, value);
}

/* A diagnostic setting lists categories that are off, and retention policies
 * that are off, next to what was asked for. */
static bool is_nothing(json_t *value)
{
    size_t index;
    json_t *item;

    if (!value || json_is_null(value))
        return true;
    if (json_is_string(value))
        return json_string_length(value) == 0;
    if (json_is_object(value))
        return json_is_false(json_object_get(value, "enabled"));
    if (!json_is_array(value))
        return false;
    json_array_foreach(value, index, item)
    {
        if (!is_nothing(item))
            return false;
    }
    return true;
}

/* Azure writes a single address of a firewall with or without its "/32". */
static struct view without_full_prefix(json_t *text)
{
    struct view view = { json_string_value(text), json_string_length(text) };
    const char *suffix = "/32";
    size_t size = strlen(suffix);

    if (view.size > size &&
        memcmp(view.data + view.size - size, suffix, size) == 0)
        view.size -= size;
    return view;
}

static bool fields_hold(json_t *wanted, json_t *found)
{
    const char *name;
    json_t *value;

    json_object_foreach(wanted, name, value)
    {
        if (!value_holds(value, json_object_get(found, name)))
            return false;
    }
    return true;
}

static bool take_item(json_t *wanted, json_t *found, bool *used)
{
    for (size_t i = 0; i < json_array_size(found); i++) {
        if (!used[i] && value_holds(wanted, json_array_get(found, i))) {
            used[i] = true;
            return true;
        }
    }
    return false;
}

/* Each wanted item has one of its own; what is left over is switched off. */
static bool items_hold(json_t *wanted, json_t *found)
{
    bool *used = mem_alloc(json_array_size(found) + 1);
    bool hold = true;
    size_t index;
    json_t *item;

    json_array_foreach(wanted, index, item)
    {
        hold = hold && (is_nothing(item) || take_item(item, found, used));
    }
    json_array_foreach(found, index, item)
    {
        hold = hold && (used[index] || is_nothing(item));
    }
    mem_free(used);
    return hold;
}

bool value_holds(json_t *wanted, json_t *found)
{
    if (is_nothing(wanted) || is_nothing(found))
        return is_nothing(wanted) && is_nothing(found);
    if (json_is_number(wanted) && json_is_number(found)) /* 100 and 100.0 */
        return !(json_number_value(wanted) < json_number_value(found)) &&
               !(json_number_value(wanted) > json_number_value(found));
    if (json_typeof(wanted) != json_typeof(found))
        return false;
    if (json_is_object(wanted))
        return fields_hold(wanted, found);
    if (json_is_array(wanted))
        return items_hold(wanted, found);
    if (json_is_string(wanted))
        return view_equal_nocase(
            without_full_prefix(wanted), without_full_prefix(found));
    return json_equal(wanted, found);
}

bool value_same(json_t *a, json_t *b)
{
    return value_holds(a, b) && value_holds(b, a);
}

static bool list_has_name(json_t *list, const char *name)
{
    size_t index;
    json_t *item;

    json_array_foreach(value_at(list, "value"), index, item)
    {
        if (text_equal_nocase(value_text(item, "name"), name))
            return true;
    }
    return false;
}

/* A PUT on a name that exists would replace what bears it. */
void list_put_free_name(struct buf *out, json_t *list, const char *name)
{
    buf_puts(out, name);
    for (int i = 2; list_has_name(list, buf_text(out)); i++) {
        buf_clear(out);
        buf_putf(out, "%s-%d", name, i);
    }
}

static int put_bytes(const char *bytes, size_t size, void *out)
{
    buf_put(out, (struct view){ bytes, size });
    return 0;
}

void value_dump(struct buf *out, json_t *value, size_t flags)
{
    (void)json_dump_callback(value, put_bytes, out, flags | JSON_ENCODE_ANY);
}

void value_put(struct buf *out, json_t *value)
{
    if (value)
        value_dump(out, value, JSON_COMPACT);
    else
        buf_puts(out, "absent");
}

static const char *field_unlike(
    value_alike_fn *alike, json_t *names, json_t *wanted, json_t *found)
{
    const char *name;
    json_t *value;

    json_object_foreach(names, name, value)
    {
        if (!alike(json_object_get(wanted, name), json_object_get(found, name)))
            return name;
    }
    return NULL;
}

void difference_find(struct difference *out, value_alike_fn *alike,
    const char *path, json_t *wanted, json_t *found)
{
    *out = (struct difference){ .path.limit = VALUE_TEXT_LIMIT };
    buf_puts(&out->path, path);
    while (json_is_object(wanted) && json_is_object(found)) {
        const char *name = field_unlike(alike, wanted, wanted, found);

        if (!name)
            name = field_unlike(alike, found, wanted, found);
        if (!name)
            break;
        buf_putf(&out->path, ".%s", name);
        wanted = json_object_get(wanted, name);
        found = json_object_get(found, name);
    }
    out->wanted = wanted;
    out->found = found;
}

void difference_done(struct difference *difference)
{
    buf_done(&difference->path);
}
