#ifndef CLOUD_SCOPES_H
#define CLOUD_SCOPES_H

#include <stdbool.h>

#include "page.h"

/* Whether above is the scope itself, one of its parents, or one of the
 * management groups over it; both in lower case, "" is the tenant. */
bool scope_over(struct call *call, const char *above, const char *scope);

/* What stands in quotes behind a word of an OData filter, or NULL; the caller
 * frees it. */
char *filter_word(const char *filter, const char *word);

/* Answers with the items at, above and, unless the filter says atScope(),
 * below the scope of the path; principalId, assignedTo() and asTarget() pick
 * by principal. */
void scoped_list(struct call *call, enum kind kind, page_render *render);

/* The scope as PIM spells it out: id, displayName, type. */
json_t *scope_describe(struct call *call, const char *scope);

#endif
