#ifndef CLOUD_GRAPH_SCOPE_H
#define CLOUD_GRAPH_SCOPE_H

#include "graph_answer.h"

/* Whether the question is about the item at all. */
bool graph_in_scope(struct call *call, const struct question *question,
    const struct item *item);

/* Rows come subscription by subscription; what holds for the whole of one and
 * for one type is asked once. Zeroed before the first row. */
struct graph_reader {
    char subscription[64];
    char type[128];
    bool whole;
};

/* Whether the caller may see the item. */
bool graph_may_read(struct graph_reader *reader, struct call *call,
    const struct question *question, const struct item *item);

#endif
