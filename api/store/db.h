/* One sqlite file of kvgov's own, opened with the same care by the store and
 * by the journal: private to its owner, distrusted until it has been read. */
#ifndef DB_H
#define DB_H

#include "base.h"

#include <sqlite3.h>

struct db {
    sqlite3 *handle;
    char *path;
    const char *noun; /* "The journal": what error texts call it */
};

#define DB_MEMORY ":memory:"

struct db_options {
    const char *path; /* copied; DB_MEMORY: no file, gone when it is closed */
    const char *noun; /* borrowed for good */
    int busy_ms;      /* how long to wait for another process's lock */
    int version;      /* the last that is known: a later one is not opened */
    bool create;
};

/* Creates the folder (0700) and those above it where missing. */
KV_NODISCARD enum kv_status db_make_dir(const char *dir, struct kv_error *err);

/* Creates the file (0600, whatever the umask) where asked to. Of what is in it
 * only the version is looked at. Also after a failure the caller ends it with db_close(). */
KV_NODISCARD enum kv_status db_open(
    struct db *db, const struct db_options *options, struct kv_error *err);
void db_close(struct db *db);

/* These answer with sqlite's own code; SQLITE_OK is success. */
int db_run(struct db *db, const char *sql);
int db_prepare(struct db *db, sqlite3_stmt **out, const char *sql);
/* The number in the first column of the first row. */
int db_number(struct db *db, const char *sql, int64_t *out);
/* Runs those of the steps that the file has not had yet, all or none, under the
 * write lock, since another kvgov may be starting too. Of a file that has had
 * some a copy is kept before, FILE.vN by its version. A step that was published
 * is never changed: only new ones follow. SQLITE_MISMATCH: the file has had more
 * than there are, and is left as it is. */
int db_migrate(struct db *db, const char *const *steps, int count);
/* What is said of that. */
enum kv_status db_newer(struct db *db, int count, struct kv_error *err);

/* The file itself is wrong, not the moment or the rights. */
bool db_is_damage(int code);

/* A text that stays until the statement is reset; NULL is bound as "". */
int db_bind_text(sqlite3_stmt *statement, int index, const char *text);
/* A text of the current row; "" for NULL. */
const char *db_text(sqlite3_stmt *statement, int column);

/* Fails with KV_STORE: NOUN PATH could not be VERB, sqlite's reason, advice.
 * `verb` is a participle. */
enum kv_status db_error(
    struct db *db, int code, const char *verb, struct kv_error *err);

#endif
