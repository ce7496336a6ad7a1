/* The report as one page: the sections, each in a file, in the order in which
 * they stand. Well-formed as XML too. Every text is escaped, ours as well as a
 * stranger's. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "order.h"
#include "stream.h"

/* Vaults and HSMs with a place of their own on the page, the worst ones: a
 * browser shows no more with comfort. */
#define HTML_RESOURCES_MOST 1000u

struct html {
    struct buf *out; /* of the report */
    struct kv_report *report;
    const struct kv_report_input *input;
    struct order order;
    uint32_t resources; /* shown, of those in `order` */
};

extern const char html_style[];

void html_put_summary(const struct html *html);
void html_put_rows(const struct html *html); /* recommendations */
void html_put_matrix(const struct html *html);
void html_put_places(const struct html *html);
void html_put_open(const struct html *html);     /* what is not known */
void html_put_decided(const struct html *html);  /* what people decided */
void html_put_catalogue(const struct html *html); /* why, how, sources */

/* ---- pieces ---- */

void html_text(struct buf *out, const char *text);
void html_lines(struct buf *out, const char *text);
void html_date(struct buf *out, int64_t time_s);
void html_severity(struct buf *out, enum kv_severity severity); /* a chip */
/* A link to the row's own section. */
void html_row_link(struct buf *out, const struct kv_recommendation *row);
/* A link to the place where it is shown; its name alone where it is not. */
void html_place_link(const struct html *html, struct place place);
void html_place_id(struct buf *out, struct place place);
void html_sources(struct buf *out, const char *const *sources);

/* Verdicts in the order of charts and tables, with their colours. */
struct html_verdict {
    enum kv_verdict verdict;
    const char *name;
    const char *style; /* of the class */
    const char *mark;  /* in the matrix; of a fail that of its severity */
};
#define HTML_VERDICTS 6
extern const struct html_verdict html_verdicts[HTML_VERDICTS];
/* NULL when it is not applicable. One that nobody judged counts as unknown. */
const struct html_verdict *html_verdict_of(enum kv_verdict verdict);

#endif
