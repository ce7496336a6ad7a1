/* The catalogue and what it says of the estate: recommendation x resource.
 * Findings are one byte each; the words are made when somebody looks. */
#ifndef KVGOV_POSTURE_H
#define KVGOV_POSTURE_H

#include "kvgov/estate.h"

enum kv_verdict {
    KV_VERDICT_NONE, /* not judged yet */
    KV_VERDICT_PASS,
    KV_VERDICT_FAIL,
    KV_VERDICT_UNKNOWN, /* a facet is denied, failed or not read */
    KV_VERDICT_MANUAL,  /* no API tells; a person attests */
    KV_VERDICT_NOT_APPLICABLE,
};
#define KV_VERDICT_COUNT 6

/* Higher is worse. */
enum kv_severity {
    KV_SEVERITY_INFO,
    KV_SEVERITY_LOW,
    KV_SEVERITY_MEDIUM,
    KV_SEVERITY_HIGH,
    KV_SEVERITY_CRITICAL,
};
#define KV_SEVERITY_COUNT 5

/* Thresholds, named in [brackets] in the catalogue. */
struct kv_policy {
    uint32_t max_privileged;
    uint32_t max_contributors;
    uint32_t widest_prefix;        /* shortest prefix length that is narrow */
    uint32_t max_public_addresses; /* in the union of all rules */
    uint32_t retention_days;
};
extern const struct kv_policy kv_policy_default;

/* What an evaluate function may look at. Pure: even the time is given. */
struct kv_subject {
    const struct kv_estate *estate;
    const struct kv_resource *resource;
    const struct kv_policy *policy;
    int64_t now_s;
};

struct kv_recommendation {
    const char *id;    /* "NET-2" */
    const char *title; /* what is true when it passes */
    const char *fails; /* what is true when it fails, for lists */
    enum kv_severity severity;
    uint32_t kinds; /* 1u << enum kv_kind, added up */
    uint32_t needs; /* KV_FACET_BIT, added up */
    const char *const *sources; /* ids of kv_sources, NULL-terminated */
    const char *const *remedies; /* remedy ids, NULL-terminated */
    const char *why;
    const char *verify; /* by hand */
    const char *fix;
    const char *also; /* ids of the same thing elsewhere */
    /* Facets in `needs` are ready when this is called. Evidence names the
     * actual values; it may be NULL when nobody looks. */
    enum kv_verdict (*evaluate)(
        const struct kv_subject *subject, struct buf *evidence);
};

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

/* Judges one row on one resource. Unknown comes before the row's function is
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
    uint64_t addresses;       /* in the union of the address rules */
    uint32_t widest_prefix;   /* shortest prefix among the rules; 32 if none */
    uint32_t approved;        /* private endpoints */
    bool unreadable_rule;     /* a rule that could not be understood */
    bool trusted_services;    /* the bypass is on and has an effect */
};

/* Needs KV_FACET_PROPERTIES ready. `reasons` (may be NULL) gets the chain, one
 * line a step. */
struct kv_exposure kv_exposure_of(const struct kv_resource *resource,
    const struct kv_policy *policy, struct buf *reasons);
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

enum kv_verdict kv_posture_verdict(
    const struct kv_posture *posture, uint32_t row, uint32_t resource);
/* Judges again, for the words. */
enum kv_verdict kv_posture_evidence(const struct kv_posture *posture,
    uint32_t row, uint32_t resource, struct buf *evidence);
const struct kv_tally *kv_posture_row(
    const struct kv_posture *posture, uint32_t row);
/* Over all rows and resources of that severity. */
const struct kv_tally *kv_posture_severity(
    const struct kv_posture *posture, enum kv_severity severity);
/* Resources with at least one unknown. */
uint32_t kv_posture_unknown_resources(const struct kv_posture *posture);

/* What a list shows of one resource. */
struct kv_standing {
    uint8_t fail[KV_SEVERITY_COUNT];
    uint8_t unknown;
    uint8_t pass;
    uint8_t not_judged;
};
struct kv_standing kv_posture_standing(
    const struct kv_posture *posture, uint32_t resource);
/* Order of lists, worst first: critical 6, high 5, unknown 4, medium 3, ... 0 */
uint32_t kv_standing_rank(const struct kv_standing *standing);

#endif
