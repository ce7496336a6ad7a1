/* Which alert rules watch a resource, and why others do not: computed once for
 * every row that asks. */
#ifndef WATCH_H
#define WATCH_H

#include "kvgov/posture.h"

/* What keeps a rule that is about the resource from telling anybody. */
enum alert_gap {
    ALERT_WORKS,
    ALERT_OFF,        /* the rule is disabled */
    ALERT_SILENT,     /* no enabled action group with a receiver */
    ALERT_UNHEARD,    /* its action groups were not read */
    ALERT_OTHER_AREA, /* it is for another region */
    ALERT_LIMITED,    /* only when a further condition holds */
    ALERT_UNCLEAR,    /* its query cannot be understood */
};

struct watching {
    const struct kv_alert *alert;
    enum alert_gap gap;
};

struct watch {
    struct watching *items;
    size_t count;
    size_t capacity;
    /* A workspace that gets the audit log lies where no rules were read. */
    bool unread;
    bool in_workspace; /* the audit log goes to at least one */
};

void *watch_make(const struct kv_subject *subject);
void watch_free(void *watch);

/* An action group that reaches somebody, of those that the rule tells. */
enum alert_gap alert_gap_of(
    const struct kv_estate *estate, const struct kv_alert *alert);
/* It may work after all: what would tell was not read. */
bool alert_may_work(enum alert_gap gap);
/* "metric rule NAME is disabled", on a line of its own. */
void alert_put(struct buf *evidence, const struct watching *watching);

#endif
