/* What is inside the vault or HSM of a scene: objects, local roles, what its
 * log says. Everything left out is read and empty. */
#ifndef POSTURE_INSIDE_H
#define POSTURE_INSIDE_H

#include "posture_scene.h"

#define INSIDE_ADMIN "administrator"
#define INSIDE_OFFICER "officer"
#define INSIDE_USER "user"
#define INSIDE_AUDITOR "auditor"

struct inside {
    struct scene scene;
    struct kv_object objects[4]; /* until one without a name */
    struct kv_operation operations[3];
    struct kv_caller callers[2];
    struct kv_metric metric;
    struct kv_local_assignment local[4];
    struct kv_principal principals[4];
    struct kv_hsm_setting setting;
    int64_t kept_s; /* last change of the first object that the archive has */
    const char *policy; /* a definition that is assigned to the subscription */
};

static enum kv_set inside_set(enum kv_object_kind kind)
{
    return kind == KV_OBJECT_SECRET        ? KV_SET_SECRETS
           : kind == KV_OBJECT_CERTIFICATE ? KV_SET_CERTIFICATES
                                           : KV_SET_KEYS;
}

static const char *inside_id(
    struct kv_estate *estate, const char *scope, const char *kind, size_t i)
{
    struct buf id = { .limit = 1024 };
    const char *kept;

    buf_putf(&id, "%s/%s/%zu", scope, kind, i);
    kept = estate_text(estate, buf_view(&id));
    buf_done(&id);
    return kept;
}

static void inside_put_objects(
    struct kv_estate *estate, const struct inside *inside, const char *scope)
{
    for (size_t i = 0; i < LENGTH(inside->objects); i++) {
        struct kv_object row = inside->objects[i];

        if (!row.name)
            break;
        row.id = inside_id(estate, scope, "objects", i);
        row.scope = scope;
        if (row.kind == KV_OBJECT_KEY && row.rotation.state == KV_FACET_ABSENT)
            row.rotation.state = KV_FACET_READY;
        if (row.kind == KV_OBJECT_CERTIFICATE &&
            row.policy.state == KV_FACET_ABSENT)
            row.policy.state = KV_FACET_READY;
        row.managed_known = row.managed || !row.from_data_plane;
        estate_add_row(estate, inside_set(row.kind), &row);
        if (i == 0 && inside->kept_s)
            estate_add_row(estate, KV_SET_BACKUPS,
                &(struct kv_backup){ .id = row.id,
                    .scope = scope,
                    .updated_s = inside->kept_s });
    }
}

static void inside_put_log(
    struct kv_estate *estate, const struct inside *inside, const char *scope)
{
    for (size_t i = 0; i < LENGTH(inside->operations); i++) {
        struct kv_operation row = inside->operations[i];

        row.id = inside_id(estate, scope, "operations", i);
        row.scope = scope;
        if (row.name)
            estate_add_row(estate, KV_SET_OPERATIONS, &row);
    }
    for (size_t i = 0; i < LENGTH(inside->callers); i++) {
        struct kv_caller row = inside->callers[i];

        row.id = inside_id(estate, scope, "callers", i);
        row.scope = scope;
        if (row.calls)
            estate_add_row(estate, KV_SET_CALLERS, &row);
    }
    if (inside->metric.name) {
        struct kv_metric row = inside->metric;

        row.id = inside_id(estate, scope, "metrics", 0);
        row.scope = scope;
        estate_add_row(estate, KV_SET_METRICS, &row);
    }
}

static void inside_put_roles(struct kv_estate *estate, const char *scope)
{
#define MH "Microsoft.KeyVault/managedHsm/"
    static const char *const admin[] = { MH "roleAssignments/write/action",
        MH "securitydomain/download/action" };
    static const char *const officer[] = { MH "roleAssignments/write/action" };
    static const char *const user[] = { MH "keys/encrypt/action",
        MH "keys/read/action" };
    static const char *const auditor[] = { MH "keys/read/action" };
    static const struct kv_permission_block blocks[] = {
        { .data_actions = admin, .data_action_count = 2 },
        { .data_actions = officer, .data_action_count = 1 },
        { .data_actions = user, .data_action_count = 2 },
        { .data_actions = auditor, .data_action_count = 1 },
    };
    static const char *const guids[] = { INSIDE_ADMIN, INSIDE_OFFICER,
        INSIDE_USER, INSIDE_AUDITOR };
#undef MH

    for (size_t i = 0; i < LENGTH(guids); i++)
        estate_add_row(estate, KV_SET_LOCAL_ROLES,
            &(struct kv_local_role){
                .id = inside_id(estate, scope, "roles", i),
                .scope = scope,
                .guid = guids[i],
                .name = guids[i],
                .blocks = &blocks[i],
                .block_count = 1,
            });
}

static void inside_put_hsm(
    struct kv_estate *estate, const struct inside *inside, const char *scope)
{
    inside_put_roles(estate, scope);
    for (size_t i = 0; i < LENGTH(inside->local); i++) {
        struct kv_local_assignment row = inside->local[i];

        row.id = inside_id(estate, scope, "assignments", i);
        row.scope = scope;
        if (row.principal_id)
            estate_add_row(estate, KV_SET_LOCAL_ASSIGNMENTS, &row);
    }
    for (size_t i = 0; i < LENGTH(inside->principals); i++)
        if (inside->principals[i].id)
            *estate_principal(estate,
                estate_refer_principal(estate, inside->principals[i].id)) =
                inside->principals[i];
    if (inside->setting.name) {
        struct kv_hsm_setting row = inside->setting;

        row.id = inside_id(estate, scope, "settings", 0);
        row.scope = scope;
        estate_add_row(estate, KV_SET_SETTINGS, &row);
    }
    if (inside->policy)
        estate_add_row(estate, KV_SET_POLICIES,
            &(struct kv_policy_assignment){
                .id = "assignment",
                .scope = "/subscriptions/" SCENE_HOME,
                .name = "keys of HSMs",
                .definition_id = inside->policy,
                .enforced = true,
            });
}

/* The caller frees it; it borrows the scene. */
static struct kv_estate *inside_estate(const struct inside *inside)
{
    struct kv_estate *estate = scene_estate(&inside->scene);
    const char *scope = kv_estate_resource(estate, 0)->id;

    inside_put_objects(estate, inside, scope);
    inside_put_log(estate, inside, scope);
    inside_put_hsm(estate, inside, scope);
    return estate;
}

#endif
