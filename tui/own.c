/* What the one who is signed in may change. */
#include "own.h"

#include <string.h>

#include "heap.h"

static bool ends_in(const char *text, const char *end)
{
    size_t size = strlen(text);
    size_t rest = strlen(end);

    return size >= rest && text_equal_nocase(text + size - rest, end);
}

/* Whether any action is more than reading. What notActions take away within
 * their block is left to the preview. */
static bool role_changes(const struct kv_role *role)
{
    for (uint32_t i = 0; i < role->block_count; i++)
        for (uint32_t j = 0; j < role->blocks[i].action_count; j++)
            if (!ends_in(role->blocks[i].actions[j], "/read"))
                return true;
    return false;
}

/* Of a group: whether it holds the account; unsure where its members are not
 * readable. */
static bool group_holds(
    const struct kv_principal *group, const char *account, bool *sure)
{
    *sure = group && group->members_status.state == KV_FACET_READY;
    if (!*sure)
        return true;
    for (uint32_t i = 0; i < group->member_count; i++)
        if (text_equal_nocase(group->members[i], account))
            return true;
    return false;
}

static bool is_held(const struct kv_estate *estate,
    const struct kv_assignment *row, const char *account, bool *sure)
{
    *sure = true;
    if (text_equal_nocase(row->principal_id, account))
        return true;
    if (row->principal_type != KV_PRINCIPAL_GROUP)
        return false;
    return group_holds(
        kv_estate_principal(estate, row->principal_id), account, sure);
}

static void take(
    struct own *own, const struct kv_assignment *row, const char *account)
{
    const struct kv_role *role =
        row->role == KV_NONE ? NULL : kv_estate_role(own->estate, row->role);
    bool sure;

    if ((role && !role_changes(role)) ||
        !is_held(own->estate, row, account, &sure))
        return;
    own->roles =
        heap_grow(own->roles, own->count, &own->capacity, sizeof(*own->roles));
    own->roles[own->count++] = (struct own_role){ row->scope, sure && role };
}

void own_find(struct own *own, const struct kv_session *session)
{
    const char *account = kv_session_sign_in(session)->object_id;
    uint32_t count;

    own_done(own);
    own->estate = kv_session_estate(session);
    own->known = account && *account;
    count =
        own->known ? kv_estate_row_count(own->estate, KV_SET_ASSIGNMENTS) : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_assignment *row =
            kv_estate_row(own->estate, KV_SET_ASSIGNMENTS, i);

        if (row)
            take(own, row, account);
    }
}

void own_done(struct own *own)
{
    heap_free(own->roles);
    *own = (struct own){ 0 };
}

/* ---- over one resource ---- */

/* "/", or the scope itself, or something below it. */
static bool is_within(const char *id, const char *scope)
{
    struct view above = view_of(scope);

    return above.size <= 1 ||
           (view_starts_nocase(view_of(id), above) &&
               (id[above.size] == '\0' || id[above.size] == '/'));
}

static const char *after_slash(const char *scope)
{
    const char *slash = strrchr(scope, '/');

    return slash ? slash + 1 : scope;
}

static bool reaches(const struct own *own, const struct own_role *role,
    const struct kv_resource *resource)
{
    static const char groups[] = "/providers/Microsoft.Management/";
    const struct kv_subscription *home =
        kv_estate_subscription(own->estate, resource->subscription);

    if (!view_starts_nocase(view_of(role->scope), view_of(groups)))
        return is_within(resource->id, role->scope);
    for (uint32_t i = 0; home->groups && i < home->group_count; i++)
        if (text_equal_nocase(home->groups[i], after_slash(role->scope)))
            return true;
    return !home->groups;
}

enum own_answer own_may_change(
    const struct own *own, const struct kv_resource *resource)
{
    const struct kv_subscription *home =
        kv_estate_subscription(own->estate, resource->subscription);
    enum own_answer answer = OWN_NO;

    if (!own->known || !home->groups ||
        !kv_facet_known(&home->facets[KV_FACET_ASSIGNMENTS]))
        answer = OWN_UNKNOWN;
    for (size_t i = 0; i < own->count; i++) {
        if (!reaches(own, &own->roles[i], resource))
            continue;
        if (own->roles[i].sure)
            return OWN_YES;
        answer = OWN_UNKNOWN;
    }
    return answer;
}
