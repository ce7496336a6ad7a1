/* What became another of a simulated cloud's whole state. */
#ifndef SUPPORT_STATE_DIFF_H
#define SUPPORT_STATE_DIFF_H

#include <jansson.h>

/* A leaf that is not alike, "resources[/subscriptions/.../kv-x].properties.y";
 * NULL values are absent. What was added or removed whole is one difference. */
typedef void state_diff_fn(
    void *context, const char *path, const json_t *before, const json_t *after);
/* Absent, null, empty and false are alike, and ids in any casing; lists are compared by the ids or
 * names of their items, without regard to order. What a service notes of its
 * own accord (systemData, times of change, etags) is left out. */
void state_diff(const json_t *before, const json_t *after, state_diff_fn *tell,
    void *context);

#endif
