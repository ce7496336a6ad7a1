/* The bodies of the vault data plane: keys, secrets and certificates, in lists
 * and alone. What looks like key material is made from the object's name. */
#include "data_bundles.h"

#include <stdlib.h>
#include <string.h>

#include "x509.h"

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

char *object_address(const struct call *call, enum collection collection,
    json_t *object, const char *version)
{
    return alloc_format("%s/%s/%s%s%s", call->origin,
        collection_names[collection], member_text(object, "name"),
        version ? "/" : "", version ? version : "");
}

static void put_when(
    json_t *to, const char *name, json_t *version, const char *member)
{
    json_int_t when = object_when(version, member);

    if (when > 0)
        json_object_set_new(to, name, json_integer(when));
}

json_t *object_attributes(
    const struct item *vault, enum collection collection, json_t *version)
{
    json_t *to = json_object();
    const char *level = recovery_level(vault);

    json_object_set_new(to, "enabled", json_boolean(object_enabled(version)));
    put_when(to, "nbf", version,
        collection_live(collection) == COLLECTION_CERTIFICATES &&
                !json_object_get(version, "from")
            ? "created" /* a certificate is valid from some time on */
            : "from");
    put_when(to, "exp", version, "expires");
    put_when(to, "created", version, "created");
    put_when(to, "updated", version, "updated");
    json_object_set_new(to, "recoveryLevel", json_string(level));
    if (strcmp(level, "Purgeable") != 0)
        json_object_set_new(
            to, "recoverableDays", json_integer(recovery_days(vault)));
    if (collection_live(collection) == COLLECTION_KEYS)
        json_object_set_new(to, "exportable", json_false());
    return to;
}

/* What holds the key: software, hardware of the older kind, of the newer one.
 * Versions before 7.5 do not tell. */
static void put_platform(
    const struct call *call, json_t *attributes, json_t *object)
{
    const char *version = call_query(call, "api-version");
    const char *type = member_text(object, "kty");
    size_t length = strlen(type);
    const char *platform = "0";

    if (!version || strcmp(version, "7.5") < 0)
        return;
    if (call->service == SERVICE_HSM)
        platform = "2";
    else if (length > 4 && strcmp(type + length - 4, "-HSM") == 0)
        platform = "1";
    json_object_set_new(attributes, "hsmPlatform", json_string(platform));
}

/* The same in either case: what a list says and what a GET does. */
static void put_attributes(const struct call *call, json_t *to,
    const struct item *vault, enum collection collection, json_t *object,
    json_t *version)
{
    json_t *attributes = object_attributes(vault, collection, version);

    if (collection_live(collection) == COLLECTION_KEYS)
        put_platform(call, attributes, object);
    json_object_set_new(to, "attributes", attributes);
}

/* Of a deleted object only. */
static void put_deleted(const struct call *call, json_t *to,
    enum collection collection, json_t *object)
{
    enum collection deleted = (enum collection)(
        collection_live(collection) + COLLECTION_DELETED_KEYS);
    char *id;

    if (!json_object_get(object, "deleted"))
        return;
    id = object_address(call, deleted, object, NULL);
    json_object_set_new(to, "recoveryId", json_string(id));
    put_when(to, "deletedDate", object, "deleted");
    put_when(to, "scheduledPurgeDate", object, "purge");
    free(id);
}

static void put_thumbprint(json_t *to, json_t *object, json_t *version)
{
    char *text = x509_thumbprint(object, version);

    json_object_set_new(to, "x5t", json_string(text));
    free(text);
}

static json_t *policy_member(
    json_t *object, const char *group, const char *name)
{
    return json_object_get(
        json_object_get(json_object_get(object, "policy"), group), name);
}

json_t *object_item(const struct call *call, const struct item *vault,
    enum collection collection, json_t *object, json_t *version)
{
    enum collection live = collection_live(collection);
    bool versions = text_holds(call->path, "/versions");
    char *id = object_address(
        call, live, object, versions ? member_text(version, "id") : NULL);
    json_t *to = json_object();

    put_deleted(call, to, collection, object);
    json_object_set_new(
        to, live == COLLECTION_KEYS ? "kid" : "id", json_string(id));
    put_attributes(call, to, vault, collection, object, version);
    if (*member_text(object, "contentType"))
        json_object_set(
            to, "contentType", json_object_get(object, "contentType"));
    if (live == COLLECTION_CERTIFICATES) {
        put_thumbprint(to, object, version);
        json_object_set(
            to, "subject", policy_member(object, "x509_props", "subject"));
    }
    if (json_object_get(object, "tags"))
        json_object_set(to, "tags", json_object_get(object, "tags"));
    if (json_is_true(json_object_get(object, "managed")))
        json_object_set_new(to, "managed", json_true());
    free(id);
    return to;
}

/* ---- keys ---- */

static void put_seeded(
    json_t *to, const char *name, const char *seed, size_t bytes)
{
    char *full = alloc_format("%s %s", name, seed);
    char *text = seeded_base64url(full, bytes);

    json_object_set_new(to, name, json_string(text));
    free(full);
    free(text);
}

static json_t *key_operations(const char *kty)
{
    if (text_starts(kty, "EC"))
        return json_pack("[s, s]", "sign", "verify");
    if (text_starts(kty, "oct"))
        return json_pack("[s, s]", "wrapKey", "unwrapKey");
    return json_pack("[s, s, s, s, s, s]", "encrypt", "decrypt", "sign",
        "verify", "wrapKey", "unwrapKey");
}

static size_t curve_bytes(const char *curve)
{
    return strstr(curve, "521") ? 66 : strstr(curve, "384") ? 48 : 32;
}

/* A symmetric key has no public part. What there is follows from the version:
 * a copy that was restored elsewhere is the same key. */
static json_t *key_material(json_t *object, const char *kid)
{
    const char *version = strrchr(kid, '/');
    const char *kty = member_text(object, "kty");
    json_t *operations = json_object_get(object, "operations");
    json_t *key = json_pack("{s:s, s:s, s:o}", "kid", kid, "kty", kty,
        "key_ops", operations ? json_incref(operations) : key_operations(kty));
    json_int_t bits = json_integer_value(json_object_get(object, "size"));

    if (text_starts(kty, "EC")) {
        const char *curve = member_text(object, "curve");

        json_object_set_new(key, "crv", json_string(curve));
        put_seeded(key, "x", version, curve_bytes(curve));
        put_seeded(key, "y", version, curve_bytes(curve));
    } else if (text_starts(kty, "RSA")) {
        put_seeded(key, "n", version, (size_t)(bits ? bits : 2048) / 8);
        json_object_set_new(key, "e", json_string("AQAB"));
    }
    return key;
}

static void put_key(
    const struct call *call, json_t *to, json_t *object, json_t *version)
{
    char *kid = object_address(
        call, COLLECTION_KEYS, object, member_text(version, "id"));

    json_object_set_new(to, "key", key_material(object, kid));
    free(kid);
}

/* ---- secrets ---- */

/* No real secret, but as opaque as one. */
static void put_secret(
    const struct call *call, json_t *to, json_t *object, json_t *version)
{
    char *id = object_address(
        call, COLLECTION_SECRETS, object, member_text(version, "id"));

    if (!collection_deleted(collection_of(call->path)) && call_is(call, "GET"))
        put_seeded(to, "value", id, 24);
    json_object_set_new(to, "id", json_string(id));
    if (*member_text(object, "contentType"))
        json_object_set(
            to, "contentType", json_object_get(object, "contentType"));
    free(id);
}

/* ---- certificates ---- */

json_t *certificate_policy(const struct call *call, json_t *object)
{
    json_t *policy = json_deep_copy(json_object_get(object, "policy"));
    json_t *version = object_version(object, NULL);
    char *id = object_address(call, COLLECTION_CERTIFICATES, object, "policy");

    if (!policy)
        policy = json_object();
    json_object_set_new(policy, "id", json_string(id));
    json_object_set_new(policy, "attributes",
        json_pack("{s:b, s:I, s:I}", "enabled", 1, "created",
            object_when(version, "created"), "updated",
            object_when(version, "updated")));
    free(id);
    return policy;
}

static void put_certificate(
    const struct call *call, json_t *to, json_t *object, json_t *version)
{
    static const struct {
        const char *member;
        enum collection collection;
    } addresses[] = { { "id", COLLECTION_CERTIFICATES },
        { "kid", COLLECTION_KEYS }, { "sid", COLLECTION_SECRETS } };
    const char *id = member_text(version, "id");
    char *cer;

    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char *address =
            object_address(call, addresses[i].collection, object, id);

        json_object_set_new(to, addresses[i].member, json_string(address));
        free(address);
    }
    put_thumbprint(to, object, version);
    cer = x509_text(object, version);
    json_object_set_new(to, "cer", json_string(cer));
    free(cer);
    json_object_set_new(to, "policy", certificate_policy(call, object));
}

json_t *object_bundle(const struct call *call, const struct item *vault,
    enum collection collection, json_t *object, json_t *version)
{
    json_t *to = json_object();

    put_deleted(call, to, collection, object);
    switch (collection_live(collection)) {
    case COLLECTION_KEYS:
        put_key(call, to, object, version);
        break;
    case COLLECTION_SECRETS:
        put_secret(call, to, object, version);
        break;
    case COLLECTION_CERTIFICATES:
    case COLLECTION_DELETED_KEYS:
    case COLLECTION_DELETED_SECRETS:
    case COLLECTION_DELETED_CERTIFICATES:
        put_certificate(call, to, object, version);
        break;
    }
    put_attributes(call, to, vault, collection, object, version);
    if (json_object_get(object, "tags"))
        json_object_set(to, "tags", json_object_get(object, "tags"));
    if (json_is_true(json_object_get(object, "managed")))
        json_object_set_new(to, "managed", json_true());
    return to;
}

/* A key without one answers with what would be sent before its expiry. */
json_t *rotation_policy(const struct call *call, json_t *object)
{
    json_t *policy = json_deep_copy(json_object_get(object, "rotation"));
    json_t *version = object_version(object, NULL);
    json_t *attributes;
    char *base;

    if (!policy)
        return json_pack("{s:[{s:{s:s}, s:{s:s}}], s:n}", "lifetimeActions",
            "trigger", "timeBeforeExpiry", "P30D", "action", "type", "Notify",
            "attributes");
    base = object_address(call, COLLECTION_KEYS, object, "rotationpolicy");
    json_object_set_new(policy, "id", json_string(base));
    attributes = json_object_get(policy, "attributes");
    if (!json_is_object(attributes)) {
        attributes = json_object();
        json_object_set_new(policy, "attributes", attributes);
    }
    json_object_set_new(
        attributes, "created", json_integer(object_when(version, "created")));
    json_object_set_new(
        attributes, "updated", json_integer(object_when(version, "updated")));
    free(base);
    return policy;
}
