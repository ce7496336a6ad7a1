/* The simulated cloud's managed identity: in Azure, in App Service and under
 * Azure Arc, each with what it insists on. */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base.h"
#include "cloud_ask.h"
#include "temp.h"

#define IMDS "/metadata/identity/oauth2/token"
#define METADATA "Metadata: true\r\n"
/* Two identities of the Contoso estate: on their own, and by resource. */
#define OWN "15e7ce6f-19a9-4b84-80e8-f854a3c18f3d"
#define USER "c111a4e9-07ce-46a9-ac8c-eb3ead2427c5"
#define USER_CLIENT "98f475f9-cf66-4fdc-9491-731ae506c311"
#define USER_RESOURCE                                                          \
    "/subscriptions/7b00b078-3524-4a0a-bb02-404ae3a344fb/resourceGroups/"      \
    "rg-payments-weu/providers/Microsoft.ManagedIdentity/"                     \
    "userAssignedIdentities/id-payments-core-weu"
#define NOBODY "11111111-1111-4111-8111-111111111111"

/* Contoso with a machine in it, in a file of the folder; mem_free(). */
static char *estate_with_machine(const char *folder, const char *machine)
{
    char *source = temp_path(test_source(), "tests/cloud/estates/contoso.json");
    char *path = temp_path(folder, "estate.json");
    json_t *estate = json_load_file(source, 0, NULL);

    json_object_set_new(estate, "machine", json_loads(machine, 0, NULL));
    assert_int_equal(json_dump_file(estate, path, JSON_COMPACT), 0);
    json_decref(estate);
    mem_free(source);
    return path;
}

static struct cloud *start_with(
    const char *machine, const char *kind, const char *arc_folder)
{
    char *folder = temp_new();
    char *estate = estate_with_machine(folder, machine);
    const char *const arguments[] = { "--estate", estate, "--managed-identity",
        kind, arc_folder ? "--arc-dir" : NULL, arc_folder, NULL };
    struct cloud *cloud = cloud_start(arguments);

    mem_free(estate);
    temp_done(folder);
    return cloud;
}

static struct answer ask(
    const struct cloud *cloud, const char *query, const char *headers)
{
    struct buf path = { .limit = 2048 };

    buf_putf(&path, IMDS "?%s", query);
    struct answer answer = cloud_ask(cloud,
        &(struct web_request){ .path = buf_text(&path), .headers = headers });
    buf_done(&path);
    return answer;
}

/* What the token lets its holder do tells whose it is. */
static void check_works(const struct cloud *cloud, const struct answer *answer)
{
    char *bearer = answer_bearer(answer);
    struct answer list =
        cloud_ask(cloud, &(struct web_request){
                             .path = "/subscriptions?api-version=2022-12-01",
                             .authorization = bearer,
                         });

    assert_int_equal(list.status, 200);
    answer_done(&list);
    mem_free(bearer);
}

/* ---- in Azure ---- */

static const struct imds_row {
    const char *name;
    const char *query; /* behind the resource */
    const char *headers;
    int status;
    const char *client; /* whose token it is; NULL: no matter */
} imds_rows[] = {
    { "plain", "&api-version=2018-02-01", METADATA, 200, NULL },
    { "by client", "&api-version=2018-02-01&client_id=" USER_CLIENT, METADATA,
        200, USER_CLIENT },
    { "by object", "&api-version=2018-02-01&object_id=" USER, METADATA, 200,
        USER_CLIENT },
    { "by resource", "&api-version=2018-02-01&msi_res_id=" USER_RESOURCE,
        METADATA, 200, USER_CLIENT },
    { "nobody", "&api-version=2018-02-01&client_id=" NOBODY, METADATA, 400,
        NULL },
    { "no version", "", METADATA, 400, NULL },
    { "no header", "&api-version=2018-02-01", NULL, 400, NULL },
    { "false header", "&api-version=2018-02-01", "Metadata: false\r\n", 400,
        NULL },
    { "forwarded", "&api-version=2018-02-01",
        METADATA "X-Forwarded-For: 192.0.2.7\r\n", 400, NULL },
};

static void check_imds(const struct cloud *cloud, const struct imds_row *row)
{
    struct buf query = { .limit = 2048 };

    buf_putf(&query, "resource=%s/%s", cloud->origin, row->query);
    struct answer answer = ask(cloud, buf_text(&query), row->headers);
    if (answer.status != row->status)
        fail_with(
            "%s: answered %d, not %d", row->name, answer.status, row->status);
    if (row->status == 200)
        check_works(cloud, &answer);
    if (row->client)
        assert_string_equal(answer_text(&answer, "client_id"), row->client);
    answer_done(&answer);
    buf_done(&query);
}

static void test_imds(void **state)
{
    struct cloud *cloud = start_with("{\"systemAssigned\":\"" OWN
                                     "\",\"userAssigned\":[\"" USER "\"]}",
        "imds", NULL);

    (void)state;
    assert_string_equal(
        cloud_variable(cloud, "AZURE_POD_IDENTITY_AUTHORITY_HOST"),
        cloud->origin);
    for (size_t i = 0; i < LENGTH(imds_rows); i++)
        check_imds(cloud, &imds_rows[i]);
    cloud_stop(cloud);
}

/* Every number of the answer is a text. */
static void test_texts(void **state)
{
    static const char *const names[] = { "expires_in", "expires_on",
        "not_before" };
    struct cloud *cloud = cloud_start(NULL);
    struct answer answer = ask(cloud,
        "api-version=2018-02-01&resource=https://vault.azure.net", METADATA);

    (void)state;
    assert_string_equal(
        answer_text(&answer, "resource"), "https://vault.azure.net");
    for (size_t i = 0; i < LENGTH(names); i++)
        assert_true(*answer_text(&answer, names[i]));
    answer_done(&answer);
    cloud_stop(cloud);
}

/* Several identities, none of them the machine's own, and no choice. */
static void test_several(void **state)
{
    struct cloud *cloud = start_with(
        "{\"userAssigned\":[\"" USER "\",\"" OWN "\"]}", "imds", NULL);
    struct answer answer = ask(cloud,
        "api-version=2018-02-01&resource=https://vault.azure.net", METADATA);

    (void)state;
    assert_int_equal(answer.status, 400);
    assert_string_equal(
        answer_text(&answer, "error_description"), "Identity not found");
    answer_done(&answer);
    cloud_stop(cloud);
}

static void test_gone(void **state)
{
    static const int wanted[] = { 410, 410, 200 };
    const char *const arguments[] = { "--fault", "imds-410=2", NULL };
    struct cloud *cloud = cloud_start(arguments);

    (void)state;
    for (size_t i = 0; i < LENGTH(wanted); i++) {
        struct answer answer = ask(cloud,
            "api-version=2018-02-01&resource=https://vault.azure.net",
            METADATA);

        assert_int_equal(answer.status, wanted[i]);
        answer_done(&answer);
    }
    cloud_stop(cloud);
}

/* ---- in App Service ---- */

static struct answer ask_app_service(
    const struct cloud *cloud, const char *secret)
{
    struct buf headers = { .limit = 512 };
    struct buf path = { .limit = 512 };

    if (secret)
        buf_putf(&headers, "X-IDENTITY-HEADER: %s\r\n", secret);
    buf_putf(
        &path, "/msi/token?api-version=2019-08-01&resource=%s", cloud->origin);
    struct answer answer =
        cloud_ask(cloud, &(struct web_request){ .path = buf_text(&path),
                             .headers = buf_text(&headers) });
    buf_done(&path);
    buf_done(&headers);
    return answer;
}

static void test_app_service(void **state)
{
    struct cloud *cloud =
        start_with("{\"systemAssigned\":\"" OWN "\"}", "app-service", NULL);
    const char *secret = cloud_variable(cloud, "IDENTITY_HEADER");
    struct answer none = ask_app_service(cloud, NULL);
    struct answer wrong = ask_app_service(cloud, "wrong");
    struct answer right = ask_app_service(cloud, secret);

    (void)state;
    assert_contains(cloud_variable(cloud, "IDENTITY_ENDPOINT"), "/msi/token");
    assert_int_equal(none.status, 400);
    assert_int_equal(wrong.status, 401);
    check_works(cloud, &right);
    assert_true(*answer_text(&right, "expires_on"));
    assert_null(json_object_get(right.body, "expires_in"));
    answer_done(&none);
    answer_done(&wrong);
    answer_done(&right);
    cloud_stop(cloud);
}

/* ---- under Azure Arc ---- */

#define ARC_QUERY "api-version=2020-06-01&resource=https://vault.azure.net"

/* The file that a challenge names; mem_free(). */
static char *challenge_path(const struct answer *answer)
{
    char *challenge = answer_header(answer, "WWW-Authenticate");
    const char *at = challenge ? strstr(challenge, "realm=") : NULL;

    if (!at)
        fail_with("no realm in the challenge: %s", answer->head);
    char *path = mem_copy_text(at + strlen("realm="));
    mem_free(challenge);
    return path;
}

static struct answer ask_with_key(const struct cloud *cloud, const char *key)
{
    struct buf headers = { .limit = 1024 };

    buf_putf(&headers, METADATA "Authorization: Basic %s\r\n", key);
    struct answer answer = ask(cloud, ARC_QUERY, buf_text(&headers));
    buf_done(&headers);
    return answer;
}

static void test_arc(void **state)
{
    char *folder = temp_new();
    struct cloud *cloud =
        start_with("{\"systemAssigned\":\"" OWN "\"}", "arc", folder);
    struct answer challenged = ask(cloud, ARC_QUERY, METADATA);
    char *path = challenge_path(&challenged);
    struct stat file;

    (void)state;
    assert_int_equal(challenged.status, 401);
    assert_int_equal(strncmp(path, folder, strlen(folder)), 0);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 077, 0);
    char *key = test_read_file(path, NULL);
    struct answer right = ask_with_key(cloud, key);
    struct answer again = ask_with_key(cloud, key);
    struct answer wrong = ask_with_key(cloud, "wrong");
    assert_int_equal(right.status, 200);
    assert_int_equal(again.status, 401);
    assert_int_equal(wrong.status, 401);
    answer_done(&challenged);
    answer_done(&right);
    answer_done(&again);
    answer_done(&wrong);
    mem_free(key);
    mem_free(path);
    cloud_stop(cloud);
    temp_done(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_imds),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_gone),
        cmocka_unit_test(test_app_service),
        cmocka_unit_test(test_arc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
