/* The catalogue and what it says of the estate: recommendation x resource.
 * Findings are one byte each; the words are made when somebody looks. */
#ifndef KVGOV_POSTURE_H
#define KVGOV_POSTURE_H

#include "kvgov/policy.h"
#include "kvgov/records.h"

enum kv_verdict {
    KV_VERDICT_NONE, /* not judged yet */
    KV_VERDICT_PASS,
    KV_VERDICT_FAIL,
    KV_VERDICT_UNKNOWN, /* a facet is denied or failed, or is being read */
    KV_VERDICT_MANUAL,  /* no API tells; a person attests */
    KV_VERDICT_NOT_APPLICABLE,
    KV_VERDICT_EXCEPTED, /* fails, and a named person accepts that for now */
    /* It takes what is read for one resource on request, or by a deep scan,
     * and nobody asked for that: as little known as UNKNOWN, but no obstacle. */
    KV_VERDICT_UNREAD,
};
#define KV_VERDICT_COUNT 8

/* Higher is worse. */
enum kv_severity {
    KV_SEVERITY_INFO,
    KV_SEVERITY_LOW,
    KV_SEVERITY_MEDIUM,
    KV_SEVERITY_HIGH,
    KV_SEVERITY_CRITICAL,
};
#define KV_SEVERITY_COUNT 5

/* What a row judges. A row that judges a subscription or the tenant is judged
 * once there and holds for every resource below; with kinds of resources added,
 * for those only. */
enum kv_on {
    KV_ON_VAULT = 1u << KV_KIND_VAULT,
    KV_ON_HSM = 1u << KV_KIND_HSM,
    KV_ON_SUBSCRIPTION = 1u << 2,
    KV_ON_TENANT = 1u << 3,
};
#define KV_ON_RESOURCES (KV_ON_VAULT | KV_ON_HSM)

/* What rows that judge the same subject compute once; of the API layer. */
struct kv_judgement;

/* What a row asks in a baseline: nothing, what it says, or what the superseded
 * publications said. */
enum kv_asks {
    KV_ASKS_NOTHING,
    KV_ASKS,
    KV_ASKS_SUPERSEDED,
};

/* What an evaluate function may look at. Pure: even the time is given. */
struct kv_subject {
    const struct kv_estate *estate;
    const struct kv_resource *resource; /* NULL: what is above is judged */
    const struct kv_policy *policy;
    int64_t now_s;
    uint32_t subscription; /* of the resource, or judged; KV_NONE: the tenant */
    /* Set by kv_judge(); the judgement is made when it is NULL. */
    struct kv_judgement *judgement;
    enum kv_asks asks;
};

struct kv_recommendation {
    const char *id;    /* "NET-2" */
    const char *title; /* what is true when it passes */
    const char *fails; /* what is true when it fails, for lists */
    enum kv_severity severity;
    uint32_t kinds; /* enum kv_on, added up */
    bool attests;   /* it may be manual: a person answers what no API tells */
    /* KV_FACET_BIT, added up; of the level that is judged, or above it. */
    uint64_t needs;
    /* Facets that it looks at as far as they are known, and says so itself
     * where they are not: what is known may be enough to fail. */
    uint64_t looks_at;
    const char *const *sources; /* ids of kv_sources, NULL-terminated */
    /* Ids of those that asked for something else, since withdrawn: in a
     * baseline of these alone the row judges by what they asked. May be
     * NULL. */
    const char *const *superseded;
    const char *const *remedies; /* remedy ids, NULL-terminated */
    const char *why;
    const char *verify; /* by hand */
    const char *fix;
    const char *also; /* ids of the same thing elsewhere */
    /* What the configuration would have to say for the row to apply, whatever
     * can be read; it returns NULL when it says so. May be NULL: nothing. */
    const char *(*unasked)(const struct kv_policy *policy);
    /* Facets in `needs` are ready when this is called. Evidence names the
     * actual values; it may be NULL when nobody looks. */
    enum kv_verdict (*evaluate)(
        const struct kv_subject *subject, struct buf *evidence);
};

/* Where the row is judged. */
enum kv_facet_level kv_row_level(const struct kv_recommendation *row);
/* Whether it says something of resources of that kind. */
bool kv_row_concerns(const struct kv_recommendation *row, enum kv_kind kind);
enum kv_asks kv_row_asks(
    const struct kv_recommendation *row, enum kv_baseline baseline);

/* Why other tools answer otherwise on the same resource; NULL when none is
 * known to. */
const char *kv_row_others(const struct kv_recommendation *row);
/* The ids (the last segment) of Azure Policy's definitions that ask the same,
 * NULL-terminated: an exemption from one of them is an exception of the row. */
const char *const *kv_row_policies(const struct kv_recommendation *row);

struct kv_source {
    const char *id; /* "S1" */
    const char *title;
    const char *date;
    const char *url;
};

extern const struct kv_recommendation kv_catalogue[];
extern const size_t kv_catalogue_count;
extern const struct kv_source kv_sources[];
extern const size_t kv_sources_count;
/* KV_NONE when there is no such id. */
uint32_t kv_catalogue_find(const char *id);

const char *kv_severity_name(enum kv_severity severity); /* "critical" */
const char *kv_severity_mark(enum kv_severity severity); /* "CRIT" */
const char *kv_verdict_name(enum kv_verdict verdict);    /* "not applicable" */

/* Judges one row on one subject, or on what is above it where the row is judged
 * there. Unknown comes before the row's function is
 * asked, with the missing permission in the evidence. */
enum kv_verdict kv_judge(const struct kv_recommendation *row,
    const struct kv_subject *subject, struct buf *evidence);

/* ---- exposure: who can reach a vault over the network ---- */

enum kv_exposure_kind {
    KV_EXPOSURE_PRIVATE,    /* no public path, an approved endpoint */
    KV_EXPOSURE_CLOSED,     /* no public path, no endpoint */
    KV_EXPOSURE_PERIMETER,  /* a network security perimeter decides */
    KV_EXPOSURE_RESTRICTED, /* Deny, with narrow rules or none */
    KV_EXPOSURE_WIDE,       /* Deny, but the rules let many in */
    KV_EXPOSURE_OPEN,       /* everybody */
};

struct kv_exposure {
    enum kv_exposure_kind kind;
    uint64_t addresses;     /* in the union of the address rules */
    uint32_t widest_prefix; /* shortest prefix among the rules; 32 if none */
    uint32_t approved;      /* private endpoints */
    bool unreadable_rule;   /* a rule that could not be understood */
    bool trusted_services;  /* the bypass is on and has an effect */
    /* The network security perimeter that it is in; NULL: none is known. */
    const struct kv_perimeter *perimeter;
    bool locked; /* left to a perimeter, and in none */
    /* A perimeter may hold what its own rules let in: not readable, or not said
     * whether it is in force. */
    bool perimeter_unknown;
};

/* Needs KV_FACET_PROPERTIES ready; perimeters count where KV_FACET_PERIMETERS
 * is. `reasons` (may be NULL) gets the chain, one line a step. */
struct kv_exposure kv_exposure_of(const struct kv_estate *estate,
    const struct kv_resource *resource, const struct kv_policy *policy,
    struct buf *reasons);
const char *kv_exposure_name(enum kv_exposure_kind kind); /* "open" */
/* "any address on the internet" and the like, one phrase. */
const char *kv_exposure_sentence(enum kv_exposure_kind kind);

/* ---- findings ---- */

struct kv_posture;

struct kv_tally {
    uint32_t count[KV_VERDICT_COUNT]; /* by verdict */
};
/* Share of what applies and is known, 0..100; 100 when nothing applies. */
double kv_tally_known_percent(const struct kv_tally *tally);

/* The verdict that holds for a resource: its own, or that of its subscription
 * or the tenant. */
enum kv_verdict kv_posture_verdict(
    const struct kv_posture *posture, uint32_t row, uint32_t resource);
/* Judges again, for the words. */
enum kv_verdict kv_posture_evidence(const struct kv_posture *posture,
    uint32_t row, uint32_t resource, struct buf *evidence);

/* The same where the row is judged: `index` is that of a resource or of a
 * subscription, and 0 for the tenant. A subscription without resources is not
 * judged. */
uint32_t kv_posture_subject_count(
    const struct kv_posture *posture, enum kv_facet_level level);
enum kv_verdict kv_posture_subject_verdict(
    const struct kv_posture *posture, uint32_t row, uint32_t index);
enum kv_verdict kv_posture_subject_evidence(const struct kv_posture *posture,
    uint32_t row, uint32_t index, struct buf *evidence);
/* The index of what judges the row for this resource. */
uint32_t kv_posture_subject_of(
    const struct kv_posture *posture, uint32_t row, uint32_t resource);
/* Appends its id: an ARM id, "/subscriptions/GUID" or "/tenants/GUID". */
void kv_posture_put_subject(const struct kv_posture *posture,
    enum kv_facet_level level, uint32_t index, struct buf *out);

/* What people decided of it, whether it still holds or not; NULL when nobody
 * did. `index` as in kv_posture_subject_verdict(). */
const struct kv_attestation *kv_posture_attestation(
    const struct kv_posture *posture, uint32_t row, uint32_t index);
const struct kv_exception *kv_posture_exception(
    const struct kv_posture *posture, uint32_t row, uint32_t index);
/* All that people decided; never NULL. */
const struct kv_records *kv_posture_records(const struct kv_posture *posture);

/* Over the row's own subjects: resources, subscriptions or the tenant. */
const struct kv_tally *kv_posture_row(
    const struct kv_posture *posture, uint32_t row);
/* Over all rows and their subjects of that severity. */
const struct kv_tally *kv_posture_severity(
    const struct kv_posture *posture, enum kv_severity severity);
/* Resources with at least one unknown of their own. */
uint32_t kv_posture_unknown_resources(const struct kv_posture *posture);
/* "subscriptions" and the like, for counts of a row. */
const char *kv_row_subjects(const struct kv_recommendation *row);

/* ---- the score ---- */

/* The share of what is known that passes, weighted by severity; an accepted
 * deviation does not pass. Sums of weights: add two by adding members. */
struct kv_score {
    uint64_t passed;
    uint64_t known;
    uint64_t applies;
};
struct kv_score kv_score_of(
    const struct kv_tally severities[KV_SEVERITY_COUNT]);
/* Of all that was judged at least once. */
struct kv_score kv_posture_score(const struct kv_posture *posture);
/* Of what is judged on the resource itself. */
struct kv_score kv_posture_score_resource(
    const struct kv_posture *posture, uint32_t resource);
/* Of the subscription and of all resources in it. */
struct kv_score kv_posture_score_subscription(const struct kv_posture *posture,
    const struct kv_estate *estate, uint32_t subscription);
/* False when nothing is known. The score is never shown without the share. */
bool kv_score_values(
    const struct kv_score *score, double *percent, double *known_percent);
/* "72 of 100, with 97.9% of the weight known" */
void kv_score_put(const struct kv_score *score, struct buf *out);

/* What a list shows of one resource: what was judged on it alone, since what
 * holds for a whole subscription sets none of its vaults apart. */
struct kv_standing {
    uint8_t fail[KV_SEVERITY_COUNT];
    uint8_t unknown;
    uint8_t pass;
    uint8_t excepted;
    uint8_t unread;
    uint8_t not_judged;
};
struct kv_standing kv_posture_standing(
    const struct kv_posture *posture, uint32_t resource);
/* Order of lists, worst first: critical 6, high 5, unknown 4, medium 3, ... 0 */
uint32_t kv_standing_rank(const struct kv_standing *standing);

#endif
