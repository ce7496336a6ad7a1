/* The settings of a policy by name: read from text, put as text, compared. */
#include "kvgov/policy.h"

#include "base.h"

#include <string.h>

#define YEARS_10 3650u
#define AT(member) offsetof(struct kv_policy, member)

/* One line a setting; `most` of a number follows from what it counts. */
#define NUMBER(member, direction, from, to, phrase)                            \
    {                                                                          \
        .name = #member, .what = phrase, .kind = KV_SETTING_NUMBER,            \
        .strict = KV_STRICT_##direction, .offset = AT(member), .least = from,  \
        .most = to,                                                            \
    }
#define SWITCH(member, phrase)                                                 \
    {                                                                          \
        .name = #member, .what = phrase, .kind = KV_SETTING_SWITCH,            \
        .strict = KV_STRICT_HIGHER, .offset = AT(member),                      \
    }
#define OTHER(type, member, phrase)                                            \
    {                                                                          \
        .name = #member, .what = phrase, .kind = KV_SETTING_##type,            \
        .offset = AT(member),                                                  \
    }

/* In the order of the catalogue. */
const struct kv_setting kv_settings[] = {
    SWITCH(read_only, "no write mode can be switched on"),
    OTHER(TEXTS, forbidden_remedies,
        "remedies that nobody may run; * stands for any text"),
    OTHER(TEXTS, raised_remedies, "remedies that are confirmed one grade up"),
    OTHER(TEXT, reason_pattern,
        "a run needs a reason that fits; * stands for any text"),
    NUMBER(second_person, LOWER, 0, 3,
        "grade from which a second person approves the plan; 0: never"),
    OTHER(BASELINE, baseline, "the publications to judge by"),
    NUMBER(
        attestation_days, LOWER, 1, YEARS_10, "days that an attestation holds"),
    OTHER(TEXTS, application_tags, "tags that name an application"),
    OTHER(TEXTS, environment_tags, "tags that name an environment"),
    OTHER(TEXTS, production,
        "values of environment tags that mean production, with * and ?"),
    OTHER(TEXTS, tenant_tags, "tags that name a customer"),
    SWITCH(multitenant, "workloads of several customers run here"),
    NUMBER(max_privileged, LOWER, 0, 10000,
        "principals with privileged roles over one resource"),
    OTHER(TEXTS, break_glass,
        "object ids of emergency accounts, whose standing roles are meant"),
    NUMBER(max_contributors, LOWER, 0, 10000,
        "principals that may write one vault without a data role"),
    NUMBER(max_secret_readers, LOWER, 0, 10000,
        "persons that may read one vault's secrets"),
    OTHER(TEXTS, allowed_principals,
        "object ids that may have access to data; none: not judged"),
    NUMBER(widest_prefix, HIGHER, 1, 32,
        "shortest prefix of a firewall rule that is narrow"),
    NUMBER(max_public_addresses, LOWER, 0, UINT32_MAX,
        "addresses that all rules of one firewall may let in"),
    OTHER(RANGES, allowed_ranges,
        "address ranges of the organisation; none: not judged"),
    OTHER(RANGES, forbidden_ranges, "address ranges that no rule may name"),
    NUMBER(retention_days, HIGHER, 7, 90, "days that what was deleted is kept"),
    NUMBER(purge_warning_days, HIGHER, 1, 90,
        "days before a deleted vault is gone for good"),
    NUMBER(log_retention_days, HIGHER, 1, YEARS_10, "days that logs are kept"),
    NUMBER(max_log_readers, LOWER, 0, 10000,
        "principals that may read one vault's logs"),
    OTHER(TEXT, defender_plan,
        "the Defender plan for Key Vault; none: not judged"),
    OTHER(TEXTS, log_sinks,
        "resource ids that logs must reach; none: not judged"),
    NUMBER(restore_test_days, LOWER, 1, YEARS_10,
        "days since restoring was last tested"),
    NUMBER(max_secrets, LOWER, 1, 100000,
        "secrets in one vault before it looks like a store of content"),
    OTHER(TEXTS, never_expires,
        "names of keys and secrets that need no expiry date, with * and ?"),
    NUMBER(expiry_days, HIGHER, 1, YEARS_10,
        "days before an expiry date in which it is near"),
    NUMBER(
        max_lifetime_days, LOWER, 1, YEARS_10, "days from creation to expiry"),
    NUMBER(max_age_days, LOWER, 1, YEARS_10, "days since creation"),
    OTHER(TEXTS, key_types, "types of keys that are allowed"),
    NUMBER(rsa_bits, HIGHER, 2048, 4096, "bits of an RSA key"),
    OTHER(TEXTS, curves, "curves that are allowed"),
    SWITCH(hsm_backed, "keys must be backed by hardware"),
    NUMBER(rotation_days, LOWER, 1, YEARS_10,
        "days after creation by which a key is rotated"),
    NUMBER(certificate_months, LOWER, 1, 120,
        "months that a certificate is valid"),
    OTHER(TEXTS, certificate_key_types,
        "types of certificate keys that are allowed"),
    OTHER(TEXTS, issuers, "integrated issuers that are allowed"),
    OTHER(TEXTS, other_issuers, "other issuers that are allowed"),
    NUMBER(lifetime_percentage, LOWER, 1, 99,
        "share of a certificate's life after which it renews"),
    NUMBER(renew_days, HIGHER, 1, 365,
        "days before expiry at which a certificate renews"),
    OTHER(TEXTS, policy_core,
        "Azure Policy definitions for vaults, a|b for either"),
    OTHER(TEXTS, policy_core_hsm, "Azure Policy definitions for managed HSMs"),
    OTHER(TEXTS, required_tags, "tags that every resource carries"),
    OTHER(TEXT, name_pattern,
        "what names look like, with * and ?; none: not judged"),
    NUMBER(idle_days, LOWER, 1, YEARS_10,
        "days without a request before a vault counts as unused"),
    NUMBER(hsm_admins, HIGHER, 1, 100,
        "fewest persons that administer one managed HSM"),
    NUMBER(max_hsm_admins, LOWER, 1, 100,
        "most persons that administer one managed HSM"),
    NUMBER(hsm_backup_days, LOWER, 1, YEARS_10,
        "days since the last full backup of a managed HSM"),
    NUMBER(aes_bits, HIGHER, 128, 256, "bits of an AES key"),
};
const size_t kv_settings_count = sizeof kv_settings / sizeof kv_settings[0];

#define ITEM_BYTES 1024u /* of one item of a list; ARM ids are the longest */
#define ITEM_COUNT 1000u

const struct kv_setting *kv_setting_find(const char *name)
{
    for (size_t i = 0; i < kv_settings_count; i++)
        if (strcmp(kv_settings[i].name, name) == 0)
            return &kv_settings[i];
    return NULL;
}

static uint32_t number_at(
    const struct kv_policy *policy, const struct kv_setting *setting)
{
    uint32_t number;

    memcpy(&number, (const char *)policy + setting->offset, sizeof number);
    return number;
}

static bool switch_at(
    const struct kv_policy *policy, const struct kv_setting *setting)
{
    return *(const bool *)((const char *)policy + setting->offset);
}

/* ---- as text ---- */

static void put_baselines(struct buf *out)
{
    for (unsigned i = 0; i < KV_BASELINE_COUNT; i++)
        buf_putf(out, "%s%s",
            i == 0                      ? ""
            : i + 1 < KV_BASELINE_COUNT ? ", "
                                        : " or ",
            kv_baselines[i].name);
}

void kv_setting_put_allowed(const struct kv_setting *setting, struct buf *out)
{
    switch (setting->kind) {
    case KV_SETTING_NUMBER:
        buf_putf(out, "a number from %u to %u", setting->least, setting->most);
        break;
    case KV_SETTING_SWITCH:
        buf_puts(out, "yes or no");
        break;
    case KV_SETTING_TEXT:
        buf_puts(out, "a text");
        break;
    case KV_SETTING_TEXTS:
        buf_puts(out, "texts with commas between them");
        break;
    case KV_SETTING_RANGES:
        buf_puts(out, "IPv4 addresses or ranges like 203.0.113.0/24 with "
                      "commas between them");
        break;
    case KV_SETTING_BASELINE:
        put_baselines(out);
        break;
    }
}

static void put_texts(struct buf *out, const struct kv_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        buf_putf(out, "%s%s", i ? "," : "", texts->items[i]);
}

static void put_ranges(struct buf *out, const struct kv_ranges *ranges)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        buf_putf(out, "%s%s", i ? "," : "", ranges->items[i].text);
}

void kv_setting_put(const struct kv_setting *setting,
    const struct kv_policy *policy, struct buf *out)
{
    const void *member = (const char *)policy + setting->offset;
    const char *text = NULL;

    switch (setting->kind) {
    case KV_SETTING_NUMBER:
        buf_putf(out, "%u", number_at(policy, setting));
        break;
    case KV_SETTING_SWITCH:
        buf_puts(out, switch_at(policy, setting) ? "yes" : "no");
        break;
    case KV_SETTING_TEXT:
        text = *(const char *const *)member;
        buf_puts(out, text ? text : "");
        break;
    case KV_SETTING_TEXTS:
        put_texts(out, member);
        break;
    case KV_SETTING_RANGES:
        put_ranges(out, member);
        break;
    case KV_SETTING_BASELINE:
        buf_puts(out, kv_baselines[policy->baseline].name);
        break;
    }
}

/* ---- from text: into a policy of its own, so that a failure leaves none ---- */

static bool number_parse(
    const struct kv_setting *setting, struct kv_policy *out, struct view text)
{
    uint64_t number = 0;
    uint32_t kept;

    if (text.size == 0 || text.size > 10)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (number < setting->least || number > setting->most)
        return false;
    kept = (uint32_t)number;
    memcpy((char *)out + setting->offset, &kept, sizeof kept);
    return true;
}

static bool switch_parse(bool *out, struct view text)
{
    static const struct {
        const char *word;
        bool on;
    } words[] = {
        { "yes", true },
        { "no", false },
        { "true", true },
        { "false", false },
        { "on", true },
        { "off", false },
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (view_equal_nocase(text, view_of(words[i].word))) {
            *out = words[i].on;
            return true;
        }
    return false;
}

/* Nothing between two commas is nothing, not an empty item. */
static bool texts_parse(struct kv_texts *out, struct view text)
{
    const char **items = NULL;
    size_t capacity = 0;
    uint32_t count = 0;
    bool good = true;

    while (good && text.size > 0) {
        struct view item = view_trim(view_cut(&text, ','));

        if (item.size == 0)
            continue;
        items = mem_grow(items, count, &capacity, sizeof *items);
        items[count++] = mem_copy_view(item);
        good = item.size <= ITEM_BYTES && count <= ITEM_COUNT;
    }
    *out = (struct kv_texts){ items, count };
    return good;
}

static bool ranges_parse(struct kv_ranges *out, struct view text)
{
    struct kv_ip_rule *items = NULL;
    size_t capacity = 0;
    uint32_t count = 0;
    bool good = true;

    while (good && text.size > 0) {
        struct view item = view_trim(view_cut(&text, ','));
        struct kv_ip_rule range = { .valid = true };

        if (item.size == 0)
            continue;
        good = ipv4_range_parse(item, &range.first, &range.last) &&
               count < ITEM_COUNT;
        if (!good)
            break;
        range.text = mem_copy_view(item);
        items = mem_grow(items, count, &capacity, sizeof *items);
        items[count++] = range;
    }
    *out = (struct kv_ranges){ items, count };
    return good;
}

static bool text_parse(const char **out, struct view text)
{
    *out = text.size > 0 ? mem_copy_view(text) : NULL;
    return text.size <= ITEM_BYTES;
}

static bool baseline_parse(enum kv_baseline *out, struct view text)
{
    char *name = mem_copy_view(text);
    unsigned found = kv_baseline_find(name);

    mem_free(name);
    if (found == KV_BASELINE_COUNT)
        return false;
    *out = (enum kv_baseline)found;
    return true;
}

static bool member_parse(
    const struct kv_setting *setting, struct kv_policy *out, struct view text)
{
    void *member = (char *)out + setting->offset;

    switch (setting->kind) {
    case KV_SETTING_NUMBER:
        return number_parse(setting, out, text);
    case KV_SETTING_SWITCH:
        return switch_parse(member, text);
    case KV_SETTING_TEXT:
        return text_parse(member, text);
    case KV_SETTING_TEXTS:
        return texts_parse(member, text);
    case KV_SETTING_RANGES:
        return ranges_parse(member, text);
    case KV_SETTING_BASELINE:
        return baseline_parse(member, text);
    }
    return false;
}

enum kv_status kv_setting_parse(const struct kv_setting *setting,
    struct kv_policy *policy, const char *text, struct kv_error *err)
{
    struct kv_policy one = { 0 };
    struct buf allowed = { .limit = 1024 };
    enum kv_status status = KV_OK;

    if (member_parse(setting, &one, view_trim(view_of(text)))) {
        kv_setting_copy(setting, policy, &one);
    } else {
        kv_setting_put_allowed(setting, &allowed);
        status = kv_error_set(err, KV_BAD_INPUT,
            "%s cannot be \"%.64s\": it takes %s", setting->name, text,
            buf_text(&allowed));
    }
    buf_done(&allowed);
    kv_policy_done(&one);
    return status;
}

/* ---- compared ---- */

bool kv_setting_equal(const struct kv_setting *setting,
    const struct kv_policy *a, const struct kv_policy *b)
{
    struct buf left = { .limit = SIZE_MAX };
    struct buf right = { .limit = SIZE_MAX };
    bool equal;

    kv_setting_put(setting, a, &left);
    kv_setting_put(setting, b, &right);
    equal = view_equal(buf_view(&left), buf_view(&right));
    buf_done(&left);
    buf_done(&right);
    return equal;
}

bool kv_setting_looser(const struct kv_setting *setting,
    const struct kv_policy *a, const struct kv_policy *b)
{
    bool is_switch = setting->kind == KV_SETTING_SWITCH;
    uint32_t left, right;

    if (setting->strict == KV_STRICT_NEITHER)
        return false;
    left = is_switch ? switch_at(a, setting) : number_at(a, setting);
    right = is_switch ? switch_at(b, setting) : number_at(b, setting);
    return setting->strict == KV_STRICT_HIGHER ? left < right : left > right;
}
