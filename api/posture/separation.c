/* Whether those who share a vault belong together: by application and
 * environment, and by the customer that they work for. */
#include "workloads.h"

#include "base.h"
#include "estate.h"
#include "evaluate.h"

/* All that one vault is shared by. */
struct sharing {
    const struct kv_estate *estate;
    const struct kv_resource *resource;
    const struct effective *effective;
    struct strand *strands;
    size_t strand_count;
    uint32_t workloads;
    uint32_t lookers; /* that use nothing, and are not counted */
};

static bool is_looker(const struct holder *holder)
{
    return holder->kind == HOLDER_WORKLOAD && holder_data(holder) &&
           !(holder_data(holder) & ~KV_ACTIONS_LOOK);
}

static void sharing_take(struct sharing *sharing)
{
    for (size_t i = 0; i < sharing->effective->count; i++) {
        const struct holder *holder = &sharing->effective->holders[i];

        sharing->lookers += is_looker(holder);
        if (!holder_uses(sharing->estate, holder))
            continue;
        sharing->workloads++;
        for (size_t j = 0; j < sharing->strand_count; j++)
            strand_take_workload(&sharing->strands[j], sharing->estate, holder);
    }
}

static bool strands_differ(const struct sharing *sharing)
{
    for (size_t i = 0; i < sharing->strand_count; i++)
        if (sharing->strands[i].other)
            return true;
    return false;
}

static bool strands_are_told(const struct sharing *sharing)
{
    for (size_t i = 0; i < sharing->strand_count; i++)
        if (sharing->strands[i].untold > 0)
            return false;
    return true;
}

/* ---- in words ---- */

/* A place with what its tags say: "app-pay: application pay, ...". */
static void put_place(const struct sharing *sharing, const char *resource_id,
    const struct kv_tag *tags, uint32_t tag_count, struct buf *evidence)
{
    for (size_t i = 0; i < sharing->strand_count; i++) {
        const struct strand *strand = &sharing->strands[i];

        buf_puts(evidence, i == 0 ? ": " : ", ");
        strand_put(strand,
            tagged_value(
                sharing->estate, resource_id, tags, tag_count, strand->names),
            evidence);
    }
}

static void put_region(
    const struct sharing *sharing, const char *location, struct buf *evidence)
{
    if (!location)
        return;
    buf_puts(evidence, ", in ");
    evidence_put_text(evidence, location);
    if (!text_equal_nocase(location, sharing->resource->location))
        buf_puts(evidence, ", another region");
}

static void put_workload(const struct sharing *sharing,
    const struct holder *holder, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_identity *row;
    bool any = false;

    effective_put_holder(evidence, sharing->estate, holder, NULL);
    while ((row = kv_estate_next_at(
                sharing->estate, KV_SET_IDENTITIES, holder->id, &walk))) {
        struct view name = arm_id_last(view_of(row->resource_id));

        buf_puts(evidence, any ? "; of " : ", of ");
        buf_put_visible(evidence, name, false);
        put_place(
            sharing, row->resource_id, row->tags, row->tag_count, evidence);
        put_region(sharing, row->location, evidence);
        any = true;
    }
    if (!any)
        buf_puts(evidence, ": no resource stands behind it whose tags could "
                           "tell");
}

static void put_workloads(const struct sharing *sharing, struct buf *evidence)
{
    struct evidence_list list = { .evidence = evidence };

    for (size_t i = 0; evidence && i < sharing->effective->count; i++) {
        const struct holder *holder = &sharing->effective->holders[i];
        struct buf *line;

        if (!holder_uses(sharing->estate, holder))
            continue;
        line = evidence_list_next(&list);
        if (line)
            put_workload(sharing, holder, line);
    }
    evidence_list_end(&list);
}

static void put_summary(const struct sharing *sharing, struct buf *evidence)
{
    evidence_put_number(
        evidence, sharing->workloads, "workload uses it", "workloads use it");
    for (size_t i = 0; i < sharing->strand_count; i++) {
        const struct strand *strand = &sharing->strands[i];

        buf_puts(evidence, "; ");
        strand_put(strand, strand->value, evidence);
        if (!strand->other)
            continue;
        buf_puts(evidence, " and ");
        evidence_put_text(evidence, strand->other);
    }
    if (sharing->lookers > 0) {
        buf_puts(evidence, "; ");
        evidence_put_number(evidence, sharing->lookers,
            "more sees names and attributes only and is not counted",
            "more see names and attributes only and are not counted");
    }
}

/* Where tags may be that are missing. */
#define TAGS_ARE_IN                                                            \
    (KV_FACET_BIT(KV_FACET_PRINCIPALS) | KV_FACET_BIT(KV_FACET_IDENTITIES) |   \
        KV_FACET_BIT(KV_FACET_CONTAINERS))

/* ---- SEP-1 ---- */

static void put_vault(const struct sharing *sharing, struct buf *evidence)
{
    const struct kv_resource *resource = sharing->resource;

    evidence_new_line(evidence);
    buf_puts(evidence, "the vault");
    put_place(
        sharing, resource->id, resource->tags, resource->tag_count, evidence);
    put_region(sharing, resource->location, evidence);
}

static void take_vault(struct sharing *sharing)
{
    const struct kv_resource *resource = sharing->resource;

    for (size_t i = 0; i < sharing->strand_count; i++)
        strand_take(&sharing->strands[i],
            tagged_value(sharing->estate, resource->id, resource->tags,
                resource->tag_count, sharing->strands[i].names));
}

/* Asked before any tag is looked up: most vaults end here. */
static bool anybody_uses(const struct sharing *sharing)
{
    for (size_t i = 0; i < sharing->effective->count; i++)
        if (holder_uses(sharing->estate, &sharing->effective->holders[i]))
            return true;
    return false;
}

static enum kv_verdict say_nobody(
    const struct sharing *sharing, struct buf *evidence)
{
    struct doubts doubts =
        effective_doubts(sharing->estate, sharing->effective, KV_ACTIONS_DATA);

    buf_puts(evidence, "no workload is known to use it");
    effective_put_doubts(evidence, &doubts);
    return doubts_any(&doubts) ? KV_VERDICT_UNKNOWN : KV_VERDICT_NOT_APPLICABLE;
}

enum kv_verdict separation_vault(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct strand strands[] = {
        { .word = "application", .names = &subject->policy->application_tags },
        { .word = "environment", .names = &subject->policy->environment_tags },
    };
    struct sharing sharing = {
        .estate = subject->estate,
        .resource = subject->resource,
        .effective = judged_effective(subject),
        .strands = strands,
        .strand_count = sizeof strands / sizeof *strands,
    };
    struct doubts doubts;

    if (!anybody_uses(&sharing))
        return say_nobody(&sharing, evidence);
    take_vault(&sharing);
    sharing_take(&sharing);
    doubts =
        effective_doubts(subject->estate, sharing.effective, KV_ACTIONS_DATA);
    put_summary(&sharing, evidence);
    put_vault(&sharing, evidence);
    put_workloads(&sharing, evidence);
    effective_put_doubts(evidence, &doubts);
    if (strands_differ(&sharing))
        return KV_VERDICT_FAIL;
    if (strands_are_told(&sharing) && !doubts_any(&doubts))
        return KV_VERDICT_PASS;
    evidence_put_unread(evidence, subject, TAGS_ARE_IN);
    return KV_VERDICT_UNKNOWN;
}

/* ---- SEP-2 ---- */

const char *customers_unasked(const struct kv_policy *policy)
{
    return policy->multitenant
               ? NULL
               : "multitenant is no: workloads of one customer run here";
}

/* Whether one vault is shared by customers; says which. */
static bool put_shared_vault(const struct kv_subject *subject,
    const struct kv_resource *resource, struct buf *evidence)
{
    struct effective *effective = effective_make(subject->estate, resource);
    struct strand strand = { .word = "customer",
        .names = &subject->policy->tenant_tags };
    struct sharing sharing = {
        .estate = subject->estate,
        .resource = resource,
        .effective = effective,
        .strands = &strand,
        .strand_count = 1,
    };
    bool shared;

    sharing_take(&sharing);
    shared = strand.other != NULL;
    if (shared && evidence) {
        evidence_new_line(evidence);
        evidence_put_text(evidence, resource->name);
        buf_puts(evidence, ": ");
        put_summary(&sharing, evidence);
        put_workloads(&sharing, evidence);
    }
    effective_free(effective);
    return shared;
}

enum kv_verdict separation_customers(
    const struct kv_subject *subject, struct buf *evidence)
{
    uint32_t vaults = 0;
    uint32_t shared = 0;
    uint32_t at = KV_NONE;

    while ((at = subject_next_resource(subject, at)) != KV_NONE) {
        const struct kv_resource *resource =
            kv_estate_resource(subject->estate, at);

        if (resource->kind != KV_KIND_VAULT)
            continue;
        vaults++;
        shared += put_shared_vault(subject, resource, evidence);
    }
    if (shared > 0)
        return KV_VERDICT_FAIL;
    buf_puts(evidence, "on none of ");
    evidence_put_number(evidence, vaults, "vault", "vaults");
    buf_puts(evidence, " tags of workloads name more than one customer; "
                       "whether each customer has a vault of its own, a "
                       "person has to say");
    evidence_put_unread(evidence, subject, TAGS_ARE_IN);
    return KV_VERDICT_MANUAL;
}
