/* Contoso shows every recommendation failing and passing: in its estate as it
 * is, judged by its own configuration; by what a person attests where no API
 * tells; and, where there is one subject only, in a copy that is put right. */
#include "test.h"

#include <string.h>

#include <jansson.h>

#include "base.h"
#include "contoso.h"
#include "temp.h"

struct seen {
    bool fail;
    bool pass;
};

struct covered {
    struct kv_config *config;
    struct seen *rows; /* by row of the catalogue */
};

static int start(void **state)
{
    struct covered *covered = mem_alloc(sizeof *covered);

    covered->config = contoso_config();
    covered->rows = mem_alloc(kv_catalogue_count * sizeof *covered->rows);
    *state = covered;
    return 0;
}

static int stop(void **state)
{
    struct covered *covered = *state;

    kv_config_free(covered->config);
    mem_free(covered->rows);
    mem_free(covered);
    return 0;
}

static void see(struct seen *seen, const struct kv_tally *tally)
{
    seen->fail |= tally->count[KV_VERDICT_FAIL] > 0;
    seen->pass |= tally->count[KV_VERDICT_PASS] > 0;
}

static void see_all(struct covered *covered, const struct drive *drive)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        see(&covered->rows[row],
            kv_posture_row(kv_session_posture(drive->session), row));
}

/* ---- what a person attests ---- */

struct asked {
    uint32_t row;
    uint32_t index;
};

static bool is_answered(const struct drive *drive, const void *argument)
{
    const struct asked *asked = argument;

    return kv_posture_subject_verdict(kv_session_posture(drive->session),
               asked->row, asked->index) != KV_VERDICT_MANUAL;
}

/* The first subject of which a person is asked; false without one. */
static bool find_manual(const struct kv_posture *posture, struct asked *asked)
{
    enum kv_facet_level level = kv_row_level(&kv_catalogue[asked->row]);
    uint32_t count = kv_posture_subject_count(posture, level);

    for (asked->index = 0; asked->index < count; asked->index++)
        if (kv_posture_subject_verdict(posture, asked->row, asked->index) ==
            KV_VERDICT_MANUAL)
            return true;
    return false;
}

static void attest(
    struct covered *covered, struct drive *drive, uint32_t row, bool pass)
{
    const struct kv_posture *posture = kv_session_posture(drive->session);
    struct buf subject = { .limit = 1024 };
    struct kv_error err = { 0 };
    struct asked asked = { .row = row };

    if (!find_manual(posture, &asked))
        return;
    kv_posture_put_subject(
        posture, kv_row_level(&kv_catalogue[row]), asked.index, &subject);
    if (kv_session_attest(drive->session,
            &(struct kv_attestation){ .row = kv_catalogue[row].id,
                .subject = buf_text(&subject),
                .pass = pass,
                .note = "looked into",
                .name = "Contoso Vault Operations" },
            &err) != KV_OK)
        fail_with("%s: %s", kv_catalogue[row].id, err.text);
    drive_until(drive, is_answered, &asked, "the answer to count");
    see(&covered->rows[row], kv_posture_row(posture, row));
    buf_done(&subject);
}

static void attest_all(struct covered *covered, struct drive *drive)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        if (!kv_catalogue[row].attests)
            continue;
        if (!covered->rows[row].pass)
            attest(covered, drive, row, true);
        if (!covered->rows[row].fail)
            attest(covered, drive, row, false);
    }
}

/* ---- what is put right in a copy ---- */

/* Where the row has one subject in all of Contoso, or one that can be read, it
 * fails there; this puts it right. A path goes down by names and numbers. */
static const struct {
    const char *row;
    const char *path;
    const char *value; /* JSON */
} repairs[] = {
    { "ACC-9", "conditionalAccessPolicies/1/state", "\"enabled\"" },
    { "HSM-16", "dataPlane/hsm-legal-neu/keys/2/size", "256" },
    { "HSM-18", "dataPlane/hsm-legal-neu/roleAssignments/7/scope", "\"/\"" },
};

static json_t *go_down(json_t *node, struct view name)
{
    char text[80] = { 0 };

    assert_in_range(name.size, 1, sizeof text - 1);
    memcpy(text, name.data, name.size);
    return json_is_array(node)
               ? json_array_get(node, (size_t)strtoul(text, NULL, 10))
               : json_object_get(node, text);
}

static void repair(json_t *estate, const char *path, const char *value)
{
    const char *slash = strrchr(path, '/');
    struct view above = { path, (size_t)(slash - path) };
    json_t *node = estate;

    while (node && above.size > 0)
        node = go_down(node, view_cut(&above, '/'));
    if (!node || !json_object_get(node, slash + 1))
        fail_with("%s is not in the Contoso estate", path);
    json_object_set_new(
        node, slash + 1, json_loads(value, JSON_DECODE_ANY, NULL));
}

static char *write_repaired(const char *folder)
{
    char *from = temp_path(test_source(), "tests/cloud/estates/contoso.json");
    char *to = temp_path(folder, "repaired.json");
    json_t *estate = json_load_file(from, 0, NULL);

    assert_non_null(estate);
    for (size_t i = 0; i < LENGTH(repairs); i++)
        repair(estate, repairs[i].path, repairs[i].value);
    assert_int_equal(json_dump_file(estate, to, 0), 0);
    json_decref(estate);
    mem_free(from);
    return to;
}

static void see_repaired(struct covered *covered)
{
    char *folder = temp_new();
    char *estate = write_repaired(folder);
    struct drive drive = { 0 };

    assert_true(contoso_scan(&drive, covered->config, estate));
    for (size_t i = 0; i < LENGTH(repairs); i++) {
        uint32_t row = kv_catalogue_find(repairs[i].row);

        if (covered->rows[row].pass)
            fail_with("%s passes without being put right", repairs[i].row);
        see(&covered->rows[row],
            kv_posture_row(kv_session_posture(drive.session), row));
    }
    drive_done(&drive);
    mem_free(estate);
    temp_done(folder);
}

/* ---- the proof ---- */

static void test_every_row_fails_and_passes(void **state)
{
    struct covered *covered = *state;
    struct drive drive = { 0 };
    struct buf missing = { .limit = 8192 };

    assert_true(contoso_scan(&drive, covered->config, NULL));
    see_all(covered, &drive);
    attest_all(covered, &drive);
    drive_done(&drive);
    see_repaired(covered);
    for (size_t row = 0; row < kv_catalogue_count; row++) {
        if (!covered->rows[row].fail)
            buf_putf(&missing, "%s never fails\n", kv_catalogue[row].id);
        if (!covered->rows[row].pass)
            buf_putf(&missing, "%s never passes\n", kv_catalogue[row].id);
    }
    if (missing.size > 0)
        fail_with("on the Contoso estate\n%s", buf_text(&missing));
    buf_done(&missing);
}

/* What Azure Policy exempts is accepted, in place and in the list, and no more
 * once it has ended. */
static void test_exemptions(void **state)
{
    struct covered *covered = *state;
    struct drive drive = { 0 };
    const struct kv_records *records;
    struct buf evidence = { .limit = 4096 };

    assert_true(contoso_scan(&drive, covered->config, NULL));
    records = kv_session_records(drive.session);
    drive_expect_verdict(
        &drive, "PRO-3", "kv-plat-legacy-weu", KV_VERDICT_EXCEPTED);
    drive_expect_verdict(&drive, "PRO-3", "kv-plat-nosd-neu", KV_VERDICT_FAIL);
    drive_expect_verdict(
        &drive, "LOG-1", "kv-data-sink-weu", KV_VERDICT_EXCEPTED);
    (void)kv_posture_evidence(kv_session_posture(drive.session),
        kv_catalogue_find("PRO-3"), drive_find(&drive, "kv-plat-legacy-weu"),
        &evidence);
    assert_contains(buf_text(&evidence), "accepted by Access Administrator 1");
    assert_contains(buf_text(&evidence),
        "Is switched off with the application that uses it. (Azure Policy "
        "exemption legacy-until-closed)");
    assert_true(records->exception_count >= 3);
    drive_expect_message(&drive, "within 30 days");
    buf_done(&evidence);
    drive_done(&drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_fails_and_passes),
        cmocka_unit_test(test_exemptions),
    };

    return cmocka_run_group_tests_name("coverage", tests, start, stop);
}
