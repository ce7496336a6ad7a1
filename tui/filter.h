/* The filter language of every list: words, name:prod, sev>=high, tag:env=prod,
 * unknown:, !word. Terms must all hold. What a key means is the list's. */
#ifndef FILTER_H
#define FILTER_H

#include "kvgov/text.h"

#define FILTER_TERMS 16

struct filter_term {
    struct view key;   /* empty for a plain word */
    struct view value; /* may be empty: "unknown:" */
    bool at_least;     /* key>=value */
    bool negated;      /* !term */
};

/* Views point into the parsed text. */
struct filter {
    struct filter_term terms[FILTER_TERMS];
    size_t count;
};

/* Never fails: what is no key is a word; more than FILTER_TERMS are dropped. */
void filter_parse(struct filter *out, struct view text);

#endif
