#ifndef CLOUD_X509_H
#define CLOUD_X509_H

#include "objects.h"

/* The certificate of a version in DER, made anew but always the same; free.
 * NULL, should libcrypto fail. */
unsigned char *x509_der(json_t *object, json_t *version, size_t *length);
/* The same as clients get it: padded base64; free. */
char *x509_text(json_t *object, json_t *version);
/* base64url of its SHA-1; free. */
char *x509_thumbprint(json_t *object, json_t *version);

#endif
