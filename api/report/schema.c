/* The JSON schema of what the formats "json" and "ndjson" write, from tables of
 * their members: the promise that scripts rely on. Members may be added; one
 * that goes or changes its meaning makes a new version. */
#include "node_finding.h"

enum type {
    TYPE_TEXT,
    TYPE_COUNT,
    TYPE_SHARE, /* 0 to 100 */
    TYPE_TIME,
    TYPE_TRUE, /* there only when it is so */
    TYPE_VERSION,
    TYPE_SEVERITY,
    TYPE_VERDICT,
    TYPE_LEVEL,
    TYPE_OBJECT,
    TYPE_LIST,
};

struct member {
    const char *name;
    enum type type;
    const char *of; /* of an object or a list: which */
    enum {
        ALWAYS,
        OR_NULL,   /* there, but null when it is not known */
        SOMETIMES, /* left out when there is nothing to say */
    } presence;
    const char *what;
};

struct object {
    const char *name;
    const struct member *members;
    size_t count;
};

static const struct member report_members[] = {
    { "version", TYPE_VERSION, NULL, ALWAYS, "of this form" },
    { "kvgov", TYPE_TEXT, NULL, ALWAYS, "the version of the program" },
    { "estate", TYPE_OBJECT, "estate", ALWAYS, "what was read, and when" },
    { "left_out", TYPE_TEXT, NULL, OR_NULL, "what was not asked for" },
    { "totals", TYPE_OBJECT, "totals", ALWAYS, "over all findings" },
    { "recommendations", TYPE_LIST, "recommendation", ALWAYS,
        "each with its sums" },
    { "subscriptions", TYPE_LIST, "subscription", ALWAYS, NULL },
    { "resources", TYPE_LIST, "resource", ALWAYS, "vaults and managed HSMs" },
    { "findings", TYPE_LIST, "finding", ALWAYS,
        "every recommendation on everything that it applies to" },
};

static const struct member estate_members[] = {
    { "tenant_id", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "tenant_name", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "cloud", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "baseline", TYPE_TEXT, NULL, ALWAYS, "what is judged by" },
    { "scan", TYPE_TEXT, NULL, ALWAYS,
        "done, stopped, failed, or stored: kept from an earlier one" },
    { "data_at", TYPE_TIME, NULL, OR_NULL, "when the oldest of it was read" },
    { "reported_at", TYPE_TIME, NULL, ALWAYS, NULL },
    { "failed_reads", TYPE_COUNT, NULL, ALWAYS, "denied or failed" },
    { "subscriptions", TYPE_COUNT, NULL, ALWAYS, NULL },
    { "vaults", TYPE_COUNT, NULL, ALWAYS, NULL },
    { "hsms", TYPE_COUNT, NULL, ALWAYS, NULL },
    { "resources_with_unknown", TYPE_COUNT, NULL, ALWAYS, NULL },
};

static const struct member score_members[] = {
    { "percent", TYPE_SHARE, NULL, OR_NULL,
        "of what is known, passes, weighted by severity" },
    { "known_percent", TYPE_SHARE, NULL, OR_NULL, "of what applies, is known" },
};

static const struct member recommendation_members[] = {
    { "id", TYPE_TEXT, NULL, ALWAYS, NULL },
    { "title", TYPE_TEXT, NULL, ALWAYS, "what is true when it passes" },
    { "severity", TYPE_SEVERITY, NULL, ALWAYS, NULL },
    { "judged_on", TYPE_LEVEL, NULL, ALWAYS, NULL },
};

static const struct member subscription_members[] = {
    { "id", TYPE_TEXT, NULL, ALWAYS, NULL },
    { "name", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "state", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "resources", TYPE_COUNT, NULL, ALWAYS, NULL },
    { "inventory", TYPE_OBJECT, "facet", ALWAYS,
        "whether its vaults and HSMs could be listed" },
    { "score", TYPE_OBJECT, "score", ALWAYS, NULL },
};

static const struct member resource_members[] = {
    { "id", TYPE_TEXT, NULL, ALWAYS, "ARM id" },
    { "name", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "kind", TYPE_TEXT, NULL, ALWAYS, "vault or hsm" },
    { "subscription_id", TYPE_TEXT, NULL, ALWAYS, NULL },
    { "subscription_name", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "resource_group", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "location", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "score", TYPE_OBJECT, "score", ALWAYS, NULL },
    { "exposure", TYPE_TEXT, NULL, OR_NULL,
        "private, closed, perimeter, restricted, wide or open" },
    { "facets", TYPE_LIST, "facet", ALWAYS, NULL },
};

static const struct member facet_members[] = {
    { "facet", TYPE_TEXT, NULL, ALWAYS, "a kind of fact, from one API" },
    { "state", TYPE_TEXT, NULL, ALWAYS,
        "absent, loading, ready, denied, failed or not registered" },
    { "read_at", TYPE_TIME, NULL, OR_NULL, NULL },
    { "missing_permission", TYPE_TEXT, NULL, SOMETIMES, "when denied" },
    { "error", TYPE_TEXT, NULL, SOMETIMES, "when failed" },
};

static const struct member finding_members[] = {
    { "recommendation", TYPE_TEXT, NULL, ALWAYS, "its id" },
    { "judged_on", TYPE_LEVEL, NULL, ALWAYS, NULL },
    { "subject", TYPE_TEXT, NULL, ALWAYS, "the id of what is judged" },
    { "resource", TYPE_TEXT, NULL, OR_NULL, "that, when it is a resource" },
    { "verdict", TYPE_VERDICT, NULL, ALWAYS, NULL },
    { "severity", TYPE_SEVERITY, NULL, ALWAYS, NULL },
    { "evidence", TYPE_TEXT, NULL, ALWAYS, "the actual values" },
    { "evidence_cut", TYPE_TRUE, NULL, SOMETIMES, "it was too long" },
    { "since", TYPE_TIME, NULL, SOMETIMES, "null: not known" },
    { "before", TYPE_TEXT, NULL, SOMETIMES, "the verdict before that" },
    { "change", TYPE_TEXT, NULL, SOMETIMES, "new, fixed or reopened" },
    { "attestation", TYPE_OBJECT, "decision", SOMETIMES, NULL },
    { "exception", TYPE_OBJECT, "decision", SOMETIMES, NULL },
    { "missing", TYPE_LIST, "facet", SOMETIMES, "when unknown: what for" },
};

/* Of a line of ndjson, beside those of a finding. */
static const struct member line_members[] = {
    { "title", TYPE_TEXT, NULL, ALWAYS, "of the recommendation" },
    { "name", TYPE_TEXT, NULL, ALWAYS, "of the subject" },
    { "tenant_id", TYPE_TEXT, NULL, OR_NULL, NULL },
    { "reported_at", TYPE_TIME, NULL, ALWAYS, NULL },
    { "version", TYPE_VERSION, NULL, ALWAYS, "of this form" },
};

static const struct member decision_members[] = {
    { "recommendation", TYPE_TEXT, NULL, ALWAYS, "its id" },
    { "subject", TYPE_TEXT, NULL, SOMETIMES, "of an attestation" },
    { "scope", TYPE_TEXT, NULL, SOMETIMES, "of an exception" },
    { "answer", TYPE_TEXT, NULL, SOMETIMES, "of an attestation: pass or fail" },
    { "name", TYPE_TEXT, NULL, SOMETIMES, "who attests" },
    { "note", TYPE_TEXT, NULL, SOMETIMES, "how it is known" },
    { "owner", TYPE_TEXT, NULL, SOMETIMES, "who answers for the exception" },
    { "reason", TYPE_TEXT, NULL, SOMETIMES, "why it is accepted" },
    { "origin", TYPE_TEXT, NULL, SOMETIMES, "where it was found" },
    { "at", TYPE_TIME, NULL, OR_NULL, NULL },
    { "until", TYPE_TIME, NULL, OR_NULL, NULL },
    { "state", TYPE_TEXT, NULL, ALWAYS, "whether it still holds" },
};

#define OBJECT(name) { #name, name##_members, sizeof name##_members / sizeof name##_members[0] }

static const struct object objects[] = {
    OBJECT(estate),
    OBJECT(score),
    OBJECT(subscription),
    OBJECT(resource),
    OBJECT(facet),
    OBJECT(finding),
    OBJECT(decision),
};

/* ---- types ---- */

static json_t *named_type(const char *name)
{
    json_t *object = json_object();

    node_set(object, "type", node_text(name));
    return object;
}

static json_t *number_from_0(const char *name, json_t *most)
{
    json_t *object = named_type(name);

    node_set(object, "minimum", json_integer(0));
    if (most)
        node_set(object, "maximum", most);
    return object;
}

static json_t *one_of(const char *(*name)(unsigned index), unsigned count)
{
    json_t *object = json_object();
    json_t *list = json_array();

    for (unsigned i = 0; i < count; i++)
        json_array_append_new(list, node_text(name(i)));
    node_set(object, "enum", list);
    return object;
}

static const char *severity_at(unsigned index)
{
    return kv_severity_name((enum kv_severity)index);
}

static const char *verdict_at(unsigned index)
{
    return kv_verdict_name((enum kv_verdict)index);
}

static const char *level_at(unsigned index)
{
    return place_level_name((enum kv_facet_level)index);
}

static json_t *reference(const char *name)
{
    struct buf path = { .limit = 64 };
    json_t *object = json_object();

    buf_putf(&path, "#/$defs/%s", name);
    node_set(object, "$ref", node_text(buf_text(&path)));
    buf_done(&path);
    return object;
}

static json_t *type_of(const struct member *member)
{
    json_t *object;

    switch (member->type) {
    case TYPE_TEXT:
        return named_type("string");
    case TYPE_COUNT:
        return number_from_0("integer", NULL);
    case TYPE_SHARE:
        return number_from_0("number", json_integer(100));
    case TYPE_TIME:
        object = named_type("string");
        node_set(object, "format", node_text("date-time"));
        return object;
    case TYPE_TRUE:
        return json_pack("{s:b}", "const", 1);
    case TYPE_VERSION:
        return json_pack("{s:i}", "const", NODE_REPORT_VERSION);
    case TYPE_SEVERITY:
        return one_of(severity_at, KV_SEVERITY_COUNT);
    case TYPE_VERDICT:
        return one_of(verdict_at, KV_VERDICT_COUNT);
    case TYPE_LEVEL:
        return one_of(level_at, KV_LEVEL_TENANT + 1);
    case TYPE_OBJECT:
        return reference(member->of);
    case TYPE_LIST:
        object = named_type("array");
        node_set(object, "items", reference(member->of));
        return object;
    }
    return json_true();
}

static bool may_be_null(const struct member *member)
{
    return member->presence == OR_NULL ||
           (member->presence == SOMETIMES && member->type == TYPE_TIME);
}

static json_t *schema_of(const struct member *member)
{
    json_t *schema = type_of(member);

    if (may_be_null(member)) {
        json_t *either = json_array();
        json_t *object = json_object();

        json_array_append_new(either, schema);
        json_array_append_new(either, named_type("null"));
        node_set(object, "anyOf", either);
        schema = object;
    }
    if (member->what)
        node_set(schema, "description", node_text(member->what));
    return schema;
}

/* ---- objects ---- */

static json_t *object_new(void)
{
    json_t *object = named_type("object");

    node_set(object, "properties", json_object());
    node_set(object, "required", json_array());
    return object;
}

static void add_member(json_t *object, const char *name, json_t *schema)
{
    json_object_set_new(json_object_get(object, "properties"), name, schema);
    json_array_append_new(
        json_object_get(object, "required"), node_text(name));
}

static void add_members(
    json_t *object, const struct member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (members[i].presence != SOMETIMES)
            add_member(object, members[i].name, schema_of(&members[i]));
        else
            json_object_set_new(json_object_get(object, "properties"),
                members[i].name, schema_of(&members[i]));
    }
}

#define ADD(object, name)                                                      \
    add_members(                                                               \
        (object), name##_members, sizeof name##_members / sizeof *name##_members)

/* One number for each verdict, and the share that is known. */
static void add_tally(json_t *object)
{
    static const struct member known = { "known_percent", TYPE_SHARE, NULL,
        OR_NULL, "of what applies; null: nothing does" };

    for (unsigned i = 0; i < KV_VERDICT_COUNT; i++)
        add_member(object, node_verdict_members[i],
            number_from_0("integer", NULL));
    add_member(object, known.name, schema_of(&known));
}

static json_t *tally_definition(void)
{
    json_t *object = object_new();

    add_tally(object);
    return object;
}

static json_t *totals_definition(void)
{
    json_t *object = object_new();

    add_tally(object);
    add_member(object, "score", reference("score"));
    for (unsigned i = KV_SEVERITY_COUNT; i-- > 0;)
        add_member(object, severity_at(i), reference("tally"));
    return object;
}

static json_t *recommendation_definition(void)
{
    json_t *object = object_new();

    ADD(object, recommendation);
    add_tally(object);
    return object;
}

static json_t *line_definition(void)
{
    json_t *object = object_new();

    ADD(object, finding);
    ADD(object, line);
    node_set(object, "description", node_text("a line of the format ndjson"));
    return object;
}

static json_t *definitions(void)
{
    json_t *list = json_object();

    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        json_t *object = object_new();

        add_members(object, objects[i].members, objects[i].count);
        node_set(list, objects[i].name, object);
    }
    node_set(list, "tally", tally_definition());
    node_set(list, "totals", totals_definition());
    node_set(list, "recommendation", recommendation_definition());
    node_set(list, "line", line_definition());
    return list;
}

void kv_report_schema(struct buf *out)
{
    json_t *schema = object_new();
    struct buf id = { .limit = 64 };

    buf_putf(&id, "urn:kvgov:report:%d", NODE_REPORT_VERSION);
    node_set(schema, "$schema",
        node_text("https://json-schema.org/draft/2020-12/schema"));
    node_set(schema, "$id", node_text(buf_text(&id)));
    node_set(schema, "title", node_text("What kvgov scan --format json writes"));
    ADD(schema, report);
    node_set(schema, "$defs", definitions());
    node_put(out, schema, JSON_INDENT(2));
    buf_putc(out, '\n');
    buf_done(&id);
}
