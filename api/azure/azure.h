/* What kvgov reads from Azure: one table of reads. A row says where to ask and
 * which function takes an item of the answer into the estate; paging, errors
 * and missing permissions are handled once, for all of them. */
#ifndef AZURE_H
#define AZURE_H

#include "auth.h"
#include "fields.h"

/* The numbers are kept in the store: never renumber, only add. */
enum azure_read {
    AZURE_TENANTS = 1,
    AZURE_SUBSCRIPTIONS = 2,
    AZURE_GRAPH_CONTAINERS = 3, /* subscriptions with their ancestors */
    AZURE_GRAPH_RESOURCES = 4,  /* vaults and managed HSMs */
    AZURE_GRAPH_ASSIGNMENTS = 5,
    AZURE_GRAPH_ROLES = 6,
    AZURE_GRAPH_SINKS = 7,
    AZURE_VAULTS = 8, /* of a subscription; where Resource Graph is denied */
    AZURE_HSMS = 9,
    AZURE_ASSIGNMENTS = 10,
    AZURE_ROLES = 11,
    AZURE_LOCKS = 12,
    AZURE_DELETED_VAULTS = 13,
    AZURE_DELETED_HSMS = 14,
    AZURE_RESOURCE = 15, /* one vault or managed HSM, fresh from ARM */
    AZURE_DIAGNOSTICS = 16,
    AZURE_SINK = 17, /* one log destination, where bulk showed none */
    AZURE_PRINCIPALS = 18,
    AZURE_MEMBERS = 19,      /* of one group */
    AZURE_GRAPH_GROUPS = 20, /* tags of resource groups */
    AZURE_GRAPH_IDENTITIES = 21,
    AZURE_ELIGIBLE = 22,
    AZURE_ACTIVE = 23,
    AZURE_ROLE_RULES = 24, /* of one role at one scope */
    AZURE_DENIALS = 25,
    AZURE_APPLICATIONS = 26, /* of a few application ids */
    AZURE_CONDITIONAL_ACCESS = 27,
    AZURE_GRAPH_ALERTS = 30,  /* alert rules and action groups */
    AZURE_GRAPH_TOPICS = 31,  /* Event Grid: who publishes events */
    AZURE_TOPIC_EVENTS = 32,  /* subscriptions to those of one topic */
    AZURE_SOURCE_EVENTS = 33, /* likewise, made on its source */
    AZURE_GRAPH_PLANS = 34,   /* Defender's plan for vaults */
    AZURE_PLAN = 35, /* of one subscription; where bulk does not show it */
    AZURE_GRAPH_ASSESSMENTS = 36, /* what Defender says of vaults */
    AZURE_ACTIVITY_LOG = 37,      /* where a subscription's goes */
    AZURE_TABLE = 38,             /* of a workspace: how long it keeps */
    AZURE_LIFECYCLE = 39,         /* of a storage account, likewise */
    AZURE_GRAPH_ENDPOINTS = 40,   /* private ones that lead to vaults, HSMs */
    AZURE_ZONE_GROUPS = 41,       /* of one private endpoint */
    AZURE_GRAPH_PERIMETERS = 42,
    AZURE_GRAPH_POLICIES = 43, /* assignments and exemptions */
    AZURE_POLICIES = 44,       /* where Resource Graph is denied */
    AZURE_EXEMPTIONS = 45,
    AZURE_POLICY_SET = 46, /* one that an assignment names */
    AZURE_GRAPH_POLICY_STATES = 47,
    AZURE_LOCATIONS = 48, /* of a subscription that has an HSM */
    AZURE_REGIONS = 49,   /* of one HSM */
    /* 20 to 29: who may become what; applications. 30 to 39: logging and
     * detection. 40 to 49: network, policy, regions. 50 to 69: inside vaults
     * and HSMs. A number without a row in the table is not in use. */
    AZURE_KEYS = 50, /* of a vault or HSM, as ARM tells */
    AZURE_KEY = 51,  /* one key: what it is and how it rotates */
    AZURE_SECRETS = 52,
    AZURE_PLANE_KEYS = 53, /* the same, as the vault or HSM tells */
    AZURE_PLANE_SECRETS = 54,
    AZURE_PLANE_KEY = 55,
    AZURE_KEY_ROTATION = 56,
    AZURE_CERTIFICATES = 57,
    AZURE_CERTIFICATE_POLICY = 58,
    AZURE_ISSUERS = 59,
    AZURE_DELETED_KEYS = 60,
    AZURE_DELETED_SECRETS = 61,
    AZURE_DELETED_CERTIFICATES = 62,
    AZURE_LOCAL_ROLES = 63,
    AZURE_LOCAL_ASSIGNMENTS = 64, /* at exactly one scope of an HSM */
    AZURE_SETTINGS = 65,
    AZURE_CALLERS = 66, /* of a resource, in one workspace */
    AZURE_OPERATIONS = 67,
    AZURE_METRICS = 68,
};
#define AZURE_READ_COUNT 70

/* Microsoft Graph names at most this many principals a request. */
#define AZURE_PRINCIPAL_IDS 1000
/* And at most this many in a filter. */
#define AZURE_APPLICATION_IDS 15

/* What an item belongs to, given to the function that takes it. */
struct azure_context {
    struct kv_estate *estate;
    const char *subject; /* subscription or resource id of the read, or "" */
    int64_t read_at_s;
};

/* What one request of a read is for: many subscriptions or ids at once. */
struct azure_ask {
    const char *query; /* Resource Graph's; NULL elsewhere */
    const char *const *ids;
    size_t id_count;
    const char *skip_token; /* NULL on the first page */
    bool wide;              /* Resource Graph's rows are; see the read */
};

/* When a scan makes a read, and how many requests that is. */
enum azure_spread {
    AZURE_ON_NEED,            /* another answer asks for it */
    AZURE_BULK,               /* one for up to 300 subscriptions */
    AZURE_EACH_SUBSCRIPTION,  /* the subject is its GUID */
    AZURE_EACH_RESOURCE,      /* the subject is its ARM id */
    AZURE_EACH_RESOURCE_DEEP, /* likewise, for one on the screen or --deep */
    AZURE_ONCE,               /* for the tenant */
};

/* In place of a facet: who is there at all. */
#define AZURE_ACCOUNT KV_FACET_COUNT

struct azure_read_row {
    const char *name; /* "diagnostic settings", for progress and messages */
    enum azure_spread spread;
    enum kv_facet facet; /* what its answer makes known */
    uint32_t kinds;      /* AZURE_EACH_RESOURCE: 1u << enum kv_kind, added up */
    /* Of AZURE_BULK: what is asked of each subscription instead where Resource
     * Graph does not answer; 0: nothing can be. */
    enum azure_read instead[2];
    enum auth_audience service;
    /* One %s in it is the subject, or what the reader says instead. Of
     * AUTH_VAULT, which stands for vaults and HSMs: the path on the host of the
     * resource. */
    const char *path;
    const char *query; /* Resource Graph's */
    bool wide;         /* its rows are whole vaults or roles */
    /* A POST that only reads; NULL: a GET. */
    void (*put_body)(struct buf *out, const struct azure_ask *ask);
    bool single; /* the body is the item, not a list of items */
    /* Takes out of an answer what nobody is to keep; NULL: nothing. */
    void (*clean)(json_t *body);
    /* False: the item lacks what it must have. */
    bool (*take)(const struct azure_context *context, const json_t *item);
    /* Instead of `take` where the answer only makes sense whole. */
    bool (*take_all)(const struct azure_context *context, const json_t *items);
};
extern const struct azure_read_row azure_reads[AZURE_READ_COUNT];

/* Key Vault's api-version: the newest stable one, 2026-02-01. */
#define AZURE_KEYVAULT_VERSION "2026-02-01"
#define AZURE_DIAGNOSTICS_VERSION "2021-05-01-preview"
#define AZURE_NETWORK_VERSION "2024-05-01"
#define AZURE_POLICY_VERSION "2025-03-01"

/* Resource Graph takes at most this many subscriptions a query with good
 * speed. It gives up to 1,000 rows a page; where a row is a whole vault, half
 * of that is parsed in half the time, so that a key press does not wait. */
#define AZURE_GRAPH_SUBSCRIPTIONS 300
#define AZURE_GRAPH_ROWS 1000
#define AZURE_GRAPH_WIDE_ROWS 500

/* Writes the body of a Resource Graph request over `ids`, subscriptions. */
void azure_graph_body(struct buf *out, const struct azure_ask *ask);

/* One page of an answer, taken into the estate in slices. */
struct azure_page {
    json_t *body;        /* without its items where those are text yet */
    const json_t *items; /* NULL: text */
    struct view text;    /* of the items that are left */
    size_t next;
    bool whole; /* taken in one go, even when the list is empty */
};
/* Parses a page; bounded by jansson's depth and the transport's size. Items are
 * parsed as they are taken: `body` is borrowed until azure_page_done(). Fails
 * with KV_PROTOCOL, naming what was asked. */
KV_NODISCARD enum kv_status azure_page_open(struct azure_page *page,
    enum azure_read read, struct view body, struct kv_error *err);
/* Takes up to `most` items; KV_PROTOCOL when one cannot be understood. */
KV_NODISCARD enum kv_status azure_page_take(struct azure_page *page,
    enum azure_read read, const struct azure_context *context, size_t most,
    struct kv_error *err);
bool azure_page_ended(const struct azure_page *page);
/* Resource Graph's totalRecords; 0 where the answer does not say. */
uint32_t azure_page_total(const struct azure_page *page);
/* nextLink in its three spellings, or $skipToken; empty on the last page. */
struct view azure_page_next_link(const struct azure_page *page);
struct view azure_page_skip_token(const struct azure_page *page);
void azure_page_done(struct azure_page *page);

/* ---- errors ---- */

/* What ARM's error envelope says. Texts are borrowed from `body`. */
struct azure_error {
    json_t *body;
    struct view code;
    struct view message;
    struct view inner;  /* a vault's own, more exact code */
    struct view action; /* of a 403: the permission that is missing */
};
void azure_error_parse(struct azure_error *error, struct view body);
void azure_error_done(struct azure_error *error);

/* One sentence for a failed call, and the status that fits its code. */
enum kv_status azure_error_set(
    struct kv_error *err, long code, struct view body, const char *what);

#endif
