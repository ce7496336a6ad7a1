/* JSON values as reports write them: a stranger's text keeps every character
 * and yet can do nothing to a terminal. */
#ifndef REPORT_NODE_H
#define REPORT_NODE_H

#include "kvgov/estate.h"

#include <jansson.h>

json_t *node_text(const char *text); /* null for NULL */
json_t *node_time(int64_t time_s);   /* ISO 8601; null for 0 */
json_t *node_facet_state(enum kv_facet_state state);

struct kv_attestation;
struct kv_exception;
json_t *node_attestation(
    const struct kv_attestation *attestation, int64_t now_s);
json_t *node_exception(const struct kv_exception *exception, int64_t now_s);

/* Sets a member that the caller made; for members in a fixed order. */
void node_set(json_t *object, const char *name, json_t *value);

/* Writes the value in ASCII and ends it; `flags` are jansson's. */
void node_put(struct buf *out, json_t *value, size_t flags);

#endif
