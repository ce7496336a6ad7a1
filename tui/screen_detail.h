/* What the files of the detail screen share. A tab is a row of a table and a
 * function that makes its page from the estate. A page holds copies, so what
 * is shown stays valid until the next news makes it again. */
#ifndef SCREEN_DETAIL_H
#define SCREEN_DETAIL_H

#include "kvgov/session.h"
#include "list.h"
#include "sheet.h"

#define DETAIL_CELLS 7
/* Where the texts of the labels beside and below a list begin. */
#define DETAIL_INDENT 12

/* Everything that a page is made from. */
struct detail_facts {
    const struct kv_estate *estate;
    const struct kv_posture *posture;
    const struct kv_policy *policy;
    const struct kv_session *session; /* of the history and journal */
    const struct kv_resource *resource;
    uint32_t index; /* of the resource */
    int64_t now_s;
};

struct detail_row {
    char *cells[DETAIL_CELLS];
    enum role mark; /* of the first cell */
    enum role rest;
    uint64_t rank;       /* the order at first; as added if not set */
    uint32_t finding;    /* row of the catalogue, KV_NONE */
    const char *refusal; /* why `x` has nothing to offer; NULL: it has */
    struct sheet below;  /* the words for the row under the cursor */
};

struct detail_page {
    struct sheet intro; /* above the list */
    struct sheet empty; /* in place of the list when it has no rows */
    struct detail_row *rows;
    size_t count;
    size_t capacity;
    size_t rank_column; /* the one that sorts by rank */
    char badge[16];     /* behind the tab's title; "?" where not readable */
};

void detail_page_done(struct detail_page *page);
/* Borrowed until the next row is added. */
struct detail_row *detail_page_add(struct detail_page *page);
/* The next cell of a row, left to right. */
void detail_cell(struct detail_row *row, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* True when the facet is ready. If not, the sheet says why, what is missing,
 * and that nothing follows from it. */
bool detail_ready(
    struct sheet *out, const struct detail_facts *facts, enum kv_facet facet);
/* The same of several: what they have in common is said once. */
bool detail_all_ready(struct sheet *out, const struct detail_facts *facts,
    const enum kv_facet *facets, size_t count);
/* Whether a facet of the subscription that an ARM id lies in is known. */
bool detail_home_known(
    const struct kv_estate *estate, const char *id, enum kv_facet facet);
/* What follows the last slash of an ARM id. */
const char *detail_last(const char *id);
/* "2026-11-22"; "-" for 0. */
void detail_put_day(struct buf *out, int64_t time_s);
/* "12 days", "5h", "3 years". */
void detail_put_span(struct buf *out, int64_t span_s);
/* True when `scope` is the resource or lies above it. */
bool detail_is_under(const struct detail_facts *facts, const char *scope);

struct detail_tab {
    const char *title;
    const struct list_ops *list;
    bool fixes_row; /* `x` is for the row, else for the resource */
    void (*build)(struct detail_page *out, const struct detail_facts *facts);
};

/* For the tabs' lists, whose context is the page. */
void detail_list_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out);
struct list_order detail_list_order(
    const void *context, uint32_t item, size_t column);

extern const struct detail_tab detail_findings;
extern const struct detail_tab detail_access;
extern const struct detail_tab detail_network;
extern const struct detail_tab detail_protection;
extern const struct detail_tab detail_logging;
extern const struct detail_tab detail_objects;
extern const struct detail_tab detail_history;

/* The rows of alert rules in the tab Logging. */
void detail_add_alerts(
    struct detail_page *page, const struct detail_facts *facts);

/* ---- findings, also for other tabs ---- */

/* Whether and how the row's remedies would be offered: "x  G2 can cut
 * access", "guide only". */
const char *detail_remedy_words(const struct kv_recommendation *row);
/* Evidence and, where unknown, what that means. */
enum kv_verdict detail_put_evidence(
    struct sheet *out, const struct detail_facts *facts, uint32_t row);
/* How long the finding is as it is, as the scans that ended saw it. */
struct kv_since detail_since(const struct detail_facts *facts, uint32_t row);
/* All that there is to say about a finding. */
void detail_put_finding(
    struct sheet *out, const struct detail_facts *facts, uint32_t row);

#endif
