/* The remedies, safest first: one row says what a remedy is for, the row of the same place
 * below how it works. One more remedy is one more row in each, and a plan
 * function. */
#include "plan.h"

#include <assert.h>
#include <string.h>

#define KIND_VAULT (1u << KV_KIND_VAULT)
#define KIND_HSM (1u << KV_KIND_HSM)

const struct kv_remedy kv_remedies[] = {
    {
        .id = "diagnostics-on",
        .title = "Send the audit log to a workspace",
        .verb = "log",
        .sentence = "send the audit log to a workspace for",
        .recommendation = "LOG-1",
        .grade = KV_GRADE_SAFE,
        .undo = true,
        .kinds = KIND_VAULT,
        .effect = "Adds one diagnostic setting; changes none that exists. "
                  "First records arrive within 90 minutes.",
        .cost = "Ingestion and retention in the workspace, billed by volume.",
    },
    {
        .id = "firewall-on",
        .title = "Turn the firewall on",
        .verb = "restrict",
        .sentence = "limit public access on",
        .recommendation = "NET-2",
        .grade = KV_GRADE_ACCESS,
        .undo = true,
        .kinds = KIND_VAULT,
        .effect = "Callers on the internet that no rule lets in are refused, "
                  "usually within a minute; private endpoints keep working.",
        .cost = NULL,
    },
    {
        .id = "purge-protection-on",
        .title = "Turn purge protection on",
        .verb = "protect",
        .sentence = "turn on purge protection, for good, on",
        .recommendation = "PRO-3",
        .grade = KV_GRADE_ONE_WAY,
        .undo = false,
        .kinds = KIND_VAULT | KIND_HSM,
        .effect = "What is deleted can be purged by nobody until its "
                  "retention ends; works at once and can never be turned off.",
        .cost = "None for a vault; a deleted Managed HSM is billed until its "
                "retention ends.",
    },
};
const size_t kv_remedies_count = sizeof kv_remedies / sizeof kv_remedies[0];

static const struct work works[] = {
    {
        .reads = LIVE_COMMON | LIVE_BIT(LIVE_SETTINGS),
        .option = "workspace",
        .offer = diagnostics_offer,
        .accept = diagnostics_accept,
        .plan = diagnostics_plan,
        .undo = {
            .grade = KV_GRADE_SAFE,
            .impact = "Nobody loses access. Calls on the vault are no longer "
                      "recorded through this setting; what was recorded "
                      "stays in the workspace.",
            .warning = "the audit log stops here, unless another setting "
                       "sends it",
        },
    },
    {
        .reads = LIVE_COMMON,
        .option = "allow",
        .offer = firewall_offer,
        .accept = firewall_accept,
        .plan = firewall_plan,
        .undo = {
            .grade = KV_GRADE_ACCESS,
            .impact = "Only callers let in by a rule that was added lose "
                      "access. The vault is reachable again as it was before, "
                      "perhaps from every address on the internet.",
            .warning = "this widens who can reach the vault",
        },
    },
    {
        .reads = LIVE_COMMON,
        .plan = purge_protection_plan,
    },
};
static_assert(sizeof works / sizeof works[0] ==
                  sizeof kv_remedies / sizeof kv_remedies[0],
    "each remedy has its work");

const struct kv_remedy *kv_remedy_find(const char *id)
{
    for (size_t i = 0; id && i < kv_remedies_count; i++) {
        if (strcmp(kv_remedies[i].id, id) == 0)
            return &kv_remedies[i];
    }
    return NULL;
}

const struct work *remedy_work(const struct kv_remedy *remedy)
{
    return &works[remedy - kv_remedies];
}

const char *kv_grade_name(enum kv_grade grade)
{
    switch (grade) {
    case KV_GRADE_SAFE:
        return "G1 safe";
    case KV_GRADE_ACCESS:
        return "G2 can cut access";
    case KV_GRADE_ONE_WAY:
        return "G3 cannot be undone";
    }
    return "";
}
