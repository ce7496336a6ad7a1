/* Remedies of the logging area. */
#include "plan.h"

#include <string.h>

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

static void offer_workspaces(struct option *out, const struct kv_estate *estate)
{
    uint32_t count = kv_estate_row_count(estate, KV_SET_SINKS);

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
}

static void diagnostics_offer(
    struct option *out, const struct plan_targets *targets)
{
    const struct kv_sink *common = common_workspace(targets);

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
        "%s is not one of the workspaces that were read.", value);
}

const struct option_row diagnostics_options[] = {
    {
        .name = "workspace",
        .label = "Log Analytics workspace",
        .help = "where the audit log is sent; ingestion is billed there",
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

/* Azure takes the same category to the same workspace only once. */
static const char *already_sending(json_t *settings, const char *workspace)
{
    size_t index;
    json_t *setting;

    json_array_foreach(value_at(settings, "value"), index, setting)
    {
        const char *name = value_text(setting, "name");

        if (sends_audit(setting) &&
            text_equal_nocase(
                value_text(setting, "properties.workspaceId"), workspace))
            return name ? name : "a setting";
    }
    return NULL;
}

static bool name_taken(json_t *settings, const char *name)
{
    size_t index;
    json_t *setting;

    json_array_foreach(value_at(settings, "value"), index, setting)
    {
        if (text_equal_nocase(value_text(setting, "name"), name))
            return true;
    }
    return false;
}

/* A PUT on a name that exists would replace that setting. */
static void put_free_name(struct buf *out, json_t *settings)
{
    buf_puts(out, SETTING_NAME);
    for (int i = 2; name_taken(settings, buf_text(out)); i++) {
        buf_clear(out);
        buf_putf(out, "%s-%d", SETTING_NAME, i);
    }
}

/* ---- the step ---- */

static json_t *setting_properties(const char *workspace)
{
    return json_pack("{s:s, s:s, s:[{s:s, s:b}]}", "workspaceId", workspace,
        "logAnalyticsDestinationType", "Dedicated", "logs", "categoryGroup",
        "audit", "enabled", 1);
}

static void describe(struct preview *preview, const char *workspace)
{
    preview->takes = "seconds; up to 90 minutes for first records";
    preview->undo = "yes, the setting that was made is removed";
    preview->impact = preview_text(preview,
        "Nobody loses access. Every call on the vault is recorded in %s, with "
        "the caller and its address; whoever can read that workspace can read "
        "them. Ingestion is billed by volume.",
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
    json_t *settings, const char *workspace)
{
    struct buf name = { .limit = 128 };
    struct buf path = { .limit = 4096 };
    struct step *step;

    put_free_name(&name, settings);
    buf_putf(
        &path, "%s" SETTINGS_PATH "/%s", input->resource->id, buf_text(&name));
    step = draft_step(draft, "PUT", buf_text(&path), INSIGHTS_API);
    step_set(step, "properties", NULL, setting_properties(workspace), NULL);
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

void diagnostics_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    const struct kv_sink *sink = workspace_chosen(input);
    const struct live_answer *settings =
        draft_list(draft, "%s" SETTINGS_PATH "?api-version=" INSIGHTS_API,
            input->resource->id);
    const char *sending;

    if (!settings)
        return;
    if (!sink) {
        preview_check(preview, KV_CHECK_BLOCK,
            "no Log Analytics workspace was read: create one, or ask for "
            "Reader where it is, then read the estate again");
        return;
    }
    sending = already_sending(settings->body, sink->id);
    if (sending)
        preview->nothing = preview_text(preview,
            "the setting \"%s\" already sends the audit log to %s", sending,
            sink->name ? sink->name : sink->id);
    make_setting(draft, input, settings->body, sink->id);
    describe(preview, sink->name ? sink->name : sink->id);
    check_settings(preview, settings->body);
}
