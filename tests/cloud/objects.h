#ifndef CLOUD_OBJECTS_H
#define CLOUD_OBJECTS_H

#include "cloud.h"

/* Keys, secrets and certificates. They lie in the estate's "dataPlane", by the
 * name of the vault or HSM and then by collection, in a short form of our own:
 * name, kty, size, curve, contentType, tags, managed, rotation, policy, and
 * "versions", each with id, created, updated, expires, from and enabled; the
 * last one is current. Dates are texts in a file and numbers once changed. */
enum collection {
    COLLECTION_KEYS,
    COLLECTION_SECRETS,
    COLLECTION_CERTIFICATES,
    COLLECTION_DELETED_KEYS,
    COLLECTION_DELETED_SECRETS,
    COLLECTION_DELETED_CERTIFICATES,
};
#define COLLECTION_COUNT 6

/* As addresses have it: "keys", "deletedkeys". */
extern const char *const collection_names[COLLECTION_COUNT];
/* The collection that the first segment of a path names. */
enum collection collection_of(const char *path);
bool collection_deleted(enum collection collection);
/* From a deleted one to the live one. */
enum collection collection_live(enum collection collection);

/* The list, made when it is not there yet; borrowed. */
json_t *objects_list(
    struct estate *estate, const char *vault, enum collection collection);
/* The object, borrowed, or NULL. */
json_t *objects_find(json_t *list, const char *name);
void objects_remove(json_t *list, const char *name);

/* The version of that id, the current one for NULL; NULL when there is none. */
json_t *object_version(json_t *object, const char *id);
/* Makes a new current version like the last one. */
json_t *object_renew(json_t *object);
/* Seconds since 1970 of a member; 0 when it is absent. */
json_int_t object_when(json_t *version, const char *name);
bool object_enabled(json_t *version);

/* What the service calls deletion protection of a vault's objects. */
const char *recovery_level(const struct item *vault);
long recovery_days(const struct item *vault);

/* Bytes, hexadecimal digits or base64url that follow from the seed; free. */
void seeded_bytes(const char *seed, unsigned char *out, size_t count);
char *seeded_hex(const char *seed, size_t digits);
char *seeded_base64url(const char *seed, size_t bytes);

#endif
