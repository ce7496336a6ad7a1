/* Every right that the estate knows of: Azure's roles, held or eligible, access
 * policies, and roles of an HSM's own. */
#include "list_rights.h"

struct walking {
    const struct kv_report_input *input;
    const struct kv_asked *asked;
    right_fn *take;
    void *context;
};

static const char *role_word(const struct kv_role *role, const char *guid)
{
    return role && role->name ? role->name : guid;
}

static enum kv_principal_type type_of(
    const struct walking *walking, const char *id, enum kv_principal_type said)
{
    const struct kv_principal *row =
        id ? kv_estate_principal(walking->input->estate, id) : NULL;

    return said == KV_PRINCIPAL_UNKNOWN && row ? row->type : said;
}

static void give(const struct walking *walking, struct right right)
{
    right.type = type_of(walking, right.principal_id, right.type);
    walking->take(walking->context, &right);
}

static void give_assignment(const struct walking *walking,
    const struct kv_assignment *row, enum kv_scope_level level)
{
    const struct kv_role *role =
        kv_estate_find_role(walking->input->estate, row->role_guid);

    give(walking, (struct right){
                      .way = row->activated ? RIGHT_ACTIVATED : RIGHT_ROLE,
                      .principal_id = row->principal_id,
                      .type = row->principal_type,
                      .role = role_word(role, row->role_guid),
                      .scope = row->scope,
                      .level = level,
                      .condition = row->condition,
                      .ends_at_s = row->ends_at_s,
                      .id = row->id,
                  });
}

static void give_schedule(const struct walking *walking,
    const struct kv_schedule *row, enum kv_scope_level level)
{
    const struct kv_role *role =
        kv_estate_find_role(walking->input->estate, row->role_guid);

    if (row->eligible)
        give(walking, (struct right){
                          .way = RIGHT_ELIGIBLE,
                          .principal_id = row->principal_id,
                          .type = row->principal_type,
                          .role = role_word(role, row->role_guid),
                          .scope = row->scope,
                          .level = level,
                          .ends_at_s = row->ends_at_s,
                          .id = row->id,
                      });
}

/* The level of a scope that no walk came to. */
static enum kv_scope_level level_of(const char *scope)
{
    static const char group[] = "/providers/Microsoft.Management/";
    struct view rest = view_of(scope);
    unsigned slashes = 0;

    if (view_starts_nocase(rest, view_of(group)))
        return KV_SCOPE_MANAGEMENT_GROUP;
    while (rest.size > 0) {
        view_cut(&rest, '/');
        slashes++;
    }
    /* "/subscriptions/GUID/resourceGroups/NAME/providers/P/TYPE/NAME/..." */
    if (slashes < 3)
        return KV_SCOPE_ROOT;
    if (slashes <= 4)
        return KV_SCOPE_SUBSCRIPTION;
    if (slashes <= 6)
        return KV_SCOPE_RESOURCE_GROUP;
    return slashes <= 9 ? KV_SCOPE_RESOURCE : KV_SCOPE_OBJECT;
}

static void give_set_row(const struct walking *walking, enum kv_set set,
    const void *row, enum kv_scope_level level)
{
    if (set == KV_SET_ASSIGNMENTS)
        give_assignment(walking, row, level);
    else
        give_schedule(walking, row, level);
}

/* All of a set, or what reaches the one resource that is chosen. */
static void walk_set(const struct walking *walking, enum kv_set set)
{
    const struct kv_estate *estate = walking->input->estate;
    uint32_t count = kv_estate_row_count(estate, set);
    struct kv_walk walk = { 0 };
    const void *row;

    if (walking->asked->resource != KV_NONE) {
        while ((row = kv_estate_next_row(estate, set,
                    asked_resource(walking->input, walking->asked)->id, &walk)))
            give_set_row(walking, set, row, walk.level);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_row *head = kv_estate_row(estate, set, i);

        if (head && asked_covers(walking->input, walking->asked, head->scope))
            give_set_row(walking, set, head, level_of(head->scope));
    }
}

static void walk_policies(
    const struct walking *walking, const struct kv_resource *resource)
{
    for (uint32_t i = 0; i < resource->policy_count; i++)
        give(walking, (struct right){
                          .way = RIGHT_POLICY,
                          .principal_id = resource->policies[i].object_id,
                          .policy = &resource->policies[i],
                          .scope = resource->id,
                          .level = KV_SCOPE_RESOURCE,
                          .idle = resource->rbac == KV_TRI_TRUE,
                      });
}

static const struct kv_local_role *local_role(const struct walking *walking,
    const struct kv_resource *resource, const char *guid)
{
    struct kv_walk walk = { 0 };
    const struct kv_local_role *row;

    while ((row = kv_estate_next_at(walking->input->estate, KV_SET_LOCAL_ROLES,
                resource->id, &walk)))
        if (text_equal_nocase(row->guid, guid))
            return row;
    return NULL;
}

static void walk_local(
    const struct walking *walking, const struct kv_resource *resource)
{
    struct kv_walk walk = { 0 };
    const struct kv_local_assignment *row;

    while ((row = kv_estate_next_at(walking->input->estate,
                KV_SET_LOCAL_ASSIGNMENTS, resource->id, &walk))) {
        const struct kv_local_role *role =
            local_role(walking, resource, row->role_guid);
        struct buf scope = { .limit = 4096 };

        buf_putf(&scope, "%s%s", resource->id, row->within);
        give(walking,
            (struct right){
                .way = RIGHT_LOCAL,
                .principal_id = row->principal_id,
                .role = role && role->name ? role->name : row->role_guid,
                .scope = buf_text(&scope),
                .level = row->within[0] && row->within[1] ? KV_SCOPE_OBJECT
                                                          : KV_SCOPE_RESOURCE,
                .id = row->id,
            });
        buf_done(&scope);
    }
}

void rights_each(const struct kv_report_input *input,
    const struct kv_asked *asked, right_fn *take, void *context)
{
    const struct walking walking = { input, asked, take, context };

    walk_set(&walking, KV_SET_ASSIGNMENTS);
    walk_set(&walking, KV_SET_SCHEDULES);
    for (uint32_t i = KV_NONE; (i = asked_next(input, asked, i)) != KV_NONE;) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);

        walk_policies(&walking, resource);
        walk_local(&walking, resource);
    }
}
