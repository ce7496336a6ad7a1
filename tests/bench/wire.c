/* What a program in a terminal costs. */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MS 2000
#define KEYS_MOST 1000

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* The number behind a name of /proc/PID/status. */
static double status_number(pid_t pid, const char *name)
{
    char path[64];
    char line[256];
    double number = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            number = strtod(line + strlen(name), NULL);
    if (file)
        fclose(file);
    return number;
}

/* Of the whole process, in nanoseconds where the system counts them. */
static double cpu_ms(pid_t pid)
{
    struct timespec used = { 0 };
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) == 0)
        clock_gettime(clock, &used);
    return (double)used.tv_sec * 1000 + (double)used.tv_nsec / 1e6;
}

struct wire_usage wire_usage(const struct terminal *terminal)
{
    pid_t pid = terminal_pid(terminal);

    return (struct wire_usage){
        .cpu_ms = cpu_ms(pid),
        .wakes = status_number(pid, "voluntary_ctxt_switches:"),
        .rss_mb = status_number(pid, "VmRSS:") / 1024,
    };
}

struct wire_key wire_press(
    struct terminal *terminal, const char *keys, int quiet_ms)
{
    size_t before = terminal_output(terminal).size;
    double used_ms = cpu_ms(terminal_pid(terminal));
    double start = now_ms();
    struct wire_key key = { .first_ms = -1 };

    terminal_keys(terminal, keys);
    while (key.first_ms < 0 && now_ms() - start < ANSWER_MS) {
        if (terminal_output(terminal).size > before)
            key.first_ms = now_ms() - start;
        else
            usleep(200);
    }
    key.cpu_ms = cpu_ms(terminal_pid(terminal)) - used_ms;
    terminal_settle(terminal, quiet_ms);
    key.bytes = (double)(terminal_output(terminal).size - before);
    return key;
}

struct wire_key wire_move(struct terminal *terminal, const char *keys)
{
    double used_ms = cpu_ms(terminal_pid(terminal));
    double start = now_ms();
    struct wire_key key = { .first_ms = -1 };
    int before;
    int row;
    int column;

    terminal_cursor(terminal, &before, &column);
    terminal_keys(terminal, keys);
    while (key.first_ms < 0 && now_ms() - start < ANSWER_MS) {
        terminal_cursor(terminal, &row, &column);
        if (row != before)
            key.first_ms = now_ms() - start;
        else
            usleep(200);
    }
    key.cpu_ms = cpu_ms(terminal_pid(terminal)) - used_ms;
    return key;
}

static int compare(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;

    return (*a > *b) - (*a < *b);
}

double wire_slowest(double *figures, size_t count, size_t but_one_in)
{
    if (count == 0)
        return -1;
    qsort(figures, count, sizeof *figures, compare);
    return figures[but_one_in ? (count - 1) * (but_one_in - 1) / but_one_in
                              : count - 1];
}

struct wire_key wire_press_often(
    struct terminal *terminal, const char *keys, int times, int quiet_ms)
{
    double times_ms[KEYS_MOST];
    double cpu[KEYS_MOST];
    double bytes[KEYS_MOST];
    size_t count = (size_t)(times < KEYS_MOST ? times : KEYS_MOST);

    for (size_t i = 0; i < count; i++) {
        struct wire_key key = wire_press(terminal, keys, quiet_ms);

        times_ms[i] = key.first_ms;
        cpu[i] = key.cpu_ms;
        bytes[i] = key.bytes;
    }
    return (struct wire_key){
        .first_ms = wire_slowest(times_ms, count, 100),
        .cpu_ms = wire_slowest(cpu, count, 100),
        .bytes = wire_slowest(bytes, count, 2),
    };
}
