/* Microsoft.Insights/metrics of vaults and managed HSMs. How much a vault is
 * used follows from its name, the same at every start; the estate's "idle"
 * names those that nobody uses. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cloud.h"
#include "handlers.h"
#include "objects.h"
#include "pim.h"

#define POINTS_MAX 50000
#define DAY_S 86400
#define HOUR_S 3600
/* Of a full timespan that is one interval. */
#define WHOLE "FULL"

/* How a metric is put together over an interval. */
enum measure {
    MEASURE_HITS,         /* how many requests */
    MEASURE_LATENCY,      /* milliseconds */
    MEASURE_AVAILABILITY, /* percent */
    MEASURE_SATURATION,
};

static const struct metric {
    const char *name;
    const char *display;
    const char *unit;
    const char *aggregation; /* the primary one */
    enum measure measure;
    bool hsm; /* managed HSMs have it too */
} metrics[] = {
    { "ServiceApiHit", "Total Service Api Hits", "Count", "Count", MEASURE_HITS,
        true },
    { "ServiceApiLatency", "Overall Service Api Latency", "MilliSeconds",
        "Average", MEASURE_LATENCY, true },
    { "ServiceApiResult", "Total Service Api Results", "Count", "Count",
        MEASURE_HITS, false },
    { "SaturationShoebox", "Overall Vault Saturation", "Percent", "Average",
        MEASURE_SATURATION, false },
    { "Availability", "Overall Vault Availability", "Percent", "Average",
        MEASURE_AVAILABILITY, true },
};
#define METRIC_COUNT (sizeof metrics / sizeof *metrics)

/* One request, taken apart. */
struct question {
    const struct item *resource;
    time_t start;
    time_t end;
    long step_s;
    const char *interval;
    const char *aggregations;
};

static const struct metric *metric_find(
    const struct item *resource, const char *name, size_t length)
{
    bool hsm = strstr(resource->type, "managedhsms") != NULL;

    for (size_t i = 0; i < METRIC_COUNT; i++)
        if (strlen(metrics[i].name) == length && (metrics[i].hsm || !hsm) &&
            strncasecmp(metrics[i].name, name, length) == 0)
            return &metrics[i];
    return NULL;
}

static const struct item *resource_known(struct call *call)
{
    const struct item *item =
        estate_find(&call->cloud->estate, KIND_RESOURCE, call->captures[0]);

    if (item && text_starts(item->type, "microsoft.keyvault/"))
        return item;
    answer_error(call, item ? 400 : 404,
        item ? "BadRequest" : "ResourceNotFound",
        item ? "Microsoft.Insights has no metrics of '%s' here."
             : "The Resource '%s' was not found.",
        call->captures[0]);
    return NULL;
}

/* ---- what was measured ---- */

/* A number below the limit that follows from the seed. */
static unsigned long seeded(const char *name, time_t when, unsigned long limit)
{
    char *seed = alloc_format("metric %s %lld", name, (long long)when);
    char *digits = seeded_hex(seed, 8);
    unsigned long number = strtoul(digits, NULL, 16) % limit;

    free(seed);
    free(digits);
    return number;
}

static bool idle(const struct call *call, const struct item *resource)
{
    size_t index;
    json_t *name;

    json_array_foreach(estate_member(&call->cloud->estate, "idle"), index, name)
    {
        if (text_same(json_string_value(name), resource->name))
            return true;
    }
    return false;
}

/* Between 100 and 2,100 a day, in each interval its share. */
static double hits(const struct question *question, time_t when)
{
    double day = 100 + (double)seeded(question->resource->name, 0, 2000);
    double wave =
        0.8 + (double)seeded(question->resource->name, when, 40) / 100;

    return (double)(long)(day * wave * (double)question->step_s / DAY_S);
}

static double measure(
    const struct question *question, const struct metric *metric, time_t when)
{
    const char *name = question->resource->name;

    switch (metric->measure) {
    case MEASURE_HITS:
        return hits(question, when);
    case MEASURE_LATENCY:
        return 12 + (double)seeded(name, when, 900) / 100;
    case MEASURE_AVAILABILITY:
        return 100;
    case MEASURE_SATURATION:
        return (double)seeded(name, when, 60) / 10;
    }
    return 0;
}

static bool aggregation_wanted(
    const struct question *question, const char *name)
{
    return text_holds(question->aggregations, name);
}

static void put_member(json_t *point, const struct question *question,
    const char *name, double value)
{
    char *member = alloc_lower(name);

    if (aggregation_wanted(question, name))
        json_object_set_new(point, member, json_real(value));
    free(member);
}

/* Where nothing was measured a point has its time only, but for counts. */
static json_t *point_json(const struct call *call,
    const struct question *question, const struct metric *metric, time_t when)
{
    bool counts = metric->measure == MEASURE_HITS;
    bool used = !idle(call, question->resource);
    double value = used ? measure(question, metric, when) : 0;
    char stamp[32];
    json_t *point;

    time_text(when, stamp);
    point = json_pack("{s:s}", "timeStamp", stamp);
    if (counts) {
        put_member(point, question, "Count", value);
        put_member(point, question, "Total", value);
    } else if (used) {
        put_member(point, question, "Average", value);
        put_member(point, question, "Minimum", value);
        put_member(point, question, "Maximum", value);
        put_member(point, question, "Count", hits(question, when));
    }
    return point;
}

static json_t *series_json(const struct call *call,
    const struct question *question, const struct metric *metric)
{
    json_t *data = json_array();

    for (time_t when = question->start; when < question->end;
         when += question->step_s)
        json_array_append_new(data, point_json(call, question, metric, when));
    return json_pack("[{s:[], s:o}]", "metadatavalues", "data", data);
}

static json_t *metric_json(const struct call *call,
    const struct question *question, const struct metric *metric)
{
    return json_pack("{s:o, s:s, s:{s:s, s:s}, s:s, s:s, s:o, s:s}", "id",
        json_sprintf("%s/providers/Microsoft.Insights/metrics/%s",
            question->resource->id, metric->name),
        "type", "Microsoft.Insights/metrics", "name", "value", metric->name,
        "localizedValue", metric->display, "displayDescription",
        metric->display, "unit", metric->unit, "timeseries",
        series_json(call, question, metric), "errorCode", "Success");
}

/* ---- taking the request apart ---- */

static bool refuse(struct call *call, const char *message)
{
    answer_json(call, 400,
        json_pack("{s:s, s:s}", "code", "BadRequest", "message", message));
    return false;
}

static bool time_parse(const char *text, time_t *out)
{
    struct tm parts = { 0 };
    const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;

    *out = end ? timegm(&parts) : 0;
    return end != NULL;
}

/* "START/END", or the last hour. */
static bool take_timespan(struct call *call, struct question *question)
{
    const char *span = call_query(call, "timespan");
    const char *slash = span ? strchr(span, '/') : NULL;
    time_t now = time(NULL);

    question->end = now - now % 60;
    question->start = question->end - HOUR_S;
    if (!span)
        return true;
    if (slash && time_parse(span, &question->start) &&
        time_parse(slash + 1, &question->end) &&
        question->start < question->end)
        return true;
    return refuse(call, "The timespan is not START/END in ISO 8601.");
}

static bool take_interval(struct call *call, struct question *question)
{
    static const char *const known[] = { "PT1M", "PT5M", "PT15M", "PT30M",
        "PT1H", "PT6H", "PT12H", "P1D" };
    const char *interval = call_query(call, "interval");
    bool good = !interval || text_same(interval, WHOLE);

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        good = good || text_same(interval, known[i]);
    if (!good)
        return refuse(call,
            "Invalid time grain duration; valid ones are 00:01:00, 00:05:00, "
            "00:15:00, 00:30:00, 01:00:00, 06:00:00, 12:00:00, 1.00:00:00.");
    question->interval = interval ? interval : "PT1M";
    question->step_s = interval && text_same(interval, WHOLE)
                           ? (long)(question->end - question->start)
                           : pim_duration_s(question->interval);
    if ((question->end - question->start) / question->step_s > POINTS_MAX)
        return refuse(call, "The timespan holds too many intervals.");
    return true;
}

static bool take_question(struct call *call, struct question *question)
{
    const char *aggregations = call_query(call, "aggregation");

    question->resource = resource_known(call);
    question->aggregations = aggregations ? aggregations : "";
    if (!question->resource || !take_timespan(call, question) ||
        !take_interval(call, question))
        return false;
    if (call_query(call, "$filter"))
        return refuse(call, "This cloud keeps no dimensions of metrics.");
    return true;
}

/* The named ones, or the first; NULL after an answer. */
static json_t *metrics_json(struct call *call, struct question *question)
{
    const char *names = call_query(call, "metricnames");
    bool primary = !*question->aggregations;
    json_t *list = json_array();

    names = names && *names ? names : metrics[0].name;
    while (*names) {
        size_t length = strcspn(names, ",");
        const struct metric *metric =
            metric_find(question->resource, names, length);

        if (!metric) {
            json_decref(list);
            refuse(call, "Failed to find metric configuration for the "
                         "resource type; valid metrics: ServiceApiHit, "
                         "ServiceApiLatency, ServiceApiResult, "
                         "SaturationShoebox, Availability.");
            return NULL;
        }
        if (primary)
            question->aggregations = metric->aggregation;
        json_array_append_new(list, metric_json(call, question, metric));
        names += length + (names[length] == ',');
    }
    return list;
}

void metrics_list(struct call *call)
{
    struct question question = { 0 };
    json_t *list;
    char start[32];
    char end[32];
    char *region;

    if (!take_question(call, &question))
        return;
    list = metrics_json(call, &question);
    if (!list)
        return;
    region = item_copy(question.resource, "location");
    time_text(question.start, start);
    time_text(question.end, end);
    answer_json(call, 200,
        json_pack("{s:i, s:o, s:s, s:o, s:s, s:s}", "cost", 0, "timespan",
            json_sprintf("%s/%s", start, end), "interval", question.interval,
            "value", list, "namespace",
            strstr(question.resource->type, "managedhsms")
                ? "Microsoft.KeyVault/managedHSMs"
                : "Microsoft.KeyVault/vaults",
            "resourceregion", region));
    free(region);
}
