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

/* A facet of a resource other than its properties and diagnostic settings. */
void estate_set_resource_facet(struct kv_estate *estate, uint32_t resource,
    enum kv_facet facet, struct kv_facet_status status);

/* ---- sets (kvgov/rows.h) ---- */

/* Rows gather beside those in place, which stay until the commit; of rows with
 * one id the first is kept. A row is copied; its texts and arrays are the
 * estate's. NULL when it was not kept. The pointer holds until the next row. */
void *estate_take_row(
    struct kv_estate *estate, enum kv_set set, const void *row);
/* Adds to the rows in place: what was asked for by itself. */
void *estate_add_row(
    struct kv_estate *estate, enum kv_set set, const void *row);
/* All sets of a facet. What a facet of a resource gathered is put in place
 * resource by resource; a set that was not begun keeps its rows. */
void estate_begin(struct kv_estate *estate, enum kv_facet facet);
void estate_commit(struct kv_estate *estate, enum kv_facet facet);
/* Of one resource, in the sets of a facet of resources. */
void estate_commit_scope(
    struct kv_estate *estate, enum kv_facet facet, const char *scope);
void estate_drop_scope(
    struct kv_estate *estate, enum kv_facet facet, const char *scope);
/* Whether a row at exactly this scope waits for the commit. */
bool estate_gathered_at(
    const struct kv_estate *estate, enum kv_set set, const char *scope);
/* A row in place, or one that waits, to be completed by a later answer; its id
 * and scope stay. NULL when there is none. */
void *estate_row(struct kv_estate *estate, enum kv_set set, const char *id);
void *estate_gathered_row(
    struct kv_estate *estate, enum kv_set set, const char *id);
/* Those that wait, one after the other; NULL for a place that is empty. */
uint32_t estate_gathered_count(const struct kv_estate *estate, enum kv_set set);
void *estate_gathered(
    struct kv_estate *estate, enum kv_set set, uint32_t index);

/* One item read by itself, in the middle of whatever else is gathered: rows
 * taken between the two calls replace those in place that have their ids. */
void estate_begin_item(struct kv_estate *estate);
void estate_end_item(struct kv_estate *estate);
/* What was found gone: takes the row of that id out. False when there was
 * none. */
bool estate_remove_row(
    struct kv_estate *estate, enum kv_set set, const char *id);

/* Walks the rows that wait at exactly this scope, to be completed. */
void *estate_next_gathered(struct kv_estate *estate, enum kv_set set,
    const char *scope, struct kv_walk *walk);
/* Keys and secrets of a vault are known, and perhaps its certificates: those of
 * a certificate's name back it. Without certificates it is still known of a key
 * without a secret of its name, and of a secret without such a key, that they
 * back none. */
void estate_link_objects(
    struct kv_estate *estate, const char *scope, bool certificates);

/* Also points it at its role, where that is known. */
void estate_take_assignment(
    struct kv_estate *estate, const struct kv_assignment *row);

/* ---- what must be judged again ---- */

/* Every taking of a resource or of its facets touches it, with the facets that
 * changed: KV_FACET_BIT, added up. */
void estate_touch_all(struct kv_estate *estate, uint64_t facets);
/* All at or below that scope, of which "/" is the widest. */
void estate_touch_below(
    struct kv_estate *estate, struct view scope, uint64_t facets);
#define ESTATE_EVERY_FACET UINT64_MAX
/* Takes one touched resource off the list with what changed of it; false when
 * there is none. */
bool estate_next_touched(
    struct kv_estate *estate, uint32_t *resource, uint64_t *facets);
bool estate_has_touched(const struct kv_estate *estate);

/* Adds or replaces by guid and computes the role's powers. */
void estate_take_role(struct kv_estate *estate, const struct kv_role *row);
/* Points every assignment at its role's index; after roles were taken. */
void estate_link_roles(struct kv_estate *estate);
/* A wildcard pattern of a role definition against an action, any casing. */
bool role_pattern_matches(const char *pattern, const char *action);
bool role_allows(const struct kv_role *role, const char *action, bool data);

/* What the query of a log alert rule looks at: enum kv_query, added up. */
uint32_t log_query_looks_at(struct view query);

#endif
