/* Who stands behind the ids: names in bulk from Microsoft Graph, then the
 * members of groups that hold a role. */
#include "inside.h"

/* Groups with roles are few; past this their members stay unknown. */
#define GROUPS_MAX 500u

static void refer_all(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;

    for (uint32_t i = 0; i < kv_estate_row_count(estate, KV_SET_ASSIGNMENTS);
         i++) {
        const struct kv_assignment *row =
            kv_estate_row(estate, KV_SET_ASSIGNMENTS, i);
        struct kv_principal *principal = estate_principal(
            estate, estate_refer_principal(estate, row->principal_id));

        if (principal->type == KV_PRINCIPAL_UNKNOWN)
            principal->type = row->principal_type;
    }
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);

        for (uint32_t j = 0; j < row->policy_count; j++)
            if (row->policies[j].object_id)
                estate_refer_principal(estate, row->policies[j].object_id);
    }
}

void scan_ask_principals(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;
    const char **ids;
    uint32_t count;

    refer_all(session);
    count = estate_principal_count(estate);
    ids = estate_array(estate, count, sizeof *ids);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = estate_principal(estate, i)->id;
    for (uint32_t i = 0; i < count; i += AZURE_PRINCIPAL_IDS) {
        uint32_t left = count - i;

        scan_read(session, AZURE_PRINCIPALS, NULL, ids + i,
            left < AZURE_PRINCIPAL_IDS ? left : AZURE_PRINCIPAL_IDS);
    }
}

void scan_note_missing(
    struct kv_session *session, const char *const *ids, size_t count)
{
    struct kv_estate *estate = session->estate;

    for (size_t i = 0; i < count; i++) {
        struct kv_principal *row =
            estate_principal(estate, estate_refer_principal(estate, ids[i]));

        row->missing = row->name == NULL;
    }
    estate_set_tenant_facet(estate, KV_FACET_PRINCIPALS,
        (struct kv_facet_status){ KV_FACET_READY, clock_now_s(), NULL });
}

/* Whom nobody found is in no answer that could be replayed. */
#define MISSING_NOTE "missing"
#define MISSING_BYTES ((size_t)16 << 20)

void scan_keep_missing(struct kv_session *session)
{
    struct buf ids = { .limit = MISSING_BYTES };

    for (uint32_t i = 0; i < estate_principal_count(session->estate); i++) {
        const struct kv_principal *row = estate_principal(session->estate, i);

        if (row->missing)
            buf_putf(&ids, "%s%s", ids.size ? " " : "", row->id);
    }
    store_put_note(
        session->store, MISSING_NOTE, ids.failed ? "" : buf_text(&ids));
    buf_done(&ids);
}

void scan_recall_missing(struct kv_session *session)
{
    struct buf ids = { .limit = MISSING_BYTES };
    struct view rest;

    if (session->store)
        store_get_note(session->store, MISSING_NOTE, &ids);
    rest = buf_view(&ids);
    if (rest.size > 0)
        refer_all(session); /* assignments say of what type they are */
    while (rest.size > 0) {
        char *id = mem_copy_view(view_cut(&rest, ' '));
        struct kv_principal *row = estate_principal(
            session->estate, estate_refer_principal(session->estate, id));

        row->missing = row->name == NULL;
        mem_free(id);
    }
    buf_done(&ids);
}

/* Each group has a status of its own. All of them together are not known when
 * none is, nor when it is not known which are groups. */
void scan_mark_members(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;
    struct kv_facet_status status =
        *kv_estate_facet_at(estate, NULL, NULL, KV_FACET_PRINCIPALS);

    for (uint32_t i = 0; i < estate_principal_count(estate); i++) {
        const struct kv_facet_status *one =
            &estate_principal(estate, i)->members_status;

        if (one->state == KV_FACET_READY) {
            status = *one;
            break;
        }
        if (one->why)
            status = *one;
    }
    estate_set_tenant_facet(estate, KV_FACET_MEMBERS, status);
}

/* Only groups that were found: one that may not be named may not be listed. */
void scan_ask_members(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;
    uint32_t asked = 0;

    for (uint32_t i = 0;
         i < estate_principal_count(estate) && asked < GROUPS_MAX; i++) {
        struct kv_principal *row = estate_principal(estate, i);

        if (row->type != KV_PRINCIPAL_GROUP || !row->name)
            continue;
        row->members = NULL;
        row->member_count = 0;
        row->members_status.state = KV_FACET_LOADING;
        scan_read(session, AZURE_MEMBERS, row->id, NULL, 0);
        asked++;
    }
    estate_touch_all(estate, KV_FACET_BIT(KV_FACET_PRINCIPALS));
}
