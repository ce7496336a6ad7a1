/* Evaluating queries over audit log rows; logs.h says which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "buffer.h"
#include "logs.h"

#define TABLE "AZKVAuditLogs"
#define WORD_MAX 300

static const struct {
    const char *name;
    const char *type;
} columns[] = {
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
#define COLUMN_COUNT (sizeof columns / sizeof *columns)

static bool fail(struct log_query *query, const char *what, const char *text)
{
    snprintf(query->problem, sizeof query->problem, "%s '%.80s'", what, text);
    return false;
}

static const char *column_type(const char *name)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (strcmp(columns[i].name, name) == 0)
            return columns[i].type;
    return NULL;
}

/* ---- tokens ---- */

static void skip_space(struct log_query *query)
{
    query->at += strspn(query->at, " \t\r\n");
}

/* A name, a sign, or a text in quotes, which comes without them. */
static bool word_take(struct log_query *query, char word[WORD_MAX])
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

static bool word_is(struct log_query *query, const char *wanted)
{
    const char *before = query->at;
    char word[WORD_MAX];

    if (word_take(query, word) && strcmp(word, wanted) == 0)
        return true;
    query->at = before;
    return false;
}

static bool word_expect(struct log_query *query, const char *wanted)
{
    if (word_is(query, wanted))
        return true;
    skip_space(query);
    return fail(query, "The query could not be parsed near", query->at);
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
    long long number = column_type(condition->column)[0] == 'd'
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

    if (!word_expect(query, "(") || !word_take(query, word))
        return false;
    number = strtol(word, &unit, 10);
    snprintf(word, WORD_MAX, "%lld",
        (long long)time(NULL) -
            (long long)number * (*unit == 'd' ? 86400 : 3600));
    return word_expect(query, ")");
}

static bool value_add(struct log_query *query, struct condition *condition)
{
    char word[WORD_MAX];

    if (!word_take(query, word))
        return fail(query, "A value is missing behind", condition->sign);
    if (strcmp(word, "ago") == 0 && !value_ago(query, word))
        return false;
    json_array_append_new(condition->values, json_string(word));
    return true;
}

static bool condition_read(struct log_query *query, struct condition *condition)
{
    if (!word_take(query, condition->column) || !column_type(condition->column))
        return fail(query, "Failed to resolve column", condition->column);
    if (!word_take(query, condition->sign) || !sign_known(condition->sign))
        return fail(query, "The operator is not known:", condition->sign);
    if (condition->sign[0] != 'i')
        return value_add(query, condition);
    if (!word_expect(query, "("))
        return false;
    do
        if (!value_add(query, condition))
            return false;
    while (word_is(query, ","));
    return word_expect(query, ")");
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
    } while (good && word_is(query, "and"));
    return good;
}

/* ---- summarize and project ---- */

static json_t *columns_read(struct log_query *query)
{
    json_t *list = json_array();
    char word[WORD_MAX];

    do {
        if (!word_take(query, word) || !column_type(word)) {
            fail(query, "Failed to resolve column", word);
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, json_string(word));
    } while (word_is(query, ","));
    return list;
}

static void answer_new(
    struct log_query *query, json_t *names, json_t *types, json_t *rows)
{
    json_t *list = json_array();
    size_t index;
    json_t *name;

    json_array_foreach(names, index, name)
        json_array_append_new(list, json_pack("{s:O, s:O}", "name", name,
                                        "type", json_array_get(types, index)));
    query->answer = json_pack("{s:[{s:s, s:o, s:o}]}", "tables", "name",
        "PrimaryResult", "columns", list, "rows", rows);
    json_decref(names);
    json_decref(types);
}

static json_t *row_pick(json_t *row, json_t *names)
{
    json_t *picked = json_array();
    size_t index;
    json_t *name;

    json_array_foreach(names, index, name)
    {
        json_t *value = json_object_get(row, json_string_value(name));

        json_array_append_new(picked, value ? json_incref(value) : json_null());
    }
    return picked;
}

static json_t *types_of(json_t *names)
{
    json_t *types = json_array();
    size_t index;
    json_t *name;

    json_array_foreach(names, index, name) json_array_append_new(
        types, json_string(column_type(json_string_value(name))));
    return types;
}

static bool project_as(struct log_query *query, json_t *names)
{
    json_t *rows = json_array();
    size_t index;
    json_t *row;

    json_array_foreach(query->rows, index, row)
        json_array_append_new(rows, row_pick(row, names));
    answer_new(query, names, types_of(names), rows);
    return true;
}

static bool stage_project(struct log_query *query)
{
    json_t *names = columns_read(query);

    return names && project_as(query, names);
}

/* Groups are kept in an object by the text of what they have in common. */
static json_t *groups_make(struct log_query *query, json_t *names)
{
    json_t *groups = json_object();
    size_t index;
    json_t *row;

    json_array_foreach(query->rows, index, row)
    {
        json_t *common = row_pick(row, names);
        char *key = json_dumps(common, JSON_COMPACT);
        json_t *group = json_object_get(groups, key);
        json_t *when = json_object_get(row, "TimeGenerated");

        if (!group) {
            group = json_pack(
                "{s:O, s:i, s:s}", "common", common, "count", 0, "last", "");
            json_object_set_new(groups, key, group);
        }
        json_object_set_new(group, "count",
            json_integer(
                json_integer_value(json_object_get(group, "count")) + 1));
        if (json_is_string(when) &&
            strcmp(json_string_value(json_object_get(group, "last")),
                json_string_value(when)) < 0)
            json_object_set(group, "last", when);
        json_decref(common);
        free(key);
    }
    return groups;
}

struct aggregate {
    char name[WORD_MAX];
    bool count; /* else the last time */
};

static bool aggregate_read(struct log_query *query, struct aggregate *out)
{
    char word[WORD_MAX];

    if (!word_take(query, out->name) || !word_expect(query, "=") ||
        !word_take(query, word) || !word_expect(query, "("))
        return false;
    out->count = strcmp(word, "count") == 0;
    if (!out->count && strcmp(word, "max") != 0)
        return fail(query, "The function is not known:", word);
    if (!out->count && !word_expect(query, "TimeGenerated"))
        return false;
    return word_expect(query, ")");
}

static bool summarize_as(struct log_query *query,
    const struct aggregate *aggregates, size_t count, json_t *names)
{
    json_t *groups = groups_make(query, names);
    json_t *types = types_of(names);
    json_t *rows = json_array();
    const char *key;
    json_t *group;

    json_object_foreach(groups, key, group)
    {
        json_t *row = json_copy(json_object_get(group, "common"));

        for (size_t i = 0; i < count; i++)
            json_array_append(row,
                json_object_get(group, aggregates[i].count ? "count" : "last"));
        json_array_append_new(rows, row);
    }
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(names, json_string(aggregates[i].name));
        json_array_append_new(
            types, json_string(aggregates[i].count ? "long" : "datetime"));
    }
    json_decref(groups);
    answer_new(query, names, types, rows);
    return true;
}

static bool stage_summarize(struct log_query *query)
{
    struct aggregate aggregates[4];
    size_t count = 0;
    json_t *names;

    do {
        if (count == 4)
            return fail(query, "Too many aggregates near", query->at);
        if (!aggregate_read(query, &aggregates[count++]))
            return false;
    } while (word_is(query, ","));
    if (!word_expect(query, "by"))
        return false;
    names = columns_read(query);
    return names && summarize_as(query, aggregates, count, names);
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

    if (!word_take(query, word))
        return fail(query, "A number is missing behind", "take");
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
        { "summarize", stage_summarize, true },
        { "project", stage_project, true }, { "take", stage_take, false } };

    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
        if (word_is(query, stages[i].name))
            return stages[i].shapes && query->answer
                       ? fail(query,
                             "Not possible behind summarize:", stages[i].name)
                       : stages[i].run(query);
    skip_space(query);
    return fail(query, "The query operator is not known near", query->at);
}

bool log_query_run(struct log_query *query, const char *text, json_t *rows)
{
    bool good;

    *query = (struct log_query){ .at = text, .rows = json_copy(rows) };
    good = word_expect(query, TABLE);
    skip_space(query);
    while (good && *query->at) {
        good = word_expect(query, "|") && stage_run(query);
        skip_space(query);
    }
    if (good && !query->answer) {
        json_t *names = json_array();

        for (size_t i = 0; i < COLUMN_COUNT; i++)
            json_array_append_new(names, json_string(columns[i].name));
        project_as(query, names);
    }
    json_decref(query->rows);
    query->rows = NULL;
    if (!good)
        json_decref(query->answer);
    return good;
}
