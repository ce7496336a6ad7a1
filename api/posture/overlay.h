/* What people decided, laid over what was judged: an attestation answers a
 * manual verdict, an exception accepts a failing one. */
#ifndef OVERLAY_H
#define OVERLAY_H

#include "kvgov/posture.h"

struct overlay;

/* Borrows the records, which must stay as they are until the next one is made.
 * Records of rows that the catalogue does not have say nothing. */
struct overlay *overlay_new(const struct kv_records *records);
void overlay_free(struct overlay *overlay); /* NULL is allowed */

/* Whether anybody decided anything of that row. */
bool overlay_has(const struct overlay *overlay, uint32_t row);

/* What one finding is looked up by. */
struct overlay_key {
    uint32_t row;
    const char *subject; /* its id */
    const struct kv_policy *policy;
    int64_t now_s;
};
/* Whether it still holds or not; NULL when there is none. Of exceptions the one
 * of the narrowest scope that holds, else of the narrowest. */
const struct kv_attestation *overlay_attestation(
    const struct overlay *overlay, const struct overlay_key *key);
const struct kv_exception *overlay_exception(
    const struct overlay *overlay, const struct overlay_key *key);

/* The last second in which it holds. */
int64_t attestation_end_s(
    const struct kv_attestation *attestation, const struct kv_policy *policy);

/* The verdict as it stands with what people decided, in words too. `evidence`
 * may be NULL. */
enum kv_verdict overlay_verdict(const struct overlay *overlay,
    const struct overlay_key *key, enum kv_verdict judged,
    struct buf *evidence);

/* When the first of those that hold ends; 0 when none does. */
int64_t overlay_next_end_s(const struct overlay *overlay,
    const struct kv_policy *policy, int64_t now_s);

#endif
