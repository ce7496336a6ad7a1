/* Two states of a simulated cloud, compared leaf by leaf. */
#include "state_diff.h"

#include <string.h>

#include "base.h"

#define PATH_LIMIT 8192

struct diff {
    state_diff_fn *tell;
    void *context;
};

/* What a service writes down when anything is changed. */
static const char *const noted[] = { "systemData", "etag", "changedTime",
    "createdTime", "updatedOn", "updatedBy", "createdOn", "createdBy",
    "lastModifiedDate", "modifiedAt", "updated", "logs", "statusMessage",
    "operations", "lastModifiedTime", "backups", "jobs" };

static bool is_noted(const char *name)
{
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++)
        if (strcmp(noted[i], name) == 0)
            return true;
    return false;
}

static bool is_nothing(const json_t *value)
{
    return !value || json_is_null(value) || json_is_false(value) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

/* Azure writes an id down in the casing that it pleases. */
static bool is_same_id(const json_t *a, const json_t *b)
{
    const char *text = json_string_value(a);

    return text && text[0] == '/' &&
           text_equal_nocase(text, json_string_value(b));
}

/* What tells one item of a list from the others; NULL: nothing does. */
static const char *key_of(const json_t *item)
{
    static const char *const names[] = { "id", "name", "objectId", "value",
        "principalId", "kid" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *key = json_string_value(json_object_get(item, names[i]));

        if (key)
            return key;
    }
    return NULL;
}

static bool is_keyed(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!key_of(json_array_get(list, i)))
            return false;
    return json_array_size(list) > 0;
}

static const json_t *find(const json_t *list, const char *key)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);

        if (text_equal_nocase(key_of(item), key))
            return item;
    }
    return NULL;
}

static void compare(const struct diff *diff, const char *path,
    const json_t *before, const json_t *after);

static void compare_member(const struct diff *diff, const char *path,
    const char *name, const json_t *before, const json_t *after)
{
    struct buf inner = { .limit = PATH_LIMIT };

    buf_putf(&inner, "%s%s%s", path, *path ? "." : "", name);
    compare(diff, buf_text(&inner), before, after);
    buf_done(&inner);
}

static void compare_item(const struct diff *diff, const char *path,
    const char *key, const json_t *before, const json_t *after)
{
    struct buf inner = { .limit = PATH_LIMIT };

    buf_putf(&inner, "%s[%s]", path, key);
    compare(diff, buf_text(&inner), before, after);
    buf_done(&inner);
}

static void compare_objects(const struct diff *diff, const char *path,
    const json_t *before, const json_t *after)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)before, name, value)
    {
        if (!is_noted(name))
            compare_member(
                diff, path, name, value, json_object_get(after, name));
    }
    json_object_foreach((json_t *)after, name, value)
    {
        if (!is_noted(name) && !json_object_get(before, name))
            compare_member(diff, path, name, NULL, value);
    }
}

static void compare_lists(const struct diff *diff, const char *path,
    const json_t *before, const json_t *after)
{
    for (size_t i = 0; i < json_array_size(before); i++) {
        const json_t *item = json_array_get(before, i);

        compare_item(diff, path, key_of(item), item, find(after, key_of(item)));
    }
    for (size_t i = 0; i < json_array_size(after); i++) {
        const json_t *item = json_array_get(after, i);

        if (!find(before, key_of(item)))
            compare_item(diff, path, key_of(item), NULL, item);
    }
}

static void compare(const struct diff *diff, const char *path,
    const json_t *before, const json_t *after)
{
    if ((is_nothing(before) && is_nothing(after)) ||
        json_equal(before, after) || is_same_id(before, after))
        return;
    if (json_is_object(before) && json_is_object(after))
        compare_objects(diff, path, before, after);
    else if ((is_keyed(before) || is_nothing(before)) &&
             (is_keyed(after) || is_nothing(after)) &&
             (json_is_array(before) || json_is_array(after)))
        compare_lists(diff, path, before, after);
    else
        diff->tell(diff->context, path, before, after);
}

void state_diff(const json_t *before, const json_t *after, state_diff_fn *tell,
    void *context)
{
    struct diff diff = { .tell = tell, .context = context };

    compare(&diff, "", before, after);
}
