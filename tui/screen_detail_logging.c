/* The tab Logging: each diagnostic setting with what it sends, to where, and
 * whether that place was found. */
#include "screen_detail.h"

#include <stdio.h>

/* A place that a setting sends to. */
struct place {
    const char *id; /* NULL: nowhere of this kind */
    enum kv_sink_kind kind;
};

/* An authorisation rule lies below its namespace, which is the place. */
static void put_place_id(struct buf *out, const struct place *place)
{
    static const char part[] = "/authorizationrules";
    struct view rest = view_of(place->id);

    while (rest.size && !(place->kind == KV_SINK_EVENT_HUB &&
                            view_starts_nocase(rest, view_of(part)))) {
        buf_putc(out, *rest.data++);
        rest.size--;
    }
}

/* Whether the places of the subscription that an id lies in were read. */
static bool home_is_read(const struct kv_estate *estate, const char *id)
{
    struct view rest = view_of(id);

    (void)view_cut(&rest, '/');
    (void)view_cut(&rest, '/');
    rest = view_cut(&rest, '/');
    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++) {
        const struct kv_subscription *home = kv_estate_subscription(estate, i);

        if (view_equal_nocase(view_of(home->id), rest))
            return home->facets[KV_FACET_SINKS].state == KV_FACET_READY;
    }
    return false;
}

struct finding_words {
    const char *cell;
    const char *text;
    enum role role;
};

static struct finding_words words_of(
    const struct kv_estate *estate, const struct place *place, const char *id)
{
    const struct kv_sink *sink = kv_estate_find_sink(estate, id);

    if (place->kind == KV_SINK_PARTNER)
        return (struct finding_words){ "?",
            "whether it exists is UNKNOWN: no API lists partners' services",
            ROLE_UNKNOWN };
    if (sink && sink->hidden)
        return (struct finding_words){ "?",
            "whether it exists is UNKNOWN: it may not be read from here",
            ROLE_UNKNOWN };
    if (sink)
        return (struct finding_words){ "found", "it was found", ROLE_TEXT };
    if (home_is_read(estate, id))
        return (struct finding_words){ "MISSING",
            "it does not exist: what is sent there is lost", ROLE_HIGH };
    return (struct finding_words){ "?",
        "whether it exists is UNKNOWN: the log destinations of its "
        "subscription were not read",
        ROLE_UNKNOWN };
}

static void put_sent(struct buf *out, const struct kv_diagnostic *setting)
{
    if (setting->audit)
        buf_puts(out, setting->audit_row ? setting->audit_row : "audit");
    else
        buf_puts(out, "NO audit");
    if (setting->all_logs && !text_equal_nocase(setting->audit_row, "allLogs"))
        buf_puts(out, " allLogs");
    if (setting->metrics)
        buf_puts(out, " metrics");
}

static void add_place(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_diagnostic *setting,
    const struct place *place)
{
    struct detail_row *row = detail_page_add(page);
    struct buf id = { .limit = 2048 };
    struct buf sent = { .limit = 256 };
    struct finding_words words;

    put_place_id(&id, place);
    put_sent(&sent, setting);
    words = words_of(facts->estate, place, buf_text(&id));
    detail_cell(row, "%s", setting->name);
    detail_cell(row, "%s", buf_text(&sent));
    detail_cell(row, "%s", kv_sink_kind_name(place->kind));
    detail_cell(row, "%s", detail_last(buf_text(&id)));
    detail_cell(row, "%s", words.cell);
    row->mark = setting->audit ? ROLE_TEXT : ROLE_DIM;
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "SENDS", buf_text(&sent));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "TO", place->id);
    sheet_put(&row->below, words.role, DETAIL_INDENT, words.text);
    buf_done(&sent);
    buf_done(&id);
}

static void add_nowhere(
    struct detail_page *page, const struct kv_diagnostic *setting)
{
    struct detail_row *row = detail_page_add(page);

    detail_cell(row, "%s", setting->name);
    detail_cell(row, "nowhere");
    sheet_pair(&row->below, ROLE_HIGH, DETAIL_INDENT, "SENDS",
        "nothing anywhere: this setting names no destination");
}

static void add_setting(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_diagnostic *setting)
{
    const struct place places[] = {
        { setting->workspace_id, KV_SINK_WORKSPACE },
        { setting->storage_id, KV_SINK_STORAGE },
        { setting->event_hub_rule_id, KV_SINK_EVENT_HUB },
        { setting->partner_id, KV_SINK_PARTNER },
    };
    size_t before = page->count;

    for (size_t i = 0; i < sizeof(places) / sizeof *(places); i++)
        if (places[i].id)
            add_place(page, facts, setting, &places[i]);
    if (page->count == before)
        add_nowhere(page, setting);
}

static void put_intro(
    struct sheet *out, const struct detail_facts *facts, uint32_t row)
{
    enum kv_verdict verdict =
        row == KV_NONE ? KV_VERDICT_NOT_APPLICABLE
                       : kv_posture_verdict(facts->posture, row, facts->index);

    if (verdict == KV_VERDICT_PASS)
        sheet_pair(out, ROLE_PASS, 8, "AUDIT", kv_catalogue[row].title);
    else if (verdict == KV_VERDICT_FAIL)
        sheet_pair(out, role_of_severity(kv_catalogue[row].severity), 8,
            "AUDIT", kv_catalogue[row].fails);
    else if (verdict == KV_VERDICT_UNKNOWN || verdict == KV_VERDICT_UNREAD ||
             verdict == KV_VERDICT_NONE)
        sheet_pair(out, ROLE_UNKNOWN, 8, "AUDIT",
            "whether the audit log is sent anywhere is UNKNOWN");
}

static void logging_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    uint32_t row = kv_catalogue_find("LOG-1");

    if (row != KV_NONE &&
        !kv_row_concerns(&kv_catalogue[row], facts->resource->kind))
        row = KV_NONE;
    put_intro(&page->intro, facts, row);
    if (!detail_ready(&page->intro, facts, KV_FACET_DIAGNOSTICS)) {
        snprintf(page->badge, sizeof(page->badge), "?");
        return;
    }
    for (uint32_t i = 0; i < facts->resource->diagnostic_count; i++)
        add_setting(page, facts, &facts->resource->diagnostics[i]);
    sheet_put(&page->empty, ROLE_TEXT, 1,
        "No diagnostic setting exists: nothing of what happens here is "
        "recorded.");
}

static const struct list_column columns[] = {
    { .title = "SETTING", .width_cells = 18 },
    { .title = "SENDS", .width_cells = 18 },
    { .title = "TO", .width_cells = 15 },
    { .title = "DESTINATION" },
    { .title = "EXISTS", .width_cells = 7 },
};

static const struct list_ops logging_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = 0,
    .cell = detail_list_cell,
    .order = detail_list_order,
    .match = detail_list_match,
    .no_marks = true,
};

const struct detail_tab detail_logging = {
    .title = "Logging",
    .list = &logging_list,
    .build = logging_build,
};
