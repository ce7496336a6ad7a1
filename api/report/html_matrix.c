/* Vaults and HSMs by recommendations, a cell each: the colour and, for who sees
 * none, a letter. */
#include "html.h"

#include <ctype.h>

/* A column in which nothing applies says nothing. */
static bool is_meant(const struct html *html, uint32_t row)
{
    return kv_selection_has_row(html->input->selection, row) &&
           kv_row_level(&kv_catalogue[row]) == KV_LEVEL_RESOURCE &&
           sums_applies(&html->report->sums.rows[row]);
}

static bool was_read(const struct kv_tally *tally)
{
    for (unsigned i = 0; i < KV_VERDICT_COUNT; i++)
        if (i != KV_VERDICT_NOT_APPLICABLE && i != KV_VERDICT_UNREAD &&
            tally->count[i] > 0)
            return true;
    return false;
}

/* Nor does one of a scan that did not look there. */
static bool is_column(const struct html *html, uint32_t row)
{
    return is_meant(html, row) && was_read(&html->report->sums.rows[row]);
}

static void put_heads(const struct html *html)
{
    buf_puts(html->out, "<thead><tr><th scope=\"col\">Name</th>");
    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        if (!is_column(html, row))
            continue;
        buf_puts(html->out, "<th scope=\"col\">");
        html_row_link(html->out, &kv_catalogue[row]);
        buf_puts(html->out, "</th>");
    }
    buf_puts(html->out, "</tr></thead>\n");
}

static void put_cell(struct buf *out, enum kv_verdict verdict, uint32_t row)
{
    const struct html_verdict *how = html_verdict_of(verdict);
    enum kv_severity severity = kv_catalogue[row].severity;

    if (!how)
        buf_puts(out, "<td></td>");
    else if (how->mark)
        buf_putf(out, "<td class=\"b-%s\">%s</td>", how->style, how->mark);
    else
        buf_putf(out, "<td class=\"s%u\">%c</td>", (unsigned)severity,
            toupper((unsigned char)kv_severity_name(severity)[0]));
}

static void put_line(const struct html *html, uint32_t resource)
{
    struct place place = { KV_LEVEL_RESOURCE, resource };

    buf_puts(html->out, "<tr><th scope=\"row\">");
    html_place_link(html, place);
    buf_puts(html->out, "</th>");
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (is_column(html, row))
            put_cell(html->out, place_verdict(html->input, place, row), row);
    buf_puts(html->out, "</tr>\n");
}

static void put_left_out(const struct html *html)
{
    uint32_t count = 0;

    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        count += is_meant(html, row) && !is_column(html, row);
    if (count > 0)
        buf_putf(html->out,
            " %u recommendation%s of which nothing was read %s no column.",
            (unsigned)count, count == 1 ? "" : "s",
            count == 1 ? "has" : "have");
}

static void put_legend(const struct html *html)
{
    struct buf *out = html->out;

    buf_puts(out, "<p class=\"soft\">C, H, M, L, I: fails, by severity. ");
    for (size_t i = 0; i < HTML_VERDICTS; i++)
        if (html_verdicts[i].mark)
            buf_putf(out, "%s %s. ", html_verdicts[i].mark,
                html_verdicts[i].name);
    buf_puts(out, "Empty: does not apply.");
    put_left_out(html);
    buf_puts(out, "</p>\n");
}

void html_put_matrix(const struct html *html)
{
    put_legend(html);
    buf_puts(html->out, "<div class=\"wide\"><table class=\"matrix\">\n");
    put_heads(html);
    buf_puts(html->out, "<tbody>\n");
    for (uint32_t i = 0; i < html->resources; i++) {
        put_line(html, html->order.resources[i].resource);
        report_pass(html->report);
    }
    buf_puts(html->out, "</tbody></table></div>\n");
}
