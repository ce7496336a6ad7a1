/* Clouds: the known ones and what an unknown one says about itself. */
#ifndef CLOUD_H
#define CLOUD_H

#include "auth.h"

/* Every string of such a cloud is owned; a zeroed one is ready for use. */
void cloud_copy(struct auth_cloud *cloud, const struct auth_cloud *from);
void cloud_done(struct auth_cloud *cloud);

/* The known cloud whose ARM this is, NULL when there is none. `arm` is an
 * origin; NULL means public Azure. */
const struct auth_cloud *cloud_find(const char *arm);

/* The known cloud by one of its names, "AzureUSGovernment" or "usgov"; by its
 * login host. NULL when there is none. */
const struct auth_cloud *cloud_find_name(const char *name);
const struct auth_cloud *cloud_find_login(const char *login);
/* "AzureCloud, AzureUSGovernment, ..." */
void cloud_put_names(struct buf *out);

/* What a token for `audience` is asked for, "" where the cloud has no such
 * service. */
const char *cloud_audience(
    const struct auth_cloud *cloud, enum auth_audience audience);
/* Puts the origin that a token for `audience` may go to: the cloud's own, or
 * `origin`, which must be a vault or an HSM of the cloud. Fails with
 * KV_FOREIGN_HOST. */
KV_NODISCARD enum kv_status cloud_bind(struct buf *out,
    const struct auth_cloud *cloud, enum auth_audience audience,
    const char *origin, struct kv_error *err);

/* Decodes /metadata/endpoints of the ARM at `arm`: one object, or an array of
 * which the one with that ARM is taken. The caller zeroes `cloud`. Fails with
 * KV_PROTOCOL. */
KV_NODISCARD enum kv_status cloud_decode(struct auth_cloud *cloud,
    const char *arm, struct view body, struct kv_error *err);

/* Lets AZURE_AUTHORITY_HOST (a host or an address; NULL and "" change nothing)
 * take the place of the login endpoint. Fails with KV_BAD_CONFIG. */
KV_NODISCARD enum kv_status cloud_set_authority(
    struct auth_cloud *cloud, const char *authority, struct kv_error *err);

/* On this machine, so that no real cloud's sign-in is of use there. */
bool cloud_is_simulated(const struct auth_cloud *cloud);

#endif
