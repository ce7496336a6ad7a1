/* The last estate: the stored answers, taken by the same decoders as fresh
 * ones, so that the first frame has something to show. */
#include "inside.h"

struct replay_mark {
    enum azure_read read;
    const char *subject; /* the estate's */
    int64_t read_at_s;
    struct kv_error *err; /* NULL: it was read */
};

void replay_start(struct kv_session *session)
{
    archive_load(session);
    session->replayed = session->store == NULL;
    for (int facet = 0; !session->replayed && facet < KV_FACET_COUNT; facet++)
        if (scan_fills((enum kv_facet)facet))
            estate_begin(session->estate, (enum kv_facet)facet);
}

/* Bulk reads say nothing of a single subscription: what they brought holds for
 * all that no later answer spoke of. */
static void replay_mark_bulk(struct kv_session *session, enum kv_facet facet)
{
    struct kv_facet_status ready = { KV_FACET_READY,
        session->scan.view.data_at_s, NULL };

    if (kv_facets[facet].level == KV_LEVEL_TENANT)
        estate_set_tenant_facet(session->estate, facet, ready);
    for (uint32_t i = 0; kv_facets[facet].level == KV_LEVEL_SUBSCRIPTION &&
                         i < kv_estate_subscription_count(session->estate);
         i++)
        if (kv_estate_subscription(session->estate, i)->facets[facet].state ==
            KV_FACET_ABSENT)
            estate_set_subscription_facet(session->estate, i, facet, ready);
}

/* As after reading them: certificates name the keys and secrets of theirs. */
static void replay_link_objects(struct kv_session *session)
{
    for (uint32_t i = 0; i < kv_estate_resource_count(session->estate); i++)
        deep_link_objects(session, i);
}

/* What is inside a resource is ready when all of it is in place: until then it
 * must not look empty. */
static void replay_mark(struct kv_session *session,
    const struct reading *reading, const struct kv_error *err)
{
    enum kv_facet facet = azure_reads[reading->read].facet;
    struct replay_mark *mark;

    if (facet == AZURE_ACCOUNT || !facet_is_ready_alone(facet)) {
        reading_mark(session, reading, err);
        return;
    }
    session->replay.marks = mem_grow(session->replay.marks,
        session->replay.mark_count, &session->replay.mark_capacity,
        sizeof *session->replay.marks);
    mark = &session->replay.marks[session->replay.mark_count++];
    *mark = (struct replay_mark){
        .read = reading->read,
        .subject = estate_text(session->estate, view_of(reading->subject)),
        .read_at_s = reading->read_at_s,
        .err = err ? mem_alloc(sizeof *err) : NULL,
    };
    if (err)
        *mark->err = *err;
}

static void replay_mark_all(struct kv_session *session)
{
    for (size_t i = 0; i < session->replay.mark_count; i++) {
        const struct replay_mark *mark = &session->replay.marks[i];
        struct reading reading = {
            .session = session,
            .read = mark->read,
            .subject = (char *)mark->subject,
            .read_at_s = mark->read_at_s,
        };

        reading_mark(session, &reading, mark->err);
    }
}

static void replay_end(struct kv_session *session)
{
    struct kv_scan *view = &session->scan.view;

    replay_mark_all(session);
    replay_link_objects(session);
    scan_recall_missing(session);
    if (view->data_at_s) {
        scan_mark_assignments(session, view->data_at_s);
        view->state = KV_SCAN_STORED;
    }
    estate_touch_all(session->estate, ESTATE_EVERY_FACET);
    session->replayed = true;
    replay_forget(session);
    mem_give_back(); /* the answers */
    session->news |= KV_NEWS_SCAN | KV_NEWS_ESTATE;
}

/* When all answers were taken: one facet more is put in place; the last ends
 * it. */
static void replay_commit(struct kv_session *session)
{
    enum kv_facet facet = (enum kv_facet)session->replay.committed++;

    estate_commit(session->estate, facet);
    if (session->replay_known & KV_FACET_BIT(facet))
        replay_mark_bulk(session, facet);
    if (session->replay.committed == KV_FACET_COUNT)
        replay_end(session);
}

static void replay_taken(struct kv_session *session)
{
    const struct reading *reading = &session->replay.reading;
    enum kv_facet facet = azure_reads[reading->read].facet;
    struct kv_scan *view = &session->scan.view;

    if (view->data_at_s == 0 || reading->read_at_s < view->data_at_s)
        view->data_at_s = reading->read_at_s;
    if (facet != AZURE_ACCOUNT)
        session->replay_known |= KV_FACET_BIT(facet);
    replay_mark(session, reading, NULL);
}

/* What the running version cannot understand is simply read afresh. */
static void replay_slice(struct kv_session *session)
{
    const struct reading *reading = &session->replay.reading;
    struct azure_page *page = &session->replay.page;
    struct azure_context context = {
        .estate = session->estate,
        .subject = reading->subject,
        .read_at_s = reading->read_at_s,
    };
    struct kv_error err;
    enum kv_status status =
        azure_page_take(page, reading->read, &context, ITEMS_PER_SLICE, &err);

    if (status == KV_OK && !azure_page_ended(page))
        return;
    if (status == KV_OK)
        replay_taken(session);
    replay_done(session);
}

void replay_done(struct kv_session *session)
{
    if (session->replay.open)
        azure_page_done(&session->replay.page);
    session->replay.open = false;
}

void replay_forget(struct kv_session *session)
{
    for (size_t i = 0; i < session->replay.mark_count; i++)
        mem_free(session->replay.marks[i].err);
    mem_free(session->replay.marks);
    session->replay.marks = NULL;
    session->replay.mark_count = session->replay.mark_capacity = 0;
}

/* The answer is the store's until the next one is asked for. */
static void replay_answer(
    struct kv_session *session, const struct store_answer *answer)
{
    struct reading *reading = &session->replay.reading;
    struct kv_error err;

    *reading = (struct reading){
        .session = session,
        .read = (enum azure_read)answer->kind,
        .subject = (char *)answer->subject,
        .read_at_s = answer->read_at_s,
    };
    if (answer->code == 200) {
        session->replay.open = azure_page_open(&session->replay.page,
                                   reading->read, answer->body, &err) == KV_OK;
        return;
    }
    azure_error_set(
        &err, answer->code, answer->body, azure_reads[reading->read].name);
    replay_mark(session, reading, &err);
}

static void replay_next(struct kv_session *session)
{
    struct store_answer answer;
    struct kv_error err;

    session->replay.read = store_next(session->store, &answer, &err) != KV_OK;
    if (session->replay.read)
        replay_commit(session);
    else if (answer.kind > 0 && answer.kind < AZURE_READ_COUNT &&
             azure_reads[answer.kind].path)
        replay_answer(session, &answer);
}

void replay_step(struct kv_session *session, int64_t deadline_ms)
{
    while (!session->replayed && clock_steady_ms() < deadline_ms) {
        if (session->replay.open)
            replay_slice(session);
        else if (session->replay.read)
            replay_commit(session);
        else
            replay_next(session);
    }
}
