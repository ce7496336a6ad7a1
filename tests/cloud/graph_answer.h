#ifndef CLOUD_GRAPH_ANSWER_H
#define CLOUD_GRAPH_ANSWER_H

#include "cloud.h"
#include "graph_rows.h"

/* What one request asks for. */
struct question {
    struct kql kql;
    const char *text;
    json_t *subscriptions; /* borrowed; NULL: not said */
    json_t *groups;
    bool above; /* what is assigned above the scope counts too */
    size_t top;
    size_t skip;
    bool as_table;
};

/* Answers with the page that the question asks for. */
void graph_answer_rows(struct call *call, const struct question *question,
    const struct rows *rows);
void graph_answer_count(
    struct call *call, const struct question *question, size_t count);
/* How many rows a skip token leaves out. */
bool graph_token_read(const char *token, size_t *next);

#endif
