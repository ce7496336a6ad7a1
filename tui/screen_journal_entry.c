/* What a journal entry says of itself, in words for the list and below it. */
#include "screen_journal.h"

#define DAY_S 86400
#define INDENT 12
#define TEXT_LIMIT 4096

static bool says(const char *text)
{
    return text && *text;
}

const char *journal_or_dash(const char *text)
{
    return says(text) ? text : "-";
}

void journal_put_time(struct buf *out, int64_t time_s, int64_t now_s)
{
    struct buf text = { .limit = 64 };
    struct view rest;
    struct view day;

    buf_put_time(&text, time_s);
    rest = buf_view(&text);
    day = view_cut(&rest, 'T');
    buf_put(out, time_s / DAY_S == now_s / DAY_S && rest.size ? rest : day);
    buf_done(&text);
}

const char *journal_result_word(const struct kv_journal_entry *entry)
{
    if (entry->undone_by)
        return "UNDONE";
    switch (entry->result) {
    case KV_JOURNAL_IN_DOUBT:
        return "IN DOUBT";
    case KV_JOURNAL_DONE:
        return "DONE";
    case KV_JOURNAL_UNVERIFIED:
        return "UNVERIFIED";
    case KV_JOURNAL_FAILED:
        return "FAILED";
    case KV_JOURNAL_NOT_APPLIED:
        return "NOT APPLIED";
    case KV_JOURNAL_UNCLEAR:
        return "UNCLEAR";
    case KV_JOURNAL_SKIPPED:
        return "SKIPPED";
    case KV_JOURNAL_NOTE:
        return "-";
    }
    return "?";
}

enum role journal_result_role(enum kv_journal_result result)
{
    switch (result) {
    case KV_JOURNAL_FAILED:
        return ROLE_HIGH;
    case KV_JOURNAL_IN_DOUBT:
    case KV_JOURNAL_UNCLEAR:
    case KV_JOURNAL_UNVERIFIED:
        return ROLE_UNKNOWN;
    case KV_JOURNAL_DONE:
        return ROLE_PASS;
    case KV_JOURNAL_NOT_APPLIED:
    case KV_JOURNAL_SKIPPED:
    case KV_JOURNAL_NOTE:
        return ROLE_DIM;
    }
    return ROLE_TEXT;
}

const char *journal_no_undo(const struct kv_journal_entry *entry)
{
    if (entry->result == KV_JOURNAL_NOTE)
        return "not a change";
    if (entry->undone_by)
        return "taken back already";
    if (entry->result == KV_JOURNAL_IN_DOUBT ||
        entry->result == KV_JOURNAL_UNCLEAR)
        return "it is not known what took effect: read the resource first";
    if (entry->result != KV_JOURNAL_DONE &&
        entry->result != KV_JOURNAL_UNVERIFIED)
        return "nothing was changed";
    if (!entry->reversible)
        return "Azure has no way back from this change";
    return NULL;
}

static void put_pair(
    struct sheet *out, enum role role, const char *label, const char *text)
{
    if (says(text))
        sheet_pair(out, role, INDENT, label, text);
}

static void put_undo(struct sheet *out, const struct kv_journal_entry *entry)
{
    const char *why = journal_no_undo(entry);

    if (entry->result == KV_JOURNAL_NOTE)
        return;
    if (entry->undone_by)
        sheet_putf(out, ROLE_TEXT, INDENT, "taken back by #%lld",
            (long long)entry->undone_by);
    else if (why)
        sheet_pair(out, ROLE_TEXT, INDENT, "UNDO", why);
    else
        sheet_pair(out, ROLE_TEXT, INDENT, "UNDO",
            "possible: U in the journal takes it back, with preview and "
            "confirmation");
    if (entry->undo_of)
        sheet_putf(out, ROLE_TEXT, INDENT, "this took back #%lld",
            (long long)entry->undo_of);
}

static void put_title(struct sheet *out, const struct kv_journal_entry *entry)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "#%lld  ", (long long)entry->number);
    buf_put_time(&text, entry->time_s);
    buf_putf(&text, "  %s", journal_or_dash(entry->who));
    if (says(entry->plan))
        buf_putf(&text, "  %s", entry->plan);
    sheet_put(out, ROLE_TITLE, 1, buf_text(&text));
    buf_done(&text);
}

void journal_put_entry(struct sheet *out, const struct kv_journal_entry *entry)
{
    put_title(out, entry);
    put_pair(out, ROLE_TEXT, "ACTION", entry->action);
    put_pair(out, ROLE_TEXT, "TARGET",
        says(entry->target_name) ? entry->target_name : entry->target_id);
    put_pair(out, journal_result_role(entry->result), "RESULT", entry->message);
    if (entry->result == KV_JOURNAL_IN_DOUBT)
        sheet_put(out, ROLE_UNKNOWN, INDENT,
            "whether this took effect is not known yet; it is settled by "
            "reading the resource");
    if (entry->settled)
        sheet_put(
            out, ROLE_TEXT, INDENT, "found by reading after an interruption");
    put_pair(out, ROLE_TEXT, "REASON", entry->reason);
    put_undo(out, entry);
    put_pair(out, ROLE_TEXT, "REQUEST ID", entry->request_id);
}

void journal_put_record(struct sheet *out, const struct kv_journal_entry *entry)
{
    journal_put_entry(out, entry);
    put_pair(out, ROLE_TEXT, "ID", entry->target_id);
    put_pair(out, ROLE_TEXT, "REMEDY", entry->remedy);
    if (!says(entry->change))
        return;
    sheet_gap(out);
    put_pair(out, ROLE_TEXT, "RECORDED", entry->change);
}
