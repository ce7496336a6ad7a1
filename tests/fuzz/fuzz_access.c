/* What opens a vault: the words of access policies and the address rules of the
 * firewall, a line each, as ARM would answer them. */
#include "fuzz.h"

#include <jansson.h>
#include <stdlib.h>

#include "azure.h"
#include "kvgov/posture.h"
#include "plan.h"

#define VAULT                                                                  \
    "/subscriptions/11111111-0000-0000-0000-000000000001/resourceGroups/rg/"   \
    "providers/Microsoft.KeyVault/vaults/kv-pay"

static json_t *rules_of(struct view lines)
{
    json_t *rules = json_array();

    while (lines.size > 0) {
        struct view line = view_cut(&lines, '\n');
        json_t *value = json_stringn(line.data, line.size);

        if (value) /* else no JSON could hold it */
            json_array_append_new(rules, json_pack("{s:o}", "value", value));
    }
    return rules;
}

static json_t *words_of(struct view lines)
{
    json_t *words = json_array();

    while (lines.size > 0) {
        struct view line = view_cut(&lines, '\n');
        json_t *value = json_stringn(line.data, line.size);

        if (value)
            json_array_append_new(words, value);
    }
    return words;
}

static char *vault_body(struct view lines)
{
    json_t *words = words_of(lines);
    json_t *vault = json_pack(
        "{s:s, s:s, s:s, s:{s:{s:s, s:o}, s:[{s:s, s:{s:O, s:O, s:O, s:o}}]}}",
        "id", VAULT, "name", "kv-pay", "type", "Microsoft.KeyVault/vaults",
        "properties", "networkAcls", "defaultAction", "Deny", "ipRules",
        rules_of(lines), "accessPolicies", "objectId", "o-1", "permissions",
        "keys", words, "secrets", words, "certificates", words, "storage",
        words);
    char *text = json_dumps(vault, JSON_COMPACT);

    fuzz_check(text != NULL);
    json_decref(vault);
    return text;
}

/* Neither blanks nor signs nor anything else that would hide what Azure makes
 * of it; and what a remedy would write is read the same. */
static void check_rule(const struct kv_ip_rule *rule)
{
    struct address_range range = { 0 };
    bool writable = address_parse(&range, view_of(rule->text), NULL) == KV_OK;

    if (writable)
        fuzz_check(rule->valid && rule->first == range.first &&
                   rule->last == range.last);
    if (!rule->valid)
        return;
    fuzz_check(rule->first <= rule->last);
    fuzz_check(rule->text[strspn(rule->text, "0123456789./")] == '\0');
}

static void check_words(enum kv_object_kind kind, uint32_t bits)
{
    struct buf text = { .limit = 4096 };
    struct view rest;
    uint32_t again = 0;

    kv_permissions_put(&text, kind, bits);
    rest = buf_view(&text);
    while (rest.size > 0) {
        uint32_t bit = kv_permission_bit(kind, view_cut(&rest, ' '));

        fuzz_check(bit != 0);
        again |= bit;
    }
    fuzz_check((again & KV_PERMISSION_ALL) == (bits & KV_PERMISSION_ALL));
    fuzz_check((again & ~bits) == 0);
    buf_done(&text);
}

static void check_vault(
    const struct kv_estate *estate, const struct kv_resource *vault)
{
    struct kv_exposure exposure =
        kv_exposure_of(estate, vault, &kv_policy_default, NULL);
    const struct kv_access_policy *policy = vault->policies;
    bool unreadable = false;

    for (uint32_t i = 0; i < vault->ip_rule_count; i++) {
        check_rule(&vault->ip_rules[i]);
        unreadable |= !vault->ip_rules[i].valid;
    }
    fuzz_check(exposure.unreadable_rule == unreadable);
    fuzz_check(exposure.addresses <= (uint64_t)1 << 32);
    check_words(KV_OBJECT_KEY, policy->keys);
    check_words(KV_OBJECT_SECRET, policy->secrets);
    check_words(KV_OBJECT_CERTIFICATE, policy->certificates);
    check_words(KV_OBJECT_STORAGE, policy->storage);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *body = vault_body(fuzz_view(data, size));
    struct kv_estate *estate = estate_new();
    const struct azure_context context = { estate, VAULT, 1 };
    struct azure_page page;

    fuzz_check(
        azure_page_open(&page, AZURE_RESOURCE, view_of(body), NULL) == KV_OK);
    fuzz_check(
        azure_page_take(&page, AZURE_RESOURCE, &context, 1, NULL) == KV_OK);
    azure_page_done(&page);
    check_vault(estate, kv_estate_resource(estate, 0));
    estate_free(estate);
    free(body);
    return 0;
}
