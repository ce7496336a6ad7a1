#ifndef CLOUD_FAULT_RULE_H
#define CLOUD_FAULT_RULE_H

#include "faults.h"

/* One fault that is switched on: which requests it hits, and with what. */
struct fault {
    enum fault_kind kind;
    struct effect effect;
    char *match;   /* a part of the path; NULL: any */
    char *pattern; /* of the whole path, with * and ?; NULL: any */
    char *method;  /* NULL: any */
    double chance; /* 0 to 1 */
    long left;     /* negative: no limit */
    long skip;
};

/* Reads either notation into a zeroed fault, which is the caller's until
 * fault_done() in either case. False when it is not understood. */
bool fault_parse(struct fault *fault, const char *text);
void fault_done(struct fault *fault);

#endif
