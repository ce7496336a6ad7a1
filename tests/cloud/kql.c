/* Parsing the small query language. What it does not know it refuses; it
 * never guesses. */
#include "kql.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buffer.h"
#include "kql_tree.h"

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

/* isnotempty(tags), isempty(identity): an object that is there is not empty. */
static struct kql_node *parse_emptiness(
    struct parser *parser, enum comparison comparison)
{
    struct kql_node *node = node_new(NODE_COMPARE);

    parser_expect(parser, "(");
    node->path = parse_path(parser);
    node->comparison = comparison;
    node->literals = alloc_grow(NULL, 1, sizeof *node->literals);
    node->literals[node->literal_count++] = alloc_text("");
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
    if (parser_take(parser, "isnotempty"))
        return parse_emptiness(parser, CMP_NOT_EQUAL);
    if (parser_take(parser, "isempty"))
        return parse_emptiness(parser, CMP_EQUAL);
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
        [KQL_POLICY] = "policyresources",
        [KQL_SECURITY] = "securityresources",
        [KQL_NETWORK] = "networkresources",
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
