/* The places that diagnostic settings name, and whether they exist. */
#ifndef SINKS_H
#define SINKS_H

#include "kvgov/posture.h"

enum sink_answer {
    SINK_EXISTS,
    SINK_GONE,
    SINK_UNKNOWN, /* where it would be was not read */
};

/* A place that a diagnostic setting sends to. */
struct destination {
    struct view id;
    enum kv_sink_kind kind;
};
#define DESTINATION_MAX 4 /* Azure allows one of each kind in a setting */

size_t destinations_of(
    const struct kv_diagnostic *diagnostic, struct destination *out);
enum sink_answer sink_look_up(
    const struct kv_estate *estate, const struct destination *destination);
/* NULL when no such sink was read. */
const struct kv_sink *sink_of(const struct kv_estate *estate, struct view id);
/* The subscription that an ARM id lies in; NULL when it was not read. */
const struct kv_subscription *subscription_of(
    const struct kv_estate *estate, struct view id);

/* "to workspace log-weu, which does not exist", on a line of its own. */
void sink_put(struct buf *evidence, const struct destination *destination,
    enum sink_answer answer);
/* Which read is missing of one that may or may not exist. */
void sink_put_missing(struct buf *evidence, const struct kv_estate *estate,
    const struct destination *destination);

#endif
