/* Which ways to sign in may be tried. */
#ifndef CHOICE_H
#define CHOICE_H

#include "base.h"

/* In the order in which they are tried; the last only when it is asked for. */
enum way_id {
    WAY_SECRET,
    WAY_CERTIFICATE,
    WAY_FEDERATED,
    WAY_MANAGED,
    WAY_CLI,
    WAY_DEVICE,
};
#define WAY_COUNT 6
#define WAY_BIT(id) (1u << (id))

struct choice {
    unsigned ways; /* WAY_BIT()s */
    bool forced;   /* by --auth: not even a device code may take its place */
};

/* By `name`, else by AZURE_TOKEN_CREDENTIALS in `credentials`; NULL and "" for
 * each mean that nothing was said. Fails with KV_BAD_CONFIG. */
KV_NODISCARD enum kv_status choice_read(struct choice *out, const char *name,
    const char *credentials, struct kv_error *err);

/* Whether there is only one, a device code aside. */
bool choice_is_single(const struct choice *choice);

#endif
