/* The words of a journal entry, for the journal's screen. */
#ifndef SCREEN_JOURNAL_H
#define SCREEN_JOURNAL_H

#include "kvgov/journal.h"
#include "sheet.h"

/* The time of a day that is today, else the day. */
void journal_put_time(struct buf *out, int64_t time_s, int64_t now_s);
const char *journal_or_dash(const char *text);
const char *journal_result_word(const struct kv_journal_entry *entry);
enum role journal_result_role(enum kv_journal_result result);
/* Why an entry cannot be taken back; NULL: it can. */
const char *journal_no_undo(const struct kv_journal_entry *entry);
/* What stands below the list; and that with ids and the recorded change. */
void journal_put_entry(struct sheet *out, const struct kv_journal_entry *entry);
void journal_put_record(
    struct sheet *out, const struct kv_journal_entry *entry);

#endif
