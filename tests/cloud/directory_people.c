/* Microsoft Graph: members of groups, service principals, applications and
 * Conditional Access, each behind the application permission that it needs. */
#include "directory.h"

#include <stdlib.h>
#include <string.h>

#include "handlers.h"
#include "scopes.h"

#define MEMBER_DEPTH 8
#define PAGE_STANDARD 100
#define PAGE_MAX 999

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

/* The estate's "graphPermissions" say what a principal may; one that is not
 * among them may everything. */
bool directory_allows(struct call *call, const char *permissions)
{
    json_t *held =
        json_object_get(estate_member(&call->cloud->estate, "graphPermissions"),
            call_object_id(call));
    size_t index;
    json_t *one;

    if (!held)
        return true;
    json_array_foreach(held, index,
        one) if (text_holds(permissions, json_string_value(one))) return true;
    answer_error(call, 403, "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.");
    return false;
}

static bool name_chosen(const char *select, const char *name)
{
    size_t length = strlen(name);

    while (*select) {
        size_t one = strcspn(select, ",");

        if (one == length && strncasecmp(select, name, length) == 0)
            return true;
        select += one + (select[one] == ',');
    }
    return name[0] == '@';
}

/* Members are this program's own note; federated credentials are a relation,
 * which Graph shows only when it is asked to. */
static bool is_hidden(struct call *call, const char *name)
{
    const char *expand = call_query(call, "$expand");

    if (strcmp(name, "federatedIdentityCredentials") == 0)
        return !expand || !strstr(expand, name);
    return strcmp(name, "members") == 0;
}

/* Graph always lists the credentials of a service principal, be there none. */
static void put_credentials(json_t *object)
{
    static const char *const names[] = { "passwordCredentials",
        "keyCredentials" };

    if (text_same(member_text(object, "@odata.type"),
            "#microsoft.graph.servicePrincipal"))
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (!json_object_get(object, names[i]))
                json_object_set_new(object, names[i], json_array());
}

json_t *directory_public(struct call *call, json_t *object)
{
    const char *select = call_query(call, "$select");
    json_t *out = json_object();
    const char *name;
    json_t *value;

    put_credentials(object);
    json_object_foreach(object, name, value)
    {
        bool expanded = strcmp(name, "federatedIdentityCredentials") == 0;

        if (is_hidden(call, name))
            continue;
        if (!select || expanded || name_chosen(select, name))
            json_object_set(out, name, value);
    }
    return out;
}

/* How many a page holds; 0 after an answer. */
static size_t page_size(struct call *call)
{
    const char *top = call_query(call, "$top");
    long wanted = top ? strtol(top, NULL, 10) : PAGE_STANDARD;

    if (wanted >= 1 && wanted <= PAGE_MAX)
        return (size_t)wanted;
    answer_error(call, 400, "Request_UnsupportedQuery",
        "Invalid page size specified: '%ld'. Must be between 1 and 999 "
        "inclusive.",
        wanted);
    return 0;
}

/* A count is given only to those who accept that it lags. */
static bool count_wanted(struct call *call)
{
    return text_same(call_query(call, "$count"), "true") &&
           text_same(call_asked(call, "ConsistencyLevel"), "eventual");
}

/* Takes the list; "$top" and a token of our own cut it into pages. */
static void directory_answer(
    struct call *call, const char *context, json_t *list)
{
    const char *token = call_query(call, "$skiptoken");
    size_t wanted = page_size(call);
    size_t first = token ? strtoul(token, NULL, 10) : 0;
    size_t last = first + wanted;
    bool bare = call->link[strlen(call->link) - 1] == '?';
    json_t *page;
    json_t *answer;

    if (wanted == 0) {
        json_decref(list);
        return;
    }
    page = json_array();

    for (size_t i = first; i < last && i < json_array_size(list); i++)
        json_array_append(page, json_array_get(list, i));
    answer = json_pack("{s:o, s:o}", "@odata.context",
        json_sprintf("%s/v1.0/$metadata#%s", call->origin, context), "value",
        page);
    if (count_wanted(call))
        json_object_set_new(answer, "@odata.count",
            json_integer((json_int_t)json_array_size(list)));
    if (last < json_array_size(list))
        json_object_set_new(answer, "@odata.nextLink",
            json_sprintf("%s%s%s$skiptoken=%zu", call->origin, call->link,
                bare ? "" : "&", last));
    answer_json(call, 200, answer);
    json_decref(list);
}

static void directory_missing(struct call *call)
{
    answer_error(call, 404, "Request_ResourceNotFound",
        "Resource '%s' does not exist or one of its queried "
        "reference-property objects are not present.",
        call->captures[0]);
}

/* ---- groups ---- */

static void members_collect(
    const struct estate *estate, json_t *group, json_t *seen, int depth)
{
    size_t index;
    json_t *id;

    json_array_foreach(json_object_get(group, "members"), index, id)
    {
        json_t *member = estate_principal(estate, json_string_value(id));

        if (!member || json_object_get(seen, json_string_value(id)))
            continue;
        json_object_set(seen, json_string_value(id), member);
        if (depth > 0)
            members_collect(estate, member, seen, depth - 1);
    }
}

static json_t *group_members(struct call *call, int depth)
{
    const struct estate *estate = &call->cloud->estate;
    json_t *group = estate_principal(estate, call->captures[0]);
    json_t *seen;

    if (!directory_allows(
            call, "GroupMember.Read.All Group.Read.All Directory.Read.All"))
        return NULL;
    if (!group || !text_same(member_text(group, "@odata.type"),
                      "#microsoft.graph.group")) {
        directory_missing(call);
        return NULL;
    }
    seen = json_object();
    members_collect(estate, group, seen, depth);
    return seen;
}

static void members_answer(struct call *call, json_t *seen)
{
    json_t *list = json_array();
    const char *id;
    json_t *member;

    if (!seen) {
        json_decref(list);
        return;
    }
    json_object_foreach(seen, id, member)
        json_array_append_new(list, directory_public(call, member));
    json_decref(seen);
    directory_answer(call, "directoryObjects", list);
}

void group_members_list(struct call *call)
{
    members_answer(call, group_members(call, 0));
}

void group_members_deep(struct call *call)
{
    members_answer(call, group_members(call, MEMBER_DEPTH));
}

/* A bare number as text, and only with the header that asks for it. */
void group_members_count(struct call *call)
{
    json_t *seen;

    if (!text_same(call_asked(call, "ConsistencyLevel"), "eventual")) {
        answer_error(call, 400, "Request_BadRequest",
            "$count is not currently supported without the header "
            "ConsistencyLevel: eventual.");
        return;
    }
    seen = group_members(call, MEMBER_DEPTH);
    if (!seen)
        return;
    answer_empty(call, 200);
    buffer_putf(&call->answer, "%zu", json_object_size(seen));
    json_decref(seen);
}

/* ---- service principals and applications ---- */

/* appId eq 'x', or appId in ('x','y'). */
static bool filter_takes(struct call *call, json_t *object)
{
    const char *filter = call_query(call, "$filter");

    if (filter && strcasestr(filter, "appId in")) {
        char *quoted = alloc_format("'%s'", member_text(object, "appId"));
        bool named = strcasestr(filter, quoted) != NULL;

        free(quoted);
        return named;
    }
    char *app = filter_word(filter, "appId eq");
    bool takes = !app || text_same(app, member_text(object, "appId"));

    free(app);
    return takes;
}

static bool apps_allowed(struct call *call)
{
    return directory_allows(call, "Application.Read.All Directory.Read.All");
}

void service_principals_list(struct call *call)
{
    json_t *list;
    size_t index;
    json_t *principal;

    if (!apps_allowed(call))
        return;
    list = json_array();
    json_array_foreach(estate_member(&call->cloud->estate, "principals"), index,
        principal) if (text_same(member_text(principal, "@odata.type"),
                           "#microsoft.graph.servicePrincipal") &&
                       filter_takes(call, principal))
    {
        json_t *row = directory_public(call, principal);

        json_object_del(row, "@odata.type");
        json_array_append_new(list, row);
    }
    directory_answer(call, "servicePrincipals", list);
}

void service_principal_get(struct call *call)
{
    json_t *principal =
        estate_principal(&call->cloud->estate, call->captures[0]);

    if (!apps_allowed(call))
        return;
    if (text_same(member_text(principal, "@odata.type"),
            "#microsoft.graph.servicePrincipal"))
        answer_json(call, 200, directory_public(call, principal));
    else
        directory_missing(call);
}

void applications_list(struct call *call)
{
    json_t *list;
    size_t index;
    json_t *application;

    if (!apps_allowed(call))
        return;
    list = json_array();
    json_array_foreach(estate_member(&call->cloud->estate, "applications"),
        index, application) if (filter_takes(call, application))
        json_array_append_new(list, directory_public(call, application));
    directory_answer(call, "applications", list);
}

json_t *directory_application(const struct estate *estate, const char *id)
{
    size_t index;
    json_t *application;

    json_array_foreach(estate_member(estate, "applications"), index,
        application) if (text_same(member_text(application, "id"),
                             id)) return application;
    return NULL;
}

static json_t *application_find(struct call *call)
{
    json_t *application =
        directory_application(&call->cloud->estate, call->captures[0]);

    if (!application)
        directory_missing(call);
    return application;
}

void application_get(struct call *call)
{
    json_t *application = apps_allowed(call) ? application_find(call) : NULL;

    if (application)
        answer_json(call, 200, directory_public(call, application));
}

void application_federated_list(struct call *call)
{
    json_t *application = apps_allowed(call) ? application_find(call) : NULL;
    json_t *list = json_object_get(application, "federatedIdentityCredentials");

    if (application)
        directory_answer(call, "applications/federatedIdentityCredentials",
            list ? json_copy(list) : json_array());
}

/* ---- Conditional Access ---- */

void access_policies_list(struct call *call)
{
    json_t *list =
        estate_member(&call->cloud->estate, "conditionalAccessPolicies");

    if (directory_allows(call, "Policy.Read.All"))
        directory_answer(call, "identity/conditionalAccess/policies",
            list ? json_copy(list) : json_array());
}
