/* The service's own examples of what is inside vaults and HSMs, through the
 * decoders that would meet them; and what its refusals come to. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "azure.h"
#include "decode.h"

#define GROUP                                                                  \
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/"    \
    "providers/Microsoft.KeyVault/"
#define VAULT GROUP "vaults/v"
#define READ_AT_S 1764000000

static void take(struct kv_estate *estate, enum azure_read read,
    const char *subject, const char *text)
{
    struct azure_context context = { estate, subject, READ_AT_S };
    json_t *json = json_loads(text, 0, NULL);
    struct azure_page page;
    struct kv_error err = { 0 };
    char *body;

    if (azure_reads[read].clean)
        azure_reads[read].clean(json);
    body = json_dumps(json, JSON_COMPACT);
    assert_int_equal(azure_page_open(&page, read, view_of(body), &err), KV_OK);
    while (!azure_page_ended(&page))
        if (azure_page_take(&page, read, &context, 1, &err) != KV_OK)
            fail_with("%s: %s", azure_reads[read].name, err.text);
    azure_page_done(&page);
    free(body);
    json_decref(json);
}

static void take_example(struct kv_estate *estate, enum azure_read read,
    const char *subject, const char *file)
{
    char *body = decode_body("examples", file, 200);

    take(estate, read, subject, body);
    mem_free(body);
}

static const struct kv_object *gathered(
    struct kv_estate *estate, enum kv_set set, const char *id)
{
    const struct kv_object *row = estate_gathered_row(estate, set, id);

    if (!row)
        fail_with("%s was not taken", id);
    return row;
}

static void test_arm(void **state)
{
    struct kv_estate *estate = estate_new();
    const struct kv_object *row;

    (void)state;
    take_example(
        estate, AZURE_KEYS, VAULT, "Microsoft.KeyVault/Keys_List.json");
    row = gathered(estate, KV_SET_KEYS, VAULT "/keys/sample-key-name-1");
    assert_int_equal(row->created_s, 1596493796);
    assert_string_equal(row->recovery_level, "Purgeable");
    assert_false(row->disabled);
    assert_false(row->managed_known);
    take(estate, AZURE_KEY, VAULT "/keys/sample-key-name-1",
        "{\"properties\":{\"kty\":\"RSA\",\"keySize\":2048,\"rotationPolicy\":{"
        "\"lifetimeActions\":[{\"trigger\":{\"timeAfterCreate\":\"P1Y\"},"
        "\"action\":{\"type\":\"rotate\"}}],\"attributes\":{\"expiryTime\":"
        "\"P18M\"}}}}");
    assert_string_equal(row->key_type, "RSA");
    assert_int_equal(row->key_bits, 2048);
    assert_true(row->rotates);
    assert_int_equal(row->rotates_after_days, 365);
    assert_int_equal(row->expires_after_days, 540);
    take_example(
        estate, AZURE_SECRETS, VAULT, "Microsoft.KeyVault/Secrets_List.json");
    (void)gathered(estate, KV_SET_SECRETS, VAULT "/secrets/secret-name2");
    estate_free(estate);
}

/* The example of one key, under the list's name. */
static void test_keys(void **state)
{
    struct kv_estate *estate = estate_new();
    const struct kv_object *row;

    (void)state;
    take_example(
        estate, AZURE_PLANE_KEYS, VAULT, "KeyVault.DataPlane/GetKeys.json");
    row = gathered(estate, KV_SET_KEYS, VAULT "/keys/sdktestkey");
    assert_true(row->managed_known);
    take_example(
        estate, AZURE_PLANE_KEY, row->id, "KeyVault.DataPlane/GetKey.json");
    assert_string_equal(row->key_type, "RSA");
    assert_int_equal(row->key_bits, 2048);
    take_example(estate, AZURE_KEY_ROTATION, row->id,
        "KeyVault.DataPlane/GetKeyRotationPolicy.json");
    assert_true(row->rotates);
    assert_int_equal(row->rotates_after_days, 90);
    assert_int_equal(row->expires_after_days, 730);
    take_example(estate, AZURE_DELETED_KEYS, VAULT,
        "KeyVault.DataPlane/GetDeletedKeys.json");
    row = gathered(
        estate, KV_SET_DELETED_OBJECTS, VAULT "/keys/listdeletedkeytest0");
    assert_int_equal(row->purge_s, 1501714031);
    assert_true(row->deleted);
    estate_free(estate);
}

/* What is kept of a key has nothing that is a key. */
static void test_no_material(void **state)
{
    static const char *const material[] = { "\"n\"", "\"e\"", "\"x\"", "\"y\"",
        "\"d\"", "\"k\"" };
    char *body = decode_body("examples", "KeyVault.DataPlane/GetKey.json", 200);
    json_t *json = json_loads(body, 0, NULL);
    char *kept;

    (void)state;
    assert_contains(body, "2HJAE5fU3Cw2Rt9h");
    azure_reads[AZURE_PLANE_KEY].clean(json);
    kept = json_dumps(json, JSON_COMPACT);
    assert_null(strstr(kept, "2HJAE5fU3Cw2Rt9h"));
    for (size_t i = 0; i < LENGTH(material); i++)
        assert_null(strstr(kept, material[i]));
    free(kept);
    json_decref(json);
    mem_free(body);
}

static void test_certificates(void **state)
{
    struct kv_estate *estate = estate_new();
    const struct kv_object *row;

    (void)state;
    take_example(estate, AZURE_CERTIFICATES, VAULT,
        "KeyVault.DataPlane/GetCertificates.json");
    row =
        gathered(estate, KV_SET_CERTIFICATES, VAULT "/certificates/listCert01");
    assert_int_equal(row->expires_s, 2208988799);
    take_example(estate, AZURE_CERTIFICATE_POLICY, row->id,
        "KeyVault.DataPlane/GetCertificatePolicy.json");
    assert_string_equal(row->issuer, "Unknown");
    assert_int_equal(row->months, 297);
    assert_int_equal(row->key_bits, 2048);
    assert_false(row->renews); /* it only sends mail */
    estate_free(estate);
}

static void test_hsm(void **state)
{
    struct kv_estate *estate = estate_new();
    const char *hsm = GROUP "managedHSMs/h";
    const struct kv_local_assignment *assignment;
    const struct kv_hsm_setting *setting;

    (void)state;
    take_example(estate, AZURE_LOCAL_ROLES, hsm,
        "KeyVault.DataPlane/RoleDefinitions_List.json");
    assert_non_null(estate_gathered_row(estate, KV_SET_LOCAL_ROLES,
        GROUP "managedHSMs/h/roleDefinitions/roleDefinitionId"));
    take_example(estate, AZURE_LOCAL_ASSIGNMENTS, hsm,
        "KeyVault.DataPlane/RoleAssignments_ListForScope.json");
    assignment = estate_gathered_row(estate, KV_SET_LOCAL_ASSIGNMENTS,
        GROUP "managedHSMs/h/roleAssignments/roleAssignmentId");
    assert_string_equal(assignment->within, "/keys");
    assert_string_equal(assignment->role_guid, "roleDefinitionId");
    take_example(
        estate, AZURE_SETTINGS, hsm, "KeyVault.DataPlane/GetSettings.json");
    setting = estate_gathered_row(estate, KV_SET_SETTINGS,
        GROUP "managedHSMs/h/settings/"
              "AllowKeyManagementOperationsThroughARM");
    assert_string_equal(setting->value, "true");
    estate_free(estate);
}

/* A name becomes part of an address: one that is a path is not taken. */
static void test_names(void **state)
{
    static const char *const bodies[] = {
        "{\"value\":[{\"kid\":\"https://v/keys/..%2Fsecrets\"}]}",
        "{\"value\":[{\"kid\":\"https://v/keys/a?b\"}]}",
        "{\"value\":[{\"kid\":\"https://v/secrets/a\"}]}",
        "{\"value\":[{\"kid\":\"https://v/keys/\"}]}",
        "{\"value\":[{}]}",
    };
    struct kv_estate *estate = estate_new();
    struct azure_context context = { estate, VAULT, READ_AT_S };

    (void)state;
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        struct azure_page page;
        struct kv_error err;

        assert_int_equal(
            azure_page_open(&page, AZURE_PLANE_KEYS, view_of(bodies[i]), &err),
            KV_OK);
        if (azure_page_take(&page, AZURE_PLANE_KEYS, &context, 9, &err) !=
            KV_PROTOCOL)
            fail_with("taken: %s", bodies[i]);
        azure_page_done(&page);
    }
    estate_free(estate);
}

/* ---- refusals ---- */

#define REFUSED(inner, message)                                                \
    "{\"error\":{\"code\":\"Forbidden\",\"message\":\"" message                \
    "\",\"innererror\":{\"code\":\"" inner "\"}}}"

static void test_refusals(void **state)
{
    static const struct {
        const char *body;
        const char *needs;
    } rows[] = {
        { REFUSED("ForbiddenByFirewall",
              "Client address is not authorized and caller is not a trusted "
              "service.\\r\\nClient address: 192.0.2.7\\r\\nCaller: x"),
            "it needs a firewall rule for 192.0.2.7, or an approved" },
        { REFUSED("ForbiddenByFirewall", "no"),
            "a firewall rule for this machine's public address" },
        { REFUSED("ForbiddenByConnection", "Public network access is disabled"),
            "a way through an approved private endpoint" },
        { REFUSED("ForbiddenByRbac",
              "Caller is not authorized\\r\\nAction: "
              "'Microsoft.KeyVault/vaults/keys/read'\\r\\nDecisionReason: "
              "'DeniedByDenyAssignment'"),
            "the data action Microsoft.KeyVault/vaults/keys/read, and no "
            "deny" },
        { REFUSED("AccessDenied", "The user 'a' does not have certificates "
                                  "list permission on key vault 'v'"),
            "an access policy with the permission certificates list" },
        { REFUSED("ForbiddenByPolicy", "x"), "an exemption" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_error err = { 0 };

        assert_int_equal(
            azure_error_set(&err, 403, view_of(rows[i].body), "keys"),
            KV_DENIED);
        assert_contains(err.text, rows[i].needs);
    }
}

/* ---- the audit log ---- */

static void test_callers(void **state)
{
    static const char body[] =
        "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":["
        "{\"name\":\"HttpStatusCode\"},{\"name\":\"Calls\"},{\"name\":\"Last\"}"
        ",{\"name\":\"Identity\"},{\"name\":\"CallerIpAddress\"},"
        "{\"name\":\"TlsVersion\"}],\"rows\":["
        "[200,5,\"2026-11-01T00:00:00Z\","
        "\"{\\\"claim\\\":{\\\"oid\\\":\\\"o-1\\\"}}\",\"192.0.2.7\",\"TLS1_2\""
        "],[403,2,\"2026-11-02T00:00:00Z\","
        "\"{\\\"claim\\\":{\\\"oid\\\":\\\"o-1\\\"}}\",\"192.0.2.7\",\"TLS1_2\""
        "],[401,1,\"2026-11-03T00:00:00Z\",\"\",\"\",\"\"]]}]}";
    struct kv_estate *estate = estate_new();
    const struct kv_caller *row;

    (void)state;
    take(estate, AZURE_CALLERS, VAULT, body);
    row = estate_gathered_row(
        estate, KV_SET_CALLERS, VAULT "#o-1|192.0.2.7|TLS1_2");
    assert_non_null(row);
    assert_int_equal(row->calls, 7);
    assert_int_equal(row->failures, 2);
    assert_int_equal(row->last_s, time_parse(view_of("2026-11-02T00:00:00Z")));
    row = estate_gathered_row(estate, KV_SET_CALLERS, VAULT "#||");
    assert_null(row->tls);
    assert_int_equal(row->failures, 1);
    estate_free(estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arm),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_no_material),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_hsm),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_callers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
