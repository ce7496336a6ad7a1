/* Rows: what stands around the vaults and HSMs, one struct a kind. Each begins
 * with its id and the scope that it belongs to (struct kv_row), so that all are
 * kept, found and walked alike; see the sets in kvgov/estate.h. Texts live as
 * long as the estate. Times are seconds since 1970, 0 where Azure says none. */
#ifndef KVGOV_ROWS_H
#define KVGOV_ROWS_H

#include "kvgov/facets.h"

#define KV_NONE UINT32_MAX

enum kv_set {
    /* Read as a whole, replaced as a whole. */
    KV_SET_ASSIGNMENTS,         /* struct kv_assignment */
    KV_SET_LOCKS,               /* struct kv_lock */
    KV_SET_SINKS,               /* struct kv_sink; itself */
    KV_SET_DELETED,             /* struct kv_deleted; its subscription */
    KV_SET_CONTAINERS,          /* struct kv_container */
    KV_SET_SCHEDULES,           /* struct kv_schedule */
    KV_SET_ROLE_RULES,          /* struct kv_role_rules */
    KV_SET_DENIALS,             /* struct kv_denial */
    KV_SET_POLICIES,            /* struct kv_policy_assignment */
    KV_SET_POLICY_SETS,         /* struct kv_policy_set */
    KV_SET_EXEMPTIONS,          /* struct kv_exemption */
    KV_SET_POLICY_STATES,       /* struct kv_policy_state; the resource */
    KV_SET_PLANS,               /* struct kv_plan_tier; the subscription */
    KV_SET_ASSESSMENTS,         /* struct kv_assessment; the resource */
    KV_SET_ALERTS,              /* struct kv_alert; what it covers */
    KV_SET_ACTION_GROUPS,       /* struct kv_action_group; its subscription */
    KV_SET_TOPICS,              /* struct kv_topic; the source */
    KV_SET_EVENT_SUBSCRIPTIONS, /* struct kv_event_subscription; see there */
    KV_SET_ENDPOINTS,           /* struct kv_private_endpoint; the resource */
    KV_SET_PERIMETERS,          /* struct kv_perimeter; the resource */
    KV_SET_LOCATIONS,           /* struct kv_location; the subscription */
    KV_SET_ACTIVITY_LOGS,       /* struct kv_activity_log; the subscription */
    KV_SET_CONDITIONAL_ACCESS,  /* struct kv_conditional_access; "/" */
    KV_SET_APPLICATIONS,        /* struct kv_application; "/" */
    KV_SET_IDENTITIES,          /* struct kv_identity; what it is of */
    /* Read for one resource, replaced for that resource: their scope. */
    KV_SET_REGIONS,           /* struct kv_region */
    KV_SET_KEYS,              /* struct kv_object */
    KV_SET_SECRETS,           /* struct kv_object */
    KV_SET_CERTIFICATES,      /* struct kv_object */
    KV_SET_DELETED_OBJECTS,   /* struct kv_object */
    KV_SET_LOCAL_ROLES,       /* struct kv_local_role */
    KV_SET_LOCAL_ASSIGNMENTS, /* struct kv_local_assignment */
    KV_SET_SETTINGS,          /* struct kv_hsm_setting */
    KV_SET_CALLERS,           /* struct kv_caller */
    KV_SET_OPERATIONS,        /* struct kv_operation */
    KV_SET_METRICS,           /* struct kv_metric */
    KV_SET_BACKUPS,           /* struct kv_backup */
};
#define KV_SET_COUNT 37

struct kv_row {
    const char *id; /* unique in its set; see kv_policy_state, kv_assessment */
    const char *scope; /* "/", a management group, ..., a resource, an object */
};

struct kv_tag {
    const char *name;
    const char *value;
};

/* A soft-deleted vault or HSM. */
struct kv_deleted {
    const char *id;    /* of the deleted resource record */
    const char *scope; /* "/subscriptions/GUID" */
    const char *name;
    const char *location;
    uint32_t subscription;
    bool hsm; /* else a vault */
    int64_t deleted_at_s;
    int64_t purge_at_s;
    bool purge_protection;
};

/* ---- resources around vaults: Azure Resource Manager ---- */

enum kv_sink_kind {
    KV_SINK_WORKSPACE,
    KV_SINK_STORAGE,
    KV_SINK_EVENT_HUB,
    KV_SINK_PARTNER,
};

/* How long a destination keeps logs. */
struct kv_retention {
    struct kv_facet_status status;
    uint32_t days;  /* 0 while `status` is not ready */
    const char *by; /* what says so: "table AZKVAuditLogs", "rule audit-1y" */
};
#define KV_RETENTION_UNLIMITED UINT32_MAX /* nothing deletes them */

struct kv_sink {
    const char *id;
    const char *scope; /* itself */
    const char *name;
    const char *location;
    enum kv_sink_kind kind;
    bool hidden; /* named by a setting, but not readable: it may not exist */
    bool receives;        /* audit logs; a workspace: into their own table */
    bool receives_shared; /* workspace: into AzureDiagnostics */
    /* Of audit logs; of a workspace, those in their own table. */
    struct kv_retention retention;
    /* Workspace: of the table that all services share, AzureDiagnostics. */
    struct kv_retention shared_retention;
    /* Workspace: what holds where a table has no value of its own, the id that
     * queries name, and whether whoever may read a vault may read its logs. */
    uint32_t default_days;
    const char *customer_id;
    bool by_resource;
};

/* A subscription or a resource group, with what its tags say. */
struct kv_container {
    const char *id;
    const char *scope; /* itself */
    uint32_t tag_count;
    const struct kv_tag *tags;
};

/* What the query of a log alert rule looks at, as far as its text tells. */
enum kv_query {
    KV_QUERY_OWN_TABLE = 1u << 0,    /* AZKVAuditLogs */
    KV_QUERY_SHARED_TABLE = 1u << 1, /* AzureDiagnostics, of Key Vault */
    KV_QUERY_FAILURES = 1u << 2,     /* refused access */
    KV_QUERY_DELETIONS = 1u << 3,    /* deleting or purging */
    KV_QUERY_CHOSEN = 1u << 4,       /* only of resources that it names */
    /* It speaks of vaults, but names neither table: a stored function. */
    KV_QUERY_UNCLEAR = 1u << 5,
};

struct kv_alert {
    const char *id;    /* "RULE-ID SCOPE": a rule has a row for each scope */
    const char *scope; /* what it covers: a vault, a group, a subscription */
    const char *rule_id;
    const char *name;
    enum kv_alert_kind {
        KV_ALERT_METRIC,
        KV_ALERT_ACTIVITY_LOG,
        KV_ALERT_LOG, /* a query over a workspace or a resource */
    } kind;
    bool enabled;
    const char *const *target_types; /* only for these types; none: any */
    uint32_t target_type_count;
    const char *target_region;  /* metric: only for this region; NULL: any */
    const char *const *watches; /* metric names, or operation names */
    uint32_t watch_count;       /* 0 of an activity-log rule: any operation */
    const char *category;       /* activity log: "Administrative", "Policy" */
    const char *limit; /* a condition that is not weighed; NULL: none */
    const char *query; /* log */
    uint32_t looks_at; /* log: enum kv_query, added up */
    const char *const *action_groups; /* ids */
    uint32_t action_group_count;
};

struct kv_action_group {
    const char *id;
    const char *scope;
    const char *name;
    bool enabled;
    uint32_t receivers; /* enabled ones, of any kind */
};

/* An Event Grid system topic: what a source publishes its events through. */
struct kv_topic {
    const char *id;
    const char *scope; /* the source: a vault, a subscription */
    const char *name;
    const char *topic_type; /* "Microsoft.KeyVault.vaults" */
};

struct kv_event_subscription {
    const char *id;
    const char *scope; /* the source, or the topic that it was made on */
    const char *name;
    const char *destination;        /* endpointType: "WebHook", "EventHub" */
    const char *const *event_types; /* NULL: all that the source has */
    uint32_t event_type_count;
    bool live;            /* provisioned, with a destination */
    int64_t expires_at_s; /* 0: never */
};

struct kv_private_endpoint {
    const char *id; /* of the endpoint, with the resource when it has several */
    const char *scope;       /* the vault or HSM that it leads to */
    const char *endpoint_id; /* ARM id */
    const char *location;
    const char *subnet_id;
    const char *const *zones; /* private DNS zones of its zone group: ids */
    uint32_t zone_count;
    struct kv_facet_status dns; /* whether its zone groups were read */
};

enum kv_perimeter_mode {
    KV_PERIMETER_LEARNING, /* "Transition" in the portal: only logs */
    KV_PERIMETER_ENFORCED,
    KV_PERIMETER_AUDIT,
    KV_PERIMETER_OTHER,
};

/* The association of a vault with a network security perimeter. */
struct kv_perimeter {
    const char *id;
    const char *scope; /* the vault */
    const char *perimeter_id;
    const char *profile_id;
    enum kv_perimeter_mode mode;
    const char *provisioning_state;
    bool has_issues;
};

struct kv_location {
    const char *id; /* "/subscriptions/GUID/locations/westeurope" */
    const char *scope;
    const char *name; /* "westeurope" */
    const char *geography;
    const char *paired; /* NULL: none */
    uint32_t zones;     /* availability zones; 0: none */
};

/* A diagnostic setting of a subscription. */
struct kv_activity_log {
    const char *id;
    const char *scope;
    const char *name;
    const char *workspace_id;
    const char *storage_id;
    const char *event_hub_rule_id;
    const char *partner_id;
    const char *const *categories; /* enabled ones */
    uint32_t category_count;
};

/* The resource that a managed identity is of, or that it is assigned to. */
struct kv_identity {
    const char *id;    /* "PRINCIPAL-ID RESOURCE-ID" */
    const char *scope; /* the principal id: found by it */
    const char *resource_id;
    const char *location;
    uint32_t tag_count;
    const struct kv_tag *tags;
};

/* Of a Managed HSM. */
struct kv_region {
    const char *id;
    const char *scope;
    const char *name;
    const char *provisioning_state;
    bool primary;
};

/* ---- roles ---- */

enum kv_principal_type {
    KV_PRINCIPAL_UNKNOWN,
    KV_PRINCIPAL_USER,
    KV_PRINCIPAL_GROUP,
    KV_PRINCIPAL_SERVICE, /* application or managed identity */
    KV_PRINCIPAL_FOREIGN_GROUP,
    KV_PRINCIPAL_DEVICE,
};

struct kv_assignment {
    const char *id;
    const char *scope; /* "/" at tenant level */
    const char *principal_id;
    const char *role_guid;
    const char *condition; /* NULL without one */
    enum kv_principal_type principal_type;
    uint32_t role; /* index, KV_NONE while the definition is not known */
    int64_t created_at_s;
    /* What Privileged Identity Management says of it, once schedules are read:
     * held by activation; and until when, 0 for ever. */
    bool activated;
    int64_t ends_at_s;
};

/* One block of a role's or a deny assignment's permissions: notActions take
 * away within the block. Wildcards are as Azure returned them. */
struct kv_permission_block {
    const char *const *actions;
    const char *const *not_actions;
    const char *const *data_actions;
    const char *const *not_data_actions;
    uint32_t action_count;
    uint32_t not_action_count;
    uint32_t data_action_count;
    uint32_t not_data_action_count;
};

/* Not in a set: kept by guid, since assignments name it so. */
struct kv_role {
    const char *guid;
    const char *name;
    bool custom;
    uint32_t powers;  /* enum kv_power, added up */
    uint64_t actions; /* KV_ACTION_BIT, added up */
    uint32_t block_count;
    const struct kv_permission_block *blocks;
};

/* A deny assignment. */
struct kv_denial {
    const char *id;
    const char *scope;
    const char *name;
    bool everyone;  /* all principals but those left out */
    bool not_below; /* doNotApplyToChildScopes */
    const char *const *principals;
    const char *const *excluded;
    uint32_t principal_count;
    uint32_t excluded_count;
    uint64_t actions; /* KV_ACTION_BIT of what it takes away */
};

struct kv_lock {
    const char *id;
    const char *scope; /* what it locks */
    const char *name;
    bool read_only; /* else CanNotDelete */
};

/* Privileged Identity Management: an instance of a schedule. */
struct kv_schedule {
    const char *id;
    const char *scope;
    const char *principal_id;
    const char *principal_name; /* NULL where it is not shown */
    const char *role_guid;
    const char *assignment_id; /* active: the role assignment; NULL */
    enum kv_principal_type principal_type;
    bool eligible;     /* else active */
    bool activated;    /* active by activation, else assigned */
    int64_t ends_at_s; /* 0: never */
};

/* What activating one role at one scope takes. */
struct kv_role_rules {
    const char *id; /* of the policy assignment */
    const char *scope;
    const char *role_guid;
    const char *policy_id;
    bool approval;
    uint32_t approvers;
    bool mfa;
    const char *authentication_context; /* "c1"; NULL: none is required */
    uint32_t longest_s;                 /* of an activation; 0: not said */
};

/* ---- Azure Policy and Defender ---- */

/* What a parameter of an assignment says of an effect. */
struct kv_policy_effect {
    const char *parameter; /* "effect", or as the set calls it */
    bool disabled;
};

struct kv_policy_assignment {
    const char *id;
    const char *scope;
    const char *name;          /* displayName, else name */
    const char *definition_id; /* a definition or a set */
    bool enforced;             /* enforcementMode Default */
    bool narrowed;             /* resource selectors: for some resources only */
    const char *const *not_scopes;
    uint32_t not_scope_count;
    uint32_t effect_count;
    const struct kv_policy_effect *effects;
};

/* A definition in a set. */
struct kv_policy_member {
    const char *definition_id;
    const char *name;      /* the last segment of that id, borrowed from it */
    const char *reference; /* what exemptions call it by */
    const char *parameter; /* of the set, that gives the effect; NULL: none */
    bool disabled;         /* unless that parameter is given another value */
};

struct kv_policy_set {
    const char *id;
    const char *scope;
    const char *name;
    const struct kv_policy_member *members; /* by name, any ASCII case */
    uint32_t member_count;
};

struct kv_exemption {
    const char *id;
    const char *scope;
    const char *name;
    const char *description; /* NULL: none */
    const char *owner; /* whom its metadata names; NULL: nobody */
    const char *assignment_id;
    bool waiver; /* else mitigated */
    int64_t ends_at_s;
    const char *const *references; /* of a set's members; none: all */
    uint32_t reference_count;
};

struct kv_policy_state {
    const char *id; /* without its scope's: unique there */
    const char *scope;
    const char *assignment_id;
    const char *definition_id;
    bool compliant;
    const char *state; /* "Compliant", "NonCompliant", "Exempt", ... */
};

struct kv_plan_tier {
    const char *id;
    const char *scope;
    const char *name; /* "KeyVaults" */
    bool standard;    /* else Free */
    const char *sub_plan;
};

struct kv_assessment {
    const char *id; /* its definition's: unique at its scope */
    const char *scope;
    const char *name;
    const char *status; /* "Healthy", "Unhealthy", "NotApplicable" */
    const char *cause;
};

/* ---- Microsoft Entra ---- */

/* What an application proves itself with. Counted are all, expired ones too;
 * the last to expire says when, 0: never. */
struct kv_credentials {
    bool known;
    uint32_t passwords;
    uint32_t certificates;
    int64_t passwords_end_s;
    int64_t certificates_end_s;
};

/* An app registration of this tenant, found by its application id. */
struct kv_application {
    const char *id;    /* appId, as service principals name it */
    const char *scope; /* "/" */
    const char *object_id;
    const char *name;
    struct kv_credentials credentials;
    bool federated_known;
    uint32_t federated; /* credentials of other issuers that it trusts */
};

struct kv_conditional_access {
    const char *id;
    const char *scope;
    const char *name;
    enum kv_conditional_state {
        KV_CONDITIONAL_ENABLED,
        KV_CONDITIONAL_REPORT_ONLY,
        KV_CONDITIONAL_DISABLED,
    } state;
    /* All applications, or Azure Key Vault's; not left out. */
    bool covers_vaults;
    bool filtered;     /* an application filter that cannot be evaluated */
    bool includes_users;
    bool controls; /* a grant or session control */
};

/* ---- inside a vault or HSM: metadata only ---- */

enum kv_object_kind {
    KV_OBJECT_KEY,
    KV_OBJECT_SECRET,
    KV_OBJECT_CERTIFICATE,
    KV_OBJECT_STORAGE,
};

struct kv_object {
    const char *id;    /* "RESOURCE-ID/keys/NAME" */
    const char *scope; /* the vault or HSM */
    const char *name;
    enum kv_object_kind kind;
    bool disabled;
    bool managed;       /* backs a certificate */
    bool managed_known; /* ARM does not say; the certificates' names do */
    bool deleted;
    bool from_data_plane; /* else from ARM, which shows less */
    int64_t not_before_s;
    int64_t expires_s;
    int64_t created_s;
    int64_t updated_s;
    int64_t deleted_s;
    int64_t purge_s;
    const char *content_type; /* secret, and certificate's policy */
    const char *recovery_level;
    uint32_t tag_count;
    const struct kv_tag *tags;
    /* key, and the key of a certificate's policy */
    const char *key_type; /* "RSA-HSM"; NULL: not read */
    const char *curve;
    uint32_t key_bits;
    /* key: its rotation policy */
    struct kv_facet_status rotation;
    bool rotates;                 /* an action of type Rotate */
    uint32_t rotates_after_days;  /* of creation; 0: not so */
    uint32_t rotates_before_days; /* expiry; 0: not so */
    uint32_t expires_after_days;  /* of a new version; 0: never */
    /* certificate: its policy */
    struct kv_facet_status policy;
    const char *issuer;   /* "Self", "Unknown", or an issuer's name */
    const char *provider; /* of that issuer: "DigiCert"; NULL: not known */
    const char *subject;
    uint32_t months;
    bool renews;                /* an action AutoRenew */
    uint32_t renews_percentage; /* of the lifetime; 0: not so */
    uint32_t renews_days;       /* before expiry; 0: not so */
};

/* A role of an HSM's own; not Azure's. */
struct kv_local_role {
    const char *id;
    const char *scope; /* the HSM */
    const char *guid;
    const char *name;
    bool custom;
    uint32_t block_count;
    const struct kv_permission_block *blocks;
};

struct kv_local_assignment {
    const char *id;
    const char *scope;  /* the HSM */
    const char *within; /* "/", "/keys", "/keys/NAME" */
    const char *principal_id;
    const char *role_guid;
};

struct kv_hsm_setting {
    const char *id;
    const char *scope;
    const char *name;
    const char *value;
};

/* What the audit log says of one caller of a vault. */
struct kv_caller {
    const char *id;
    const char *scope;
    const char *identity; /* object id, or application id; NULL: not said */
    const char *address;  /* NULL: not said */
    const char *tls;      /* "TLS1_2"; NULL: not said */
    uint64_t calls;
    uint64_t failures; /* of them, those that were refused */
    int64_t last_s;
};

/* How often a vault was called, day by day, as Azure counted. */
struct kv_metric {
    const char *id;
    const char *scope;
    const char *name; /* "ServiceApiHit" */
    int64_t from_s;   /* what the total is of */
    uint64_t total;
    int64_t last_s; /* the last day with a call; 0: none */
};

/* What the audit log says of one operation: backups, restores, deletions. */
struct kv_operation {
    const char *id;
    const char *scope;
    const char *name;   /* "SecretBackup" */
    const char *object; /* NULL: of the whole resource */
    uint64_t calls;
    int64_t last_s;
};

/* The newest backup of an object in kvgov's own archive; not Azure's word. */
struct kv_backup {
    const char *id;    /* the object's */
    const char *scope; /* the vault or HSM */
    const char *version; /* of the object, the newest in it */
    const char *file;    /* its path */
    int64_t updated_s;   /* the object's last change that it has */
    int64_t made_s;
    int64_t drilled_s;   /* it was restored, for a try; 0: never */
};

#endif
