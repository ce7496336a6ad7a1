/* Facets: kinds of fact about a resource, its subscription or the tenant, each
 * from one API, each with a state of its own. */
#ifndef KVGOV_FACETS_H
#define KVGOV_FACETS_H

#include "kvgov/text.h"

enum kv_facet {
    /* of a resource */
    KV_FACET_PROPERTIES,      /* the resource itself */
    KV_FACET_DIAGNOSTICS,     /* its diagnostic settings */
    KV_FACET_REGIONS,         /* HSM: where it is replicated to */
    KV_FACET_KEYS,            /* names and attributes, never key material */
    KV_FACET_SECRETS,         /* names and attributes, never values */
    KV_FACET_CERTIFICATES,    /* with their policies */
    KV_FACET_DELETED_OBJECTS, /* soft-deleted ones in it */
    KV_FACET_LOCAL_ROLES,     /* HSM: local definitions and assignments */
    KV_FACET_SETTINGS,        /* HSM */
    KV_FACET_USAGE,           /* who called it: its audit log */
    KV_FACET_METRICS,         /* how often it was called */

    /* of a subscription */
    KV_FACET_INVENTORY,     /* that its vaults and HSMs were listed */
    KV_FACET_CONTAINERS,    /* management groups above; tags of groups */
    KV_FACET_ASSIGNMENTS,   /* role assignments at and above a resource */
    KV_FACET_ROLES,         /* role definitions that those name */
    KV_FACET_LOCKS,         /* management locks at and above it */
    KV_FACET_SINKS,         /* workspaces, storage accounts, event hubs */
    KV_FACET_DELETED,       /* soft-deleted vaults of the subscription */
    KV_FACET_SCHEDULES,     /* PIM: who is eligible, who active until when */
    KV_FACET_ROLE_RULES,    /* PIM: what activating a role takes */
    KV_FACET_DENIALS,       /* deny assignments */
    KV_FACET_POLICIES,      /* Azure Policy: assignments, sets, exemptions */
    KV_FACET_POLICY_STATES, /* Azure Policy: compliance by resource */
    KV_FACET_PLANS,         /* Microsoft Defender for Cloud: plans */
    KV_FACET_ASSESSMENTS,   /* Microsoft Defender for Cloud: findings */
    KV_FACET_ALERTS,        /* alert rules and action groups */
    KV_FACET_EVENTS,        /* Event Grid */
    KV_FACET_ENDPOINTS,     /* private endpoints with their DNS */
    KV_FACET_PERIMETERS,    /* network security perimeters */
    KV_FACET_LOCATIONS,     /* regions with their zones */
    KV_FACET_ACTIVITY_LOG,  /* where the activity log goes */

    /* of the tenant */
    KV_FACET_MEMBERS,            /* of groups: Microsoft Graph */
    KV_FACET_PRINCIPALS,         /* their names: Microsoft Graph */
    KV_FACET_CREDENTIALS,        /* of applications: Microsoft Graph */
    KV_FACET_CONDITIONAL_ACCESS, /* Microsoft Graph */
    KV_FACET_IDENTITIES,         /* which resource a managed identity is of */
};
#define KV_FACET_COUNT 36
/* Those of a resource come first. */
#define KV_FACET_RESOURCE_COUNT 11
#define KV_FACET_BIT(facet) (UINT64_C(1) << (facet))

enum kv_facet_state {
    KV_FACET_ABSENT, /* nobody asked yet */
    KV_FACET_LOADING,
    KV_FACET_READY,
    KV_FACET_DENIED, /* 403: `why` names the missing permission */
    KV_FACET_FAILED, /* `why` says what happened */
    /* Its provider is not registered in the subscription, so that there is
     * nothing of the kind: known, and empty. `why` names the provider. */
    KV_FACET_UNREGISTERED,
};

/* Where a facet is read once: for the resource, its subscription, or all. */
enum kv_facet_level {
    KV_LEVEL_RESOURCE,
    KV_LEVEL_SUBSCRIPTION,
    KV_LEVEL_TENANT,
};

struct kv_facet_status {
    enum kv_facet_state state;
    int64_t read_at_s;
    const char *why; /* NULL unless denied, failed or not registered */
};
/* Whether a row may be judged by it: ready, or known to be empty. */
static inline bool kv_facet_known(const struct kv_facet_status *status)
{
    return status->state == KV_FACET_READY ||
           status->state == KV_FACET_UNREGISTERED;
}

struct kv_facet_info {
    const char *name;       /* "diagnostic settings" */
    const char *permission; /* the action that reading it needs */
    enum kv_facet_level level;
    uint32_t kinds; /* 1u << enum kv_kind, added up; of a resource's facet */
    bool deep;      /* read for one resource on request, else by --deep */
};
extern const struct kv_facet_info kv_facets[KV_FACET_COUNT];
/* Whether every scan asks it of a resource of that kind (enum kv_kind). */
bool kv_facet_asked(unsigned kind, enum kv_facet facet);

#endif
