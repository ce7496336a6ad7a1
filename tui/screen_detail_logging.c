/* The tab Logging: each diagnostic setting with what it sends, to where,
 * whether that place was found, how long it keeps logs and who reads them
 * there; below them the alert rules. */
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
    if (detail_home_known(estate, id, KV_FACET_SINKS))
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

/* ---- what becomes of it there ---- */

/* Of a workspace, of the table that the setting sends to. */
static const struct kv_retention *retention_of(
    const struct kv_sink *sink, const struct kv_diagnostic *setting)
{
    return sink->kind == KV_SINK_WORKSPACE && !setting->dedicated
               ? &sink->shared_retention
               : &sink->retention;
}

static void put_kept(struct buf *out, const struct kv_retention *retention)
{
    if (!kv_facet_known(&retention->status))
        buf_puts(out, "?");
    else if (retention->days == KV_RETENTION_UNLIMITED)
        buf_puts(out, "for ever");
    else
        buf_putf(out, "%u days", retention->days);
}

static void put_retention(
    struct sheet *out, const struct kv_retention *retention)
{
    struct buf text = { .limit = 512 };

    if (kv_facet_known(&retention->status)) {
        put_kept(&text, retention);
        if (retention->by)
            buf_putf(&text, ", says %s", retention->by);
        sheet_pair(
            out, ROLE_TEXT, DETAIL_INDENT, "KEEPS THEM", buf_text(&text));
    } else {
        buf_putf(&text, "UNKNOWN how long: %s",
            retention->status.why ? retention->status.why
                                  : "that was not read");
        sheet_pair(
            out, ROLE_UNKNOWN, DETAIL_INDENT, "KEEPS THEM", buf_text(&text));
    }
    buf_done(&text);
}

static uint32_t power_of(enum kv_sink_kind kind)
{
    switch (kind) {
    case KV_SINK_WORKSPACE:
        return KV_POWER_READ_WORKSPACE;
    case KV_SINK_STORAGE:
        return KV_POWER_READ_BLOBS;
    case KV_SINK_EVENT_HUB:
        return KV_POWER_READ_EVENTS;
    case KV_SINK_PARTNER:
        return 0;
    }
    return 0;
}

/* Whom to name; further ones are counted. */
#define READERS_NAMED 6

struct readers {
    struct buf names;
    const char *seen[64]; /* principal ids; beyond that some may count twice */
    uint32_t count;
};

static bool is_seen(const struct readers *readers, const char *id)
{
    for (uint32_t i = 0; i < readers->count && i < 64; i++)
        if (text_equal_nocase(readers->seen[i], id))
            return true;
    return false;
}

static void add_reader(
    struct readers *readers, const struct kv_estate *estate, const char *id)
{
    const struct kv_principal *principal = kv_estate_principal(estate, id);

    if (is_seen(readers, id))
        return;
    if (readers->count < 64)
        readers->seen[readers->count] = id;
    if (readers->count < READERS_NAMED)
        buf_putf(&readers->names, "%s%s", readers->count ? ", " : "",
            principal && principal->name ? principal->name : id);
    readers->count++;
}

static void find_readers(struct readers *readers,
    const struct kv_estate *estate, const struct kv_sink *sink)
{
    struct kv_walk walk = { 0 };
    const struct kv_assignment *held;

    while ((held = kv_estate_next_row(
                estate, KV_SET_ASSIGNMENTS, sink->id, &walk))) {
        const struct kv_role *role =
            held->role == KV_NONE ? NULL : kv_estate_role(estate, held->role);

        if (walk.level != KV_SCOPE_OBJECT && role &&
            role->powers & power_of(sink->kind))
            add_reader(readers, estate, held->principal_id);
    }
}

/* Roles only: keys of a storage account and of a hub read as well. */
static void put_readers(struct sheet *out, const struct detail_facts *facts,
    const struct kv_sink *sink)
{
    struct readers readers = { .names = { .limit = 2048 } };
    struct buf text = { .limit = 4096 };

    if (detail_home_known(facts->estate, sink->id, KV_FACET_ASSIGNMENTS)) {
        find_readers(&readers, facts->estate, sink);
        buf_putf(&text, "%u by role%s%s", readers.count,
            readers.count ? ": " : "", buf_text(&readers.names));
        if (readers.count > READERS_NAMED)
            buf_puts(&text, ", ...");
        sheet_pair(
            out, ROLE_TEXT, DETAIL_INDENT, "READ THERE", buf_text(&text));
    } else {
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "READ THERE",
            "UNKNOWN by whom: the role assignments there were not read");
    }
    buf_done(&text);
    buf_done(&readers.names);
}

static void put_sink(struct detail_row *row, const struct detail_facts *facts,
    const struct kv_diagnostic *setting, const char *id)
{
    const struct kv_sink *sink = kv_estate_find_sink(facts->estate, id);
    struct buf kept = { .limit = 64 };

    if (!sink || sink->hidden || sink->kind == KV_SINK_PARTNER) {
        detail_cell(row, "?");
        return;
    }
    put_kept(&kept, retention_of(sink, setting));
    detail_cell(row, "%s", buf_text(&kept));
    buf_done(&kept);
    put_retention(&row->below, retention_of(sink, setting));
    put_readers(&row->below, facts, sink);
}

/* ---- rows ---- */

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
    sheet_putf(&row->below, ROLE_TITLE, 1, "%s  sends %s to %s", setting->name,
        buf_text(&sent), detail_last(buf_text(&id)));
    sheet_put(&row->below, words.role, DETAIL_INDENT, words.text);
    put_sink(row, facts, setting, buf_text(&id));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "TO", place->id);
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

static void add_settings(
    struct detail_page *page, const struct detail_facts *facts)
{
    bool ready = detail_ready(&page->intro, facts, KV_FACET_DIAGNOSTICS);

    for (uint32_t i = 0; ready && i < facts->resource->diagnostic_count; i++)
        add_setting(page, facts, &facts->resource->diagnostics[i]);
    if (ready && !facts->resource->diagnostic_count)
        sheet_put(&page->intro, ROLE_TEXT, 1,
            "No diagnostic setting exists: nothing of what happens here is "
            "recorded.");
}

/* It counts settings; where they are not known, alert rules do not make up
 * for that. */
static void put_badge(
    struct detail_page *page, const struct detail_facts *facts)
{
    const struct kv_resource *resource = facts->resource;

    page->badge[0] = '\0';
    if (!kv_facet_known(&resource->diagnostics_status))
        snprintf(page->badge, sizeof(page->badge), "?");
    else if (resource->diagnostic_count)
        snprintf(
            page->badge, sizeof(page->badge), "%u", resource->diagnostic_count);
}

static void logging_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    uint32_t row = kv_catalogue_find("LOG-1");
    bool whole;

    if (row != KV_NONE &&
        !kv_row_concerns(&kv_catalogue[row], facts->resource->kind))
        row = KV_NONE;
    put_intro(&page->intro, facts, row);
    add_settings(page, facts);
    whole = detail_ready(&page->intro, facts, KV_FACET_ALERTS);
    detail_add_alerts(page, facts);
    put_badge(page, facts);
    sheet_put(&page->empty, whole ? ROLE_TEXT : ROLE_UNKNOWN, 1,
        whole ? "No alert rule covers it."
              : "Whether an alert rule covers it is UNKNOWN.");
}

static const struct list_column columns[] = {
    { .title = "NAME" },
    { .title = "SENDS", .width_cells = 18, .full_cells = 33 },
    { .title = "TO", .width_cells = 15, .appears_at = 96 },
    { .title = "DESTINATION", .width_cells = 17 },
    { .title = "STATE", .width_cells = 7 },
    { .title = "KEEPS", .width_cells = 9, .appears_at = 96 },
};

static const struct list_ops logging_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = 0,
    .cell = detail_list_cell,
    .order = detail_list_order,
    .fields = filter_columns,
    .no_marks = true,
};

const struct detail_tab detail_logging = {
    .title = "Logging",
    .list = &logging_list,
    .build = logging_build,
};
