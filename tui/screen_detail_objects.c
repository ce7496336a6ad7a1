/* The tab Objects: the keys, secrets and certificates in a vault, the keys and
 * settings of an HSM, and what is soft-deleted in it: names, dates and how they
 * are renewed, never a value. */
#include "screen_detail.h"

#include <stdio.h>

#define DAY_S 86400
/* So long before its end an object is pointed out: Key Vault raises its events
 * NearExpiry as early. */
#define NEAR_S (30 * (int64_t)DAY_S)
#define TEXT_LIMIT 1024

enum column {
    COLUMN_NAME,
    COLUMN_KIND,
    COLUMN_STATE,
    COLUMN_TYPE,
    COLUMN_EXPIRES,
    COLUMN_RENEWS,
    COLUMN_CREATED,
};

/* What is read of its own and listed here. */
struct part {
    enum kv_facet facet;
    enum kv_set set;
    const char *one;
    const char *many;
    uint32_t kinds; /* of resources: 1u << enum kv_kind, added up */
};

#define IN_VAULTS (1u << KV_KIND_VAULT)
#define IN_HSMS (1u << KV_KIND_HSM)

static const struct part parts[] = {
    { KV_FACET_KEYS, KV_SET_KEYS, "key", "keys", IN_VAULTS | IN_HSMS },
    { KV_FACET_SECRETS, KV_SET_SECRETS, "secret", "secrets", IN_VAULTS },
    { KV_FACET_CERTIFICATES, KV_SET_CERTIFICATES, "certificate", "certificates",
        IN_VAULTS },
    { KV_FACET_SETTINGS, KV_SET_SETTINGS, "setting", "settings", IN_HSMS },
    { KV_FACET_DELETED_OBJECTS, KV_SET_DELETED_OBJECTS, "soft-deleted",
        "soft-deleted", IN_VAULTS | IN_HSMS },
};
#define PART_COUNT (sizeof(parts) / sizeof *(parts))

static bool has_part(const struct detail_facts *facts, const struct part *part)
{
    return part->kinds & 1u << facts->resource->kind;
}

/* ---- words ---- */

static const char *kind_word(enum kv_object_kind kind)
{
    switch (kind) {
    case KV_OBJECT_KEY:
        return "key";
    case KV_OBJECT_SECRET:
        return "secret";
    case KV_OBJECT_CERTIFICATE:
        return "cert";
    case KV_OBJECT_STORAGE:
        return "storage";
    }
    return "?";
}

static const char *state_word(const struct kv_object *object, int64_t now_s)
{
    if (object->deleted)
        return "deleted";
    if (object->disabled)
        return "disabled";
    return object->not_before_s > now_s ? "not yet" : "enabled";
}

/* "text/plain"; "json" of "application/json", which most would begin with. */
static void put_content_type(struct buf *out, const char *content_type)
{
    static const char common[] = "application/";
    struct view text = view_of(content_type ? content_type : "");

    if (view_starts_nocase(text, view_of(common))) {
        text.data += sizeof(common) - 1;
        text.size -= sizeof(common) - 1;
    }
    buf_put(out, text.size ? text : view_of("-"));
}

/* "RSA-HSM 3072", "EC P-256"; what a secret says that it is. */
static void put_type(struct buf *out, const struct kv_object *object)
{
    if (object->kind == KV_OBJECT_SECRET) {
        put_content_type(out, object->content_type);
        return;
    }
    buf_puts(out, object->key_type ? object->key_type : "?");
    if (object->curve)
        buf_putf(out, " %s", object->curve);
    else if (object->key_bits)
        buf_putf(out, " %u", object->key_bits);
}

/* "in 12 days", "expired 3 days", "purge 5 days". */
static void put_end(
    struct buf *out, const struct kv_object *object, int64_t now_s)
{
    int64_t end_s = object->deleted ? object->purge_s : object->expires_s;

    if (!end_s) {
        buf_puts(out, object->deleted ? "?" : "never");
        return;
    }
    if (object->deleted)
        buf_puts(out, "purge ");
    else if (end_s > now_s)
        buf_puts(out, "in ");
    else
        buf_puts(out, "expired ");
    if (end_s > now_s)
        detail_put_span(out, end_s - now_s);
    else if (object->deleted)
        buf_puts(out, "due");
    else
        buf_put_age(out, now_s - end_s);
}

static void put_key_renewal(struct buf *out, const struct kv_object *object)
{
    if (!kv_facet_known(&object->rotation))
        buf_puts(out, "?");
    else if (!object->rotates)
        buf_puts(out, "no");
    else if (object->rotates_after_days)
        buf_putf(out, "after %ud", object->rotates_after_days);
    else if (object->rotates_before_days)
        buf_putf(out, "%ud before", object->rotates_before_days);
    else
        buf_puts(out, "yes");
}

static void put_certificate_renewal(
    struct buf *out, const struct kv_object *object)
{
    if (!kv_facet_known(&object->policy))
        buf_puts(out, "?");
    else if (!object->renews)
        buf_puts(out, "no");
    else if (object->renews_percentage)
        buf_putf(out, "at %u%%", object->renews_percentage);
    else if (object->renews_days)
        buf_putf(out, "%ud before", object->renews_days);
    else
        buf_puts(out, "yes");
}

/* Key Vault renews keys and certificates; secrets only with theirs. */
static void put_renewal(struct buf *out, const struct kv_object *object)
{
    if (object->deleted)
        buf_puts(out, "-");
    else if (object->managed)
        buf_puts(out, "with cert");
    else if (object->kind == KV_OBJECT_KEY)
        put_key_renewal(out, object);
    else if (object->kind == KV_OBJECT_CERTIFICATE)
        put_certificate_renewal(out, object);
    else
        buf_puts(out, "-");
}

/* ---- below the list ---- */

static void put_date(struct sheet *out, const char *label, int64_t time_s)
{
    struct buf text = { .limit = TEXT_LIMIT };

    if (!time_s)
        return;
    buf_put_time(&text, time_s);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, label, buf_text(&text));
    buf_done(&text);
}

static void put_dates(
    struct sheet *out, const struct kv_object *object, int64_t now_s)
{
    if (object->deleted) {
        put_date(out, "DELETED", object->deleted_s);
        put_date(out, "PURGED AT", object->purge_s);
    }
    if (object->not_before_s > now_s)
        put_date(out, "NOT BEFORE", object->not_before_s);
    put_date(out, "EXPIRES", object->expires_s);
    put_date(out, "CREATED", object->created_s);
    if (object->updated_s != object->created_s)
        put_date(out, "UPDATED", object->updated_s);
}

static void put_managed(struct sheet *out, const struct kv_object *object)
{
    if (object->managed)
        sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "MANAGED",
            "by the certificate of the same name, which renews it");
    else if (!object->managed_known && !object->deleted &&
             object->kind != KV_OBJECT_CERTIFICATE)
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "MANAGED",
            "whether a certificate manages it is UNKNOWN: the certificates "
            "were not read");
}

static void put_rotation(struct sheet *out, const struct kv_object *object)
{
    if (object->kind != KV_OBJECT_KEY || object->managed || object->deleted)
        return;
    if (!kv_facet_known(&object->rotation))
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "ROTATES",
            object->rotation.why ? object->rotation.why
                                 : "UNKNOWN: its rotation policy was not read");
    else if (object->expires_after_days)
        sheet_putf(out, ROLE_TEXT, DETAIL_INDENT,
            "its rotation policy lets new versions expire after %u days",
            object->expires_after_days);
}

static void put_issuer(struct sheet *out, const struct kv_object *object)
{
    if (object->kind != KV_OBJECT_CERTIFICATE || object->deleted)
        return;
    if (!kv_facet_known(&object->policy)) {
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "POLICY",
            object->policy.why ? object->policy.why
                               : "UNKNOWN: its policy was not read");
        return;
    }
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "SUBJECT",
        object->subject ? object->subject : "-");
    if (object->issuer && object->provider)
        sheet_putf(out, ROLE_TEXT, DETAIL_INDENT, "issuer %s (%s)",
            object->issuer, object->provider);
    else if (object->issuer)
        sheet_putf(out, ROLE_TEXT, DETAIL_INDENT, "issuer %s", object->issuer);
    if (object->months)
        sheet_putf(out, ROLE_TEXT, DETAIL_INDENT, "valid for %u months",
            object->months);
}

static void put_tags(struct sheet *out, const struct kv_object *object)
{
    struct buf text = { .limit = 4096 };

    for (uint32_t i = 0; i < object->tag_count; i++)
        buf_putf(&text, "%s%s=%s", i ? "  " : "", object->tags[i].name,
            object->tags[i].value ? object->tags[i].value : "");
    if (text.size)
        sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "TAGS", buf_text(&text));
    buf_done(&text);
}

static void put_object_words(
    struct sheet *out, const struct kv_object *object, int64_t now_s)
{
    sheet_putf(
        out, ROLE_TITLE, 1, "%s  %s", kind_word(object->kind), object->name);
    put_dates(out, object, now_s);
    put_managed(out, object);
    put_rotation(out, object);
    put_issuer(out, object);
    if (object->recovery_level)
        sheet_pair(
            out, ROLE_TEXT, DETAIL_INDENT, "RECOVERY", object->recovery_level);
    put_tags(out, object);
    if (!object->from_data_plane)
        sheet_put(out, ROLE_DIM, DETAIL_INDENT,
            "read from Azure Resource Manager, which shows less than the vault "
            "itself");
}

/* ---- rows ---- */

/* What ends first comes first, what is deleted last. */
static uint64_t rank_of(const struct kv_object *object)
{
    uint64_t end_s =
        (uint64_t)(object->deleted ? object->purge_s : object->expires_s);

    if (!end_s)
        end_s = INT64_MAX >> 1;
    return object->deleted ? end_s | (uint64_t)1 << 62 : end_s;
}

/* An object that is switched off harms nobody by expiring. */
static enum role mark_of(const struct kv_object *object, int64_t now_s)
{
    if (object->deleted || object->disabled)
        return ROLE_DIM;
    if (!object->expires_s || object->expires_s - now_s > NEAR_S)
        return ROLE_TEXT;
    return object->expires_s <= now_s ? ROLE_HIGH : ROLE_MEDIUM;
}

static void put_cell(struct detail_row *row, struct buf *text)
{
    detail_cell(row, "%s", buf_text(text));
    buf_clear(text);
}

static void add_object(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_object *object)
{
    struct detail_row *row = detail_page_add(page);
    struct buf text = { .limit = TEXT_LIMIT };

    detail_cell(row, "%s", object->name);
    detail_cell(row, "%s", kind_word(object->kind));
    detail_cell(row, "%s", state_word(object, facts->now_s));
    put_type(&text, object);
    put_cell(row, &text);
    put_end(&text, object, facts->now_s);
    put_cell(row, &text);
    put_renewal(&text, object);
    put_cell(row, &text);
    detail_put_day(&text, object->created_s);
    put_cell(row, &text);
    row->rank = rank_of(object);
    row->mark = mark_of(object, facts->now_s);
    row->rest = row->mark == ROLE_DIM ? ROLE_DIM : ROLE_TEXT;
    put_object_words(&row->below, object, facts->now_s);
    buf_done(&text);
}

static void add_setting(
    struct detail_page *page, const struct kv_hsm_setting *setting)
{
    struct detail_row *row = detail_page_add(page);

    detail_cell(row, "%s", setting->name);
    detail_cell(row, "setting");
    detail_cell(row, "-");
    detail_cell(row, "%s", setting->value ? setting->value : "?");
    row->rank = UINT64_MAX;
    sheet_putf(&row->below, ROLE_TITLE, 1, "setting  %s", setting->name);
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "VALUE",
        setting->value ? setting->value : "?");
}

static size_t add_part(struct detail_page *page,
    const struct detail_facts *facts, const struct part *part)
{
    struct kv_walk walk = { 0 };
    size_t before = page->count;
    const void *row;

    while ((row = kv_estate_next_at(
                facts->estate, part->set, facts->resource->id, &walk))) {
        if (part->set == KV_SET_SETTINGS)
            add_setting(page, row);
        else
            add_object(page, facts, row);
    }
    return page->count - before;
}

/* ---- the page ---- */

/* "3 keys  ? secrets": a number is given only where all were listed. */
static void put_count(struct buf *out, const struct detail_facts *facts,
    const struct part *part, size_t count)
{
    struct kv_facet_status status =
        kv_estate_facet(facts->estate, facts->resource, part->facet);

    if (out->size)
        buf_puts(out, "   ");
    if (kv_facet_known(&status))
        buf_put_count(out, count);
    else
        buf_puts(out, status.state == KV_FACET_LOADING ? ".." : "?");
    buf_putf(out, " %s",
        kv_facet_known(&status) && count == 1 ? part->one : part->many);
}

static void add_parts(struct detail_page *page,
    const struct detail_facts *facts, struct buf *counts)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        if (has_part(facts, &parts[i]))
            put_count(
                counts, facts, &parts[i], add_part(page, facts, &parts[i]));
}

static bool put_unread(struct sheet *out, const struct detail_facts *facts)
{
    enum kv_facet facets[PART_COUNT];
    size_t count = 0;

    for (size_t i = 0; i < PART_COUNT; i++)
        if (has_part(facts, &parts[i]))
            facets[count++] = parts[i].facet;
    return detail_all_ready(out, facts, facets, count);
}

static void objects_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    struct buf counts = { .limit = TEXT_LIMIT };
    bool whole;

    add_parts(page, facts, &counts);
    sheet_put(&page->intro, ROLE_TEXT, 1, buf_text(&counts));
    whole = put_unread(&page->intro, facts);
    if (whole) {
        sheet_put(&page->empty, ROLE_TEXT, 1,
            "Nothing is in it, and nothing soft-deleted either. All was "
            "read.");
    } else {
        snprintf(page->badge, sizeof(page->badge), "?");
        sheet_put(&page->empty, ROLE_UNKNOWN, 1,
            "No rows, because not everything could be read: see above.");
    }
    buf_done(&counts);
}

/* Those that end at the same time stand by name. */
static struct list_order objects_order(
    const void *context, uint32_t item, size_t column)
{
    const struct detail_page *page = context;
    struct list_order order = detail_list_order(context, item, column);

    if (!order.text)
        order.text = page->rows[item].cells[COLUMN_NAME];
    return order;
}

static const struct list_column columns[] = {
    [COLUMN_NAME] = { .title = "NAME" },
    [COLUMN_KIND] = { .title = "KIND", .width_cells = 7 },
    [COLUMN_STATE] = { .title = "STATE", .width_cells = 8 },
    [COLUMN_TYPE] = { .title = "TYPE",
        .width_cells = 12,
        .full_cells = 24,
        .appears_at = 72 },
    [COLUMN_EXPIRES] = { .title = "EXPIRES", .width_cells = 14 },
    [COLUMN_RENEWS] = { .title = "RENEWS", .width_cells = 10 },
    [COLUMN_CREATED] = {
        .title = "CREATED",
        .width_cells = 10,
        .appears_at = 100,
    },
};

static const struct list_ops objects_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .sort_column = COLUMN_EXPIRES,
    .name_column = COLUMN_NAME,
    .cell = detail_list_cell,
    .order = objects_order,
    .fields = filter_columns,
    .no_marks = true,
};

const struct detail_tab detail_objects = {
    .title = "Objects",
    .list = &objects_list,
    .build = objects_build,
};
