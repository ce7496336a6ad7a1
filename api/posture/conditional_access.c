/* Whether a Conditional Access policy stands between a person and what is in
 * the vaults. */
#include "evaluate.h"

/* What a policy lacks, the first of what is asked; NULL: nothing. */
static const char *lack_of(const struct kv_conditional_access *row)
{
    if (row->state == KV_CONDITIONAL_DISABLED)
        return "is off";
    if (!row->includes_users)
        return "includes no users";
    if (!row->controls)
        return "asks for nothing: no grant control, no session control";
    if (row->state == KV_CONDITIONAL_REPORT_ONLY)
        return "is report-only, which stops nobody";
    return NULL;
}

static void put_policy(struct buf *evidence,
    const struct kv_conditional_access *row, const char *what)
{
    evidence_new_line(evidence);
    evidence_put_text(evidence, row->name ? row->name : row->id);
    buf_putf(evidence, " %s", what);
}

/* A filter by attributes of applications may take the vaults in or leave them
 * out: which have which attributes takes rights that readers lack. */
enum kv_verdict access_conditional(
    const struct kv_subject *subject, struct buf *evidence)
{
    struct kv_walk walk = { 0 };
    const struct kv_conditional_access *row;
    uint32_t count = 0;
    uint32_t covering = 0;
    uint32_t unclear = 0;

    while ((row = kv_estate_next_at(
                subject->estate, KV_SET_CONDITIONAL_ACCESS, "/", &walk))) {
        const char *lack = lack_of(row);

        count++;
        if (!row->covers_vaults && !row->filtered)
            continue;
        covering += !lack && !row->filtered;
        unclear += !lack && row->filtered;
        if (lack)
            put_policy(evidence, row, lack);
        else if (row->filtered)
            put_policy(evidence, row,
                "chooses applications by their attributes, which are not "
                "readable");
        else
            put_policy(evidence, row, "is on and covers Azure Key Vault");
    }
    evidence_new_line(evidence);
    buf_putf(evidence, "%u of ", covering);
    evidence_put_number(evidence, count, "Conditional Access policy covers",
        "Conditional Access policies cover");
    buf_puts(evidence, " Azure Key Vault");
    if (covering > 0)
        return KV_VERDICT_PASS;
    return unclear > 0 ? KV_VERDICT_UNKNOWN : KV_VERDICT_FAIL;
}
