#ifndef CLOUD_DATA_BUNDLES_H
#define CLOUD_DATA_BUNDLES_H

#include "objects.h"

/* How the data plane writes what it has. Each returns a new object. */

/* "{origin}/keys/{name}[/{version}]". */
char *object_address(const struct call *call, enum collection collection,
    json_t *object, const char *version);

/* As in a list: without version when it is the list of objects. */
json_t *object_item(const struct call *call, const struct item *vault,
    enum collection collection, json_t *object, json_t *version);
/* As a single one is answered: the key with its public part, the secret with
 * its value, the certificate with its policy. */
json_t *object_bundle(const struct call *call, const struct item *vault,
    enum collection collection, json_t *object, json_t *version);

json_t *certificate_policy(const struct call *call, json_t *object);
json_t *rotation_policy(const struct call *call, json_t *object);
json_t *object_attributes(
    const struct item *vault, enum collection collection, json_t *version);

#endif
