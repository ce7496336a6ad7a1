/* Checking values against a schema. */
#include "json_schema.h"

#include "test.h"

#include <string.h>

#include "kvgov/text.h"

struct check {
    const json_t *schema;
    struct buf path;
    bool quiet; /* a try: says only whether it fits */
};

static bool fits(
    struct check *check, const json_t *part, const json_t *value);

static bool refuse(struct check *check, const char *why)
{
    if (!check->quiet)
        fail_with("%s: %s", buf_text(&check->path), why);
    return false;
}

static bool is_type(const json_t *value, const char *type)
{
    return (strcmp(type, "object") == 0 && json_is_object(value)) ||
           (strcmp(type, "array") == 0 && json_is_array(value)) ||
           (strcmp(type, "string") == 0 && json_is_string(value)) ||
           (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
           (strcmp(type, "number") == 0 && json_is_number(value)) ||
           (strcmp(type, "null") == 0 && json_is_null(value));
}

static bool fits_any(
    struct check *check, const json_t *parts, const json_t *value)
{
    bool quiet = check->quiet;
    bool found = false;

    check->quiet = true;
    for (size_t i = 0; i < json_array_size(parts) && !found; i++)
        found = fits(check, json_array_get(parts, i), value);
    check->quiet = quiet;
    return found || refuse(check, "fits none of what is allowed");
}

/* One level down; the path is as before afterwards. */
static bool fits_below(struct check *check, const char *name,
    const json_t *part, const json_t *value)
{
    size_t size = check->path.size;
    bool good;

    buf_putf(&check->path, "/%s", name);
    good = fits(check, part, value);
    check->path.size = size;
    if (check->path.data)
        check->path.data[size] = '\0';
    return good;
}

static bool fits_members(
    struct check *check, const json_t *properties, const json_t *value)
{
    const char *name;
    json_t *member;

    json_object_foreach((json_t *)value, name, member)
    {
        const json_t *part = json_object_get(properties, name);

        if (!part)
            return refuse(check, name);
        if (!fits_below(check, name, part, member))
            return false;
    }
    return true;
}

static bool has_all(
    struct check *check, const json_t *required, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(required); i++) {
        const char *name = json_string_value(json_array_get(required, i));

        if (!json_object_get(value, name))
            return refuse(check, name);
    }
    return true;
}

static bool fits_items(
    struct check *check, const json_t *part, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!fits_below(check, "item", part, json_array_get(value, i)))
            return false;
    return true;
}

static bool is_among(
    struct check *check, const json_t *list, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), value))
            return true;
    return refuse(check, "is none of the enum");
}

static const json_t *defined(const struct check *check, const char *path)
{
    const char *before = "#/$defs/";
    const json_t *part;

    assert_true(strncmp(path, before, strlen(before)) == 0);
    part = json_object_get(
        json_object_get(check->schema, "$defs"), path + strlen(before));
    if (!part)
        fail_with("%s is not defined", path);
    return part;
}

static bool is_said_only(const char *word)
{
    static const char *const words[] = { "$schema", "$id", "title",
        "description", "$defs", "format" };

    for (size_t i = 0; i < LENGTH(words); i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool fits_word(struct check *check, const char *word,
    const json_t *what, const json_t *value)
{
    if (strcmp(word, "type") == 0)
        return is_type(value, json_string_value(what)) ||
               refuse(check, json_string_value(what));
    if (strcmp(word, "enum") == 0)
        return is_among(check, what, value);
    if (strcmp(word, "const") == 0)
        return json_equal(what, value) || refuse(check, "is not the const");
    if (strcmp(word, "properties") == 0)
        return fits_members(check, what, value);
    if (strcmp(word, "required") == 0)
        return has_all(check, what, value);
    if (strcmp(word, "items") == 0)
        return fits_items(check, what, value);
    if (strcmp(word, "anyOf") == 0)
        return fits_any(check, what, value);
    if (strcmp(word, "minimum") == 0)
        return json_number_value(value) >= json_number_value(what) ||
               refuse(check, "is too small");
    if (strcmp(word, "maximum") == 0)
        return json_number_value(value) <= json_number_value(what) ||
               refuse(check, "is too large");
    if (strcmp(word, "$ref") == 0)
        return fits(check, defined(check, json_string_value(what)), value);
    if (!is_said_only(word))
        fail_with("the schema has a word that nobody checks: %s", word);
    return true;
}

static bool fits(struct check *check, const json_t *part, const json_t *value)
{
    const char *word;
    json_t *what;

    json_object_foreach((json_t *)part, word, what)
    {
        if (!fits_word(check, word, what, value))
            return false;
    }
    return true;
}

void json_schema_check(
    const json_t *schema, const json_t *part, const json_t *value)
{
    struct check check = { .schema = schema, .path = { .limit = 4096 } };

    (void)fits(&check, part, value);
    buf_done(&check.path);
}
