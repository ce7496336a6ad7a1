/* The open journal: adding to its file, and its entries in memory. */
#include "journal.h"

#include "audit.h"
#include "body.h"
#include "entries.h"
#include "ledger.h"

#include <inttypes.h>
#include <limits.h>

/* A change with more text than this is not one that a person looked at. */
#define BODY_LIMIT (16u << 20)

struct journal {
    struct db db;
    struct entries entries;
};

static void take_entry(void *context, const struct record *record)
{
    struct journal *journal = context;

    entries_take(&journal->entries, record);
}

/* ---- adding ---- */

/* Ends `body`. */
static enum kv_status append_body(struct journal *journal,
    struct record *record, struct buf *body, struct kv_error *err)
{
    enum kv_status status;

    record->body = buf_view(body);
    if (body->failed)
        status = kv_error_set(err, KV_TOO_LARGE,
            "The journal takes no record above %u MiB; make the change with "
            "fewer values at once.",
            BODY_LIMIT >> 20);
    else
        status = ledger_append(&journal->db, record, journal->entries.seen,
            take_entry, journal, err);
    buf_done(body);
    return status;
}

enum kv_status journal_add_intent(struct journal *journal,
    const struct journal_intent *intent, int64_t *number, struct kv_error *err)
{
    struct record record = { .time_s = intent->time_s, .kind = "intent" };
    struct buf body = { .limit = BODY_LIMIT };
    enum kv_status status;

    body_put_intent(&body, intent);
    status = append_body(journal, &record, &body, err);
    if (status == KV_OK)
        *number = journal->entries.seen;
    return status;
}

enum kv_status journal_add_outcome(struct journal *journal, int64_t number,
    const struct journal_outcome *outcome, struct kv_error *err)
{
    struct record record = {
        .time_s = outcome->time_s,
        .kind = "outcome",
        .of = number,
    };
    struct buf body = { .limit = BODY_LIMIT };

    if (!entries_find(&journal->entries, number))
        return kv_error_set(err, KV_NOT_FOUND,
            "%s has no entry #%" PRId64 " to write an outcome for.",
            journal->db.path, number);
    body_put_outcome(&body, outcome);
    return append_body(journal, &record, &body, err);
}

enum kv_status journal_add_note(struct journal *journal, int64_t time_s,
    const char *who, const char *action, const char *reason,
    struct kv_error *err)
{
    struct record record = { .time_s = time_s, .kind = "note" };
    struct buf body = { .limit = BODY_LIMIT };

    body_put_note(&body, who, action, reason);
    return append_body(journal, &record, &body, err);
}

/* ---- opening, and what it holds ---- */

static enum kv_status load(
    struct journal *journal, const char *path, struct kv_error *err)
{
    enum kv_status status = ledger_open(&journal->db, path, err);
    int code;

    if (status != KV_OK)
        return status;
    code = ledger_each(&journal->db, INT64_MIN, take_entry, journal);
    return code == SQLITE_OK ? KV_OK
                             : db_error(&journal->db, code, "read", err);
}

enum kv_status journal_open(
    struct journal **out, const char *dir, struct kv_error *err)
{
    struct journal *journal = mem_alloc(sizeof *journal);
    struct buf path = { .limit = PATH_MAX };
    enum kv_status status = dir ? db_make_dir(dir, err) : KV_OK;

    if (dir)
        buf_putf(&path, "%s/journal.db", dir);
    else
        buf_puts(&path, DB_MEMORY);
    if (status == KV_OK)
        status = load(journal, buf_text(&path), err);
    buf_done(&path);

    if (status == KV_OK)
        *out = journal;
    else
        journal_close(journal);
    return status;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    entries_done(&journal->entries);
    db_close(&journal->db);
    mem_free(journal);
}

uint32_t journal_count(const struct journal *journal)
{
    return (uint32_t)journal->entries.count;
}

const struct kv_journal_entry *journal_entry(
    const struct journal *journal, uint32_t index)
{
    return entries_get(
        &journal->entries, journal->entries.count - 1 - (size_t)index);
}

const struct kv_journal_entry *journal_find(
    const struct journal *journal, int64_t number)
{
    return entries_find(&journal->entries, number);
}

void journal_next_plan(const struct journal *journal, struct buf *out)
{
    buf_putf(out, "p-%04" PRId64, journal->entries.last_plan + 1);
}

enum kv_status journal_check(
    struct journal *journal, struct kv_journal_check *out, struct kv_error *err)
{
    return audit_run(&journal->db, out, err);
}
