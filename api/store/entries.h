/* The journal as people read it: records merged into entries, in memory. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "chain.h"
#include "kvgov/journal.h"

struct entry;

/* Sorted by number. */
struct entries {
    struct entry *items;
    size_t count;
    size_t capacity;
    int64_t seen;      /* number of the last record taken */
    int64_t last_plan; /* highest number of a plan; 0 without one */
};

void entries_done(struct entries *entries);

/* Copies what it needs. Records come in the order of their numbers. */
void entries_take(struct entries *entries, const struct record *record);

/* Borrowed until the next take; NULL when there is no such entry. */
const struct kv_journal_entry *entries_get(
    const struct entries *entries, size_t index);
const struct kv_journal_entry *entries_find(
    const struct entries *entries, int64_t number);
/* Intents whose end is not known. */
int64_t entries_open(const struct entries *entries);

#endif
