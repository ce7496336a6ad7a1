/* When something is due: milliseconds from now, -1 for never. */
#ifndef DUE_H
#define DUE_H

static inline int due_sooner(int a_ms, int b_ms)
{
    if (a_ms < 0)
        return b_ms;
    return b_ms < 0 || a_ms < b_ms ? a_ms : b_ms;
}

#endif
