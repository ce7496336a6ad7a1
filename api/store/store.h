/* The last estate: what Azure answered, kept as it was said and replayed
 * through the same decoders at the next start. A cache: it may be deleted.
 * sqlite, mode 0600; the only room that knows sqlite3. */
#ifndef STORE_H
#define STORE_H

#include "base.h"

/* One answer of one read. */
struct store_answer {
    const char *key;     /* what was asked: unique, the later one wins */
    uint32_t kind;       /* which decoder; the session's own numbers */
    const char *subject; /* resource or subscription id, or "" */
    long code;           /* HTTP status */
    int64_t read_at_s;
    struct view body;
};

struct store;

/* Creates `dir` (0700) and the file (0600) where missing. A file that is
 * damaged is set aside and begun anew: it is a cache. Fails with KV_STORE, also
 * for a file of a newer kvgov. */
KV_NODISCARD enum kv_status store_open(struct store **out, const char *dir,
    const char *cloud, struct kv_error *err);
void store_close(struct store *store); /* commits; NULL is allowed */

/* Kept in the open transaction; cheap. Failures are remembered and reported
 * once by store_commit(). */
void store_put(struct store *store, const struct store_answer *answer);
KV_NODISCARD enum kv_status store_commit(
    struct store *store, struct kv_error *err);
/* Drops every answer read before `time_s`: the end of a whole scan. */
void store_drop_older(struct store *store, int64_t time_s);
void store_clear(struct store *store);

/* Small facts: "tenant", "finished". Copies into `out`, empty if unset. */
void store_get_note(struct store *store, const char *name, struct buf *out);
void store_put_note(struct store *store, const char *name, const char *value);

/* Replays in the order of keeping, one answer a call: KV_OK, then
 * KV_NOT_FOUND at the end. The answer is borrowed until the next call. */
KV_NODISCARD enum kv_status store_next(
    struct store *store, struct store_answer *out, struct kv_error *err);

#endif
