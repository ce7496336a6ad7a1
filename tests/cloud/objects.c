/* The store of keys, secrets and certificates; see objects.h. */
#include "objects.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const collection_names[COLLECTION_COUNT] = {
    [COLLECTION_KEYS] = "keys",
    [COLLECTION_SECRETS] = "secrets",
    [COLLECTION_CERTIFICATES] = "certificates",
    [COLLECTION_DELETED_KEYS] = "deletedkeys",
    [COLLECTION_DELETED_SECRETS] = "deletedsecrets",
    [COLLECTION_DELETED_CERTIFICATES] = "deletedcertificates",
};

enum collection collection_of(const char *path)
{
    char *name = alloc_slice(path + 1, strcspn(path + 1, "/"));
    size_t found = 0;

    for (size_t i = 0; i < COLLECTION_COUNT; i++)
        if (text_same(collection_names[i], name))
            found = i;
    free(name);
    return (enum collection)found;
}

bool collection_deleted(enum collection collection)
{
    return collection >= COLLECTION_DELETED_KEYS;
}

enum collection collection_live(enum collection collection)
{
    return collection_deleted(collection)
               ? (enum collection)(collection - COLLECTION_DELETED_KEYS)
               : collection;
}

static json_t *member_need(json_t *object, const char *name, json_t *fresh)
{
    json_t *value = json_object_get(object, name);

    if (value) {
        json_decref(fresh);
        return value;
    }
    json_object_set_new(object, name, fresh);
    return fresh;
}

json_t *objects_list(
    struct estate *estate, const char *vault, enum collection collection)
{
    json_t *plane = member_need(estate->file, "dataPlane", json_object());
    char *key = alloc_lower(vault);
    json_t *own = member_need(plane, key, json_object());

    free(key);
    return member_need(own, collection_names[collection], json_array());
}

json_t *objects_find(json_t *list, const char *name)
{
    size_t index;
    json_t *object;

    json_array_foreach(list, index,
        object) if (text_same(json_string_value(json_object_get(object,
                                  "name")),
                        name)) return object;
    return NULL;
}

void objects_remove(json_t *list, const char *name)
{
    size_t index;
    json_t *object;

    json_array_foreach(list, index,
        object) if (text_same(json_string_value(json_object_get(object,
                                  "name")),
                        name))
    {
        json_array_remove(list, index);
        return;
    }
}

json_t *object_version(json_t *object, const char *id)
{
    json_t *versions = json_object_get(object, "versions");
    size_t index;
    json_t *version;

    if (!id)
        return json_array_get(versions, json_array_size(versions) - 1);
    json_array_foreach(versions, index,
        version) if (text_same(json_string_value(json_object_get(version,
                                   "id")),
                         id)) return version;
    return NULL;
}

json_t *object_renew(json_t *object)
{
    json_t *last = object_version(object, NULL);
    json_t *fresh = json_deep_copy(last);
    json_int_t life =
        object_when(last, "expires") - object_when(last, "created");
    time_t now = time(NULL);
    char *guid = guid_new();
    char *id = seeded_hex(guid, 32);

    json_object_set_new(fresh, "id", json_string(id));
    json_object_set_new(fresh, "created", json_integer(now));
    json_object_set_new(fresh, "updated", json_integer(now));
    json_object_del(fresh, "from");
    if (object_when(last, "expires") > 0)
        json_object_set_new(fresh, "expires", json_integer(now + life));
    json_array_append_new(json_object_get(object, "versions"), fresh);
    free(guid);
    free(id);
    return fresh;
}

json_int_t object_when(json_t *version, const char *name)
{
    json_t *value = json_object_get(version, name);
    struct tm parts = { 0 };

    if (json_is_integer(value))
        return json_integer_value(value);
    if (!json_is_string(value) ||
        !strptime(json_string_value(value), "%Y-%m-%dT%H:%M:%S", &parts))
        return 0;
    return timegm(&parts);
}

bool object_enabled(json_t *version)
{
    return !json_is_false(json_object_get(version, "enabled"));
}

long recovery_days(const struct item *vault)
{
    char *text = item_copy(vault, "properties.softDeleteRetentionInDays");
    long days = strtol(text, NULL, 10);

    free(text);
    return days > 0 ? days : 90;
}

const char *recovery_level(const struct item *vault)
{
    bool off =
        span_is(scan_path(vault->text, "properties.enableSoftDelete"), "false");
    bool kept = span_is(
        scan_path(vault->text, "properties.enablePurgeProtection"), "true");
    bool custom = recovery_days(vault) != 90;

    if (off)
        return "Purgeable";
    if (kept)
        return custom ? "CustomizedRecoverable" : "Recoverable";
    return custom ? "CustomizedRecoverable+Purgeable" : "Recoverable+Purgeable";
}

/* SHA-256 in counter mode: the same for the same seed, and looks random. */
void seeded_bytes(const char *seed, unsigned char *out, size_t count)
{
    for (size_t done = 0; done < count; done += 32) {
        char *text = alloc_format("%s %zu", seed, done);
        unsigned char digest[32];

        EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL);
        memcpy(out + done, digest, count - done < 32 ? count - done : 32);
        free(text);
    }
}

char *seeded_hex(const char *seed, size_t digits)
{
    unsigned char *bytes = alloc_zero(1, digits);
    struct buffer text = { 0 };

    seeded_bytes(seed, bytes, digits);
    for (size_t i = 0; i < digits; i++)
        buffer_putc(&text, "0123456789abcdef"[bytes[i] & 15]);
    free(bytes);
    return buffer_take(&text);
}

char *seeded_base64url(const char *seed, size_t bytes)
{
    unsigned char *raw = alloc_zero(1, bytes);
    unsigned char *coded = alloc_zero(1, bytes / 3 * 4 + 8);
    char *text;

    seeded_bytes(seed, raw, bytes);
    EVP_EncodeBlock(coded, raw, (int)bytes);
    text = alloc_slice((char *)coded, strcspn((char *)coded, "="));
    for (char *at = text; *at; at++)
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    free(raw);
    free(coded);
    return text;
}
