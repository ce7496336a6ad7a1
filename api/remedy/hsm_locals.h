/* Local role assignments of one managed HSM, for the remedies that change
 * them. Of hsm_locals.c. */
#ifndef HSM_LOCALS_H
#define HSM_LOCALS_H

#include "contents.h"

#include "hsm_local.h"

struct locals {
    struct draft *draft;
    const struct plan_input *input;
    struct kv_subject subject;
    char *host;
    struct holding *items; /* all of the HSM */
    bool *goes;            /* of them, those that are to be removed */
    size_t count;
    size_t capacity;
};

/* Reads what there is now. False: not yet, or a check says why it cannot be
 * read. locals_done() in either case. */
bool locals_open(
    struct locals *out, struct draft *draft, const struct plan_input *input);
void locals_done(struct locals *locals);

/* Marks those that the option names or, without names, that `picks` picks;
 * returns how many. */
size_t locals_choose(struct locals *locals,
    bool (*picks)(const struct locals *, const struct holding *));
/* Says that there is nothing to do. */
void locals_nothing(const struct locals *locals);
/* Whether somebody would be left who administers the HSM; a check says no. */
bool locals_keep_administrator(const struct locals *locals);

/* Whether there is such an assignment. */
bool locals_have(const struct locals *locals, const char *within,
    const char *role, const char *principal);
/* The step that makes it; none where there is one. */
void locals_give(const struct locals *locals, const char *within,
    const char *role, const char *principal);
/* The steps that remove what was marked. */
void locals_take_away(const struct locals *locals);

/* "NAME (user) holds ROLE at /"; the preview's own. */
const char *locals_words(
    const struct locals *locals, const struct holding *holding);
/* What holds for all of them; and a check for everybody who loses a role. */
void locals_tell(const struct locals *locals, const char *impact);
void locals_tell_losers(const struct locals *locals);

bool holding_administers(const struct holding *holding);

/* An object id; a list of ids. */
enum kv_status guid_accept(
    const struct option *option, const char *value, struct kv_error *err);
enum kv_status guids_accept(
    const struct option *option, const char *value, struct kv_error *err);
#define ASSIGNMENTS_OPTION                                                     \
    {                                                                          \
        .name = "assignments", .label = "Assignments",                         \
        .help = "ids of local role assignments, separated by commas; none: "   \
                "those that make the recommendation fail",                     \
        .accept = guids_accept,                                                \
    }

#endif
