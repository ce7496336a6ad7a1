/* Where other tools answer otherwise on the same resource, and why: one line a
 * row, for whoever holds two reports side by side. */
#include "kvgov/posture.h"

#include <string.h>

static const struct {
    const char *row;
    const char *why;
} others[] = {
    { "ACC-1",
        "Prowler, Steampipe, PSRule and Azure Policy stop at the switch; who "
        "holds what on a vault with Azure roles is in ACC-3 to ACC-13." },
    { "ACC-2", "PSRule compares the whole list with one word, so an entry with "
               "get and purge passes it." },
    { "ACC-8", "Prowler asks whether privileged users of the directory have a "
               "second factor registered; here, whether activating an Azure "
               "role asks for it." },
    { "ACC-9",
        "Prowler and the CIS benchmarks want a policy for Azure's management "
        "application, which does not cover what is in a vault." },
    { "ACC-10",
        "Prowler asks whether an application's credential has expired; one "
        "that has not opens the vault all the same." },
    { "ACC-11",
        "Cloud Custodian compares access policies with a list of its own; "
        "nobody else reads who holds data roles, or whether they exist." },
    { "ACC-13",
        "Cloud Custodian's whitelist compares access policies alone; on a "
        "vault with Azure roles it finds nobody." },
    { "NET-1",
        "Azure Policy 405c5871 counts SecuredByPerimeter as public; Prowler "
        "compares the word's casing; Steampipe and ScoutSuite look at the "
        "firewall instead." },
    { "NET-2",
        "Steampipe, ScoutSuite and PSRule fail a vault whose public access is "
        "Disabled because its default action is still Allow, which then has "
        "no effect; Azure Policy 55615ac9 passes it, as here." },
    { "NET-3",
        "A default action of Deny passes Steampipe, ScoutSuite and PSRule "
        "however wide the rules are; here the addresses are counted." },
    { "NET-4", "Only Cloud Custodian looks at the bypass of trusted services; "
               "the others pass it unseen." },
    { "NET-6",
        "Prowler counts a private endpoint connection in any state; a pending "
        "or rejected one lets nobody in." },
    { "PRO-1",
        "Prowler, ScoutSuite, PSRule and Azure Policy 1e66c121 fail where the "
        "property is absent, although soft delete is on by default since "
        "2020-12; Azure Policy 0b60c0b2 takes absent as on." },
    { "PRO-3", "Prowler and ScoutSuite put soft delete and purge protection "
               "into one verdict; here they are two rows." },
    { "LOG-1",
        "Category group allLogs alone includes the audit log, but Prowler and "
        "Steampipe fail it; Steampipe fails the category AuditEvent too. Any "
        "setting passes azqr, policy evaluation alone passes Azure Policy "
        "cf820ca0, although no call is recorded. Nobody else checks that the "
        "destination exists." },
    { "LOG-2",
        "Azure Policy cf820ca0 reads the setting's own retention, for storage "
        "only, which Azure stopped applying on 2025-09-30; here it is read "
        "where the logs lie." },
    { "LOG-6", "Prowler says nothing of a subscription whose plan it cannot "
               "see; ScoutSuite wants every plan on, not this one." },
    { "OBJ-5",
        "Prowler, Steampipe and Azure Policy judge keys and secrets that back "
        "a certificate, whose owner cannot set their expiry; a vault that "
        "Prowler may not list disappears from its report." },
    { "OBJ-6",
        "Prowler and Steampipe fail disabled keys, Prowler also keys whose "
        "policy it could not read; Steampipe fails a rotation that is bound "
        "to the expiry; Cloud Custodian passes a policy that only notifies; "
        "PSRule passes every vault that is not a template." },
    { "OBJ-8", "Azure Policy 49a22571 also fails an object without an expiry; "
               "here that is OBJ-5." },
    { "CRT-7",
        "Azure Policy 12ef42cb wants both thresholds to fit, the share of the "
        "lifetime and the days; a certificate's policy has one of them." },
    { "GOV-1", "azqr lists, when asked, what does not comply; whether the core "
               "policies are assigned at all, nobody asks." },
    { "HSM-7", "Steampipe's control says nothing where no HSM sends a log, so "
               "a silent HSM passes." },
    { "HSM-8", "Steampipe looks at purge protection alone; Azure Policy "
               "c39ba22d at both, as here." },
    { "HSM-9",
        "Azure Policy 19ea9d63 is called public access and looks at the "
        "default action only; publicNetworkAccess Disabled passes here." },
};

const char *kv_row_others(const struct kv_recommendation *row)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].row, row->id) == 0)
            return others[i].why;
    return NULL;
}
