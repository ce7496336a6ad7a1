/* The console's loop: one wait for terminal, signals, sockets and timers. */
#ifndef LOOP_H
#define LOOP_H

#include "console.h"

struct loop_options {
    const char *term;  /* NULL: $TERM */
    const char *theme; /* NULL: the default */
    bool no_colour;
    bool mouse; /* from the beginning */
};

/* Opens the terminal, runs until the person leaves or a signal says so, and
 * puts the terminal back. *exit_code is what the program ends with. Fails with
 * KV_BAD_CONFIG when there is no usable terminal. */
KV_NODISCARD enum kv_status loop_run(struct app *app,
    const struct loop_options *options, int *exit_code, struct kv_error *err);

#endif
