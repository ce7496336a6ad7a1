/* The simulated cloud over HTTPS: whom its certificate vouches for, what each
 * service's challenge says, and that a token is good for one service only. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "cloud_ask.h"

#define ORIGIN_LIMIT 128

static int start(void **state)
{
    const char *const arguments[] = { "--tls", NULL };

    *state = cloud_start(arguments);
    return 0;
}

static int stop(void **state)
{
    cloud_stop(*state);
    return 0;
}

/* "https://HOST:PORT" of the cloud. */
static const char *origin_at(
    const struct cloud *cloud, const char *host, char out[ORIGIN_LIMIT])
{
    snprintf(
        out, ORIGIN_LIMIT, "https://%s%s", host, strrchr(cloud->origin, ':'));
    return out;
}

/* ---- the certificate ---- */

static const struct {
    const char *host;
    bool vouched;
} host_rows[] = {
    { "127.0.0.1", true },
    { "localhost", true },
    { "login.localhost", true },
    { "management.localhost", true },
    { "graph.localhost", true },
    { "kv-pay-prod-weu.vault.localhost", true },
    { "hsm-pay-prod.managedhsm.localhost", true },
    { "vault.azure.net", false },
    { "other.localhost", false },
    { "a.b.vault.localhost", false },
};

static void test_names(void **state)
{
    const struct cloud *cloud = *state;
    char origin[ORIGIN_LIMIT];

    for (size_t i = 0; i < LENGTH(host_rows); i++) {
        struct answer answer = cloud_ask(
            cloud, &(struct web_request){
                       .origin = origin_at(cloud, host_rows[i].host, origin),
                       .path = "/metadata/endpoints?api-version=2022-09-01",
                   });

        if ((answer.status != 0) != host_rows[i].vouched)
            fail_with("%s answered %d", host_rows[i].host, answer.status);
        answer_done(&answer);
    }
}

static void test_authority(void **state)
{
    const struct cloud *cloud = *state;
    struct web_request request = { .origin = cloud->origin,
        .path = "/metadata/endpoints?api-version=2022-09-01" };

    assert_int_equal(web_send(&request, NULL), 0);
    request.authority = cloud_variable(cloud, "SSL_CERT_FILE");
    assert_int_equal(web_send(&request, NULL), 200);
}

/* A client that came by one name is led on by the same. */
static void test_endpoints(void **state)
{
    const struct cloud *cloud = *state;
    char origin[ORIGIN_LIMIT];
    struct answer answer = cloud_ask(
        cloud, &(struct web_request){
                   .origin = origin_at(cloud, "localhost", origin),
                   .path = "/metadata/endpoints?api-version=2022-09-01",
               });

    assert_string_equal(
        answer_text(&answer, "authentication.loginEndpoint"), origin);
    answer_done(&answer);
}

/* ---- challenges and audiences ---- */

#define VAULT "kv-pay-prod-weu.vault.localhost"
#define HSM "hsm-pay-prod.managedhsm.localhost"

static const struct service_row {
    const char *host;
    const char *path;
    const char *challenge; /* a part of it */
} services[] = {
    { "127.0.0.1", "/subscriptions?api-version=2022-12-01",
        "authorization_uri=" },
    { VAULT, "/kvgov-none?api-version=7.4",
        "resource=\"https://vault.localhost\"" },
    { HSM, "/kvgov-none?api-version=7.4",
        "resource=\"https://managedhsm.localhost\"" },
    { "graph.localhost", "/v1.0/kvgov-none", "realm=\"\"" },
    { "logs.localhost", "/v1/kvgov-none", "authorization_uri=" },
};

static struct answer service_ask(const struct cloud *cloud,
    const struct service_row *service, const char *bearer)
{
    char origin[ORIGIN_LIMIT];

    return cloud_ask(
        cloud, &(struct web_request){
                   .origin = origin_at(cloud, service->host, origin),
                   .path = service->path,
                   .authorization = bearer,
               });
}

static void test_challenges(void **state)
{
    const struct cloud *cloud = *state;

    for (size_t i = 0; i < LENGTH(services); i++) {
        struct answer answer = service_ask(cloud, &services[i], NULL);
        char *challenge = answer_header(&answer, "WWW-Authenticate");

        assert_int_equal(answer.status, 401);
        assert_non_null(challenge);
        assert_contains(challenge, services[i].challenge);
        mem_free(challenge);
        answer_done(&answer);
    }
}

/* Each service's audience, in the order of the services; every other service
 * turns it away. */
static const char *const audiences[LENGTH(services)] = {
    "https://management.azure.com",
    "https://vault.azure.net",
    "https://managedhsm.azure.net",
    "https://graph.microsoft.com",
    "https://api.loganalytics.io",
};

static void check_audience(const struct cloud *cloud, size_t audience)
{
    char *bearer = cloud_bearer(cloud, audiences[audience]);

    for (size_t i = 0; i < LENGTH(services); i++) {
        struct answer answer = service_ask(cloud, &services[i], bearer);

        if ((answer.status == 401) != (i != audience))
            fail_with("a token for %s at %s: %d", audiences[audience],
                services[i].host, answer.status);
        answer_done(&answer);
    }
    mem_free(bearer);
}

static void test_audiences(void **state)
{
    for (size_t i = 0; i < LENGTH(audiences); i++)
        check_audience(*state, i);
}

/* ---- the suffix ---- */

static void test_suffix(void **state)
{
    const char *const arguments[] = { "--tls", "--suffix", "contoso.test",
        NULL };
    struct cloud *cloud = cloud_start(arguments);
    struct service_row vault = { "kv-a.vault.contoso.test",
        "/kvgov-none?api-version=7.4", NULL };
    struct answer endpoints = cloud_ask(
        cloud, &(struct web_request){
                   .path = "/metadata/endpoints?api-version=2022-09-01" });
    struct answer answer = service_ask(cloud, &vault, NULL);
    char resource[ORIGIN_LIMIT];

    (void)state;
    assert_contains(
        answer_text(&endpoints, "suffixes.keyVaultDns"), "vault.contoso.test:");
    snprintf(resource, sizeof resource, "resource=\"https://%s%s\"",
        "vault.contoso.test", strrchr(cloud->origin, ':'));
    assert_contains(answer.head, resource);
    answer_done(&answer);
    answer_done(&endpoints);
    cloud_stop(cloud);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_authority),
        cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_challenges),
        cmocka_unit_test(test_audiences),
        cmocka_unit_test(test_suffix),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
