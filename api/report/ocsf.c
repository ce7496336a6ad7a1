/* Findings as OCSF events of the class Compliance Finding (2003), version 1.3.0
 * with the profile "cloud": one object a line, as security lakes take them.
 * https://schema.ocsf.io/1.3.0/classes/compliance_finding */
#include "escape.h"
#include "facts.h"
#include "node.h"
#include "stream.h"

#define CLASS_UID 2003
#define CATEGORY_UID 2

struct word {
    int id;
    const char *caption;
};

static const struct word severities[KV_SEVERITY_COUNT] = {
    [KV_SEVERITY_INFO] = { 1, "Informational" },
    [KV_SEVERITY_LOW] = { 2, "Low" },
    [KV_SEVERITY_MEDIUM] = { 3, "Medium" },
    [KV_SEVERITY_HIGH] = { 4, "High" },
    [KV_SEVERITY_CRITICAL] = { 5, "Critical" },
};

/* What the check came to: "Warning" is what had no result for want of
 * information. */
static const struct word checks[KV_VERDICT_COUNT] = {
    [KV_VERDICT_NONE] = { 2, "Warning" },
    [KV_VERDICT_PASS] = { 1, "Pass" },
    [KV_VERDICT_FAIL] = { 3, "Fail" },
    [KV_VERDICT_UNKNOWN] = { 2, "Warning" },
    [KV_VERDICT_MANUAL] = { 2, "Warning" },
    [KV_VERDICT_NOT_APPLICABLE] = { 0, "Unknown" },
    [KV_VERDICT_EXCEPTED] = { 3, "Fail" },
    [KV_VERDICT_UNREAD] = { 2, "Warning" },
};

/* Where the finding is in its life. */
static const struct word lives[KV_VERDICT_COUNT] = {
    [KV_VERDICT_NONE] = { 1, "New" },
    [KV_VERDICT_PASS] = { 4, "Resolved" },
    [KV_VERDICT_FAIL] = { 1, "New" },
    [KV_VERDICT_UNKNOWN] = { 1, "New" },
    [KV_VERDICT_MANUAL] = { 1, "New" },
    [KV_VERDICT_NOT_APPLICABLE] = { 4, "Resolved" },
    [KV_VERDICT_EXCEPTED] = { 3, "Suppressed" },
    [KV_VERDICT_UNREAD] = { 1, "New" },
};

enum activity {
    ACTIVITY_CREATE = 1,
    ACTIVITY_UPDATE,
    ACTIVITY_CLOSE,
};
static const char *const activity_names[] = {
    [ACTIVITY_CREATE] = "Create",
    [ACTIVITY_UPDATE] = "Update",
    [ACTIVITY_CLOSE] = "Close",
};

static enum activity activity_of(
    const struct kv_report_input *input, const struct finding *finding)
{
    bool before = finding->since.since_s &&
                  finding->since.since_s < input->scan->data_at_s;

    if (finding->since.mark == KV_MARK_FIXED)
        return ACTIVITY_CLOSE;
    return before ? ACTIVITY_UPDATE : ACTIVITY_CREATE;
}

static json_t *milliseconds(int64_t time_s)
{
    return json_integer(time_s * 1000);
}

static void set_word(json_t *object, const char *id, const char *caption,
    const struct word *word)
{
    node_set(object, id, json_integer(word->id));
    node_set(object, caption, node_text(word->caption));
}

static json_t *visible(const char *text)
{
    struct buf line = { .limit = SIZE_MAX };
    json_t *value;

    escape_put_line(&line, text);
    value = node_text(buf_text(&line));
    buf_done(&line);
    return value;
}

/* ---- what every event says alike ---- */

static void set_class(json_t *event, enum activity activity)
{
    struct buf name = { .limit = 128 };

    buf_putf(&name, "Compliance Finding: %s", activity_names[activity]);
    node_set(event, "category_uid", json_integer(CATEGORY_UID));
    node_set(event, "category_name", node_text("Findings"));
    node_set(event, "class_uid", json_integer(CLASS_UID));
    node_set(event, "class_name", node_text("Compliance Finding"));
    node_set(event, "activity_id", json_integer(activity));
    node_set(event, "activity_name", node_text(activity_names[activity]));
    node_set(event, "type_uid",
        json_integer((json_int_t)CLASS_UID * 100 + activity));
    node_set(event, "type_name", node_text(buf_text(&name)));
    buf_done(&name);
}

static json_t *metadata_of(const struct finding *finding)
{
    json_t *product = json_object();
    json_t *profiles = json_array();
    json_t *object = json_object();

    node_set(product, "name", node_text("kvgov"));
    node_set(product, "vendor_name", node_text("kvgov"));
    node_set(product, "version", node_text(KVGOV_VERSION));
    json_array_append_new(profiles, node_text("cloud"));
    node_set(object, "version", node_text("1.3.0"));
    node_set(object, "product", product);
    node_set(object, "profiles", profiles);
    node_set(object, "event_code", node_text(finding->recommendation->id));
    return object;
}

static json_t *cloud_of(
    const struct kv_report_input *input, const struct finding *finding)
{
    json_t *cloud = json_object();
    json_t *org = json_object();

    node_set(cloud, "provider", node_text("Azure"));
    if (finding->subscription) {
        json_t *account = json_object();

        node_set(account, "uid", node_text(finding->subscription->id));
        node_set(account, "name", visible(finding->subscription->name));
        node_set(cloud, "account", account);
    }
    if (finding->resource && finding->resource->location)
        node_set(cloud, "region", node_text(finding->resource->location));
    node_set(org, "uid", node_text(kv_estate_tenant_id(input->estate)));
    node_set(org, "name", visible(kv_estate_tenant_name(input->estate)));
    node_set(cloud, "org", org);
    return cloud;
}

/* ---- the finding ---- */

static json_t *info_of(const struct finding *finding)
{
    const struct kv_recommendation *row = finding->recommendation;
    struct buf key = { .limit = 8192 };
    json_t *types = json_array();
    json_t *object = json_object();

    finding_put_key(&key, finding);
    json_array_append_new(types, node_text("Azure Key Vault posture"));
    node_set(object, "uid", node_text(buf_text(&key)));
    node_set(object, "title",
        node_text(finding->verdict == KV_VERDICT_FAIL ? row->fails
                                                      : row->title));
    node_set(object, "desc", node_text(row->why));
    node_set(object, "types", types);
    if (finding->since.since_s)
        node_set(object, "first_seen_time",
            milliseconds(finding->since.since_s));
    buf_done(&key);
    return object;
}

static json_t *standards_of(const struct kv_recommendation *row, bool addresses)
{
    json_t *list = json_array();

    for (size_t i = 0; row->sources[i]; i++) {
        const struct kv_source *source = facts_source(row->sources[i]);

        if (addresses && source)
            json_array_append_new(list, node_text(source->url));
        else if (!addresses)
            json_array_append_new(
                list, node_text(source ? source->title : row->sources[i]));
    }
    return list;
}

static json_t *compliance_of(
    const struct kv_report_input *input, const struct finding *finding)
{
    struct buf detail = { .limit = 1u << 20 };
    json_t *object = json_object();

    buf_puts(&detail, finding->evidence);
    if (checks[finding->verdict].id == 2) {
        buf_puts(&detail, detail.size > 0 ? "\n" : "");
        finding_put_way(&detail, input, finding);
    }
    node_set(object, "control", node_text(finding->recommendation->id));
    node_set(
        object, "standards", standards_of(finding->recommendation, false));
    set_word(object, "status_id", "status", &checks[finding->verdict]);
    node_set(object, "status_code",
        node_text(kv_verdict_name(finding->verdict)));
    node_set(object, "status_detail", visible(buf_text(&detail)));
    buf_done(&detail);
    return object;
}

static const char *type_of(const struct finding *finding)
{
    if (!finding->resource)
        return place_level_name(finding->place.level);
    return finding->resource->kind == KV_KIND_HSM
               ? "Microsoft.KeyVault/managedHSMs"
               : "Microsoft.KeyVault/vaults";
}

static json_t *resources_of(
    const struct kv_report_input *input, const struct finding *finding)
{
    json_t *resource = json_object();
    json_t *list = json_array();

    node_set(resource, "uid", node_text(finding->subject));
    node_set(resource, "name", visible(finding->name));
    node_set(resource, "type", node_text(type_of(finding)));
    if (input->cloud)
        node_set(resource, "cloud_partition", node_text(input->cloud));
    if (finding->resource && finding->resource->location)
        node_set(resource, "region", node_text(finding->resource->location));
    if (finding->resource && finding->resource->resource_group) {
        json_t *group = json_object();

        node_set(group, "name", visible(finding->resource->resource_group));
        node_set(resource, "group", group);
    }
    json_array_append_new(list, resource);
    return list;
}

static json_t *remediation_of(const struct kv_recommendation *row)
{
    json_t *object = json_object();

    node_set(object, "desc", node_text(row->fix));
    node_set(object, "references", standards_of(row, true));
    return object;
}

static json_t *event_of(
    const struct kv_report_input *input, const struct finding *finding)
{
    const struct kv_recommendation *row = finding->recommendation;
    json_t *event = json_object();

    set_class(event, activity_of(input, finding));
    node_set(event, "time", milliseconds(input->now_s));
    set_word(event, "severity_id", "severity", &severities[row->severity]);
    set_word(event, "status_id", "status", &lives[finding->verdict]);
    node_set(event, "metadata", metadata_of(finding));
    node_set(event, "cloud", cloud_of(input, finding));
    node_set(event, "finding_info", info_of(finding));
    node_set(event, "compliance", compliance_of(input, finding));
    node_set(event, "resources", resources_of(input, finding));
    if (finding->verdict == KV_VERDICT_FAIL)
        node_set(event, "remediation", remediation_of(row));
    if (finding->verdict == KV_VERDICT_EXCEPTED && finding->exception) {
        json_t *unmapped = json_object();

        node_set(unmapped, "exception",
            node_exception(finding->exception, input->now_s));
        node_set(event, "unmapped", unmapped);
    }
    return event;
}

void ocsf_write(struct kv_report *report)
{
    struct stream stream = stream_new(report);
    const struct finding *finding;

    while ((finding = stream_next(&stream))) {
        node_put(
            &report->text, event_of(report->input, finding), JSON_COMPACT);
        buf_putc(&report->text, '\n');
        report_pass(report);
    }
    stream_done(&stream);
}
