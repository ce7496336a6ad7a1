/* One command run to its end, with what it wrote and how it ended. */
#ifndef SUPPORT_PROGRAM_H
#define SUPPORT_PROGRAM_H

#include <stdbool.h>

#include "kvgov/text.h"

struct program_options {
    const char *const *argv;        /* NULL-terminated */
    const char *const *environment; /* as environment_new(); may be NULL */
    const char *input;              /* NULL: an empty stdin */
    const char *directory;          /* NULL: the current one */
    int limit_ms;                   /* 0: 60 s */
};

struct program {
    int code;       /* exit code; -1 when a signal ended it */
    int signal;     /* 0 when it exited */
    bool timed_out; /* and was killed */
    struct buf out;
    struct buf err;
};

/* Fills *out, which the caller ends with program_done(). Cannot fail: a command
 * that does not start has code 127. */
void program_run(struct program *out, const struct program_options *options);
void program_done(struct program *program);

#endif
