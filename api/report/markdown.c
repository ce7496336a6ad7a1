/* The posture as Markdown that GitHub, GitLab and Azure DevOps show under a
 * change: what fails and where, not every finding, since a comment has 65,536
 * characters at most. Strangers' texts stand in code, where nothing is a link,
 * a mention or HTML. */
#include "escape.h"
#include "lacks.h"
#include "order.h"
#include "stream.h"

/* Names under one recommendation; more are counted. */
#define NAMES 3
/* Findings whose evidence is shown. */
#define EVIDENCES 20
/* Accepted deviations that are shown. */
#define EXCEPTIONS 50
/* Longer evidence is cut. */
#define EVIDENCE_LIMIT 400

struct page {
    struct buf *out;
    struct kv_report *report;
    const struct kv_report_input *input;
    struct order order;
};

static void put_number(
    struct buf *out, uint64_t count, const char *one, const char *many)
{
    buf_put_count(out, count);
    buf_putf(out, " %s", count == 1 ? one : many);
}

/* ---- the head ---- */

static void put_head(const struct page *page)
{
    const struct sums *sums = &page->report->sums;
    const struct kv_report_input *input = page->input;
    struct kv_score score = kv_score_of(sums->severities);
    struct buf left_out = { .limit = 1u << 20 };

    buf_puts(page->out, "# Key Vault posture of ");
    escape_put_code(
        page->out, place_name(input, (struct place){ KV_LEVEL_TENANT, 0 }));
    buf_puts(page->out, "\n\n- score: ");
    kv_score_put(&score, page->out);
    buf_puts(page->out, "\n- ");
    put_number(page->out, sums->kinds[KV_KIND_VAULT], "vault", "vaults");
    buf_puts(page->out, ", ");
    put_number(
        page->out, sums->kinds[KV_KIND_HSM], "managed HSM", "managed HSMs");
    buf_puts(page->out, " in ");
    put_number(
        page->out, sums->subscriptions, "subscription", "subscriptions");
    buf_puts(page->out, ", read at ");
    buf_put_time(page->out, input->scan->data_at_s);
    kv_selection_put(input->selection, &left_out);
    if (left_out.size > 0) {
        buf_puts(page->out, "\n- left out: ");
        escape_put_code(page->out, buf_text(&left_out));
    }
    buf_puts(page->out, "\n\n");
    buf_done(&left_out);
}

static const struct {
    const char *name;
    enum kv_verdict verdict;
} counts[] = {
    { "fail", KV_VERDICT_FAIL },
    { "unknown", KV_VERDICT_UNKNOWN },
    { "not read", KV_VERDICT_UNREAD },
    { "to answer", KV_VERDICT_MANUAL },
    { "accepted", KV_VERDICT_EXCEPTED },
    { "pass", KV_VERDICT_PASS },
};
#define COUNTS (sizeof counts / sizeof counts[0])

static void put_counts(const struct page *page)
{
    struct buf *out = page->out;

    buf_puts(out, "| severity |");
    for (size_t i = 0; i < COUNTS; i++)
        buf_putf(out, " %s |", counts[i].name);
    buf_puts(out, "\n| --- |");
    for (size_t i = 0; i < COUNTS; i++)
        buf_puts(out, " ---: |");
    for (unsigned severity = KV_SEVERITY_COUNT; severity-- > 0;) {
        const uint32_t *count =
            page->report->sums.severities[severity].count;

        buf_putf(out, "\n| %s |", kv_severity_name((enum kv_severity)severity));
        for (size_t i = 0; i < COUNTS; i++) {
            buf_putc(out, ' ');
            buf_put_count(out, count[counts[i].verdict]);
            buf_puts(out, " |");
        }
    }
    buf_puts(out, "\n");
}

/* ---- what fails ---- */

/* The next place that has the row with that verdict. */
static bool next_with(const struct page *page, uint32_t row,
    enum kv_verdict verdict, struct place *place)
{
    while (place_next(page->input, &page->report->sums, place))
        if (place_has_row(page->input, *place, row) &&
            place_verdict(page->input, *place, row) == verdict)
            return true;
    return false;
}

static void put_names(const struct page *page, uint32_t row, uint32_t count)
{
    struct place place = PLACE_FIRST;
    unsigned put = 0;

    while (put < NAMES && next_with(page, row, KV_VERDICT_FAIL, &place)) {
        buf_puts(page->out, put++ > 0 ? ", " : "");
        escape_put_code(page->out, place_name(page->input, place));
    }
    if (count > put)
        buf_putf(page->out, " and %u more", count - put);
}

static void put_failing(const struct page *page)
{
    struct buf *out = page->out;

    buf_puts(out, "\n## Failing\n\n| severity | recommendation | on | where "
                  "|\n| --- | --- | ---: | --- |\n");
    for (size_t i = 0; i < page->order.row_count; i++) {
        uint32_t row = page->order.rows[i];
        uint32_t count =
            page->report->sums.rows[row].count[KV_VERDICT_FAIL];

        if (count == 0)
            continue;
        buf_putf(out, "| %s | **%s** ",
            kv_severity_name(kv_catalogue[row].severity), kv_catalogue[row].id);
        kv_report_put_markdown(out, view_of(kv_catalogue[row].fails));
        buf_puts(out, " | ");
        buf_put_count(out, count);
        buf_puts(out, " | ");
        put_names(page, row, count);
        buf_puts(out, " |\n");
    }
}

/* One line of a block of text: begun by our own words, so that it cannot end
 * the block. */
static void put_evidence_line(
    const struct page *page, uint32_t row, struct place place)
{
    struct buf evidence = { .limit = 1u << 20 };
    struct buf line = { .limit = EVIDENCE_LIMIT };

    (void)kv_posture_subject_evidence(
        page->input->posture, row, place.index, &evidence);
    buf_putf(page->out, "%s ", kv_catalogue[row].id);
    buf_put_visible(
        page->out, view_of(place_name(page->input, place)), false);
    buf_puts(page->out, ": ");
    escape_put_line(&line, buf_text(&evidence));
    buf_put(page->out, buf_view(&line));
    buf_puts(page->out, line.failed ? " ...\n" : "\n");
    buf_done(&evidence);
    buf_done(&line);
}

static void put_evidence(const struct page *page)
{
    unsigned left = EVIDENCES;

    buf_puts(page->out, "\n<details><summary>Evidence of the worst</summary>"
                        "\n\n```text\n");
    for (size_t i = 0; i < page->order.row_count && left > 0; i++) {
        struct place place = PLACE_FIRST;
        uint32_t row = page->order.rows[i];

        for (unsigned put = 0; put < NAMES && left > 0 &&
                               next_with(page, row, KV_VERDICT_FAIL, &place);
             put++, left--)
            put_evidence_line(page, row, place);
    }
    buf_puts(page->out, "```\n\n</details>\n");
}

/* ---- what is not known, what is accepted ---- */

static void put_unlisted(const struct page *page)
{
    struct buf text = { .limit = 4096 };
    uint32_t i = KV_NONE;

    while ((i = kv_estate_unlisted(page->input->estate, i)) != KV_NONE) {
        if (!kv_selection_has_subscription(page->input->selection, i))
            continue;
        buf_clear(&text);
        kv_subscription_put_unlisted(
            &text, kv_estate_subscription(page->input->estate, i));
        buf_puts(page->out, "- ");
        escape_put_code(page->out, buf_text(&text));
        buf_putc(page->out, '\n');
    }
    buf_done(&text);
}

static void put_gaps(const struct page *page)
{
    struct buf reason = { .limit = 4096 };
    struct lacks lacks;
    const struct lack *lack;
    enum kv_facet facet;
    unsigned next = 0;

    lacks_init(&lacks, page->report);
    while (lacks_next(&lacks, &next, &facet, &lack)) {
        buf_clear(&reason);
        facet_put_reason(&reason, facet, &lack->example);
        buf_putf(page->out, "- %s on ", kv_facets[facet].name);
        put_number(page->out, lack->resources, "resource: ", "resources: ");
        escape_put_code(page->out, buf_text(&reason));
        buf_putc(page->out, '\n');
    }
    buf_done(&reason);
}

static void put_exception(
    const struct page *page, uint32_t row, struct place place)
{
    const struct kv_exception *exception =
        kv_posture_exception(page->input->posture, row, place.index);
    struct buf *out = page->out;

    buf_putf(out, "| **%s** | ", kv_catalogue[row].id);
    escape_put_code(out, place_name(page->input, place));
    buf_puts(out, " | ");
    buf_put_time(out, exception ? exception->until_s : 0);
    buf_puts(out, " | ");
    escape_put_code(out, exception ? exception->owner : "unknown");
    buf_puts(out, " | ");
    escape_put_code(out, exception ? exception->reason : "unknown");
    buf_puts(out, " |\n");
}

static void put_exceptions(const struct page *page)
{
    uint32_t left = page->report->sums.all.count[KV_VERDICT_EXCEPTED];
    unsigned put = 0;

    if (left == 0)
        return;
    buf_puts(page->out, "\n## Accepted\n\n| recommendation | where | until | "
                        "by | because |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < page->order.row_count; i++) {
        struct place place = PLACE_FIRST;
        uint32_t row = page->order.rows[i];

        while (put < EXCEPTIONS &&
               next_with(page, row, KV_VERDICT_EXCEPTED, &place)) {
            put_exception(page, row, place);
            put++;
        }
    }
    if (left > put)
        buf_putf(page->out, "\nand %u more\n", left - put);
}

void markdown_write(struct kv_report *report)
{
    const struct sums *sums = &report->sums;
    struct page page = {
        .out = &report->text,
        .report = report,
        .input = report->input,
    };

    order_init(&page.order, report->input);
    put_head(&page);
    put_counts(&page);
    if (sums->all.count[KV_VERDICT_FAIL] > 0) {
        put_failing(&page);
        put_evidence(&page);
    }
    buf_puts(page.out, "\n## Not known\n\nUnknown is never a pass.\n\n");
    put_unlisted(&page);
    put_gaps(&page);
    if (sums->all.count[KV_VERDICT_UNREAD] > 0) {
        buf_puts(page.out, "- ");
        put_number(page.out, sums->all.count[KV_VERDICT_UNREAD],
            "finding", "findings");
        buf_puts(page.out, " inside vaults: scan with `--deep`\n");
    }
    if (sums->all.count[KV_VERDICT_MANUAL] > 0) {
        buf_puts(page.out, "- ");
        put_number(page.out, sums->all.count[KV_VERDICT_MANUAL], "question",
            "questions");
        buf_puts(page.out, " that no API answers: `kvgov attest`\n");
    }
    put_exceptions(&page);
    order_done(&page.order);
}
