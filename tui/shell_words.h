/* What may stand in a place of the command line, as the tables say it; for
 * whatever completes it. */
#ifndef SHELL_WORDS_H
#define SHELL_WORDS_H

#include "kvgov/text.h"

enum place_kind {
    PLACE_ANYTHING, /* nobody can guess it */
    PLACE_WORDS,    /* one of `words` */
    PLACE_FILE,
    PLACE_DIR,
    PLACE_NAME, /* of a vault or HSM: whatever the last scan kept */
};

/* Of an argument as help shows it: "pass|fail", "FILE", "[NAME]". Appends the
 * words, with blanks between them. */
enum place_kind place_of(struct view argument, struct buf *words);

/* The operand of that number, cut out of a command's argument; empty behind the
 * last. */
struct view operand_of(const char *argument, size_t number);

#endif
