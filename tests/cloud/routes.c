/* Finding the route of a request among the tables, and telling about them. */
#include "routes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t segment_length(const char *at)
{
    return strcspn(at, "/");
}

/* Both point behind the {+}; matches one literal or {} after the other. */
static bool match_tail(
    const char *pattern, const char *path, char **captures, size_t captured)
{
    while (*pattern == '/' && *path == '/') {
        size_t wanted = segment_length(++pattern);
        size_t given = segment_length(++path);

        if (wanted == 2 && pattern[0] == '{') {
            if (given == 0 || captured >= CAPTURE_LIMIT)
                return false;
            free(captures[captured]);
            captures[captured++] = alloc_slice(path, given);
        } else if (wanted != given || strncasecmp(pattern, path, wanted) != 0) {
            return false;
        }
        pattern += wanted;
        path += given;
    }
    return *pattern == '\0' && *path == '\0';
}

static bool route_matches(
    const char *pattern, const char *path, char *captures[CAPTURE_LIMIT])
{
    const char *start = path + strlen(path);
    size_t slashes = 0;

    if (strncmp(pattern, "{+}", 3) != 0)
        return match_tail(pattern, path, captures, 0);
    pattern += 3;
    for (const char *at = pattern; *at; at++)
        slashes += *at == '/';
    while (slashes > 0 && start > path)
        if (*--start == '/')
            slashes--;
    if (slashes > 0)
        return false;
    free(captures[0]);
    captures[0] = alloc_slice(path, (size_t)(start - path));
    return match_tail(pattern, start, captures, 1);
}

/* Whether the route belongs to the service that the host name names. */
static bool route_serves(const struct route *route, enum service service)
{
    if (service == SERVICE_VAULT)
        return route->flags & ROUTE_VAULT;
    if (service == SERVICE_HSM)
        return route->flags & ROUTE_HSM;
    return !(route->flags & (ROUTE_VAULT | ROUTE_HSM));
}

static void captures_clear(struct call *call)
{
    for (size_t i = 0; i < CAPTURE_LIMIT; i++) {
        free(call->captures[i]);
        call->captures[i] = NULL;
    }
}

static const struct route *table_find(
    const struct route_table *table, struct call *call, bool *known)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct route *route = &table->rows[i];

        if (route_serves(route, call->service) &&
            route_matches(route->pattern, call->path, call->captures)) {
            *known = true;
            if (call_is(call, route->method))
                return route;
        }
        captures_clear(call);
    }
    return NULL;
}

/* The last table ends with rows that take whatever looks like a resource. */
static const struct route_table *const tables[] = { &routes_data,
    &routes_governance, &routes_core };
#define TABLE_COUNT (sizeof tables / sizeof *tables)

const struct route *route_find(struct call *call, bool *known)
{
    const struct route *found = NULL;

    *known = false;
    for (size_t i = 0; i < TABLE_COUNT && !found; i++)
        found = table_find(tables[i], call, known);
    return found;
}

static char *route_name(const struct route *route)
{
    const char *host = route->flags & ROUTE_VAULT ? "//vault"
                       : route->flags & ROUTE_HSM ? "//hsm"
                                                  : "";

    return alloc_format("%s %s%s", route->method, host, route->pattern);
}

void route_visit(struct cloud *cloud, const struct route *route)
{
    char *name = route_name(route);
    json_t *count = json_object_get(cloud->visits, name);

    json_object_set_new(
        cloud->visits, name, json_integer(json_integer_value(count) + 1));
    free(name);
}

json_t *routes_visits(const struct cloud *cloud)
{
    json_t *visits = json_object();

    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (size_t j = 0; j < tables[i]->count; j++) {
            char *name = route_name(&tables[i]->rows[j]);
            json_t *count = json_object_get(cloud->visits, name);

            json_object_set_new(
                visits, name, json_integer(json_integer_value(count)));
            free(name);
        }
    return visits;
}

/* ---- what the routes are about ---- */

/* Behind the pattern's last "/providers/" the namespace, which it spells out;
 * NULL for a route of another kind. */
static const char *pattern_provider(const struct route *route)
{
    const char *at = route->pattern;
    const char *found = NULL;

    if (route->flags & (ROUTE_VAULT | ROUTE_HSM))
        return NULL;
    while ((at = strstr(at, "/providers/")) != NULL)
        found = at += strlen("/providers/");
    return found && text_starts(found, "Microsoft.") ? found : NULL;
}

json_t *routes_providers(void)
{
    json_t *names = json_object();

    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (size_t j = 0; j < tables[i]->count; j++) {
            const char *at = pattern_provider(&tables[i]->rows[j]);
            char *name = at ? alloc_slice(at, strcspn(at, "/")) : NULL;

            if (name)
                json_object_set_new(names, name, json_true());
            free(name);
        }
    return names;
}

/* "vaults/keys" of "Microsoft.KeyVault/vaults/{}/keys/{}". */
static char *pattern_type(const char *provider)
{
    struct buffer type = { 0 };

    for (const char *at = provider + strcspn(provider, "/"); *at == '/';) {
        size_t length = strcspn(++at, "/");

        if (*at != '{') {
            if (type.length > 0)
                buffer_putc(&type, '/');
            buffer_put(&type, at, length);
        }
        at += length;
    }
    return buffer_take(&type);
}

static json_t *versions_json(const char *versions)
{
    json_t *list = json_array();

    while (*versions) {
        size_t length = strcspn(versions, " ");

        /* The newest comes first. */
        json_array_insert_new(list, 0, json_stringn(versions, length));
        versions += length + (versions[length] == ' ');
    }
    return list;
}

json_t *routes_types(const char *provider)
{
    json_t *types = json_object();
    json_t *list = json_array();
    const char *name;
    json_t *one;

    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (size_t j = 0; j < tables[i]->count; j++) {
            const struct route *route = &tables[i]->rows[j];
            const char *at = pattern_provider(route);
            char *type = at ? pattern_type(at) : NULL;

            if (type && *type && text_starts(at, provider) &&
                at[strlen(provider)] == '/' && !json_object_get(types, type))
                json_object_set_new(types, type,
                    json_pack("{s:s, s:[s, s], s:o}", "resourceType", type,
                        "locations", "West Europe", "North Europe",
                        "apiVersions", versions_json(route->versions)));
            free(type);
        }
    json_object_foreach(types, name, one) json_array_append(list, one);
    json_decref(types);
    return list;
}
