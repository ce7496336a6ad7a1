/* Where other tools answer otherwise on the same resource, and why: one line a
 * row, for whoever holds two reports side by side. */
#include "kvgov/posture.h"

#include <string.h>

static const struct {
    const char *row;
    const char *why;
} others[] = {
    { "ACC-1",
        "Prowler, PSRule and Azure Policy stop at the switch; who holds what "
        "on a vault with Azure roles is in ACC-3 to ACC-13." },
    { "ACC-4", "No scanner counts Contributors of one vault; Prowler looks at "
               "subscription owners only." },
    { "ACC-11",
        "Cloud Custodian compares access policies with a list of its own; "
        "nobody else reads who holds data roles, or whether they exist." },
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
    { "PRO-3",
        "Steampipe and Prowler put soft delete and purge protection into one "
        "verdict; here they are two rows." },
    { "LOG-1",
        "Only category group allLogs: Prowler and Steampipe fail it although "
        "it includes the audit log. Metrics only, or policy evaluation only: "
        "azqr and Azure Policy pass it although no call is recorded. Nobody "
        "else checks that the destination exists." },
    { "LOG-2",
        "ScoutSuite and Azure Policy cf820ca0 read the setting's own "
        "retention, which Azure stopped applying on 2025-09-30; here it is "
        "read where the logs lie." },
    { "LOG-6", "Where the plan cannot be read, scanners fail it; here it is "
               "unknown." },
    { "OBJ-5",
        "Prowler, Steampipe and Azure Policy judge keys and secrets that back "
        "a certificate, whose owner cannot set their expiry; Prowler leaves "
        "out a vault that it may not list, and it disappears from the "
        "report." },
    { "OBJ-6",
        "Prowler and Steampipe fail disabled keys, and Prowler fails keys "
        "whose policy it could not read; PSRule passes every vault that is "
        "not a template." },
    { "OBJ-7", "Azure Policy judges the expiry of disabled objects too." },
    { "OBJ-8", "Azure Policy measures a lifetime from creation, and judges "
               "what backs a certificate." },
    { "CRT-7",
        "Azure Policy 12ef42cb wants both the share of the lifetime and the "
        "days to fit; one of them is all that a certificate can have." },
    { "GOV-1", "azqr lists what does not comply; whether the core policies "
               "are assigned at all, nobody asks." },
    { "HSM-7", "Steampipe's control says nothing where no log is sent, so a "
               "silent HSM passes." },
    { "HSM-8", "Azure Policy c39ba22d judges soft delete and purge protection "
               "together, as here; Steampipe looks at purge protection "
               "alone." },
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
