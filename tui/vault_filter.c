/* What a filter finds in a vault: a table of keys. Keys about what was judged
 * keep the vaults where it is unknown, so that a filter never hides a gap. */
#include "app.h"
#include "vault_row.h"

struct vault_row vault_row_of(const void *context, uint32_t item)
{
    const struct screen *screen = context;

    return (struct vault_row){
        .estate = app_estate(screen->app),
        .posture = app_posture(screen->app),
        .policy = kv_session_policy(app_session(screen->app)),
        .now_s = app_now_s(screen->app),
        .resource = item,
    };
}

static const struct kv_resource *resource_of(const void *context, uint32_t item)
{
    return kv_estate_resource(
        app_estate(((const struct screen *)context)->app), item);
}

static enum filter_answer match_name(
    const void *context, uint32_t item, const struct filter_term *term)
{
    return filter_answer(filter_finds(term, resource_of(context, item)->name));
}

static enum filter_answer match_kind(
    const void *context, uint32_t item, const struct filter_term *term)
{
    return filter_answer(term->mask >> resource_of(context, item)->kind & 1);
}

/* A vault that is known by its id only has no region yet. */
static enum filter_answer match_region(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const char *location = resource_of(context, item)->location;

    if (!location || !*location)
        return FILTER_UNKNOWN;
    return filter_answer(filter_finds_shared(term, location));
}

static enum filter_answer match_group(
    const void *context, uint32_t item, const struct filter_term *term)
{
    return filter_answer(
        filter_finds_shared(term, resource_of(context, item)->resource_group));
}

static bool finds_subscription(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_estate *estate =
        app_estate(((const struct screen *)context)->app);
    uint32_t index = kv_estate_resource(estate, item)->subscription;
    const struct kv_subscription *subscription;

    if (index >= kv_estate_subscription_count(estate))
        return false;
    subscription = kv_estate_subscription(estate, index);
    return filter_finds_shared(term, subscription->name) ||
           filter_finds_shared(term, subscription->id);
}

static enum filter_answer match_subscription(
    const void *context, uint32_t item, const struct filter_term *term)
{
    return filter_answer(finds_subscription(context, item, term));
}

/* tag:env, or tag:env=prod with the value in full. */
static enum filter_answer match_tag(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_resource *resource = resource_of(context, item);
    struct view value = term->value;
    struct view name = view_cut(&value, '=');
    bool any = name.size == term->value.size;

    for (uint32_t i = 0; i < resource->tag_count; i++)
        if (view_equal_nocase(view_of(resource->tags[i].name), name) &&
            (any || view_equal_nocase(view_of(resource->tags[i].value), value)))
            return FILTER_YES;
    return filter_answer(!term->value.size);
}

static struct kv_standing standing_of(const void *context, uint32_t item)
{
    return kv_posture_standing(
        app_posture(((const struct screen *)context)->app), item);
}

/* What fails for sure is an answer; without it, what is unknown might. */
static enum filter_answer match_severity(
    const void *context, uint32_t item, const struct filter_term *term)
{
    struct kv_standing standing = standing_of(context, item);

    for (int at = 0; at < KV_SEVERITY_COUNT; at++)
        if (standing.fail[at] && term->mask >> at & 1)
            return FILTER_YES;
    return standing.unknown || standing.not_judged ? FILTER_UNKNOWN : FILTER_NO;
}

static enum filter_answer match_network(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct vault_row row = vault_row_of(context, item);
    const struct kv_resource *resource = resource_of(context, item);

    if (resource->properties.state != KV_FACET_READY)
        return FILTER_UNKNOWN;
    return filter_answer(
        term->mask >>
            kv_exposure_of(row.estate, resource, row.policy, NULL).kind &
        1);
}

static uint32_t recommendation_of(struct view id)
{
    for (uint32_t i = 0; i < kv_catalogue_count; i++)
        if (view_equal_nocase(view_of(kv_catalogue[i].id), id))
            return i;
    return KV_NONE;
}

/* KV_VERDICT_NONE where there is no such recommendation. */
static enum kv_verdict verdict_of(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_posture *posture =
        app_posture(((const struct screen *)context)->app);
    uint32_t index = recommendation_of(term->value);

    return index == KV_NONE ? KV_VERDICT_NONE
                            : kv_posture_verdict(posture, index, item);
}

static enum filter_answer match_fail(
    const void *context, uint32_t item, const struct filter_term *term)
{
    enum kv_verdict verdict = verdict_of(context, item, term);

    if (verdict == KV_VERDICT_UNKNOWN)
        return FILTER_UNKNOWN;
    return filter_answer(verdict == KV_VERDICT_FAIL || !term->value.size);
}

static enum filter_answer match_unknown(
    const void *context, uint32_t item, const struct filter_term *term)
{
    if (!term->value.size)
        return filter_answer(standing_of(context, item).unknown > 0);
    return filter_answer(verdict_of(context, item, term) == KV_VERDICT_UNKNOWN);
}

static enum filter_answer match_known(
    const void *context, uint32_t item, const struct filter_term *term)
{
    struct kv_standing standing = standing_of(context, item);

    (void)term;
    return filter_answer(!standing.unknown && !standing.not_judged);
}

static const char *const kind_words[] = {
    [KV_KIND_VAULT] = "vault",
    [KV_KIND_HSM] = "hsm",
    [KV_KIND_HSM + 1] = NULL,
};

/* From what nobody reaches to what everybody does. */
static const char *const network_words[] = {
    [KV_EXPOSURE_PRIVATE] = "private",
    [KV_EXPOSURE_CLOSED] = "closed",
    [KV_EXPOSURE_PERIMETER] = "perimeter",
    [KV_EXPOSURE_RESTRICTED] = "restricted",
    [KV_EXPOSURE_WIDE] = "wide",
    [KV_EXPOSURE_OPEN] = "open",
    [KV_EXPOSURE_OPEN + 1] = NULL,
};

const struct filter_field vault_fields[] = {
    { "name", "a part of its name", NULL, match_name },
    { "sev", "what fails of it", filter_severities, match_severity },
    { "net", "who reaches it", network_words, match_network },
    { "kind", "vault or hsm", kind_words, match_kind },
    { "tag", "a tag, or name=value", NULL, match_tag },
    { "sub", "its subscription, by name or id", NULL, match_subscription },
    { "rg", "its resource group", NULL, match_group },
    { "region", "where it is", NULL, match_region },
    { "fail", "the id of a recommendation", NULL, match_fail },
    { "unknown", "anything, or that recommendation", NULL, match_unknown },
    { "known", "everything", NULL, match_known },
    { 0 },
};

bool vault_row_word(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_resource *resource = resource_of(context, item);

    if (filter_finds(term, resource->name) ||
        filter_finds_shared(term, resource->resource_group) ||
        filter_finds_shared(term, resource->location))
        return true;
    for (uint32_t i = 0; i < resource->tag_count; i++)
        if (filter_finds_shared(term, resource->tags[i].value))
            return true;
    return finds_subscription(context, item, term);
}
