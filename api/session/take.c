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
};
#define ITEM_TYPE_COUNT (sizeof item_types / sizeof item_types[0])

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
    if (json_is_array(list)) {
        json_array_foreach(list, index, item)
        {
            (void)row->take(&context, item);
        }
    } else {
        (void)row->take(&context, body);
    }
    estate_end_item(session->estate);
}

/* What a topic announces is of its source, which only it knows; which role's
 * rules were asked for stands in the filter. */
static struct view subject_of(const struct item_type *type,
    struct view address, struct view id, struct view scope)
{
    struct view subject = scope;

    if (type->read == AZURE_ROLE_RULES)
        return address;
    if (type->read == AZURE_TOPIC_EVENTS)
        subject = (struct view){ id.data,
            (size_t)(arm_id_last(id).data - id.data) -
                strlen("/eventSubscriptions/") };
    return subject;
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
    struct buf name = { .limit = 512 };
    const struct item_type *type;
    json_t *json = body ? json_loads(body, 0, NULL) : NULL;

    put_type(&name, id, &scope);
    type = type_find(buf_text(&name));
    if (type && json && type->read == AZURE_ELIGIBLE)
        forget_eligible(session, scope, address);
    if (type && json) {
        take_items(session, type,
            subject_of(type, view_of(address), id, scope), json);
    } else if (type && type->set != KV_SET_COUNT && !body) {
        char *key = mem_copy_view(id);

        (void)estate_remove_row(session->estate, type->set, key);
        mem_free(key);
    }
    if (type) {
        estate_touch_below(session->estate, scope,
            KV_FACET_BIT(azure_reads[type->read].facet));
        session->news |= KV_NEWS_ESTATE;
    }
    json_decref(json);
    buf_done(&name);
}
