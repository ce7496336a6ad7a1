/* The journal's file: append-only records, each hashed with the one before.
 * sqlite with synchronous=FULL, mode 0600, so that a record that was written
 * is on the disk before the call returns. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "base.h"
#include "kvgov/journal.h"

struct journal;

/* Creates `dir` (0700) and the file where missing and reads what is there; with
 * NULL for `dir` it is in memory only, for a session that changes nothing.
 * Fails with KV_STORE; a damaged journal is never set aside. */
KV_NODISCARD enum kv_status journal_open(
    struct journal **out, const char *dir, struct kv_error *err);
void journal_close(struct journal *journal); /* NULL is allowed */

/* What is about to be sent. `change` is JSON, kept verbatim. */
struct journal_intent {
    int64_t time_s;
    const char *who;
    const char *plan;
    const char *remedy;
    const char *action;
    const char *target_id;
    const char *target_name;
    const char *reason;
    const char *change;
    bool reversible;
    int64_t undo_of;
};

/* Durable when it returns KV_OK; *number identifies it from then on. */
KV_NODISCARD enum kv_status journal_add_intent(struct journal *journal,
    const struct journal_intent *intent, int64_t *number, struct kv_error *err);

struct journal_outcome {
    int64_t time_s;
    enum kv_journal_result result;
    const char *message;
    const char *request_id;
    bool settled; /* found by reading, after a crash */
};
KV_NODISCARD enum kv_status journal_add_outcome(struct journal *journal,
    int64_t number, const struct journal_outcome *outcome,
    struct kv_error *err);

KV_NODISCARD enum kv_status journal_add_note(struct journal *journal,
    int64_t time_s, const char *who, const char *action, const char *reason,
    struct kv_error *err);

/* Newest first. Borrowed until the next add. */
uint32_t journal_count(const struct journal *journal);
const struct kv_journal_entry *journal_entry(
    const struct journal *journal, uint32_t index);
const struct kv_journal_entry *journal_find(
    const struct journal *journal, int64_t number);
/* "p-0001" and upwards: one more than the last plan in the journal. */
void journal_next_plan(const struct journal *journal, struct buf *out);
KV_NODISCARD enum kv_status journal_check(struct journal *journal,
    struct kv_journal_check *out, struct kv_error *err);

#endif
