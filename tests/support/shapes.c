/* Walks two bodies side by side. */
#include "shapes.h"

#include <stdio.h>

#include <string.h>
#include <strings.h>

#include "base.h"
#include "test.h"

#define PATH_LIMIT 400

/* How the paths of objects end whose members are the caller's choice. */
static const char *const open_maps[] = { "destination.properties",
    "rules.definition", "tags", "parameters", "metadata", "webHookProperties",
    "webhookProperties", "customProperties", "actionProperties",
    "additionalExtensionProperties", "additionalData" };

static bool text_ends(const char *text, const char *end)
{
    size_t size = strlen(text);
    size_t tail = strlen(end);

    return size >= tail && strcmp(text + size - tail, end) == 0;
}

static bool open_map(const char *path)
{
    for (size_t i = 0; i < LENGTH(open_maps); i++)
        if (text_ends(path, open_maps[i]))
            return true;
    return false;
}

static bool excepted(const struct shape_check *check, const char *path)
{
    for (size_t i = 0; i < check->exception_count; i++) {
        const struct shape_exception *one = &check->exceptions[i];

        if (strncmp(check->name, one->name, strlen(one->name)) != 0 ||
            !text_ends(path, one->path))
            continue;
        if (check->used)
            check->used[i] = true;
        return true;
    }
    return false;
}

static void report(
    const struct shape_check *check, const char *path, const char *what)
{
    if (!excepted(check, path))
        buf_putf(check->problems, "%s: %s %s\n", check->name, path, what);
}

const char *shape_type(const json_t *answer)
{
    const json_t *first = json_array_get(json_object_get(answer, "value"), 0);

    return json_string_value(json_object_get(first ? first : answer, "type"));
}

/* Whether Microsoft says elsewhere that there is a member of this path. */
static bool published(
    const struct shape_check *check, const char *type, const char *path)
{
    static const char in_list[] = "value.";

    if (check->places && places_have(check->places, check->provider, path))
        return true;
    if (strncmp(path, in_list, sizeof in_list - 1) == 0)
        path += sizeof in_list - 1;
    return check->types && type && types_has(check->types, type, path);
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "object";
    case JSON_ARRAY:
        return "list";
    case JSON_STRING:
        return "text";
    case JSON_INTEGER:
    case JSON_REAL:
        return "number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "boolean";
    case JSON_NULL:
        break;
    }
    return "null";
}

static void absorb(json_t *into, const json_t *from)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)from, name, value)
    {
        json_t *have = json_object_get(into, name);

        if (json_is_object(have) && json_is_object(value))
            absorb(have, value);
        else if (json_is_array(have) && json_is_array(value))
            json_array_extend(have, value);
        else if (!have || json_is_null(have))
            json_object_set_new(into, name, json_deep_copy(value));
    }
}

/* All elements as one: of objects every member, else the first. */
static json_t *merge(const json_t *list)
{
    json_t *merged;
    size_t index;
    json_t *element;

    if (!json_is_object(json_array_get(list, 0)))
        return json_incref(json_array_get(list, 0));
    merged = json_object();
    json_array_foreach(list, index, element) absorb(merged, element);
    return merged;
}

/* Two bodies side by side; `type` is the answer's. */
struct pair {
    const struct shape_check *check;
    const char *type;
};

static void compare(const struct pair *pair, const char *path,
    const json_t *example, const json_t *answer);

static void compare_objects(const struct pair *pair, const char *path,
    const json_t *example, const json_t *answer)
{
    char inner[PATH_LIMIT];
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)example, name, value)
    {
        const json_t *other = json_object_get(answer, name);

        (void)snprintf(
            inner, sizeof inner, "%s%s%s", path, *path ? "." : "", name);
        if (other)
            compare(pair, inner, value, other);
        else
            report(pair->check, inner, "is missing");
    }
    json_object_foreach((json_t *)(uintptr_t)answer, name, value)
    {
        (void)snprintf(
            inner, sizeof inner, "%s%s%s", path, *path ? "." : "", name);
        if (!json_object_get(example, name) &&
            !published(pair->check, pair->type, inner))
            report(pair->check, inner, "is not in the example");
    }
}

static void compare(const struct pair *pair, const char *path,
    const json_t *example, const json_t *answer)
{
    if (json_is_null(example) || json_is_null(answer) || open_map(path))
        return;
    if (strcmp(type_name(example), type_name(answer)) != 0) {
        report(pair->check, path, "is of another type");
    } else if (json_is_object(example)) {
        compare_objects(pair, path, example, answer);
    } else if (json_is_array(example)) {
        json_t *mine = merge(example);
        json_t *theirs = merge(answer);

        if (mine && theirs)
            compare(pair, path, mine, theirs);
        json_decref(mine);
        json_decref(theirs);
    }
}

void shape_compare(const struct shape_check *check, const json_t *example,
    const json_t *answer)
{
    const struct pair pair = { check, shape_type(answer) };

    compare(&pair, "", example, answer);
}
