#ifndef CLOUD_THING_CHECKS_H
#define CLOUD_THING_CHECKS_H

#include "cloud.h"

/* What the services check beyond the members that a type requires, and what a
 * change of one object does to another. Each may complete the object; false
 * says that the answer is an error. old is NULL for a new object. */
typedef bool thing_check(
    struct call *call, json_t *object, const struct item *old);

thing_check check_metric_alert, check_alert_groups, check_action_group,
    check_source, check_event_subscription, check_private_endpoint,
    check_zone_group, check_perimeter, check_association, check_workspace,
    check_lifecycle;

/* A private endpoint is going: its connections are disconnected. */
void endpoint_gone(struct call *call, const struct item *endpoint);

#endif
