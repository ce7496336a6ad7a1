/* Charts as inline SVG: each has a text that says the same. */
#ifndef REPORT_HTML_CHART_H
#define REPORT_HTML_CHART_H

#include "html.h"

/* Bars of verdicts, one below the other. */
struct html_bar {
    const char *name;
    const struct kv_tally *tally;
};
void html_put_bars(struct buf *out, const char *title,
    const struct html_bar *bars, size_t count);
/* One bar without words, for a cell beside its numbers. */
void html_put_bar(struct buf *out, const struct kv_tally *tally);
/* How many failed and how many were not known, by day; nothing before two days
 * are known. */
void html_put_trend(struct buf *out, const struct kv_session *session);

#endif
