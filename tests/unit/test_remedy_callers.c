/* Who still comes in after a change of the network, and what a preview says of
 * them: by address and name, with counts, or that it is not known. */
#include "remedy_stage.h"

#include "network_side.h"

/* ---- one caller ---- */

#define OPEN { .open = true, .trusted = true }
#define RULES(...) { .rules = true, __VA_ARGS__ }
#define CLOSED(...) { __VA_ARGS__ }

struct fate_case {
    const char *name;
    const char *address;
    uint64_t calls;
    uint64_t failures;
    const char *rules; /* of both, where the way has rules */
    struct way_in before;
    struct way_in after;
    enum fate fate;
};

static const struct fate_case fates[] = {
    { "a rule lets it in", "203.0.113.7", 3, 0, "['203.0.113.0/28']", OPEN,
        RULES(.trusted = true), FATE_STAYS },
    { "a rule of a perimeter, too", "203.0.113.7", 3, 0,
        "[{'value':'203.0.113.7'}]", OPEN, RULES(.trusted = false),
        FATE_STAYS },
    { "no rule lets it in", "198.51.100.7", 3, 0, "['203.0.113.0/28']", OPEN,
        RULES(.trusted = true), FATE_LOST },
    { "rules have no effect on a closed one", "203.0.113.7", 3, 0,
        "['203.0.113.0/28']", RULES(.trusted = false), CLOSED(.endpoints = 1),
        FATE_LOST },
    { "came in by no rule: a trusted service", "20.61.4.7", 3, 0,
        "['203.0.113.0/28']", RULES(.trusted = true), CLOSED(.trusted = true),
        FATE_UNSURE },
    { "the same, without the bypass", "20.61.4.7", 3, 0, "['203.0.113.0/28']",
        RULES(.trusted = true), RULES(.trusted = false), FATE_LOST },
    { "from a private network, by the endpoint", "10.1.2.3", 3, 0, NULL,
        CLOSED(.endpoints = 1), CLOSED(.endpoints = 1), FATE_STAYS },
    { "the same, in IPv6", "fd40:1:2::3", 3, 0, NULL, CLOSED(.endpoints = 1),
        CLOSED(.endpoints = 1), FATE_STAYS },
    { "by an endpoint or by a subnet rule", "10.1.2.3", 3, 0, "[]",
        RULES(.subnets = 1, .endpoints = 1), CLOSED(.endpoints = 1),
        FATE_UNSURE },
    { "by a subnet rule, which goes", "10.1.2.3", 3, 0, "[]",
        RULES(.subnets = 1), CLOSED(.trusted = true), FATE_LOST },
    { "from a private network, into an open one", "10.1.2.3", 3, 0, "[]", OPEN,
        RULES(.subnets = 1), FATE_UNSURE },
    { "public IPv6 has no rules", "2001:db8::1", 3, 0, "['203.0.113.0/28']",
        OPEN, RULES(.trusted = false), FATE_LOST },
    { "every address is let in", "198.51.100.7", 3, 0, NULL, OPEN, OPEN,
        FATE_STAYS },
    { "no address was logged", NULL, 3, 0, "[]", OPEN, RULES(.trusted = true),
        FATE_UNSURE },
    { "a perimeter decides as well", "198.51.100.7", 3, 0, "[]", OPEN,
        RULES(.unsure = true), FATE_UNSURE },
    { "refused before", "198.51.100.7", 3, 3, "[]", OPEN, RULES(.trusted = true),
        FATE_REFUSED },
};

static void test_fates(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(fates); i++) {
        const struct fate_case *row = &fates[i];
        json_t *rules = row->rules ? stage_json(row->rules) : NULL;
        struct way_in before = row->before;
        struct way_in after = row->after;
        enum fate fate;

        before.addresses = after.addresses = rules;
        fate = caller_fate(&(struct kv_caller){ .address = row->address,
                               .calls = row->calls,
                               .failures = row->failures },
            &before, &after);
        if (fate != row->fate)
            fail_with("%s: expected %d, is %d", row->name, row->fate, fate);
        json_decref(rules);
    }
}

/* ---- what a preview says ---- */

#define OID "c111a4e9-07ce-46a9-ac8c-eb3ead2427c5"

static void put_caller(
    struct stage *stage, const char *address, uint64_t calls, uint64_t failures)
{
    char id[128];

    snprintf(id, sizeof id, "%s#%s", STAGE_PAY, address);
    estate_take_row(stage->estate, KV_SET_CALLERS,
        &(struct kv_caller){ .id = estate_text(stage->estate, view_of(id)),
            .scope = STAGE_PAY,
            .identity = OID,
            .address = estate_text(stage->estate, view_of(address)),
            .calls = calls,
            .failures = failures });
}

static struct stage *stage_with_log(void)
{
    struct stage *stage = stage_new();
    struct kv_principal *who;

    estate_begin(stage->estate, KV_FACET_USAGE);
    put_caller(stage, "203.0.113.7", 1200, 0);
    put_caller(stage, "198.51.100.9", 40, 2);
    put_caller(stage, "192.0.2.1", 5, 5);
    estate_commit_scope(stage->estate, KV_FACET_USAGE, STAGE_PAY);
    estate_set_resource_facet(stage->estate, PAY, KV_FACET_USAGE,
        (struct kv_facet_status){ KV_FACET_READY, STAGE_NOW_S, NULL });
    who = estate_principal(
        stage->estate, estate_refer_principal(stage->estate, OID));
    who->name = "id-payments-core";
    return stage;
}

static const struct kv_check *find_check(
    const struct kv_target *target, const char *part)
{
    for (uint32_t i = 0; i < target->check_count; i++)
        if (strstr(target->checks[i].text, part))
            return &target->checks[i];
    fail_with("no check says \"%s\"", part);
}

static void set(struct kv_plan *plan, struct stage *stage, const char *name,
    const char *value)
{
    struct kv_error err = { 0 };

    if (plan_set(plan, name, value, &err) != KV_OK)
        fail_with("%s", err.text);
    stage_play(stage);
}

/* Recent callers are let in unless somebody says otherwise. */
static void test_recent_callers_become_rules(void **state)
{
    struct stage *stage = stage_with_log();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    const struct kv_target *target = kv_plan_target(plan, 0);

    (void)state;
    assert_contains(buf_text(&stage->log), "LOOK");
    assert_contains(target->requests[0].body, "203.0.113.7");
    assert_contains(target->requests[0].body, "198.51.100.9");
    assert_lacks(target->requests[0].body, "192.0.2.1");
    assert_int_equal(
        find_check(target, "no caller of the last 30 days")->state,
        KV_CHECK_OK);
    assert_contains(target->impact, "0 lose access");
    plan_free(plan);
    stage_free(stage);
}

static void test_who_is_cut_off(void **state)
{
    struct stage *stage = stage_with_log();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    const struct kv_target *target = kv_plan_target(plan, 0);

    (void)state;
    set(plan, stage, "callers", "no");
    set(plan, stage, "allow", "198.51.100.0/24");
    assert_contains(target->impact, "Of 3 callers");
    assert_contains(target->impact, "1 lose access (1,200 calls) and 1 keep it");
    assert_contains(target->impact, "1 were refused before");
    assert_int_equal(
        find_check(target, "203.0.113.7, id-payments-core, 1,200 calls: loses")
            ->state,
        KV_CHECK_WARN);
    assert_int_equal(target->grade, KV_GRADE_ACCESS);
    plan_free(plan);
    stage_free(stage);
}

/* What makes a log known is said where there is none. */
static void test_no_log_is_unknown(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan;
    const struct kv_target *target;

    (void)state;
    estate_set_resource_facet(stage->estate, PAY, KV_FACET_USAGE,
        (struct kv_facet_status){ KV_FACET_DENIED, STAGE_NOW_S,
            "Microsoft.OperationalInsights/workspaces/query/read" });
    plan = stage_plan_one(stage, "public-access-off", PAY);
    target = kv_plan_target(plan, 0);
    assert_int_equal(
        find_check(target, "recent callers are UNKNOWN: it needs Microsoft."
                           "OperationalInsights/workspaces/query/read")
            ->state,
        KV_CHECK_UNKNOWN);
    assert_contains(target->impact, "UNKNOWN");
    assert_int_equal(
        find_check(target, "Resource Manager")->state, KV_CHECK_OK);
    plan_free(plan);
    stage_free(stage);
}

/* Production that is known to lose a caller, and a vault that nobody reaches
 * any more, are graver. */
static void test_grades(void **state)
{
    static const struct kv_tag prod[] = { { "Environment", "Prod" } };
    struct stage *stage = stage_with_log();
    struct kv_plan *plan;
    const struct kv_target *target;

    (void)state;
    estate_take_resource(stage->estate,
        &(struct kv_resource){ .id = STAGE_PAY,
            .name = "kv-pay",
            .kind = KV_KIND_VAULT,
            .tags = prod,
            .tag_count = 1 });
    plan = stage_plan_one(stage, "firewall-on", PAY);
    target = kv_plan_target(plan, 0);
    assert_int_equal(target->grade, KV_GRADE_ACCESS);
    set(plan, stage, "callers", "no");
    assert_int_equal(target->grade, KV_GRADE_ONE_WAY);
    assert_contains(target->raised, "production");
    plan_free(plan);

    stage_put(stage, STAGE_WEB,
        "{'properties':{'networkAcls':{'bypass':'None',"
        "'defaultAction':'Deny'}}}");
    plan = stage_plan_one(stage, "public-access-off", WEB);
    target = kv_plan_target(plan, 0);
    assert_int_equal(target->grade, KV_GRADE_ONE_WAY);
    assert_contains(target->raised, "no way");
    plan_free(plan);
    stage_free(stage);
}

/* ---- rules that go ---- */

struct rules_case {
    const char *remove;
    const char *rules; /* that are left */
};

static const struct rules_case rules_cases[] = {
    { "wide", "['203.0.113.0/28','192.0.2.9/32','198.51.100.9']" },
    { "unused", "['203.0.113.0/28','198.51.100.0/23']" },
    { "203.0.113.0/28, 192.0.2.9", "['198.51.100.0/23','203.0.113.7']" },
    { "", "['198.51.100.0/23','203.0.113.0/28','192.0.2.9/32']" },
};

static void check_rules(const struct rules_case *row)
{
    struct stage *stage = stage_with_log();
    json_t *wanted = stage_json(row->rules);
    struct kv_plan *plan;
    json_t *body, *sent;

    stage_put(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'defaultAction':'Deny','ipRules':["
        "{'value':'198.51.100.0/23'},{'value':'203.0.113.0/28'},"
        "{'value':'192.0.2.9/32'}],'virtualNetworkRules':[]}}}");
    plan = stage_plan_one(stage, "firewall-rules", PAY);
    set(plan, stage, "remove", row->remove);
    body = json_loads(kv_plan_target(plan, 0)->requests[0].body, 0, NULL);
    sent = value_at(body, "properties.networkAcls.ipRules");
    if (json_array_size(sent) != json_array_size(wanted))
        fail_with("%s leaves %zu rules", row->remove, json_array_size(sent));
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        const struct way_in way = { .addresses = sent };
        const char *text = json_string_value(json_array_get(wanted, i));
        char first[32];

        snprintf(first, sizeof first, "%.*s", (int)strcspn(text, "/"), text);
        if (!way_in_has_address(&way, first))
            fail_with("%s: %s is not let in", row->remove, first);
    }
    json_decref(body);
    json_decref(wanted);
    plan_free(plan);
    stage_free(stage);
}

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rules_cases); i++)
        check_rules(&rules_cases[i]);
}

static void test_union_is_said(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan;
    struct kv_error err = { 0 };

    (void)state;
    stage_put(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'defaultAction':'Deny','ipRules':["
        "{'value':'52.0.0.0/8'},{'value':'203.0.113.0/28'}]}}}");
    plan = stage_plan_one(stage, "firewall-rules", PAY);
    assert_contains(
        find_check(kv_plan_target(plan, 0), "the rules let in")->text,
        "16,777,232 addresses now and 16 afterwards, the widest by a /28");
    assert_int_equal(plan_set(plan, "remove", "narrow", &err), KV_BAD_INPUT);
    assert_contains(err.text, "narrow");
    plan_free(plan);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fates),
        cmocka_unit_test(test_recent_callers_become_rules),
        cmocka_unit_test(test_who_is_cut_off),
        cmocka_unit_test(test_no_log_is_unknown),
        cmocka_unit_test(test_grades),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_union_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
