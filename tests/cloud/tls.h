#ifndef CLOUD_TLS_H
#define CLOUD_TLS_H

#include <stdbool.h>

/* What HTTPS needs: made new at each start, so that no key lies anywhere. All
 * three are PEM. */
struct tls {
    char *authority; /* the certificate that a client has to trust */
    char *certificate;
    char *key;
};

/* Makes an authority and a certificate of it for every name that the cloud
 * answers to. On failure returns false and one sentence in *problem, which
 * the caller frees. */
bool tls_new(struct tls *tls, const char *suffix, char **problem);
void tls_done(struct tls *tls);

/* Writes the authority to the file, or to a new one where the path is NULL.
 * Returns the path, which the caller frees; NULL with *problem on failure. */
char *tls_save_authority(
    const struct tls *tls, const char *path, char **problem);

#endif
