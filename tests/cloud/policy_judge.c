/* Judging vaults and managed HSMs by the built-in policy definitions, each as
 * its own rule says, quirks included. */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "policy.h"

#define VAULT "microsoft.keyvault/vaults"
#define HSM "microsoft.keyvault/managedhsms"

static bool is_true(const struct item *item, const char *path)
{
    return span_is(scan_path(item->text, path), "true");
}

static bool is_false(const struct item *item, const char *path)
{
    return span_is(scan_path(item->text, path), "false");
}

static bool has_word(
    const struct item *item, const char *path, const char *word)
{
    char *text = item_copy(item, path);
    bool same = text_same(text, word);

    free(text);
    return same;
}

static bool good_roles(const struct estate *estate, const struct item *item)
{
    (void)estate;
    return is_true(item, "properties.enableRbacAuthorization");
}

/* Only Disabled is good: a perimeter does not count. */
static bool good_public(const struct estate *estate, const struct item *item)
{
    (void)estate;
    return has_word(item, "properties.publicNetworkAccess", "Disabled");
}

static bool good_deny(const struct estate *estate, const struct item *item)
{
    (void)estate;
    return has_word(item, "properties.networkAcls.defaultAction", "Deny");
}

static bool good_firewall(const struct estate *estate, const struct item *item)
{
    return good_public(estate, item) || good_deny(estate, item);
}

static bool good_purge(const struct estate *estate, const struct item *item)
{
    (void)estate;
    return is_true(item, "properties.enablePurgeProtection") &&
           !is_false(item, "properties.enableSoftDelete");
}

static bool good_soft(const struct estate *estate, const struct item *item)
{
    (void)estate;
    return is_true(item, "properties.enableSoftDelete");
}

/* Any enabled log, of whatever category. */
static bool good_logs(const struct estate *estate, const struct item *item)
{
    const struct table *table = &estate->tables[KIND_DIAGNOSTIC_SETTING];
    char *prefix = alloc_format("%s/providers/", item->key);
    struct range range = estate_below(estate, KIND_DIAGNOSTIC_SETTING, prefix);
    bool found = false;

    for (size_t i = range.first; i < range.last && !found; i++) {
        struct span logs = scan_path(table->items[i]->text, "properties.logs");
        char *text = logs.at ? alloc_slice(logs.at, logs.length) : NULL;

        found = text && strstr(text, "\"enabled\":true");
        free(text);
    }
    free(prefix);
    return found;
}

static bool good_link(const struct estate *estate, const struct item *item)
{
    struct span list =
        scan_path(item->text, "properties.privateEndpointConnections");
    char *text = list.at ? alloc_slice(list.at, list.length) : alloc_text("");
    bool found = strstr(text, "\"status\":\"Approved\"") != NULL;

    (void)estate;
    free(text);
    return found;
}

static const struct rule {
    const char *guid;
    const char *type;
    bool (*good)(const struct estate *estate, const struct item *item);
} rules[] = {
    { "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5", VAULT, good_roles },
    { "405c5871-3e91-4644-8a63-58e19d68ff5b", VAULT, good_public },
    { "55615ac9-af46-4a59-874e-391cc3dfb490", VAULT, good_firewall },
    { "a6abeaec-4d90-4a02-805f-6b26c4d3fbe9", VAULT, good_link },
    { "1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d", VAULT, good_soft },
    { "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53", VAULT, good_purge },
    { "cf820ca0-f99e-4f3e-84fb-66e913812d21", VAULT, good_logs },
    { "ac673a9a-f77d-4846-b2d8-a57f8e1c01dc", VAULT, good_deny },
    { "c39ba22d-4428-4149-b981-70acb31fc383", HSM, good_purge },
    { "a2a5b911-5617-447e-a49e-59dbe0e0434b", HSM, good_logs },
};

static const struct rule *rule_find(const char *definition)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (text_same(rules[i].guid, id_last(definition)))
            return &rules[i];
    return NULL;
}

/* One assignment on its way over the resources. */
struct judge {
    const struct estate *estate;
    const struct item *assignment;
    char *above;        /* what it is assigned to, in lower case */
    const char *within; /* what was asked for, likewise */
    json_t *excluded;
    policy_take *take;
    void *taker;
};

static bool prefix_of(const char *above, const char *key)
{
    size_t length = strlen(above);

    return strncmp(above, key, length) == 0 &&
           (key[length] == '\0' || key[length] == '/' || length == 0);
}

static bool covers(
    const struct estate *estate, const char *above, const char *key)
{
    char *subscription = id_subscription(key);
    char *start =
        alloc_format("/subscriptions/%s", subscription ? subscription : "");
    const struct item *group = estate_parent(estate, start);
    bool found = prefix_of(above, key);

    for (; group && !found; group = estate_parent(estate, group->key))
        found = strcmp(group->key, above) == 0;
    free(subscription);
    free(start);
    return found;
}

static bool judge_skips(const struct judge *judge, const struct item *item)
{
    size_t index;
    json_t *scope;
    bool skips = !covers(judge->estate, judge->above, item->key) ||
                 !prefix_of(judge->within, item->key);

    json_array_foreach(judge->excluded, index, scope)
    {
        char *key = alloc_lower(json_string_value(scope));

        skips = skips || covers(judge->estate, key, item->key);
        free(key);
    }
    return skips;
}

static void judge_definition(const struct judge *judge, const char *definition,
    const char *set_id, const char *reference)
{
    const struct table *table = &judge->estate->tables[KIND_RESOURCE];
    const struct rule *rule = rule_find(definition);

    for (size_t i = 0; rule && i < table->count; i++) {
        const struct item *item = table->items[i];
        struct policy_state state = {
            .resource = item,
            .assignment = judge->assignment,
            .definition = rule->guid,
            .set_id = set_id,
            .reference = reference,
        };

        if (strcmp(item->type, rule->type) != 0 || judge_skips(judge, item))
            continue;
        state.compliant = rule->good(judge->estate, item);
        state.exempt = policy_exempt(judge->estate, &state);
        judge->take(judge->taker, &state);
    }
}

static void judge_set(const struct judge *judge, const char *set_id)
{
    const struct item *set =
        estate_find(judge->estate, KIND_POLICY_DEFINITION, set_id);
    json_t *json = set ? item_json(set) : NULL;
    json_t *list = json_object_get(
        json_object_get(json, "properties"), "policyDefinitions");
    size_t index;
    json_t *member;

    json_array_foreach(list, index, member)
    {
        const char *id =
            json_string_value(json_object_get(member, "policyDefinitionId"));
        const char *reference = json_string_value(
            json_object_get(member, "policyDefinitionReferenceId"));

        if (id)
            judge_definition(judge, id, set_id, reference ? reference : "");
    }
    json_decref(json);
}

void policy_judge(const struct estate *estate, const char *scope,
    policy_take *take, void *taker)
{
    const struct table *table = &estate->tables[KIND_POLICY_ASSIGNMENT];

    for (size_t i = 0; i < table->count; i++) {
        json_t *json = item_json(table->items[i]);
        json_t *properties = json_object_get(json, "properties");
        const char *definition = json_string_value(
            json_object_get(properties, "policyDefinitionId"));
        struct judge judge = {
            .estate = estate,
            .assignment = table->items[i],
            .above = id_scope(table->items[i]->key),
            .within = scope,
            .excluded = json_object_get(properties, "notScopes"),
            .take = take,
            .taker = taker,
        };

        if (definition && text_holds(definition, "/policySetDefinitions/"))
            judge_set(&judge, definition);
        else if (definition)
            judge_definition(&judge, definition, "", "");
        free(judge.above);
        json_decref(json);
    }
}
