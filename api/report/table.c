/* The posture report as plain text: its head and the recommendations. */
#include "table.h"

#include "facts.h"
#include "line.h"

/* Below this the columns would say nothing; a narrow terminal wraps instead. */
#define WIDTH_LEAST 80

/* Columns of the recommendations; the title takes what is left. */
#define ID_CELLS 6
#define SEVERITY_CELLS 4
#define COUNT_CELLS 7
#define KNOWN_CELLS 6
#define FIXED_CELLS                                                            \
    (ID_CELLS + SEVERITY_CELLS + 3 * COUNT_CELLS + KNOWN_CELLS + 6)

/* Indent of what belongs to a word of the head. */
#define HEAD_CELLS 11

/* ---- the head ---- */

static void put_name(struct line *line, const char *name)
{
    line_left(line, name, HEAD_CELLS - 1);
}

static void put_who(struct line *line, const struct kv_report_input *input)
{
    const char *name = kv_estate_tenant_name(input->estate);
    const char *id = kv_estate_tenant_id(input->estate);

    put_name(line, "tenant");
    if (name && *name)
        line_phrase(line, name, HEAD_CELLS);
    line_phrase(line, id && *id ? id : "unknown", HEAD_CELLS);
    line_end(line);
    put_name(line, "cloud");
    line_phrase(line, input->cloud ? input->cloud : "unknown", HEAD_CELLS);
    line_end(line);
}

static const char *scan_phrase(enum kv_scan_state state)
{
    static const char *const phrases[] = {
        [KV_SCAN_NONE] = "nothing has been read",
        [KV_SCAN_STORED] = "kept from an earlier scan",
        [KV_SCAN_RUNNING] = "the scan is still running",
        [KV_SCAN_DONE] = "the scan is complete",
        [KV_SCAN_STOPPED] = "the scan was stopped: partly read",
        [KV_SCAN_FAILED] = "the inventory could not be read",
    };

    return phrases[state];
}

static void put_age(struct line *line, const struct kv_report_input *input)
{
    struct buf text = { .limit = 256 };

    buf_puts(&text, "of ");
    buf_put_time(&text, input->scan->data_at_s);
    buf_puts(&text, ", ");
    buf_put_age(&text, input->now_s - input->scan->data_at_s);
    buf_puts(&text, " old;");
    line_phrase(line, buf_text(&text), HEAD_CELLS);
    buf_done(&text);
}

static void put_scan(struct line *line, const struct kv_scan *scan)
{
    struct buf text = { .limit = 256 };

    buf_puts(&text, scan_phrase(scan->state));
    if (scan->failures > 0) {
        buf_puts(&text, "; ");
        buf_put_count(&text, scan->failures);
        buf_puts(&text, scan->failures == 1 ? " read" : " reads");
        buf_puts(&text, " denied or failed");
    }
    line_phrase(line, buf_text(&text), HEAD_CELLS);
    buf_done(&text);
}

static void put_when(struct line *line, const struct kv_report_input *input)
{
    put_name(line, "data");
    if (input->scan->data_at_s)
        put_age(line, input);
    put_scan(line, input->scan);
    line_end(line);
}

static void put_number(
    struct line *line, uint64_t count, const char *one, const char *many)
{
    struct buf text = { .limit = 256 };

    buf_put_count(&text, count);
    buf_putf(&text, " %s", count == 1 ? one : many);
    line_phrase(line, buf_text(&text), HEAD_CELLS);
    buf_done(&text);
}

static void put_resource_counts(struct line *line, const struct table *table)
{
    const struct sums *sums = table->sums;

    put_name(line, "resources");
    put_number(line, sums->kinds[KV_KIND_VAULT], "vault,", "vaults,");
    put_number(
        line, sums->kinds[KV_KIND_HSM], "managed HSM in", "managed HSMs in");
    put_number(line, sums->subscriptions, "subscription", "subscriptions");
    line_end(line);
}

static void put_known(struct line *line, const struct sums *sums)
{
    struct buf text = { .limit = 256 };

    put_name(line, "known");
    if (sums_applies(&sums->all))
        buf_putf(
            &text, "%.1f%% of what applies;", sums_known_percent(&sums->all));
    else
        buf_puts(&text, "nothing;");
    line_phrase(line, buf_text(&text), HEAD_CELLS);
    put_number(line, sums->with_unknown, "resource with an unknown,",
        "resources with an unknown,");
    line_phrase(line, "which never counts as pass", HEAD_CELLS);
    line_end(line);
    buf_done(&text);
}

static void put_baseline(struct line *line, const struct table *table)
{
    enum kv_baseline baseline = facts_baseline(table->input);

    if (baseline == KV_BASELINE_CURRENT)
        return;
    put_name(line, "baseline");
    line_phrase(line, kv_baselines[baseline].name, HEAD_CELLS);
    line_phrase(line, "only:", HEAD_CELLS);
    line_words(line, kv_baselines[baseline].what, HEAD_CELLS);
    line_end(line);
}

static void put_left_out(struct line *line, const struct table *table)
{
    struct buf text = { .limit = 1u << 20 };

    kv_selection_put(table->input->selection, &text);
    if (text.size > 0) {
        put_name(line, "left out");
        line_words(line, buf_text(&text), HEAD_CELLS);
        line_end(line);
    }
    buf_done(&text);
}

static void put_score(struct line *line, const struct table *table)
{
    struct kv_score score = kv_score_of(table->sums->severities);
    struct buf text = { .limit = 256 };

    put_name(line, "score");
    kv_score_put(&score, &text);
    line_words(line, buf_text(&text), HEAD_CELLS);
    line_end(line);
    buf_done(&text);
}

static void put_failing(struct line *line, const struct sums *sums)
{
    struct buf text = { .limit = 256 };

    put_name(line, "failing");
    for (unsigned i = KV_SEVERITY_COUNT; i-- > 0;) {
        buf_clear(&text);
        buf_putf(&text, "%s ", kv_severity_mark((enum kv_severity)i));
        buf_put_count(&text, sums->severities[i].count[KV_VERDICT_FAIL]);
        line_phrase(line, buf_text(&text), HEAD_CELLS);
    }
    line_end(line);
    buf_done(&text);
}

/* Accepted is not passed: it is said beside what fails. */
static void put_excepted(struct line *line, const struct table *table)
{
    uint32_t excepted = table->sums->all.count[KV_VERDICT_EXCEPTED];
    uint32_t manual = table->sums->all.count[KV_VERDICT_MANUAL];
    size_t ending = facts_ending(table->input);

    if (excepted + manual + ending == 0)
        return;
    put_name(line, "accepted");
    put_number(line, excepted, "deviation;", "deviations;");
    put_number(line, manual, "question unanswered;", "questions unanswered;");
    put_number(line, ending, "answer or acceptance ends within 30 days",
        "answers or acceptances end within 30 days");
    line_end(line);
}

static void put_head(const struct table *table)
{
    struct line line = line_new(table->out, table->width_cells);

    put_who(&line, table->input);
    put_when(&line, table->input);
    put_resource_counts(&line, table);
    put_baseline(&line, table);
    put_left_out(&line, table);
    put_known(&line, table->sums);
    put_score(&line, table);
    put_failing(&line, table->sums);
    put_excepted(&line, table);
}

/* ---- the recommendations ---- */

static void put_row_heads(struct line *line, size_t title_cells)
{
    line_end(line);
    line_left(line, "SEV", SEVERITY_CELLS);
    line_left(line, "ID", ID_CELLS);
    line_left(line, "RECOMMENDATION", title_cells);
    line_right(line, "FAIL", COUNT_CELLS);
    line_right(line, "UNKNOWN", COUNT_CELLS);
    line_right(line, "PASS", COUNT_CELLS);
    line_right(line, "KNOWN", KNOWN_CELLS);
    line_end(line);
}

static void put_row(struct line *line, const struct kv_recommendation *row,
    const struct kv_tally *tally, size_t title_cells)
{
    struct buf known = { .limit = 64 };
    struct buf title = { .limit = 256 };

    if (sums_applies(tally))
        buf_putf(&known, "%.1f%%", sums_known_percent(tally));
    buf_puts(&title, row->title);
    if (kv_row_level(row) != KV_LEVEL_RESOURCE)
        buf_putf(&title, " (%s)", kv_row_subjects(row));
    line_left(line, kv_severity_mark(row->severity), SEVERITY_CELLS);
    line_left(line, row->id, ID_CELLS);
    line_left(line, buf_text(&title), title_cells);
    line_count(line, tally->count[KV_VERDICT_FAIL], COUNT_CELLS);
    line_count(line, tally->count[KV_VERDICT_UNKNOWN], COUNT_CELLS);
    line_count(line, tally->count[KV_VERDICT_PASS], COUNT_CELLS);
    line_right(line, known.size ? buf_text(&known) : "-", KNOWN_CELLS);
    line_end(line);
    buf_done(&title);
    buf_done(&known);
}

static void put_rows(const struct table *table)
{
    struct line line = line_new(table->out, table->width_cells);
    size_t title_cells = table->width_cells - FIXED_CELLS;
    enum kv_baseline baseline = facts_baseline(table->input);

    put_row_heads(&line, title_cells);
    for (size_t i = 0; i < table->order.row_count; i++) {
        uint32_t row = table->order.rows[i];

        if (kv_row_asks(&kv_catalogue[row], baseline) != KV_ASKS_NOTHING)
            put_row(
                &line, &kv_catalogue[row], &table->sums->rows[row], title_cells);
    }
}

void table_write(struct kv_report *report)
{
    const struct kv_report_input *input = report->input;
    struct table table = {
        .report = report,
        .out = &report->text,
        .input = input,
        .sums = &report->sums,
    };

    table.width_cells =
        input->width_cells > WIDTH_LEAST ? input->width_cells : WIDTH_LEAST;
    order_init(&table.order, input);
    put_head(&table);
    put_rows(&table);
    table_put_gaps(&table);
    table_put_resources(&table);
    order_done(&table.order);
}
