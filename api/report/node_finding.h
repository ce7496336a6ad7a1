/* Findings as JSON: as they stand in the list of the format "json", and each by
 * itself. */
#ifndef REPORT_NODE_FINDING_H
#define REPORT_NODE_FINDING_H

#include "node.h"
#include "stream.h"

/* Of the JSON that reports write; grows when a member changes its meaning or
 * goes, not when one is added. */
#define NODE_REPORT_VERSION 1

/* What a verdict is called as a member that counts. */
extern const char *const node_verdict_members[KV_VERDICT_COUNT];

json_t *node_facet(
    enum kv_facet facet, const struct kv_facet_status *status);
json_t *node_finding(
    const struct kv_report_input *input, const struct finding *finding);

#endif
