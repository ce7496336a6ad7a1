/* What Microsoft's own client libraries rely on that no document says, as
 * tests/interop found: each row failed there once. */
#include "test.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define VAULT_ID                                                               \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"      \
    "rg-payments-weu/providers/Microsoft.KeyVault/vaults/kv-pay-core-weu"
#define HSM_ID                                                                 \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"      \
    "rg-hsm-weu/providers/Microsoft.KeyVault/managedHSMs/hsm-pay-prod-weu"
#define AUDIENCE "https://management.azure.com"
#define CLI "04b07795-8ddb-461a-bbee-02f9e1bf7b46" /* the Azure CLI's own */

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

/* The Azure CLI finds the one vault that was named by such a filter. */
static void test_resource_filter(void **state)
{
    static const char path[] =
        "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resources"
        "?api-version=2015-11-01&$filter=resourceType%20eq%20%27Microsoft."
        "KeyVault%2Fvaults%27%20and%20name%20eq%20%27kv-pay-core-weu%27";
    struct cloud *cloud = cloud_start(NULL);
    struct answer answer = arm(cloud, path);
    json_t *rows = json_object_get(answer.body, "value");

    (void)state;
    assert_int_equal(answer.status, 200);
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(rows, 0), "name")),
        "kv-pay-core-weu");
    answer_done(&answer);
    cloud_stop(cloud);
}

/* The service keeps a single address as a range of one, and the ids of subnets
 * in small letters: what comes back is not what was sent. */
static void test_network_rules(void **state)
{
    struct owner *owner = owner_open();
    struct answer answer = owner_expect(owner,
        &(struct owner_ask){ PLANE_ARM, NULL, "PATCH",
            VAULT_ID "?api-version=2023-07-01",
            "{\"properties\":{\"networkAcls\":{\"ipRules\":[{\"value\":"
            "\"203.0.113.7\"},{\"value\":\"198.51.100.0/28\"}],"
            "\"virtualNetworkRules\":[{\"id\":\"/subscriptions/s/"
            "resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/n/"
            "subnets/One\"}]}}}" },
        200);
    char *text =
        json_dumps(json_object_get(json_object_get(answer.body, "properties"),
                       "networkAcls"),
            JSON_COMPACT);

    (void)state;
    assert_contains(text, "{\"value\":\"203.0.113.7/32\"}");
    assert_contains(text, "{\"value\":\"198.51.100.0/28\"}");
    assert_contains(text, "/resourcegroups/rg/providers/microsoft.network/"
                          "virtualnetworks/n/subnets/one");
    free(text);
    answer_done(&answer);
    owner_close(owner);
}

/* Clients ask about a backup at the address that they were given, which has no
 * api-version, and want the folder in the end. */
static void test_backup(void **state)
{
    struct owner *owner = owner_open();
    const char *const hsm = "hsm-pay-prod-weu";
    struct answer answer = owner_expect(owner,
        &(struct owner_ask){ PLANE_HSM, hsm, "POST", "/backup?api-version=7.5",
            "{\"storageResourceUri\":\"https://stcontosoauditweu.blob.core."
            "windows.net/hsm\",\"useManagedIdentity\":true}" },
        202);
    char *address = answer_header(&answer, "Azure-AsyncOperation");
    const char *path = strstr(address, "/backup/");

    (void)state;
    assert_non_null(path);
    assert_null(strchr(path, '?'));
    for (int i = 0; i < 10; i++) {
        answer_done(&answer);
        answer = owner_expect(owner,
            &(struct owner_ask){ PLANE_HSM, hsm, "GET", path, NULL }, 200);
        if (strcmp(answer_text(&answer, "status"), "InProgress") != 0)
            break;
    }
    assert_string_equal(answer_text(&answer, "status"), "Succeeded");
    assert_contains(answer_text(&answer, "azureStorageBlobContainerUri"),
        "https://stcontosoauditweu.blob.core.windows.net/hsm/mhsm-");
    answer_done(&answer);
    mem_free(address);
    owner_close(owner);
}

/* Libraries call the grant of a device code by the standard's name or by a
 * short one. */
static void test_device_grants(void **state)
{
    static const char *const grants[] = { "device_code",
        "urn:ietf:params:oauth:grant-type:device_code" };
    const char *const arguments[] = { "--fault", "device-interval=0", NULL };
    struct cloud *cloud = cloud_start(arguments);
    char path[120];

    (void)state;
    (void)snprintf(path, sizeof path, "/%s/oauth2/v2.0/devicecode",
        cloud_variable(cloud, "AZURE_TENANT_ID"));
    for (size_t i = 0; i < LENGTH(grants); i++) {
        struct answer code = cloud_ask(cloud,
            &(struct web_request){ .method = "POST",
                .path = path,
                .content_type = "application/x-www-form-urlencoded",
                .body = "client_id=" CLI "&scope=" AUDIENCE "/.default" });
        char form[500];
        int status = 0;

        (void)snprintf(form, sizeof form,
            "client_id=" CLI "&grant_type=%s&device_code=%s", grants[i],
            answer_text(&code, "device_code"));
        for (int polls = 0; polls < 5 && status != 200; polls++) {
            struct answer answer = cloud_ask_token(cloud, form);

            status = answer.status;
            answer_done(&answer);
        }
        if (status != 200)
            fail_with("%s ends with %d", grants[i], status);
        answer_done(&code);
    }
    cloud_stop(cloud);
}

/* Clients parse the certificate: it is one, in padded base64, and x5t is the
 * SHA-1 of it. */
static void test_certificate(void **state)
{
    struct owner *owner = owner_open();
    struct answer answer = owner_expect(owner,
        &(struct owner_ask){ PLANE_VAULT, "kv-pay-core-weu", "GET",
            "/certificates/pay-api?api-version=7.4", NULL },
        200);
    const char *text = answer_text(&answer, "cer");
    size_t length = strlen(text);
    unsigned char der[4096] = { 0 };
    const unsigned char *at = der;
    unsigned char digest[32] = { 0 };
    unsigned char thumbprint[64] = { 0 };
    char subject[200] = "";

    (void)state;
    assert_int_equal(length % 4, 0);
    assert_true(length > 0 && length < sizeof der);
    assert_null(strpbrk(text, "-_"));
    int size = EVP_DecodeBlock(der, (const unsigned char *)text, (int)length);
    X509 *certificate = d2i_X509(NULL, &at, size);
    assert_non_null(certificate);
    X509_NAME_oneline(
        X509_get_subject_name(certificate), subject, sizeof subject);
    assert_string_equal(subject, "/CN=pay-api.contoso.com");

    EVP_Digest(der, (size_t)(at - der), digest, NULL, EVP_sha1(), NULL);
    EVP_EncodeBlock(thumbprint, digest, 20);
    for (char *c = (char *)thumbprint; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c;
    assert_string_equal(answer_text(&answer, "x5t"), (char *)thumbprint);
    X509_free(certificate);
    answer_done(&answer);
    owner_close(owner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slashes),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_resource_filter),
        cmocka_unit_test(test_network_rules),
        cmocka_unit_test(test_backup),
        cmocka_unit_test(test_device_grants),
        cmocka_unit_test(test_certificate),
    };

    return cmocka_run_group_tests_name("cloud clients", tests, NULL, NULL);
}
