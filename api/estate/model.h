/* What an estate is made of; for the files of this room only. */
#ifndef MODEL_H
#define MODEL_H

#include "arena.h"
#include "estate.h"
#include "kvgov/actions.h"

/* Rows of one kind in a growable array. */
struct rows {
    void *items;
    size_t count;
    size_t capacity;
};

/* Rows that each belong to a scope: from the scope to the first row, and from
 * each row to the next of the same scope. Single objects of a resource are
 * chained under "<resource id>#". Rows that were given up hold zeros and are
 * chained from `spare`, which is a place + 1. */
struct set {
    struct rows rows;
    struct rows next; /* uint32_t, parallel to rows */
    struct index by_scope;
    struct index by_id;
    uint32_t spare;
    bool open; /* began to gather */
};

struct kv_estate {
    struct arena arena;
    struct strings strings;
    const char *tenant_id;
    const char *tenant_name;

    struct rows resources;
    struct index resource_by_id;
    struct rows touched;        /* uint32_t, a queue read at touched_next */
    struct rows touched_facets; /* uint64_t, parallel to resources */
    size_t touched_next;
    struct rows subscriptions;
    struct index subscription_by_id;
    struct rows roles;
    struct index role_by_guid;
    struct rows principals;
    struct index principal_by_id;
    struct kv_facet_status tenant_facets[KV_FACET_COUNT];

    struct set sets[2][KV_SET_COUNT]; /* in place, and being gathered */
    struct set *aside; /* what was being gathered before an item came */
};

enum { IN_PLACE, GATHERING };

void estate_touch(struct kv_estate *estate, uint32_t resource, uint64_t facets);
void *rows_add(struct rows *rows, size_t size); /* zeroed */
void rows_done(struct rows *rows);
void set_done(struct set *set);
/* Whether one of the patterns covers the action. */
bool role_any_matches(
    const char *const *patterns, uint32_t count, const char *action);

#endif
