/* What a read that has ended says of a facet: denied, failed, gone, known. */
#include "inside.h"
#include "network.h"
#include "retention.h"

#include <string.h>

struct kv_facet_status reading_refusal(
    enum kv_facet facet, int64_t read_at_s, const struct kv_error *err)
{
    static const char mark[] = "it needs ";
    const char *needs = strstr(err->text, mark);
    struct kv_facet_status status = {
        .state = KV_FACET_FAILED,
        .read_at_s = read_at_s,
        .why = err->text,
    };

    if (err->status == KV_UNREGISTERED)
        status.state = KV_FACET_UNREGISTERED;
    if (err->status != KV_DENIED)
        return status;
    status.state = KV_FACET_DENIED;
    status.why = needs ? needs + sizeof mark - 1 : kv_facets[facet].permission;
    return status;
}

/* A facet of a resource that was read to its end, or not. */
static void mark_resource(struct kv_session *session, enum kv_facet facet,
    const char *id, struct kv_facet_status status)
{
    uint32_t resource = estate_refer_resource(session->estate, view_of(id));

    if (resource == KV_NONE)
        return;
    if (facet == KV_FACET_PROPERTIES) {
        estate_set_properties(session->estate, resource, status);
        return;
    }
    if (facet == KV_FACET_DIAGNOSTICS) {
        estate_take_diagnostics(session->estate, resource, NULL, 0, status);
        return;
    }
    estate_set_resource_facet(session->estate, resource, facet, status);
}

static void mark_subscription(struct kv_session *session, enum kv_facet facet,
    const char *id, struct kv_facet_status status)
{
    struct arm_id parts = arm_id_parse(view_of(id));
    uint32_t index = estate_find_subscription(session->estate,
        parts.subscription.size > 0 ? parts.subscription : view_of(id));

    if (index != KV_NONE)
        estate_set_subscription_facet(session->estate, index, facet, status);
}

static void mark(struct kv_session *session, const struct reading *reading,
    struct kv_facet_status status)
{
    enum kv_facet facet = azure_reads[reading->read].facet;

    switch (kv_facets[facet].level) {
    case KV_LEVEL_RESOURCE:
        mark_resource(session, facet, reading->subject, status);
        break;
    case KV_LEVEL_SUBSCRIPTION:
        if (*reading->subject)
            mark_subscription(session, facet, reading->subject, status);
        for (size_t i = 0; i < reading->id_count; i++)
            mark_subscription(session, facet, reading->ids[i], status);
        break;
    case KV_LEVEL_TENANT:
        estate_set_tenant_facet(session->estate, facet, status);
        break;
    }
}

/* A destination that may not be read: whether it exists is not known. One that
 * is not found is simply not there. */
static void mark_sink(
    struct kv_session *session, const char *subject, const struct kv_error *err)
{
    struct view rest = view_of(subject);
    const char *id = estate_text(session->estate, view_cut(&rest, '?'));

    if (err->status != KV_NOT_FOUND)
        estate_add_row(session->estate, KV_SET_SINKS,
            &(struct kv_sink){
                .id = id,
                .scope = id,
                .name = estate_text(session->estate, arm_id_last(view_of(id))),
                .hidden = true,
            });
}

static void mark_members(struct kv_session *session, const char *group,
    int64_t read_at_s, const struct kv_error *err)
{
    struct kv_facet_status status = { KV_FACET_READY, read_at_s, NULL };
    uint32_t index = estate_refer_principal(session->estate, group);

    if (err)
        status = reading_refusal(KV_FACET_MEMBERS, read_at_s, err);
    status.why = estate_text(session->estate, view_of(status.why));
    estate_principal(session->estate, index)->members_status = status;
}

/* How long one destination keeps logs; its neighbours are known all the same.
 */
static void mark_retention(struct kv_session *session,
    const struct reading *reading, int64_t read_at_s,
    const struct kv_error *err)
{
    struct azure_context context = {
        .estate = session->estate,
        .subject = reading->subject,
        .read_at_s = read_at_s,
    };
    struct kv_facet_status status =
        reading_refusal(KV_FACET_SINKS, read_at_s, err);

    status.why = estate_text(session->estate, view_of(status.why));
    retention_fail(&context, reading->read, err, &status);
}

static bool is_of_retention(enum azure_read read)
{
    return read == AZURE_TABLE || read == AZURE_LIFECYCLE;
}

/* Resource Graph showed it a moment ago: whatever it had is gone with it. */
static bool is_empty_when_gone(enum azure_read read)
{
    return read == AZURE_TOPIC_EVENTS || read == AZURE_SOURCE_EVENTS;
}

/* What is ready when its one answer was taken. Facets of a subscription or
 * the tenant are ready when all their reads have ended. */
bool facet_is_ready_alone(enum kv_facet facet)
{
    return kv_facets[facet].level == KV_LEVEL_RESOURCE &&
           facet != KV_FACET_PROPERTIES && facet != KV_FACET_DIAGNOSTICS;
}

void reading_mark(struct kv_session *session, const struct reading *reading,
    const struct kv_error *err)
{
    const struct azure_read_row *row = &azure_reads[reading->read];
    int64_t read_at_s = reading->read_at_s ? reading->read_at_s : clock_now_s();

    if (row->facet == AZURE_ACCOUNT)
        return;
    if (reading->read == AZURE_MEMBERS)
        mark_members(session, reading->subject, read_at_s, err);
    else if (reading->read == AZURE_SINK && err)
        mark_sink(session, reading->subject, err);
    else if (reading->read == AZURE_ZONE_GROUPS && err)
        zone_groups_fail(session->estate, reading->subject,
            reading_refusal(row->facet, read_at_s, err));
    else if (is_of_retention(reading->read) && err)
        mark_retention(session, reading, read_at_s, err);
    else if (err && err->status == KV_NOT_FOUND &&
             is_empty_when_gone(reading->read))
        return;
    else if (reading->read == AZURE_RESOURCE && err &&
             err->status == KV_NOT_FOUND)
        estate_set_gone(session->estate,
            estate_refer_resource(session->estate, view_of(reading->subject)),
            true);
    else if (err && !row->instead[0])
        mark(session, reading, reading_refusal(row->facet, read_at_s, err));
    else if (!err && facet_is_ready_alone(row->facet))
        mark(session, reading,
            (struct kv_facet_status){ KV_FACET_READY, read_at_s, NULL });
}

enum kv_notice reading_level(enum azure_read read, const struct kv_error *err)
{
    bool known = azure_reads[read].facet != AZURE_ACCOUNT &&
                 !azure_reads[read].instead[0];

    return known && (err->status == KV_DENIED || err->status == KV_UNREGISTERED)
               ? KV_NOTICE_INFO
               : KV_NOTICE_ERROR;
}
