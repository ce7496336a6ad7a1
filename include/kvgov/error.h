/* How calls fail: a status for the program, one sentence for the person. */
#ifndef KVGOV_ERROR_H
#define KVGOV_ERROR_H

#define KV_NODISCARD __attribute__((warn_unused_result))

enum kv_status {
    KV_OK,
    KV_BAD_INPUT,    /* an option, a file, a typed text */
    KV_BAD_CONFIG,   /* what the session was opened with cannot work */
    KV_SIGN_IN,      /* no token: nobody is signed in, or the sign-in failed */
    KV_DENIED,       /* 403: signed in, but a permission is missing */
    KV_NOT_FOUND,    /* 404 */
    KV_CONFLICT,     /* 409 */
    KV_UNREGISTERED, /* the subscription does not use that provider */
    KV_THROTTLED,    /* 429, after all retries */
    KV_NETWORK,      /* no answer: name, connection, TLS, time-out */
    KV_SERVICE,      /* an answer that says no in another way: 4xx, 5xx */
    KV_PROTOCOL,     /* an answer that is not what the service promises */
    KV_FOREIGN_HOST, /* an address that a token must not be sent to */
    KV_TOO_LARGE,    /* over a stated bound */
    KV_STORE,        /* the local database */
    KV_REFUSED,      /* kvgov's own rule: read-only, not confirmed, blocked */
    KV_CHANGED,      /* the resource is not as the plan shows it */
    KV_CANCELLED,
};

/* Filled where the facts are known and passed up untouched. `text` is one
 * sentence: what was tried, on what, what to do; never a token or a secret. It
 * may quote a server, so it is made visible before it is drawn. */
struct kv_error {
    enum kv_status status;
    char text[512];
};

/* Writes the sentence, cut at the size of `text`, and returns `status` so that
 * a caller can `return kv_error_set(...)`. `err` may be NULL. */
enum kv_status kv_error_set(struct kv_error *err, enum kv_status status,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
