/* Which read inside a vault or HSM follows which: lists first, then what lists
 * leave out, object by object. Azure Resource Manager is asked before the vault
 * itself wherever it knows the same: it needs no right inside the vault and no
 * way through its firewall. */
#include "deep.h"

#include "metrics.h"

#include <string.h>

/* Of one resource; a vault has seldom more than a few dozen keys. */
#define DETAILS_MAX 2000u
/* Workspaces that one vault sends its log to. */
#define WORKSPACES_MAX 3u
#define DAY_S 86400
/* Azure keeps metrics for 93 days. */
#define METRICS_DAYS_MAX 93u

static bool was_asked(const struct deep_task *task, enum azure_read read)
{
    return task->asked >> (read - AZURE_KEYS) & 1;
}

/* ---- the first reads ---- */

static void ask_metrics(struct deep_task *task)
{
    const struct kv_policy *policy = &task->session->policy;
    uint32_t days = policy->idle_days < METRICS_DAYS_MAX ? policy->idle_days
                                                         : METRICS_DAYS_MAX;
    int64_t now_s = clock_now_s();
    struct buf path = { .limit = 8192 };

    metrics_path(&path, task->id, now_s - (int64_t)days * DAY_S, now_s);
    deep_ask(task, &(struct deep_ask){
                       .read = AZURE_METRICS,
                       .place = buf_text(&path),
                   });
    buf_done(&path);
}

static void ask_workspace(struct deep_task *task, const char *customer_id)
{
    static const enum azure_read reads[] = { AZURE_CALLERS, AZURE_OPERATIONS };
    const char **ids = estate_array(task->session->estate, 1, sizeof *ids);

    ids[0] = estate_text(task->session->estate, view_of(task->id));
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        deep_ask(task, &(struct deep_ask){
                           .read = reads[i],
                           .place = customer_id,
                           .ids = ids,
                           .id_count = 1,
                       });
}

/* A GUID: it becomes part of an address. */
static bool is_plain(const char *customer_id)
{
    return customer_id && *customer_id && strlen(customer_id) <= 64 &&
           strspn(customer_id,
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789-") == strlen(customer_id);
}

static void refuse_log(struct deep_task *task, const char *workspace)
{
    struct kv_error err;

    if (workspace)
        kv_error_set(&err, KV_DENIED,
            "the audit log goes to a workspace that is not readable; it needs "
            "Microsoft.OperationalInsights/workspaces/read on %s",
            workspace);
    else
        kv_error_set(&err, KV_SERVICE,
            "no diagnostic setting that can be read sends its audit log to a "
            "Log Analytics workspace");
    deep_refuse(task, KV_FACET_USAGE, &err);
}

static void ask_log(struct deep_task *task)
{
    const struct kv_estate *estate = task->session->estate;
    const struct kv_resource *resource =
        kv_estate_resource(estate, kv_estate_find(estate, task->id));
    const char *hidden = NULL;
    uint32_t asked = 0;

    for (uint32_t i = 0; i < resource->diagnostic_count; i++) {
        const struct kv_diagnostic *setting = &resource->diagnostics[i];
        const struct kv_sink *sink =
            setting->audit && setting->workspace_id
                ? kv_estate_find_sink(estate, setting->workspace_id)
                : NULL;

        if (sink && is_plain(sink->customer_id) && asked < WORKSPACES_MAX) {
            ask_workspace(task, sink->customer_id);
            asked++;
        } else if (setting->audit && setting->workspace_id) {
            hidden = setting->workspace_id;
        }
    }
    if (asked == 0)
        refuse_log(task, hidden);
}

static bool is_first(const struct deep_task *task, enum azure_read read)
{
    const struct azure_read_row *row = &azure_reads[read];

    return row->spread == AZURE_EACH_RESOURCE_DEEP &&
           row->kinds & 1u << task->kind && deep_wants(task, row->facet);
}

static void ask_local_roles(struct deep_task *task)
{
    deep_ask(task,
        &(struct deep_ask){ .read = AZURE_LOCAL_ASSIGNMENTS, .place = "" });
    deep_ask(task, &(struct deep_ask){
                       .read = AZURE_LOCAL_ASSIGNMENTS, .place = "/keys" });
    /* A list at "/" leaves out what is assigned on single keys. */
    deep_hold(task, KV_FACET_LOCAL_ROLES);
}

void deep_ask_first(struct deep_task *task)
{
    for (int read = AZURE_KEYS; read < AZURE_READ_COUNT; read++)
        if (is_first(task, (enum azure_read)read))
            deep_ask(task, &(struct deep_ask){ .read = (enum azure_read)read });
    if (deep_wants(task, KV_FACET_METRICS))
        ask_metrics(task);
    if (deep_wants(task, KV_FACET_USAGE))
        ask_log(task);
    if (deep_wants(task, KV_FACET_LOCAL_ROLES))
        ask_local_roles(task);
}

/* ---- what follows lists ---- */

static struct kv_facet_status too_many(void)
{
    return (struct kv_facet_status){
        .state = KV_FACET_FAILED,
        .read_at_s = clock_now_s(),
        .why = "only the first 2,000 objects are read one by one",
    };
}

static void ask_key(struct deep_task *task, struct kv_object *row)
{
    if (task->details++ >= DETAILS_MAX) {
        row->rotation = too_many();
        return;
    }
    if (!row->from_data_plane) {
        deep_ask(
            task, &(struct deep_ask){ .read = AZURE_KEY, .subject = row->id });
        return;
    }
    deep_ask(task,
        &(struct deep_ask){
            .read = AZURE_PLANE_KEY, .subject = row->id, .place = row->name });
    deep_ask(task, &(struct deep_ask){ .read = AZURE_KEY_ROTATION,
                       .subject = row->id,
                       .place = row->name });
}

/* Local roles on single keys are asked for key by key. */
static void ask_key_roles(struct deep_task *task, const struct kv_object *row)
{
    struct buf place = { .limit = 512 };

    buf_putf(&place, "/keys/%s", row->name);
    if (deep_wants(task, KV_FACET_LOCAL_ROLES) &&
        task->details <= DETAILS_MAX)
        deep_ask(task, &(struct deep_ask){ .read = AZURE_LOCAL_ASSIGNMENTS,
                           .place = buf_text(&place) });
    buf_done(&place);
}

static void keys_listed(struct deep_task *task)
{
    struct kv_walk walk = { 0 };
    struct kv_object *row;

    while ((row = estate_next_gathered(
                task->session->estate, KV_SET_KEYS, task->id, &walk))) {
        ask_key(task, row);
        ask_key_roles(task, row);
    }
    if (deep_wants(task, KV_FACET_LOCAL_ROLES))
        deep_release(task, KV_FACET_LOCAL_ROLES);
}

static void certificates_listed(struct deep_task *task)
{
    struct kv_walk walk = { 0 };
    struct kv_object *row;

    while ((row = estate_next_gathered(
                task->session->estate, KV_SET_CERTIFICATES, task->id, &walk)))
        if (task->details++ < DETAILS_MAX)
            deep_ask(task, &(struct deep_ask){ .read = AZURE_CERTIFICATE_POLICY,
                               .subject = row->id,
                               .place = row->name });
        else
            row->policy = too_many();
}

/* ---- what follows failures ---- */

/* The same, asked of somebody else; 0: nobody. */
static enum azure_read instead_of(enum azure_read read)
{
    static const enum azure_read others[AZURE_READ_COUNT] = {
        [AZURE_KEYS] = AZURE_PLANE_KEYS,
        [AZURE_PLANE_KEYS] = AZURE_KEYS,
        [AZURE_SECRETS] = AZURE_PLANE_SECRETS,
    };

    return others[read];
}

/* Of one object: its row says what is not known of it. */
static bool detail_failed(struct deep_task *task, const struct reading *reading,
    const struct kv_error *err)
{
    struct kv_estate *estate = task->session->estate;
    enum kv_facet facet = azure_reads[reading->read].facet;
    bool certificate = reading->read == AZURE_CERTIFICATE_POLICY;
    struct kv_object *row;
    struct kv_facet_status status;

    if (reading->read == AZURE_ISSUERS)
        return true; /* rows without a provider say that it is not known */
    if (reading->read != AZURE_KEY && reading->read != AZURE_KEY_ROTATION &&
        reading->read != AZURE_PLANE_KEY && !certificate)
        return false;
    status = reading_refusal(facet, clock_now_s(), err);
    status.why = estate_text(estate, view_of(status.why));
    row = estate_gathered_row(estate,
        certificate ? KV_SET_CERTIFICATES : KV_SET_KEYS, reading->subject);
    if (row && certificate)
        row->policy = status;
    else if (row && reading->read != AZURE_PLANE_KEY &&
             !(reading->read == AZURE_KEY && row->from_data_plane))
        row->rotation = status;
    return true;
}

static void read_failed(struct deep_task *task, const struct reading *reading,
    const struct kv_error *err)
{
    enum kv_facet facet = azure_reads[reading->read].facet;
    enum azure_read instead = instead_of(reading->read);

    if (detail_failed(task, reading, err))
        return;
    deep_refuse(task, facet, err);
    if (instead && !was_asked(task, instead) && err->status != KV_CANCELLED) {
        estate_drop_scope(task->session->estate, facet, task->id);
        deep_ask(task, &(struct deep_ask){ .read = instead });
    } else if (facet == KV_FACET_KEYS &&
               deep_wants(task, KV_FACET_LOCAL_ROLES)) {
        deep_release(task, KV_FACET_LOCAL_ROLES);
    }
}

/* An HSM shows what a symmetric key is, but not how long; Azure Resource
 * Manager shows that where it may manage keys. */
static void key_shown(struct deep_task *task, const struct reading *reading)
{
    const struct kv_object *row = estate_gathered_row(
        task->session->estate, KV_SET_KEYS, reading->subject);

    if (task->kind == KV_KIND_HSM && row && row->key_bits == 0 &&
        row->key_type &&
        view_starts_nocase(view_of(row->key_type), view_of("oct")))
        deep_ask(
            task, &(struct deep_ask){ .read = AZURE_KEY, .subject = row->id });
}

void deep_follow(struct deep_task *task, const struct reading *reading,
    const struct kv_error *err)
{
    enum azure_read read = reading->read;

    if (err) {
        read_failed(task, reading, err);
        return;
    }
    if (read == AZURE_KEYS || read == AZURE_PLANE_KEYS ||
        read == AZURE_PLANE_SECRETS) /* where the first way was closed */
        task->facets[azure_reads[read].facet].err.status = KV_OK;
    if (read == AZURE_KEYS || read == AZURE_PLANE_KEYS)
        keys_listed(task);
    if (read == AZURE_PLANE_KEY)
        key_shown(task, reading);
    if (read == AZURE_CERTIFICATES)
        certificates_listed(task);
}

/* ---- issuers ---- */

/* "Self" and "Unknown" stand for no authority. */
static bool has_issuer(const struct deep_task *task)
{
    struct kv_walk walk = { 0 };
    const struct kv_object *row;

    while ((row = estate_next_gathered(
                task->session->estate, KV_SET_CERTIFICATES, task->id, &walk)))
        if (row->issuer && !text_equal_nocase(row->issuer, "Self") &&
            !text_equal_nocase(row->issuer, "Unknown"))
            return true;
    return false;
}

bool deep_complete(struct deep_task *task, enum kv_facet facet)
{
    if (facet != KV_FACET_CERTIFICATES || was_asked(task, AZURE_ISSUERS) ||
        task->facets[facet].err.status != KV_OK || !has_issuer(task))
        return false;
    deep_ask(task, &(struct deep_ask){ .read = AZURE_ISSUERS });
    return true;
}
