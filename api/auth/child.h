/* A child process that prints something secret: started without a shell, read
 * without blocking, ended without a trace. */
#ifndef CHILD_H
#define CHILD_H

#include "hidden.h"

#include <sys/types.h>

#define CHILD_OUTPUT_LIMIT 65536 /* bytes */
#define CHILD_ERRORS_LIMIT 4096

struct child {
    pid_t pid;  /* 0: none */
    int output; /* its stdout, -1 when closed */
    int errors; /* its stderr, a file in memory */
    char *text; /* CHILD_OUTPUT_LIMIT bytes, overwritten at the end */
    size_t size;
    bool too_large;
};

/* Finds an executable in the folders of $PATH that are absolute: the current
 * folder may be anybody's. Owned by the caller; NULL when there is none. */
char *child_find(const char *path, const char *name);

/* Runs `argv` in / with nothing on stdin, in a process group of its own.
 * `child` is the caller's until child_done(). Fails with KV_SIGN_IN. */
KV_NODISCARD enum kv_status child_start(struct child *child, char *const *argv,
    char *const *environment, struct kv_error *err);

/* Reads what is there; false once everything, or too much, was read. */
bool child_read(struct child *child);
/* Whether it has ended, and then how: waitpid's status, or -1 when somebody
 * else reaped it. */
bool child_ended(struct child *child, int *status);

struct view child_output(const struct child *child);
/* The start of its stderr. */
void child_put_errors(const struct child *child, struct buf *out);

/* Kills the process group if it still runs; zero is allowed. */
void child_done(struct child *child);

#endif
