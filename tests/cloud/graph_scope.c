/* Which rows a question of Resource Graph is about, and which of them its
 * caller may see. */
#include "graph_scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access.h"
#include "faults.h"

static bool list_has(json_t *list, const char *text, size_t length)
{
    size_t index;
    json_t *value;

    json_array_foreach(list, index, value)
    {
        const char *one = json_string_value(value);

        if (one && strlen(one) == length && strncasecmp(one, text, length) == 0)
            return true;
    }
    return false;
}

static bool in_groups(
    const struct estate *estate, const char *key, json_t *groups)
{
    char *subscription = id_subscription(key);
    char *start = subscription ? alloc_format("/subscriptions/%s", subscription)
                               : alloc_text(key);
    const struct item *group =
        estate_find(estate, KIND_MANAGEMENT_GROUP, start);
    bool found = false;

    if (!group)
        group = estate_parent(estate, start);
    for (; group && !found; group = estate_parent(estate, group->key))
        found = list_has(groups, group->name, strlen(group->name));
    free(subscription);
    free(start);
    return found;
}

/* Definitions belong to no subscription: whoever may read any may read them. */
static bool is_definition(const struct item *item)
{
    return strcmp(item->type, "microsoft.authorization/roledefinitions") == 0 ||
           strcmp(item->type, "microsoft.authorization/policydefinitions") ==
               0 ||
           strcmp(item->type, "microsoft.authorization/policysetdefinitions") ==
               0;
}

/* What a partial answer leaves out, without a word. */
static bool left_out(const struct call *call, const struct item *item)
{
    const struct effect *effect = &call->effects[FAULT_PARTIAL_GRAPH];
    char *subscription = effect->on ? id_subscription(item->key) : NULL;
    bool out = subscription && text_holds(effect->text, subscription);

    free(subscription);
    return out;
}

bool graph_in_scope(
    struct call *call, const struct question *question, const struct item *item)
{
    static const char marker[] = "/subscriptions/";
    const char *at = item->key + strlen(marker);

    if (left_out(call, item))
        return false;
    if (!question->subscriptions && !question->groups)
        return true;
    if (strncmp(item->key, marker, strlen(marker)) != 0 &&
        (question->above || is_definition(item)))
        return true;
    if (question->groups)
        return in_groups(&call->cloud->estate, item->key, question->groups);
    return strncmp(item->key, marker, strlen(marker)) == 0 &&
           list_has(question->subscriptions, at, strcspn(at, "/"));
}

static bool reader_whole(
    struct graph_reader *reader, struct call *call, const struct item *item)
{
    static const char marker[] = "/subscriptions/";
    size_t length = strlen(marker);
    char action[140];

    if (strncmp(item->key, marker, length) != 0)
        return false;
    length += strcspn(item->key + length, "/");
    if (length >= sizeof reader->subscription ||
        strlen(item->type) >= sizeof reader->type)
        return false;
    if (strlen(reader->subscription) == length &&
        memcmp(reader->subscription, item->key, length) == 0 &&
        strcmp(reader->type, item->type) == 0)
        return reader->whole;
    memcpy(reader->subscription, item->key, length);
    reader->subscription[length] = '\0';
    memcpy(reader->type, item->type, strlen(item->type) + 1);
    snprintf(action, sizeof action, "%s/read", item->type);
    reader->whole = access_whole(call->cloud->access, call_object_id(call),
        reader->subscription, action);
    return reader->whole;
}

static bool may_read(
    struct call *call, const struct question *question, const struct item *item)
{
    struct access *access = call->cloud->access;
    const char *who = call_object_id(call);
    char action[200];
    char *scope;
    bool below;

    if (is_definition(item))
        return access_visible(access, who, "");
    snprintf(action, sizeof action, "%s/read", item->type);
    if (access_check(access, who, item->key, action, NULL) == ACCESS_GRANTED)
        return true;
    if (!question->above)
        return false;
    scope = id_scope(item->key);
    below = access_below(access, who, scope, action);
    free(scope);
    return below;
}

bool graph_may_read(struct graph_reader *reader, struct call *call,
    const struct question *question, const struct item *item)
{
    return reader_whole(reader, call, item) || may_read(call, question, item);
}
