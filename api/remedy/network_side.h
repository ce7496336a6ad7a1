/* How a vault or HSM is reached over the network, and who still reaches it
 * after a change: shared by the remedies of the network area. */
#ifndef REMEDY_NETWORK_SIDE_H
#define REMEDY_NETWORK_SIDE_H

#include "plan.h"

#define ACLS "properties.networkAcls"
#define PUBLIC_ACCESS "properties.publicNetworkAccess"

/* ---- callers.c ---- */

/* The ways in, as they are or as they would be. */
struct way_in {
    bool open;    /* from every address */
    bool rules;   /* from the addresses and subnets of its rules */
    bool trusted; /* trusted Microsoft services, in spite of the rest */
    bool unsure;  /* by something else as well, that cannot be matched */
    json_t *addresses; /* rules: texts, or objects with `value`; borrowed */
    size_t subnets;
    size_t endpoints; /* approved private ones */
};
/* Of a resource's own properties. */
struct way_in way_in_of(json_t *properties);
bool way_in_has_address(const struct way_in *way, const char *address);

enum fate {
    FATE_STAYS,
    FATE_LOST,
    FATE_UNSURE,
    FATE_REFUSED, /* no call of it succeeded before */
};
enum fate caller_fate(const struct kv_caller *caller,
    const struct way_in *before, const struct way_in *after);
/* An address of a private network, as private endpoints show it. */
bool address_is_private(const char *address);

/* ---- network_tell.c ---- */

/* What was found out of one resource for its preview. */
struct network_facts {
    struct kv_facet_status log; /* who called it */
    char own[64];    /* the address that it sees this machine at; "": unknown */
    const char *own_why; /* why that is unknown */
    bool came_in;        /* it answered: the network let this machine in */
};
/* Asks for what network_tell() needs. False: not all of it was read yet. */
bool network_ask(struct draft *draft, const struct plan_input *input,
    struct network_facts *out);
/* Says who would be cut off, of the last 30 days' callers and of those at this
 * machine, and raises the grade by that. The preview's impact is `words` and
 * what is known of the callers. */
void network_tell(struct draft *draft, const struct plan_input *input,
    const struct network_facts *facts, const struct way_in *before,
    const struct way_in *after, const char *words);
/* Production by its tags, or an HSM: what such a raise says, else NULL. */
const char *target_is_grave(const struct plan_input *input);

/* ---- network.c ---- */

/* Accepts a list of public addresses and ranges. */
enum kv_status addresses_accept(
    const struct option *option, const char *value, struct kv_error *err);
void callers_offer(struct option *out, const struct plan_targets *targets);
/* Adds those of the list that no rule is yet. */
void rules_add(json_t *rules, const char *allow);
/* Adds the addresses of the last 30 days' successful callers that no rule lets
 * in and that are wanted; NULL: all. Private ones are no rules. */
typedef bool rules_wanted_fn(const char *address, const void *context);
void rules_add_callers(json_t *rules, const struct plan_input *input,
    rules_wanted_fn *wanted, const void *context);
/* The object as it is sent: complete, with what was read. The caller owns it.
 */
json_t *acls_copy(json_t *before);
/* The limits of the service. */
void acls_check(
    struct preview *preview, const struct plan_input *input, json_t *acls);
/* The ways in with these rules; borrows of them. */
struct way_in way_after(json_t *subject, json_t *acls);
const char *ways_words(struct preview *preview, const struct way_in *after);

#endif
