/* The posture report as JSON: one object, a line for each member and each item
 * of its lists. Written piece by piece: a large estate has millions of
 * findings, and none needs another. */
#include "kvgov/report.h"

#include "facts.h"
#include "node_finding.h"
#include "stream.h"

/* ---- the object's own text ---- */

static void put_member(
    struct kv_report *report, const char *name, json_t *value)
{
    buf_putf(&report->text, ",\n\"%s\": ", name);
    node_put(&report->text, value, JSON_COMPACT);
}

static void open_list(struct kv_report *report, const char *name)
{
    buf_putf(&report->text, ",\n\"%s\": [", name);
}

static void put_item(struct kv_report *report, json_t *value, bool *first)
{
    buf_puts(&report->text, *first ? "\n" : ",\n");
    node_put(&report->text, value, JSON_COMPACT);
    *first = false;
    report_pass(report);
}

static void close_list(struct kv_report *report)
{
    buf_puts(&report->text, "\n]");
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
    node_set(object, "subscriptions", json_integer(sums->subscriptions));
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
    for (unsigned i = 0; i < KV_VERDICT_COUNT; i++)
        node_set(
            object, node_verdict_members[i], json_integer(tally->count[i]));
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
    node_set(object, "judged_on",
        node_text(place_level_name(kv_row_level(&kv_catalogue[row]))));
    set_tally(object, tally);
    return object;
}

static void put_recommendations(struct kv_report *report)
{
    bool first = true;

    open_list(report, "recommendations");
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (kv_selection_has_row(report->input->selection, row))
            put_item(report, recommendation_of(row, &report->sums.rows[row]),
                &first);
    close_list(report);
}

/* ---- resources ---- */

static json_t *facets_of(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;
        struct kv_facet_status status =
            kv_estate_facet(estate, resource, facet);

        if (facet_concerns(resource, facet))
            json_array_append_new(list, node_facet(facet, &status));
    }
    return list;
}

static struct kv_score score_of_resource(
    const struct kv_report_input *input, uint32_t index)
{
    struct kv_tally severities[KV_SEVERITY_COUNT];

    sums_of_subject(input, KV_LEVEL_RESOURCE, index, severities);
    return kv_score_of(severities);
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
    node_set(object, "score", score_of(score_of_resource(input, index)));
    node_set(object, "exposure", node_text(facts_exposure(input, resource)));
    node_set(object, "facets", facets_of(input->estate, resource));
    return object;
}

static json_t *subscription_of(const struct kv_report *report, uint32_t index)
{
    const struct kv_subscription *row =
        kv_estate_subscription(report->input->estate, index);
    json_t *object = json_object();

    node_set(object, "id", node_text(row->id));
    node_set(object, "name", node_text(row->name));
    node_set(object, "state", node_text(row->state));
    node_set(object, "resources", json_integer(report->sums.below[index]));
    node_set(object, "inventory",
        node_facet(KV_FACET_INVENTORY, &row->facets[KV_FACET_INVENTORY]));
    node_set(object, "score", score_of(report->sums.scores[index]));
    return object;
}

static void put_subscriptions(struct kv_report *report)
{
    const struct kv_report_input *input = report->input;
    bool first = true;

    open_list(report, "subscriptions");
    for (uint32_t i = 0; i < kv_estate_subscription_count(input->estate); i++)
        if (kv_selection_has_subscription(input->selection, i))
            put_item(report, subscription_of(report, i), &first);
    close_list(report);
}

static void put_resources(struct kv_report *report)
{
    struct place place = PLACE_FIRST;
    bool first = true;

    open_list(report, "resources");
    while (!report->ended && place_next(report->input, &report->sums, &place))
        if (place.level == KV_LEVEL_RESOURCE)
            put_item(report, resource_of(report->input, place.index), &first);
    close_list(report);
}

/* All that were judged and apply, and those that nobody has judged yet: of the
 * tenant, of subscriptions, then of resources. */
static void put_findings(struct kv_report *report)
{
    struct stream stream = stream_new(report);
    const struct finding *finding;
    bool first = true;

    open_list(report, "findings");
    while ((finding = stream_next(&stream)))
        put_item(report, node_finding(report->input, finding), &first);
    close_list(report);
    stream_done(&stream);
}

static json_t *left_out_of(const struct kv_report_input *input)
{
    struct buf text = { .limit = 1u << 20 };
    json_t *value;

    kv_selection_put(input->selection, &text);
    value = text.size > 0 ? node_text(buf_text(&text)) : json_null();
    buf_done(&text);
    return value;
}

void json_write(struct kv_report *report)
{
    buf_puts(&report->text, "{\n\"version\": ");
    node_put(
        &report->text, json_integer(NODE_REPORT_VERSION), JSON_COMPACT);
    put_member(report, "kvgov", node_text(KVGOV_VERSION));
    put_member(report, "estate", estate_of(report->input, &report->sums));
    put_member(report, "left_out", left_out_of(report->input));
    put_member(report, "totals", totals_of(&report->sums));
    put_recommendations(report);
    put_subscriptions(report);
    put_resources(report);
    put_findings(report);
    buf_puts(&report->text, "\n}\n");
}
