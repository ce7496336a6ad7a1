/* What stands around vaults as Azure tells it: private endpoints with their
 * DNS, perimeters, policies. Shapes that Microsoft's examples do not have. */
#include "test.h"

#include <string.h>

#include "azure.h"
#include "describe.h"
#include "network.h"
#include "policy.h"

#define HOME "/subscriptions/11111111-1111-1111-1111-111111111111"
#define GROUP HOME "/resourceGroups/rg/providers/"
#define VAULT GROUP "Microsoft.KeyVault/vaults/kv-a"
#define HSM GROUP "Microsoft.KeyVault/managedHSMs/hsm"
#define STORE GROUP "Microsoft.Storage/storageAccounts/st"
#define PEP GROUP "Microsoft.Network/privateEndpoints/pep"
#define NSP GROUP "Microsoft.Network/networkSecurityPerimeters/nsp"
#define AUTH "/providers/Microsoft.Authorization/"
#define GROUPS "/providers/Microsoft.Management/managementGroups/"
#define ZONES "/zones/privatelink.vaultcore.azure.net"

static void begin(struct kv_estate *estate)
{
    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        estate_begin(estate, (enum kv_facet)facet);
}

static void commit(struct kv_estate *estate)
{
    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        estate_commit(estate, (enum kv_facet)facet);
}

static enum kv_status take(struct kv_estate *estate, enum azure_read read,
    const char *subject, const char *body)
{
    const struct azure_context context = { estate, subject, 7 };
    struct azure_page page;
    struct kv_error err;
    enum kv_status status = azure_page_open(&page, read, view_of(body), &err);

    while (status == KV_OK && !azure_page_ended(&page))
        status = azure_page_take(&page, read, &context, 1, &err);
    azure_page_done(&page);
    return status;
}

/* ---- one answer and what the estate holds after it ---- */

struct body_row {
    const char *name;
    enum azure_read read;
    const char *body;
    const char *says; /* NULL: nothing is taken */
};

/* An instance of a schedule of Privileged Identity Management. */
#define INSTANCE(type, more)                                                   \
    "{\"value\":[{\"id\":\"" HOME AUTH                                         \
    "roleAssignmentScheduleInstances/i\",\"properties\":{\"scope\":\"" HOME    \
    "\",\"principalId\":\"p\",\"principalType\":\"User\","                     \
    "\"roleDefinitionId\":\"" AUTH "roleDefinitions/r\","                      \
    "\"originRoleAssignmentId\":\"" HOME AUTH "roleAssignments/a\","           \
    "\"assignmentType\":\"" type "\"" more "}}]}"

static const struct body_row bodies[] = {
    { "an instance that says no more than its assignment", AZURE_ACTIVE,
        INSTANCE("Assigned", ""), NULL },
    { "one that has no end, told by null", AZURE_ACTIVE,
        INSTANCE("Assigned", ",\"endDateTime\":null"), NULL },
    { "one that ends", AZURE_ACTIVE,
        INSTANCE("Assigned", ",\"endDateTime\":\"2026-12-31T00:00:00Z\""),
        "assigned user p '-' of r on " HOME },
    { "one that was activated", AZURE_ACTIVE, INSTANCE("ACTIVATED", ""),
        "activated user p '-' of r on " HOME },
    { "an endpoint that leads to a vault", AZURE_GRAPH_ENDPOINTS,
        "{\"data\":[{\"id\":\"" PEP "\",\"location\":\"westeurope\","
        "\"properties\":{\"subnet\":{\"id\":\"/snet\"},"
        "\"privateLinkServiceConnections\":[{\"properties\":{"
        "\"privateLinkServiceId\":\"" VAULT "\"}}]}}]}",
        "private endpoint " PEP " in westeurope subnet /snet to " VAULT "\n" },
    { "one that was asked for by hand, in another casing",
        AZURE_GRAPH_ENDPOINTS,
        "{\"data\":[{\"id\":\"" PEP "\",\"properties\":{"
        "\"manualPrivateLinkServiceConnections\":[{\"properties\":{"
        "\"privateLinkServiceId\":\"/SUBSCRIPTIONS/x/resourcegroups/RG/"
        "providers/MICROSOFT.KEYVAULT/MANAGEDHSMS/hsm\"}}]}}]}",
        "to /SUBSCRIPTIONS/x/resourcegroups/RG/providers/MICROSOFT.KEYVAULT/"
        "MANAGEDHSMS/hsm\n" },
    { "two connections", AZURE_GRAPH_ENDPOINTS,
        "{\"data\":[{\"id\":\"" PEP "\",\"properties\":{"
        "\"privateLinkServiceConnections\":[{\"properties\":{"
        "\"privateLinkServiceId\":\"" VAULT "\"}},{\"properties\":{"
        "\"privateLinkServiceId\":\"" HSM "\"}}]}}]}",
        "private endpoint " PEP "#2 in - subnet - to " HSM "\n" },
    { "one that leads elsewhere", AZURE_GRAPH_ENDPOINTS,
        "{\"data\":[{\"id\":\"" PEP "\",\"properties\":{"
        "\"privateLinkServiceConnections\":[{\"properties\":{"
        "\"privateLinkServiceId\":\"" STORE "\"}}]}}]}",
        NULL },
    { "connections of another type", AZURE_GRAPH_ENDPOINTS,
        "{\"data\":[{\"id\":\"" PEP "\",\"properties\":{"
        "\"privateLinkServiceConnections\":[7,null,{\"properties\":[]}],"
        "\"manualPrivateLinkServiceConnections\":{}}}]}",
        NULL },
    { "a perimeter that enforces", AZURE_GRAPH_PERIMETERS,
        "{\"data\":[{\"id\":\"" NSP "/resourceAssociations/a\",\"properties\":{"
        "\"provisioningState\":\"Succeeded\",\"privateLinkResource\":{\"id\":"
        "\"" VAULT "\"},\"profile\":{\"id\":\"/p\"},\"accessMode\":\"enforced\""
        ",\"hasProvisioningIssues\":\"no\"}}]}",
        "perimeter " NSP " profile /p enforced Succeeded around " VAULT "\n" },
    { "one that learns, with issues", AZURE_GRAPH_PERIMETERS,
        "{\"data\":[{\"id\":\"" NSP "/resourceAssociations/a\",\"properties\":{"
        "\"provisioningState\":\"Failed\",\"privateLinkResource\":{\"id\":"
        "\"" VAULT "\"},\"accessMode\":\"Learning\","
        "\"hasProvisioningIssues\":\"YES\"}}]}",
        "profile - learning Failed issues around " VAULT "\n" },
    { "a mode of the future", AZURE_GRAPH_PERIMETERS,
        "{\"data\":[{\"id\":\"" NSP "/resourceAssociations/a\",\"properties\":{"
        "\"privateLinkResource\":{\"id\":\"" VAULT "\"},"
        "\"accessMode\":\"Strict\"}}]}",
        " other - around " VAULT "\n" },
    { "around a storage account", AZURE_GRAPH_PERIMETERS,
        "{\"data\":[{\"id\":\"" NSP "/resourceAssociations/a\",\"properties\":{"
        "\"privateLinkResource\":{\"id\":\"" STORE "\"},"
        "\"accessMode\":\"Enforced\"}}]}",
        NULL },
    { "an assignment at a management group", AZURE_GRAPH_POLICIES,
        "{\"data\":[{\"id\":\"" GROUPS "mg" AUTH "policyAssignments/base\","
        "\"name\":\"base\",\"properties\":{\"policyDefinitionId\":\"" AUTH
        "policySetDefinitions/s\",\"scope\":\"" GROUPS "mg\","
        "\"enforcementMode\":\"DoNotEnforce\",\"notScopes\":[\"" GROUP
        "\",7],\"parameters\":{\"effect\":{\"value\":\"disabled\"},"
        "\"days\":{\"value\":90},\"kind\":{\"value\":\"Audit\"}}}}]}",
        "policy 'base' at " GROUPS "mg of " AUTH
        "policySetDefinitions/s not " GROUP " effect=disabled kind\n" },
    { "an assignment that says no mode and no scope", AZURE_POLICIES,
        "{\"value\":[{\"id\":\"" HOME AUTH "policyAssignments/p\",\"name\":"
        "\"p\",\"properties\":{\"displayName\":\"Roles\","
        "\"policyDefinitionId\":\"/d\",\"resourceSelectors\":[{}]}}]}",
        "policy 'Roles' at " HOME " of /d enforced narrowed\n" },
    { "an exemption", AZURE_GRAPH_POLICIES,
        "{\"data\":[{\"id\":\"" VAULT AUTH "policyExemptions/e\",\"name\":"
        "\"e\",\"properties\":{\"policyAssignmentId\":\"/a\","
        "\"exemptionCategory\":\"Waiver\",\"expiresOn\":"
        "\"2026-12-31T00:00:00Z\",\"policyDefinitionReferenceIds\":"
        "[\"rbac\"]}}]}",
        "exemption 'e' at " VAULT
        " from /a waiver until 2026-12-31T00:00:00Z rbac\n" },
    { "an exemption that says why and by whom", AZURE_GRAPH_POLICIES,
        "{\"data\":[{\"id\":\"" VAULT AUTH "policyExemptions/e\",\"name\":"
        "\"e\",\"properties\":{\"policyAssignmentId\":\"/a\","
        "\"exemptionCategory\":\"Mitigated\",\"description\":\"moves\","
        "\"metadata\":{\"requestedBy\":\"Developer\",\"approvedBy\":"
        "\"Contoso\"}}}]}",
        "exemption 'e' at " VAULT " from /a mitigated by Contoso: moves\n" },
    { "a set, in the order of its names", AZURE_POLICY_SET,
        "{\"id\":\"" AUTH "policySetDefinitions/s\",\"name\":\"s\","
        "\"properties\":{\"displayName\":\"Base\",\"parameters\":{"
        "\"purge\":{\"defaultValue\":\"Disabled\"}},\"policyDefinitions\":["
        "{\"policyDefinitionId\":\"" AUTH "policyDefinitions/bbb\","
        "\"policyDefinitionReferenceId\":\"r1\",\"parameters\":{\"effect\":"
        "{\"value\":\"[parameters('purge')]\"}}},"
        "{\"policyDefinitionId\":\"" AUTH "policyDefinitions/AAA\","
        "\"parameters\":{\"audit_effect\":{\"value\":\"Disabled\"}}},"
        "{\"name\":\"without a definition\"},"
        "{\"policyDefinitionId\":\"ccc\"}]}}",
        "policy set 'Base' at /\n"
        "  member AAA reference - effect - disabled\n"
        "  member bbb reference r1 effect purge disabled\n"
        "  member ccc reference - effect -\n" },
    { "a state", AZURE_GRAPH_POLICY_STATES,
        "{\"data\":[{\"id\":\"/x\",\"resourceId\":\"" VAULT "\","
        "\"assignmentId\":\"/a\",\"definitionId\":\"/d\","
        "\"complianceState\":\"NonCompliant\"}]}",
        "policy state NonCompliant of /d by /a on " VAULT "\n" },
    { "a region without zones", AZURE_LOCATIONS,
        "{\"value\":[{\"name\":\"ukwest\",\"metadata\":{\"pairedRegion\":[]}}]"
        "}",
        "location ukwest of /subscriptions/SUBJECT in - paired - zones 0\n" },
};

static void check_body(const struct body_row *row)
{
    struct kv_estate *estate = estate_new();
    struct buf text = { .limit = 1u << 16 };

    begin(estate);
    if (take(estate, row->read, "SUBJECT", row->body) != KV_OK)
        fail_with("%s: not understood", row->name);
    commit(estate);
    describe_network(&text, estate);
    describe_identity(&text, estate);
    if (row->says ? !strstr(buf_text(&text), row->says) : text.size > 0)
        fail_with("%s: expected\n%s\nin\n%s", row->name,
            row->says ? row->says : "nothing", buf_text(&text));
    buf_done(&text);
    estate_free(estate);
}

static void test_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(bodies); i++)
        check_body(&bodies[i]);
}

/* What a row cannot be without. */
static void test_refused(void **state)
{
    static const struct {
        enum azure_read read;
        const char *body;
    } rows[] = {
        { AZURE_GRAPH_ENDPOINTS, "{\"data\":[{\"properties\":{}}]}" },
        { AZURE_GRAPH_ENDPOINTS, "{\"data\":[{\"id\":\"" PEP "\"}]}" },
        { AZURE_GRAPH_PERIMETERS, "{\"data\":[{\"properties\":{}}]}" },
        { AZURE_GRAPH_POLICIES, "{\"data\":[{\"id\":\"" HOME AUTH
                                "policyAssignments/p\",\"properties\":{}}]}" },
        { AZURE_GRAPH_POLICIES, "{\"data\":[{\"id\":\"" HOME AUTH
                                "policyExemptions/e\",\"properties\":{}}]}" },
        { AZURE_POLICY_SET, "{\"id\":\"/s\",\"properties\":{}}" },
        { AZURE_GRAPH_POLICY_STATES, "{\"data\":[{\"id\":\"/x\"}]}" },
        { AZURE_LOCATIONS, "{\"value\":[{}]}" },
        { AZURE_REGIONS, "{\"value\":[{\"isPrimary\":true}]}" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_estate *estate = estate_new();

        begin(estate);
        if (take(estate, rows[i].read, VAULT, rows[i].body) != KV_PROTOCOL)
            fail_with("%s was taken", rows[i].body);
        estate_free(estate);
    }
}

/* ---- the DNS of an endpoint, in a later answer ---- */

#define TWO_CONNECTIONS                                                        \
    "{\"data\":[{\"id\":\"" PEP "\",\"properties\":{"                          \
    "\"privateLinkServiceConnections\":[{\"properties\":{"                     \
    "\"privateLinkServiceId\":\"" VAULT "\"}},{\"properties\":{"               \
    "\"privateLinkServiceId\":\"" HSM "\"}}]}}]}"
#define ZONE_GROUP                                                             \
    "{\"value\":[{\"name\":\"default\",\"properties\":{"                       \
    "\"privateDnsZoneConfigs\":[{\"properties\":{\"privateDnsZoneId\":"        \
    "\"" ZONES "\"}},{\"name\":\"empty\"}]}},{\"name\":\"none\"}]}"

static const struct kv_private_endpoint *endpoint_of(
    const struct kv_estate *estate, const char *id)
{
    return kv_estate_find_row(estate, KV_SET_ENDPOINTS, id);
}

static void test_zone_groups(void **state)
{
    struct kv_estate *estate = estate_new();

    (void)state;
    begin(estate);
    assert_int_equal(
        take(estate, AZURE_GRAPH_ENDPOINTS, "", TWO_CONNECTIONS), KV_OK);
    assert_int_equal(take(estate, AZURE_ZONE_GROUPS, PEP, ZONE_GROUP), KV_OK);
    commit(estate);
    assert_int_equal(endpoint_of(estate, PEP)->zone_count, 1);
    assert_string_equal(endpoint_of(estate, PEP "#2")->zones[0], ZONES);
    assert_int_equal(endpoint_of(estate, PEP)->dns.state, KV_FACET_READY);
    /* Read again, alone: the rows are in place. */
    assert_int_equal(
        take(estate, AZURE_ZONE_GROUPS, PEP, "{\"value\":[]}"), KV_OK);
    assert_int_equal(endpoint_of(estate, PEP)->zone_count, 0);
    zone_groups_fail(estate, PEP,
        (struct kv_facet_status){ KV_FACET_DENIED, 7, "a permission" });
    assert_string_equal(endpoint_of(estate, PEP "#2")->dns.why, "a permission");
    estate_free(estate);
}

/* ---- what becomes part of a path ---- */

static void test_subjects(void **state)
{
    static const struct {
        bool (*subject)(struct buf *out, struct view id);
        const char *id;
        const char *path; /* NULL: refused */
    } rows[] = {
        { zone_groups_subject, PEP, PEP },
        { zone_groups_subject, VAULT, NULL },
        { zone_groups_subject, PEP "?a=b", NULL },
        { zone_groups_subject, PEP "/child/x", NULL },
        { zone_groups_subject, GROUP "Microsoft.Network/privateEndpoints/a b",
            NULL },
        { policy_set_subject, AUTH "policySetDefinitions/my set#1",
            AUTH "policySetDefinitions/my%20set%231" },
        { policy_set_subject, AUTH "PolicySetDefinitions/s",
            AUTH "PolicySetDefinitions/s" },
        { policy_set_subject, AUTH "policyDefinitions/d", NULL },
        { policy_set_subject, "https://example.com/", NULL },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct buf path = { .limit = 4096 };
        bool taken = rows[i].subject(&path, view_of(rows[i].id));

        if (taken != (rows[i].path != NULL) ||
            (taken && strcmp(buf_text(&path), rows[i].path) != 0))
            fail_with("%s: expected %s, is %s", rows[i].id,
                rows[i].path ? rows[i].path : "nothing",
                taken ? buf_text(&path) : "nothing");
        buf_done(&path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_zone_groups),
        cmocka_unit_test(test_subjects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
