/* How workloads hold their rights to data: at which scope, and by what they
 * prove who they are. */
#include "effective.h"
#include "evaluate.h"
#include "faults.h"

/* ---- ACC-5: where ---- */

/* Given above the vault, whether its model makes it count or not: the switch to
 * roles would. */
static bool is_given_above(const struct grant *grant)
{
    return grant->assignment && grant->level < KV_SCOPE_RESOURCE;
}

/* NULL: none of its data roles is given above the vault. */
static const struct grant *next_above(const struct effective *effective,
    const struct holder *holder, const struct grant *after)
{
    while ((after = holder_next_grant(effective, holder, after)))
        if (is_given_above(after) && grant_data(after))
            return after;
    return NULL;
}

/* A role without definition may be one of data. */
static bool has_undefined_above(
    const struct effective *effective, const struct holder *holder)
{
    const struct grant *grant = NULL;

    while ((grant = holder_next_grant(effective, holder, grant)))
        if (is_given_above(grant) && grant->undefined)
            return true;
    return false;
}

static void put_above(const struct kv_subject *subject,
    const struct holder *holder, const struct grant *grant,
    struct buf *evidence)
{
    effective_put_holder(evidence, subject->estate, holder, grant);
    effective_put_grant(evidence, grant);
    effective_put_idle(evidence, grant);
}

static uint32_t put_all_above(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    struct evidence_list list = { .evidence = evidence };

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];
        const struct grant *grant = NULL;

        if (holder->kind != HOLDER_WORKLOAD ||
            holder_is_missing(subject->estate, holder))
            continue;
        while ((grant = next_above(effective, holder, grant))) {
            fault_note(subject, &(struct fault){
                                    .kinds = FAULT_HIGH,
                                    .assignment = grant->assignment,
                                });
            put_above(subject, holder, grant, evidence_list_next(&list));
        }
    }
    evidence_list_end(&list);
    return list.count;
}

static struct doubts doubts_above(const struct kv_subject *subject)
{
    const struct effective *effective = judged_effective(subject);
    struct doubts doubts = { .above = effective->above_unread };

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];

        if (next_above(effective, holder, NULL))
            doubts_take(&doubts, subject->estate, holder);
        doubts.undefined += holder->kind != HOLDER_PERSON &&
                            has_undefined_above(effective, holder);
    }
    return doubts;
}

enum kv_verdict access_scope(
    const struct kv_subject *subject, struct buf *evidence)
{
    uint32_t above = put_all_above(subject, NULL);
    struct doubts doubts = doubts_above(subject);

    evidence_put_number(evidence, above, "data role", "data roles");
    buf_puts(evidence, " of workloads given above the vault");
    if (evidence)
        put_all_above(subject, evidence);
    effective_put_doubts(evidence, &doubts);
    if (above > 0)
        return KV_VERDICT_FAIL;
    return doubts_any(&doubts) ? KV_VERDICT_UNKNOWN : KV_VERDICT_PASS;
}

/* ---- ACC-10: by what ---- */

/* What an application may sign in with: its service principal's own, and those
 * of its registration. */
struct proof {
    uint32_t passwords;
    uint32_t certificates;
    uint32_t federated;
    int64_t passwords_end_s; /* the last one's; 0: never */
    int64_t certificates_end_s;
    const char *unknown; /* why not all of them are known; NULL: they are */
};

static int64_t later(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return 0;
    return a > b ? a : b;
}

static void proof_add(
    struct proof *proof, const struct kv_credentials *credentials)
{
    if (!credentials->known)
        return;
    if (credentials->passwords > 0)
        proof->passwords_end_s =
            proof->passwords == 0
                ? credentials->passwords_end_s
                : later(proof->passwords_end_s, credentials->passwords_end_s);
    if (credentials->certificates > 0)
        proof->certificates_end_s = proof->certificates == 0
                                        ? credentials->certificates_end_s
                                        : later(proof->certificates_end_s,
                                              credentials->certificates_end_s);
    proof->passwords += credentials->passwords;
    proof->certificates += credentials->certificates;
}

static const char *why_unknown(const struct kv_estate *estate,
    const struct kv_principal *who, const struct kv_application *registration)
{
    const char *tenant = kv_estate_tenant_id(estate);

    if (!who)
        return "what it is, is not known";
    if (who->app_home && tenant && !text_equal_nocase(who->app_home, tenant))
        return "its registration is in another tenant and not readable";
    if (!registration)
        return "its app registration was not read";
    if (!registration->credentials.known || !who->credentials.known)
        return "its credentials were not in the answer";
    return NULL;
}

static struct proof proof_of(
    const struct kv_estate *estate, const struct holder *holder)
{
    const struct kv_principal *who = kv_estate_principal(estate, holder->id);
    const struct kv_application *registration =
        who && who->app_id
            ? kv_estate_find_row(estate, KV_SET_APPLICATIONS, who->app_id)
            : NULL;
    struct proof proof = { .unknown = why_unknown(estate, who, registration) };

    if (who)
        proof_add(&proof, &who->credentials);
    if (registration) {
        proof_add(&proof, &registration->credentials);
        proof.federated = registration->federated;
    }
    return proof;
}

static bool proves_by_secret(const struct proof *proof)
{
    return proof->passwords > 0 || proof->certificates > 0;
}

static void put_secrets(const struct kv_subject *subject, struct buf *evidence,
    const char *one, const char *many, uint32_t count, int64_t end_s)
{
    if (count == 0)
        return;
    buf_puts(evidence, ", ");
    evidence_put_number(evidence, count, one, many);
    if (end_s == 0) {
        buf_puts(evidence, " without end");
        return;
    }
    buf_puts(evidence, end_s < subject->now_s ? " expired " : " until ");
    evidence_put_date(evidence, end_s);
}

static void put_application(const struct kv_subject *subject,
    const struct holder *holder, const struct proof *proof,
    struct buf *evidence)
{
    if (!evidence)
        return;
    effective_put_holder(evidence, subject->estate, holder, NULL);
    buf_puts(evidence, ": an application");
    put_secrets(subject, evidence, "password", "passwords", proof->passwords,
        proof->passwords_end_s);
    put_secrets(subject, evidence, "certificate", "certificates",
        proof->certificates, proof->certificates_end_s);
    if (proof->federated > 0) {
        buf_puts(evidence, ", ");
        evidence_put_number(evidence, proof->federated, "federated credential",
            "federated credentials");
    }
    if (proof->unknown)
        buf_putf(evidence, ", %s", proof->unknown);
    else if (!proves_by_secret(proof))
        buf_puts(evidence, ", no password or certificate");
}

struct proofs {
    uint32_t managed;
    uint32_t by_secret;
    uint32_t unknown;
};

static void take_application(const struct kv_subject *subject,
    const struct holder *holder, struct proofs *proofs,
    struct evidence_list *list)
{
    struct proof proof = proof_of(subject->estate, holder);

    proofs->by_secret += proves_by_secret(&proof);
    proofs->unknown += !proves_by_secret(&proof) && proof.unknown;
    put_application(subject, holder, &proof, evidence_list_next(list));
}

static struct proofs put_applications(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    struct evidence_list list = { .evidence = evidence };
    struct proofs proofs = { 0 };

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];

        if (holder->kind != HOLDER_WORKLOAD || !holder_data(holder) ||
            holder_is_missing(subject->estate, holder))
            continue;
        if (holder_is_managed(subject->estate, holder))
            proofs.managed++;
        else
            take_application(subject, holder, &proofs, &list);
    }
    evidence_list_end(&list);
    return proofs;
}

enum kv_verdict access_identities(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct proofs proofs = put_applications(subject, NULL);
    struct doubts doubts = effective_doubts(
        subject->estate, judged_effective(subject), KV_ACTIONS_DATA);

    evidence_put_number(evidence, proofs.by_secret,
        "application with data access has a password or certificate",
        "applications with data access have a password or certificate");
    buf_puts(evidence, "; ");
    evidence_put_number(evidence, proofs.managed, "managed identity has access",
        "managed identities have access");
    if (evidence)
        put_applications(subject, evidence);
    effective_put_doubts(evidence, &doubts);
    if (proofs.by_secret > 0)
        return KV_VERDICT_FAIL;
    if (proofs.unknown == 0 && !doubts_any(&doubts))
        return KV_VERDICT_PASS;
    evidence_put_unread(evidence, subject,
        KV_FACET_BIT(KV_FACET_PRINCIPALS) | KV_FACET_BIT(KV_FACET_IDENTITIES) |
            KV_FACET_BIT(KV_FACET_CREDENTIALS));
    return KV_VERDICT_UNKNOWN;
}
