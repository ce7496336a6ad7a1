/* Checking the whole of a journal. */
#ifndef AUDIT_H
#define AUDIT_H

#include "kvgov/journal.h"

struct db;

/* Fails with KV_STORE when the file cannot be read. */
KV_NODISCARD enum kv_status audit_run(
    struct db *db, struct kv_journal_check *out, struct kv_error *err);

#endif
