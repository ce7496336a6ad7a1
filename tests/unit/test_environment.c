/* Which resources count as production, by the tags around them. */
#include "kvgov/policy.h"

#include "posture_scene.h"

#define TAGS(...)                                                              \
    .tags = (const struct kv_tag[]){ __VA_ARGS__ },                            \
    .tag_count =                                                               \
        sizeof((const struct kv_tag[]){ __VA_ARGS__ }) / sizeof(struct kv_tag)
#define VAULT(...) .resource = { TAGS(__VA_ARGS__) }
#define AROUND(of, ...)                                                        \
    {                                                                          \
        KV_SET_CONTAINERS, &(const struct kv_container)                        \
        {                                                                      \
            .id = of, .scope = of, TAGS(__VA_ARGS__)                           \
        }                                                                      \
    }
#define SUBSCRIPTION "/subscriptions/" SCENE_HOME

struct environment_row {
    const char *name;
    enum kv_environment expected;
    struct scene scene;
};

static const char *const stages[] = { "tier" };
static const char *const gold[] = { "gold", "g?ld" };
static const struct kv_policy by_tier = {
    .environment_tags = { stages, 1 },
    .production = { gold, 2 },
};

static const struct environment_row rows[] = {
    { "no tag at all", KV_ENVIRONMENT_UNTOLD, { .lock = { 0 } } },
    { "another tag", KV_ENVIRONMENT_UNTOLD, { VAULT({ "owner", "prod" }) } },
    { "an empty value", KV_ENVIRONMENT_UNTOLD, { VAULT({ "env", " " }) } },
    { "prod", KV_ENVIRONMENT_PRODUCTION,
        { VAULT({ "environment", "prod" }) } },
    { "any case", KV_ENVIRONMENT_PRODUCTION,
        { VAULT({ "ENV", "Production" }) } },
    { "prd", KV_ENVIRONMENT_PRODUCTION, { VAULT({ "stage", "prd" }) } },
    { "with blanks", KV_ENVIRONMENT_PRODUCTION,
        { VAULT({ "env", " live " }) } },
    { "not production", KV_ENVIRONMENT_OTHER, { VAULT({ "env", "nonprod" }) } },
    { "before it", KV_ENVIRONMENT_OTHER, { VAULT({ "env", "preprod" }) } },
    { "dev", KV_ENVIRONMENT_OTHER, { VAULT({ "env", "dev" }) } },
    { "by its group", KV_ENVIRONMENT_PRODUCTION,
        { .around = { AROUND(SCENE_GROUP, { "env", "prod" }) } } },
    { "by its subscription", KV_ENVIRONMENT_PRODUCTION,
        { .around = { AROUND(SUBSCRIPTION, { "env", "prod" }) } } },
    { "its own tag counts first", KV_ENVIRONMENT_OTHER,
        { VAULT({ "env", "dev" }),
            .around = { AROUND(SUBSCRIPTION, { "env", "prod" }) } } },
    { "a site's own words", KV_ENVIRONMENT_PRODUCTION,
        { VAULT({ "env", "dev" }, { "tier", "gold" }), .policy = &by_tier } },
    { "and no others", KV_ENVIRONMENT_OTHER,
        { VAULT({ "tier", "prod" }), .policy = &by_tier } },
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct environment_row *row = &rows[i];
        struct kv_estate *estate = scene_estate(&row->scene);
        const struct kv_policy *policy =
            row->scene.policy ? row->scene.policy : &kv_policy_default;
        enum kv_environment found =
            kv_environment_of(policy, estate, kv_estate_resource(estate, 0));

        if (found != row->expected)
            fail_with("%s: %d, expected %d", row->name, (int)found,
                (int)row->expected);
        estate_free(estate);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
