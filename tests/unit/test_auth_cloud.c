/* Clouds: the table, and what an ARM says about itself. */
#include "cloud.h"

#include "test.h"

#define ARM "http://127.0.0.1:9000"

static void test_known(void **state)
{
    (void)state;
    assert_string_equal(cloud_find(NULL)->name, "AzureCloud");
    assert_string_equal(
        cloud_find("https://Management.Azure.com/")->name, "AzureCloud");
    assert_string_equal(
        cloud_find("https://management.usgovcloudapi.net")->login,
        "https://login.microsoftonline.us");
    assert_string_equal(
        cloud_find("https://management.chinacloudapi.cn")->vault_suffix,
        ".vault.azure.cn");
    assert_null(cloud_find(ARM));
    assert_null(cloud_find("https://management.azure.com.example"));
    assert_null(cloud_find("nothing"));
}

struct decode_case {
    const char *name;
    const char *body;
    const char *login; /* NULL: refused */
    const char *audience;
    const char *vault_suffix;
};

#define AUTH(login, audiences)                                                 \
    "\"authentication\":{\"loginEndpoint\":\"" login                           \
    "\",\"audiences\":[" audiences "]}"

static const struct decode_case decodes[] = {
    {
        .name = "one object",
        .body = "{\"name\":\"Private\"," AUTH("https://login.contoso.example/",
            "\"https://a.example/\"") ",\"suffixes\":{\"keyVaultDns\":"
                                      "\"vault.contoso.example\"}}",
        .login = "https://login.contoso.example",
        .audience = "https://a.example/",
        .vault_suffix = ".vault.contoso.example",
    },
    {
        .name = "an array: the entry with the ARM",
        .body = "[{\"resourceManager\":\"https://management.azure.com/\"," AUTH(
            "https://wrong.example", "\"x\"") "},{\"resourceManager\":\"" ARM
                                              "/\"," AUTH("http://127.0.0.1:1",
                                                  "\"https://core/\",\"" ARM
                                                  "/\"") "}]",
        .login = "http://127.0.0.1:1",
        .audience = ARM "/",
        .vault_suffix = "",
    },
    {
        .name = "an array of one without the ARM",
        .body = "[{" AUTH("https://login.contoso.example", "\"a\"") "}]",
        .login = "https://login.contoso.example",
        .audience = "a",
        .vault_suffix = "",
    },
    {
        .name = "an array without the ARM",
        .body = "[{" AUTH("https://a.example", "\"a\"") "},{" AUTH(
            "https://b.example", "\"b\"") "}]",
    },
    {
        .name = "plain http to another machine",
        .body = "{" AUTH("http://login.contoso.example", "\"a\"") "}",
    },
    { .name = "no login", .body = "{}" },
    { .name = "no audience", .body = "{" AUTH("https://a.example", "") "}" },
    { .name = "audience of a wrong type",
        .body = "{" AUTH("https://a.example", "5") "}" },
    { .name = "no JSON", .body = "<html>" },
    { .name = "nothing", .body = "" },
    { .name = "a number", .body = "[5]" },
};

static void test_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(decodes); i++) {
        const struct decode_case *row = &decodes[i];
        struct auth_cloud cloud = { 0 };
        struct kv_error err = { 0 };
        enum kv_status status =
            cloud_decode(&cloud, ARM, view_of(row->body), &err);

        if ((status == KV_OK) != (row->login != NULL))
            fail_with("%s: %d, %s", row->name, (int)status, err.text);
        if (status == KV_OK) {
            assert_string_equal(cloud.login, row->login);
            assert_string_equal(cloud.audience, row->audience);
            assert_string_equal(cloud.vault_suffix, row->vault_suffix);
            assert_string_equal(cloud.arm, ARM);
            assert_true(cloud_is_simulated(&cloud));
        } else {
            assert_int_equal(status, KV_PROTOCOL);
            assert_contains(err.text, ARM "/metadata/endpoints");
        }
        cloud_done(&cloud);
    }
}

struct authority_case {
    const char *arm;
    const char *authority;
    const char *login; /* NULL: refused */
};

static const struct authority_case authorities[] = {
    { NULL, NULL, "https://login.microsoftonline.com" },
    { NULL, "", "https://login.microsoftonline.com" },
    { NULL, "login.contoso.example", "https://login.contoso.example" },
    { NULL, "https://login.contoso.example/", "https://login.contoso.example" },
    { NULL, "http://login.contoso.example/", NULL },
    { NULL, "not a host", NULL },
    { ARM, "login.microsoftonline.com", "" },
    { ARM, "http://127.0.0.1:2", "http://127.0.0.1:2" },
};

static void test_authority(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(authorities); i++) {
        const struct authority_case *row = &authorities[i];
        struct auth_cloud cloud = { 0 };
        enum kv_status status;

        cloud_copy(&cloud, row->arm ? &(struct auth_cloud){ .arm = row->arm }
                                    : cloud_find(NULL));
        status = cloud_set_authority(&cloud, row->authority, NULL);
        if (row->login) {
            assert_int_equal(status, KV_OK);
            assert_string_equal(cloud.login, row->login);
        } else {
            assert_int_equal(status, KV_BAD_CONFIG);
        }
        cloud_done(&cloud);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_authority),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
