#ifndef CLOUD_FAULTS_H
#define CLOUD_FAULTS_H

#include "cloud.h"

/* Misbehaviour on order, as a rule
 * METHOD PATTERN KIND [NAME=VALUE]... or as a specification
 * KIND[=VALUE][:match=PART][:method=M][:count=N][:skip=N]. */
enum fault_kind {
    FAULT_THROTTLE,
    FAULT_STATUS,
    FAULT_RESET,
    FAULT_TRUNCATE,
    FAULT_STALL,
    FAULT_HOLD,
    FAULT_HOLD_ANSWER,
    FAULT_FOREIGN_NEXTLINK,
    FAULT_LOOP_NEXTLINK,
    FAULT_REDIRECT,
    FAULT_FOREIGN_LOCATION,
    FAULT_SLOW_OPERATION,
    FAULT_TOKEN_LIFE,
    FAULT_DEVICE,
    FAULT_DEVICE_INTERVAL,
    FAULT_GRAPH_QUOTA,
    FAULT_STALE_GRAPH,
    FAULT_BAD_JSON,
    FAULT_POLICY_MODIFY,
    FAULT_MFA_WRITES,
    FAULT_EXPIRED_TOKEN,
    FAULT_IMDS_410,
    FAULT_LIMITS,
    FAULT_OVERSIZE,
    FAULT_WRONG_TYPE,
    FAULT_ENDLESS_NEXTLINK,
    FAULT_FAIL_OPERATION,
    FAULT_UNREGISTERED,
    FAULT_PARTIAL_GRAPH,
    FAULT_TRUNCATED_GRAPH,
    FAULT_SKEW,
};
#define FAULT_COUNT 31 /* at most EFFECT_LIMIT */

const char *fault_name(enum fault_kind kind);

struct faults *faults_new(void);
void faults_free(struct faults *faults);

/* On a text that is not understood returns false and one sentence
 * in *problem, which the caller frees. */
bool faults_add(struct faults *faults, const char *text, char **problem);
/* For the faults that hit by chance; the same seed, the same hits. */
void faults_seed(struct faults *faults, unsigned long seed);
void faults_clear(struct faults *faults);
bool faults_have(const struct faults *faults, enum fault_kind kind);

/* Copies what applies to this request into call->effects, and counts it. */
void faults_apply(struct faults *faults, struct call *call);

#endif
