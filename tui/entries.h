/* What can be done now, by name: the commands, and the actions of the screen
 * on top. Command line and palette show and run the same. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "keys.h"

struct app;

struct typed_command {
    const char *name;
    const char *argument; /* NULL: takes none; in brackets: may be left out */
    const char *help;
    void (*run)(struct app *app, const char *argument);
    /* The texts that the argument may be, one after the other; false behind
     * the last. NULL: nothing to choose from. */
    bool (*choice)(const struct app *app, size_t index, struct buf *out);
};

/* Texts are constant. One of the two is set. */
struct entry {
    const struct typed_command *command;
    const struct binding *binding;
};

#define ENTRIES_MAX 160

struct entries {
    struct entry items[ENTRIES_MAX];
    size_t count;
};

/* The screen's own actions first, the commands last; a name is there once. */
void entries_collect(const struct app *app, struct entries *out);
/* The one with this name, or the only one that starts so. Returns how many do;
 * 0 or more than 1: *out is untouched. */
size_t entries_match(const struct app *app, struct view typed,
    struct entry *out);

const char *entry_name(const struct entry *entry);
const char *entry_help(const struct entry *entry);
const char *entry_argument(const struct entry *entry); /* "" without one */
/* Why it cannot be done now; NULL when it can. */
const char *entry_why_not(const struct app *app, const struct entry *entry);
/* Does it, or says why not. */
void entry_run(
    struct app *app, const struct entry *entry, const char *argument);

/* typed.c */
extern const struct typed_command typed_commands[];
extern const size_t typed_count;

#endif
