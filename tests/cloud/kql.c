/* Parsing and evaluating the small query language. What it does not know it
 * refuses; it never guesses. */
#include "kql.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buffer.h"

enum comparison {
    CMP_EQUAL,
    CMP_NOT_EQUAL,
    CMP_SAME,
    CMP_NOT_SAME,
    CMP_IN,
    CMP_IN_SAME,
    CMP_CONTAINS,
    CMP_NOT_CONTAINS,
    CMP_STARTS,
};

static const struct {
    const char *name;
    enum comparison comparison;
} comparisons[] = {
    { "==", CMP_EQUAL },
    { "!=", CMP_NOT_EQUAL },
    { "=~", CMP_SAME },
    { "!~", CMP_NOT_SAME },
    { "in~", CMP_IN_SAME },
    { "in", CMP_IN },
    { "contains", CMP_CONTAINS },
    { "!contains", CMP_NOT_CONTAINS },
    { "startswith", CMP_STARTS },
};

enum node_kind {
    NODE_AND,
    NODE_OR,
    NODE_COMPARE,
};

struct kql_node {
    enum node_kind kind;
    struct kql_node *left;
    struct kql_node *right;
    enum comparison comparison;
    char *path;
    char **literals;
    size_t literal_count;
};

/* The text being read and the token that comes next. */
struct parser {
    const char *at;
    char *token; /* "" at the end */
    bool literal;
    char *problem;
};

static void parser_fail(struct parser *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void parser_fail(struct parser *parser, const char *format, ...)
{
    va_list args;

    if (parser->problem)
        return;
    va_start(args, format);
    if (vasprintf(&parser->problem, format, args) < 0)
        parser->problem = NULL;
    va_end(args);
}

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$' ||
           c == '-';
}

static void parser_quoted(struct parser *parser)
{
    char quote = *parser->at++;
    struct buffer text = { 0 };

    while (*parser->at && *parser->at != quote) {
        if (*parser->at == '\\' && parser->at[1])
            parser->at++;
        buffer_putc(&text, *parser->at++);
    }
    if (*parser->at == quote)
        parser->at++;
    else
        parser_fail(parser, "A string is not closed.");
    parser->token = buffer_take(&text);
    parser->literal = true;
}

static void parser_next(struct parser *parser)
{
    static const char *const signs[] = { "==", "!=", "=~", "!~" };
    size_t length = 0;

    free(parser->token);
    parser->token = NULL;
    parser->literal = false;
    while (isspace((unsigned char)*parser->at))
        parser->at++;
    if (*parser->at == '\'' || *parser->at == '"') {
        parser_quoted(parser);
        return;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncmp(parser->at, signs[i], 2) == 0)
            length = 2;
    if (length == 0 && *parser->at == '!')
        length = 1;
    if (length < 2)
        while (word_char(parser->at[length]))
            length++;
    if (length > 0 && length < 4 && parser->at[length] == '~' &&
        strncasecmp(parser->at, "in", 2) == 0)
        length++;
    if (length == 0 && *parser->at)
        length = 1;
    parser->token = alloc_slice(parser->at, length);
    parser->at += length;
}

static bool parser_is(const struct parser *parser, const char *word)
{
    return !parser->literal && strcasecmp(parser->token, word) == 0;
}

static bool parser_take(struct parser *parser, const char *word)
{
    if (!parser_is(parser, word))
        return false;
    parser_next(parser);
    return true;
}

static void parser_expect(struct parser *parser, const char *word)
{
    if (!parser_take(parser, word))
        parser_fail(parser, "Expected '%s' at '%s'.", word, parser->token);
}

/* A name such as properties.scope, also written tostring(properties.scope) or
 * tags['owner']. */
static char *parse_path(struct parser *parser)
{
    bool wrapped = parser_take(parser, "tostring");
    char *path;

    if (wrapped)
        parser_expect(parser, "(");
    if (parser->literal || !(isalpha((unsigned char)*parser->token) ||
                               *parser->token == '_' || *parser->token == '$'))
        parser_fail(parser, "Expected a column at '%s'.", parser->token);
    path = alloc_text(parser->token);
    parser_next(parser);
    while (parser_take(parser, "[")) {
        char *longer = alloc_format("%s.%s", path, parser->token);

        if (!parser->literal)
            parser_fail(parser, "Expected a string in brackets.");
        free(path);
        path = longer;
        parser_next(parser);
        parser_expect(parser, "]");
    }
    if (wrapped)
        parser_expect(parser, ")");
    return path;
}

static void literal_add(struct parser *parser, struct kql_node *node)
{
    bool plain = parser->literal || isdigit((unsigned char)*parser->token) ||
                 *parser->token == '-' || parser_is(parser, "true") ||
                 parser_is(parser, "false");

    if (!plain)
        parser_fail(parser, "Expected a literal at '%s'.", parser->token);
    node->literals = alloc_grow(
        node->literals, node->literal_count + 1, sizeof *node->literals);
    node->literals[node->literal_count++] = alloc_text(parser->token);
    parser_next(parser);
}

static struct kql_node *node_new(enum node_kind kind)
{
    struct kql_node *node = alloc_zero(1, sizeof *node);

    node->kind = kind;
    return node;
}

static struct kql_node *parse_compare(struct parser *parser)
{
    struct kql_node *node = node_new(NODE_COMPARE);
    size_t i = 0;

    node->path = parse_path(parser);
    while (i < sizeof comparisons / sizeof *comparisons &&
           !parser_is(parser, comparisons[i].name))
        i++;
    if (i == sizeof comparisons / sizeof *comparisons) {
        parser_fail(
            parser, "The operator '%s' is not supported.", parser->token);
        return node;
    }
    node->comparison = comparisons[i].comparison;
    parser_next(parser);
    if (node->comparison != CMP_IN && node->comparison != CMP_IN_SAME) {
        literal_add(parser, node);
        return node;
    }
    parser_expect(parser, "(");
    do
        literal_add(parser, node);
    while (!parser->problem && parser_take(parser, ","));
    parser_expect(parser, ")");
    return node;
}

static struct kql_node *parse_or(struct parser *parser, int depth);

static struct kql_node *parse_operand(struct parser *parser, int depth)
{
    struct kql_node *node;

    if (depth > 40) {
        parser_fail(parser, "The expression is nested too deeply.");
        return node_new(NODE_COMPARE);
    }
    if (!parser_take(parser, "("))
        return parse_compare(parser);
    node = parse_or(parser, depth + 1);
    parser_expect(parser, ")");
    return node;
}

static struct kql_node *node_join(
    enum node_kind kind, struct kql_node *left, struct kql_node *right)
{
    struct kql_node *node = node_new(kind);

    node->left = left;
    node->right = right;
    return node;
}

static struct kql_node *parse_and(struct parser *parser, int depth)
{
    struct kql_node *node = parse_operand(parser, depth);

    while (!parser->problem && parser_take(parser, "and"))
        node = node_join(NODE_AND, node, parse_operand(parser, depth));
    return node;
}

static struct kql_node *parse_or(struct parser *parser, int depth)
{
    struct kql_node *node = parse_and(parser, depth);

    while (!parser->problem && parser_take(parser, "or"))
        node = node_join(NODE_OR, node, parse_and(parser, depth));
    return node;
}

static void parse_project(struct parser *parser, struct kql *kql)
{
    do {
        struct kql_column column;

        column.path = parse_path(parser);
        if (parser_take(parser, "=")) {
            column.name = column.path;
            column.path = parse_path(parser);
        } else {
            column.name = alloc_text(column.path);
            /* Kusto names properties.scope "properties_scope". */
            for (char *dot = column.name; *dot; dot++)
                if (*dot == '.')
                    *dot = '_';
        }
        kql->columns = alloc_grow(
            kql->columns, kql->column_count + 1, sizeof *kql->columns);
        kql->columns[kql->column_count++] = column;
    } while (!parser->problem && parser_take(parser, ","));
}

static void parse_number(struct parser *parser, long *out)
{
    char *end = NULL;

    *out = strtol(parser->token, &end, 10);
    if (parser->literal || end == parser->token || *end || *out < 0)
        parser_fail(parser, "Expected a number at '%s'.", parser->token);
    parser_next(parser);
}

static void parse_order(struct parser *parser, struct kql *kql)
{
    parser_expect(parser, "by");
    free(kql->order);
    kql->order = parse_path(parser);
    /* Kusto sorts downwards unless told otherwise. */
    kql->descending = !parser_take(parser, "asc");
    parser_take(parser, "desc");
}

static void parse_stage(struct parser *parser, struct kql *kql)
{
    if (parser_take(parser, "where")) {
        struct kql_node *node = parse_or(parser, 0);

        kql->where = kql->where ? node_join(NODE_AND, kql->where, node) : node;
    } else if (parser_take(parser, "project")) {
        parse_project(parser, kql);
    } else if (parser_take(parser, "order") || parser_take(parser, "sort")) {
        parse_order(parser, kql);
    } else if (parser_take(parser, "take") || parser_take(parser, "limit")) {
        parse_number(parser, &kql->take);
    } else if (parser_take(parser, "count")) {
        kql->count = true;
    } else {
        parser_fail(
            parser, "The operator '%s' is not supported.", parser->token);
    }
}

static void parse_table(struct parser *parser, struct kql *kql)
{
    static const char *const names[] = {
        [KQL_RESOURCES] = "resources",
        [KQL_CONTAINERS] = "resourcecontainers",
        [KQL_AUTHORIZATION] = "authorizationresources",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (parser_take(parser, names[i])) {
            kql->table = (enum kql_table)i;
            return;
        }
    parser_fail(parser, "The table '%s' is not known.", parser->token);
}

bool kql_parse(struct kql *kql, const char *text, char **problem)
{
    struct parser parser = { .at = text };

    *kql = (struct kql){ .take = -1 };
    parser_next(&parser);
    parse_table(&parser, kql);
    while (!parser.problem && *parser.token) {
        parser_expect(&parser, "|");
        if (!parser.problem)
            parse_stage(&parser, kql);
    }
    free(parser.token);
    *problem = parser.problem;
    if (parser.problem)
        kql_done(kql);
    return !parser.problem;
}

static void node_free(struct kql_node *node)
{
    if (!node)
        return;
    node_free(node->left);
    node_free(node->right);
    for (size_t i = 0; i < node->literal_count; i++)
        free(node->literals[i]);
    free(node->literals);
    free(node->path);
    free(node);
}

void kql_done(struct kql *kql)
{
    node_free(kql->where);
    for (size_t i = 0; i < kql->column_count; i++) {
        free(kql->columns[i].name);
        free(kql->columns[i].path);
    }
    free(kql->columns);
    free(kql->order);
    *kql = (struct kql){ .take = -1 };
}

/* Quotes are left out; a string with escapes is decoded first. */
static bool span_compare(
    enum comparison comparison, const char *at, size_t length, const char *want)
{
    size_t wanted = strlen(want);
    bool same = length == wanted && strncasecmp(at, want, length) == 0;

    switch (comparison) {
    case CMP_EQUAL:
    case CMP_IN:
        return length == wanted && memcmp(at, want, length) == 0;
    case CMP_NOT_EQUAL:
        return length != wanted || memcmp(at, want, length) != 0;
    case CMP_SAME:
    case CMP_IN_SAME:
        return same;
    case CMP_NOT_SAME:
        return !same;
    case CMP_STARTS:
        return length >= wanted && strncasecmp(at, want, wanted) == 0;
    case CMP_CONTAINS:
    case CMP_NOT_CONTAINS:
        for (size_t i = 0; i + wanted <= length; i++)
            if (strncasecmp(at + i, want, wanted) == 0)
                return comparison == CMP_CONTAINS;
        return comparison == CMP_NOT_CONTAINS;
    }
    return false;
}

static bool compare_matches(
    const struct kql_node *node, const struct kql_row *row)
{
    char scratch[256];
    struct span value = row->value(row->row, node->path, scratch);
    char *copy = NULL;
    bool found = false;

    if (!value.at || span_is(value, "null"))
        value = (struct span){ "\"\"", 2 };
    if (*value.at == '"' && memchr(value.at, '\\', value.length)) {
        copy = scan_copy(value);
        value = (struct span){ copy, strlen(copy) };
    } else if (*value.at == '"') {
        value = (struct span){ value.at + 1, value.length - 2 };
    }
    for (size_t i = 0; i < node->literal_count && !found; i++)
        found = span_compare(
            node->comparison, value.at, value.length, node->literals[i]);
    free(copy);
    return found;
}

static bool node_matches(const struct kql_node *node, const struct kql_row *row)
{
    switch (node->kind) {
    case NODE_AND:
        return node_matches(node->left, row) && node_matches(node->right, row);
    case NODE_OR:
        return node_matches(node->left, row) || node_matches(node->right, row);
    case NODE_COMPARE:
        return compare_matches(node, row);
    }
    return false;
}

bool kql_matches(const struct kql *kql, const struct kql_row *row)
{
    return !kql->where || node_matches(kql->where, row);
}
