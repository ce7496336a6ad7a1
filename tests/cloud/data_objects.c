/* The vault data plane's lists and single objects: reading, and changing
 * attributes. */
#include "data_objects.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data_bundles.h"
#include "handlers.h"

#define RESULTS_MAX 25

static const struct object_rights rows[] = {
    [COLLECTION_KEYS] = {
        .list = RIGHT_KEYS_LIST,
        .read = RIGHT_KEYS_READ,
        .update = RIGHT_KEYS_UPDATE,
        .backup = RIGHT_KEYS_BACKUP,
        .restore = RIGHT_KEYS_RESTORE,
        .recover = RIGHT_KEYS_RECOVER,
        .delete = RIGHT_KEYS_DELETE,
        .purge = RIGHT_KEYS_PURGE,
        .missing = "KeyNotFound",
        .word = "key",
    },
    [COLLECTION_SECRETS] = {
        .list = RIGHT_SECRETS_LIST,
        .read = RIGHT_SECRETS_GET,
        .update = RIGHT_SECRETS_UPDATE,
        .backup = RIGHT_SECRETS_BACKUP,
        .restore = RIGHT_SECRETS_RESTORE,
        .recover = RIGHT_SECRETS_RECOVER,
        .delete = RIGHT_SECRETS_DELETE,
        .purge = RIGHT_SECRETS_PURGE,
        .missing = "SecretNotFound",
        .word = "secret",
    },
    [COLLECTION_CERTIFICATES] = {
        .list = RIGHT_CERTIFICATES_LIST,
        .read = RIGHT_CERTIFICATES_READ,
        .update = RIGHT_CERTIFICATES_UPDATE,
        .backup = RIGHT_CERTIFICATES_BACKUP,
        .restore = RIGHT_CERTIFICATES_RESTORE,
        .recover = RIGHT_CERTIFICATES_RECOVER,
        .delete = RIGHT_CERTIFICATES_DELETE,
        .purge = RIGHT_CERTIFICATES_PURGE,
        .missing = "CertificateNotFound",
        .word = "certificate",
    },
};

const struct object_rights *object_rights(enum collection collection)
{
    return &rows[collection_live(collection)];
}

/* ---- lists ---- */

static size_t results_wanted(struct call *call)
{
    const char *text = call_query(call, "maxresults");
    long wanted = text ? strtol(text, NULL, 10) : RESULTS_MAX;

    if (wanted >= 1 && wanted <= RESULTS_MAX)
        return (size_t)wanted;
    data_error(call, 400, "BadParameter", NULL,
        "The request URI contains an invalid value for 'maxresults': it must "
        "be between 1 and 25.");
    return 0;
}

/* Takes the list of all; answers with the page that was asked for. */
static void list_answer(struct call *call, json_t *all)
{
    const char *token = call_query(call, "$skiptoken");
    size_t first = token ? strtoul(token, NULL, 16) : 0;
    size_t wanted = results_wanted(call);
    json_t *page = json_array();
    json_t *link = json_null();

    for (size_t i = first; i < first + wanted && i < json_array_size(all); i++)
        json_array_append(page, json_array_get(all, i));
    if (wanted > 0 && first + wanted < json_array_size(all))
        link = json_sprintf(
            "%s%s&$skiptoken=%zx", call->origin, call->link, first + wanted);
    if (wanted > 0)
        answer_json(call, 200,
            json_pack("{s:O, s:O}", "value", page, "nextLink", link));
    json_decref(page);
    json_decref(link);
    json_decref(all);
}

void data_list(struct call *call)
{
    enum collection collection = collection_of(call->path);
    const struct item *vault =
        data_gate(call, object_rights(collection)->list, NULL);
    json_t *all;
    size_t index;
    json_t *object;

    if (!vault)
        return;
    all = json_array();
    json_array_foreach(
        objects_list(&call->cloud->estate, vault->name, collection), index,
        object)
        json_array_append_new(all, object_item(call, vault, collection, object,
                                       object_version(object, NULL)));
    list_answer(call, all);
}

bool target_find(struct call *call, enum right right, struct target *target)
{
    const char *name = call->captures[0];
    const char *version = call->captures[1];

    *target = (struct target){ .collection = collection_of(call->path) };
    target->vault = data_gate(call, right, name);
    if (!target->vault)
        return false;
    target->list = objects_list(
        &call->cloud->estate, target->vault->name, target->collection);
    target->object = objects_find(target->list, name);
    if (target->object)
        target->version = object_version(target->object, version);
    if (!target->version) {
        char *message = alloc_format(
            "A %s with (name/id) %s was not found in this key vault. If you "
            "recently deleted this %s you may be able to recover it using the "
            "correct recovery command.",
            object_rights(target->collection)->word, name,
            object_rights(target->collection)->word);

        data_error(call, 404, object_rights(target->collection)->missing, NULL,
            message);
        free(message);
    }
    return target->version != NULL;
}

void data_versions(struct call *call)
{
    struct target target;
    json_t *all;
    size_t index;
    json_t *version;

    if (!target_find(
            call, object_rights(collection_of(call->path))->list, &target))
        return;
    all = json_array();
    json_array_foreach(json_object_get(target.object, "versions"), index,
        version) json_array_append_new(all,
        object_item(
            call, target.vault, target.collection, target.object, version));
    list_answer(call, all);
}

/* ---- one ---- */

void target_answer(struct call *call, const struct target *target)
{
    answer_json(call, 200,
        object_bundle(call, target->vault, target->collection, target->object,
            target->version));
}

static void count_value(struct call *call)
{
    json_t *counts = call->cloud->counts;
    static const char name[] = "GET secret value";

    json_object_set_new(counts, name,
        json_integer(json_integer_value(json_object_get(counts, name)) + 1));
}

void data_get(struct call *call)
{
    enum collection collection = collection_of(call->path);
    const struct object_rights *rights = object_rights(collection);
    struct target target;

    if (!target_find(call,
            collection_deleted(collection) ? rights->list : rights->read,
            &target))
        return;
    if (collection == COLLECTION_SECRETS && !object_enabled(target.version)) {
        data_error(call, 403, "Forbidden", "SecretDisabled",
            "Operation get is not allowed on a disabled secret.");
        return;
    }
    if (collection == COLLECTION_SECRETS)
        count_value(call);
    target_answer(call, &target);
}

static void attributes_take(json_t *version, json_t *given)
{
    static const struct {
        const char *outside;
        const char *inside;
    } names[] = { { "exp", "expires" }, { "nbf", "from" } };
    json_t *enabled = json_object_get(given, "enabled");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_t *value = json_object_get(given, names[i].outside);

        if (json_is_null(value))
            json_object_del(version, names[i].inside);
        else if (value)
            json_object_set(version, names[i].inside, value);
    }
    if (json_is_boolean(enabled))
        json_object_set(version, "enabled", enabled);
    json_object_set_new(version, "updated", json_integer(time(NULL)));
}

static bool attributes_check(struct call *call, json_t *given)
{
    json_t *from = json_object_get(given, "nbf");
    json_t *expires = json_object_get(given, "exp");

    if ((from && !json_is_integer(from) && !json_is_null(from)) ||
        (expires && !json_is_integer(expires) && !json_is_null(expires))) {
        data_error(call, 400, "BadParameter", NULL,
            "Property has invalid value: dates are seconds since 1970.");
        return false;
    }
    if (json_is_integer(from) && json_is_integer(expires) &&
        json_integer_value(from) >= json_integer_value(expires)) {
        data_error(call, 400, "BadParameter", NULL,
            "Property 'exp' must be later than 'nbf'.");
        return false;
    }
    return true;
}

void data_patch(struct call *call)
{
    static const struct {
        const char *outside;
        const char *inside;
    } carried[] = { { "tags", "tags" }, { "contentType", "contentType" },
        { "key_ops", "operations" } };
    struct target target;
    json_t *body;
    json_t *given;

    if (!target_find(
            call, object_rights(collection_of(call->path))->update, &target))
        return;
    body = call_json(call);
    given = json_object_get(body, "attributes");
    if (body && attributes_check(call, given)) {
        attributes_take(target.version, given);
        for (size_t i = 0; i < sizeof carried / sizeof *carried; i++)
            if (json_object_get(body, carried[i].outside))
                json_object_set(target.object, carried[i].inside,
                    json_object_get(body, carried[i].outside));
        target_answer(call, &target);
    }
    json_decref(body);
}
