/* Whether what happens to the resource is recorded where somebody can find it:
 * diagnostic settings and the sinks that they name. */
#include "evaluate.h"
#include "sinks.h"

/* Destinations of all settings with an audit row. */
struct audit_sum {
    uint32_t exists;
    uint32_t unknown;
};

/* ---- the settings ---- */

static void sum_take_audit(struct audit_sum *sum,
    const struct kv_subject *subject, const struct kv_diagnostic *diagnostic,
    struct buf *evidence)
{
    struct destination destinations[DESTINATION_MAX];
    size_t count = destinations_of(diagnostic, destinations);

    evidence_new_line(evidence);
    evidence_put_text(evidence, diagnostic->name);
    buf_puts(evidence, " sends ");
    evidence_put_text(
        evidence, diagnostic->audit_row ? diagnostic->audit_row : "audit");
    if (count == 0)
        buf_puts(evidence, " nowhere");
    for (size_t i = 0; i < count; i++) {
        enum sink_answer answer =
            sink_look_up(subject->estate, &destinations[i]);

        sum->exists += answer == SINK_EXISTS;
        sum->unknown += answer == SINK_UNKNOWN;
        sink_put(evidence, &destinations[i], answer);
        if (answer == SINK_UNKNOWN)
            sink_put_missing(evidence, subject->estate, &destinations[i]);
    }
}

static void put_without_audit(
    struct buf *evidence, const struct kv_diagnostic *diagnostic)
{
    evidence_new_line(evidence);
    evidence_put_text(evidence, diagnostic->name);
    buf_puts(evidence, diagnostic->metrics ? " sends metrics but no audit log"
                                           : " sends no audit log");
}

enum kv_verdict logging_audit(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    struct audit_sum sum = { 0 };

    for (uint32_t i = 0; i < resource->diagnostic_count; i++) {
        const struct kv_diagnostic *diagnostic = &resource->diagnostics[i];

        if (diagnostic->audit)
            sum_take_audit(&sum, subject, diagnostic, evidence);
        else
            put_without_audit(evidence, diagnostic);
    }
    if (resource->diagnostic_count == 0)
        buf_puts(evidence, "no diagnostic settings");
    if (sum.exists > 0)
        return KV_VERDICT_PASS;
    return sum.unknown > 0 ? KV_VERDICT_UNKNOWN : KV_VERDICT_FAIL;
}
