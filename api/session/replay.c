/* The last estate: the stored answers, taken by the same decoders as fresh
 * ones, so that the first frame has something to show. */
#include "inside.h"

static const enum estate_set sets[] = {
    ESTATE_ASSIGNMENTS,
    ESTATE_LOCKS,
    ESTATE_SINKS,
    ESTATE_DELETED,
};

void replay_start(struct kv_session *session)
{
    session->replayed = session->store == NULL;
    for (size_t i = 0; !session->replayed && i < sizeof sets / sizeof *sets;
         i++)
        estate_begin(session->estate, sets[i]);
}

/* Bulk reads say nothing of a single subscription: what they brought holds for
 * all that no later answer spoke of. */
static void replay_mark_bulk(struct kv_session *session)
{
    static const enum kv_facet facets[] = {
        KV_FACET_ASSIGNMENTS,
        KV_FACET_ROLES,
        KV_FACET_LOCKS,
        KV_FACET_SINKS,
        KV_FACET_DELETED,
    };
    struct kv_facet_status ready = { KV_FACET_READY,
        session->scan.view.data_at_s, NULL };

    for (uint32_t i = 0; i < kv_estate_subscription_count(session->estate); i++)
        for (size_t j = 0; j < sizeof facets / sizeof *facets; j++)
            if (kv_estate_subscription(session->estate, i)
                    ->facets[facets[j]]
                    .state == KV_FACET_ABSENT)
                estate_set_subscription_facet(
                    session->estate, i, facets[j], ready);
}

static void replay_end(struct kv_session *session)
{
    struct kv_scan *view = &session->scan.view;

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        estate_commit(session->estate, sets[i]);
    if (view->data_at_s) {
        replay_mark_bulk(session);
        scan_mark_assignments(session, view->data_at_s);
        view->state = KV_SCAN_STORED;
    }
    estate_touch_all(session->estate);
    session->replayed = true;
    session->news |= KV_NEWS_SCAN | KV_NEWS_ESTATE;
}

static void replay_answer(
    struct kv_session *session, const struct store_answer *answer)
{
    enum azure_read read = (enum azure_read)answer->kind;
    struct azure_context context = {
        .estate = session->estate,
        .subject = answer->subject,
        .read_at_s = answer->read_at_s,
    };
    struct kv_scan *view = &session->scan.view;
    struct azure_page page;
    struct kv_error err;

    if (answer->code != 200) {
        azure_error_set(
            &err, answer->code, answer->body, azure_reads[read].name);
        reading_mark(session, read, answer->subject, answer->read_at_s, &err);
        return;
    }
    if (azure_page_open(&page, read, answer->body, &err) != KV_OK)
        return;
    /* What the running version cannot understand is simply read afresh. */
    if (azure_page_take(&page, read, &context, SIZE_MAX, &err) == KV_OK &&
        (view->data_at_s == 0 || answer->read_at_s < view->data_at_s))
        view->data_at_s = answer->read_at_s;
    azure_page_done(&page);
    if (read == AZURE_MEMBERS)
        reading_mark(session, read, answer->subject, answer->read_at_s, NULL);
}

bool replay_step(struct kv_session *session, int64_t deadline_ms)
{
    bool replayed = false;

    while (!session->replayed && clock_steady_ms() < deadline_ms) {
        struct store_answer answer;
        struct kv_error err;

        if (store_next(session->store, &answer, &err) != KV_OK)
            replay_end(session);
        else if (answer.kind > 0 && answer.kind < AZURE_READ_COUNT)
            replay_answer(session, &answer);
        replayed = true;
    }
    return replayed;
}
