/* Walks a body along its resource type. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "test.h"
#include "types_inside.h"

/* Bits of a property's `flags`, as Bicep defines them. */
#define FLAG_REQUIRED 1
#define FLAG_READ_ONLY 2
#define FLAG_WRITE_ONLY 4
#define FLAG_CONSTANT 8 /* in the address of the request, not in its body */

/* One walk: what is wrong is written to `problems` with its path. */
struct walk {
    const json_t *items;
    struct buf *problems;
    bool whole;
    bool answer;
};

static void complain(
    const struct walk *walk, const char *path, const char *what)
{
    buf_putf(walk->problems, "%s: %s\n", *path ? path : "(body)", what);
}

static void check_value(struct walk *walk, const json_t *type,
    const json_t *value, const char *path);

static char *join(const char *path, const char *name)
{
    struct buf out = { .limit = 4096 };

    buf_putf(&out, "%s%s%s", path, *path ? "." : "", name);
    char *text = mem_copy_text(buf_text(&out));
    buf_done(&out);
    return text;
}

static void check_member(struct walk *walk, const json_t *type,
    const char *name, const json_t *value, const char *path)
{
    const json_t *property =
        json_object_get(json_object_get(type, "properties"), name);
    const json_t *additional = json_object_get(type, "additionalProperties");
    json_int_t flags = json_integer_value(json_object_get(property, "flags"));

    if (!property && additional)
        check_value(walk, types_follow(walk->items, additional), value, path);
    else if (!property)
        complain(walk, path, "unknown field");
    else if (walk->answer && flags & FLAG_WRITE_ONLY)
        complain(walk, path, "write-only field");
    else if (!walk->answer && flags & FLAG_READ_ONLY)
        complain(walk, path, "read-only field");
    else if (!walk->answer && flags & FLAG_CONSTANT)
        complain(walk, path, "belongs into the address");
    else
        check_value(walk,
            types_follow(walk->items, json_object_get(property, "type")), value,
            path);
}

static void check_required(struct walk *walk, json_t *properties,
    const json_t *value, const char *path)
{
    const char *name;
    json_t *property;

    json_object_foreach(properties, name, property)
    {
        json_int_t flags =
            json_integer_value(json_object_get(property, "flags"));

        if (!(flags & FLAG_REQUIRED) || flags & FLAG_CONSTANT ||
            (walk->answer && flags & FLAG_WRITE_ONLY) ||
            json_object_get(value, name))
            continue;
        char *member = join(path, name);
        complain(walk, member, "required field is missing");
        mem_free(member);
    }
}

static void check_object(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const char *name;
    const json_t *member;
    void *at;

    if (!json_is_object(value)) {
        complain(walk, path, "is not an object");
        return;
    }
    for (at = json_object_iter((json_t *)(uintptr_t)value); at;
         at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
        name = json_object_iter_key(at);
        member = json_object_iter_value(at);
        char *member_path = join(path, name);
        check_member(walk, type, name, member, member_path);
        mem_free(member_path);
    }
    if (walk->whole)
        check_required(walk, json_object_get(type, "properties"), value, path);
}

/* The members that all kinds have, and those of the value's own kind, as one
 * type; NULL when the value names no kind that there is. json_decref(). */
static json_t *kind_type(
    const json_t *items, const json_t *type, const json_t *value)
{
    const char *member =
        json_string_value(json_object_get(type, "discriminator"));
    const char *kind = json_string_value(json_object_get(value, member));
    const json_t *own =
        kind ? types_follow(items,
                   json_object_get(json_object_get(type, "elements"), kind))
             : NULL;
    json_t *properties;

    if (!own)
        return NULL;
    properties = json_deep_copy(json_object_get(type, "baseProperties"));
    json_object_update(properties, json_object_get(own, "properties"));
    return json_pack("{s:o, s:O*}", "properties", properties,
        "additionalProperties", json_object_get(own, "additionalProperties"));
}

static void check_kind(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    json_t *merged = kind_type(walk->items, type, value);

    if (merged)
        check_object(walk, merged, value, path);
    else
        complain(walk, path, "is of no known kind");
    json_decref(merged);
}

/* A list is always replaced, so its items are whole even in a PATCH. */
static void check_array(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const json_t *item_type =
        types_follow(walk->items, json_object_get(type, "itemType"));
    struct walk inside = *walk;
    char *item_path = join(path, "[]");

    inside.whole = true;
    if (!json_is_array(value))
        complain(walk, path, "is not an array");
    for (size_t i = 0; i < json_array_size(value); i++)
        check_value(&inside, item_type, json_array_get(value, i), item_path);
    mem_free(item_path);
}

/* An answer that only spells a named value in another case is told apart: the
 * service does that in known places. */
static const char *value_problem(
    const struct walk *walk, bool spelt, const char *otherwise)
{
    return walk->answer && spelt ? "is another spelling of a named value"
                                 : otherwise;
}

/* Stricter than the service, which often takes any string beside those that
 * it names: we send only what is named. */
static void check_union(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const json_t *elements = json_object_get(type, "elements");
    const char *text = json_string_value(value);
    bool spelt = false;

    for (size_t i = 0; i < json_array_size(elements); i++) {
        const json_t *element =
            types_follow(walk->items, json_array_get(elements, i));
        const char *literal =
            json_string_value(json_object_get(element, "value"));

        if (literal && text && strcmp(literal, text) == 0)
            return;
        spelt = spelt || (literal && text && strcasecmp(literal, text) == 0);
    }
    complain(
        walk, path, value_problem(walk, spelt, "is none of the named values"));
}

static void check_string(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const char *literal = json_string_value(json_object_get(type, "value"));
    const char *text = json_string_value(value);

    if (!text)
        complain(walk, path, "is not a string");
    else if (literal && strcmp(literal, text) != 0)
        complain(walk, path,
            value_problem(walk, strcasecmp(literal, text) == 0,
                "is another value than the only one"));
}

/* These types know no fractions, so an integer may be any number there. */
static void check_value(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const char *kind = json_string_value(json_object_get(type, "$type"));

    if (walk->answer && json_is_null(value))
        return; /* the service's way of saying that there is none */
    if (!kind)
        complain(walk, path, "has a type that the file does not hold");
    else if (strcmp(kind, "ObjectType") == 0)
        check_object(walk, type, value, path);
    else if (strcmp(kind, "ArrayType") == 0)
        check_array(walk, type, value, path);
    else if (strcmp(kind, "UnionType") == 0)
        check_union(walk, type, value, path);
    else if (strncmp(kind, "String", 6) == 0)
        check_string(walk, type, value, path);
    else if (strcmp(kind, "BooleanType") == 0 && !json_is_boolean(value))
        complain(walk, path, "is not a boolean");
    else if (strcmp(kind, "IntegerType") == 0 &&
             !(walk->answer ? json_is_number(value) : json_is_integer(value)))
        complain(walk, path, "is not an integer");
    else if (strcmp(kind, "DiscriminatedObjectType") == 0)
        check_kind(walk, type, value, path);
}

bool types_check(const struct types *types, const char *resource_type,
    const json_t *body, enum types_body kind, struct buf *problems)
{
    const json_t *items = NULL;
    const json_t *type = types_find(types, resource_type, &items);
    size_t before = problems->size;
    struct walk walk = {
        .items = items,
        .problems = problems,
        .whole = kind != TYPES_PART,
        .answer = kind == TYPES_ANSWER,
    };

    if (!type)
        complain(&walk, resource_type, "the file holds no such resource type");
    else
        check_value(&walk, type, body, "");
    return problems->size == before;
}
