/* What each scan found, kept when it has ended, a slice at a time, and asked
 * for by screens and reports. */
#include "inside.h"

#include <string.h>

#define DAY_S 86400
#define SCAN_DIGITS 9

/* A verdict of ours is a number of the history's. */
_Static_assert(KV_VERDICT_COUNT <= HISTORY_VERDICTS, "verdicts do not fit");

struct keeping {
    struct history *history;
    const char **rows; /* ids of the catalogue */
    uint8_t *verdicts; /* of one subject */
    char *tenant;      /* of the timeline that is chosen */
    enum kv_baseline baseline;
    bool chosen;
    bool running;
    uint32_t scan;  /* number of the last one that was kept, or not to be */
    unsigned level; /* of the next subject */
    uint32_t index;
    /* Whose findings `found` are. */
    const struct history_finding *found;
    enum kv_facet_level found_level;
    uint32_t found_index;
    bool found_known;
};

/* Without it nothing is new or old; the message says why. */
void session_history_open(struct kv_session *session)
{
    struct keeping *keeping = mem_alloc(sizeof *keeping);
    struct kv_error err = { 0 };

    keeping->rows = mem_alloc(kv_catalogue_count * sizeof *keeping->rows);
    keeping->verdicts = mem_alloc(kv_catalogue_count);
    for (size_t i = 0; i < kv_catalogue_count; i++)
        keeping->rows[i] = kv_catalogue[i].id;
    session->keeping = keeping;
    if (!session->options.no_store && !session->options.no_files &&
        history_open(&keeping->history, session->state_dir, keeping->rows,
            kv_catalogue_count, &err) != KV_OK)
        message_add(session, KV_NOTICE_ERROR, NULL, "%s", err.text);
    last_totals_load(session, keeping->history);
}

void session_history_close(struct kv_session *session)
{
    struct keeping *keeping = session->keeping;

    if (!keeping)
        return;
    history_close(keeping->history);
    mem_free(keeping->rows);
    mem_free(keeping->verdicts);
    mem_free(keeping->tenant);
    mem_free(keeping);
}

/* The timeline of this tenant and baseline; false when there is no history. */
static bool choose(const struct kv_session *session)
{
    struct keeping *keeping = session->keeping;
    const char *tenant = kv_estate_tenant_id(session->estate);
    enum kv_baseline baseline = session->policy.baseline;
    struct kv_error err;

    if (!keeping->history)
        return false;
    if (keeping->running || (keeping->chosen && keeping->baseline == baseline &&
                                strcmp(keeping->tenant, tenant) == 0))
        return true;
    keeping->found_known = false;
    keeping->chosen = history_choose(keeping->history, tenant,
                          kv_baselines[baseline].name, &err) == KV_OK;
    mem_free(keeping->tenant);
    keeping->tenant = mem_copy_text(tenant);
    keeping->baseline = baseline;
    return keeping->chosen;
}

/* ---- keeping a scan ---- */

static bool is_due(const struct kv_session *session)
{
    const struct keeping *keeping = session->keeping;
    const struct scan *scan = &session->scan;

    return keeping->history && scan->view.state == KV_SCAN_DONE &&
           scan->number != keeping->scan &&
           !estate_has_touched(session->estate) &&
           !posture_is_stale_above(session->posture);
}

bool session_history_busy(const struct kv_session *session)
{
    return session->keeping->running || is_due(session);
}

static void give_up(struct kv_session *session, const struct kv_error *err)
{
    history_drop(session->keeping->history);
    session->keeping->running = false;
    message_add(session, KV_NOTICE_ERROR, NULL, "%s", err->text);
}

static void begin(struct kv_session *session)
{
    struct keeping *keeping = session->keeping;
    struct kv_error err = { 0 };

    keeping->scan = session->scan.number;
    if (!choose(session))
        return;
    if (history_begin(
            keeping->history, session->scan.view.started_at_s, &err) != KV_OK) {
        message_add(session, KV_NOTICE_ERROR, NULL, "%s", err.text);
        return;
    }
    keeping->running = true;
    keeping->level = KV_LEVEL_RESOURCE;
    keeping->index = 0;
}

static void end(struct kv_session *session)
{
    struct keeping *keeping = session->keeping;
    struct kv_error err = { 0 };

    keeping->running = false;
    keeping->found_known = false;
    if (history_end(keeping->history, &err) != KV_OK)
        message_add(session, KV_NOTICE_ERROR, NULL, "%s", err.text);
    else
        last_totals_keep(session);
    session->news |= KV_NEWS_POSTURE;
}

/* Rows of other levels have no verdict here. */
static enum kv_status keep_subject(struct kv_session *session,
    enum kv_facet_level level, uint32_t index, struct kv_error *err)
{
    struct keeping *keeping = session->keeping;
    struct buf id = { .limit = SIZE_MAX };
    enum kv_status status;

    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        keeping->verdicts[row] = kv_row_level(&kv_catalogue[row]) == level
                                     ? (uint8_t)kv_posture_subject_verdict(
                                           session->posture, row, index)
                                     : KV_VERDICT_NONE;
    kv_posture_put_subject(session->posture, level, index, &id);
    status =
        history_take(keeping->history, buf_text(&id), keeping->verdicts, err);
    buf_done(&id);
    return status;
}

/* One subject more; the last ends the scan. */
static void keep_next(struct kv_session *session)
{
    struct keeping *keeping = session->keeping;
    enum kv_facet_level level = (enum kv_facet_level)keeping->level;
    struct kv_error err = { 0 };

    if (keeping->index < kv_posture_subject_count(session->posture, level)) {
        if (keep_subject(session, level, keeping->index++, &err) != KV_OK)
            give_up(session, &err);
        return;
    }
    keeping->index = 0;
    if (keeping->level++ == KV_LEVEL_TENANT)
        end(session);
}

void session_history_step(struct kv_session *session, int64_t deadline_ms)
{
    struct keeping *keeping = session->keeping;
    unsigned kept = 0;

    if (!keeping->running && is_due(session))
        begin(session);
    while (keeping->running &&
           (++kept % 16 != 0 || clock_steady_ms() < deadline_ms))
        keep_next(session);
}

/* ---- one finding ---- */

/* The file may hold a verdict that this version does not have. */
static enum kv_verdict verdict_of(uint8_t kept)
{
    return kept < KV_VERDICT_COUNT ? (enum kv_verdict)kept : KV_VERDICT_NONE;
}

static enum kv_mark mark_of(
    enum kv_verdict verdict, enum kv_verdict before, bool failed_before)
{
    if (verdict == KV_VERDICT_FAIL)
        return failed_before ? KV_MARK_REOPENED : KV_MARK_NEW;
    return verdict == KV_VERDICT_PASS && before == KV_VERDICT_FAIL
               ? KV_MARK_FIXED
               : KV_MARK_NONE;
}

static const struct history_finding *findings_of(
    const struct kv_session *session, enum kv_facet_level level, uint32_t index)
{
    struct keeping *keeping = session->keeping;
    struct buf id = { .limit = SIZE_MAX };

    if (!choose(session))
        return NULL;
    if (keeping->found_known && keeping->found_level == level &&
        keeping->found_index == index)
        return keeping->found;
    kv_posture_put_subject(session->posture, level, index, &id);
    keeping->found = history_subject(keeping->history, buf_text(&id));
    keeping->found_level = level;
    keeping->found_index = index;
    keeping->found_known = !keeping->running;
    buf_done(&id);
    return keeping->found;
}

struct kv_since kv_session_since(
    const struct kv_session *session, uint32_t row, uint32_t index)
{
    const struct history_finding *all =
        findings_of(session, kv_row_level(&kv_catalogue[row]), index);
    enum kv_verdict verdict =
        kv_posture_subject_verdict(session->posture, row, index);
    struct kv_since since = { 0 };
    const struct history_finding *kept;

    if (!all || all[row].verdict == KV_VERDICT_NONE)
        return since;
    kept = &all[row];
    /* Judged anew since the last scan: when, that scan will tell. */
    if (kept->verdict != verdict) {
        since.before = verdict_of(kept->verdict);
        since.mark =
            mark_of(verdict, since.before, kept->before == KV_VERDICT_FAIL);
        return since;
    }
    since.since_s = kept->since_s;
    since.before = verdict_of(kept->before);
    if (kept->in_last_scan)
        since.mark = mark_of(verdict, since.before, kept->seen_before);
    return since;
}

/* ---- over time ---- */

void kv_session_trend(const struct kv_session *session, uint32_t row,
    const char *subject, struct kv_trend_day *days, size_t count)
{
    int64_t today_s = clock_now_s() / DAY_S * DAY_S;

    for (size_t i = 0; i < count; i++) {
        struct kv_trend_day *day = &days[count - 1 - i];
        uint32_t counts[HISTORY_VERDICTS];

        *day = (struct kv_trend_day){ .day_s = today_s - (int64_t)i * DAY_S };
        if (!choose(session))
            continue;
        session->keeping->found_known = false;
        day->known = history_count_at(session->keeping->history,
            &(struct history_count){
                .row = row,
                .subject = subject,
                .time_s = day->day_s + DAY_S - 1,
            },
            counts);
        for (unsigned j = 0; j < KV_VERDICT_COUNT; j++)
            day->tally.count[j] = counts[j];
    }
}

bool kv_session_kept_scan(
    const struct kv_session *session, uint32_t steps, struct kv_kept_scan *out)
{
    struct history_scan scan;

    if (!choose(session) ||
        !history_scan_back(session->keeping->history, steps, &scan))
        return false;
    *out = (struct kv_kept_scan){ scan.number, scan.at_s };
    return true;
}

/* ---- between two scans ---- */

static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= SCAN_DIGITS && text[digits] == '\0';
}

static int64_t number_parse(const char *text)
{
    int64_t number = 0;

    for (; *text; text++)
        number = number * 10 + (*text - '0');
    return number;
}

static enum kv_status find_scan(const struct kv_session *session,
    const char *text, struct history_scan *out, struct kv_error *err)
{
    struct history *history = session->keeping->history;
    int64_t time_s = is_number(text) ? 0 : kv_until_parse(text);
    bool found;

    if (!is_number(text) && time_s == 0)
        return kv_error_set(err, KV_BAD_INPUT,
            "\"%s\" is neither the number of a scan nor a date such as "
            "2027-01-31",
            text);
    found = is_number(text)
                ? history_scan_numbered(history, number_parse(text), out)
                : history_scan_at(history, time_s, out);
    return found ? KV_OK
                 : kv_error_set(err, KV_NOT_FOUND,
                       "no scan %s %s is kept; kvgov diff --list shows those "
                       "that are",
                       is_number(text) ? "number" : "up to", text);
}

/* The one before the later one. */
static bool find_earlier(const struct kv_session *session,
    const struct history_scan *to, struct history_scan *out)
{
    for (uint32_t i = 0; history_scan_back(session->keeping->history, i, out);
         i++)
        if (out->number < to->number)
            return true;
    return false;
}

static enum kv_status find_both(const struct kv_session *session,
    const char *from, const char *to, struct history_scan scans[2],
    struct kv_error *err)
{
    struct history *history = session->keeping->history;
    enum kv_status status = KV_OK;

    if (to)
        status = find_scan(session, to, &scans[1], err);
    else if (!history_scan_back(history, 0, &scans[1]))
        status = kv_error_set(err, KV_NOT_FOUND,
            "no scan is kept yet; run kvgov scan, and again later");
    if (status == KV_OK && from)
        return find_scan(session, from, &scans[0], err);
    if (status == KV_OK && !find_earlier(session, &scans[1], &scans[0]))
        status = kv_error_set(err, KV_NOT_FOUND,
            "there is no scan before number %lld to compare it with",
            (long long)scans[1].number);
    return status;
}

struct giving {
    kv_finding_change_fn *take;
    void *context;
};

static void give(void *context, const struct history_change *change)
{
    const struct giving *giving = context;

    giving->take(giving->context, &(struct kv_finding_change){
                                      .subject = change->subject,
                                      .row = kv_catalogue_find(change->row),
                                      .before = verdict_of(change->before),
                                      .after = verdict_of(change->after),
                                      .at_s = change->at_s,
                                  });
}

enum kv_status kv_session_diff(const struct kv_session *session,
    struct kv_diff *diff, kv_finding_change_fn *take, void *context,
    struct kv_error *err)
{
    struct history_scan scans[2] = { 0 };
    struct giving giving = { take, context };
    enum kv_status status;

    if (!choose(session))
        return kv_error_set(err, KV_STORE,
            "no history is kept in %s; the messages say why",
            session->state_dir);
    status = find_both(session, diff->from, diff->to, scans, err);
    if (status != KV_OK)
        return status;
    diff->first = (struct kv_kept_scan){ scans[0].number, scans[0].at_s };
    diff->last = (struct kv_kept_scan){ scans[1].number, scans[1].at_s };
    return history_diff(session->keeping->history, scans[0].number,
        scans[1].number, give, &giving, err);
}
