/* A place of its own for each vault and HSM, the worst first, then for each
 * subscription and the tenant: what fails with evidence and fix, what is not
 * known with what would make it known, what was accepted, what passes. */
#include "escape.h"
#include "facts.h"
#include "html.h"

/* ---- the head of a place ---- */

static void put_fact(struct buf *out, const char *text, const char **between)
{
    if (!text || !*text)
        return;
    buf_puts(out, *between);
    html_text(out, text);
    *between = " \xc2\xb7 ";
}

static void put_resource_facts(
    const struct html *html, const struct finding *place)
{
    const struct kv_resource *resource = place->resource;
    const char *exposure = facts_exposure(html->input, resource);
    const char *between = "";
    struct buf network = { .limit = 128 };

    buf_putf(&network, "network: %s", exposure ? exposure : "unknown");
    put_fact(html->out, kv_kind_name(resource->kind), &between);
    put_fact(html->out, resource->sku, &between);
    put_fact(html->out, resource->location, &between);
    put_fact(html->out, resource->resource_group, &between);
    put_fact(html->out, place->subscription->name, &between);
    put_fact(html->out, buf_text(&network), &between);
    buf_done(&network);
}

static void put_score(
    struct buf *out, const struct kv_tally severities[KV_SEVERITY_COUNT])
{
    struct kv_score score = kv_score_of(severities);

    buf_puts(out, " \xc2\xb7 score ");
    kv_score_put(&score, out);
}

static void put_place_head(const struct html *html, const struct finding *place,
    const struct kv_tally severities[KV_SEVERITY_COUNT])
{
    struct buf *out = html->out;

    buf_puts(out, "<section class=\"place\" id=\"");
    html_place_id(out, place->place);
    buf_puts(out, "\">\n<h3>");
    html_text(out, place->name);
    buf_puts(out, "</h3>\n<p class=\"meta\">");
    if (place->resource)
        put_resource_facts(html, place);
    else
        buf_puts(out, place_level_name(place->place.level));
    put_score(out, severities);
    buf_puts(out, "<br/><code>");
    html_text(out, place->subject);
    buf_puts(out, "</code></p>\n");
}

/* ---- findings ---- */

static void put_since(struct buf *out, const struct finding *finding)
{
    if (!finding->since.since_s)
        return;
    buf_puts(out, " <span class=\"soft\">since ");
    html_date(out, finding->since.since_s);
    if (finding->since.mark != KV_MARK_NONE)
        buf_putf(out, ", %s", kv_mark_name(finding->since.mark));
    buf_puts(out, "</span>");
}

static void put_what(
    struct buf *out, const struct finding *finding, const char *text)
{
    buf_puts(out, "<p class=\"what\">");
    html_severity(out, finding->recommendation->severity);
    buf_puts(out, " <span class=\"id\">");
    html_row_link(out, finding->recommendation);
    buf_puts(out, "</span> ");
    html_text(out, text);
    put_since(out, finding);
    buf_puts(out, "</p>\n");
}

static void put_evidence(struct buf *out, const struct finding *finding)
{
    buf_puts(out, "<p>");
    html_lines(out, finding->evidence);
    buf_puts(out, finding->evidence_cut ? " (cut)</p>\n" : "</p>\n");
}

static void put_failing(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_putf(out, "<div class=\"finding f%u\">",
        (unsigned)finding->recommendation->severity);
    put_what(out, finding, finding->recommendation->fails);
    put_evidence(out, finding);
    buf_puts(out, "<p><span class=\"label\">Fix</span>");
    html_text(out, finding->recommendation->fix);
    buf_puts(out, "</p>\n<p class=\"soft\">Sources: ");
    html_sources(out, finding->recommendation->sources);
    buf_puts(out, "</p></div>\n");
}

static void put_accepted(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    const struct kv_exception *exception = finding->exception;

    (void)input;
    buf_putf(out, "<div class=\"finding\">");
    put_what(out, finding, finding->recommendation->fails);
    put_evidence(out, finding);
    if (exception) {
        buf_puts(out, "<p><span class=\"label\">Accepted</span>by ");
        html_text(out, exception->owner);
        buf_puts(out, " until ");
        html_date(out, exception->until_s);
        buf_puts(out, ": ");
        html_text(out, exception->reason);
        buf_puts(out, "</p>");
    }
    buf_puts(out, "</div>\n");
}

static void put_cells(
    struct buf *out, const struct finding *finding, const char *last)
{
    buf_puts(out, "<tr><td class=\"chipped\">");
    html_severity(out, finding->recommendation->severity);
    buf_puts(out, "</td><td class=\"id\">");
    html_row_link(out, finding->recommendation);
    buf_puts(out, "</td><td>");
    html_text(out, finding->recommendation->title);
    buf_puts(out, "</td><td class=\"evidence\">");
    html_lines(out, finding->evidence);
    if (*last) {
        buf_puts(out, " <span class=\"label\">&#8594;</span>");
        html_text(out, last);
    }
    buf_puts(out, "</td></tr>\n");
}

static void put_unknown(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    struct buf way = { .limit = 1u << 16 };

    finding_put_way(&way, input, finding);
    put_cells(out, finding, buf_text(&way));
    buf_done(&way);
}

static void put_passing(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    put_cells(out, finding, "");
}

/* All for the same reason, so that their ids are enough. */
static void put_unread(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    html_row_link(out, finding->recommendation);
    buf_puts(out, " ");
}

/* ---- groups of findings with the same verdict ---- */

struct group {
    const char *title;
    const char *before;
    const char *after;
    bool folded;
    uint32_t verdicts; /* bits */
    void (*put)(struct buf *out, const struct kv_report_input *input,
        const struct finding *finding);
};

#define TABLE "<table class=\"cards\"><tbody>\n"
#define TABLE_END "</tbody></table>\n"
#define BIT(verdict) (1u << (verdict))

static const struct group groups[] = {
    { "fail", "", "", false, BIT(KV_VERDICT_FAIL), put_failing },
    { "unknown, never a pass", TABLE, TABLE_END, false,
        BIT(KV_VERDICT_UNKNOWN) | BIT(KV_VERDICT_NONE), put_unknown },
    { "for a person to answer", TABLE, TABLE_END, false,
        BIT(KV_VERDICT_MANUAL), put_unknown },
    { "accepted", "", "", false, BIT(KV_VERDICT_EXCEPTED), put_accepted },
    { "not read: a scan with --deep looks inside", "<p class=\"id\">",
        "</p>\n", false, BIT(KV_VERDICT_UNREAD), put_unread },
    { "pass", TABLE, TABLE_END, true, BIT(KV_VERDICT_PASS), put_passing },
};
#define GROUPS (sizeof groups / sizeof groups[0])

static uint32_t count_of(const struct group *group,
    const struct kv_tally severities[KV_SEVERITY_COUNT])
{
    uint32_t count = 0;

    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++)
        for (unsigned verdict = 0; verdict < KV_VERDICT_COUNT; verdict++)
            if (group->verdicts & BIT(verdict))
                count += severities[i].count[verdict];
    return count;
}

/* Worst first, then in the order of the catalogue. */
static void put_findings(
    const struct html *html, struct place place, const struct group *group)
{
    for (unsigned severity = KV_SEVERITY_COUNT; severity-- > 0;) {
        struct stream stream = stream_at(html->report, place);
        const struct finding *finding;

        while ((finding = stream_next(&stream)))
            if (finding->recommendation->severity == severity &&
                group->verdicts & BIT(finding->verdict))
                group->put(html->out, html->input, finding);
        stream_done(&stream);
    }
}

static void put_group(const struct html *html, struct place place,
    const struct group *group, uint32_t count)
{
    buf_putf(html->out,
        group->folded ? "<details><summary>%u %s</summary>\n"
                      : "<h4>%u %s</h4>\n",
        count, group->title);
    buf_puts(html->out, group->before);
    put_findings(html, place, group);
    buf_puts(html->out, group->after);
    buf_puts(html->out, group->folded ? "</details>\n" : "");
}

static void put_place(const struct html *html, struct place place)
{
    struct stream stream = stream_at(html->report, place);
    struct kv_tally severities[KV_SEVERITY_COUNT];

    sums_of_subject(html->input, place.level, place.index, severities);
    put_place_head(html, &stream.finding, severities);
    for (size_t i = 0; i < GROUPS; i++) {
        uint32_t count = count_of(&groups[i], severities);

        if (count > 0)
            put_group(html, place, &groups[i], count);
    }
    buf_puts(html->out, "</section>\n");
    stream_done(&stream);
    report_pass(html->report);
}

static bool has_findings(const struct html *html, struct place place)
{
    struct stream stream = stream_at(html->report, place);
    bool any = stream_next(&stream) != NULL;

    stream_done(&stream);
    return any;
}

void html_put_places(const struct html *html)
{
    struct place place = PLACE_FIRST;

    for (uint32_t i = 0; i < html->resources; i++)
        put_place(html, (struct place){ KV_LEVEL_RESOURCE,
                            html->order.resources[i].resource });
    buf_puts(html->out, "<h2 id=\"above\">Subscriptions and tenant</h2>\n");
    while (place_next(html->input, &html->report->sums, &place))
        if (place.level != KV_LEVEL_RESOURCE && has_findings(html, place))
            put_place(html, place);
}
