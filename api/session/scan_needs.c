/* What can only be asked when all of a facet was read: the DNS of the private
 * endpoints, the sets that policy assignments name, the regions where HSMs
 * are. */
#include "inside.h"
#include "network.h"
#include "policy.h"

#include <string.h>

/* A tenant assigns few sets; past this the rest stays unknown. */
#define SETS_MAX 256u

static void ask_zone_groups(struct kv_session *session)
{
    uint32_t count = estate_gathered_count(session->estate, KV_SET_ENDPOINTS);

    for (uint32_t i = 0; i < count; i++) {
        struct kv_private_endpoint *row =
            estate_gathered(session->estate, KV_SET_ENDPOINTS, i);
        struct buf subject = { .limit = 4096 };

        /* A row of its own for each resource, one request for all. */
        if (row && !strchr(row->id, '#') &&
            zone_groups_subject(&subject, view_of(row->endpoint_id)))
            scan_read(session, AZURE_ZONE_GROUPS, buf_text(&subject), NULL, 0);
        buf_done(&subject);
    }
}

static bool was_named(
    const char *const *named, size_t count, const char *definition_id)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal_nocase(named[i], definition_id))
            return true;
    return false;
}

static void ask_policy_sets(struct kv_session *session)
{
    uint32_t count = estate_gathered_count(session->estate, KV_SET_POLICIES);
    const char *named[SETS_MAX];
    size_t named_count = 0;

    for (uint32_t i = 0; i < count && named_count < SETS_MAX; i++) {
        const struct kv_policy_assignment *row =
            estate_gathered(session->estate, KV_SET_POLICIES, i);
        struct buf subject = { .limit = 4096 };

        if (row && !was_named(named, named_count, row->definition_id) &&
            policy_set_subject(&subject, view_of(row->definition_id))) {
            named[named_count++] = row->definition_id;
            scan_read(session, AZURE_POLICY_SET, buf_text(&subject), NULL, 0);
        }
        buf_done(&subject);
    }
}

/* By subscription. */
static bool *which_have_hsms(const struct kv_estate *estate)
{
    bool *have = mem_alloc(kv_estate_subscription_count(estate) + 1);

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);

        if (row->kind == KV_KIND_HSM && !row->gone)
            have[row->subscription] = true;
    }
    return have;
}

/* Zones are told by subscription; nothing but HSMs is judged by them. */
static void ask_locations(struct kv_session *session)
{
    const struct scan *scan = &session->scan;
    bool *have = which_have_hsms(session->estate);

    for (size_t i = 0; i < scan->subscription_count; i++)
        if (have[estate_find_subscription(
                session->estate, view_of(scan->subscriptions[i]))])
            scan_read(
                session, AZURE_LOCATIONS, scan->subscriptions[i], NULL, 0);
    mem_free(have);
}

bool scan_ask_more(struct kv_session *session, enum kv_facet facet)
{
    struct scan *scan = &session->scan;

    if (scan->asked_more & KV_FACET_BIT(facet))
        return false;
    scan->asked_more |= KV_FACET_BIT(facet);
    if (facet == KV_FACET_ENDPOINTS)
        ask_zone_groups(session);
    if (facet == KV_FACET_POLICIES)
        ask_policy_sets(session);
    if (facet == KV_FACET_INVENTORY)
        ask_locations(session);
    return scan->pending[facet] > 0;
}
