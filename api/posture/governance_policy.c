/* Whether Azure Policy watches the resource, and whether what Azure itself
 * found agrees with the catalogue. */
#include "coverage.h"
#include "evaluate.h"

#include <string.h>

/* ---- what Azure judges beside us ---- */

/* A definition of Azure Policy or an assessment of Defender, by how its id
 * begins, with the row that judges the same and the field that makes the
 * difference where the two disagree. */
static const struct {
    const char *id;
    const char *what;
    const char *row;
    const char *field;
} peers[] = {
    { "12d4fa5e", "permission model", "ACC-1",
        "both read enableRbacAuthorization: Azure's answer is of another "
        "time" },
    { "405c5871", "public access", "NET-1",
        "publicNetworkAccess: Azure passes Disabled alone, and no perimeter" },
    { "55615ac9", "firewall", "NET-2",
        "publicNetworkAccess and networkAcls.defaultAction: Azure does not "
        "look at perimeters" },
    { "a6abeaec", "private link", "NET-6",
        "privateEndpointConnections: Azure's answer is of another time" },
    { "1e66c121", "soft delete", "PRO-1",
        "enableSoftDelete: Azure fails a vault that says nothing" },
    { "0b60c0b2", "deletion protection", "PRO-3",
        "enablePurgeProtection: Azure's answer is of another time" },
    { "cf820ca0", "resource logs", "LOG-1",
        "diagnostic settings: Azure passes any enabled category, and a "
        "destination that is gone" },
    { "c39ba22d", "purge protection of the HSM", "HSM-8",
        "enablePurgeProtection: Azure's answer is of another time" },
    { "a2a5b911", "resource logs of the HSM", "HSM-7",
        "diagnostic settings: Azure passes any enabled category, and a "
        "destination that is gone" },
    { "59fee2f4", "private link of the HSM", "HSM-10",
        "privateEndpointConnections: Azure's answer is of another time" },
    { "19ea9d63", "public access of the HSM", "HSM-9",
        "networkAcls.defaultAction: Azure looks at nothing else" },
    { "4ed62ae4", "purge protection (Defender)", "PRO-3",
        "enablePurgeProtection: Azure's answer is of another time" },
    { "52f7826a", "firewall (Defender)", "NET-2",
        "networkAcls.defaultAction: Azure does not look at public access or "
        "perimeters" },
    { "2e96bc2f", "private endpoint (Defender)", "NET-6",
        "privateEndpointConnections: Azure's answer is of another time" },
    { "88bbc99c", "diagnostic logs (Defender)", "LOG-1",
        "diagnostic settings: Azure passes any enabled category, and a "
        "destination that is gone" },
};
#define PEER_COUNT (sizeof peers / sizeof *peers)

static size_t peer_find(struct view id)
{
    size_t peer = 0;

    while (
        peer < PEER_COUNT && !view_starts_nocase(id, view_of(peers[peer].id)))
        peer++;
    return peer;
}

static struct view last_segment(const char *id)
{
    const char *slash = strrchr(id, '/');

    return view_of(slash ? slash + 1 : id);
}

/* ---- the core definitions ---- */

struct core {
    uint32_t missing;
    uint32_t unsure;
    uint32_t covered;
};

static void put_definition(struct buf *evidence, struct view definition)
{
    size_t peer;

    if (!evidence)
        return;
    peer = peer_find(definition);
    evidence_new_line(evidence);
    buf_put_visible(evidence, definition, false);
    if (peer < PEER_COUNT)
        buf_putf(evidence, " (%s)", peers[peer].what);
    buf_puts(evidence, ": ");
}

/* Any of "a|b" will do: the best of them. */
static struct covering find_any(
    const struct kv_subject *subject, const char *any)
{
    struct covering best = { COVER_NONE, NULL, NULL, NULL };
    struct view rest = view_of(any);

    while (rest.size > 0) {
        struct view definition = view_trim(view_cut(&rest, '|'));
        struct covering covering;

        if (definition.size == 0)
            continue;
        covering = coverage_find(subject, definition);
        if (covering.cover > best.cover)
            best = covering;
    }
    return best;
}

static void judge_core(const struct kv_subject *subject, const char *any,
    struct core *core, struct buf *evidence)
{
    struct covering covering = find_any(subject, any);

    put_definition(evidence, view_of(any));
    coverage_put(evidence, subject, &covering);
    if (covering.cover == COVER_FULL)
        core->covered++;
    else if (covering.cover == COVER_UNSURE)
        core->unsure++;
    else
        core->missing++;
}

/* Without the groups above, what is assigned there is not known. */
static bool groups_unread(const struct kv_subject *subject)
{
    return kv_estate_subscription(subject->estate, subject->subscription)
               ->group_count == 0;
}

enum kv_verdict governance_policies(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_texts *wanted = subject->resource->kind == KV_KIND_HSM
                                        ? &subject->policy->policy_core_hsm
                                        : &subject->policy->policy_core;
    struct core core = { 0 };

    if (wanted->count == 0) {
        buf_puts(evidence, "no definition is configured as wanted");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    for (uint32_t i = 0; i < wanted->count; i++)
        judge_core(subject, wanted->items[i], &core, evidence);
    if (core.missing + core.unsure > 0 && groups_unread(subject)) {
        evidence_new_line(evidence);
        buf_puts(evidence, "what is assigned at management groups is not "
                           "known: needs "
                           "Microsoft.Management/managementGroups/read");
        return KV_VERDICT_UNKNOWN;
    }
    if (core.missing > 0)
        return KV_VERDICT_FAIL;
    return core.unsure > 0 ? KV_VERDICT_UNKNOWN : KV_VERDICT_PASS;
}

/* ---- agreement ---- */

struct agreement {
    uint32_t same;
    uint32_t different;
    uint32_t open; /* Azure has an answer, the catalogue has none */
};

static void put_difference(
    struct buf *evidence, size_t peer, const char *theirs, enum kv_verdict ours)
{
    evidence_new_line(evidence);
    buf_putf(evidence, "%s: Azure says ", peers[peer].what);
    evidence_put_text(evidence, theirs);
    buf_putf(evidence, ", %s says %s (%s)", peers[peer].row,
        kv_verdict_name(ours), peers[peer].field);
}

/* What is answered by hand, or not for this resource, is no answer to compare.
 */
static void compare(const struct kv_subject *subject, struct view id,
    const char *theirs, bool good, struct agreement *agreement,
    struct buf *evidence)
{
    size_t peer = peer_find(id);
    uint32_t row =
        peer < PEER_COUNT ? kv_catalogue_find(peers[peer].row) : KV_NONE;
    enum kv_verdict ours;

    if (row == KV_NONE)
        return;
    ours = kv_judge(&kv_catalogue[row], subject, NULL);
    if (ours == KV_VERDICT_UNKNOWN || ours == KV_VERDICT_UNREAD) {
        agreement->open++;
        put_difference(evidence, peer, theirs, ours);
        return;
    }
    if (ours != KV_VERDICT_PASS && ours != KV_VERDICT_FAIL)
        return;
    if ((ours == KV_VERDICT_PASS) == good) {
        agreement->same++;
        return;
    }
    agreement->different++;
    put_difference(evidence, peer, theirs, ours);
}

static void compare_states(const struct kv_subject *subject,
    struct agreement *agreement, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_policy_state *row;

    while ((row = kv_estate_next_at(subject->estate, KV_SET_POLICY_STATES,
                subject->resource->id, &walk)))
        if (row->compliant || text_equal_nocase(row->state, "NonCompliant"))
            compare(subject, last_segment(row->definition_id), row->state,
                row->compliant, agreement, evidence);
}

static void compare_assessments(const struct kv_subject *subject,
    struct agreement *agreement, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_assessment *row;

    while ((row = kv_estate_next_at(subject->estate, KV_SET_ASSESSMENTS,
                subject->resource->id, &walk))) {
        bool good = text_equal_nocase(row->status, "Healthy");

        if (good || text_equal_nocase(row->status, "Unhealthy"))
            compare(subject, last_segment(row->id), row->status, good,
                agreement, evidence);
    }
}

/* One of the two may be unreadable while the other already differs. */
static bool put_unread(const struct kv_subject *subject, struct buf *evidence)
{
    static const enum kv_facet facets[] = { KV_FACET_POLICY_STATES,
        KV_FACET_ASSESSMENTS };
    bool any = false;

    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++) {
        struct kv_facet_status status = subject_facet(subject, facets[i]);

        if (kv_facet_known(&status))
            continue;
        any = true;
        evidence_new_line(evidence);
        evidence_put_missing(evidence, facets[i], &status);
    }
    return any;
}

enum kv_verdict governance_agreement(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct agreement agreement = { 0 };
    bool unread;

    compare_states(subject, &agreement, evidence);
    compare_assessments(subject, &agreement, evidence);
    unread = put_unread(subject, evidence);
    evidence_new_line(evidence);
    buf_putf(evidence, "%u of ", agreement.same);
    evidence_put_number(evidence,
        agreement.same + agreement.different + agreement.open,
        "comparable answer of Azure agrees",
        "comparable answers of Azure agree");
    if (agreement.different > 0)
        return KV_VERDICT_FAIL;
    if (unread || agreement.open > 0)
        return KV_VERDICT_UNKNOWN;
    return agreement.same > 0 ? KV_VERDICT_PASS : KV_VERDICT_NOT_APPLICABLE;
}
