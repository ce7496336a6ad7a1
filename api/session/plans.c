/* Plans of the session: made, run one process at a time, dropped; and what an
 * earlier process left in doubt. */
#include "inside.h"

#include <fcntl.h>
#include <stdlib.h>
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

static void plan_keep(struct kv_session *session, struct kv_plan *plan)
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

/* Ids go on from the journal's last; a plan that is never run uses one too. */
static void plan_name(struct kv_session *session, struct buf *id)
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
    const char *remedy, const uint32_t *resources, size_t count,
    struct kv_error *err)
{
    struct buf id = { .limit = 64 };
    enum kv_status status;

    if (!session->signed_in)
        return kv_error_set(
            err, KV_SIGN_IN, "A plan reads its targets afresh: sign in first");
    plan_name(session, &id);
    status = plan_new(
        out, &session->port, buf_text(&id), remedy, resources, count, err);
    if (status == KV_OK)
        plan_keep(session, *out);
    buf_done(&id);
    return status;
}

enum kv_status kv_session_plan_undo(struct kv_session *session,
    struct kv_plan **out, int64_t entry, struct kv_error *err)
{
    const struct kv_journal_entry *of = journal_find(session->journal, entry);
    struct buf id = { .limit = 64 };
    enum kv_status status;

    if (!of)
        return kv_error_set(
            err, KV_REFUSED, "The journal has no entry %lld", (long long)entry);
    if (!session->signed_in)
        return kv_error_set(
            err, KV_SIGN_IN, "An undo reads its target afresh: sign in first");
    plan_name(session, &id);
    status = plan_new_undo(out, &session->port, buf_text(&id), of, err);
    if (status == KV_OK)
        plan_keep(session, *out);
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
    status = plan_run(plan, typed, reason, err);
    slot->holds_lock = status == KV_OK;
    if (status != KV_OK)
        run_lock_drop(session);
    session->news |= KV_NEWS_PLAN;
    return status;
}

void kv_session_run_stop(struct kv_session *session, struct kv_plan *plan)
{
    session->news |= KV_NEWS_PLAN;
    plan_stop(plan);
}

void kv_session_drop_plan(struct kv_session *session, struct kv_plan *plan)
{
    for (struct plan_slot **link = &session->plans; *link;
         link = &(*link)->next)
        if ((*link)->plan == plan) {
            struct plan_slot *slot = *link;

            /* A running one goes on to the end of its present target; it
             * keeps its place until then. */
            if (kv_plan_state(plan) == KV_PLAN_RUNNING ||
                kv_plan_state(plan) == KV_PLAN_STOPPING) {
                plan_stop(plan);
                slot->dropped = true;
                return;
            }
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
        if (slot->holds_lock)
            run_lock_drop(session);
        slot->holds_lock = false;
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
}
