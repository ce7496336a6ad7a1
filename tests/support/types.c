/* Walks a body along its resource type. A type file is an array; "#/N" names
 * its element N. */
#include "types.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "temp.h"
#include "test.h"

/* Bits of a property's `flags`, as Bicep defines them. */
#define FLAG_REQUIRED 1
#define FLAG_READ_ONLY 2
#define FLAG_CONSTANT 8 /* in the address of the request, not in its body */

struct types {
    json_t *items;
};

/* One walk: what is wrong is written to `problems` with its path. */
struct walk {
    const json_t *items;
    struct buf *problems;
    bool whole;
};

struct types *types_open(const char *name)
{
    struct types *types = mem_alloc(sizeof *types);
    char *folder = temp_path(test_shared(), "azure/types");
    char *path = temp_path(folder, name);

    types->items = json_load_file(path, 0, NULL);
    if (!json_is_array(types->items))
        fail_with("%s is no file of resource types", path);
    mem_free(path);
    mem_free(folder);
    return types;
}

void types_close(struct types *types)
{
    if (!types)
        return;
    json_decref(types->items);
    mem_free(types);
}

static const json_t *follow(const json_t *items, const json_t *reference)
{
    const char *text = json_string_value(json_object_get(reference, "$ref"));

    if (!text || strncmp(text, "#/", 2) != 0)
        return NULL;
    return json_array_get(items, (size_t)strtoul(text + 2, NULL, 10));
}

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
        check_value(walk, follow(walk->items, additional), value, path);
    else if (!property)
        complain(walk, path, "unknown field");
    else if (flags & FLAG_READ_ONLY)
        complain(walk, path, "read-only field");
    else if (flags & FLAG_CONSTANT)
        complain(walk, path, "belongs into the address");
    else
        check_value(walk,
            follow(walk->items, json_object_get(property, "type")), value,
            path);
}

static void check_required(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    json_t *properties = json_object_get(type, "properties");
    const char *name;
    json_t *property;

    json_object_foreach(properties, name, property)
    {
        json_int_t flags =
            json_integer_value(json_object_get(property, "flags"));

        if (!(flags & FLAG_REQUIRED) || flags & FLAG_CONSTANT ||
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
        check_required(walk, type, value, path);
}

/* A list is always replaced, so its items are whole even in a PATCH. */
static void check_array(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const json_t *item_type =
        follow(walk->items, json_object_get(type, "itemType"));
    struct walk inside = *walk;
    char *item_path = join(path, "[]");

    inside.whole = true;
    if (!json_is_array(value))
        complain(walk, path, "is not an array");
    for (size_t i = 0; i < json_array_size(value); i++)
        check_value(&inside, item_type, json_array_get(value, i), item_path);
    mem_free(item_path);
}

/* Stricter than the service, which often takes any string beside those that
 * it names: we send only what is named. */
static void check_union(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const json_t *elements = json_object_get(type, "elements");
    const char *text = json_string_value(value);

    for (size_t i = 0; i < json_array_size(elements); i++) {
        const json_t *element =
            follow(walk->items, json_array_get(elements, i));
        const char *literal =
            json_string_value(json_object_get(element, "value"));

        if (literal && text && strcmp(literal, text) == 0)
            return;
    }
    complain(walk, path, "is none of the named values");
}

static void check_string(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const char *literal = json_string_value(json_object_get(type, "value"));
    const char *text = json_string_value(value);

    if (!text)
        complain(walk, path, "is not a string");
    else if (literal && strcmp(literal, text) != 0)
        complain(walk, path, "is another value than the only one");
}

static void check_value(struct walk *walk, const json_t *type,
    const json_t *value, const char *path)
{
    const char *kind = json_string_value(json_object_get(type, "$type"));

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
    else if (strcmp(kind, "IntegerType") == 0 && !json_is_integer(value))
        complain(walk, path, "is not an integer");
    else if (strcmp(kind, "DiscriminatedObjectType") == 0)
        complain(walk, path, "has a kind of type that is not checked");
}

static const json_t *find_resource(
    const struct types *types, const char *resource_type)
{
    size_t size = strlen(resource_type);

    for (size_t i = 0; i < json_array_size(types->items); i++) {
        const json_t *item = json_array_get(types->items, i);
        const char *kind = json_string_value(json_object_get(item, "$type"));
        const char *name = json_string_value(json_object_get(item, "name"));

        if (kind && strcmp(kind, "ResourceType") == 0 &&
            strncasecmp(name, resource_type, size) == 0 && name[size] == '@')
            return follow(types->items, json_object_get(item, "body"));
    }
    return NULL;
}

bool types_check(const struct types *types, const char *resource_type,
    const json_t *body, enum types_body kind, struct buf *problems)
{
    const json_t *type = find_resource(types, resource_type);
    size_t before = problems->size;
    struct walk walk = {
        .items = types->items,
        .problems = problems,
        .whole = kind == TYPES_WHOLE,
    };

    if (!type)
        complain(&walk, resource_type, "the file holds no such resource type");
    else
        check_value(&walk, type, body, "");
    return problems->size == before;
}
