#ifndef CLOUD_GRAPH_ROWS_H
#define CLOUD_GRAPH_ROWS_H

#include "estate.h"
#include "kql.h"

/* The rows of one Resource Graph table, sorted by id. Holds a reference to
 * every item. */
struct rows {
    struct item **items;
    size_t count;
    unsigned long generation; /* of the estate that they were taken from */
};

void rows_take(
    struct rows *rows, const struct estate *estate, enum kql_table table);
/* Takes over the item. */
void rows_push(struct rows *rows, struct item *item);
void rows_done(struct rows *rows);

/* A row in the eyes of a query. */
struct row_view {
    const struct item *item;
    const struct estate *estate;
};
struct span row_value(const void *view, const char *path, char scratch[256]);

#define ROW_COLUMN_COUNT 16
extern const char *const row_columns[ROW_COLUMN_COUNT];
bool row_has_column(const char *path);
/* Whether the column holds an object rather than a string. */
bool row_is_object(const char *path);

#endif
