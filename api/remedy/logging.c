/* Remedies of the logging area. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SETTINGS_MAX 5 /* of one resource: Azure Monitor's own limit */
#define SETTING_NAME "kvgov-audit"
#define SETTINGS_PATH "/providers/Microsoft.Insights/diagnosticSettings"
#define AUTOMATIC "auto"

/* ---- which workspace ---- */

/* The subscription's GUID within an ARM id; empty at another level. */
static struct view subscription_of(const char *id)
{
    struct view rest = view_of(id);

    (void)view_cut(&rest, '/');
    if (!view_equal_nocase(view_cut(&rest, '/'), view_of("subscriptions")))
        return (struct view){ 0 };
    return view_cut(&rest, '/');
}

static bool sends_to(
    const struct kv_resource *resource, const struct kv_sink *sink)
{
    for (uint32_t i = 0; i < resource->diagnostic_count; i++) {
        const struct kv_diagnostic *setting = &resource->diagnostics[i];

        if (setting->audit &&
            text_equal_nocase(setting->workspace_id, sink->id))
            return true;
    }
    return false;
}

/* For each sink, how many resources of the subscription send their audit log
 * there. One pass over the estate, which may hold 100,000. */
static uint32_t *count_uses(
    const struct kv_estate *estate, uint32_t subscription)
{
    uint32_t sinks = kv_estate_row_count(estate, KV_SET_SINKS);
    uint32_t count = kv_estate_resource_count(estate);
    uint32_t *uses = mem_alloc((size_t)sinks * sizeof *uses);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_resource *resource = kv_estate_resource(estate, i);

        if (resource->gone || resource->subscription != subscription)
            continue;
        for (uint32_t s = 0; s < sinks; s++)
            uses[s] +=
                sends_to(resource, kv_estate_row(estate, KV_SET_SINKS, s));
    }
    return uses;
}

/* Higher is nearer: used by neighbours, else the same subscription and region,
 * else the same region. */
static uint64_t rank_of(const struct kv_estate *estate,
    const struct kv_sink *sink, const struct kv_resource *resource,
    uint32_t uses)
{
    const struct kv_subscription *subscription =
        kv_estate_subscription(estate, resource->subscription);
    bool near = text_equal_nocase(sink->location, resource->location);
    bool own =
        view_equal_nocase(subscription_of(sink->id), view_of(subscription->id));

    if (uses > 0)
        return 2 + (uint64_t)uses;
    return near ? 1 + (uint64_t)own : 0;
}

static const struct kv_sink *workspace_for(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    uint32_t count = kv_estate_row_count(estate, KV_SET_SINKS);
    uint32_t *uses = count_uses(estate, resource->subscription);
    const struct kv_sink *best = NULL;
    uint64_t best_rank = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_sink *sink = kv_estate_row(estate, KV_SET_SINKS, i);
        uint64_t rank;

        if (sink->kind != KV_SINK_WORKSPACE)
            continue;
        rank = rank_of(estate, sink, resource, uses[i]);
        if (!best || rank > best_rank) {
            best = sink;
            best_rank = rank;
        }
    }
    mem_free(uses);
    return best;
}

/* ---- the option ---- */

/* One for all targets, or NULL where each subscription has its own. */
static const struct kv_sink *common_workspace(
    const struct plan_targets *targets)
{
    const struct kv_sink *common = NULL;
    uint32_t last = KV_NONE;

    for (size_t i = 0; i < targets->count; i++) {
        const struct kv_resource *resource =
            kv_estate_resource(targets->estate, targets->resources[i]);
        const struct kv_sink *sink;

        /* Neighbours in a list mostly share the subscription. */
        if (common && resource->subscription == last &&
            text_equal_nocase(resource->location,
                kv_estate_resource(targets->estate, targets->resources[i - 1])
                    ->location))
            continue;
        last = resource->subscription;
        sink = workspace_for(targets->estate, resource);
        if (common && sink != common)
            return NULL;
        common = sink;
    }
    return common;
}

static int compare_labels(const void *left, const void *right)
{
    const struct kv_choice *a = left;
    const struct kv_choice *b = right;

    return strcasecmp(a->label, b->label);
}

static void offer_workspaces(struct option *out, const struct kv_estate *estate)
{
    uint32_t count = kv_estate_row_count(estate, KV_SET_SINKS);
    size_t first = out->choice_count;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_sink *sink = kv_estate_row(estate, KV_SET_SINKS, i);
        struct buf label = { .limit = 512 };

        if (sink->kind != KV_SINK_WORKSPACE)
            continue;
        buf_putf(&label, "%s (%s)", sink->name ? sink->name : sink->id,
            sink->location ? sink->location : "region unknown");
        option_add_choice(out, sink->id, buf_text(&label));
        buf_done(&label);
    }
    if (out->choice_count > first)
        qsort(out->choices + first, out->choice_count - first,
            sizeof *out->choices, compare_labels);
}

/* What the site designated, where that is what is to pass. */
static bool offer_designated(
    struct option *out, const struct plan_targets *targets)
{
    const struct kv_texts *sinks = &targets->policy->log_sinks;

    if (!text_equal_nocase(targets->row, "LOG-12") || sinks->count == 0)
        return false;
    for (uint32_t i = 0; i < sinks->count; i++) {
        const struct kv_sink *sink =
            kv_estate_find_sink(targets->estate, sinks->items[i]);

        option_add_choice(out, sinks->items[i],
            sink && sink->name ? sink->name : sinks->items[i]);
    }
    option_set_value(out, sinks->items[0]);
    return true;
}

static void diagnostics_offer(
    struct option *out, const struct plan_targets *targets)
{
    const struct kv_sink *common;

    if (offer_designated(out, targets))
        return;
    common = common_workspace(targets);
    if (!common)
        option_add_choice(out, AUTOMATIC,
            "for each resource the one that its neighbours use");
    offer_workspaces(out, targets->estate);
    option_set_value(out, common ? common->id : AUTOMATIC);
}

static enum kv_status diagnostics_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    for (size_t i = 0; i < option->choice_count; i++) {
        if (text_equal_nocase(option->choices[i].value, value))
            return KV_OK;
    }
    return kv_error_set(err, KV_BAD_INPUT,
        "%s is not one of the places that were read.", value);
}

const struct option_row diagnostics_options[] = {
    {
        .name = "workspace",
        .label = "Where the log is sent",
        .help = "a Log Analytics workspace, or what the site designated; "
                "taking logs in and keeping them is billed there",
        .offer = diagnostics_offer,
        .accept = diagnostics_accept,
    },
    { 0 },
};

/* ---- the settings that are there ---- */

static bool is_audit_row(json_t *row)
{
    const char *group = value_text(row, "categoryGroup");

    return json_is_true(value_at(row, "enabled")) &&
           (text_equal_nocase(value_text(row, "category"), "AuditEvent") ||
               text_equal_nocase(group, "audit") ||
               text_equal_nocase(group, "allLogs"));
}

static bool sends_audit(json_t *setting)
{
    size_t index;
    json_t *row;

    json_array_foreach(value_at(setting, "properties.logs"), index, row)
    {
        if (is_audit_row(row))
            return true;
    }
    return false;
}

/* What a setting names a place by. */
static const char *field_of(enum kv_sink_kind kind)
{
    return kind == KV_SINK_STORAGE ? "storageAccountId" : "workspaceId";
}

/* Azure takes the same category to the same place only once. */
static const char *already_sending(json_t *settings, const struct kv_sink *sink)
{
    size_t index;
    json_t *setting;

    json_array_foreach(value_at(settings, "value"), index, setting)
    {
        const char *name = value_text(setting, "name");

        if (sends_audit(setting) &&
            text_equal_nocase(
                value_text(value_at(setting, "properties"),
                    field_of(sink->kind)),
                sink->id))
            return name ? name : "a setting";
    }
    return NULL;
}

/* ---- the step ---- */

/* An HSM has the one category, and is not known to have groups of them. */
static json_t *setting_properties(
    const struct plan_input *input, const struct kv_sink *sink)
{
    bool hsm = input->resource->kind == KV_KIND_HSM;
    json_t *properties = json_pack("{s:s, s:[{s:s, s:b}]}",
        field_of(sink->kind), sink->id, "logs",
        hsm ? "category" : "categoryGroup", hsm ? "AuditEvent" : "audit",
        "enabled", 1);

    if (sink->kind == KV_SINK_WORKSPACE)
        (void)json_object_set_new(properties, "logAnalyticsDestinationType",
            json_string("Dedicated"));
    return properties;
}

static void describe(struct preview *preview, const char *workspace)
{
    preview->takes = "seconds; up to 90 minutes for first records";
    preview->undo = "yes, the setting that was made is removed";
    preview->impact = preview_text(preview,
        "Nobody loses access. Every call is recorded in %s, with the caller "
        "and its address; whoever can read that workspace can read them. "
        "Ingestion is billed by volume.",
        workspace);
    preview_check(preview, KV_CHECK_UNKNOWN,
        "your right to send to the workspace is UNKNOWN: Azure checks it when "
        "the setting is made");
}

static void check_settings(struct preview *preview, json_t *settings)
{
    size_t count = json_array_size(value_at(settings, "value"));

    if (!settings)
        preview_check(preview, KV_CHECK_BLOCK,
            "its diagnostic settings could not be read, so nobody can tell "
            "what a new one would meet: ask for "
            "Microsoft.Insights/diagnosticSettings/read");
    else if (count >= SETTINGS_MAX)
        preview_check(preview, KV_CHECK_BLOCK,
            "it has %zu diagnostic settings and Azure allows %d: remove one, "
            "or add the audit log to one of them by hand",
            count, SETTINGS_MAX);
    else
        preview_check(preview, KV_CHECK_OK,
            "it has %zu of at most %d diagnostic settings", count,
            SETTINGS_MAX);
}

static void make_setting(struct draft *draft, const struct plan_input *input,
    json_t *settings, const struct kv_sink *sink)
{
    struct buf name = { .limit = 128 };
    struct buf path = { .limit = 4096 };
    struct step *step;

    list_put_free_name(&name, settings, SETTING_NAME);
    buf_putf(
        &path, "%s" SETTINGS_PATH "/%s", input->resource->id, buf_text(&name));
    step = draft_step(draft, "PUT", buf_text(&path), INSIGHTS_API);
    step_set(step, "properties", NULL, setting_properties(input, sink), NULL);
    step->reversible = true;
    buf_done(&path);
    buf_done(&name);
}

static const struct kv_sink *workspace_chosen(const struct plan_input *input)
{
    const char *chosen = input_option(input, "workspace");

    if (strcmp(chosen, AUTOMATIC) == 0)
        return workspace_for(input->estate, input->resource);
    return kv_estate_find_sink(input->estate, chosen);
}

static bool check_sink(struct preview *preview, const struct plan_input *input,
    const struct kv_sink *sink)
{
    if (!sink)
        preview_check(preview, KV_CHECK_BLOCK,
            "no Log Analytics workspace was read: create one, or ask for "
            "Reader where it is, then read the estate again");
    else if (sink->kind != KV_SINK_WORKSPACE && sink->kind != KV_SINK_STORAGE)
        preview_check(preview, KV_CHECK_BLOCK,
            "%s is neither a workspace nor a storage account: make that "
            "setting by hand",
            sink->name ? sink->name : sink->id);
    else if (sink->kind == KV_SINK_STORAGE &&
             !text_equal_nocase(sink->location, input->resource->location))
        preview_check(preview, KV_CHECK_BLOCK,
            "%s is in %s, and a storage account takes logs of its own region "
            "only: choose another place",
            sink->name ? sink->name : sink->id,
            sink->location ? sink->location : "a region that was not read");
    else
        return true;
    return false;
}

void diagnostics_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    const struct kv_sink *sink = workspace_chosen(input);
    const struct live_answer *settings;
    const char *sending;

    if (!check_sink(preview, input, sink))
        return;
    if (input->above) {
        activity_log_plan(draft, input, sink);
        return;
    }
    settings = draft_list(draft,
        "%s" SETTINGS_PATH "?api-version=" INSIGHTS_API, input->resource->id);
    if (!settings)
        return;
    sending = already_sending(settings->body, sink);
    if (sending)
        preview->nothing = preview_text(preview,
            "the setting \"%s\" already sends the audit log to %s", sending,
            sink->name ? sink->name : sink->id);
    make_setting(draft, input, settings->body, sink);
    describe(preview, sink->name ? sink->name : sink->id);
    check_settings(preview, settings->body);
}
