/* What a row finds at fault: the role assignments, access policy entries and
 * activation rules that make it fail. A row notes them where it decides, so
 * that a remedy need not decide again. */
#ifndef FAULTS_H
#define FAULTS_H

#include "kvgov/posture.h"

enum fault_kind {
    FAULT_GONE = 1u << 0,     /* nobody can be behind it */
    FAULT_TWICE = 1u << 1,    /* the same right is held without it */
    FAULT_UNLISTED = 1u << 2, /* its holder is not to have it */
    FAULT_MUCH = 1u << 3,     /* it gives more than is needed */
    FAULT_HIGH = 1u << 4,     /* it is given further up than is needed */
    FAULT_ENDLESS = 1u << 5,  /* it is for ever */
    FAULT_LAX = 1u << 6,      /* taking it up asks for too little */
    /* One of too many: which of them goes is for a person to say. */
    FAULT_SURPLUS = 1u << 7,
};

/* One of the three is set; it is the estate's. */
struct fault {
    uint32_t kinds; /* enum fault_kind, added up */
    const struct kv_assignment *assignment;
    const struct kv_access_policy *policy;
    const struct kv_role_rules *rules;
};

struct faults {
    struct fault *items;
    size_t count;
    size_t capacity;
};

/* For the rows: what is noted again adds its kinds. Does nothing unless
 * somebody asked for faults. */
void fault_note(const struct kv_subject *subject, const struct fault *fault);

/* What the row would say is at fault on the subject's resource; nothing where
 * it cannot be judged. */
void faults_find(struct faults *out, const struct kv_recommendation *row,
    const struct kv_subject *subject);
void faults_done(struct faults *faults);

#endif
