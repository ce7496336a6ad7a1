/* What happens when the last read of a facet has ended: its sets are put in
 * place, it is marked, and what only now can be asked is asked. */
#include "inside.h"

bool scan_fills(enum kv_facet facet)
{
    return kv_facets[facet].level != KV_LEVEL_RESOURCE;
}

/* Times count seconds, and a scan may begin in the one in which the last ended:
 * what that one found out must not pass for an answer of this one. */
void scan_age_facets(struct kv_session *session)
{
    int64_t before_s = session->scan.view.started_at_s - 1;

    for (uint32_t i = 0; i < kv_estate_subscription_count(session->estate); i++)
        for (int facet = 0; facet < KV_FACET_COUNT; facet++) {
            struct kv_facet_status status =
                kv_estate_subscription(session->estate, i)->facets[facet];

            if (status.read_at_s <= before_s)
                continue;
            status.read_at_s = before_s;
            estate_set_subscription_facet(
                session->estate, i, (enum kv_facet)facet, status);
        }
}

/* Ready for every chosen subscription, but where this scan was refused. */
static void scan_mark_subscriptions(
    struct kv_session *session, enum kv_facet facet)
{
    struct scan *scan = &session->scan;
    struct kv_facet_status ready = { KV_FACET_READY, clock_now_s(), NULL };

    for (size_t i = 0; i < scan->subscription_count; i++) {
        uint32_t index = estate_find_subscription(
            session->estate, view_of(scan->subscriptions[i]));
        const struct kv_facet_status *was =
            &kv_estate_subscription(session->estate, index)->facets[facet];
        bool refused =
            was->read_at_s >= scan->view.started_at_s && was->why != NULL;

        if (!refused)
            estate_set_subscription_facet(session->estate, index, facet, ready);
    }
}

static void scan_mark(struct kv_session *session, enum kv_facet facet)
{
    struct kv_facet_status was;

    if (kv_facets[facet].level == KV_LEVEL_SUBSCRIPTION) {
        scan_mark_subscriptions(session, facet);
        return;
    }
    was = *kv_estate_facet_at(session->estate, NULL, NULL, facet);
    if (was.read_at_s < session->scan.view.started_at_s || !was.why)
        estate_set_tenant_facet(session->estate, facet,
            (struct kv_facet_status){ KV_FACET_READY, clock_now_s(), NULL });
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
    estate_touch_all(session->estate, KV_FACET_BIT(KV_FACET_ASSIGNMENTS));
}

/* Assignments at management groups belong to a resource only when it is known
 * which groups lie above it. */
static void scan_assignments_ended(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    if (!scan->ended[KV_FACET_ASSIGNMENTS] || !scan->ended[KV_FACET_CONTAINERS])
        return;
    estate_commit(session->estate, KV_FACET_ASSIGNMENTS);
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

/* Sees to one row of an assignment or a lock, then to one resource, that those
 * may have named; false after the last. */
static bool refer_next(struct kv_session *session)
{
    static const enum kv_set sets[] = { KV_SET_ASSIGNMENTS, KV_SET_LOCKS };
    struct kv_estate *estate = session->estate;
    uint32_t at = session->scan.refer_next++;

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        uint32_t count = kv_estate_row_count(estate, sets[i]);
        const struct kv_row *row =
            at < count ? kv_estate_row(estate, sets[i], at) : NULL;

        if (row)
            estate_refer_resource(estate, view_of(row->scope));
        if (at < count)
            return true;
        at -= count;
    }
    if (at >= kv_estate_resource_count(estate))
        return false;
    if (needs_own_read(&session->scan, kv_estate_resource(estate, at)))
        scan_read(session, AZURE_RESOURCE, kv_estate_resource(estate, at)->id,
            NULL, 0);
    return true;
}

void scan_refer_step(struct kv_session *session, int64_t deadline_ms)
{
    struct scan *scan = &session->scan;

    while (scan->referring && clock_steady_ms() < deadline_ms)
        if (!refer_next(session)) {
            scan->referring = false;
            scan_ask_principals(session);
        }
}

static void scan_refer(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    if (scan->referred || !scan->ended[KV_FACET_INVENTORY] ||
        !scan->ended[KV_FACET_ASSIGNMENTS] ||
        !scan->ended[KV_FACET_CONTAINERS] || !scan->ended[KV_FACET_LOCKS])
        return;
    scan->referred = true;
    scan->referring = true;
}

/* Resource Graph answers for the subscriptions that it may show and says
 * nothing of the others. Those are asked one by one; what only Resource Graph
 * has is not known of them. */
static void scan_check_left_out(
    struct kv_session *session, const struct reading *reading)
{
    struct kv_error err;

    kv_error_set(&err, KV_PROTOCOL,
        "Resource Graph leaves this subscription out: ask for Reader on it");
    for (size_t i = 0; i < reading->id_count; i++) {
        struct reading alone = *reading;
        uint32_t index =
            estate_find_subscription(session->estate, view_of(reading->ids[i]));
        const struct kv_subscription *row =
            kv_estate_subscription(session->estate, index);

        if (row->facets[KV_FACET_CONTAINERS].read_at_s >=
            session->scan.view.started_at_s)
            continue;
        alone.ids = &reading->ids[i];
        alone.id_count = 1;
        for (int read = 0; read < AZURE_READ_COUNT; read++) {
            alone.read = (enum azure_read)read;
            if (azure_reads[read].spread != AZURE_BULK)
                continue;
            reading_mark(session, &alone, &err);
            scan_ask_instead(session, &alone);
        }
    }
}

/* What follows from the end of a single read. */
void scan_read_ended(struct kv_session *session, const struct reading *reading,
    const struct kv_error *err)
{
    if (err && azure_reads[reading->read].spread == AZURE_BULK)
        scan_ask_instead(session, reading);
    else if (!err && reading->read == AZURE_GRAPH_CONTAINERS)
        scan_check_left_out(session, reading);
    else if (!err && reading->read == AZURE_PRINCIPALS)
        scan_note_missing(session, reading->ids, reading->id_count);
    else if (!err && reading->read == AZURE_GRAPH_TOPICS)
        scan_ask_events(session);
    else if (!err && reading->read == AZURE_GRAPH_PLANS)
        scan_check_plans(session, reading);
}

/* Until the management groups were read, a subscription that Resource Graph
 * leaves out may still have to be asked by itself. */
static bool waits_for_containers(enum kv_facet facet)
{
    return facet == KV_FACET_INVENTORY || facet == KV_FACET_POLICIES ||
           facet == KV_FACET_PLANS;
}

static void facet_ended(struct kv_session *session, enum kv_facet facet)
{
    const struct scan *scan = &session->scan;

    if (!scan_fills(facet) || facet == KV_FACET_ASSIGNMENTS ||
        facet == KV_FACET_PRINCIPALS || facet == KV_FACET_MEMBERS ||
        (waits_for_containers(facet) && !scan->ended[KV_FACET_CONTAINERS]) ||
        scan_ask_more(session, facet))
        return;
    estate_commit(session->estate, facet);
    scan_mark(session, facet);
}

static void waiting_ended(struct kv_session *session)
{
    for (int i = 0; i < KV_FACET_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;

        if (waits_for_containers(facet) && session->scan.ended[facet])
            facet_ended(session, facet);
    }
}

void scan_facet_ended(struct kv_session *session, enum kv_facet facet)
{
    facet_ended(session, facet);
    if (facet == KV_FACET_CONTAINERS)
        waiting_ended(session);
    if (facet == KV_FACET_ROLES)
        estate_link_roles(session->estate);
    if (facet == KV_FACET_CONTAINERS || facet == KV_FACET_ASSIGNMENTS)
        scan_assignments_ended(session);
    if (facet == KV_FACET_PRINCIPALS)
        scan_ask_members(session);
    if (facet == KV_FACET_PRINCIPALS || facet == KV_FACET_MEMBERS)
        scan_mark_members(session);
    if (facet == KV_FACET_PRINCIPALS || facet == KV_FACET_MEMBERS ||
        facet == KV_FACET_ROLES)
        scan_ask_applications(session);
    if (facet == KV_FACET_SCHEDULES || facet == KV_FACET_ROLES)
        scan_ask_role_rules(session);
    scan_refer(session);
    if (scan_fills(facet))
        estate_touch_all(session->estate, KV_FACET_BIT(facet));
}
