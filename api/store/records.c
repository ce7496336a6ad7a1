/* Attestations and exceptions in sqlite. They are few, so all are in memory,
 * and read again after each change. */
#include "records.h"

#include "db.h"

#include <limits.h>
#include <string.h>

#define BUSY_MS 2000

/* Each step brings a file one version further; a step that was published is
 * never changed. */
static const char *const schema_steps[] = {
    "CREATE TABLE attestations ("
    " row TEXT NOT NULL COLLATE NOCASE,"
    " subject TEXT NOT NULL COLLATE NOCASE,"
    " pass INTEGER NOT NULL,"
    " note TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " at_s INTEGER NOT NULL,"
    " until_s INTEGER NOT NULL,"
    " PRIMARY KEY (row, subject)"
    ");"
    "CREATE TABLE exceptions ("
    " row TEXT NOT NULL COLLATE NOCASE,"
    " scope TEXT NOT NULL COLLATE NOCASE,"
    " reason TEXT NOT NULL,"
    " owner TEXT NOT NULL,"
    " at_s INTEGER NOT NULL,"
    " until_s INTEGER NOT NULL,"
    " PRIMARY KEY (row, scope)"
    ");",
};

#define STEP_COUNT ((int)(sizeof schema_steps / sizeof *schema_steps))

enum statement {
    STATEMENT_ATTESTATIONS,
    STATEMENT_EXCEPTIONS,
    STATEMENT_ATTEST,
    STATEMENT_EXCEPT,
    STATEMENT_REMOVE_ATTESTATION,
    STATEMENT_REMOVE_EXCEPTION,
};
#define STATEMENT_COUNT 6

static const char *const statement_sql[STATEMENT_COUNT] = {
    [STATEMENT_ATTESTATIONS] =
        "SELECT row, subject, note, name, pass, at_s, until_s"
        " FROM attestations ORDER BY row, subject",
    [STATEMENT_EXCEPTIONS] = "SELECT row, scope, reason, owner, at_s, until_s"
                             " FROM exceptions ORDER BY row, scope",
    [STATEMENT_ATTEST] = "INSERT OR REPLACE INTO attestations"
                         " (row, subject, note, name, pass, at_s, until_s)"
                         " VALUES (?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_EXCEPT] =
        "INSERT OR REPLACE INTO exceptions"
        " (row, scope, reason, owner, at_s, until_s) VALUES (?, ?, ?, ?, ?, ?)",
    [STATEMENT_REMOVE_ATTESTATION] =
        "DELETE FROM attestations WHERE row = ? AND subject = ?",
    [STATEMENT_REMOVE_EXCEPTION] =
        "DELETE FROM exceptions WHERE row = ? AND scope = ?",
};

struct records {
    struct db db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct kv_attestation *attestations;
    struct kv_exception *exceptions;
    size_t attestation_room;
    size_t exception_room;
    struct kv_records view;
};

/* ---- in memory ---- */

static void forget(struct records *records)
{
    for (size_t i = 0; i < records->view.attestation_count; i++) {
        mem_free((char *)records->attestations[i].row);
        mem_free((char *)records->attestations[i].subject);
        mem_free((char *)records->attestations[i].note);
        mem_free((char *)records->attestations[i].name);
    }
    for (size_t i = 0; i < records->view.exception_count; i++) {
        mem_free((char *)records->exceptions[i].row);
        mem_free((char *)records->exceptions[i].scope);
        mem_free((char *)records->exceptions[i].reason);
        mem_free((char *)records->exceptions[i].owner);
    }
    records->view = (struct kv_records){ 0 };
}

static char *copy_column(sqlite3_stmt *row, int column)
{
    return mem_copy_text(db_text(row, column));
}

static void take_attestation(struct records *records, sqlite3_stmt *row)
{
    records->attestations =
        mem_grow(records->attestations, records->view.attestation_count,
            &records->attestation_room, sizeof *records->attestations);
    records->attestations[records->view.attestation_count++] =
        (struct kv_attestation){
            .row = copy_column(row, 0),
            .subject = copy_column(row, 1),
            .note = copy_column(row, 2),
            .name = copy_column(row, 3),
            .pass = sqlite3_column_int(row, 4) != 0,
            .at_s = sqlite3_column_int64(row, 5),
            .until_s = sqlite3_column_int64(row, 6),
        };
}

static void take_exception(struct records *records, sqlite3_stmt *row)
{
    records->exceptions =
        mem_grow(records->exceptions, records->view.exception_count,
            &records->exception_room, sizeof *records->exceptions);
    records->exceptions[records->view.exception_count++] =
        (struct kv_exception){
            .row = copy_column(row, 0),
            .scope = copy_column(row, 1),
            .reason = copy_column(row, 2),
            .owner = copy_column(row, 3),
            .at_s = sqlite3_column_int64(row, 4),
            .until_s = sqlite3_column_int64(row, 5),
        };
}

static int read_rows(struct records *records, enum statement statement,
    void (*take)(struct records *records, sqlite3_stmt *row))
{
    sqlite3_stmt *rows = records->statements[statement];

    while (sqlite3_step(rows) == SQLITE_ROW)
        take(records, rows);
    return sqlite3_reset(rows); /* says again what step said */
}

static enum kv_status read_all(struct records *records, struct kv_error *err)
{
    int code;

    forget(records);
    code = read_rows(records, STATEMENT_ATTESTATIONS, take_attestation);
    if (code == SQLITE_OK)
        code = read_rows(records, STATEMENT_EXCEPTIONS, take_exception);
    records->view.attestations = records->attestations;
    records->view.exceptions = records->exceptions;
    return code == SQLITE_OK ? KV_OK
                             : db_error(&records->db, code, "read", err);
}

const struct kv_records *records_get(const struct records *records)
{
    return &records->view;
}

/* ---- changing ---- */

/* The bindings may borrow from what is in memory, so they go before it does. */
static enum kv_status write(struct records *records, enum statement statement,
    const char *missing, struct kv_error *err)
{
    sqlite3_stmt *change = records->statements[statement];
    int code;

    (void)sqlite3_step(change);
    code = sqlite3_reset(change);
    sqlite3_clear_bindings(change);
    if (code != SQLITE_OK)
        return db_error(&records->db, code, "written", err);
    if (missing && sqlite3_changes(records->db.handle) == 0)
        return kv_error_set(err, KV_NOT_FOUND,
            "there is no such %s; --list "
            "shows those there are",
            missing);
    return read_all(records, err);
}

enum kv_status records_attest(struct records *records,
    const struct kv_attestation *attestation, struct kv_error *err)
{
    sqlite3_stmt *put = records->statements[STATEMENT_ATTEST];

    db_bind_text(put, 1, attestation->row);
    db_bind_text(put, 2, attestation->subject);
    db_bind_text(put, 3, attestation->note);
    db_bind_text(put, 4, attestation->name);
    sqlite3_bind_int(put, 5, attestation->pass);
    sqlite3_bind_int64(put, 6, attestation->at_s);
    sqlite3_bind_int64(put, 7, attestation->until_s);
    return write(records, STATEMENT_ATTEST, NULL, err);
}

enum kv_status records_except(struct records *records,
    const struct kv_exception *exception, struct kv_error *err)
{
    sqlite3_stmt *put = records->statements[STATEMENT_EXCEPT];

    db_bind_text(put, 1, exception->row);
    db_bind_text(put, 2, exception->scope);
    db_bind_text(put, 3, exception->reason);
    db_bind_text(put, 4, exception->owner);
    sqlite3_bind_int64(put, 5, exception->at_s);
    sqlite3_bind_int64(put, 6, exception->until_s);
    return write(records, STATEMENT_EXCEPT, NULL, err);
}

enum kv_status records_remove_attestation(struct records *records,
    const char *row, const char *subject, struct kv_error *err)
{
    sqlite3_stmt *drop = records->statements[STATEMENT_REMOVE_ATTESTATION];

    db_bind_text(drop, 1, row);
    db_bind_text(drop, 2, subject);
    return write(records, STATEMENT_REMOVE_ATTESTATION, "attestation", err);
}

enum kv_status records_remove_exception(struct records *records,
    const char *row, const char *scope, struct kv_error *err)
{
    sqlite3_stmt *drop = records->statements[STATEMENT_REMOVE_EXCEPTION];

    db_bind_text(drop, 1, row);
    db_bind_text(drop, 2, scope);
    return write(records, STATEMENT_REMOVE_EXCEPTION, "exception", err);
}

/* ---- opening and closing ---- */

static enum kv_status attach(struct records *records, struct kv_error *err)
{
    int code = db_migrate(&records->db, schema_steps, STEP_COUNT);

    if (code == SQLITE_MISMATCH)
        return db_newer(&records->db, STEP_COUNT, err);
    for (size_t i = 0; code == SQLITE_OK && i < STATEMENT_COUNT; i++)
        code =
            db_prepare(&records->db, &records->statements[i], statement_sql[i]);
    return code == SQLITE_OK ? read_all(records, err)
                             : db_error(&records->db, code, "read", err);
}

enum kv_status records_open(
    struct records **out, const char *dir, struct kv_error *err)
{
    struct records *records = mem_alloc(sizeof *records);
    struct buf path = { .limit = PATH_MAX };
    enum kv_status status = db_make_dir(dir, err);

    buf_putf(&path, "%s/records.db", dir);
    if (status == KV_OK)
        status = db_open(&records->db,
            &(struct db_options){
                .path = buf_text(&path),
                .noun = "The file of attestations and exceptions",
                .busy_ms = BUSY_MS,
                .version = STEP_COUNT,
                .create = true,
            },
            err);
    if (status == KV_OK)
        status = attach(records, err);
    if (status == KV_OK)
        *out = records;
    else
        records_close(records);
    buf_done(&path);
    return status;
}

void records_close(struct records *records)
{
    if (!records)
        return;
    forget(records);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(records->statements[i]);
    db_close(&records->db);
    mem_free(records->attestations);
    mem_free(records->exceptions);
    mem_free(records);
}

/* ---- dates ---- */

static bool ends_soon(int64_t until_s, int64_t now_s)
{
    return until_s >= now_s && until_s - now_s <= KV_RECORDS_WARNING_S;
}

size_t kv_records_ending(const struct kv_records *records, int64_t now_s)
{
    size_t count = 0;

    for (size_t i = 0; i < records->attestation_count; i++)
        count += ends_soon(records->attestations[i].until_s, now_s);
    for (size_t i = 0; i < records->exception_count; i++)
        count += ends_soon(records->exceptions[i].until_s, now_s);
    return count;
}

#define DAY_BYTES (sizeof "2027-01-31" - 1)

/* The 30th of February is no day, whatever the calendar makes of it. */
static bool is_day(const char *text, int64_t time_s)
{
    struct buf shown = { .limit = 64 };
    bool same;

    buf_put_time(&shown, time_s);
    same = strncmp(buf_text(&shown), text, DAY_BYTES) == 0;
    buf_done(&shown);
    return same;
}

int64_t kv_until_parse(const char *text)
{
    struct buf whole = { .limit = 64 };
    int64_t until_s;

    if (strlen(text) != DAY_BYTES)
        return time_parse(view_of(text));
    buf_putf(&whole, "%sT23:59:59Z", text);
    until_s = time_parse(buf_view(&whole));
    buf_done(&whole);
    return is_day(text, until_s) ? until_s : 0;
}
