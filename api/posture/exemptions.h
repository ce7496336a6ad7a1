/* Exemptions of Azure Policy as exceptions of rows: who made the decision there
 * need not make it again here. */
#ifndef EXEMPTIONS_H
#define EXEMPTIONS_H

#include "arena.h"
#include "kvgov/estate.h"
#include "kvgov/records.h"

/* Zero-initialised. Texts are borrowed from the estate, the catalogue and the
 * program, or are in `texts`. */
struct exemptions {
    struct arena texts;
    struct kv_exception *items;
    size_t count;
    size_t capacity;
};

/* Reads all anew; true when that changes anything, and then the items before
 * and their texts are gone. */
bool exemptions_read(
    struct exemptions *exemptions, const struct kv_estate *estate);
void exemptions_done(struct exemptions *exemptions);

#endif
