/* The stages that make an answer of the rows of a log query. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log_inside.h"

/* Behind "Name =": only tostring() of a column of that name. */
static bool cast_read(struct log_query *query, const char *column)
{
    return log_word_expect(query, "tostring") && log_word_expect(query, "(") &&
           log_word_expect(query, column) && log_word_expect(query, ")");
}

/* A column, or "Name = tostring(Name)", which a group by a dynamic one takes. */
static bool column_read(struct log_query *query, char word[WORD_MAX])
{
    if (!log_word_take(query, word) || !log_column_type(word))
        return log_fail(query, "Failed to resolve column", word);
    return !log_word_is(query, "=") || cast_read(query, word);
}

static json_t *columns_read(struct log_query *query)
{
    json_t *list = json_array();
    char word[WORD_MAX];

    do {
        if (!column_read(query, word)) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, json_string(word));
    } while (log_word_is(query, ","));
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
        types, json_string(log_column_type(json_string_value(name))));
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

bool log_stage_project(struct log_query *query)
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

    if (!log_word_take(query, out->name) || !log_word_expect(query, "=") ||
        !log_word_take(query, word) || !log_word_expect(query, "("))
        return false;
    out->count = strcmp(word, "count") == 0;
    if (!out->count && strcmp(word, "max") != 0)
        return log_fail(query, "The function is not known:", word);
    if (!out->count && !log_word_expect(query, "TimeGenerated"))
        return false;
    return log_word_expect(query, ")");
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

bool log_stage_summarize(struct log_query *query)
{
    struct aggregate aggregates[4];
    size_t count = 0;
    json_t *names;

    do {
        if (count == 4)
            return log_fail(query, "Too many aggregates near", query->at);
        if (!aggregate_read(query, &aggregates[count++]))
            return false;
    } while (log_word_is(query, ","));
    if (!log_word_expect(query, "by"))
        return false;
    names = columns_read(query);
    return names && summarize_as(query, aggregates, count, names);
}

void log_project_all(struct log_query *query)
{
    json_t *names = json_array();

    for (size_t i = 0; i < LOG_COLUMN_COUNT; i++)
        json_array_append_new(names, json_string(log_columns[i].name));
    project_as(query, names);
}
