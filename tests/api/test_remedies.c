/* Remedies from plan to undo against the simulated cloud, whose state is
 * compared before and after. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "drive.h"

#define OPEN_VAULT "kv-pay-prod-weu"

static int scan(void **state)
{
    struct drive *drive = mem_alloc(sizeof *drive);

    *state = drive;
    drive_open(drive, NULL);
    return drive_scan(drive) == KV_SCAN_DONE ? 0 : -1;
}

static int done(void **state)
{
    drive_done(*state);
    mem_free(*state);
    return 0;
}

#define ON(name) ((const char *const[]){ name, NULL })

/* All of a resource that a remedy could touch, as text. */
static char *whole(const struct drive *drive, const char *resource)
{
    return cloud_value(drive->cloud, resource, "properties");
}

static void expect_cloud(const struct drive *drive, const char *resource,
    const char *path, const char *expected)
{
    char *value = cloud_value(drive->cloud, resource, path);

    if (strcmp(value, expected) != 0)
        fail_with(
            "%s of %s is %s, expected %s", path, resource, value, expected);
    mem_free(value);
}

static void expect_last(const struct drive *drive, const char *remedy,
    const char *target, enum kv_journal_result result)
{
    const struct kv_journal_entry *entry = drive_last_entry(drive);

    assert_string_equal(entry->remedy, remedy);
    assert_string_equal(entry->target_name, target);
    if (entry->result != result)
        fail_with("journalled as %s, expected %s: %s",
            kv_journal_result_name(entry->result),
            kv_journal_result_name(result), entry->message);
}

static void expect_sound_journal(struct drive *drive)
{
    struct kv_journal_check check = { 0 };
    struct kv_error err = { 0 };

    assert_int_equal(
        kv_session_journal_verify(drive->session, &check, &err), KV_OK);
    assert_int_equal(check.broken_at, 0);
    assert_int_equal(check.open, 0);
}

/* ---- there and back ---- */

static void test_firewall(void **state)
{
    struct drive *drive = *state;

    drive_expect_verdict(drive, "NET-2", OPEN_VAULT, KV_VERDICT_FAIL);
    struct kv_plan *plan = drive_plan(drive, "firewall-on", ON(OPEN_VAULT));
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    drive_expect_verdict(drive, "NET-2", OPEN_VAULT, KV_VERDICT_PASS);
    expect_cloud(
        drive, OPEN_VAULT, "properties.networkAcls.defaultAction", "\"Deny\"");
    expect_last(drive, "firewall-on", OPEN_VAULT, KV_JOURNAL_DONE);
    assert_true(drive_last_entry(drive)->reversible);

    plan = drive_plan_undo(drive);
    assert_true(kv_plan_is_undo(plan));
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    drive_expect_verdict(drive, "NET-2", OPEN_VAULT, KV_VERDICT_FAIL);
    /* There were no rules at all; the service cannot forget them again, so
     * the undo says the same in full. */
    expect_cloud(drive, OPEN_VAULT, "properties.networkAcls",
        "{\"bypass\":\"AzureServices\",\"defaultAction\":\"Allow\","
        "\"ipRules\":[],\"virtualNetworkRules\":[]}");
    assert_int_not_equal(drive_last_entry(drive)->undo_of, 0);
    expect_sound_journal(drive);
}

/* The same text, with the one address in it as a range; mem_free(). */
static char *widened(const char *text, const char *address)
{
    const char *at = strstr(text, address);
    struct buf out = { .limit = 1u << 16 };

    assert_non_null(at);
    at += strlen(address);
    buf_putf(&out, "%.*s/32%s", (int)(at - text), text, at);
    char *copy = mem_copy_text(buf_text(&out));
    buf_done(&out);
    return copy;
}

/* Rules that lay idle behind "Allow" survive both ways, though the service
 * writes an address as a range of one. */
static void test_firewall_keeps_rules(void **state)
{
    struct drive *drive = *state;
    char *said = whole(drive, "kv-shop-search-weu");
    char *before = widened(said, "203.0.113.80");
    struct kv_plan *plan =
        drive_plan(drive, "firewall-on", ON("kv-shop-search-weu"));

    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    expect_cloud(drive, "kv-shop-search-weu", "properties.networkAcls.ipRules",
        "[{\"value\":\"203.0.113.80/32\"}]");
    plan = drive_plan_undo(drive);
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    char *after = whole(drive, "kv-shop-search-weu");
    assert_string_equal(after, before);
    mem_free(after);
    mem_free(before);
    mem_free(said);
}

static void test_firewall_lets_in(void **state)
{
    struct drive *drive = *state;
    struct kv_plan *plan =
        drive_plan(drive, "firewall-on", ON("kv-nodays-dev-weu"));

    drive_set(drive, plan, "allow", "203.0.113.7, 198.51.100.0/28");
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    char *rules = cloud_value(
        drive->cloud, "kv-nodays-dev-weu", "properties.networkAcls.ipRules");
    assert_contains(rules, "203.0.113.7");
    assert_contains(rules, "198.51.100.0/28");
    mem_free(rules);
}

static void test_bad_options(void **state)
{
    struct drive *drive = *state;
    static const char *const bad[] = { "10.0.0.1", "300.1.1.1", "1.2.3.4/33",
        "127.0.0.1", "name.contoso.com", "2001:db8::1" };
    struct kv_plan *plan =
        drive_plan(drive, "firewall-on", ON("kv-lab-dev-neu"));

    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct kv_error err = { 0 };

        if (kv_session_plan_set(drive->session, plan, "allow", bad[i], &err) !=
            KV_BAD_INPUT)
            fail_with("%s was taken as an address", bad[i]);
        assert_true(*err.text);
    }
    kv_session_drop_plan(drive->session, plan);
}

static char *settings_of(const struct drive *drive, const char *resource)
{
    json_t *all = cloud_state(drive->cloud);
    const char *id =
        json_string_value(json_path(cloud_resource(all, resource), "id"));
    struct buf out = { .limit = 1u << 20 };
    size_t index;
    json_t *setting;

    json_array_foreach(
        json_object_get(all, "diagnosticSettings"), index, setting)
    {
        const char *setting_id = json_string_value(json_path(setting, "id"));
        char *text = json_dumps(setting, JSON_SORT_KEYS | JSON_COMPACT);

        if (text_contains_nocase(setting_id, id))
            buf_putf(&out, "%s\n", text);
        free(text);
    }
    char *copy = mem_copy_text(buf_text(&out));
    buf_done(&out);
    json_decref(all);
    return copy;
}

static void test_diagnostics(void **state)
{
    struct drive *drive = *state;
    char *before = settings_of(drive, OPEN_VAULT);
    struct kv_plan *plan = drive_plan(drive, "diagnostics-on", ON(OPEN_VAULT));

    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    drive_expect_verdict(drive, "LOG-1", OPEN_VAULT, KV_VERDICT_PASS);
    char *during = settings_of(drive, OPEN_VAULT);
    assert_contains(during, "kvgov-audit");
    plan = drive_plan_undo(drive);
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    char *after = settings_of(drive, OPEN_VAULT);
    assert_string_equal(after, before);
    drive_expect_verdict(drive, "LOG-1", OPEN_VAULT, KV_VERDICT_FAIL);
    mem_free(after);
    mem_free(during);
    mem_free(before);
}

static void test_purge_protection(void **state)
{
    struct drive *drive = *state;
    struct kv_plan *plan =
        drive_plan(drive, "purge-protection-on", ON("kv-data-ml-neu"));
    struct kv_confirmation confirmation = { 0 };
    struct kv_error err = { 0 };

    kv_plan_confirmation(plan, &confirmation);
    assert_int_equal(confirmation.grade, KV_GRADE_ONE_WAY);
    assert_true(confirmation.cannot_be_undone);
    assert_string_equal(confirmation.expect, "kv-data-ml-neu");
    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    expect_cloud(
        drive, "kv-data-ml-neu", "properties.enablePurgeProtection", "true");
    drive_expect_verdict(drive, "PRO-3", "kv-data-ml-neu", KV_VERDICT_PASS);
    assert_false(drive_last_entry(drive)->reversible);
    plan = NULL;
    assert_int_equal(kv_session_plan_undo(drive->session, &plan,
                         drive_last_entry(drive)->number, &err),
        KV_REFUSED);
    assert_null(plan);
}

/* 202 and polling, as managed HSMs answer. */
static void test_hsm(void **state)
{
    struct drive *drive = *state;
    struct kv_plan *plan =
        drive_plan(drive, "purge-protection-on", ON("hsm-legal-neu"));

    drive_run(drive, plan);
    drive_expect_target(drive, plan, 0, KV_TARGET_DONE);
    kv_session_drop_plan(drive->session, plan);
    expect_cloud(
        drive, "hsm-legal-neu", "properties.enablePurgeProtection", "true");
}

static void test_several(void **state)
{
    struct drive *drive = *state;
    const char *const names[] = { "kv-short-dev-weu", "kv-web-dev-weu",
        "kv-team-dev-weu", NULL };
    struct kv_plan *plan = drive_plan(drive, "firewall-on", names);
    struct kv_confirmation confirmation = { 0 };

    kv_plan_confirmation(plan, &confirmation);
    assert_string_equal(confirmation.expect, "restrict 3");
    drive_run(drive, plan);
    for (uint32_t i = 0; i < 3; i++)
        drive_expect_target(drive, plan, i, KV_TARGET_DONE);
    assert_int_equal(kv_plan_count(plan, KV_TARGET_DONE), 3);
    kv_session_drop_plan(drive->session, plan);
    for (size_t i = 0; names[i]; i++)
        drive_expect_verdict(drive, "NET-2", names[i], KV_VERDICT_PASS);
}

/* ---- not done ---- */

struct blocked_row {
    const char *remedy;
    const char *resource;
    enum kv_target_state state;
    const char *says; /* in a check or the message; NULL: nothing special */
};

static const struct blocked_row blocked_rows[] = {
    { "purge-protection-on", "kv-scratch-dev-neu", KV_TARGET_BLOCKED,
        "scratch-freeze" },
    { "firewall-on", "kv-shop-cdn-neu", KV_TARGET_NOTHING, NULL },
    { "purge-protection-on", "kv-pay-core-weu", KV_TARGET_NOTHING, NULL },
    { "diagnostics-on", "kv-data-bi-weu", KV_TARGET_BLOCKED, "5" },
    { "firewall-on", "kv-legal-hold-weu", KV_TARGET_BLOCKED, NULL },
};

static bool target_says(const struct kv_target *target, const char *text)
{
    if (target->message && text_contains_nocase(target->message, text))
        return true;
    for (uint32_t i = 0; i < target->check_count; i++)
        if (text_contains_nocase(target->checks[i].text, text))
            return true;
    return false;
}

static void check_blocked(struct drive *drive, const struct blocked_row *row)
{
    struct kv_plan *plan = drive_plan(drive, row->remedy, ON(row->resource));
    const struct kv_target *target = kv_plan_target(plan, 0);
    struct kv_error err = { 0 };

    drive_expect_target(drive, plan, 0, row->state);
    if (row->says && !target_says(target, row->says))
        fail_with("%s on %s does not say %s: %s", row->remedy, row->resource,
            row->says, target->message ? target->message : "(no message)");
    if (kv_session_run(drive->session, plan, row->resource, "test", &err) ==
        KV_OK)
        fail_with("%s on %s could be run", row->remedy, row->resource);
    kv_session_drop_plan(drive->session, plan);
}

static void test_blocked(void **state)
{
    struct drive *drive = *state;
    struct kv_error err = { 0 };
    long before = cloud_requests(drive->cloud, "PATCH") +
                  cloud_requests(drive->cloud, "PUT");

    assert_int_equal(kv_session_write_on(drive->session, "test", &err), KV_OK);
    for (size_t i = 0; i < LENGTH(blocked_rows); i++)
        check_blocked(drive, &blocked_rows[i]);
    assert_int_equal(cloud_requests(drive->cloud, "PATCH") +
                         cloud_requests(drive->cloud, "PUT"),
        before);
}

static void test_confirmation(void **state)
{
    struct drive *drive = *state;
    static const char *const wrong[] = { "", "y", "Y", "yes", "KV-PLAT-CI-WEU",
        "kv-plat-ci-we", "kv-plat-ci-weu ", "restrict 1", "\n" };
    struct kv_plan *plan =
        drive_plan(drive, "firewall-on", ON("kv-plat-ci-weu"));
    struct kv_error err = { 0 };
    long before = cloud_requests(drive->cloud, "PATCH");

    kv_session_write_off(drive->session);
    assert_int_equal(
        kv_session_run(drive->session, plan, "kv-plat-ci-weu", "test", &err),
        KV_REFUSED);
    assert_int_equal(kv_session_write_on(drive->session, "test", &err), KV_OK);
    for (size_t i = 0; i < LENGTH(wrong); i++)
        if (kv_session_run(drive->session, plan, wrong[i], "test", &err) !=
            KV_REFUSED)
            fail_with("'%s' confirmed the run", wrong[i]);
    drive_for(drive, 200);
    assert_int_equal(cloud_requests(drive->cloud, "PATCH"), before);
    kv_session_drop_plan(drive->session, plan);
}

static void test_unknown_remedy(void **state)
{
    struct drive *drive = *state;
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;
    uint32_t hsm = drive_find(drive, "hsm-lab-weu");

    assert_int_equal(
        kv_session_plan(drive->session, &plan,
            &(struct kv_plan_order){
                .remedy = "make-coffee", .resources = &hsm, .count = 1 },
            &err),
        KV_BAD_INPUT);
    assert_int_equal(
        kv_session_plan(drive->session, &plan,
            &(struct kv_plan_order){
                .remedy = "soft-delete-on", .resources = &hsm, .count = 1 },
            &err),
        KV_BAD_INPUT);
    assert_int_equal(
        kv_session_plan(drive->session, &plan,
            &(struct kv_plan_order){
                .remedy = "firewall-on", .resources = &hsm, .count = 0 },
            &err),
        KV_BAD_INPUT);
    assert_null(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_firewall),
        cmocka_unit_test(test_firewall_keeps_rules),
        cmocka_unit_test(test_firewall_lets_in),
        cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_diagnostics),
        cmocka_unit_test(test_purge_protection),
        cmocka_unit_test(test_hsm),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_blocked),
        cmocka_unit_test(test_confirmation),
        cmocka_unit_test(test_unknown_remedy),
    };

    return cmocka_run_group_tests(tests, scan, done);
}
