/* The places that diagnostic settings name, and whether they exist. */
#include "sinks.h"

#include <assert.h>

#include "estate.h"
#include "evaluate.h"

#define SINK_ID_LIMIT 1024

/* An authorisation rule lives below its namespace; the namespace is the sink.
 */
static struct view hub_namespace(const char *rule_id)
{
    static const char part[] = "/authorizationRules";
    struct view id = view_of(rule_id);
    struct view marker = view_of(part);

    for (size_t at = 0; at + marker.size <= id.size; at++) {
        struct view rest = { id.data + at, id.size - at };

        if (view_starts_nocase(rest, marker))
            return (struct view){ id.data, at };
    }
    return id;
}

size_t destinations_of(
    const struct kv_diagnostic *diagnostic, struct destination *out)
{
    size_t count = 0;

    if (diagnostic->workspace_id)
        out[count++] = (struct destination){ view_of(diagnostic->workspace_id),
            KV_SINK_WORKSPACE };
    if (diagnostic->storage_id)
        out[count++] = (struct destination){ view_of(diagnostic->storage_id),
            KV_SINK_STORAGE };
    if (diagnostic->event_hub_rule_id)
        out[count++] =
            (struct destination){ hub_namespace(diagnostic->event_hub_rule_id),
                KV_SINK_EVENT_HUB };
    if (diagnostic->partner_id)
        out[count++] = (struct destination){ view_of(diagnostic->partner_id),
            KV_SINK_PARTNER };
    assert(count <= DESTINATION_MAX);
    return count;
}

/* The subscription that an ARM id lies in; NULL when it was not read. */
const struct kv_subscription *subscription_of(
    const struct kv_estate *estate, struct view id)
{
    uint32_t index =
        estate_find_subscription(estate, arm_id_parse(id).subscription);

    return index == KV_NONE ? NULL : kv_estate_subscription(estate, index);
}

const struct kv_sink *sink_of(
    const struct kv_estate *estate, struct view sink_id)
{
    struct buf id = { .limit = SINK_ID_LIMIT };
    const struct kv_sink *sink = NULL;

    buf_put(&id, sink_id);
    if (!id.failed)
        sink = kv_estate_find_sink(estate, buf_text(&id));
    buf_done(&id);
    return sink;
}

/* One that was seen exists. Of one that was not, its own subscription decides,
 * which may be another than the resource's: only where all sinks were read is
 * it gone. */
enum sink_answer sink_look_up(
    const struct kv_estate *estate, const struct destination *destination)
{
    const struct kv_subscription *home = NULL;
    const struct kv_sink *sink = NULL;

    /* No API lists partners' sinks; naming one is all that can be seen. */
    if (destination->kind == KV_SINK_PARTNER)
        return SINK_EXISTS;
    sink = sink_of(estate, destination->id);
    if (sink)
        return sink->hidden ? SINK_UNKNOWN : SINK_EXISTS;
    home = subscription_of(estate, destination->id);
    if (!home || home->facets[KV_FACET_SINKS].state != KV_FACET_READY)
        return SINK_UNKNOWN;
    return SINK_GONE;
}

/* ---- in words ---- */

void sink_put(struct buf *evidence, const struct destination *destination,
    enum sink_answer answer)
{
    static const char *const answers[] = {
        [SINK_EXISTS] = "",
        [SINK_GONE] = ", which does not exist",
        [SINK_UNKNOWN] = ", which may or may not exist",
    };

    evidence_new_line(evidence);
    buf_putf(evidence, "to %s ", kv_sink_kind_name(destination->kind));
    buf_put_visible(evidence, arm_id_last(destination->id), false);
    buf_puts(evidence, answers[answer]);
}

/* Which read is missing: of the sink's own subscription, if that is known, or
 * of the sink alone. */
void sink_put_missing(struct buf *evidence, const struct kv_estate *estate,
    const struct destination *destination)
{
    const struct kv_subscription *home =
        subscription_of(estate, destination->id);

    if (!home) {
        buf_puts(evidence, ": its subscription is not part of what was read");
        return;
    }
    if (home->facets[KV_FACET_SINKS].state == KV_FACET_READY) {
        buf_puts(evidence, ": it is not shown to this account");
        return;
    }
    buf_puts(evidence, ": ");
    evidence_put_missing(
        evidence, KV_FACET_SINKS, &home->facets[KV_FACET_SINKS]);
}
