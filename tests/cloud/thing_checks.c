/* What the services check in alert rules, topics, perimeters, workspaces and
 * lifecycle policies before they take them. */
#include "thing_checks.h"

#include <stdlib.h>
#include <string.h>

#include "linked.h"
#include "things.h"

static json_t *properties_of(json_t *object)
{
    return json_object_get(object, "properties");
}

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static bool bad_request(struct call *call, const char *message)
{
    answer_error(call, 400, "BadRequest", "%s", message);
    return false;
}

static bool resource_there(struct call *call, const char *id)
{
    const struct estate *estate = &call->cloud->estate;

    if (estate_find(estate, KIND_RESOURCE, id) ||
        estate_find(estate, KIND_SUBSCRIPTION, id) ||
        estate_find(estate, KIND_RESOURCE_GROUP, id))
        return true;
    answer_error(call, 400, "ResourceNotFound",
        "The resource '%s' could not be found.", id);
    return false;
}

static bool scopes_there(struct call *call, json_t *scopes)
{
    size_t index;
    json_t *scope;

    if (json_array_size(scopes) == 0)
        return bad_request(call, "An alert rule needs at least one scope.");
    json_array_foreach(
        scopes, index, scope) if (!json_is_string(scope) ||
                                  !resource_there(call,
                                      json_string_value(scope))) return false;
    return true;
}

/* A rule over several resources has to say which type and region they are. */
static bool scopes_wide(json_t *scopes)
{
    const char *first = json_string_value(json_array_get(scopes, 0));

    return json_array_size(scopes) > 1 ||
           !text_holds(first ? first : "", "/providers/");
}

/* Criteria for many resources over a single one: the service writes down what
 * that one is. */
static void target_describe(struct call *call, json_t *given)
{
    const char *first =
        json_string_value(json_array_get(json_object_get(given, "scopes"), 0));
    const char *kind =
        member_text(json_object_get(given, "criteria"), "odata.type");
    const struct item *item =
        first ? estate_find(&call->cloud->estate, KIND_RESOURCE, first) : NULL;
    char *type;
    char *location;

    if (!item || !text_holds(kind, "MultipleResourceMultipleMetricCriteria") ||
        *member_text(given, "targetResourceType"))
        return;
    type = item_copy(item, "type");
    location = item_copy(item, "location");
    json_object_set_new(given, "targetResourceType", json_string(type));
    json_object_set_new(given, "targetResourceRegion", json_string(location));
    free(type);
    free(location);
}

bool check_metric_alert(
    struct call *call, json_t *object, const struct item *old)
{
    json_t *given = properties_of(object);
    json_t *scopes = json_object_get(given, "scopes");

    (void)old;
    if (!text_same(member_text(object, "location"), "global"))
        return bad_request(call, "A metric alert lies in location 'global'.");
    if (scopes_wide(scopes) &&
        (!*member_text(given, "targetResourceType") ||
            !*member_text(given, "targetResourceRegion")))
        return bad_request(call,
            "targetResourceType and targetResourceRegion are required when "
            "the scope is not a single resource.");
    target_describe(call, given);
    return scopes_there(call, scopes);
}

/* Activity log alerts name groups in objects, query rules in plain strings. */
static const char *group_id(json_t *entry)
{
    return json_is_string(entry) ? json_string_value(entry)
                                 : member_text(entry, "actionGroupId");
}

bool check_alert_groups(
    struct call *call, json_t *object, const struct item *old)
{
    json_t *given = properties_of(object);
    json_t *groups =
        json_object_get(json_object_get(given, "actions"), "actionGroups");
    size_t index;
    json_t *entry;

    (void)old;
    json_array_foreach(groups, index,
        entry) if (!resource_there(call, group_id(entry))) return false;
    return scopes_there(call, json_object_get(given, "scopes"));
}

/* Sets the member of each of the receivers that lacks it. */
static void receivers_default(
    json_t *object, const char *list, const char *name, json_t *value)
{
    size_t index;
    json_t *receiver;

    json_array_foreach(
        json_object_get(properties_of(object), list), index, receiver)
    {
        if (!json_object_get(receiver, name))
            json_object_set(receiver, name, value);
    }
    json_decref(value);
}

bool check_action_group(
    struct call *call, json_t *object, const struct item *old)
{
    const char *name = member_text(properties_of(object), "groupShortName");

    (void)old;
    if (strlen(name) < 1 || strlen(name) > 12)
        return bad_request(
            call, "The group short name must have 1 to 12 characters.");
    receivers_default(
        object, "emailReceivers", "status", json_string("Enabled"));
    receivers_default(object, "smsReceivers", "status", json_string("Enabled"));
    receivers_default(
        object, "eventHubReceivers", "useCommonAlertSchema", json_false());
    return true;
}

bool check_source(struct call *call, json_t *object, const struct item *old)
{
    json_t *given = properties_of(object);

    (void)old;
    if (!json_object_get(given, "metricResourceId")) {
        char *guid = guid_new();

        json_object_set_new(given, "metricResourceId", json_string(guid));
        free(guid);
    }
    return resource_there(call, member_text(given, "source"));
}

/* Where events come from: the topic, or the resource that it hangs on. */
static char *event_topic(struct call *call)
{
    const char *end = strcasestr(call->path, "/providers/Microsoft.EventGrid/");
    const char *child = strcasestr(call->path, "/eventSubscriptions/");

    if (strcasestr(call->path, "/systemTopics/"))
        end = child;
    return alloc_slice(
        call->path, end ? (size_t)(end - call->path) : strlen(call->path));
}

/* A vault guards its own events. */
static bool filters_allowed(struct call *call, const char *topic)
{
    const struct item *item =
        estate_find(&call->cloud->estate, KIND_RESOURCE, topic);

    return !item || strcmp(item->type, "microsoft.keyvault/vaults") != 0 ||
           linked_check(
               call, topic, "Microsoft.KeyVault/vaults/eventGridFilters/write");
}

bool check_event_subscription(
    struct call *call, json_t *object, const struct item *old)
{
    json_t *given = properties_of(object);
    json_t *destination = json_object_get(given, "destination");
    const char *endpoint = member_text(destination, "endpointType");
    char *topic = event_topic(call);

    (void)old;
    json_object_set_new(given, "topic", json_string(topic));
    if (!filters_allowed(call, topic)) {
        free(topic);
        return false;
    }
    free(topic);
    if (!*endpoint)
        return bad_request(
            call, "The destination of an event subscription has no type.");
    if (strcmp(endpoint, "MonitorAlert") == 0 &&
        !text_same(
            member_text(given, "eventDeliverySchema"), "CloudEventSchemaV1_0"))
        return bad_request(call,
            "Alerts take events in the schema CloudEventSchemaV1_0 only.");
    if (!json_object_get(given, "filter"))
        json_object_set_new(given, "filter",
            json_pack(
                "{s:s, s:s}", "subjectBeginsWith", "", "subjectEndsWith", ""));
    return true;
}

bool check_perimeter(struct call *call, json_t *object, const struct item *old)
{
    json_t *given = properties_of(object);
    char *guid = old ? item_copy(old, "properties.perimeterGuid") : guid_new();

    (void)call;
    json_object_set_new(given, "perimeterGuid", json_string(guid));
    free(guid);
    return true;
}

bool check_association(
    struct call *call, json_t *object, const struct item *old)
{
    static const char *const modes[] = { "Learning", "Enforced", "Audit" };
    json_t *given = properties_of(object);
    const char *mode = member_text(given, "accessMode");
    const char *profile = member_text(json_object_get(given, "profile"), "id");
    bool known = false;

    (void)old;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        known = known || text_same(mode, modes[i]);
    if (!known)
        return bad_request(
            call, "accessMode is one of Learning, Enforced and Audit.");
    if (!estate_find(&call->cloud->estate, KIND_EXTENSION, profile))
        return bad_request(call, "The profile of the perimeter is not there.");
    return resource_there(
        call, member_text(json_object_get(given, "privateLinkResource"), "id"));
}

bool check_workspace(struct call *call, json_t *object, const struct item *old)
{
    json_t *given = properties_of(object);
    json_int_t days =
        json_integer_value(json_object_get(given, "retentionInDays"));
    char *customer = old ? item_copy(old, "properties.customerId") : guid_new();

    json_object_set_new(given, "customerId", json_string(customer));
    free(customer);
    if (days == 7 || (days >= 30 && days <= 730))
        return true;
    return bad_request(call, "retentionInDays must be between 30 and 730.");
}

bool check_lifecycle(struct call *call, json_t *object, const struct item *old)
{
    json_t *policy = json_object_get(properties_of(object), "policy");
    char when[40];

    (void)old;
    if (json_array_size(json_object_get(policy, "rules")) == 0)
        return bad_request(call, "A lifecycle policy needs a rule.");
    time_now_text(when);
    json_object_set_new(
        properties_of(object), "lastModifiedTime", json_string(when));
    json_object_set_new(object, "name", json_string("DefaultManagementPolicy"));
    return true;
}
