/* Microsoft.Authorization/locks, and the 409 that a lock answers with. */
#include "locks.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"

static char *lock_scope(const struct item *lock)
{
    return id_scope(lock->key);
}

static bool scope_above(const char *above, const char *below)
{
    size_t length = strlen(above);

    return strncmp(above, below, length) == 0 &&
           (below[length] == '\0' || below[length] == '/');
}

static bool lock_stops(const struct item *lock, bool deletes)
{
    char *level = item_copy(lock, "properties.level");
    bool stops = text_same(level, "ReadOnly") ||
                 (deletes && text_same(level, "CanNotDelete"));

    free(level);
    return stops;
}

/* The locks that hold at a lower-cased scope: its own and those above. */
static void locks_at(struct call *call, const char *scope, struct page *page)
{
    const struct table *table = &call->cloud->estate.tables[KIND_LOCK];

    for (size_t i = 0; i < table->count; i++) {
        char *own = lock_scope(table->items[i]);

        if (scope_above(own, scope))
            page_add(page, table->items[i]);
        free(own);
    }
}

bool locks_check(struct call *call)
{
    bool deletes = call_is(call, "DELETE");
    struct page page = { 0 };
    const struct item *found = NULL;
    char *scope;

    if (call_is(call, "GET"))
        return true;
    scope = alloc_lower(call->path);
    locks_at(call, scope, &page);
    free(scope);
    for (size_t i = 0; i < page.count && !found; i++)
        if (lock_stops(page.items[i], deletes))
            found = page.items[i];
    if (found) {
        size_t length = strlen(found->id) - strlen(found->name) -
                        strlen("/providers/Microsoft.Authorization/locks/");

        answer_error(call, 409, "ScopeLocked",
            "The scope '%s' cannot perform %s operation because following "
            "scope(s) are locked: '%.*s'. Please remove the lock and try "
            "again.",
            call->path, deletes ? "delete" : "write", (int)length, found->id);
    }
    page_done(&page);
    return !found;
}

void locks_list(struct call *call)
{
    const struct table *table = &call->cloud->estate.tables[KIND_LOCK];
    struct page page = { .style = PAGE_PLAIN };
    char *scope = alloc_lower(call->captures[0]);
    size_t length = strlen(scope);

    locks_at(call, scope, &page);
    /* At a subscription or group also those further down. */
    for (size_t i = 0; i < table->count; i++) {
        char *own = lock_scope(table->items[i]);

        if (strncmp(own, scope, length) == 0 && own[length] == '/')
            page_add(&page, table->items[i]);
        free(own);
    }
    page_answer(&page, call);
    free(scope);
}

void lock_get(struct call *call)
{
    const struct item *lock =
        estate_find(&call->cloud->estate, KIND_LOCK, call->path);

    if (lock)
        answer_item(call, 200, lock);
    else
        answer_error(call, 404, "LockNotFound",
            "The lock '%s' could not be found.", call->captures[1]);
}

static bool level_known(const char *level)
{
    return text_same(level, "CanNotDelete") || text_same(level, "ReadOnly");
}

void lock_put(struct call *call)
{
    bool known =
        estate_find(&call->cloud->estate, KIND_LOCK, call->path) != NULL;
    json_t *body = call_json(call);
    json_t *properties = json_object_get(body, "properties");
    json_t *lock;

    if (!body)
        return;
    if (!level_known(json_string_value(json_object_get(properties, "level")))) {
        answer_error(call, 400, "InvalidLockLevel",
            "The lock level is invalid; it must be one of 'CanNotDelete' and "
            "'ReadOnly'.");
        json_decref(body);
        return;
    }
    lock = json_pack("{s:O, s:s, s:s, s:s}", "properties", properties, "id",
        call->path, "type", "Microsoft.Authorization/locks", "name",
        call->captures[1]);
    json_decref(body);
    change_answer(call, known ? 200 : 201, KIND_LOCK, lock);
}

void lock_delete(struct call *call)
{
    bool known = estate_remove(&call->cloud->estate, KIND_LOCK, call->path);

    answer_empty(call, known ? 200 : 204);
}
