/* What can be put right over all vaults. */
#include "fixes.h"

#include <string.h>

#include "heap.h"

/* ---- remedies ---- */

const struct kv_remedy *fixes_remedy(uint32_t row, size_t index)
{
    const char *const *ids = kv_catalogue[row].remedies;
    const struct kv_remedy *remedy = NULL;

    for (; ids && *ids; ids++) {
        remedy = kv_remedy_find(*ids);
        if (remedy && index-- == 0)
            return remedy;
    }
    return NULL;
}

/* A remedy on the subscription is for whatever lies in it. */
static uint32_t kinds_of(uint32_t row)
{
    const struct kv_remedy *remedy;
    uint32_t kinds = 0;

    for (size_t i = 0; (remedy = fixes_remedy(row, i)); i++)
        kinds |= remedy->kinds & (KV_ON_SUBSCRIPTION | KV_ON_TENANT)
                     ? KV_ON_RESOURCES
                     : remedy->kinds;
    return kinds;
}

size_t fixes_copy_failing(
    const struct kv_session *session, uint32_t row, uint32_t **out)
{
    const struct kv_estate *estate = kv_session_estate(session);
    uint32_t all = kv_estate_resource_count(estate);
    size_t count = 0;

    *out = heap_new((all + 1) * sizeof(**out));
    for (uint32_t i = 0; i < all; i++)
        if (!kv_estate_resource(estate, i)->gone &&
            kv_posture_verdict(kv_session_posture(session), row, i) ==
                KV_VERDICT_FAIL)
            (*out)[count++] = i;
    return count;
}

/* ---- one resource ---- */

/* What holds for every row of one resource. */
struct obstacles {
    bool locked;
    bool no_right;
    bool unsure;
};

static struct obstacles obstacles_of(
    const struct fixes *fixes, const struct kv_resource *resource)
{
    const struct kv_estate *estate = kv_session_estate(fixes->session);
    struct kv_facet_status locks =
        kv_estate_facet(estate, resource, KV_FACET_LOCKS);
    enum own_answer own = own_may_change(&fixes->own, resource);
    struct obstacles found = {
        .no_right = own == OWN_NO,
        .unsure = own == OWN_UNKNOWN || !kv_facet_known(&locks),
    };
    struct kv_walk walk = { 0 };
    const struct kv_lock *lock;

    while ((lock = kv_estate_next_lock(estate, resource, &walk)))
        if (lock->read_only && walk.level <= KV_SCOPE_RESOURCE)
            found.locked = true;
    return found;
}

static void count_one(
    struct fix_count *count, bool has_remedy, const struct obstacles *obstacles)
{
    count->failing++;
    if (!has_remedy)
        count->no_way++;
    else if (obstacles->locked)
        count->locked++;
    else if (obstacles->no_right)
        count->no_right++;
    else {
        count->fixable++;
        count->unsure += obstacles->unsure;
    }
}

/* A row that is judged above is counted once there, with the first resource
 * that is met. */
static bool counts_here(
    const struct fixes *fixes, uint32_t row, const struct kv_resource *resource)
{
    switch (kv_row_level(&kv_catalogue[row])) {
    case KV_LEVEL_RESOURCE:
        return true;
    case KV_LEVEL_SUBSCRIPTION:
        return !fixes->met[resource->subscription];
    case KV_LEVEL_TENANT:
        break;
    }
    return fixes->next[row].failing == 0;
}

static void count_resource(struct fixes *fixes, uint32_t item)
{
    const struct kv_resource *resource =
        kv_estate_resource(kv_session_estate(fixes->session), item);
    struct obstacles obstacles = { 0 };
    bool looked = false;

    for (uint32_t row = 0; row < kv_catalogue_count; row++) {
        if (!fixes->kinds[row] ||
            kv_posture_verdict(kv_session_posture(fixes->session), row, item) !=
                KV_VERDICT_FAIL ||
            !counts_here(fixes, row, resource))
            continue;
        if (!looked)
            obstacles = obstacles_of(fixes, resource);
        looked = true;
        count_one(&fixes->next[row], fixes->kinds[row] >> resource->kind & 1,
            &obstacles);
    }
    fixes->met[resource->subscription] = true;
}

/* ---- all ---- */

void fixes_init(struct fixes *fixes, const struct kv_session *session)
{
    *fixes = (struct fixes){
        .session = session,
        .rows = heap_new(kv_catalogue_count * sizeof(*fixes->rows)),
        .next = heap_new(kv_catalogue_count * sizeof(*fixes->next)),
        .kinds = heap_new(kv_catalogue_count * sizeof(*fixes->kinds)),
        .at = KV_NONE,
    };
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        fixes->kinds[row] = kinds_of(row);
}

void fixes_done(struct fixes *fixes)
{
    own_done(&fixes->own);
    heap_free(fixes->rows);
    heap_free(fixes->next);
    heap_free(fixes->kinds);
    heap_free(fixes->met);
    *fixes = (struct fixes){ 0 };
}

/* Where nothing can be offered, the tally of the row is all there is to say. */
void fixes_start(struct fixes *fixes)
{
    const struct kv_posture *posture = kv_session_posture(fixes->session);

    own_find(&fixes->own, fixes->session);
    heap_free(fixes->met);
    fixes->met_room =
        kv_estate_subscription_count(kv_session_estate(fixes->session));
    fixes->met = heap_new(fixes->met_room + 1);
    memset(fixes->next, 0, kv_catalogue_count * sizeof(*fixes->next));
    for (uint32_t row = 0; row < kv_catalogue_count; row++)
        if (!fixes->kinds[row])
            fixes->next[row].failing =
                kv_posture_row(posture, row)->count[KV_VERDICT_FAIL];
    fixes->at = 0;
}

/* What lies in a subscription that came since is counted the next time. */
static bool is_there(
    const struct fixes *fixes, const struct kv_resource *resource)
{
    return !resource->gone && resource->subscription < fixes->met_room;
}

bool fixes_step(struct fixes *fixes, uint32_t resources)
{
    const struct kv_estate *estate = kv_session_estate(fixes->session);
    uint32_t all = kv_estate_resource_count(estate);
    struct fix_count *counted = fixes->next;

    for (; fixes->at < all && resources > 0; fixes->at++, resources--)
        if (is_there(fixes, kv_estate_resource(estate, fixes->at)))
            count_resource(fixes, fixes->at);
    if (fixes->at < all)
        return false;
    fixes->at = KV_NONE;
    fixes->next = fixes->rows;
    fixes->rows = counted;
    fixes->known = true;
    return true;
}
