/* What a program in a terminal costs: bytes, time from a key to its frame, CPU
 * and wake-ups, read from outside. */
#ifndef WIRE_H
#define WIRE_H

#include "terminal.h"

/* Of the running program. */
struct wire_usage {
    double cpu_ms; /* user and system */
    double wakes;  /* voluntary context switches of the main thread */
    double rss_mb;
};
struct wire_usage wire_usage(const struct terminal *terminal);

struct wire_key {
    double first_ms; /* until the first byte of the answer; -1: none came */
    double cpu_ms;   /* of the program until then, whatever else is running */
    double bytes;    /* until nothing more came for `quiet_ms` */
};
struct wire_key wire_press(
    struct terminal *terminal, const char *keys, int quiet_ms);
/* Keys that move the cursor to another row, while other things may be written:
 * until it is there. Counts no bytes. */
struct wire_key wire_move(struct terminal *terminal, const char *keys);

/* The same keys many times: the middle of the bytes, and the slowest but one
 * in a hundred of the times. */
struct wire_key wire_press_often(
    struct terminal *terminal, const char *keys, int times, int quiet_ms);

/* Sorts; the largest that is left when one in so many is not counted, 0: of
 * all; -1: there is none. */
double wire_slowest(double *figures, size_t count, size_t but_one_in);

#endif
