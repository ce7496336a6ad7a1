/* The last estate in sqlite: answers kept as they came, replayed in the order
 * of keeping. A cache, so every trouble has the same cure: leave it, say so
 * once, and read Azure again. */
#include "store.h"

#include "db.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* At opening two processes may both make the tables; later a frame waits. */
#define BUSY_OPEN_MS 2000
#define RETRY_MS 10
#define BUSY_LATER_MS 50

/* Long names of clouds are cut: a file name has 255 bytes. */
#define CLOUD_LENGTH 100

enum statement {
    STATEMENT_PUT,
    STATEMENT_NEXT,
    STATEMENT_DROP_OLDER,
    STATEMENT_GET_NOTE,
    STATEMENT_PUT_NOTE,
};
#define STATEMENT_COUNT 5

/* A kept answer that is kept again moves to the end: REPLACE gives it a new
 * rowid. What is kept while a replay runs is not part of that replay. */
static const char *const statement_sql[STATEMENT_COUNT] = {
    [STATEMENT_PUT] =
        "INSERT OR REPLACE INTO answers (key, kind, subject, code, read_at_s,"
        " body) VALUES (?, ?, ?, ?, ?, ?)",
    [STATEMENT_NEXT] =
        "SELECT key, kind, subject, code, read_at_s, body FROM answers"
        " WHERE rowid <= (SELECT max(rowid) FROM answers) ORDER BY rowid",
    /* Those are the first, so that the others are not looked at. */
    [STATEMENT_DROP_OLDER] =
        "DELETE FROM answers WHERE read_at_s < ?1 AND rowid < coalesce((SELECT"
        " rowid FROM answers WHERE read_at_s >= ?1 ORDER BY rowid LIMIT 1),"
        " (SELECT max(rowid) + 1 FROM answers))",
    [STATEMENT_GET_NOTE] = "SELECT value FROM notes WHERE name = ?",
    [STATEMENT_PUT_NOTE] =
        "INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)",
};

/* The body comes last so that the columns before it are found without reading
 * through it. */
static const char *const schema_steps[] = {
    "CREATE TABLE answers ("
    " rowid INTEGER PRIMARY KEY,"
    " key TEXT NOT NULL UNIQUE,"
    " kind INTEGER NOT NULL,"
    " subject TEXT NOT NULL,"
    " code INTEGER NOT NULL,"
    " read_at_s INTEGER NOT NULL,"
    " body BLOB NOT NULL"
    ");"
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);",
};
#define STEP_COUNT ((int)(sizeof schema_steps / sizeof *schema_steps))

/* Nothing waits for the disk, for commits happen between two frames: the death
 * of the process loses nothing, a power cut may damage the file, and a damaged
 * cache is set aside and read afresh. The log moves to the file 512 KiB at a
 * time and is cut back to 16 MiB; the cache has 8 MiB. */
static const char settings_sql[] = "PRAGMA page_size = 8192;"
                                   "PRAGMA synchronous = OFF;"
                                   "PRAGMA wal_autocheckpoint = 64;"
                                   "PRAGMA journal_size_limit = 16777216;"
                                   "PRAGMA cache_size = -8192;";

/* A put opens a transaction that lasts until the next commit. Once something
 * failed, nothing more is kept until the commit has said so: the wait for
 * another process must not come back with every answer. Without a handle the
 * file could not even be begun anew, and `failure` stays. */
struct store {
    struct db db;
    char *path;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct kv_error failure; /* KV_OK: none yet */
    bool damaged;
};

/* ---- the file ---- */

static void detach(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    db_close(&store->db);
}

/* For this one step sqlite does not wait by itself when two processes take it
 * at once, lest they wait for each other. */
static int use_log(struct db *db)
{
    int code;

    for (int waited_ms = 0;; waited_ms += RETRY_MS) {
        code = db_run(db, "PRAGMA journal_mode = WAL");
        if (code != SQLITE_BUSY || waited_ms >= BUSY_OPEN_MS)
            return code;
        sqlite3_sleep(RETRY_MS);
    }
}

static int prepare(struct store *store)
{
    struct db *db = &store->db;
    int code = db_run(db, settings_sql);

    if (code == SQLITE_OK)
        code = use_log(db);
    if (code == SQLITE_OK)
        code = db_migrate(db, schema_steps, STEP_COUNT);
    for (size_t i = 0; code == SQLITE_OK && i < STATEMENT_COUNT; i++)
        code = db_prepare(db, &store->statements[i], statement_sql[i]);
    if (code == SQLITE_OK)
        sqlite3_busy_timeout(db->handle, BUSY_LATER_MS);
    return code;
}

static enum kv_status attach(struct store *store, struct kv_error *err)
{
    struct db_options options = {
        .path = store->path,
        .noun = "The kept estate",
        .busy_ms = BUSY_OPEN_MS,
        .version = STEP_COUNT,
        .create = true,
    };
    enum kv_status status = db_open(&store->db, &options, err);
    int code;

    if (status != KV_OK)
        return status;
    code = prepare(store);
    if (code == SQLITE_MISMATCH)
        return db_newer(&store->db, STEP_COUNT, err);
    store->damaged = db_is_damage(code);
    return code == SQLITE_OK ? KV_OK : db_error(&store->db, code, "read", err);
}

/* The log goes with its file: sqlite would take it for the new file's. */
static void set_aside(const struct store *store)
{
    static const char *const parts[] = { "", "-wal", "-shm" };
    struct buf from = { .limit = PATH_MAX };
    struct buf to = { .limit = PATH_MAX };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_clear(&from);
        buf_clear(&to);
        buf_putf(&from, "%s%s", store->path, parts[i]);
        buf_putf(&to, "%s.broken%s", store->path, parts[i]);
        if (rename(buf_text(&from), buf_text(&to)) != 0)
            (void)unlink(buf_text(&to)); /* of an earlier broken file */
    }
    buf_done(&from);
    buf_done(&to);
}

static enum kv_status begin_anew(struct store *store, struct kv_error *err)
{
    enum kv_status status;

    detach(store);
    set_aside(store);
    status = attach(store, err);
    if (status != KV_OK)
        detach(store);
    return status;
}

/* DIR/estate-CLOUD.db, the cloud's name reduced to what every file system
 * takes and nothing can climb out with. */
static char *estate_path(const char *dir, const char *cloud)
{
    struct buf path = { .limit = PATH_MAX };
    char *copy;

    buf_putf(&path, "%s/estate-", dir);
    for (size_t i = 0; cloud[i] && i < CLOUD_LENGTH; i++) {
        char byte = cloud[i];

        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte - 'A' + 'a');
        if ((byte < 'a' || byte > 'z') && (byte < '0' || byte > '9') &&
            byte != '.')
            byte = '-';
        buf_putc(&path, byte);
    }
    buf_puts(&path, ".db");
    copy = mem_copy_text(buf_text(&path));
    buf_done(&path);
    return copy;
}

/* ---- keeping ---- */

static void fail(struct store *store, int code)
{
    if (store->failure.status != KV_OK)
        return;
    store->damaged = db_is_damage(code);
    (void)db_error(&store->db, code, "written", &store->failure);
}

/* True when the transaction is open and nothing has failed in it. */
static bool begin(struct store *store)
{
    int code;

    if (store->failure.status != KV_OK)
        return false;
    if (!sqlite3_get_autocommit(store->db.handle))
        return true;
    code = db_run(&store->db, "BEGIN IMMEDIATE");
    if (code != SQLITE_OK)
        fail(store, code);
    return code == SQLITE_OK;
}

static void run(struct store *store, sqlite3_stmt *statement)
{
    int code;

    (void)sqlite3_step(statement);
    code = sqlite3_reset(statement);
    if (code != SQLITE_OK)
        fail(store, code);
}

void store_put(struct store *store, const struct store_answer *answer)
{
    sqlite3_stmt *put = store->statements[STATEMENT_PUT];
    const char *body = answer->body.data ? answer->body.data : "";

    if (!begin(store))
        return;
    db_bind_text(put, 1, answer->key);
    sqlite3_bind_int64(put, 2, answer->kind);
    db_bind_text(put, 3, answer->subject);
    sqlite3_bind_int64(put, 4, answer->code);
    sqlite3_bind_int64(put, 5, answer->read_at_s);
    sqlite3_bind_blob64(put, 6, body, answer->body.size, SQLITE_STATIC);
    run(store, put);
}

/* A damaged file is of no use to anybody any more. */
static void replace_damaged(struct store *store)
{
    if (store->damaged)
        (void)begin_anew(store, &store->failure);
}

static void end_transaction(struct store *store)
{
    int code = SQLITE_OK;

    if (store->db.handle && !sqlite3_get_autocommit(store->db.handle))
        code = db_run(&store->db, "COMMIT");
    if (code == SQLITE_OK)
        return;
    fail(store, code);
    db_run(&store->db, "ROLLBACK");
}

enum kv_status store_commit(struct store *store, struct kv_error *err)
{
    enum kv_status status;

    end_transaction(store);
    status = store->failure.status;
    if (status != KV_OK && err)
        *err = store->failure;
    if (store->db.handle)
        store->failure = (struct kv_error){ 0 };
    replace_damaged(store);
    return status;
}

void store_drop_older(struct store *store, int64_t time_s)
{
    sqlite3_stmt *drop = store->statements[STATEMENT_DROP_OLDER];

    if (!begin(store))
        return;
    sqlite3_bind_int64(drop, 1, time_s);
    run(store, drop);
}

void store_clear(struct store *store)
{
    int code;

    if (!begin(store))
        return;
    code = db_run(&store->db, "DELETE FROM answers; DELETE FROM notes;");
    if (code != SQLITE_OK)
        fail(store, code);
}

void store_get_note(struct store *store, const char *name, struct buf *out)
{
    sqlite3_stmt *get = store->statements[STATEMENT_GET_NOTE];

    if (!store->db.handle)
        return;
    db_bind_text(get, 1, name);
    if (sqlite3_step(get) == SQLITE_ROW)
        buf_puts(out, db_text(get, 0));
    sqlite3_reset(get);
}

void store_put_note(struct store *store, const char *name, const char *value)
{
    sqlite3_stmt *put = store->statements[STATEMENT_PUT_NOTE];

    if (!begin(store))
        return;
    db_bind_text(put, 1, name);
    db_bind_text(put, 2, value);
    run(store, put);
}

/* ---- replaying ---- */

static void take_row(struct store_answer *out, sqlite3_stmt *row)
{
    *out = (struct store_answer){
        .key = db_text(row, 0),
        .kind = (uint32_t)sqlite3_column_int64(row, 1),
        .subject = db_text(row, 2),
        .code = (long)sqlite3_column_int64(row, 3),
        .read_at_s = sqlite3_column_int64(row, 4),
        .body.data = sqlite3_column_blob(row, 5),
        .body.size = (size_t)sqlite3_column_bytes(row, 5),
    };
}

enum kv_status store_next(
    struct store *store, struct store_answer *out, struct kv_error *err)
{
    sqlite3_stmt *next = store->statements[STATEMENT_NEXT];
    int code = store->db.handle ? sqlite3_step(next) : SQLITE_DONE;

    if (code == SQLITE_ROW) {
        take_row(out, next);
        return KV_OK;
    }
    /* Tells the end from a failure, and makes the next call start again. */
    code = sqlite3_reset(next);
    if (code == SQLITE_OK)
        return KV_NOT_FOUND;
    (void)db_error(&store->db, code, "read", err);
    store->damaged = db_is_damage(code);
    replace_damaged(store);
    return KV_STORE;
}

/* ---- opening and closing ---- */

enum kv_status store_open(struct store **out, const char *dir,
    const char *cloud, struct kv_error *err)
{
    struct store *store = mem_alloc(sizeof *store);
    enum kv_status status = db_make_dir(dir, err);

    store->path = estate_path(dir, cloud);
    if (status == KV_OK)
        status = attach(store, err);
    if (status != KV_OK && store->damaged)
        status = begin_anew(store, err);

    if (status == KV_OK)
        *out = store;
    else
        store_close(store);
    return status;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    end_transaction(store);
    detach(store);
    mem_free(store->path);
    mem_free(store);
}
