/* The estate: what exists in Azure, as last read. Plain data to look at; only
 * the API layer changes it, inside kv_session_step(). A pointer into it holds
 * until the next kv_session_step(); an index holds as long as the session.
 * Facts about the service are from Microsoft's Key Vault REST reference,
 * api-version 2026-02-01. */
#ifndef KVGOV_ESTATE_H
#define KVGOV_ESTATE_H

#include "kvgov/rows.h"

/* ---- vaults and managed HSMs ---- */

enum kv_kind {
    KV_KIND_VAULT,
    KV_KIND_HSM,
};

/* What a bool of ARM says: absent and null are an answer of their own. */
enum kv_tri {
    KV_TRI_ABSENT,
    KV_TRI_FALSE,
    KV_TRI_TRUE,
};

enum kv_public_access {
    KV_PUBLIC_ABSENT, /* means Enabled */
    KV_PUBLIC_ENABLED,
    KV_PUBLIC_DISABLED,
    KV_PUBLIC_PERIMETER, /* SecuredByPerimeter */
    KV_PUBLIC_OTHER,     /* a value that this program does not know */
};

enum kv_default_action {
    KV_DEFAULT_ABSENT, /* no networkAcls: means Allow */
    KV_DEFAULT_ALLOW,
    KV_DEFAULT_DENY,
    KV_DEFAULT_OTHER,
};

enum kv_bypass {
    KV_BYPASS_ABSENT, /* means AzureServices */
    KV_BYPASS_AZURE_SERVICES,
    KV_BYPASS_NONE,
};

enum kv_endpoint_state {
    KV_ENDPOINT_APPROVED,
    KV_ENDPOINT_PENDING,
    KV_ENDPOINT_REJECTED,
    KV_ENDPOINT_DISCONNECTED,
    KV_ENDPOINT_OTHER,
};

/* An IPv4 address or range of the firewall. `valid` false: `text` could not be
 * read as one, so `first` and `last` say nothing. */
struct kv_ip_rule {
    const char *text; /* as Azure returned it */
    uint32_t first;
    uint32_t last; /* inclusive */
    bool valid;
};

struct kv_endpoint {
    const char *name;        /* of the connection */
    const char *endpoint_id; /* the private endpoint; NULL if not shown */
    const char *description;
    enum kv_endpoint_state state;
    bool foreign; /* its subscription is none that was read */
};

/* Bits of kv_permission_names, by object kind. */
struct kv_access_policy {
    const char *tenant_id;
    const char *object_id;
    const char *application_id; /* NULL unless compound */
    uint32_t keys;
    uint32_t secrets;
    uint32_t certificates;
    uint32_t storage;
};
#define KV_PERMISSION_ALL 0x80000000u /* the word "all" */

/* One destination of a diagnostic setting, with what it sends there. */
struct kv_diagnostic {
    const char *name; /* of the setting */
    const char *workspace_id;
    const char *storage_id;
    const char *event_hub_rule_id;
    const char *partner_id;
    bool audit; /* an enabled row: AuditEvent, or group audit or allLogs */
    bool all_logs;
    bool metrics;
    const char *audit_row; /* what carries it: "AuditEvent", "allLogs", NULL */
    bool dedicated; /* workspace: to the service's own table, AZKVAuditLogs */
};

struct kv_resource {
    enum kv_kind kind;
    uint32_t subscription; /* index */
    bool gone;             /* was read once, is no longer there */
    const char *id;        /* ARM id, as Azure writes it */
    const char *name;
    const char *resource_group;
    const char *location;
    const char *sku;
    const char *uri; /* vaultUri or hsmUri */
    const char *provisioning_state;
    const char *activation; /* HSM: securityDomainProperties.activationStatus */
    int64_t created_at_s;   /* 0 when Azure does not say */
    int64_t modified_at_s;

    enum kv_tri rbac;
    enum kv_tri soft_delete;
    enum kv_tri purge_protection;
    uint16_t retention_days; /* 0 = absent = 90 */

    enum kv_public_access public_access;
    enum kv_default_action default_action;
    enum kv_bypass bypass;

    uint32_t tag_count;
    uint32_t ip_rule_count;
    uint32_t vnet_rule_count;
    uint32_t service_tag_count;
    uint32_t endpoint_count;
    uint32_t policy_count;
    uint32_t diagnostic_count;
    const struct kv_tag *tags;
    const struct kv_ip_rule *ip_rules;
    const char *const *vnet_rules;   /* subnet ids */
    const char *const *service_tags; /* HSM only */
    const struct kv_endpoint *endpoints;
    const struct kv_access_policy *policies;
    const struct kv_diagnostic *diagnostics;

    struct kv_facet_status properties;
    struct kv_facet_status diagnostics_status;
    /* By enum kv_facet, those of a resource; NULL until one was read. See
     * kv_estate_facet(). */
    const struct kv_facet_status *others;

    enum kv_tri for_deployment;          /* enabledForDeployment */
    enum kv_tri for_disk_encryption;     /* enabledForDiskEncryption */
    enum kv_tri for_template_deployment; /* enabledForTemplateDeployment */
};

/* ---- around them ---- */

struct kv_subscription {
    const char *id;    /* the GUID */
    const char *name;  /* displayName */
    const char *state; /* Enabled, Warned, PastDue, Disabled, Deleted */
    /* Management groups above, nearest first, tenant root last; names, not
     * display names. NULL until read. */
    const char *const *groups;
    uint32_t group_count;
    uint32_t resource_count;
    struct kv_facet_status facets[KV_FACET_COUNT]; /* subscription level */
};

/* Whoever holds a role or stands in an access policy, as Microsoft Graph knows
 * it. */
struct kv_principal {
    const char *id;
    const char *name; /* displayName; NULL when it was not found */
    enum kv_principal_type type;
    bool managed_identity;
    /* The object of an app registration: it can hold no right at all. */
    bool application;
    const char *app_id;   /* of a service principal; NULL: not said */
    const char *app_home; /* the tenant that its registration is in; NULL */
    struct kv_credentials credentials; /* its own, not the registration's */
    /* Asked for and not there: deleted, or of another tenant. */
    bool missing;
    /* Of a group: everybody in it, through nested groups too, without those. */
    const char *const *members; /* ids */
    uint32_t member_count;
    struct kv_facet_status members_status;
};

/* What a role lets its holder do, computed from its actions and notActions,
 * wildcards included; never from its name. */
enum kv_power {
    KV_POWER_ASSIGN = 1u << 0,       /* roleAssignments/write and kin */
    KV_POWER_VAULT_WRITE = 1u << 1,  /* vaults/write */
    KV_POWER_POLICY_WRITE = 1u << 2, /* vaults/accessPolicies/write */
    KV_POWER_VAULT_DELETE = 1u << 3, /* vaults/delete, deletedVaults/purge */
    KV_POWER_HSM_WRITE = 1u << 4,    /* managedHSMs/write */
    KV_POWER_HSM_DELETE = 1u << 5,   /* managedHSMs/delete */
    KV_POWER_DATA = 1u << 6,         /* any data action on vaults */
    KV_POWER_SECRET_GET = 1u << 7,   /* reads secret values */
    KV_POWER_DATA_WRITE = 1u << 8,   /* changes keys, secrets, certificates */
    /* Reads audit logs where they are kept: in a workspace, in a storage
     * account, from an event hub; or those of the resource that the role is
     * held on, in a workspace that goes by that. */
    KV_POWER_READ_WORKSPACE = 1u << 16,
    KV_POWER_READ_BLOBS = 1u << 17,
    KV_POWER_READ_EVENTS = 1u << 18,
    KV_POWER_READ_OWN_LOGS = 1u << 19,
};
/* "Privileged" of the catalogue, for a vault and for an HSM. */
#define KV_POWERS_VAULT_PRIVILEGED                                             \
    (KV_POWER_ASSIGN | KV_POWER_VAULT_WRITE | KV_POWER_POLICY_WRITE |          \
        KV_POWER_VAULT_DELETE)
#define KV_POWERS_HSM_PRIVILEGED                                               \
    (KV_POWER_ASSIGN | KV_POWER_HSM_WRITE | KV_POWER_HSM_DELETE)

enum kv_scope_level {
    KV_SCOPE_ROOT,
    KV_SCOPE_MANAGEMENT_GROUP,
    KV_SCOPE_SUBSCRIPTION,
    KV_SCOPE_RESOURCE_GROUP,
    KV_SCOPE_RESOURCE,
    KV_SCOPE_OBJECT, /* a single key, secret or certificate */
};

struct kv_estate;

const char *kv_estate_tenant_id(const struct kv_estate *estate);
const char *kv_estate_tenant_name(const struct kv_estate *estate);

/* Indexes run from 0 to count - 1 and are never reused for another resource;
 * one that is gone keeps its index with `gone` set. */
uint32_t kv_estate_resource_count(const struct kv_estate *estate);
const struct kv_resource *kv_estate_resource(
    const struct kv_estate *estate, uint32_t index);
/* By ARM id, any casing; KV_NONE when there is none. */
uint32_t kv_estate_find(const struct kv_estate *estate, const char *id);
/* By name; the first one. KV_NONE when there is none. */
uint32_t kv_estate_find_name(const struct kv_estate *estate, const char *name);

uint32_t kv_estate_subscription_count(const struct kv_estate *estate);
const struct kv_subscription *kv_estate_subscription(
    const struct kv_estate *estate, uint32_t index);
/* Whether its vaults and HSMs could not be listed: what is shown of it may not
 * be all. */
bool kv_subscription_unlisted(const struct kv_subscription *subscription);
/* Walks those: starts and ends with KV_NONE. */
uint32_t kv_estate_unlisted(const struct kv_estate *estate, uint32_t after);
/* Appends its name, why, and the role that would help. */
void kv_subscription_put_unlisted(
    struct buf *out, const struct kv_subscription *subscription);
/* NULL when no such sink was read. */
const struct kv_sink *kv_estate_find_sink(
    const struct kv_estate *estate, const char *id);
/* NULL when it was not read. */
const struct kv_principal *kv_estate_principal(
    const struct kv_estate *estate, const char *id);
const struct kv_role *kv_estate_role(
    const struct kv_estate *estate, uint32_t index);
/* NULL when its definition was not read. */
const struct kv_role *kv_estate_find_role(
    const struct kv_estate *estate, const char *guid);

/* The facet as it holds for this resource, whatever level it is read at. */
struct kv_facet_status kv_estate_facet(const struct kv_estate *estate,
    const struct kv_resource *resource, enum kv_facet facet);

/* The facet at its own level, of which the resource, the subscription or both
 * may be NULL: absent there. The pointer holds until the estate changes. */
const struct kv_facet_status *kv_estate_facet_at(const struct kv_estate *estate,
    const struct kv_subscription *subscription,
    const struct kv_resource *resource, enum kv_facet facet);

/* ---- sets: the rows of kvgov/rows.h ---- */

uint32_t kv_estate_row_count(const struct kv_estate *estate, enum kv_set set);
/* Of the set's own struct. NULL for a place that is empty. */
const void *kv_estate_row(
    const struct kv_estate *estate, enum kv_set set, uint32_t index);
/* By the row's id, any casing; NULL when there is none. Not of policy states and
 * assessments, whose ids are unique at their scope alone. */
const void *kv_estate_find_row(
    const struct kv_estate *estate, enum kv_set set, const char *id);

/* A walk over the rows of a set that reach an ARM id: those at the tenant root,
 * its management groups, its subscription, its resource group, at itself, then
 * at single objects in it. Start with a zeroed walk; NULL at the end. */
struct kv_walk {
    uint32_t stage;
    uint32_t next;
    uint32_t group;
    uint32_t subscription;
    struct view resource_group;
    struct view resource;
    bool started;
    enum kv_scope_level level; /* of the row last returned */
};
const void *kv_estate_next_row(const struct kv_estate *estate, enum kv_set set,
    const char *id, struct kv_walk *walk);
/* Likewise over the rows whose scope is exactly this one. */
const void *kv_estate_next_at(const struct kv_estate *estate, enum kv_set set,
    const char *scope, struct kv_walk *walk);

/* The same, typed, for what is walked everywhere. */
const struct kv_assignment *kv_estate_next_assignment(
    const struct kv_estate *estate, const struct kv_resource *resource,
    struct kv_walk *walk);
const struct kv_lock *kv_estate_next_lock(const struct kv_estate *estate,
    const struct kv_resource *resource, struct kv_walk *walk);

const char *kv_kind_name(enum kv_kind kind); /* "vault", "hsm" */
const char *kv_principal_type_name(enum kv_principal_type type);
const char *kv_scope_level_name(enum kv_scope_level level);
const char *kv_endpoint_state_name(enum kv_endpoint_state state);
const char *kv_sink_kind_name(enum kv_sink_kind kind);
/* Appends "get list backup" for the bits of one object kind. */
void kv_permissions_put(
    struct buf *out, enum kv_object_kind kind, uint32_t bits);
/* The bit of a permission word in any casing; 0 for a word not known. */
uint32_t kv_permission_bit(enum kv_object_kind kind, struct view word);

#endif
