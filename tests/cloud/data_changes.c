/* What the vault data plane does to objects beyond their attributes: rotation,
 * policies, backup and restore, deletion and recovery. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data_bundles.h"
#include "data_objects.h"
#include "handlers.h"
#include "pim.h"
#include "things.h"

#define DAY_S 86400

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

/* The path's third part is a word, not a version. */
static bool named_find(struct call *call, enum right right, struct target *to)
{
    free(call->captures[1]);
    call->captures[1] = NULL;
    return target_find(call, right, to);
}

/* ---- keys ---- */

void key_rotate(struct call *call)
{
    struct target target;

    if (!named_find(call, RIGHT_KEYS_ROTATE, &target))
        return;
    target.version = object_renew(target.object);
    target_answer(call, &target);
}

void key_rotation_get(struct call *call)
{
    struct target target;

    if (named_find(call, RIGHT_ROTATION_READ, &target))
        answer_json(call, 200, rotation_policy(call, target.object));
}

/* Seven days in a vault, twenty-eight in an HSM, both ways. */
static bool rotation_check(struct call *call, json_t *body)
{
    long least = (call->service == SERVICE_HSM ? 28 : 7) * DAY_S;
    json_t *actions = json_object_get(body, "lifetimeActions");
    const char *life =
        member_text(json_object_get(body, "attributes"), "expiryTime");
    size_t index;
    json_t *action;

    json_array_foreach(actions, index, action)
    {
        json_t *trigger = json_object_get(action, "trigger");
        const char *after = member_text(trigger, "timeAfterCreate");
        const char *before = member_text(trigger, "timeBeforeExpiry");
        bool rotates = text_same(
            member_text(json_object_get(action, "action"), "type"), "Rotate");

        if ((!*after && !*before) ||
            pim_duration_s(*after ? after : before) < least ||
            (rotates && *before && !*life)) {
            data_error(call, 400, "BadParameter", NULL,
                "The rotation policy has a trigger that is not valid.");
            return false;
        }
    }
    return true;
}

void key_rotation_put(struct call *call)
{
    struct target target;
    json_t *body;

    if (!named_find(call, RIGHT_ROTATION_WRITE, &target))
        return;
    body = call_json(call);
    if (body && rotation_check(call, body)) {
        json_object_set(target.object, "rotation", body);
        answer_json(call, 200, rotation_policy(call, target.object));
    }
    json_decref(body);
}

/* ---- certificates ---- */

void certificate_policy_get(struct call *call)
{
    struct target target;

    if (named_find(call, RIGHT_CERTIFICATES_READ, &target))
        answer_json(call, 200, certificate_policy(call, target.object));
}

/* Each action has one trigger, in the range that the service knows. */
static bool lifetime_good(json_t *row)
{
    json_t *trigger = json_object_get(row, "trigger");
    json_t *percentage = json_object_get(trigger, "lifetime_percentage");
    json_t *days = json_object_get(trigger, "days_before_expiry");
    const char *action =
        member_text(json_object_get(row, "action"), "action_type");
    json_int_t value = json_integer_value(percentage ? percentage : days);

    return !percentage != !days && value >= 1 && (days || value <= 99) &&
           (text_same(action, "AutoRenew") ||
               text_same(action, "EmailContacts"));
}

static bool lifetimes_check(struct call *call, json_t *body)
{
    size_t index;
    json_t *row;

    json_array_foreach(json_object_get(body, "lifetime_actions"), index, row)
    {
        if (lifetime_good(row))
            continue;
        data_error(call, 400, "BadParameter", NULL,
            "Property lifetime_actions has an invalid value: an action needs "
            "one trigger, a percentage of 1 to 99 or days of at least 1.");
        return false;
    }
    return true;
}

void certificate_policy_patch(struct call *call)
{
    struct target target;
    json_t *policy;
    json_t *body;

    if (!named_find(call, RIGHT_CERTIFICATES_UPDATE, &target))
        return;
    body = call_json(call);
    if (!body || !lifetimes_check(call, body)) {
        json_decref(body);
        return;
    }
    policy = json_object_get(target.object, "policy");
    if (!policy) {
        policy = json_object();
        json_object_set_new(target.object, "policy", policy);
    }
    json_merge(policy, body);
    json_object_set_new(target.version, "updated", json_integer(time(NULL)));
    answer_json(call, 200, certificate_policy(call, target.object));
    json_decref(body);
}

void certificate_contacts_get(struct call *call)
{
    const struct item *vault = data_gate(call, RIGHT_CONTACTS_READ, NULL);
    json_t *plane;
    json_t *contacts;
    char *key;

    if (!vault)
        return;
    key = alloc_lower(vault->name);
    plane =
        json_object_get(estate_member(&call->cloud->estate, "dataPlane"), key);
    contacts = json_object_get(plane, "contacts");
    free(key);
    if (contacts)
        answer_json(call, 200,
            json_pack("{s:o, s:O}", "id",
                json_sprintf("%s/certificates/contacts", call->origin),
                "contacts", contacts));
    else
        data_error(call, 404, "ContactsNotFound", NULL,
            "Contacts not found for this vault.");
}

/* Who signs certificates of the vault: the issuers that their policies name,
 * but for the vault itself and those that it does not know. */
void certificate_issuers_list(struct call *call)
{
    const struct item *vault = data_gate(call, RIGHT_ISSUERS_LIST, NULL);
    json_t *seen;
    json_t *list;
    size_t index;
    json_t *object;

    if (!vault)
        return;
    seen = json_object();
    list = json_array();
    json_array_foreach(objects_list(&call->cloud->estate, vault->name,
                           COLLECTION_CERTIFICATES),
        index, object)
    {
        const char *name = member_text(
            json_object_get(json_object_get(object, "policy"), "issuer"),
            "name");

        if (!*name || text_same(name, "Self") || text_same(name, "Unknown") ||
            json_object_get(seen, name))
            continue;
        json_object_set_new(seen, name, json_true());
        json_array_append_new(list,
            json_pack("{s:o, s:s}", "id",
                json_sprintf("%s/certificates/issuers/%s", call->origin, name),
                "provider", name));
    }
    json_decref(seen);
    answer_json(call, 200, json_pack("{s:o, s:n}", "value", list, "nextLink"));
}

/* ---- backup and restore ---- */

/* A backup can be read by nobody; this cloud keeps what it stands for. */
static json_t *backups(struct call *call)
{
    json_t *file = call->cloud->estate.file;
    json_t *kept = json_object_get(file, "backups");

    if (!kept) {
        kept = json_object();
        json_object_set_new(file, "backups", kept);
    }
    return kept;
}

static char *subscription_of(const struct item *vault)
{
    return id_subscription(vault->key);
}

void object_backup(struct call *call)
{
    struct target target;
    char *guid;
    char *blob;
    char *subscription;

    if (!named_find(
            call, object_rights(collection_of(call->path))->backup, &target))
        return;
    guid = guid_new();
    blob = seeded_base64url(guid, 900);
    subscription = subscription_of(target.vault);
    json_object_set_new(backups(call), blob,
        json_pack("{s:i, s:s, s:o}", "collection", (int)target.collection,
            "subscription", subscription ? subscription : "", "object",
            json_deep_copy(target.object)));
    answer_json(call, 200, json_pack("{s:s}", "value", blob));
    free(guid);
    free(blob);
    free(subscription);
}

static const char *restore_refusal(struct call *call, const struct item *vault,
    json_t *kept, enum collection collection)
{
    json_t *object = json_object_get(kept, "object");
    char *subscription = subscription_of(vault);
    bool same = text_same(subscription, member_text(kept, "subscription"));
    struct estate *estate = &call->cloud->estate;
    enum collection deleted =
        (enum collection)(collection + COLLECTION_DELETED_KEYS);
    const char *name = member_text(object, "name");

    free(subscription);
    if (json_integer_value(json_object_get(kept, "collection")) !=
        (json_int_t)collection)
        return "BadParameter";
    if (!same)
        return "Forbidden";
    if (objects_find(objects_list(estate, vault->name, collection), name))
        return "Conflict";
    if (objects_find(objects_list(estate, vault->name, deleted), name))
        return "Deleted";
    return NULL;
}

static void restore_refuse(struct call *call, const char *code)
{
    if (strcmp(code, "Deleted") == 0)
        data_error(call, 409, "Conflict", "ObjectIsDeletedButRecoverable",
            "An object with this name is deleted but recoverable in this key "
            "vault; it can only be recovered or purged.");
    else if (strcmp(code, "Conflict") == 0)
        data_error(call, 409, code, NULL,
            "An object with this name already exists in this key vault.");
    else if (strcmp(code, "Forbidden") == 0)
        data_error(call, 403, code, NULL,
            "The backup was made in another subscription or geography.");
    else
        data_error(call, 400, "BadParameter", NULL,
            "Property \"value\" has invalid value: it is not a backup of this "
            "kind of object.");
}

void object_restore(struct call *call)
{
    enum collection collection = collection_of(call->path);
    const struct item *vault =
        data_gate(call, object_rights(collection)->restore, NULL);
    json_t *body = vault ? call_json(call) : NULL;
    json_t *kept = json_object_get(backups(call), member_text(body, "value"));
    const char *refusal;

    if (!body)
        return;
    refusal =
        kept ? restore_refusal(call, vault, kept, collection) : "BadParameter";
    if (refusal) {
        restore_refuse(call, refusal);
    } else {
        struct target target = {
            .vault = vault,
            .collection = collection,
            .list = objects_list(&call->cloud->estate, vault->name, collection),
            .object = json_deep_copy(json_object_get(kept, "object")),
        };

        json_array_append_new(target.list, target.object);
        target.version = object_version(target.object, NULL);
        target_answer(call, &target);
    }
    json_decref(body);
}

/* ---- deletion and recovery ---- */

void object_delete(struct call *call)
{
    struct target target;
    enum collection deleted;
    long days;

    if (!named_find(
            call, object_rights(collection_of(call->path))->delete, &target))
        return;
    deleted = (enum collection)(target.collection + COLLECTION_DELETED_KEYS);
    days = recovery_days(target.vault);
    json_object_set_new(target.object, "deleted", json_integer(time(NULL)));
    json_object_set_new(
        target.object, "purge", json_integer(time(NULL) + days * DAY_S));
    target_answer(call, &target);
    json_array_append(
        objects_list(&call->cloud->estate, target.vault->name, deleted),
        target.object);
    objects_remove(target.list, call->captures[0]);
}

void object_recover(struct call *call)
{
    struct target target;
    enum collection live;

    if (!named_find(
            call, object_rights(collection_of(call->path))->recover, &target))
        return;
    live = collection_live(target.collection);
    json_array_append(
        objects_list(&call->cloud->estate, target.vault->name, live),
        target.object);
    json_incref(target.object);
    objects_remove(target.list, call->captures[0]);
    json_object_del(target.object, "deleted");
    json_object_del(target.object, "purge");
    answer_json(call, 200,
        object_bundle(call, target.vault, live, target.object, target.version));
    json_decref(target.object);
}

void object_purge(struct call *call)
{
    struct target target;

    if (!named_find(
            call, object_rights(collection_of(call->path))->purge, &target))
        return;
    if (!text_holds(recovery_level(target.vault), "Purgeable")) {
        data_error(call, 403, "Forbidden", NULL,
            "Operation \"purge\" is not allowed because purge protection is "
            "enabled.");
        return;
    }
    objects_remove(target.list, call->captures[0]);
    answer_empty(call, 204);
}
