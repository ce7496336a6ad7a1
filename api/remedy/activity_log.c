/* Where a subscription's activity log goes: one diagnostic setting of the
 * subscription itself, with the categories that are sent nowhere yet. */
#include "plan.h"

#define SETTINGS_PATH "/providers/Microsoft.Insights/diagnosticSettings"
#define SETTINGS_MAX 5
#define SETTING_NAME "kvgov-activity"

static const char *const categories[] = { "Administrative", "Security", "Alert",
    "Policy" };
#define CATEGORY_COUNT (sizeof categories / sizeof *categories)

static bool row_sends(json_t *row, const char *category)
{
    return json_is_true(value_at(row, "enabled")) &&
           (text_equal_nocase(value_text(row, "category"), category) ||
               text_equal_nocase(value_text(row, "categoryGroup"), "allLogs"));
}

/* Whether a setting sends the category somewhere; with a workspace, there. */
static bool is_sent(json_t *settings, const char *category, const char *workspace)
{
    size_t i, j;
    json_t *setting, *row;

    json_array_foreach(value_at(settings, "value"), i, setting)
    {
        if (workspace &&
            !text_equal_nocase(
                value_text(setting, "properties.workspaceId"), workspace))
            continue;
        json_array_foreach(value_at(setting, "properties.logs"), j, row)
        {
            if (row_sends(row, category))
                return true;
        }
    }
    return false;
}

/* Azure takes a category to one workspace only once; what goes elsewhere is
 * sent here too, since nobody knows whether that place still exists. */
static json_t *rows_missing(json_t *settings, const char *workspace)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < CATEGORY_COUNT; i++)
        if (!is_sent(settings, categories[i], workspace))
            (void)json_array_append_new(rows,
                json_pack("{s:s, s:b}", "category", categories[i], "enabled",
                    1));
    return rows;
}

static void make_setting(struct draft *draft, const char *scope,
    json_t *settings, const struct kv_sink *sink)
{
    struct buf name = { .limit = 128 };
    struct buf path = { .limit = 1024 };
    json_t *rows = rows_missing(settings, sink->id);
    struct step *step;

    list_put_free_name(&name, settings, SETTING_NAME);
    buf_putf(&path, "%s" SETTINGS_PATH "/%s", scope, buf_text(&name));
    step = draft_step(draft, "PUT", buf_text(&path), INSIGHTS_API);
    step_scope_is(step, scope);
    if (json_array_size(rows) == 0)
        draft->preview.nothing = preview_text(&draft->preview,
            "all four categories are sent to %s already", sink->name);
    step_set(step, "properties", NULL,
        json_pack("{s:s, s:o}", "workspaceId", sink->id, "logs", rows), NULL);
    step->reversible = true;
    buf_done(&name);
    buf_done(&path);
}

void activity_log_plan(struct draft *draft, const struct plan_input *input,
    const struct kv_sink *sink)
{
    struct preview *preview = &draft->preview;
    struct buf scope = { .limit = 256 };
    const struct live_answer *settings;

    buf_putf(&scope, "/subscriptions/%s", input->subscription->id);
    settings = draft_list(draft, "%s" SETTINGS_PATH "?api-version=" INSIGHTS_API,
        buf_text(&scope));
    if (settings && !settings->body)
        preview_check(preview, KV_CHECK_BLOCK,
            "its diagnostic settings could not be read (%s): ask for "
            "Microsoft.Insights/diagnosticSettings/read",
            settings->why ? settings->why : "not read");
    if (settings && json_array_size(value_at(settings->body, "value")) >=
                        SETTINGS_MAX)
        preview_check(preview, KV_CHECK_BLOCK,
            "it has %d diagnostic settings, which is Azure's limit: remove one",
            SETTINGS_MAX);
    if (settings)
        make_setting(draft, buf_text(&scope), settings->body, sink);
    preview->takes = "seconds; records arrive within minutes";
    preview->undo = "yes, the setting that was made is removed";
    preview->impact = preview_text(preview,
        "Nobody loses access. Who changed what in this subscription, and what "
        "Azure Policy and Defender noted, is recorded in %s; whoever can read "
        "that workspace can read it. Activity logs are taken in free of "
        "charge, keeping them beyond 90 days is billed.",
        sink->name ? sink->name : sink->id);
    buf_done(&scope);
}
