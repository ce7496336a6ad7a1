/* Reading a whole estate: who is there, the inventory in bulk, what bulk does
 * not hold per subscription, and diagnostic settings per resource. Reads form
 * groups; when the last of a group has ended, its set is put in place. */
#include "inside.h"

#include <string.h>

/* Diagnostic settings asked for at once: as many batches of 20 as the
 * transport keeps in flight. */
#define DIAGNOSTICS_AT_ONCE 640u

static void scan_start_subscriptions(struct kv_session *session);

static const char *const group_names[GROUP_COUNT] = {
    [GROUP_ACCOUNT] = "subscriptions",
    [GROUP_CONTAINERS] = "management groups",
    [GROUP_INVENTORY] = "inventory",
    [GROUP_ROLES] = "role definitions",
    [GROUP_ASSIGNMENTS] = "role assignments",
    [GROUP_SINKS] = "log destinations",
    [GROUP_LOCKS] = "locks",
    [GROUP_DELETED] = "deleted vaults",
    [GROUP_RESOURCES] = "single resources",
    [GROUP_DIAGNOSTICS] = "diagnostic settings",
    [GROUP_SINK_CHECKS] = "log destinations",
    [GROUP_PRINCIPALS] = "names of principals",
    [GROUP_MEMBERS] = "group members",
};

/* Which group a read of the scan belongs to. */
static enum group group_of(enum azure_read read)
{
    static const enum group groups[AZURE_READ_COUNT] = {
        [AZURE_TENANTS] = GROUP_ACCOUNT,
        [AZURE_SUBSCRIPTIONS] = GROUP_ACCOUNT,
        [AZURE_GRAPH_CONTAINERS] = GROUP_CONTAINERS,
        [AZURE_GRAPH_RESOURCES] = GROUP_INVENTORY,
        [AZURE_VAULTS] = GROUP_INVENTORY,
        [AZURE_HSMS] = GROUP_INVENTORY,
        [AZURE_GRAPH_ROLES] = GROUP_ROLES,
        [AZURE_ROLES] = GROUP_ROLES,
        [AZURE_GRAPH_ASSIGNMENTS] = GROUP_ASSIGNMENTS,
        [AZURE_ASSIGNMENTS] = GROUP_ASSIGNMENTS,
        [AZURE_GRAPH_SINKS] = GROUP_SINKS,
        [AZURE_LOCKS] = GROUP_LOCKS,
        [AZURE_DELETED_VAULTS] = GROUP_DELETED,
        [AZURE_DELETED_HSMS] = GROUP_DELETED,
        [AZURE_RESOURCE] = GROUP_RESOURCES,
        [AZURE_DIAGNOSTICS] = GROUP_DIAGNOSTICS,
        [AZURE_SINK] = GROUP_SINK_CHECKS,
        [AZURE_PRINCIPALS] = GROUP_PRINCIPALS,
        [AZURE_MEMBERS] = GROUP_MEMBERS,
    };

    return groups[read];
}

static void scan_read_done(void *context, struct reading *reading, long code,
    const struct kv_error *err);

void scan_read(struct kv_session *session, enum azure_read read,
    const char *subject, const char *const *batch, size_t count)
{
    struct scan *scan = &session->scan;

    scan->pending[group_of(read)]++;
    scan->ended[group_of(read)] = false;
    scan->view.total++;
    reading_start(session, &(struct reading_request){
                               .read = read,
                               .subject = subject,
                               .ids = batch,
                               .id_count = count,
                               .scan = scan->number,
                               .done = scan_read_done,
                               .context = session,
                           });
}

void scan_start(struct kv_session *session)
{
    struct scan *scan = &session->scan;
    struct kv_scan view = scan->view;
    uint32_t number = scan->number + 1;

    scan_done(scan);
    *scan = (struct scan){ .number = number };
    scan->view = (struct kv_scan){
        .state = KV_SCAN_RUNNING,
        .stage = group_names[GROUP_ACCOUNT],
        .resources = view.resources,
        .started_at_s = clock_now_s(),
        .data_at_s = view.data_at_s,
    };
    estate_begin(session->estate, ESTATE_ASSIGNMENTS);
    estate_begin(session->estate, ESTATE_LOCKS);
    estate_begin(session->estate, ESTATE_SINKS);
    estate_begin(session->estate, ESTATE_DELETED);
    scan_read(
        session, AZURE_TENANTS, auth_sign_in(session->auth)->tenant, NULL, 0);
    session->news |= KV_NEWS_SCAN;
}

void scan_done(struct scan *scan)
{
    mem_free(scan->queue);
    mem_free(scan->asked);
}

/* ---- after the account ---- */

static bool is_chosen(
    const struct kv_session *session, const struct kv_subscription *row)
{
    const char *wanted = session->options.subscription;

    return !wanted || text_equal_nocase(row->id, wanted) ||
           text_equal_nocase(row->name, wanted);
}

static void scan_choose_subscriptions(struct kv_session *session)
{
    struct scan *scan = &session->scan;
    uint32_t count = kv_estate_subscription_count(session->estate);

    scan->subscriptions =
        estate_array(session->estate, count, sizeof *scan->subscriptions);
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_subscription *row =
            kv_estate_subscription(session->estate, i);

        /* One that was only named in an id was not listed: state is NULL. */
        if (row->state && is_chosen(session, row))
            scan->subscriptions[scan->subscription_count++] = row->id;
    }
}

static void scan_start_batch(
    struct kv_session *session, const char *const *batch, size_t count)
{
    static const enum azure_read bulk[] = {
        AZURE_GRAPH_CONTAINERS,
        AZURE_GRAPH_RESOURCES,
        AZURE_GRAPH_ROLES,
        AZURE_GRAPH_ASSIGNMENTS,
        AZURE_GRAPH_SINKS,
    };

    for (size_t i = 0; i < sizeof bulk / sizeof *bulk; i++)
        scan_read(session, bulk[i], NULL, batch, count);
}

static void scan_start_subscriptions(struct kv_session *session)
{
    static const enum azure_read each[] = {
        AZURE_LOCKS,
        AZURE_DELETED_VAULTS,
        AZURE_DELETED_HSMS,
    };
    struct scan *scan = &session->scan;

    scan_choose_subscriptions(session);
    for (size_t i = 0; i < scan->subscription_count;
         i += AZURE_GRAPH_SUBSCRIPTIONS) {
        size_t left = scan->subscription_count - i;

        scan_start_batch(session, scan->subscriptions + i,
            left < AZURE_GRAPH_SUBSCRIPTIONS ? left
                                             : AZURE_GRAPH_SUBSCRIPTIONS);
    }
    for (size_t i = 0; i < scan->subscription_count; i++)
        for (size_t j = 0; j < sizeof each / sizeof *each; j++)
            scan_read(session, each[j], scan->subscriptions[i], NULL, 0);
    if (scan->subscription_count == 0 && !scan->inventory_failed)
        message_add(session, KV_NOTICE_ERROR, NULL,
            session->options.subscription
                ? "No subscription is called %s; check --subscription"
                : "No subscription is visible to %s: ask for Reader on the "
                  "subscriptions that hold the vaults",
            session->options.subscription
                ? session->options.subscription
                : auth_sign_in(session->auth)->account);
}

/* ---- when a read has ended ---- */

/* Bulk reads that were refused are made again, one subscription at a time. */
static void scan_fall_back(
    struct kv_session *session, const struct reading *reading)
{
    static const struct {
        enum azure_read from;
        enum azure_read to[2];
    } rows[] = {
        { AZURE_GRAPH_RESOURCES, { AZURE_VAULTS, AZURE_HSMS } },
        { AZURE_GRAPH_ASSIGNMENTS, { AZURE_ASSIGNMENTS } },
        { AZURE_GRAPH_ROLES, { AZURE_ROLES } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t j = 0; rows[i].from == reading->read && j < 2; j++)
            for (size_t k = 0; rows[i].to[j] && k < reading->id_count; k++)
                scan_read(session, rows[i].to[j], reading->ids[k], NULL, 0);
}

/* Resource Graph leaves out silently what the caller may not read. A row at
 * the subscription itself proves that assignments there are readable; without
 * one the subscription is asked directly, which answers or says no. */
static void scan_check_assignments(
    struct kv_session *session, const struct reading *reading)
{
    for (size_t i = 0; i < reading->id_count; i++) {
        struct buf scope = { .limit = 256 };

        buf_putf(&scope, "/subscriptions/%s", reading->ids[i]);
        if (!estate_gathered_at(session->estate, buf_text(&scope)))
            scan_read(session, AZURE_ASSIGNMENTS, reading->ids[i], NULL, 0);
        buf_done(&scope);
    }
}

/* What the store held of another tenant says nothing of this one. */
static void scan_check_tenant(struct kv_session *session)
{
    struct buf kept = { .limit = 256 };
    char *id = mem_copy_text(kv_estate_tenant_id(session->estate));
    char *name = mem_copy_text(kv_estate_tenant_name(session->estate));

    if (session->store)
        store_get_note(session->store, "tenant", &kept);
    if (kept.size > 0 && !text_equal_nocase(buf_text(&kept), id)) {
        store_clear(session->store);
        posture_free(session->posture);
        estate_free(session->estate);
        session->estate = estate_new();
        session->posture = posture_new(session->estate, &session->policy);
        estate_set_tenant(session->estate, id, name);
    }
    mem_free(id);
    mem_free(name);
    buf_done(&kept);
}

static void scan_read_done(void *context, struct reading *reading, long code,
    const struct kv_error *err)
{
    struct kv_session *session = context;
    struct scan *scan = &session->scan;
    enum group group = group_of(reading->read);

    (void)code;
    if (scan->view.state != KV_SCAN_RUNNING || reading->scan != scan->number)
        return;
    scan->view.done++;
    if (err && err->status != KV_NOT_FOUND)
        scan->view.failures++;
    if (err && azure_reads[reading->read].query)
        scan_fall_back(session, reading);
    else if (err &&
             (group == GROUP_INVENTORY || reading->read == AZURE_SUBSCRIPTIONS))
        scan->inventory_failed = true;
    else if (!err && reading->read == AZURE_GRAPH_ASSIGNMENTS)
        scan_check_assignments(session, reading);
    else if (!err && reading->read == AZURE_PRINCIPALS)
        scan_note_missing(session, reading->ids, reading->id_count);
    if (reading->read == AZURE_TENANTS)
        scan_check_tenant(session);
    if (reading->read == AZURE_TENANTS)
        scan_read(session, AZURE_SUBSCRIPTIONS, NULL, NULL, 0);
    else if (reading->read == AZURE_SUBSCRIPTIONS)
        scan_start_subscriptions(session);
    if (reading->read == AZURE_GRAPH_RESOURCES && reading->page == 0)
        scan->view.resources_expected += reading->expected;
    if (--scan->pending[group] == 0) {
        scan->ended[group] = true;
        scan_group_ended(session, group);
    }
}

/* ---- diagnostic settings ---- */

static bool scan_ask_once(struct scan *scan, uint32_t resource)
{
    if (resource >= scan->asked_count) {
        size_t wider = ((size_t)resource + 1) * 2;

        scan->asked = mem_resize(scan->asked, wider);
        memset(scan->asked + scan->asked_count, 0, wider - scan->asked_count);
        scan->asked_count = wider;
    }
    if (scan->asked[resource])
        return false;
    scan->asked[resource] = 1;
    return true;
}

void scan_see(struct kv_session *session, uint32_t resource)
{
    const struct kv_resource *row =
        kv_estate_resource(session->estate, resource);
    struct scan *scan = &session->scan;

    if (scan->view.state != KV_SCAN_RUNNING || row->gone ||
        row->properties.read_at_s < scan->view.started_at_s ||
        !scan_ask_once(scan, resource))
        return;
    scan->queue = mem_grow(scan->queue, scan->queue_count,
        &scan->queue_capacity, sizeof *scan->queue);
    scan->queue[scan->queue_count++] = resource;
    scan->view.total++;
}

static void scan_ask_diagnostics(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    while (scan->queue_next < scan->queue_count &&
           scan->pending[GROUP_DIAGNOSTICS] < DIAGNOSTICS_AT_ONCE) {
        uint32_t resource = scan->queue[scan->queue_next++];

        scan->view.total--; /* scan_read() counts it again */
        scan_read(session, AZURE_DIAGNOSTICS,
            kv_estate_resource(session->estate, resource)->id, NULL, 0);
    }
}

/* ---- the end ---- */

static bool scan_is_over(const struct kv_session *session)
{
    const struct scan *scan = &session->scan;

    for (int i = 0; i < GROUP_COUNT; i++)
        if (scan->pending[i] > 0)
            return false;
    return scan->queue_next == scan->queue_count &&
           !estate_has_touched(session->estate);
}

static void scan_finish(struct kv_session *session)
{
    struct scan *scan = &session->scan;
    bool whole = !scan->inventory_failed && scan->subscription_count > 0;

    scan->view.state = scan->inventory_failed ? KV_SCAN_FAILED : KV_SCAN_DONE;
    scan->view.data_at_s = scan->view.started_at_s;
    scan->view.stage = "";
    if (session->store && whole) {
        store_drop_older(session->store, scan->view.started_at_s);
        store_put_note(
            session->store, "tenant", kv_estate_tenant_id(session->estate));
        session->store_dirty = true;
    }
    session->news |= KV_NEWS_SCAN | KV_NEWS_ESTATE;
}

static void scan_name_stage(struct scan *scan)
{
    for (int i = 0; i < GROUP_COUNT; i++)
        if (scan->pending[i] > 0) {
            scan->view.stage = group_names[i];
            return;
        }
}

void scan_step(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    scan->view.resources = kv_estate_resource_count(session->estate);
    scan->view.requests = http_sent(session->http);
    scan->view.in_flight = http_in_flight(session->http);
    scan->view.waiting_s = http_waiting_s(session->http);
    if (scan->view.state != KV_SCAN_RUNNING)
        return;
    scan_ask_diagnostics(session);
    scan_name_stage(scan);
    if (scan_is_over(session) && !scan->sinks_checked) {
        scan->sinks_checked = true;
        scan_check_sinks(session);
    }
    if (scan_is_over(session))
        scan_finish(session);
}

void kv_session_stop_scan(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    if (scan->view.state != KV_SCAN_RUNNING)
        return;
    scan->view.state = KV_SCAN_STOPPED;
    scan->view.stage = "";
    scan->queue_next = scan->queue_count;
    message_add(session, KV_NOTICE_INFO, NULL,
        "Reading was stopped; what was read is kept, the rest is unknown");
    session->news |= KV_NEWS_SCAN;
}

void kv_session_rescan(struct kv_session *session)
{
    if (session->signed_in && session->replayed &&
        session->scan.view.state != KV_SCAN_RUNNING)
        scan_start(session);
}
