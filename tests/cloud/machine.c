/* Managed identity: the endpoints that a machine finds on itself, in Azure, in
 * App Service and under Azure Arc. */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "arc.h"
#include "faults.h"
#include "handlers.h"
#include "identity.h"

struct machine {
    struct arc *arc; /* NULL: a machine in Azure */
    char *header;    /* what IDENTITY_HEADER says */
};

struct machine *machine_new(const char *arc_folder)
{
    struct machine *machine = alloc_zero(1, sizeof *machine);

    if (arc_folder)
        machine->arc = arc_new(arc_folder);
    machine->header = secret_new();
    return machine;
}

void machine_free(struct machine *machine)
{
    if (!machine)
        return;
    arc_free(machine->arc);
    free(machine->header);
    free(machine);
}

void machine_print(const struct cloud *cloud, const char *kind, FILE *out)
{
    const char *origin = cloud->origin;

    if (strcmp(kind, "imds") == 0)
        fprintf(out, "AZURE_POD_IDENTITY_AUTHORITY_HOST=%s\n", origin);
    else if (strcmp(kind, "app-service") == 0)
        fprintf(out, "IDENTITY_ENDPOINT=%s/msi/token\nIDENTITY_HEADER=%s\n",
            origin, cloud->machine->header);
    else
        fprintf(out,
            "IDENTITY_ENDPOINT=%s/metadata/identity/oauth2/token\n"
            "IMDS_ENDPOINT=%s\n",
            origin, origin);
}

/* ---- which identity ---- */

/* One answer for all that is wrong with a request, as the endpoint gives it. */
static void machine_refuse(struct call *call, const char *description)
{
    answer_json(call, 400,
        json_pack("{s:s, s:s}", "error", "invalid_request", "error_description",
            description));
}

static json_t *first_client(const struct call *call)
{
    return json_array_get(estate_member(&call->cloud->estate, "clients"), 0);
}

static const char *system_assigned(const struct call *call)
{
    json_t *machine = estate_member(&call->cloud->estate, "machine");
    json_t *of = machine ? json_object_get(machine, "systemAssigned")
                         : json_object_get(first_client(call), "principalId");

    return json_string_value(of);
}

static json_t *user_assigned(const struct call *call)
{
    return json_object_get(
        estate_member(&call->cloud->estate, "machine"), "userAssigned");
}

/* A managed identity knows its resource by its second alternative name. */
static bool principal_is_resource(json_t *principal, const char *id)
{
    json_t *names = json_object_get(principal, "alternativeNames");
    size_t index;
    json_t *name;

    json_array_foreach(names, index, name)
    {
        if (text_same(json_string_value(name), id))
            return true;
    }
    return false;
}

/* What a request may name an identity by. */
struct choice {
    const char *client_id;
    const char *object_id;
    const char *resource_id;
};

static bool choice_fits(
    const struct choice *choice, json_t *principal, const char *id)
{
    const char *app = json_string_value(json_object_get(principal, "appId"));

    return (!choice->client_id || text_same(app, choice->client_id)) &&
           (!choice->object_id || text_same(id, choice->object_id)) &&
           (!choice->resource_id ||
               principal_is_resource(principal, choice->resource_id));
}

/* NULL: none of that name, or several and no name. */
static const char *identity_choose(
    const struct call *call, const struct choice *choice)
{
    bool named = choice->client_id || choice->object_id || choice->resource_id;
    const char *own = system_assigned(call);
    json_t *others = user_assigned(call);
    size_t index;
    json_t *other;

    if (!named && (own || json_array_size(others) != 1))
        return own;
    if (own &&
        choice_fits(choice, estate_principal(&call->cloud->estate, own), own))
        return own;
    json_array_foreach(others, index, other)
    {
        const char *id = json_string_value(other);

        if (id &&
            choice_fits(choice, estate_principal(&call->cloud->estate, id), id))
            return id;
    }
    return NULL;
}

/* ---- the token ---- */

/* The resource without its trailing slash, which the answer repeats as it was
 * asked for. */
static const struct token *machine_token(
    struct call *call, const char *principal_id, const char *resource)
{
    size_t length = strlen(resource);
    char *audience;
    const struct token *token = NULL;

    while (length > 0 && resource[length - 1] == '/')
        length--;
    audience = alloc_slice(resource, length);
    if (audience_known(call, audience))
        token = token_issue(call,
            &(struct token){
                .principal_id = (char *)principal_id, .audience = audience },
            grant_life_s(call));
    free(audience);
    return token;
}

static json_t *seconds_text(long long seconds)
{
    char *text = alloc_format("%lld", seconds);
    json_t *json = json_string(text);

    free(text);
    return json;
}

/* Every number is a text, as the endpoints write them. */
static json_t *token_body(
    const struct call *call, const struct token *token, const char *resource)
{
    json_t *principal =
        estate_principal(&call->cloud->estate, token->principal_id);
    const char *app = json_string_value(json_object_get(principal, "appId"));

    return json_pack("{s:s, s:s*, s:o, s:s, s:s}", "access_token", token->text,
        "client_id", app, "expires_on", seconds_text(token->expires),
        "resource", resource, "token_type", "Bearer");
}

static const char *choice_resource(const struct call *call)
{
    const char *of_vm = call_query(call, "msi_res_id");

    return of_vm ? of_vm : call_query(call, "mi_res_id");
}

/* Who it is and what for; answers and returns NULL when either is wrong. */
static const struct token *machine_grant(
    struct call *call, const char **resource)
{
    struct choice choice = {
        .client_id = call_query(call, "client_id"),
        .object_id = call_query(call, "object_id"),
        .resource_id = choice_resource(call),
    };
    const char *id = identity_choose(call, &choice);
    const struct token *token = NULL;

    *resource = call_query(call, "resource");
    if (!call_query(call, "api-version"))
        machine_refuse(call, "The 'api-version' parameter is missing");
    else if (!*resource)
        machine_refuse(call, "Required query variable 'resource' is missing");
    else if (!id)
        machine_refuse(call, "Identity not found");
    else if (!(token = machine_token(call, id, *resource)))
        answer_json(call, 400,
            json_pack("{s:s, s:s}", "error", "invalid_resource",
                "error_description",
                "AADSTS500011: The resource principal was not found in the "
                "tenant."));
    return token;
}

/* ---- the endpoints ---- */

/* The header keeps out what a browser or a relay can be talked into. */
static bool machine_asks(struct call *call)
{
    const char *metadata = call_asked(call, "Metadata");

    if (!text_same(metadata, "true"))
        machine_refuse(call, "Required metadata header not specified");
    else if (call_asked(call, "X-Forwarded-For"))
        machine_refuse(call, "A request that was forwarded is not answered");
    else
        return true;
    return false;
}

/* In Azure and under Azure Arc, which have the same path. */
void machine_token_get(struct call *call)
{
    struct arc *arc = call->cloud->machine->arc;
    const struct token *token;
    const char *resource;
    json_t *body;

    if (call->effects[FAULT_IMDS_410].on) {
        answer_json(call, 410, json_pack("{s:s}", "error", "gone"));
        return;
    }
    if (!machine_asks(call) || (arc && !arc_check(call, arc)))
        return;
    token = machine_grant(call, &resource);
    if (!token)
        return;
    body = token_body(call, token, resource);
    json_object_set_new(
        body, "expires_in", seconds_text(token->expires - time(NULL)));
    json_object_set_new(body, "not_before", seconds_text(time(NULL)));
    answer_json(call, 200, body);
}

void app_service_token_get(struct call *call)
{
    const char *header = call_asked(call, "X-IDENTITY-HEADER");
    const struct token *token;
    const char *resource;

    if (!header || strcmp(header, call->cloud->machine->header) != 0) {
        answer_json(call, header ? 401 : 400,
            json_pack("{s:i, s:s}", "statusCode", header ? 401 : 400, "message",
                "The X-IDENTITY-HEADER is missing or not the expected one."));
        return;
    }
    token = machine_grant(call, &resource);
    if (token)
        answer_json(call, 200, token_body(call, token, resource));
}
