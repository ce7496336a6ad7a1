#ifndef CLOUD_QUOTA_H
#define CLOUD_QUOTA_H

#include "cloud.h"

/* How much each caller may ask for: a bucket of requests per caller,
 * subscription and kind of operation that fills again with time, and one for
 * all callers together. In force only by the fault "limits", whose value
 * scales them. */
struct limits;

struct limits *limits_new(void);
void limits_free(struct limits *limits);

/* Takes one request out of the caller's buckets, or answers 429. */
bool limits_take(struct call *call);

/* Tells how many requests are left, full buckets where no limit is in force. */
void limits_headers(struct call *call);

#endif
