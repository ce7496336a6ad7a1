/* Child processes: a clean environment, a start that dies with the test, and
 * waiting with a limit. */
#ifndef SUPPORT_PROCESS_H
#define SUPPORT_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Nothing of the caller's environment reaches a child but PATH, TMPDIR and
 * the sanitizers' options; `extra` (NULL-terminated "NAME=value", may be
 * NULL) comes on top and wins. The caller ends it with environment_free(). */
char **environment_new(const char *const *extra);
void environment_free(char **environment);

/* For the child, right after fork(): the kernel kills it when its parent goes,
 * however that happens. Never returns. */
void process_become(const char *const *argv, char *const *environment)
    __attribute__((noreturn));

/* Waits until `pid` has ended (with `stops`, or stopped); false when the limit
 * passed first. `status` is waitpid's. */
bool process_wait(pid_t pid, int limit_ms, bool stops, int *status);

/* Asks with SIGTERM, insists with SIGKILL, reaps. */
void process_end(pid_t pid);

void pause_ms(int ms);

#endif
