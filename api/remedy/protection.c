/* Remedies of the protection area. */
#include "plan.h"

#define SOFT_DELETE "properties.enableSoftDelete"
#define PURGE_PROTECTION "properties.enablePurgeProtection"
#define RETENTION "properties.softDeleteRetentionInDays"
#define RETENTION_DAYS 90 /* what absent means */

static long retention_of(json_t *subject)
{
    json_t *value = value_at(subject, RETENTION);

    return value ? (long)json_integer_value(value) : RETENTION_DAYS;
}

static void check_retention(
    struct preview *preview, const struct plan_input *input, long days)
{
    if (days < (long)input->policy->retention_days)
        preview_check(preview, KV_CHECK_WARN,
            "the retention is %ld days, under the %u recommended, and is "
            "fixed: what is deleted is protected for %ld days only",
            days, (unsigned)input->policy->retention_days, days);
    else
        preview_check(preview, KV_CHECK_WARN,
            "the retention is %ld days and is fixed: what is deleted keeps "
            "its name taken that long, also in a throw-away environment",
            days);
    if (input->resource->kind == KV_KIND_HSM)
        preview_check(preview, KV_CHECK_WARN,
            "a deleted HSM is billed until its retention of %ld days ends, "
            "and nobody can purge it sooner",
            days);
}

/* A vault from before soft delete was the rule needs it on first; Azure takes
 * both in one request. An HSM always has it. */
static void set_soft_delete(struct step *step, const struct plan_input *input)
{
    json_t *before = value_at(input->subject, SOFT_DELETE);

    if (input->resource->kind == KV_KIND_VAULT && !json_is_true(before))
        step_set(step, SOFT_DELETE, before, json_true(), NULL);
}

void purge_protection_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct step *step =
        draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);
    json_t *before = value_at(input->subject, PURGE_PROTECTION);
    bool vault = input->resource->kind == KV_KIND_VAULT;
    long days = retention_of(input->subject);

    if (!json_is_true(before))
        set_soft_delete(step, input);
    step_set(step, PURGE_PROTECTION, before, json_true(), NULL);

    preview->takes = vault ? "seconds" : "minutes: Azure works on it";
    preview->undo = "no, never: nobody can turn it off again, Microsoft "
                    "included";
    preview->impact = preview_text(preview,
        "Nobody loses access. From now on nobody, Microsoft included, can "
        "purge this %s%s or turn the protection off: what is deleted stays "
        "recoverable and keeps its name taken for %ld days. Scripts that "
        "purge fail.",
        vault ? "vault" : "HSM",
        vault ? " or an object in it"
              : " or a key "
                "in it",
        days);
    check_retention(preview, input, days);
}

/* ---- soft delete, of vaults from before it was the rule ---- */

void soft_delete_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    json_t *before = value_at(input->subject, SOFT_DELETE);
    long days = retention_of(input->subject);
    struct step *step =
        draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);

    step_set(step, SOFT_DELETE, before, json_true(), NULL);
    preview->takes = "seconds";
    preview->undo = "no, never: Azure takes no request to turn it off";
    preview->impact = preview_text(preview,
        "Nobody loses access. What is deleted from now on can be had back for "
        "%ld days and keeps its name taken that long: scripts that delete and "
        "make again under the same name fail, and deleting for good takes the "
        "right to purge. What was deleted before stays gone.",
        days);
    if (!value_at(input->subject, RETENTION))
        preview_check(preview, KV_CHECK_WARN,
            "no retention is set, so that Azure's %d days hold, for good",
            RETENTION_DAYS);
    preview_check(preview, KV_CHECK_WARN,
        "whoever may purge can still delete for good: purge-protection-on ends "
        "that");
}
