/* Findings as JUnit XML: a suite for each vault, HSM, subscription and the
 * tenant, a case for each recommendation there. A case that could not be judged
 * or was accepted is skipped and says why: it did not pass. */
#include "escape.h"
#include "stream.h"

struct counts {
    uint64_t tests;
    uint64_t failures;
    uint64_t skipped;
};

static struct counts count_of(const struct kv_tally *tallies, size_t count)
{
    struct counts counts = { 0 };

    for (size_t i = 0; i < count; i++)
        for (unsigned verdict = 0; verdict < KV_VERDICT_COUNT; verdict++) {
            uint64_t cases = tallies[i].count[verdict];

            if (verdict == KV_VERDICT_NOT_APPLICABLE)
                continue;
            counts.tests += cases;
            if (verdict == KV_VERDICT_FAIL)
                counts.failures += cases;
            else if (verdict != KV_VERDICT_PASS)
                counts.skipped += cases;
        }
    return counts;
}

static void put_attribute(struct buf *out, const char *name, const char *text)
{
    buf_putf(out, " %s=\"", name);
    escape_put_xml(out, text);
    buf_putc(out, '"');
}

static void put_counts(struct buf *out, struct counts counts)
{
    buf_putf(out,
        " tests=\"%llu\" failures=\"%llu\" errors=\"0\" skipped=\"%llu\" "
        "time=\"0\"",
        (unsigned long long)counts.tests, (unsigned long long)counts.failures,
        (unsigned long long)counts.skipped);
}

/* Of when the data was read, without the zone that its schema does not know. */
static void put_timestamp(struct buf *out, int64_t at_s)
{
    struct buf text = { .limit = 64 };

    buf_put_time(&text, at_s);
    if (at_s && text.size > 0)
        buf_putf(out, " timestamp=\"%.*s\"", (int)text.size - 1,
            buf_text(&text));
    buf_done(&text);
}

/* A dot would part it in the trees that CI systems make of class names. */
static void put_class_part(struct buf *out, const char *text)
{
    for (; *text; text++)
        buf_putc(out, *text == '.' ? '_' : *text);
}

static void put_class(struct buf *out, const struct finding *finding)
{
    struct buf name = { .limit = 8192 };

    if (finding->resource && finding->subscription) {
        put_class_part(&name, finding->subscription->name
                                  ? finding->subscription->name
                                  : finding->subscription->id);
        buf_putc(&name, '.');
    }
    put_class_part(&name, finding->name);
    put_attribute(out, "classname", buf_text(&name));
    buf_done(&name);
}

static void put_failure(struct buf *out, const struct finding *finding)
{
    const struct kv_recommendation *row = finding->recommendation;

    buf_puts(out, "<failure");
    put_attribute(out, "type", kv_severity_name(row->severity));
    put_attribute(out, "message", row->fails);
    buf_putc(out, '>');
    escape_put_xml_lines(out, finding->evidence, "\n");
    buf_puts(out, "\nFix: ");
    escape_put_xml(out, row->fix);
    buf_puts(out, "\n");
    escape_put_xml(out, finding->subject);
    buf_puts(out, "</failure>");
}

static void put_skipped(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    struct buf text = { .limit = 1u << 20 };

    buf_puts(&text, kv_verdict_name(finding->verdict));
    if (finding->verdict == KV_VERDICT_EXCEPTED && finding->exception) {
        buf_putf(&text, " by %s until ", finding->exception->owner);
        buf_put_time(&text, finding->exception->until_s);
        buf_putf(&text, ": %s", finding->exception->reason);
    } else {
        buf_puts(&text, ": ");
        finding_put_way(&text, input, finding);
    }
    buf_puts(out, "<skipped");
    put_attribute(out, "message", buf_text(&text));
    buf_puts(out, "/>");
    buf_done(&text);
}

static void put_case(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    struct buf name = { .limit = 512 };

    buf_putf(&name, "%s %s", finding->recommendation->id,
        finding->recommendation->title);
    buf_puts(out, "<testcase");
    put_class(out, finding);
    put_attribute(out, "name", buf_text(&name));
    buf_puts(out, " time=\"0\"");
    buf_done(&name);
    if (finding->verdict == KV_VERDICT_PASS) {
        buf_puts(out, "/>\n");
        return;
    }
    buf_putc(out, '>');
    if (finding->verdict == KV_VERDICT_FAIL)
        put_failure(out, finding);
    else
        put_skipped(out, input, finding);
    buf_puts(out, "</testcase>\n");
}

static void put_property(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, "<property");
    put_attribute(out, "name", name);
    put_attribute(out, "value", value);
    buf_puts(out, "/>");
}

/* What is left out has no other place that every reader of JUnit allows. */
static void put_properties(struct buf *out, const struct kv_report_input *input,
    const char *subject)
{
    struct buf left_out = { .limit = 1u << 20 };

    kv_selection_put(input->selection, &left_out);
    buf_puts(out, "<properties>");
    put_property(out, "id", subject);
    if (left_out.size > 0)
        put_property(out, "left_out", buf_text(&left_out));
    buf_puts(out, "</properties>\n");
    buf_done(&left_out);
}

static void put_suite(
    struct kv_report *report, struct place place, struct counts counts)
{
    const struct kv_report_input *input = report->input;
    struct stream stream = stream_at(report, place);
    const struct finding *finding;

    buf_puts(&report->text, "<testsuite");
    put_attribute(&report->text, "name", stream.finding.name);
    put_counts(&report->text, counts);
    put_timestamp(&report->text, input->scan->data_at_s);
    buf_puts(&report->text, ">\n");
    put_properties(&report->text, input, stream.finding.subject);
    while ((finding = stream_next(&stream))) {
        put_case(&report->text, input, finding);
        report_pass(report);
    }
    buf_puts(&report->text, "</testsuite>\n");
    stream_done(&stream);
}

void junit_write(struct kv_report *report)
{
    struct kv_tally severities[KV_SEVERITY_COUNT];
    struct place place = PLACE_FIRST;
    struct counts counts;

    buf_puts(&report->text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
        "name=\"kvgov\"");
    put_counts(&report->text, count_of(&report->sums.all, 1));
    buf_puts(&report->text, ">\n");
    while (!report->ended && place_next(report->input, &report->sums, &place)) {
        sums_of_subject(report->input, place.level, place.index, severities);
        counts = count_of(severities, KV_SEVERITY_COUNT);
        if (counts.tests > 0)
            put_suite(report, place, counts);
    }
    buf_puts(&report->text, "</testsuites>\n");
}
