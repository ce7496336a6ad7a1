/* Plans as files and for other tools; what a site's configuration asks of a
 * plan before it runs. */
#include "remedy_stage.h"

#include <stdlib.h>
#include <unistd.h>

#include "temp.h"
#include "types.h"

#define OPEN                                                                   \
    "{'id':'" STAGE_PAY "','location':'westeurope','tags':{'env':'prod'},"     \
    "'properties':{'tenantId':'11111111-0000-0000-0000-0000000000aa',"         \
    "'sku':{'family':'A','name':'standard'},'vaultUri':'https://kv-pay/',"     \
    "'provisioningState':'Succeeded','enableSoftDelete':true,"                 \
    "'accessPolicies':[{'tenantId':'11111111-0000-0000-0000-0000000000aa',"    \
    "'objectId':'11111111-0000-0000-0000-0000000000bb',"                       \
    "'permissions':{'secrets':['get','list']}}],"                              \
    "'networkAcls':{'bypass':'None','defaultAction':'Allow','ipRules':[],"     \
    "'virtualNetworkRules':[]}}}"

static struct stage *stage_open(void)
{
    struct stage *stage = stage_new();

    stage_put(stage, STAGE_PAY, OPEN);
    stage_put(stage, STAGE_WEB, OPEN);
    stage_sinks(stage);
    return stage;
}

static void put(const struct kv_plan *plan, const char *format, struct buf *out)
{
    struct kv_error err = { 0 };

    out->limit = 1u << 20;
    if (kv_plan_put(plan, format, out, &err) != KV_OK)
        fail_with("%s: %s", format, err.text);
}

static struct kv_plan *load(struct stage *stage, const char *text)
{
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;

    if (plan_new_file(&plan, &stage->port, NULL, view_of(text), &err) != KV_OK)
        fail_with("not loaded: %s", err.text);
    stage_play(stage);
    return plan;
}

/* ---- there and back ---- */

static void test_loaded_plan_runs(void **state)
{
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    struct kv_error err = { 0 };
    struct buf text = { 0 };

    (void)state;
    assert_int_equal(plan_set(plan, "allow", "203.0.113.7", &err), KV_OK);
    put(plan, "json", &text);
    plan_free(plan);

    plan = load(stage, buf_text(&text));
    assert_string_equal(kv_plan_id(plan), "p-0001");
    assert_int_equal(strlen(kv_plan_hash(plan)), 64);
    assert_string_equal(kv_plan_option(plan, 0)->value, "203.0.113.7");
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_READY);
    assert_int_equal(plan_run(plan, "kv-pay", "", &err), KV_OK);
    stage_play(stage);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    plan_free(plan);
    buf_done(&text);
    stage_free(stage);
}

/* What is no longer as it was reviewed is left alone. */
static void test_drift_blocks(void **state)
{
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    struct buf text = { 0 };

    (void)state;
    put(plan, "json", &text);
    plan_free(plan);
    stage_put(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'defaultAction':'Allow',"
        "'ipRules':[{'value':'198.51.100.1'}]}}}");
    plan = load(stage, buf_text(&text));
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "changed since the file");
    plan_free(plan);
    buf_done(&text);
    stage_free(stage);
}

static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    struct buf out = { .limit = 1u << 20 };
    char *copy;

    if (!at)
        fail_with("%s is not in %s", from, text);
    buf_putf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    copy = mem_copy_text(buf_text(&out));
    buf_done(&out);
    return copy;
}

static void test_tampering_is_found(void **state)
{
    static const char *const changes[][3] = {
        { "\"Deny\"", "\"Allow\"", "hash" },
        { "firewall-on", "purge-protection-on", "hash" },
        { "kv-pay", "kv-web", "hash" },
        { "\"allow\": \"\"", "\"allow\": \"0.0.0.0/0\"", "hash" },
        { "\"kvgov_plan\": 1", "\"kvgov_plan\": 2", "version" },
        { "\"targets\"", "\"goals\"", "version" },
        { "{", "", "JSON" },
    };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    struct buf text = { 0 };

    (void)state;
    put(plan, "json", &text);
    plan_free(plan);
    for (size_t i = 0; i < LENGTH(changes); i++) {
        char *changed =
            replaced(buf_text(&text), changes[i][0], changes[i][1]);
        struct kv_error err = { 0 };
        struct kv_plan *none = NULL;

        print_message("  %s\n", changes[i][0]);
        assert_int_equal(plan_new_file(&none, &stage->port, NULL,
                             view_of(changed), &err),
            KV_BAD_INPUT);
        assert_contains(err.text, changes[i][2]);
        assert_null(none);
        mem_free(changed);
    }
    buf_done(&text);
    stage_free(stage);
}

/* ---- reviewed files: several one-way targets, a second person ---- */

static void test_reviewed_one_way(void **state)
{
    const uint32_t both[] = { PAY, WEB };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan(stage, "purge-protection-on", both, 2);
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };
    struct buf text = { 0 };
    char hash[13];

    (void)state;
    kv_plan_confirmation(plan, &wanted);
    assert_string_equal(wanted.expect, "");
    assert_contains(wanted.raised, "run the file");
    put(plan, "json", &text);
    plan_free(plan);
    plan = load(stage, buf_text(&text));
    snprintf(hash, sizeof hash, "%s", kv_plan_hash(plan));
    kv_plan_confirmation(plan, &wanted);
    assert_string_equal(wanted.expect, hash);
    assert_int_equal(plan_run(plan, "kv-pay", "", &err), KV_REFUSED);
    assert_int_equal(plan_run(plan, hash, "", &err), KV_OK);
    plan_free(plan);
    buf_done(&text);
    stage_free(stage);
}

static void write_text(const char *path, const char *text)
{
    struct kv_error err = { 0 };

    if (file_write_whole(path, view_of(text), &err) != KV_OK)
        fail_with("%s", err.text);
}

static void test_second_person(void **state)
{
    struct kv_policy policy;
    struct stage *stage = stage_open();
    struct kv_plan *plan;
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };
    struct kv_plan_info info = { 0 };
    struct buf text = { 0 };
    struct buf approved = { .limit = 1u << 20 };
    char *folder = temp_new();
    char *path = temp_path(folder, "plan.json");

    (void)state;
    kv_policy_copy(&policy, &kv_policy_default);
    policy.second_person = 2;
    stage->policy = &policy;
    plan = stage_plan_one(stage, "firewall-on", PAY);
    kv_plan_confirmation(plan, &wanted);
    assert_true(wanted.second_person);
    assert_string_equal(wanted.expect, "");
    assert_int_equal(plan_run(plan, "kv-pay", "", &err), KV_REFUSED);
    assert_contains(err.text, "second person");
    put(plan, "json", &text);
    plan_free(plan);
    write_text(path, buf_text(&text));

    assert_int_equal(kv_plan_file_approve(path, "Contoso Vault Operations",
                         STAGE_NOW_S, &err),
        KV_REFUSED);
    assert_int_equal(
        kv_plan_file_approve(path, "Contoso Audit", STAGE_NOW_S, &err), KV_OK);
    assert_int_equal(kv_plan_file_read(&info, path, &err), KV_OK);
    assert_string_equal(info.approved_by, "Contoso Audit");
    assert_int_equal(info.targets, 1);
    kv_plan_info_done(&info);
    assert_int_equal(file_read_whole(&approved, path, &err), KV_OK);
    plan = load(stage, buf_text(&approved));
    kv_plan_confirmation(plan, &wanted);
    assert_false(wanted.second_person);
    assert_int_equal(plan_run(plan, "kv-pay", "", &err), KV_OK);
    stage_play(stage);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_DONE);
    plan_free(plan);
    buf_done(&text);
    buf_done(&approved);
    mem_free(path);
    temp_done(folder);
    stage_free(stage);
    kv_policy_done(&policy);
}

/* ---- what the site asks ---- */

static void set_policy(struct kv_policy *policy, const char *name,
    const char *value)
{
    struct kv_error err = { 0 };

    if (kv_setting_parse(kv_setting_find(name), policy, value, &err) != KV_OK)
        fail_with("%s", err.text);
}

static void test_site_policy(void **state)
{
    struct kv_policy policy;
    struct stage *stage = stage_open();
    struct kv_plan *plan = NULL;
    struct kv_confirmation wanted;
    struct kv_error err = { 0 };
    const uint32_t resource = PAY;

    (void)state;
    kv_policy_copy(&policy, &kv_policy_default);
    stage->policy = &policy;
    set_policy(&policy, "forbidden_remedies", "purge-*");
    set_policy(&policy, "raised_remedies", "diagnostics-on");
    set_policy(&policy, "reason_pattern", "CHG*");
    assert_int_equal(
        plan_new(&plan, &stage->port, "p",
            &(struct kv_plan_order){ .remedy = "purge-protection-on",
                .resources = &resource,
                .count = 1 },
            &err),
        KV_REFUSED);
    assert_contains(err.text, "forbidden_remedies");

    plan = stage_plan_one(stage, "diagnostics-on", PAY);
    kv_plan_confirmation(plan, &wanted);
    assert_int_equal(wanted.grade, KV_GRADE_ACCESS);
    assert_true(wanted.reason_required);
    assert_string_equal(wanted.expect, "kv-pay");
    assert_int_equal(plan_run(plan, "kv-pay", "because", &err), KV_REFUSED);
    assert_contains(err.text, "CHG*");
    assert_int_equal(plan_run(plan, "kv-pay", "CHG0031337", &err), KV_OK);
    stage_play(stage);
    plan_free(plan);
    stage_free(stage);
    kv_policy_done(&policy);
}

/* ---- for other tools ---- */

/* A shell reads it as it was meant: each command with its arguments whole. */
static void test_az(void **state)
{
    struct stage *stage = stage_open();
    struct kv_plan *plan;
    struct buf text = { 0 };

    (void)state;
    plan = stage_plan_one(stage, "firewall-on", PAY);
    put(plan, "az", &text);
    assert_contains(buf_text(&text), "#!/bin/sh\n");
    assert_contains(buf_text(&text), "set -eu\n");
    assert_contains(buf_text(&text),
        "#   properties.networkAcls.defaultAction: \"Allow\" -> \"Deny\"\n");
    assert_contains(buf_text(&text), "\naz rest --method patch --url '" STAGE_PAY
                                     "?api-version=2026-02-01' --body '{");
    buf_done(&text);
    plan_free(plan);
    stage_free(stage);
}

struct template_case {
    const char *remedy;
    const char *type;
    const char *file;
    const char *contains;
    const char *scope;
};

static const struct template_case templates[] = {
    { "firewall-on", "Microsoft.KeyVault/vaults",
        "Microsoft.KeyVault.2026-02-01.json", "defaultAction was \"Allow\"",
        NULL },
    { "diagnostics-on", "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Insights.2021-05-01-preview.json", "properties",
        "Microsoft.KeyVault/vaults/kv-pay" },
};

static void check_arm(const struct template_case *row, const char *text)
{
    json_t *root = json_loads(text, 0, NULL);
    json_t *resource = json_array_get(json_object_get(root, "resources"), 0);
    struct types *types = types_open(row->file);
    struct buf problems = { .limit = 4096 };

    assert_non_null(root);
    assert_string_equal(value_text(resource, "type"), row->type);
    assert_contains(value_text(resource, "comments"), row->contains);
    if (row->scope)
        assert_string_equal(value_text(resource, "scope"), row->scope);
    json_object_del(resource, "type");
    json_object_del(resource, "apiVersion");
    json_object_del(resource, "comments");
    json_object_del(resource, "name");
    json_object_del(resource, "scope");
    if (!types_check(types, row->type, resource, TYPES_WHOLE, &problems))
        fail_with("%s: %s\n%s", row->remedy, buf_text(&problems), text);
    types_close(types);
    buf_done(&problems);
    json_decref(root);
}

static void test_templates(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(templates); i++) {
        const struct template_case *row = &templates[i];
        struct stage *stage = stage_open();
        struct kv_plan *plan = stage_plan_one(stage, row->remedy, PAY);
        struct buf arm = { 0 };
        struct buf bicep = { 0 };

        put(plan, "arm", &arm);
        check_arm(row, buf_text(&arm));
        put(plan, "bicep", &bicep);
        assert_contains(buf_text(&bicep), "targetScope = 'resourceGroup'");
        assert_contains(buf_text(&bicep), row->type);
        if (row->scope)
            assert_contains(buf_text(&bicep), "existing = {\n  name: 'kv-pay'");
        buf_done(&arm);
        buf_done(&bicep);
        plan_free(plan);
        stage_free(stage);
    }
}

static void test_terraform(void **state)
{
    static const char *const parts[] = {
        "import {\n  to = azurerm_key_vault.kvgov_kv_pay\n  id = \"" STAGE_PAY
        "\"\n}",
        "resource \"azurerm_key_vault\" \"kvgov_kv_pay\" {\n  name = "
        "\"kv-pay\"\n  resource_group_name = \"rg-pay\"\n",
        "  sku_name = \"standard\"\n",
        "    default_action = \"Deny\"\n    ip_rules = []\n",
        "    secret_permissions = [\"get\", \"list\"]\n",
        "  tags = {\n    \"env\" = \"prod\"\n  }\n",
    };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    struct buf text = { 0 };

    (void)state;
    put(plan, "terraform", &text);
    for (size_t i = 0; i < LENGTH(parts); i++)
        assert_contains(buf_text(&text), parts[i]);
    buf_done(&text);
    plan_free(plan);
    plan = stage_plan_one(stage, "diagnostics-on", PAY);
    put(plan, "terraform", &text);
    assert_contains(buf_text(&text), "resource \"azapi_resource\"");
    assert_contains(buf_text(&text), "parent_id = \"" STAGE_PAY "\"");
    buf_done(&text);
    plan_free(plan);
    stage_free(stage);
}

/* A stranger's text ends neither a comment nor a string. */
static void test_hostile_text(void **state)
{
    static const char *const formats[] = { "az", "bicep", "terraform" };
    struct stage *stage = stage_open();
    struct kv_plan *plan;

    (void)state;
    stage_put(stage, STAGE_PAY,
        "{'location':'west','tags':{'a':'${b}\\nrm -rf / # \\u001b[2J'},"
        "'properties':{'networkAcls':{'defaultAction':'Allow\\n$(reboot)'}}}");
    plan = stage_plan_one(stage, "firewall-on", PAY);
    for (size_t i = 0; i < LENGTH(formats); i++) {
        struct buf text = { 0 };

        put(plan, formats[i], &text);
        assert_lacks(buf_text(&text), "\nrm -rf");
        assert_lacks(buf_text(&text), "\n$(reboot)");
        buf_done(&text);
    }
    plan_free(plan);
    stage_free(stage);
}

static void test_what_cannot_be_said(void **state)
{
    static const char *const formats[] = { "arm", "bicep", "terraform",
        "powerpoint", NULL };
    struct stage *stage = stage_open();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    struct buf text = { .limit = 1024 };
    struct kv_error err = { 0 };

    (void)state;
    step_done(&plan->targets[0].draft.steps[0]);
    step_init(&plan->targets[0].draft.steps[0], "DELETE", STAGE_PAY, "v");
    for (size_t i = 0; i < LENGTH(formats); i++) {
        assert_int_not_equal(
            kv_plan_put(plan, formats[i], &text, &err), KV_OK);
        assert_true(err.text[0] != '\0');
        assert_int_equal(text.size, 0);
    }
    plan_free(plan);
    stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loaded_plan_runs),
        cmocka_unit_test(test_drift_blocks),
        cmocka_unit_test(test_tampering_is_found),
        cmocka_unit_test(test_reviewed_one_way),
        cmocka_unit_test(test_second_person),
        cmocka_unit_test(test_site_policy),
        cmocka_unit_test(test_az),
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_terraform),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_what_cannot_be_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
