/* The tab Findings: every recommendation for this kind of resource, worst
 * first, with the way to put it right and the evidence. */
#include "screen_detail.h"

#include <stdio.h>

#define EVIDENCE_LIMIT ((size_t)32 * 1024)

/* Unknown stands after HIGH: it may turn out to be anything. What nobody asked
 * for yet is no obstacle, and stands together below what was answered badly. */
enum place {
    PLACE_CRITICAL,
    PLACE_HIGH,
    PLACE_UNKNOWN,
    PLACE_MEDIUM,
    PLACE_LOW,
    PLACE_INFO,
    PLACE_EXCEPTED,
    PLACE_MANUAL,
    PLACE_UNREAD,
    PLACE_PASS,
    PLACE_NOT_APPLICABLE,
};

static enum place place_of_fail(enum kv_severity severity)
{
    switch (severity) {
    case KV_SEVERITY_CRITICAL:
        return PLACE_CRITICAL;
    case KV_SEVERITY_HIGH:
        return PLACE_HIGH;
    case KV_SEVERITY_MEDIUM:
        return PLACE_MEDIUM;
    case KV_SEVERITY_LOW:
        return PLACE_LOW;
    case KV_SEVERITY_INFO:
        return PLACE_INFO;
    }
    return PLACE_UNKNOWN;
}

static enum place place_of(enum kv_verdict verdict, enum kv_severity severity)
{
    switch (verdict) {
    case KV_VERDICT_FAIL:
        return place_of_fail(severity);
    case KV_VERDICT_UNKNOWN:
        return PLACE_UNKNOWN;
    case KV_VERDICT_NONE:
    case KV_VERDICT_UNREAD:
        return PLACE_UNREAD;
    case KV_VERDICT_EXCEPTED:
        return PLACE_EXCEPTED;
    case KV_VERDICT_MANUAL:
        return PLACE_MANUAL;
    case KV_VERDICT_PASS:
        return PLACE_PASS;
    case KV_VERDICT_NOT_APPLICABLE:
        return PLACE_NOT_APPLICABLE;
    }
    return PLACE_UNKNOWN;
}

static const char *mark_of(enum kv_verdict verdict, enum kv_severity severity)
{
    switch (verdict) {
    case KV_VERDICT_FAIL:
        return kv_severity_mark(severity);
    case KV_VERDICT_UNKNOWN:
        return "?";
    case KV_VERDICT_NONE:
    case KV_VERDICT_UNREAD:
        return "..";
    case KV_VERDICT_EXCEPTED:
        return "exc";
    case KV_VERDICT_MANUAL:
        return "ask";
    case KV_VERDICT_PASS:
        return "ok";
    case KV_VERDICT_NOT_APPLICABLE:
        return "-";
    }
    return "?";
}

/* ---- remedies ---- */

const char *detail_remedy_words(const struct kv_recommendation *row)
{
    static const char *const words[] = {
        [KV_GRADE_SAFE] = "x  G1 safe",
        [KV_GRADE_ACCESS] = "x  G2 can cut access",
        [KV_GRADE_ONE_WAY] = "x  G3 cannot be undone",
    };
    const struct kv_remedy *remedy = kv_remedy_find(row->remedies[0]);

    if (!remedy)
        return "guide only";
    if (row->remedies[1])
        return "x  several ways";
    if (remedy->grade == KV_GRADE_ONE_WAY && remedy->undo)
        return "x  G3 can lock out";
    return words[remedy->grade];
}

static const char *fix_words(
    const struct kv_recommendation *row, enum kv_verdict verdict)
{
    switch (verdict) {
    case KV_VERDICT_FAIL:
        return detail_remedy_words(row);
    case KV_VERDICT_UNKNOWN:
        return "not known, Enter: why";
    case KV_VERDICT_NONE:
        return "not judged yet";
    case KV_VERDICT_UNREAD:
        return "not read yet";
    case KV_VERDICT_EXCEPTED:
        return "accepted, Enter: who";
    case KV_VERDICT_MANUAL:
        return "no API tells";
    case KV_VERDICT_PASS:
        return "pass";
    case KV_VERDICT_NOT_APPLICABLE:
        return "not applicable";
    }
    return "?";
}

/* Why there is nothing to start, or NULL. */
static const char *refusal_of(
    const struct kv_recommendation *row, enum kv_verdict verdict)
{
    if (verdict == KV_VERDICT_PASS)
        return "this one passes: there is nothing to put right";
    if (verdict == KV_VERDICT_NOT_APPLICABLE)
        return "this one does not apply here";
    if (!kv_remedy_find(row->remedies[0]))
        return "guide only: Enter shows how to put it right by hand";
    return NULL;
}

/* ---- words ---- */

enum kv_verdict detail_put_evidence(
    struct sheet *out, const struct detail_facts *facts, uint32_t row)
{
    struct buf evidence = { .limit = EVIDENCE_LIMIT };
    enum kv_verdict verdict =
        kv_posture_evidence(facts->posture, row, facts->index, &evidence);

    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "EVIDENCE",
        evidence.size ? buf_text(&evidence) : "none was recorded");
    if (verdict == KV_VERDICT_UNKNOWN)
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "UNKNOWN",
            "This does NOT mean that it passes.");
    if (evidence.failed)
        sheet_put(
            out, ROLE_UNKNOWN, DETAIL_INDENT, "There is more than is shown.");
    buf_done(&evidence);
    return verdict;
}

static void put_remedies(struct sheet *out, const struct kv_recommendation *row)
{
    for (size_t i = 0; row->remedies[i]; i++) {
        const struct kv_remedy *remedy = kv_remedy_find(row->remedies[i]);

        if (remedy)
            sheet_putf(out, ROLE_TEXT, DETAIL_INDENT, "x  %s (%s): %s",
                remedy->title, kv_remedy_danger(remedy), remedy->effect);
    }
}

static const struct kv_source *find_source(const char *id)
{
    for (size_t i = 0; i < kv_sources_count; i++)
        if (text_equal_nocase(kv_sources[i].id, id))
            return &kv_sources[i];
    return NULL;
}

static void put_sources(struct sheet *out, const struct kv_recommendation *row)
{
    const char *label = "SOURCES";

    for (size_t i = 0; row->sources[i]; i++) {
        const struct kv_source *source = find_source(row->sources[i]);
        struct buf text = { .limit = 1024 };

        if (!source)
            continue;
        buf_putf(&text, "%s  %s", source->id, source->title);
        if (source->date && *source->date)
            buf_putf(&text, " (%s)", source->date);
        if (source->url && *source->url)
            buf_putf(&text, "\n%s", source->url);
        sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, label, buf_text(&text));
        buf_done(&text);
        label = NULL;
    }
}

static const char *title_of(
    const struct kv_recommendation *row, enum kv_verdict verdict)
{
    return verdict == KV_VERDICT_FAIL || verdict == KV_VERDICT_EXCEPTED
               ? row->fails
               : row->title;
}

/* Where a finding lies that the resource shares with others. */
static const char *shared_words(const struct kv_recommendation *row)
{
    static const char *const words[] = {
        [KV_LEVEL_RESOURCE] = "",
        [KV_LEVEL_SUBSCRIPTION] = " (of its subscription)",
        [KV_LEVEL_TENANT] = " (of the tenant)",
    };

    return words[kv_row_level(row)];
}

/* The same where room is short, before the title, which may be cut. */
static const char *shared_mark(const struct kv_recommendation *row)
{
    static const char *const marks[] = {
        [KV_LEVEL_RESOURCE] = "",
        [KV_LEVEL_SUBSCRIPTION] = "sub: ",
        [KV_LEVEL_TENANT] = "tenant: ",
    };

    return marks[kv_row_level(row)];
}

/* ---- since when ---- */

struct kv_since detail_since(const struct detail_facts *facts, uint32_t row)
{
    return kv_session_since(facts->session, row,
        kv_posture_subject_of(facts->posture, row, facts->index));
}

/* What the last scan made of it, in five cells; else for how long it is so. */
static void put_since(
    struct detail_row *row, const struct detail_facts *facts, uint32_t index)
{
    static const char *const marks[] = {
        [KV_MARK_NONE] = "",
        [KV_MARK_NEW] = "new",
        [KV_MARK_FIXED] = "fixed",
        [KV_MARK_REOPENED] = "again",
    };
    struct kv_since since = detail_since(facts, index);
    struct buf text = { .limit = 64 };

    buf_puts(&text, marks[since.mark]);
    if (since.mark == KV_MARK_NONE && since.since_s)
        buf_put_age(&text, kv_session_now(facts->session) - since.since_s);
    detail_cell(row, "%s", buf_text(&text));
    buf_done(&text);
}

static void put_past(
    struct sheet *out, const struct detail_facts *facts, uint32_t row)
{
    struct kv_since since = detail_since(facts, row);
    struct buf text = { .limit = 256 };

    if (since.since_s)
        buf_put_time(&text, since.since_s);
    else if (since.mark != KV_MARK_NONE)
        buf_puts(&text, "after the last scan");
    if (text.size == 0)
        return;
    if (since.mark != KV_MARK_NONE)
        buf_putf(&text, ", %s", kv_mark_name(since.mark));
    if (since.before != KV_VERDICT_NONE)
        buf_putf(&text, "; before: %s", kv_verdict_name(since.before));
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "SINCE", buf_text(&text));
    buf_done(&text);
}

/* ---- a finding in full ---- */

void detail_put_finding(
    struct sheet *out, const struct detail_facts *facts, uint32_t row)
{
    const struct kv_recommendation *what = &kv_catalogue[row];
    enum kv_verdict verdict =
        kv_posture_verdict(facts->posture, row, facts->index);

    sheet_putf(out, ROLE_TITLE, 1, "%s  %s", what->id, title_of(what, verdict));
    sheet_putf(out, role_of_verdict(verdict, what->severity), 1,
        "%s, severity %s, on %s%s", kv_verdict_name(verdict),
        kv_severity_name(what->severity), facts->resource->name,
        shared_words(what));
    sheet_gap(out);
    detail_put_evidence(out, facts, row);
    put_past(out, facts, row);
    sheet_gap(out);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "WHY", what->why);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "VERIFY", what->verify);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "FIX", what->fix);
    put_remedies(out, what);
    sheet_gap(out);
    put_sources(out, what);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "ELSEWHERE", what->also);
    if (kv_row_others(what))
        sheet_pair(
            out, ROLE_TEXT, DETAIL_INDENT, "OTHERS SAY", kv_row_others(what));
}

/* ---- the page ---- */

static void add_finding(
    struct detail_page *page, const struct detail_facts *facts, uint32_t index)
{
    const struct kv_recommendation *what = &kv_catalogue[index];
    enum kv_verdict verdict =
        kv_posture_verdict(facts->posture, index, facts->index);
    enum place place = place_of(verdict, what->severity);
    struct detail_row *row = detail_page_add(page);

    row->finding = index;
    row->rank = (uint64_t)place * KV_SEVERITY_COUNT + KV_SEVERITY_CRITICAL -
                what->severity;
    row->mark = place == PLACE_UNREAD
                    ? ROLE_DIM
                    : role_of_verdict(verdict, what->severity);
    row->rest = place >= PLACE_UNREAD ? ROLE_DIM : ROLE_TEXT;
    row->refusal = refusal_of(what, verdict);
    detail_cell(row, "%s", mark_of(verdict, what->severity));
    detail_cell(row, "%s%s", shared_mark(what), title_of(what, verdict));
    put_since(row, facts, index);
    detail_cell(row, "%s", fix_words(what, verdict));
    detail_cell(row, "%s", what->id);
    detail_cell(row, "%s", kv_severity_name(what->severity));
    sheet_putf(&row->below, ROLE_TITLE, 1, "%s  %s", what->id,
        title_of(what, verdict));
    detail_put_evidence(&row->below, facts, index);
    if (verdict == KV_VERDICT_FAIL)
        sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "FIX", what->fix);
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "WHY", what->why);
}

static void findings_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    unsigned fails = 0;
    unsigned unknown = 0;

    for (uint32_t i = 0; i < kv_catalogue_count; i++) {
        enum kv_verdict verdict =
            kv_posture_verdict(facts->posture, i, facts->index);

        if (!kv_row_concerns(&kv_catalogue[i], facts->resource->kind) ||
            kv_row_asks(&kv_catalogue[i], facts->policy->baseline) ==
                KV_ASKS_NOTHING)
            continue;
        add_finding(page, facts, i);
        fails += verdict == KV_VERDICT_FAIL;
        unknown += verdict == KV_VERDICT_UNKNOWN;
    }
    snprintf(
        page->badge, sizeof(page->badge), "%u%s", fails, unknown ? " ?" : "");
    sheet_put(&page->empty, ROLE_TEXT, 1,
        "The catalogue has no recommendation for this kind of resource.");
}

static const struct list_column columns[] = {
    { .title = "SEV", .width_cells = 5 },
    { .title = "RECOMMENDATION" },
    { .title = "SINCE", .width_cells = 5, .appears_at = 76 },
    { .title = "FIX", .width_cells = 22 },
    { .title = "ID", .width_cells = 6, .appears_at = 100 },
    { .title = "SEVERITY", .width_cells = 9, .appears_at = 100 },
};

static const struct list_ops findings_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = 1,
    .cell = detail_list_cell,
    .order = detail_list_order,
    .fields = filter_columns,
    .no_marks = true,
};

const struct detail_tab detail_findings = {
    .title = "Findings",
    .list = &findings_list,
    .fixes_row = true,
    .build = findings_build,
};
