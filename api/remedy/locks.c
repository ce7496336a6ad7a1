/* Locks: what cannot be made again is not deleted by a slip. */
#include "plan.h"

#define LOCKS_API "2020-05-01"
#define LOCKS_PATH "/providers/Microsoft.Authorization/locks/"
#define LOCK_NAME "kvgov-keep"
#define NOTES "Set by kvgov: the data in it cannot be made again."

static void level_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, "CanNotDelete", "CanNotDelete: may be changed");
    option_add_choice(
        out, "ReadOnly", "ReadOnly: may neither be changed nor deleted");
    option_set_value(out, "CanNotDelete");
}

const struct option_row lock_options[] = {
    {
        .name = "level",
        .label = "What the lock forbids",
        .help = "a lock holds for everybody until somebody takes it off",
        .offer = level_offer,
    },
    { 0 },
};

/* One that is on the resource itself or above it, as strict as wanted. */
static const char *lock_that_serves(json_t *locks, const char *level)
{
    size_t index;
    json_t *lock;

    json_array_foreach(value_at(locks, "value"), index, lock)
    {
        const char *has = value_text(lock, "properties.level");
        const char *name = value_text(lock, "name");

        if (text_equal_nocase(has, level) || text_equal_nocase(has, "ReadOnly"))
            return name ? name : "without a name";
    }
    return NULL;
}

static void describe_lock(struct draft *draft, const char *level)
{
    struct preview *preview = &draft->preview;
    bool read_only = text_equal_nocase(level, "ReadOnly");

    preview->takes = "seconds; in effect within minutes";
    preview->undo = "yes, the lock that was made is removed";
    preview->impact =
        read_only
            ? "Nobody loses access to the data. Until the lock is taken off "
              "nobody changes or deletes it, its settings or role assignments "
              "on it: pipelines, policies that modify, and kvgov's own remedies "
              "are refused."
            : "Nobody loses access. Until the lock is taken off nobody deletes "
              "it, nor role assignments, diagnostic settings or private "
              "endpoint connections on it: clean-up scripts are refused.";
    preview_check(preview, KV_CHECK_WARN,
        "a lock does not protect keys, secrets and certificates inside: soft "
        "delete and purge protection do");
    if (read_only)
        draft_raise(draft, KV_GRADE_ACCESS,
            "a read-only lock stops whoever manages it");
}

static void make_lock(struct draft *draft, const struct plan_input *input,
    json_t *locks, const char *level)
{
    struct buf name = { .limit = 128 };
    struct buf path = { .limit = 4096 };
    struct step *step;

    list_put_free_name(&name, locks, LOCK_NAME);
    buf_putf(&path, "%s" LOCKS_PATH "%s", input->resource->id, buf_text(&name));
    step = draft_step(draft, "PUT", buf_text(&path), LOCKS_API);
    step_set(step, "properties", NULL,
        json_pack("{s:s, s:s}", "level", level, "notes", NOTES), NULL);
    step->reversible = true;
    buf_done(&path);
    buf_done(&name);
}

void lock_plan(struct draft *draft, const struct plan_input *input)
{
    const char *level = input_option(input, "level");
    const struct live_answer *locks =
        draft_list(draft, "%s" LOCKS_QUERY, input->resource->id);
    const char *serves;

    if (!locks)
        return;
    if (!locks->body) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "its locks could not be read (%s), so nobody can tell what a new "
            "one would meet: ask for Microsoft.Authorization/locks/read",
            locks->why ? locks->why : "not read");
        return;
    }
    serves = lock_that_serves(locks->body, level);
    if (serves)
        draft->preview.nothing =
            preview_text(&draft->preview, "the lock \"%s\" does that", serves);
    make_lock(draft, input, locks->body, level);
    describe_lock(draft, level);
}
