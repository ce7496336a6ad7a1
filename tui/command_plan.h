/* What kvgov plan and kvgov fix share: the plan that the options ask for. */
#ifndef COMMAND_PLAN_H
#define COMMAND_PLAN_H

#include "command.h"

/* What is wrong with what was asked for, whatever Azure holds. */
KV_NODISCARD enum kv_status command_check_plan(
    const struct options *options, struct kv_error *err);
/* Makes or loads the plan and reads its targets to the end. NULL after saying
 * why not; then *code is the program's. The session owns the plan. */
struct kv_plan *command_make_plan(
    struct kv_session *session, const struct options *options, int *code);

#endif
