/* Reading inside vaults and HSMs: what is known afterwards, what was never
 * asked for, and that no host but a vault's own saw a token. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "drive.h"
#include "temp.h"

static const char *const named[] = { "--suffix", "localhost", NULL };

static int scan(void **state)
{
    struct drive *drive = mem_alloc(sizeof *drive);

    *state = drive;
    drive_open_cloud(drive, named);
    drive->options.deep = true;
    drive_open_session(drive);
    return drive_scan(drive) == KV_SCAN_DONE ? 0 : -1;
}

static int done(void **state)
{
    drive_done(*state);
    mem_free(*state);
    return 0;
}

static struct kv_facet_status facet_of(
    const struct drive *drive, const char *name, enum kv_facet facet)
{
    return kv_estate_facet(
        kv_session_estate(drive->session), drive_resource(drive, name), facet);
}

static const struct kv_object *object_of(const struct drive *drive,
    enum kv_set set, const char *resource, const char *object)
{
    const struct kv_estate *estate = kv_session_estate(drive->session);
    struct kv_walk walk = { 0 };
    const struct kv_object *row;

    while ((row = kv_estate_next_at(
                estate, set, drive_resource(drive, resource)->id, &walk)))
        if (strcmp(row->name, object) == 0)
            return row;
    fail_with("%s in %s was not read", object, resource);
    return NULL;
}

/* ---- what is known ---- */

/* Every deep facet is ready, or says what is missing. */
static void test_every_facet(void **state)
{
    const struct drive *drive = *state;
    const struct kv_estate *estate = kv_session_estate(drive->session);

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);

        for (int facet = 0; facet < KV_FACET_RESOURCE_COUNT; facet++) {
            struct kv_facet_status status =
                kv_estate_facet(estate, row, (enum kv_facet)facet);

            if (!kv_facets[facet].deep ||
                !(kv_facets[facet].kinds & 1u << row->kind))
                continue;
            if (status.state != KV_FACET_READY && !status.why)
                fail_with("%s of %s is %d without a reason",
                    kv_facets[facet].name, row->name, (int)status.state);
            assert_true(status.read_at_s > 0);
        }
    }
}

static void test_keys(void **state)
{
    const struct kv_object *row =
        object_of(*state, KV_SET_KEYS, "kv-pay-core-weu", "payments-signing");

    assert_string_equal(row->key_type, "EC-HSM");
    assert_string_equal(row->curve, "P-256");
    assert_true(row->rotates);
    assert_int_equal(row->rotates_after_days, 180);
    assert_int_equal(row->expires_after_days, 365);
    assert_true(row->expires_s > row->created_s);
    assert_true(row->managed_known);
    assert_false(row->managed);
    row = object_of(*state, KV_SET_KEYS, "kv-pay-core-weu", "card-vault-wrap");
    assert_int_equal(row->key_bits, 3072);
    assert_int_equal(row->tag_count, 1);
    row = object_of(*state, KV_SET_KEYS, "kv-pay-core-weu", "pay-api");
    assert_true(row->managed);
}

static void test_certificates(void **state)
{
    const struct kv_object *row =
        object_of(*state, KV_SET_CERTIFICATES, "kv-pay-core-weu", "pay-api");

    assert_int_equal(row->months, 12);
    assert_string_equal(row->issuer, "DigiCert");
    assert_string_equal(row->provider, "DigiCert");
    assert_true(row->renews);
    assert_int_equal(row->renews_percentage, 80);
    row = object_of(*state, KV_SET_SECRETS, "kv-pay-core-weu", "ledger-db");
    assert_string_equal(row->content_type, "text/plain");
    assert_true(row->managed_known);
}

/* An HSM's lists lack the type of a key, and its public part is not kept. */
static void test_hsm(void **state)
{
    const struct drive *drive = *state;
    const struct kv_estate *estate = kv_session_estate(drive->session);
    const char *hsm = drive_resource(drive, "hsm-pay-prod-weu")->id;
    const struct kv_local_assignment *assignment;
    struct kv_walk walk = { 0 };
    unsigned single = 0;
    unsigned all = 0;

    assert_string_equal(
        object_of(drive, KV_SET_KEYS, "hsm-pay-prod-weu", "pin-block")
            ->key_type,
        "RSA-HSM");
    while ((assignment = kv_estate_next_at(
                estate, KV_SET_LOCAL_ASSIGNMENTS, hsm, &walk))) {
        single += strncmp(assignment->within, "/keys/", 6) == 0;
        all++;
        assert_non_null(kv_estate_principal(estate, assignment->principal_id));
    }
    assert_int_equal(single, 2);
    assert_int_equal(all, 6);
    assert_int_equal(
        facet_of(drive, "hsm-pay-prod-weu", KV_FACET_SETTINGS).state,
        KV_FACET_READY);
}

/* The sentence of a refusal says what would help. */
static void test_refusals(void **state)
{
    static const struct {
        const char *vault;
        const char *why;
    } rows[] = {
        { "kv-plat-mixed-neu", "a firewall rule for 203.0.113.100" },
        { "kv-pay-fraud-weu", "an approved private endpoint" },
        { "kv-plat-certs-weu",
            "the data action Microsoft.KeyVault/vaults/certificates/read" },
        { "kv-old-hr-weu", "the permission certificates list" },
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_facet_status status =
            facet_of(*state, rows[i].vault, KV_FACET_CERTIFICATES);

        assert_int_equal(status.state, KV_FACET_DENIED);
        assert_contains(status.why, rows[i].why);
        /* ARM tells of the keys all the same. */
        assert_int_equal(facet_of(*state, rows[i].vault, KV_FACET_KEYS).state,
            KV_FACET_READY);
    }
}

/* ---- what is never asked for ---- */

/* What is longer than a list of secrets names a secret, whose answer is its
 * value. */
static bool is_forbidden(const char *line)
{
    static const char *const parts[] = { "/secrets/", "/backup?", "/restore?",
        "/decrypt?", "/encrypt?", "/sign?", "/unwrapkey?", "/wrapkey?",
        "/release?", "/rotate?" };

    if (strstr(line, "/providers/Microsoft.KeyVault/"))
        return false; /* ARM has no values */
    for (size_t i = 0; i < LENGTH(parts); i++)
        if (strstr(line, parts[i]))
            return true;
    return false;
}

static void test_nothing_secret(void **state)
{
    const struct drive *drive = *state;
    char *log = cloud_log(drive->cloud);
    unsigned lists = 0;

    for (char *line = strtok(log, "\n"); line; line = strtok(NULL, "\n")) {
        if (is_forbidden(line))
            fail_with("asked for what is secret: %s", line);
        lists += strstr(line, "GET /certificates?") != NULL;
        if (strstr(line, "PUT ") || strstr(line, "PATCH ") ||
            strstr(line, "DELETE "))
            fail_with("wrote: %s", line);
    }
    assert_true(lists > 0);
    mem_free(log);
}

/* ---- strangers ---- */

/* The Contoso estate with one vault's address changed; mem_free() the path. */
static char *estate_with(const char *folder, const char *from, const char *to)
{
    char *source = temp_path(test_source(), "tests/cloud/estates/contoso.json");
    char *path = temp_path(folder, "estate.json");
    json_t *estate = json_load_file(source, 0, NULL);
    json_t *resources = json_object_get(estate, "resources");
    size_t index;
    json_t *row;

    json_array_foreach(resources, index, row)
    {
        json_t *properties = json_object_get(row, "properties");
        const char *uri =
            json_string_value(json_object_get(properties, "vaultUri"));

        if (uri && strcmp(uri, from) == 0)
            json_object_set_new(properties, "vaultUri", json_string(to));
    }
    assert_int_equal(json_dump_file(estate, path, 0), 0);
    json_decref(estate);
    mem_free(source);
    return path;
}

/* A vault whose address is another host's: nothing goes there. */
static void test_foreign_host(void **state)
{
    struct cloud *stranger = cloud_start(named);
    struct buf foreign = { .limit = 1024 };
    char *folder = temp_new();
    struct drive drive = { 0 };
    char *estate;
    char *log;

    (void)state;
    buf_putf(&foreign, "http://kv-pay-core-weu.vault.localhost:%s/",
        strrchr(stranger->origin, ':') + 1);
    estate = estate_with(
        folder, "https://kv-pay-core-weu.vault.azure.net/", buf_text(&foreign));
    drive_open_cloud(&drive, (const char *const[]){ "--estate", estate,
                                 "--suffix", "localhost", NULL });
    drive.options.deep = true;
    drive_open_session(&drive);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_string_equal(
        drive_resource(&drive, "kv-pay-core-weu")->uri, buf_text(&foreign));
    assert_contains(
        facet_of(&drive, "kv-pay-core-weu", KV_FACET_CERTIFICATES).why,
        "is no vault of this cloud");
    log = cloud_log(stranger);
    assert_null(strstr(log, "vault="));
    assert_null(strstr(log, "bearer"));
    mem_free(log);
    mem_free(estate);
    buf_done(&foreign);
    temp_done(folder);
    drive_done(&drive);
    cloud_stop(stranger);
}

/* A simulated cloud that tells Azure's own addresses: nothing leaves. */
static void test_simulation_stays_here(void **state)
{
    struct drive drive = { 0 };

    (void)state;
    drive_open_cloud(&drive, NULL);
    drive.options.deep = true;
    drive_open_session(&drive);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_contains(
        facet_of(&drive, "kv-pay-core-weu", KV_FACET_CERTIFICATES).why,
        "is not on this machine");
    drive_done(&drive);
}

/* ---- one at a time ---- */

static bool has_looked(const struct drive *drive, const void *name)
{
    const struct kv_estate *estate = kv_session_estate(drive->session);

    return kv_estate_find_name(estate, name) != KV_NONE &&
           facet_of(drive, name, KV_FACET_CERTIFICATES).state == KV_FACET_READY;
}

static void test_look(void **state)
{
    struct drive drive = { 0 };
    long asked;

    (void)state;
    drive_open(&drive, named);
    assert_int_equal(drive_scan(&drive), KV_SCAN_DONE);
    assert_int_equal(facet_of(&drive, "kv-pay-core-weu", KV_FACET_KEYS).state,
        KV_FACET_ABSENT);
    kv_session_look(drive.session, drive_find(&drive, "kv-pay-core-weu"));
    drive_until(&drive, has_looked, "kv-pay-core-weu", "the vault's objects");
    assert_true(
        object_of(&drive, KV_SET_KEYS, "kv-pay-core-weu", "card-vault-wrap")
            ->rotates);
    drive_for(&drive, 200);
    asked = cloud_requests(drive.cloud, NULL);
    kv_session_look(drive.session, drive_find(&drive, "kv-pay-core-weu"));
    drive_for(&drive, 100);
    assert_int_equal(cloud_requests(drive.cloud, NULL), asked); /* fresh */
    drive_reopen_session(&drive); /* and it is in the store */
    kv_session_start(drive.session);
    drive_until(&drive, has_looked, "kv-pay-core-weu", "what was kept");
    assert_true(
        object_of(&drive, KV_SET_KEYS, "kv-pay-core-weu", "card-vault-wrap")
            ->rotates);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_facet),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_hsm),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_nothing_secret),
        cmocka_unit_test(test_foreign_host),
        cmocka_unit_test(test_simulation_stays_here),
        cmocka_unit_test(test_look),
    };

    return cmocka_run_group_tests(tests, scan, done);
}
