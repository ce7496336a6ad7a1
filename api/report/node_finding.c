/* Findings as JSON, in the two formats that have them: a list of one object, and
 * a line each. */
#include "node_finding.h"

#include "facts.h"

const char *const node_verdict_members[KV_VERDICT_COUNT] = {
    [KV_VERDICT_NONE] = "not_judged",
    [KV_VERDICT_PASS] = "pass",
    [KV_VERDICT_FAIL] = "fail",
    [KV_VERDICT_UNKNOWN] = "unknown",
    [KV_VERDICT_MANUAL] = "manual",
    [KV_VERDICT_NOT_APPLICABLE] = "not_applicable",
    [KV_VERDICT_EXCEPTED] = "excepted",
    [KV_VERDICT_UNREAD] = "not_read",
};

json_t *node_facet(enum kv_facet facet, const struct kv_facet_status *status)
{
    json_t *object = json_object();

    node_set(object, "facet", node_text(kv_facets[facet].name));
    node_set(object, "state", node_facet_state(status->state));
    node_set(object, "read_at", node_time(status->read_at_s));
    if (status->state == KV_FACET_DENIED)
        node_set(object, "missing_permission",
            node_text(facts_permission(facet, status)));
    if (status->state == KV_FACET_FAILED ||
        status->state == KV_FACET_UNREGISTERED)
        node_set(object, "error", node_text(status->why));
    return object;
}

static json_t *missing_of(
    const struct kv_report_input *input, const struct finding *finding)
{
    uint64_t missing = finding_missing(input, finding);
    json_t *list = json_array();

    for (unsigned i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;
        struct kv_facet_status status;

        if (!(missing & KV_FACET_BIT(facet)))
            continue;
        status = finding_facet(input, finding, facet);
        json_array_append_new(list, node_facet(facet, &status));
    }
    return list;
}

static void set_since(json_t *object, const struct kv_since *since)
{
    node_set(object, "since", node_time(since->since_s));
    if (since->before != KV_VERDICT_NONE)
        node_set(object, "before", node_text(kv_verdict_name(since->before)));
    if (since->mark != KV_MARK_NONE)
        node_set(object, "change", node_text(kv_mark_name(since->mark)));
}

/* What people decided of it, also when that has ended. */
static void set_decided(
    json_t *object, const struct finding *finding, int64_t now_s)
{
    if (finding->attestation)
        node_set(object, "attestation",
            node_attestation(finding->attestation, now_s));
    if (finding->exception)
        node_set(
            object, "exception", node_exception(finding->exception, now_s));
}

json_t *node_finding(
    const struct kv_report_input *input, const struct finding *finding)
{
    const struct kv_recommendation *row = finding->recommendation;
    json_t *object = json_object();

    node_set(object, "recommendation", node_text(row->id));
    node_set(object, "judged_on",
        node_text(place_level_name(finding->place.level)));
    node_set(object, "subject", node_text(finding->subject));
    node_set(object, "resource",
        node_text(finding->resource ? finding->resource->id : NULL));
    node_set(object, "verdict", node_text(kv_verdict_name(finding->verdict)));
    node_set(object, "severity", node_text(kv_severity_name(row->severity)));
    node_set(object, "evidence", node_text(finding->evidence));
    if (finding->evidence_cut)
        node_set(object, "evidence_cut", json_true());
    if (input->session)
        set_since(object, &finding->since);
    set_decided(object, finding, input->now_s);
    if (finding->verdict == KV_VERDICT_UNKNOWN)
        node_set(object, "missing", missing_of(input, finding));
    return object;
}

/* A line stands by itself: it says too what the list is preceded by. */
void ndjson_write(struct kv_report *report)
{
    const struct kv_report_input *input = report->input;
    struct stream stream = stream_new(report);
    const struct finding *finding;

    while ((finding = stream_next(&stream))) {
        json_t *line = node_finding(input, finding);

        node_set(line, "title", node_text(finding->recommendation->title));
        node_set(line, "name", node_text(finding->name));
        node_set(line, "tenant_id",
            node_text(kv_estate_tenant_id(input->estate)));
        node_set(line, "reported_at", node_time(input->now_s));
        node_set(line, "version", json_integer(NODE_REPORT_VERSION));
        node_put(&report->text, line, JSON_COMPACT);
        buf_putc(&report->text, '\n');
        report_pass(report);
    }
    stream_done(&stream);
}
