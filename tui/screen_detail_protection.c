/* The tab Protection: each setting that guards against loss, as it is, as it
 * should be, and how it gets there. */
#include "screen_detail.h"

/* A setting, and the recommendation that judges it. */
struct setting {
    const char *name;
    const char *recommendation; /* NULL: nothing is wanted */
    unsigned kinds;             /* 1u << enum kv_kind */
    enum kv_facet facet;
    void (*put_now)(struct buf *out, const struct detail_facts *facts);
    const char *wanted; /* NULL: from the policy, put by put_wanted() */
    const char *fixed;  /* instead of a change; NULL: it can be changed */
};

#define ON_VAULT (1u << KV_KIND_VAULT)
#define ON_HSM (1u << KV_KIND_HSM)
#define ON_BOTH (ON_VAULT | ON_HSM)

/* What an absent softDeleteRetentionInDays means. */
#define RETENTION_DEFAULT_DAYS 90

/* ---- now ---- */

static void put_tri(struct buf *out, enum kv_tri value, const char *absent)
{
    switch (value) {
    case KV_TRI_ABSENT:
        buf_puts(out, absent);
        break;
    case KV_TRI_FALSE:
        buf_puts(out, "off");
        break;
    case KV_TRI_TRUE:
        buf_puts(out, "on");
        break;
    }
}

static void now_soft_delete(struct buf *out, const struct detail_facts *facts)
{
    put_tri(out, facts->resource->soft_delete, "absent");
}

static void now_retention(struct buf *out, const struct detail_facts *facts)
{
    if (facts->resource->retention_days)
        buf_putf(out, "%u days", facts->resource->retention_days);
    else
        buf_putf(out, "%d days (absent)", RETENTION_DEFAULT_DAYS);
}

static void now_purge(struct buf *out, const struct detail_facts *facts)
{
    put_tri(out, facts->resource->purge_protection, "off (absent)");
}

static void now_model(struct buf *out, const struct detail_facts *facts)
{
    buf_puts(out, facts->resource->rbac == KV_TRI_TRUE ? "Azure RBAC"
                                                       : "access policies");
}

/* The strongest that holds: a ReadOnly lock stops deletion too. */
static void now_lock(struct buf *out, const struct detail_facts *facts)
{
    struct kv_walk walk = { 0 };
    const struct kv_lock *lock;
    const struct kv_lock *best = NULL;

    while ((lock = kv_estate_next_lock(facts->estate, facts->resource, &walk)))
        if (!best || (lock->read_only && !best->read_only))
            best = lock;
    buf_puts(out, !best             ? "none"
                  : best->read_only ? "ReadOnly"
                                    : "CanNotDelete");
}

static void put_or_unknown(struct buf *out, const char *text)
{
    buf_puts(out, text && *text ? text : "? (not said)");
}

static void now_activation(struct buf *out, const struct detail_facts *facts)
{
    put_or_unknown(out, facts->resource->activation);
}

static void now_sku(struct buf *out, const struct detail_facts *facts)
{
    put_or_unknown(out, facts->resource->sku);
}

static void now_state(struct buf *out, const struct detail_facts *facts)
{
    put_or_unknown(out, facts->resource->provisioning_state);
}

/* ---- the table ---- */

static const struct setting settings[] = {
    {
        .name = "Soft delete",
        .recommendation = "PRO-1",
        .kinds = ON_VAULT,
        .facet = KV_FACET_PROPERTIES,
        .put_now = now_soft_delete,
        .wanted = "on",
    },
    {
        .name = "Retention",
        .recommendation = "PRO-2",
        .kinds = ON_BOTH,
        .facet = KV_FACET_PROPERTIES,
        .put_now = now_retention,
        .fixed = "fixed at creation",
    },
    {
        .name = "Purge protection",
        .recommendation = "PRO-3",
        .kinds = ON_BOTH,
        .facet = KV_FACET_PROPERTIES,
        .put_now = now_purge,
        .wanted = "on",
    },
    {
        .name = "Permission model",
        .recommendation = "ACC-1",
        .kinds = ON_VAULT,
        .facet = KV_FACET_PROPERTIES,
        .put_now = now_model,
        .wanted = "Azure RBAC",
    },
    {
        .name = "Delete lock",
        .recommendation = "GOV-3",
        .kinds = ON_BOTH,
        .facet = KV_FACET_LOCKS,
        .put_now = now_lock,
        .wanted = "CanNotDelete",
    },
    {
        .name = "Activation",
        .kinds = ON_HSM,
        .facet = KV_FACET_PROPERTIES,
        .put_now = now_activation,
        .wanted = "Active",
    },
    {
        .name = "SKU",
        .kinds = ON_BOTH,
        .facet = KV_FACET_PROPERTIES,
        .put_now = now_sku,
        .wanted = "-",
        .fixed = "-",
    },
    {
        .name = "State in Azure",
        .kinds = ON_BOTH,
        .facet = KV_FACET_PROPERTIES,
        .put_now = now_state,
        .wanted = "-",
        .fixed = "-",
    },
};

/* ---- rows ---- */

static bool is_read(const struct detail_facts *facts, enum kv_facet facet)
{
    return kv_estate_facet(facts->estate, facts->resource, facet).state ==
           KV_FACET_READY;
}

/* The row of the catalogue where it judges this kind of resource. */
static uint32_t finding_of(
    const struct setting *setting, const struct detail_facts *facts)
{
    uint32_t row = setting->recommendation
                       ? kv_catalogue_find(setting->recommendation)
                       : KV_NONE;

    if (row != KV_NONE &&
        !kv_row_concerns(&kv_catalogue[row], facts->resource->kind))
        return KV_NONE;
    return row;
}

static void take_finding(struct detail_row *out, const struct setting *setting,
    const struct detail_facts *facts, uint32_t finding)
{
    const struct kv_recommendation *what = &kv_catalogue[finding];
    enum kv_verdict verdict =
        kv_posture_verdict(facts->posture, finding, facts->index);

    out->finding = finding;
    if (verdict == KV_VERDICT_UNKNOWN || verdict == KV_VERDICT_UNREAD ||
        verdict == KV_VERDICT_NONE)
        detail_cell(out, "? not known");
    else if (verdict != KV_VERDICT_FAIL)
        detail_cell(out, "-");
    else
        detail_cell(out, "%s",
            setting->fixed ? setting->fixed : detail_remedy_words(what));
    if (verdict != KV_VERDICT_FAIL)
        out->refusal = "this setting is as it should be, or not known";
    else if (!kv_remedy_find(what->remedies[0]))
        out->refusal = "guide only: Enter shows how to put it right by hand";
    sheet_putf(&out->below, ROLE_TITLE, 1, "%s  %s", what->id,
        verdict == KV_VERDICT_FAIL ? what->fails : what->title);
    detail_put_evidence(&out->below, facts, finding);
}

/* No recommendation looks at it for this kind of resource. */
static const char *unjudged(const struct setting *setting, const char *now)
{
    if (setting->fixed)
        return setting->fixed;
    return text_equal_nocase(setting->wanted, now) ? "-" : "not judged";
}

static void add_setting(struct detail_page *page, const struct setting *setting,
    const struct detail_facts *facts)
{
    struct detail_row *row = detail_page_add(page);
    struct buf now = { .limit = 256 };
    uint32_t finding = finding_of(setting, facts);

    if (is_read(facts, setting->facet))
        setting->put_now(&now, facts);
    else
        buf_puts(&now, "? not read");
    detail_cell(row, "%s", setting->name);
    detail_cell(row, "%s", buf_text(&now));
    if (setting->wanted)
        detail_cell(row, "%s", setting->wanted);
    else
        detail_cell(row, ">= %u days", facts->policy->retention_days);
    if (!is_read(facts, setting->facet))
        detail_ready(&row->below, facts, setting->facet);
    if (finding != KV_NONE) {
        take_finding(row, setting, facts, finding);
    } else {
        detail_cell(row, "%s", unjudged(setting, buf_text(&now)));
        row->refusal = "nothing here can be changed by kvgov";
    }
    buf_done(&now);
}

static void protection_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    for (size_t i = 0; i < sizeof(settings) / sizeof *(settings); i++)
        if (settings[i].kinds & 1u << facts->resource->kind)
            add_setting(page, &settings[i], facts);
    page->badge[0] = 0;
}

static const struct list_column columns[] = {
    { .title = "SETTING", .width_cells = 17 },
    { .title = "NOW", .width_cells = 17 },
    { .title = "WANTED", .width_cells = 12 },
    { .title = "CHANGE" },
};

static const struct list_ops protection_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = 0,
    .cell = detail_list_cell,
    .order = detail_list_order,
    .fields = filter_columns,
    .no_marks = true,
};

const struct detail_tab detail_protection = {
    .title = "Protection",
    .list = &protection_list,
    .fixes_row = true,
    .build = protection_build,
};
