/* Who can do what is asked: what a question means, and every kind of answer. */
#include "kvgov/who_can.h"

#include "kvgov/actions.h"
#include "posture_scene.h"

#include <string.h>

#define GROUP_ID "aaaaaaaa-0000-0000-0000-000000000001"

/* ---- questions ---- */

static const struct {
    const char *text;
    enum kv_kind kind;
    uint64_t actions; /* 0: it means nothing there, or something local */
    bool local;
} question_cases[] = {
    { "get-secret", KV_KIND_VAULT, KV_ACTION_BIT(KV_ACTION_SECRET_GET), false },
    { "GET-Secret", KV_KIND_VAULT, KV_ACTION_BIT(KV_ACTION_SECRET_GET), false },
    { "list-keys", KV_KIND_VAULT, KV_ACTION_BIT(KV_ACTION_KEY_READ), false },
    { "Microsoft.KeyVault/vaults/secrets/getSecret/action", KV_KIND_VAULT,
        KV_ACTION_BIT(KV_ACTION_SECRET_GET), false },
    { "purge-*", KV_KIND_VAULT,
        KV_ACTIONS_PURGE | KV_ACTION_BIT(KV_ACTION_VAULT_PURGE), false },
    { "*", KV_KIND_HSM, KV_ACTIONS_ASSIGN | KV_ACTIONS_HSM, true },
    { "delete-hsm", KV_KIND_HSM, KV_ACTION_BIT(KV_ACTION_HSM_DELETE), false },
    { "sign", KV_KIND_HSM, 0, true },
    { "sign", KV_KIND_VAULT, KV_ACTION_BIT(KV_ACTION_KEY_SIGN), false },
    { "get-secret", KV_KIND_HSM, 0, false },
    { "delete-hsm", KV_KIND_VAULT, 0, false },
    { "secret", KV_KIND_VAULT, 0, false },
    { "", KV_KIND_VAULT, 0, false },
};

static void test_questions(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(question_cases); i++) {
        struct kv_question question = { 0 };
        struct kv_error err;
        enum kv_status status = kv_question_parse(
            &question, question_cases[i].kind, question_cases[i].text, &err);

        if (question.actions != question_cases[i].actions ||
            (question.local != 0) != question_cases[i].local)
            fail_with("%s: %llx %llx", question_cases[i].text,
                (unsigned long long)question.actions,
                (unsigned long long)question.local);
        assert_int_equal(
            status, question.actions || question.local ? KV_OK : KV_BAD_INPUT);
    }
}

/* Each action has a word of its own for its kind. */
static void test_words(void **state)
{
    (void)state;
    for (int kind = KV_KIND_VAULT; kind <= KV_KIND_HSM; kind++) {
        struct kv_askable row;
        size_t i;

        for (i = 0; kv_askable((enum kv_kind)kind, i, &row); i++) {
            struct view words = view_of(row.words);
            struct kv_question question;
            struct kv_error err;

            while (words.size > 0) {
                char *word = mem_copy_view(view_cut(&words, ' '));

                assert_int_equal(kv_question_parse(
                                     &question, (enum kv_kind)kind, word, &err),
                    KV_OK);
                if (question.actions != row.question.actions ||
                    question.local != row.question.local)
                    fail_with("%s means more than one action", word);
                mem_free(word);
            }
        }
        assert_true(i > 20);
    }
}

/* ---- answers ---- */

struct answers {
    struct kv_chain items[16];
    size_t count;
};

static void take(void *context, const struct kv_chain *chain)
{
    struct answers *answers = context;

    assert_true(answers->count < LENGTH(answers->items));
    answers->items[answers->count++] = *chain;
}

static struct answers ask(const struct kv_estate *estate, const char *text)
{
    const struct kv_resource *resource = kv_estate_resource(estate, 0);
    struct answers answers = { 0 };
    struct kv_question question;
    struct kv_error err;

    assert_int_equal(
        kv_question_parse(&question, resource->kind, text, &err), KV_OK);
    kv_who_can(estate, resource, &question, take, &answers);
    return answers;
}

static const struct kv_chain *chain_of(
    const struct answers *answers, const char *id)
{
    for (size_t i = 0; i < answers->count; i++)
        if (strcmp(answers->items[i].principal_id, id) == 0)
            return &answers->items[i];
    fail_with("%s is not among the answers", id);
}

static uint32_t takers(const struct kv_estate *estate, const char *text)
{
    const struct kv_resource *resource = kv_estate_resource(estate, 0);
    struct kv_question question;
    struct kv_error err;

    assert_int_equal(
        kv_question_parse(&question, resource->kind, text, &err), KV_OK);
    return kv_who_can_take(estate, resource, &question);
}

static void test_models(void **state)
{
    const struct kv_access_policy policy = { .object_id = "p2", .secrets = 1 };
    const struct kv_access_policy compound = {
        .object_id = "p2", .application_id = "app", .secrets = 1
    };
    struct scene scene = {
        .resource = { .rbac = KV_TRI_TRUE },
        .assignments = { { KV_SCOPE_SUBSCRIPTION, "Secrets User", "p1",
                             KV_PRINCIPAL_SERVICE, false },
            { KV_SCOPE_RESOURCE, "Contributor", "p3", KV_PRINCIPAL_USER,
                false } },
    };
    struct kv_estate *estate;
    struct answers answers;

    (void)state;
    scene.resource.policies = &policy;
    scene.resource.policy_count = 1;
    estate = scene_estate(&scene);
    answers = ask(estate, "get-secret");
    assert_int_equal(answers.count, 1);
    assert_string_equal(answers.items[0].principal_id, "p1");
    assert_string_equal(answers.items[0].role, "Secrets User");
    assert_int_equal(answers.items[0].level, KV_SCOPE_SUBSCRIPTION);
    assert_int_equal(answers.items[0].can, KV_CAN_NOW);
    assert_int_equal(takers(estate, "get-secret"), 0);
    estate_free(estate);

    scene.resource.rbac = KV_TRI_FALSE;
    estate = scene_estate(&scene);
    answers = ask(estate, "get-secret");
    assert_int_equal(answers.count, 1);
    assert_string_equal(answers.items[0].principal_id, "p2");
    assert_true(answers.items[0].policy);
    assert_int_equal(answers.items[0].can, KV_CAN_NOW);
    /* The contributor can write itself a policy. */
    assert_int_equal(takers(estate, "get-secret"), 1);
    assert_int_equal(takers(estate, "write-vault"), 0);
    estate_free(estate);

    scene.resource.policies = &compound;
    estate = scene_estate(&scene);
    answers = ask(estate, "get-secret");
    assert_int_equal(answers.items[0].can, KV_CAN_ON_CONDITION);
    assert_string_equal(answers.items[0].application_id, "app");
    estate_free(estate);
}

static void test_group(void **state)
{
    static const char *const members[] = { "p1", "p2" };
    const struct scene scene = { .assignments = {
                                     { KV_SCOPE_SUBSCRIPTION, "Owner", GROUP_ID,
                                         KV_PRINCIPAL_GROUP, false } } };
    struct kv_estate *estate = scene_estate(&scene);
    struct answers answers = ask(estate, "delete-vault");
    struct kv_principal *group;

    (void)state;
    assert_int_equal(answers.count, 1);
    assert_string_equal(answers.items[0].principal_id, GROUP_ID);
    assert_int_equal(answers.items[0].type, KV_PRINCIPAL_GROUP);
    assert_null(answers.items[0].group_id);

    group = estate_principal(estate, estate_refer_principal(estate, GROUP_ID));
    group->type = KV_PRINCIPAL_GROUP;
    group->members = members;
    group->member_count = 2;
    group->members_status.state = KV_FACET_READY;
    answers = ask(estate, "delete-vault");
    assert_int_equal(answers.count, 2);
    assert_string_equal(answers.items[1].principal_id, "p2");
    assert_string_equal(answers.items[1].group_id, GROUP_ID);
    estate_free(estate);
}

/* A condition leaves the right, a missing definition leaves a question. */
static void test_conditions(void **state)
{
    const struct scene scene = { .assignments = {
                                     { KV_SCOPE_RESOURCE, "Delegate", "p1",
                                         KV_PRINCIPAL_USER, true },
                                     { KV_SCOPE_RESOURCE, "No Such Role", "p2",
                                         KV_PRINCIPAL_USER, false } } };
    struct kv_estate *estate = scene_estate(&scene);
    struct answers answers = ask(estate, "assign-roles");

    (void)state;
    assert_int_equal(answers.count, 2);
    assert_int_equal(chain_of(&answers, "p1")->can, KV_CAN_ON_CONDITION);
    assert_non_null(chain_of(&answers, "p1")->condition);
    assert_int_equal(chain_of(&answers, "p2")->can, KV_CAN_UNKNOWN);
    estate_free(estate);
}

static void test_eligible_and_denied(void **state)
{
    const struct kv_schedule schedule = { .id = "s",
        .scope = SCENE_GROUP,
        .principal_id = "p2",
        .principal_type = KV_PRINCIPAL_USER,
        .role_guid = "Owner",
        .eligible = true,
        .ends_at_s = 77 };
    const struct kv_denial denial = { .id = "d",
        .scope = SCENE_GROUP,
        .name = "Held",
        .everyone = true,
        .actions = KV_ACTION_BIT(KV_ACTION_VAULT_DELETE) };
    const struct scene scene = {
        .assignments = { { KV_SCOPE_SUBSCRIPTION, "Owner", "p1",
            KV_PRINCIPAL_USER, false } },
        .around = { { KV_SET_SCHEDULES, &schedule },
            { KV_SET_DENIALS, &denial } },
    };
    struct kv_estate *estate = scene_estate(&scene);
    struct answers answers = ask(estate, "write-vault");

    (void)state;
    assert_int_equal(answers.count, 2);
    assert_int_equal(answers.items[0].can, KV_CAN_NOW);
    assert_int_equal(answers.items[1].can, KV_CAN_ELIGIBLE);
    assert_int_equal(answers.items[1].ends_at_s, 77);
    answers = ask(estate, "delete-vault");
    assert_int_equal(answers.count, 2);
    for (size_t i = 0; i < answers.count; i++) {
        assert_int_equal(answers.items[i].can, KV_CAN_DENIED);
        assert_string_equal(answers.items[i].denied_by, "Held");
    }
    estate_free(estate);
}

/* Without its properties nobody knows which model rules. */
static void test_model_unknown(void **state)
{
    const struct scene scene = {
        .not_ready = KV_FACET_BIT(KV_FACET_PROPERTIES),
        .state = KV_FACET_DENIED,
        .assignments = { { KV_SCOPE_RESOURCE, "Secrets User", "p1",
            KV_PRINCIPAL_USER, false } },
    };
    struct kv_estate *estate = scene_estate(&scene);
    struct answers answers = ask(estate, "get-secret");

    (void)state;
    assert_int_equal(answers.count, 1);
    assert_int_equal(answers.items[0].can, KV_CAN_UNKNOWN);
    estate_free(estate);
}

static void test_needs(void **state)
{
    const struct kv_resource vault = { .kind = KV_KIND_VAULT };
    const struct kv_resource hsm = { .kind = KV_KIND_HSM };
    const struct kv_question control = { .actions = KV_ACTIONS_VAULT };
    const struct kv_question data = { .actions = KV_ACTIONS_KEYS };
    const struct kv_question local = { .local = 1 };

    (void)state;
    assert_false(
        kv_who_can_needs(&vault, &control) & KV_FACET_BIT(KV_FACET_PROPERTIES));
    assert_true(
        kv_who_can_needs(&vault, &data) & KV_FACET_BIT(KV_FACET_PROPERTIES));
    assert_true(
        kv_who_can_needs(&hsm, &local) & KV_FACET_BIT(KV_FACET_LOCAL_ROLES));
    assert_false(
        kv_who_can_needs(&hsm, &local) & KV_FACET_BIT(KV_FACET_ASSIGNMENTS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_models),
        cmocka_unit_test(test_group),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_eligible_and_denied),
        cmocka_unit_test(test_model_unknown),
        cmocka_unit_test(test_needs),
    };

    return cmocka_run_group_tests_name("who can", tests, NULL, NULL);
}
