/* What the remedies of access reckon with: rights as sets, the narrowest roles
 * that cover them, ids that are always the same; and a migration, previewed and
 * run against a few documents. */
#include "access.h"
#include "remedy_stage.h"

/* ---- rights ---- */

static const struct {
    const char *permissions;
    const char *expected;
} entries[] = {
    { "{}", "nothing" },
    { "{'secrets':['Get','LIST']}",
        "secrets/readMetadata, secrets/getSecret" },
    { "{'keys':['all']}", "keys/*" },
    { "{'secrets':['*']}", "secrets/*" },
    { "{'keys':['wrapKey','unwrapKey','frobnicate']}",
        "keys/wrap, keys/unwrap" },
    { "{'storage':['get','setsas']}",
        "storageaccounts/read, storageaccounts/sas/set" },
};

static void expect_rights(uint64_t rights, const char *expected)
{
    struct buf text = { .limit = 4096 };

    rights_put(&text, rights);
    if (strcmp(buf_text(&text), expected) != 0)
        fail_with("said \"%s\", expected \"%s\"", buf_text(&text), expected);
    buf_done(&text);
}

static void test_entries(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(entries); i++) {
        json_t *permissions = stage_json(entries[i].permissions);

        expect_rights(
            rights_of_permissions(permissions), entries[i].expected);
        json_decref(permissions);
    }
}

static const struct {
    const char *permissions;
    uint64_t taken;
    const char *left;
} trims[] = {
    { "{'secrets':['GET','Purge']}", KV_ACTIONS_PURGE,
        "{'secrets':['get']}" },
    { "{'secrets':['all']}", KV_ACTIONS_PURGE,
        "{'secrets':['get','list','set','delete','recover','backup',"
        "'restore']}" },
    { "{'keys':['get','frobnicate','create']}", KV_ACTIONS_CHANGE,
        "{'keys':['get','frobnicate']}" },
    { "{'certificates':['all','get']}", RIGHTS_DATA & ~KV_ACTIONS_LOOK,
        "{'certificates':['get','list','getissuers','listissuers']}" },
    { "{'storage':['all']}", RIGHTS_STORAGE_CHANGE,
        "{'storage':['get','list','getsas','listsas']}" },
};

static void test_trims(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(trims); i++) {
        json_t *permissions = stage_json(trims[i].permissions);
        json_t *expected = stage_json(trims[i].left);
        json_t *left = permissions_without(permissions, trims[i].taken);

        if (!json_equal(left, expected))
            fail_with("%s leaves %s", trims[i].permissions,
                json_dumps(left, JSON_COMPACT));
        json_decref(permissions);
        json_decref(expected);
        json_decref(left);
    }
}

/* ---- the narrowest roles ---- */

#define KV "Microsoft.KeyVault/vaults/"
#define ROLE(guid, name, actions)                                              \
    "{'name':'" guid "','properties':{'roleName':'" name                       \
    "','type':'BuiltInRole','permissions':[{'actions':[],'notActions':[],"     \
    "'dataActions':[" actions "],'notDataActions':[]}]}}"
#define ADMINISTRATOR "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define SECRETS_USER "4633458b-17de-408a-b874-0445c86b69e6"
#define DEFINITIONS                                                            \
    "{'value':["                                                               \
    ROLE("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Secrets Officer",            \
        "'" KV "secrets/*'") ","                                               \
    ROLE(ADMINISTRATOR, "Administrator", "'" KV "*'") ","                      \
    ROLE(SECRETS_USER, "Secrets User",                                         \
        "'" KV "secrets/getSecret/action','" KV                                \
        "secrets/readMetadata/action'") ","                                    \
    ROLE("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Encryption User",            \
        "'" KV "keys/read','" KV "keys/wrap/action','" KV                      \
        "keys/unwrap/action'") ","                                             \
    ROLE("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Crypto Officer",             \
        "'" KV "keys/*','" KV "keyrotationpolicies/*'")                        \
    "]}"

static void take_roles(struct roles *roles, json_t *list)
{
    size_t index;
    json_t *item;

    roles->items = mem_alloc(16 * sizeof *roles->items);
    json_array_foreach(json_object_get(list, "value"), index, item)
    {
        roles->items[roles->count++] = (struct role){
            .guid = value_text(item, "name"),
            .name = value_text(item, "properties.roleName"),
            .rights = rights_of_definition(item),
        };
    }
}

static const struct {
    const char *permissions;
    const char *roles;
    bool exact;
} covers[] = {
    { "{'secrets':['get']}", "Secrets User", true },
    { "{'secrets':['get','list']}", "Secrets User", true },
    { "{'secrets':['get','set']}", "Secrets Officer", false },
    { "{'keys':['get','list','wrapKey','unwrapKey']}", "Encryption User",
        true },
    { "{'keys':['get','unwrapKey']}", "Encryption User", false },
    { "{'keys':['get','wrapKey','unwrapKey'],'secrets':['get']}",
        "Secrets User + Encryption User", true },
    { "{'keys':['all'],'secrets':['all']}", "Crypto Officer + Secrets Officer",
        true },
    { "{'keys':['all'],'secrets':['all'],'certificates':['all']}",
        "Administrator", true },
    { "{'certificates':['get']}", "Administrator", false },
};

static void test_covers(void **state)
{
    json_t *list = stage_json(DEFINITIONS);
    struct roles roles = { 0 };

    (void)state;
    take_roles(&roles, list);
    for (size_t i = 0; i < LENGTH(covers); i++) {
        json_t *permissions = stage_json(covers[i].permissions);
        uint64_t wanted = rights_of_permissions(permissions);
        struct buf names = { .limit = 512 };
        struct cover cover;

        assert_true(
            roles_cover(&cover, &roles, wanted & KV_ACTIONS_DATA, 0));
        for (size_t r = 0; r < cover.count; r++)
            buf_putf(&names, "%s%s", r == 0 ? "" : " + ", cover.roles[r]->name);
        if (strcmp(buf_text(&names), covers[i].roles) != 0)
            fail_with("%s is covered by %s, expected %s",
                covers[i].permissions, buf_text(&names), covers[i].roles);
        if ((cover_excess(&cover, wanted) == 0) != covers[i].exact)
            fail_with("%s: exact is not as expected", covers[i].permissions);
        buf_done(&names);
        json_decref(permissions);
    }
    roles_done(&roles);
    json_decref(list);
}

/* Nothing that may delete, whatever else would cover. */
static void test_never(void **state)
{
    json_t *list = stage_json(DEFINITIONS);
    struct roles roles = { 0 };
    struct cover cover;

    (void)state;
    take_roles(&roles, list);
    assert_false(roles_cover(&cover, &roles,
        KV_ACTION_BIT(KV_ACTION_SECRET_SET), KV_ACTIONS_MANAGE));
    assert_true(roles_cover(&cover, &roles,
        KV_ACTION_BIT(KV_ACTION_SECRET_GET), KV_ACTIONS_MANAGE));
    assert_string_equal(cover.roles[0]->name, "Secrets User");
    roles_done(&roles);
    json_decref(list);
}

static void test_ids(void **state)
{
    struct wish wish = {
        .scope = STAGE_PAY,
        .principal_id = "22222222-0000-0000-0000-000000000001",
        .role_guid = SECRETS_USER,
    };
    struct buf one = { .limit = 1024 };
    struct buf other = { .limit = 1024 };

    (void)state;
    assignment_put_id(&one, &wish);
    wish.role_guid = "4633458B-17DE-408A-B874-0445C86B69E6";
    assignment_put_id(&other, &wish);
    assert_string_equal(buf_text(&one), buf_text(&other));
    assert_int_equal(strlen(strrchr(buf_text(&one), '/') + 1), 36);
    buf_clear(&other);
    wish.role_guid = ADMINISTRATOR;
    assignment_put_id(&other, &wish);
    assert_string_not_equal(buf_text(&one), buf_text(&other));
    buf_done(&one);
    buf_done(&other);
}

/* ---- a migration ---- */

#define API_ID "22222222-0000-0000-0000-000000000001"
#define HELD_ID "22222222-0000-0000-0000-000000000002"
#define DEAD_ID "22222222-0000-0000-0000-000000000003"
#define AUTHORIZATION "/providers/Microsoft.Authorization"

static void put_principal(struct stage *stage, const char *id,
    enum kv_principal_type type, bool missing)
{
    struct kv_principal *row = estate_principal(
        stage->estate, estate_refer_principal(stage->estate, id));

    row->type = type;
    row->missing = missing;
}

static struct stage *open_migration(void)
{
    struct stage *stage = stage_new();

    put_principal(stage, API_ID, KV_PRINCIPAL_SERVICE, false);
    put_principal(stage, HELD_ID, KV_PRINCIPAL_USER, false);
    put_principal(stage, DEAD_ID, KV_PRINCIPAL_UNKNOWN, true);
    stage_put(stage, STAGE_PAY,
        "{'properties':{'provisioningState':'Succeeded','accessPolicies':["
        "{'tenantId':'t','objectId':'" API_ID
        "','permissions':{'secrets':['get']}},"
        "{'tenantId':'t','objectId':'" HELD_ID
        "','permissions':{'secrets':['get','list']}},"
        "{'tenantId':'t','objectId':'" DEAD_ID
        "','permissions':{'secrets':['all']}},"
        "{'tenantId':'t','objectId':'" HELD_ID "','applicationId':'" API_ID
        "','permissions':{'keys':['get']}}]}}");
    stage_put(stage, STAGE_PAY AUTHORIZATION "/roleDefinitions", DEFINITIONS);
    stage_put(stage, STAGE_PAY AUTHORIZATION "/roleAssignments",
        "{'value':[{'id':'" STAGE_PAY AUTHORIZATION
        "/roleAssignments/a1','properties':{'scope':'" STAGE_PAY
        "','principalId':'" HELD_ID "','roleDefinitionId':'" AUTHORIZATION
        "/roleDefinitions/" SECRETS_USER "'}}]}");
    stage_put(stage,
        "/subscriptions/" STAGE_HOME AUTHORIZATION "/roleAssignments",
        "{'value':[]}");
    stage_put(stage, "/subscriptions/" STAGE_HOME, "{'tenantId':null}");
    return stage;
}

static const struct kv_target *first(const struct kv_plan *plan)
{
    return kv_plan_target(plan, 0);
}

static void expect_says(const struct kv_target *target, const char *part)
{
    for (uint32_t i = 0; i < target->check_count; i++)
        if (text_contains_nocase(target->checks[i].text, part))
            return;
    fail_with("no check says \"%s\"", part);
}

/* One role for whom it lacks, none for whom it is held by, for whom is dead or
 * compound; then the switch. */
static void test_migration(void **state)
{
    struct stage *stage = open_migration();
    struct kv_plan *plan = stage_plan_one(stage, "rbac-migrate", PAY);
    const struct kv_target *target = first(plan);

    (void)state;
    assert_int_equal(target->state, KV_TARGET_READY);
    assert_int_equal(target->request_count, 2);
    assert_string_equal(target->requests[0].method, "PUT");
    assert_contains(target->requests[0].body, API_ID);
    assert_contains(target->requests[0].body, SECRETS_USER);
    assert_int_equal(target->requests[0].wait_s, 600);
    assert_string_equal(target->requests[1].method, "PATCH");
    expect_says(target, "gets no role, for it holds what it needs");
    expect_says(target, DEAD_ID " (not found in the tenant) has secrets/*");
    expect_says(target, "it is compound");
    plan_free(plan);
    stage_free(stage);
}

/* What was assigned is gone when the wait is over: the model stays. */
static void test_taken_meanwhile(void **state)
{
    struct stage *stage = open_migration();
    struct kv_plan *plan = stage_plan_one(stage, "rbac-migrate", PAY);
    char *path = mem_copy_view(
        (struct view){ first(plan)->requests[0].path,
            strcspn(first(plan)->requests[0].path, "?") });
    json_t *made = json_loads(first(plan)->requests[0].body, 0, NULL);
    char *body = json_dumps(made, 0);
    struct kv_error err = { 0 };

    (void)state;
    stage_reply(stage, (struct stage_reply){
                           .method = "GET", .part = path, .code = 404 });
    stage_reply(stage, (struct stage_reply){ .method = "GET",
                           .part = path,
                           .code = 200,
                           .body = body });
    stage_reply(stage, (struct stage_reply){ .method = "GET",
                           .part = path,
                           .code = 404,
                           .times = 10 });
    assert_int_equal(plan_set(plan, "wait", "0", &err), KV_OK);
    stage_play(stage);
    assert_int_equal(plan_run(plan, "kv-pay", "", &err), KV_OK);
    stage_play(stage);
    assert_int_equal(first(plan)->state, KV_TARGET_FAILED);
    assert_contains(first(plan)->message, "does not hold any more");
    assert_null(strstr(buf_text(&stage->log), "PATCH"));
    plan_free(plan);
    mem_free(path);
    free(body);
    json_decref(made);
    stage_free(stage);
}

static const struct {
    const char *value;
    bool taken;
} exceptions[] = {
    { "", true },
    { API_ID "=none", true },
    { API_ID "@kv-pay=Secrets User+Encryption User, " HELD_ID "=custom", true },
    { "payments=none", false },
    { API_ID, false },
    { API_ID "=", false },
};

static void test_exceptions(void **state)
{
    struct stage *stage = open_migration();
    struct kv_plan *plan = stage_plan_one(stage, "rbac-migrate", PAY);
    struct kv_error err = { 0 };

    (void)state;
    for (size_t i = 0; i < LENGTH(exceptions); i++)
        if ((plan_set(plan, "exceptions", exceptions[i].value, &err) ==
                KV_OK) != exceptions[i].taken)
            fail_with("\"%s\" is taken otherwise", exceptions[i].value);
    assert_int_equal(
        plan_set(plan, "exceptions", API_ID "=none", &err), KV_OK);
    stage_play(stage);
    assert_int_equal(first(plan)->request_count, 1);
    expect_says(first(plan), "left out by exception");
    assert_int_equal(plan_set(plan, "exceptions",
                         API_ID "=none," API_ID "@kv-pay=Encryption User",
                         &err),
        KV_OK);
    stage_play(stage);
    assert_int_equal(first(plan)->request_count, 2);
    expect_says(first(plan), "loses secrets/getSecret");
    assert_int_equal(
        plan_set(plan, "exceptions", API_ID "=No Such Role", &err), KV_OK);
    stage_play(stage);
    assert_int_equal(first(plan)->state, KV_TARGET_BLOCKED);
    plan_free(plan);
    stage_free(stage);
}

/* A right that may give some roles only, and not the one that is needed. */
static void test_condition(void **state)
{
    struct stage *stage = open_migration();
    struct kv_plan *plan;

    (void)state;
    stage_put(stage, STAGE_PAY AUTHORIZATION "/permissions",
        "{'value':[{'actions':['Microsoft.KeyVault/vaults/write'],"
        "'notActions':[]},{'actions':["
        "'Microsoft.Authorization/roleAssignments/write'],'notActions':[],"
        "'condition':'ForAnyOfAnyValues:GuidEquals {" ADMINISTRATOR "}'}]}");
    plan = stage_plan_one(stage, "rbac-migrate", PAY);
    assert_int_equal(first(plan)->state, KV_TARGET_BLOCKED);
    assert_contains(first(plan)->message, "does not name Secrets User");
    plan_free(plan);
    stage_free(stage);
}

/* Of two that called, one is carried over and one was in no policy. */
static void test_callers(void **state)
{
    struct stage *stage = open_migration();
    struct kv_plan *plan;

    (void)state;
    estate_begin(stage->estate, KV_FACET_USAGE);
    estate_take_row(stage->estate, KV_SET_CALLERS,
        &(struct kv_caller){ .id = "c1",
            .scope = STAGE_PAY,
            .identity = API_ID,
            .calls = 12,
            .last_s = STAGE_NOW_S });
    estate_take_row(stage->estate, KV_SET_CALLERS,
        &(struct kv_caller){ .id = "c2",
            .scope = STAGE_PAY,
            .identity = "22222222-0000-0000-0000-000000000009",
            .calls = 3,
            .last_s = STAGE_NOW_S });
    estate_commit_scope(stage->estate, KV_FACET_USAGE, STAGE_PAY);
    estate_set_resource_facet(stage->estate, PAY, KV_FACET_USAGE,
        (struct kv_facet_status){ .state = KV_FACET_READY });
    plan = stage_plan_one(stage, "rbac-migrate", PAY);
    expect_says(first(plan), "22222222-0000-0000-0000-000000000009 called the "
                             "vault 3 times, last on 2026-09-21, and gets no "
                             "role");
    expect_says(first(plan), "1 callers of its audit log keep access");
    plan_free(plan);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_trims),
        cmocka_unit_test(test_covers),
        cmocka_unit_test(test_never),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_migration),
        cmocka_unit_test(test_taken_meanwhile),
        cmocka_unit_test(test_exceptions),
        cmocka_unit_test(test_condition),
        cmocka_unit_test(test_callers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
