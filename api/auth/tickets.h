/* A ticket: the access token for one audience, and whoever waits for it. Knows
 * no way to get one. */
#ifndef TICKETS_H
#define TICKETS_H

#include "token.h"

#include "auth.h"

struct waiter {
    auth_token_fn *done;
    void *context;
    char *origin;  /* that its token is to be bound to */
    uint32_t turn; /* the ask whose answer is for it */
};

struct ticket {
    struct hidden access; /* empty: none */
    int64_t expires_at_s;
    int64_t renew_at_s;
    struct http_token *bound; /* it, for the host that was asked last */
    uint32_t turn;            /* how often it was asked for */
    char *claims;             /* for the next ask; NULL none */
    struct kv_error refusal;  /* why there is none */
    int64_t refused_until_s;
    struct waiter *waiters;
    size_t waiter_count;
    size_t waiter_capacity;
};

/* Forgets the token; who waits goes on waiting. */
void ticket_forget(struct ticket *ticket);
/* After ticket_tell(): nobody waits. */
void ticket_done(struct ticket *ticket);

void ticket_take(struct ticket *ticket, struct grant *grant, int64_t now_s);
/* Remembers why there is none, so that nobody asks again before `until_s`. */
void ticket_refuse(
    struct ticket *ticket, const struct kv_error *err, int64_t until_s);

bool ticket_is_fresh(const struct ticket *ticket, int64_t now_s);
/* Not run out, though it may be time for a new one. */
bool ticket_is_valid(const struct ticket *ticket, int64_t now_s);
bool ticket_is_refused(const struct ticket *ticket, int64_t now_s);

/* The token for one origin, as http_origin() writes it; borrowed until the next call for this ticket. */
struct http_token *ticket_bind(struct ticket *ticket, const char *origin);

/* Copies what it needs; `asked` says that an ask is under way whose answer
 * will do. */
void ticket_wait(struct ticket *ticket,
    const struct auth_token_request *request, const char *origin, bool asked);
/* Whether somebody waits for an ask that was not made yet. */
bool ticket_is_wanted(const struct ticket *ticket);
/* Answers whoever waited for the asks so far: with the token, or with `err`. */
void ticket_tell(struct ticket *ticket, const struct kv_error *err);
/* Likewise, and whoever waits for the next. */
void ticket_tell_all(struct ticket *ticket, const struct kv_error *err);

#endif
