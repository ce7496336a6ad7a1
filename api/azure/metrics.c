/* Microsoft.Insights/metrics 2023-10-01. ServiceApiHit counts every request to
 * a vault, refused ones too; its total is in `count`. */
#include "metrics.h"

#define HITS "ServiceApiHit"

void metrics_path(
    struct buf *out, const char *resource, int64_t from_s, int64_t now_s)
{
    buf_putf(out,
        "%s/providers/Microsoft.Insights/metrics?api-version=2023-10-01"
        "&metricnames=" HITS "&aggregation=Count&interval=P1D&timespan=",
        resource);
    buf_put_time(out, from_s);
    buf_putc(out, '/');
    buf_put_time(out, now_s);
}

/* A service may answer 12 or 12.0. */
static uint64_t count_of(const json_t *point)
{
    const json_t *count = field(point, "count");
    double number = json_is_number(count) ? json_number_value(count) : 0;

    return number > 0 && number < 1e15 ? (uint64_t)number : 0;
}

static void take_points(struct kv_metric *row, const json_t *points)
{
    for (size_t i = 0; i < json_array_size(points); i++) {
        const json_t *point = json_array_get(points, i);
        int64_t at_s = field_time(point, "timeStamp");
        uint64_t count = count_of(point);

        if (at_s > 0 && (row->from_s == 0 || at_s < row->from_s))
            row->from_s = at_s;
        row->total += count;
        if (count > 0 && at_s > row->last_s)
            row->last_s = at_s;
    }
}

bool metrics_take(const struct azure_context *context, const json_t *body)
{
    struct kv_estate *estate = context->estate;
    const json_t *list = field_array(body, "value");
    struct buf id = { .limit = 4096 };
    struct kv_metric row = { .name = HITS };

    if (!list)
        return false;
    buf_putf(&id, "%s#" HITS, context->subject);
    row.id = estate_text(estate, buf_view(&id));
    row.scope = estate_text(estate, view_of(context->subject));
    buf_done(&id);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *metric = json_array_get(list, i);
        const json_t *series = field_array(metric, "timeseries");

        for (size_t k = 0; k < json_array_size(series); k++)
            take_points(&row, field_array(json_array_get(series, k), "data"));
    }
    estate_take_row(estate, KV_SET_METRICS, &row);
    return true;
}
