/* Reading a whole estate: who is there, the inventory in bulk, what bulk does
 * not hold per subscription, and diagnostic settings per resource. Reads form
 * groups; when the last of a group has ended, its set is put in place. */
#include "inside.h"

#include <string.h>

/* Reads of single resources at once: as many batches of 20 as the transport
 * keeps in flight. */
#define RESOURCES_AT_ONCE 640u

static const char *group_name(int group)
{
    return group == AZURE_ACCOUNT ? "subscriptions" : kv_facets[group].name;
}

static void scan_read_done(void *context, struct reading *reading, long code,
    const struct kv_error *err);

void scan_read(struct kv_session *session, enum azure_read read,
    const char *subject, const char *const *batch, size_t count)
{
    struct scan *scan = &session->scan;

    scan->pending[azure_reads[read].facet]++;
    scan->ended[azure_reads[read].facet] = false;
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
        .stage = group_name(AZURE_ACCOUNT),
        .resources = view.resources,
        .started_at_s = clock_now_s(),
        .data_at_s = view.data_at_s,
    };
    scan_age_facets(session);
    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        if (scan_fills((enum kv_facet)facet))
            estate_begin(session->estate, (enum kv_facet)facet);
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

/* Every read of one spread, for one subject or batch. */
static void scan_spread(struct kv_session *session, enum azure_spread spread,
    const char *subject, const char *const *batch, size_t count)
{
    for (int read = 1; read < AZURE_READ_COUNT; read++)
        if (azure_reads[read].path && azure_reads[read].spread == spread)
            scan_read(session, (enum azure_read)read, subject, batch, count);
}

static void scan_start_subscriptions(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    scan_choose_subscriptions(session);
    for (size_t i = 0; i < scan->subscription_count;
         i += AZURE_GRAPH_SUBSCRIPTIONS) {
        size_t left = scan->subscription_count - i;

        scan_spread(session, AZURE_BULK, NULL, scan->subscriptions + i,
            left < AZURE_GRAPH_SUBSCRIPTIONS ? left
                                             : AZURE_GRAPH_SUBSCRIPTIONS);
    }
    for (size_t i = 0; i < scan->subscription_count; i++)
        scan_spread(
            session, AZURE_EACH_SUBSCRIPTION, scan->subscriptions[i], NULL, 0);
    if (scan->subscription_count > 0)
        scan_spread(session, AZURE_ONCE, NULL, NULL, 0);
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

void scan_ask_instead(struct kv_session *session, const struct reading *reading)
{
    const enum azure_read *instead = azure_reads[reading->read].instead;

    for (size_t i = 0; i < 2 && instead[i]; i++)
        for (size_t j = 0; j < reading->id_count; j++)
            scan_read(session, instead[i], reading->ids[j], NULL, 0);
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
        if (!estate_gathered_at(
                session->estate, KV_SET_ASSIGNMENTS, buf_text(&scope)))
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
    archive_load(session);
    mem_free(id);
    mem_free(name);
    buf_done(&kept);
}

static void scan_read_done(void *context, struct reading *reading, long code,
    const struct kv_error *err)
{
    struct kv_session *session = context;
    struct scan *scan = &session->scan;
    enum kv_facet facet = azure_reads[reading->read].facet;

    (void)code;
    if (scan->view.state != KV_SCAN_RUNNING || reading->scan != scan->number)
        return;
    scan->view.done++;
    if (err && err->status != KV_NOT_FOUND && err->status != KV_UNREGISTERED)
        scan->view.failures++;
    if (err && reading->read == AZURE_SUBSCRIPTIONS)
        scan->inventory_failed = true;
    if (!err && (reading->read == AZURE_VAULTS || reading->read == AZURE_HSMS))
        scan->listed = true;
    scan_read_ended(session, reading, err);
    if (!err && reading->read == AZURE_GRAPH_ASSIGNMENTS)
        scan_check_assignments(session, reading);
    if (reading->read == AZURE_TENANTS) {
        scan_check_tenant(session);
        scan_read(session, AZURE_SUBSCRIPTIONS, NULL, NULL, 0);
    }
    if (reading->read == AZURE_SUBSCRIPTIONS)
        scan_start_subscriptions(session);
    if (reading->read == AZURE_GRAPH_RESOURCES && reading->page == 0)
        scan->view.resources_expected += reading->expected;
    if (--scan->pending[facet] == 0) {
        scan->ended[facet] = true;
        if (facet != AZURE_ACCOUNT)
            scan_facet_ended(session, facet);
    }
}

/* ---- what is read resource by resource ---- */

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

static uint32_t scan_pending_of_resources(const struct scan *scan)
{
    uint32_t pending = 0;

    for (int facet = 0; facet < KV_FACET_RESOURCE_COUNT; facet++)
        pending += scan->pending[facet];
    return pending;
}

static void scan_ask_resource(struct kv_session *session, uint32_t resource)
{
    const struct kv_resource *row =
        kv_estate_resource(session->estate, resource);

    for (int read = 1; read < AZURE_READ_COUNT; read++)
        if (azure_reads[read].spread == AZURE_EACH_RESOURCE &&
            azure_reads[read].kinds & 1u << row->kind)
            scan_read(session, (enum azure_read)read, row->id, NULL, 0);
}

static void scan_ask_resources(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    while (scan->queue_next < scan->queue_count &&
           scan_pending_of_resources(scan) < RESOURCES_AT_ONCE) {
        scan->view.total--; /* scan_read() counts it again */
        scan_ask_resource(session, scan->queue[scan->queue_next++]);
    }
}

/* ---- the end ---- */

static bool scan_is_over(const struct kv_session *session)
{
    const struct scan *scan = &session->scan;

    for (int i = 0; i < SCAN_GROUPS; i++)
        if (scan->pending[i] > 0)
            return false;
    return !scan->referring && scan->queue_next == scan->queue_count &&
           !deep_is_scanning(session) && !estate_has_touched(session->estate);
}

static struct kv_facet_status inventory_of(
    const struct kv_session *session, size_t chosen)
{
    uint32_t index = estate_find_subscription(
        session->estate, view_of(session->scan.subscriptions[chosen]));

    return kv_estate_subscription(session->estate, index)
        ->facets[KV_FACET_INVENTORY];
}

/* A subscription that may not be read shows as such. Only when no list came
 * from anywhere has the scan failed. */
static bool scan_failed(const struct kv_session *session)
{
    const struct scan *scan = &session->scan;
    bool any = scan->listed || scan->subscription_count == 0;

    for (size_t i = 0; i < scan->subscription_count && !any; i++) {
        struct kv_facet_status status = inventory_of(session, i);

        any = kv_facet_known(&status);
    }
    return scan->inventory_failed || !any;
}

/* What did not answer may answer the next time: the older answers are kept. A
 * refusal is an answer. */
static bool scan_is_whole(const struct kv_session *session)
{
    const struct scan *scan = &session->scan;

    for (size_t i = 0; i < scan->subscription_count; i++)
        if (inventory_of(session, i).state == KV_FACET_FAILED)
            return false;
    return scan->subscription_count > 0 && scan->view.state == KV_SCAN_DONE;
}

static void scan_finish(struct kv_session *session)
{
    struct scan *scan = &session->scan;

    scan->view.state = scan_failed(session) ? KV_SCAN_FAILED : KV_SCAN_DONE;
    scan->view.data_at_s = scan->view.started_at_s;
    scan->view.stage = "";
    if (session->store && scan_is_whole(session)) {
        store_drop_older(session->store, scan->view.started_at_s);
        store_put_note(
            session->store, "tenant", kv_estate_tenant_id(session->estate));
        scan_keep_missing(session);
        session->store_dirty = true;
    }
    mem_give_back(); /* the answers */
    session->news |= KV_NEWS_SCAN | KV_NEWS_ESTATE;
}

static void scan_name_stage(struct scan *scan)
{
    for (int i = SCAN_GROUPS - 1; i >= 0; i--)
        if (scan->pending[i] > 0) {
            scan->view.stage = group_name(i);
            return;
        }
    if (scan->went_deep)
        scan->view.stage = "objects, roles and logs of vaults";
}

bool scan_has_work(const struct kv_session *session)
{
    return session->scan.view.state == KV_SCAN_RUNNING &&
           session->scan.referring;
}

void scan_step(struct kv_session *session, int64_t deadline_ms)
{
    struct scan *scan = &session->scan;

    if (!scan->view.loading)
        scan->view.resources = kv_estate_resource_count(session->estate);
    scan->view.requests = http_sent(session->http);
    scan->view.in_flight = http_in_flight(session->http);
    scan->view.waiting_s = http_waiting_s(session->http);
    if (scan->view.state != KV_SCAN_RUNNING)
        return;
    scan_refer_step(session, deadline_ms);
    scan_ask_resources(session);
    scan_name_stage(scan);
    if (scan_is_over(session) && !scan->sinks_checked) {
        scan->sinks_checked = true;
        scan_check_sinks(session);
    }
    if (scan_is_over(session) && !scan->retention_asked) {
        scan->retention_asked = true;
        scan_ask_retention(session);
    }
    if (scan_is_over(session) && !scan->went_deep) {
        scan->went_deep = true;
        if (session->options.deep)
            deep_scan(session);
    }
    deep_step(session);
    /* Rows may look at more than they need: once all is there, each is judged
     * on all of it. */
    if (scan_is_over(session) && !scan->judged) {
        scan->judged = true;
        estate_touch_all(session->estate, ESTATE_EVERY_FACET);
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
    deep_stop(session);
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
