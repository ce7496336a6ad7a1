/* Files of other versions: what this one wrote is taken along by every later
 * one, with a copy kept; a newer one's is left alone; and a kill in between
 * leaves the old file whole. */
#include "db.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "history.h"
#include "journal.h"
#include "records.h"
#include "store.h"
#include "temp.h"
#include "test.h"

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_with("%s: %s", path, sqlite3_errmsg(handle));
    sqlite3_close(handle);
}

/* The first column of the first row. */
static int64_t ask(const char *path, const char *sql)
{
    sqlite3_stmt *row = NULL;
    sqlite3 *handle = NULL;
    int64_t number;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(handle, sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    number = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(handle);
    return number;
}

/* ---- the four files, as version 1 wrote them ---- */

static bool open_estate(const char *dir, struct kv_error *err)
{
    struct store *store = NULL;
    struct store_answer answer;
    struct buf tenant = { .limit = 64 };
    size_t count = 0;

    if (store_open(&store, dir, "AzureCloud", err) != KV_OK)
        return false;
    while (store_next(store, &answer, err) == KV_OK)
        count++;
    store_get_note(store, "tenant", &tenant);
    assert_int_equal(count, 2);
    assert_string_equal(buf_text(&tenant), "t-1");
    buf_done(&tenant);
    store_close(store);
    return true;
}

static bool open_history(const char *dir, struct kv_error *err)
{
    static const char *const rows[] = { "A-1", "A-2", "A-3" };
    struct history *history = NULL;
    const struct history_finding *findings;

    if (history_open(&history, dir, rows, LENGTH(rows), err) != KV_OK)
        return false;
    assert_int_equal(history_choose(history, "", "current", err), KV_OK);
    findings = history_subject(history, "/subscriptions/s/vaults/kv");
    assert_non_null(findings);
    assert_int_equal(findings[0].verdict, 1);
    assert_int_equal(findings[0].before, 2);
    assert_int_equal(findings[0].since_s, 2000);
    assert_int_equal(findings[1].since_s, 1000);
    history_close(history);
    return true;
}

static bool open_records(const char *dir, struct kv_error *err)
{
    struct records *records = NULL;

    if (records_open(&records, dir, err) != KV_OK)
        return false;
    assert_int_equal(records_get(records)->exception_count, 1);
    assert_int_equal(records_get(records)->attestation_count, 1);
    assert_string_equal(
        records_get(records)->exceptions[0].owner, "Contoso Payments");
    records_close(records);
    return true;
}

static bool open_journal(const char *dir, struct kv_error *err)
{
    struct journal *journal = NULL;
    struct kv_journal_check check = { 0 };

    if (journal_open(&journal, dir, err) != KV_OK)
        return false;
    assert_int_equal(journal_check(journal, &check, err), KV_OK);
    assert_int_equal(check.records, 2);
    assert_int_equal(check.broken_at, 0);
    journal_close(journal);
    return true;
}

static const struct file {
    const char *name;
    const char *kept; /* in tests/unit/kept */
    bool (*open)(const char *dir, struct kv_error *err);
} files[] = {
    { "estate-azurecloud.db", "estate-v1.sql", open_estate },
    { "history.db", "history-v1.sql", open_history },
    { "records.db", "records-v1.sql", open_records },
    { "journal.db", "journal-v1.sql", open_journal },
};

/* As a kvgov of that time left it. */
static char *make_file(const char *dir, const struct file *file)
{
    char *folder = temp_path(test_source(), "tests/unit/kept");
    char *source = temp_path(folder, file->kept);
    char *path = temp_path(dir, file->name);
    char *sql = test_read_file(source, NULL);

    run_sql(path, sql);
    mem_free(sql);
    mem_free(source);
    mem_free(folder);
    return path;
}

static void test_taken_along(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(files); i++) {
        char *dir = temp_new();
        char *path = make_file(dir, &files[i]);
        struct kv_error err = { 0 };

        if (!files[i].open(dir, &err))
            fail_with("%s: %s", files[i].name, err.text);
        mem_free(path);
        temp_done(dir);
    }
}

/* Not a byte of it, and nothing set aside. */
static void test_newer(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(files); i++) {
        char *dir = temp_new();
        char *path = make_file(dir, &files[i]);
        struct kv_error err = { 0 };
        size_t sizes[2] = { 0 };
        char *bytes[2];

        run_sql(path, "PRAGMA user_version = 77");
        bytes[0] = test_read_file(path, &sizes[0]);
        assert_false(files[i].open(dir, &err));
        assert_int_equal(err.status, KV_STORE);
        assert_contains(err.text, path);
        assert_contains(err.text, "was written by a newer kvgov (version 77");
        assert_contains(err.text, "or another state folder");
        bytes[1] = test_read_file(path, &sizes[1]);
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(bytes[0], bytes[1], sizes[0]);
        mem_free(bytes[0]);
        mem_free(bytes[1]);
        mem_free(path);
        temp_done(dir);
    }
}

/* ---- steps ---- */

static const char *const steps[] = {
    "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7);",
    "ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 1;",
    "UPDATE t SET b = a + 1;",
};

/* Long enough to be killed in. */
static const char *const slow_steps[] = {
    "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7);",
    "DELETE FROM t; CREATE TABLE big AS WITH RECURSIVE c (x) AS"
    " (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 400000)"
    " SELECT x, hex(randomblob(64)) AS y FROM c;",
};

static int migrate(const char *path, const char *const *with, int count)
{
    struct db db = { 0 };
    struct kv_error err = { 0 };
    int code = SQLITE_ERROR;

    if (db_open(&db,
            &(struct db_options){ .path = path,
                .noun = "The file",
                .busy_ms = 2000,
                .version = count,
                .create = true },
            &err) == KV_OK)
        code = db_migrate(&db, with, count);
    db_close(&db);
    return code;
}

static void test_steps(void **state)
{
    char *dir = temp_new();
    char *path = temp_path(dir, "file.db");
    char *copy = temp_path(dir, "file.db.v1");

    (void)state;
    assert_int_equal(migrate(path, steps, 1), SQLITE_OK);
    assert_int_not_equal(access(copy, F_OK), 0); /* it was empty before */
    assert_int_equal(migrate(path, steps, 3), SQLITE_OK);
    assert_int_equal(ask(path, "SELECT b FROM t"), 8);
    assert_int_equal(ask(path, "PRAGMA user_version"), 3);
    assert_int_equal(ask(copy, "SELECT a FROM t"), 7);
    assert_int_equal(ask(copy, "PRAGMA user_version"), 1);
    assert_int_equal(
        ask(copy, "SELECT count(*) FROM pragma_table_info('t')"), 1);
    assert_int_equal(migrate(path, steps, 3), SQLITE_OK);
    assert_int_not_equal(migrate(path, steps, 2), SQLITE_OK);
    assert_int_equal(ask(path, "PRAGMA user_version"), 3);
    mem_free(copy);
    mem_free(path);
    temp_done(dir);
}

/* A step that fails undoes those before it. */
static void test_all_or_none(void **state)
{
    static const char *const wrong[] = { steps[0], steps[1], "NONSENSE" };
    char *dir = temp_new();
    char *path = temp_path(dir, "file.db");

    (void)state;
    assert_int_equal(migrate(path, wrong, 1), SQLITE_OK);
    assert_int_not_equal(migrate(path, wrong, 3), SQLITE_OK);
    assert_int_equal(ask(path, "PRAGMA user_version"), 1);
    assert_int_equal(
        ask(path, "SELECT count(*) FROM pragma_table_info('t')"), 1);
    mem_free(path);
    temp_done(dir);
}

static void kill_after(const char *path, unsigned ms)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0)
        _exit(migrate(path, slow_steps, 2) == SQLITE_OK ? 0 : 1);
    (void)usleep(ms * 1000);
    (void)kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
}

static void test_killed(void **state)
{
    static const unsigned moments_ms[] = { 1, 5, 20, 60, 150, 400 };

    (void)state;
    for (size_t i = 0; i < LENGTH(moments_ms); i++) {
        char *dir = temp_new();
        char *path = temp_path(dir, "file.db");
        int64_t version;

        assert_int_equal(migrate(path, slow_steps, 1), SQLITE_OK);
        kill_after(path, moments_ms[i]);
        version = ask(path, "PRAGMA user_version");
        assert_true(version == 1 || version == 2);
        assert_int_equal(ask(path, "SELECT count(*) FROM t"), version == 1);
        assert_int_equal(ask(path, "SELECT count(*) FROM pragma_integrity_check"
                                   " WHERE integrity_check = 'ok'"),
            1);
        assert_int_equal(migrate(path, slow_steps, 2), SQLITE_OK);
        assert_int_equal(ask(path, "SELECT count(*) FROM big"), 400000);
        mem_free(path);
        temp_done(dir);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_along),
        cmocka_unit_test(test_newer),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_all_or_none),
        cmocka_unit_test(test_killed),
    };

    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
