/* Signing in to the simulated cloud by something signed: what Entra accepts
 * of a certificate's holder and of another issuer, and what it says to the
 * rest. */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base.h"
#include "cloud_ask.h"
#include "signer.h"

#define FORM_LIMIT 16384
#define TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define ISSUER "https://issuer.contoso.com/aks"
#define SUBJECT "system:serviceaccount:vaults:kvgov"
#define AUDIENCE "api://AzureADTokenExchange"

struct fixture {
    struct cloud *cloud;
    struct signer *own;      /* whose certificate is registered */
    struct signer *stranger; /* whose is not */
};

static void register_keys(const struct fixture *fixture)
{
    const struct cloud *cloud = fixture->cloud;
    json_t *body = json_pack("{s:s, s:s, s:[{s:s, s:s, s:[s], s:s}]}", "appId",
        cloud_variable(cloud, "AZURE_CLIENT_ID"), "certificate",
        fixture->own->certificate, "federatedCredentials", "issuer", ISSUER,
        "subject", SUBJECT, "audiences", AUDIENCE, "key",
        fixture->own->public_key);
    char *text = json_dumps(body, 0);
    struct answer answer = cloud_ask(
        cloud, &(struct web_request){
                   .method = "POST", .path = "/_cloud/client", .body = text });

    assert_int_equal(answer.status, 204);
    answer_done(&answer);
    free(text);
    json_decref(body);
}

static int start(void **state)
{
    struct fixture *fixture = mem_alloc(sizeof *fixture);

    fixture->cloud = cloud_start(NULL);
    fixture->own = signer_new();
    fixture->stranger = signer_new();
    register_keys(fixture);
    *state = fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;

    cloud_stop(fixture->cloud);
    signer_free(fixture->own);
    signer_free(fixture->stranger);
    mem_free(fixture);
    return 0;
}

static struct answer ask(const struct fixture *fixture, const char *assertion)
{
    const struct cloud *cloud = fixture->cloud;
    struct buf form = { .limit = FORM_LIMIT };

    buf_putf(&form,
        "grant_type=client_credentials&client_id=%s&scope=%s/.default&"
        "client_assertion_type=" TYPE "&client_assertion=%s",
        cloud_variable(cloud, "AZURE_CLIENT_ID"), cloud->origin, assertion);
    struct answer answer = cloud_ask_token(cloud, buf_text(&form));
    buf_done(&form);
    return answer;
}

static void expect(struct answer *answer, const char *name, int number)
{
    if (answer_number(answer) != number ||
        (answer->status == 200) != (number == 0))
        fail_with("%s: expected AADSTS%d, answered %d: %s", name, number,
            answer->status, answer_text(answer, "error_description"));
    answer_done(answer);
}

/* ---- a certificate's holder ---- */

static const struct assertion_row {
    const char *name;
    bool pss;
    bool stranger;
    const char *issuer; /* NULL: the client */
    const char *subject;
    const char *audience; /* NULL: the token endpoint */
    int from_s;           /* from now */
    int until_s;
    int number; /* of AADSTS; 0: a token */
} rows[] = {
    { "PS256", true, false, NULL, NULL, NULL, 0, 300, 0 },
    { "RS256", false, false, NULL, NULL, NULL, 0, 300, 0 },
    { "a slow clock", true, false, NULL, NULL, NULL, -400, -240, 0 },
    { "a fast clock", true, false, NULL, NULL, NULL, 240, 600, 0 },
    { "stranger", true, true, NULL, NULL, NULL, 0, 300, 700027 },
    { "stranger, old", false, true, NULL, NULL, NULL, 0, 300, 700027 },
    { "expired", true, false, NULL, NULL, NULL, -900, -600, 700024 },
    { "not yet", true, false, NULL, NULL, NULL, 600, 900, 700024 },
    { "other audience", true, false, NULL, NULL,
        "https://login.microsoftonline.com/x/oauth2/v2.0/token", 0, 300,
        50012 },
    { "other client", true, false, "11111111-1111-4111-8111-111111111111", NULL,
        NULL, 0, 300, 700021 },
    { "other subject", true, false, NULL,
        "11111111-1111-4111-8111-111111111111", NULL, 0, 300, 50048 },
};

static char *row_claims(
    const struct fixture *fixture, const struct assertion_row *row, int id)
{
    const struct cloud *cloud = fixture->cloud;
    const char *client = cloud_variable(cloud, "AZURE_CLIENT_ID");
    struct buf claims = { .limit = FORM_LIMIT };
    long now = (long)time(NULL);

    buf_putf(&claims,
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"id-%d\",\"nbf\":%ld,"
        "\"exp\":%ld,\"aud\":\"",
        row->issuer ? row->issuer : client,
        row->subject ? row->subject : client, id, now + row->from_s,
        now + row->until_s);
    if (row->audience)
        buf_puts(&claims, row->audience);
    else
        buf_putf(&claims, "%s/%s/oauth2/v2.0/token", cloud->origin,
            cloud_variable(cloud, "AZURE_TENANT_ID"));
    buf_puts(&claims, "\"}");
    char *text = mem_copy_text(buf_text(&claims));
    buf_done(&claims);
    return text;
}

static char *row_sign(
    const struct fixture *fixture, const struct assertion_row *row, int id)
{
    const struct signer *signer =
        row->stranger ? fixture->stranger : fixture->own;
    char *claims = row_claims(fixture, row, id);
    char *assertion = signer_sign(signer, row->pss, claims);

    mem_free(claims);
    return assertion;
}

static void test_assertions(void **state)
{
    const struct fixture *fixture = *state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        char *assertion = row_sign(fixture, &rows[i], (int)i);
        struct answer answer = ask(fixture, assertion);

        expect(&answer, rows[i].name, rows[i].number);
        mem_free(assertion);
    }
}

static void test_used_twice(void **state)
{
    const struct fixture *fixture = *state;
    char *assertion = row_sign(fixture, &rows[0], 1000);
    struct answer first = ask(fixture, assertion);
    struct answer second = ask(fixture, assertion);

    expect(&first, "the first time", 0);
    expect(&second, "the second time", 50012);
    mem_free(assertion);
}

/* The thumbprint is the registered one, the signature another's. */
static void test_borrowed_name(void **state)
{
    const struct fixture *fixture = *state;
    char *claims = row_claims(fixture, &rows[0], 2000);
    struct signer forged = *fixture->own;

    forged.key = fixture->stranger->key;
    char *assertion = signer_sign(&forged, true, claims);
    struct answer answer = ask(fixture, assertion);
    expect(&answer, "forged", 700027);
    mem_free(assertion);
    mem_free(claims);
}

static void test_malformed(void **state)
{
    static const char *const texts[] = { "x", "a.b", "a.b.c", "...", "e30.e30.",
        "bm9uZQ.e30.AAAA" };

    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct answer answer = ask(*state, texts[i]);
        int number = answer_number(&answer);

        /* "e30" is "{}": well formed, and signed by nobody. */
        expect(&answer, texts[i],
            strcmp(texts[i], "e30.e30.") == 0 ? 700027 : 50027);
        assert_true(number > 0);
    }
}

/* Well signed, but not what an assertion says. */
static const struct {
    const char *claims;
    int number;
} claims_rows[] = {
    { "{}", 700024 },
    { "{\"exp\":\"soon\"}", 700024 },
    { "{\"exp\":1e300}", 700024 },
    { "{\"exp\":-1e300}", 700024 },
    { "{\"exp\":9223372036854775807}", 700024 },
    { "{\"exp\":9999999999,\"nbf\":9999999999}", 700024 },
    { "{\"exp\":9999999999,\"iss\":7}", 50012 },
    { "{\"exp\":9999999999,\"aud\":[7,{}]}", 50012 },
};

static void test_odd_claims(void **state)
{
    const struct fixture *fixture = *state;

    for (size_t i = 0; i < LENGTH(claims_rows); i++) {
        char *assertion =
            signer_sign(fixture->own, true, claims_rows[i].claims);
        struct answer answer = ask(fixture, assertion);

        expect(&answer, claims_rows[i].claims, claims_rows[i].number);
        mem_free(assertion);
    }
}

/* ---- another issuer ---- */

static const struct federated_row {
    const char *name;
    bool stranger;
    const char *issuer;
    const char *subject;
    const char *audience;
    int until_s;
    int number;
} federated_rows[] = {
    { "workload", false, ISSUER, SUBJECT, AUDIENCE, 3600, 0 },
    { "stranger", true, ISSUER, SUBJECT, AUDIENCE, 3600, 700027 },
    { "other issuer", false, "https://issuer.contoso.com/AKS", SUBJECT,
        AUDIENCE, 3600, 700211 },
    { "other audience", false, ISSUER, SUBJECT, "api://azureadtokenexchange",
        3600, 700212 },
    { "other subject", false, ISSUER, "system:serviceaccount:vaults:other",
        AUDIENCE, 3600, 700213 },
    { "expired", false, ISSUER, SUBJECT, AUDIENCE, -600, 700024 },
};

/* Without a thumbprint in its header, as such tokens are. */
static char *federated_sign(
    const struct fixture *fixture, const struct federated_row *row)
{
    struct signer nameless = row->stranger ? *fixture->stranger : *fixture->own;
    struct buf claims = { .limit = FORM_LIMIT };

    nameless.thumbprints_hidden = true;
    buf_putf(&claims,
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":[\"%s\"],\"exp\":%ld}",
        row->issuer, row->subject, row->audience,
        (long)time(NULL) + row->until_s);
    char *token = signer_sign(&nameless, false, buf_text(&claims));
    buf_done(&claims);
    return token;
}

static void test_federated(void **state)
{
    const struct fixture *fixture = *state;

    for (size_t i = 0; i < LENGTH(federated_rows); i++) {
        char *token = federated_sign(fixture, &federated_rows[i]);
        struct answer answer = ask(fixture, token);

        expect(&answer, federated_rows[i].name, federated_rows[i].number);
        mem_free(token);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_assertions),
        cmocka_unit_test(test_used_twice),
        cmocka_unit_test(test_borrowed_name),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_odd_claims),
        cmocka_unit_test(test_federated),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
