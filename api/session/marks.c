/* What a read that has ended says of a facet: denied, failed, gone, known. */
#include "inside.h"

#include <string.h>

static struct kv_facet_status facet_failed(
    enum kv_facet facet, int64_t read_at_s, const struct kv_error *err)
{
    static const char mark[] = "it needs ";
    const char *needs = strstr(err->text, mark);
    struct kv_facet_status status = {
        .state = err->status == KV_DENIED ? KV_FACET_DENIED : KV_FACET_FAILED,
        .read_at_s = read_at_s,
        .why = err->text,
    };

    if (err->status == KV_DENIED)
        status.why =
            needs ? needs + sizeof mark - 1 : kv_facets[facet].permission;
    return status;
}

struct mark_row {
    enum azure_read read;
    enum kv_facet facet;
};

static const struct mark_row mark_rows[] = {
    { AZURE_ASSIGNMENTS, KV_FACET_ASSIGNMENTS },
    { AZURE_ROLES, KV_FACET_ROLES },
    { AZURE_LOCKS, KV_FACET_LOCKS },
    { AZURE_DELETED_VAULTS, KV_FACET_DELETED },
    { AZURE_RESOURCE, KV_FACET_PROPERTIES },
    { AZURE_DIAGNOSTICS, KV_FACET_DIAGNOSTICS },
    { AZURE_PRINCIPALS, KV_FACET_PRINCIPALS },
};

static void mark_resource(struct kv_session *session, enum kv_facet facet,
    const char *id, struct kv_facet_status status)
{
    uint32_t resource = estate_refer_resource(session->estate, view_of(id));

    if (resource == KV_NONE)
        return;
    if (facet == KV_FACET_PROPERTIES)
        estate_set_properties(session->estate, resource, status);
    else
        estate_take_diagnostics(session->estate, resource, NULL, 0, status);
}

static void mark(struct kv_session *session, enum kv_facet facet,
    const char *subject, struct kv_facet_status status)
{
    uint32_t subscription =
        estate_find_subscription(session->estate, view_of(subject));

    if (kv_facets[facet].level == KV_LEVEL_RESOURCE)
        mark_resource(session, facet, subject, status);
    else if (kv_facets[facet].level == KV_LEVEL_TENANT)
        estate_set_tenant_facet(session->estate, facet, status);
    else if (subscription != KV_NONE)
        estate_set_subscription_facet(
            session->estate, subscription, facet, status);
}

/* A destination that may not be read: whether it exists is not known. One that
 * is not found is simply not there. */
static void mark_sink(
    struct kv_session *session, const char *subject, const struct kv_error *err)
{
    struct view rest = view_of(subject);
    const char *id = estate_text(session->estate, view_cut(&rest, '?'));

    if (err->status != KV_NOT_FOUND)
        estate_add_sink(session->estate,
            &(struct kv_sink){
                .id = id,
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
        status = facet_failed(KV_FACET_MEMBERS, read_at_s, err);
    status.why = estate_text(session->estate, view_of(status.why));
    estate_principal(session->estate, index)->members_status = status;
}

void reading_mark(struct kv_session *session, enum azure_read read,
    const char *subject, int64_t read_at_s, const struct kv_error *err)
{
    if (read == AZURE_MEMBERS)
        mark_members(session, subject, read_at_s, err);
    if (read == AZURE_SINK && err)
        mark_sink(session, subject, err);
    for (size_t i = 0; i < sizeof mark_rows / sizeof *mark_rows; i++) {
        enum kv_facet facet = mark_rows[i].facet;

        if (mark_rows[i].read != read)
            continue;
        if (!err)
            mark(session, facet, subject,
                (struct kv_facet_status){ KV_FACET_READY, read_at_s, NULL });
        else if (err->status == KV_NOT_FOUND && read == AZURE_RESOURCE)
            estate_set_gone(session->estate,
                estate_refer_resource(session->estate, view_of(subject)), true);
        else
            mark(session, facet, subject, facet_failed(facet, read_at_s, err));
    }
}

enum kv_notice reading_level(enum azure_read read, const struct kv_error *err)
{
    bool facet = read == AZURE_MEMBERS;

    for (size_t i = 0; i < sizeof mark_rows / sizeof *mark_rows; i++)
        facet = facet || mark_rows[i].read == read;
    return facet && err->status == KV_DENIED ? KV_NOTICE_INFO : KV_NOTICE_ERROR;
}
