/* What every resource provider does alike: finding the resource that a path
 * names, and storing it after a change. */
#include "change.h"

#include <stdlib.h>
#include <string.h>

char *path_subscription(const struct call *call)
{
    return alloc_format("/subscriptions/%s", call->captures[0]);
}

char *path_group(const struct call *call)
{
    return alloc_format("/subscriptions/%s/resourceGroups/%s",
        call->captures[0], call->captures[1]);
}

struct item *resource_need(
    struct call *call, const char *type, const char *group, const char *name)
{
    struct estate *estate = &call->cloud->estate;
    char *group_id = alloc_format(
        "/subscriptions/%s/resourceGroups/%s", call->captures[0], group);
    char *id = alloc_format("%s/providers/%s/%s", group_id, type, name);
    struct item *item = estate_find(estate, KIND_RESOURCE, id);

    if (!item && !estate_find(estate, KIND_RESOURCE_GROUP, group_id))
        answer_error(call, 404, "ResourceGroupNotFound",
            "Resource group '%s' could not be found.", group);
    else if (!item)
        answer_error(call, 404, "ResourceNotFound",
            "The Resource '%s/%s' under resource group '%s' was not found. "
            "For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
            type, name, group);
    free(group_id);
    free(id);
    return item;
}

struct item *resource_find(struct call *call, const char *type)
{
    return resource_need(call, type, call->captures[1], call->captures[2]);
}

void change_stamp(struct call *call, json_t *object)
{
    json_t *system = json_object_get(object, "systemData");
    bool user = json_object_get(call->principal, "userPrincipalName") != NULL;
    const char *who = json_string_value(
        json_object_get(call->principal, user ? "userPrincipalName" : "appId"));
    char when[40];

    if (!json_is_object(system))
        return;
    time_now_text(when);
    json_object_set_new(system, "lastModifiedBy",
        json_string(who ? who : call_object_id(call)));
    json_object_set_new(system, "lastModifiedByType",
        json_string(user ? "User" : "Application"));
    json_object_set_new(system, "lastModifiedAt", json_string(when));
}

struct item *change_store(struct call *call, enum kind kind, json_t *object)
{
    struct item *item;

    change_stamp(call, object);
    item = item_new(object);
    json_decref(object);
    estate_put(&call->cloud->estate, kind, item);
    return item;
}

void change_answer(
    struct call *call, unsigned status, enum kind kind, json_t *object)
{
    answer_item(call, status, change_store(call, kind, object));
}
