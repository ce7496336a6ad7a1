/* The Log Analytics query service: which workspace is asked, whether the
 * caller may, and its rows, which lie in the estate's "logs". */
#include "logs.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "cloud.h"
#include "handlers.h"

static const struct item *workspace_find(struct call *call)
{
    const struct table *table = &call->cloud->estate.tables[KIND_RESOURCE];
    const struct item *found = NULL;

    for (size_t i = 0; i < table->count && !found; i++) {
        const struct item *item = table->items[i];
        char *customer;

        if (strcmp(item->type, "microsoft.operationalinsights/workspaces") != 0)
            continue;
        customer = item_copy(item, "properties.customerId");
        if (text_same(customer, call->captures[0]))
            found = item;
        free(customer);
    }
    if (!found)
        answer_error(call, 404, "WorkspaceNotFoundError",
            "The workspace '%s' could not be found.", call->captures[0]);
    return found;
}

static bool workspace_open(struct call *call, const struct item *workspace)
{
    if (access_check(call->cloud->access, call_object_id(call), workspace->key,
            "Microsoft.OperationalInsights/workspaces/query/read",
            NULL) == ACCESS_GRANTED)
        return true;
    answer_error(call, 403, "InsufficientAccessError",
        "The provided credentials have insufficient access to perform the "
        "requested operation");
    return false;
}

/* By the workspace's name, so that an estate can be read. */
static json_t *workspace_rows(struct call *call, const struct item *workspace)
{
    return json_object_get(
        estate_member(&call->cloud->estate, "logs"), workspace->name);
}

static void query_answer(struct call *call, const char *text, json_t *rows)
{
    struct log_query query;

    if (log_query_run(&query, text, rows))
        answer_json(call, 200, query.answer);
    else
        answer_json(call, 400,
            json_pack("{s:{s:s, s:s, s:{s:s, s:s}}}", "error", "message",
                "The request had some invalid properties", "code",
                "BadArgumentError", "innererror", "code", "SyntaxError",
                "message", query.problem));
}

/* Without the right Content-Type the service answers, but with no body. */
static bool json_asked(const struct call *call)
{
    const char *type = call_asked(call, "Content-Type");

    return type && text_starts(type, "application/json");
}

void logs_query(struct call *call)
{
    const struct item *workspace = workspace_find(call);
    json_t *rows;
    json_t *body;
    const char *text;

    if (!workspace || !workspace_open(call, workspace))
        return;
    rows = workspace_rows(call, workspace);
    body = call_json(call);
    text = json_string_value(json_object_get(body, "query"));
    if (body && !json_asked(call))
        answer_empty(call, 200); /* as if there were nothing to say */
    else if (body && !text)
        answer_error(call, 400, "BadArgumentError",
            "The request had some invalid properties");
    else if (body && !rows)
        answer_empty(call, 204); /* nothing ever came in */
    else if (body)
        query_answer(call, text, rows);
    json_decref(body);
}
