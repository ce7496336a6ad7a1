#ifndef CLOUD_GRAPH_H
#define CLOUD_GRAPH_H

#include "estate.h"

/* Resource Graph: results that are kept between the pages of one query, and
 * the frozen picture when it is told to lag. */
struct graph;

struct graph *graph_new(void);
void graph_free(struct graph *graph);

/* From here on the graph answers with what exists now, whatever changes. */
void graph_freeze(struct graph *graph, const struct estate *estate);
void graph_thaw(struct graph *graph);

#endif
