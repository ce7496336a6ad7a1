/* Log destinations that a diagnostic setting names but the bulk read did not
 * show: Resource Graph leaves out both what does not exist and what the caller
 * may not read, so each is asked for by its id. Those that receive audit logs
 * are then asked how long they keep them. */
#include "inside.h"
#include "insights.h"
#include "retention.h"

/* An estate sends to few places; past this the rest stays unknown. */
#define SINK_CHECKS_MAX 256u

struct sink_checks {
    struct kv_session *session;
    char *asked[SINK_CHECKS_MAX];
    size_t count;
};

static bool was_asked(const struct sink_checks *checks, const char *subject)
{
    for (size_t i = 0; i < checks->count; i++)
        if (text_equal_nocase(checks->asked[i], subject))
            return true;
    return false;
}

static void check_sink(struct sink_checks *checks, const char *destination)
{
    struct buf subject = { .limit = 4096 };
    struct view id;

    if (destination &&
        !kv_estate_find_sink(checks->session->estate, destination) &&
        sink_subject(&subject, view_of(destination))) {
        struct view rest = buf_view(&subject);
        char *known;

        id = view_cut(&rest, '?');
        known = mem_copy_view(id);
        if (!kv_estate_find_sink(checks->session->estate, known) &&
            checks->count < SINK_CHECKS_MAX &&
            !was_asked(checks, buf_text(&subject))) {
            checks->asked[checks->count++] = mem_copy_text(buf_text(&subject));
            scan_read(checks->session, AZURE_SINK, buf_text(&subject), NULL, 0);
        }
        mem_free(known);
    }
    buf_done(&subject);
}

void scan_check_sinks(struct kv_session *session)
{
    struct sink_checks checks = { .session = session };

    for (uint32_t i = 0; i < kv_estate_resource_count(session->estate); i++) {
        const struct kv_resource *row = kv_estate_resource(session->estate, i);

        for (uint32_t j = 0; j < row->diagnostic_count; j++) {
            check_sink(&checks, row->diagnostics[j].workspace_id);
            check_sink(&checks, row->diagnostics[j].storage_id);
            check_sink(&checks, row->diagnostics[j].event_hub_rule_id);
        }
    }
    for (uint32_t i = 0;
         i < kv_estate_row_count(session->estate, KV_SET_ACTIVITY_LOGS); i++) {
        const struct kv_activity_log *row =
            kv_estate_row(session->estate, KV_SET_ACTIVITY_LOGS, i);

        if (!row)
            continue;
        check_sink(&checks, row->workspace_id);
        check_sink(&checks, row->storage_id);
        check_sink(&checks, row->event_hub_rule_id);
    }
    for (size_t i = 0; i < checks.count; i++)
        mem_free(checks.asked[i]);
}

/* ---- retention ---- */

static void note_receiver(struct kv_estate *estate, const char *id, bool shared)
{
    struct kv_sink *sink = id ? estate_row(estate, KV_SET_SINKS, id) : NULL;

    if (!sink)
        return;
    sink->receives |= !shared;
    sink->receives_shared |= shared;
}

static void note_receivers(struct kv_estate *estate)
{
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);

        for (uint32_t j = 0; j < row->diagnostic_count; j++) {
            const struct kv_diagnostic *setting = &row->diagnostics[j];

            if (!setting->audit)
                continue;
            note_receiver(estate, setting->workspace_id, !setting->dedicated);
            note_receiver(estate, setting->storage_id, false);
        }
    }
}

static void ask_table(
    struct kv_session *session, const struct kv_sink *sink, bool dedicated)
{
    struct buf subject = { .limit = 4096 };

    table_subject(&subject, sink->id, dedicated);
    if (!subject.failed)
        scan_read(session, AZURE_TABLE, buf_text(&subject), NULL, 0);
    buf_done(&subject);
}

void scan_ask_retention(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;

    note_receivers(estate);
    for (uint32_t i = 0; i < kv_estate_row_count(estate, KV_SET_SINKS); i++) {
        const struct kv_sink *sink = kv_estate_row(estate, KV_SET_SINKS, i);

        if (!sink || sink->hidden)
            continue;
        if (sink->kind == KV_SINK_STORAGE && sink->receives)
            scan_read(session, AZURE_LIFECYCLE, sink->id, NULL, 0);
        if (sink->kind == KV_SINK_WORKSPACE && sink->receives)
            ask_table(session, sink, true);
        if (sink->kind == KV_SINK_WORKSPACE && sink->receives_shared)
            ask_table(session, sink, false);
    }
}
