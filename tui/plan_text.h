/* A plan in lines of text, for where there is no console. */
#ifndef PLAN_TEXT_H
#define PLAN_TEXT_H

#include "kvgov/remedy.h"

/* Everything that the preview says of every target. */
void plan_text_put(struct buf *out, const struct kv_plan *plan);
/* "kv-pay-prod-weu  done  verified: NET-2" */
void plan_text_put_target(struct buf *out, const struct kv_target *target);
/* "2 done, 1 failed" */
void plan_text_put_counts(struct buf *out, const struct kv_plan *plan);
/* What is asked before it runs, and what the answer must be. */
void plan_text_put_question(struct buf *out, const struct kv_plan *plan);
/* Every remedy, a line each. */
void plan_text_put_remedies(struct buf *out);

#endif
