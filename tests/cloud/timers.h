#ifndef CLOUD_TIMERS_H
#define CLOUD_TIMERS_H

#include <stdbool.h>
#include <stddef.h>

/* What is due when: a binary heap, because every delayed answer is one entry
 * and there may be thousands. */
struct timer {
    long long due_ms;
    void *what;
};

struct timers {
    struct timer *items;
    size_t count;
    size_t capacity;
};

void timers_add(struct timers *timers, long long due_ms, void *what);
/* Takes out the earliest one that is due, or returns NULL. */
void *timers_take(struct timers *timers, long long now_ms);
/* Milliseconds until the next one; -1 when there is none. */
int timers_wait_ms(const struct timers *timers, long long now_ms);
void timers_done(struct timers *timers);

#endif
