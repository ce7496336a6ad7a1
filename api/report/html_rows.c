/* Recommendations: a table of all with their sums, and, at the end of the page,
 * the reasons, the ways and the publications behind each. */
#include "facts.h"
#include "html_chart.h"

static void put_count(struct buf *out, uint32_t count, const char *more)
{
    buf_putf(out, "<td class=\"n%s%s\">", more, count == 0 ? " zero" : "");
    buf_put_count(out, count);
    buf_puts(out, "</td>");
}

static void put_row(const struct html *html, uint32_t index)
{
    const struct kv_recommendation *row = &kv_catalogue[index];
    const struct kv_tally *tally = &html->report->sums.rows[index];
    uint32_t fails = tally->count[KV_VERDICT_FAIL];
    struct buf *out = html->out;

    buf_puts(out, "<tr><td class=\"chipped\">");
    html_severity(out, row->severity);
    buf_puts(out, "</td><td class=\"id\">");
    html_row_link(out, row);
    buf_puts(out, "</td><td>");
    html_text(out, fails > 0 ? row->fails : row->title);
    if (kv_row_level(row) != KV_LEVEL_RESOURCE)
        buf_putf(
            out, " <span class=\"soft\">(%s)</span>", kv_row_subjects(row));
    buf_puts(out, "</td><td class=\"bar\">");
    html_put_bar(out, tally);
    buf_puts(out, "</td>");
    put_count(out, fails, "");
    put_count(out,
        tally->count[KV_VERDICT_UNKNOWN] + tally->count[KV_VERDICT_NONE],
        " wide-only");
    put_count(out, tally->count[KV_VERDICT_PASS], " wide-only");
    buf_puts(out, "<td class=\"n wide-only\">");
    if (sums_applies(tally))
        buf_putf(out, "%.1f%%", sums_known_percent(tally));
    buf_puts(out, "</td></tr>\n");
}

void html_put_rows(const struct html *html)
{
    enum kv_baseline baseline = facts_baseline(html->input);

    buf_puts(html->out,
        "<table><thead><tr><th scope=\"col\">Severity</th><th "
        "scope=\"col\">Id</th><th scope=\"col\">Recommendation</th><th "
        "scope=\"col\" class=\"bar\"></th><th scope=\"col\" "
        "class=\"n\">Fail</th><th scope=\"col\" class=\"n "
        "wide-only\">Unknown</th><th scope=\"col\" class=\"n "
        "wide-only\">Pass</th><th scope=\"col\" class=\"n "
        "wide-only\">Known</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < html->order.row_count; i++)
        if (kv_row_asks(&kv_catalogue[html->order.rows[i]], baseline) !=
            KV_ASKS_NOTHING)
            put_row(html, html->order.rows[i]);
    buf_puts(html->out, "</tbody></table>\n");
}

/* ---- reasons ---- */

static void put_text(struct buf *out, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    buf_putf(out, "<p><span class=\"label\">%s</span>", label);
    html_text(out, text);
    buf_puts(out, "</p>\n");
}

static void put_remedies(struct buf *out, const struct kv_recommendation *row)
{
    for (size_t i = 0; row->remedies && row->remedies[i]; i++) {
        const struct kv_remedy *remedy = kv_remedy_find(row->remedies[i]);

        if (!remedy)
            continue;
        buf_puts(out, "<p><span class=\"label\">kvgov can</span>");
        html_text(out, remedy->title);
        buf_puts(out, " <span class=\"soft\">(");
        html_text(out, kv_remedy_danger(remedy));
        buf_puts(out, remedy->undo ? ", can be undone): " : "): ");
        html_text(out, remedy->effect);
        buf_puts(out, "</span></p>\n");
    }
}

static void put_reasons(struct buf *out, const struct kv_recommendation *row)
{
    buf_putf(out, "<section class=\"row\" id=\"r-%s\">\n<h3>", row->id);
    html_severity(out, row->severity);
    buf_putf(out, " <span class=\"id\">%s</span> ", row->id);
    html_text(out, row->title);
    buf_puts(out, "</h3>\n");
    put_text(out, "Why", row->why);
    put_text(out, "Fix", row->fix);
    put_remedies(out, row);
    put_text(out, "Verify", row->verify);
    put_text(out, "Others differ", kv_row_others(row));
    put_text(out, "Also", row->also);
    buf_puts(out, "<p><span class=\"label\">Sources</span>");
    html_sources(out, row->sources);
    buf_puts(out, "</p>\n</section>\n");
}

static void put_publications(struct buf *out)
{
    buf_puts(out, "<h3>Publications</h3>\n<table class=\"cards\"><tbody>\n");
    for (size_t i = 0; i < kv_sources_count; i++) {
        const struct kv_source *source = &kv_sources[i];

        buf_putf(out, "<tr id=\"source-%s\"><td class=\"id\">%s</td><td>",
            source->id, source->id);
        if (source->url && *source->url) {
            buf_puts(out, "<a rel=\"noreferrer noopener\" href=\"");
            html_text(out, source->url);
            buf_puts(out, "\">");
        }
        html_text(out, source->title);
        buf_puts(out, source->url && *source->url ? "</a>" : "");
        buf_puts(out, "</td><td class=\"n\">");
        html_text(out, source->date);
        buf_puts(out, "</td></tr>\n");
    }
    buf_puts(out, "</tbody></table>\n");
}

void html_put_catalogue(const struct html *html)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        if (!kv_selection_has_row(html->input->selection, row))
            continue;
        put_reasons(html->out, &kv_catalogue[row]);
        report_pass(html->report);
    }
    put_publications(html->out);
}
