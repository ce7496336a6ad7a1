/* A port for plans: an ARM of a few JSON documents, answers that a test puts
 * before it, a journal in memory, and a log of all that was asked. Nothing is
 * answered before stage_play(), as with the real port. */
#ifndef REMEDY_STAGE_H
#define REMEDY_STAGE_H

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "estate.h"
#include "plan.h"
#include "test.h"

#define STAGE_HOME "11111111-0000-0000-0000-000000000001"
#define STAGE_GROUP "/subscriptions/" STAGE_HOME "/resourceGroups/rg-pay"
#define STAGE_VAULT(name)                                                      \
    STAGE_GROUP "/providers/Microsoft.KeyVault/vaults/" name
#define STAGE_HSM(name)                                                        \
    STAGE_GROUP "/providers/Microsoft.KeyVault/managedHSMs/" name
#define STAGE_WORKSPACE(name)                                                  \
    "/subscriptions/" STAGE_HOME "/resourceGroups/rg-log/providers/"           \
    "Microsoft.OperationalInsights/workspaces/" name
#define STAGE_PAY STAGE_VAULT("kv-pay")
#define STAGE_WEB STAGE_VAULT("kv-web")
#define STAGE_SETTING                                                          \
    STAGE_PAY "/providers/Microsoft.Insights/diagnosticSettings/kvgov-audit"
#define STAGE_OPERATOR "99999999-0000-0000-0000-000000000001"
#define STAGE_NOW_S 1790000000

/* What ARM's two lists say unless a test says otherwise. */
#define STAGE_OWNER "{'value':[{'actions':['*'],'notActions':[]}]}"
#define STAGE_EMPTY "{'value':[]}"

struct stage_call {
    char *method; /* "WAIT" and "REREAD" too */
    char *path;
    char *body;
    remedy_answer_fn *done;
    void *arg;
};

/* Answers the next call of that method whose path has that part; without
 * `times` once. `applies`: the change is made all the same. */
struct stage_reply {
    const char *method;
    const char *part;
    long code; /* 0: no answer */
    const char *body;
    enum kv_status status;
    bool applies;
    bool ignored; /* 2xx, but the change is not made */
    const char *async_operation;
    const char *location;
    int64_t retry_after_s;
    unsigned times;
};

struct stage_entry {
    struct kv_journal_entry view;
    char *texts[6];
    unsigned concluded;
};

struct stage {
    struct remedy_port port;
    struct kv_estate *estate;
    json_t *world;
    struct stage_call calls[1024];
    size_t next;
    size_t count;
    struct stage_reply replies[16];
    size_t reply_count;
    struct stage_entry entries[16];
    size_t entry_count;
    struct buf log;  /* a line a call: method, path, body */
    struct buf said; /* messages */
    const struct kv_policy *policy; /* NULL: the default */
    enum kv_verdict verdict;
    unsigned rereads;
    unsigned taken;
    unsigned taken_gone;
    bool journal_full;
    bool closing; /* everything ends as cancelled */
};

/* JSON in single quotes, for reading's sake. */
static json_t *stage_json(const char *text)
{
    char *copy = mem_copy_text(text);
    json_t *json = NULL;

    for (char *p = copy; *p; p++) {
        if (*p == '\'')
            *p = '"';
    }
    json = json_loads(copy, 0, NULL);
    if (!json)
        fail_with("not JSON: %s", copy);
    mem_free(copy);
    return json;
}

static void stage_put(struct stage *stage, const char *path, const char *text)
{
    assert_int_equal(
        json_object_set_new(stage->world, path, stage_json(text)), 0);
}

__attribute__((unused)) static void stage_reply(
    struct stage *stage, struct stage_reply reply)
{
    assert_true(stage->reply_count < LENGTH(stage->replies));
    if (reply.times == 0)
        reply.times = 1;
    stage->replies[stage->reply_count++] = reply;
}

/* ---- the port ---- */

static void stage_ask(struct stage *stage, const char *method, const char *path,
    const char *body, remedy_answer_fn *done, void *arg)
{
    struct stage_call *call = &stage->calls[stage->count++];

    assert_true(stage->count < LENGTH(stage->calls));
    *call = (struct stage_call){ .method = mem_copy_text(method),
        .path = mem_copy_text(path),
        .body = mem_copy_text(body),
        .done = done,
        .arg = arg };
    buf_putf(&stage->log, "%s %s", method, path);
    if (body)
        buf_putf(&stage->log, " %s", body);
    buf_putc(&stage->log, '\n');
}

static void stage_read(void *context, uint32_t resource, const char *path,
    remedy_answer_fn *done, void *arg)
{
    (void)resource;
    stage_ask(context, "GET", path, NULL, done, arg);
}

static void stage_write(void *context, const struct remedy_write *write,
    remedy_answer_fn *done, void *arg)
{
    stage_ask(context, write->method, write->path, write->body, done, arg);
}

static void stage_after(
    void *context, int64_t ms, remedy_answer_fn *done, void *arg)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long)ms);
    stage_ask(context, "WAIT", text, NULL, done, arg);
}

static void stage_reread(void *context, const char *recommendation,
    uint32_t resource, remedy_answer_fn *done, void *arg)
{
    struct stage *stage = context;
    char text[32];

    assert_int_not_equal(kv_catalogue_find(recommendation), KV_NONE);
    snprintf(text, sizeof text, "%u", (unsigned)resource);
    stage->rereads++;
    stage_ask(stage, "REREAD", text, NULL, done, arg);
}

static void stage_take(void *context, const char *path, const char *body)
{
    struct stage *stage = context;

    assert_true(path && *path == '/');
    stage->taken++;
    stage->taken_gone += body == NULL;
}

static void stage_look(void *context, uint32_t resource, uint64_t facets,
    remedy_answer_fn *done, void *arg)
{
    (void)resource;
    assert_true(facets != 0);
    stage_ask(context, "LOOK", "inside", NULL, done, arg);
}

static enum kv_verdict stage_verdict(
    void *context, const char *recommendation, uint32_t resource)
{
    struct stage *stage = context;

    (void)recommendation;
    (void)resource;
    return stage->verdict;
}

static const struct kv_estate *stage_estate(void *context)
{
    return ((struct stage *)context)->estate;
}

static const struct kv_policy *stage_policy(void *context)
{
    struct stage *stage = context;

    return stage->policy ? stage->policy : &kv_policy_default;
}

static const char *stage_operator_id(void *context)
{
    (void)context;
    return STAGE_OPERATOR;
}

static int64_t stage_now_s(void *context)
{
    (void)context;
    return STAGE_NOW_S;
}

static enum kv_status stage_intend(void *context,
    const struct remedy_intent *intent, int64_t *number, struct kv_error *err)
{
    struct stage *stage = context;
    struct stage_entry *entry = &stage->entries[stage->entry_count];

    if (stage->journal_full)
        return kv_error_set(err, KV_STORE, "The disk is full.");
    entry->texts[0] = mem_copy_text(intent->change);
    entry->texts[1] = mem_copy_text(intent->target_id);
    entry->texts[2] = mem_copy_text(intent->action);
    entry->texts[3] = mem_copy_text(intent->reason);
    entry->texts[5] = mem_copy_text(intent->remedy);
    entry->view = (struct kv_journal_entry){
        .number = (int64_t)++stage->entry_count,
        .remedy = entry->texts[5],
        .change = entry->texts[0],
        .target_id = entry->texts[1],
        .target_name = strrchr(entry->texts[1], '/') + 1,
        .action = entry->texts[2],
        .reason = entry->texts[3],
        .reversible = intent->reversible,
        .undo_of = intent->undo_of,
    };
    *number = entry->view.number;
    buf_puts(&stage->log, "INTEND\n");
    return KV_OK;
}

static enum kv_status stage_conclude(void *context, int64_t number,
    enum kv_journal_result result, const char *message, const char *request_id,
    bool settled, struct kv_error *err)
{
    struct stage *stage = context;
    struct stage_entry *entry = &stage->entries[number - 1];

    (void)request_id;
    (void)err;
    assert_in_range(number, 1, stage->entry_count);
    entry->concluded++;
    mem_free(entry->texts[4]);
    entry->texts[4] = mem_copy_text(message);
    entry->view.message = entry->texts[4];
    entry->view.result = result;
    entry->view.settled = settled;
    buf_puts(&stage->log, "CONCLUDE\n");
    return KV_OK;
}

static const char *stage_account(void *context)
{
    (void)context;
    return "Contoso Vault Operations";
}

static void stage_changed(void *context)
{
    (void)context;
}

static void stage_message(
    void *context, bool is_error, const char *text, const char *detail)
{
    struct stage *stage = context;

    buf_putf(&stage->said, "%s%s %s\n", is_error ? "! " : "", text,
        detail ? detail : "");
}

/* ---- ARM ---- */

static char *stage_path(const char *address)
{
    return mem_copy_view((struct view){ address, strcspn(address, "?") });
}

/* A PATCH replaces each property that it names. */
static void stage_apply(struct stage *stage, const struct stage_call *call)
{
    char *path = stage_path(call->path);
    json_t *sent = call->body ? json_loads(call->body, 0, NULL) : NULL;
    json_t *kept = json_object_get(stage->world, path);

    if (strcmp(call->method, "DELETE") == 0)
        json_object_del(stage->world, path);
    else if (strcmp(call->method, "PUT") == 0)
        json_object_set(stage->world, path, sent);
    else if (kept)
        json_object_update(json_object_get(kept, "properties"),
            json_object_get(sent, "properties"));
    json_decref(sent);
    mem_free(path);
}

static enum kv_status stage_status(long code)
{
    switch (code) {
    case 403:
        return KV_DENIED;
    case 404:
        return KV_NOT_FOUND;
    case 409:
        return KV_CONFLICT;
    default:
        return code / 100 == 2 ? KV_OK : KV_SERVICE;
    }
}

static bool stage_is_write(const struct stage_call *call)
{
    return strcmp(call->method, "PATCH") == 0 ||
           strcmp(call->method, "PUT") == 0 ||
           strcmp(call->method, "DELETE") == 0;
}

static struct stage_reply *stage_find_reply(
    struct stage *stage, const struct stage_call *call)
{
    for (size_t i = 0; i < stage->reply_count; i++) {
        struct stage_reply *reply = &stage->replies[i];

        if (reply->times > 0 && strcmp(reply->method, call->method) == 0 &&
            strstr(call->path, reply->part)) {
            reply->times--;
            return reply;
        }
    }
    return NULL;
}

static json_t *stage_default(struct stage *stage, const struct stage_call *call)
{
    char *path = stage_path(call->path);
    json_t *found = json_incref(json_object_get(stage->world, path));

    mem_free(path);
    if (found)
        return found;
    if (strstr(call->path, "/permissions?"))
        return stage_json(STAGE_OWNER);
    if (strstr(call->path, "/locks?") ||
        strstr(call->path, "/diagnosticSettings?"))
        return stage_json(STAGE_EMPTY);
    return NULL;
}

static void stage_answer(struct stage *stage, const struct stage_call *call)
{
    const struct stage_reply *reply = stage_find_reply(stage, call);
    struct remedy_answer answer = { .request_id = "r-1",
        .location = "",
        .async_operation = "",
        .retry_after_s = -1 };
    json_t *body = NULL;
    char *text = NULL;

    if (stage_is_write(call) &&
        (!reply || reply->applies ||
            (reply->code / 100 == 2 && !reply->ignored)))
        stage_apply(stage, call);
    if (reply) {
        answer.code = reply->code;
        body = reply->body ? stage_json(reply->body) : NULL;
        answer.location = reply->location ? reply->location : "";
        answer.async_operation =
            reply->async_operation ? reply->async_operation : "";
        if (reply->retry_after_s)
            answer.retry_after_s = reply->retry_after_s;
    } else if (strcmp(call->method, "WAIT") != 0) {
        body = stage_default(stage, call);
        answer.code = body || stage_is_write(call) ? 200 : 404;
    }
    answer.status = reply && reply->status ? reply->status
                    : answer.code          ? stage_status(answer.code)
                                           : KV_OK;
    if (strcmp(call->method, "REREAD") == 0 ||
        strcmp(call->method, "LOOK") == 0)
        answer.status = KV_OK;
    if (stage->closing) {
        answer.status = KV_CANCELLED;
        answer.code = 0;
    }
    if (answer.status != KV_OK)
        (void)kv_error_set(&answer.error, answer.status,
            answer.code ? "Azure answered %ld." : "No answer came.%.0ld",
            answer.code);
    text = body ? json_dumps(body, 0) : NULL;
    answer.body = view_of(text);
    call->done(call->arg, &answer);
    free(text);
    json_decref(body);
}

/* Answers one call; false when none waits. */
static bool stage_step(struct stage *stage)
{
    struct stage_call call;

    if (stage->next == stage->count)
        return false;
    call = stage->calls[stage->next++];
    stage_answer(stage, &call);
    mem_free(call.method);
    mem_free(call.path);
    mem_free(call.body);
    return true;
}

static void stage_play(struct stage *stage)
{
    while (stage_step(stage))
        ;
}

/* ---- the estate and the start ---- */

static const struct {
    const char *id;
    const char *name;
    enum kv_kind kind;
} stage_resources[] = {
    { STAGE_PAY, "kv-pay", KV_KIND_VAULT },
    { STAGE_WEB, "kv-web", KV_KIND_VAULT },
    { STAGE_VAULT("kv-hr"), "kv-hr", KV_KIND_VAULT },
    { STAGE_HSM("hsm-core"), "hsm-core", KV_KIND_HSM },
};
enum { PAY, WEB, HR, HSM };

static void stage_fill(struct stage *stage)
{
    struct kv_estate *estate = estate_new();

    estate_take_subscription(estate, STAGE_HOME, "Payments", "Enabled");
    for (size_t i = 0; i < LENGTH(stage_resources); i++) {
        assert_int_equal(estate_take_resource(estate,
                             &(struct kv_resource){ .id = stage_resources[i].id,
                                 .name = stage_resources[i].name,
                                 .location = "westeurope",
                                 .kind = stage_resources[i].kind }),
            i);
        stage_put(stage, stage_resources[i].id,
            "{'properties':{'provisioningState':'Succeeded'}}");
    }
    stage->estate = estate;
}

/* The two workspaces that are read. */
#define LOG_A STAGE_WORKSPACE("log-a") /* in the region of the vaults */
#define LOG_B STAGE_WORKSPACE("log-b")

__attribute__((unused)) static void stage_sinks(struct stage *stage)
{
    estate_begin(stage->estate, KV_FACET_SINKS);
    estate_take_row(stage->estate, KV_SET_SINKS,
        &(struct kv_sink){ .id = LOG_A,
            .scope = LOG_A,
            .name = "log-a",
            .location = "westeurope",
            .kind = KV_SINK_WORKSPACE });
    estate_take_row(stage->estate, KV_SET_SINKS,
        &(struct kv_sink){ .id = LOG_B,
            .scope = LOG_B,
            .name = "log-b",
            .location = "northeurope",
            .kind = KV_SINK_WORKSPACE });
    estate_commit(stage->estate, KV_FACET_SINKS);
}

static struct stage *stage_new(void)
{
    struct stage *stage = mem_alloc(sizeof *stage);

    stage->world = json_object();
    stage->log.limit = stage->said.limit = 1u << 20;
    stage->verdict = KV_VERDICT_PASS;
    stage->port = (struct remedy_port){
        .context = stage,
        .read = stage_read,
        .write = stage_write,
        .after = stage_after,
        .reread = stage_reread,
        .look = stage_look,
        .take = stage_take,
        .verdict = stage_verdict,
        .estate = stage_estate,
        .policy = stage_policy,
        .operator_id = stage_operator_id,
        .now_s = stage_now_s,
        .intend = stage_intend,
        .conclude = stage_conclude,
        .account = stage_account,
        .changed = stage_changed,
        .message = stage_message,
    };
    stage_fill(stage);
    return stage;
}

/* Everything that is still asked for ends as cancelled, as at a close. */
static void stage_free(struct stage *stage)
{
    stage->closing = true;
    stage_play(stage);
    for (size_t i = 0; i < stage->entry_count; i++) {
        for (size_t t = 0; t < LENGTH(stage->entries[i].texts); t++)
            mem_free(stage->entries[i].texts[t]);
    }
    json_decref(stage->world);
    estate_free(stage->estate);
    buf_done(&stage->log);
    buf_done(&stage->said);
    mem_free(stage);
}

/* A plan whose reads were answered; of the remedy's own row when `row` is NULL.
 */
static struct kv_plan *stage_plan_for(struct stage *stage, const char *remedy,
    const char *row, const uint32_t *resources, size_t count)
{
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;

    if (plan_new(&plan, &stage->port, "p-0001",
            &(struct kv_plan_order){ .remedy = remedy,
                .row = row,
                .resources = resources,
                .count = count },
            &err) != KV_OK)
        fail_with("%s: %s", remedy, err.text);
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_READY);
    return plan;
}

static struct kv_plan *stage_plan(struct stage *stage, const char *remedy,
    const uint32_t *resources, size_t count)
{
    return stage_plan_for(stage, remedy, NULL, resources, count);
}

__attribute__((unused)) static struct kv_plan *stage_plan_one(
    struct stage *stage, const char *remedy, uint32_t resource)
{
    return stage_plan(stage, remedy, &resource, 1);
}

#endif
