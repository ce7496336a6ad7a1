/* Timers of the session: what a run waits for between two polls. */
#include "inside.h"

void timer_start(struct kv_session *session, int64_t ms,
    void (*fire)(void *context, bool cancelled), void *context)
{
    struct timer *timer = mem_alloc(sizeof *timer);

    timer->due_ms = clock_steady_ms() + ms;
    timer->fire = fire;
    timer->context = context;
    timer->next = session->timers;
    session->timers = timer;
}

static struct timer *timer_take_due(struct kv_session *session, int64_t now_ms)
{
    for (struct timer **link = &session->timers; *link; link = &(*link)->next)
        if ((*link)->due_ms <= now_ms) {
            struct timer *due = *link;

            *link = due->next;
            return due;
        }
    return NULL;
}

static void timers_fire(
    struct kv_session *session, int64_t now_ms, bool cancelled)
{
    struct timer *timer;

    while ((timer = timer_take_due(session, now_ms))) {
        void (*fire)(void *, bool) = timer->fire;
        void *context = timer->context;

        mem_free(timer);
        fire(context, cancelled);
    }
}

void timers_step(struct kv_session *session)
{
    timers_fire(session, clock_steady_ms(), false);
}

void timers_cancel(struct kv_session *session)
{
    timers_fire(session, INT64_MAX, true);
}

int64_t timers_due_ms(const struct kv_session *session)
{
    int64_t now_ms = clock_steady_ms();
    int64_t least = -1;

    for (struct timer *timer = session->timers; timer; timer = timer->next) {
        int64_t left = timer->due_ms > now_ms ? timer->due_ms - now_ms : 0;

        if (least < 0 || left < least)
            least = left;
    }
    return least;
}
