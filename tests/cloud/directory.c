/* The little of Microsoft Graph that names principals. */
#include "directory.h"

#include <stdlib.h>
#include <string.h>

#include "handlers.h"

#define IDS_MAX 1000
#define NAMES "Directory.Read.All User.ReadBasic.All"

/* "user" of "#microsoft.graph.user" among the wanted ones; none: all. */
static bool type_wanted(json_t *types, json_t *principal)
{
    const char *type =
        json_string_value(json_object_get(principal, "@odata.type"));
    const char *dot = type ? strrchr(type, '.') : NULL;
    bool wanted = type && json_array_size(types) == 0;
    size_t index;
    json_t *one;

    json_array_foreach(types, index, one)
    {
        wanted = wanted || (dot && text_same(json_string_value(one), dot + 1));
    }
    return wanted;
}

/* A principal, or an app registration; NULL when there is neither. */
static json_t *object_find(struct call *call, const char *id)
{
    const struct estate *estate = &call->cloud->estate;
    json_t *principal = estate_principal(estate, id);
    json_t *application = directory_application(estate, id);
    json_t *shown;

    if (principal)
        return directory_public(call, principal);
    if (!application)
        return NULL;
    shown = directory_public(call, application);
    json_object_set_new(
        shown, "@odata.type", json_string("#microsoft.graph.application"));
    return shown;
}

/* More than the service takes in one request. */
static bool too_many(struct call *call, json_t *body)
{
    if (json_array_size(json_object_get(body, "ids")) <= IDS_MAX)
        return false;
    answer_error(call, 400, "Request_BadRequest",
        "Too many object identifiers: at most %d.", IDS_MAX);
    return true;
}

void directory_get_by_ids(struct call *call)
{
    json_t *body = directory_allows(call, NAMES) ? call_json(call) : NULL;
    json_t *list = json_array();
    char *context;
    size_t index;
    json_t *id;

    if (!body || too_many(call, body)) {
        json_decref(list);
        json_decref(body);
        return;
    }
    json_array_foreach(json_object_get(body, "ids"), index, id)
    {
        json_t *object = json_is_string(id)
                             ? object_find(call, json_string_value(id))
                             : NULL;

        if (type_wanted(json_object_get(body, "types"), object))
            json_array_append(list, object);
        json_decref(object);
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

    if (!directory_allows(call, NAMES))
        return;
    if (principal)
        answer_json(call, 200, directory_public(call, principal));
    else
        answer_error(call, 404, "Request_ResourceNotFound",
            "Resource '%s' does not exist or one of its queried "
            "reference-property objects are not present.",
            call->captures[0]);
}
