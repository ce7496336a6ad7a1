#ifndef CLOUD_PART_H
#define CLOUD_PART_H

#include "cloud.h"

/* One of the requests that a batch holds: a request of its own in the name of
 * the batch's caller, whatever service it is for. */
struct part_request {
    const char *method;
    const char *target; /* path and query */
    json_t *headers;    /* an object of texts, or NULL */
    json_t *body;       /* or NULL */
};

/* Carries it out into *part, which call_done() ends. */
void part_run(
    struct call *part, struct call *call, const struct part_request *request);

/* The answer's headers as an object. */
json_t *part_headers(const struct call *part);
/* JSON as it is, anything else as one string; NULL for nothing. */
json_t *part_content(const struct call *part);

#endif
