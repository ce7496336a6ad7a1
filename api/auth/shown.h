/* The sign-in as it is shown to a person, with the memory of its texts. */
#ifndef SHOWN_H
#define SHOWN_H

#include "way.h"

struct shown {
    struct kv_sign_in sign_in; /* no text is ever NULL */
    char *account;
    char *object_id;
    char *tenant;
    char *text;
    char *reason;
    char *user_code;
    char *verification_uri;
};

void shown_init(struct shown *shown, const char *tenant);
void shown_done(struct shown *shown);

/* Puts a copy of `text` in place of `*owned` and lets `*seen` point to it. */
void shown_set(char **owned, const char **seen, const char *text);

/* Signed in: by `method`, as the grant says. `tenant` may be NULL. */
void shown_set_who(struct shown *shown, const char *method,
    const struct grant *grant, const char *tenant);

/* `reason` is "" where nobody was signed in. */
void shown_set_code(
    struct shown *shown, struct device_code code, const char *reason);
void shown_clear_code(struct shown *shown);

#endif
