/* The tests' own handles on the cloud, under /_cloud, and the cloud's
 * description of its endpoints. */
#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "faults.h"
#include "graph.h"
#include "handlers.h"
#include "identity.h"
#include "routes.h"
#include "service.h"

void control_fault_add(struct call *call)
{
    char *spec = alloc_text(call->body.data);
    char *problem = NULL;

    spec[strcspn(spec, "\r\n")] = '\0';
    if (faults_add(call->cloud->faults, spec, &problem)) {
        if (faults_have(call->cloud->faults, FAULT_STALE_GRAPH))
            graph_freeze(call->cloud->graph, &call->cloud->estate);
        answer_empty(call, 204);
    } else {
        answer_error(call, 400, "BadFault", "%s", problem);
    }
    free(problem);
    free(spec);
}

void control_fault_clear(struct call *call)
{
    faults_clear(call->cloud->faults);
    graph_thaw(call->cloud->graph);
    answer_empty(call, 204);
}

static void state_put_table(
    struct buffer *out, const char *name, const struct table *table)
{
    buffer_putf(out, ",\n\"%s\":[", name);
    for (size_t i = 0; i < table->count; i++) {
        buffer_puts(out, i ? ",\n" : "\n");
        buffer_put(out, table->items[i]->text.at, table->items[i]->text.length);
    }
    buffer_putc(out, ']');
}

void control_state(struct call *call)
{
    const struct estate *estate = &call->cloud->estate;
    char *rest = json_dumps(estate->file, JSON_COMPACT);

    answer_empty(call, 200);
    buffer_put(&call->answer, rest, strlen(rest) - 1);
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        state_put_table(
            &call->answer, kind_members[kind], &estate->tables[kind]);
    buffer_putc(&call->answer, '}');
    free(rest);
}

void control_requests(struct call *call)
{
    answer_json(call, 200, json_deep_copy(call->cloud->counts));
}

void control_routes(struct call *call)
{
    answer_json(call, 200, routes_visits(call->cloud));
}

void control_stories(struct call *call)
{
    json_t *stories = estate_member(&call->cloud->estate, "stories");

    answer_json(call, 200, stories ? json_incref(stories) : json_object());
}

/* Registers what a test has just made, such as a certificate: the members of
 * the body go over those of the client with the same appId. */
void control_client(struct call *call)
{
    json_t *body = call_json(call);
    const char *id = json_string_value(json_object_get(body, "appId"));
    json_t *client = id ? client_find(call, id) : NULL;

    if (!body)
        return;
    if (client) {
        json_object_update(client, body);
        answer_empty(call, 204);
    } else {
        answer_error(call, 404, "NotFound",
            "The estate has no client with the appId '%s'.", id ? id : "");
    }
    json_decref(body);
}

static json_t *endpoints_body(const struct call *call)
{
    const struct cloud *cloud = call->cloud;
    char *audience = alloc_format("%s/", call->origin);
    char *graph = service_origin(cloud, SERVICE_GRAPH);
    char *graph_id = alloc_format("%s/", graph);
    char *logs = service_origin(cloud, SERVICE_LOGS);
    char *vaults = service_suffix(cloud, SERVICE_VAULT);
    char *hsms = service_suffix(cloud, SERVICE_HSM);
    json_t *body = json_pack(
        "{s:s, s:{s:s, s:[s], s:s, s:s}, s:s, s:s, s:s, s:{s:s, s:s, s:s},"
        " s:s, s:s, s:s}",
        "portal", audience, "authentication", "loginEndpoint", call->origin,
        "audiences", audience, "tenant", "common", "identityProvider", "AAD",
        "graph", graph_id, "graphAudience", graph_id, "name", "kvgov-cloud",
        "suffixes", "keyVaultDns", vaults, "mhsmDns", hsms, "storage",
        "core.windows.net", "resourceManager", audience,
        "microsoftGraphResourceId", graph_id, "logAnalyticsResourceId", logs);

    free(audience);
    free(graph);
    free(graph_id);
    free(logs);
    free(vaults);
    free(hsms);
    return body;
}

/* The members and their names are those of Azure's own answer. Every address
 * of another service stays out, so that a client cannot wander off. */
void endpoints_get(struct call *call)
{
    const char *version = call_query(call, "api-version");
    json_t *body = endpoints_body(call);

    if (version && strcmp(version, "2019-05-01") == 0)
        body = json_pack("[o]", body);
    answer_json(call, 200, body);
}
