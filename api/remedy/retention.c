/* How long audit logs are kept: the total retention of a workspace's table, or
 * the lifecycle rules of a storage account. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#define TABLES_API "2025-07-01"
#define STORAGE_API "2025-08-01"
#define TOTAL "properties.totalRetentionInDays"
#define POLICY "properties.policy"
#define DAYS_MAX 4383 /* of a table, twelve years */
#define CONTAINER "insights-logs-auditevent/"

static enum kv_status days_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    char *end = NULL;
    long days = strtol(value, &end, 10);

    (void)option;
    if (end == value || *end || days < 4 || days > DAYS_MAX)
        return kv_error_set(err, KV_BAD_INPUT,
            "\"%.32s\" is no number of days from 4 to %d.", value, DAYS_MAX);
    return KV_OK;
}

static void days_offer(struct option *out, const struct plan_targets *targets)
{
    struct buf text = { .limit = 32 };

    buf_putf(&text, "%u", targets->policy->log_retention_days);
    option_set_value(out, buf_text(&text));
    buf_done(&text);
}

const struct option_row retention_options[] = {
    {
        .name = "days",
        .label = "Days to keep audit logs",
        .help = "what is kept beyond the interactive retention is billed as "
                "archive",
        .offer = days_offer,
        .accept = days_accept,
    },
    { 0 },
};

/* ---- a workspace's table ---- */

static void describe_table(struct draft *draft, bool shared)
{
    struct preview *preview = &draft->preview;

    preview->takes = "seconds to minutes";
    preview->undo = "yes, the number of days read now comes back, which "
                    "deletes what is older by then";
    preview->impact =
        shared ? "Nobody loses access. The table is shared: logs of every "
                 "service in it are kept as long, and billed."
               : "Nobody loses access. The audit logs of every vault that "
                 "sends there are kept as long, and billed by volume.";
    if (shared)
        preview_check(preview, KV_CHECK_WARN,
            "AzureDiagnostics holds logs of all services that send there: "
            "keeping those of vaults alone takes their own table (Dedicated)");
}

static void extend_table(struct draft *draft, const struct plan_input *input,
    const struct kv_diagnostic *setting)
{
    long days = strtol(input_option(input, "days"), NULL, 10);
    struct buf path = { .limit = 2048 };
    const struct live_answer *table;
    json_t *before;

    buf_putf(&path, "%s/tables/%s", setting->workspace_id,
        setting->dedicated ? "AZKVAuditLogs" : "AzureDiagnostics");
    table = draft_read(
        draft, "%s?api-version=" TABLES_API, buf_text(&path));
    before = table ? value_at(table->body, TOTAL) : NULL;
    if (table && !before)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the table could not be read (%s): it is there once the first "
            "record came; or ask for Reader on the workspace",
            table->why ? table->why : "it does not say how long it keeps");
    else if (before && json_integer_value(before) >= days)
        draft->preview.nothing = "the table keeps them that long already";
    else if (before) {
        struct step *step =
            draft_step(draft, "PATCH", buf_text(&path), TABLES_API);

        step_scope_is(step, setting->workspace_id);
        step_set(step, TOTAL, before, json_integer(days), json_incref(before));
        step->reversible = true;
    }
    describe_table(draft, !setting->dedicated);
    buf_done(&path);
}

/* ---- a storage account's lifecycle ---- */

static const char *const day_fields[] = { "daysAfterModificationGreaterThan",
    "daysAfterCreationGreaterThan", "daysAfterLastAccessTimeGreaterThan" };

static bool has_append_blobs(json_t *rule)
{
    size_t index;
    json_t *type;

    json_array_foreach(
        value_at(rule, "definition.filters.blobTypes"), index, type)
    {
        if (text_equal_nocase(json_string_value(type), "appendBlob"))
            return true;
    }
    return false;
}

/* Prefixes begin with the container. */
static bool reaches_logs(json_t *rule)
{
    json_t *prefixes = value_at(rule, "definition.filters.prefixMatch");
    bool reaches = json_array_size(prefixes) == 0;
    size_t index;
    json_t *prefix;

    json_array_foreach(prefixes, index, prefix)
    {
        struct view text = view_of(json_string_value(prefix));

        reaches |= view_starts_nocase(view_of(CONTAINER), text) ||
                   view_starts_nocase(text, view_of(CONTAINER));
    }
    return reaches && has_append_blobs(rule);
}

static bool extend_rule(json_t *rule, long days)
{
    json_t *action = value_at(rule, "definition.actions.baseBlob.delete");
    bool changed = false;

    if (!reaches_logs(rule))
        return false;
    for (size_t i = 0; i < sizeof day_fields / sizeof *day_fields; i++) {
        json_t *value = json_object_get(action, day_fields[i]);

        if (!json_is_number(value) || json_number_value(value) >= (double)days)
            continue;
        (void)json_object_set_new(action, day_fields[i], json_integer(days));
        changed = true;
    }
    return changed;
}

/* A PUT replaces all rules: what was read goes back, with the days changed. */
static json_t *policy_extended(json_t *before, long days, size_t *changed)
{
    json_t *policy = json_deep_copy(before);
    size_t index;
    json_t *rule;

    json_array_foreach(value_at(policy, "rules"), index, rule)
    {
        *changed += extend_rule(rule, days);
    }
    return policy;
}

static void extend_lifecycle(struct draft *draft,
    const struct plan_input *input, const char *storage_id)
{
    struct preview *preview = &draft->preview;
    long days = strtol(input_option(input, "days"), NULL, 10);
    struct buf path = { .limit = 2048 };
    const struct live_answer *found;
    json_t *before;
    size_t changed = 0;

    buf_putf(&path, "%s/managementPolicies/default", storage_id);
    found =
        draft_read(draft, "%s?api-version=" STORAGE_API, buf_text(&path));
    before = found ? value_at(found->body, POLICY) : NULL;
    if (found && !before && found->status == KV_NOT_FOUND)
        preview->nothing = "no lifecycle rule deletes anything there";
    else if (found && !before)
        preview_check(preview, KV_CHECK_BLOCK,
            "its lifecycle rules could not be read (%s): ask for Reader on the "
            "storage account",
            found->why ? found->why : "not read");
    if (before) {
        json_t *after = policy_extended(before, days, &changed);
        struct step *step =
            draft_step(draft, "PUT", buf_text(&path), STORAGE_API);

        step_scope_is(step, storage_id);
        step_set(step, POLICY, before, after, json_incref(before));
        step->reversible = true;
        if (changed == 0)
            preview->nothing = "no lifecycle rule deletes them sooner";
    }
    preview->takes = "seconds; rules are carried out once a day";
    preview->undo = "yes, the rules read now come back, which deletes what is "
                    "older by then";
    preview->impact = preview_text(preview,
        "Nobody loses access. %zu lifecycle rules of the account delete blobs "
        "later, of audit logs and of whatever else they are for; storage is "
        "billed by volume.",
        changed);
    buf_done(&path);
}

/* ---- the remedy: one copy that outlives the year is enough ---- */

void retention_plan(struct draft *draft, const struct plan_input *input)
{
    const struct kv_resource *resource = input->resource;
    const char *storage_id = NULL;

    for (uint32_t i = 0; i < resource->diagnostic_count; i++) {
        const struct kv_diagnostic *setting = &resource->diagnostics[i];

        if (setting->audit && setting->workspace_id) {
            extend_table(draft, input, setting);
            return;
        }
        if (setting->audit && setting->storage_id)
            storage_id = setting->storage_id;
    }
    if (storage_id)
        extend_lifecycle(draft, input, storage_id);
    else
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "its audit log goes to no workspace or storage account, so there "
            "is nothing to keep: send it to one first (diagnostics-on)");
}
