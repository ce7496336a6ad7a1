/* An estate in words, one line a fact, so that a test can say what it expects
 * of a decoder as text. */
#ifndef SUPPORT_DESCRIBE_H
#define SUPPORT_DESCRIBE_H

#include "kvgov/estate.h"

/* Tenant, subscriptions, resources with all that hangs on them, destinations
 * of logs, deleted resources; in the order of the estate. */
void describe_estate(struct buf *out, const struct kv_estate *estate);
void describe_resource(struct buf *out, const struct kv_estate *estate,
    const struct kv_resource *resource);
/* What watches over them: alert rules, events, Defender, retention of logs. */
void describe_detection(struct buf *out, const struct kv_estate *estate);
void describe_role(struct buf *out, const struct kv_role *role);

/* Part of describe_estate(): what network, policies and regions add. */
void describe_network(struct buf *out, const struct kv_estate *estate);

/* Schedules, activation rules, deny assignments, applications, Conditional
 * Access, managed identities and tags; part of describe_estate(). */
void describe_identity(struct buf *out, const struct kv_estate *estate);

#endif
