/* Signing in as the machine: workload identity and managed identity, with
 * everything that calls itself a metadata service. */
#include "auth_stage.h"

#include <unistd.h>

#define GIVEN TOKEN("opaque", "3600")
/* As the metadata service writes it: every number a text. */
#define MACHINE                                                                \
    "{\"access_token\":\"m-1\",\"expires_on\":\"99999999999\",\"resource\":"   \
    "\"https://a.example\",\"token_type\":\"Bearer\"}"

/* The address of the scripted cloud is known when it runs. */
static void add_address(struct stage *stage, const char *name, const char *path)
{
    add_variablef(stage, "%s=%s%s", name, loopback_origin(stage->server), path);
}

/* ---- workload identity ---- */

static void add_federated(struct stage *stage, const char *token)
{
    char *path;

    stage->folder = temp_new();
    path = temp_path(stage->folder, "token");
    if (token)
        test_write_file(path, token);
    add_variable(stage, "AZURE_TENANT_ID=" TENANT);
    add_variable(stage, "AZURE_CLIENT_ID=app-1");
    add_variablef(stage, "AZURE_FEDERATED_TOKEN_FILE=%s", path);
    mem_free(path);
}

static void test_federated(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };
    char *path;

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, GIVEN);
    add_federated(&stage, "aaa.bbb.ccc\n");
    stage_play(&stage, KV_SIGN_IN_DONE);
    assert_string_equal(auth_sign_in(stage.auth)->method, "workload identity");
    assert_contains(loopback_request(stage.server, 1),
        "grant_type=client_credentials&client_id=app-1&client_assertion_type="
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&"
        "client_assertion=aaa.bbb.ccc&scope=https%3A%2F%2Fa.example");
    path = temp_path(stage.folder, "token"); /* it has been written anew */
    test_write_file(path, "ddd.eee.fff");
    mem_free(path);
    ask(stage.auth, true, &told);
    stage_run_idle(&stage);
    assert_contains(
        loopback_request(stage.server, 2), "client_assertion=ddd.eee.fff&");
    told_done(&told);
    stage_close(&stage);
}

static void test_federated_fails(void **state)
{
    static char large[20000];
    static const struct {
        const char *token;
        const char *text;
    } rows[] = {
        { NULL, "cannot be read: No such file" },
        { "", "holds no token" },
        { "a b", "holds no token" },
        { "a\rb", "holds no token" },
        { large, "is larger than 16384 bytes" },
    };

    (void)state;
    memset(large, 'x', sizeof large - 1);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct stage stage = { 0 };

        add_reply(&stage, 200, "");
        add_federated(&stage, rows[i].token);
        stage_play(&stage, KV_SIGN_IN_NEEDED);
        assert_contains(auth_sign_in(stage.auth)->text, rows[i].text);
        assert_int_equal(loopback_requests(stage.server), 1);
        stage_close(&stage);
    }
}

/* ---- managed identity ---- */

/* The server must be there before its address can be in the environment, and
 * auth_new() copies nothing of that: the variables may follow. */
static void open_machine(struct stage *stage, const char *way)
{
    stage->way = way;
    stage_open(stage);
}

static void start(struct stage *stage, enum kv_sign_in_state state)
{
    auth_start(stage->auth);
    stage_run_until(stage, state);
}

static void test_app_service(void **state)
{
    struct stage stage = { 0 };
    const char *seen;

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, MACHINE);
    add_variable(&stage, "IDENTITY_HEADER=h-1");
    add_variable(&stage, "AZURE_CLIENT_ID=user assigned");
    open_machine(&stage, "managed-identity");
    add_address(&stage, "IDENTITY_ENDPOINT", "/msi/token");
    start(&stage, KV_SIGN_IN_DONE);
    assert_string_equal(auth_sign_in(stage.auth)->method, "managed identity");
    seen = loopback_request(stage.server, 1);
    assert_contains(seen, "GET /msi/token?api-version=2019-08-01&resource="
                          "https%3A%2F%2Fa.example&client_id=user%20assigned ");
    assert_contains(seen, "\r\nX-IDENTITY-HEADER: h-1\r\n");
    stage_close(&stage);
}

static void test_imds(void **state)
{
    struct stage stage = { 0 };
    struct told told = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 400, "{}"); /* without its field */
    add_reply(&stage, 410, "");
    add_reply(&stage, 404, "");
    add_reply(&stage, 429, "");
    add_reply(&stage, 500, "");
    add_reply(&stage, 200, MACHINE);
    open_machine(&stage, NULL);
    add_address(&stage, "AZURE_POD_IDENTITY_AUTHORITY_HOST", "/");
    start(&stage, KV_SIGN_IN_DONE);
    assert_string_equal(auth_sign_in(stage.auth)->method, "managed identity");
    assert_lacks(loopback_request(stage.server, 1), "\r\nMetadata:");
    for (unsigned i = 2; i < 7; i++) {
        const char *seen = loopback_request(stage.server, i);

        assert_contains(seen, "GET /metadata/identity/oauth2/token?api-version="
                              "2018-02-01&resource=https%3A%2F%2Fa.example ");
        assert_contains(seen, "\r\nMetadata: true\r\n");
        assert_lacks(seen, "X-Forwarded-For");
    }
    ask(stage.auth, true, &told); /* it is there: no new probe */
    stage_run_idle(&stage);
    assert_contains(
        loopback_request(stage.server, 7), "\r\nMetadata: true\r\n");
    told_done(&told);
    stage_close(&stage);
}

/* Whatever else answers there is no identity, and the chain goes on at once. */
static void test_no_imds(void **state)
{
    static const long codes[] = { 200, 404, 403, 500 };

    (void)state;
    for (size_t i = 0; i < LENGTH(codes); i++) {
        struct stage stage = { 0 };

        add_reply(&stage, 200, "");
        add_reply(&stage, codes[i], MACHINE);
        open_machine(&stage, NULL);
        add_address(&stage, "AZURE_POD_IDENTITY_AUTHORITY_HOST", "");
        start(&stage, KV_SIGN_IN_NEEDED);
        assert_int_equal(loopback_requests(stage.server), 2);
        assert_contains(auth_sign_in(stage.auth)->text,
            "This machine has no managed identity of Azure's.");
        assert_contains(auth_sign_in(stage.auth)->text, "The Azure CLI was");
        stage_close(&stage);
    }
}

static void test_imds_says_no(void **state)
{
    static const struct {
        long code;
        const char *body;
        unsigned requests;
        const char *text;
    } rows[] = {
        { 400,
            "{\"error\":\"invalid_request\",\"error_description\":\"Identity "
            "not found\"}",
            2, "this machine has no managed identity, or several" },
        { 404, "", 6, "the metadata service answered with HTTP 404" },
        { 410, "", 9, "the metadata service answered with HTTP 410" },
        { 503, "{\"message\":\"busy\"}", 6, "HTTP 503: busy" },
        { 200, "{}", 5, "was no token" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct stage stage = { .no_device_code = true };

        add_reply(&stage, 200, "");
        add_reply(&stage, rows[i].code, rows[i].body);
        open_machine(&stage, "ManagedIdentityCredential"); /* no probe */
        add_address(&stage, "AZURE_POD_IDENTITY_AUTHORITY_HOST", "");
        start(&stage, KV_SIGN_IN_FAILED);
        assert_contains(auth_sign_in(stage.auth)->text, rows[i].text);
        assert_int_equal(loopback_requests(stage.server), rows[i].requests);
        stage_close(&stage);
    }
}

static void test_foreign_endpoint(void **state)
{
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_variable(&stage, "IDENTITY_ENDPOINT=https://contoso.example/token");
    add_variable(&stage, "IDENTITY_HEADER=h-1");
    open_machine(&stage, "managed-identity");
    start(&stage, KV_SIGN_IN_FAILED);
    assert_contains(auth_sign_in(stage.auth)->text,
        "https://contoso.example/token is not on this machine");
    assert_contains(
        auth_sign_in(stage.auth)->text, "Nothing else was tried, as --auth");
    assert_int_equal(http_sent(stage.http), 1);
    stage_close(&stage);
}

/* No test asks the machine that it runs on. */
static void test_simulated_cloud_asks_no_machine(void **state)
{
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    open_machine(&stage, "managed-identity");
    start(&stage, KV_SIGN_IN_FAILED);
    assert_contains(auth_sign_in(stage.auth)->text,
        "The managed identity was not asked: it knows no cloud on this "
        "machine.");
    assert_int_equal(http_sent(stage.http), 1);
    stage_close(&stage);
}

/* ---- Azure Arc ---- */

struct arc_case {
    const char *name;  /* of the file that holds the key */
    const char *realm; /* printf's: the folder */
    const char *text;  /* NULL: it works */
};

static const struct arc_case arcs[] = {
    { "a.key", "Basic realm=%s/a.key", NULL },
    { "b.key", "Basic realm=%s/a.key", "cannot be read; add this user to the" },
    { "a.txt", "Basic realm=%s/a.txt", "none of its own" },
    { ".key", "Basic realm=%s/.key", "none of its own" },
    { "a.key", "Basic realm=%s/../a.key", "none of its own" },
    { "a.key", "Basic realm=%s/x/a.key", "none of its own" },
    { "a.key", "Basic realm=/etc/passwd%.0s", "none of its own" },
    { "a.key", "Bearer realm=%s/a.key", "none of its own" },
    { "a.key", "%.0s", "none of its own" },
};

static void arc_play(const struct arc_case *row, const char *key, bool link)
{
    struct stage stage = { .folder = temp_new(), .no_device_code = true };
    char *path = temp_path(stage.folder, row->name);
    char field[600] = "WWW-Authenticate: ";
    size_t start_size = strlen(field);

    if (link)
        assert_int_equal(symlink("/etc/hostname", path), 0);
    else
        test_write_file(path, key);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(field + start_size, sizeof field - start_size, row->realm,
        stage.folder);
#pragma GCC diagnostic pop
    snprintf(field + strlen(field), 3, "\r\n");
    add_reply(&stage, 200, "");
    add_reply_with(&stage, 401, field, "{}");
    add_reply(&stage, 200, MACHINE);
    add_variable(&stage, "IMDS_ENDPOINT=http://127.0.0.1:1");
    add_variable(&stage, "AZURE_CLIENT_ID=ignored");
    add_variablef(&stage, "KVGOV_ARC_TOKENS=%s", stage.folder);
    open_machine(&stage, "managed-identity");
    add_address(&stage, "IDENTITY_ENDPOINT", "/metadata/identity/oauth2/token");
    start(&stage, row->text ? KV_SIGN_IN_FAILED : KV_SIGN_IN_DONE);
    assert_contains(loopback_request(stage.server, 1),
        "/token?api-version=2020-06-01&resource=https%3A%2F%2Fa.example ");
    if (row->text)
        assert_contains(auth_sign_in(stage.auth)->text, row->text);
    else
        assert_contains(loopback_request(stage.server, 2),
            "\r\nAuthorization: Basic k-1\r\n");
    assert_int_equal(loopback_requests(stage.server), row->text ? 2 : 3);
    mem_free(path);
    stage_close(&stage);
}

static void test_arc(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(arcs); i++)
        arc_play(&arcs[i], "k-1\n", false);
}

static void test_arc_keys_are_bounded(void **state)
{
    static char large[4098];
    static const struct arc_case row = { "a.key", "Basic realm=%s/a.key",
        "cannot be read" };

    (void)state;
    memset(large, 'k', sizeof large - 1);
    arc_play(&row, large, false);
    arc_play(&row, NULL, true); /* a link leads anywhere */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_federated),
        cmocka_unit_test(test_federated_fails),
        cmocka_unit_test(test_app_service),
        cmocka_unit_test(test_imds),
        cmocka_unit_test(test_no_imds),
        cmocka_unit_test(test_imds_says_no),
        cmocka_unit_test(test_foreign_endpoint),
        cmocka_unit_test(test_simulated_cloud_asks_no_machine),
        cmocka_unit_test(test_arc),
        cmocka_unit_test(test_arc_keys_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
