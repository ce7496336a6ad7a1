/* Drawing charts. */
#include "html_chart.h"

#define BAR_X 74 /* where bars begin, behind their names */
#define BAR_WIDTH 420
#define BAR_HEIGHT 16
#define BAR_STEP 25
#define TOTAL_WIDTH 46

static uint32_t count_of(const struct kv_tally *tally, size_t verdict)
{
    uint32_t count = tally->count[html_verdicts[verdict].verdict];

    return html_verdicts[verdict].verdict == KV_VERDICT_UNKNOWN
               ? count + tally->count[KV_VERDICT_NONE]
               : count;
}

static uint32_t total_of(const struct kv_tally *tally)
{
    uint32_t total = 0;

    for (size_t i = 0; i < HTML_VERDICTS; i++)
        total += count_of(tally, i);
    return total;
}

/* "12 fail, 3 unknown" */
static void put_words(struct buf *out, const struct kv_tally *tally)
{
    const char *between = "";

    for (size_t i = 0; i < HTML_VERDICTS; i++) {
        if (count_of(tally, i) == 0)
            continue;
        buf_putf(out, "%s%u %s", between, count_of(tally, i),
            html_verdicts[i].name);
        between = ", ";
    }
    if (!*between)
        buf_puts(out, "nothing applies");
}

/* Pieces beside each other, as wide as their share. */
static void put_pieces(struct buf *out, const struct kv_tally *tally,
    double x, double y, double width, double height)
{
    double total = total_of(tally);

    for (size_t i = 0; i < HTML_VERDICTS; i++) {
        double share = total > 0 ? count_of(tally, i) / total * width : 0;

        if (share > 0)
            buf_putf(out,
                "<rect class=\"b-%s\" x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" "
                "height=\"%.0f\"/>",
                html_verdicts[i].style, x, y, share, height);
        x += share;
    }
}

void html_put_bar(struct buf *out, const struct kv_tally *tally)
{
    buf_puts(out, "<svg viewBox=\"0 0 120 12\" preserveAspectRatio=\"none\" "
                  "aria-hidden=\"true\">");
    put_pieces(out, tally, 0, 0, 120, 12);
    buf_puts(out, "</svg>");
}

static void put_bar(struct buf *out, const struct html_bar *bar, size_t index)
{
    double y = (double)index * BAR_STEP;

    buf_putf(out, "<text x=\"0\" y=\"%.0f\">", y + 12);
    html_text(out, bar->name);
    buf_puts(out, "</text>");
    put_pieces(out, bar->tally, BAR_X, y, BAR_WIDTH, BAR_HEIGHT);
    buf_putf(out, "<text class=\"soft\" x=\"%d\" y=\"%.0f\">%u</text>\n",
        BAR_X + BAR_WIDTH + 8, y + 12, total_of(bar->tally));
}

void html_put_bars(struct buf *out, const char *title,
    const struct html_bar *bars, size_t count)
{
    buf_putf(out, "<figure><figcaption>%s</figcaption>\n<svg role=\"img\" "
                  "viewBox=\"0 0 %d %zu\"><title>%s</title><desc>",
        title, BAR_X + BAR_WIDTH + TOTAL_WIDTH, count * BAR_STEP, title);
    for (size_t i = 0; i < count; i++) {
        html_text(out, bars[i].name);
        buf_puts(out, ": ");
        put_words(out, bars[i].tally);
        buf_puts(out, ". ");
    }
    buf_puts(out, "</desc>\n");
    for (size_t i = 0; i < count; i++)
        put_bar(out, &bars[i], i);
    buf_puts(out, "</svg></figure>\n");
}

/* ---- the trend ---- */

#define TREND_WIDTH 540
#define TREND_HEIGHT 120

struct trend {
    struct kv_trend_day days[KV_TREND_DAYS];
    size_t first; /* that is known */
    uint32_t most;
};

static void trend_init(struct trend *trend, const struct kv_session *session)
{
    trend->first = KV_TREND_DAYS;
    trend->most = 1;
    kv_session_trend(session, KV_NONE, NULL, trend->days, KV_TREND_DAYS);
    for (size_t i = KV_TREND_DAYS; i-- > 0;) {
        const uint32_t *count = trend->days[i].tally.count;

        if (!trend->days[i].known)
            continue;
        trend->first = i;
        for (unsigned verdict = 0; verdict < 2; verdict++) {
            uint32_t value = count[verdict ? KV_VERDICT_UNKNOWN
                                           : KV_VERDICT_FAIL];

            trend->most = value > trend->most ? value : trend->most;
        }
    }
}

static void put_line(struct buf *out, const struct trend *trend,
    enum kv_verdict verdict, const char *style)
{
    double step = TREND_WIDTH / (double)(KV_TREND_DAYS - 1 - trend->first);

    buf_putf(out, "<polyline fill=\"none\" stroke=\"var(--%s)\" "
                  "stroke-width=\"2\" points=\"",
        style);
    for (size_t i = trend->first; i < KV_TREND_DAYS; i++)
        if (trend->days[i].known)
            buf_putf(out, "%.1f,%.1f ", (double)(i - trend->first) * step,
                TREND_HEIGHT - 4 -
                    (TREND_HEIGHT - 8) *
                        (double)trend->days[i].tally.count[verdict] /
                        trend->most);
    buf_puts(out, "\"/>\n");
}

void html_put_trend(struct buf *out, const struct kv_session *session)
{
    struct trend trend;
    const struct kv_tally *now = &trend.days[KV_TREND_DAYS - 1].tally;

    if (!session)
        return;
    trend_init(&trend, session);
    if (trend.first + 1 >= KV_TREND_DAYS)
        return;
    buf_putf(out,
        "<figure><figcaption>Failing and unknown over %zu "
        "days</figcaption>\n<svg role=\"img\" viewBox=\"0 0 %d "
        "%d\"><title>Trend</title><desc>From %u failing and %u unknown to %u "
        "and %u.</desc>\n",
        KV_TREND_DAYS - trend.first, TREND_WIDTH, TREND_HEIGHT,
        trend.days[trend.first].tally.count[KV_VERDICT_FAIL],
        trend.days[trend.first].tally.count[KV_VERDICT_UNKNOWN],
        now->count[KV_VERDICT_FAIL], now->count[KV_VERDICT_UNKNOWN]);
    put_line(out, &trend, KV_VERDICT_FAIL, "fail");
    put_line(out, &trend, KV_VERDICT_UNKNOWN, "unknown");
    buf_puts(out, "</svg></figure>\n");
}
