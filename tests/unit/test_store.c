/* The kept estate: what is put comes back in order, and trouble with the file
 * costs no more than reading Azure again. */
#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "store.h"
#include "temp.h"

static struct store *open_store(const char *dir)
{
    struct store *store = NULL;
    struct kv_error err = { 0 };

    if (store_open(&store, dir, "AzureCloud", &err) != KV_OK)
        fail_with("%s", err.text);
    return store;
}

static void put(
    struct store *store, const char *key, int64_t read_at_s, const char *body)
{
    store_put(store, &(struct store_answer){ .key = key,
                         .kind = 7,
                         .subject = "subject",
                         .code = 200,
                         .read_at_s = read_at_s,
                         .body = view_of(body) });
}

static void commit(struct store *store)
{
    struct kv_error err = { 0 };

    if (store_commit(store, &err) != KV_OK)
        fail_with("%s", err.text);
}

/* What a replay gives, as "key=body key=body ". */
static void assert_replay(struct store *store, const char *expected)
{
    struct buf seen = { .limit = 4096 };
    struct store_answer answer;
    struct kv_error err = { 0 };
    enum kv_status status;

    while ((status = store_next(store, &answer, &err)) == KV_OK)
        buf_putf(&seen, "%s=%.*s ", answer.key, (int)answer.body.size,
            answer.body.data ? answer.body.data : "");
    assert_int_equal(status, KV_NOT_FOUND);
    assert_string_equal(buf_text(&seen), expected);
    buf_done(&seen);
}

static void assert_note(struct store *store, const char *name, const char *text)
{
    struct buf value = { .limit = 4096 };

    store_get_note(store, name, &value);
    assert_string_equal(buf_text(&value), text);
    buf_done(&value);
}

static void assert_exists(const char *dir, const char *name, bool exists)
{
    char *path = temp_path(dir, name);

    if ((access(path, F_OK) == 0) != exists)
        fail_with("%s: expected %s", path, exists ? "there" : "not there");
    mem_free(path);
}

/* ---- keeping and replaying ---- */

static void test_answer_comes_back_whole(void **state)
{
    char *dir = temp_new();
    struct store *store = open_store(dir);
    struct store_answer answer;
    struct kv_error err;

    (void)state;
    store_put(store, &(struct store_answer){ .key = "GET /subscriptions",
                         .kind = UINT32_MAX,
                         .subject = "s-1",
                         .code = 403,
                         .read_at_s = 1795305600,
                         .body = { "a\0b", 3 } });
    assert_int_equal(store_next(store, &answer, &err), KV_OK);
    assert_string_equal(answer.key, "GET /subscriptions");
    assert_int_equal(answer.kind, UINT32_MAX);
    assert_string_equal(answer.subject, "s-1");
    assert_int_equal(answer.code, 403);
    assert_int_equal(answer.read_at_s, 1795305600);
    assert_int_equal(answer.body.size, 3);
    assert_memory_equal(answer.body.data, "a\0b", 3);
    store_close(store);
    temp_done(dir);
}

static void test_order_is_that_of_keeping(void **state)
{
    char *dir = temp_new();
    struct store *store = open_store(dir);

    (void)state;
    put(store, "c", 1, "1");
    put(store, "a", 1, "2");
    put(store, "b", 1, "");
    put(store, "c", 2, "3");
    assert_replay(store, "a=2 b= c=3 ");
    assert_replay(store, "a=2 b= c=3 ");
    store_close(store); /* commits */

    store = open_store(dir);
    assert_replay(store, "a=2 b= c=3 ");
    store_close(store);
    temp_done(dir);
}

static void test_put_while_replaying(void **state)
{
    char *dir = temp_new();
    struct store *store = open_store(dir);
    struct store_answer answer;
    struct kv_error err;
    int seen = 0;

    (void)state;
    put(store, "a", 1, "1");
    put(store, "b", 1, "2");
    commit(store);
    while (store_next(store, &answer, &err) == KV_OK) {
        char key[32];

        snprintf(key, sizeof key, "new %d", seen++);
        put(store, key, 2, "3");
        assert_true(seen <= 2);
    }
    assert_int_equal(seen, 2);
    commit(store);
    assert_replay(store, "a=1 b=2 new 0=3 new 1=3 ");
    store_close(store);
    temp_done(dir);
}

static void test_drop_and_clear(void **state)
{
    char *dir = temp_new();
    struct store *store = open_store(dir);

    (void)state;
    put(store, "old", 99, "1");
    put(store, "new", 100, "2");
    store_put_note(store, "tenant", "contoso.com");
    store_drop_older(store, 100);
    commit(store);
    assert_replay(store, "new=2 ");
    assert_note(store, "tenant", "contoso.com");
    assert_note(store, "finished", "");

    store_clear(store);
    commit(store);
    assert_replay(store, "");
    assert_note(store, "tenant", "");
    store_close(store);
    temp_done(dir);
}

/* ---- the file ---- */

struct cloud_row {
    const char *cloud;
    const char *file;
};

static const struct cloud_row cloud_rows[] = {
    { "AzureCloud", "estate-azurecloud.db" },
    { "127.0.0.1:8443", "estate-127.0.0.1-8443.db" },
    { "../../etc/passwd", "estate-..-..-etc-passwd.db" },
    { "w\xc3\xb6lke", "estate-w--lke.db" },
    { "", "estate-.db" },
};

static void test_cloud_names_the_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cloud_rows); i++) {
        char *dir = temp_new();
        struct store *store = NULL;
        struct kv_error err;

        assert_int_equal(
            store_open(&store, dir, cloud_rows[i].cloud, &err), KV_OK);
        assert_exists(dir, cloud_rows[i].file, true);
        store_close(store);
        temp_done(dir);
    }
}

static int mode_of(const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0)
        fail_with("%s is not there", path);
    return (int)(info.st_mode & 0777);
}

static void test_private_whatever_the_umask(void **state)
{
    static const mode_t masks[] = { 0, 022, 0777 };

    (void)state;
    for (size_t i = 0; i < LENGTH(masks); i++) {
        char *top = temp_new();
        char *between = temp_path(top, "a");
        char *dir = temp_path(between, "kvgov");
        char *file = temp_path(dir, "estate-azurecloud.db");
        char *log = temp_path(dir, "estate-azurecloud.db-wal");
        mode_t before = umask(masks[i]);
        struct store *store = open_store(dir);

        put(store, "a", 1, "1");
        commit(store);
        umask(before);
        assert_int_equal(mode_of(between), 0700);
        assert_int_equal(mode_of(dir), 0700);
        assert_int_equal(mode_of(file), 0600);
        assert_int_equal(mode_of(log), 0600);
        store_close(store);
        mem_free(log);
        mem_free(file);
        mem_free(dir);
        mem_free(between);
        temp_done(top);
    }
}

static void test_wide_file_is_narrowed(void **state)
{
    char *dir = temp_new();
    char *file = temp_path(dir, "estate-azurecloud.db");

    (void)state;
    store_close(open_store(dir));
    assert_int_equal(chmod(file, 0644), 0);
    store_close(open_store(dir));
    assert_int_equal(mode_of(file), 0600);
    mem_free(file);
    temp_done(dir);
}

static void test_folder_that_cannot_be(void **state)
{
    char *dir = temp_new();
    char *file = temp_path(dir, "file");
    char *below = temp_path(file, "kvgov");
    struct store *store = NULL;
    struct kv_error err = { 0 };

    (void)state;
    test_write_file(file, "not a folder");
    assert_int_equal(store_open(&store, below, "AzureCloud", &err), KV_STORE);
    assert_null(store);
    assert_contains(err.text, "state folder");
    mem_free(below);
    mem_free(file);
    temp_done(dir);
}

/* ---- damage ---- */

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_with("%s: %s", sql, sqlite3_errmsg(handle));
    sqlite3_close(handle);
}

static void make_garbage(const char *path)
{
    test_write_file(path, "this has never been a database of any kind");
}

static void make_cut(const char *path)
{
    assert_int_equal(truncate(path, 100), 0);
}

static void make_foreign(const char *path)
{
    assert_int_equal(unlink(path), 0);
    run_sql(path, "CREATE TABLE t (a)");
}

struct damage_row {
    const char *name;
    void (*make)(const char *path);
};

static const struct damage_row damage_rows[] = {
    { "garbage", make_garbage },
    { "cut off", make_cut },
    { "somebody else's tables", make_foreign },
};

static void test_damaged_file_is_set_aside(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(damage_rows); i++) {
        char *dir = temp_new();
        char *path = temp_path(dir, "estate-azurecloud.db");
        struct store *store = open_store(dir);

        put(store, "lost", 1, "1");
        store_close(store);
        damage_rows[i].make(path);

        print_message("%s\n", damage_rows[i].name);
        store = open_store(dir);
        assert_exists(dir, "estate-azurecloud.db.broken", true);
        assert_replay(store, "");
        put(store, "new", 2, "2");
        commit(store);
        assert_replay(store, "new=2 ");
        store_close(store);
        mem_free(path);
        temp_done(dir);
    }
}

static void test_healthy_file_is_not_set_aside(void **state)
{
    char *dir = temp_new();

    (void)state;
    store_close(open_store(dir));
    store_close(open_store(dir));
    assert_exists(dir, "estate-azurecloud.db.broken", false);
    temp_done(dir);
}

/* Overwrites the pages after the first two, where the rows are. */
static void scribble(const char *path)
{
    FILE *file = fopen(path, "r+b");
    char noise[8192];

    assert_non_null(file);
    memset(noise, 0xa5, sizeof noise);
    assert_int_equal(fseek(file, 3 * 8192, SEEK_SET), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(fwrite(noise, 1, sizeof noise, file), sizeof noise);
    fclose(file);
}

static void test_damage_found_while_reading(void **state)
{
    char *dir = temp_new();
    char *path = temp_path(dir, "estate-azurecloud.db");
    struct store *store = open_store(dir);
    struct store_answer answer;
    struct kv_error err = { 0 };
    enum kv_status status;
    char key[32];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "answer %d", i);
        put(store, key, 1, "some text that takes room in the file's pages");
    }
    store_close(store);
    scribble(path);

    store = open_store(dir);
    while ((status = store_next(store, &answer, &err)) == KV_OK)
        ;
    assert_int_equal(status, KV_STORE);
    assert_contains(err.text, "estate-azurecloud.db");
    assert_exists(dir, "estate-azurecloud.db.broken", true);
    put(store, "new", 2, "2");
    commit(store);
    assert_replay(store, "new=2 ");
    store_close(store);
    mem_free(path);
    temp_done(dir);
}

/* ---- another kvgov ---- */

static void test_second_writer_fails_softly(void **state)
{
    char *dir = temp_new();
    struct store *first = open_store(dir);
    struct store *second = open_store(dir);
    struct kv_error err = { 0 };

    (void)state;
    put(first, "a", 1, "first");
    put(second, "a", 1, "second");
    put(second, "b", 1, "second");
    assert_int_equal(store_commit(second, &err), KV_STORE);
    assert_contains(err.text, "Another kvgov");
    assert_int_equal(store_commit(second, &err), KV_OK);
    commit(first);
    assert_replay(second, "a=first ");

    put(second, "b", 2, "second");
    commit(second);
    assert_replay(first, "a=first b=second ");
    store_close(first);
    store_close(second);
    temp_done(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_comes_back_whole),
        cmocka_unit_test(test_order_is_that_of_keeping),
        cmocka_unit_test(test_put_while_replaying),
        cmocka_unit_test(test_drop_and_clear),
        cmocka_unit_test(test_cloud_names_the_file),
        cmocka_unit_test(test_private_whatever_the_umask),
        cmocka_unit_test(test_wide_file_is_narrowed),
        cmocka_unit_test(test_folder_that_cannot_be),
        cmocka_unit_test(test_damaged_file_is_set_aside),
        cmocka_unit_test(test_healthy_file_is_not_set_aside),
        cmocka_unit_test(test_damage_found_while_reading),
        cmocka_unit_test(test_second_writer_fails_softly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
