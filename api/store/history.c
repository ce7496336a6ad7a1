/* The history in sqlite: a subject's verdicts as one blob when it is seen first,
 * then only what changes. */
#include "history_inside.h"

#include <limits.h>
#include <string.h>

#define BUSY_MS 2000
#define ROWS_MAX 10000u /* of a file; more is damage */

/* Each step brings a file one version further; a step that was published is
 * never changed. A verdict blob has one byte a row, by the row's number. */
static const char *const schema_steps[] = {
    "CREATE TABLE rows (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE lines ("
    " number INTEGER PRIMARY KEY,"
    " tenant TEXT NOT NULL COLLATE NOCASE,"
    " baseline TEXT NOT NULL,"
    " UNIQUE (tenant, baseline)"
    ");"
    "CREATE TABLE scans ("
    " number INTEGER PRIMARY KEY,"
    " line INTEGER NOT NULL,"
    " at_s INTEGER NOT NULL"
    ");"
    "CREATE INDEX scans_by_time ON scans (line, at_s);"
    "CREATE TABLE subjects ("
    " number INTEGER PRIMARY KEY,"
    " line INTEGER NOT NULL,"
    " id TEXT NOT NULL COLLATE NOCASE,"
    " last BLOB NOT NULL,"
    " UNIQUE (line, id)"
    ");"
    "CREATE TABLE firsts ("
    " subject INTEGER NOT NULL,"
    " scan INTEGER NOT NULL,"
    " verdicts BLOB NOT NULL,"
    " PRIMARY KEY (subject, scan)"
    ") WITHOUT ROWID;"
    "CREATE INDEX firsts_by_scan ON firsts (scan);"
    "CREATE TABLE changes ("
    " subject INTEGER NOT NULL,"
    " row INTEGER NOT NULL,"
    " scan INTEGER NOT NULL,"
    " before INTEGER NOT NULL,"
    " after INTEGER NOT NULL,"
    " PRIMARY KEY (subject, row, scan)"
    ") WITHOUT ROWID;"
    "CREATE INDEX changes_by_scan ON changes (scan);"
    "CREATE TABLE sums ("
    " scan INTEGER NOT NULL,"
    " row INTEGER NOT NULL,"
    " verdict INTEGER NOT NULL,"
    " count INTEGER NOT NULL,"
    " PRIMARY KEY (scan, row, verdict)"
    ") WITHOUT ROWID;",
};

#define STEP_COUNT ((int)(sizeof schema_steps / sizeof *schema_steps))

static const char *const statement_sql[STATEMENT_COUNT] = {
    [STATEMENT_PUT_ROW] = "INSERT OR IGNORE INTO rows (name, number) VALUES"
                          " (?, (SELECT count(*) FROM rows))",
    [STATEMENT_GET_ROW] = "SELECT number FROM rows WHERE name = ?",
    [STATEMENT_PUT_LINE] =
        "INSERT OR IGNORE INTO lines (tenant, baseline) VALUES (?, ?)",
    [STATEMENT_GET_LINE] =
        "SELECT number FROM lines WHERE tenant = ? AND baseline = ?",
    [STATEMENT_LATEST_LINE] =
        "SELECT lines.number FROM lines JOIN scans ON scans.line ="
        " lines.number WHERE baseline = ? ORDER BY scans.number DESC LIMIT 1",
    [STATEMENT_PUT_SCAN] = "INSERT INTO scans (line, at_s) VALUES (?, ?)",
    [STATEMENT_SCAN_BACK] = "SELECT number, at_s FROM scans WHERE line = ?"
                            " ORDER BY number DESC LIMIT 1 OFFSET ?",
    [STATEMENT_SCAN_AT] = "SELECT number, at_s FROM scans WHERE line = ? AND"
                          " at_s <= ? ORDER BY at_s DESC, number DESC LIMIT 1",
    [STATEMENT_SCAN] =
        "SELECT number, at_s FROM scans WHERE line = ? AND number = ?",
    [STATEMENT_GET_SUBJECT] =
        "SELECT number, last FROM subjects WHERE line = ? AND id = ?",
    [STATEMENT_PUT_SUBJECT] =
        "INSERT INTO subjects (line, id, last) VALUES (?, ?, ?)",
    [STATEMENT_SET_SUBJECT] = "UPDATE subjects SET last = ? WHERE number = ?",
    [STATEMENT_PUT_FIRST] =
        "INSERT INTO firsts (subject, scan, verdicts) VALUES (?, ?, ?)",
    [STATEMENT_PUT_CHANGE] = "INSERT INTO changes (subject, row, scan, before,"
                             " after) VALUES (?, ?, ?, ?, ?)",
    [STATEMENT_PUT_SUM] =
        "INSERT INTO sums (scan, row, verdict, count) VALUES (?, ?, ?, ?)",
    [STATEMENT_FIRSTS] =
        "SELECT scan, at_s, verdicts FROM firsts JOIN scans ON number = scan"
        " WHERE subject = ? AND scan <= ? ORDER BY scan",
    [STATEMENT_CHANGES] =
        "SELECT scan, at_s, row, before, after FROM changes JOIN scans ON"
        " number = scan WHERE subject = ? AND scan <= ? ORDER BY scan",
    [STATEMENT_DIFF_CHANGES] =
        "SELECT id, row, before, after, at_s, scan FROM changes JOIN subjects "
        "ON"
        " subjects.number = subject JOIN scans ON scans.number = scan WHERE"
        " scan > ? AND scan <= ? AND scans.line = ? ORDER BY id, row, scan",
    [STATEMENT_DIFF_FIRSTS] =
        "SELECT id, verdicts, at_s, scan FROM firsts JOIN subjects ON"
        " subjects.number = subject JOIN scans ON scans.number = scan WHERE"
        " scan > ? AND scan <= ? AND scans.line = ? ORDER BY id, scan",
    [STATEMENT_SUMS] =
        "SELECT verdict, sum(count) FROM sums WHERE scan = ?1 AND"
        " (?2 < 0 OR row = ?2) GROUP BY verdict",
};

/* ---- statements ---- */

static enum kv_status failed(
    struct history *history, int code, const char *verb, struct kv_error *err)
{
    return db_error(&history->db, code, verb, err);
}

/* Runs a statement that brings no rows. */
static int run(struct history *history, enum statement which)
{
    sqlite3_stmt *statement = history->statements[which];

    (void)sqlite3_step(statement);
    return sqlite3_reset(statement);
}

static int64_t number_of(struct history *history, enum statement which)
{
    sqlite3_stmt *statement = history->statements[which];
    int64_t number = -1;

    if (sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return number;
}

sqlite3_stmt *bind_numbers(struct history *history, enum statement which,
    const int64_t *numbers, int count)
{
    sqlite3_stmt *statement = history->statements[which];

    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(statement, i + 1, numbers[i]);
    return statement;
}

/* ---- opening ---- */

/* A row keeps its number for good; a new one gets the next. */
static int number_rows(struct history *history)
{
    int64_t count = 0;
    int code = SQLITE_OK;

    for (size_t i = 0; i < history->row_count && code == SQLITE_OK; i++) {
        db_bind_text(
            history->statements[STATEMENT_PUT_ROW], 1, history->names[i]);
        code = run(history, STATEMENT_PUT_ROW);
    }
    if (code == SQLITE_OK)
        code = db_number(&history->db, "SELECT count(*) FROM rows", &count);
    if (code == SQLITE_OK && count > ROWS_MAX)
        code = SQLITE_CORRUPT;
    if (code != SQLITE_OK)
        return code;
    history->number_count = (size_t)count;
    history->rows = mem_alloc((size_t)count * sizeof *history->rows);
    for (size_t i = 0; i < (size_t)count; i++)
        history->rows[i] = NO_ROW;
    for (size_t i = 0; i < history->row_count; i++) {
        int64_t number;

        db_bind_text(
            history->statements[STATEMENT_GET_ROW], 1, history->names[i]);
        number = number_of(history, STATEMENT_GET_ROW);
        if (number < 0 || number >= count)
            return SQLITE_CORRUPT;
        history->numbers[i] = (uint32_t)number;
        history->rows[number] = (uint32_t)i;
    }
    return SQLITE_OK;
}

static enum kv_status attach(struct history *history, struct kv_error *err)
{
    int code = db_run(&history->db,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        /* The first scan of a large estate is written at once: it moves from
         * the log to the file when that is closed, not while someone types. */
        "PRAGMA wal_autocheckpoint = 0;");

    if (code == SQLITE_OK)
        code = db_migrate(&history->db, schema_steps, STEP_COUNT);
    if (code == SQLITE_MISMATCH)
        return db_newer(&history->db, STEP_COUNT, err);
    for (size_t i = 0; code == SQLITE_OK && i < STATEMENT_COUNT; i++)
        code =
            db_prepare(&history->db, &history->statements[i], statement_sql[i]);
    if (code == SQLITE_OK)
        code = number_rows(history);
    if (code != SQLITE_OK)
        return failed(history, code, "read", err);
    history->blob = mem_alloc(history->number_count + 1);
    history->sums = mem_alloc(
        (history->number_count + 1) * HISTORY_VERDICTS * sizeof(uint32_t));
    return KV_OK;
}

enum kv_status history_open(struct history **out, const char *dir,
    const char *const *rows, size_t row_count, struct kv_error *err)
{
    struct history *history = mem_alloc(sizeof *history);
    struct buf path = { .limit = PATH_MAX };
    enum kv_status status = db_make_dir(dir, err);

    history->names = rows;
    history->row_count = row_count;
    history->numbers = mem_alloc((row_count + 1) * sizeof *history->numbers);
    history->findings = mem_alloc((row_count + 1) * sizeof *history->findings);
    buf_putf(&path, "%s/history.db", dir);
    if (status == KV_OK)
        status = db_open(&history->db,
            &(struct db_options){
                .path = buf_text(&path),
                .noun = "The history",
                .busy_ms = BUSY_MS,
                .version = STEP_COUNT,
                .create = true,
            },
            err);
    if (status == KV_OK)
        status = attach(history, err);
    if (status == KV_OK)
        *out = history;
    else
        history_close(history);
    buf_done(&path);
    return status;
}

void history_close(struct history *history)
{
    if (!history)
        return;
    if (history->scan)
        history_drop(history);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(history->statements[i]);
    db_close(&history->db);
    mem_free(history->numbers);
    mem_free(history->rows);
    mem_free(history->blob);
    mem_free(history->sums);
    mem_free(history->findings);
    mem_free(history);
}

enum kv_status history_choose(struct history *history, const char *tenant,
    const char *baseline, struct kv_error *err)
{
    enum statement which = *tenant ? STATEMENT_GET_LINE : STATEMENT_LATEST_LINE;
    sqlite3_stmt *put = history->statements[STATEMENT_PUT_LINE];
    sqlite3_stmt *get = history->statements[which];
    int code = SQLITE_OK;

    if (*tenant) {
        db_bind_text(put, 1, tenant);
        db_bind_text(put, 2, baseline);
        code = run(history, STATEMENT_PUT_LINE);
        db_bind_text(get, 1, tenant);
    }
    db_bind_text(get, *tenant ? 2 : 1, baseline);
    history->line = number_of(history, which);
    if (history->line < 0)
        history->line = 0;
    return code == SQLITE_OK ? KV_OK : failed(history, code, "written", err);
}

/* ---- keeping ---- */

enum kv_status history_begin(
    struct history *history, int64_t at_s, struct kv_error *err)
{
    int code = db_run(&history->db, "BEGIN IMMEDIATE");

    if (code == SQLITE_OK) {
        BIND(history, STATEMENT_PUT_SCAN, history->line, at_s);
        code = run(history, STATEMENT_PUT_SCAN);
    }
    if (code != SQLITE_OK) {
        db_run(&history->db, "ROLLBACK");
        return failed(history, code, "written", err);
    }
    history->scan = sqlite3_last_insert_rowid(history->db.handle);
    memset(history->sums, 0,
        history->number_count * HISTORY_VERDICTS * sizeof(uint32_t));
    return KV_OK;
}

/* The caller's verdicts by the file's numbers; what it has no row for stays. */
static void number_verdicts(struct history *history, const uint8_t *verdicts)
{
    for (size_t i = 0; i < history->row_count; i++) {
        uint32_t number = history->numbers[i];

        history->blob[number] = verdicts[i];
        if (verdicts[i] < HISTORY_VERDICTS)
            history->sums[number * HISTORY_VERDICTS + verdicts[i]]++;
    }
}

static int put_blob(struct history *history, enum statement which, int at)
{
    return sqlite3_bind_blob(history->statements[which], at, history->blob,
        (int)history->number_count, SQLITE_STATIC);
}

static int put_first(
    struct history *history, int64_t subject, const uint8_t *verdicts)
{
    memset(history->blob, 0, history->number_count);
    number_verdicts(history, verdicts);
    BIND(history, STATEMENT_PUT_FIRST, subject, history->scan);
    put_blob(history, STATEMENT_PUT_FIRST, 3);
    return run(history, STATEMENT_PUT_FIRST);
}

static int put_new_subject(
    struct history *history, const char *subject, const uint8_t *verdicts)
{
    sqlite3_stmt *put = history->statements[STATEMENT_PUT_SUBJECT];
    bool any = false;
    int code;

    for (size_t i = 0; i < history->row_count; i++)
        any = any || verdicts[i];
    if (!any) /* nothing was found, so nothing changed */
        return SQLITE_OK;
    memset(history->blob, 0, history->number_count);
    for (size_t i = 0; i < history->row_count; i++)
        history->blob[history->numbers[i]] = verdicts[i];
    sqlite3_bind_int64(put, 1, history->line);
    db_bind_text(put, 2, subject);
    put_blob(history, STATEMENT_PUT_SUBJECT, 3);
    code = run(history, STATEMENT_PUT_SUBJECT);
    if (code != SQLITE_OK)
        return code;
    return put_first(
        history, sqlite3_last_insert_rowid(history->db.handle), verdicts);
}

/* `blob` holds what was kept; afterwards what is found now. A row that the
 * subject never had is seen first, as a whole new catalogue would be. */
static int put_changes(
    struct history *history, int64_t subject, const uint8_t *verdicts)
{
    uint8_t *news = mem_alloc(history->row_count + 1);
    bool any_news = false;
    bool any = false;
    int code = SQLITE_OK;

    for (size_t i = 0; i < history->row_count && code == SQLITE_OK; i++) {
        uint8_t before = history->blob[history->numbers[i]];

        if (before == verdicts[i])
            continue;
        any = true;
        if (before == 0) {
            news[i] = verdicts[i];
            any_news = true;
            continue;
        }
        BIND(history, STATEMENT_PUT_CHANGE, subject,
            (int64_t)history->numbers[i], history->scan, before, verdicts[i]);
        code = run(history, STATEMENT_PUT_CHANGE);
    }
    number_verdicts(history, verdicts);
    if (any && code == SQLITE_OK) {
        put_blob(history, STATEMENT_SET_SUBJECT, 1);
        sqlite3_bind_int64(
            history->statements[STATEMENT_SET_SUBJECT], 2, subject);
        code = run(history, STATEMENT_SET_SUBJECT);
    }
    if (any_news && code == SQLITE_OK) {
        memset(history->blob, 0, history->number_count);
        for (size_t i = 0; i < history->row_count; i++)
            history->blob[history->numbers[i]] = news[i];
        BIND(history, STATEMENT_PUT_FIRST, subject, history->scan);
        put_blob(history, STATEMENT_PUT_FIRST, 3);
        code = run(history, STATEMENT_PUT_FIRST);
    }
    mem_free(news);
    return code;
}

void take_blob(struct history *history, sqlite3_stmt *row, int column)
{
    const void *bytes = sqlite3_column_blob(row, column);
    size_t size = (size_t)sqlite3_column_bytes(row, column);

    if (size > history->number_count)
        size = history->number_count;
    memset(history->blob, 0, history->number_count);
    if (bytes)
        memcpy(history->blob, bytes, size);
}

int64_t find_subject(struct history *history, const char *subject)
{
    sqlite3_stmt *get = history->statements[STATEMENT_GET_SUBJECT];
    int64_t number = -1;

    sqlite3_bind_int64(get, 1, history->line);
    db_bind_text(get, 2, subject);
    if (sqlite3_step(get) == SQLITE_ROW) {
        number = sqlite3_column_int64(get, 0);
        take_blob(history, get, 1);
    }
    sqlite3_reset(get);
    return number;
}

enum kv_status history_take(struct history *history, const char *subject,
    const uint8_t *verdicts, struct kv_error *err)
{
    int64_t number = find_subject(history, subject);
    int code = number < 0 ? put_new_subject(history, subject, verdicts)
                          : put_changes(history, number, verdicts);

    return code == SQLITE_OK ? KV_OK : failed(history, code, "written", err);
}

enum kv_status history_end(struct history *history, struct kv_error *err)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < history->number_count; i++)
        for (int verdict = 1; verdict < HISTORY_VERDICTS; verdict++) {
            uint32_t count =
                history->sums[i * HISTORY_VERDICTS + (size_t)verdict];

            if (count == 0 || code != SQLITE_OK)
                continue;
            BIND(history, STATEMENT_PUT_SUM, history->scan, (int64_t)i, verdict,
                count);
            code = run(history, STATEMENT_PUT_SUM);
        }
    if (code == SQLITE_OK)
        code = db_run(&history->db, "COMMIT");
    if (code != SQLITE_OK)
        db_run(&history->db, "ROLLBACK");
    history->scan = 0;
    return code == SQLITE_OK ? KV_OK : failed(history, code, "written", err);
}

void history_drop(struct history *history)
{
    db_run(&history->db, "ROLLBACK");
    history->scan = 0;
}
