/* Base64 by OpenSSL, which knows the plain, padded form only. */
#include "base64.h"

#include <openssl/evp.h>
#include <string.h>

#define TEXT_LIMIT 65536

static void put(struct buf *out, struct view bytes, bool url)
{
    char *text = mem_alloc(bytes.size / 3 * 4 + 5);
    int size = EVP_EncodeBlock((unsigned char *)text,
        (const unsigned char *)bytes.data, (int)bytes.size);

    for (int i = 0; i < size; i++) {
        if (url && text[i] == '=')
            break;
        buf_putc(out, !url             ? text[i]
                      : text[i] == '+' ? '-'
                      : text[i] == '/' ? '_'
                                       : text[i]);
    }
    mem_free(text);
}

void base64_put_url(struct buf *out, struct view bytes)
{
    put(out, bytes, true);
}

void base64_put(struct buf *out, struct view bytes)
{
    put(out, bytes, false);
}

/* Translated to the plain alphabet and padded to whole groups. */
static char *padded(struct view text, size_t size)
{
    char *base64 = mem_alloc(size + 1);

    for (size_t i = 0; i < size; i++) {
        char byte = i < text.size ? text.data[i] : '=';

        base64[i] = byte == '-' ? '+' : byte == '_' ? '/' : byte;
    }
    return base64;
}

bool base64_decode(struct hidden *out, struct view text)
{
    struct hidden plain = { 0 };
    size_t size;
    char *base64;
    int got;

    while (text.size > 0 && text.data[text.size - 1] == '=')
        text.size--;
    if (text.size == 0 || text.size > TEXT_LIMIT || text.size % 4 == 1)
        return false;
    size = (text.size + 3) / 4 * 4;
    base64 = padded(text, size);
    plain.data = mem_alloc(size / 4 * 3 + 1);
    plain.size = size / 4 * 3;
    got = EVP_DecodeBlock(
        (unsigned char *)plain.data, (const unsigned char *)base64, (int)size);
    mem_cleanse(base64, size);
    if (got >= 0) /* without what the padding decoded to */
        hidden_set(
            out, (struct view){ plain.data, plain.size - (size - text.size) });
    hidden_done(&plain);
    return got >= 0;
}
