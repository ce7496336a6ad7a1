/* The heap of delayed answers. */
#include "timers.h"

#include <limits.h>
#include <stdlib.h>

#include "buffer.h"

static void timer_swap(struct timer *a, struct timer *b)
{
    struct timer kept = *a;

    *a = *b;
    *b = kept;
}

void timers_add(struct timers *timers, long long due_ms, void *what)
{
    size_t at = timers->count;

    if (timers->count == timers->capacity) {
        timers->capacity = timers->capacity ? timers->capacity * 2 : 64;
        timers->items =
            alloc_grow(timers->items, timers->capacity, sizeof(struct timer));
    }
    timers->items[timers->count++] = (struct timer){ due_ms, what };
    while (at > 0) {
        size_t above = (at - 1) / 2;

        if (timers->items[above].due_ms <= timers->items[at].due_ms)
            break;
        timer_swap(&timers->items[above], &timers->items[at]);
        at = above;
    }
}

static void timers_sink(struct timers *timers)
{
    size_t at = 0;

    for (;;) {
        size_t next = at * 2 + 1;

        if (next >= timers->count)
            return;
        if (next + 1 < timers->count &&
            timers->items[next + 1].due_ms < timers->items[next].due_ms)
            next++;
        if (timers->items[at].due_ms <= timers->items[next].due_ms)
            return;
        timer_swap(&timers->items[at], &timers->items[next]);
        at = next;
    }
}

void *timers_take(struct timers *timers, long long now_ms)
{
    void *what;

    if (timers->count == 0 || timers->items[0].due_ms > now_ms)
        return NULL;
    what = timers->items[0].what;
    timers->items[0] = timers->items[--timers->count];
    timers_sink(timers);
    return what;
}

int timers_wait_ms(const struct timers *timers, long long now_ms)
{
    long long wait_ms;

    if (timers->count == 0)
        return -1;
    wait_ms = timers->items[0].due_ms - now_ms;
    if (wait_ms <= 0)
        return 0;
    return wait_ms > INT_MAX ? INT_MAX : (int)wait_ms;
}

void timers_done(struct timers *timers)
{
    free(timers->items);
    *timers = (struct timers){ 0 };
}
