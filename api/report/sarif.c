/* Findings as SARIF 2.1.0 (OASIS standard, 2020): what fails is a result of
 * kind "fail", also where a person accepted it, which suppresses it; what is not
 * known is "open", what a person must answer "review". What passes is no
 * result. */
#include "escape.h"
#include "facts.h"
#include "node.h"
#include "stream.h"

#include <string.h>

#define SCHEMA                                                                 \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"      \
    "sarif-schema-2.1.0.json"

/* By severity. The numbers are those by which code scanning ranks. */
static const struct {
    const char *level;
    const char *number;
} severities[KV_SEVERITY_COUNT] = {
    [KV_SEVERITY_INFO] = { "note", "0.5" },
    [KV_SEVERITY_LOW] = { "note", "3.0" },
    [KV_SEVERITY_MEDIUM] = { "warning", "5.5" },
    [KV_SEVERITY_HIGH] = { "error", "8.0" },
    [KV_SEVERITY_CRITICAL] = { "error", "9.5" },
};

/* By verdict; NULL: no result. */
static const char *const kinds[KV_VERDICT_COUNT] = {
    [KV_VERDICT_NONE] = "open",
    [KV_VERDICT_PASS] = NULL,
    [KV_VERDICT_FAIL] = "fail",
    [KV_VERDICT_UNKNOWN] = "open",
    [KV_VERDICT_MANUAL] = "review",
    [KV_VERDICT_NOT_APPLICABLE] = NULL,
    [KV_VERDICT_EXCEPTED] = "fail",
    [KV_VERDICT_UNREAD] = "open",
};

static json_t *message_of(const char *text)
{
    struct buf visible = { .limit = SIZE_MAX };
    json_t *object = json_object();

    escape_put_line(&visible, text);
    node_set(object, "text", node_text(buf_text(&visible)));
    buf_done(&visible);
    return object;
}

/* ---- rules ---- */

static json_t *tags_of(const struct kv_recommendation *row)
{
    json_t *tags = json_array();

    json_array_append_new(tags, node_text("security"));
    json_array_append_new(tags, node_text("azure-key-vault"));
    json_array_append_new(tags, node_text(kv_severity_name(row->severity)));
    return tags;
}

static json_t *properties_of(const struct kv_recommendation *row)
{
    json_t *object = json_object();

    node_set(object, "tags", tags_of(row));
    node_set(object, "security-severity",
        node_text(severities[row->severity].number));
    node_set(object, "precision", node_text("very-high"));
    return object;
}

static json_t *help_of(const struct kv_recommendation *row)
{
    struct buf text = { .limit = 1u << 16 };
    json_t *object = json_object();

    buf_putf(&text, "%s\n\nFix: %s\n\nVerify: %s", row->why, row->fix,
        row->verify);
    node_set(object, "text", node_text(buf_text(&text)));
    buf_done(&text);
    return object;
}

/* That of the first source that has one. */
static void set_address(json_t *rule, const struct kv_recommendation *row)
{
    for (size_t i = 0; row->sources[i]; i++) {
        const struct kv_source *source = facts_source(row->sources[i]);

        if (source) {
            node_set(rule, "helpUri", node_text(source->url));
            return;
        }
    }
}

static json_t *rule_of(const struct kv_recommendation *row)
{
    json_t *rule = json_object();
    json_t *configuration = json_object();

    node_set(
        configuration, "level", node_text(severities[row->severity].level));
    node_set(rule, "id", node_text(row->id));
    node_set(rule, "shortDescription", message_of(row->title));
    node_set(rule, "fullDescription", message_of(row->why));
    node_set(rule, "help", help_of(row));
    set_address(rule, row);
    node_set(rule, "defaultConfiguration", configuration);
    node_set(rule, "properties", properties_of(row));
    return rule;
}

static void put_rules(struct kv_report *report)
{
    struct buf *out = &report->text;
    const char *before = "\n";

    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        if (!kv_selection_has_row(report->input->selection, row))
            continue;
        buf_puts(out, before);
        node_put(out, rule_of(&kv_catalogue[row]), JSON_COMPACT);
        before = ",\n";
    }
}

/* Among the rules that are put. */
static uint32_t rule_index(const struct kv_report_input *input, uint32_t row)
{
    uint32_t index = 0;

    for (uint32_t i = 0; i < row; i++)
        index += kv_selection_has_row(input->selection, i);
    return index;
}

/* ---- the run ---- */

static json_t *notification_of(const char *text)
{
    json_t *object = json_object();

    node_set(object, "level", node_text("warning"));
    node_set(object, "message", message_of(text));
    return object;
}

static json_t *notifications_of(const struct kv_report_input *input)
{
    json_t *list = json_array();
    struct buf text = { .limit = 1u << 20 };

    buf_puts(&text, "left out: ");
    kv_selection_put(input->selection, &text);
    if (input->selection)
        json_array_append_new(list, notification_of(buf_text(&text)));
    for (uint32_t i = KV_NONE;
         (i = kv_estate_unlisted(input->estate, i)) != KV_NONE;) {
        if (!kv_selection_has_subscription(input->selection, i))
            continue;
        buf_clear(&text);
        kv_subscription_put_unlisted(
            &text, kv_estate_subscription(input->estate, i));
        json_array_append_new(list, notification_of(buf_text(&text)));
    }
    buf_done(&text);
    return list;
}

static json_t *invocation_of(const struct kv_report_input *input)
{
    enum kv_scan_state state = input->scan->state;
    json_t *object = json_object();

    node_set(object, "executionSuccessful",
        json_boolean(state == KV_SCAN_DONE || state == KV_SCAN_STORED));
    node_set(object, "endTimeUtc", node_time(input->now_s));
    node_set(object, "toolExecutionNotifications", notifications_of(input));
    return object;
}

/* Results of the same tenant follow each other. */
static json_t *automation_of(const struct kv_report_input *input)
{
    const char *tenant = kv_estate_tenant_id(input->estate);
    struct buf id = { .limit = 256 };
    json_t *object = json_object();

    buf_putf(&id, "kvgov/%s/", tenant && *tenant ? tenant : "unknown");
    node_set(object, "id", node_text(buf_text(&id)));
    buf_done(&id);
    return object;
}

/* ---- results ---- */

static json_t *location_of(const struct finding *finding)
{
    struct buf uri = { .limit = 1u << 16 };
    json_t *artifact = json_object();
    json_t *physical = json_object();
    json_t *logical = json_object();
    json_t *location = json_object();
    json_t *logicals = json_array();

    escape_put_path(&uri, finding->subject + (finding->subject[0] == '/'));
    node_set(artifact, "uri", node_text(buf_text(&uri)));
    node_set(physical, "artifactLocation", artifact);
    node_set(physical, "region", json_pack("{s:i}", "startLine", 1));
    node_set(logical, "name", node_text(finding->name));
    node_set(logical, "fullyQualifiedName", node_text(finding->subject));
    node_set(logical, "kind", node_text("resource"));
    json_array_append_new(logicals, logical);
    node_set(location, "physicalLocation", physical);
    node_set(location, "logicalLocations", logicals);
    buf_done(&uri);
    return location;
}

/* FNV-1a: all that code scanning compares is a short text. */
static uint64_t hash_of(struct view text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < text.size; i++) {
        hash ^= (unsigned char)text.data[i];
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}

static json_t *fingerprints_of(const struct finding *finding)
{
    struct buf key = { .limit = 8192 };
    struct buf hash = { .limit = 64 };
    json_t *object = json_object();

    finding_put_key(&key, finding);
    buf_putf(&hash, "%016llx:1",
        (unsigned long long)hash_of(buf_view(&key)));
    node_set(object, "kvgovFinding/v1", node_text(buf_text(&key)));
    node_set(object, "primaryLocationLineHash", node_text(buf_text(&hash)));
    buf_done(&key);
    buf_done(&hash);
    return object;
}

static json_t *suppressions_of(const struct finding *finding)
{
    const struct kv_exception *exception = finding->exception;
    struct buf why = { .limit = 1u << 16 };
    json_t *one = json_object();
    json_t *list = json_array();

    if (exception) {
        buf_putf(&why, "%s; accepted by %s until ", exception->reason,
            exception->owner);
        buf_put_time(&why, exception->until_s);
    }
    node_set(one, "kind", node_text("external"));
    node_set(one, "status", node_text("accepted"));
    node_set(one, "justification", node_text(buf_text(&why)));
    json_array_append_new(list, one);
    buf_done(&why);
    return list;
}

static json_t *result_message(
    const struct kv_report_input *input, const struct finding *finding)
{
    bool fails = strcmp(kinds[finding->verdict], "fail") == 0;
    struct buf text = { .limit = 1u << 20 };
    json_t *message;

    buf_putf(&text, "%s: %s",
        fails ? finding->recommendation->fails : finding->recommendation->title,
        fails ? "" : kv_verdict_name(finding->verdict));
    buf_putf(&text, "%s%s", fails || !*finding->evidence ? "" : "; ",
        finding->evidence);
    if (!fails) {
        buf_puts(&text, "; ");
        finding_put_way(&text, input, finding);
    }
    message = message_of(buf_text(&text));
    buf_done(&text);
    return message;
}

static json_t *result_of(
    const struct kv_report_input *input, const struct finding *finding)
{
    const struct kv_recommendation *row = finding->recommendation;
    const char *kind = kinds[finding->verdict];
    json_t *result = json_object();
    json_t *locations = json_array();
    json_t *properties = json_object();

    json_array_append_new(locations, location_of(finding));
    node_set(properties, "verdict",
        node_text(kv_verdict_name(finding->verdict)));
    node_set(properties, "since", node_time(finding->since.since_s));
    node_set(result, "ruleId", node_text(row->id));
    node_set(
        result, "ruleIndex", json_integer(rule_index(input, finding->row)));
    node_set(result, "kind", node_text(kind));
    /* Any kind but "fail" has no level. */
    node_set(result, "level",
        node_text(strcmp(kind, "fail") == 0 ? severities[row->severity].level
                                            : "none"));
    node_set(result, "message", result_message(input, finding));
    node_set(result, "locations", locations);
    node_set(result, "partialFingerprints", fingerprints_of(finding));
    node_set(result, "suppressions",
        finding->verdict == KV_VERDICT_EXCEPTED ? suppressions_of(finding)
                                                : json_array());
    node_set(result, "properties", properties);
    return result;
}

static void put_results(struct kv_report *report)
{
    struct stream stream = stream_new(report);
    const struct finding *finding;
    const char *before = "\n";

    while ((finding = stream_next(&stream))) {
        if (!kinds[finding->verdict])
            continue;
        buf_puts(&report->text, before);
        node_put(
            &report->text, result_of(report->input, finding), JSON_COMPACT);
        before = ",\n";
        report_pass(report);
    }
    stream_done(&stream);
}

/* ---- the whole ---- */

static void put_member(struct buf *out, const char *name, json_t *value)
{
    buf_putf(out, ",\n\"%s\": ", name);
    node_put(out, value, JSON_COMPACT);
}

void sarif_write(struct kv_report *report)
{
    struct buf *out = &report->text;
    json_t *invocations = json_array();

    json_array_append_new(invocations, invocation_of(report->input));
    buf_puts(out, "{\n\"$schema\": \"" SCHEMA "\",\n\"version\": \"2.1.0\",\n"
                  "\"runs\": [{\n\"tool\": {\"driver\": {\"name\": \"kvgov\", "
                  "\"version\": \"" KVGOV_VERSION "\", \"rules\": [");
    put_rules(report);
    buf_puts(out, "\n]}}");
    put_member(out, "automationDetails", automation_of(report->input));
    put_member(out, "invocations", invocations);
    put_member(out, "columnKind", node_text("utf16CodeUnits"));
    buf_puts(out, ",\n\"results\": [");
    put_results(report);
    buf_puts(out, "\n]\n}]\n}\n");
}
