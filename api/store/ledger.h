/* The journal's file: rows that are only added, and a note of the last one.
 * Knows records, not what they say. */
#ifndef LEDGER_H
#define LEDGER_H

#include "chain.h"
#include "db.h"

typedef void ledger_take_fn(void *context, const struct record *record);

/* Opens the journal at `path`, with its tables where it has none. */
KV_NODISCARD enum kv_status ledger_open(
    struct db *db, const char *path, struct kv_error *err);
/* Opens it for reading alone. *empty: a kvgov was killed while it made the
 * file, and no record was ever in it. */
KV_NODISCARD enum kv_status ledger_open_existing(
    struct db *db, const char *path, bool *empty, struct kv_error *err);

/* Hands over every record after number `after`, in order; the record is
 * borrowed for the call. Answers with sqlite's code. */
int ledger_each(
    struct db *db, int64_t after, ledger_take_fn *take, void *context);

/* The note of the last record; it stands apart from the records so that a
 * missing end is seen. */
struct ledger_head {
    int64_t number; /* -1 when the note itself is missing */
    char hash[CHAIN_HASH_SIZE];
};
int ledger_head(struct db *db, struct ledger_head *out);

/* Numbers, chains and writes a record, durable when it returns KV_OK. First
 * hands over what other processes added after number `seen`, then the new
 * record. */
KV_NODISCARD enum kv_status ledger_append(struct db *db,
    const struct record *record, int64_t seen, ledger_take_fn *take,
    void *context, struct kv_error *err);

#endif
