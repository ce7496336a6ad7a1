/* The values that the catalogue judges by when nobody says otherwise, and the
 * ownership of those that somebody does. */
#include "kvgov/policy.h"

#include "base.h"

#include <ctype.h>
#include <string.h>

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define TEXTS(...)                                                             \
    {                                                                          \
        .items = LIST(__VA_ARGS__),                                            \
        .count = sizeof(LIST(__VA_ARGS__)) / sizeof(char *) - 1,               \
    }

const struct kv_baseline_info kv_baselines[KV_BASELINE_COUNT] = {
    [KV_BASELINE_CURRENT] = {
        .name = "current",
        .what = "every recommendation that still stands",
    },
    [KV_BASELINE_SEEDS] = {
        .name = "seeds",
        .what = "the five publications of 2019 to 2025",
        .sources = LIST("S0", "S1", "S2", "S3", "S4"),
    },
    [KV_BASELINE_2019] = {
        .name = "2019",
        .what = "what was recommended in 2019",
        .sources = LIST("S0", "S4"),
    },
    [KV_BASELINE_2020_HSM] = {
        .name = "2020-hsm",
        .what = "what was recommended for managed HSMs in 2020",
        .sources = LIST("S2"),
    },
    [KV_BASELINE_2025] = {
        .name = "2025",
        .what = "what was recommended in 2025",
        .sources = LIST("S1", "S3"),
    },
};

unsigned kv_baseline_find(const char *name)
{
    unsigned i = 0;

    while (
        i < KV_BASELINE_COUNT && !text_equal_nocase(kv_baselines[i].name, name))
        i++;
    return i;
}

const struct kv_policy kv_policy_default = {
    .baseline = KV_BASELINE_CURRENT,
    .attestation_days = 365,
    .application_tags = TEXTS("application", "app", "workload", "service"),
    .environment_tags = TEXTS("environment", "env", "stage"),
    .production = TEXTS("prod*", "prd", "live", "p"),
    .tenant_tags = TEXTS("tenant", "customer"),
    .max_privileged = 5,
    .max_contributors = 3,
    .max_secret_readers = 10,
    .widest_prefix = 24,
    .max_public_addresses = 1024,
    .retention_days = 90,
    .purge_warning_days = 7,
    .restore_test_days = 180,
    .log_retention_days = 365,
    .max_log_readers = 10,
    .max_secrets = 500,
    .expiry_days = 30,
    .max_lifetime_days = 730,
    .max_age_days = 730,
    .rotation_days = 365,
    .rsa_bits = 2048,
    .certificate_months = 12,
    .lifetime_percentage = 80,
    .renew_days = 30,
    .key_types = TEXTS("RSA", "RSA-HSM", "EC", "EC-HSM"),
    .curves = TEXTS("P-256", "P-256K", "P-384", "P-521"),
    .certificate_key_types = TEXTS("RSA", "RSA-HSM"),
    .issuers = TEXTS("DigiCert", "GlobalSign"),
    .idle_days = 90,
    /* The first eight digits of the definitions' ids. */
    .policy_core =
        TEXTS("12d4fa5e", "55615ac9|405c5871", "0b60c0b2", "cf820ca0"),
    .policy_core_hsm = TEXTS("c39ba22d", "a2a5b911"),
    .required_tags = TEXTS("owner", "environment"),
    .hsm_admins = 2,
    .max_hsm_admins = 5,
    .hsm_backup_days = 7,
    .aes_bits = 256,
};

/* ---- ownership: the table knows which members hold memory ---- */

static void texts_done(struct kv_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        mem_free((char *)texts->items[i]);
    mem_free((void *)texts->items);
    *texts = (struct kv_texts){ 0 };
}

static void ranges_done(struct kv_ranges *ranges)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        mem_free((char *)ranges->items[i].text);
    mem_free((void *)ranges->items);
    *ranges = (struct kv_ranges){ 0 };
}

static void setting_done(
    const struct kv_setting *setting, struct kv_policy *policy)
{
    void *member = (char *)policy + setting->offset;

    switch (setting->kind) {
    case KV_SETTING_TEXT:
        mem_free(*(char **)member);
        *(char **)member = NULL;
        break;
    case KV_SETTING_TEXTS:
        texts_done(member);
        break;
    case KV_SETTING_RANGES:
        ranges_done(member);
        break;
    case KV_SETTING_NUMBER:
    case KV_SETTING_SWITCH:
    case KV_SETTING_BASELINE:
        break;
    }
}

void kv_policy_done(struct kv_policy *policy)
{
    for (size_t i = 0; i < kv_settings_count; i++)
        setting_done(&kv_settings[i], policy);
}

static void texts_copy(struct kv_texts *to, const struct kv_texts *from)
{
    const char **items = mem_alloc((from->count + 1) * sizeof *items);

    for (uint32_t i = 0; i < from->count; i++)
        items[i] = mem_copy_text(from->items[i]);
    *to = (struct kv_texts){ items, from->count };
}

static void ranges_copy(struct kv_ranges *to, const struct kv_ranges *from)
{
    struct kv_ip_rule *items = mem_alloc((from->count + 1) * sizeof *items);

    for (uint32_t i = 0; i < from->count; i++) {
        items[i] = from->items[i];
        items[i].text = mem_copy_text(from->items[i].text);
    }
    *to = (struct kv_ranges){ items, from->count };
}

/* What was in the member of `to` is forgotten, not freed. */
static void member_copy(const struct kv_setting *setting, struct kv_policy *to,
    const struct kv_policy *from)
{
    void *member = (char *)to + setting->offset;
    const void *source = (const char *)from + setting->offset;

    switch (setting->kind) {
    case KV_SETTING_NUMBER:
        memcpy(member, source, sizeof(uint32_t));
        break;
    case KV_SETTING_SWITCH:
        memcpy(member, source, sizeof(bool));
        break;
    case KV_SETTING_BASELINE:
        memcpy(member, source, sizeof(enum kv_baseline));
        break;
    case KV_SETTING_TEXT:
        *(char **)member = mem_copy_text(*(const char *const *)source);
        break;
    case KV_SETTING_TEXTS:
        texts_copy(member, source);
        break;
    case KV_SETTING_RANGES:
        ranges_copy(member, source);
        break;
    }
}

void kv_setting_copy(const struct kv_setting *setting, struct kv_policy *to,
    const struct kv_policy *from)
{
    setting_done(setting, to);
    member_copy(setting, to, from);
}

void kv_policy_copy(struct kv_policy *to, const struct kv_policy *from)
{
    struct kv_policy copy = { 0 };

    for (size_t i = 0; i < kv_settings_count; i++)
        member_copy(&kv_settings[i], &copy, from);
    *to = copy;
}

/* ---- asking a list ---- */

bool kv_texts_have(const struct kv_texts *texts, const char *text)
{
    for (uint32_t i = 0; i < texts->count; i++)
        if (text_equal_nocase(texts->items[i], text))
            return true;
    return false;
}

/* One place to come back to is enough: of two stars, the later one decides. */
bool kv_pattern_matches(const char *pattern, const char *text)
{
    const char *star = NULL;
    const char *again = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*pattern == '?' ||
                   (*pattern && tolower((unsigned char)*pattern) ==
                                    tolower((unsigned char)*text))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool kv_texts_match(const struct kv_texts *patterns, const char *text)
{
    for (uint32_t i = 0; i < patterns->count; i++)
        if (kv_pattern_matches(patterns->items[i], text))
            return true;
    return false;
}
