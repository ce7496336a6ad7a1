/* Renewal: further tokens from whoever is signed in, for other audiences, in
 * time, or with more proof. Whatever fails here leaves the sign-in alone, but
 * for ARM's own token that is refused for good. */
#include "auth_inside.h"

/* A service that is refused is not asked for again at once: five hundred vaults
 * would otherwise ask five hundred times, which Entra takes for a loop
 * (AADSTS50196). */
#define REFUSED_S 60

void renewal_next(struct auth *auth)
{
    for (int i = 0; i < AUTH_AUDIENCE_COUNT && !auth->asking; i++) {
        struct ticket *ticket = &auth->tickets[i];
        char *claims = ticket->claims;

        if (!auth->holder || !ticket_is_wanted(ticket))
            continue;
        ticket->claims = NULL;
        chain_ask(auth, auth->holder, (enum auth_audience)i, claims);
    }
}

/* The tokens that are there still do for reading; what they lack is left for a
 * device code, or given up where no person can help. */
static void proof_failed(
    struct auth *auth, struct ticket *ticket, const struct kv_error *err)
{
    bool person = auth->way->ops->personal && chain_may_use_device(auth);

    chain_clear_tried(auth);
    chain_put_tried(auth, err->text);
    mem_free(auth->wanted_claims);
    auth->wanted_claims = NULL;
    if (person) {
        auth->wanted_claims = auth->claims;
        auth->wanted = auth->asked;
        auth->claims = NULL;
        chain_show(auth, KV_SIGN_IN_NEEDED, "Sign in with a device code.");
    } else if (auth->shown.sign_in.state != KV_SIGN_IN_DONE) {
        auth->shown.sign_in.method = auth->holder->ops->name;
        chain_show(auth, KV_SIGN_IN_DONE, "");
    }
    ticket_tell(ticket, err);
}

bool renewal_failed(struct auth *auth, const struct kv_error *err)
{
    struct ticket *ticket = &auth->tickets[auth->asked];
    bool passing = chain_is_passing(err->status);
    int64_t now_s = clock_now_s();

    if (auth->claims) {
        proof_failed(auth, ticket, err);
        return true;
    }
    if (!passing && auth->asked == AUTH_ARM)
        return false;
    if (passing && ticket_is_valid(ticket, now_s)) {
        ticket_tell(ticket, NULL);
        return true;
    }
    if (!passing)
        ticket_refuse(ticket, err, now_s + REFUSED_S);
    ticket_tell(ticket, err);
    return true;
}
