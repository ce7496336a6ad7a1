/* Roles and themes: code names what a text is, a theme says how that looks.
 * Knows no terminal; term.c turns a look into attributes. */
#ifndef THEME_H
#define THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "kvgov/error.h"
#include "kvgov/posture.h"
#include "kvgov/text.h"

/* What a text is. Words and marks carry every meaning; a role only helps. */
enum role {
    ROLE_TEXT,
    ROLE_DIM,
    ROLE_TITLE,
    ROLE_HEADER,      /* the first row, column heads */
    ROLE_ENVIRONMENT, /* PROD */
    ROLE_WRITE,       /* *WRITE* */
    ROLE_RULE,
    ROLE_HINT,
    ROLE_HINT_KEY,
    ROLE_NOTICE_INFO,
    ROLE_NOTICE_DONE,
    ROLE_NOTICE_ERROR,
    ROLE_CRITICAL,
    ROLE_HIGH,
    ROLE_MEDIUM,
    ROLE_LOW,
    ROLE_PASS,
    ROLE_UNKNOWN, /* also stale */
    ROLE_SELECTED,
    ROLE_MARKED,
    ROLE_REMOVED, /* in a diff */
    ROLE_ADDED,
    ROLE_BANNER, /* cannot be undone */
    ROLE_INPUT,
    ROLE_TAB,
    ROLE_TAB_ACTIVE,
    ROLE_CODE, /* a picture that a camera reads: dark on light */
};
#define ROLE_COUNT 27

enum look_attribute {
    LOOK_BOLD = 1u << 0,
    LOOK_DIM = 1u << 1,
    LOOK_UNDERLINE = 1u << 2,
    LOOK_REVERSE = 1u << 3,
};

/* Colours are palette numbers 0 to 255; -1 is the terminal's own. */
struct look {
    int16_t foreground;
    int16_t background;
    uint8_t attributes; /* enum look_attribute, added up */
};

struct theme {
    char name[32];
    struct look looks[ROLE_COUNT];
};

/* "hint-key" */
const char *role_name(enum role role);
enum role role_of_severity(enum kv_severity severity);
enum role role_of_verdict(enum kv_verdict verdict, enum kv_severity severity);

/* The compiled-in ones: palette colours on the terminal's own background, and
 * the one without any colour. */
void theme_default(struct theme *out);
void theme_mono(struct theme *out);

/* Looks for NAME.theme in the user's and the program's theme folders;
 * "default" and "mono" need no file. Every row that the file lacks keeps the
 * default's look. Fails with KV_NOT_FOUND, or KV_BAD_INPUT naming file and
 * line; *out is then as it was. */
KV_NODISCARD enum kv_status theme_load(
    struct theme *out, const char *name, struct kv_error *err);
/* The names of all that there are, one after the other; false behind the
 * last. */
bool theme_get_name(size_t index, struct buf *out);
/* The same as theme_load(), from one file. */
KV_NODISCARD enum kv_status theme_load_file(
    struct theme *out, const char *path, struct kv_error *err);

#endif
