#ifndef CLOUD_KQL_H
#define CLOUD_KQL_H

#include <stdbool.h>
#include <stddef.h>

#include "scan.h"

/* The part of the Kusto query language that estates are asked with:
 * table | where … | project … | order by … | take n | count. */
enum kql_table {
    KQL_RESOURCES,
    KQL_CONTAINERS,
    KQL_AUTHORIZATION,
    KQL_POLICY,
    KQL_SECURITY,
    KQL_NETWORK,
};
#define KQL_TABLE_COUNT 6

struct kql_column {
    char *name; /* in the answer */
    char *path; /* in the row, dotted */
};

struct kql_node;

struct kql {
    enum kql_table table;
    struct kql_node *where;
    struct kql_column *columns; /* none: all */
    size_t column_count;
    char *order; /* a path, or NULL */
    bool descending;
    long take; /* negative: all */
    bool count;
};

/* On text that is not understood returns false and one sentence in *problem,
 * which the caller frees; *kql is then empty. */
bool kql_parse(struct kql *kql, const char *text, char **problem);
void kql_done(struct kql *kql);

/* Where a row's values come from. Returns the JSON text of the value at a
 * dotted path; scratch is the caller's room for a value it has to make. */
struct kql_row {
    struct span (*value)(const void *row, const char *path, char scratch[256]);
    const void *row;
};

bool kql_matches(const struct kql *kql, const struct kql_row *row);

#endif
