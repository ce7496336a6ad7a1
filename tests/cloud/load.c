/* Reading and checking an estate file. Dates in it may be relative to now, so
 * that an estate does not age: ${now}, ${now+5d}, ${now-400d}, also h and m. */
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buffer.h"
#include "cloud.h"
#include "roles.h"

/* Reads "+5d}" behind "${now"; returns the length read, or 0. */
static size_t date_offset(const char *text, long *seconds)
{
    char *end = NULL;
    long number;
    long unit;

    *seconds = 0;
    if (*text == '}')
        return 1;
    if (*text != '+' && *text != '-')
        return 0;
    number = strtol(text, &end, 10);
    unit = *end == 'd' ? 86400 : *end == 'h' ? 3600 : *end == 'm' ? 60 : 0;
    if (unit == 0 || end[1] != '}')
        return 0;
    *seconds = number * unit;
    return (size_t)(end - text) + 2;
}

static char *dates_replace(const char *text, time_t now)
{
    struct buffer out = { 0 };
    const char *at;

    while ((at = strstr(text, "${now")) != NULL) {
        long seconds;
        size_t length = date_offset(at + 5, &seconds);
        char when[32];

        buffer_put(&out, text, (size_t)(at - text));
        if (length == 0) {
            buffer_puts(&out, "${now");
            text = at + 5;
            continue;
        }
        time_text(now + seconds, when);
        buffer_puts(&out, when);
        text = at + 5 + length;
    }
    buffer_puts(&out, text);
    return buffer_take(&out);
}

static void dates_walk(json_t *json, time_t now)
{
    const char *text = json_string_value(json);
    const char *key;
    size_t index;
    json_t *value;

    if (text && strstr(text, "${now")) {
        char *replaced = dates_replace(text, now);

        json_string_set(json, replaced);
        free(replaced);
    }
    json_array_foreach(json, index, value) dates_walk(value, now);
    json_object_foreach(json, key, value) dates_walk(value, now);
}

static bool load_kind(
    struct estate *estate, enum kind kind, const char *path, char **problem)
{
    json_t *list = json_object_get(estate->file, kind_members[kind]);
    size_t index;
    json_t *object;

    if (list && !json_is_array(list)) {
        *problem = alloc_format("%s: \"%s\" is not an array; write [] if "
                                "there are none.",
            path, kind_members[kind]);
        return false;
    }
    json_array_foreach(list, index, object)
    {
        const char *id = json_string_value(json_object_get(object, "id"));

        if (!id || *id != '/') {
            *problem = alloc_format("%s: %s[%zu] has no id that starts with "
                                    "'/'; give it its full ARM id.",
                path, kind_members[kind], index);
            return false;
        }
        estate_append(estate, kind, item_new(object));
    }
    json_object_del(estate->file, kind_members[kind]);
    return true;
}

bool estate_load(struct estate *estate, const char *path, char **problem)
{
    json_error_t error;

    estate->file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(estate->file)) {
        if (error.line > 0)
            *problem = alloc_format("%s:%d: %s; correct the JSON there.", path,
                error.line, error.text);
        else
            *problem = alloc_format(
                "%s: %s; name an estate file with --estate.", path, error.text);
        return false;
    }
    dates_walk(estate->file, time(NULL));
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (!load_kind(estate, (enum kind)kind, path, problem))
            return false;
    return estate_finish(estate, path, problem);
}

static bool check_identity(
    const struct estate *estate, const char *where, char **problem)
{
    size_t index;
    json_t *client;

    if (!*estate->tenant_id) {
        *problem = alloc_format("%s: \"tenant\" has no tenantId; give it the "
                                "shape of an item of GET /tenants.",
            where);
        return false;
    }
    json_array_foreach(estate_member(estate, "clients"), index, client)
    {
        const char *id =
            json_string_value(json_object_get(client, "principalId"));

        if (estate_principal(estate, id ? id : ""))
            continue;
        *problem = alloc_format("%s: clients[%zu] signs in as '%s', which is "
                                "not among the principals; add it there.",
            where, index, id ? id : "");
        return false;
    }
    return true;
}

static bool check_roles(
    const struct estate *estate, const char *where, char **problem)
{
    const struct table *table = &estate->tables[KIND_ROLE_ASSIGNMENT];
    json_t *seen = json_object();
    bool good = true;

    for (size_t i = 0; i < table->count && good; i++) {
        char *role = item_copy(table->items[i], "properties.roleDefinitionId");
        char *guid = alloc_lower(id_last(role));

        if (!json_object_get(seen, guid) && !estate_role(estate, role)) {
            *problem = alloc_format("%s: the role assignment '%s' gives the "
                                    "role '%s', which is neither built in nor "
                                    "in roleDefinitions; add it there.",
                where, table->items[i]->name, guid);
            good = false;
        } else {
            json_object_set_new(seen, guid, json_true());
        }
        free(role);
        free(guid);
    }
    json_decref(seen);
    return good;
}

/* Whether what lies in a subscription or group lies in one that exists. */
static bool scope_exists(const struct estate *estate, const char *key)
{
    char *subscription = id_subscription(key);
    char *group = subscription ? id_group(key) : NULL;
    bool good = true;
    char *id;

    if (subscription) {
        id = alloc_format("/subscriptions/%s", subscription);
        good = estate_find(estate, KIND_SUBSCRIPTION, id) != NULL;
        free(id);
    }
    if (good && group) {
        id = alloc_format(
            "/subscriptions/%s/resourceGroups/%s", subscription, group);
        good = estate_find(estate, KIND_RESOURCE_GROUP, id) != NULL;
        free(id);
    }
    free(subscription);
    free(group);
    return good;
}

static bool check_scopes(
    const struct estate *estate, const char *where, char **problem)
{
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        const struct table *table = &estate->tables[kind];

        for (size_t i = 0; i < table->count; i++) {
            if (scope_exists(estate, table->items[i]->key))
                continue;
            *problem = alloc_format("%s: '%s' in \"%s\" lies in a "
                                    "subscription or resource group that the "
                                    "estate does not have; add that first.",
                where, table->items[i]->id, kind_members[kind]);
            return false;
        }
    }
    return true;
}

bool estate_finish(struct estate *estate, const char *where, char **problem)
{
    const char *tenant = json_string_value(
        json_object_get(estate_member(estate, "tenant"), "tenantId"));

    estate->tenant_id = alloc_text(tenant ? tenant : "");
    roles_add(estate);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const struct item *twin = estate_sort(estate, (enum kind)kind);

        if (!twin)
            continue;
        *problem = alloc_format("%s: the id '%s' occurs twice in \"%s\"; "
                                "remove one.",
            where, twin->id, kind_members[kind]);
        return false;
    }
    estate_link(estate);
    estate->generation = 1;
    estate->access_generation = 1;
    return check_identity(estate, where, problem) &&
           check_roles(estate, where, problem) &&
           check_scopes(estate, where, problem);
}
