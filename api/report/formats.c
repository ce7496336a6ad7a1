/* The formats of the posture report, and how one is written: in pieces, so that
 * a large estate's is never in memory as a whole. */
#include "report.h"

#include <string.h>

/* A piece is passed on when it has become so long. */
#define PIECE_BYTES ((size_t)64 << 10)
/* One resource's part is far below this in every format. */
#define PIECE_LIMIT ((size_t)256 << 20)

/* In the order of help. */
const struct kv_report_format kv_report_formats[] = {
    {
        .name = "table",
        .what = "for a terminal",
        .write = table_write,
    },
    {
        .name = "json",
        .what = "one object; kvgov schema describes it",
        .write = json_write,
    },
    {
        .name = "ndjson",
        .what = "one JSON object a finding and line",
        .bare = true,
        .write = ndjson_write,
    },
    {
        .name = "csv",
        .what = "for a spreadsheet, a finding a line",
        .bare = true,
        .write = csv_write,
    },
    {
        .name = "sarif",
        .what = "SARIF 2.1.0, for code scanning",
        .write = sarif_write,
    },
    {
        .name = "junit",
        .what = "JUnit XML, for CI systems",
        .write = junit_write,
    },
    {
        .name = "markdown",
        .what = "a summary for pull requests",
        .write = markdown_write,
    },
    {
        .name = "html",
        .what = "one page to read, print and hand over",
        .write = html_write,
    },
    {
        .name = "ocsf",
        .what = "OCSF Compliance Finding, one a line",
        .bare = true,
        .write = ocsf_write,
    },
};
const size_t kv_report_format_count =
    sizeof kv_report_formats / sizeof kv_report_formats[0];

const struct kv_report_format *kv_report_format_find(const char *name)
{
    for (size_t i = 0; i < kv_report_format_count; i++)
        if (strcmp(kv_report_formats[i].name, name) == 0)
            return &kv_report_formats[i];
    return NULL;
}

static void pass(struct kv_report *report)
{
    if (!report->ended && report->text.size > 0)
        report->ended = report->text.failed ||
                        !report->take(report->context, buf_view(&report->text));
    buf_clear(&report->text);
}

void report_pass(struct kv_report *report)
{
    if (report->text.failed || report->text.size >= PIECE_BYTES)
        pass(report);
}

bool kv_report_write(const struct kv_report_format *format,
    const struct kv_report_input *input, kv_report_take_fn *take, void *context)
{
    struct kv_report report = {
        .text = { .limit = PIECE_LIMIT },
        .input = input,
        .take = take,
        .context = context,
    };

    sums_init(&report.sums, input);
    format->write(&report);
    pass(&report);
    sums_done(&report.sums);
    buf_done(&report.text);
    return !report.ended;
}

static bool append(void *context, struct view piece)
{
    struct buf *out = context;

    buf_put(out, piece);
    return !out->failed;
}

void kv_report_put(
    struct buf *out, const char *format, const struct kv_report_input *input)
{
    (void)kv_report_write(kv_report_format_find(format), input, append, out);
}

void kv_report_sum(
    const struct kv_report_input *input, struct kv_report_sums *out)
{
    struct sums sums;
    uint32_t i = KV_NONE;

    *out = (struct kv_report_sums){ 0 };
    sums_init(&sums, input);
    for (unsigned severity = 0; severity < KV_SEVERITY_COUNT; severity++)
        out->fails[severity] = sums.severities[severity].count[KV_VERDICT_FAIL];
    out->unknown = sums.all.count[KV_VERDICT_UNKNOWN] +
                   sums.all.count[KV_VERDICT_NONE];
    sums_done(&sums);
    while ((i = kv_estate_unlisted(input->estate, i)) != KV_NONE)
        out->unlisted += kv_selection_has_subscription(input->selection, i);
}
