/* What only earlier answers tell to ask for: the credentials of applications
 * that reach data, and what activating a role takes where somebody may. */
#include "inside.h"

#include "kvgov/actions.h"
#include "msgraph.h"
#include "pim.h"

#include <string.h>

/* Estates have few of either; past these the rest stays unknown. */
#define APPLICATIONS_MAX 3000u
#define ROLE_RULES_MAX 2000u

/* Nothing is to be asked: that is an answer, too. */
static void facet_is_empty(struct kv_session *session, enum kv_facet facet)
{
    session->scan.ended[facet] = true;
    scan_facet_ended(session, facet);
}

/* ---- applications ---- */

/* By principal, in the estate's order. */
struct reachers {
    struct kv_estate *estate;
    bool *reaches;
    uint32_t count;
};

static void reacher_add(struct reachers *reachers, const char *id)
{
    uint32_t index = estate_refer_principal(reachers->estate, id);

    if (index < reachers->count)
        reachers->reaches[index] = true;
}

/* Whoever is in a group holds what the group holds. */
static void reachers_add(struct reachers *reachers, const char *id)
{
    const struct kv_principal *row = kv_estate_principal(reachers->estate, id);

    reacher_add(reachers, id);
    for (uint32_t i = 0; row && i < row->member_count; i++)
        reacher_add(reachers, row->members[i]);
}

static void reachers_find(struct reachers *reachers)
{
    struct kv_estate *estate = reachers->estate;
    uint32_t count = kv_estate_row_count(estate, KV_SET_ASSIGNMENTS);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_assignment *row =
            kv_estate_row(estate, KV_SET_ASSIGNMENTS, i);
        const struct kv_role *role =
            row ? kv_estate_role(estate, row->role) : NULL;

        if (role && role->actions & KV_ACTIONS_DATA)
            reachers_add(reachers, row->principal_id);
    }
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);

        for (uint32_t j = 0; j < row->policy_count; j++)
            if (row->policies[j].object_id)
                reachers_add(reachers, row->policies[j].object_id);
    }
}

/* A registration in another tenant cannot be read from here. */
static bool is_asked(
    const struct kv_estate *estate, const struct kv_principal *row)
{
    const char *tenant = kv_estate_tenant_id(estate);

    return row->type == KV_PRINCIPAL_SERVICE && !row->managed_identity &&
           row->app_id &&
           (!row->app_home || !tenant ||
               text_equal_nocase(row->app_home, tenant));
}

static void ask_applications(
    struct kv_session *session, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i += AZURE_APPLICATION_IDS) {
        size_t left = count - i;
        struct buf subject = { .limit = 4096 };

        applications_subject(&subject, ids + i,
            left < AZURE_APPLICATION_IDS ? left : AZURE_APPLICATION_IDS);
        scan_read(session, AZURE_APPLICATIONS, buf_text(&subject), NULL, 0);
        buf_done(&subject);
    }
}

void scan_ask_applications(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;
    struct scan *scan = &session->scan;
    struct reachers reachers = { .estate = estate };
    const char **ids;
    size_t count = 0;

    if (scan->applications_asked || !scan->ended[KV_FACET_PRINCIPALS] ||
        !scan->ended[KV_FACET_ROLES] || scan->pending[KV_FACET_MEMBERS] > 0)
        return;
    scan->applications_asked = true;
    reachers.count = estate_principal_count(estate);
    reachers.reaches = mem_alloc(reachers.count + 1);
    ids = mem_alloc((reachers.count + 1) * sizeof *ids);
    reachers_find(&reachers);
    for (uint32_t i = 0; i < reachers.count && count < APPLICATIONS_MAX; i++) {
        const struct kv_principal *row = estate_principal(estate, i);

        if (reachers.reaches[i] && is_asked(estate, row))
            ids[count++] = row->app_id;
    }
    ask_applications(session, ids, count);
    if (count == 0)
        facet_is_empty(session, KV_FACET_CREDENTIALS);
    mem_free(reachers.reaches);
    mem_free(ids);
}

/* ---- activation ---- */

/* Whether judging an eligible assignment of the role needs its rules. */
static bool is_powerful(const struct kv_role *role)
{
    return role->actions & (KV_ACTIONS_CONTROL | KV_ACTIONS_MANAGE);
}

struct rule_asks {
    struct kv_session *session;
    char **asked;
    size_t count;
};

static void ask_rules(struct rule_asks *asks, const struct kv_schedule *row)
{
    struct buf subject = { .limit = 4096 };

    role_rules_subject(&subject, row->scope, row->role_guid);
    for (size_t i = 0; i < asks->count; i++)
        if (text_equal_nocase(asks->asked[i], buf_text(&subject))) {
            buf_done(&subject);
            return;
        }
    asks->asked[asks->count++] = mem_copy_text(buf_text(&subject));
    scan_read(asks->session, AZURE_ROLE_RULES, buf_text(&subject), NULL, 0);
    buf_done(&subject);
}

void scan_ask_role_rules(struct kv_session *session)
{
    struct kv_estate *estate = session->estate;
    struct scan *scan = &session->scan;
    struct rule_asks asks = { .session = session };
    uint32_t count = kv_estate_row_count(estate, KV_SET_SCHEDULES);

    if (scan->rules_asked || !scan->ended[KV_FACET_SCHEDULES] ||
        !scan->ended[KV_FACET_ROLES])
        return;
    scan->rules_asked = true;
    asks.asked = mem_alloc(ROLE_RULES_MAX * sizeof *asks.asked);
    for (uint32_t i = 0; i < count && asks.count < ROLE_RULES_MAX; i++) {
        const struct kv_schedule *row =
            kv_estate_row(estate, KV_SET_SCHEDULES, i);
        const struct kv_role *role =
            row ? kv_estate_find_role(estate, row->role_guid) : NULL;

        if (role && row->eligible && is_powerful(role))
            ask_rules(&asks, row);
    }
    if (asks.count == 0)
        facet_is_empty(session, KV_FACET_ROLE_RULES);
    for (size_t i = 0; i < asks.count; i++)
        mem_free(asks.asked[i]);
    mem_free(asks.asked);
}
