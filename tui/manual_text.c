/* What no table says. */
#include "manual_text.h"

#define TERMS(array)                                                           \
    .terms = (array), .term_count = sizeof(array) / sizeof *(array)

static const struct manual_term sign_in_terms[] = {
    { "1. an application",
        "AZURE_CLIENT_ID in AZURE_TENANT_ID, with a secret, a certificate (PEM "
        "or PKCS#12) or the token of another issuer." },
    { "2. the machine's managed identity",
        "Of a virtual machine, App Service or Azure Arc." },
    { "3. Azure CLI", "What az login made." },
    { "4. a device code",
        "An address and a code to enter there from any browser: on the first "
        "screen of the console, or by kvgov login." },
};

static const struct manual_term right_terms[] = {
    { "Reader on the subscriptions",
        "Vaults, HSMs, role assignments, locks, diagnostic settings; and names "
        "and dates of keys and secrets." },
    { "Management Group Reader",
        "What is granted above a subscription. Without it who-can says that "
        "there may be more." },
    { "Key Vault Reader on a vault",
        "Its certificates, and what is deleted in it." },
    { "Managed HSM Crypto Auditor at /", "Inside a managed HSM." },
    { "Log Analytics Reader", "Who called a vault: its audit log." },
    { "Directory.Read.All, GroupMember.Read.All",
        "Of Microsoft Graph: names instead of ids, and members of groups." },
    { "Application.Read.All",
        "Of Microsoft Graph: what applications sign in with." },
    { "Microsoft.KeyVault/vaults/write",
        "To change a vault; diagnostic settings need "
        "Microsoft.Insights/diagnosticSettings/write and rights on their "
        "destination." },
};

static const struct manual_term change_terms[] = {
    { "preview",
        "The exact request, each field before and after, who could lose "
        "access, whether it can be undone." },
    { "checks", "Of the live resource: permission, locks, state." },
    { "confirmation",
        "By danger: y; the vault's name; for what cannot be undone a banner, "
        "and the name in full." },
    { "guard",
        "The resource is read again just before; what has changed since the "
        "preview is left alone." },
    { "journal", "The intent is on the disk before the request leaves." },
    { "verification", "The resource is read until the finding passes." },
};

static const struct manual_term environment_terms[] = {
    { "AZURE_TENANT_ID, AZURE_CLIENT_ID",
        "The application to sign in as, with one of the next three." },
    { "AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, "
      "AZURE_FEDERATED_TOKEN_FILE",
        "What it proves itself with." },
    { "AZURE_TOKEN_CREDENTIALS",
        "The only way to sign in, by Microsoft's name of it." },
    { "AZURE_AUTHORITY_HOST", "The login host, which says which cloud it is." },
    { "KVGOV_ARM_ENDPOINT", "As --arm-endpoint." },
    { "KVGOV_STATE", "As --state-dir." },
    { "NO_COLOR", "As --no-color." },
    { "XDG_CONFIG_HOME, XDG_STATE_HOME",
        "Where the files below are, instead of ~/.config and ~/.local/state." },
};

static const struct manual_term file_terms[] = {
    { "~/.config/kvgov/config.ini, /etc/kvgov/config.ini",
        "Thresholds of a person, within those of the site; see "
        "kvgov-config(5)." },
    { "~/.config/kvgov/keys.ini, ~/.config/kvgov/views.ini",
        "Other keys for actions; views of lists that were saved." },
    { "~/.local/state/kvgov/estate-CLOUD.db",
        "The last estate: a cache, which may be removed." },
    { "~/.local/state/kvgov/history.db", "What scans found, and since when." },
    { "~/.local/state/kvgov/records.db", "Attestations and exceptions." },
    { "~/.local/state/kvgov/journal.db", "Every change, with a hash chain." },
    { "~/.local/state/kvgov/exports", "Lists that were exported." },
    { "FILE.vN",
        "A copy of one of these as it was before a newer kvgov changed its "
        "form from version N. An older kvgov leaves a newer file alone." },
};

static const struct manual_term example_terms[] = {
    { "kvgov --demo", "The console on a simulated Azure, on this machine." },
    { "kvgov scan --format json", "The posture of all that can be read." },
    { "kvgov list vaults --offline", "What the last scan saw, at once." },
    { "kvgov who-can get-secret kv-contoso",
        "Whoever reads secret values there, and through which role, group or "
        "access policy." },
    { "kvgov who-can 'Microsoft.KeyVault/vaults/keys/*' kv-contoso",
        "The same by Azure's names." },
    { "kvgov scan; kvgov diff", "What changed since the scan before." },
    { "kvgov diff --from 2026-10-01",
        "And since the last scan up to that day." },
    { "kvgov except NET-1 kv-contoso --reason \"moves in spring\" --owner "
      "\"Contoso Payments\" --until 2027-03-31",
        "Accepts a deviation; the scope may be a vault, the id of a resource "
        "group or subscription, or all." },
};

const struct manual_section manual_sections[] = {
    {
        .title = "SIGNING IN",
        .text =
            "kvgov takes the sign-in that the machine has, in the order of "
            "Microsoft's own libraries; --auth tries one way only. Tokens live "
            "in memory alone and go to the host that they were issued for and "
            "nowhere else, so that login can only try a sign-in, and logout "
            "only remove what was read.",
        TERMS(sign_in_terms),
    },
    {
        .title = "RIGHTS",
        .text = "With less it works with less: what needs more is unknown, and "
                "says what to ask for.",
        TERMS(right_terms),
    },
    {
        .title = "CHANGES",
        .text = "The console starts without write mode; :write, or the Confirm "
                "step of a fix, switches it on for 30 minutes, and --read-only "
                "takes that away. Every change goes through the same steps. "
                "After a crash the next start settles what was in doubt by "
                "reading.",
        TERMS(change_terms),
    },
    {
        .title = "EXCEPTIONS AND ANSWERS",
        .text = "An accepted deviation stays in sight: it is excepted, never "
                "pass, has a count of its own, and fails again when its date "
                "has passed. An exemption of Azure Policy is one too, for the "
                "rows that ask the same. What no API tells is answered by "
                "kvgov attest, with a name, and asked again when the answer "
                "has become old. The score is the share of what is known that "
                "passes, weighted by severity, and never shown without the "
                "share that is known.",
    },
    {
        .title = "ENVIRONMENT",
        TERMS(environment_terms),
    },
    {
        .title = "FILES",
        TERMS(file_terms),
    },
    {
        .title = "EXAMPLES",
        TERMS(example_terms),
    },
};
const size_t manual_section_count =
    sizeof(manual_sections) / sizeof *(manual_sections);
