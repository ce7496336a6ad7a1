/* The inside of the sign-in, for the files that share it: auth.c is the door,
 * discovery.c finds out about the cloud, chain.c tries the ways, renewal.c asks
 * the one that worked for more. */
#ifndef AUTH_INSIDE_H
#define AUTH_INSIDE_H

#include "choice.h"
#include "shown.h"
#include "tickets.h"
#include "told.h"
#include "way.h"

#define TRIED_LIMIT 8192

struct auth {
    struct http *http;
    char *arm; /* as it was given */
    char *tenant;
    char *way_name; /* --auth; NULL none */
    bool no_device_code;
    uint32_t backoff_ms;
    char **environment;
    void (*changed)(void *context);
    void *context;

    struct auth_cloud cloud;
    bool cloud_known;
    uint64_t discovery; /* the request; 0 none */
    bool wants_device;  /* once the cloud is known */
    uint32_t garbled;   /* answers that made no sense, since one that did */

    struct choice choice;
    struct kv_error choice_error; /* why there is none; KV_OK: there is */
    struct way *ways[WAY_COUNT];
    struct way *holder; /* who gave the tokens; NULL: nobody is signed in */
    struct buf tried;
    struct told told[WAY_COUNT];

    /* The ask under way. Always for one audience: a few asks an hour need no
     * hurry, and a person cannot enter two codes at once. */
    bool asking;     /* `way` owes an answer */
    struct way *way; /* being asked, or asked last */
    enum auth_audience asked;
    char *claims; /* that it is to prove; NULL none */

    /* What only a person can prove, left for a device code. */
    char *wanted_claims; /* NULL none */
    enum auth_audience wanted;

    struct ticket tickets[AUTH_AUDIENCE_COUNT];
    struct shown shown;
};

/* Tells whoever looks at the sign-in that it is another one. */
void auth_tell(struct auth *auth, enum kv_sign_in_state state);
/* Answers everybody who waits with why there is no token: the shown text. */
void auth_tell_waiters_why(struct auth *auth, enum kv_status status);
/* Whether an answer that made no sense is worth another request: on its way it
 * may have been garbled, three times in a row it was not. */
bool auth_may_repeat(struct auth *auth, enum kv_status status);
/* Nobody is signed in any more; who waits goes on waiting. */
void auth_forget(struct auth *auth);

/* Opens the ways; tries the first, or the device code where that is wanted;
 * gives up what is being tried. */
void chain_open(struct auth *auth);
void chain_close(struct auth *auth);
void chain_begin(struct auth *auth);
void chain_stop(struct auth *auth);
/* Asks one way for one audience, proving `claims`, which it takes. */
void chain_ask(struct auth *auth, struct way *way, enum auth_audience audience,
    char *claims);
/* Whether a person may be asked for a device code. */
bool chain_may_use_device(const struct auth *auth);

/* Forgets and adds to what is told about ways that did not work. */
void chain_clear_tried(struct auth *auth);
void chain_put_tried(struct auth *auth, const char *text);
/* It says nothing about the way: the same request may work in a minute. */
bool chain_is_passing(enum kv_status status);
/* Shows what was tried, then `closing`. */
void chain_show(
    struct auth *auth, enum kv_sign_in_state state, const char *closing);
/* Ends the try: what was tried, then `closing`, is what the person reads. */
void chain_give_up(struct auth *auth, enum kv_sign_in_state state,
    enum kv_status status, const char *closing);
/* The same for want of a way that works. */
void chain_give_up_unsigned(struct auth *auth);

/* Asks whoever is signed in for a token that somebody waits for. */
void renewal_next(struct auth *auth);
/* What to do without the token that whoever is signed in was asked for; false
 * when that ends the sign-in. */
bool renewal_failed(struct auth *auth, const struct kv_error *err);

/* Takes what is known of the cloud without asking anybody. */
void discovery_prepare(struct auth *auth);
/* Learns the rest where it must, then begins the chain. */
void discovery_start(struct auth *auth);
void discovery_stop(struct auth *auth);

#endif
