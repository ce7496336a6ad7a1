/* Tickets: what is known of one audience's token, and who is told. */
#include "tickets.h"

#include <string.h>

#define FRESH_S INT64_C(300) /* a token with less left is renewed first */

void ticket_forget(struct ticket *ticket)
{
    hidden_done(&ticket->access);
    http_token_drop(ticket->bound);
    ticket->bound = NULL;
    ticket->expires_at_s = 0;
    ticket->renew_at_s = 0;
    ticket->refused_until_s = 0;
}

void ticket_done(struct ticket *ticket)
{
    ticket_forget(ticket);
    mem_free(ticket->claims);
    mem_free(ticket->waiters);
    *ticket = (struct ticket){ 0 };
}

void ticket_take(struct ticket *ticket, struct grant *grant, int64_t now_s)
{
    int64_t lifetime_s = grant->expires_at_s - now_s;
    int64_t margin_s = lifetime_s < 2 * FRESH_S ? lifetime_s / 2 : FRESH_S;

    ticket_forget(ticket);
    hidden_take(&ticket->access, &grant->access);
    ticket->expires_at_s = grant->expires_at_s;
    ticket->renew_at_s = grant->expires_at_s - margin_s;
}

void ticket_refuse(
    struct ticket *ticket, const struct kv_error *err, int64_t until_s)
{
    ticket->refusal = *err;
    ticket->refused_until_s = until_s;
}

bool ticket_is_fresh(const struct ticket *ticket, int64_t now_s)
{
    return ticket->access.size > 0 && now_s < ticket->renew_at_s;
}

bool ticket_is_valid(const struct ticket *ticket, int64_t now_s)
{
    return ticket->access.size > 0 && now_s < ticket->expires_at_s;
}

bool ticket_is_refused(const struct ticket *ticket, int64_t now_s)
{
    return now_s < ticket->refused_until_s;
}

/* Both are as http_origin() writes them. Only the last host's is kept: a scan of one cloud asks few hosts often, or
 * many hosts once each. */
struct http_token *ticket_bind(struct ticket *ticket, const char *origin)
{
    if (!ticket->bound ||
        strcmp(http_token_origin(ticket->bound), origin) != 0) {
        http_token_drop(ticket->bound);
        ticket->bound = http_token_new(hidden_view(&ticket->access), origin);
    }
    return ticket->bound;
}

/* ---- whoever waits ---- */

void ticket_wait(struct ticket *ticket,
    const struct auth_token_request *request, const char *origin, bool asked)
{
    ticket->waiters = mem_grow(ticket->waiters, ticket->waiter_count,
        &ticket->waiter_capacity, sizeof *ticket->waiters);
    ticket->waiters[ticket->waiter_count++] = (struct waiter){
        .done = request->done,
        .context = request->context,
        .origin = mem_copy_text(origin),
        .turn = asked ? ticket->turn : ticket->turn + 1,
    };
    if (request->claims) {
        mem_free(ticket->claims);
        ticket->claims = mem_copy_text(request->claims);
    }
}

bool ticket_is_wanted(const struct ticket *ticket)
{
    for (size_t i = 0; i < ticket->waiter_count; i++)
        if (ticket->waiters[i].turn > ticket->turn)
            return true;
    return false;
}

static void waiter_tell(struct ticket *ticket, const struct waiter *waiter,
    const struct kv_error *err)
{
    struct kv_error gone = { 0 };
    struct http_token *token = NULL;

    if (!err && ticket->access.size == 0) { /* by the callback before this */
        kv_error_set(&gone, KV_CANCELLED, "the sign-in was begun again");
        err = &gone;
    }
    if (!err) /* held: the callback may make it the old one */
        token = http_token_hold(ticket_bind(ticket, waiter->origin));
    waiter->done(waiter->context, token, err);
    http_token_drop(token);
}

/* The list is taken first: a callback may ask again, or end the sign-in. */
static void tell_turn(
    struct ticket *ticket, uint32_t turn, const struct kv_error *err)
{
    struct waiter *waiters = ticket->waiters;
    size_t count = ticket->waiter_count;

    ticket->waiters = NULL;
    ticket->waiter_count = 0;
    ticket->waiter_capacity = 0;
    for (size_t i = 0; i < count; i++)
        if (waiters[i].turn > turn) {
            ticket->waiters = mem_grow(ticket->waiters, ticket->waiter_count,
                &ticket->waiter_capacity, sizeof *ticket->waiters);
            ticket->waiters[ticket->waiter_count++] = waiters[i];
            waiters[i].done = NULL;
        }
    for (size_t i = 0; i < count; i++)
        if (waiters[i].done) {
            waiter_tell(ticket, &waiters[i], err);
            mem_free(waiters[i].origin);
        }
    mem_free(waiters);
}

void ticket_tell(struct ticket *ticket, const struct kv_error *err)
{
    tell_turn(ticket, ticket->turn, err);
}

void ticket_tell_all(struct ticket *ticket, const struct kv_error *err)
{
    tell_turn(ticket, UINT32_MAX, err);
}
