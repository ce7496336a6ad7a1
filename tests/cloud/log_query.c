/* Reading queries over audit log rows and picking the rows; logs.h says which
 * queries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "buffer.h"
#include "log_inside.h"

#define TABLE "AZKVAuditLogs"

const struct log_column log_columns[LOG_COLUMN_COUNT] = {
    { "TimeGenerated", "datetime" },
    { "_ResourceId", "string" },
    { "OperationName", "string" },
    { "HttpStatusCode", "int" },
    { "ResultSignature", "string" },
    { "ResultType", "string" },
    { "DurationMs", "int" },
    { "CallerIpAddress", "string" },
    { "RequestUri", "string" },
    { "Id", "string" },
    { "Identity", "dynamic" },
    { "ClientInfo", "string" },
    { "TlsVersion", "string" },
};

bool log_fail(struct log_query *query, const char *what, const char *text)
{
    snprintf(query->problem, sizeof query->problem, "%s '%.80s'", what, text);
    return false;
}

const char *log_column_type(const char *name)
{
    for (size_t i = 0; i < LOG_COLUMN_COUNT; i++)
        if (strcmp(log_columns[i].name, name) == 0)
            return log_columns[i].type;
    return NULL;
}

/* ---- tokens ---- */

static void skip_space(struct log_query *query)
{
    query->at += strspn(query->at, " \t\r\n");
}

/* A name, a sign, or a text in quotes, which comes without them. */
bool log_word_take(struct log_query *query, char word[WORD_MAX])
{
    size_t length;

    skip_space(query);
    if (*query->at == '\'' || *query->at == '"') {
        char quote[2] = { *query->at, '\0' };

        length = strcspn(++query->at, quote);
        snprintf(word, WORD_MAX, "%.*s", (int)length, query->at);
        query->at += length + (query->at[length] != '\0');
        return true;
    }
    length = strspn(query->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
                               "UVWXYZ0123456789_~");
    if (length == 0)
        length = strspn(query->at, "=<>!~");
    if (length == 0 && *query->at)
        length = 1;
    snprintf(word, WORD_MAX, "%.*s", (int)length, query->at);
    query->at += length;
    return length > 0;
}

bool log_word_is(struct log_query *query, const char *wanted)
{
    const char *before = query->at;
    char word[WORD_MAX];

    if (log_word_take(query, word) && strcmp(word, wanted) == 0)
        return true;
    query->at = before;
    return false;
}

bool log_word_expect(struct log_query *query, const char *wanted)
{
    if (log_word_is(query, wanted))
        return true;
    skip_space(query);
    return log_fail(query, "The query could not be parsed near", query->at);
}

/* ---- where ---- */

static long long value_time(const char *text)
{
    struct tm parts = { 0 };

    return strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) ? timegm(&parts) : 0;
}

struct condition {
    char column[WORD_MAX];
    char sign[WORD_MAX];
    json_t *values; /* texts; a time is its seconds */
};

static bool text_ends(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t tail = strlen(end);

    return length >= tail && strcasecmp(text + length - tail, end) == 0;
}

static bool condition_value(
    const struct condition *condition, const char *have, const char *want)
{
    long long number = log_column_type(condition->column)[0] == 'd'
                           ? value_time(have)
                           : strtoll(have, NULL, 10);
    long long wanted = strtoll(want, NULL, 10);
    const char *sign = condition->sign;

    if (strcmp(sign, ">") == 0)
        return number > wanted;
    if (strcmp(sign, ">=") == 0)
        return number >= wanted;
    if (strcmp(sign, "<") == 0)
        return number < wanted;
    if (strcmp(sign, "=~") == 0 || strcmp(sign, "in~") == 0)
        return strcasecmp(have, want) == 0;
    if (strcmp(sign, "endswith") == 0)
        return text_ends(have, want);
    if (strcmp(sign, "contains") == 0)
        return text_holds(have, want);
    return strcmp(have, want) == 0;
}

static void value_text(json_t *value, char out[WORD_MAX])
{
    if (json_is_integer(value))
        snprintf(out, WORD_MAX, "%lld", (long long)json_integer_value(value));
    else
        snprintf(out, WORD_MAX, "%s",
            json_is_string(value) ? json_string_value(value) : "");
}

static bool condition_holds(const struct condition *condition, json_t *row)
{
    char have[WORD_MAX];
    bool found = false;
    size_t index;
    json_t *value;

    value_text(json_object_get(row, condition->column), have);
    json_array_foreach(condition->values, index, value) found =
        found || condition_value(condition, have, json_string_value(value));
    return strcmp(condition->sign, "!=") == 0 ? !found : found;
}

static bool sign_known(const char *sign)
{
    static const char *const signs[] = { "==", "!=", "=~", ">", ">=", "<", "in",
        "in~", "endswith", "contains" };

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(signs[i], sign) == 0)
            return true;
    return false;
}

/* ago(30d): seconds since 1970. */
static bool value_ago(struct log_query *query, char word[WORD_MAX])
{
    char *unit;
    long number;

    if (!log_word_expect(query, "(") || !log_word_take(query, word))
        return false;
    number = strtol(word, &unit, 10);
    snprintf(word, WORD_MAX, "%lld",
        (long long)time(NULL) -
            (long long)number * (*unit == 'd' ? 86400 : 3600));
    return log_word_expect(query, ")");
}

static bool value_add(struct log_query *query, struct condition *condition)
{
    char word[WORD_MAX];

    if (!log_word_take(query, word))
        return log_fail(query, "A value is missing behind", condition->sign);
    if (strcmp(word, "ago") == 0 && !value_ago(query, word))
        return false;
    json_array_append_new(condition->values, json_string(word));
    return true;
}

static bool condition_read(struct log_query *query, struct condition *condition)
{
    if (!log_word_take(query, condition->column) ||
        !log_column_type(condition->column))
        return log_fail(query, "Failed to resolve column", condition->column);
    if (!log_word_take(query, condition->sign) || !sign_known(condition->sign))
        return log_fail(query, "The operator is not known:", condition->sign);
    if (condition->sign[0] != 'i')
        return value_add(query, condition);
    if (!log_word_expect(query, "("))
        return false;
    do
        if (!value_add(query, condition))
            return false;
    while (log_word_is(query, ","));
    return log_word_expect(query, ")");
}

static void rows_keep(
    struct log_query *query, const struct condition *condition)
{
    json_t *kept = json_array();
    size_t index;
    json_t *row;

    json_array_foreach(query->rows, index,
        row) if (condition_holds(condition, row)) json_array_append(kept, row);
    json_decref(query->rows);
    query->rows = kept;
}

static bool stage_where(struct log_query *query)
{
    bool good = true;

    do {
        struct condition condition = { .values = json_array() };

        good = condition_read(query, &condition);
        if (good)
            rows_keep(query, &condition);
        json_decref(condition.values);
    } while (good && log_word_is(query, "and"));
    return good;
}

/* ---- the whole ---- */

static json_t *result_rows(struct log_query *query)
{
    json_t *table = json_array_get(json_object_get(query->answer, "tables"), 0);

    return query->answer ? json_object_get(table, "rows") : query->rows;
}

static bool stage_take(struct log_query *query)
{
    char word[WORD_MAX];
    json_t *rows = result_rows(query);
    size_t most;

    if (!log_word_take(query, word))
        return log_fail(query, "A number is missing behind", "take");
    most = strtoul(word, NULL, 10);
    while (json_array_size(rows) > most)
        json_array_remove(rows, json_array_size(rows) - 1);
    return true;
}

static bool stage_run(struct log_query *query)
{
    static const struct {
        const char *name;
        bool (*run)(struct log_query *query);
        bool shapes; /* possible once, before any other that shapes */
    } stages[] = { { "where", stage_where, true },
        { "summarize", log_stage_summarize, true },
        { "project", log_stage_project, true }, { "take", stage_take, false } };

    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (log_word_is(query, stages[i].name))
            return stages[i].shapes && query->answer
                       ? log_fail(query,
                             "Not possible behind summarize:", stages[i].name)
                       : stages[i].run(query);
    skip_space(query);
    return log_fail(query, "The query operator is not known near", query->at);
}

bool log_query_run(struct log_query *query, const char *text, json_t *rows)
{
    bool good;

    *query = (struct log_query){ .at = text, .rows = json_copy(rows) };
    good = log_word_expect(query, TABLE);
    skip_space(query);
    while (good && *query->at) {
        good = log_word_expect(query, "|") && stage_run(query);
        skip_space(query);
    }
    if (good && !query->answer)
        log_project_all(query);
    json_decref(query->rows);
    query->rows = NULL;
    if (!good)
        json_decref(query->answer);
    return good;
}
