/* One resource read again from ARM, ahead of everything: its properties and
 * diagnostic settings, and what is inside of it where that decides; then it is
 * judged and the asker is called. */
#include "inside.h"

struct reread {
    struct kv_session *session;
    uint32_t resource;
    uint32_t pending;
    remedy_answer_fn *done;
    void *arg;
    long code;
    struct kv_error err; /* the first failure; KV_OK when none */
};

static void reread_end(struct reread *reread)
{
    struct kv_session *session = reread->session;
    struct remedy_answer answer = {
        .status = reread->err.status,
        .code = reread->code,
        .request_id = "",
        .location = "",
        .async_operation = "",
        .retry_after_s = -1,
        .error = reread->err,
    };

    if (!session->closing &&
        posture_judge(session->posture, reread->resource, clock_now_s()))
        session->news |= KV_NEWS_POSTURE;
    if (reread->done)
        reread->done(reread->arg, &answer);
    mem_free(reread);
}

static void reread_release(struct reread *reread)
{
    if (--reread->pending == 0)
        reread_end(reread);
}

static void reread_inside_done(void *context)
{
    reread_release(context);
}

static void reread_read_done(void *context, struct reading *reading, long code,
    const struct kv_error *err)
{
    struct reread *reread = context;

    /* Settings that may not be read do not make the resource unread. */
    if (reading->read == AZURE_RESOURCE) {
        reread->code = code;
        if (err)
            reread->err = *err;
    }
    reread_release(reread);
}

static bool is_inside(const struct kv_recommendation *row)
{
    for (int i = 0; row && i < KV_FACET_RESOURCE_COUNT; i++)
        if (kv_facets[i].deep &&
            (row->needs | row->looks_at) & KV_FACET_BIT(i))
            return true;
    return false;
}

void reread_start(struct kv_session *session, uint32_t resource,
    const struct kv_recommendation *row, remedy_answer_fn *done, void *arg)
{
    static const enum azure_read reads[] = { AZURE_RESOURCE,
        AZURE_DIAGNOSTICS };
    struct reread *reread = mem_alloc(sizeof *reread);

    reread->session = session;
    reread->resource = resource;
    reread->done = done;
    reread->arg = arg;
    reread->pending = sizeof reads / sizeof *reads + 1;
    if (is_inside(row))
        deep_look(session, resource, 0, reread_inside_done, reread);
    else
        reread->pending--;
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        reading_start(session,
            &(struct reading_request){
                .read = reads[i],
                .subject = kv_estate_resource(session->estate, resource)->id,
                .interactive = true,
                .done = reread_read_done,
                .context = reread,
            });
}

void kv_session_reread(struct kv_session *session, uint32_t resource)
{
    if (session->signed_in)
        reread_start(session, resource, NULL, NULL, NULL);
}
