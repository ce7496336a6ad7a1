/* Nothing but what a plan showed. */
#ifndef SUPPORT_PLAN_SHOWS_H
#define SUPPORT_PLAN_SHOWS_H

#include <jansson.h>

#include "kvgov/remedy.h"

struct plan_shows {
    const struct kv_plan *plan;
    const char
        *makes; /* part of the path of what the service makes by itself */
};

/* For state_diff(), with a struct plan_shows: fails the test unless one of the
 * plan's targets showed it. */
void expect_shown(
    void *context, const char *path, const json_t *before, const json_t *after);
/* `whole`: it was added or removed. */
bool plan_shows_path(
    const struct kv_target *target, const char *path, bool whole);

#endif
