/* What a run read of something that it changed, for the estate: a lock, a role
 * assignment, a rule stands in a list of its whole subscription, which is not
 * read again for one of them. The type in the address says which decoder of
 * the table of reads knows it. */
#include "inside.h"

#include <string.h>

struct item_type {
    const char *type;
    enum azure_read read;
    enum kv_set set; /* where it is when it is gone */
};

static const struct item_type item_types[] = {
    { "Microsoft.Authorization/locks", AZURE_LOCKS, KV_SET_LOCKS },
    { "Microsoft.Authorization/roleAssignments", AZURE_ASSIGNMENTS,
        KV_SET_ASSIGNMENTS },
    { "Microsoft.Authorization/roleDefinitions", AZURE_ROLES, KV_SET_COUNT },
    { "Microsoft.Authorization/roleEligibilityScheduleInstances",
        AZURE_ELIGIBLE, KV_SET_SCHEDULES },
    { "Microsoft.Authorization/roleAssignmentScheduleInstances", AZURE_ACTIVE,
        KV_SET_SCHEDULES },
    { "Microsoft.Authorization/roleManagementPolicyAssignments",
        AZURE_ROLE_RULES, KV_SET_ROLE_RULES },
    { "Microsoft.Authorization/policyAssignments", AZURE_POLICIES,
        KV_SET_POLICIES },
    { "Microsoft.Authorization/policyExemptions", AZURE_EXEMPTIONS,
        KV_SET_EXEMPTIONS },
    { "Microsoft.Security/pricings", AZURE_PLAN, KV_SET_PLANS },
    { "Microsoft.Insights/metricAlerts", AZURE_GRAPH_ALERTS, KV_SET_ALERTS },
    { "Microsoft.Insights/activityLogAlerts", AZURE_GRAPH_ALERTS,
        KV_SET_ALERTS },
    { "Microsoft.Insights/scheduledQueryRules", AZURE_GRAPH_ALERTS,
        KV_SET_ALERTS },
    { "Microsoft.Insights/actionGroups", AZURE_GRAPH_ALERTS,
        KV_SET_ACTION_GROUPS },
    { "Microsoft.EventGrid/systemTopics", AZURE_GRAPH_TOPICS, KV_SET_TOPICS },
    { "Microsoft.EventGrid/eventSubscriptions", AZURE_SOURCE_EVENTS,
        KV_SET_EVENT_SUBSCRIPTIONS },
    { "Microsoft.EventGrid/systemTopics/eventSubscriptions",
        AZURE_TOPIC_EVENTS, KV_SET_EVENT_SUBSCRIPTIONS },
    { "Microsoft.KeyVault/locations/deletedVaults", AZURE_DELETED_VAULTS,
        KV_SET_DELETED },
    { "Microsoft.Insights/diagnosticSettings", AZURE_ACTIVITY_LOG,
        KV_SET_ACTIVITY_LOGS },
    { "Microsoft.OperationalInsights/workspaces/tables", AZURE_TABLE,
        KV_SET_COUNT },
    { "Microsoft.Storage/storageAccounts/managementPolicies", AZURE_LIFECYCLE,
        KV_SET_COUNT },
    { "Microsoft.Network/privateEndpoints", AZURE_GRAPH_ENDPOINTS,
        KV_SET_ENDPOINTS },
    { "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        AZURE_ZONE_GROUPS, KV_SET_COUNT },
    { "Microsoft.Network/networkSecurityPerimeters/resourceAssociations",
        AZURE_GRAPH_PERIMETERS, KV_SET_PERIMETERS },
};
#define ITEM_TYPE_COUNT (sizeof item_types / sizeof item_types[0])

/* What the read that knows an item is asked of. */
enum subject {
    SUBJECT_SCOPE,        /* what stands before the last provider */
    SUBJECT_ITEM,         /* the item itself */
    SUBJECT_PARENT,       /* what it is a part of */
    SUBJECT_SUBSCRIPTION, /* only of a subscription: its GUID */
    SUBJECT_ADDRESS,      /* all of it: what was asked stands in the query */
};

/* Reads whose items are not of what stands before the last provider, or change
 * what is true of resources elsewhere. */
static const struct item_way {
    enum azure_read read;
    enum subject subject;
    bool everywhere;
} item_ways[] = {
    /* What a topic announces is of its source, which only it knows. */
    { AZURE_TOPIC_EVENTS, SUBJECT_PARENT, false },
    { AZURE_ROLE_RULES, SUBJECT_ADDRESS, false },
    { AZURE_ACTIVITY_LOG, SUBJECT_SUBSCRIPTION, false },
    { AZURE_TABLE, SUBJECT_ITEM, true },
    { AZURE_LIFECYCLE, SUBJECT_PARENT, true },
    { AZURE_GRAPH_ENDPOINTS, SUBJECT_SCOPE, true },
    { AZURE_ZONE_GROUPS, SUBJECT_PARENT, true },
    { AZURE_GRAPH_PERIMETERS, SUBJECT_SCOPE, true },
};

static struct item_way way_of(const struct item_type *type)
{
    for (size_t i = 0; i < sizeof item_ways / sizeof *item_ways; i++)
        if (item_ways[i].read == type->read)
            return item_ways[i];
    return (struct item_way){ .read = type->read };
}

/* The type of what an id names: its last provider, then every other part.
 * `scope` is what stands before that provider. */
static void put_type(struct buf *out, struct view id, struct view *scope)
{
    static const char marker[] = "/providers/";
    struct view rest = { NULL, 0 };
    size_t size = sizeof marker - 1;

    for (size_t i = 0; i + size <= id.size; i++) {
        if (!view_starts_nocase((struct view){ id.data + i, id.size - i },
                (struct view){ marker, size }))
            continue;
        *scope = (struct view){ id.data, i };
        rest = (struct view){ id.data + i + size, id.size - i - size };
    }
    buf_put(out, view_cut(&rest, '/'));
    while (rest.size > 0) {
        buf_putc(out, '/');
        buf_put(out, view_cut(&rest, '/'));
        (void)view_cut(&rest, '/');
    }
}

static const struct item_type *type_find(const char *type)
{
    for (size_t i = 0; i < ITEM_TYPE_COUNT; i++)
        if (text_equal_nocase(item_types[i].type, type))
            return &item_types[i];
    return NULL;
}

static void take_items(
    struct kv_session *session, const struct item_type *type,
    struct view subject, json_t *body)
{
    const struct azure_read_row *row = &azure_reads[type->read];
    json_t *list = json_object_get(body, "value");
    struct azure_context context = {
        .estate = session->estate,
        .subject = estate_text(session->estate, subject),
        .read_at_s = clock_now_s(),
    };
    size_t index;
    json_t *item;

    estate_begin_item(session->estate);
    if (row->take_all) {
        json_t *all = json_is_array(list) ? json_incref(list)
                      : body              ? json_pack("[O]", body)
                                          : json_array();

        (void)row->take_all(&context, all);
        json_decref(all);
    } else if (json_is_array(list)) {
        json_array_foreach(list, index, item)
        {
            (void)row->take(&context, item);
        }
    } else {
        (void)row->take(&context, body);
    }
    estate_end_item(session->estate);
}

static struct view parent_of(struct view id)
{
    for (int segments = 2; segments > 0 && id.size > 0; segments--)
        while (id.size > 0 && id.data[--id.size] != '/')
            ;
    return id;
}

/* Empty: what is there is not the read's to know. */
static struct view subject_of(
    const struct item_type *type, struct view address, struct view scope)
{
    struct arm_id parts = arm_id_parse(scope);
    struct view rest = address;
    struct view id = view_cut(&rest, '?');

    switch (way_of(type).subject) {
    case SUBJECT_SCOPE:
        return scope;
    case SUBJECT_ITEM:
        return id;
    case SUBJECT_PARENT:
        return parent_of(id);
    case SUBJECT_ADDRESS:
        return address;
    case SUBJECT_SUBSCRIPTION:
        break;
    }
    return arm_id_level(&parts) == KV_SCOPE_SUBSCRIPTION
               ? parts.subscription
               : (struct view){ NULL, 0 };
}

/* A rule has a row for each of its scopes. */
static void drop_rule(struct kv_session *session, const char *rule_id)
{
    uint32_t count = kv_estate_row_count(session->estate, KV_SET_ALERTS);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_alert *row =
            kv_estate_row(session->estate, KV_SET_ALERTS, i);

        if (row && text_equal_nocase(row->rule_id, rule_id))
            (void)estate_remove_row(session->estate, KV_SET_ALERTS, row->id);
    }
}

static void drop_item(struct kv_session *session, const struct item_type *type,
    struct view subject, struct view id)
{
    char *key = mem_copy_view(id);

    if (azure_reads[type->read].take_all)
        take_items(session, type, subject, NULL);
    else if (type->set == KV_SET_ALERTS)
        drop_rule(session, key);
    else if (type->set != KV_SET_COUNT)
        (void)estate_remove_row(session->estate, type->set, key);
    mem_free(key);
}

static void touch(struct kv_session *session, const struct item_type *type,
    struct view scope)
{
    uint64_t facets = KV_FACET_BIT(azure_reads[type->read].facet);

    if (way_of(type).everywhere)
        estate_touch_all(session->estate, facets);
    else
        estate_touch_below(session->estate, scope, facets);
    session->news |= KV_NEWS_ESTATE;
}

static const struct kv_schedule *eligible_at(
    const struct kv_estate *estate, const char *scope, const char *address)
{
    struct kv_walk walk = { 0 };
    const struct kv_schedule *row;

    while ((row = kv_estate_next_at(estate, KV_SET_SCHEDULES, scope, &walk)))
        if (row->eligible && text_contains_nocase(address, row->principal_id))
            return row;
    return NULL;
}

/* The list of one principal says all that it is eligible for there: what is not
 * in it any more is gone. */
static void forget_eligible(
    struct kv_session *session, struct view scope, const char *address)
{
    char *at = mem_copy_view(scope);
    const struct kv_schedule *row;

    while ((row = eligible_at(session->estate, at, address)))
        if (!estate_remove_row(session->estate, KV_SET_SCHEDULES, row->id))
            break;
    mem_free(at);
}

void take_found(
    struct kv_session *session, const char *address, const char *body)
{
    struct view rest = view_of(address);
    struct view id = view_cut(&rest, '?');
    struct view scope = { NULL, 0 };
    struct view subject = { NULL, 0 };
    struct buf name = { .limit = 512 };
    json_t *json = body ? json_loads(body, 0, NULL) : NULL;
    const struct item_type *type;

    put_type(&name, id, &scope);
    type = type_find(buf_text(&name));
    if (type)
        subject = subject_of(type, view_of(address), scope);
    if (type && subject.data) {
        if (json && type->read == AZURE_ELIGIBLE)
            forget_eligible(session, scope, address);
        if (json)
            take_items(session, type, subject, json);
        else if (!body)
            drop_item(session, type, subject, id);
        touch(session, type, scope);
    }
    json_decref(json);
    buf_done(&name);
}
