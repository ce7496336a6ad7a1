/* Where this machine gets the token of its managed identity. */
#ifndef SOURCE_H
#define SOURCE_H

#include "hidden.h"
#include "way.h"

/* A row of the table of sources. */
struct source {
    const char *name;         /* "App Service" */
    const char *needs[2];     /* variables that give it away; may be NULL */
    const char *address;      /* NULL: the first of these holds it */
    const char *path;         /* after it */
    const char *version;      /* api-version */
    const char *secret_field; /* gets the second variable's value, or NULL */
    bool any_identity;        /* AZURE_CLIENT_ID may choose one */
    bool challenges;          /* with a 401 that names a key file */
    bool probed;              /* nothing says that it is there but itself */
};

/* The first that the environment or the machine gives away; never NULL, as any
 * machine may have a metadata service. */
const struct source *source_find(const struct way *way);

/* Writes the address to ask for a token. Fails with KV_BAD_CONFIG where that
 * is not on this machine. */
KV_NODISCARD enum kv_status source_put_url(const struct source *source,
    const struct way *way, struct buf *out, struct kv_error *err);

/* Reads the key file that Azure Arc's 401 names, only where Arc itself may have
 * put it: as "Basic KEY". Fails with KV_SIGN_IN. */
KV_NODISCARD enum kv_status source_read_key(struct hidden *out,
    const struct way *way, const char *www_authenticate, struct kv_error *err);

#endif
