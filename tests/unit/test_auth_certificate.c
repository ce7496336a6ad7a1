/* Signing in with a client certificate: the assertion, checked by its public
 * key, and every file that is none. */
#include "auth_stage.h"

#include "certificate.h"
#include "credential.h"

#define DAY_S 86400L
#define ASSERTION "client_assertion="
#define GIVEN TOKEN("opaque", "3600")
#define REFUSED(number)                                                        \
    "{\"error\":\"invalid_client\",\"error_codes\":[" number "]}"

static struct certificate contoso; /* made once: a key takes its time */
static char *folder;

static int make(void **state)
{
    (void)state;
    contoso = certificate_new(CERTIFICATE_RSA, -DAY_S, DAY_S);
    folder = temp_new();
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    certificate_done(&contoso);
    temp_done(folder);
    return 0;
}

static void add_certificate(struct stage *stage, const char *name)
{
    add_variable(stage, "AZURE_TENANT_ID=" TENANT);
    add_variable(stage, "AZURE_CLIENT_ID=app-1");
    add_variablef(stage, "AZURE_CLIENT_CERTIFICATE_PATH=%s/%s", folder, name);
}

static void write_pem(const char *name, const struct certificate_file *file)
{
    char *path = temp_path(folder, name);

    certificate_write_pem(path, file);
    mem_free(path);
}

static void write_pkcs12(const char *name, const struct certificate_file *file)
{
    char *path = temp_path(folder, name);

    certificate_write_pkcs12(path, file);
    mem_free(path);
}

/* The assertion of a request; free with signed_token_done(). */
static struct signed_token read_assertion(
    const struct stage *stage, unsigned request)
{
    const char *seen = loopback_request(stage->server, request);
    const char *start = strstr(seen, ASSERTION);
    struct signed_token token;
    char *text;

    assert_non_null(start);
    start += strlen(ASSERTION);
    text = strndup(start, strcspn(start, "&"));
    token = signed_token_read(text, contoso.key);
    free(text);
    return token;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

static void check_claims(const struct stage *stage, const json_t *claims)
{
    int64_t exp = json_integer_value(json_object_get(claims, "exp"));
    char endpoint[200];

    snprintf(endpoint, sizeof endpoint, "%s/" TENANT "/oauth2/v2.0/token",
        loopback_origin(stage->server));
    assert_string_equal(text_of(claims, "aud"), endpoint);
    assert_string_equal(text_of(claims, "iss"), "app-1");
    assert_string_equal(text_of(claims, "sub"), "app-1");
    assert_int_equal(strlen(text_of(claims, "jti")), 36);
    assert_in_range(exp - clock_now_s(), 300, 600);
    assert_true(
        json_integer_value(json_object_get(claims, "nbf")) <= clock_now_s());
}

static void check_header(const json_t *header, const char *algorithm,
    const char *member, const char *digest)
{
    char *thumbprint = certificate_thumbprint(contoso.x509, digest);

    assert_string_equal(text_of(header, "alg"), algorithm);
    assert_string_equal(text_of(header, "typ"), "JWT");
    assert_string_equal(text_of(header, member), thumbprint);
    free(thumbprint);
}

static void test_assertion(void **state)
{
    struct stage stage = { 0 };
    struct signed_token token;
    const char *seen;

    (void)state;
    write_pem("good.pem",
        &(struct certificate_file){ .key = contoso.key, .last = contoso.x509 });
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, GIVEN);
    add_certificate(&stage, "good.pem");
    stage_play(&stage, KV_SIGN_IN_DONE);
    assert_string_equal(auth_sign_in(stage.auth)->method, "client certificate");
    assert_string_equal(auth_sign_in(stage.auth)->account, "app-1");
    seen = loopback_request(stage.server, 1);
    assert_contains(seen, "POST /" TENANT "/oauth2/v2.0/token ");
    assert_contains(seen, "grant_type=client_credentials&client_id=app-1&"
                          "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
                          "client-assertion-type%3Ajwt-bearer&");
    assert_contains(seen, "scope=https%3A%2F%2Fa.example%2F.default");
    token = read_assertion(&stage, 1);
    assert_true(token.valid);
    check_header(token.header, "PS256", "x5t#S256", "SHA256");
    assert_null(json_object_get(token.header, "x5c"));
    check_claims(&stage, token.claims);
    signed_token_done(&token);
    stage_close(&stage);
}

/* Once an authority refused PS256, it is asked by RS256 only. */
static void test_older_algorithm(void **state)
{
    static const char *const refusals[] = { REFUSED("700027"),
        REFUSED("50027") };

    (void)state;
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        struct stage stage = { 0 };
        struct told told = { 0 };
        struct signed_token token;

        add_reply(&stage, 200, "");
        add_reply(&stage, 401, refusals[i]);
        add_reply(&stage, 200, GIVEN);
        add_reply(&stage, 200, GIVEN);
        add_certificate(&stage, "good.pem");
        stage_play(&stage, KV_SIGN_IN_DONE);
        token = read_assertion(&stage, 2);
        assert_true(token.valid);
        check_header(token.header, "RS256", "x5t", "SHA1");
        check_claims(&stage, token.claims);
        signed_token_done(&token);
        ask(stage.auth, true, &told);
        stage_run_idle(&stage);
        token = read_assertion(&stage, 3);
        assert_string_equal(text_of(token.header, "alg"), "RS256");
        signed_token_done(&token);
        told_done(&told);
        stage_close(&stage);
    }
}

static void test_refused_twice(void **state)
{
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_reply(&stage, 401, REFUSED("700027"));
    add_certificate(&stage, "good.pem");
    stage_play(&stage, KV_SIGN_IN_NEEDED);
    assert_int_equal(loopback_requests(stage.server), 3);
    assert_contains(auth_sign_in(stage.auth)->text, "(AADSTS700027)");
    assert_contains(auth_sign_in(stage.auth)->text,
        "The sign-in with a client certificate failed: the certificate is not");
    stage_close(&stage);
}

static void test_chain_is_sent(void **state)
{
    struct certificate issuer = certificate_new(CERTIFICATE_EC, 0, DAY_S);
    struct stage stage = { 0 };
    struct signed_token token;
    unsigned char *der = NULL;
    int size = i2d_X509(contoso.x509, &der);
    char base64[4096] = "";
    const json_t *chain;

    (void)state;
    write_pem("chain.pem", &(struct certificate_file){
                               .first = issuer.x509,
                               .key = contoso.key,
                               .last = contoso.x509,
                           });
    add_reply(&stage, 200, "");
    add_reply(&stage, 200, GIVEN);
    add_certificate(&stage, "chain.pem");
    add_variable(&stage, "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN=true");
    stage_play(&stage, KV_SIGN_IN_DONE);
    token = read_assertion(&stage, 1);
    chain = json_object_get(token.header, "x5c");
    assert_int_equal(json_array_size(chain), 2);
    EVP_EncodeBlock((unsigned char *)base64, der, size);
    assert_string_equal(
        json_string_value(json_array_get(chain, 0)), base64); /* the leaf */
    OPENSSL_free(der);
    signed_token_done(&token);
    certificate_done(&issuer);
    stage_close(&stage);
}

/* ---- files ---- */

struct good_case {
    const char *name;
    bool pkcs12;
    const char *password;
};

static const struct good_case goods[] = {
    { "open.pem", false, NULL },
    { "locked.pem", false, "p\"w d" },
    { "open.pfx", true, NULL },
    { "empty.pfx", true, "" },
    { "locked.pfx", true, "p\"w d" },
};

static void test_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(goods); i++) {
        const struct good_case *row = &goods[i];
        const struct certificate_file file = {
            .key = contoso.key,
            .first = contoso.x509,
            .password = row->password,
        };
        char *path = temp_path(folder, row->name);
        struct credential credential = { 0 };
        struct kv_error err = { 0 };
        const char *given =
            row->password && *row->password ? row->password : NULL;

        (row->pkcs12 ? write_pkcs12 : write_pem)(row->name, &file);
        if (credential_load(&credential, path, given, clock_now_s(), &err) !=
            KV_OK)
            fail_with("%s: %s", row->name, err.text);
        assert_int_equal(X509_cmp(credential.leaf, contoso.x509), 0);
        assert_int_equal(EVP_PKEY_eq(credential.key, contoso.key), 1);
        credential_done(&credential);
        mem_free(path);
    }
}

struct bad_case {
    const char *name;
    const char *password;
    const char *text;
};

static const struct bad_case bads[] = {
    { "missing.pem", NULL, "cannot be read: No such file or directory" },
    { "", NULL, "is no ordinary file" },
    { "text.pem", NULL, "is neither PEM nor PKCS#12" },
    { "nothing.pem", NULL, "is neither PEM nor PKCS#12" },
    { "huge.pem", NULL, "is larger than" },
    { "nokey.pem", NULL, "holds no private key" },
    { "nocert.pem", NULL, "holds no certificate; put it beside" },
    { "other.pem", NULL, "holds no certificate of its private key" },
    { "secret.pem", NULL, "has a password; set AZURE_CLIENT_CERTIFICATE_PASS" },
    { "secret.pem", "wrong",
        "does not open with AZURE_CLIENT_CERTIFICATE_PASS" },
    { "secret.pfx", NULL, "has a password; set AZURE_CLIENT_CERTIFICATE_PASS" },
    { "secret.pfx", "wrong",
        "does not open with AZURE_CLIENT_CERTIFICATE_PASS" },
    { "nokey.pfx", "p", "holds no private key" },
    { "ec.pem", NULL, "holds a key that is not RSA" },
    { "short.pem", NULL, "holds an RSA key of less than 2048 bits" },
    { "old.pem", NULL, "expired at 20" },
    { "new.pem", NULL, "that is not valid yet; check this machine's clock" },
};

static void write_one(
    const char *name, enum certificate_kind kind, long from_s, long to_s)
{
    struct certificate made = certificate_new(kind, from_s, to_s);

    write_pem(name,
        &(struct certificate_file){ .key = made.key, .first = made.x509 });
    certificate_done(&made);
}

static void write_text(const char *name, const char *text)
{
    char *path = temp_path(folder, name);

    test_write_file(path, text);
    mem_free(path);
}

static void write_bads(void)
{
    struct certificate other = certificate_new(CERTIFICATE_EC, 0, DAY_S);
    char *huge = mem_alloc(300001);

    memset(huge, 'x', 300000);
    write_text("huge.pem", huge);
    mem_free(huge);
    write_text("text.pem", "hello");
    write_text("nothing.pem", "");
    write_pem("nokey.pem", &(struct certificate_file){ .first = other.x509 });
    write_pem("nocert.pem", &(struct certificate_file){ .key = contoso.key });
    write_pem("other.pem",
        &(struct certificate_file){ .key = contoso.key, .last = other.x509 });
    write_pem("secret.pem", &(struct certificate_file){
                                .key = contoso.key,
                                .last = contoso.x509,
                                .password = "p",
                            });
    write_pkcs12("secret.pfx", &(struct certificate_file){
                                   .key = contoso.key,
                                   .first = contoso.x509,
                                   .password = "p",
                               });
    write_pkcs12("nokey.pfx", &(struct certificate_file){
                                  .last = other.x509,
                                  .password = "p",
                              });
    write_one("ec.pem", CERTIFICATE_EC, 0, DAY_S);
    write_one("short.pem", CERTIFICATE_RSA_SHORT, 0, DAY_S);
    certificate_done(&other);
}

/* Of a key that was made already: another one would take its time. */
static void write_times(void)
{
    X509_gmtime_adj(X509_getm_notAfter(contoso.x509), -60);
    write_pem("old.pem",
        &(struct certificate_file){ .key = contoso.key, .last = contoso.x509 });
    X509_gmtime_adj(X509_getm_notAfter(contoso.x509), DAY_S);
    X509_gmtime_adj(X509_getm_notBefore(contoso.x509), 3600);
    write_pem("new.pem",
        &(struct certificate_file){ .key = contoso.key, .last = contoso.x509 });
    X509_gmtime_adj(X509_getm_notBefore(contoso.x509), -DAY_S);
}

static void test_files_that_are_none(void **state)
{
    (void)state;
    write_bads();
    write_times();
    for (size_t i = 0; i < LENGTH(bads); i++) {
        const struct bad_case *row = &bads[i];
        char *path = temp_path(folder, row->name);
        struct credential credential = { 0 };
        struct kv_error err = { 0 };

        if (credential_load(&credential, path, row->password, clock_now_s(),
                &err) != KV_SIGN_IN)
            fail_with("%s was taken", row->name);
        if (!strstr(err.text, row->text) || !strstr(err.text, path))
            fail_with("%s: '%s', not '%s'", row->name, err.text, row->text);
        assert_lacks(err.text, "wrong");
        credential_done(&credential);
        mem_free(path);
    }
}

static void test_bad_file_ends_the_chain(void **state)
{
    struct stage stage = { 0 };

    (void)state;
    add_reply(&stage, 200, "");
    add_certificate(&stage, "missing.pem");
    stage_play(&stage, KV_SIGN_IN_NEEDED);
    assert_contains(auth_sign_in(stage.auth)->text, "missing.pem");
    assert_lacks(auth_sign_in(stage.auth)->text, "Azure CLI");
    assert_int_equal(loopback_requests(stage.server), 1);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_assertion),
        cmocka_unit_test(test_older_algorithm),
        cmocka_unit_test(test_refused_twice),
        cmocka_unit_test(test_chain_is_sent),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_files_that_are_none),
        cmocka_unit_test(test_bad_file_ends_the_chain),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
