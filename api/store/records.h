/* Attestations and exceptions on the disk: sqlite, mode 0600, durable when a
 * call returns. Unlike the last estate nothing here can be read again from
 * Azure: a file that cannot be used is left as it is. */
#ifndef RECORDS_H
#define RECORDS_H

#include "base.h"
#include "kvgov/records.h"

struct records;

/* Creates `dir` (0700) and the file where missing and brings an older file up
 * to date. Fails with KV_STORE, also for a file of a newer kvgov. */
KV_NODISCARD enum kv_status records_open(
    struct records **out, const char *dir, struct kv_error *err);
void records_close(struct records *records); /* NULL is allowed */

/* All of them, by row; borrowed until the next change. */
const struct kv_records *records_get(const struct records *records);

/* One of the same row and subject, or scope, is replaced. */
KV_NODISCARD enum kv_status records_attest(struct records *records,
    const struct kv_attestation *attestation, struct kv_error *err);
KV_NODISCARD enum kv_status records_except(struct records *records,
    const struct kv_exception *exception, struct kv_error *err);
/* Fails with KV_NOT_FOUND when there is none. */
KV_NODISCARD enum kv_status records_remove_attestation(struct records *records,
    const char *row, const char *subject, struct kv_error *err);
KV_NODISCARD enum kv_status records_remove_exception(struct records *records,
    const char *row, const char *scope, struct kv_error *err);

#endif
