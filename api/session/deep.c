/* Reading inside vaults and HSMs: all of them behind a scan, or the one that
 * somebody looks at. A facet of a resource may need several reads; its rows are
 * put in place when all of them have ended. */
#include "deep.h"

/* Resources at once in the background; each has a few reads in flight. */
#define TASKS_AT_ONCE 16u
/* What was read longer ago is read again for who looks at it. */
#define FRESH_S 300

static bool is_deep(enum kv_kind kind, int facet)
{
    return kv_facets[facet].deep && (kv_facets[facet].kinds & 1u << kind);
}

/* ---- facets ---- */

static void facet_set(
    struct deep_task *task, enum kv_facet facet, struct kv_facet_status status)
{
    struct kv_estate *estate = task->session->estate;
    uint32_t resource = kv_estate_find(estate, task->id);

    if (resource != KV_NONE)
        estate_set_resource_facet(estate, resource, facet, status);
    task->session->news |= KV_NEWS_ESTATE;
}

/* An HSM says no without a reason; what helps is always the same. */
static struct kv_facet_status facet_refused(
    const struct deep_task *task, enum kv_facet facet)
{
    const struct kv_error *err = &task->facets[facet].err;
    struct kv_facet_status status = reading_refusal(facet, clock_now_s(), err);

    if (status.state == KV_FACET_DENIED && task->kind == KV_KIND_HSM &&
        status.why == kv_facets[facet].permission)
        status.why = kv_facets[KV_FACET_LOCAL_ROLES].permission;
    return status;
}

/* Of deleted objects one kind may be readable and another not. */
static bool keeps_parts(enum kv_facet facet)
{
    return facet == KV_FACET_DELETED_OBJECTS;
}

static void facet_end(struct deep_task *task, enum kv_facet facet)
{
    struct kv_estate *estate = task->session->estate;
    bool failed = task->facets[facet].err.status != KV_OK;

    task->facets[facet].ended = true;
    if (failed && !keeps_parts(facet))
        estate_drop_scope(estate, facet, task->id);
    else
        estate_commit_scope(estate, facet, task->id);
    facet_set(task, facet,
        failed
            ? facet_refused(task, facet)
            : (struct kv_facet_status){ KV_FACET_READY, clock_now_s(), NULL });
}

/* ---- the end of a task ---- */

static void task_free(struct deep_task *task)
{
    mem_free(task->id);
    mem_free(task);
}

static void task_unlink(struct deep_task *task)
{
    struct deep_task **link = &task->session->deep.tasks;

    while (*link != task)
        link = &(*link)->next;
    *link = task->next;
}

static bool is_ready(const struct kv_estate *estate,
    const struct kv_resource *resource, enum kv_facet facet)
{
    return kv_estate_facet(estate, resource, facet).state == KV_FACET_READY;
}

void deep_link_objects(struct kv_session *session, uint32_t resource)
{
    struct kv_estate *estate = session->estate;
    const struct kv_resource *row = kv_estate_resource(estate, resource);
    bool certificates = is_ready(estate, row, KV_FACET_CERTIFICATES);

    if (certificates || (is_ready(estate, row, KV_FACET_KEYS) &&
                            is_ready(estate, row, KV_FACET_SECRETS)))
        estate_link_objects(estate, row->id, certificates);
}

static void task_end(struct deep_task *task)
{
    struct kv_session *session = task->session;
    struct scan *scan = &session->scan;
    uint32_t resource = kv_estate_find(session->estate, task->id);

    task_unlink(task);
    if (!session->closing) {
        if (task->kind == KV_KIND_VAULT && resource != KV_NONE)
            deep_link_objects(session, resource);
        if (task->kind == KV_KIND_HSM)
            deep_ask_principals(session, task->id, task->interactive);
        if (task->scan == scan->number && task->scan != 0)
            scan->view.done++;
        session->news |= KV_NEWS_SCAN | KV_NEWS_ESTATE;
    }
    if (task->done)
        task->done(task->context);
    task_free(task);
}

/* ---- reads ---- */

static void facet_release(struct deep_task *task, enum kv_facet facet)
{
    if (--task->facets[facet].pending > 0 || task->session->closing)
        return;
    if (!deep_complete(task, facet))
        facet_end(task, facet);
}

static void task_release(struct deep_task *task)
{
    if (--task->pending == 0)
        task_end(task);
}

void deep_hold(struct deep_task *task, enum kv_facet facet)
{
    task->facets[facet].pending++;
    task->pending++;
}

void deep_release(struct deep_task *task, enum kv_facet facet)
{
    facet_release(task, facet);
    task_release(task);
}

void deep_refuse(
    struct deep_task *task, enum kv_facet facet, const struct kv_error *err)
{
    if (task->facets[facet].err.status == KV_OK)
        task->facets[facet].err = *err;
}

static void deep_read_done(void *context, struct reading *reading, long code,
    const struct kv_error *err)
{
    struct deep_task *task = context;

    (void)code;
    if (!task->session->closing)
        deep_follow(task, reading, err);
    deep_release(task, azure_reads[reading->read].facet);
}

void deep_ask(struct deep_task *task, const struct deep_ask *ask)
{
    task->asked |= UINT64_C(1) << (ask->read - AZURE_KEYS);
    deep_hold(task, azure_reads[ask->read].facet);
    reading_start(
        task->session, &(struct reading_request){
                           .read = ask->read,
                           .subject = ask->subject ? ask->subject : task->id,
                           .place = ask->place,
                           .ids = ask->ids,
                           .id_count = ask->id_count,
                           .interactive = task->interactive,
                           .part = true,
                           .scan = task->scan,
                           .done = deep_read_done,
                           .context = task,
                       });
}

/* ---- tasks ---- */

static bool is_running(const struct kv_session *session, const char *id)
{
    for (const struct deep_task *task = session->deep.tasks; task;
         task = task->next)
        if (text_equal_nocase(task->id, id))
            return true;
    return false;
}

bool deep_wants(const struct deep_task *task, enum kv_facet facet)
{
    return is_deep(task->kind, (int)facet) &&
           (task->wanted & KV_FACET_BIT(facet));
}

/* What is shown stays until what is read takes its place. */
static void facets_begin(
    struct deep_task *task, const struct kv_resource *resource)
{
    for (int i = 0; i < KV_FACET_RESOURCE_COUNT; i++) {
        enum kv_facet facet = (enum kv_facet)i;
        struct kv_facet_status was =
            kv_estate_facet(task->session->estate, resource, facet);

        if (!deep_wants(task, facet))
            continue;
        if (was.state != KV_FACET_READY)
            facet_set(task, facet,
                (struct kv_facet_status){ .state = KV_FACET_LOADING });
        deep_hold(task, facet);
    }
}

struct task_order {
    const char *id;
    uint64_t facets; /* 0: all of them */
    bool looked; /* somebody looks at it; else it is part of a scan */
    void (*done)(void *context);
    void *context;
};

static void task_start(
    struct kv_session *session, const struct task_order *order)
{
    const char *id = order->id;
    bool looked = order->looked;
    uint32_t index = kv_estate_find(session->estate, id);
    const struct kv_resource *resource =
        kv_estate_resource(session->estate, index);
    struct deep_task *task = mem_alloc(sizeof *task);

    task->session = session;
    task->id = mem_copy_text(id);
    task->kind = resource->kind;
    task->interactive = looked;
    task->wanted = order->facets ? order->facets : UINT64_MAX;
    task->done = order->done;
    task->context = order->context;
    task->scan = looked ? 0 : session->scan.number;
    task->next = session->deep.tasks;
    session->deep.tasks = task;
    task->pending++;
    facets_begin(task, resource);
    deep_ask_first(task);
    for (int i = 0; i < KV_FACET_RESOURCE_COUNT; i++)
        if (deep_wants(task, (enum kv_facet)i))
            deep_release(task, (enum kv_facet)i);
    task_release(task);
}

/* ---- the one that was changed ---- */

#define BUSY_WAIT_MS 100

struct look {
    struct kv_session *session;
    uint32_t resource;
    uint64_t facets;
    void (*done)(void *context);
    void *context;
};

/* What another task reads now may be older than the change: it ends first. */
static void look_start(void *context, bool cancelled)
{
    struct look *look = context;
    const char *id =
        kv_estate_resource(look->session->estate, look->resource)->id;

    if (!cancelled && is_running(look->session, id)) {
        timer_start(look->session, BUSY_WAIT_MS, look_start, look);
        return;
    }
    if (cancelled)
        look->done(look->context);
    else
        task_start(look->session, &(struct task_order){
                                      .id = id,
                                      .facets = look->facets,
                                      .looked = true,
                                      .done = look->done,
                                      .context = look->context,
                                  });
    mem_free(look);
}

void deep_look(struct kv_session *session, uint32_t resource, uint64_t facets,
    void (*done)(void *context), void *context)
{
    struct look *look = mem_alloc(sizeof *look);

    *look = (struct look){
        .session = session,
        .resource = resource,
        .facets = facets,
        .done = done,
        .context = context,
    };
    timer_start(session, 0, look_start, look);
}

/* ---- all of them, behind a scan ---- */

void deep_scan(struct kv_session *session)
{
    struct deep *deep = &session->deep;

    for (uint32_t i = 0; i < kv_estate_resource_count(session->estate); i++) {
        if (kv_estate_resource(session->estate, i)->gone)
            continue;
        deep->queue = mem_grow(
            deep->queue, deep->count, &deep->capacity, sizeof *deep->queue);
        deep->queue[deep->count++] = i;
    }
    session->scan.view.total += (uint32_t)(deep->count - deep->next);
}

void deep_step(struct kv_session *session)
{
    struct deep *deep = &session->deep;
    uint32_t running = 0;

    for (const struct deep_task *task = deep->tasks; task; task = task->next)
        running++;
    while (deep->next < deep->count && running < TASKS_AT_ONCE) {
        const struct kv_resource *row =
            kv_estate_resource(session->estate, deep->queue[deep->next++]);

        if (is_running(session, row->id)) {
            session->scan.view.done++;
            continue;
        }
        task_start(session, &(struct task_order){ .id = row->id });
        running++;
    }
}

bool deep_is_scanning(const struct kv_session *session)
{
    for (const struct deep_task *task = session->deep.tasks; task;
         task = task->next)
        if (task->scan == session->scan.number)
            return true;
    return session->deep.next < session->deep.count;
}

void deep_stop(struct kv_session *session)
{
    session->deep.next = session->deep.count = 0;
}

void deep_done(struct kv_session *session)
{
    mem_free(session->deep.queue);
    session->deep.queue = NULL;
}

/* ---- the one that is looked at ---- */

static bool is_stale(
    const struct kv_session *session, const struct kv_resource *resource)
{
    for (int i = 0; i < KV_FACET_RESOURCE_COUNT; i++) {
        struct kv_facet_status status =
            kv_estate_facet(session->estate, resource, (enum kv_facet)i);

        if (is_deep(resource->kind, i) &&
            clock_now_s() - status.read_at_s > FRESH_S)
            return true;
    }
    return false;
}

void kv_session_look(struct kv_session *session, uint32_t resource)
{
    const struct kv_resource *row =
        kv_estate_resource(session->estate, resource);

    if (session->signed_in && !row->gone && !is_running(session, row->id) &&
        is_stale(session, row))
        task_start(
            session, &(struct task_order){ .id = row->id, .looked = true });
}
