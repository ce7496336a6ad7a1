/* What lies between two scans, as a table and as JSON. */
#include "kvgov/report.h"

#include "line.h"
#include "node.h"

#define WIDTH_LEAST 80
#define MARK_CELLS 4
#define ROW_CELLS 6
#define VERDICT_CELLS 14

static const char *before_name(enum kv_verdict verdict)
{
    return verdict == KV_VERDICT_NONE ? "(not there)"
                                      : kv_verdict_name(verdict);
}

/* ---- as a table ---- */

struct table_diff {
    struct line line;
    const char *subject; /* of the last line; in `kept` */
    struct buf kept;
    uint64_t worse;
    uint64_t better;
    uint64_t others;
    uint64_t quiet; /* seen first, and nothing to do */
};

static bool is_quiet(const struct kv_finding_change *change)
{
    return (change->before == KV_VERDICT_NONE &&
               change->after != KV_VERDICT_FAIL) ||
           (change->before != KV_VERDICT_FAIL &&
               change->after == KV_VERDICT_NONE);
}

static void count_change(
    struct table_diff *diff, const struct kv_finding_change *change)
{
    if (is_quiet(change))
        diff->quiet++;
    else if (change->after == KV_VERDICT_FAIL)
        diff->worse++;
    else if (change->before == KV_VERDICT_FAIL)
        diff->better++;
    else
        diff->others++;
}

static void put_subject(struct table_diff *diff, const char *subject)
{
    if (diff->kept.size && text_equal_nocase(buf_text(&diff->kept), subject))
        return;
    buf_clear(&diff->kept);
    buf_puts(&diff->kept, subject);
    line_end(&diff->line);
    line_phrase(&diff->line, subject, 0);
    line_end(&diff->line);
}

static void put_change(void *context, const struct kv_finding_change *change)
{
    struct table_diff *diff = context;
    const struct kv_recommendation *row = &kv_catalogue[change->row];
    struct line *line = &diff->line;
    bool fails = change->after == KV_VERDICT_FAIL;

    count_change(diff, change);
    if (is_quiet(change))
        return;
    put_subject(diff, change->subject);
    line_left(line, "", 1);
    line_left(line, kv_severity_mark(row->severity), MARK_CELLS);
    line_left(line, row->id, ROW_CELLS);
    line_left(line, before_name(change->before), VERDICT_CELLS);
    line_left(line, "->", 2);
    line_left(line, before_name(change->after), VERDICT_CELLS);
    line_words(
        line, fails ? row->fails : row->title, MARK_CELLS + ROW_CELLS + 5);
    line_end(line);
}

static void put_scan(
    struct line *line, const char *name, const struct kv_kept_scan *scan)
{
    struct buf text = { .limit = 256 };

    buf_putf(&text, "%s scan %lld of ", name, (long long)scan->number);
    buf_put_time(&text, scan->at_s);
    line_phrase(line, buf_text(&text), 0);
    buf_done(&text);
}

static void put_sums(const struct table_diff *diff, struct line *line)
{
    struct buf text = { .limit = 256 };

    buf_putf(&text,
        "%llu began to fail, %llu no longer fail, %llu other changes, %llu of "
        "what came or went without failing",
        (unsigned long long)diff->worse, (unsigned long long)diff->better,
        (unsigned long long)diff->others, (unsigned long long)diff->quiet);
    line_words(line, buf_text(&text), 0);
    line_end(line);
    buf_done(&text);
}

enum kv_status kv_report_diff_table(struct buf *out,
    const struct kv_session *session, struct kv_diff *diff,
    uint32_t width_cells, struct kv_error *err)
{
    size_t width = width_cells > WIDTH_LEAST ? width_cells : WIDTH_LEAST;
    struct buf body = { .limit = out->limit };
    struct table_diff table = { .kept = { .limit = 65536 } };
    struct line head = line_new(out, width);
    enum kv_status status;

    table.line = line_new(&body, width);
    status = kv_session_diff(session, diff, put_change, &table, err);
    if (status == KV_OK) {
        put_scan(&head, "from", &diff->first);
        put_scan(&head, "to", &diff->last);
        line_end(&head);
        put_sums(&table, &head);
        buf_put(out, buf_view(&body));
        out->failed |= body.failed;
    }
    buf_done(&body);
    buf_done(&table.kept);
    return status;
}

/* ---- as JSON ---- */

/* Of the object's form; grows when a member changes its meaning or goes. */
#define DIFF_VERSION 1

static json_t *verdict_node(enum kv_verdict verdict)
{
    return verdict == KV_VERDICT_NONE ? json_null()
                                      : node_text(kv_verdict_name(verdict));
}

static void take_node(void *context, const struct kv_finding_change *change)
{
    json_t *object = json_object();

    node_set(object, "recommendation", node_text(kv_catalogue[change->row].id));
    node_set(object, "subject", node_text(change->subject));
    node_set(object, "severity",
        node_text(kv_severity_name(kv_catalogue[change->row].severity)));
    node_set(object, "before", verdict_node(change->before));
    node_set(object, "after", verdict_node(change->after));
    node_set(object, "changed_at", node_time(change->at_s));
    json_array_append_new(context, object);
}

static json_t *scan_node(const struct kv_kept_scan *scan)
{
    json_t *object = json_object();

    node_set(object, "scan", json_integer(scan->number));
    node_set(object, "at", node_time(scan->at_s));
    return object;
}

enum kv_status kv_report_diff_json(struct buf *out,
    const struct kv_session *session, struct kv_diff *diff,
    struct kv_error *err)
{
    json_t *changes = json_array();
    json_t *object = json_object();
    enum kv_status status =
        kv_session_diff(session, diff, take_node, changes, err);

    node_set(object, "version", json_integer(DIFF_VERSION));
    node_set(object, "from", scan_node(&diff->first));
    node_set(object, "to", scan_node(&diff->last));
    node_set(object, "changes", changes);
    if (status != KV_OK) {
        json_decref(object);
        return status;
    }
    node_put(out, object, JSON_INDENT(2));
    buf_putc(out, '\n');
    return KV_OK;
}

void kv_report_scans_table(struct buf *out, const struct kv_session *session)
{
    struct kv_kept_scan scan;

    for (uint32_t i = 0; kv_session_kept_scan(session, i, &scan); i++) {
        buf_putf(out, "%6lld  ", (long long)scan.number);
        buf_put_time(out, scan.at_s);
        buf_putc(out, '\n');
    }
}
