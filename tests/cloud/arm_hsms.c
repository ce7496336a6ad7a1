/* Microsoft.KeyVault/managedHSMs, whose writes take their time: 202, then an
 * operation to poll. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "change.h"
#include "faults.h"
#include "handlers.h"
#include "page.h"
#include "service.h"
#include "vault_rules.h"

#define TYPE "Microsoft.KeyVault/managedHSMs"
/* Polls and time until an operation is done when no fault says otherwise. */
#define OPERATION_POLLS 2
#define OPERATION_MS 1500

static void hsm_state(json_t *hsm, const char *state, const char *message)
{
    json_t *properties = json_object_get(hsm, "properties");

    json_object_set_new(properties, "provisioningState", json_string(state));
    json_object_set_new(properties, "statusMessage", json_string(message));
}

/* One that fails leaves everything as it was before, but for the state. */
static void operation_finish(struct call *call, struct operation *operation)
{
    const struct item *item =
        estate_find(&call->cloud->estate, KIND_RESOURCE, operation->item_id);
    json_t *hsm;

    if (operation->done)
        return;
    operation->done = true;
    if (!item)
        return;
    hsm = item_json(operation->before ? operation->before : item);
    if (operation->fails)
        hsm_state(hsm, "Failed", "The last operation failed.");
    else
        hsm_state(hsm, "Succeeded", "ManagedHsm is functional.");
    change_store(call, KIND_RESOURCE, hsm);
}

/* Whether anybody polls or not, what is due is done. */
static void operations_settle(struct call *call)
{
    struct cloud *cloud = call->cloud;

    for (size_t i = 0; i < cloud->operation_count; i++) {
        struct operation *operation = &cloud->operations[i];

        if (operation->ready_ms > 0 &&
            time_monotonic_ms() >= operation->ready_ms)
            operation_finish(call, operation);
    }
}

void hsms_list(struct call *call)
{
    bool grouped = strcasestr(call->path, "/resourceGroups/") != NULL;
    char *scope = grouped ? path_group(call) : path_subscription(call);
    struct page page = { .style = PAGE_PLAIN };

    operations_settle(call);
    if (page_add_readable(&page, call, KIND_RESOURCE, scope,
            "microsoft.keyvault/managedhsms", TYPE "/read"))
        page_answer(&page, call);
    free(scope);
}

void hsm_get(struct call *call)
{
    const struct item *hsm;

    operations_settle(call);
    hsm = resource_find(call, TYPE);
    if (hsm)
        answer_item(call, 200, hsm);
}

void hsm_regions(struct call *call)
{
    const struct item *hsm = resource_find(call, TYPE);
    json_t *json;
    json_t *regions;

    if (!hsm)
        return;
    json = item_json(hsm);
    regions = json_object_get(json_object_get(json, "properties"), "regions");
    answer_json(call, 200,
        regions ? json_pack("{s:O}", "value", regions)
                : json_pack("{s:[{s:O, s:b, s:s}]}", "value", "name",
                      json_object_get(json, "location"), "isPrimary", 1,
                      "provisioningState", "Succeeded"));
    json_decref(json);
}

static const struct operation *operation_start(
    struct call *call, const char *item_id, struct item *before)
{
    struct cloud *cloud = call->cloud;
    const struct effect *slow = &call->effects[FAULT_SLOW_OPERATION];
    struct operation *operation;

    cloud->operations = alloc_grow(cloud->operations,
        cloud->operation_count + 1, sizeof *cloud->operations);
    operation = &cloud->operations[cloud->operation_count++];
    *operation = (struct operation){
        .id = guid_new(),
        .item_id = alloc_text(item_id),
        .before = before,
        .fails = call->effects[FAULT_FAIL_OPERATION].on,
        .ready_ms = slow->on ? 0 : time_monotonic_ms() + OPERATION_MS,
        .polls_left = slow->on ? (long)slow->number : OPERATION_POLLS,
    };
    return operation;
}

static void answer_started(struct call *call, json_t *hsm, const char *message)
{
    const char *location = json_string_value(json_object_get(hsm, "location"));
    const char *version = call_query(call, "api-version");
    const struct operation *operation;
    const struct item *item;
    struct item *before = NULL;

    if (call->effects[FAULT_FAIL_OPERATION].on)
        before = estate_find(&call->cloud->estate, KIND_RESOURCE, call->path);
    if (before)
        item_ref(before);
    hsm_state(hsm, "Updating", message);
    item = change_store(call, KIND_RESOURCE, hsm);
    operation = operation_start(call, item->id, before);
    location = location ? location : "westeurope";
    answer_item(call, 202, item);
    call_header(call, "Location",
        "%s/subscriptions/%s/providers/Microsoft.KeyVault/locations/%s/"
        "managedHsmOperationResults/%s?api-version=%s",
        call->origin, call->captures[0], location, operation->id, version);
    call_header(call, "Azure-AsyncOperation",
        "%s/subscriptions/%s/providers/Microsoft.KeyVault/locations/%s/"
        "operationStatuses/%s?api-version=%s",
        call->origin, call->captures[0], location, operation->id, version);
    call_header(call, "Retry-After", "1");
}

static void hsm_merge(json_t *hsm, json_t *body)
{
    static const char *const known[] = { "enablePurgeProtection",
        "publicNetworkAccess", "networkAcls", "softDeleteRetentionInDays",
        "regions" };
    static const char *const top[] = { "tags", "sku", "identity" };
    json_t *given = json_object_get(body, "properties");
    json_t *properties = json_object_get(hsm, "properties");

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        json_t *value = json_object_get(given, known[i]);

        if (value && !json_is_null(value))
            json_object_set(properties, known[i], value);
    }
    for (size_t i = 0; i < sizeof top / sizeof *top; i++) {
        json_t *value = json_object_get(body, top[i]);

        if (value && !json_is_null(value))
            json_object_set(hsm, top[i], value);
    }
}

void hsm_patch(struct call *call)
{
    const struct item *item = resource_find(call, TYPE);
    json_t *body = item ? call_json(call) : NULL;
    json_t *hsm;

    if (!body)
        return;
    hsm = item_json(item);
    if (hsm_rules_check(call, json_object_get(hsm, "properties"),
            json_object_get(body, "properties"))) {
        hsm_merge(hsm, body);
        answer_started(call, json_incref(hsm), "ManagedHsm is updating.");
    }
    json_decref(hsm);
    json_decref(body);
}

static json_t *hsm_new(struct call *call, json_t *body)
{
    json_t *given = json_object_get(body, "properties");
    const char *name = call->captures[2];
    char *group = path_group(call);
    char *id = alloc_format("%s/providers/" TYPE "/%s", group, name);
    char *uri = service_address(call->cloud, SERVICE_HSM, name);
    json_t *hsm = json_pack("{s:s, s:s, s:s, s:O*, s:{s:O*, s:O*, s:s, s:b, "
                            "s:i, s:b}}",
        "id", id, "name", name, "type", TYPE, "location",
        json_object_get(body, "location"), "properties", "tenantId",
        json_object_get(given, "tenantId"), "initialAdminObjectIds",
        json_object_get(given, "initialAdminObjectIds"), "hsmUri", uri,
        "enableSoftDelete", 1, "softDeleteRetentionInDays", 90,
        "enablePurgeProtection", 0);

    free(group);
    free(id);
    free(uri);
    return hsm;
}

void hsm_put(struct call *call)
{
    json_t *body = call_json(call);
    char *group;
    const struct item *item;
    json_t *hsm = NULL;

    if (!body)
        return;
    group = path_group(call);
    item = estate_find(&call->cloud->estate, KIND_RESOURCE, call->path);
    if (item)
        hsm = item_json(item);
    if (!estate_find(&call->cloud->estate, KIND_RESOURCE_GROUP, group)) {
        answer_error(call, 404, "ResourceGroupNotFound",
            "Resource group '%s' could not be found.", call->captures[1]);
    } else if (!hsm && !json_object_get(body, "location")) {
        answer_error(call, 400, "LocationRequired",
            "The location property is required for this definition.");
    } else if (hsm_rules_check(call, json_object_get(hsm, "properties"),
                   json_object_get(body, "properties"))) {
        if (!hsm)
            hsm = hsm_new(call, body);
        hsm_merge(hsm, body);
        answer_started(call, json_incref(hsm),
            item ? "ManagedHsm is updating." : "ManagedHsm is provisioning.");
    }
    json_decref(hsm);
    json_decref(body);
    free(group);
}

static json_t *hsm_deleted(struct call *call, const struct item *item)
{
    json_t *hsm = item_json(item);
    json_t *properties = json_object_get(hsm, "properties");
    const char *location = json_string_value(json_object_get(hsm, "location"));
    char *id = alloc_format("/subscriptions/%s/providers/Microsoft.KeyVault"
                            "/locations/%s/deletedManagedHSMs/%s",
        call->captures[0], location ? location : "", item->name);
    json_t *days = json_object_get(properties, "softDeleteRetentionInDays");
    char deleted[32];
    char purge[32];
    json_t *result;

    time_text(time(NULL), deleted);
    time_text(
        time(NULL) + 86400 * (days ? (time_t)json_integer_value(days) : 90),
        purge);
    result = json_pack("{s:s, s:s, s:s, s:{s:s, s:O*, s:O*, s:s, s:s, s:b}}",
        "id", id, "name", item->name, "type",
        "Microsoft.KeyVault/deletedManagedHSMs", "properties", "mhsmId",
        item->id, "location", json_object_get(hsm, "location"), "tags",
        json_object_get(hsm, "tags"), "deletionDate", deleted,
        "scheduledPurgeDate", purge, "purgeProtectionEnabled",
        json_is_true(json_object_get(properties, "enablePurgeProtection")));
    json_decref(hsm);
    free(id);
    return result;
}

void hsm_delete(struct call *call)
{
    struct estate *estate = &call->cloud->estate;
    const struct item *item = estate_find(estate, KIND_RESOURCE, call->path);

    if (!item) {
        answer_empty(call, 204);
        return;
    }
    change_store(call, KIND_DELETED_HSM, hsm_deleted(call, item));
    estate_remove(estate, KIND_RESOURCE, call->path);
    answer_empty(call, 200);
}

void deleted_hsms_list(struct call *call)
{
    struct page page = { .style = PAGE_PLAIN };
    char *scope = path_subscription(call);

    if (page_add_readable(&page, call, KIND_DELETED_HSM, scope, NULL,
            "Microsoft.KeyVault/deletedManagedHsms/read"))
        page_answer(&page, call);
    free(scope);
}

void deleted_hsm_get(struct call *call)
{
    const struct item *deleted =
        estate_find(&call->cloud->estate, KIND_DELETED_HSM, call->path);

    if (deleted)
        answer_item(call, 200, deleted);
    else
        answer_error(call, 404, "DeletedManagedHSMNotFound",
            "The specified deleted managed HSM '%s' does not exist.",
            call->captures[2]);
}

static struct operation *operation_need(struct call *call)
{
    struct cloud *cloud = call->cloud;

    for (size_t i = 0; i < cloud->operation_count; i++)
        if (text_same(cloud->operations[i].id, call->captures[2]))
            return &cloud->operations[i];
    answer_error(call, 404, "OperationNotFound",
        "The operation '%s' was not found.", call->captures[2]);
    return NULL;
}

/* Finishes by number of polls or by time, whichever comes first; a slow one
 * by polls alone. */
static bool operation_done(struct call *call, struct operation *operation)
{
    if (operation->polls_left > 0)
        operation->polls_left--;
    if (operation->polls_left == 0)
        operation_finish(call, operation);
    operations_settle(call);
    return operation->done;
}

#define FAILED_CODE "InternalServerError"
#define FAILED_MESSAGE "The operation failed; the managed HSM is as it was."

void operation_status(struct call *call)
{
    struct operation *operation = operation_need(call);
    bool done = operation && operation_done(call, operation);
    json_t *body;

    if (!operation)
        return;
    body = json_pack("{s:s, s:s}", "name", operation->id, "status",
        !done              ? "InProgress"
        : operation->fails ? "Failed"
                           : "Succeeded");
    if (done && operation->fails)
        json_object_set_new(body, "error",
            json_pack(
                "{s:s, s:s}", "code", FAILED_CODE, "message", FAILED_MESSAGE));
    answer_json(call, 200, body);
    if (!done)
        call_header(call, "Retry-After", "1");
}

void operation_result(struct call *call)
{
    struct operation *operation = operation_need(call);
    const struct item *item;

    if (!operation)
        return;
    if (!operation_done(call, operation)) {
        answer_empty(call, 202);
        call_header(call, "Location", "%s%s", call->origin, call->target);
        call_header(call, "Retry-After", "1");
        return;
    }
    item = estate_find(&call->cloud->estate, KIND_RESOURCE, operation->item_id);
    if (operation->fails)
        answer_error(call, 500, FAILED_CODE, FAILED_MESSAGE);
    else if (item)
        answer_item(call, 200, item);
    else
        answer_empty(call, 204);
}
