/* A vault's challenge: only a login host of the cloud, for a token of the
 * vault's own domain, is heeded; everything else gets none. */
#include "test.h"

#include "auth.h"
#include "cloud.h"

#define TENANT "11111111-0000-0000-0000-000000000001"
#define LOGIN "authorization=\"https://login.microsoftonline.com/" TENANT "\""
#define FOR "resource=\"https://vault.azure.net\""

static const struct {
    const char *origin;
    const char *field;
    enum kv_status expected;
} rows[] = {
    { "https://kv-a.vault.azure.net", "Bearer " LOGIN ", " FOR, KV_OK },
    { "https://kv-a.vault.azure.net",
        "bearer authorization_uri=\"https://login.windows.net/" TENANT
        "\", scope=\"https://vault.azure.net/.default\"",
        KV_OK },
    /* another domain, a part of a label, the domain itself */
    { "https://kv-a.vault.azure.net",
        "Bearer " LOGIN ", resource=\"https://managedhsm.azure.net\"",
        KV_FOREIGN_HOST },
    { "https://kv-a.myvault.azure.net", "Bearer " LOGIN ", " FOR,
        KV_FOREIGN_HOST },
    { "https://vault.azure.net", "Bearer " LOGIN ", " FOR, KV_FOREIGN_HOST },
    { "https://kv-a.vault.azure.net",
        "Bearer " LOGIN ", resource=\"https://management.azure.com\"",
        KV_FOREIGN_HOST },
    /* somebody else's login */
    { "https://kv-a.vault.azure.net",
        "Bearer authorization=\"https://login.contoso.example/" TENANT
        "\", " FOR,
        KV_FOREIGN_HOST },
    { "https://kv-a.vault.azure.net",
        "Bearer "
        "authorization=\"https://login.microsoftonline.com.evil.example/" TENANT
        "\", " FOR,
        KV_FOREIGN_HOST },
    { "https://kv-a.vault.azure.net",
        "Bearer authorization=\"https://login.microsoftonline.us/" TENANT
        "\", " FOR,
        KV_FOREIGN_HOST },
    /* nothing of the kind */
    { "https://kv-a.vault.azure.net", "Bearer " LOGIN, KV_PROTOCOL },
    { "https://kv-a.vault.azure.net", "Bearer " FOR, KV_PROTOCOL },
    { "https://kv-a.vault.azure.net", "Basic " LOGIN ", " FOR, KV_PROTOCOL },
    { "https://kv-a.vault.azure.net",
        "Bearer authorization=\"https://login.microsoftonline.com/\", " FOR,
        KV_PROTOCOL },
    { "https://kv-a.vault.azure.net",
        "Bearer "
        "authorization=\"https://login.microsoftonline.com/a%2fb\", " FOR,
        KV_PROTOCOL },
    { "https://kv-a.vault.azure.net", "", KV_PROTOCOL },
    { "https://kv-a.vault.azure.net", NULL, KV_PROTOCOL },
};

static void test_challenges(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct buf tenant = { .limit = 256 };
        struct kv_error err = { 0 };
        enum kv_status status = auth_check_challenge(
            &tenant, cloud_find(NULL), rows[i].origin, rows[i].field, &err);

        if (status != rows[i].expected)
            fail_with("%s from %s is %d: %s", rows[i].field, rows[i].origin,
                (int)status, err.text);
        assert_string_equal(buf_text(&tenant), status == KV_OK ? TENANT : "");
        buf_done(&tenant);
    }
}

/* Nothing at all is sent to these. */
static void test_hosts(void **state)
{
    static const struct auth_cloud simulated = {
        .arm = "http://127.0.0.1:8443",
        .vault_suffix = ".vault.localhost:8443",
        .vault_audience = "https://vault.localhost:8443",
        .hsm_suffix = ".managedhsm.azure.net",
        .hsm_audience = "https://managedhsm.azure.net",
    };
    static const struct {
        const char *origin;
        enum auth_audience audience;
        enum kv_status expected;
    } hosts[] = {
        { "http://kv-a.vault.localhost:8443", AUTH_VAULT, KV_OK },
        { "http://kv-a.vault.localhost:8444", AUTH_VAULT, KV_FOREIGN_HOST },
        { "http://kv-a.vault.localhost", AUTH_VAULT, KV_FOREIGN_HOST },
        { "http://kv-a.notlocalhost:8443", AUTH_VAULT, KV_BAD_INPUT },
        { "https://hsm.managedhsm.azure.net", AUTH_HSM, KV_FOREIGN_HOST },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(hosts); i++) {
        struct kv_error err = { 0 };

        if (auth_check_host(&simulated, hosts[i].audience, hosts[i].origin,
                &err) != hosts[i].expected)
            fail_with("%s: %s", hosts[i].origin, err.text);
    }
    assert_int_equal(auth_check_host(cloud_find(NULL), AUTH_VAULT,
                         "https://kv-a.vault.azure.net", NULL),
        KV_OK);
    assert_int_equal(auth_check_host(cloud_find(NULL), AUTH_VAULT,
                         "https://kv-a.vault.azure.net:444", NULL),
        KV_FOREIGN_HOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_challenges),
        cmocka_unit_test(test_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
