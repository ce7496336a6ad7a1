/* What kvgov plan and kvgov fix share: the plan that the options ask for. */
#ifndef COMMAND_PLAN_H
#define COMMAND_PLAN_H

#include "command.h"

/* Makes or loads the plan and reads its targets to the end. NULL after saying
 * why not; then *code is the program's. The session owns the plan. */
struct kv_plan *command_make_plan(
    struct kv_session *session, const struct options *options, int *code);

#endif
