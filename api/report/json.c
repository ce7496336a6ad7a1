/* The posture report as JSON: one object, a line for each member and each item
 * of its lists. Written piece by piece: a large estate has millions of
 * findings, and none needs another. */
#include "kvgov/report.h"

#include "facts.h"
#include "sums.h"
#include "node.h"

/* Of the object's form; grows when a member changes its meaning or goes. */
#define REPORT_VERSION 1

/* Longer evidence is cut, and says so. */
#define EVIDENCE_LIMIT (64u << 10)

/* ---- the object's own text ---- */

static void put_member(struct buf *out, const char *name, json_t *value)
{
    buf_putf(out, ",\n\"%s\": ", name);
    node_put(out, value, JSON_COMPACT);
}

static void open_list(struct buf *out, const char *name)
{
    buf_putf(out, ",\n\"%s\": [", name);
}

static void put_item(struct buf *out, json_t *value, bool *first)
{
    buf_puts(out, *first ? "\n" : ",\n");
    node_put(out, value, JSON_COMPACT);
    *first = false;
}

static void close_list(struct buf *out)
{
    buf_puts(out, "\n]");
}

/* ---- the estate and its sums ---- */

static json_t *scan_state(enum kv_scan_state state)
{
    static const char *const names[] = {
        [KV_SCAN_NONE] = "none",
        [KV_SCAN_STORED] = "stored",
        [KV_SCAN_RUNNING] = "running",
        [KV_SCAN_DONE] = "done",
        [KV_SCAN_STOPPED] = "stopped",
        [KV_SCAN_FAILED] = "failed",
    };

    return node_text(names[state]);
}

static json_t *level_of(uint32_t row)
{
    static const char *const names[] = {
        [KV_LEVEL_RESOURCE] = "resource",
        [KV_LEVEL_SUBSCRIPTION] = "subscription",
        [KV_LEVEL_TENANT] = "tenant",
    };

    return node_text(names[kv_row_level(&kv_catalogue[row])]);
}

/* The estate says "" of what it does not know. */
static json_t *known_text(const char *text)
{
    return node_text(text && *text ? text : NULL);
}

static json_t *estate_of(
    const struct kv_report_input *input, const struct sums *sums)
{
    const struct kv_estate *estate = input->estate;
    json_t *object = json_object();

    node_set(object, "tenant_id", known_text(kv_estate_tenant_id(estate)));
    node_set(object, "tenant_name", known_text(kv_estate_tenant_name(estate)));
    node_set(object, "cloud", node_text(input->cloud));
    node_set(object, "baseline",
        node_text(kv_baselines[facts_baseline(input)].name));
    node_set(object, "scan", scan_state(input->scan->state));
    node_set(object, "data_at", node_time(input->scan->data_at_s));
    node_set(object, "reported_at", node_time(input->now_s));
    node_set(object, "failed_reads", json_integer(input->scan->failures));
    node_set(object, "subscriptions",
        json_integer(kv_estate_subscription_count(estate)));
    node_set(object, "vaults", json_integer(sums->kinds[KV_KIND_VAULT]));
    node_set(object, "hsms", json_integer(sums->kinds[KV_KIND_HSM]));
    node_set(
        object, "resources_with_unknown", json_integer(sums->with_unknown));
    return object;
}

/* One is never told without the other. */
static json_t *score_of(struct kv_score score)
{
    json_t *object = json_object();
    double percent;
    double known_percent;
    bool any = kv_score_values(&score, &percent, &known_percent);

    node_set(object, "percent", any ? json_real(percent) : json_null());
    node_set(
        object, "known_percent", any ? json_real(known_percent) : json_null());
    return object;
}

/* Where nothing applies there is no share to speak of. */
static void set_tally(json_t *object, const struct kv_tally *tally)
{
    static const char *const names[KV_VERDICT_COUNT] = {
        [KV_VERDICT_NONE] = "not_judged",
        [KV_VERDICT_PASS] = "pass",
        [KV_VERDICT_FAIL] = "fail",
        [KV_VERDICT_UNKNOWN] = "unknown",
        [KV_VERDICT_MANUAL] = "manual",
        [KV_VERDICT_NOT_APPLICABLE] = "not_applicable",
        [KV_VERDICT_EXCEPTED] = "excepted",
        [KV_VERDICT_UNREAD] = "not_read",
    };

    for (unsigned i = 0; i < KV_VERDICT_COUNT; i++)
        node_set(object, names[i], json_integer(tally->count[i]));
    node_set(object, "known_percent",
        sums_applies(tally) ? json_real(sums_known_percent(tally))
                            : json_null());
}

static json_t *totals_of(const struct sums *sums)
{
    json_t *object = json_object();

    set_tally(object, &sums->all);
    node_set(object, "score", score_of(kv_score_of(sums->severities)));
    for (unsigned i = KV_SEVERITY_COUNT; i-- > 0;) {
        json_t *one = json_object();

        set_tally(one, &sums->severities[i]);
        node_set(object, kv_severity_name((enum kv_severity)i), one);
    }
    return object;
}

static json_t *recommendation_of(uint32_t row, const struct kv_tally *tally)
{
    json_t *object = json_object();

    node_set(object, "id", node_text(kv_catalogue[row].id));
    node_set(object, "title", node_text(kv_catalogue[row].title));
    node_set(object, "severity",
        node_text(kv_severity_name(kv_catalogue[row].severity)));
    node_set(object, "judged_on", level_of(row));
    set_tally(object, tally);
    return object;
}

static void put_recommendations(struct buf *out, const struct sums *sums)
{
    bool first = true;

    open_list(out, "recommendations");
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        put_item(out, recommendation_of(row, &sums->rows[row]), &first);
    close_list(out);
}

/* ---- resources ---- */

static json_t *facet_of(
    enum kv_facet facet, const struct kv_facet_status *status)
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

/* What only the other kind of resource has is not missing. */
static bool concerns(const struct kv_resource *resource, enum kv_facet facet)
{
    uint32_t kinds = kv_facets[facet].kinds;

    return kinds == 0 || kinds & 1u << resource->kind;
}

/* The facets among `needs`; all of them or those that are missing. */
static json_t *facets_of(const struct kv_estate *estate,
    const struct kv_resource *resource, uint64_t needs, bool missing)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;
        struct kv_facet_status status =
            kv_estate_facet(estate, resource, facet);

        if ((needs & KV_FACET_BIT(facet)) && concerns(resource, facet) &&
            !(missing && kv_facet_known(&status)))
            json_array_append_new(list, facet_of(facet, &status));
    }
    return list;
}

static json_t *resource_of(const struct kv_report_input *input, uint32_t index)
{
    const struct kv_resource *resource =
        kv_estate_resource(input->estate, index);
    const struct kv_subscription *subscription =
        kv_estate_subscription(input->estate, resource->subscription);
    json_t *object = json_object();

    node_set(object, "id", node_text(resource->id));
    node_set(object, "name", node_text(resource->name));
    node_set(object, "kind", node_text(kv_kind_name(resource->kind)));
    node_set(object, "subscription_id", node_text(subscription->id));
    node_set(object, "subscription_name", node_text(subscription->name));
    node_set(object, "resource_group", node_text(resource->resource_group));
    node_set(object, "location", known_text(resource->location));
    node_set(object, "score",
        score_of(kv_posture_score_resource(input->posture, index)));
    node_set(object, "exposure", node_text(facts_exposure(input, resource)));
    node_set(object, "facets",
        facets_of(input->estate, resource, UINT64_MAX, false));
    return object;
}

static json_t *subscription_of(
    const struct kv_report_input *input, uint32_t index, uint32_t resources)
{
    const struct kv_subscription *row =
        kv_estate_subscription(input->estate, index);
    json_t *object = json_object();

    node_set(object, "id", node_text(row->id));
    node_set(object, "name", node_text(row->name));
    node_set(object, "state", node_text(row->state));
    node_set(object, "resources", json_integer(resources));
    node_set(object, "inventory",
        facet_of(KV_FACET_INVENTORY, &row->facets[KV_FACET_INVENTORY]));
    node_set(object, "score",
        score_of(kv_posture_score_subscription(
            input->posture, input->estate, index)));
    return object;
}

static void put_subscriptions(struct buf *out,
    const struct kv_report_input *input, const struct sums *sums)
{
    bool first = true;

    open_list(out, "subscriptions");
    for (uint32_t i = 0; i < kv_estate_subscription_count(input->estate); i++)
        put_item(out, subscription_of(input, i, sums->below[i]), &first);
    close_list(out);
}

static void put_resources(struct buf *out, const struct kv_report_input *input)
{
    bool first = true;

    open_list(out, "resources");
    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++) {
        if (!kv_estate_resource(input->estate, i)->gone)
            put_item(out, resource_of(input, i), &first);
    }
    close_list(out);
}

/* ---- findings ---- */

/* The facets that a subscription or the tenant lacks are those of any resource
 * below it. */
static const struct kv_resource *resource_at_or_below(
    const struct kv_report_input *input, uint32_t row, uint32_t index)
{
    uint32_t count = kv_estate_resource_count(input->estate);
    uint32_t below = 0;

    if (kv_row_level(&kv_catalogue[row]) == KV_LEVEL_RESOURCE)
        return kv_estate_resource(input->estate, index);
    while (below + 1 < count &&
           (kv_estate_resource(input->estate, below)->gone ||
               kv_posture_subject_of(input->posture, row, below) != index))
        below++;
    return kv_estate_resource(input->estate, below);
}

static json_t *subject_of(
    const struct kv_report_input *input, uint32_t row, uint32_t index)
{
    struct buf text = { .limit = 4096 };
    json_t *subject;

    kv_posture_put_subject(
        input->posture, kv_row_level(&kv_catalogue[row]), index, &text);
    subject = node_text(buf_text(&text));
    buf_done(&text);
    return subject;
}

static void set_since(json_t *object, const struct kv_report_input *input,
    uint32_t row, uint32_t index)
{
    struct kv_since since;

    if (!input->session)
        return;
    since = kv_session_since(input->session, row, index);
    node_set(object, "since", node_time(since.since_s));
    if (since.before != KV_VERDICT_NONE)
        node_set(object, "before", node_text(kv_verdict_name(since.before)));
    if (since.mark != KV_MARK_NONE)
        node_set(object, "change", node_text(kv_mark_name(since.mark)));
}

/* What people decided of it, also when that has ended. */
static void set_decided(json_t *object, const struct kv_report_input *input,
    uint32_t row, uint32_t index)
{
    const struct kv_attestation *attestation =
        kv_posture_attestation(input->posture, row, index);
    const struct kv_exception *exception =
        kv_posture_exception(input->posture, row, index);

    if (attestation)
        node_set(
            object, "attestation", node_attestation(attestation, input->now_s));
    if (exception)
        node_set(object, "exception", node_exception(exception, input->now_s));
}

static json_t *finding_of(
    const struct kv_report_input *input, uint32_t row, uint32_t index)
{
    const struct kv_recommendation *recommendation = &kv_catalogue[row];
    bool of_resource = kv_row_level(recommendation) == KV_LEVEL_RESOURCE;
    enum kv_verdict verdict =
        kv_posture_subject_verdict(input->posture, row, index);
    struct buf evidence = { .limit = EVIDENCE_LIMIT };
    json_t *object = json_object();

    if (verdict != KV_VERDICT_NONE)
        (void)kv_posture_subject_evidence(
            input->posture, row, index, &evidence);
    node_set(object, "recommendation", node_text(recommendation->id));
    node_set(object, "judged_on", level_of(row));
    node_set(object, "subject", subject_of(input, row, index));
    node_set(object, "resource",
        of_resource ? node_text(kv_estate_resource(input->estate, index)->id)
                    : json_null());
    node_set(object, "verdict", node_text(kv_verdict_name(verdict)));
    node_set(object, "severity",
        node_text(kv_severity_name(recommendation->severity)));
    node_set(object, "evidence", node_text(buf_text(&evidence)));
    if (evidence.failed)
        node_set(object, "evidence_cut", json_true());
    set_since(object, input, row, index);
    set_decided(object, input, row, index);
    if (verdict == KV_VERDICT_UNKNOWN)
        node_set(object, "missing",
            facets_of(input->estate, resource_at_or_below(input, row, index),
                recommendation->needs, true));
    buf_done(&evidence);
    return object;
}

static void put_findings_on(struct buf *out,
    const struct kv_report_input *input, enum kv_facet_level level,
    uint32_t index, bool *first)
{
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (kv_row_level(&kv_catalogue[row]) == level &&
            kv_posture_subject_verdict(input->posture, row, index) !=
                KV_VERDICT_NOT_APPLICABLE)
            put_item(out, finding_of(input, row, index), first);
}

/* All that were judged and apply, and those that nobody has judged yet: of the
 * tenant, of subscriptions, then of resources. */
static void put_findings(struct buf *out, const struct kv_report_input *input,
    const struct sums *sums)
{
    bool first = true;

    open_list(out, "findings");
    if (sums->resources > 0)
        put_findings_on(out, input, KV_LEVEL_TENANT, 0, &first);
    for (uint32_t i = 0; i < kv_estate_subscription_count(input->estate); i++)
        if (sums->below[i] > 0)
            put_findings_on(out, input, KV_LEVEL_SUBSCRIPTION, i, &first);
    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++)
        if (!kv_estate_resource(input->estate, i)->gone)
            put_findings_on(out, input, KV_LEVEL_RESOURCE, i, &first);
    close_list(out);
}

void kv_report_json(struct buf *out, const struct kv_report_input *input)
{
    struct sums sums;

    sums_init(&sums, input);
    buf_puts(out, "{\n\"version\": ");
    node_put(out, json_integer(REPORT_VERSION), JSON_COMPACT);
    put_member(out, "estate", estate_of(input, &sums));
    put_member(out, "totals", totals_of(&sums));
    put_recommendations(out, &sums);
    put_subscriptions(out, input, &sums);
    put_resources(out, input);
    put_findings(out, input, &sums);
    buf_puts(out, "\n}\n");
    sums_done(&sums);
}
