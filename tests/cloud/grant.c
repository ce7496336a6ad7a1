/* Answering a token request whose sender is known: the audience in the scope,
 * the claims that are wished for, and the token. */
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "identity.h"
#include "service.h"
#include "signing.h"

#define TOKEN_LIFE_S 3599
#define REFRESH_LIFE_S 7776000

double grant_life_s(const struct call *call)
{
    const struct effect *life = &call->effects[FAULT_TOKEN_LIFE];

    return life->on ? life->number : TOKEN_LIFE_S;
}

bool audience_known(const struct call *call, const char *audience)
{
    for (int i = 0; i < SERVICE_COUNT; i++)
        if (service_accepts(call->cloud, (enum service)i, audience))
            return true;
    return false;
}

/* The one resource in a scope such as "https://x//.default openid", without
 * its trailing slash; NULL when there is none, or more than one. */
static char *scope_audience(const char *scope, int *resources)
{
    char *audience = NULL;
    size_t length;

    *resources = 0;
    for (; *scope; scope += length + (scope[length] == ' ')) {
        const char *end;

        length = strcspn(scope, " ");
        end = memmem(scope, length, "://", 3);
        if (!end)
            continue;
        free(audience);
        end = scope + length;
        while (end > scope && *end != '/')
            end--;
        while (end > scope && end[-1] == '/')
            end--;
        audience = alloc_slice(scope, (size_t)(end - scope));
        ++*resources;
    }
    return audience;
}

static char *scope_check(struct call *call, const char *scope)
{
    int resources;
    char *audience = scope_audience(scope, &resources);

    if (resources == 1 && audience_known(call, audience))
        return audience;
    if (resources > 1)
        identity_error(call, 400, "invalid_request", 28000,
            "Provided value for the input parameter scope is not valid "
            "because it contains more than one resource. Scope %s is not "
            "valid.",
            scope);
    else if (resources == 0)
        identity_error(call, 400, "invalid_scope", 70011,
            "The provided request must include a 'scope' input parameter. The "
            "provided value for the input parameter 'scope' is not valid. The "
            "scope %s is not valid.",
            scope);
    else
        identity_error(call, 400, "invalid_resource", 500011,
            "The resource principal named %s was not found in the tenant "
            "named %s. This can happen if the application has not been "
            "installed by the administrator of the tenant or consented to by "
            "any user in the tenant.",
            audience, call->cloud->estate.tenant_id);
    free(audience);
    return NULL;
}

/* Whether the claims ask for a second factor. */
static bool claims_want_strong(json_t *claims)
{
    json_t *values = json_object_get(
        json_object_get(json_object_get(claims, "access_token"), "acrs"),
        "values");
    size_t index;
    json_t *value;

    json_array_foreach(values, index, value)
    {
        const char *text = json_string_value(value);

        if (text && strcmp(text, "p1") == 0)
            return true;
    }
    return false;
}

/* Sets *strong to what the token will hold; answers and returns false when the
 * claims cannot be read or cannot be had without the person. */
static bool claims_check(
    struct call *call, const struct grant *grant, bool *strong)
{
    json_t *claims;
    bool wanted;

    *strong = grant->strong;
    if (!grant->claims || !*grant->claims)
        return true;
    claims = json_loads(grant->claims, 0, NULL);
    wanted = claims_want_strong(claims);
    if (!json_is_object(claims)) {
        json_decref(claims);
        identity_error(call, 400, "invalid_request", 90100,
            "The 'claims' parameter is empty or not valid.");
        return false;
    }
    json_decref(claims);
    if (wanted && !grant->strong && !grant->person_there) {
        identity_error(call, 400, "interaction_required", 50076,
            "Due to a configuration change made by your administrator, or "
            "because you moved to a new location, you must use multi-factor "
            "authentication to access the resource.");
        return false;
    }
    *strong = grant->strong || wanted;
    return true;
}

static void body_set(json_t *body, const char *name, const char *text)
{
    json_object_set_new(body, name, json_string(text));
}

/* Whether the scope has the word, such as "openid". */
static bool scope_has(const char *scope, const char *word)
{
    size_t length = strlen(word);

    while (*scope) {
        size_t one = strcspn(scope, " ");

        if (one == length && strncmp(scope, word, one) == 0)
            return true;
        scope += one + (scope[one] == ' ');
    }
    return false;
}

static void body_add_id(
    json_t *body, const struct call *call, const struct token *token)
{
    char *text =
        signing_id_token(call, identity_signing(call->cloud->identity), token);

    body_set(body, "id_token", text);
    free(text);
}

static json_t *grant_body(const struct call *call, const struct grant *grant,
    const char *audience, bool strong)
{
    double seconds = grant_life_s(call);
    struct token like = {
        .principal_id = (char *)grant->principal_id,
        .client_id = (char *)grant->client_id,
        .audience = (char *)audience,
        .strong = strong,
    };
    const struct token *token = token_issue(call, &like, seconds);
    json_t *body = json_pack("{s:s, s:I, s:I, s:s}", "token_type", "Bearer",
        "expires_in", (json_int_t)seconds, "ext_expires_in",
        (json_int_t)seconds, "access_token", token->text);

    if (scope_has(grant->scope, "openid") && grant->client_id)
        body_add_id(body, call, token);
    if (scope_has(grant->scope, "offline_access")) {
        like.refresh = true;
        body_set(body, "scope", grant->scope);
        body_set(body, "refresh_token",
            token_issue(call, &like, REFRESH_LIFE_S)->text);
    }
    return body;
}

void grant_answer(struct call *call, const struct grant *grant)
{
    bool strong;
    char *audience = scope_check(call, grant->scope);

    if (audience && claims_check(call, grant, &strong))
        answer_json(call, 200, grant_body(call, grant, audience, strong));
    free(audience);
}
