/* The payload of a JWT (RFC 7519), read defensively and for display only. */
#include "claims.h"

#include "hidden.h"

#include <openssl/evp.h>
#include <string.h>

#define PAYLOAD_LIMIT 65536 /* bytes of base64 */
#define CLAIM_LIMIT 256

/* Base64url without padding (RFC 7515 section 2), which EVP_DecodeBlock()
 * takes after translation. Empty when it is none. */
static struct hidden payload_decode(struct view text)
{
    size_t padded = (text.size + 3) / 4 * 4;
    struct hidden plain = { 0 };
    char *base64;
    int size;

    if (text.size == 0 || text.size > PAYLOAD_LIMIT)
        return plain;
    base64 = mem_alloc(padded + 1);
    for (size_t i = 0; i < padded; i++) {
        char byte = i < text.size ? text.data[i] : '=';

        base64[i] = byte == '-' ? '+' : byte == '_' ? '/' : byte;
    }
    plain.size = padded / 4 * 3;
    plain.data = mem_alloc(plain.size + 1);
    size = EVP_DecodeBlock((unsigned char *)plain.data,
        (const unsigned char *)base64, (int)padded);
    mem_cleanse(base64, padded);
    if (size < 0)
        hidden_done(&plain);
    return plain;
}

static char *claim_copy(const json_t *payload, const char *name)
{
    const char *text = json_string_value(json_object_get(payload, name));

    return text && *text && strlen(text) < CLAIM_LIMIT ? mem_copy_text(text)
                                                       : NULL;
}

/* The first of several claims that is there: v1.0 tokens say upn or
 * unique_name, v2.0 tokens preferred_username. */
static char *claim_first(
    const json_t *payload, const char *const *names, size_t count)
{
    char *text = NULL;

    for (size_t i = 0; i < count && !text; i++)
        text = claim_copy(payload, names[i]);
    return text;
}

void claims_read(struct claims *claims, struct view token)
{
    static const char *const users[] = { "upn", "preferred_username",
        "unique_name" };
    static const char *const apps[] = { "appid", "azp" };
    struct hidden plain;
    json_t *payload;

    view_cut(&token, '.'); /* the header */
    plain = payload_decode(view_cut(&token, '.'));
    /* The zeros that padding decodes to are not JSON. */
    while (plain.size > 0 && plain.data[plain.size - 1] == '\0')
        plain.size--;
    payload = json_loadb(plain.data ? plain.data : "", plain.size, 0, NULL);
    claims->user = claim_first(payload, users, 3);
    claims->app_name = claim_copy(payload, "app_displayname");
    claims->app_id = claim_first(payload, apps, 2);
    claims->tenant = claim_copy(payload, "tid");
    json_decref(payload);
    hidden_done(&plain);
}

void claims_done(struct claims *claims)
{
    mem_free(claims->user);
    mem_free(claims->app_name);
    mem_free(claims->app_id);
    mem_free(claims->tenant);
    *claims = (struct claims){ 0 };
}
