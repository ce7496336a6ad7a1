#ifndef CLOUD_ESTATE_H
#define CLOUD_ESTATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "scan.h"

/* What exists in the simulated tenant. Every ARM object is an item: an
 * immutable compact JSON text with its id. A change makes a new item, so a
 * frozen Resource Graph can go on holding the old one. Items of one kind lie
 * in one table sorted by lower-cased id: a look-up is a binary search, and
 * everything below a scope is one contiguous range. */
enum kind {
    KIND_SUBSCRIPTION,
    KIND_RESOURCE_GROUP,
    KIND_RESOURCE,
    KIND_DELETED_VAULT,
    KIND_DELETED_HSM,
    KIND_MANAGEMENT_GROUP,
    KIND_ROLE_DEFINITION,
    KIND_ROLE_ASSIGNMENT,
    KIND_DENY_ASSIGNMENT,
    KIND_LOCK,
    KIND_DIAGNOSTIC_SETTING,
    KIND_ELIGIBILITY, /* what PIM calls a role eligibility schedule instance */
    KIND_POLICY_ASSIGNMENT,
    KIND_POLICY_DEFINITION, /* and set definitions */
    KIND_POLICY_EXEMPTION,
    KIND_EXTENSION, /* whatever lies below or on a resource */
};
#define KIND_COUNT 16

/* The member of an estate file that holds items of the kind. */
extern const char *const kind_members[KIND_COUNT];

struct item {
    size_t references;
    char *id;
    char *key; /* the id in lower case */
    char *name;
    char *type;      /* in lower case */
    char *principal; /* of a role assignment or eligibility, otherwise "" */
    struct span text;
};

struct table {
    struct item **items;
    size_t count;
    size_t capacity;
};

/* Half-open: items[first] to items[last - 1]. */
struct range {
    size_t first;
    size_t last;
};

struct estate {
    struct table tables[KIND_COUNT];
    json_t *file;    /* the members that are not items, as loaded */
    json_t *parents; /* child key to the key of its management group */
    char *tenant_id;
    unsigned long generation;        /* grows with every change */
    unsigned long access_generation; /* grows when access may change */
};

/* Takes over nothing; id, name and type are read from the object. */
struct item *item_new(json_t *object);
/* Takes over text, which must be one compact JSON object. */
struct item *item_new_text(char *text, size_t length);
struct item *item_ref(struct item *item);
void item_free(struct item *item);
json_t *item_json(const struct item *item);
/* The string at a dotted path, or ""; the caller frees it. */
char *item_copy(const struct item *item, const char *path);

void estate_done(struct estate *estate);

/* For loading: appends unsorted. estate_sort() must follow, and returns an
 * item whose id occurs twice, or NULL. */
void estate_append(struct estate *estate, enum kind kind, struct item *item);
const struct item *estate_sort(struct estate *estate, enum kind kind);

struct item *estate_find(
    const struct estate *estate, enum kind kind, const char *id);
/* Inserts or replaces; takes over the item. */
void estate_put(struct estate *estate, enum kind kind, struct item *item);
bool estate_remove(struct estate *estate, enum kind kind, const char *id);
/* Items whose lower-cased id starts with prefix, which is in lower case. */
struct range estate_below(
    const struct estate *estate, enum kind kind, const char *prefix);

/* Works out who is whose parent; for when management groups are loaded. */
void estate_link(struct estate *estate);

/* The definition whose guid ends the given id. */
struct item *estate_role(const struct estate *estate, const char *id);
json_t *estate_principal(const struct estate *estate, const char *object_id);
json_t *estate_member(const struct estate *estate, const char *name);

/* The management group right above a subscription or management group, by
 * lower-cased id; NULL above the root group. Unplaced subscriptions lie
 * under the root group. */
const struct item *estate_parent(const struct estate *estate, const char *key);

/* The last segment of an id. */
const char *id_last(const char *id);
/* Parts of a lower-cased id; each allocated, or NULL when there is none. */
char *id_subscription(const char *key);
char *id_group(const char *key);
/* What an extension resource (role assignment, lock, diagnostic setting)
 * hangs on: the id up to its last "/providers/"; "" for the tenant. */
char *id_scope(const char *key);

#endif
