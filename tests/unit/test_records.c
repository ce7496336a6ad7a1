/* Attestations and exceptions on the disk: kept, replaced, taken away, found
 * again, and never lost to a file that cannot be used. */
#include "records.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "temp.h"
#include "test.h"

static const struct kv_attestation answer = {
    .row = "BAK-3",
    .subject = "/subscriptions/a/vaults/kv",
    .pass = true,
    .note = "restored on Sunday",
    .name = "Contoso Vault Operations",
    .at_s = 1790000000,
    .until_s = 1800000000,
};
static const struct kv_exception exception = {
    .row = "NET-1",
    .scope = "/",
    .reason = "until the move",
    .owner = "Contoso Payments",
    .at_s = 1790000000,
    .until_s = 1800000001,
};

static struct records *open_in(const char *dir)
{
    struct records *records = NULL;
    struct kv_error err = { 0 };

    if (records_open(&records, dir, &err) != KV_OK)
        fail_with("%s", err.text);
    return records;
}

static void test_kept(void **state)
{
    char *dir = temp_new();
    struct records *records = open_in(dir);
    struct kv_error err = { 0 };
    const struct kv_records *kept;

    (void)state;
    assert_int_equal(records_get(records)->attestation_count, 0);
    assert_int_equal(records_attest(records, &answer, &err), KV_OK);
    assert_int_equal(records_except(records, &exception, &err), KV_OK);
    records_close(records);
    records = open_in(dir);
    kept = records_get(records);
    assert_int_equal(kept->attestation_count, 1);
    assert_int_equal(kept->exception_count, 1);
    assert_string_equal(kept->attestations[0].row, "BAK-3");
    assert_string_equal(kept->attestations[0].subject, answer.subject);
    assert_string_equal(kept->attestations[0].note, answer.note);
    assert_string_equal(kept->attestations[0].name, answer.name);
    assert_true(kept->attestations[0].pass);
    assert_int_equal(kept->attestations[0].at_s, answer.at_s);
    assert_int_equal(kept->attestations[0].until_s, answer.until_s);
    assert_string_equal(kept->exceptions[0].scope, "/");
    assert_string_equal(kept->exceptions[0].reason, exception.reason);
    assert_string_equal(kept->exceptions[0].owner, exception.owner);
    assert_int_equal(kept->exceptions[0].until_s, exception.until_s);
    assert_null(kept->exceptions[0].origin);
    records_close(records);
    temp_done(dir);
}

/* Ids of Azure have no casing of their own. */
static void test_replaced_and_removed(void **state)
{
    char *dir = temp_new();
    struct records *records = open_in(dir);
    struct kv_attestation later = answer;
    struct kv_error err = { 0 };

    (void)state;
    assert_int_equal(records_attest(records, &answer, &err), KV_OK);
    later.row = "bak-3";
    later.subject = "/SUBSCRIPTIONS/a/vaults/KV";
    later.pass = false;
    assert_int_equal(records_attest(records, &later, &err), KV_OK);
    assert_int_equal(records_get(records)->attestation_count, 1);
    assert_false(records_get(records)->attestations[0].pass);
    assert_int_equal(
        records_remove_exception(records, "NET-1", "/", &err), KV_NOT_FOUND);
    assert_contains(err.text, "no such exception");
    assert_int_equal(
        records_remove_attestation(records, "BAK-3", answer.subject, &err),
        KV_OK);
    assert_int_equal(records_get(records)->attestation_count, 0);
    records_close(records);
    temp_done(dir);
}

static void run_sql(const char *dir, const char *sql)
{
    char path[1024];
    sqlite3 *db = NULL;

    snprintf(path, sizeof path, "%s/records.db", dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* A newer kvgov's file is neither used nor touched. */
static void test_newer_file(void **state)
{
    char *dir = temp_new();
    struct records *records = open_in(dir);
    struct kv_error err = { 0 };

    (void)state;
    assert_int_equal(records_attest(records, &answer, &err), KV_OK);
    records_close(records);
    run_sql(dir, "PRAGMA user_version = 1000");
    records = NULL;
    assert_int_equal(records_open(&records, dir, &err), KV_STORE);
    assert_null(records);
    assert_contains(err.text, "newer kvgov");
    run_sql(dir, "PRAGMA user_version = 1");
    records = open_in(dir);
    assert_int_equal(records_get(records)->attestation_count, 1);
    records_close(records);
    temp_done(dir);
}

static void test_damaged_file(void **state)
{
    char *dir = temp_new();
    char path[1024];
    struct records *records = NULL;
    struct kv_error err = { 0 };
    struct stat info;

    (void)state;
    snprintf(path, sizeof path, "%s/records.db", dir);
    test_write_file(path, "this is no database, and long enough to be none");
    assert_int_equal(records_open(&records, dir, &err), KV_STORE);
    assert_contains(err.text, "records.db");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    temp_done(dir);
}

static void test_until(void **state)
{
    static const struct {
        const char *text;
        int64_t expected;
    } rows[] = {
        { "2027-01-31", 1801439999 },
        { "2027-01-31T12:00:00Z", 1801396800 },
        { "2027-02-30", 0 },
        { "31.01.2027", 0 },
        { "tomorrow", 0 },
        { "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        if (kv_until_parse(rows[i].text) != rows[i].expected)
            fail_with("'%s' is %lld", rows[i].text,
                (long long)kv_until_parse(rows[i].text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_replaced_and_removed),
        cmocka_unit_test(test_newer_file),
        cmocka_unit_test(test_damaged_file),
        cmocka_unit_test(test_until),
    };

    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
