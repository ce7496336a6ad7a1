/* What a scan is to report, from the command line. */
#ifndef WISH_H
#define WISH_H

#include "kvgov/report.h"
#include "options.h"

/* The wish borrows from the options but for its lists. Fails with KV_BAD_INPUT
 * where the options contradict each other or name what there is not. */
KV_NODISCARD enum kv_status wish_init(struct kv_selection_wish *out,
    const struct options *options, struct kv_error *err);
void wish_done(struct kv_selection_wish *wish); /* zero is allowed */
/* Whether it narrows anything. */
bool wish_any(const struct kv_selection_wish *wish);

#endif
