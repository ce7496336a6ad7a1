/* Microsoft.ResourceGraph/resources: scope, access, query, page. The rows
 * that answer a query are kept until something changes, so that its second
 * page costs no second evaluation. */
#include "graph.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access.h"
#include "cloud.h"
#include "faults.h"
#include "graph_rows.h"
#include "handlers.h"
#include "kql.h"

#define TABLE_COUNT 3
#define RESULT_COUNT 8
#define TOP_STANDARD 100
#define TOP_MAX 1000
#define QUOTA 15
#define QUOTA_WINDOW_MS 5000

struct result {
    char *fingerprint; /* query, scope and caller */
    struct rows rows;
};

struct graph {
    struct rows tables[TABLE_COUNT];
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
    for (size_t i = 0; i < TABLE_COUNT; i++)
        rows_done(&graph->tables[i]);
    json_decref(graph->quota);
    free(graph);
}

void graph_freeze(struct graph *graph, const struct estate *estate)
{
    if (graph->frozen)
        return;
    for (size_t i = 0; i < TABLE_COUNT; i++)
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

/* What one request asks for. */
struct question {
    struct kql kql;
    const char *text;
    json_t *subscriptions; /* borrowed; NULL: not said */
    json_t *groups;
    bool above; /* what is assigned above the scope counts too */
    size_t top;
    size_t skip;
    bool as_table;
};

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

static bool list_has(json_t *list, const char *text, size_t length)
{
    size_t index;
    json_t *value;

    json_array_foreach(list, index, value)
    {
        const char *one = json_string_value(value);

        if (one && strlen(one) == length && strncasecmp(one, text, length) == 0)
            return true;
    }
    return false;
}

static bool in_groups(
    const struct estate *estate, const char *key, json_t *groups)
{
    char *subscription = id_subscription(key);
    char *start = subscription ? alloc_format("/subscriptions/%s", subscription)
                               : alloc_text(key);
    const struct item *group =
        estate_find(estate, KIND_MANAGEMENT_GROUP, start);
    bool found = false;

    if (!group)
        group = estate_parent(estate, start);
    for (; group && !found; group = estate_parent(estate, group->key))
        found = list_has(groups, group->name, strlen(group->name));
    free(subscription);
    free(start);
    return found;
}

static bool in_scope(
    struct call *call, const struct question *question, const struct item *item)
{
    static const char marker[] = "/subscriptions/";
    const char *at = item->key + strlen(marker);

    if (!question->subscriptions && !question->groups)
        return true;
    if (strncmp(item->key, marker, strlen(marker)) != 0 &&
        (question->above ||
            strcmp(item->type, "microsoft.authorization/roledefinitions") == 0))
        return true;
    if (question->groups)
        return in_groups(&call->cloud->estate, item->key, question->groups);
    return strncmp(item->key, marker, strlen(marker)) == 0 &&
           list_has(question->subscriptions, at, strcspn(at, "/"));
}

/* Rows come subscription by subscription; what holds for the whole of one and
 * for one type is asked once. */
struct reader {
    char subscription[64];
    char type[128];
    bool whole;
};

static bool reader_whole(
    struct reader *reader, struct call *call, const struct item *item)
{
    static const char marker[] = "/subscriptions/";
    size_t length = strlen(marker);
    char action[140];

    if (strncmp(item->key, marker, length) != 0)
        return false;
    length += strcspn(item->key + length, "/");
    if (length >= sizeof reader->subscription ||
        strlen(item->type) >= sizeof reader->type)
        return false;
    if (strlen(reader->subscription) == length &&
        memcmp(reader->subscription, item->key, length) == 0 &&
        strcmp(reader->type, item->type) == 0)
        return reader->whole;
    memcpy(reader->subscription, item->key, length);
    reader->subscription[length] = '\0';
    memcpy(reader->type, item->type, strlen(item->type) + 1);
    snprintf(action, sizeof action, "%s/read", item->type);
    reader->whole = access_whole(call->cloud->access, call_object_id(call),
        reader->subscription, action);
    return reader->whole;
}

static bool may_read(
    struct call *call, const struct question *question, const struct item *item)
{
    struct access *access = call->cloud->access;
    const char *who = call_object_id(call);
    char action[200];
    char *scope;
    bool below;

    if (strcmp(item->type, "microsoft.authorization/roledefinitions") == 0)
        return access_visible(access, who, "");
    snprintf(action, sizeof action, "%s/read", item->type);
    if (access_check(access, who, item->key, action, NULL) == ACCESS_GRANTED)
        return true;
    if (!question->above)
        return false;
    scope = id_scope(item->key);
    below = access_below(access, who, scope, action);
    free(scope);
    return below;
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
    struct reader reader = { 0 };

    out->items = alloc_grow(NULL, table->count, sizeof *out->items);
    out->generation = estate->generation;
    for (size_t i = 0; i < table->count; i++) {
        struct row_view view = { table->items[i], estate };
        struct kql_row row = { row_value, &view };

        if (in_scope(call, question, view.item) &&
            kql_matches(&question->kql, &row) &&
            (reader_whole(&reader, call, view.item) ||
                may_read(call, question, view.item)))
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
    char *text = alloc_format("%s\n%s\n%s\n%d\n%s", call_object_id(call),
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

static void put_value(
    struct buffer *out, const struct row_view *view, const char *path)
{
    char scratch[256];
    struct span value = row_value(view, path, scratch);

    buffer_put(out, value.at, value.length);
}

static void put_row(struct buffer *out, const struct row_view *view,
    const struct question *question)
{
    const struct kql *kql = &question->kql;
    size_t count = kql->column_count ? kql->column_count : ROW_COLUMN_COUNT;

    buffer_putc(out, question->as_table ? '[' : '{');
    for (size_t i = 0; i < count; i++) {
        const char *path =
            kql->column_count ? kql->columns[i].path : row_columns[i];

        if (i > 0)
            buffer_putc(out, ',');
        if (!question->as_table) {
            buffer_put_string(
                out, kql->column_count ? kql->columns[i].name : row_columns[i]);
            buffer_putc(out, ':');
        }
        put_value(out, view, path);
    }
    buffer_putc(out, question->as_table ? ']' : '}');
}

static void put_columns(struct buffer *out, const struct kql *kql)
{
    size_t count = kql->column_count ? kql->column_count : ROW_COLUMN_COUNT;

    for (size_t i = 0; i < count; i++) {
        const char *path =
            kql->column_count ? kql->columns[i].path : row_columns[i];

        buffer_puts(out, i ? ",{\"name\":" : "{\"name\":");
        buffer_put_string(out, kql->column_count ? kql->columns[i].name : path);
        buffer_putf(out, ",\"type\":\"%s\"}",
            row_is_object(path) ? "object" : "string");
    }
}

static bool has_id(const struct kql *kql)
{
    for (size_t i = 0; i < kql->column_count; i++)
        if (strcmp(kql->columns[i].name, "id") == 0)
            return true;
    return kql->column_count == 0;
}

static void answer_count(
    struct call *call, const struct question *question, size_t count)
{
    json_t *data =
        question->as_table
            ? json_pack("{s:[{s:s, s:s}], s:[[I]]}", "columns", "name", "Count",
                  "type", "integer", "rows", (json_int_t)count)
            : json_pack("[{s:I}]", "Count", (json_int_t)count);

    answer_json(call, 200,
        json_pack("{s:i, s:i, s:o, s:[], s:s}", "totalRecords", 1, "count", 1,
            "data", data, "facets", "resultTruncated", "false"));
}

/* The service's own tokens are base64 of such an object. */
static void put_token(struct buffer *out, size_t next, size_t top)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                 "rstuvwxyz0123456789+/";
    char *text = alloc_format(
        "{\"$id\":\"1\",\"MaxRows\":%zu,\"RowsToSkip\":%zu}", top, next);
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i += 3) {
        unsigned group = 0;

        for (size_t j = 0; j < 3; j++)
            group =
                group << 8 | (i + j < length ? (unsigned char)text[i + j] : 0u);
        for (size_t j = 0; j < 4; j++)
            buffer_putc(
                out, i + j > length ? '=' : digits[group >> (18 - 6 * j) & 63]);
    }
    free(text);
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool token_read(const char *token, size_t *next)
{
    struct buffer text = { 0 };
    unsigned bits = 0;
    int have = 0;
    const char *at;

    for (; *token && base64_digit(*token) >= 0; token++) {
        bits = bits << 6 | (unsigned)base64_digit(*token);
        have += 6;
        if (have >= 8) {
            have -= 8;
            buffer_putc(&text, (char)(bits >> have & 255));
        }
    }
    at = text.data ? strstr(text.data, "\"RowsToSkip\":") : NULL;
    if (at)
        *next = strtoul(at + strlen("\"RowsToSkip\":"), NULL, 10);
    buffer_done(&text);
    return at != NULL;
}

static void answer_rows(
    struct call *call, const struct question *question, const struct rows *rows)
{
    struct buffer *out = &call->answer;
    size_t first = question->skip < rows->count ? question->skip : rows->count;
    size_t last = rows->count - first > question->top ? first + question->top
                                                      : rows->count;
    bool more = last < rows->count;

    answer_empty(call, 200);
    buffer_putf(out, "{\"totalRecords\":%zu,\"count\":%zu,\"data\":%s",
        rows->count, last - first, question->as_table ? "{\"columns\":[" : "[");
    if (question->as_table) {
        put_columns(out, &question->kql);
        buffer_puts(out, "],\"rows\":[");
    }
    for (size_t i = first; i < last; i++) {
        struct row_view view = { rows->items[i], &call->cloud->estate };

        if (i > first)
            buffer_putc(out, ',');
        put_row(out, &view, question);
    }
    buffer_puts(out, question->as_table ? "]}" : "]");
    buffer_putf(out, ",\"facets\":[],\"resultTruncated\":\"%s\"",
        more && !has_id(&question->kql) ? "true" : "false");
    if (more && has_id(&question->kql)) {
        buffer_puts(out, ",\"$skipToken\":\"");
        put_token(out, last, question->top);
        buffer_putc(out, '"');
    }
    buffer_putc(out, '}');
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
    if (token && !token_read(token, &question->skip)) {
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
            answer_count(call, &question, rows->count);
        else
            answer_rows(call, &question, rows);
    }
    kql_done(&question.kql);
    free(problem);
    json_decref(body);
}
