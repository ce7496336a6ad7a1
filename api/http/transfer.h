/* A transfer: one libcurl handle while it carries one job. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "job.h"

#include <curl/curl.h>

/* What every transfer of one transport shares. */
struct transfer_settings {
    const char *user_agent;
    const char *ca_file; /* NULL: the system's */
    const char *ca_dir;
};

/* Handles that rest keep nothing of the job that they carried. */
struct transfer_pool {
    struct transfer *spare;
    uint32_t count;
};

/* Makes ready a handle for `job`, spare or new. The caller adds it to the
 * multi handle and gives it back with transfer_put(). */
struct transfer *transfer_get(struct transfer_pool *pool, struct job *job,
    const struct transfer_settings *settings);
void transfer_put(struct transfer_pool *pool, struct transfer *transfer);
void transfer_pool_done(struct transfer_pool *pool);

CURL *transfer_easy(const struct transfer *transfer);
struct job *transfer_of(CURL *easy);

/* What came back; everything is borrowed until transfer_put(). *again says
 * whether the failure, if it is one, may pass. */
void transfer_answer(const struct transfer *transfer, CURLcode result,
    struct http_answer *out, bool *again);

/* From its start to now. */
int64_t transfer_elapsed_ms(const struct transfer *transfer);

/* What the service says of its quotas. */
struct transfer_quota {
    int64_t left;     /* requests of this kind; INT64_MAX: it does not say */
    int64_t queries;  /* of Resource Graph; likewise */
    int64_t resets_s; /* until all of these are there again; 0: not said */
};
struct transfer_quota transfer_quota(const struct transfer *transfer);

#endif
