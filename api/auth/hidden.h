/* Text that must not be left in memory: tokens and secrets on their way. */
#ifndef HIDDEN_H
#define HIDDEN_H

#include "base.h"

#include <jansson.h>

/* Owned bytes, overwritten by hidden_done(). {NULL, 0} is empty. */
struct hidden {
    char *data;
    size_t size;
};

void hidden_set(struct hidden *hidden, struct view text); /* copies */
void hidden_take(struct hidden *hidden, struct hidden *from);
void hidden_done(struct hidden *hidden);
struct view hidden_view(const struct hidden *hidden);

/* Overwrites a string inside a JSON value, which jansson would only free. */
void hidden_wipe(json_t *object, const char *name);

/* A form body with secrets in it: application/x-www-form-urlencoded in one
 * block of memory, so that growing leaves nothing behind. */
#define FORM_LIMIT 32768
#define FORM_TYPE "application/x-www-form-urlencoded"
struct form {
    char *data;
    size_t size;
    bool failed; /* more than FORM_LIMIT bytes */
};

void form_put(struct form *form, const char *name, struct view value);
struct view form_view(const struct form *form);
void form_done(struct form *form);

#endif
