/* Microsoft.Security: the Defender plans of a subscription, and the
 * assessments of vaults, which follow from what the vaults are. */
#include "security.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "handlers.h"
#include "page.h"
#include "things.h"

static const char *const plans[] = { "AppServices", "Arm", "Containers",
    "KeyVaults", "SqlServers", "StorageAccounts", "VirtualMachines" };
#define PLAN_COUNT (sizeof plans / sizeof *plans)

static const char *plan_name(const char *name)
{
    for (size_t i = 0; i < PLAN_COUNT; i++)
        if (text_same(plans[i], name))
            return plans[i];
    return NULL;
}

/* A plan that nobody switched on is listed as free. */
static struct item *plan_item(
    const struct estate *estate, const char *subscription, const char *plan)
{
    char *id = alloc_format(
        "%s/providers/Microsoft.Security/pricings/%s", subscription, plan);
    struct item *kept = estate_find(estate, KIND_EXTENSION, id);
    json_t *object;

    if (kept) {
        free(id);
        return item_ref(kept);
    }
    object = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}}", "id", id, "name", plan,
        "type", "Microsoft.Security/pricings", "properties", "pricingTier",
        "Free", "freeTrialRemainingTime", "P30D");
    kept = item_new(object);
    json_decref(object);
    free(id);
    return kept;
}

void security_plans(
    const struct estate *estate, const char *subscription, struct rows *out)
{
    for (size_t i = 0; i < PLAN_COUNT; i++)
        rows_push(out, plan_item(estate, subscription, plans[i]));
}

void pricings_list(struct call *call)
{
    char *subscription = path_subscription(call);
    struct rows rows = { 0 };
    struct page page = { .style = PAGE_WHOLE };

    security_plans(&call->cloud->estate, subscription, &rows);
    for (size_t i = 0; i < rows.count; i++)
        page_add(&page, rows.items[i]);
    page_answer(&page, call);
    rows_done(&rows);
    free(subscription);
}

static const char *plan_need(struct call *call)
{
    const char *plan = plan_name(call->captures[1]);

    if (!plan)
        answer_error(call, 404, "PricingNotFound",
            "The pricing bundle '%s' was not found.", call->captures[1]);
    return plan;
}

void pricing_get(struct call *call)
{
    const char *plan = plan_need(call);
    char *subscription = path_subscription(call);
    struct item *item;

    if (plan) {
        item = plan_item(&call->cloud->estate, subscription, plan);
        answer_item(call, 200, item);
        item_free(item);
    }
    free(subscription);
}

static json_t *plan_new(
    const char *subscription, const char *plan, json_t *given)
{
    const char *tier = json_string_value(json_object_get(given, "pricingTier"));
    const char *sub = json_string_value(json_object_get(given, "subPlan"));
    bool paid = text_same(tier, "Standard");
    char *id = alloc_format(
        "%s/providers/Microsoft.Security/pricings/%s", subscription, plan);
    char when[40];
    json_t *object;

    time_now_text(when);
    if (paid && !sub && strcmp(plan, "KeyVaults") == 0)
        sub = "PerKeyVault";
    object = json_pack("{s:s, s:s, s:s, s:{s:s, s:s*, s:s, s:s*, s:s, s:s*}}",
        "id", id, "name", plan, "type", "Microsoft.Security/pricings",
        "properties", "pricingTier", paid ? "Standard" : "Free", "subPlan",
        paid ? sub : NULL, "freeTrialRemainingTime", "PT0S", "enablementTime",
        paid ? when : NULL, "enforce", "False", "resourcesCoverageStatus",
        paid ? "FullyCovered" : NULL);
    free(id);
    return object;
}

void pricing_put(struct call *call)
{
    const char *plan = plan_need(call);
    json_t *body = plan ? call_json(call) : NULL;
    json_t *given = json_object_get(body, "properties");
    const char *tier = json_string_value(json_object_get(given, "pricingTier"));
    char *subscription = path_subscription(call);

    if (body && !text_same(tier, "Free") && !text_same(tier, "Standard"))
        answer_error(call, 400, "InvalidPricingTier",
            "The pricing tier is one of Free and Standard.");
    else if (body)
        change_answer(
            call, 200, KIND_EXTENSION, plan_new(subscription, plan, given));
    free(subscription);
    json_decref(body);
}

static bool is_true(const struct item *vault, const char *path)
{
    return span_is(scan_path(vault->text, path), "true");
}

static bool has_word(
    const struct item *vault, const char *path, const char *word)
{
    char *text = item_copy(vault, path);
    bool same = text_same(text, word);

    free(text);
    return same;
}

static bool healthy_purge(const struct estate *estate, const struct item *vault)
{
    (void)estate;
    return is_true(vault, "properties.enablePurgeProtection");
}

static bool healthy_firewall(
    const struct estate *estate, const struct item *vault)
{
    (void)estate;
    return has_word(vault, "properties.networkAcls.defaultAction", "Deny") ||
           has_word(vault, "properties.publicNetworkAccess", "Disabled");
}

static bool healthy_endpoint(
    const struct estate *estate, const struct item *vault)
{
    struct span list =
        scan_path(vault->text, "properties.privateEndpointConnections");
    char *text = list.at ? alloc_slice(list.at, list.length) : alloc_text("");
    bool found = strstr(text, "\"Approved\"") != NULL;

    (void)estate;
    free(text);
    return found;
}

/* Any enabled log will do, as in Azure: not only the audit one. */
static bool healthy_logs(const struct estate *estate, const struct item *vault)
{
    const struct table *table = &estate->tables[KIND_DIAGNOSTIC_SETTING];
    char *prefix = alloc_format("%s/providers/", vault->key);
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

/* Guids are those under which Defender lists these recommendations. */
static const struct {
    const char *guid;
    const char *title;
    bool (*healthy)(const struct estate *estate, const struct item *vault);
} checks[] = {
    { "4ed62ae4-5072-f9e7-8d94-51c76c48159a",
        "Key vaults should have purge protection enabled", healthy_purge },
    { "52f7826a-ace7-3107-dd0d-4875853c1576",
        "Firewall should be enabled on Key Vault", healthy_firewall },
    { "2e96bc2f-1972-e471-9e70-ae58d41e9d2a",
        "Private endpoint should be configured for Key Vault",
        healthy_endpoint },
    { "88bbc99c-e5af-ddd7-6105-6150b2bfa519",
        "Diagnostic logs in Key Vault should be enabled", healthy_logs },
};

static json_t *assessment(
    const struct estate *estate, const struct item *vault, size_t check)
{
    bool healthy = checks[check].healthy(estate, vault);
    char *id = alloc_format("%s/providers/Microsoft.Security/assessments/%s",
        vault->id, checks[check].guid);
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:{s:{s:s, s:s, s:s}, s:s, s:{s:s, s:s, s:s}, s:{}}}",
        "type", "Microsoft.Security/assessments", "id", id, "name",
        checks[check].guid, "properties", "resourceDetails", "Source", "Azure",
        "Id", vault->id, "ResourceName", vault->name, "displayName",
        checks[check].title, "status", "code",
        healthy ? "Healthy" : "Unhealthy", "cause", "", "description", "",
        "additionalData");

    free(id);
    return object;
}

void security_assessments(
    const struct estate *estate, const char *scope, struct rows *out)
{
    const struct table *table = &estate->tables[KIND_RESOURCE];
    char *prefix = alloc_lower(scope);
    struct range range = estate_below(estate, KIND_RESOURCE, prefix);

    for (size_t i = range.first; i < range.last; i++) {
        const struct item *vault = table->items[i];
        size_t last = sizeof checks / sizeof *checks;

        if (strcmp(vault->type, "microsoft.keyvault/vaults") != 0)
            continue;
        for (size_t check = 0; check < last; check++) {
            json_t *object = assessment(estate, vault, check);

            rows_push(out, item_new(object));
            json_decref(object);
        }
    }
    free(prefix);
}

void assessments_list(struct call *call)
{
    struct rows rows = { 0 };
    struct page page = { .style = PAGE_PLAIN };

    security_assessments(&call->cloud->estate, call->captures[0], &rows);
    for (size_t i = 0; i < rows.count; i++)
        page_add(&page, rows.items[i]);
    page_answer(&page, call);
    rows_done(&rows);
}
