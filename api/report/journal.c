/* The journal as a table and as JSON, oldest entry first, so that what is
 * written to a file grows at its end. */
#include "kvgov/report.h"

#include <string.h>

#include "kvgov/session.h"
#include "line.h"
#include "node.h"

#define WIDTH_LEAST 80
#define WIDTH_FILE 160
#define NUMBER_CELLS 5
#define TIME_CELLS 20
#define PLAN_CELLS 7
#define RESULT_CELLS 11
#define NAME_CELLS 24

static void put_head(struct line *line)
{
    line_right(line, "ENTRY", NUMBER_CELLS);
    line_left(line, "TIME", TIME_CELLS);
    line_left(line, "PLAN", PLAN_CELLS);
    line_left(line, "RESULT", RESULT_CELLS);
    line_left(line, "TARGET", NAME_CELLS);
    line_words(line, "ACTION", 0);
    line_end(line);
}

static void put_entry(struct line *line, const struct kv_journal_entry *entry)
{
    size_t indent = NUMBER_CELLS + TIME_CELLS + PLAN_CELLS + RESULT_CELLS +
                    NAME_CELLS + 5;
    struct buf time = { .limit = 64 };

    buf_put_time(&time, entry->time_s);
    line_count(line, (uint64_t)entry->number, NUMBER_CELLS);
    line_left(line, buf_text(&time), TIME_CELLS);
    line_left(line, *entry->plan ? entry->plan : "-", PLAN_CELLS);
    line_left(line, kv_journal_result_name(entry->result), RESULT_CELLS);
    line_left(line, *entry->target_name ? entry->target_name : "-", NAME_CELLS);
    line_words(line, entry->action, indent);
    if (entry->message && *entry->message) {
        line_words(line, "-", indent);
        line_words(line, entry->message, indent);
    }
    line_end(line);
    buf_done(&time);
}

void kv_report_journal_table(struct buf *out, const struct kv_session *session,
    uint32_t width_cells)
{
    uint32_t count = kv_session_journal_count(session);
    struct line line = line_new(out, !width_cells ? WIDTH_FILE
                                     : width_cells < WIDTH_LEAST
                                         ? WIDTH_LEAST
                                         : width_cells);

    if (count == 0) {
        line_words(&line, "The journal is empty: nothing was changed.", 0);
        line_end(&line);
        return;
    }
    put_head(&line);
    for (uint32_t i = count; i-- > 0;)
        put_entry(&line, kv_session_journal(session, i));
}

static json_t *entry_node(const struct kv_journal_entry *entry)
{
    json_t *root = json_object();
    json_t *change = *entry->change ? json_loads(entry->change, 0, NULL) : NULL;

    node_set(root, "number", json_integer(entry->number));
    node_set(root, "time", node_time(entry->time_s));
    node_set(root, "who", node_text(entry->who));
    node_set(root, "plan", node_text(*entry->plan ? entry->plan : NULL));
    node_set(root, "remedy", node_text(*entry->remedy ? entry->remedy : NULL));
    node_set(root, "action", node_text(entry->action));
    node_set(root, "target",
        node_text(*entry->target_id ? entry->target_id : NULL));
    node_set(root, "reason", node_text(entry->reason));
    node_set(root, "result", node_text(kv_journal_result_name(entry->result)));
    node_set(root, "message", node_text(entry->message));
    node_set(root, "requestId",
        node_text(*entry->request_id ? entry->request_id : NULL));
    node_set(root, "reversible", json_boolean(entry->reversible));
    node_set(root, "undoOf",
        entry->undo_of ? json_integer(entry->undo_of) : json_null());
    node_set(root, "undoneBy",
        entry->undone_by ? json_integer(entry->undone_by) : json_null());
    node_set(root, "settled", json_boolean(entry->settled));
    node_set(root, "change", change ? change : json_null());
    return root;
}

void kv_report_journal_ndjson(
    struct buf *out, const struct kv_session *session)
{
    for (uint32_t i = kv_session_journal_count(session); i-- > 0;) {
        node_put(out, entry_node(kv_session_journal(session, i)), JSON_COMPACT);
        buf_putc(out, '\n');
    }
}
