/* Opening sqlite files: folders, rights, distrust, and what errors say. */
#include "db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE_DIR 0700
#define MODE_FILE 0600

/* No text or blob of ours is longer: an answer may have 64 MiB. */
#define LENGTH_LIMIT (80 << 20)

static enum kv_status fail_errno(
    const char *what, const char *path, struct kv_error *err)
{
    return kv_error_set(err, KV_STORE,
        "%s %s: %s. Check its rights and the space on its disk, or choose "
        "another state folder.",
        what, path, strerror(errno));
}

/* Also where mkdir() made it narrower than asked, because of a umask. */
static bool make_one_dir(const char *path)
{
    if (mkdir(path, MODE_DIR) == 0)
        return chmod(path, MODE_DIR) == 0;
    return errno == EEXIST;
}

enum kv_status db_make_dir(const char *dir, struct kv_error *err)
{
    char *path = mem_copy_text(dir);
    struct stat info;
    bool made = true;

    for (char *slash = path + 1; made && *path && *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        made = make_one_dir(path);
        *slash = '/';
    }
    made = made && make_one_dir(path);
    mem_free(path);
    if (!made)
        return fail_errno("Could not make the folder", dir, err);

    if (stat(dir, &info) == 0 && S_ISDIR(info.st_mode))
        return KV_OK;
    errno = ENOTDIR;
    return fail_errno("Could not use the folder", dir, err);
}

/* sqlite gives its side files the mode of this one, so one mode is enough. An
 * existing file is never opened here: closing it would drop the locks that this
 * process may hold on it through sqlite. */
static enum kv_status make_private(const char *path, struct kv_error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE_FILE);
    struct stat info;
    bool narrowed = true;

    if (file >= 0) {
        narrowed = fchmod(file, MODE_FILE) == 0;
        close(file);
    } else if (errno != EEXIST || stat(path, &info) != 0) {
        return fail_errno("Could not create", path, err);
    } else if (S_ISREG(info.st_mode) && (info.st_mode & 0077) != 0) {
        narrowed = chmod(path, MODE_FILE) == 0;
    }
    return narrowed ? KV_OK : fail_errno("Could not keep private", path, err);
}

/* The file may have been put there by somebody else: its schema must not be
 * able to do more than hold tables. */
static int distrust(sqlite3 *handle)
{
    int code =
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);

    if (code == SQLITE_OK)
        code = sqlite3_db_config(
            handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, LENGTH_LIMIT);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    return code;
}

/* What cannot be read is found out by whoever reads it. */
static bool is_newer(struct db *db, int version)
{
    int64_t had = 0;

    return db_number(db, "PRAGMA user_version", &had) == SQLITE_OK &&
           had > version;
}

enum kv_status db_open(
    struct db *db, const struct db_options *options, struct kv_error *err)
{
    int code;

    *db = (struct db){
        .path = mem_copy_text(options->path),
        .noun = options->noun,
    };
    if (options->create && strcmp(db->path, DB_MEMORY) != 0 &&
        make_private(db->path, err) != KV_OK)
        return KV_STORE;

    /* Read-write without create: a reader too must be able to roll back what
     * a killed process left half written. Without that right sqlite opens the
     * file for reading only. */
    code = sqlite3_open_v2(db->path, &db->handle,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = distrust(db->handle);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(db->handle, options->busy_ms);
    if (code == SQLITE_OK && is_newer(db, options->version))
        return db_newer(db, options->version, err);
    return code == SQLITE_OK ? KV_OK : db_error(db, code, "opened", err);
}

void db_close(struct db *db)
{
    sqlite3_close_v2(db->handle);
    mem_free(db->path);
    *db = (struct db){ 0 };
}

int db_run(struct db *db, const char *sql)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

int db_prepare(struct db *db, sqlite3_stmt **out, const char *sql)
{
    return sqlite3_prepare_v3(
        db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
}

int db_number(struct db *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int code = db_prepare(db, &statement, sql);

    if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    /* Says again what step said when it failed. */
    if (code == SQLITE_OK)
        return sqlite3_finalize(statement);
    return code;
}

/* ---- versions ---- */

static int run_step(struct db *db, const char *step, int version)
{
    char stamp[64];
    int code = db_run(db, step);

    snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d", version);
    return code == SQLITE_OK ? db_run(db, stamp) : code;
}

static int run_steps(struct db *db, const char *const *steps, int count)
{
    int64_t had = 0;
    int64_t tables = 0;
    int code = db_number(db, "PRAGMA user_version", &had);

    if (code == SQLITE_OK && had == 0)
        code = db_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (code == SQLITE_OK && had > count)
        return SQLITE_MISMATCH;
    if (code == SQLITE_OK && had == 0 && tables > 0)
        return SQLITE_NOTADB; /* somebody else's */
    for (int64_t i = had; code == SQLITE_OK && i < count; i++)
        code = run_step(db, steps[i], (int)i + 1);
    return code;
}

/* Page by page, what the log holds too. */
static int copy_pages(struct db *db, const char *path)
{
    sqlite3_backup *backup = NULL;
    sqlite3 *to = NULL;
    int code =
        sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, (const char *)NULL);

    if (code == SQLITE_OK)
        backup = sqlite3_backup_init(to, "main", db->handle, "main");
    if (backup) {
        (void)sqlite3_backup_step(backup, -1);
        code = sqlite3_backup_finish(backup);
    } else if (code == SQLITE_OK) {
        code = sqlite3_errcode(to);
    }
    sqlite3_close_v2(to);
    return code;
}

/* Whole under its name, or not there: it is written beside and renamed. */
static int keep_copy(struct db *db, int64_t version)
{
    struct buf path = { .limit = PATH_MAX };
    struct buf beside = { .limit = PATH_MAX };
    int code = SQLITE_CANTOPEN;

    buf_putf(&path, "%s.v%lld", db->path, (long long)version);
    buf_putf(&beside, "%s.part", buf_text(&path));
    (void)unlink(buf_text(&beside)); /* of a copy that was killed */
    if (make_private(buf_text(&beside), NULL) == KV_OK)
        code = copy_pages(db, buf_text(&beside));
    if (code == SQLITE_OK && rename(buf_text(&beside), buf_text(&path)) != 0)
        code = SQLITE_IOERR;
    buf_done(&beside);
    buf_done(&path);
    return code;
}

static int copy_older(struct db *db, int count)
{
    int64_t had = 0;
    int code = db_number(db, "PRAGMA user_version", &had);

    if (code != SQLITE_OK || had == 0 || had >= count ||
        strcmp(db->path, DB_MEMORY) == 0)
        return code;
    return keep_copy(db, had);
}

int db_migrate(struct db *db, const char *const *steps, int count)
{
    int code = copy_older(db, count);

    if (code == SQLITE_OK)
        code = db_run(db, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK)
        code = run_steps(db, steps, count);
    if (code == SQLITE_OK)
        return db_run(db, "COMMIT");
    db_run(db, "ROLLBACK");
    return code;
}

enum kv_status db_newer(struct db *db, int count, struct kv_error *err)
{
    int64_t version = 0;

    (void)db_number(db, "PRAGMA user_version", &version);
    return kv_error_set(err, KV_STORE,
        "%s %s was written by a newer kvgov (version %lld of its form, this "
        "one knows %d); it is left as it is: use the newer kvgov, or another "
        "state folder",
        db->noun, db->path, (long long)version, count);
}

bool db_is_damage(int code)
{
    int primary = code & 0xff;

    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

int db_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    return sqlite3_bind_text(
        statement, index, text ? text : "", -1, SQLITE_STATIC);
}

const char *db_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    return text ? (const char *)text : "";
}

/* What the person can do depends on why; the rest is the same. */
static const char *advice(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "Another kvgov is using it; try again when that one is done.";
    case SQLITE_FULL:
        return "Free space on its disk.";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "Move the file elsewhere to begin a new one.";
    }
    return "Check the rights and the space on its disk.";
}

enum kv_status db_error(
    struct db *db, int code, const char *verb, struct kv_error *err)
{
    return kv_error_set(err, KV_STORE, "%s %s could not be %s: %s. %s",
        db->noun, db->path, verb, sqlite3_errstr(code), advice(code));
}
