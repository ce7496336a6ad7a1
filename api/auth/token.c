/* Decoding tokens: the token endpoint's answer and the Azure CLI's. */
#include "token.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN_LIMIT 65536
#define LIFETIME_LIMIT_S                                                       \
    (INT64_C(7) * 86400) /* more is a mistake of the service */

void grant_done(struct grant *grant)
{
    hidden_done(&grant->access);
    hidden_done(&grant->refresh);
    mem_free(grant->tenant);
    mem_free(grant->account);
    *grant = (struct grant){ 0 };
}

int64_t grant_number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    char *end = NULL;
    long long number;

    if (json_is_integer(value))
        return json_integer_value(value) >= 0 ? json_integer_value(value) : -1;
    if (!text)
        return -1;
    number = strtoll(text, &end, 10);
    return end != text && *end == '\0' && number >= 0 ? number : -1;
}

/* Visible ASCII only: a token ends up in a header field. */
static struct view token_get(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    struct view text = { json_string_value(value), json_string_length(value) };

    if (text.size > TOKEN_LIMIT)
        return (struct view){ 0 };
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~')
            return (struct view){ 0 };
    return text;
}

static bool type_is_bearer(const json_t *body, const char *name)
{
    const char *type = json_string_value(json_object_get(body, name));

    return !type || text_equal_nocase(type, "Bearer");
}

/* A managed identity's answer may say only when the token ends. */
static int64_t lifetime_get(const json_t *body, int64_t now_s)
{
    int64_t lifetime_s = grant_number(body, "expires_in");
    int64_t expires_at_s = grant_number(body, "expires_on");

    if (lifetime_s >= 0 || expires_at_s < 0)
        return lifetime_s;
    return expires_at_s > now_s ? expires_at_s - now_s : 0;
}

enum kv_status grant_decode(
    struct grant *grant, struct view text, int64_t now_s, struct kv_error *err)
{
    json_t *body = json_loadb(text.data ? text.data : "", text.size, 0, NULL);
    struct view access = token_get(body, "access_token");
    struct view refresh = token_get(body, "refresh_token");
    int64_t lifetime_s = lifetime_get(body, now_s);
    enum kv_status status = KV_OK;

    if (access.size == 0 || lifetime_s < 0 ||
        !type_is_bearer(body, "token_type")) {
        status = kv_error_set(err, KV_PROTOCOL,
            "the answer to the sign-in was no token; check the cloud");
    } else {
        if (lifetime_s > LIFETIME_LIMIT_S)
            lifetime_s = LIFETIME_LIMIT_S;
        hidden_set(&grant->access, access);
        if (refresh.size > 0)
            hidden_set(&grant->refresh, refresh);
        grant->expires_at_s = now_s + lifetime_s;
    }
    hidden_wipe(body, "access_token");
    hidden_wipe(body, "refresh_token");
    hidden_wipe(body, "id_token");
    json_decref(body);
    return status;
}

/* "2026-11-22 01:02:03.000000" in local time, which is all that the CLI gave
 * before 2.54; 0 when it is not one. */
static int64_t local_time(const char *text)
{
    struct tm parts = { .tm_isdst = -1 };

    if (!text || !strptime(text, "%Y-%m-%d %H:%M:%S", &parts))
        return 0;
    return mktime(&parts);
}

enum kv_status grant_decode_cli(
    struct grant *grant, struct view text, struct kv_error *err)
{
    json_t *body = json_loadb(text.data ? text.data : "", text.size, 0, NULL);
    struct view access = token_get(body, "accessToken");
    const char *tenant = json_string_value(json_object_get(body, "tenant"));
    int64_t expires_at_s = grant_number(body, "expires_on");
    enum kv_status status = KV_OK;

    if (expires_at_s <= 0)
        expires_at_s =
            local_time(json_string_value(json_object_get(body, "expiresOn")));
    if (access.size == 0 || expires_at_s <= 0 ||
        !type_is_bearer(body, "tokenType")) {
        status = kv_error_set(err, KV_PROTOCOL,
            "the Azure CLI did not print a token; update it with 'az upgrade'");
    } else {
        hidden_set(&grant->access, access);
        grant->expires_at_s = expires_at_s;
        if (tenant && strlen(tenant) < 128)
            grant->tenant = mem_copy_text(tenant);
    }
    hidden_wipe(body, "accessToken");
    json_decref(body);
    return status;
}
