/* Workloads: service principals and managed identities that use what is in a
 * vault, and what the tags around them say that they belong to. */
#ifndef WORKLOADS_H
#define WORKLOADS_H

#include "effective.h"

/* The value of the first tag that has one of the names: of a resource itself,
 * else of its resource group, else of its subscription. NULL: none says. */
const char *tagged_value(const struct kv_estate *estate,
    const char *resource_id, const struct kv_tag *tags, uint32_t tag_count,
    const struct kv_texts *names);

/* Whether it takes or changes what is in the vault. One that only looks at
 * names, attributes and public keys, as whoever watches over vaults does, uses
 * none of it; nor does one that is gone. */
bool holder_uses(const struct kv_estate *estate, const struct holder *holder);

/* One thing that all who share a vault should have in common, by their tags. */
struct strand {
    const char *word; /* "application" */
    const struct kv_texts *names;
    const char *value; /* the first that was told; NULL: none */
    const char *other; /* one that differs from it; NULL: none */
    uint32_t untold;   /* how many of them no tag tells */
};
/* NULL counts as untold. */
void strand_take(struct strand *strand, const char *value);
/* Every resource that the workload is of says what it is; a managed identity
 * may be assigned to several. */
void strand_take_workload(struct strand *strand, const struct kv_estate *estate,
    const struct holder *holder);
/* "application payments", "application not tagged". */
void strand_put(
    const struct strand *strand, const char *value, struct buf *evidence);

#endif
