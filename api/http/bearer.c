/* Tokens: counted, bound to one origin, overwritten when dropped. */
#include "bearer.h"

#include <assert.h>
#include <string.h>

#define HEADER_START "Authorization: Bearer "

struct http_token {
    uint32_t holders;
    char *origin;
    size_t header_size; /* with the final zero */
    char *header;
};

/* Whatever is no visible ASCII ends the token: a line break in it would write
 * header fields of its own. */
static size_t secret_size(struct view secret)
{
    size_t size = 0;

    while (size < secret.size && secret.data[size] > ' ' &&
           secret.data[size] <= '~')
        size++;
    return size;
}

/* An origin that cannot be read becomes "", which equals no address. */
static char *origin_copy(const char *origin)
{
    struct buf text = { .limit = 1024 };
    char *copy = NULL;

    if (http_origin(&text, origin, NULL) == KV_OK && !text.failed)
        copy = mem_copy_view(buf_view(&text));
    buf_done(&text);
    return copy ? copy : mem_copy_text("");
}

struct http_token *http_token_new(struct view secret, const char *origin)
{
    struct http_token *token = mem_alloc(sizeof *token);
    size_t start = strlen(HEADER_START);
    size_t size = secret_size(secret);

    token->holders = 1;
    token->origin = origin_copy(origin);
    token->header_size = start + size + 1;
    token->header = mem_alloc(token->header_size);
    memcpy(token->header, HEADER_START, start);
    if (size > 0)
        memcpy(token->header + start, secret.data, size);
    return token;
}

struct http_token *http_token_hold(struct http_token *token)
{
    token->holders++;
    return token;
}

void http_token_drop(struct http_token *token)
{
    if (!token)
        return;
    assert(token->holders > 0);
    if (--token->holders > 0)
        return;
    mem_cleanse(token->header, token->header_size);
    mem_free(token->origin);
    mem_free(token);
}

const char *http_token_origin(const struct http_token *token)
{
    return token->origin;
}

char *bearer_header(struct http_token *token)
{
    return token->header;
}
