/* The files of resource types, and finding things in them. A file is an array;
 * "#/N" names its element N. */
#include "types_inside.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base.h"
#include "temp.h"
#include "test.h"

static void types_load(struct types *types, const char *name)
{
    char *folder = temp_path(test_shared(), "azure/types");
    char *path = temp_path(folder, name);
    json_t *items = json_load_file(path, 0, NULL);

    if (!json_is_array(items))
        fail_with("%s is no file of resource types", path);
    json_object_set_new(types->files, name, items);
    mem_free(path);
    mem_free(folder);
}

struct types *types_open(const char *name)
{
    struct types *types = mem_alloc(sizeof *types);

    types->files = json_object();
    types_load(types, name);
    return types;
}

static int newest_first(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*b)->d_name, (*a)->d_name);
}

static int is_types(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');

    return end && strcmp(end, ".json") == 0;
}

struct types *types_open_all(void)
{
    struct types *types = mem_alloc(sizeof *types);
    char *folder = temp_path(test_shared(), "azure/types");
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_types, newest_first);

    types->files = json_object();
    if (count <= 0)
        fail_with("%s holds no resource types", folder);
    for (int i = 0; i < count; i++) {
        types_load(types, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    mem_free(folder);
    return types;
}

void types_close(struct types *types)
{
    if (!types)
        return;
    json_decref(types->files);
    mem_free(types);
}

const json_t *types_follow(const json_t *items, const json_t *reference)
{
    const char *text = json_string_value(json_object_get(reference, "$ref"));

    if (!text || strncmp(text, "#/", 2) != 0)
        return NULL;
    return json_array_get(items, (size_t)strtoul(text + 2, NULL, 10));
}

static const json_t *find_in_file(
    const json_t *items, const char *resource_type)
{
    size_t size = strlen(resource_type);

    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const char *kind = json_string_value(json_object_get(item, "$type"));
        const char *name = json_string_value(json_object_get(item, "name"));

        if (kind && strcmp(kind, "ResourceType") == 0 &&
            strncasecmp(name, resource_type, size) == 0 && name[size] == '@')
            return types_follow(items, json_object_get(item, "body"));
    }
    return NULL;
}

const json_t *types_find(
    const struct types *types, const char *resource_type, const json_t **items)
{
    const char *name;
    json_t *file;

    json_object_foreach(types->files, name, file)
    {
        const json_t *found = find_in_file(file, resource_type);

        *items = file;
        if (found)
            return found;
    }
    return NULL;
}

bool types_know(const struct types *types, const char *resource_type)
{
    const json_t *items;

    return types_find(types, resource_type, &items) != NULL;
}

/* ---- which members there are ---- */

static bool has_path(const json_t *items, const json_t *type, struct view path);

/* Of a value that may be of several kinds: any of them. */
static bool has_in_kinds(
    const json_t *items, const json_t *type, struct view path)
{
    json_t *elements = json_object_get(type, "elements");
    const char *name;
    json_t *element;
    size_t index;

    json_object_foreach(elements, name, element)
    {
        if (has_path(items, types_follow(items, element), path))
            return true;
    }
    json_array_foreach(elements, index, element)
    {
        if (has_path(items, types_follow(items, element), path))
            return true;
    }
    return false;
}

static const json_t *member_type(
    const json_t *items, const json_t *type, struct view name)
{
    static const char *const places[] = { "properties", "baseProperties" };
    char *key = mem_copy_view(name);
    const json_t *found = NULL;

    for (size_t i = 0; i < LENGTH(places) && !found; i++)
        found = types_follow(
            items, json_object_get(
                       json_object_get(json_object_get(type, places[i]), key),
                       "type"));
    mem_free(key);
    return found;
}

static bool has_path(const json_t *items, const json_t *type, struct view path)
{
    const char *kind = json_string_value(json_object_get(type, "$type"));
    const json_t *member;
    struct view rest = path;
    struct view name;

    if (!kind || path.size == 0 || strcmp(kind, "AnyType") == 0)
        return kind != NULL;
    if (strcmp(kind, "ArrayType") == 0)
        return has_path(items,
            types_follow(items, json_object_get(type, "itemType")), path);
    name = view_cut(&rest, '.');
    member = member_type(items, type, name);
    if (member)
        return has_path(items, member, rest);
    return json_object_get(type, "additionalProperties") ||
           has_in_kinds(items, type, path);
}

bool types_has(
    const struct types *types, const char *resource_type, const char *path)
{
    const json_t *items = NULL;
    const json_t *type = types_find(types, resource_type, &items);

    return type && has_path(items, type, view_of(path));
}
