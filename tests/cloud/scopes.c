/* Which scope lies over which, and what a filter says. */
#include "scopes.h"

#include <stdlib.h>
#include <string.h>

#include "cloud.h"

static bool prefix_of(const char *above, const char *below)
{
    size_t length = strlen(above);

    return strncmp(above, below, length) == 0 &&
           (below[length] == '\0' || below[length] == '/' || length == 0);
}

bool scope_over(struct call *call, const char *above, const char *scope)
{
    const struct estate *estate = &call->cloud->estate;
    const struct item *group = NULL;
    char *subscription = id_subscription(scope);
    char *start = subscription ? alloc_format("/subscriptions/%s", subscription)
                               : alloc_text(scope);
    bool over = prefix_of(above, scope);

    if (!over && *start)
        group = estate_parent(estate, start);
    for (; group && !over; group = estate_parent(estate, group->key))
        over = strcmp(group->key, above) == 0;
    free(subscription);
    free(start);
    return over;
}

char *filter_word(const char *filter, const char *word)
{
    const char *at = filter ? strcasestr(filter, word) : NULL;
    const char *quote = at ? strchr(at, '\'') : NULL;

    if (!quote)
        return NULL;
    return alloc_slice(quote + 1, strcspn(quote + 1, "'"));
}
