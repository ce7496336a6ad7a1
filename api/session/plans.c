/* Plans of the session: made, run one process at a time, dropped; and what an
 * earlier process left in doubt. */
#include "inside.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* ---- one run at a time on one store ---- */

/* Held while a plan runs, so that another kvgov neither runs one nor settles
 * an intent whose answer is still on its way. The system drops it with the
 * process, however that ends. */
static bool run_lock_take(struct kv_session *session)
{
    struct buf path = { .limit = 4096 };
    int lock;

    if (session->run_lock >= 0)
        return false;
    buf_putf(&path, "%s/run.lock", session->state_dir);
    lock = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    buf_done(&path);
    if (lock < 0)
        return false;
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        return false;
    }
    session->run_lock = lock;
    return true;
}

static void run_lock_drop(struct kv_session *session)
{
    if (session->run_lock >= 0)
        close(session->run_lock);
    session->run_lock = -1;
}

/* ---- the list of plans ---- */

void plan_keep(struct kv_session *session, struct kv_plan *plan)
{
    struct plan_slot *slot = mem_alloc(sizeof *slot);

    slot->plan = plan;
    slot->next = session->plans;
    session->plans = slot;
    session->news |= KV_NEWS_PLAN;
}

static struct plan_slot *slot_of(
    struct kv_session *session, const struct kv_plan *plan)
{
    struct plan_slot *slot = session->plans;

    while (slot && slot->plan != plan)
        slot = slot->next;
    return slot;
}

void plan_name(struct kv_session *session, struct buf *id)
{
    if (session->next_plan == 0) {
        struct buf first = { .limit = 64 };

        journal_next_plan(session->journal, &first);
        session->next_plan = (unsigned)strtoul(buf_text(&first) + 2, NULL, 10);
        buf_done(&first);
    }
    buf_putf(id, "p-%04u", session->next_plan++);
}

enum kv_status kv_session_plan(struct kv_session *session, struct kv_plan **out,
    const struct kv_plan_order *order, struct kv_error *err)
{
    struct buf id = { .limit = 64 };
    enum kv_status status;

    if (!session->signed_in)
        return kv_error_set(
            err, KV_SIGN_IN, "A plan reads its targets afresh: sign in first");
    plan_name(session, &id);
    status = plan_new(out, &session->port, buf_text(&id), order, err);
    if (status == KV_OK)
        plan_keep(session, *out);
    buf_done(&id);
    return status;
}

/* What one plan made of one target is one change, of as many steps as it took:
 * those that can be taken back and were not yet. */
static bool is_part(
    const struct kv_journal_entry *entry, const struct kv_journal_entry *of)
{
    return entry == of || (strcmp(entry->plan, of->plan) == 0 &&
                              text_equal_nocase(entry->target_id,
                                  of->target_id) &&
                              undo_check(entry, NULL) == KV_OK);
}

/* In the order in which they were made; the caller frees the list. */
static const struct kv_journal_entry **parts_of(struct kv_session *session,
    const struct kv_journal_entry *of, size_t *count)
{
    uint32_t all = journal_count(session->journal);
    const struct kv_journal_entry **parts = mem_alloc(all * sizeof *parts);

    *count = 0;
    for (uint32_t i = all; i-- > 0;) {
        const struct kv_journal_entry *entry =
            journal_entry(session->journal, i);

        if (is_part(entry, of))
            parts[(*count)++] = entry;
    }
    return parts;
}

enum kv_status kv_session_plan_undo(struct kv_session *session,
    struct kv_plan **out, int64_t entry, struct kv_error *err)
{
    const struct kv_journal_entry *of = journal_find(session->journal, entry);
    const struct kv_journal_entry **parts;
    struct buf id = { .limit = 64 };
    enum kv_status status;
    size_t count;

    if (!of)
        return kv_error_set(
            err, KV_REFUSED, "The journal has no entry %lld", (long long)entry);
    if (!session->signed_in)
        return kv_error_set(
            err, KV_SIGN_IN, "An undo reads its target afresh: sign in first");
    status = undo_check(of, err);
    if (status != KV_OK)
        return status;
    plan_name(session, &id);
    parts = parts_of(session, of, &count);
    status = plan_new_undo(
        out, &session->port, buf_text(&id), parts, count, err);
    if (status == KV_OK)
        plan_keep(session, *out);
    mem_free(parts);
    buf_done(&id);
    return status;
}

enum kv_status kv_session_plan_set(struct kv_session *session,
    struct kv_plan *plan, const char *option, const char *value,
    struct kv_error *err)
{
    session->news |= KV_NEWS_PLAN;
    return plan_set(plan, option, value, err);
}

void kv_session_plan_drop_target(
    struct kv_session *session, struct kv_plan *plan, uint32_t index)
{
    session->news |= KV_NEWS_PLAN;
    plan_drop_target(plan, index);
}

void kv_session_plan_refresh(struct kv_session *session, struct kv_plan *plan)
{
    session->news |= KV_NEWS_PLAN;
    plan_refresh(plan);
}

enum kv_status kv_session_run(struct kv_session *session, struct kv_plan *plan,
    const char *typed, const char *reason, struct kv_error *err)
{
    struct plan_slot *slot = slot_of(session, plan);
    enum kv_status status;

    if (session->mode.read_only)
        return kv_error_set(err, KV_REFUSED,
            "Nothing was sent: this session is read-only by option");
    if (!session->mode.write)
        return kv_error_set(err, KV_REFUSED,
            "Nothing was sent: write mode is off; :write switches it on");
    if (!slot || !run_lock_take(session))
        return kv_error_set(err, KV_REFUSED,
            "Nothing was sent: another run is under way; wait for its end");
    status = plan_files_begin(session, plan, err);
    if (status == KV_OK)
        status = plan_run(plan, typed, reason, err);
    slot->holds_lock = status == KV_OK;
    if (status != KV_OK) {
        plan_files_end(session, plan);
        run_lock_drop(session);
    }
    session->news |= KV_NEWS_PLAN;
    return status;
}

void kv_session_run_pace(struct kv_session *session, struct kv_plan *plan,
    const struct kv_pace *pace)
{
    session->news |= KV_NEWS_PLAN;
    plan_set_pace(plan, pace);
}

void kv_session_run_pause(struct kv_session *session, struct kv_plan *plan)
{
    session->news |= KV_NEWS_PLAN;
    plan_pause(plan);
}

void kv_session_run_go_on(struct kv_session *session, struct kv_plan *plan)
{
    session->news |= KV_NEWS_PLAN;
    plan_go_on(plan);
}

void kv_session_run_stop(struct kv_session *session, struct kv_plan *plan)
{
    session->news |= KV_NEWS_PLAN;
    plan_stop(plan);
}

void kv_session_run_interrupt(struct kv_session *session, struct kv_plan *plan)
{
    struct plan_slot *slot = slot_of(session, plan);

    if (slot && (kv_plan_state(plan) == KV_PLAN_RUNNING ||
                    kv_plan_state(plan) == KV_PLAN_PAUSED))
        slot->interrupted = kv_plan_count(plan, KV_TARGET_WAITING) > 0;
    kv_session_run_stop(session, plan);
}

static void run_end(struct kv_session *session, struct plan_slot *slot)
{
    if (!slot->holds_lock)
        return;
    if (!slot->interrupted)
        plan_files_end(session, slot->plan);
    run_lock_drop(session);
    slot->holds_lock = false;
}

void kv_session_drop_plan(struct kv_session *session, struct kv_plan *plan)
{
    for (struct plan_slot **link = &session->plans; *link;
         link = &(*link)->next)
        if ((*link)->plan == plan) {
            struct plan_slot *slot = *link;

            /* A running one goes on to the end of its present target; it
             * keeps its place until then. */
            plan_stop(plan);
            if (kv_plan_state(plan) == KV_PLAN_STOPPING) {
                slot->dropped = true;
                return;
            }
            run_end(session, slot);
            *link = slot->next;
            plan_free(plan);
            mem_free(slot);
            return;
        }
}

void plans_step(struct kv_session *session)
{
    for (struct plan_slot *slot = session->plans, *next; slot; slot = next) {
        next = slot->next;
        if (kv_plan_state(slot->plan) != KV_PLAN_ENDED)
            continue;
        run_end(session, slot);
        if (slot->dropped)
            kv_session_drop_plan(session, slot->plan);
    }
}

bool plans_busy(const struct kv_session *session)
{
    for (const struct plan_slot *slot = session->plans; slot; slot = slot->next)
        if (plan_busy(slot->plan))
            return true;
    return false;
}

void plans_done(struct kv_session *session)
{
    while (session->plans) {
        struct plan_slot *slot = session->plans;

        session->plans = slot->next;
        plan_free(slot->plan);
        mem_free(slot);
    }
    run_lock_drop(session);
}

/* ---- in doubt ---- */

static void say_interrupted(struct kv_session *session)
{
    struct kv_interrupted found;

    if (kv_session_interrupted(session, 0, &found))
        message_add(session, KV_NOTICE_ERROR, NULL,
            "Run %s (%s) was interrupted: %u changes are done, %u in doubt, of "
            "%u targets. Nothing ran since; r in Jobs goes on from its preview.",
            found.plan, found.remedy, found.done, found.in_doubt,
            found.targets);
}

void session_settle(struct kv_session *session)
{
    /* Somebody else's run: its intents are its own to conclude. */
    if (!run_lock_take(session))
        return;
    for (uint32_t i = 0; i < journal_count(session->journal); i++) {
        const struct kv_journal_entry *entry =
            journal_entry(session->journal, i);

        if (entry->result == KV_JOURNAL_IN_DOUBT)
            remedy_settle(&session->port, entry);
    }
    run_lock_drop(session);
    say_interrupted(session);
}
