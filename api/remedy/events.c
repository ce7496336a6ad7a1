/* Event Grid: somebody hears of changes to the objects of a vault, or of
 * resources that deviate from policy. The events become alerts of an action
 * group, which takes no code of a receiver. */
#include "plan.h"

#include "estate.h"
#include "groups.h"

#define EVENTS_API "2025-02-15"
#define SUBSCRIPTIONS "/providers/Microsoft.EventGrid/eventSubscriptions"
#define TOPIC_TYPE "Microsoft.PolicyInsights.PolicyStates"
#define TOPIC_NAME "kvgov-policy-states"
#define NAME "kvgov-events"

const struct option_row events_options[] = {
    {
        .name = "group",
        .label = "Action group that hears of it",
        .help = "events become alerts of this group",
        .offer = groups_offer,
    },
    { 0 },
};

static json_t *destination(const struct plan_input *input)
{
    return json_pack("{s:s, s:{s:s, s:[s]}}", "endpointType", "MonitorAlert",
        "properties", "severity", "Sev3", "actionGroups",
        input_option(input, "group"));
}

static json_t *vault_filter(void)
{
    return json_pack("{s:[s, s, s, s, s, s, s]}", "includedEventTypes",
        "Microsoft.KeyVault.SecretNearExpiry",
        "Microsoft.KeyVault.SecretExpired", "Microsoft.KeyVault.KeyNearExpiry",
        "Microsoft.KeyVault.KeyExpired",
        "Microsoft.KeyVault.CertificateNearExpiry",
        "Microsoft.KeyVault.CertificateExpired",
        "Microsoft.KeyVault.VaultAccessPolicyChanged");
}

static json_t *policy_filter(void)
{
    return json_pack("{s:[s, s], s:[{s:s, s:s, s:[s]}]}", "includedEventTypes",
        "Microsoft.PolicyInsights.PolicyStateCreated",
        "Microsoft.PolicyInsights.PolicyStateChanged", "advancedFilters",
        "operatorType", "StringIn", "key", "data.complianceState", "values",
        "NonCompliant");
}

static void subscribe(struct draft *draft, const struct plan_input *input,
    const char *path, json_t *filter)
{
    struct step *step = draft_step(draft, "PUT", path, EVENTS_API);

    step_what(step, "subscribe the action group to the events");
    step_set(step, "properties", NULL,
        json_pack("{s:o, s:o, s:s}", "destination", destination(input),
            "filter", filter, "eventDeliverySchema", "CloudEventSchemaV1_0"),
        NULL);
    step->reversible = step->loose = true;
}

static void subscribe_vault(
    struct draft *draft, const struct plan_input *input)
{
    const struct live_answer *list = draft_list(draft,
        "%s" SUBSCRIPTIONS "?api-version=" EVENTS_API, input->resource->id);
    struct buf name = { .limit = 128 };
    struct buf path = { .limit = 4096 };

    if (!list)
        return;
    list_put_free_name(&name, list->body, NAME);
    buf_putf(
        &path, "%s" SUBSCRIPTIONS "/%s", input->resource->id, buf_text(&name));
    subscribe(draft, input, buf_text(&path), vault_filter());
    buf_done(&path);
    buf_done(&name);
}

/* A source has one topic of a type. */
static const char *topic_there(
    const struct plan_input *input, const char *scope)
{
    struct kv_walk walk = { 0 };
    const struct kv_topic *row;

    do
        row = kv_estate_next_at(input->estate, KV_SET_TOPICS, scope, &walk);
    while (row && !text_equal_nocase(row->topic_type, TOPIC_TYPE));
    return row ? row->id : NULL;
}

static void make_topic(
    struct draft *draft, const char *path, const char *group, const char *scope)
{
    json_t *properties = json_pack(
        "{s:s, s:s}", "source", scope, "topicType", TOPIC_TYPE);
    struct step *step = draft_step(draft, "PUT", path, EVENTS_API);

    step_what(step, "create the topic of policy states");
    step_scope_is(step, group);
    step_body_is(step, json_pack("{s:s, s:O}", "location", "global",
                           "properties", properties));
    step_set(step, "properties", NULL, properties, NULL);
    step->reversible = step->loose = true;
}

static void subscribe_policy(
    struct draft *draft, const struct plan_input *input)
{
    struct arm_id id = arm_id_parse(view_of(input->resource->id));
    struct buf scope = { .limit = 256 };
    struct buf group = { .limit = 1024 };
    struct buf path = { .limit = 4096 };
    const char *topic;

    buf_putf(&scope, "/subscriptions/%s", input->subscription->id);
    buf_putf(&group, "%s/resourceGroups/%.*s", buf_text(&scope),
        (int)id.resource_group.size, id.resource_group.data);
    topic = topic_there(input, buf_text(&scope));
    if (topic) {
        buf_puts(&path, topic);
    } else {
        buf_putf(&path, "%s/providers/Microsoft.EventGrid/systemTopics/"
                        TOPIC_NAME,
            buf_text(&group));
        make_topic(draft, buf_text(&path), buf_text(&group), buf_text(&scope));
    }
    buf_puts(&path, "/eventSubscriptions/" NAME);
    subscribe(draft, input, buf_text(&path), policy_filter());
    step_scope_is(&draft->steps[draft->step_count - 1], buf_text(&group));
    buf_done(&path);
    buf_done(&group);
    buf_done(&scope);
}

void events_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct kv_facet_status status =
        kv_estate_facet(input->estate, input->resource, KV_FACET_EVENTS);

    preview->takes = "a minute";
    preview->undo = "yes, what was made is removed";
    preview->impact =
        input->above
            ? "Nobody loses access. The action group hears of each resource of "
              "the subscription that Azure Policy finds deviating; a new "
              "assignment may tell many at once."
            : "Nobody loses access. The action group hears when a secret, key "
              "or certificate is about to expire or has, and when an access "
              "policy changes; deletions are no event: alerts-create is for "
              "those.";
    if (!groups_check(draft, input))
        return;
    if (status.state == KV_FACET_UNREGISTERED) {
        preview_check(preview, KV_CHECK_BLOCK,
            "Microsoft.EventGrid is not registered in the subscription: run az "
            "provider register --namespace Microsoft.EventGrid first");
        return;
    }
    if (input->above) {
        subscribe_policy(draft, input);
        return;
    }
    preview_check(preview, KV_CHECK_UNKNOWN,
        "your right to Microsoft.KeyVault/vaults/eventGridFilters/write is "
        "UNKNOWN: Azure checks it when the subscription is made");
    subscribe_vault(draft, input);
}
