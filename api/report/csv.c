/* Findings as CSV: RFC 4180, a line each under one line of names. */
#include "escape.h"
#include "stream.h"

typedef void put_cell(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding);

static void put_severity(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, kv_severity_name(finding->recommendation->severity));
}

static void put_row(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, finding->recommendation->id);
}

static void put_title(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, finding->recommendation->title);
}

static void put_verdict(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, kv_verdict_name(finding->verdict));
}

static void put_name(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, finding->name);
}

static void put_kind(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, finding->resource ? kv_kind_name(finding->resource->kind)
                                    : place_level_name(finding->place.level));
}

static void put_subscription(struct buf *out,
    const struct kv_report_input *input, const struct finding *finding)
{
    (void)input;
    if (finding->subscription)
        buf_puts(out, finding->subscription->name ? finding->subscription->name
                                                  : finding->subscription->id);
}

static void put_group(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    if (finding->resource)
        buf_puts(out, finding->resource->resource_group);
}

static void put_location(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    if (finding->resource && finding->resource->location)
        buf_puts(out, finding->resource->location);
}

static void put_evidence(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, finding->evidence);
}

static void put_since(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    if (finding->since.since_s)
        buf_put_time(out, finding->since.since_s);
}

static void put_reason(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    if (finding->verdict == KV_VERDICT_EXCEPTED && finding->exception)
        buf_putf(out, "%s (%s)", finding->exception->reason,
            finding->exception->owner);
}

static void put_until(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    if (finding->verdict == KV_VERDICT_EXCEPTED && finding->exception)
        buf_put_time(out, finding->exception->until_s);
}

static void put_fix(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    if (finding->verdict == KV_VERDICT_FAIL)
        buf_puts(out, finding->recommendation->fix);
}

static void put_subject(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    (void)input;
    buf_puts(out, finding->subject);
}

/* Names stay, and their order: a new column comes last. */
static const struct column {
    const char *name;
    put_cell *put;
} columns[] = {
    { "severity", put_severity },
    { "recommendation", put_row },
    { "title", put_title },
    { "verdict", put_verdict },
    { "name", put_name },
    { "kind", put_kind },
    { "subscription", put_subscription },
    { "resource_group", put_group },
    { "location", put_location },
    { "evidence", put_evidence },
    { "since", put_since },
    { "makes_it_known", finding_put_way },
    { "fix", put_fix },
    { "accepted_because", put_reason },
    { "accepted_until", put_until },
    { "subject", put_subject },
};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static void put_heads(struct buf *out)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        buf_puts(out, i > 0 ? "," : "");
        kv_report_put_csv(out, view_of(columns[i].name));
    }
    buf_puts(out, "\r\n");
}

static void put_line(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    struct buf cell = { .limit = 1u << 20 };
    struct buf line = { .limit = 4u << 20 };

    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        buf_clear(&cell);
        buf_clear(&line);
        columns[i].put(&cell, input, finding);
        escape_put_line(&line, buf_text(&cell));
        buf_puts(out, i > 0 ? "," : "");
        kv_report_put_csv(out, buf_view(&line));
    }
    buf_puts(out, "\r\n");
    buf_done(&cell);
    buf_done(&line);
}

void csv_write(struct kv_report *report)
{
    struct stream stream = stream_new(report);
    const struct finding *finding;

    put_heads(&report->text);
    while ((finding = stream_next(&stream))) {
        put_line(&report->text, report->input, finding);
        report_pass(report);
    }
    stream_done(&stream);
}
