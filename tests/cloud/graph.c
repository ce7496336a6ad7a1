/* Microsoft.ResourceGraph/resources: query, page, quota. The rows that answer
 * a query are kept until something changes, so that its second page costs no
 * second evaluation. */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "cloud.h"
#include "faults.h"
#include "graph_scope.h"
#include "handlers.h"

#define RESULT_COUNT 24
#define TOP_STANDARD 100
#define TOP_MAX 1000
#define QUOTA 15
#define QUOTA_WINDOW_MS 5000

struct result {
    char *fingerprint; /* query, scope, caller and what is left out */
    struct rows rows;
};

struct graph {
    struct rows tables[KQL_TABLE_COUNT];
    struct result results[RESULT_COUNT];
    size_t next_result;
    bool frozen;
    unsigned long epoch; /* grows when frozen or thawed */
    json_t *quota;       /* object id to [window start, queries in it] */
};

struct graph *graph_new(void)
{
    struct graph *graph = alloc_zero(1, sizeof *graph);

    graph->quota = json_object();
    return graph;
}

static void results_drop(struct graph *graph)
{
    for (size_t i = 0; i < RESULT_COUNT; i++) {
        rows_done(&graph->results[i].rows);
        free(graph->results[i].fingerprint);
        graph->results[i].fingerprint = NULL;
    }
}

void graph_free(struct graph *graph)
{
    if (!graph)
        return;
    results_drop(graph);
    for (size_t i = 0; i < KQL_TABLE_COUNT; i++)
        rows_done(&graph->tables[i]);
    json_decref(graph->quota);
    free(graph);
}

void graph_freeze(struct graph *graph, const struct estate *estate)
{
    if (graph->frozen)
        return;
    for (size_t i = 0; i < KQL_TABLE_COUNT; i++)
        rows_take(&graph->tables[i], estate, (enum kql_table)i);
    results_drop(graph);
    graph->frozen = true;
}

void graph_thaw(struct graph *graph)
{
    if (graph->frozen)
        results_drop(graph);
    graph->frozen = false;
}

static const struct rows *graph_table(
    struct graph *graph, const struct estate *estate, enum kql_table table)
{
    struct rows *rows = &graph->tables[table];

    if (!graph->frozen && rows->generation != estate->generation)
        rows_take(rows, estate, table);
    return rows;
}

static void graph_refuse(struct call *call, unsigned status, const char *code,
    const char *inner, const char *message)
{
    char when[40];
    char *correlation = guid_new();
    char *text;

    time_now_text(when);
    text = alloc_format("Please provide below info when asking for support: "
                        "timestamp = %s, correlationId = %s.",
        when, correlation);
    answer_json(call, status,
        json_pack("{s:{s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}]}}", "error", "code",
            code, "message", text, "details", "code", inner, "message",
            "Query is invalid. Please refer to the documentation for the "
            "Azure Resource Graph service and fix the error before retrying.",
            "code", "ParserFailure", "message", message));
    free(text);
    free(correlation);
}

struct sort_row {
    char *value;
    struct item *item;
};

static int sort_order(const void *a, const void *b)
{
    const struct sort_row *left = a;
    const struct sort_row *right = b;
    int order = strcasecmp(left->value, right->value);

    return order ? order : strcmp(left->item->key, right->item->key);
}

static void result_reverse(struct rows *rows)
{
    for (size_t i = 0; i < rows->count / 2; i++) {
        struct item *kept = rows->items[i];

        rows->items[i] = rows->items[rows->count - 1 - i];
        rows->items[rows->count - 1 - i] = kept;
    }
}

static void result_sort_by(
    struct rows *rows, const char *path, const struct estate *estate)
{
    struct sort_row *sorted = alloc_zero(rows->count, sizeof *sorted);

    for (size_t i = 0; i < rows->count; i++) {
        struct row_view view = { rows->items[i], estate };
        char scratch[256];

        sorted[i] = (struct sort_row){
            .value = scan_copy(row_value(&view, path, scratch)),
            .item = rows->items[i],
        };
    }
    qsort(sorted, rows->count, sizeof *sorted, sort_order);
    for (size_t i = 0; i < rows->count; i++) {
        rows->items[i] = sorted[i].item;
        free(sorted[i].value);
    }
    free(sorted);
}

/* By id the rows are in order already, upwards. */
static void result_sort(
    struct rows *rows, const struct kql *kql, const struct estate *estate)
{
    if (!kql->order || rows->count == 0)
        return;
    if (strcmp(kql->order, "id") != 0)
        result_sort_by(rows, kql->order, estate);
    if (kql->descending)
        result_reverse(rows);
}

static void result_fill(
    struct call *call, const struct question *question, struct rows *out)
{
    const struct estate *estate = &call->cloud->estate;
    const struct rows *table =
        graph_table(call->cloud->graph, estate, question->kql.table);
    struct graph_reader reader = { 0 };

    out->items = alloc_grow(NULL, table->count, sizeof *out->items);
    out->generation = estate->generation;
    for (size_t i = 0; i < table->count; i++) {
        struct row_view view = { table->items[i], estate };
        struct kql_row row = { row_value, &view };

        if (graph_in_scope(call, question, view.item) &&
            kql_matches(&question->kql, &row) &&
            graph_may_read(&reader, call, question, view.item))
            out->items[out->count++] = item_ref(table->items[i]);
    }
    result_sort(out, &question->kql, estate);
    while (question->kql.take >= 0 && out->count > (size_t)question->kql.take)
        item_free(out->items[--out->count]);
}

static char *question_fingerprint(
    struct call *call, const struct question *question)
{
    char *subscriptions = json_dumps(question->subscriptions, JSON_COMPACT);
    char *groups = json_dumps(question->groups, JSON_COMPACT);
    char *text = alloc_format("%s\n%s\n%s\n%s\n%d\n%s", call_object_id(call),
        call->effects[FAULT_PARTIAL_GRAPH].text,
        subscriptions ? subscriptions : "", groups ? groups : "",
        question->above, question->text);

    free(subscriptions);
    free(groups);
    return text;
}

static const struct rows *question_answer(
    struct call *call, const struct question *question)
{
    struct graph *graph = call->cloud->graph;
    char *fingerprint = question_fingerprint(call, question);
    struct result *result = NULL;

    for (size_t i = 0; i < RESULT_COUNT && !result; i++)
        if (graph->results[i].fingerprint &&
            strcmp(graph->results[i].fingerprint, fingerprint) == 0)
            result = &graph->results[i];
    if (result && result->rows.generation == call->cloud->estate.generation) {
        free(fingerprint);
        return &result->rows;
    }
    if (!result)
        result = &graph->results[graph->next_result++ % RESULT_COUNT];
    free(result->fingerprint);
    rows_done(&result->rows);
    result->fingerprint = fingerprint;
    result_fill(call, question, &result->rows);
    return &result->rows;
}

static bool columns_known(const struct kql *kql, char **problem)
{
    for (size_t i = 0; i < kql->column_count; i++)
        if (!row_has_column(kql->columns[i].path)) {
            *problem = alloc_format("'project' operator: Failed to resolve "
                                    "scalar expression named '%s'",
                kql->columns[i].path);
            return false;
        }
    return true;
}

static json_t *list_member(json_t *body, const char *name)
{
    json_t *list = json_object_get(body, name);

    return json_array_size(list) > 0 ? list : NULL;
}

static bool question_options(
    struct question *question, struct call *call, json_t *options)
{
    const char *version = call_query(call, "api-version");
    json_t *top = json_object_get(options, "$top");
    json_t *skip = json_object_get(options, "$skip");
    const char *token =
        json_string_value(json_object_get(options, "$skipToken"));
    const char *format =
        json_string_value(json_object_get(options, "resultFormat"));
    const char *filter =
        json_string_value(json_object_get(options, "authorizationScopeFilter"));

    question->top = top ? (size_t)json_integer_value(top) : TOP_STANDARD;
    question->skip = skip ? (size_t)json_integer_value(skip) : 0;
    question->as_table = format ? text_same(format, "table")
                                : version && strcmp(version, "2020") < 0;
    question->above = filter && (text_same(filter, "AtScopeAndAbove") ||
                                    text_same(filter, "AtScopeAboveAndBelow"));
    if (question->top < 1 || question->top > TOP_MAX) {
        graph_refuse(call, 400, "BadRequest", "InvalidQuery",
            "The value of $top must be between 1 and 1000.");
        return false;
    }
    if (token && !graph_token_read(token, &question->skip)) {
        graph_refuse(call, 400, "BadRequest", "InvalidSkipToken",
            "The skip token is not valid.");
        return false;
    }
    return true;
}

/* Unknown subscriptions give 400; none that the caller can read, 403. */
static bool scope_check(struct call *call, const struct question *question)
{
    const struct estate *estate = &call->cloud->estate;
    bool known = false;
    bool readable = false;
    size_t index;
    json_t *value;

    if (!question->subscriptions)
        return true;
    json_array_foreach(question->subscriptions, index, value)
    {
        char *id = alloc_format("/subscriptions/%s",
            json_string_value(value) ? json_string_value(value) : "");

        if (estate_find(estate, KIND_SUBSCRIPTION, id)) {
            known = true;
            readable = readable || access_visible(call->cloud->access,
                                       call_object_id(call), id);
        }
        free(id);
    }
    if (!known)
        graph_refuse(call, 400, "BadRequest",
            "NoValidSubscriptionsInQueryRequest",
            "There must be at least one subscription that is eligible to "
            "contain resources.");
    else if (!readable)
        graph_refuse(call, 403, "Forbidden", "AuthorizationFailed",
            "The client does not have authorization to read any of the given "
            "subscriptions.");
    return known && readable;
}

static long quota_left(struct call *call)
{
    json_t *quota = call->cloud->graph->quota;
    json_t *entry = json_object_get(quota, call_object_id(call));
    long long now_ms = time_monotonic_ms();
    json_int_t used = 0;

    if (entry &&
        now_ms - json_integer_value(json_array_get(entry, 0)) < QUOTA_WINDOW_MS)
        used = json_integer_value(json_array_get(entry, 1));
    else
        json_object_set_new(quota, call_object_id(call),
            json_pack("[I, i]", (json_int_t)now_ms, 0));
    entry = json_object_get(quota, call_object_id(call));
    json_array_set_new(entry, 1, json_integer(used + 1));
    return QUOTA - 1 - (long)used;
}

static bool quota_check(struct call *call)
{
    long left = faults_have(call->cloud->faults, FAULT_GRAPH_QUOTA)
                    ? quota_left(call)
                    : QUOTA - 1;

    call_header(call, "x-ms-user-quota-remaining", "%ld", left > 0 ? left : 0);
    call_header(call, "x-ms-user-quota-resets-after", "00:00:05");
    if (left >= 0)
        return true;
    answer_error(call, 429, "RateLimiting",
        "Please provide below info when asking for support: client "
        "application has been throttled.");
    call_header(call, "Retry-After", "5");
    return false;
}

void graph_query(struct call *call)
{
    struct question question = { 0 };
    json_t *body = NULL;
    char *problem = NULL;

    if (!quota_check(call))
        return;
    body = call_json(call);
    if (!body)
        return;
    question.text = json_string_value(json_object_get(body, "query"));
    question.subscriptions = list_member(body, "subscriptions");
    question.groups = list_member(body, "managementGroups");
    if (!question.text)
        graph_refuse(
            call, 400, "BadRequest", "InvalidQuery", "The query is missing.");
    else if (!kql_parse(&question.kql, question.text, &problem) ||
             !columns_known(&question.kql, &problem))
        graph_refuse(call, 400, "BadRequest", "InvalidQuery", problem);
    else if (question_options(
                 &question, call, json_object_get(body, "options")) &&
             scope_check(call, &question)) {
        const struct rows *rows = question_answer(call, &question);

        if (question.kql.count)
            graph_answer_count(call, &question, rows->count);
        else
            graph_answer_rows(call, &question, rows);
    }
    kql_done(&question.kql);
    free(problem);
    json_decref(body);
}
