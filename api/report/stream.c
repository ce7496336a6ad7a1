/* Walking over places and the findings there. */
#include "stream.h"

#include "facts.h"

#include <ctype.h>

/* Longer evidence is cut, and says so. */
#define EVIDENCE_LIMIT (64u << 10)
#define SUBJECT_LIMIT 4096u

/* ---- places ---- */

static uint32_t place_count(
    const struct kv_report_input *input, enum kv_facet_level level)
{
    switch (level) {
    case KV_LEVEL_TENANT:
        return 1;
    case KV_LEVEL_SUBSCRIPTION:
        return kv_estate_subscription_count(input->estate);
    case KV_LEVEL_RESOURCE:
        return kv_estate_resource_count(input->estate);
    }
    return 0;
}

static bool is_part(const struct kv_report_input *input,
    const struct sums *sums, struct place place)
{
    switch (place.level) {
    case KV_LEVEL_TENANT:
        return sums->resources > 0;
    case KV_LEVEL_SUBSCRIPTION:
        return sums->below[place.index] > 0;
    case KV_LEVEL_RESOURCE:
        return !kv_estate_resource(input->estate, place.index)->gone &&
               kv_selection_has_resource(input->selection, place.index);
    }
    return false;
}

static bool step(const struct kv_report_input *input, struct place *place)
{
    place->index = place->index == KV_NONE ? 0 : place->index + 1;
    while (place->index >= place_count(input, place->level)) {
        if (place->level == KV_LEVEL_RESOURCE)
            return false;
        place->level = (enum kv_facet_level)(place->level - 1);
        place->index = 0;
    }
    return true;
}

bool place_next(const struct kv_report_input *input, const struct sums *sums,
    struct place *place)
{
    while (step(input, place))
        if (is_part(input, sums, *place))
            return true;
    return false;
}

bool place_has_row(
    const struct kv_report_input *input, struct place place, uint32_t row)
{
    return kv_row_level(&kv_catalogue[row]) == place.level &&
           kv_selection_has_row(input->selection, row);
}

/* What is not for a kind of resource needs no judging to be known so. */
enum kv_verdict place_verdict(
    const struct kv_report_input *input, struct place place, uint32_t row)
{
    if (place.level == KV_LEVEL_RESOURCE &&
        !kv_row_concerns(&kv_catalogue[row],
            kv_estate_resource(input->estate, place.index)->kind))
        return KV_VERDICT_NOT_APPLICABLE;
    return kv_posture_subject_verdict(input->posture, row, place.index);
}

uint32_t place_subscription(
    const struct kv_report_input *input, struct place place)
{
    switch (place.level) {
    case KV_LEVEL_TENANT:
        return KV_NONE;
    case KV_LEVEL_SUBSCRIPTION:
        return place.index;
    case KV_LEVEL_RESOURCE:
        return kv_estate_resource(input->estate, place.index)->subscription;
    }
    return KV_NONE;
}

static const char *either(const char *name, const char *id)
{
    return name && *name ? name : id && *id ? id : "unknown";
}

const char *place_name(const struct kv_report_input *input, struct place place)
{
    const struct kv_subscription *subscription;
    const struct kv_resource *resource;

    switch (place.level) {
    case KV_LEVEL_TENANT:
        return either(kv_estate_tenant_name(input->estate),
            kv_estate_tenant_id(input->estate));
    case KV_LEVEL_SUBSCRIPTION:
        subscription = kv_estate_subscription(input->estate, place.index);
        return either(subscription->name, subscription->id);
    case KV_LEVEL_RESOURCE:
        resource = kv_estate_resource(input->estate, place.index);
        return either(resource->name, resource->id);
    }
    return "unknown";
}

const char *place_level_name(enum kv_facet_level level)
{
    static const char *const names[] = {
        [KV_LEVEL_RESOURCE] = "resource",
        [KV_LEVEL_SUBSCRIPTION] = "subscription",
        [KV_LEVEL_TENANT] = "tenant",
    };

    return names[level];
}

/* ---- the stream ---- */

struct stream stream_new(const struct kv_report *report)
{
    return (struct stream){
        .report = report,
        .finding.place = PLACE_FIRST,
        .subject = { .limit = SUBJECT_LIMIT },
        .evidence = { .limit = EVIDENCE_LIMIT },
        .next_row = UINT32_MAX,
    };
}

static void enter(struct stream *stream, struct place place)
{
    const struct kv_report_input *input = stream->report->input;
    uint32_t subscription = place_subscription(input, place);

    buf_clear(&stream->subject);
    kv_posture_put_subject(
        input->posture, place.level, place.index, &stream->subject);
    stream->finding = (struct finding){
        .place = place,
        .subject = buf_text(&stream->subject),
        .name = place_name(input, place),
    };
    if (place.level == KV_LEVEL_RESOURCE)
        stream->finding.resource =
            kv_estate_resource(input->estate, place.index);
    if (subscription != KV_NONE)
        stream->finding.subscription =
            kv_estate_subscription(input->estate, subscription);
    stream->next_row = 0;
}

struct stream stream_at(const struct kv_report *report, struct place place)
{
    struct stream stream = stream_new(report);

    enter(&stream, place);
    stream.one_place = true;
    return stream;
}

void stream_done(struct stream *stream)
{
    buf_done(&stream->subject);
    buf_done(&stream->evidence);
}

static void fill(struct stream *stream, uint32_t row)
{
    const struct kv_report_input *input = stream->report->input;
    struct finding *finding = &stream->finding;
    uint32_t index = finding->place.index;

    buf_clear(&stream->evidence);
    if (finding->verdict != KV_VERDICT_NONE)
        (void)kv_posture_subject_evidence(
            input->posture, row, index, &stream->evidence);
    finding->row = row;
    finding->recommendation = &kv_catalogue[row];
    finding->evidence = buf_text(&stream->evidence);
    finding->evidence_cut = stream->evidence.failed;
    finding->since = input->session
                         ? kv_session_since(input->session, row, index)
                         : (struct kv_since){ 0 };
    finding->attestation = kv_posture_attestation(input->posture, row, index);
    finding->exception = kv_posture_exception(input->posture, row, index);
}

/* The next row here that applies; false when there is none. */
static bool next_here(struct stream *stream)
{
    const struct kv_report_input *input = stream->report->input;
    struct finding *finding = &stream->finding;

    while (stream->next_row < kv_catalogue_count) {
        uint32_t row = stream->next_row++;

        if (!place_has_row(input, finding->place, row))
            continue;
        finding->verdict = place_verdict(input, finding->place, row);
        if (finding->verdict == KV_VERDICT_NOT_APPLICABLE)
            continue;
        fill(stream, row);
        return true;
    }
    return false;
}

const struct finding *stream_next(struct stream *stream)
{
    const struct kv_report *report = stream->report;
    struct place place = stream->finding.place;

    while (!report->ended && !next_here(stream)) {
        if (stream->one_place ||
            !place_next(report->input, &report->sums, &place))
            return NULL;
        enter(stream, place);
    }
    return report->ended ? NULL : &stream->finding;
}

/* ---- what can be said of a finding ---- */

struct kv_facet_status finding_facet(const struct kv_report_input *input,
    const struct finding *finding, enum kv_facet facet)
{
    if (finding->resource)
        return kv_estate_facet(input->estate, finding->resource, facet);
    if (kv_facets[facet].level == KV_LEVEL_TENANT || finding->subscription)
        return *kv_estate_facet_at(
            input->estate, finding->subscription, NULL, facet);
    return (struct kv_facet_status){ .state = KV_FACET_READY };
}

/* What only the other kind of resource has is not missing. */
static bool concerns(const struct finding *finding, enum kv_facet facet)
{
    if (!finding->resource)
        return kv_facets[facet].level != KV_LEVEL_RESOURCE;
    return facet_concerns(finding->resource, facet);
}

uint64_t finding_missing(
    const struct kv_report_input *input, const struct finding *finding)
{
    uint64_t missing = 0;

    for (unsigned i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;
        struct kv_facet_status status;

        if (finding->verdict != KV_VERDICT_UNKNOWN ||
            !(finding->recommendation->needs & KV_FACET_BIT(facet)) ||
            !concerns(finding, facet))
            continue;
        status = finding_facet(input, finding, facet);
        if (!kv_facet_known(&status))
            missing |= KV_FACET_BIT(facet);
    }
    return missing;
}

static void put_missing(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    uint64_t missing = finding_missing(input, finding);
    const char *between = "";

    for (unsigned i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;
        struct kv_facet_status status;

        if (!(missing & KV_FACET_BIT(facet)))
            continue;
        status = finding_facet(input, finding, facet);
        buf_putf(out, "%s%s: ", between, kv_facets[facet].name);
        if (status.state == KV_FACET_DENIED)
            buf_putf(out, "grant %s", facts_permission(facet, &status));
        else
            buf_puts(out, "scan again");
        between = "; ";
    }
    if (!missing)
        buf_puts(out, "see the evidence, and scan again");
}

void finding_put_way(struct buf *out, const struct kv_report_input *input,
    const struct finding *finding)
{
    switch (finding->verdict) {
    case KV_VERDICT_NONE:
        buf_puts(out, "scan again: nobody has judged it yet");
        break;
    case KV_VERDICT_UNKNOWN:
        put_missing(out, input, finding);
        break;
    case KV_VERDICT_UNREAD:
        buf_puts(out, "scan with --deep, or open it in the console");
        break;
    case KV_VERDICT_MANUAL:
        buf_puts(out, "answer it with kvgov attest");
        break;
    case KV_VERDICT_PASS:
    case KV_VERDICT_FAIL:
    case KV_VERDICT_NOT_APPLICABLE:
    case KV_VERDICT_EXCEPTED:
        break;
    }
}

void finding_put_key(struct buf *out, const struct finding *finding)
{
    buf_putf(out, "%s ", finding->recommendation->id);
    for (const char *byte = finding->subject; *byte; byte++)
        buf_putc(out, (char)tolower((unsigned char)*byte));
}
