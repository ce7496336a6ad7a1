/* Who holds the local roles of an HSM: those ids stand in no answer of Azure
 * Resource Manager, so they are named, and groups expanded, by themselves. */
#include "inside.h"

struct asked {
    struct kv_session *session;
    char *resource;
    const char **ids;
    size_t count;
    bool interactive;
};

/* What was read of people lets the HSM be judged anew. */
static void touch(struct kv_session *session, const char *id)
{
    uint32_t index = kv_estate_find(session->estate, id);

    if (index != KV_NONE)
        estate_set_resource_facet(session->estate, index, KV_FACET_LOCAL_ROLES,
            kv_estate_facet(session->estate,
                kv_estate_resource(session->estate, index),
                KV_FACET_LOCAL_ROLES));
}

static void members_done(void *context, struct reading *reading, long code,
    const struct kv_error *err)
{
    struct asked *asked = context;

    (void)reading;
    (void)code;
    (void)err;
    if (!asked->session->closing)
        touch(asked->session, asked->resource);
    mem_free(asked->resource);
    mem_free(asked);
}

static void ask_members(const struct asked *from, const char *group)
{
    struct asked *asked = mem_alloc(sizeof *asked);

    asked->session = from->session;
    asked->resource = mem_copy_text(from->resource);
    reading_start(from->session, &(struct reading_request){
                                     .read = AZURE_MEMBERS,
                                     .subject = group,
                                     .interactive = from->interactive,
                                     .done = members_done,
                                     .context = asked,
                                 });
}

static void ask_groups(const struct asked *asked)
{
    struct kv_estate *estate = asked->session->estate;

    for (size_t i = 0; i < asked->count; i++) {
        struct kv_principal *row = estate_principal(
            estate, estate_refer_principal(estate, asked->ids[i]));

        if (row->type != KV_PRINCIPAL_GROUP || !row->name ||
            row->members_status.state == KV_FACET_READY)
            continue;
        row->members_status.state = KV_FACET_LOADING;
        ask_members(asked, row->id);
    }
}

static void principals_done(void *context, struct reading *reading, long code,
    const struct kv_error *err)
{
    struct asked *asked = context;

    (void)reading;
    (void)code;
    if (!asked->session->closing && !err) {
        scan_note_missing(asked->session, asked->ids, asked->count);
        ask_groups(asked);
        touch(asked->session, asked->resource);
    }
    mem_free(asked->resource);
    mem_free(asked);
}

static bool is_known(const struct kv_principal *row)
{
    return row->name || row->missing;
}

void deep_ask_principals(
    struct kv_session *session, const char *resource, bool interactive)
{
    struct kv_estate *estate = session->estate;
    struct asked *asked = mem_alloc(sizeof *asked);
    const struct kv_local_assignment *row;
    struct kv_walk walk = { 0 };
    size_t room = kv_estate_row_count(estate, KV_SET_LOCAL_ASSIGNMENTS);

    asked->session = session;
    asked->resource = mem_copy_text(resource);
    asked->interactive = interactive;
    asked->ids = estate_array(estate, room, sizeof *asked->ids);
    while ((row = kv_estate_next_at(
                estate, KV_SET_LOCAL_ASSIGNMENTS, resource, &walk)) &&
           asked->count < AZURE_PRINCIPAL_IDS) {
        struct kv_principal *principal = estate_principal(
            estate, estate_refer_principal(estate, row->principal_id));

        if (!is_known(principal))
            asked->ids[asked->count++] = principal->id;
    }
    if (asked->count == 0) {
        mem_free(asked->resource);
        mem_free(asked);
        return;
    }
    reading_start(session, &(struct reading_request){
                               .read = AZURE_PRINCIPALS,
                               .ids = asked->ids,
                               .id_count = asked->count,
                               .interactive = interactive,
                               .done = principals_done,
                               .context = asked,
                           });
}
