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

static const char *scope_type(const char *key)
{
    if (strstr(key, "/providers/microsoft.management/"))
        return "managementgroup";
    if (strstr(key, "/providers/"))
        return "resource";
    return strstr(key, "/resourcegroups/") ? "resourcegroup" : "subscription";
}

json_t *scope_describe(struct call *call, const char *scope)
{
    static const enum kind kinds[] = { KIND_SUBSCRIPTION, KIND_MANAGEMENT_GROUP,
        KIND_RESOURCE_GROUP, KIND_RESOURCE };
    char *key = alloc_lower(scope);
    const struct item *item = NULL;
    char *display = NULL;
    json_t *result;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !item; i++)
        item = estate_find(&call->cloud->estate, kinds[i], key);
    if (item)
        display = item_copy(item, strstr(item->key, "managementgroups")
                                      ? "properties.displayName"
                                      : "displayName");
    result = json_pack("{s:s, s:s, s:s}", "id", scope, "displayName",
        display && *display ? display : id_last(scope), "type",
        scope_type(key));
    free(display);
    free(key);
    return result;
}

char *filter_word(const char *filter, const char *word)
{
    const char *at = filter ? strcasestr(filter, word) : NULL;
    const char *quote = at ? strchr(at, '\'') : NULL;

    if (!quote)
        return NULL;
    return alloc_slice(quote + 1, strcspn(quote + 1, "'"));
}
