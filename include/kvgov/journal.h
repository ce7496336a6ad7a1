/* The journal: what was changed, by whom, from what to what. Append-only, each
 * record durable before what it announces, chained by SHA-256. */
#ifndef KVGOV_JOURNAL_H
#define KVGOV_JOURNAL_H

#include "kvgov/error.h"
#include "kvgov/text.h"

enum kv_journal_result {
    KV_JOURNAL_IN_DOUBT, /* an intent without an outcome */
    KV_JOURNAL_DONE,
    KV_JOURNAL_UNVERIFIED,  /* applied, not seen to pass in time */
    KV_JOURNAL_FAILED,      /* refused by Azure; nothing changed */
    KV_JOURNAL_NOT_APPLIED, /* settled: the request never took effect */
    KV_JOURNAL_UNCLEAR, /* settled: the resource is neither before nor after */
    KV_JOURNAL_SKIPPED, /* the guard stopped it */
    KV_JOURNAL_NOTE,    /* write mode on or off */
};

/* An intent with its outcome, or a note. All texts are borrowed from the
 * journal until the next kv_session_step(). */
struct kv_journal_entry {
    int64_t number; /* of the first record, unique */
    int64_t time_s;
    const char *who;    /* signed-in account */
    const char *plan;   /* "p-0142"; "" for a note */
    const char *remedy; /* id; "" for a note */
    const char *action; /* words: "Turn the firewall on", "undo of #12" */
    const char *target_id;
    const char *target_name;
    const char *reason;
    const char *message; /* outcome in words */
    const char *change;  /* JSON: method, path, changes with before and after */
    const char *request_id; /* x-ms-request-id; "" if none */
    enum kv_journal_result result;
    bool reversible;
    int64_t undo_of;   /* number of the entry that this one undid; 0 if none */
    int64_t undone_by; /* number of the entry that undid this one; 0 if none */
    bool settled;      /* the outcome was found by reading after a crash */
};

const char *kv_journal_result_name(enum kv_journal_result result);

struct kv_journal_check {
    int64_t records;
    int64_t broken_at; /* number of the first record that does not fit; 0 */
    int64_t open;      /* intents without an outcome */
};

/* Reads the whole journal at `path` (NULL: the user's own) and checks the chain. A
 * missing journal has 0 records. Fails with KV_STORE when it cannot be read;
 * a broken chain is not a failure but a result. */
KV_NODISCARD enum kv_status kv_journal_verify(
    const char *path, struct kv_journal_check *out, struct kv_error *err);

#endif
