/* What Microsoft's own client libraries rely on that no document says, as
 * tests/interop found: each row failed there once. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "cloud_ask.h"

#define VAULT_ID                                                               \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"      \
    "rg-payments-weu/providers/Microsoft.KeyVault/vaults/kv-pay-core-weu"
#define HSM_ID                                                                 \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"      \
    "rg-hsm-weu/providers/Microsoft.KeyVault/managedHSMs/hsm-pay-prod-weu"
#define AUDIENCE "https://management.azure.com"

static struct answer arm(const struct cloud *cloud, const char *path)
{
    char *bearer = cloud_bearer(cloud, AUDIENCE);
    struct answer answer = cloud_ask(
        cloud, &(struct web_request){ .path = path, .authorization = bearer });

    mem_free(bearer);
    return answer;
}

/* A scope is given as "/subscriptions/..." and put behind a slash. */
static void test_slashes(void **state)
{
    static const char *const paths[] = {
        "/" VAULT_ID "?api-version=2023-07-01",
        "/" VAULT_ID "/providers/Microsoft.Insights/diagnosticSettings"
        "?api-version=2021-05-01-preview",
        "//" VAULT_ID "/providers/Microsoft.Authorization/roleAssignments"
        "?api-version=2022-04-01",
    };
    struct cloud *cloud = cloud_start(NULL);

    (void)state;
    for (size_t i = 0; i < LENGTH(paths); i++) {
        struct answer answer = arm(cloud, paths[i]);

        if (answer.status != 200)
            fail_with("%s answered %d", paths[i], answer.status);
        answer_done(&answer);
    }
    cloud_stop(cloud);
}

static const struct {
    const char *arguments[4];
    const char *path;
    const char *member;
    const char *says; /* %s: the cloud's port with its colon */
} address_rows[] = {
    { { NULL }, VAULT_ID, "properties.vaultUri",
        "https://kv-pay-core-weu.vault.azure.net/" },
    { { NULL }, HSM_ID, "properties.hsmUri",
        "https://hsm-pay-prod-weu.managedhsm.azure.net/" },
    { { "--tls", "--suffix", "localhost", NULL }, VAULT_ID,
        "properties.vaultUri", "https://kv-pay-core-weu.vault.localhost%s/" },
    { { "--tls", "--suffix", "localhost", NULL }, HSM_ID, "properties.hsmUri",
        "https://hsm-pay-prod-weu.managedhsm.localhost%s/" },
    { { "--suffix", "localhost", NULL }, VAULT_ID, "properties.vaultUri",
        "http://kv-pay-core-weu.vault.localhost%s/" },
};

/* Who takes a vault's address from Resource Manager must stay in this cloud
 * as soon as it tells a suffix of its own. */
static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(address_rows); i++) {
        struct cloud *cloud = cloud_start(address_rows[i].arguments);
        char path[400];
        char wanted[200];

        (void)snprintf(path, sizeof path, "%s?api-version=2023-07-01",
            address_rows[i].path);
        (void)snprintf(wanted, sizeof wanted, address_rows[i].says,
            strrchr(cloud->origin, ':'));
        struct answer answer = arm(cloud, path);
        assert_string_equal(
            answer_text(&answer, address_rows[i].member), wanted);
        answer_done(&answer);
        cloud_stop(cloud);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slashes),
        cmocka_unit_test(test_addresses),
    };

    return cmocka_run_group_tests_name("cloud clients", tests, NULL, NULL);
}
