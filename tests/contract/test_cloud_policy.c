/* Azure Policy keeps its word: a remediation changes what its policy finds
 * wrong, an exemption stops a state from counting, an evaluation ends. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define PAY "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb"
#define SHOP "/subscriptions/92a688d5-ec6c-4d8e-a64f-4e92884c73cb"
#define GROUP SHOP "/resourceGroups/rg-shop-weu"
#define VAULT GROUP "/providers/Microsoft.KeyVault/vaults/kv-shop-search-weu"
#define ASSIGNMENT                                                             \
    SHOP "/providers/Microsoft.Authorization/policyAssignments/firewall"
#define REMEDY                                                                 \
    SHOP "/providers/Microsoft.PolicyInsights/remediations/now"                \
         "?api-version=2024-10-01"
#define EXEMPTION                                                              \
    "/providers/Microsoft.Authorization/policyExemptions/quiet"                \
    "?api-version=2022-07-01-preview"
#define EXEMPT(end)                                                            \
    "{\"properties\":{\"policyAssignmentId\":\"" ASSIGNMENT                    \
    "\",\"exemptionCategory\":\"Waiver\"" end "}}"
#define STATES "/providers/Microsoft.PolicyInsights/policyStates/latest/"

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

static void arm_done(const struct owner *owner, const char *method,
    const char *path, const char *body, int status)
{
    struct answer answer = arm(owner, method, path, body, status);

    answer_done(&answer);
}

static void assign(const struct owner *owner)
{
    arm_done(owner, "PUT", ASSIGNMENT "?api-version=2025-03-01",
        "{\"location\":\"westeurope\",\"identity\":{\"type\":"
        "\"SystemAssigned\"},\"properties\":{\"policyDefinitionId\":"
        "\"/providers/Microsoft.Authorization/policyDefinitions/"
        "ac673a9a-f77d-4846-b2d8-a57f8e1c01dc\"}}",
        201);
}

/* How the vault stands with the assignment. */
static void check_state(const struct owner *owner, const char *expected)
{
    struct answer answer = arm(owner, "POST",
        VAULT STATES "queryResults?api-version=2024-10-01&$filter="
                     "policyAssignmentId%20eq%20'" ASSIGNMENT "'",
        "", 200);
    const json_t *row =
        json_array_get(json_object_get(answer.body, "value"), 0);

    assert_string_equal(
        json_string_value(json_object_get(row, "complianceState")), expected);
    answer_done(&answer);
}

static void check_firewall(const struct owner *owner, const char *expected)
{
    char *action = cloud_value(owner->cloud, "kv-shop-search-weu",
        "properties.networkAcls.defaultAction");

    assert_string_equal(action, expected);
    mem_free(action);
}

static void test_remediation(void **state)
{
    static const char *const stages[] = { "Accepted", "Evaluating",
        "Succeeded" };
    struct owner *owner = *state;

    assign(owner);
    check_state(owner, "NonCompliant");
    check_firewall(owner, "\"Allow\"");
    arm_done(owner, "PUT", REMEDY,
        "{\"properties\":{\"policyAssignmentId\":\"" ASSIGNMENT
        "\",\"filters\":{\"resourceIds\":[\"" VAULT "\"]}}}",
        201);
    for (size_t i = 0; i < LENGTH(stages); i++) {
        struct answer answer = arm(owner, "GET", REMEDY, NULL, 200);

        assert_string_equal(
            answer_text(&answer, "properties.provisioningState"), stages[i]);
        assert_int_equal(json_integer_value(json_path(answer.body,
                             "properties.deploymentStatus.totalDeployments")),
            1);
        answer_done(&answer);
    }
    check_firewall(owner, "\"Deny\"");
    check_state(owner, "Compliant");
}

/* Only policies that change resources can be remediated. */
static void test_no_effect(void **state)
{
    struct answer answer = arm(*state, "PUT", REMEDY,
        "{\"properties\":{\"policyAssignmentId\":\"/providers/"
        "Microsoft.Management/managementGroups/mg-contoso-prod/providers/"
        "Microsoft.Authorization/policyAssignments/vault-baseline\","
        "\"policyDefinitionReferenceId\":\"rbac\"}}",
        400);

    assert_string_equal(
        answer_text(&answer, "error.code"), "InvalidCreateRemediationRequest");
    answer_done(&answer);
}

static void test_exemption(void **state)
{
    struct owner *owner = *state;

    assign(owner);
    arm_done(owner, "PUT", VAULT EXEMPTION,
        EXEMPT(",\"expiresOn\":\"2020-01-01T00:00:00Z\""), 201);
    check_state(owner, "NonCompliant");
    arm_done(owner, "PUT", VAULT EXEMPTION, EXEMPT(""), 200);
    check_state(owner, "Exempt");
    arm_done(owner, "PUT", PAY EXEMPTION, EXEMPT(""), 400);
    arm_done(owner, "DELETE", VAULT EXEMPTION, NULL, 200);
    check_state(owner, "NonCompliant");
}

static void test_evaluation(void **state)
{
    struct owner *owner = *state;
    struct answer answer = arm(owner, "POST",
        PAY STATES "triggerEvaluation?api-version=2019-10-01", "", 202);
    char *location = answer_header(&answer, "Location");
    const char *path = strchr(strstr(location, "://") + 3, '/');

    answer_done(&answer);
    arm_done(owner, "GET", path, NULL, 202);
    arm_done(owner, "GET", path, NULL, 200);
    mem_free(location);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_remediation, start, stop),
        cmocka_unit_test_setup_teardown(test_no_effect, start, stop),
        cmocka_unit_test_setup_teardown(test_exemption, start, stop),
        cmocka_unit_test_setup_teardown(test_evaluation, start, stop),
    };

    return cmocka_run_group_tests_name("cloud policy", tests, NULL, NULL);
}
