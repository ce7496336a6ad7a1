/* Reading, making, changing and removing ARM objects by the shape of their
 * path; what sets one type apart is in thing_types.c and thing_checks.c. */
#include "things.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"
#include "thing_checks.h"
#include "thing_operations.h"

#define LIFECYCLE "Microsoft.Storage/storageAccounts/managementPolicies"

/* Behind the last "/providers/": the namespace, then type and name in turn. */
static const char *path_tail(const char *path)
{
    const char *tail = path;
    const char *at = path;

    while ((at = strcasestr(at, "/providers/")) != NULL) {
        at += strlen("/providers/");
        tail = at;
    }
    return tail;
}

static bool path_names(const char *path)
{
    size_t slashes = 0;

    for (const char *at = path_tail(path); *at; at++)
        slashes += *at == '/';
    return slashes % 2 == 0;
}

char *thing_path_type(const char *path)
{
    const char *at = path_tail(path);
    struct buffer type = { 0 };

    for (size_t i = 0; *at; i++) {
        size_t length = strcspn(at, "/");

        if (i == 0 || i % 2 == 1) {
            if (i > 0)
                buffer_putc(&type, '/');
            buffer_put(&type, at, length);
        }
        at += length + (at[length] == '/');
    }
    return buffer_take(&type);
}

static enum kind path_kind(const char *path)
{
    const char *slash = strchr(path_tail(path), '/');
    const char *second = slash ? strchr(slash + 1, '/') : NULL;
    bool child = second && strchr(second + 1, '/');
    bool grouped = strcasestr(path, "/resourceGroups/") != NULL;
    const char *first = strcasestr(path, "/providers/");
    bool nested = first && strcasestr(first + 1, "/providers/");

    return grouped && !child && !nested ? KIND_RESOURCE : KIND_EXTENSION;
}

/* What the object lies below or hangs on. */
static char *path_parent(const char *path)
{
    const char *tail = path_tail(path);
    const char *at = tail + strcspn(tail, "/");
    const char *end = path + strlen(path);
    size_t drop = path_names(path) ? 2 : 1;
    bool child;

    child = *at && strchr(at + 1, '/') && strchr(strchr(at + 1, '/') + 1, '/');
    if (!child)
        return alloc_slice(path, (size_t)(tail - path) - strlen("/providers/"));
    while (drop > 0 && end > path)
        if (*--end == '/')
            drop--;
    return alloc_slice(path, (size_t)(end - path));
}

static bool parent_known(struct call *call)
{
    static const enum kind kinds[] = { KIND_RESOURCE, KIND_SUBSCRIPTION,
        KIND_RESOURCE_GROUP, KIND_EXTENSION, KIND_MANAGEMENT_GROUP };
    char *parent = path_parent(call->path);
    bool known = false;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !known; i++)
        known = estate_find(&call->cloud->estate, kinds[i], parent) != NULL;
    /* Blob services are there with their account. */
    if (!known && text_holds(parent, "/blobServices/default"))
        known = true;
    if (!known)
        answer_error(call, 404, "ResourceNotFound",
            "The Resource '%s' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
            id_last(parent));
    free(parent);
    return known;
}

/* Resources of their own, in a subscription or resource group. */
void things_list(struct call *call)
{
    char *type = thing_path_type(call->path);
    char *action = alloc_format("%s/read", type);
    char *scope = path_parent(call->path);
    struct page page = { .style = PAGE_PLAIN };

    text_lower(type);
    if (page_add_readable(&page, call, KIND_RESOURCE, scope, type, action))
        page_answer(&page, call);
    free(type);
    free(action);
    free(scope);
}

/* Children of one resource, or what hangs on one scope. */
void parts_list(struct call *call)
{
    const struct table *table = &call->cloud->estate.tables[KIND_EXTENSION];
    struct page page = { .style = PAGE_PLAIN };
    struct range range;
    char *prefix;
    char *type;

    if (!parent_known(call))
        return;
    prefix = alloc_format("%s/", call->path);
    type = thing_path_type(call->path);
    text_lower(prefix);
    text_lower(type);
    range = estate_below(&call->cloud->estate, KIND_EXTENSION, prefix);
    for (size_t i = range.first; i < range.last; i++)
        if (strcmp(table->items[i]->type, type) == 0)
            page_add(&page, table->items[i]);
    page_answer(&page, call);
    free(prefix);
    free(type);
}

static struct item *thing_find(struct call *call)
{
    return estate_find(&call->cloud->estate, path_kind(call->path), call->path);
}

static void thing_missing(struct call *call)
{
    char *type = thing_path_type(call->path);
    bool there = parent_known(call);

    if (there && text_same(type, LIFECYCLE))
        answer_error(call, 404, "ManagementPolicyNotFound",
            "No ManagementPolicy found for account %s", call->captures[2]);
    else if (there)
        answer_error(call, 404, "ResourceNotFound",
            "The Resource '%s/%s' was not found. For more details please go "
            "to https://aka.ms/ARMResourceNotFoundFix",
            type, id_last(call->path));
    free(type);
}

void thing_get(struct call *call)
{
    const struct item *item = thing_find(call);

    if (item)
        answer_item(call, 200,
            thing_operation_settle(call, path_kind(call->path), item));
    else
        thing_missing(call);
}

void json_add_missing(json_t *to, json_t *from)
{
    const char *key;
    json_t *value;

    json_object_foreach(from, key, value) if (!json_object_get(to, key))
        json_object_set_new(to, key, json_deep_copy(value));
}

void json_merge(json_t *to, json_t *from)
{
    const char *key;
    json_t *value;

    json_object_foreach(from, key, value)
    {
        json_t *have = json_object_get(to, key);

        if (json_is_null(value))
            json_object_del(to, key);
        else if (json_is_object(have) && json_is_object(value))
            json_merge(have, value);
        else
            json_object_set_new(to, key, json_deep_copy(value));
    }
}

static void add_text(json_t *properties, const char *text, bool force)
{
    json_t *members = text ? json_loads(text, 0, NULL) : NULL;

    if (force)
        json_object_update(properties, members);
    else
        json_add_missing(properties, members);
    json_decref(members);
}

static bool required_there(
    struct call *call, const char *required, json_t *properties)
{
    while (*required) {
        size_t length = strcspn(required, " ");
        char *name = alloc_slice(required, length);
        bool there = json_object_get(properties, name) != NULL;

        if (!there)
            answer_error(call, 400, "BadRequest",
                "The property 'properties.%s' is required.", name);
        free(name);
        if (!there)
            return false;
        required += length + (required[length] == ' ');
    }
    return true;
}

/* The object that a PUT makes; what it says about identity is not its own. */
static json_t *thing_new(
    struct call *call, const struct thing_type *type, json_t *body)
{
    static const char *const carried[] = { "location", "tags", "kind", "sku",
        "zones", "identity" };
    json_t *properties = json_deep_copy(json_object_get(body, "properties"));
    json_t *object = json_pack("{s:s, s:s, s:s}", "id", call->path, "name",
        id_last(call->path), "type", type->type);

    for (size_t i = 0; i < sizeof carried / sizeof *carried; i++)
        if (json_object_get(body, carried[i]))
            json_object_set(
                object, carried[i], json_object_get(body, carried[i]));
    if (!json_is_object(properties)) {
        json_decref(properties);
        properties = json_object();
    }
    add_text(properties, type->defaults, false);
    add_text(properties, type->fixed, true);
    json_object_set_new(object, "properties", properties);
    return object;
}

static void thing_store(struct call *call, const struct thing_type *type,
    json_t *object, const struct item *old)
{
    if (type->check && !type->check(call, object, old))
        json_decref(object);
    else if (type->slow)
        thing_operation_start(
            call, old ? 200 : 201, path_kind(call->path), object, !old);
    else
        change_answer(call, old ? 200 : 201, path_kind(call->path), object);
}

static const struct thing_type *thing_type_need(struct call *call)
{
    char *name = thing_path_type(call->path);
    const struct thing_type *type = thing_type_find(name);

    if (!type)
        answer_error(call, 405, "MethodNotAllowed",
            "The resource type '%s' does not support this method.", name);
    free(name);
    return type;
}

void thing_put(struct call *call)
{
    const struct thing_type *type = thing_type_need(call);
    const struct item *old = thing_find(call);
    json_t *body;

    if (!type || (!old && !parent_known(call)))
        return;
    body = call_json(call);
    if (!body)
        return;
    if (type->tracked && !json_is_string(json_object_get(body, "location")))
        answer_error(call, 400, "LocationRequired",
            "The location property is required for this definition.");
    else if (required_there(
                 call, type->required, json_object_get(body, "properties")))
        thing_store(call, type, thing_new(call, type, body), old);
    json_decref(body);
}

void thing_patch(struct call *call)
{
    const struct thing_type *type = thing_type_need(call);
    const struct item *old = type ? thing_find(call) : NULL;
    json_t *body;
    json_t *object;

    if (type && !old)
        thing_missing(call);
    body = old ? call_json(call) : NULL;
    if (!body)
        return;
    object = item_json(old);
    json_merge(json_object_get(object, "properties"),
        json_object_get(body, "properties"));
    if (json_object_get(body, "tags"))
        json_object_set(object, "tags", json_object_get(body, "tags"));
    thing_store(call, type, object, old);
    json_decref(body);
}

void thing_delete(struct call *call)
{
    const struct item *old = thing_find(call);
    const struct thing_type *type = old ? thing_type_find(old->type) : NULL;

    if (old && strcmp(old->type, "microsoft.network/privateendpoints") == 0)
        endpoint_gone(call, old);
    if (!estate_remove(&call->cloud->estate, path_kind(call->path), call->path))
        answer_empty(call, 204);
    else if (type && type->slow)
        thing_operation_removed(call);
    else
        answer_empty(call, 200);
}
