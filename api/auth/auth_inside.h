/* The inside of the sign-in, for the files that share it: auth.c is the door,
 * discovery.c finds out about the cloud, chain.c tries the ways. */
#ifndef AUTH_INSIDE_H
#define AUTH_INSIDE_H

#include "shown.h"
#include "way.h"

#define TRIED_LIMIT 4096

/* In the order in which they are tried; the last only when it is asked for. */
enum { SECRET, CLI, DEVICE, WAY_COUNT };

struct waiter {
    auth_token_fn *done;
    void *context;
};

struct auth {
    struct http *http;
    char *arm; /* as it was given */
    char *tenant;
    bool no_device_code;
    char **environment;
    void (*changed)(void *context);
    void *context;

    struct auth_cloud cloud;
    bool cloud_known;
    uint64_t discovery; /* the request; 0 none */
    bool wants_device;  /* once the cloud is known */

    struct way *ways[WAY_COUNT];
    struct way *way; /* being tried, or the one that worked; NULL none */
    bool asking;     /* `way` owes an answer */
    struct buf tried;

    struct http_token *token; /* NULL: none */
    int64_t expires_at_s;
    int64_t renew_at_s;

    struct shown shown;
    struct waiter *waiters;
    size_t waiter_count;
    size_t waiter_capacity;
};

/* Tells whoever looks at the sign-in that it is another one. */
void auth_tell(struct auth *auth, enum kv_sign_in_state state);
/* Answers everybody who waits: by a token, or by why there is none. */
void auth_tell_waiters(
    struct auth *auth, struct http_token *token, const struct kv_error *err);
void auth_tell_waiters_why(struct auth *auth, enum kv_status status);

/* Opens the ways; tries the first, or the device code where that is wanted;
 * asks the one that worked again; gives up what is being tried. */
void chain_open(struct auth *auth);
void chain_close(struct auth *auth);
void chain_begin(struct auth *auth);
void chain_ask_again(struct auth *auth);
void chain_stop(struct auth *auth);

/* Forgets and adds to what is told about ways that did not work. */
void chain_clear_tried(struct auth *auth);
void chain_put_tried(struct auth *auth, const char *text);
/* Ends the try: what was tried, then `closing`, is what the person reads. */
void chain_give_up(struct auth *auth, enum kv_sign_in_state state,
    enum kv_status status, const char *closing);

/* Takes what is known of the cloud without asking anybody. */
void discovery_prepare(struct auth *auth);
/* Learns the rest where it must, then begins the chain. */
void discovery_start(struct auth *auth);
void discovery_stop(struct auth *auth);

#endif
