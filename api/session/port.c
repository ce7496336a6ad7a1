/* What the runner of plans is given: reads and writes to ARM, timers, the
 * journal. The only file that sends a write. */
#include "inside.h"

#include <string.h>

/* One call of the port, until it is answered. */
struct port_call {
    struct kv_session *session;
    remedy_answer_fn *done;
    void *arg;
    char *what; /* "PATCH kv-pay-prod-weu", for the error's sentence */
};

/* ---- ARM ---- */

static struct port_call *port_call_new(struct kv_session *session,
    const char *method, const char *path, remedy_answer_fn *done, void *arg)
{
    struct port_call *call = mem_alloc(sizeof *call);
    struct view rest = view_of(path);
    struct view name = arm_id_last(view_cut(&rest, '?'));
    struct buf what = { .limit = 512 };

    buf_putf(&what, "%s %.*s", method, (int)name.size, name.data);
    call->session = session;
    call->done = done;
    call->arg = arg;
    call->what = mem_copy_text(buf_text(&what));
    buf_done(&what);
    return call;
}

static void port_answered(void *context, const struct http_answer *from)
{
    struct port_call *call = context;
    struct remedy_answer answer = {
        .status = from->status,
        .code = from->code,
        .body = from->body,
        .request_id = from->request_id,
        .location = from->location,
        .async_operation = from->async_operation,
        .network_info = from->network_info,
        .retry_after_s = from->retry_after_s,
        .error = from->error,
    };

    if (from->status == KV_OK && (from->code < 200 || from->code > 299))
        answer.status =
            azure_error_set(&answer.error, from->code, from->body, call->what);
    call->done(call->arg, &answer);
    mem_free(call->what);
    mem_free(call);
}

static enum http_method method_of(const char *name)
{
    static const enum http_method methods[] = { HTTP_GET, HTTP_PATCH, HTTP_PUT,
        HTTP_DELETE, HTTP_POST };

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(http_method_name(methods[i]), name) == 0)
            return methods[i];
    return HTTP_POST;
}

/* Whether the address is on the host of the vault or HSM itself. */
static bool is_on(const struct kv_resource *resource, const char *path)
{
    struct view host = view_of(resource->uri);

    while (host.size > 0 && host.data[host.size - 1] == '/')
        host.size--;
    return host.size > 0 && view_starts_nocase(view_of(path), host) &&
           path[host.size] == '/';
}

/* The vault or HSM whose host it is: the one that the write is about, before
 * any other. NULL: none. */
static const struct kv_resource *owner_of(
    const struct kv_session *session, const struct remedy_write *what)
{
    const struct kv_estate *estate = session->estate;

    if (what->path[0] == '/' || what->resource == KV_NONE)
        return NULL;
    if (is_on(kv_estate_resource(estate, what->resource), what->path))
        return kv_estate_resource(estate, what->resource);
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        if (is_on(kv_estate_resource(estate, i), what->path))
            return kv_estate_resource(estate, i);
    return NULL;
}

/* Anything else than a GET is sent once. */
static void port_send(struct kv_session *session,
    const struct remedy_write *what, remedy_answer_fn *done, void *arg)
{
    const struct kv_resource *owner = owner_of(session, what);
    struct port_call *call =
        port_call_new(session, what->method, what->path, done, arg);
    enum http_method method = method_of(what->method);
    struct view body = view_of(what->body);

    if (owner)
        dataplane_send(session->plane,
            &(struct dataplane_request){
                .service =
                    owner->kind == KV_KIND_HSM ? AUTH_HSM : AUTH_VAULT,
                .method = method,
                .url = what->path,
                .body = body,
                .interactive = true,
                .once = method != HTTP_GET,
                .done = port_answered,
                .context = call,
            });
    else
        arm_send(session->arm,
            &(struct arm_request){
                .method = method,
                .path = what->path,
                .body = body,
                .interactive = true,
                .once = method != HTTP_GET,
                .done = port_answered,
                .context = call,
            });
}

static void port_read(void *context, uint32_t resource, const char *path,
    remedy_answer_fn *done, void *arg)
{
    port_send(context,
        &(struct remedy_write){
            .resource = resource,
            .method = "GET",
            .path = path,
        },
        done, arg);
}

static void port_write(void *context, const struct remedy_write *write,
    remedy_answer_fn *done, void *arg)
{
    port_send(context, write, done, arg);
}

/* ---- time ---- */

static void port_fired(void *context, bool cancelled)
{
    struct port_call *call = context;
    struct remedy_answer answer = {
        .status = cancelled ? KV_CANCELLED : KV_OK,
        .request_id = "",
        .location = "",
        .async_operation = "",
        .retry_after_s = -1,
    };

    call->done(call->arg, &answer);
    mem_free(call->what);
    mem_free(call);
}

static void port_after(
    void *context, int64_t ms, remedy_answer_fn *done, void *arg)
{
    timer_start(
        context, ms, port_fired, port_call_new(context, "wait", "", done, arg));
}

static const char *port_operator_id(void *context)
{
    return auth_sign_in(((struct kv_session *)context)->auth)->object_id;
}

static int64_t port_now_s(void *context)
{
    (void)context;
    return clock_now_s();
}

/* ---- the model ---- */

static void port_reread(void *context, const char *recommendation,
    uint32_t resource, remedy_answer_fn *done, void *arg)
{
    uint32_t row = kv_catalogue_find(recommendation);

    reread_start(context, resource, row == KV_NONE ? NULL : &kv_catalogue[row],
        done, arg);
}

static void port_looked(void *context)
{
    struct port_call *call = context;

    port_fired(call, call->session->closing);
}

static void port_look(void *context, uint32_t resource, uint64_t facets,
    remedy_answer_fn *done, void *arg)
{
    deep_look(context, resource, facets, port_looked,
        port_call_new(context, "look", "", done, arg));
}

static void port_take(void *context, const char *path, const char *body)
{
    take_found(context, path, body);
}

static enum kv_status port_keep(void *context, uint32_t resource,
    const char *what, struct view answer, struct kv_error *err)
{
    return archive_keep(context, resource, what, answer, err);
}

static enum kv_status port_give(void *context, uint32_t resource,
    const char *what, struct buf *out, struct kv_error *err)
{
    return archive_give(context, resource, what, out, err);
}

static enum kv_verdict port_verdict(
    void *context, const char *recommendation, uint32_t resource)
{
    struct kv_session *session = context;

    return kv_posture_verdict(
        session->posture, kv_catalogue_find(recommendation), resource);
}

static const struct kv_estate *port_estate(void *context)
{
    return ((struct kv_session *)context)->estate;
}

static const struct kv_policy *port_policy(void *context)
{
    return &((struct kv_session *)context)->policy;
}

/* ---- the journal ---- */

static enum kv_status port_intend(void *context,
    const struct remedy_intent *intent, int64_t *number, struct kv_error *err)
{
    struct kv_session *session = context;

    session->news |= KV_NEWS_JOURNAL;
    return journal_add_intent(session->journal,
        &(struct journal_intent){
            .time_s = clock_now_s(),
            .who = auth_sign_in(session->auth)->account,
            .plan = intent->plan,
            .remedy = intent->remedy,
            .action = intent->action,
            .target_id = intent->target_id,
            .target_name = intent->target_name,
            .reason = intent->reason,
            .change = intent->change,
            .reversible = intent->reversible,
            .undo_of = intent->undo_of,
        },
        number, err);
}

static enum kv_status port_conclude(void *context, int64_t number,
    enum kv_journal_result result, const char *message, const char *request_id,
    bool settled, struct kv_error *err)
{
    struct kv_session *session = context;

    session->news |= KV_NEWS_JOURNAL;
    return journal_add_outcome(session->journal, number,
        &(struct journal_outcome){
            .time_s = clock_now_s(),
            .result = result,
            .message = message,
            .request_id = request_id,
            .settled = settled,
        },
        err);
}

static const struct kv_journal_entry *port_entry(void *context, int64_t number)
{
    return journal_find(((struct kv_session *)context)->journal, number);
}

static const char *port_account(void *context)
{
    return auth_sign_in(((struct kv_session *)context)->auth)->account;
}

/* ---- the screens ---- */

static void port_changed(void *context)
{
    ((struct kv_session *)context)->news |= KV_NEWS_PLAN;
}

static void port_message(
    void *context, bool is_error, const char *text, const char *detail)
{
    message_add(context, is_error ? KV_NOTICE_ERROR : KV_NOTICE_DONE, detail,
        "%s", text);
}

void port_init(struct kv_session *session)
{
    session->port = (struct remedy_port){
        .context = session,
        .read = port_read,
        .write = port_write,
        .after = port_after,
        .reread = port_reread,
        .look = port_look,
        .take = port_take,
        .keep = port_keep,
        .give = port_give,
        .verdict = port_verdict,
        .estate = port_estate,
        .policy = port_policy,
        .operator_id = port_operator_id,
        .now_s = port_now_s,
        .intend = port_intend,
        .conclude = port_conclude,
        .entry = port_entry,
        .account = port_account,
        .changed = port_changed,
        .message = port_message,
    };
}
