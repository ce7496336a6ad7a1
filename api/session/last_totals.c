/* What the last scan came to, shown from the first frame on until what is kept
 * of the estate is loaded and judged: the history has the sums by row, a note
 * of the store the rest. */
#include "inside.h"

#include <stdio.h>

#define NOTE "totals"

void last_totals_keep(struct kv_session *session)
{
    char text[96];

    if (!session->store)
        return;
    (void)snprintf(text, sizeof text, "%u %u %lld",
        session->scan.view.resources,
        kv_posture_unknown_resources(session->posture),
        (long long)session->scan.view.data_at_s);
    store_put_note(session->store, NOTE, text);
    session->store_dirty = true;
}

static bool count_rows(struct history *history, struct kv_tally *rows,
    const char *tenant, const char *baseline)
{
    struct kv_error err;
    bool any = history_choose(history, tenant, baseline, &err) == KV_OK;

    for (uint32_t row = 0; any && row < kv_catalogue_count; row++) {
        const struct history_count wanted = { .row = row, .time_s = INT64_MAX };
        uint32_t counts[HISTORY_VERDICTS];

        any = history_count_at(history, &wanted, counts);
        for (unsigned i = 0; any && i < KV_VERDICT_COUNT; i++)
            rows[row].count[i] = counts[i];
    }
    return any;
}

void last_totals_load(struct kv_session *session, struct history *history)
{
    struct kv_scan *view = &session->scan.view;
    struct kv_tally *rows = mem_alloc(kv_catalogue_count * sizeof *rows);
    struct buf tenant = { .limit = 256 };
    struct buf note = { .limit = 256 };
    unsigned resources = 0;
    unsigned unknown = 0;
    long long at_s = 0;

    if (session->store && history) {
        store_get_note(session->store, "tenant", &tenant);
        store_get_note(session->store, NOTE, &note);
    }
    if (tenant.size > 0 &&
        sscanf(buf_text(&note), "%u %u %lld", &resources, &unknown, &at_s) ==
            3 &&
        count_rows(history, rows, buf_text(&tenant),
            kv_baselines[session->policy.baseline].name)) {
        posture_set_totals(session->posture, rows, unknown);
        view->resources = resources;
        view->data_at_s = at_s;
        view->loading = true;
    }
    mem_free(rows);
    buf_done(&note);
    buf_done(&tenant);
}

/* What is loaded and judged speaks for itself from here on. */
void last_totals_step(struct kv_session *session)
{
    struct kv_scan *view = &session->scan.view;

    if (!view->loading || !session->replayed ||
        (view->state != KV_SCAN_RUNNING &&
            (estate_has_touched(session->estate) ||
                posture_is_stale_above(session->posture))))
        return;
    view->loading = false;
    posture_set_totals(session->posture, NULL, 0);
    session->news |= KV_NEWS_SCAN | KV_NEWS_POSTURE;
}
