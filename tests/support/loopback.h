/* A server on loopback that answers by a script, in a thread of the test's own:
 * for answers that no proper server would give. */
#ifndef SUPPORT_LOOPBACK_H
#define SUPPORT_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>

/* The answer to one request, whichever connection it comes on. */
struct loopback_reply {
    const char *text; /* status line, fields, body; NULL: silence */
    bool close;       /* afterwards */
};

struct loopback;

/* Answers the first request with the first reply and so on; the last one is
 * repeated. `replies` must outlive the server. */
struct loopback *loopback_new(
    const struct loopback_reply *replies, size_t count);
void loopback_free(struct loopback *loopback); /* NULL is allowed */

const char *loopback_origin(const struct loopback *loopback);
unsigned loopback_requests(struct loopback *loopback);
unsigned loopback_connections(struct loopback *loopback);
/* Most connections that were open at the same time. */
unsigned loopback_most_open(struct loopback *loopback);
/* What was sent, fields and body; "" past the end. Valid until the server
 * is freed. */
const char *loopback_request(struct loopback *loopback, unsigned index);

#endif
