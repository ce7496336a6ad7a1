/* Whether what a vault itself says of access asks for as little as it can: its
 * access policies, and the services that it opens secrets to. */
#include "effective.h"
#include "evaluate.h"
#include "faults.h"

/* ---- what is wrong with an entry ---- */

struct part {
    enum kv_object_kind kind;
    const char *name;
    uint32_t words;
};
#define PARTS 4

static void parts_of(
    const struct kv_access_policy *policy, struct part parts[PARTS])
{
    parts[0] = (struct part){ KV_OBJECT_KEY, "keys", policy->keys };
    parts[1] = (struct part){ KV_OBJECT_SECRET, "secrets", policy->secrets };
    parts[2] = (struct part){ KV_OBJECT_CERTIFICATE, "certificates",
        policy->certificates };
    parts[3] =
        (struct part){ KV_OBJECT_STORAGE, "storage accounts", policy->storage };
}

static bool has_purge(const struct part *part)
{
    return part->words & kv_permission_bit(part->kind, view_of("purge"));
}

static void put_fault(struct buf *evidence, uint32_t *faults, const char *text)
{
    buf_puts(evidence, *faults == 0 ? ": " : "; ");
    buf_puts(evidence, text);
    ++*faults;
}

static uint32_t put_wide_parts(
    const struct kv_access_policy *policy, struct buf *evidence)
{
    struct part parts[PARTS];
    uint32_t faults = 0;

    parts_of(policy, parts);
    for (size_t i = 0; i < PARTS; i++) {
        bool all = parts[i].words & KV_PERMISSION_ALL;

        if (!all && !has_purge(&parts[i]))
            continue;
        put_fault(evidence, &faults, all ? "all on " : "purge on ");
        buf_puts(evidence, parts[i].name);
    }
    return faults;
}

/* Of what the service has retired, reading was to get tokens. */
static uint32_t storage_changes(const struct kv_access_policy *policy)
{
    static const char *const reads[] = { "get", "list", "getsas", "listsas" };
    uint32_t words = policy->storage;

    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        words &= ~kv_permission_bit(KV_OBJECT_STORAGE, view_of(reads[i]));
    return words;
}

static uint32_t put_faults(const struct kv_estate *estate,
    const struct kv_access_policy *policy, struct buf *evidence)
{
    const struct kv_principal *who =
        policy->object_id ? kv_estate_principal(estate, policy->object_id)
                          : NULL;
    uint32_t faults = put_wide_parts(policy, evidence);

    if (who && who->missing)
        put_fault(evidence, &faults, "nobody is behind it");
    if (who && who->application)
        put_fault(evidence, &faults,
            "the object of an app registration, which can hold no right; its "
            "service principal could");
    if (who && who->type == KV_PRINCIPAL_SERVICE && storage_changes(policy))
        put_fault(
            evidence, &faults, "a workload that changes storage accounts");
    if (policy->application_id) {
        put_fault(evidence, &faults, "compound, only through application ");
        evidence_put_text(evidence, policy->application_id);
    }
    return faults;
}

static void put_entry(const struct kv_estate *estate,
    const struct kv_access_policy *policy, struct buf *evidence)
{
    const struct kv_principal *who =
        policy->object_id ? kv_estate_principal(estate, policy->object_id)
                          : NULL;

    if (!evidence)
        return;
    evidence_new_line(evidence);
    if (who && who->type != KV_PRINCIPAL_UNKNOWN)
        buf_putf(evidence, "%s ", kv_principal_type_name(who->type));
    effective_put_name(
        evidence, estate, policy->object_id ? policy->object_id : "nobody");
    put_faults(estate, policy, evidence);
}

/* Nothing can be left of an entry that nobody can use as it is meant. */
static void note_entry(
    const struct kv_subject *subject, const struct kv_access_policy *policy)
{
    const struct kv_principal *who =
        policy->object_id
            ? kv_estate_principal(subject->estate, policy->object_id)
            : NULL;
    bool gone = policy->application_id ||
                (who && (who->missing || who->application));

    fault_note(subject, &(struct fault){
                            .kinds = gone ? FAULT_GONE : FAULT_MUCH,
                            .policy = policy,
                        });
}

/* How many entries are wrong whoever holds them. */
static uint32_t put_entries(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    struct evidence_list list = { .evidence = evidence };

    for (uint32_t i = 0; i < resource->policy_count; i++) {
        if (put_faults(subject->estate, &resource->policies[i], NULL) == 0)
            continue;
        note_entry(subject, &resource->policies[i]);
        put_entry(subject->estate, &resource->policies[i],
            evidence_list_next(&list));
    }
    evidence_list_end(&list);
    return list.count;
}

/* ---- workloads that may do more than their work needs ---- */

static void put_workload(const struct kv_subject *subject,
    const struct holder *holder, const struct grant *grant,
    struct buf *evidence)
{
    if (!evidence)
        return;
    effective_put_holder(evidence, subject->estate, holder, grant);
    buf_puts(evidence, ": a workload that does more than read and use: ");
    kv_actions_put(evidence, grant->actions & KV_ACTIONS_CHANGE);
}

static uint32_t put_workloads(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct effective *effective = judged_effective(subject);
    struct evidence_list list = { .evidence = evidence };

    for (size_t i = 0; i < effective->count; i++) {
        const struct holder *holder = &effective->holders[i];
        const struct grant *grant = NULL;

        if (holder->kind != HOLDER_WORKLOAD)
            continue;
        while ((grant = holder_next_grant(effective, holder, grant))) {
            if (!grant->policy || !(grant->actions & KV_ACTIONS_CHANGE))
                continue;
            fault_note(subject,
                &(struct fault){ .kinds = FAULT_MUCH, .policy = grant->policy });
            put_workload(subject, holder, grant, evidence_list_next(&list));
        }
    }
    evidence_list_end(&list);
    return list.count;
}

/* ---- the rows ---- */

/* Roles play no part where policies rule. */
static struct doubts policy_doubts(const struct kv_subject *subject)
{
    struct doubts doubts = effective_doubts(
        subject->estate, judged_effective(subject), KV_ACTIONS_CHANGE);

    doubts.undefined = 0;
    doubts.above = false;
    return doubts;
}

enum kv_verdict access_policies(
    const struct kv_subject *subject, struct buf *evidence)
{
    const struct kv_resource *resource = subject->resource;
    uint64_t names = KV_FACET_BIT(KV_FACET_PRINCIPALS);
    bool named = resource->policy_count == 0 || subject_ready(subject) & names;
    struct doubts doubts;
    uint32_t faulty;

    if (resource->rbac == KV_TRI_TRUE) {
        buf_puts(evidence, "the vault uses Azure roles; access policies have "
                           "no effect");
        return KV_VERDICT_NOT_APPLICABLE;
    }
    evidence_put_number(evidence, resource->policy_count, "access policy entry",
        "access policy entries");
    faulty = put_entries(subject, evidence);
    faulty += put_workloads(subject, evidence);
    doubts = policy_doubts(subject);
    if (named)
        effective_put_doubts(evidence, &doubts);
    else
        evidence_put_unread(evidence, subject, names);
    if (faulty > 0)
        return KV_VERDICT_FAIL;
    return named && !doubts_any(&doubts) ? KV_VERDICT_PASS : KV_VERDICT_UNKNOWN;
}

enum kv_verdict access_services(
    const struct kv_subject *subject, struct buf *evidence)
{
    static const char *const values[] = {
        [KV_TRI_ABSENT] = "absent, which means off",
        [KV_TRI_FALSE] = "false",
        [KV_TRI_TRUE] = "true",
    };
    const struct {
        const char *name;
        enum kv_tri value;
    } rows[] = {
        { "enabledForDeployment", subject->resource->for_deployment },
        { "enabledForDiskEncryption", subject->resource->for_disk_encryption },
        { "enabledForTemplateDeployment",
            subject->resource->for_template_deployment },
    };
    bool any = false;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        any = any || rows[i].value == KV_TRI_TRUE;
        buf_putf(evidence, "%s%s is %s", i == 0 ? "" : "; ", rows[i].name,
            values[rows[i].value]);
    }
    return any ? KV_VERDICT_FAIL : KV_VERDICT_PASS;
}
