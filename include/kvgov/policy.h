/* What a site or a person decides. Nearly all of it is what the catalogue judges
 * by: the baseline, and every threshold and list that a recommendation names in
 * [brackets]. One table names them all: it drives
 * reading them from a file, printing them and explaining them. */
#ifndef KVGOV_POLICY_H
#define KVGOV_POLICY_H

#include "kvgov/error.h"
#include "kvgov/estate.h"

/* Which publications are asked; see kv_baselines. */
enum kv_baseline {
    KV_BASELINE_CURRENT,
    KV_BASELINE_SEEDS,
    KV_BASELINE_2019,
    KV_BASELINE_2020_HSM,
    KV_BASELINE_2025,
};
#define KV_BASELINE_COUNT 5

struct kv_baseline_info {
    const char *name; /* "2020-hsm" */
    const char *what;
    const char *const *sources; /* ids; NULL: every row that still stands */
};
extern const struct kv_baseline_info kv_baselines[KV_BASELINE_COUNT];
/* KV_BASELINE_COUNT when there is no such name. */
unsigned kv_baseline_find(const char *name);

struct kv_texts {
    const char *const *items;
    uint32_t count;
};

/* Addresses, each as it was written and as it was understood. */
struct kv_ranges {
    const struct kv_ip_rule *items;
    uint32_t count;
};

/* Members are called as the catalogue and the configuration call them. */
struct kv_policy {
    bool read_only; /* not of judging: no write mode can be switched on */
    enum kv_baseline baseline;
    uint32_t attestation_days;

    /* changing: not of judging either */
    struct kv_texts forbidden_remedies; /* ids, patterns */
    struct kv_texts raised_remedies;    /* ids, patterns: one grade up */
    const char *reason_pattern; /* a run needs a reason like it; NULL: none */
    uint32_t second_person;     /* from this grade on; 0: never */

    /* separation */
    struct kv_texts application_tags;
    struct kv_texts environment_tags;
    struct kv_texts production; /* values of those, patterns */
    struct kv_texts tenant_tags;
    bool multitenant;

    /* access */
    uint32_t max_privileged;
    uint32_t max_contributors;
    uint32_t max_secret_readers;
    struct kv_texts break_glass;        /* object ids */
    struct kv_texts allowed_principals; /* object ids; empty: not judged */

    /* network */
    uint32_t widest_prefix;          /* shortest prefix length that is narrow */
    uint32_t max_public_addresses;   /* in the union of all rules */
    struct kv_ranges allowed_ranges; /* empty: not judged */
    struct kv_ranges forbidden_ranges;

    /* protection, backup */
    uint32_t retention_days;
    uint32_t purge_warning_days;
    uint32_t restore_test_days;

    /* logging */
    uint32_t log_retention_days;
    uint32_t max_log_readers;
    struct kv_texts log_sinks; /* ARM ids; empty: not judged */
    const char *defender_plan; /* NULL: not judged */

    /* objects and certificates */
    uint32_t max_secrets;
    uint32_t expiry_days;
    uint32_t max_lifetime_days;
    uint32_t max_age_days;
    uint32_t rotation_days;
    uint32_t rsa_bits;
    uint32_t certificate_months;
    uint32_t lifetime_percentage;
    uint32_t renew_days;
    bool hsm_backed;
    struct kv_texts never_expires; /* patterns of object names */
    struct kv_texts key_types;
    struct kv_texts curves;
    struct kv_texts certificate_key_types;
    struct kv_texts issuers;
    struct kv_texts other_issuers; /* empty: none is named */

    /* governance */
    uint32_t idle_days;
    struct kv_texts policy_core; /* definitions, "a|b" for either */
    struct kv_texts policy_core_hsm;
    struct kv_texts required_tags;
    const char *name_pattern; /* NULL: not judged */

    /* managed HSM */
    uint32_t hsm_admins; /* fewest */
    uint32_t max_hsm_admins;
    uint32_t hsm_backup_days;
    uint32_t aes_bits;
};

/* Constant: borrow it, or copy it to change something. */
extern const struct kv_policy kv_policy_default;

/* A deep copy, whose lists and texts `to` owns. */
void kv_policy_copy(struct kv_policy *to, const struct kv_policy *from);
void kv_policy_done(struct kv_policy *policy); /* a copy; zero is allowed */

/* True when one of the items is `text`, any ASCII case. */
bool kv_texts_have(const struct kv_texts *texts, const char *text);
/* True when `text` fits one of the patterns: "*" is any run of characters, "?"
 * any one, letters in any ASCII case. */
bool kv_texts_match(const struct kv_texts *patterns, const char *text);
bool kv_pattern_matches(const char *pattern, const char *text);

/* What a resource is for; the more care it asks for, the greater. */
enum kv_environment {
    KV_ENVIRONMENT_OTHER,
    KV_ENVIRONMENT_UNTOLD, /* no tag says, so it may be production */
    KV_ENVIRONMENT_PRODUCTION,
};
/* By the first of the environment tags on the resource itself, else on its
 * group, else on its subscription. */
enum kv_environment kv_environment_of(const struct kv_policy *policy,
    const struct kv_estate *estate, const struct kv_resource *resource);

/* ---- the table ---- */

enum kv_setting_kind {
    KV_SETTING_NUMBER,
    KV_SETTING_SWITCH,
    KV_SETTING_TEXT,
    KV_SETTING_TEXTS,
    KV_SETTING_RANGES,
    KV_SETTING_BASELINE,
};

/* In which direction a value is stricter; where neither is, a site's own value
 * stands against a user's. */
enum kv_strict {
    KV_STRICT_NEITHER,
    KV_STRICT_HIGHER, /* a switch: yes */
    KV_STRICT_LOWER,
};

struct kv_setting {
    const char *name; /* as the catalogue writes it in brackets */
    const char *what; /* one phrase */
    enum kv_setting_kind kind;
    enum kv_strict strict;
    size_t offset;  /* in struct kv_policy */
    uint32_t least; /* of a number */
    uint32_t most;
};

extern const struct kv_setting kv_settings[];
extern const size_t kv_settings_count;
/* NULL when there is no such name; the case must fit. */
const struct kv_setting *kv_setting_find(const char *name);

/* Takes a value from text, into a policy that kv_policy_copy() made. Fails with
 * KV_BAD_INPUT, says what is allowed, and leaves the policy as it was. */
KV_NODISCARD enum kv_status kv_setting_parse(const struct kv_setting *setting,
    struct kv_policy *policy, const char *text, struct kv_error *err);
/* The value as kv_setting_parse() takes it; "" for none. */
void kv_setting_put(const struct kv_setting *setting,
    const struct kv_policy *policy, struct buf *out);
/* "a number from 1 to 3650" */
void kv_setting_put_allowed(const struct kv_setting *setting, struct buf *out);
void kv_setting_copy(const struct kv_setting *setting, struct kv_policy *to,
    const struct kv_policy *from);
bool kv_setting_equal(const struct kv_setting *setting,
    const struct kv_policy *a, const struct kv_policy *b);
/* Where the table knows a direction: `a` asks for less than `b`. */
bool kv_setting_looser(const struct kv_setting *setting,
    const struct kv_policy *a, const struct kv_policy *b);

#endif
