/* The journal: what is written stays, survives a kill, and shows when somebody
 * had a hand in it. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "chain.h"
#include "journal.h"
#include "temp.h"

#define NOW_S 1795305600

static struct journal *open_journal(const char *dir)
{
    struct journal *journal = NULL;
    struct kv_error err = { 0 };

    if (journal_open(&journal, dir, &err) != KV_OK)
        fail_with("%s", err.text);
    return journal;
}

static int64_t intend(struct journal *journal, const char *plan, int64_t undo)
{
    struct journal_intent intent = {
        .time_s = NOW_S,
        .who = "ana.ruiz@contoso.com",
        .plan = plan,
        .remedy = "firewall-on",
        .action = "Turn the firewall on",
        .target_id = "/subscriptions/s/vaults/kv-pay",
        .target_name = "kv-pay",
        .reason = "CHG0031337",
        .change = "{ \"before\": null }",
        .reversible = true,
        .undo_of = undo,
    };
    struct kv_error err = { 0 };
    int64_t number = 0;

    if (journal_add_intent(journal, &intent, &number, &err) != KV_OK)
        fail_with("%s", err.text);
    return number;
}

static void conclude(
    struct journal *journal, int64_t number, enum kv_journal_result result)
{
    struct journal_outcome outcome = {
        .time_s = NOW_S + 5,
        .result = result,
        .message = "the service said so",
        .request_id = "7f3c",
    };
    struct kv_error err = { 0 };

    if (journal_add_outcome(journal, number, &outcome, &err) != KV_OK)
        fail_with("%s", err.text);
}

static void note(struct journal *journal, const char *action)
{
    struct kv_error err = { 0 };

    if (journal_add_note(journal, NOW_S, "jo.berg", action, "CHG1", &err) !=
        KV_OK)
        fail_with("%s", err.text);
}

static void assert_check(const struct kv_journal_check *seen, int64_t records,
    int64_t broken_at, int64_t open)
{
    if (seen->records != records || seen->broken_at != broken_at ||
        seen->open != open)
        fail_with("expected %d records, broken at %d, %d open; got %d, %d, %d",
            (int)records, (int)broken_at, (int)open, (int)seen->records,
            (int)seen->broken_at, (int)seen->open);
}

static void assert_verify(const char *dir, int64_t records, int64_t broken_at)
{
    char *path = temp_path(dir, "journal.db");
    struct kv_journal_check seen = { 0 };
    struct kv_error err = { 0 };

    if (kv_journal_verify(path, &seen, &err) != KV_OK)
        fail_with("%s", err.text);
    assert_check(&seen, records, broken_at, seen.open);
    mem_free(path);
}

/* ---- entries ---- */

static void test_entry_is_intent_and_outcome(void **state)
{
    char *dir = temp_new();
    struct journal *journal = open_journal(dir);
    const struct kv_journal_entry *entry;
    int64_t number = intend(journal, "p-0001", 0);

    (void)state;
    conclude(journal, number, KV_JOURNAL_DONE);
    note(journal, "write mode on");
    journal_close(journal);

    journal = open_journal(dir);
    assert_int_equal(journal_count(journal), 2);
    entry = journal_entry(journal, 0);
    assert_int_equal(entry->result, KV_JOURNAL_NOTE);
    assert_string_equal(entry->action, "write mode on");
    assert_string_equal(entry->who, "jo.berg");
    assert_string_equal(entry->plan, "");

    entry = journal_entry(journal, 1);
    assert_ptr_equal(entry, journal_find(journal, number));
    assert_int_equal(entry->number, number);
    assert_int_equal(entry->time_s, NOW_S);
    assert_string_equal(entry->who, "ana.ruiz@contoso.com");
    assert_string_equal(entry->plan, "p-0001");
    assert_string_equal(entry->remedy, "firewall-on");
    assert_string_equal(entry->action, "Turn the firewall on");
    assert_string_equal(entry->target_id, "/subscriptions/s/vaults/kv-pay");
    assert_string_equal(entry->target_name, "kv-pay");
    assert_string_equal(entry->reason, "CHG0031337");
    assert_string_equal(entry->change, "{ \"before\": null }");
    assert_string_equal(entry->message, "the service said so");
    assert_string_equal(entry->request_id, "7f3c");
    assert_int_equal(entry->result, KV_JOURNAL_DONE);
    assert_true(entry->reversible);
    assert_false(entry->settled);

    assert_null(journal_entry(journal, 2));
    assert_null(journal_find(journal, 2)); /* an outcome is no entry */
    assert_null(journal_find(journal, 99));
    journal_close(journal);
    temp_done(dir);
}

struct undo_row {
    enum kv_journal_result result;
    bool undone;
};

static const struct undo_row undo_rows[] = {
    { KV_JOURNAL_IN_DOUBT, false },
    { KV_JOURNAL_DONE, true },
    { KV_JOURNAL_UNVERIFIED, true },
    { KV_JOURNAL_FAILED, false },
    { KV_JOURNAL_NOT_APPLIED, false },
    { KV_JOURNAL_UNCLEAR, false },
    { KV_JOURNAL_SKIPPED, false },
};

static void test_only_an_applied_undo_undoes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(undo_rows); i++) {
        char *dir = temp_new();
        struct journal *journal = open_journal(dir);
        int64_t first = intend(journal, "p-0001", 0);
        int64_t undo = intend(journal, "p-0002", first);
        int64_t expected = undo_rows[i].undone ? undo : 0;
        const struct kv_journal_entry *entry;

        conclude(journal, undo, undo_rows[i].result);
        entry = journal_find(journal, first);
        if (entry->undone_by != expected)
            fail_with("%s: expected %d, got %d",
                kv_journal_result_name(undo_rows[i].result), (int)expected,
                (int)entry->undone_by);
        assert_int_equal(journal_find(journal, undo)->undo_of, first);
        journal_close(journal);
        temp_done(dir);
    }
}

static void test_later_outcome_counts(void **state)
{
    char *dir = temp_new();
    struct journal *journal = open_journal(dir);
    struct kv_journal_check seen;
    struct kv_error err;
    int64_t first = intend(journal, "p-0001", 0);
    int64_t undo = intend(journal, "p-0002", first);

    (void)state;
    conclude(journal, undo, KV_JOURNAL_UNVERIFIED);
    conclude(journal, undo, KV_JOURNAL_NOT_APPLIED);
    assert_int_equal(
        journal_find(journal, undo)->result, KV_JOURNAL_NOT_APPLIED);
    assert_int_equal(journal_find(journal, first)->undone_by, 0);
    assert_int_equal(journal_check(journal, &seen, &err), KV_OK);
    assert_check(&seen, 4, 0, 1);
    journal_close(journal);
    temp_done(dir);
}

static void test_strange_text_is_kept(void **state)
{
    static const char strange[] = "\x1b[2J \"quoted\" \xe2\x80\xae \n end";
    char *dir = temp_new();
    struct journal *journal = open_journal(dir);
    struct kv_error err;

    (void)state;
    assert_int_equal(
        journal_add_note(journal, NOW_S, NULL, strange, "\xff", &err), KV_OK);
    journal_close(journal);
    journal = open_journal(dir);
    assert_string_equal(journal_entry(journal, 0)->who, "");
    assert_string_equal(journal_entry(journal, 0)->action, strange);
    assert_string_equal(journal_entry(journal, 0)->reason, "<0xFF>");
    journal_close(journal);
    assert_verify(dir, 1, 0);
    temp_done(dir);
}

static void test_outcome_needs_an_intent(void **state)
{
    char *dir = temp_new();
    struct journal *journal = open_journal(dir);
    struct journal_outcome outcome = { .result = KV_JOURNAL_DONE };
    struct kv_error err = { 0 };

    (void)state;
    assert_int_equal(
        journal_add_outcome(journal, 5, &outcome, &err), KV_NOT_FOUND);
    assert_contains(err.text, "#5");
    assert_int_equal(journal_count(journal), 0);
    journal_close(journal);
    temp_done(dir);
}

struct plan_row {
    const char *last;
    const char *next;
};

static const struct plan_row plan_rows[] = {
    { "", "p-0001" },
    { "p-0001", "p-0002" },
    { "p-9999", "p-10000" },
    { "p-", "p-0001" },
    { "p-99999999999999999999", "p-0001" },
    { "other", "p-0001" },
};

static void test_next_plan(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(plan_rows); i++) {
        char *dir = temp_new();
        struct journal *journal = open_journal(dir);
        struct buf plan = { .limit = 64 };

        intend(journal, plan_rows[i].last, 0);
        journal_next_plan(journal, &plan);
        assert_string_equal(buf_text(&plan), plan_rows[i].next);
        buf_done(&plan);
        journal_close(journal);
        temp_done(dir);
    }
}

/* ---- the chain ---- */

/* The expected hash is of coreutils:
 * printf '7\n1795305600\nnote\n0\n%064d\n{"who":"jo"}' 0 | sha256sum */
static void test_hash_of_the_canonical_form(void **state)
{
    struct record record = {
        .number = 7,
        .time_s = 1795305600,
        .kind = "note",
        .body = view_of("{\"who\":\"jo\"}"),
        .previous = chain_start,
    };
    char hash[CHAIN_HASH_SIZE];

    (void)state;
    chain_hash(hash, &record);
    assert_string_equal(hash,
        "1c056769f2ec083a3ace0937ad1fe7589c27210339eb517cd7cae7217e4c50d0");
}

/* Who may write the file may also drop its triggers. */
static void tamper(const char *dir, const char *sql)
{
    char *path = temp_path(dir, "journal.db");
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    if (sqlite3_exec(handle,
            "DROP TRIGGER records_grow; DROP TRIGGER records_stay;"
            "DROP TRIGGER records_last; DROP TRIGGER head_grows;"
            "DROP TRIGGER head_stays",
            NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_with("%s: %s", sql, sqlite3_errmsg(handle));
    sqlite3_close(handle);
    mem_free(path);
}

struct tamper_row {
    const char *name;
    const char *sql;
    int64_t records;
    int64_t broken_at;
};

/* Six records: three intents, their outcomes. */
static const struct tamper_row tamper_rows[] = {
    { "nothing", "SELECT 1", 6, 0 },
    { "a changed body",
        "UPDATE records SET body = replace(body, 'jo', 'ana') || ' '"
        " WHERE number = 3",
        6, 3 },
    { "a changed time", "UPDATE records SET time_s = 0 WHERE number = 1", 6,
        1 },
    { "a changed kind", "UPDATE records SET kind = 'note' WHERE number = 5", 6,
        5 },
    { "an outcome of another intent",
        "UPDATE records SET of = 3 WHERE number = 2", 6, 2 },
    { "a changed hash",
        "UPDATE records SET hash = hex(zeroblob(32)) WHERE number = 4", 6, 4 },
    { "a removed first", "DELETE FROM records WHERE number = 1", 5, 1 },
    { "a removed middle", "DELETE FROM records WHERE number = 4", 5, 4 },
    { "a removed middle, closed up",
        "DELETE FROM records WHERE number = 4;"
        "UPDATE records SET number = 4 WHERE number = 5;"
        "UPDATE records SET number = 5 WHERE number = 6;"
        "UPDATE head SET number = 5",
        5, 4 },
    { "two swapped",
        "UPDATE records SET number = 99 WHERE number = 2;"
        "UPDATE records SET number = 2 WHERE number = 3;"
        "UPDATE records SET number = 3 WHERE number = 99",
        6, 2 },
    { "one slipped in",
        "INSERT INTO records SELECT 0, time_s, kind, of, body, previous, hash"
        " FROM records WHERE number = 1",
        7, 1 },
    { "a removed end", "DELETE FROM records WHERE number > 4", 4, 5 },
    { "all removed", "DELETE FROM records", 0, 1 },
    { "a removed head", "DELETE FROM head", 6, 7 },
    { "a moved head", "UPDATE head SET number = 5", 6, 7 },
};

static void test_tampering_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(tamper_rows); i++) {
        const struct tamper_row *row = &tamper_rows[i];
        char *dir = temp_new();
        struct journal *journal = open_journal(dir);

        print_message("%s\n", row->name);
        for (int n = 0; n < 3; n++)
            conclude(journal, intend(journal, "p-0001", 0), KV_JOURNAL_DONE);
        journal_close(journal);
        tamper(dir, row->sql);
        assert_verify(dir, row->records, row->broken_at);
        temp_done(dir);
    }
}

/* Going on with writing must not heal what was broken. */
static void test_lost_end_stays_visible(void **state)
{
    char *dir = temp_new();
    struct journal *journal = open_journal(dir);

    (void)state;
    for (int n = 0; n < 3; n++)
        note(journal, "write mode on");
    journal_close(journal);
    tamper(dir, "DELETE FROM records WHERE number = 3");

    journal = open_journal(dir);
    assert_int_equal(intend(journal, "p-0001", 0), 4);
    journal_close(journal);
    assert_verify(dir, 3, 3);
    temp_done(dir);
}

static const char *const forbidden_sql[] = {
    "UPDATE records SET body = ''",
    "DELETE FROM records",
    "INSERT INTO records VALUES (9, 0, 'note', 0, '', '', '')",
    "INSERT OR REPLACE INTO records VALUES (1, 0, 'note', 0, '', '', '')",
    "UPDATE head SET number = 0",
    "DELETE FROM head",
};

static void test_triggers_forbid(void **state)
{
    char *dir = temp_new();
    char *path = temp_path(dir, "journal.db");
    struct journal *journal = open_journal(dir);
    sqlite3 *handle = NULL;

    (void)state;
    note(journal, "write mode on");
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    for (size_t i = 0; i < LENGTH(forbidden_sql); i++)
        if (sqlite3_exec(handle, forbidden_sql[i], NULL, NULL, NULL) !=
            SQLITE_CONSTRAINT)
            fail_with("%s was not refused", forbidden_sql[i]);
    sqlite3_close(handle);
    journal_close(journal);
    assert_verify(dir, 1, 0);
    mem_free(path);
    temp_done(dir);
}

/* ---- kills and other processes ---- */

static void child_adds(const char *dir, int count)
{
    struct journal *journal = NULL;
    struct kv_error err;
    int64_t number;
    struct journal_intent intent = { .time_s = NOW_S, .plan = "p-0001" };

    if (journal_open(&journal, dir, &err) != KV_OK)
        _exit(2);
    for (int i = 0; i < count; i++)
        if (journal_add_intent(journal, &intent, &number, &err) != KV_OK)
            _exit(3);
    _exit(0); /* no close, as a kill would */
}

static pid_t start_child(const char *dir, int count)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        child_adds(dir, count);
    return child;
}

static void end_child(pid_t child)
{
    int status = 0;

    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_intent_survives_a_kill(void **state)
{
    char *dir = temp_new();
    struct journal *journal;
    struct kv_journal_check seen;
    struct kv_error err;

    (void)state;
    end_child(start_child(dir, 1));
    journal = open_journal(dir);
    assert_int_equal(journal_count(journal), 1);
    assert_int_equal(journal_entry(journal, 0)->result, KV_JOURNAL_IN_DOUBT);
    assert_int_equal(journal_check(journal, &seen, &err), KV_OK);
    assert_check(&seen, 1, 0, 1);
    journal_close(journal);
    temp_done(dir);
}

static void test_two_processes_append(void **state)
{
    char *dir = temp_new();
    pid_t first = start_child(dir, 200);
    pid_t second = start_child(dir, 200);

    (void)state;
    end_child(first);
    end_child(second);
    assert_verify(dir, 400, 0);
    temp_done(dir);
}

static void test_others_are_seen_at_the_next_add(void **state)
{
    char *dir = temp_new();
    struct journal *mine = open_journal(dir);
    struct journal *other = open_journal(dir);

    (void)state;
    note(other, "theirs");
    assert_int_equal(journal_count(mine), 0);
    note(mine, "mine");
    assert_int_equal(journal_count(mine), 2);
    assert_string_equal(journal_entry(mine, 0)->action, "mine");
    assert_string_equal(journal_entry(mine, 1)->action, "theirs");
    journal_close(mine);
    journal_close(other);
    temp_done(dir);
}

/* ---- files that are no journal ---- */

static void test_missing_and_unfinished_files(void **state)
{
    char *dir = temp_new();
    char *path = temp_path(dir, "journal.db");

    (void)state;
    assert_verify(dir, 0, 0);
    assert_int_equal(access(path, F_OK), -1);
    test_write_file(path, "");
    assert_verify(dir, 0, 0);
    mem_free(path);
    temp_done(dir);
}

static void test_unreadable_journal_stays_where_it_is(void **state)
{
    char *dir = temp_new();
    char *path = temp_path(dir, "journal.db");
    struct journal *journal = NULL;
    struct kv_journal_check seen;
    struct kv_error err = { 0 };
    char *text;

    (void)state;
    test_write_file(path, "this has never been a journal of any kind");
    assert_int_equal(journal_open(&journal, dir, &err), KV_STORE);
    assert_contains(err.text, "journal.db");
    assert_int_equal(kv_journal_verify(path, &seen, &err), KV_STORE);
    text = test_read_file(path, NULL);
    assert_string_equal(text, "this has never been a journal of any kind");
    mem_free(text);
    mem_free(path);
    temp_done(dir);
}

static void test_other_version_is_refused(void **state)
{
    char *dir = temp_new();
    struct journal *journal = open_journal(dir);
    struct kv_error err = { 0 };

    (void)state;
    journal_close(journal);
    journal = NULL;
    tamper(dir, "PRAGMA user_version = 2");
    assert_int_equal(journal_open(&journal, dir, &err), KV_STORE);
    assert_contains(err.text, "version 2");
    temp_done(dir);
}

struct path_row {
    const char *state_home; /* below the test's folder; NULL: not set */
    const char *folder;     /* where the journal is, below it */
};

static const struct path_row path_rows[] = {
    { "state", "state/kvgov" },
    { NULL, ".local/state/kvgov" },
};

static void test_own_journal_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(path_rows); i++) {
        char *home = temp_new();
        char *folder = temp_path(home, path_rows[i].folder);
        struct journal *journal = open_journal(folder);
        struct kv_journal_check seen = { 0 };
        struct kv_error err;

        note(journal, "write mode on");
        journal_close(journal);
        setenv("HOME", home, 1);
        unsetenv("XDG_STATE_HOME");
        if (path_rows[i].state_home) {
            char *state_home = temp_path(home, path_rows[i].state_home);

            setenv("XDG_STATE_HOME", state_home, 1);
            mem_free(state_home);
        }
        assert_int_equal(kv_journal_verify(NULL, &seen, &err), KV_OK);
        assert_check(&seen, 1, 0, 0);
        mem_free(folder);
        temp_done(home);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry_is_intent_and_outcome),
        cmocka_unit_test(test_only_an_applied_undo_undoes),
        cmocka_unit_test(test_later_outcome_counts),
        cmocka_unit_test(test_strange_text_is_kept),
        cmocka_unit_test(test_outcome_needs_an_intent),
        cmocka_unit_test(test_next_plan),
        cmocka_unit_test(test_hash_of_the_canonical_form),
        cmocka_unit_test(test_tampering_is_found),
        cmocka_unit_test(test_lost_end_stays_visible),
        cmocka_unit_test(test_triggers_forbid),
        cmocka_unit_test(test_intent_survives_a_kill),
        cmocka_unit_test(test_two_processes_append),
        cmocka_unit_test(test_others_are_seen_at_the_next_add),
        cmocka_unit_test(test_missing_and_unfinished_files),
        cmocka_unit_test(test_unreadable_journal_stays_where_it_is),
        cmocka_unit_test(test_other_version_is_refused),
        cmocka_unit_test(test_own_journal_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
