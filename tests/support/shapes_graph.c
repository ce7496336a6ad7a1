/* Microsoft Graph and Log Analytics. None of their answers was published with
 * the others; that the cloud answers at all is looked at here, and what it
 * answers by the tests of the programs that read it. */
#include "shapes_ids.h"
#include "test.h"

#define DIRECTORY(method, path, body)                                          \
    {                                                                          \
        NONE, method, "/v1.0/" path, body, PLANE_GRAPH, NULL                   \
    }
#define LIST(path) DIRECTORY("GET", path, NULL)
#define ADMINS "groups/2aa541e8-e9bd-457e-be9c-06669c1a20c9/"

static const struct cloud_shape rows[] = {
    DIRECTORY("POST", "directoryObjects/getByIds",
        "{\"ids\":[\"" PERSON "\"],\"types\":[\"user\"]}"),
    LIST("directoryObjects/" PERSON),
    LIST(ADMINS "members"),
    LIST(ADMINS "transitiveMembers"),
    LIST("applications"),
    LIST("applications/<value.0.id>"),
    LIST("applications/<id>/federatedIdentityCredentials"),
    LIST("servicePrincipals"),
    LIST("servicePrincipals/<value.0.id>"),
    LIST("identity/conditionalAccess/policies"),
    { NONE, "POST", "/v1/workspaces/fc4f423f-5033-4353-b554-3cafd0613d11/query",
        "{\"query\":\"AZKVAuditLogs | take 1\"}", PLANE_LOGS, NULL },
};

const struct cloud_shapes shapes_graph = { rows, LENGTH(rows) };
