/* One line a figure: what, how much, and the bar that it is held to. */
#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>

static inline void bench_print(
    const char *what, double figure, const char *unit, double bar)
{
    char shown[32];
    char wanted[32];

    snprintf(shown, sizeof shown, "%.3g %s", figure, unit);
    snprintf(wanted, sizeof wanted, "%.3g %s", bar, unit);
    printf("%-58s %14s %14s%s\n", what, shown, wanted,
        figure > bar ? "  over" : "");
}

#endif
