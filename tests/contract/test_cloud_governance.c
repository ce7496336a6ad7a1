/* Resource Manager around the vaults keeps state: what one request changes,
 * the next one, Resource Graph and the vault itself show. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define PAY "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define DATA "/subscriptions/ce2513b4-87d8-413e-9c7e-a3511cd39cb7"
#define DEV "/subscriptions/e41928b0-83f7-43f7-881f-54ea20c823b4"
#define GROUP PAY "/resourceGroups/rg-payments-weu"
#define PROD GROUP "/providers/Microsoft.KeyVault/vaults/kv-pay-prod-weu"
#define AUTH "/providers/Microsoft.Authorization/"
#define PIM "?api-version=2020-10-01"
#define CONTRIBUTOR "b24988ac-6180-42a0-ab88-20f7382dd24c"
#define PERSON "84172879-0fbf-4359-b381-d80a0a6d01a2"
#define PROGRAM "11ba861c-95dd-487e-80ed-583666026135"
#define REQUEST_ONE "11111111-1111-4111-8111-111111111111"
#define REQUEST_TWO "22222222-2222-4222-8222-222222222222"

static int start(void **state)
{
    *state = owner_open();
    return 0;
}

static int stop(void **state)
{
    owner_close(*state);
    return 0;
}

static struct answer arm(const struct owner *owner, const char *method,
    const char *path, const char *body, int status)
{
    return owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, method, path, body }, status);
}

static void arm_code(const struct owner *owner, const char *method,
    const char *path, const char *body, const char *code)
{
    struct answer answer = owner_send(
        owner, &(struct owner_ask){ PLANE_ARM, NULL, method, path, body });

    assert_string_equal(answer_text(&answer, "error.code"), code);
    answer_done(&answer);
}

static size_t arm_count(const struct owner *owner, const char *path)
{
    struct answer answer = arm(owner, "GET", path, NULL, 200);
    size_t count = json_array_size(json_object_get(answer.body, "value"));

    answer_done(&answer);
    return count;
}

/* ---- just-in-time access ---- */

static char *request_body(
    const char *principal, const char *type, const char *expiration)
{
    struct buf body = { .limit = 4096 };

    buf_putf(&body,
        "{\"properties\":{\"principalId\":\"%s\",\"roleDefinitionId\":"
        "\"" PAY AUTH "roleDefinitions/" CONTRIBUTOR "\",\"requestType\":"
        "\"%s\",\"scheduleInfo\":{\"expiration\":%s}}}",
        principal, type, expiration);
    char *text = mem_copy_text(buf_text(&body));
    buf_done(&body);
    return text;
}

#define DAYS_90 "{\"type\":\"AfterDuration\",\"duration\":\"P90D\"}"
#define FOR_EVER "{\"type\":\"NoExpiration\"}"
#define ELIGIBLE(guid) PAY AUTH "roleEligibilityScheduleRequests/" guid PIM
#define ELIGIBLE_LIST PAY AUTH "roleEligibilityScheduleInstances" PIM

static void test_eligible(void **state)
{
    const struct owner *owner = *state;
    size_t before = arm_count(owner, ELIGIBLE_LIST);
    char *add = request_body(PERSON, "AdminAssign", DAYS_90);
    char *remove = request_body(PERSON, "AdminRemove", "{}");

    struct answer answer = arm(owner, "PUT", ELIGIBLE(REQUEST_ONE), add, 201);
    assert_string_equal(
        answer_text(&answer, "properties.status"), "Provisioned");
    answer_done(&answer);
    assert_int_equal(arm_count(owner, ELIGIBLE_LIST), before + 1);
    arm_code(owner, "PUT", ELIGIBLE(REQUEST_TWO), add, "RoleAssignmentExists");
    answer = arm(owner, "PUT", ELIGIBLE(REQUEST_TWO), remove, 201);
    answer_done(&answer);
    assert_int_equal(arm_count(owner, ELIGIBLE_LIST), before);
    mem_free(add);
    mem_free(remove);
}

/* A dry run changes nothing; neither does what the policy forbids. */
static void test_eligible_refused(void **state)
{
    const struct owner *owner = *state;
    size_t before = arm_count(owner, ELIGIBLE_LIST);
    char *add = request_body(PERSON, "AdminAssign", DAYS_90);
    char *ever = request_body(PERSON, "AdminAssign", FOR_EVER);
    char *program = request_body(PROGRAM, "AdminAssign", DAYS_90);

    struct answer answer = arm(owner, "POST",
        PAY AUTH "roleEligibilityScheduleRequests/" REQUEST_ONE "/validate" PIM,
        add, 200);
    answer_done(&answer);
    arm_code(owner, "PUT", ELIGIBLE(REQUEST_ONE), ever,
        "RoleAssignmentRequestPolicyValidationFailed");
    arm_code(
        owner, "PUT", ELIGIBLE(REQUEST_ONE), program, "InvalidPrincipalType");
    assert_int_equal(arm_count(owner, ELIGIBLE_LIST), before);
    mem_free(add);
    mem_free(ever);
    mem_free(program);
}

/* The row of one role in roleManagementPolicyAssignments; json_decref(). */
static json_t *policy_row(const struct owner *owner)
{
    struct answer answer = arm(owner, "GET",
        PAY AUTH "roleManagementPolicyAssignments" PIM
                 "&$filter=roleDefinitionId%20eq%20'" CONTRIBUTOR "'",
        NULL, 200);
    json_t *list = json_object_get(answer.body, "value");

    assert_int_equal(json_array_size(list), 1);
    json_t *row = json_incref(json_array_get(list, 0));
    answer_done(&answer);
    return row;
}

static size_t enabled_rules(const struct owner *owner)
{
    json_t *row = policy_row(owner);
    size_t index;
    size_t count = 99;
    json_t *rule;

    json_array_foreach(
        json_object_get(json_object_get(row, "properties"), "effectiveRules"),
        index, rule) if (strcmp(json_string_value(json_object_get(rule, "id")),
                             "Enablement_EndUser_Assignment") == 0) count =
        json_array_size(json_object_get(rule, "enabledRules"));
    json_decref(row);
    return count;
}

#define RULE(id, type, rest)                                                   \
    "{\"properties\":{\"rules\":[{\"id\":\"" id "\",\"ruleType\":"             \
    "\"RoleManagementPolicy" type "Rule\"," rest "}]}}"

static void test_policy(void **state)
{
    const struct owner *owner = *state;
    json_t *row = policy_row(owner);
    char path[400];

    (void)snprintf(path, sizeof path, "%s" PIM,
        json_string_value(json_path(row, "properties.policyId")));
    json_decref(row);
    assert_int_equal(enabled_rules(owner), 2);
    arm_code(owner, "PATCH", path,
        RULE("AuthenticationContext_EndUser_Assignment",
            "AuthenticationContext",
            "\"isEnabled\":true,\"claimValue\":\"c1\""),
        "InvalidRoleManagementPolicy");
    struct answer answer = arm(owner, "PATCH", path,
        RULE("Enablement_EndUser_Assignment", "Enablement",
            "\"enabledRules\":[\"Justification\"]"),
        200);
    answer_done(&answer);
    assert_int_equal(enabled_rules(owner), 1);
}

/* ---- plans, tables, policies ---- */

static long graph_count(const struct owner *owner, const char *query)
{
    struct buf body = { .limit = 4096 };

    buf_putf(&body, "{\"query\":\"%s\"}", query);
    struct answer answer = arm(owner, "POST",
        "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01",
        buf_text(&body), 200);
    long count =
        (long)json_integer_value(json_object_get(answer.body, "totalRecords"));
    answer_done(&answer);
    buf_done(&body);
    return count;
}

static void test_plan(void **state)
{
    static const char paid[] =
        "securityresources | where type =~ 'microsoft.security/pricings' and "
        "name =~ 'KeyVaults' and properties.pricingTier =~ 'Standard'";
    const struct owner *owner = *state;
    long before = graph_count(owner, paid);

    struct answer answer = arm(owner, "PUT",
        DATA "/providers/Microsoft.Security/pricings/KeyVaults?"
             "api-version=2024-01-01",
        "{\"properties\":{\"pricingTier\":\"Standard\"}}", 200);
    assert_string_equal(
        answer_text(&answer, "properties.subPlan"), "PerKeyVault");
    answer_done(&answer);
    assert_int_equal(graph_count(owner, paid), before + 1);
}

static void test_table(void **state)
{
    static const char path[] =
        "/subscriptions/1efdfa4c-1db1-4e35-8d2c-3a665f62c412/resourceGroups/"
        "rg-platform-neu/providers/Microsoft.OperationalInsights/workspaces/"
        "law-platform-neu/tables/AZKVAuditLogs?api-version=2025-07-01";
    const struct owner *owner = *state;

    struct answer answer = arm(owner, "PATCH", path,
        "{\"properties\":{\"totalRetentionInDays\":365}}", 200);
    answer_done(&answer);
    answer = arm(owner, "GET", path, NULL, 200);
    assert_int_equal(json_integer_value(json_path(
                         answer.body, "properties.totalRetentionInDays")),
        365);
    answer_done(&answer);
    arm_code(owner, "PATCH", path,
        "{\"properties\":{\"totalRetentionInDays\":3}}", "InvalidParameter");
}

/* States follow from what the vaults are, and go with the assignment. */
static void test_policy_states(void **state)
{
    static const char states[] = "policyresources | where type =~ "
                                 "'microsoft.policyinsights/policystates' and "
                                 "properties.policyAssignmentName =~ 'shape'";
    const struct owner *owner = *state;

    assert_int_equal(graph_count(owner, states), 0);
    struct answer answer = arm(owner, "PUT",
        DEV AUTH "policyAssignments/shape?api-version=2025-03-01",
        "{\"properties\":{\"policyDefinitionId\":\"/providers/"
        "Microsoft.Authorization/policyDefinitions/"
        "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53\"}}",
        201);
    answer_done(&answer);
    assert_true(graph_count(owner, states) > 5);
    answer = arm(owner, "DELETE",
        DEV AUTH "policyAssignments/shape?api-version=2025-03-01", NULL, 200);
    answer_done(&answer);
    assert_int_equal(graph_count(owner, states), 0);
}

/* ---- endpoints and alerts ---- */

#define ENDPOINT                                                               \
    GROUP "/providers/Microsoft.Network/privateEndpoints/pep-shape"            \
          "?api-version=2024-05-01"

static json_t *connection(const struct owner *owner)
{
    struct answer answer =
        arm(owner, "GET", PROD "?api-version=2026-02-01", NULL, 200);
    const json_t *list =
        json_path(answer.body, "properties.privateEndpointConnections");

    assert_int_equal(json_array_size(list), 1);
    json_t *first = json_incref(json_array_get(list, 0));
    answer_done(&answer);
    return first;
}

static void check_connection(const struct owner *owner, const char *status)
{
    json_t *first = connection(owner);

    assert_string_equal(
        json_string_value(json_path(
            first, "properties.privateLinkServiceConnectionState.status")),
        status);
    json_decref(first);
}

static void test_endpoint(void **state)
{
    const struct owner *owner = *state;

    struct answer answer = arm(owner, "PUT", ENDPOINT,
        "{\"location\":\"westeurope\",\"properties\":{\"subnet\":{\"id\":"
        "\"" GROUP
        "/providers/Microsoft.Network/virtualNetworks/v/subnets/s\"},"
        "\"privateLinkServiceConnections\":[{\"name\":\"a\",\"properties\":{"
        "\"privateLinkServiceId\":\"" PROD "\",\"groupIds\":[\"vault\"]}}]}}",
        201);
    answer_done(&answer);
    check_connection(owner, "Approved");
    answer = arm(owner, "DELETE", ENDPOINT, NULL, 202);
    answer_done(&answer);
    check_connection(owner, "Disconnected");
}

#define ALERT                                                                  \
    GROUP "/providers/Microsoft.Insights/metricAlerts/alert-shape"             \
          "?api-version=2018-03-01"

static void test_alert(void **state)
{
    static const char alerts[] =
        "resources | where type =~ 'microsoft.insights/metricalerts'";
    const struct owner *owner = *state;
    long before = graph_count(owner, alerts);

    arm_code(owner, "PUT", ALERT,
        "{\"location\":\"global\",\"properties\":{\"severity\":1}}",
        "BadRequest");
    struct answer answer = arm(owner, "PUT", ALERT,
        "{\"location\":\"global\",\"properties\":{\"severity\":1,\"enabled\":"
        "true,\"scopes\":[\"" PROD "\"],\"evaluationFrequency\":\"PT1M\","
        "\"windowSize\":\"PT5M\",\"criteria\":{\"allOf\":[]}}}",
        201);
    answer_done(&answer);
    assert_int_equal(graph_count(owner, alerts), before + 1);
    answer = arm(owner, "DELETE", ALERT, NULL, 200);
    answer_done(&answer);
    assert_int_equal(graph_count(owner, alerts), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_eligible, start, stop),
        cmocka_unit_test_setup_teardown(test_eligible_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_policy, start, stop),
        cmocka_unit_test_setup_teardown(test_plan, start, stop),
        cmocka_unit_test_setup_teardown(test_table, start, stop),
        cmocka_unit_test_setup_teardown(test_policy_states, start, stop),
        cmocka_unit_test_setup_teardown(test_endpoint, start, stop),
        cmocka_unit_test_setup_teardown(test_alert, start, stop),
    };

    return cmocka_run_group_tests_name("cloud governance", tests, NULL, NULL);
}
