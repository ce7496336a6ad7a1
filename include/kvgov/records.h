/* What people decided: attestations, which answer what no API tells, and
 * exceptions, which accept a deviation until a date. Kept beside the journal,
 * shown wherever the finding is shown. */
#ifndef KVGOV_RECORDS_H
#define KVGOV_RECORDS_H

#include "kvgov/error.h"
#include "kvgov/text.h"

/* One answer to one manual row. A later answer takes its place. */
struct kv_attestation {
    const char *row;     /* "BAK-3" */
    const char *subject; /* as kv_posture_put_subject() writes it */
    bool pass;
    const char *note;
    const char *name; /* who says so */
    int64_t at_s;
    int64_t until_s; /* holds to here, or for [attestation_days] if shorter */
};

/* One row accepted on one scope: a resource, a resource group, a subscription,
 * or everything. */
struct kv_exception {
    const char *row;
    const char *scope; /* an ARM id; "/" for everything */
    const char *reason;
    const char *owner; /* who answers for it */
    int64_t at_s;      /* 0: not said */
    int64_t until_s;
    /* The id of the Azure Policy exemption that it was found in; NULL: kept by
     * kvgov. */
    const char *origin;
};
/* An exemption may have no end; kvgov's own have. */
#define KV_UNTIL_OPEN INT64_MAX

struct kv_records {
    const struct kv_attestation *attestations;
    const struct kv_exception *exceptions;
    size_t attestation_count;
    size_t exception_count;
};

/* Before their end they are warned of for so long. */
#define KV_RECORDS_WARNING_S ((int64_t)30 * 86400)

/* How many of them end within that time. */
size_t kv_records_ending(const struct kv_records *records, int64_t now_s);

/* "2027-01-31" is the last second of that day in UTC, any other ISO 8601 time
 * that second. 0 when it is neither. */
int64_t kv_until_parse(const char *text);

#endif
