/* The checker of bodies against Microsoft's resource types, on bodies whose
 * faults are known, and on Microsoft's own examples. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "temp.h"
#include "types.h"

#define VAULT "Microsoft.KeyVault/vaults"
#define HSM "Microsoft.KeyVault/managedHSMs"
#define SETTING "Microsoft.Insights/diagnosticSettings"
#define KEYVAULT_FILE "Microsoft.KeyVault.2026-02-01.json"
#define SUBSCRIBER "Microsoft.EventGrid/eventSubscriptions"
#define EVENT_FILE "Microsoft.EventGrid.2025-02-15.json"
#define INSIGHTS_FILE "Microsoft.Insights.2021-05-01-preview.json"

struct body_row {
    const char *name;
    const char *file;
    const char *type;
    enum types_body kind;
    const char *body;
    const char *problem; /* NULL: none */
};

static const struct body_row body_rows[] = {
    { "part", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"enablePurgeProtection\":true}}", NULL },
    { "part of an HSM", KEYVAULT_FILE, HSM, TYPES_PART,
        "{\"properties\":{\"enablePurgeProtection\":true}}", NULL },
    { "firewall", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"networkAcls\":{\"bypass\":\"AzureServices\","
        "\"defaultAction\":\"Deny\",\"ipRules\":[{\"value\":\"20.0.0.1\"}],"
        "\"virtualNetworkRules\":[]}}}",
        NULL },
    { "setting", INSIGHTS_FILE, SETTING, TYPES_WHOLE,
        "{\"properties\":{\"workspaceId\":\"/w\",\"logs\":[{\"categoryGroup\":"
        "\"audit\",\"enabled\":true}]}}",
        NULL },
    { "tags are open", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"tags\":{\"anything\":\"goes\"}}", NULL },
    { "unknown", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"purgeProtection\":true}}",
        "properties.purgeProtection: unknown field" },
    { "read-only", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"hsmPoolResourceId\":\"x\"}}",
        "properties.hsmPoolResourceId: read-only field" },
    { "address", KEYVAULT_FILE, VAULT, TYPES_PART, "{\"name\":\"kv\"}",
        "name: belongs into the address" },
    { "required", KEYVAULT_FILE, VAULT, TYPES_WHOLE, "{\"properties\":{}}",
        "properties.tenantId: required field is missing" },
    { "required in a list", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"networkAcls\":{\"ipRules\":[{}]}}}",
        "properties.networkAcls.ipRules.[].value: required field is missing" },
    { "boolean", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"enablePurgeProtection\":\"true\"}}",
        "properties.enablePurgeProtection: is not a boolean" },
    { "value", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"networkAcls\":{\"defaultAction\":\"deny\"}}}",
        "defaultAction: is none of the named values" },
    { "list", KEYVAULT_FILE, VAULT, TYPES_PART,
        "{\"properties\":{\"networkAcls\":{\"ipRules\":{}}}}",
        "ipRules: is not an array" },
    { "setting without enabled", INSIGHTS_FILE, SETTING, TYPES_WHOLE,
        "{\"properties\":{\"logs\":[{\"category\":\"AuditEvent\"}]}}",
        "properties.logs.[].enabled: required field is missing" },
    { "type", KEYVAULT_FILE, "Microsoft.KeyVault/safes", TYPES_PART, "{}",
        "no such resource type" },
    { "answer", KEYVAULT_FILE, "Microsoft.KeyVault/vaults/secrets",
        TYPES_ANSWER,
        "{\"id\":\"/s\",\"name\":\"s\",\"properties\":{\"secretUri\":\"u\","
        "\"contentType\":null}}",
        NULL },
    { "answer in another case", KEYVAULT_FILE, VAULT, TYPES_ANSWER,
        "{\"location\":\"l\",\"properties\":{\"tenantId\":\"t\",\"sku\":{"
        "\"family\":\"A\",\"name\":\"Standard\"}}}",
        "properties.sku.name: is another spelling of a named value" },
    { "answer of what is only written", KEYVAULT_FILE, VAULT, TYPES_ANSWER,
        "{\"location\":\"l\",\"properties\":{\"tenantId\":\"t\",\"sku\":{"
        "\"family\":\"A\",\"name\":\"standard\"},\"createMode\":\"default\"}}",
        "properties.createMode: write-only field" },
    { "kind", EVENT_FILE, SUBSCRIBER, TYPES_WHOLE,
        "{\"properties\":{\"destination\":{\"endpointType\":\"MonitorAlert\","
        "\"properties\":{\"severity\":\"Sev1\"}}}}",
        NULL },
    { "member of another kind", EVENT_FILE, SUBSCRIBER, TYPES_WHOLE,
        "{\"properties\":{\"destination\":{\"endpointType\":\"MonitorAlert\","
        "\"properties\":{\"queueName\":\"q\"}}}}",
        "properties.destination.properties.queueName: unknown field" },
    { "no kind", EVENT_FILE, SUBSCRIBER, TYPES_WHOLE,
        "{\"properties\":{\"destination\":{\"endpointType\":\"Pigeon\"}}}",
        "properties.destination: is of no known kind" },
};

static void check_row(const struct body_row *row)
{
    struct types *types = types_open(row->file);
    json_t *body = json_loads(row->body, 0, NULL);
    struct buf problems = { .limit = 1u << 16 };

    bool good = types_check(types, row->type, body, row->kind, &problems);
    if (good != (row->problem == NULL) ||
        (row->problem && !strstr(buf_text(&problems), row->problem)))
        fail_with("%s: %s\nexpected: %s\nfound: %s", row->name, row->body,
            row->problem ? row->problem : "nothing", buf_text(&problems));
    buf_done(&problems);
    json_decref(body);
    types_close(types);
}

static void test_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(body_rows); i++)
        check_row(&body_rows[i]);
}

/* ---- which members there are ---- */

static const struct {
    const char *type;
    const char *path;
    bool there;
} path_rows[] = {
    { VAULT, "properties.networkAcls.ipRules.value", true },
    { VAULT, "tags.anything", true },
    { VAULT, "properties.networkAcls.ipRules.name", false },
    { VAULT, "properties.Sku", false },
    { SUBSCRIBER, "properties.destination.properties.queueName", true },
    { "Microsoft.Insights/metricAlerts", "properties.criteria.allOf.name",
        true },
    { "Microsoft.KeyVault/safes", "properties", false },
};

static void test_paths(void **state)
{
    struct types *types = types_open_all();

    (void)state;
    for (size_t i = 0; i < LENGTH(path_rows); i++)
        if (types_has(types, path_rows[i].type, path_rows[i].path) !=
            path_rows[i].there)
            fail_with("%s %s: expected to %s", path_rows[i].type,
                path_rows[i].path, path_rows[i].there ? "be there" : "lack");
    types_close(types);
}

/* ---- what Microsoft itself sends ---- */

struct example_row {
    const char *example;
    const char *body; /* of its parameters */
    const char *file;
    const char *type;
    enum types_body kind;
};

static const struct example_row example_rows[] = {
    { "Microsoft.KeyVault/Vaults_CreateOrUpdate.createVault.json", "parameters",
        KEYVAULT_FILE, VAULT, TYPES_WHOLE },
    { "Microsoft.KeyVault/Vaults_CreateOrUpdate.createVaultWithNetworkAcls"
      ".json",
        "parameters", KEYVAULT_FILE, VAULT, TYPES_WHOLE },
    { "Microsoft.KeyVault/ManagedHsms_CreateOrUpdate.json", "parameters",
        KEYVAULT_FILE, HSM, TYPES_WHOLE },
    { "Microsoft.KeyVault/ManagedHsms_Update.json", "parameters", KEYVAULT_FILE,
        HSM, TYPES_PART },
    { "Microsoft.Insights/DiagnosticSettings_CreateOrUpdate"
      ".createOrUpdateDiagnosticSettingCategory.json",
        "parameters", INSIGHTS_FILE, SETTING, TYPES_WHOLE },
};

static void check_example(const struct example_row *row)
{
    char *folder = temp_path(test_shared(), "azure/examples");
    char *path = temp_path(folder, row->example);
    json_t *file = json_load_file(path, 0, NULL);
    const json_t *body =
        json_object_get(json_object_get(file, "parameters"), row->body);
    struct types *types = types_open(row->file);
    struct buf problems = { .limit = 1u << 16 };

    if (!body)
        fail_with("%s holds no body", path);
    if (!types_check(types, row->type, body, row->kind, &problems))
        fail_with("%s:\n%s", row->example, buf_text(&problems));
    buf_done(&problems);
    types_close(types);
    json_decref(file);
    mem_free(path);
    mem_free(folder);
}

static void test_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(example_rows); i++)
        check_example(&example_rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_examples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
