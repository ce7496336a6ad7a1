/* Reading the history: scans, what is kept of one subject, what lies between
 * two scans, and counts over time. */
#include "history_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- scans ---- */

static bool take_scan(
    struct history *history, enum statement which, struct history_scan *out)
{
    sqlite3_stmt *statement = history->statements[which];
    bool found = sqlite3_step(statement) == SQLITE_ROW;

    if (found)
        *out = (struct history_scan){
            .number = sqlite3_column_int64(statement, 0),
            .at_s = sqlite3_column_int64(statement, 1),
        };
    sqlite3_reset(statement);
    return found;
}

bool history_scan_back(
    struct history *history, uint32_t steps, struct history_scan *out)
{
    BIND(history, STATEMENT_SCAN_BACK, history->line, steps);
    return take_scan(history, STATEMENT_SCAN_BACK, out);
}

bool history_scan_at(
    struct history *history, int64_t time_s, struct history_scan *out)
{
    BIND(history, STATEMENT_SCAN_AT, history->line, time_s);
    return take_scan(history, STATEMENT_SCAN_AT, out);
}

bool history_scan_numbered(
    struct history *history, int64_t number, struct history_scan *out)
{
    BIND(history, STATEMENT_SCAN, history->line, number);
    return take_scan(history, STATEMENT_SCAN, out);
}

/* ---- one subject ---- */

/* What is known of one finding while its events are read, in any order. */
struct trace {
    int64_t scan; /* of the event that stands */
    unsigned had; /* verdicts in events before it, as bits */
    unsigned all; /* verdicts in all events */
};

struct event {
    int64_t scan;
    int64_t at_s;
    uint32_t number; /* of the row, in the file */
    uint8_t before;
    uint8_t after;
};

static void take_event(
    struct history *history, struct trace *traces, const struct event *event)
{
    uint32_t row = event->number < history->number_count
                       ? history->rows[event->number]
                       : NO_ROW;
    struct trace *trace;

    if (row == NO_ROW || event->after >= HISTORY_VERDICTS)
        return;
    trace = &traces[row];
    if (event->scan >= trace->scan) {
        trace->had = trace->all;
        trace->scan = event->scan;
        history->findings[row] = (struct history_finding){
            .verdict = event->after,
            .before = event->before,
            .since_s = event->at_s,
        };
    }
    trace->all |= 1u << event->after;
}

static void take_firsts(struct history *history, struct trace *traces,
    int64_t subject, int64_t until)
{
    sqlite3_stmt *row = BIND(history, STATEMENT_FIRSTS, subject, until);

    while (sqlite3_step(row) == SQLITE_ROW) {
        take_blob(history, row, 2);
        for (uint32_t i = 0; i < history->number_count; i++)
            if (history->blob[i])
                take_event(history, traces,
                    &(struct event){
                        .scan = sqlite3_column_int64(row, 0),
                        .at_s = sqlite3_column_int64(row, 1),
                        .number = i,
                        .after = history->blob[i],
                    });
    }
    sqlite3_reset(row);
}

static void take_changes(struct history *history, struct trace *traces,
    int64_t subject, int64_t until)
{
    sqlite3_stmt *row = BIND(history, STATEMENT_CHANGES, subject, until);

    while (sqlite3_step(row) == SQLITE_ROW)
        take_event(history, traces,
            &(struct event){
                .scan = sqlite3_column_int64(row, 0),
                .at_s = sqlite3_column_int64(row, 1),
                .number = (uint32_t)sqlite3_column_int64(row, 2),
                .before = (uint8_t)sqlite3_column_int(row, 3),
                .after = (uint8_t)sqlite3_column_int(row, 4),
            });
    sqlite3_reset(row);
}

/* Firsts go first: one that comes after a change is of a subject that was gone
 * in between, and the number of its scan says so. */
static bool load_subject(
    struct history *history, const char *subject, int64_t until)
{
    struct trace *traces = mem_alloc((history->row_count + 1) * sizeof *traces);
    int64_t number = find_subject(history, subject);
    struct history_scan last = { 0 };
    struct history_scan earlier;
    bool follows = history_scan_back(history, 0, &last) &&
                   history_scan_back(history, 1, &earlier);

    memset(
        history->findings, 0, history->row_count * sizeof *history->findings);
    if (number >= 0) {
        take_firsts(history, traces, number, until);
        take_changes(history, traces, number, until);
    }
    for (size_t i = 0; i < history->row_count; i++) {
        struct history_finding *finding = &history->findings[i];

        finding->in_last_scan = follows && traces[i].scan == last.number;
        finding->seen_before = (traces[i].had >> finding->verdict & 1) != 0;
    }
    mem_free(traces);
    return number >= 0;
}

const struct history_finding *history_subject(
    struct history *history, const char *subject)
{
    return load_subject(history, subject, INT64_MAX) ? history->findings : NULL;
}

/* ---- between two scans ---- */

struct found {
    char *subject; /* shared by those of one subject; the first owns it */
    bool owns;
    struct event event;
};

struct founds {
    struct found *items;
    size_t count;
    size_t capacity;
};

static void founds_add(
    struct founds *founds, const char *subject, const struct event *event)
{
    struct found *last =
        founds->count > 0 ? &founds->items[founds->count - 1] : NULL;
    bool same = last && strcmp(last->subject, subject) == 0;
    char *kept = same ? last->subject : mem_copy_text(subject);

    founds->items = mem_grow(
        founds->items, founds->count, &founds->capacity, sizeof *founds->items);
    founds->items[founds->count++] = (struct found){ kept, !same, *event };
}

static void founds_done(struct founds *founds)
{
    for (size_t i = 0; i < founds->count; i++)
        if (founds->items[i].owns)
            mem_free(founds->items[i].subject);
    mem_free(founds->items);
}

static int found_compare(const void *left, const void *right)
{
    const struct found *a = left;
    const struct found *b = right;
    int order = strcasecmp(a->subject, b->subject);

    if (order == 0)
        order = (a->event.number > b->event.number) -
                (a->event.number < b->event.number);
    return order ? order
                 : (a->event.scan > b->event.scan) -
                       (a->event.scan < b->event.scan);
}

static int find_changes(
    struct history *history, struct founds *founds, int64_t from, int64_t to)
{
    sqlite3_stmt *row =
        BIND(history, STATEMENT_DIFF_CHANGES, from, to, history->line);

    while (sqlite3_step(row) == SQLITE_ROW)
        founds_add(founds, db_text(row, 0),
            &(struct event){
                .number = (uint32_t)sqlite3_column_int64(row, 1),
                .before = (uint8_t)sqlite3_column_int(row, 2),
                .after = (uint8_t)sqlite3_column_int(row, 3),
                .at_s = sqlite3_column_int64(row, 4),
                .scan = sqlite3_column_int64(row, 5),
            });
    return sqlite3_reset(row);
}

static int find_firsts(
    struct history *history, struct founds *founds, int64_t from, int64_t to)
{
    sqlite3_stmt *row =
        BIND(history, STATEMENT_DIFF_FIRSTS, from, to, history->line);

    while (sqlite3_step(row) == SQLITE_ROW) {
        take_blob(history, row, 1);
        for (uint32_t i = 0; i < history->number_count; i++)
            if (history->blob[i])
                founds_add(founds, db_text(row, 0),
                    &(struct event){
                        .number = i,
                        .after = history->blob[i],
                        .at_s = sqlite3_column_int64(row, 2),
                        .scan = sqlite3_column_int64(row, 3),
                    });
    }
    return sqlite3_reset(row);
}

static bool is_same_finding(const struct found *a, const struct found *b)
{
    return a->event.number == b->event.number &&
           strcasecmp(a->subject, b->subject) == 0;
}

/* From the first to the last event of each finding; what came back to where it
 * was did not change. */
static void give_changes(const struct history *history,
    const struct founds *founds, history_change_fn *take, void *context)
{
    for (size_t i = 0, end = 0; i < founds->count; i = end) {
        const struct found *first = &founds->items[i];
        const struct found *last = first;
        uint32_t row = NO_ROW;

        for (end = i + 1;
             end < founds->count && is_same_finding(first, &founds->items[end]);
             end++)
            last = &founds->items[end];
        if (first->event.number < history->number_count)
            row = history->rows[first->event.number];
        if (row == NO_ROW || first->event.before == last->event.after)
            continue;
        take(context, &(struct history_change){
                          .subject = first->subject,
                          .row = history->names[row],
                          .before = first->event.before,
                          .after = last->event.after,
                          .at_s = last->event.at_s,
                      });
    }
}

enum kv_status history_diff(struct history *history, int64_t from, int64_t to,
    history_change_fn *take, void *context, struct kv_error *err)
{
    struct founds founds = { 0 };
    int code = find_changes(history, &founds, from, to);

    if (code == SQLITE_OK)
        code = find_firsts(history, &founds, from, to);
    if (code == SQLITE_OK && founds.count > 0) {
        qsort(founds.items, founds.count, sizeof *founds.items, found_compare);
        give_changes(history, &founds, take, context);
    }
    founds_done(&founds);
    return code == SQLITE_OK ? KV_OK
                             : db_error(&history->db, code, "read", err);
}

/* ---- counts ---- */

static void count_subject(struct history *history,
    const struct history_count *wanted, uint32_t counts[HISTORY_VERDICTS])
{
    for (size_t i = 0; i < history->row_count; i++)
        if (wanted->row == NO_ROW || wanted->row == i)
            counts[history->findings[i].verdict]++;
}

static void count_all(struct history *history,
    const struct history_count *wanted, int64_t scan,
    uint32_t counts[HISTORY_VERDICTS])
{
    int64_t number =
        wanted->row == NO_ROW ? -1 : (int64_t)history->numbers[wanted->row];
    sqlite3_stmt *row = BIND(history, STATEMENT_SUMS, scan, number);

    while (sqlite3_step(row) == SQLITE_ROW) {
        int verdict = sqlite3_column_int(row, 0);

        if (verdict >= 0 && verdict < HISTORY_VERDICTS)
            counts[verdict] = (uint32_t)sqlite3_column_int64(row, 1);
    }
    sqlite3_reset(row);
}

bool history_count_at(struct history *history,
    const struct history_count *wanted, uint32_t counts[HISTORY_VERDICTS])
{
    struct history_scan scan;

    memset(counts, 0, HISTORY_VERDICTS * sizeof *counts);
    if (!history_scan_at(history, wanted->time_s, &scan))
        return false;
    if (!wanted->subject)
        count_all(history, wanted, scan.number, counts);
    else if (load_subject(history, wanted->subject, scan.number))
        count_subject(history, wanted, counts);
    return true;
}
