/* The validation of vault and HSM properties, each rule with the code that
 * Key Vault answers. */
#include "vault_rules.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "linked.h"

#define IP_RULES_MAX 1000
#define NETWORK_RULES_MAX 200
#define POLICIES_MAX 1024
#define RETENTION_MIN 7
#define RETENTION_MAX 90

static bool rule_refuse(struct call *call, const char *message)
{
    answer_error(call, 400, "BadRequest", "%s", message);
    return false;
}

static bool value_in(const char *value, const char *const *allowed)
{
    for (; *allowed; allowed++)
        if (text_same(value, *allowed))
            return true;
    return false;
}

static bool check_word(struct call *call, json_t *given, const char *name,
    const char *const *allowed)
{
    json_t *value = json_object_get(given, name);

    if (!value || json_is_null(value))
        return true;
    if (value_in(json_string_value(value), allowed))
        return true;
    answer_error(call, 400, "BadRequest",
        "The property \"%s\" has an invalid value.", name);
    return false;
}

static bool check_flags(struct call *call, json_t *given)
{
    static const char *const flags[] = { "enabledForDeployment",
        "enabledForDiskEncryption", "enabledForTemplateDeployment",
        "enableSoftDelete", "enableRbacAuthorization",
        "enablePurgeProtection" };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        json_t *value = json_object_get(given, flags[i]);

        if (!value || json_is_boolean(value) || json_is_null(value))
            continue;
        answer_error(call, 400, "BadRequest",
            "The property \"%s\" must be a boolean.", flags[i]);
        return false;
    }
    return true;
}

/* Deletion protection only ever gets stronger. */
static bool check_protection(struct call *call, json_t *given)
{
    if (json_is_false(json_object_get(given, "enablePurgeProtection")))
        return rule_refuse(call,
            "The property \"enablePurgeProtection\" cannot be set to false. "
            "Enabling the purge protection for a vault is an irreversible "
            "action.");
    if (json_is_false(json_object_get(given, "enableSoftDelete")))
        return rule_refuse(call,
            "The property \"enableSoftDelete\" can be set to false only for "
            "creating new vault. Enabling the 'soft delete' functionality is "
            "an irreversible action.");
    return true;
}

static bool check_retention(struct call *call, json_t *old, json_t *given)
{
    json_t *value = json_object_get(given, "softDeleteRetentionInDays");
    json_t *now = json_object_get(old, "softDeleteRetentionInDays");

    if (!value || json_is_null(value))
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < RETENTION_MIN ||
        json_integer_value(value) > RETENTION_MAX)
        return rule_refuse(call,
            "The property \"softDeleteRetentionInDays\" must be between 7 and "
            "90.");
    if (json_is_integer(now) &&
        json_integer_value(now) != json_integer_value(value))
        return rule_refuse(call,
            "The property \"softDeleteRetentionInDays\" has been set already "
            "and it can't be modified.");
    return true;
}

/* An IPv4 address or CIDR range; *bits is the length of its prefix. */
static bool ip_parse(const char *text, uint32_t *address, long *bits)
{
    char *copy = alloc_text(text);
    char *slash = strchr(copy, '/');
    char *end = NULL;
    struct in_addr parsed;
    bool good;

    *bits = 32;
    if (slash) {
        *slash = '\0';
        *bits = strtol(slash + 1, &end, 10);
    }
    good = inet_pton(AF_INET, copy, &parsed) == 1 &&
           (!slash || (end != slash + 1 && *end == '\0')) && *bits >= 0 &&
           *bits <= 32;
    *address = good ? ntohl(parsed.s_addr) : 0;
    free(copy);
    return good;
}

static bool ip_private(uint32_t address)
{
    return (address >> 24) == 10 || (address >> 20) == 0xac1 ||
           (address >> 16) == 0xc0a8;
}

static bool check_ip_rules(struct call *call, json_t *rules)
{
    size_t index;
    json_t *rule;

    if (json_array_size(rules) > IP_RULES_MAX)
        return rule_refuse(call, "Too many IP rules; the limit is 1000.");
    json_array_foreach(rules, index, rule)
    {
        const char *value = json_string_value(json_object_get(rule, "value"));
        uint32_t address;
        long bits;

        if (!value || !ip_parse(value, &address, &bits)) {
            answer_error(call, 400, "BadRequest",
                "The value '%s' of an IP rule is not a valid IPv4 address or "
                "CIDR range.",
                value ? value : "");
            return false;
        }
        if (ip_private(address)) {
            answer_error(call, 400, "BadRequest",
                "The IP rule '%s' is in a private range; only public "
                "addresses are allowed.",
                value);
            return false;
        }
    }
    return true;
}

static bool check_network(struct call *call, json_t *given)
{
    static const char *const actions[] = { "Allow", "Deny", NULL };
    static const char *const bypasses[] = { "AzureServices", "None", NULL };
    static const char *const access[] = { "Enabled", "Disabled",
        "SecuredByPerimeter", NULL };
    json_t *acls = json_object_get(given, "networkAcls");

    if (!check_word(call, given, "publicNetworkAccess", access))
        return false;
    if (!acls || json_is_null(acls))
        return true;
    if (!json_is_object(acls))
        return rule_refuse(
            call, "The property \"networkAcls\" must be an object.");
    if (!check_word(call, acls, "defaultAction", actions) ||
        !check_word(call, acls, "bypass", bypasses))
        return false;
    if (json_array_size(json_object_get(acls, "virtualNetworkRules")) >
        NETWORK_RULES_MAX)
        return rule_refuse(
            call, "Too many virtual network rules; the limit is 200.");
    return check_ip_rules(call, json_object_get(acls, "ipRules"));
}

static bool check_policies(struct call *call, json_t *given)
{
    json_t *policies = json_object_get(given, "accessPolicies");
    size_t index;
    json_t *policy;

    if (json_array_size(policies) > POLICIES_MAX)
        return rule_refuse(
            call, "Too many access policies; the limit is 1024.");
    json_array_foreach(policies, index,
        policy) if (!json_is_string(json_object_get(policy, "objectId")) ||
                    !json_is_string(json_object_get(policy, "tenantId")) ||
                    !json_is_object(json_object_get(
                        policy, "permissions"))) return rule_refuse(call,
        "An access policy needs tenantId, objectId and permissions.");
    return true;
}

static bool has_rule(json_t *rules, const char *id)
{
    size_t index;
    json_t *rule;

    json_array_foreach(rules, index, rule)
    {
        if (text_same(json_string_value(json_object_get(rule, "id")), id))
            return true;
    }
    return false;
}

/* Whoever lets a subnet in must be allowed to join it. */
static bool check_subnets(struct call *call, json_t *old, json_t *given)
{
    json_t *rules = json_object_get(
        json_object_get(given, "networkAcls"), "virtualNetworkRules");
    json_t *before = json_object_get(
        json_object_get(old, "networkAcls"), "virtualNetworkRules");
    size_t index;
    json_t *rule;

    json_array_foreach(rules, index, rule)
    {
        const char *id = json_string_value(json_object_get(rule, "id"));

        if (!id)
            return rule_refuse(call, "A virtual network rule needs an id.");
        if (!has_rule(before, id) &&
            !linked_check(call, id,
                "Microsoft.Network/virtualNetworks/subnets/"
                "joinViaServiceEndpoint/action"))
            return false;
    }
    return true;
}

bool vault_rules_check(struct call *call, json_t *old, json_t *given)
{
    return check_flags(call, given) && check_protection(call, given) &&
           check_retention(call, old, given) && check_network(call, given) &&
           check_policies(call, given) && check_subnets(call, old, given);
}

bool hsm_rules_check(struct call *call, json_t *old, json_t *given)
{
    static const char *const access[] = { "Enabled", "Disabled", NULL };
    json_t *protect = json_object_get(old, "enablePurgeProtection");
    json_t *acls = json_object_get(given, "networkAcls");

    if (json_is_true(protect) &&
        json_is_false(json_object_get(given, "enablePurgeProtection")))
        return rule_refuse(call,
            "The property \"enablePurgeProtection\" cannot be set to false. "
            "Enabling the purge protection is an irreversible action.");
    if (json_is_false(json_object_get(given, "enableSoftDelete")))
        return rule_refuse(
            call, "The property \"enableSoftDelete\" cannot be set to false.");
    if (json_array_size(json_object_get(acls, "ipRules")) > 10)
        return rule_refuse(call, "Too many IP rules; the limit is 10.");
    return check_flags(call, given) && check_retention(call, old, given) &&
           check_word(call, given, "publicNetworkAccess", access) &&
           check_network(call, given);
}
