/* What is not known and what would make it known; what people decided. */
#include "lacks.h"
#include "facts.h"
#include "html.h"

static void put_gap(
    struct buf *out, enum kv_facet facet, const struct lack *lack)
{
    struct buf reason = { .limit = 4096 };

    facet_put_reason(&reason, facet, &lack->example);
    buf_puts(out, "<tr><td>");
    html_text(out, kv_facets[facet].name);
    buf_puts(out, "</td><td class=\"n\">");
    buf_put_count(out, lack->resources);
    buf_puts(out, "</td><td class=\"evidence\">");
    html_text(out, buf_text(&reason));
    buf_puts(out, "</td></tr>\n");
    buf_done(&reason);
}

static void put_gaps(const struct html *html)
{
    struct lacks lacks;
    const struct lack *lack;
    enum kv_facet facet;
    unsigned next = 0;
    bool any = false;

    lacks_init(&lacks, html->report);
    while (lacks_next(&lacks, &next, &facet, &lack)) {
        if (!any)
            buf_puts(html->out,
                "<table><thead><tr><th scope=\"col\">Not read</th><th "
                "scope=\"col\" class=\"n\">On</th><th "
                "scope=\"col\">Why</th></tr></thead><tbody>\n");
        any = true;
        put_gap(html->out, facet, lack);
    }
    buf_puts(html->out, any ? "</tbody></table>\n"
                            : "<p>Everything that was asked for could be "
                              "read.</p>\n");
}

static void put_open_count(
    struct buf *out, uint32_t count, const char *one, const char *many)
{
    if (count == 0)
        return;
    buf_puts(out, "<p>");
    buf_put_count(out, count);
    buf_putf(out, " %s</p>\n", count == 1 ? one : many);
}

void html_put_open(const struct html *html)
{
    const uint32_t *all = html->report->sums.all.count;

    put_gaps(html);
    put_open_count(html->out, all[KV_VERDICT_UNREAD],
        "finding takes a look inside: <code>kvgov scan --deep</code>",
        "findings take a look inside: <code>kvgov scan --deep</code>");
    put_open_count(html->out, all[KV_VERDICT_MANUAL],
        "question that no API answers: <code>kvgov attest</code>",
        "questions that no API answers: <code>kvgov attest</code>");
}

/* ---- exceptions, attestations ---- */

struct decided {
    const char *row;
    const char *where;
    const char *what;
    const char *who;
    const char *why;
    int64_t until_s;
};

static void put_decided(const struct html *html, const struct decided *one)
{
    struct buf *out = html->out;
    uint32_t row = kv_catalogue_find(one->row);

    buf_puts(out, "<tr><td class=\"id\">");
    if (row != KV_NONE && kv_selection_has_row(html->input->selection, row))
        html_row_link(out, &kv_catalogue[row]);
    else
        html_text(out, one->row);
    buf_puts(out, "</td><td>");
    html_text(out, one->what);
    buf_puts(out, "</td><td><code>");
    html_text(out, one->where);
    buf_puts(out, "</code></td><td class=\"n until\">");
    html_date(out, one->until_s);
    buf_puts(out, one->until_s < html->input->now_s ? " (ended)" : "");
    buf_puts(out, "</td><td class=\"by\">");
    html_text(out, one->who);
    buf_puts(out, "</td><td class=\"evidence\">");
    html_text(out, one->why);
    buf_puts(out, "</td></tr>\n");
}

static void put_exceptions(
    const struct html *html, const struct kv_records *records)
{
    for (size_t i = 0; i < records->exception_count; i++) {
        const struct kv_exception *one = &records->exceptions[i];

        if (!facts_selects(html->input, one->row, one->scope))
            continue;
        put_decided(html, &(struct decided){
                              .row = one->row,
                              .where = one->scope,
                              .what = "accepted",
                              .who = one->owner,
                              .why = one->reason,
                              .until_s = one->until_s,
                          });
    }
}

static void put_attestations(
    const struct html *html, const struct kv_records *records)
{
    for (size_t i = 0; i < records->attestation_count; i++) {
        const struct kv_attestation *one = &records->attestations[i];

        if (!facts_selects(html->input, one->row, one->subject))
            continue;
        put_decided(html, &(struct decided){
                              .row = one->row,
                              .where = one->subject,
                              .what = one->pass ? "attested: pass"
                                                : "attested: fail",
                              .who = one->name,
                              .why = one->note,
                              .until_s = one->until_s,
                          });
    }
}

void html_put_decided(const struct html *html)
{
    const struct kv_records *records =
        kv_posture_records(html->input->posture);

    if (records->exception_count + records->attestation_count == 0) {
        buf_puts(html->out, "<p>Nobody accepted or attested anything.</p>\n");
        return;
    }
    buf_puts(html->out,
        "<table class=\"cards decided\"><thead><tr>"
        "<th scope=\"col\">Id</th><th scope=\"col\">What</th><th scope=\"col\">On</th><th scope=\"col\" "
        "class=\"n\">Until</th><th scope=\"col\">By</th><th "
        "scope=\"col\">Because</th></tr></thead><tbody>\n");
    put_exceptions(html, records);
    put_attestations(html, records);
    buf_puts(html->out, "</tbody></table>\n");
}
