#ifndef CLOUD_GENERATE_H
#define CLOUD_GENERATE_H

#include "estate.h"

struct generate_options {
    unsigned long vaults;
    unsigned long subscriptions;
    unsigned long seed;
};

/* Reads vaults=N,subscriptions=M,seed=S; whatever is left out keeps its
 * standard. On failure returns false and one sentence in *problem. */
bool generate_parse(
    struct generate_options *options, const char *text, char **problem);

/* Fills the estate; the same options give the same estate. */
bool estate_generate(struct estate *estate,
    const struct generate_options *options, char **problem);

#endif
