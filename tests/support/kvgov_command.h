/* The command line run to its end, in a home of its own. */
#ifndef SUPPORT_KVGOV_COMMAND_H
#define SUPPORT_KVGOV_COMMAND_H

#include "program.h"

struct command_run {
    struct program ran;
    char *home;
};

/* Runs $KVGOV with `words` (NULL-terminated) and nothing in its environment
 * but HOME and `environment` (likewise; may be NULL). */
void command_run(struct command_run *run, const char *const *words,
    const char *const *environment);
void command_run_done(struct command_run *run);

/* Fails the test with what it wrote unless it ended with this code. */
void command_expect_code(
    const struct command_run *run, const char *name, int expected);

#endif
