/* Alert rules: those that are missing among refused access, deletions and
 * purges, deletion of the resource itself, availability, latency, saturation
 * and errors. Each is a rule of its own for one resource. */
#include "plan.h"

#include <string.h>

#include "estate.h"
#include "groups.h"
#include "watch.h"

#define METRIC_API "2018-03-01"
#define ACTIVITY_API "2020-10-01"
#define QUERY_API "2023-12-01"
#define GROUP_API "2023-01-01"
#define INSIGHTS "/providers/Microsoft.Insights/"
#define NEW_GROUP "new"

/* ---- the rules ---- */

enum about {
    ABOUT_AUDIT = 1u << 0,   /* LOG-5 */
    ABOUT_DELETE = 1u << 1,  /* LOG-9 */
    ABOUT_METRICS = 1u << 2, /* LOG-10 */
};

struct rule {
    const char *name;
    const char *what;
    enum about about;
    bool hsm; /* HSMs have it too */
    const char *metric;
    const char *aggregation;
    const char *operator;
    int threshold;
    int severity;
    uint32_t looks_at;
};

static const struct rule rules[] = {
    { .name = "failures",
        .what = "refused access",
        .about = ABOUT_AUDIT,
        .hsm = true,
        .severity = 2,
        .looks_at = KV_QUERY_FAILURES },
    { .name = "deletions",
        .what = "deletions and purges inside",
        .about = ABOUT_AUDIT,
        .hsm = true,
        .severity = 2,
        .looks_at = KV_QUERY_DELETIONS },
    { .name = "delete",
        .what = "deletion of the resource itself",
        .about = ABOUT_DELETE,
        .hsm = true },
    { .name = "availability",
        .what = "availability below 100 %",
        .about = ABOUT_METRICS,
        .hsm = true,
        .metric = "Availability",
        .aggregation = "Average",
        .operator = "LessThan",
        .threshold = 100,
        .severity = 1 },
    { .name = "latency",
        .what = "latency above a second",
        .about = ABOUT_METRICS,
        .hsm = true,
        .metric = "ServiceApiLatency",
        .aggregation = "Average",
        .operator = "GreaterThan",
        .threshold = 1000,
        .severity = 3 },
    { .name = "saturation",
        .what = "saturation above 75 %",
        .about = ABOUT_METRICS,
        .metric = "SaturationShoebox",
        .aggregation = "Average",
        .operator = "GreaterThan",
        .threshold = 75,
        .severity = 1 },
    { .name = "errors",
        .what = "answers with a server error",
        .about = ABOUT_METRICS,
        .metric = "ServiceApiResult",
        .aggregation = "Count",
        .operator = "GreaterThan",
        .threshold = 0,
        .severity = 2 },
};
#define RULE_COUNT (sizeof rules / sizeof *rules)

/* ---- options ---- */

static void rules_offer(struct option *out, const struct plan_targets *targets)
{
    static const struct {
        const char *row;
        const char *value;
    } defaults[] = { { "LOG-5", "audit" }, { "LOG-9", "delete" },
        { "LOG-10", "metrics" } };

    option_add_choice(out, "all", "all that are missing");
    option_add_choice(out, "audit", "refused access, deletions and purges");
    option_add_choice(out, "delete", "deletion of the vault or HSM itself");
    option_add_choice(
        out, "metrics", "availability, latency, saturation, errors");
    option_set_value(out, "all");
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (text_equal_nocase(targets->row, defaults[i].row))
            option_set_value(out, defaults[i].value);
}

static void group_offer(struct option *out, const struct plan_targets *targets)
{
    groups_offer(out, targets);
    option_add_choice(out, NEW_GROUP, "a new one, with the e-mail address");
    if (!out->value || !*out->value)
        option_set_value(out, NEW_GROUP);
}

static enum kv_status email_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    const char *at = strchr(value, '@');

    (void)option;
    if (!*value || (at && at != value && at[1] && !strchr(at + 1, '@') &&
                       !value[strcspn(value, " \t\",;<>")]))
        return KV_OK;
    return kv_error_set(
        err, KV_BAD_INPUT, "\"%.64s\" is not an e-mail address.", value);
}

const struct option_row alerts_options[] = {
    {
        .name = "rules",
        .label = "Which alert rules",
        .help = "only those that are missing are made; each is billed by the "
                "month",
        .offer = rules_offer,
    },
    {
        .name = "group",
        .label = "Action group that is told",
        .help = "the one that most rules tell comes first",
        .offer = group_offer,
    },
    {
        .name = "email",
        .label = "E-mail address of a new action group",
        .help = "only where a new one is made; Azure sends a confirmation "
                "there",
        .accept = email_accept,
    },
    { 0 },
};

static uint32_t chosen(const struct plan_input *input)
{
    const char *value = input_option(input, "rules");

    if (text_equal_nocase(value, "audit"))
        return ABOUT_AUDIT;
    if (text_equal_nocase(value, "delete"))
        return ABOUT_DELETE;
    if (text_equal_nocase(value, "metrics"))
        return ABOUT_METRICS;
    return ABOUT_AUDIT | ABOUT_DELETE | ABOUT_METRICS;
}

/* ---- what is missing ---- */

static const char *type_of(const struct kv_resource *resource)
{
    return resource->kind == KV_KIND_HSM ? "Microsoft.KeyVault/managedHSMs"
                                         : "Microsoft.KeyVault/vaults";
}

static bool watches_text(const struct kv_alert *alert, const char *text)
{
    for (uint32_t i = 0; i < alert->watch_count; i++)
        if (text_equal_nocase(alert->watches[i], text))
            return true;
    return false;
}

static bool serves(const struct rule *rule, const struct kv_alert *alert,
    const char *deletion)
{
    if (rule->metric)
        return alert->kind == KV_ALERT_METRIC &&
               watches_text(alert, rule->metric);
    if (rule->looks_at)
        return alert->kind == KV_ALERT_LOG && alert->looks_at & rule->looks_at;
    return alert->kind == KV_ALERT_ACTIVITY_LOG &&
           (alert->watch_count == 0 || watches_text(alert, deletion));
}

static bool is_missing(const struct plan_input *input,
    const struct watch *watch, const struct rule *rule)
{
    struct buf deletion = { .limit = 128 };
    bool missing = true;

    buf_putf(&deletion, "%s/delete", type_of(input->resource));
    for (size_t i = 0; i < watch->count; i++)
        if (watch->items[i].gap == ALERT_WORKS &&
            serves(rule, watch->items[i].alert, buf_text(&deletion)))
            missing = false;
    buf_done(&deletion);
    return missing;
}

/* ---- where ---- */

struct place {
    struct buf group;        /* resource group of the rules */
    struct buf action_group; /* id */
    const struct kv_diagnostic *log;
    const struct kv_sink *workspace;
};

static void place_init(struct place *place, const struct plan_input *input)
{
    const struct kv_resource *resource = input->resource;
    struct arm_id id = arm_id_parse(view_of(resource->id));
    const char *chosen_group = input_option(input, "group");

    *place = (struct place){ .group.limit = 1024, .action_group.limit = 2048 };
    buf_putf(&place->group, "/subscriptions/%.*s/resourceGroups/%.*s",
        (int)id.subscription.size, id.subscription.data,
        (int)id.resource_group.size, id.resource_group.data);
    if (text_equal_nocase(chosen_group, NEW_GROUP))
        buf_putf(&place->action_group, "%s" INSIGHTS "actionGroups/kvgov-alerts",
            buf_text(&place->group));
    else
        buf_puts(&place->action_group, chosen_group);
    for (uint32_t i = 0; i < resource->diagnostic_count; i++)
        if (resource->diagnostics[i].audit &&
            resource->diagnostics[i].workspace_id && !place->workspace) {
            place->log = &resource->diagnostics[i];
            place->workspace = kv_estate_find_sink(
                input->estate, place->log->workspace_id);
        }
}

static void place_done(struct place *place)
{
    buf_done(&place->group);
    buf_done(&place->action_group);
}

/* ---- bodies ---- */

static json_t *metric_properties(const struct plan_input *input,
    const struct place *place, const struct rule *rule)
{
    json_t *criterion = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:i, s:s}", "name", rule->name,
        "criterionType", "StaticThresholdCriterion", "metricName",
        rule->metric, "metricNamespace", type_of(input->resource), "operator",
        rule->operator, "threshold", rule->threshold, "timeAggregation",
        rule->aggregation);

    if (strcmp(rule->metric, "ServiceApiResult") == 0)
        (void)json_object_set_new(criterion, "dimensions",
            json_pack("[{s:s, s:s, s:[s]}]", "name", "StatusCodeClass",
                "operator", "Include", "values", "5xx"));
    return json_pack("{s:i, s:b, s:[s], s:s, s:s, s:{s:s, s:[o]}, s:[{s:s}]}",
        "severity", rule->severity, "enabled", 1, "scopes",
        input->resource->id, "evaluationFrequency", "PT1M", "windowSize",
        "PT5M", "criteria", "odata.type",
        "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        "allOf", criterion, "actions", "actionGroupId",
        buf_text(&place->action_group));
}

static json_t *activity_properties(
    const struct plan_input *input, const struct place *place)
{
    struct buf scope = { .limit = 256 };
    struct buf operation = { .limit = 256 };
    json_t *properties;

    buf_putf(&scope, "/subscriptions/%s", input->subscription->id);
    buf_putf(&operation, "%s/delete", type_of(input->resource));
    properties = json_pack(
        "{s:[s], s:b, s:{s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]}, "
        "s:{s:[{s:s}]}}",
        "scopes", buf_text(&scope), "enabled", 1, "condition", "allOf",
        "field", "category", "equals", "Administrative", "field",
        "operationName", "equals", buf_text(&operation), "field", "resourceId",
        "equals", input->resource->id, "actions", "actionGroups",
        "actionGroupId", buf_text(&place->action_group));
    buf_done(&operation);
    buf_done(&scope);
    return properties;
}

/* The first call of every SDK is answered with 401: that is no failure. */
static void put_query(struct buf *out, const struct plan_input *input,
    const struct place *place, const struct rule *rule)
{
    bool own = place->log->dedicated;

    buf_putf(out, "%s | where %s =~ '%s' | where ",
        own ? "AZKVAuditLogs"
            : "AzureDiagnostics | where ResourceProvider =~ "
              "'MICROSOFT.KEYVAULT'",
        own ? "_ResourceId" : "ResourceId", input->resource->id);
    if (rule->looks_at == KV_QUERY_FAILURES)
        buf_puts(out,
            own ? "HttpStatusCode == 403" : "httpStatusCode_d == 403");
    else
        buf_puts(out, "OperationName in ('SecretDelete', 'KeyDelete', "
                      "'CertificateDelete', 'SecretPurge', 'KeyPurge', "
                      "'CertificatePurge')");
}

static json_t *query_properties(const struct plan_input *input,
    const struct place *place, const struct rule *rule)
{
    struct buf query = { .limit = 4096 };
    json_t *properties;

    put_query(&query, input, place, rule);
    properties = json_pack(
        "{s:b, s:i, s:[s], s:s, s:s, s:b, s:{s:[{s:s, s:s, s:s, s:i, s:{s:i, "
        "s:i}}]}, s:{s:[s]}}",
        "enabled", 1, "severity", rule->severity, "scopes",
        place->workspace->id, "evaluationFrequency", "PT15M", "windowSize",
        "PT15M", "skipQueryValidation", 1, "criteria", "allOf", "query",
        buf_text(&query), "timeAggregation", "Count", "operator",
        "GreaterThan", "threshold", 0, "failingPeriods",
        "numberOfEvaluationPeriods", 1, "minFailingPeriodsToAlert", 1,
        "actions", "actionGroups", buf_text(&place->action_group));
    buf_done(&query);
    return properties;
}

/* ---- steps ---- */

struct made {
    const char *collection;
    const char *api_version;
    const char *location;
    const char *what;
};

static void make(struct draft *draft, const struct place *place,
    const struct made *made, const char *name, json_t *properties)
{
    struct buf path = { .limit = 2048 };
    struct step *step;

    buf_putf(&path, "%s" INSIGHTS "%s/%s", buf_text(&place->group),
        made->collection, name);
    step = draft_step(draft, "PUT", buf_text(&path), made->api_version);
    step_what(step, "%s", made->what);
    step_scope_is(step, buf_text(&place->group));
    step_body_is(step, json_pack("{s:s, s:O}", "location", made->location,
                           "properties", properties));
    step_set(step, "properties", NULL, properties, NULL);
    step->reversible = step->loose = true;
    buf_done(&path);
}

/* The rules of that collection in the group: a name that is taken is left. */
static const struct live_answer *names_of(
    struct draft *draft, const struct place *place, const struct made *made)
{
    return draft_list(draft, "%s" INSIGHTS "%s?api-version=%s",
        buf_text(&place->group), made->collection, made->api_version);
}

static struct made made_of(const struct place *place, const struct rule *rule)
{
    if (rule->metric)
        return (struct made){ "metricAlerts", METRIC_API, "global",
            rule->what };
    if (rule->looks_at)
        return (struct made){ "scheduledQueryRules", QUERY_API,
            place->workspace->location ? place->workspace->location : "",
            rule->what };
    return (struct made){ "activityLogAlerts", ACTIVITY_API, "Global",
        rule->what };
}

static void make_rule(struct draft *draft, const struct plan_input *input,
    const struct place *place, const struct rule *rule)
{
    struct made made = made_of(place, rule);
    const struct live_answer *names = names_of(draft, place, &made);
    struct buf wanted = { .limit = 256 };
    struct buf name = { .limit = 256 };
    struct buf what = { .limit = 256 };

    if (!names)
        return;
    buf_putf(&wanted, "kvgov-%s-%s", input->resource->name, rule->name);
    list_put_free_name(&name, names->body, buf_text(&wanted));
    buf_putf(&what, "create the alert rule on %s", rule->what);
    made.what = buf_text(&what);
    make(draft, place, &made, buf_text(&name),
        rule->metric     ? metric_properties(input, place, rule)
        : rule->looks_at ? query_properties(input, place, rule)
                         : activity_properties(input, place));
    buf_done(&what);
    buf_done(&name);
    buf_done(&wanted);
}

static void make_group(struct draft *draft, const struct plan_input *input,
    const struct place *place)
{
    const struct made made = { "actionGroups", GROUP_API, "Global",
        "create the action group" };
    const char *email = input_option(input, "email");
    const struct live_answer *there = draft_read(draft,
        "%s?api-version=" GROUP_API, buf_text(&place->action_group));

    if (!there || there->body)
        return;
    if (!*email) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "a new action group needs an e-mail address: give one in "
            "\"email\", or choose a group that is there");
        return;
    }
    make(draft, place, &made, "kvgov-alerts",
        json_pack("{s:s, s:b, s:[{s:s, s:s, s:b}]}", "groupShortName", "kvgov",
            "enabled", 1, "emailReceivers", "name", "mail", "emailAddress",
            email, "useCommonAlertSchema", 1));
}

/* ---- the remedy ---- */

static bool can_make(struct draft *draft, const struct place *place,
    const struct rule *rule)
{
    if (!rule->looks_at || place->workspace)
        return true;
    preview_check(&draft->preview,
        draft->step_count > 0 ? KV_CHECK_WARN : KV_CHECK_BLOCK,
        "no rule can look for %s: the audit log goes to no workspace that was "
        "read (diagnostics-on)",
        rule->what);
    return false;
}

/* How many are missing, whether or not each can be made. */
static size_t make_missing(struct draft *draft, const struct plan_input *input,
    const struct place *place, const struct watch *watch)
{
    bool hsm = input->resource->kind == KV_KIND_HSM;
    size_t missing = 0;

    for (size_t i = RULE_COUNT; i-- > 0;) {
        if (!(rules[i].about & chosen(input)) || (hsm && !rules[i].hsm) ||
            !is_missing(input, watch, &rules[i]))
            continue;
        missing++;
        if (can_make(draft, place, &rules[i]))
            make_rule(draft, input, place, &rules[i]);
    }
    return missing;
}

static void describe_rules(struct draft *draft, size_t missing)
{
    struct preview *preview = &draft->preview;

    preview->takes = "in effect within 10 minutes";
    preview->undo = "yes, the rules that were made are removed";
    preview->impact = preview_text(preview,
        "Nobody loses access. %zu alert rules are missing; each that is made "
        "is billed by the month, and whoever the action group names is told "
        "when it fires.",
        missing);
    if (missing == 0)
        preview->nothing = "none of those rules is missing";
}

void alerts_plan(struct draft *draft, const struct plan_input *input)
{
    const struct kv_subject subject = {
        .estate = input->estate,
        .resource = input->resource,
        .policy = input->policy,
        .now_s = input->now_s,
        .subscription = input->resource->subscription,
    };
    bool is_new = text_equal_nocase(input_option(input, "group"), NEW_GROUP);
    struct watch *watch = watch_make(&subject);
    struct place place;

    place_init(&place, input);
    if (is_new)
        make_group(draft, input, &place);
    if (is_new || groups_check(draft, input))
        describe_rules(
            draft, make_missing(draft, input, &place, watch));
    place_done(&place);
    watch_free(watch);
}
