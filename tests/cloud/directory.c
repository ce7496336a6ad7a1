/* The little of Microsoft Graph that names principals. */
#include <stdlib.h>
#include <string.h>

#include "cloud.h"
#include "handlers.h"

/* Members are this program's own note; Graph lists them elsewhere. */
static json_t *principal_public(json_t *principal)
{
    json_t *copy = json_copy(principal);

    json_object_del(copy, "members");
    return copy;
}

void directory_get_by_ids(struct call *call)
{
    json_t *body = call_json(call);
    json_t *list = json_array();
    char *context;
    size_t index;
    json_t *id;

    if (!body) {
        json_decref(list);
        return;
    }
    json_array_foreach(json_object_get(body, "ids"), index, id)
    {
        json_t *principal =
            json_is_string(id)
                ? estate_principal(&call->cloud->estate, json_string_value(id))
                : NULL;

        if (principal)
            json_array_append_new(list, principal_public(principal));
    }
    json_decref(body);
    context =
        alloc_format("%s/v1.0/$metadata#directoryObjects", call->cloud->origin);
    answer_json(call, 200,
        json_pack("{s:s, s:o}", "@odata.context", context, "value", list));
    free(context);
}

void directory_get(struct call *call)
{
    json_t *principal =
        estate_principal(&call->cloud->estate, call->captures[0]);

    if (principal)
        answer_json(call, 200, principal_public(principal));
    else
        answer_error(call, 404, "Request_ResourceNotFound",
            "Resource '%s' does not exist or one of its queried "
            "reference-property objects are not present.",
            call->captures[0]);
}
