#ifndef CLOUD_KQL_TREE_H
#define CLOUD_KQL_TREE_H

#include <stddef.h>

/* The tree of a where expression, between its parser and its evaluator. */
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

#endif
