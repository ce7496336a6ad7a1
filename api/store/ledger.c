/* The journal's tables, how they are kept safe, and the two things done with
 * them: reading in order and appending. */
#include "ledger.h"

#include <inttypes.h>
#include <stdio.h>

/* Another process holds the lock for one append, some milliseconds. */
#define BUSY_MS 5000

/* The triggers stop a slip, not a person who may write the file: that one is
 * what the chain is for. */
static const char *const schema_steps[] = {
    "CREATE TABLE records ("
    " number INTEGER PRIMARY KEY,"
    " time_s INTEGER NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind IN ('intent', 'outcome', 'note')),"
    " of INTEGER NOT NULL,"
    " body TEXT NOT NULL,"
    " previous TEXT NOT NULL,"
    " hash TEXT NOT NULL"
    ");"
    "CREATE TABLE head ("
    " one INTEGER PRIMARY KEY CHECK (one = 1),"
    " number INTEGER NOT NULL,"
    " hash TEXT NOT NULL"
    ");"
    "INSERT INTO head (one, number, hash) VALUES (1, 0, hex(zeroblob(32)));"
    "CREATE TRIGGER records_grow BEFORE INSERT ON records"
    " WHEN NEW.number <> (SELECT number + 1 FROM head)"
    " BEGIN SELECT RAISE(ABORT, 'records are only appended'); END;"
    "CREATE TRIGGER records_stay BEFORE UPDATE ON records"
    " BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;"
    "CREATE TRIGGER records_last BEFORE DELETE ON records"
    " BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;"
    "CREATE TRIGGER head_grows BEFORE UPDATE ON head"
    " WHEN NEW.number <> OLD.number + 1"
    " BEGIN SELECT RAISE(ABORT, 'records are only appended'); END;"
    "CREATE TRIGGER head_stays BEFORE DELETE ON head"
    " BEGIN SELECT RAISE(ABORT, 'the head is never deleted'); END;",
};
#define STEP_COUNT ((int)(sizeof schema_steps / sizeof *schema_steps))

/* ---- opening ---- */

/* A rollback journal, not a write-ahead log: then all records are in one file
 * that can be copied, kept and checked by itself, also from a folder that may
 * only be read, and home folders on a network work. It costs a few syncs more
 * per record, next to a request that takes a hundred times as long. With it
 * synchronous=FULL is not enough: a power cut just after the commit could
 * bring the deleted rollback journal back and undo the record, so EXTRA, which
 * also syncs the folder. */
static int prepare(struct db *db)
{
    return db_run(db, "PRAGMA journal_mode = DELETE;"
                      "PRAGMA synchronous = EXTRA;");
}

static enum kv_status check_version(struct db *db, struct kv_error *err)
{
    int64_t version = 0;
    int code = db_number(db, "PRAGMA user_version", &version);

    if (code != SQLITE_OK)
        return db_error(db, code, "read", err);
    if (version == STEP_COUNT)
        return KV_OK;
    return kv_error_set(err, KV_STORE,
        "%s %s is of version %" PRId64 " and this kvgov reads version %d; "
        "start kvgov once to bring it up to date, if it is kvgov's at all",
        db->noun, db->path, version, STEP_COUNT);
}

static enum kv_status open_file(
    struct db *db, const char *path, bool create, struct kv_error *err)
{
    struct db_options options = {
        .path = path,
        .noun = "The journal",
        .busy_ms = BUSY_MS,
        .version = STEP_COUNT,
        .create = create,
    };

    return db_open(db, &options, err);
}

enum kv_status ledger_open(
    struct db *db, const char *path, struct kv_error *err)
{
    enum kv_status status = open_file(db, path, true, err);
    int code;

    if (status != KV_OK)
        return status;
    code = prepare(db);
    if (code == SQLITE_OK)
        code = db_migrate(db, schema_steps, STEP_COUNT);
    return code == SQLITE_OK ? KV_OK : db_error(db, code, "read", err);
}

enum kv_status ledger_open_existing(
    struct db *db, const char *path, bool *empty, struct kv_error *err)
{
    enum kv_status status = open_file(db, path, false, err);
    int64_t tables = 0;
    int code;

    if (status != KV_OK)
        return status;
    code = db_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (code != SQLITE_OK)
        return db_error(db, code, "read", err);
    *empty = tables == 0;
    return *empty ? KV_OK : check_version(db, err);
}

/* ---- reading ---- */

static void read_row(struct record *out, sqlite3_stmt *row)
{
    *out = (struct record){
        .number = sqlite3_column_int64(row, 0),
        .time_s = sqlite3_column_int64(row, 1),
        .kind = db_text(row, 2),
        .of = sqlite3_column_int64(row, 3),
        .body.data = db_text(row, 4),
        .body.size = (size_t)sqlite3_column_bytes(row, 4),
        .previous = db_text(row, 5),
        .hash = db_text(row, 6),
    };
}

int ledger_each(
    struct db *db, int64_t after, ledger_take_fn *take, void *context)
{
    sqlite3_stmt *rows = NULL;
    struct record record;
    int code = db_prepare(db, &rows,
        "SELECT number, time_s, kind, of, body, previous, hash FROM records"
        " WHERE number > ? ORDER BY number");

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_int64(rows, 1, after);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        read_row(&record, rows);
        take(context, &record);
    }
    return sqlite3_finalize(rows);
}

int ledger_head(struct db *db, struct ledger_head *out)
{
    sqlite3_stmt *row = NULL;
    int code = db_prepare(db, &row, "SELECT number, hash FROM head");

    *out = (struct ledger_head){ .number = -1 };
    if (code != SQLITE_OK)
        return code;
    if (sqlite3_step(row) == SQLITE_ROW) {
        out->number = sqlite3_column_int64(row, 0);
        snprintf(out->hash, sizeof out->hash, "%s", db_text(row, 1));
    }
    return sqlite3_finalize(row);
}

/* ---- appending ---- */

static int write_record(struct db *db, const struct record *record)
{
    sqlite3_stmt *insert = NULL;
    int code = db_prepare(db, &insert,
        "INSERT INTO records (number, time_s, kind, of, body, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)");

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_int64(insert, 1, record->number);
    sqlite3_bind_int64(insert, 2, record->time_s);
    db_bind_text(insert, 3, record->kind);
    sqlite3_bind_int64(insert, 4, record->of);
    sqlite3_bind_text64(insert, 5, record->body.data, record->body.size,
        SQLITE_STATIC, SQLITE_UTF8);
    db_bind_text(insert, 6, record->previous);
    db_bind_text(insert, 7, record->hash);
    (void)sqlite3_step(insert);
    return sqlite3_finalize(insert);
}

static int write_head(struct db *db, const struct record *record)
{
    sqlite3_stmt *update = NULL;
    int code = db_prepare(db, &update, "UPDATE head SET number = ?, hash = ?");

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_int64(update, 1, record->number);
    db_bind_text(update, 2, record->hash);
    (void)sqlite3_step(update);
    return sqlite3_finalize(update);
}

/* What a record about to be written borrows. */
struct next {
    struct ledger_head head;
    char hash[CHAIN_HASH_SIZE];
};

/* The new record follows the noted last one, not the last one found: so the
 * gap of a missing end stays a gap, and the journal still takes what must be
 * written down. */
static int append_locked(
    struct db *db, struct record *record, struct next *next)
{
    int code = ledger_head(db, &next->head);

    if (code == SQLITE_OK && next->head.number < 0)
        code = SQLITE_CORRUPT;
    if (code != SQLITE_OK)
        return code;

    record->number = next->head.number + 1;
    record->previous = next->head.hash;
    chain_hash(next->hash, record);
    record->hash = next->hash;
    code = *next->hash ? write_record(db, record) : SQLITE_INTERNAL;
    return code == SQLITE_OK ? write_head(db, record) : code;
}

/* The write lock is taken before the last hash is read, so two processes
 * never chain to the same record. */
enum kv_status ledger_append(struct db *db, const struct record *record,
    int64_t seen, ledger_take_fn *take, void *context, struct kv_error *err)
{
    struct record sealed = *record;
    struct next next;
    int code = db_run(db, "BEGIN IMMEDIATE");

    if (code == SQLITE_OK)
        code = ledger_each(db, seen, take, context);
    if (code == SQLITE_OK)
        code = append_locked(db, &sealed, &next);
    if (code == SQLITE_OK)
        code = db_run(db, "COMMIT");
    if (code != SQLITE_OK) {
        db_run(db, "ROLLBACK");
        return db_error(db, code, "written", err);
    }
    take(context, &sealed);
    return KV_OK;
}
