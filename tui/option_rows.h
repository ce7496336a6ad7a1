/* The tables of commands and options, of which parsing, help, completion and
 * the manual are made. */
#ifndef OPTION_ROWS_H
#define OPTION_ROWS_H

#include <stddef.h>

#include "options.h"

/* Where an option's value goes; without an argument it is a bool. */
struct option_row {
    const char *name;
    /* NULL: a switch; "[=NAME]": may be left out; "pass|fail": one of these;
     * "ROW,...": a list, and the option may be given again, so that it is a
     * struct option_texts; FILE and DIR: a path. */
    const char *argument;
    const char *help;
    size_t offset; /* in struct options */
};
extern const struct option_row option_rows[];
extern const size_t option_count;
#define OPTIONS_MAX 96 /* they are fewer than this */

bool option_is_optional(const struct option_row *row);
bool option_is_repeated(const struct option_row *row);

#define COMMAND_WORDS 2

struct command_row {
    enum command command;
    const char *words[COMMAND_WORDS]; /* the second may be NULL */
    const char *argument;             /* as help shows it */
    size_t operands;                  /* at most */
    const char *formats;              /* NULL: no --format */
    const char *takes; /* options that go with this one and few others */
    const char *help;
};
extern const struct command_row command_rows[];
extern const size_t command_count;

struct text_row {
    const char *name;
    const char *help;
};
extern const struct text_row exit_rows[];
extern const size_t exit_count;

/* Whether it goes with some commands only: one that no command has for itself
 * goes with all. */
bool option_is_special(const struct option_row *option);
bool option_goes_with(
    const struct option_row *option, const struct command_row *command);
/* "kvgov journal verify" */
void command_put_name(struct buf *out, const struct command_row *row);
/* Says of a value, and of two kinds of operand, what is wrong with it whatever
 * Azure holds. Fail with KV_BAD_INPUT or KV_NOT_FOUND. */
KV_NODISCARD enum kv_status option_check(
    const struct option_row *row, const char *value, struct kv_error *err);
KV_NODISCARD enum kv_status check_row(const char *value, struct kv_error *err);
KV_NODISCARD enum kv_status check_remedy(
    const char *value, struct kv_error *err);

/* Whether a word is among those of a text, between blanks. */
bool words_have(const char *words, struct view word);

#endif
