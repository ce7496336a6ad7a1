/* The real program in a terminal, on a simulated cloud of its own. */
#ifndef SUPPORT_KVGOV_CONSOLE_H
#define SUPPORT_KVGOV_CONSOLE_H

#include "kvgov_cloud.h"
#include "terminal.h"

struct console_options {
    const char *const *arguments;   /* of kvgov; NULL-terminated, may be NULL */
    const char *const *environment; /* more of it; may be NULL */
    const char *const *cloud;       /* arguments of the cloud; may be NULL */
    const char *term;               /* as terminal_options */
    int rows;
    int columns;
    bool nobody; /* no client is signed in */
};

/* What the first row of the console says of Contoso when all is read: vaults
 * without an unknown. */
#define CONSOLE_KNOWN "40/47 known"

struct console {
    struct cloud *cloud;
    struct terminal *terminal;
    char *home; /* HOME and all the XDG folders */
    struct console_options options;
};

/* Starts both; does not wait for a screen. */
void console_open(
    struct console *console, const struct console_options *options);
/* The same, and waits until the scan has ended on the posture screen. */
void console_open_ready(
    struct console *console, const struct console_options *options);
/* Starts the program once more on the same cloud and state. */
void console_reopen(struct console *console);
void console_done(struct console *console);

/* Types and waits for the text that it must lead to. */
void console_go(struct console *console, const char *keys, const char *text);
/* From any main screen to a resource's detail screen. */
void console_visit(struct console *console, const char *resource);
/* From there through the wizard of the finding with this title up to the
 * question of the Confirm step, write mode switched on. */
void console_plan(struct console *console, const char *finding);
/* The same from the fixes, for all vaults; `ready` as in "9 ready". */
void console_plan_many(
    struct console *console, const char *finding, const char *ready);
/* Types the confirmation once the screen listens, and presses Enter. */
void console_confirm(struct console *console, const char *typed);

#endif
