/* Rights: what could be read, and for each kind of fact that may not be, the
 * permission, where it is missing, what stays unknown and which role helps. */
#include <string.h>

#include "doctor_inside.h"
#include "heap.h"
#include "role_for.h"

/* More names say less. */
#define NAMES_MOST 3

/* ---- where a facet is denied ---- */

/* By subscription; all are false before. */
static void mark_denied(
    const struct kv_estate *estate, enum kv_facet facet, bool *denied)
{
    bool each = kv_facets[facet].level == KV_LEVEL_RESOURCE;
    uint32_t resources = each ? kv_estate_resource_count(estate) : 0;

    for (uint32_t i = 0; i < resources; i++) {
        const struct kv_resource *row = kv_estate_resource(estate, i);

        if (kv_estate_facet(estate, row, facet).state == KV_FACET_DENIED)
            denied[row->subscription] = true;
    }
    for (uint32_t i = 0; !each && i < kv_estate_subscription_count(estate); i++)
        denied[i] = kv_estate_facet_at(
                        estate, kv_estate_subscription(estate, i), NULL, facet)
                        ->state == KV_FACET_DENIED;
}

/* Puts the first names, and counts all. */
static uint32_t count_denied(
    const struct kv_estate *estate, enum kv_facet facet, struct buf *names)
{
    uint32_t count = kv_estate_subscription_count(estate);
    bool *denied = heap_new(count + 1);
    uint32_t found = 0;

    mark_denied(estate, facet, denied);
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_subscription *row = kv_estate_subscription(estate, i);

        if (denied[i] && found++ < NAMES_MOST)
            buf_putf(names, "%s%s", found > 1 ? ", " : "",
                row->name ? row->name : row->id);
    }
    if (found > NAMES_MOST)
        buf_putf(names, " and %u more", found - NAMES_MOST);
    heap_free(denied);
    return found;
}

/* ---- what stays unknown ---- */

static void put_rows(struct buf *out, enum kv_facet facet)
{
    const char *before = "";

    for (size_t i = 0; i < kv_catalogue_count; i++) {
        if (!(kv_catalogue[i].needs & KV_FACET_BIT(facet)))
            continue;
        buf_putf(out, "%s%s", before, kv_catalogue[i].id);
        before = ", ";
    }
}

static void add_denied(struct doctor *doctor, enum kv_facet facet,
    const char *where, const char *whom)
{
    const struct kv_facet_info *info = &kv_facets[facet];
    struct buf rows = { .limit = 4096 };
    struct buf todo = { .limit = 4096 };

    put_rows(&rows, facet);
    buf_putf(&todo, "ask for %s on %s", role_for(info->permission), whom);
    doctor_add(doctor, KV_DIAGNOSIS_WARNING, info->name, buf_text(&todo),
        "may not be read in %s: %s is missing; unknown without it: %s", where,
        info->permission,
        rows.size ? buf_text(&rows) : "nothing of the catalogue");
    buf_done(&rows);
    buf_done(&todo);
}

static bool check_facet(struct doctor *doctor, enum kv_facet facet)
{
    const struct kv_estate *estate = kv_session_estate(doctor->session);
    struct buf names = { .limit = 4096 };
    struct buf where = { .limit = 64 };
    uint32_t denied = 0;

    if (kv_facets[facet].level == KV_LEVEL_TENANT) {
        if (kv_estate_facet_at(estate, NULL, NULL, facet)->state !=
            KV_FACET_DENIED)
            return false;
        add_denied(doctor, facet, "the tenant", "the tenant");
        return true;
    }
    denied = count_denied(estate, facet, &names);
    buf_putf(&where, "%u of %u subscriptions", denied,
        kv_estate_subscription_count(estate));
    if (denied)
        add_denied(doctor, facet, buf_text(&where), buf_text(&names));
    buf_done(&names);
    buf_done(&where);
    return denied > 0;
}

/* ---- what was read ---- */

/* The newest error; "" when there is none. */
static const char *last_error(const struct kv_session *session)
{
    for (uint32_t i = 0; i < kv_session_message_count(session); i++)
        if (kv_session_message(session, i)->level == KV_NOTICE_ERROR)
            return kv_session_message(session, i)->text;
    return "";
}

/* What failed is not for want of a right, and not known. */
static void check_failures(struct doctor *doctor)
{
    const char *error = last_error(doctor->session);

    if (*error)
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "reading",
            "kvgov scan lists all that went wrong", "%s", error);
}

static void check_reading(struct doctor *doctor)
{
    const struct kv_scan *scan = kv_session_scan(doctor->session);
    const struct kv_estate *estate = kv_session_estate(doctor->session);
    uint32_t resources = kv_estate_resource_count(estate);
    uint32_t subscriptions = kv_estate_subscription_count(estate);

    if (scan->state == KV_SCAN_FAILED) {
        doctor->out_of_reach = true;
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "reading", "",
            "the inventory could not be read: %s", last_error(doctor->session));
    } else if (scan->state != KV_SCAN_DONE) {
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "reading",
            "--subscription reads less; what is said of rights holds as far "
            "as it got",
            "not complete: %u vaults and HSMs in %u subscriptions were seen",
            resources, subscriptions);
    } else if (subscriptions == 0) {
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "reading",
            "ask for Reader on the subscriptions that hold the vaults",
            "no subscription is visible");
    } else {
        doctor_add(doctor, KV_DIAGNOSIS_OK, "reading", "",
            "%u vaults and HSMs in %u subscriptions, with %llu requests",
            resources, subscriptions, (unsigned long long)scan->requests);
        check_failures(doctor);
    }
}

void doctor_check_rights(struct doctor *doctor)
{
    bool denied = false;

    check_reading(doctor);
    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        if (check_facet(doctor, (enum kv_facet)facet))
            denied = true;
    if (!denied && kv_session_scan(doctor->session)->state == KV_SCAN_DONE)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "rights", "",
            "everything that was asked for may be read");
}
