/* What a check-up asks of a session, beside what every front end sees: what
 * became of each way to sign in, whether each host of the cloud answers, and
 * where files are kept. */
#ifndef KVGOV_CHECKUP_H
#define KVGOV_CHECKUP_H

#include "kvgov/session.h"

/* ---- ways to sign in ---- */

enum kv_way_state {
    KV_WAY_NOT_TRIED, /* another came first, or `why` says */
    KV_WAY_NOT_SET_UP,
    KV_WAY_FAILED,
    KV_WAY_USED,
};

/* Borrowed until the next kv_session_step(). */
struct kv_way {
    const char *name; /* "client secret" */
    enum kv_way_state state;
    const char *why; /* "" where there is nothing to say */
};

/* In the order of trying. */
uint32_t kv_session_way_count(const struct kv_session *session);
struct kv_way kv_session_way(const struct kv_session *session, uint32_t index);
/* Until when Resource Manager takes the token that is there; 0: there is
 * none. */
int64_t kv_session_token_expires_at_s(const struct kv_session *session);

/* ---- hosts ---- */

enum kv_probe_state {
    KV_PROBE_WAITING, /* not asked yet, or no answer yet */
    KV_PROBE_ANSWERED,
    KV_PROBE_FAILED, /* `failure` says why */
    KV_PROBE_NONE,   /* the cloud has no such service */
};

enum kv_service {
    KV_SERVICE_ARM,
    KV_SERVICE_RESOURCE_GRAPH, /* on the same host */
    KV_SERVICE_LOGIN,
    KV_SERVICE_GRAPH,
    KV_SERVICE_LOGS,
};
#define KV_SERVICE_COUNT 5

struct kv_probe {
    const char *service; /* "Resource Manager" */
    const char *host;    /* with its port; "" until it is known */
    enum kv_probe_state state;
    long code;             /* of the answer */
    bool expected;         /* it is what such a question gets */
    int64_t elapsed_ms;    /* from asking to the whole answer */
    int64_t date_s;        /* the host's clock; 0: it does not say */
    int64_t answered_at_s; /* ours at that time */
    const char *failure;
};

/* Asks each host one question, without a token and once only; hosts that the
 * cloud has yet to name are asked when it has. */
void kv_session_probe(struct kv_session *session, uint32_t timeout_ms);
const struct kv_probe *kv_session_probed(
    const struct kv_session *session, enum kv_service service);

/* ---- files ---- */

/* Puts the folder that a session with this option would use; nothing where
 * there is no place for one. */
void kv_state_dir_put(struct buf *out, const char *wanted);

#endif
