/* What happens when the last read of a group has ended: its set is put in
 * place, its facet is marked, and what only now can be asked is asked. */
#include "inside.h"

/* Ready for every chosen subscription, but where this scan was refused. */
static void scan_mark(struct kv_session *session, enum kv_facet facet)
{
    struct scan *scan = &session->scan;
    struct kv_facet_status ready = { KV_FACET_READY, clock_now_s(), NULL };

    for (size_t i = 0; i < scan->subscription_count; i++) {
        uint32_t index = estate_find_subscription(
            session->estate, view_of(scan->subscriptions[i]));
        const struct kv_facet_status *was =
            &kv_estate_subscription(session->estate, index)->facets[facet];
        bool refused =
            was->read_at_s >= scan->view.started_at_s &&
            (was->state == KV_FACET_DENIED || was->state == KV_FACET_FAILED);

        if (!refused)
            estate_set_subscription_facet(session->estate, index, facet, ready);
    }
    estate_touch_all(session->estate);
}

void scan_mark_assignments(struct kv_session *session, int64_t read_at_s)
{
    struct kv_facet_status unknown = {
        .state = KV_FACET_DENIED,
        .read_at_s = read_at_s,
        .why = "Microsoft.Management/managementGroups/read",
    };

    for (uint32_t i = 0; i < kv_estate_subscription_count(session->estate);
         i++) {
        const struct kv_subscription *row =
            kv_estate_subscription(session->estate, i);

        if (row->group_count == 0 &&
            row->facets[KV_FACET_ASSIGNMENTS].state == KV_FACET_READY)
            estate_set_subscription_facet(
                session->estate, i, KV_FACET_ASSIGNMENTS, unknown);
    }
    estate_touch_all(session->estate);
}

static void scan_assignments_ended(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    if (!scan->ended[GROUP_ASSIGNMENTS] || !scan->ended[GROUP_CONTAINERS])
        return;
    estate_commit(session->estate, ESTATE_ASSIGNMENTS);
    scan_mark(session, KV_FACET_ASSIGNMENTS);
    scan_mark_assignments(session, clock_now_s());
}

/* What must be asked for by itself: a resource that an assignment or a lock
 * names but the inventory does not, or no longer does (only its own answer
 * tells gone from hidden), and a vault without a word on soft delete, whose
 * age decides and is not in Resource Graph. */
static bool needs_own_read(
    const struct scan *scan, const struct kv_resource *row)
{
    bool stale = row->properties.read_at_s < scan->view.started_at_s;
    bool ageless = row->kind == KV_KIND_VAULT &&
                   row->soft_delete == KV_TRI_ABSENT && row->modified_at_s == 0;

    return !row->gone && (stale || ageless);
}

static void scan_refer(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;
    struct scan *scan = &session->scan;

    if (!scan->ended[GROUP_INVENTORY] || !scan->ended[GROUP_ASSIGNMENTS] ||
        !scan->ended[GROUP_CONTAINERS] || !scan->ended[GROUP_LOCKS])
        return;
    for (uint32_t i = 0; i < estate_assignment_count(estate); i++)
        estate_refer_resource(
            estate, view_of(estate_assignment(estate, i)->scope));
    for (uint32_t i = 0; i < estate_lock_count(estate); i++)
        estate_refer_resource(estate, view_of(estate_lock(estate, i)->scope));
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);

        if (needs_own_read(scan, row))
            scan_read(session, AZURE_RESOURCE, row->id, NULL, 0);
    }
    if (scan->pending[GROUP_RESOURCES] == 0)
        scan->ended[GROUP_RESOURCES] = true;
    if (!scan->principals_asked)
        scan_ask_principals(session);
    scan->principals_asked = true;
}

void scan_group_ended(struct kv_session *session, enum group group)
{
    switch (group) {
    case GROUP_ROLES:
        estate_link_roles(session->estate);
        scan_mark(session, KV_FACET_ROLES);
        break;
    case GROUP_CONTAINERS:
    case GROUP_ASSIGNMENTS:
        scan_assignments_ended(session);
        scan_refer(session);
        break;
    case GROUP_INVENTORY:
        scan_refer(session);
        break;
    case GROUP_LOCKS:
        estate_commit(session->estate, ESTATE_LOCKS);
        scan_mark(session, KV_FACET_LOCKS);
        scan_refer(session);
        break;
    case GROUP_SINKS:
        estate_commit(session->estate, ESTATE_SINKS);
        scan_mark(session, KV_FACET_SINKS);
        break;
    case GROUP_DELETED:
        estate_commit(session->estate, ESTATE_DELETED);
        scan_mark(session, KV_FACET_DELETED);
        break;
    case GROUP_ACCOUNT:
    case GROUP_RESOURCES:
    case GROUP_DIAGNOSTICS:
        break;
    case GROUP_PRINCIPALS:
        scan_ask_members(session);
        break;
    case GROUP_SINK_CHECKS:
    case GROUP_MEMBERS:
        estate_touch_all(session->estate);
        break;
    }
}
