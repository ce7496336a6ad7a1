/* What can be put right over all vaults: for each row of the catalogue how many
 * fail it, how many of those a remedy may help, and what stands in the way as
 * far as it is known without asking Azure. Counted in slices. */
#ifndef FIXES_H
#define FIXES_H

#include "own.h"

struct fix_count {
    uint32_t failing; /* of what the row is judged on: mostly vaults, HSMs */
    uint32_t fixable;
    uint32_t locked;   /* a ReadOnly lock refuses every change */
    uint32_t no_right; /* the signed-in account may change nothing there */
    uint32_t no_way;   /* no remedy is for that kind */
    uint32_t unsure;   /* of the fixable: locks or own rights are not known */
};

struct fixes {
    const struct kv_session *session;
    struct own own;
    struct fix_count *rows; /* by row of the catalogue */
    struct fix_count *next; /* those being counted */
    uint32_t *kinds;        /* that a remedy of the row is for; 0: no remedy */
    bool *met;              /* subscriptions, in this round */
    uint32_t met_room;
    uint32_t at; /* the next resource; KV_NONE: nothing to do */
    bool known;  /* `rows` were counted to the end once */
};

void fixes_init(struct fixes *fixes, const struct kv_session *session);
void fixes_done(struct fixes *fixes);
/* Counts anew; what was counted stays until that is done. */
void fixes_start(struct fixes *fixes);
/* Goes through so many resources more; true when that ended the counting. */
bool fixes_step(struct fixes *fixes, uint32_t resources);

/* The remedies of a row that are there; NULL behind the last. */
const struct kv_remedy *fixes_remedy(uint32_t row, size_t index);
/* The indexes that a fix of the row starts with: all that fail it. The caller
 * frees *out with heap_free(). */
size_t fixes_copy_failing(
    const struct kv_session *session, uint32_t row, uint32_t **out);

#endif
