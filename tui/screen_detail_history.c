/* The tab History: what happened to this resource as far as it is known here,
 * newest first, each line with where that is known from: kvgov's own journal
 * and scans, what people decided, Azure's dates, the audit log. */
#include "screen_detail.h"

#include "screen_journal.h"

#define TEXT_LIMIT 4096

enum column {
    COLUMN_TIME,
    COLUMN_FROM,
    COLUMN_WHAT,
    COLUMN_RESULT,
    COLUMN_WHO,
};

/* One line. Texts are borrowed for the call that adds it. */
struct event {
    int64_t time_s;
    const char *from;
    const char *what;
    const char *who;
    const char *result;
};

static struct detail_row *add_event(struct detail_page *page,
    const struct detail_facts *facts, const struct event *event)
{
    struct detail_row *row = detail_page_add(page);
    struct buf time = { .limit = 64 };

    if (event->time_s)
        journal_put_time(&time, event->time_s, facts->now_s);
    else
        buf_putc(&time, '-'); /* not said: Azure Policy does not */
    detail_cell(row, "%s", buf_text(&time));
    detail_cell(row, "%s", event->from);
    detail_cell(row, "%s", event->what);
    detail_cell(row, "%s", event->result);
    detail_cell(row, "%s", journal_or_dash(event->who));
    row->rank = (uint64_t)(INT64_MAX - event->time_s);
    buf_done(&time);
    return row;
}

static void put_when(struct sheet *out, const char *label, int64_t time_s)
{
    struct buf text = { .limit = 64 };

    if (time_s == KV_UNTIL_OPEN)
        buf_puts(&text, "no end");
    else
        buf_put_time(&text, time_s);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, label, buf_text(&text));
    buf_done(&text);
}

/* ---- kvgov's journal ---- */

static void add_entry(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_journal_entry *entry)
{
    struct detail_row *row = add_event(page, facts,
        &(struct event){
            .time_s = entry->time_s,
            .from = "kvgov",
            .what = journal_or_dash(entry->action),
            .who = entry->who,
            .result = journal_result_word(entry),
        });

    row->mark = row->rest = journal_result_role(entry->result);
    journal_put_record(&row->below, entry);
}

static void add_journal(
    struct detail_page *page, const struct detail_facts *facts)
{
    uint32_t count = kv_session_journal_count(facts->session);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_journal_entry *entry =
            kv_session_journal(facts->session, i);

        if (text_equal_nocase(entry->target_id, facts->resource->id))
            add_entry(page, facts, entry);
    }
}

/* ---- findings ---- */

/* The last change of one, not the first sight of it. */
static void add_finding(
    struct detail_page *page, const struct detail_facts *facts, uint32_t index)
{
    const struct kv_recommendation *what = &kv_catalogue[index];
    struct kv_since since = detail_since(facts, index);
    enum kv_verdict now =
        kv_posture_verdict(facts->posture, index, facts->index);
    struct buf text = { .limit = TEXT_LIMIT };
    struct detail_row *row;

    if (since.since_s && since.before != KV_VERDICT_NONE) {
        buf_putf(&text, "%s  %s", what->id,
            now == KV_VERDICT_FAIL ? what->fails : what->title);
        row = add_event(page, facts,
            &(struct event){
                .time_s = since.since_s,
                .from = "scan",
                .what = buf_text(&text),
                .result = kv_verdict_name(now),
            });
        row->finding = index;
        row->mark = row->rest = role_of_verdict(now, what->severity);
        sheet_put(&row->below, ROLE_TITLE, 1, buf_text(&text));
        put_when(&row->below, "SINCE", since.since_s);
        sheet_putf(&row->below, row->mark, DETAIL_INDENT, "%s; before: %s",
            kv_verdict_name(now), kv_verdict_name(since.before));
        detail_put_evidence(&row->below, facts, index);
    }
    buf_done(&text);
}

static void add_findings(
    struct detail_page *page, const struct detail_facts *facts)
{
    for (uint32_t i = 0; i < kv_catalogue_count; i++)
        if (kv_row_concerns(&kv_catalogue[i], facts->resource->kind))
            add_finding(page, facts, i);
}

/* ---- what people decided ---- */

static void add_attestation(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_attestation *answer)
{
    struct buf what = { .limit = TEXT_LIMIT };
    struct detail_row *row;

    buf_putf(&what, "%s answered: %s", answer->row,
        answer->pass ? "it is so" : "it is not so");
    row = add_event(page, facts,
        &(struct event){
            .time_s = answer->at_s,
            .from = "person",
            .what = buf_text(&what),
            .who = answer->name,
            .result = answer->until_s < facts->now_s ? "ENDED" : "HOLDS",
        });
    sheet_put(&row->below, ROLE_TITLE, 1, buf_text(&what));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "BY",
        journal_or_dash(answer->name));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "NOTE",
        journal_or_dash(answer->note));
    put_when(&row->below, "UNTIL", answer->until_s);
    buf_done(&what);
}

static void add_exception(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_exception *exception)
{
    struct buf what = { .limit = TEXT_LIMIT };
    struct detail_row *row;

    buf_putf(&what, "%s accepted: %s", exception->row,
        journal_or_dash(exception->reason));
    row = add_event(page, facts,
        &(struct event){
            .time_s = exception->at_s,
            .from = exception->origin ? "policy" : "person",
            .what = buf_text(&what),
            .who = exception->owner,
            .result = exception->until_s < facts->now_s ? "ENDED" : "HOLDS",
        });
    sheet_put(&row->below, ROLE_TITLE, 1, buf_text(&what));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "BY",
        journal_or_dash(exception->owner));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "ON", exception->scope);
    put_when(&row->below, "UNTIL", exception->until_s);
    if (exception->origin)
        sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "FOUND IN",
            exception->origin);
    buf_done(&what);
}

static void add_records(
    struct detail_page *page, const struct detail_facts *facts)
{
    const struct kv_records *records = kv_posture_records(facts->posture);

    for (size_t i = 0; i < records->attestation_count; i++)
        if (text_equal_nocase(
                records->attestations[i].subject, facts->resource->id))
            add_attestation(page, facts, &records->attestations[i]);
    for (size_t i = 0; i < records->exception_count; i++)
        if (detail_is_under(facts, records->exceptions[i].scope))
            add_exception(page, facts, &records->exceptions[i]);
}

/* ---- Azure ---- */

static void add_date(struct detail_page *page, const struct detail_facts *facts,
    int64_t time_s, const char *what)
{
    struct detail_row *row;

    if (!time_s)
        return;
    row = add_event(page, facts,
        &(struct event){
            .time_s = time_s,
            .from = "Azure",
            .what = what,
            .result = "-",
        });
    sheet_put(&row->below, ROLE_TITLE, 1, what);
    put_when(&row->below, "AT", time_s);
    sheet_put(&row->below, ROLE_TEXT, DETAIL_INDENT,
        "by whom and what stands in Azure's activity log, for 90 days");
}

static void add_operation(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_operation *operation)
{
    struct buf what = { .limit = TEXT_LIMIT };
    struct detail_row *row;

    buf_puts(&what, operation->name);
    if (operation->object)
        buf_putf(&what, " %s", operation->object);
    if (operation->calls > 1)
        buf_putf(
            &what, ", the last of %llu", (unsigned long long)operation->calls);
    row = add_event(page, facts,
        &(struct event){
            .time_s = operation->last_s,
            .from = "audit log",
            .what = buf_text(&what),
            .result = "-",
        });
    sheet_put(&row->below, ROLE_TITLE, 1, buf_text(&what));
    put_when(&row->below, "LAST", operation->last_s);
    sheet_put(&row->below, ROLE_TEXT, DETAIL_INDENT,
        "of backups, restores, deletions and purges in the audit log");
    buf_done(&what);
}

static void add_operations(
    struct detail_page *page, const struct detail_facts *facts)
{
    struct kv_walk walk = { 0 };
    const void *row;

    while ((row = kv_estate_next_at(
                facts->estate, KV_SET_OPERATIONS, facts->resource->id, &walk)))
        add_operation(page, facts, row);
}

/* ---- the page ---- */

static void history_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    detail_ready(&page->intro, facts, KV_FACET_USAGE);
    add_journal(page, facts);
    add_findings(page, facts);
    add_records(page, facts);
    add_operations(page, facts);
    add_date(page, facts, facts->resource->modified_at_s, "last changed");
    add_date(page, facts, facts->resource->created_at_s, "created");
    sheet_put(&page->empty, ROLE_TEXT, 1,
        "kvgov changed nothing here, nobody decided anything of it, and Azure "
        "gives no dates.");
}

static const struct list_column columns[] = {
    [COLUMN_TIME] = { .title = "TIME", .width_cells = 10 },
    [COLUMN_FROM] = { .title = "FROM", .width_cells = 9 },
    [COLUMN_WHAT] = { .title = "WHAT", .full_cells = 48 },
    [COLUMN_RESULT] = { .title = "RESULT", .width_cells = 14 },
    [COLUMN_WHO] = { .title = "WHO",
        .width_cells = 16,
        .full_cells = 24,
        .appears_at = 100 },
};

static const struct list_ops history_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .sort_column = COLUMN_TIME,
    .name_column = COLUMN_WHAT,
    .cell = detail_list_cell,
    .order = detail_list_order,
    .fields = filter_columns,
    .no_marks = true,
};

const struct detail_tab detail_history = {
    .title = "History",
    .list = &history_list,
    .build = history_build,
};
