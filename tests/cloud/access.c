/* Effective access of a caller: wildcards, notActions, inheritance through
 * scopes and management groups, membership in groups, deny assignments. */
#include "access.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

#define EVERYONE "00000000-0000-0000-0000-000000000000"
#define MANAGEMENT_PREFIX "/providers/microsoft.management/managementgroups/"

/* One role assignment of the caller, or one deny assignment that hits it. */
struct grant {
    char *scope; /* in lower case; "" is the tenant */
    json_t *permissions;
    struct item *item;
    bool here_only; /* doNotApplyToChildScopes */
};

struct grants {
    char *object_id;
    unsigned long generation;
    struct grant *items;
    size_t count;
    struct grant *denials;
    size_t denial_count;
};

struct access {
    const struct estate *estate;
    struct grants *callers;
    size_t count;
    /* The last subscription whose ancestors were asked for: lists walk
     * through one subscription after the other. */
    char *chain_of;
    unsigned long chain_generation;
    const struct item *chain[16];
    size_t chain_count;
};

static void grant_list_done(struct grant *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(items[i].scope);
        json_decref(items[i].permissions);
        item_free(items[i].item);
    }
    free(items);
}

static void grants_done(struct grants *grants)
{
    grant_list_done(grants->items, grants->count);
    grant_list_done(grants->denials, grants->denial_count);
    free(grants->object_id);
}

struct access *access_new(const struct estate *estate)
{
    struct access *access = alloc_zero(1, sizeof *access);

    access->estate = estate;
    return access;
}

void access_free(struct access *access)
{
    if (!access)
        return;
    for (size_t i = 0; i < access->count; i++)
        grants_done(&access->callers[i]);
    free(access->callers);
    free(access->chain_of);
    free(access);
}

static bool member_of(const struct estate *estate, const char *group_id,
    const char *member_id, int depth)
{
    json_t *members =
        json_object_get(estate_principal(estate, group_id), "members");
    size_t index;
    json_t *member;

    json_array_foreach(members, index, member)
    {
        const char *id = json_string_value(member);

        if (!id)
            continue;
        if (text_same(id, member_id))
            return true;
        if (depth > 0 && member_of(estate, id, member_id, depth - 1))
            return true;
    }
    return false;
}

bool access_is_member(
    const struct estate *estate, const char *group_id, const char *member_id)
{
    return text_same(group_id, member_id) ||
           member_of(estate, group_id, member_id, 8);
}

/* ids of every group that the caller is in, and its own. */
static json_t *caller_ids(const struct estate *estate, const char *object_id)
{
    json_t *ids = json_object();
    size_t index;
    json_t *principal;

    json_object_set_new(ids, object_id, json_true());
    json_array_foreach(estate_member(estate, "principals"), index, principal)
    {
        const char *id = json_string_value(json_object_get(principal, "id"));

        if (id && access_is_member(estate, id, object_id))
            json_object_set_new(ids, id, json_true());
    }
    return ids;
}

static struct grant *grant_add(struct grant **items, size_t *count)
{
    *items = alloc_grow(*items, *count + 1, sizeof **items);
    (*items)[*count] = (struct grant){ 0 };
    return &(*items)[(*count)++];
}

static void gather_roles(
    struct grants *grants, const struct estate *estate, json_t *ids)
{
    const struct table *table = &estate->tables[KIND_ROLE_ASSIGNMENT];

    for (size_t i = 0; i < table->count; i++) {
        struct item *item = table->items[i];
        struct item *role;
        struct grant *grant;
        json_t *json;
        char *role_id;

        if (!json_object_get(ids, item->principal))
            continue;
        role_id = item_copy(item, "properties.roleDefinitionId");
        role = estate_role(estate, role_id);
        free(role_id);
        if (!role)
            continue;
        json = item_json(role);
        grant = grant_add(&grants->items, &grants->count);
        grant->scope = id_scope(item->key);
        grant->item = item_ref(item);
        grant->permissions = json_incref(json_object_get(
            json_object_get(json, "properties"), "permissions"));
        json_decref(json);
    }
}

static bool principals_hit(json_t *list, json_t *ids)
{
    size_t index;
    json_t *principal;

    json_array_foreach(list, index, principal)
    {
        const char *id = json_string_value(json_object_get(principal, "id"));

        if (id && (strcmp(id, EVERYONE) == 0 || json_object_get(ids, id)))
            return true;
    }
    return false;
}

static void gather_denials(
    struct grants *grants, const struct estate *estate, json_t *ids)
{
    const struct table *table = &estate->tables[KIND_DENY_ASSIGNMENT];

    for (size_t i = 0; i < table->count; i++) {
        struct item *item = table->items[i];
        json_t *json = item_json(item);
        json_t *properties = json_object_get(json, "properties");

        if (principals_hit(json_object_get(properties, "principals"), ids) &&
            !principals_hit(
                json_object_get(properties, "excludePrincipals"), ids)) {
            struct grant *grant =
                grant_add(&grants->denials, &grants->denial_count);

            grant->scope = id_scope(item->key);
            grant->item = item_ref(item);
            grant->permissions =
                json_incref(json_object_get(properties, "permissions"));
            grant->here_only = json_is_true(
                json_object_get(properties, "doNotApplyToChildScopes"));
        }
        json_decref(json);
    }
}

static struct grants *access_grants(
    struct access *access, const char *object_id)
{
    struct grants *grants = NULL;
    json_t *ids;

    for (size_t i = 0; i < access->count && !grants; i++)
        if (text_same(access->callers[i].object_id, object_id))
            grants = &access->callers[i];
    if (grants && grants->generation == access->estate->access_generation)
        return grants;
    if (grants) {
        grants_done(grants);
    } else {
        access->callers = alloc_grow(
            access->callers, access->count + 1, sizeof *access->callers);
        grants = &access->callers[access->count++];
    }
    *grants = (struct grants){
        .object_id = alloc_text(object_id),
        .generation = access->estate->access_generation,
    };
    ids = caller_ids(access->estate, object_id);
    gather_roles(grants, access->estate, ids);
    gather_denials(grants, access->estate, ids);
    json_decref(ids);
    return grants;
}

/* The management group that a scope is, or lies in; "" for the tenant. */
static char *management_group(const char *scope)
{
    size_t length = strlen(MANAGEMENT_PREFIX);

    if (strncmp(scope, MANAGEMENT_PREFIX, length) != 0)
        return alloc_text("");
    return alloc_slice(scope, length + strcspn(scope + length, "/"));
}

/* Loads the management groups above a lower-cased scope. */
static void access_chain(struct access *access, const char *scope)
{
    char *subscription = id_subscription(scope);
    char *start = subscription ? alloc_format("/subscriptions/%s", subscription)
                               : management_group(scope);
    const struct item *group;

    free(subscription);
    if (access->chain_of && strcmp(access->chain_of, start) == 0 &&
        access->chain_generation == access->estate->access_generation) {
        free(start);
        return;
    }
    free(access->chain_of);
    access->chain_of = start;
    access->chain_generation = access->estate->access_generation;
    access->chain_count = 0;
    group = *start ? estate_parent(access->estate, start) : NULL;
    while (group && access->chain_count < 16) {
        access->chain[access->chain_count++] = group;
        group = estate_parent(access->estate, group->key);
    }
}

static bool scope_covers(
    struct access *access, const char *above, const char *scope)
{
    size_t length = strlen(above);

    if (length == 0)
        return true;
    if (strncmp(above, scope, length) == 0 &&
        (scope[length] == '\0' || scope[length] == '/'))
        return true;
    if (strncmp(above, MANAGEMENT_PREFIX, strlen(MANAGEMENT_PREFIX)) != 0)
        return false;
    access_chain(access, scope);
    for (size_t i = 0; i < access->chain_count; i++)
        if (strcmp(access->chain[i]->key, above) == 0)
            return true;
    return false;
}

/* '*' stands for any run of characters, slashes included. */
static bool action_matches(const char *pattern, const char *action)
{
    while (*pattern) {
        if (*pattern == '*') {
            do {
                if (action_matches(pattern + 1, action))
                    return true;
            } while (*action++);
            return false;
        }
        if (tolower((unsigned char)*pattern) != tolower((unsigned char)*action))
            return false;
        pattern++;
        action++;
    }
    return *action == '\0';
}

static bool list_matches(json_t *patterns, const char *action)
{
    size_t index;
    json_t *pattern;

    json_array_foreach(
        patterns, index, pattern) if (json_is_string(pattern) &&
                                      action_matches(json_string_value(pattern),
                                          action)) return true;
    return false;
}

/* Which lists of a permission block count. */
enum plane {
    PLANE_CONTROL,
    PLANE_DATA,
};

static const char *const plane_lists[][2] = {
    [PLANE_CONTROL] = { "actions", "notActions" },
    [PLANE_DATA] = { "dataActions", "notDataActions" },
};

/* notActions take away from their own block only. */
static bool permissions_match(
    json_t *permissions, const char *action, enum plane plane)
{
    const char *const *names = plane_lists[plane];
    size_t index;
    json_t *block;

    json_array_foreach(permissions, index,
        block) if (list_matches(json_object_get(block, names[0]), action) &&
                   !list_matches(
                       json_object_get(block, names[1]), action)) return true;
    return false;
}

static const struct item *denial_of(struct access *access,
    const struct grants *grants, const char *scope, const char *action,
    enum plane plane)
{
    for (size_t i = 0; i < grants->denial_count; i++) {
        const struct grant *denial = &grants->denials[i];

        if (denial->here_only ? strcmp(denial->scope, scope) == 0
                              : scope_covers(access, denial->scope, scope))
            if (permissions_match(denial->permissions, action, plane))
                return denial->item;
    }
    return NULL;
}

static char *scope_key(const char *scope)
{
    char *key = alloc_lower(scope);
    size_t length = strlen(key);

    if (length && key[length - 1] == '/')
        key[length - 1] = '\0';
    return key;
}

/* One question; the last part of it is where the reason goes. */
struct asked {
    const char *scope;
    const char *action;
    enum plane plane;
    const struct item **deny;
};

static enum verdict access_ask(
    struct access *access, const char *object_id, const struct asked *asked)
{
    const struct grants *grants = access_grants(access, object_id);
    const struct item *denial = NULL;
    enum verdict verdict = ACCESS_MISSING;
    char *key = scope_key(asked->scope);

    for (size_t i = 0; i < grants->count && verdict != ACCESS_GRANTED; i++)
        if (scope_covers(access, grants->items[i].scope, key) &&
            permissions_match(
                grants->items[i].permissions, asked->action, asked->plane))
            verdict = ACCESS_GRANTED;
    if (verdict == ACCESS_GRANTED)
        denial = denial_of(access, grants, key, asked->action, asked->plane);
    if (denial)
        verdict = ACCESS_DENIED;
    if (asked->deny)
        *asked->deny = denial;
    free(key);
    return verdict;
}

enum verdict access_check(struct access *access, const char *object_id,
    const char *scope, const char *action, const struct item **deny)
{
    return access_ask(access, object_id,
        &(struct asked){ scope, action, PLANE_CONTROL, deny });
}

enum verdict access_check_data(struct access *access, const char *object_id,
    const char *scope, const char *action, const struct item **deny)
{
    return access_ask(
        access, object_id, &(struct asked){ scope, action, PLANE_DATA, deny });
}

bool access_whole(struct access *access, const char *object_id,
    const char *scope, const char *action)
{
    return access_grants(access, object_id)->denial_count == 0 &&
           access_check(access, object_id, scope, action, NULL) ==
               ACCESS_GRANTED;
}

bool access_below(struct access *access, const char *object_id,
    const char *scope, const char *action)
{
    const struct grants *grants = access_grants(access, object_id);
    char *key = scope_key(scope);
    bool found = false;

    for (size_t i = 0; i < grants->count && !found; i++)
        found = scope_covers(access, key, grants->items[i].scope) &&
                permissions_match(
                    grants->items[i].permissions, action, PLANE_CONTROL);
    free(key);
    return found;
}

bool access_visible(
    struct access *access, const char *object_id, const char *scope)
{
    const struct grants *grants = access_grants(access, object_id);
    char *key = scope_key(scope);
    bool found = false;

    for (size_t i = 0; i < grants->count && !found; i++)
        found = scope_covers(access, key, grants->items[i].scope) ||
                scope_covers(access, grants->items[i].scope, key);
    free(key);
    return found;
}

json_t *access_permissions(
    struct access *access, const char *object_id, const char *scope)
{
    const struct grants *grants = access_grants(access, object_id);
    json_t *list = json_array();
    char *key = scope_key(scope);

    for (size_t i = 0; i < grants->count; i++)
        if (scope_covers(access, grants->items[i].scope, key))
            json_array_extend(list, grants->items[i].permissions);
    free(key);
    return list;
}
