/* Signing in to the simulated cloud by a proof of who the application is: a
 * certificate, or another issuer's token. Each fails when the signature, the
 * audience, the time or the host is wrong. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base.h"
#include "certificate.h"
#include "drive.h"
#include "temp.h"
#include "web.h"

#define DAY_S 86400L
#define ISSUER "https://issuer.contoso.example/aks"
#define SUBJECT "system:serviceaccount:vaults:kvgov"
#define AUDIENCE "api://AzureADTokenExchange"

/* One cloud that knows one key, and another that it has never seen. */
struct fixture {
    struct drive drive;
    struct certificate known;
    struct certificate unknown;
    char *folder;
};

/* For a certificate and for a federated credential at once. */
static void register_key(const struct fixture *fixture)
{
    const struct cloud *cloud = fixture->drive.cloud;
    char *certificate = certificate_pem(fixture->known.x509);
    char *key = certificate_key_pem(fixture->known.key);
    json_t *body = json_pack("{s:s, s:s, s:[{s:s, s:s, s:[s], s:s}]}", "appId",
        cloud_variable(cloud, "AZURE_CLIENT_ID"), "certificate", certificate,
        "federatedCredentials", "issuer", ISSUER, "subject", SUBJECT,
        "audiences", AUDIENCE, "key", key);
    char *text = json_dumps(body, 0);

    assert_int_equal(web_send(
                         &(struct web_request){
                             .origin = cloud->origin,
                             .method = "POST",
                             .path = "/_cloud/client",
                             .body = text,
                         },
                         NULL),
        204);
    json_decref(body);
    free(text);
    free(key);
    free(certificate);
}

static int make(void **state)
{
    struct fixture *fixture = mem_alloc(sizeof *fixture);

    drive_open_cloud(&fixture->drive, NULL);
    fixture->known = certificate_new(CERTIFICATE_RSA, -DAY_S, DAY_S);
    fixture->unknown = certificate_new(CERTIFICATE_RSA, -DAY_S, DAY_S);
    fixture->folder = temp_new();
    register_key(fixture);
    *state = fixture;
    return 0;
}

static int unmake(void **state)
{
    struct fixture *fixture = *state;

    drive_done(&fixture->drive);
    certificate_done(&fixture->known);
    certificate_done(&fixture->unknown);
    temp_done(fixture->folder);
    mem_free(fixture);
    return 0;
}

/* Signs in with what the environment says now; NULL wants success. */
static void expect(struct fixture *fixture, const char *name,
    const char *method, const char *says)
{
    struct drive *drive = &fixture->drive;
    const struct kv_sign_in *sign_in;
    enum kv_sign_in_state wanted = says ? KV_SIGN_IN_FAILED : KV_SIGN_IN_DONE;

    drive_open_session(drive);
    (void)drive_sign_in(drive);
    sign_in = kv_session_sign_in(drive->session);
    if (sign_in->state != wanted || (says && !strstr(sign_in->text, says)))
        fail_with("%s: state %d: %s", name, (int)sign_in->state, sign_in->text);
    if (!says)
        assert_string_equal(sign_in->method, method);
    kv_session_close(drive->session);
    drive->session = NULL;
}

static void enter(struct fixture *fixture)
{
    cloud_enter(fixture->drive.cloud);
    (void)unsetenv("AZURE_CLIENT_SECRET");
}

/* ---- certificates ---- */

static void use_certificate(
    struct fixture *fixture, const struct certificate_file *file)
{
    char *path = temp_path(fixture->folder, "client.pem");

    enter(fixture);
    certificate_write_pem(path, file);
    (void)setenv("AZURE_CLIENT_CERTIFICATE_PATH", path, 1);
    mem_free(path);
}

static void use_known(struct fixture *fixture)
{
    use_certificate(fixture, &(struct certificate_file){
                                 .key = fixture->known.key,
                                 .first = fixture->known.x509,
                             });
}

static void test_certificate(void **state)
{
    struct fixture *fixture = *state;
    struct drive *drive = &fixture->drive;

    use_known(fixture);
    expect(fixture, "known", "client certificate", NULL);
    drive_open_session(drive);
    assert_int_equal(drive_scan(drive), KV_SCAN_DONE);
    kv_session_close(drive->session);
    drive->session = NULL;
}

static void test_certificate_pkcs12(void **state)
{
    struct fixture *fixture = *state;
    char *path = temp_path(fixture->folder, "client.pfx");

    enter(fixture);
    certificate_write_pkcs12(path, &(struct certificate_file){
                                       .key = fixture->known.key,
                                       .first = fixture->known.x509,
                                       .password = "contoso",
                                   });
    (void)setenv("AZURE_CLIENT_CERTIFICATE_PATH", path, 1);
    (void)setenv("AZURE_CLIENT_CERTIFICATE_PASSWORD", "contoso", 1);
    (void)setenv("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "1", 1);
    expect(fixture, "pkcs12", "client certificate", NULL);
    mem_free(path);
}

static void test_certificate_signature(void **state)
{
    struct fixture *fixture = *state;

    use_certificate(fixture, &(struct certificate_file){
                                 .key = fixture->unknown.key,
                                 .first = fixture->unknown.x509,
                             });
    expect(fixture, "unknown", NULL, "AADSTS700027");
}

static void test_certificate_expired(void **state)
{
    struct fixture *fixture = *state;
    X509 *old = X509_dup(fixture->known.x509);
    long sent = cloud_requests(fixture->drive.cloud, "POST");

    X509_gmtime_adj(X509_getm_notAfter(old), -60);
    X509_sign(old, fixture->known.key, EVP_sha256());
    use_certificate(fixture,
        &(struct certificate_file){ .key = fixture->known.key, .first = old });
    expect(fixture, "expired", NULL, "expired at ");
    assert_int_equal(cloud_requests(fixture->drive.cloud, "POST"), sent);
    X509_free(old);
}

static void test_certificate_other_tenant(void **state)
{
    struct fixture *fixture = *state;

    use_known(fixture);
    (void)setenv("AZURE_TENANT_ID", "00000000-0000-4000-8000-000000000001", 1);
    expect(fixture, "other tenant", NULL, "AADSTS90002");
}

static void test_certificate_other_application(void **state)
{
    struct fixture *fixture = *state;

    use_known(fixture);
    (void)setenv("AZURE_CLIENT_ID", "666c4fd5-24a1-4fce-9f89-15934435676b", 1);
    expect(fixture, "other application", NULL, "AADSTS700027");
}

/* No proof leaves in the clear for another machine. */
static void test_certificate_host(void **state)
{
    struct fixture *fixture = *state;

    use_known(fixture);
    (void)setenv("AZURE_AUTHORITY_HOST", "http://login.contoso.example", 1);
    expect(fixture, "other host", NULL, "AZURE_AUTHORITY_HOST is no https");
}

/* ---- federated tokens ---- */

struct federated_case {
    const char *name;
    const char *issuer;
    const char *subject;
    const char *audience;
    long expires_s; /* from now */
    bool forged;
    const char *says; /* NULL: good */
};

static const struct federated_case tokens[] = {
    { "good", ISSUER, SUBJECT, AUDIENCE, 600, false, NULL },
    { "issuer", ISSUER "/", SUBJECT, AUDIENCE, 600, false, "AADSTS700211" },
    { "subject", ISSUER, SUBJECT "x", AUDIENCE, 600, false, "AADSTS700213" },
    { "audience", ISSUER, SUBJECT, "api://azureadtokenexchange", 600, false,
        "AADSTS700212" },
    { "expiry", ISSUER, SUBJECT, AUDIENCE, -3600, false, "AADSTS700024" },
    { "signature", ISSUER, SUBJECT, AUDIENCE, 600, true, "AADSTS700027" },
};

static void use_token(struct fixture *fixture, const struct federated_case *row)
{
    char *path = temp_path(fixture->folder, "token");
    char claims[600];
    char *token;
    long now_s = (long)time(NULL);

    snprintf(claims, sizeof claims,
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"nbf\":%ld,\"iat\":%ld,"
        "\"exp\":%ld,\"jti\":\"%s\"}",
        row->issuer, row->subject, row->audience, now_s - 7200, now_s - 7200,
        now_s + row->expires_s, row->name);
    token = signed_token_new(
        claims, row->forged ? fixture->unknown.key : fixture->known.key);
    test_write_file(path, token);
    enter(fixture);
    (void)setenv("AZURE_FEDERATED_TOKEN_FILE", path, 1);
    free(token);
    mem_free(path);
}

static void test_federated(void **state)
{
    struct fixture *fixture = *state;

    for (size_t i = 0; i < LENGTH(tokens); i++) {
        use_token(fixture, &tokens[i]);
        expect(fixture, tokens[i].name, "workload identity", tokens[i].says);
    }
}

static void test_federated_host(void **state)
{
    struct fixture *fixture = *state;

    use_token(fixture, &tokens[0]);
    (void)setenv("AZURE_AUTHORITY_HOST", "http://login.contoso.example", 1);
    expect(fixture, "other host", NULL, "AZURE_AUTHORITY_HOST is no https");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_certificate_pkcs12),
        cmocka_unit_test(test_certificate_signature),
        cmocka_unit_test(test_certificate_expired),
        cmocka_unit_test(test_certificate_other_tenant),
        cmocka_unit_test(test_certificate_other_application),
        cmocka_unit_test(test_certificate_host),
        cmocka_unit_test(test_federated),
        cmocka_unit_test(test_federated_host),
    };

    return cmocka_run_group_tests(tests, make, unmake);
}
