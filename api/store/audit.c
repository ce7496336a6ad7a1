/* Checking a journal, the open one or any file: is every record as it was
 * written, and which intents never heard their end. */
#include "audit.h"

#include "entries.h"
#include "ledger.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

struct audit {
    struct chain chain;
    struct entries entries;
};

static void take_audit(void *context, const struct record *record)
{
    struct audit *audit = context;

    chain_take(&audit->chain, record);
    entries_take(&audit->entries, record);
}

/* In one transaction: a record that another process adds meanwhile is seen
 * with its note or not at all. */
static int read_all(struct db *db, struct audit *audit)
{
    struct ledger_head head;
    int code = db_run(db, "BEGIN");

    if (code != SQLITE_OK)
        return code;
    code = ledger_each(db, INT64_MIN, take_audit, audit);
    if (code == SQLITE_OK)
        code = ledger_head(db, &head);
    if (code == SQLITE_OK)
        chain_end(&audit->chain, head.number, head.hash);
    db_run(db, "ROLLBACK");
    return code;
}

enum kv_status audit_run(
    struct db *db, struct kv_journal_check *out, struct kv_error *err)
{
    struct audit audit = { 0 };
    int code;

    chain_init(&audit.chain);
    code = read_all(db, &audit);
    if (code == SQLITE_OK)
        *out = (struct kv_journal_check){
            .records = audit.chain.records,
            .broken_at = audit.chain.broken_at,
            .open = entries_open(&audit.entries),
        };
    entries_done(&audit.entries);
    return code == SQLITE_OK ? KV_OK : db_error(db, code, "read", err);
}

/* A relative XDG_STATE_HOME is to be ignored, says its specification. */
static enum kv_status put_default_path(struct buf *out, struct kv_error *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (state && *state == '/')
        buf_putf(out, "%s/kvgov/journal.db", state);
    else if (home && *home)
        buf_putf(out, "%s/.local/state/kvgov/journal.db", home);
    else
        return kv_error_set(err, KV_STORE,
            "Could not find the journal: neither XDG_STATE_HOME nor HOME is "
            "set. Give its path.");
    return KV_OK;
}

static enum kv_status verify_file(
    const char *path, struct kv_journal_check *out, struct kv_error *err)
{
    struct db db = { 0 };
    bool empty = false;
    enum kv_status status = ledger_open_existing(&db, path, &empty, err);

    if (status == KV_OK && empty)
        *out = (struct kv_journal_check){ 0 };
    else if (status == KV_OK)
        status = audit_run(&db, out, err);
    db_close(&db);
    return status;
}

enum kv_status kv_journal_verify(
    const char *path, struct kv_journal_check *out, struct kv_error *err)
{
    struct buf own = { .limit = PATH_MAX };
    struct stat info;
    enum kv_status status = KV_OK;

    if (!path) {
        status = put_default_path(&own, err);
        path = buf_text(&own);
    }
    if (status == KV_OK && stat(path, &info) != 0 && errno == ENOENT)
        *out = (struct kv_journal_check){ 0 };
    else if (status == KV_OK)
        status = verify_file(path, out, err);
    buf_done(&own);
    return status;
}
