#ifndef CLOUD_SCOPES_H
#define CLOUD_SCOPES_H

#include <stdbool.h>

struct call;

/* Whether above is the scope itself, one of its parents, or one of the
 * management groups over it; both in lower case, "" is the tenant. */
bool scope_over(struct call *call, const char *above, const char *scope);

/* What stands in quotes behind a word of an OData filter, or NULL; the caller
 * frees it. */
char *filter_word(const char *filter, const char *word);

#endif
