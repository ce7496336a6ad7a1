/* Which resource providers a subscription is registered for. The estate's
 * "unregistered" holds the exceptions: subscription to list of namespaces. */
#include "providers.h"

#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "faults.h"
#include "handlers.h"
#include "routes.h"

/* Without registration: these belong to Resource Manager itself. */
static const char *const always[] = { "Microsoft.Authorization",
    "Microsoft.Resources", "Microsoft.ResourceGraph", "Microsoft.Management",
    "Microsoft.Features" };

static bool listed(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (text_same(list[i], name))
            return true;
    return false;
}

static json_t *missing_list(const struct call *call, const char *subscription)
{
    return json_object_get(
        estate_member(&call->cloud->estate, "unregistered"), subscription);
}

static bool registered(
    const struct call *call, const char *subscription, const char *name)
{
    size_t index;
    json_t *one;

    if (listed(always, sizeof always / sizeof *always, name))
        return true;
    if (call->effects[FAULT_UNREGISTERED].on &&
        text_same(call->effects[FAULT_UNREGISTERED].text, name))
        return false;
    json_array_foreach(missing_list(call, subscription), index, one)
    {
        if (text_same(json_string_value(one), name))
            return false;
    }
    return true;
}

/* Behind the last "/providers/"; NULL where the path is about the provider
 * itself. */
static char *path_provider(const char *path)
{
    const char *found = NULL;

    while ((path = strcasestr(path, "/providers/")) != NULL)
        found = path += strlen("/providers/");
    if (!found || !strchr(found, '/') ||
        text_same(strchr(found, '/'), "/register"))
        return NULL;
    return alloc_slice(found, strcspn(found, "/"));
}

static void answer_missing(struct call *call, const char *name)
{
    json_t *message = json_sprintf(
        "The subscription is not registered to use namespace '%s'. See "
        "https://aka.ms/rps-not-found for how to register subscriptions.",
        name);

    answer_json(call, 409,
        json_pack("{s:{s:s, s:s, s:O, s:[{s:s, s:s, s:O}]}}", "error", "code",
            "MissingSubscriptionRegistration", "target", name, "message",
            message, "details", "code", "MissingSubscriptionRegistration",
            "target", name, "message", message));
    json_decref(message);
}

bool providers_check(struct call *call)
{
    char *key = alloc_lower(call->path);
    char *subscription = id_subscription(key);
    char *name = subscription ? path_provider(call->path) : NULL;
    bool good = !name || registered(call, subscription, name);

    if (!good)
        answer_missing(call, name);
    free(key);
    free(subscription);
    free(name);
    return good;
}

static json_t *provider_json(const struct call *call, const char *name)
{
    const char *subscription = call->captures[0];
    bool free_of_it = listed(always, sizeof always / sizeof *always, name);

    return json_pack("{s:o, s:s, s:s, s:s, s:o}", "id",
        json_sprintf("/subscriptions/%s/providers/%s", subscription, name),
        "namespace", name, "registrationPolicy",
        free_of_it ? "RegistrationFree" : "RegistrationRequired",
        "registrationState",
        registered(call, subscription, name) ? "Registered" : "NotRegistered",
        "resourceTypes", routes_types(name));
}

void providers_list(struct call *call)
{
    json_t *names = routes_providers();
    json_t *list = json_array();
    const char *name;
    json_t *value;

    json_object_foreach(names, name, value)
    {
        json_array_append_new(list, provider_json(call, name));
    }
    json_decref(names);
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

/* As this cloud spells it; answers 404 when it does not play it. */
static char *provider_need(struct call *call)
{
    json_t *names = routes_providers();
    const char *name;
    json_t *value;
    char *found = NULL;

    json_object_foreach(names, name, value)
    {
        if (text_same(name, call->captures[1]))
            found = alloc_text(name);
    }
    json_decref(names);
    if (!found)
        answer_error(call, 404, "InvalidResourceNamespace",
            "The resource namespace '%s' is invalid.", call->captures[1]);
    return found;
}

void provider_get(struct call *call)
{
    char *name = provider_need(call);

    if (name)
        answer_json(call, 200, provider_json(call, name));
    free(name);
}

void provider_register(struct call *call)
{
    char *name = provider_need(call);
    json_t *missing = missing_list(call, call->captures[0]);
    size_t index;
    json_t *one;

    if (!name)
        return;
    json_array_foreach(missing, index, one)
    {
        if (text_same(json_string_value(one), name))
            break;
    }
    if (index < json_array_size(missing))
        json_array_remove(missing, index);
    answer_json(call, 200, provider_json(call, name));
    free(name);
}
