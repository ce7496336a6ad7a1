/* The settings of a policy: their table, their values as text, and which of two
 * asks for less. */
#include "kvgov/policy.h"

#include <stdio.h>
#include <string.h>

#include "base.h"

#include "test.h"

static const struct kv_setting *setting_of(const char *name)
{
    const struct kv_setting *setting = kv_setting_find(name);

    if (!setting)
        fail_with("no setting %s", name);
    return setting;
}

static size_t size_of(const struct kv_setting *setting)
{
    switch (setting->kind) {
    case KV_SETTING_NUMBER:
        return sizeof(uint32_t);
    case KV_SETTING_SWITCH:
        return sizeof(bool);
    case KV_SETTING_TEXT:
        return sizeof(char *);
    case KV_SETTING_TEXTS:
        return sizeof(struct kv_texts);
    case KV_SETTING_RANGES:
        return sizeof(struct kv_ranges);
    case KV_SETTING_BASELINE:
        return sizeof(enum kv_baseline);
    }
    return 0;
}

/* A member without a row could not be set, and would not be copied: what no row
 * covers may only be padding, which is less than a member. */
static void test_every_member_has_a_row(void **state)
{
    bool covered[sizeof(struct kv_policy)] = { false };
    size_t gap = 0;

    (void)state;
    for (size_t i = 0; i < kv_settings_count; i++)
        for (size_t j = 0; j < size_of(&kv_settings[i]); j++) {
            size_t at = kv_settings[i].offset + j;

            if (covered[at])
                fail_with("%s lies on another", kv_settings[i].name);
            covered[at] = true;
        }
    for (size_t i = 0; i < sizeof covered; i++) {
        gap = covered[i] ? 0 : gap + 1;
        if (gap >= sizeof(uint64_t))
            fail_with("no row covers byte %zu of struct kv_policy", i);
    }
}

/* Each name that the published catalogue writes in brackets. */
static void test_published_names(void **state)
{
    char path[1024];
    size_t size = 0;
    char *text;
    unsigned found = 0;

    (void)state;
    snprintf(path, sizeof path, "%s/recommendations.md", test_shared());
    text = test_read_file(path, &size);
    for (char *at = strchr(text, '['); at; at = strchr(at + 1, '[')) {
        size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
        char name[64] = "";

        if (length < 3 || length >= sizeof name ||
            !strchr("=]/", at[1 + length]))
            continue;
        memcpy(name, at + 1, length);
        found++;
        if (strcmp(name, "name") != 0)
            (void)setting_of(name);
    }
    assert_true(found > 40);
    mem_free(text);
}

/* What is printed can be read again and means the same. */
static void test_round_trip(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_settings_count; i++) {
        const struct kv_setting *setting = &kv_settings[i];
        struct kv_policy policy;
        struct buf text = { .limit = 4096 };
        struct kv_error err = { 0 };

        kv_policy_copy(&policy, &kv_policy_default);
        assert_true(kv_setting_equal(setting, &policy, &kv_policy_default));
        kv_setting_put(setting, &policy, &text);
        if (kv_setting_parse(setting, &policy, buf_text(&text), &err) != KV_OK)
            fail_with("%s: %s", setting->name, err.text);
        assert_true(kv_setting_equal(setting, &policy, &kv_policy_default));
        assert_false(kv_setting_looser(setting, &policy, &kv_policy_default));
        buf_done(&text);
        kv_policy_done(&policy);
    }
}

static const struct {
    const char *name;
    const char *text;
    const char *expected; /* as printed; NULL: refused */
} value_rows[] = {
    { "retention_days", " 30 ", "30" },
    { "retention_days", "7", "7" },
    { "retention_days", "6", NULL },
    { "retention_days", "91", NULL },
    { "retention_days", "", NULL },
    { "retention_days", "-7", NULL },
    { "retention_days", "30 days", NULL },
    { "retention_days", "99999999999999999999", NULL },
    { "max_public_addresses", "4294967295", "4294967295" },
    { "max_public_addresses", "4294967296", NULL },
    { "max_privileged", "0", "0" },
    { "multitenant", "Yes", "yes" },
    { "multitenant", "false", "no" },
    { "multitenant", "maybe", NULL },
    { "baseline", "2020-HSM", "2020-hsm" },
    { "baseline", "2018", NULL },
    { "break_glass", " a , b,, c ", "a,b,c" },
    { "key_types", "", "" },
    { "allowed_ranges", "10.0.0.0/8, 20.61.4.7", "10.0.0.0/8,20.61.4.7" },
    { "allowed_ranges", "10.0.0.0/33", NULL },
    { "allowed_ranges", "10.0.0.0/8, office", NULL },
    { "allowed_ranges", "::1", NULL },
    { "defender_plan", "PerTransaction", "PerTransaction" },
    { "defender_plan", " ", "" },
};

/* A refused value leaves what was there and says what would do. */
static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(value_rows); i++) {
        const struct kv_setting *setting = setting_of(value_rows[i].name);
        struct buf shown = { .limit = 4096 };
        struct buf allowed = { .limit = 4096 };
        struct kv_error err = { 0 };
        struct kv_policy policy;
        bool taken;

        kv_policy_copy(&policy, &kv_policy_default);
        taken = kv_setting_parse(setting, &policy, value_rows[i].text, &err) ==
                KV_OK;
        kv_setting_put(setting, &policy, &shown);
        kv_setting_put_allowed(setting, &allowed);
        if (taken != (value_rows[i].expected != NULL))
            fail_with("%s = '%s' was %s", setting->name, value_rows[i].text,
                taken ? "taken" : err.text);
        if (taken && strcmp(buf_text(&shown), value_rows[i].expected) != 0)
            fail_with("%s = '%s' became '%s'", setting->name,
                value_rows[i].text, buf_text(&shown));
        if (!taken) {
            assert_contains(err.text, setting->name);
            assert_contains(err.text, buf_text(&allowed));
            assert_true(kv_setting_equal(setting, &policy, &kv_policy_default));
        }
        buf_done(&shown);
        buf_done(&allowed);
        kv_policy_done(&policy);
    }
}

static void test_ranges_are_understood(void **state)
{
    struct kv_policy policy;
    struct kv_policy copy;
    struct kv_error err = { 0 };

    (void)state;
    kv_policy_copy(&policy, &kv_policy_default);
    assert_int_equal(kv_setting_parse(setting_of("forbidden_ranges"), &policy,
                         "10.1.2.3/8,20.61.4.7", &err),
        KV_OK);
    kv_policy_copy(&copy, &policy);
    kv_policy_done(&policy); /* the copy owns its own */
    assert_int_equal(copy.forbidden_ranges.count, 2);
    assert_int_equal(copy.forbidden_ranges.items[0].first, 0x0a000000);
    assert_int_equal(copy.forbidden_ranges.items[0].last, 0x0affffff);
    assert_int_equal(copy.forbidden_ranges.items[1].first, 0x143d0407);
    assert_string_equal(copy.forbidden_ranges.items[1].text, "20.61.4.7");
    kv_policy_done(&copy);
}

static void test_looser(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        bool looser; /* than the default */
    } rows[] = {
        { "retention_days", "30", true }, { "max_privileged", "6", true },
        { "max_privileged", "4", false }, { "widest_prefix", "16", true },
        { "widest_prefix", "28", false }, { "multitenant", "yes", false },
        { "required_tags", "owner", false }, /* neither is stricter */
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct kv_setting *setting = setting_of(rows[i].name);
        struct kv_policy policy;
        struct kv_error err = { 0 };

        kv_policy_copy(&policy, &kv_policy_default);
        assert_int_equal(
            kv_setting_parse(setting, &policy, rows[i].text, &err), KV_OK);
        if (kv_setting_looser(setting, &policy, &kv_policy_default) !=
            rows[i].looser)
            fail_with("%s = %s", rows[i].name, rows[i].text);
        kv_policy_done(&policy);
    }
}

static void test_patterns(void **state)
{
    static const struct {
        const char *pattern;
        const char *text;
        bool matches;
    } rows[] = {
        { "kv-*", "KV-pay", true },
        { "kv-*", "xkv-pay", false },
        { "*", "", true },
        { "", "", true },
        { "", "a", false },
        { "?", "", false },
        { "a*b*c", "aXbXbc", true },
        { "a*b*c", "aXbXb", false },
        { "*-prod", "pay-prod-prod", true },
        { "a?c", "abc", true },
        { "[a]", "a", false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        if (kv_pattern_matches(rows[i].pattern, rows[i].text) !=
            rows[i].matches)
            fail_with("'%s' on '%s'", rows[i].pattern, rows[i].text);
    assert_true(kv_texts_have(&kv_policy_default.key_types, "rsa-hsm"));
    assert_false(kv_texts_have(&kv_policy_default.key_types, "rsa-"));
    assert_false(kv_texts_match(&kv_policy_default.never_expires, "any"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_member_has_a_row),
        cmocka_unit_test(test_published_names),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_ranges_are_understood),
        cmocka_unit_test(test_looser),
        cmocka_unit_test(test_patterns),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
