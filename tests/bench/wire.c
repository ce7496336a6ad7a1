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

/* Ticks of the 14th and 15th field of /proc/PID/stat, behind the name. */
static double cpu_ms(pid_t pid)
{
    char path[64];
    char line[1024] = "";
    char *at;
    unsigned long user = 0;
    unsigned long system = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    file = fopen(path, "r");
    if (file && !fgets(line, sizeof line, file))
        line[0] = '\0';
    if (file)
        fclose(file);
    at = strrchr(line, ')');
    if (at)
        (void)sscanf(at + 1,
            " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
            &system);
    return (double)(user + system) * 1000 / (double)sysconf(_SC_CLK_TCK);
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
    double start = now_ms();
    struct wire_key key = { .first_ms = -1 };

    terminal_keys(terminal, keys);
    while (key.first_ms < 0 && now_ms() - start < ANSWER_MS) {
        if (terminal_output(terminal).size > before)
            key.first_ms = now_ms() - start;
        else
            usleep(200);
    }
    terminal_settle(terminal, quiet_ms);
    key.bytes = (double)(terminal_output(terminal).size - before);
    return key;
}

static int compare(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;

    return (*a > *b) - (*a < *b);
}

struct wire_key wire_press_often(
    struct terminal *terminal, const char *keys, int times, int quiet_ms)
{
    double times_ms[KEYS_MOST];
    double bytes[KEYS_MOST];

    if (times > KEYS_MOST)
        times = KEYS_MOST;
    for (int i = 0; i < times; i++) {
        struct wire_key key = wire_press(terminal, keys, quiet_ms);

        times_ms[i] = key.first_ms;
        bytes[i] = key.bytes;
    }
    qsort(times_ms, (size_t)times, sizeof *times_ms, compare);
    qsort(bytes, (size_t)times, sizeof *bytes, compare);
    return (struct wire_key){
        .first_ms = times_ms[(times - 1) * 99 / 100],
        .bytes = bytes[times / 2],
    };
}
