/* The first section: numbers, charts, and what the report lacks. */
#include "html_chart.h"

#include <string.h>

static void put_tile(struct buf *out, const char *number, const char *what)
{
    buf_putf(out, "<div class=\"tile\"><b>%s</b><span>%s</span></div>\n",
        number, what);
}

static void put_count_tile(
    struct buf *out, uint64_t count, const char *one, const char *many)
{
    struct buf number = { .limit = 32 };

    buf_put_count(&number, count);
    put_tile(out, buf_text(&number), count == 1 ? one : many);
    buf_done(&number);
}

/* The score is never told without the share that is known. */
static void put_score_tile(struct buf *out, const struct sums *sums)
{
    struct kv_score score = kv_score_of(sums->severities);
    struct buf number = { .limit = 64 };
    struct buf what = { .limit = 128 };
    double percent;
    double known;

    if (kv_score_values(&score, &percent, &known)) {
        buf_putf(&number, "%.0f of 100", percent);
        buf_putf(&what, "score, with %.1f%% of the weight known", known);
        put_tile(out, buf_text(&number), buf_text(&what));
    } else {
        put_tile(out, "no score", "nothing is known");
    }
    buf_done(&number);
    buf_done(&what);
}

static void put_tiles(struct buf *out, const struct sums *sums)
{
    const uint32_t *all = sums->all.count;

    buf_puts(out, "<div class=\"tiles\">\n");
    put_score_tile(out, sums);
    put_count_tile(out, sums->kinds[KV_KIND_VAULT], "vault", "vaults");
    put_count_tile(
        out, sums->kinds[KV_KIND_HSM], "managed HSM", "managed HSMs");
    put_count_tile(
        out, sums->subscriptions, "subscription", "subscriptions");
    put_count_tile(out, all[KV_VERDICT_FAIL], "deviation", "deviations");
    put_count_tile(out, all[KV_VERDICT_EXCEPTED], "accepted deviation",
        "accepted deviations");
    put_count_tile(out, sums->with_unknown, "resource with an unknown",
        "resources with an unknown");
    buf_puts(out, "</div>\n");
}

/* ---- what is missing ---- */

static void put_notes(const struct html *html)
{
    struct buf text = { .limit = 4096 };
    uint32_t i = KV_NONE;

    while ((i = kv_estate_unlisted(html->input->estate, i)) != KV_NONE) {
        if (!kv_selection_has_subscription(html->input->selection, i))
            continue;
        buf_clear(&text);
        kv_subscription_put_unlisted(
            &text, kv_estate_subscription(html->input->estate, i));
        buf_puts(html->out, "<p class=\"note\">Not complete: ");
        html_text(html->out, buf_text(&text));
        buf_puts(html->out, "</p>\n");
    }
    if (html->input->scan->state != KV_SCAN_DONE &&
        html->input->scan->state != KV_SCAN_STORED)
        buf_puts(html->out, "<p class=\"note\">Not complete: the scan did not "
                            "come to its end.</p>\n");
    if (html->resources < html->order.resource_count)
        buf_putf(html->out,
            "<p class=\"note\">The worst %u of %zu vaults and HSMs have a "
            "place below; the sums are over all of them. A report of one "
            "--subscription, or --format json, holds the rest.</p>\n",
            html->resources, html->order.resource_count);
    buf_done(&text);
}

/* ---- charts ---- */

static void put_legend(struct buf *out)
{
    buf_puts(out, "<ul class=\"legend\" aria-label=\"Colours\">");
    for (size_t i = 0; i < HTML_VERDICTS; i++)
        buf_putf(out, "<li><i class=\"b-%s\"></i>%s</li>",
            html_verdicts[i].style, html_verdicts[i].name);
    buf_puts(out, "</ul>\n");
}

static void put_severities(struct buf *out, const struct sums *sums)
{
    struct html_bar bars[KV_SEVERITY_COUNT];

    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++) {
        unsigned severity = KV_SEVERITY_COUNT - 1 - i;

        bars[i] = (struct html_bar){
            .name = kv_severity_name((enum kv_severity)severity),
            .tally = &sums->severities[severity],
        };
    }
    html_put_bars(out, "By severity", bars, KV_SEVERITY_COUNT);
}

/* More than the catalogue has. */
#define AREAS_MOST 16

struct areas {
    char names[AREAS_MOST][8];
    struct kv_tally tallies[AREAS_MOST];
    size_t count;
};

/* "NET" of "NET-1"; rows of an area follow each other. */
static size_t area_of(struct areas *areas, const char *id)
{
    size_t size = strcspn(id, "-");
    size_t last = areas->count - 1;

    if (areas->count > 0 && strlen(areas->names[last]) == size &&
        strncmp(areas->names[last], id, size) == 0)
        return last;
    if (areas->count == AREAS_MOST || size >= sizeof areas->names[0])
        return areas->count > 0 ? last : 0;
    memcpy(areas->names[areas->count], id, size);
    return areas->count++;
}

static void put_areas(struct buf *out, const struct html *html)
{
    struct areas areas = { 0 };
    struct html_bar bars[AREAS_MOST];

    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        struct kv_tally *tally;

        if (!kv_selection_has_row(html->input->selection, row))
            continue;
        tally = &areas.tallies[area_of(&areas, kv_catalogue[row].id)];
        for (unsigned i = 0; i < KV_VERDICT_COUNT; i++)
            tally->count[i] += html->report->sums.rows[row].count[i];
    }
    for (size_t i = 0; i < areas.count; i++)
        bars[i] = (struct html_bar){ areas.names[i], &areas.tallies[i] };
    html_put_bars(out, "By area", bars, areas.count);
}

/* ---- the numbers of the charts ---- */

static void put_numbers(struct buf *out, const struct sums *sums)
{
    buf_puts(out, "<div class=\"wide\"><table><caption>Findings</caption>"
                  "<thead><tr><th scope=\"col\">Severity</th>");
    for (size_t i = 0; i < HTML_VERDICTS; i++)
        buf_putf(out, "<th scope=\"col\" class=\"n\">%s</th>",
            html_verdicts[i].name);
    buf_puts(out, "</tr></thead><tbody>\n");
    for (unsigned severity = KV_SEVERITY_COUNT; severity-- > 0;) {
        buf_puts(out, "<tr><th scope=\"row\">");
        html_severity(out, (enum kv_severity)severity);
        buf_puts(out, "</th>");
        for (size_t i = 0; i < HTML_VERDICTS; i++) {
            uint32_t count =
                sums->severities[severity].count[html_verdicts[i].verdict];

            if (html_verdicts[i].verdict == KV_VERDICT_UNKNOWN)
                count += sums->severities[severity].count[KV_VERDICT_NONE];
            buf_putf(out, "<td class=\"n%s\">", count == 0 ? " zero" : "");
            buf_put_count(out, count);
            buf_puts(out, "</td>");
        }
        buf_puts(out, "</tr>\n");
    }
    buf_puts(out, "</tbody></table></div>\n");
}

void html_put_summary(const struct html *html)
{
    struct buf *out = html->out;

    put_notes(html);
    put_tiles(out, &html->report->sums);
    put_legend(out);
    buf_puts(out, "<div class=\"charts\">\n");
    put_severities(out, &html->report->sums);
    put_areas(out, html);
    html_put_trend(out, html->input->session);
    buf_puts(out, "</div>\n");
    put_numbers(out, &html->report->sums);
}
