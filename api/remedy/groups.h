/* Action groups: whom alerts and events tell. */
#ifndef REMEDY_GROUPS_H
#define REMEDY_GROUPS_H

#include "plan.h"

/* Those that reach somebody; the one that most rules tell comes first. */
void groups_offer(struct option *out, const struct plan_targets *targets);
/* The group in "group" reaches somebody; else a check blocks. */
bool groups_check(struct draft *draft, const struct plan_input *input);

#endif
