#include "base.h"

#include <openssl/evp.h>

void digest_hex(char out[DIGEST_SIZE], struct view bytes)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    out[0] = '\0';
    if (EVP_Digest(bytes.data, bytes.size, digest, &size, EVP_sha256(), NULL) !=
        1)
        return;
    for (unsigned i = 0; i < size; i++) {
        *out++ = digits[digest[i] >> 4];
        *out++ = digits[digest[i] & 0x0f];
    }
    *out = '\0';
}
