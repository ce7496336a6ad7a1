#ifndef CLOUD_SERVICE_H
#define CLOUD_SERVICE_H

#include "cloud.h"

/* Sets call->service, call->vault and call->origin from the Host header and,
 * for a host that serves several, from the path. */
void service_find(struct call *call);

/* The address under which clients are told to find the service. */
char *service_origin(const struct cloud *cloud, enum service service);

/* What follows a vault's or HSM's name in its address: "vault.azure.net" as in
 * an estate file, or a suffix that leads here, with the port that no other
 * service is on. */
char *service_suffix(const struct cloud *cloud, enum service service);

/* The address of one vault or HSM, "https://NAME.vault.azure.net/". */
char *service_address(
    const struct cloud *cloud, enum service service, const char *name);

/* The resource whose token the service wants, as its challenge names it. */
char *service_resource(const struct cloud *cloud, enum service service);

/* Whether a token for this audience, without a trailing slash, is good there;
 * any of them may be asked for. */
bool service_accepts(
    const struct cloud *cloud, enum service service, const char *audience);

#endif
