/* Microsoft.KeyVault: what ARM tells of keys and secrets, without any right on
 * the data plane. Never a value, and no certificates. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "data_bundles.h"
#include "handlers.h"

#define VAULT "Microsoft.KeyVault/vaults"
#define HSM "Microsoft.KeyVault/managedHSMs"

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static bool of_hsm(const struct call *call)
{
    return text_holds(call->path, "/managedHSMs/");
}

static enum collection objects_kind(const struct call *call)
{
    return text_holds(call->path, "/secrets") ? COLLECTION_SECRETS
                                              : COLLECTION_KEYS;
}

/* An HSM answers only if its own setting lets ARM manage keys. */
static const struct item *owner_find(struct call *call)
{
    const struct item *item = resource_find(call, of_hsm(call) ? HSM : VAULT);
    json_t *plane;
    char *key;

    if (!item || !of_hsm(call))
        return item;
    key = alloc_lower(item->name);
    plane =
        json_object_get(estate_member(&call->cloud->estate, "dataPlane"), key);
    free(key);
    if (json_is_true(json_object_get(json_object_get(plane, "settings"),
            "AllowKeyManagementOperationsThroughARM")))
        return item;
    answer_error(call, 403, "Forbidden",
        "Key management operations through Azure Resource Manager are not "
        "allowed on this managed HSM.");
    return NULL;
}

/* "keyUri", "secretUriWithVersion": port and all, as the service writes them. */
static void put_uri(json_t *to, const struct item *owner,
    enum collection collection, json_t *object, const char *version)
{
    bool keys = collection == COLLECTION_KEYS;
    char *base = item_copy(owner, strstr(owner->type, "managedhsms")
                                      ? "properties.hsmUri"
                                      : "properties.vaultUri");
    size_t length = strlen(base);

    if (length && base[length - 1] == '/')
        base[length - 1] = '\0';
    json_object_set_new(to,
        version ? keys ? "keyUriWithVersion" : "secretUriWithVersion"
        : keys  ? "keyUri"
                : "secretUri",
        json_sprintf("%s%s/%s/%s%s%s", base, keys ? ":443" : "",
            collection_names[collection], member_text(object, "name"),
            version ? "/" : "", version ? version : ""));
    free(base);
}

static json_t *arm_attributes(
    const struct item *owner, enum collection collection, json_t *version)
{
    json_t *attributes = object_attributes(owner, collection, version);

    json_object_del(attributes, "recoverableDays");
    if (collection == COLLECTION_SECRETS)
        json_object_del(attributes, "recoveryLevel");
    return attributes;
}

/* Durations are as given; the kinds of action are in lower case here. */
static json_t *arm_rotation(json_t *object)
{
    json_t *policy = json_deep_copy(json_object_get(object, "rotation"));
    size_t index;
    json_t *row;

    json_array_foreach(json_object_get(policy, "lifetimeActions"), index, row)
    {
        json_t *action = json_object_get(row, "action");
        char *type = alloc_lower(member_text(action, "type"));

        json_object_set_new(action, "type", json_string(type));
        free(type);
    }
    return policy;
}

static void put_key(json_t *to, json_t *object)
{
    static const struct {
        const char *outside;
        const char *inside;
    } names[] = { { "kty", "kty" }, { "keySize", "size" },
        { "curveName", "curve" }, { "keyOps", "operations" } };
    json_t *rotation = arm_rotation(object);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (json_object_get(object, names[i].inside))
            json_object_set(
                to, names[i].outside, json_object_get(object, names[i].inside));
    if (!json_object_get(to, "keyOps"))
        json_object_set_new(to, "keyOps",
            json_pack("[s, s]",
                text_starts(member_text(object, "kty"), "EC") ? "sign"
                                                              : "wrapKey",
                text_starts(member_text(object, "kty"), "EC") ? "verify"
                                                              : "unwrapKey"));
    if (rotation)
        json_object_set_new(to, "rotationPolicy", rotation);
}

static json_t *arm_object(struct call *call, const struct item *owner,
    json_t *object, json_t *version)
{
    enum collection collection = objects_kind(call);
    bool list = call->captures[3] == NULL;
    json_t *properties = json_pack(
        "{s:o}", "attributes", arm_attributes(owner, collection, version));
    char *type = alloc_format(
        "%s/%s", of_hsm(call) ? HSM : VAULT, collection_names[collection]);
    char *location = item_copy(owner, "location");
    json_t *row;

    put_uri(properties, owner, collection, object, NULL);
    if (collection == COLLECTION_SECRETS || !list)
        put_uri(
            properties, owner, collection, object, member_text(version, "id"));
    if (collection == COLLECTION_KEYS && !list)
        put_key(properties, object);
    if (*member_text(object, "contentType"))
        json_object_set(
            properties, "contentType", json_object_get(object, "contentType"));
    row = json_pack("{s:s, s:s, s:o, s:s*, s:o}", "name",
        member_text(object, "name"), "type", type, "id",
        json_sprintf("%s/%s/%s", owner->id, collection_names[collection],
            member_text(object, "name")),
        "location", of_hsm(call) ? NULL : location, "properties", properties);
    if (json_object_get(object, "tags"))
        json_object_set(row, "tags", json_object_get(object, "tags"));
    free(type);
    free(location);
    return row;
}

void arm_objects_list(struct call *call)
{
    const struct item *owner = owner_find(call);
    const char *token = call_query(call, "$skiptoken");
    size_t first = token ? strtoul(token, NULL, 10) : 0;
    size_t last = first + call->cloud->page_size;
    json_t *all;
    json_t *page;
    json_t *answer;

    if (!owner)
        return;
    all = objects_list(&call->cloud->estate, owner->name, objects_kind(call));
    page = json_array();
    for (size_t i = first; i < last && i < json_array_size(all); i++)
        json_array_append_new(
            page, arm_object(call, owner, json_array_get(all, i),
                      object_version(json_array_get(all, i), NULL)));
    answer = json_pack("{s:o}", "value", page);
    if (last < json_array_size(all))
        json_object_set_new(answer, "nextLink",
            json_sprintf(
                "%s%s&%%24skiptoken=%zu", call->origin, call->link, last));
    answer_json(call, 200, answer);
}

/* The object that the path names, or NULL after a 404. */
static json_t *object_need(struct call *call, const struct item *owner)
{
    json_t *object = objects_find(
        objects_list(&call->cloud->estate, owner->name, objects_kind(call)),
        call->captures[3]);

    if (!object)
        answer_error(call, 404,
            objects_kind(call) == COLLECTION_KEYS ? "KeyNotFound"
                                                  : "SecretNotFound",
            "The object '%s' was not found in this key vault.",
            call->captures[3]);
    return object;
}

void arm_object_get(struct call *call)
{
    const struct item *owner = owner_find(call);
    json_t *object = owner ? object_need(call, owner) : NULL;

    if (object)
        answer_json(call, 200,
            arm_object(call, owner, object, object_version(object, NULL)));
}

/* A version is a resource below its key, named by its id. */
static json_t *arm_version(struct call *call, const struct item *owner,
    json_t *object, json_t *version)
{
    json_t *row = arm_object(call, owner, object, version);
    const char *name = member_text(version, "id");
    json_t *id = json_sprintf("%s/versions/%s", member_text(row, "id"), name);
    json_t *type = json_sprintf("%s/versions", member_text(row, "type"));

    json_object_set_new(row, "id", id);
    json_object_set_new(row, "type", type);
    json_object_set_new(row, "name", json_string(name));
    return row;
}

void arm_versions_list(struct call *call)
{
    const struct item *owner = owner_find(call);
    json_t *object = owner ? object_need(call, owner) : NULL;
    json_t *list;
    size_t index;
    json_t *version;

    if (!object)
        return;
    list = json_array();
    json_array_foreach(json_object_get(object, "versions"), index, version)
    {
        json_array_append_new(list, arm_version(call, owner, object, version));
    }
    answer_json(call, 200, json_pack("{s:o}", "value", list));
}

void arm_version_get(struct call *call)
{
    const struct item *owner = owner_find(call);
    json_t *object = owner ? object_need(call, owner) : NULL;
    json_t *version = object ? object_version(object, call->captures[4]) : NULL;

    if (version)
        answer_json(call, 200, arm_version(call, owner, object, version));
    else if (object)
        answer_error(call, 404, "KeyNotFound",
            "The version '%s' was not found.", call->captures[4]);
}
