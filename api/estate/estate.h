/* The estate from the inside: how decoders fill it. A decoder makes texts and
 * arrays in the estate's own arena, fills a plain row, and gives it. */
#ifndef ESTATE_H
#define ESTATE_H

#include "base.h"
#include "kvgov/estate.h"

struct kv_estate *estate_new(void);
void estate_free(struct kv_estate *estate);          /* NULL is allowed */
size_t estate_bytes(const struct kv_estate *estate); /* of its arena */

/* Live as long as the estate. An empty view with NULL data gives NULL. */
const char *estate_text(struct kv_estate *estate, struct view text);
void *estate_array(struct kv_estate *estate, size_t count, size_t size);

void estate_set_tenant(
    struct kv_estate *estate, const char *id, const char *name);

/* Parts of an ARM id, borrowed from it; empty where it has none. `object` is
 * what follows the resource: "secrets/name". */
struct arm_id {
    struct view subscription;
    struct view resource_group;
    struct view provider; /* "Microsoft.KeyVault" */
    struct view type;     /* "vaults" */
    struct view name;
    struct view resource; /* the id up to the resource's name */
    struct view object;
    struct view management_group;
};
struct arm_id arm_id_parse(struct view id);
enum kv_scope_level arm_id_level(const struct arm_id *id);
/* What follows the last slash. */
struct view arm_id_last(struct view id);
/* A vault or managed HSM, not something inside one. */
bool arm_id_is_governed(const struct arm_id *id, enum kv_kind *kind);

/* ---- subscriptions ---- */

/* Adds or updates; `state` may be NULL to leave it. */
uint32_t estate_take_subscription(struct kv_estate *estate, const char *id,
    const char *name, const char *state);
uint32_t estate_find_subscription(
    const struct kv_estate *estate, struct view id);
/* Nearest first, root last; the array is the estate's (estate_array). */
void estate_set_groups(struct kv_estate *estate, uint32_t subscription,
    const char *const *groups, uint32_t count);
void estate_set_subscription_facet(struct kv_estate *estate,
    uint32_t subscription, enum kv_facet facet, struct kv_facet_status status);

void estate_set_tenant_facet(struct kv_estate *estate, enum kv_facet facet,
    struct kv_facet_status status);

/* ---- principals ---- */

/* The record of that id, added with nothing known when it is new. */
uint32_t estate_refer_principal(struct kv_estate *estate, const char *id);
uint32_t estate_principal_count(const struct kv_estate *estate);
struct kv_principal *estate_principal(struct kv_estate *estate, uint32_t index);

/* ---- resources ---- */

/* Adds or replaces by `row->id`, keeping the index and what `row` does not
 * carry (diagnostics). `row->subscription` and `row->resource_group` are found
 * from the id; the subscription is added when it is new. `properties` of the
 * row is taken as it is. */
uint32_t estate_take_resource(
    struct kv_estate *estate, const struct kv_resource *row);
/* The resource of that id, added with nothing known when it is new: its
 * existence was learnt from a reference. KV_NONE for an id of another type. */
uint32_t estate_refer_resource(struct kv_estate *estate, struct view id);
void estate_set_properties(
    struct kv_estate *estate, uint32_t resource, struct kv_facet_status status);
void estate_take_diagnostics(struct kv_estate *estate, uint32_t resource,
    const struct kv_diagnostic *rows, uint32_t count,
    struct kv_facet_status status);
void estate_set_gone(struct kv_estate *estate, uint32_t resource, bool gone);

/* ---- sets that are replaced as a whole ---- */

/* Between begin and commit rows gather beside the old set, which stays in
 * place until the commit; rows of the same id are kept once. */
enum estate_set {
    ESTATE_ASSIGNMENTS,
    ESTATE_LOCKS,
    ESTATE_SINKS,
    ESTATE_DELETED,
};
void estate_begin(struct kv_estate *estate, enum estate_set set);
void estate_commit(struct kv_estate *estate, enum estate_set set);

void estate_take_assignment(
    struct kv_estate *estate, const struct kv_assignment *row);
void estate_take_lock(struct kv_estate *estate, const struct kv_lock *row);
void estate_take_sink(struct kv_estate *estate, const struct kv_sink *row);
/* Adds to the set in place: a single destination that was asked for by id. */
void estate_add_sink(struct kv_estate *estate, const struct kv_sink *row);
void estate_take_deleted(
    struct kv_estate *estate, const struct kv_deleted *row);
uint32_t estate_assignment_count(const struct kv_estate *estate);
const struct kv_assignment *estate_assignment(
    const struct kv_estate *estate, uint32_t index);
/* Whether a row at exactly this scope was gathered since estate_begin(). */
bool estate_gathered_at(const struct kv_estate *estate, const char *scope);
uint32_t estate_lock_count(const struct kv_estate *estate);
const struct kv_lock *estate_lock(
    const struct kv_estate *estate, uint32_t index);

/* ---- what must be judged again ---- */

/* Every taking of a resource or of its facets touches it. */
void estate_touch_all(struct kv_estate *estate);
/* Takes one touched resource off the list; false when there is none. */
bool estate_next_touched(struct kv_estate *estate, uint32_t *resource);
bool estate_has_touched(const struct kv_estate *estate);

/* Adds or replaces by guid and computes the role's powers. */
void estate_take_role(struct kv_estate *estate, const struct kv_role *row);
/* Points every assignment at its role's index; after roles were taken. */
void estate_link_roles(struct kv_estate *estate);
/* A wildcard pattern of a role definition against an action, any casing. */
bool role_pattern_matches(const char *pattern, const char *action);
bool role_allows(const struct kv_role *role, const char *action, bool data);

#endif
