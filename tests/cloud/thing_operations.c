/* Long-running writes of things that are no managed HSM. */
#include "thing_operations.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "faults.h"
#include "handlers.h"

/* Polls until an operation is done when no fault says otherwise. */
#define POLLS 1

static json_t *operations(struct call *call)
{
    json_t *file = call->cloud->estate.file;

    if (!json_object_get(file, "operations"))
        json_object_set_new(file, "operations", json_object());
    return json_object_get(file, "operations");
}

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

/* Behind the last "/providers/" of the path. */
static char *path_space(const char *path)
{
    const char *found = path;
    const char *at = path;

    while ((at = strcasestr(at, "/providers/")) != NULL)
        found = at += strlen("/providers/");
    return alloc_slice(found, strcspn(found, "/"));
}

/* Begins one and says in a header where it can be asked about. */
static void operation_begin(
    struct call *call, const char *header, const char *place)
{
    const struct effect *slow = &call->effects[FAULT_SLOW_OPERATION];
    char *key = alloc_lower(call->path);
    char *subscription = id_subscription(key);
    char *space = path_space(call->path);
    char *id = guid_new();

    json_object_set_new(operations(call), id,
        json_pack("{s:s, s:I, s:b}", "path", key, "polls",
            slow->on ? (json_int_t)slow->number : (json_int_t)POLLS, "fails",
            call->effects[FAULT_FAIL_OPERATION].on));
    call_header(call, header,
        "%s/subscriptions/%s/providers/%s/%s/%s?api-version=%s", call->origin,
        subscription ? subscription : "", space, place, id,
        call_query(call, "api-version"));
    free(key);
    free(subscription);
    free(space);
    free(id);
}

void thing_operation_start(struct call *call, unsigned status, enum kind kind,
    json_t *object, bool is_new)
{
    json_object_set_new(json_object_get(object, "properties"),
        "provisioningState", json_string(is_new ? "Creating" : "Updating"));
    change_answer(call, status, kind, object);
    operation_begin(call, "Azure-AsyncOperation", "operationsStatus");
}

void thing_operation_removed(struct call *call)
{
    answer_empty(call, 202);
    operation_begin(call, "Location", "operationResults");
    call_header(call, "Retry-After", "1");
}

/* One poll; whether it is done. */
static bool operation_poll(json_t *operation)
{
    json_int_t left =
        json_integer_value(json_object_get(operation, "polls")) - 1;

    json_object_set_new(operation, "polls", json_integer(left > 0 ? left : 0));
    return left <= 0;
}

static const struct item *thing_end(struct call *call, enum kind kind,
    const struct item *item, const json_t *operation)
{
    json_t *object = item_json(item);
    bool fails = json_is_true(json_object_get(operation, "fails"));

    json_object_set_new(json_object_get(object, "properties"),
        "provisioningState", json_string(fails ? "Failed" : "Succeeded"));
    return change_store(call, kind, object);
}

static bool unfinished(const struct item *item)
{
    char *state = item_copy(item, "properties.provisioningState");
    bool so = strcmp(state, "Creating") == 0 || strcmp(state, "Updating") == 0;

    free(state);
    return so;
}

const struct item *thing_operation_settle(
    struct call *call, enum kind kind, const struct item *item)
{
    json_t *all = operations(call);
    const char *id;
    json_t *operation;

    if (!unfinished(item))
        return item;
    json_object_foreach(all, id, operation)
    {
        if (strcmp(member_text(operation, "path"), item->key) == 0 &&
            operation_poll(operation))
            return thing_end(call, kind, item, operation);
    }
    return item;
}

/* ---- asking about the operation itself ---- */

static json_t *operation_need(struct call *call)
{
    json_t *operation = json_object_get(operations(call), call->captures[2]);

    if (!operation)
        answer_error(call, 404, "NotFound",
            "The operation '%s' could not be found.", call->captures[2]);
    return operation;
}

static void operation_end(struct call *call, const json_t *operation)
{
    static const enum kind kinds[] = { KIND_RESOURCE, KIND_EXTENSION };
    const char *path = json_string_value(json_object_get(operation, "path"));

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct item *item =
            estate_find(&call->cloud->estate, kinds[i], path);

        if (item && unfinished(item))
            thing_end(call, kinds[i], item, operation);
    }
}

void thing_operation_status(struct call *call)
{
    json_t *operation = operation_need(call);
    bool done = operation && operation_poll(operation);
    bool fails = json_is_true(json_object_get(operation, "fails"));
    json_t *body;

    if (!operation)
        return;
    body = json_pack("{s:o, s:s, s:s}", "id",
        json_sprintf("%s%s", call->origin, call->target), "name",
        call->captures[2], "status",
        !done   ? "InProgress"
        : fails ? "Failed"
                : "Succeeded");
    if (done)
        operation_end(call, operation);
    if (done && fails)
        json_object_set_new(body, "error",
            json_pack("{s:s, s:s}", "code", "InternalServerError", "message",
                "The operation failed."));
    answer_json(call, 200, body);
    if (!done)
        call_header(call, "Retry-After", "1");
}

void thing_operation_result(struct call *call)
{
    json_t *operation = operation_need(call);

    if (!operation)
        return;
    if (operation_poll(operation)) {
        answer_empty(call, 204);
        return;
    }
    answer_empty(call, 202);
    call_header(call, "Location", "%s%s", call->origin, call->target);
    call_header(call, "Retry-After", "1");
}
