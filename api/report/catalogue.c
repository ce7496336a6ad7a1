/* The catalogue as JSON: every row with all that it names, spelled out. */
#include "kvgov/report.h"

#include "facts.h"
#include "node.h"

/* Of the object's form; grows when a member changes its meaning or goes. */
#define CATALOGUE_VERSION 1

static json_t *kinds_of(uint32_t kinds)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {
        { KV_ON_VAULT, "vault" },
        { KV_ON_HSM, "hsm" },
        { KV_ON_SUBSCRIPTION, "subscription" },
        { KV_ON_TENANT, "tenant" },
    };
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (kinds & names[i].bit)
            json_array_append_new(list, node_text(names[i].name));
    return list;
}

static json_t *needs_of(uint64_t needs)
{
    json_t *list = json_array();

    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++) {
        json_t *need;

        if (!(needs & KV_FACET_BIT(facet)))
            continue;
        need = json_object();
        node_set(need, "facet", node_text(kv_facets[facet].name));
        node_set(need, "permission", node_text(kv_facets[facet].permission));
        json_array_append_new(list, need);
    }
    return list;
}

static json_t *source_of(const char *id)
{
    const struct kv_source *row = facts_source(id);
    json_t *source = json_object();

    node_set(source, "id", node_text(id));
    if (!row)
        return source;
    node_set(source, "title", node_text(row->title));
    node_set(source, "date", node_text(row->date));
    node_set(source, "url", node_text(row->url));
    return source;
}

static json_t *remedy_of(const char *id)
{
    const struct kv_remedy *row = kv_remedy_find(id);
    json_t *remedy = json_object();

    node_set(remedy, "id", node_text(id));
    if (!row)
        return remedy;
    node_set(remedy, "title", node_text(row->title));
    node_set(remedy, "grade", node_text(kv_remedy_danger(row)));
    node_set(remedy, "undo", json_boolean(row->undo));
    node_set(remedy, "kinds", kinds_of(row->kinds));
    node_set(remedy, "effect", node_text(row->effect));
    node_set(remedy, "cost", node_text(row->cost));
    return remedy;
}

static json_t *list_of(const char *const *ids, json_t *(*make)(const char *id))
{
    json_t *list = json_array();

    for (size_t i = 0; ids && ids[i]; i++)
        json_array_append_new(list, make(ids[i]));
    return list;
}

static json_t *baselines_of(const struct kv_recommendation *row)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < KV_BASELINE_COUNT; i++)
        if (kv_row_asks(row, (enum kv_baseline)i) != KV_ASKS_NOTHING)
            json_array_append_new(list, node_text(kv_baselines[i].name));
    return list;
}

static json_t *recommendation_of(const struct kv_recommendation *row)
{
    json_t *object = json_object();

    node_set(object, "id", node_text(row->id));
    node_set(object, "title", node_text(row->title));
    node_set(object, "fails", node_text(row->fails));
    node_set(object, "severity", node_text(kv_severity_name(row->severity)));
    node_set(object, "kinds", kinds_of(row->kinds));
    node_set(object, "attested", json_boolean(row->attests));
    node_set(object, "needs", needs_of(row->needs | row->looks_at));
    node_set(object, "sources", list_of(row->sources, source_of));
    node_set(object, "superseded", list_of(row->superseded, source_of));
    node_set(object, "baselines", baselines_of(row));
    node_set(object, "remedies", list_of(row->remedies, remedy_of));
    node_set(object, "why", node_text(row->why));
    node_set(object, "verify", node_text(row->verify));
    node_set(object, "fix", node_text(row->fix));
    node_set(object, "also", node_text(row->also));
    node_set(object, "azure_policy", list_of(kv_row_policies(row), node_text));
    if (kv_row_others(row))
        node_set(object, "why_others_differ", node_text(kv_row_others(row)));
    return object;
}

void kv_report_catalogue_json(struct buf *out)
{
    json_t *object = json_object();
    json_t *rows = json_array();

    for (size_t i = 0; i < kv_catalogue_count; i++)
        json_array_append_new(rows, recommendation_of(&kv_catalogue[i]));
    node_set(object, "version", json_integer(CATALOGUE_VERSION));
    node_set(object, "recommendations", rows);
    node_put(out, object, JSON_INDENT(2));
    buf_putc(out, '\n');
}
