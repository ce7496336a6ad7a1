/* One vault or HSM with what stands around it, as a test states it, and the
 * estate made from that. Everything left out is read and empty. */
#ifndef POSTURE_SCENE_H
#define POSTURE_SCENE_H

#include "estate.h"
#include "kvgov/posture.h"
#include "test.h"

#define SCENE_HOME "11111111-0000-0000-0000-000000000001"
#define SCENE_HUB "11111111-0000-0000-0000-000000000002"  /* read as well */
#define SCENE_AWAY "11111111-0000-0000-0000-000000000003" /* not read */
#define SCENE_GROUP "/subscriptions/" SCENE_HOME "/resourceGroups/rg-pay"
#define SCENE_VAULT SCENE_GROUP "/providers/Microsoft.KeyVault/vaults/kv-pay"
#define SCENE_HSM SCENE_GROUP "/providers/Microsoft.KeyVault/managedHSMs/hsm"
#define SCENE_WORKSPACE(subscription)                                          \
    "/subscriptions/" subscription "/resourceGroups/rg-log/providers/"         \
    "Microsoft.OperationalInsights/workspaces/log-weu"
#define SCENE_HUB_SPACE                                                        \
    "/subscriptions/" SCENE_HUB "/resourceGroups/rg-log/providers/"            \
    "Microsoft.EventHub/namespaces/ehns"
#define SCENE_READ_AT_S 1790000000

struct scene_assignment {
    enum kv_scope_level level;
    const char *role; /* of scene_roles, or one that has no definition */
    const char *principal;
    enum kv_principal_type type;
    bool conditioned;
    const char *object; /* NULL: "secrets/db" */
    int64_t created_at_s;
};

/* Any row of any set, as kvgov/rows.h has it. */
struct scene_row {
    enum kv_set set;
    const void *row; /* NULL: the end */
};

struct scene {
    struct kv_resource resource; /* `kind` decides the id */
    struct scene_assignment assignments[8];
    struct kv_diagnostic diagnostics[3];
    uint32_t diagnostic_count;
    struct kv_lock lock; /* none without a scope */
    const char *sinks[2];
    bool sinks_hidden;  /* named by a setting, but not shown */
    uint64_t not_ready; /* bits of facets that are in the state ... */
    enum kv_facet_state state;
    const char *why;
    bool groups_unread;
    struct scene_row around[8];
    struct kv_principal principals[6]; /* as Microsoft Graph knows them */
    const struct kv_policy *policy;    /* NULL: the default */
};

/* What the roles of the scenes allow. */
static const struct scene_role {
    const char *name;
    const char *action;
    const char *not_action;
    const char *data_action;
} scene_roles[] = {
    { "Owner", "*", NULL, NULL },
    { "Contributor", "*", "Microsoft.Authorization/*/Write", NULL },
    { "Delegate", "Microsoft.Authorization/roleAssignments/write", NULL, NULL },
    { "Policy Writer", "Microsoft.KeyVault/vaults/accessPolicies/*", NULL,
        NULL },
    { "HSM Contributor", "Microsoft.KeyVault/managedHSMs/*", NULL, NULL },
    { "Reader", "*/read", NULL, NULL },
    { "Secrets User", NULL, NULL,
        "Microsoft.KeyVault/vaults/secrets/getSecret/action" },
    { "Rotator", NULL, NULL,
        "Microsoft.KeyVault/vaults/secrets/setSecret/action" },
    { "Vault Reader", NULL, NULL, "Microsoft.KeyVault/vaults/*/read" },
    { "Everything", NULL, NULL, "Microsoft.KeyVault/vaults/*" },
    { "Secrets Officer", NULL, NULL, "Microsoft.KeyVault/vaults/secrets/*" },
    { "Signer", NULL, NULL, "Microsoft.KeyVault/vaults/keys/sign/action" },
};

static void scene_put_role(
    struct kv_estate *estate, const struct scene_role *row)
{
    const char *const *lists[] = { &row->action, &row->not_action,
        &row->data_action };
    struct kv_permission_block *block = estate_array(estate, 1, sizeof *block);

    *block = (struct kv_permission_block){
        .actions = lists[0],
        .action_count = row->action != NULL,
        .not_actions = lists[1],
        .not_action_count = row->not_action != NULL,
        .data_actions = lists[2],
        .data_action_count = row->data_action != NULL,
    };
    estate_take_role(estate, &(struct kv_role){ .guid = row->name,
                                 .name = row->name,
                                 .block_count = 1,
                                 .blocks = block });
}

static const char *scene_object(struct kv_estate *estate, const char *object)
{
    struct buf id = { .limit = 512 };
    const char *kept;

    buf_putf(&id, "%s/%s", SCENE_VAULT, object ? object : "secrets/db");
    kept = estate_text(estate, buf_view(&id));
    buf_done(&id);
    return kept;
}

static const char *scene_scope(enum kv_scope_level level, const char *id)
{
    switch (level) {
    case KV_SCOPE_ROOT:
        return "/";
    case KV_SCOPE_MANAGEMENT_GROUP:
        return "/providers/Microsoft.Management/managementGroups/mg-contoso";
    case KV_SCOPE_SUBSCRIPTION:
        return "/subscriptions/" SCENE_HOME;
    case KV_SCOPE_RESOURCE_GROUP:
        return SCENE_GROUP;
    case KV_SCOPE_RESOURCE:
        return id;
    case KV_SCOPE_OBJECT:
        break;
    }
    return NULL;
}

static void scene_put_assignments(
    struct kv_estate *estate, const struct scene *scene, const char *id)
{
    estate_begin(estate, KV_FACET_ASSIGNMENTS);
    for (size_t i = 0; i < LENGTH(scene->assignments); i++) {
        const struct scene_assignment *row = &scene->assignments[i];
        struct buf name = { .limit = 64 };

        if (!row->role)
            break;
        buf_putf(&name, "assignment-%zu", i);
        estate_take_assignment(estate,
            &(struct kv_assignment){ .id = estate_text(estate, buf_view(&name)),
                .scope = row->level == KV_SCOPE_OBJECT
                             ? scene_object(estate, row->object)
                             : scene_scope(row->level, id),
                .created_at_s = row->created_at_s,
                .principal_id = row->principal,
                .principal_type = row->type,
                .role_guid = row->role,
                .condition = row->conditioned ? "(...)" : NULL });
        buf_done(&name);
    }
    estate_commit(estate, KV_FACET_ASSIGNMENTS);
}

static void scene_put_sets(struct kv_estate *estate, const struct scene *scene)
{
    estate_begin(estate, KV_FACET_SINKS);
    for (size_t i = 0; i < LENGTH(scene->sinks) && scene->sinks[i]; i++)
        estate_take_row(estate, KV_SET_SINKS,
            &(struct kv_sink){ .id = scene->sinks[i],
                .scope = scene->sinks[i],
                .name = "sink",
                .hidden = scene->sinks_hidden });
    estate_commit(estate, KV_FACET_SINKS);
    estate_begin(estate, KV_FACET_LOCKS);
    if (scene->lock.scope)
        estate_take_row(estate, KV_SET_LOCKS, &scene->lock);
    estate_commit(estate, KV_FACET_LOCKS);
}

static void scene_put_around(
    struct kv_estate *estate, const struct scene *scene)
{
    for (size_t i = 0; i < LENGTH(scene->around) && scene->around[i].row; i++)
        if (scene->around[i].set != KV_SET_SCHEDULES)
            estate_add_row(estate, scene->around[i].set, scene->around[i].row);
}

/* Taken as a whole: they say of role assignments how those came about. */
static void scene_put_schedules(
    struct kv_estate *estate, const struct scene *scene)
{
    estate_begin(estate, KV_FACET_SCHEDULES);
    for (size_t i = 0; i < LENGTH(scene->around) && scene->around[i].row; i++)
        if (scene->around[i].set == KV_SET_SCHEDULES)
            estate_take_row(estate, KV_SET_SCHEDULES, scene->around[i].row);
    estate_commit(estate, KV_FACET_SCHEDULES);
}

static void scene_put_principals(
    struct kv_estate *estate, const struct scene *scene)
{
    for (size_t i = 0; i < LENGTH(scene->principals); i++) {
        const struct kv_principal *from = &scene->principals[i];
        struct kv_principal *row;
        const char *id;

        if (!from->id)
            break;
        row =
            estate_principal(estate, estate_refer_principal(estate, from->id));
        id = row->id;
        *row = *from;
        row->id = id;
    }
}

static struct kv_facet_status scene_status(
    const struct scene *scene, unsigned facet)
{
    if (scene->not_ready & KV_FACET_BIT(facet))
        return (struct kv_facet_status){ scene->state, 0, scene->why };
    return (struct kv_facet_status){ KV_FACET_READY, SCENE_READ_AT_S, NULL };
}

static void scene_put_subscriptions(
    struct kv_estate *estate, const struct scene *scene)
{
    static const char *const groups[] = { "mg-contoso", "root" };
    uint32_t home = estate_take_subscription(
        estate, SCENE_HOME, "Payments-Prod", "Enabled");
    uint32_t hub =
        estate_take_subscription(estate, SCENE_HUB, "Platform", "Enabled");

    if (!scene->groups_unread)
        estate_set_groups(estate, home, groups, LENGTH(groups));
    for (unsigned i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;

        estate_set_subscription_facet(
            estate, home, facet, scene_status(scene, i));
        estate_set_subscription_facet(
            estate, hub, facet, scene_status(scene, i));
        if (kv_facets[i].level == KV_LEVEL_TENANT)
            estate_set_tenant_facet(estate, facet, scene_status(scene, i));
    }
}

static uint32_t scene_put_resource(
    struct kv_estate *estate, const struct scene *scene, const char *id)
{
    struct kv_resource row = scene->resource;
    uint32_t index = KV_NONE;

    row.id = id;
    row.properties = scene_status(scene, KV_FACET_PROPERTIES);
    index = estate_take_resource(estate, &row);
    estate_take_diagnostics(estate, index, scene->diagnostics,
        scene->diagnostic_count, scene_status(scene, KV_FACET_DIAGNOSTICS));
    for (unsigned i = 0; i < KV_FACET_RESOURCE_COUNT; i++)
        if (i != KV_FACET_PROPERTIES && i != KV_FACET_DIAGNOSTICS)
            estate_set_resource_facet(
                estate, index, (enum kv_facet)i, scene_status(scene, i));
    return index;
}

/* The caller frees it; it borrows the scene. Its resource has index 0. */
static struct kv_estate *scene_estate(const struct scene *scene)
{
    struct kv_estate *estate = estate_new();
    const char *id =
        scene->resource.kind == KV_KIND_HSM ? SCENE_HSM : SCENE_VAULT;

    for (size_t i = 0; i < LENGTH(scene_roles); i++)
        scene_put_role(estate, &scene_roles[i]);
    scene_put_subscriptions(estate, scene);
    scene_put_resource(estate, scene, id);
    scene_put_assignments(estate, scene, id);
    scene_put_sets(estate, scene);
    scene_put_around(estate, scene);
    scene_put_principals(estate, scene);
    scene_put_schedules(estate, scene);
    return estate;
}

#endif
