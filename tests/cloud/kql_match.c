/* Evaluating where expressions on rows. */
#include "kql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kql_tree.h"

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
