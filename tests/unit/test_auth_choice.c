/* Names: of ways to sign in, and of clouds. */
#include "auth_stage.h"

#include "choice.h"

#define ENVIRONMENT (WAY_BIT(WAY_SECRET) | WAY_BIT(WAY_CERTIFICATE))
#define MACHINE (WAY_BIT(WAY_FEDERATED) | WAY_BIT(WAY_MANAGED))
#define DEVICE WAY_BIT(WAY_DEVICE)

struct choice_case {
    const char *name;        /* of --auth */
    const char *credentials; /* AZURE_TOKEN_CREDENTIALS */
    unsigned ways;           /* 0: refused */
    bool forced;
    bool single;
};

static const struct choice_case choices[] = {
    { NULL, NULL, WAY_BIT(WAY_COUNT) - 1, false, false },
    { "", "", WAY_BIT(WAY_COUNT) - 1, false, false },
    { NULL, "prod", ENVIRONMENT | MACHINE | DEVICE, false, false },
    { NULL, "DEV", WAY_BIT(WAY_CLI) | DEVICE, false, true },
    { NULL, "ManagedIdentityCredential", WAY_BIT(WAY_MANAGED) | DEVICE, false,
        true },
    { "azure-cli", "prod", WAY_BIT(WAY_CLI), true, true },
    { "azureclicredential", NULL, WAY_BIT(WAY_CLI), true, true },
    { "EnvironmentCredential", NULL, ENVIRONMENT, true, false },
    { "environment-secret", NULL, WAY_BIT(WAY_SECRET), true, true },
    { "ClientCertificateCredential", NULL, WAY_BIT(WAY_CERTIFICATE), true,
        true },
    { "workload-identity", NULL, WAY_BIT(WAY_FEDERATED), true, true },
    { "device-code", NULL, DEVICE, true, false },
    { "VisualStudioCredential", NULL, 0, false, false },
    { NULL, "nobody", 0, false, false },
};

static void test_choices(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(choices); i++) {
        const struct choice_case *row = &choices[i];
        struct choice choice = { 0 };
        struct kv_error err = { 0 };
        enum kv_status status =
            choice_read(&choice, row->name, row->credentials, &err);

        if (row->ways == 0) {
            assert_int_equal(status, KV_BAD_CONFIG);
            assert_contains(err.text, row->name ? "--auth" : "AZURE_TOKEN_");
            assert_contains(err.text, "it has environment, ");
            continue;
        }
        if (status != KV_OK || choice.ways != row->ways ||
            choice.forced != row->forced ||
            choice_is_single(&choice) != row->single)
            fail_with("%s, %s: %x", row->name, row->credentials, choice.ways);
    }
}

/* ---- what is tried ---- */

static void test_only_the_chosen_is_tried(void **state)
{
    struct stage stage = { .way = "workload-identity" };

    (void)state;
    add_reply(&stage, 200, "");
    add_secret(&stage);
    stage_play(&stage, KV_SIGN_IN_FAILED);
    assert_string_equal(auth_sign_in(stage.auth)->text,
        "The environment sets no AZURE_FEDERATED_TOKEN_FILE. Nothing else was "
        "tried, as --auth says.");
    auth_device_code(stage.auth);
    assert_int_equal(auth_sign_in(stage.auth)->state, KV_SIGN_IN_FAILED);
    stage_close(&stage);
}

static void test_environment_restricts(void **state)
{
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_secret(&stage);
    add_variable(&stage, "AZURE_TOKEN_CREDENTIALS=AzureCliCredential");
    stage_play(&stage, KV_SIGN_IN_NEEDED);
    assert_lacks(auth_sign_in(stage.auth)->text, "AZURE_CLIENT");
    assert_contains(auth_sign_in(stage.auth)->text, "The Azure CLI was not");
    stage_close(&stage);
}

static void test_bad_names_fail(void **state)
{
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_secret(&stage);
    add_variable(&stage, "AZURE_TOKEN_CREDENTIALS=everything");
    stage_play(&stage, KV_SIGN_IN_FAILED);
    assert_contains(auth_sign_in(stage.auth)->text,
        "AZURE_TOKEN_CREDENTIALS is everything, which is no way");
    assert_int_equal(http_sent(stage.http), 0);
    stage_close(&stage);
}

static void test_device_code_needs_a_person(void **state)
{
    struct stage stage = { .way = "device-code", .no_device_code = true };

    (void)state;
    add_reply(&stage, 200, "");
    stage_play(&stage, KV_SIGN_IN_FAILED);
    assert_contains(auth_sign_in(stage.auth)->text,
        "A device code needs a person in the console.");
    stage_close(&stage);
}

/* Half of each proof is named, so that nobody looks for it in vain. */
static void test_halves(void **state)
{
    static const struct {
        const char *variables[3];
        const char *text;
    } rows[] = {
        { { "AZURE_CLIENT_SECRET=s", "AZURE_TENANT_ID=" TENANT },
            "The environment sets AZURE_CLIENT_SECRET but no "
            "AZURE_CLIENT_ID." },
        { { "AZURE_CLIENT_SECRET=s", "AZURE_CLIENT_ID=a" },
            "The environment sets AZURE_CLIENT_SECRET but no "
            "AZURE_TENANT_ID." },
        { { "AZURE_CLIENT_CERTIFICATE_PATH=/x", "AZURE_CLIENT_ID=a" },
            "sets AZURE_CLIENT_CERTIFICATE_PATH but no AZURE_TENANT_ID." },
        { { "AZURE_FEDERATED_TOKEN_FILE=/x", "AZURE_TENANT_ID=" TENANT },
            "sets AZURE_FEDERATED_TOKEN_FILE but no AZURE_CLIENT_ID." },
        { { "AZURE_CLIENT_SECRET=s", "AZURE_CLIENT_ID=a",
              "AZURE_TENANT_ID=../x" },
            "AZURE_TENANT_ID is neither a GUID nor a domain." },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct stage stage = { 0 };

        add_reply(&stage, 200, "");
        for (int j = 0; j < 3 && rows[i].variables[j]; j++)
            add_variable(&stage, rows[i].variables[j]);
        stage_play(&stage, KV_SIGN_IN_NEEDED);
        assert_contains(auth_sign_in(stage.auth)->text, rows[i].text);
        stage_close(&stage);
    }
}

/* ---- clouds ---- */

#define GOV "https://management.usgovcloudapi.net"
#define CHINA "https://management.chinacloudapi.cn"

struct cloud_case {
    const char *cloud;
    const char *authority; /* "NAME=value" */
    const char *config;    /* of the Azure CLI; NULL: none */
    const char *arm;
};

static const struct cloud_case clouds[] = {
    { NULL, NULL, NULL, NULL },
    { "AzureCloud", NULL, NULL, NULL },
    { "azureusgovernment", NULL, NULL, GOV },
    { "usgov", NULL, NULL, GOV },
    { "china", "AZURE_AUTHORITY_HOST=login.microsoftonline.us", NULL, CHINA },
    { NULL, "AZURE_AUTHORITY_HOST=login.microsoftonline.us", NULL, GOV },
    { NULL, "AZURE_AUTHORITY_HOST=https://login.chinacloudapi.cn/", NULL,
        CHINA },
    { NULL, "AZURE_AUTHORITY_HOST=https://login.contoso.example/", NULL, NULL },
    { NULL, "AZURE_AUTHORITY_HOST=https://login.microsoftonline.com",
        "[cloud]\nname = AzureChinaCloud\n", NULL },
    { NULL, NULL, "[core]\nname = x\n[cloud]\nname = AzureUSGovernment\n",
        GOV },
    { NULL, NULL, "[cloud]\nname=AzureChinaCloud", CHINA },
    { NULL, NULL, "[cloud]\nname = AzureCloud\n", NULL },
    { NULL, NULL, "[cloud]\nname = Contoso\n", NULL },
    { NULL, NULL, "name = AzureChinaCloud\n", NULL },
    { NULL, NULL, "", NULL },
    { "public", NULL, "[cloud]\nname = AzureChinaCloud\n", NULL },
};

static void test_clouds(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(clouds); i++) {
        const struct cloud_case *row = &clouds[i];
        char *folder = temp_new();
        char *path = temp_path(folder, "config");
        char variable[300];
        char *environment[3] = { variable, (char *)row->authority, NULL };
        const char *arm = "nothing";

        snprintf(variable, sizeof variable, "AZURE_CONFIG_DIR=%s", folder);
        if (row->config)
            test_write_file(path, row->config);
        assert_int_equal(
            auth_find_arm(&arm, row->cloud, environment, NULL), KV_OK);
        if (row->arm ? !arm || strcmp(arm, row->arm) != 0 : arm != NULL)
            fail_with("row %zu: %s, not %s", i, arm ? arm : "public",
                row->arm ? row->arm : "public");
        mem_free(path);
        temp_done(folder);
    }
}

static void test_unknown_cloud(void **state)
{
    struct kv_error err = { 0 };
    const char *arm = "nothing";

    (void)state;
    assert_int_equal(
        auth_find_arm(&arm, "AzureGermanCloud", NULL, &err), KV_BAD_CONFIG);
    assert_contains(err.text, "AzureGermanCloud is no cloud that kvgov knows");
    assert_contains(err.text, "AzureChinaCloud (china)");
    assert_string_equal(arm, "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_only_the_chosen_is_tried),
        cmocka_unit_test(test_environment_restricts),
        cmocka_unit_test(test_bad_names_fail),
        cmocka_unit_test(test_device_code_needs_a_person),
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_clouds),
        cmocka_unit_test(test_unknown_cloud),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
