/* Backup and restore of a managed HSM on its own host: jobs that are started
 * and asked about until they are done. A backup keeps what the HSM's own part
 * of dataPlane held when it was started, under the name of its folder. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data_gate.h"
#include "faults.h"
#include "handlers.h"
#include "hsm_roles.h"
#include "objects.h"

/* Polls of a job until it is done. */
#define JOB_POLLS 2

static const char *member_text(json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

static json_t *jobs(struct call *call)
{
    return hsm_member(call, "jobs", json_object());
}

static json_t *backups(struct call *call)
{
    return hsm_member(call, "backups", json_object());
}

/* ---- what a job does when it is done ---- */

static json_t *keys_of(struct call *call)
{
    return objects_list(&call->cloud->estate, call->vault, COLLECTION_KEYS);
}

static void backup_keep(struct call *call, const char *folder)
{
    json_object_set_new(backups(call), folder,
        json_pack("{s:o, s:o}", "keys", json_deep_copy(keys_of(call)),
            "roleAssignments",
            json_deep_copy(hsm_member(call, "roleAssignments", json_array()))));
}

/* The HSM is as the backup has it: what came later is gone. */
static void list_replace(json_t *list, json_t *kept)
{
    json_t *copy = json_deep_copy(kept);

    json_array_clear(list);
    json_array_extend(list, copy);
    json_decref(copy);
}

static void restore_all(struct call *call, json_t *kept)
{
    list_replace(keys_of(call), json_object_get(kept, "keys"));
    list_replace(hsm_member(call, "roleAssignments", json_array()),
        json_object_get(kept, "roleAssignments"));
    call->cloud->estate.access_generation++;
}

/* NULL when it could be done, otherwise why not. */
static const char *job_carry_out(struct call *call, json_t *job)
{
    json_t *kept = json_object_get(backups(call), member_text(job, "from"));
    const char *key = member_text(job, "key");
    json_t *found = objects_find(json_object_get(kept, "keys"), key);

    if (!*member_text(job, "from"))
        return NULL;
    if (!kept)
        return "The folder holds no backup of this security domain.";
    if (json_is_true(json_object_get(job, "check")))
        return NULL;
    if (!*key)
        restore_all(call, kept);
    else if (found)
        json_array_append_new(keys_of(call), json_deep_copy(found));
    else
        return "The backup does not hold the key.";
    return NULL;
}

/* ---- answers ---- */

static const char *job_status(json_t *job)
{
    if (json_integer_value(json_object_get(job, "polls")) > 0)
        return "InProgress";
    return json_object_get(job, "problem") ? "Failed" : "Succeeded";
}

static json_t *job_json(json_t *job, const char *id)
{
    const char *status = job_status(job);
    bool done = strcmp(status, "InProgress") != 0;
    json_t *problem = json_object_get(job, "problem");
    json_t *answer = json_pack("{s:s, s:o, s:n, s:s, s:O, s:O}", "status",
        status, "statusDetails",
        json_sprintf("%s %s", member_text(job, "kind"),
            !done     ? "is in progress"
            : problem ? "has failed"
                      : "has completed"),
        "error", "jobId", id, "startTime", json_object_get(job, "start"),
        "endTime", done ? json_object_get(job, "end") : json_null());

    if (problem)
        json_object_set_new(answer, "error",
            json_pack("{s:s, s:O}", "code", "InternalServerError", "message",
                problem));
    if (*member_text(job, "container"))
        json_object_set(answer, "azureStorageBlobContainerUri",
            done ? json_object_get(job, "container") : json_null());
    return answer;
}

/* Takes the job; `place` is "backup" or "restore", where it is asked about. */
static void job_start(struct call *call, json_t *job, const char *place)
{
    const struct effect *slow = &call->effects[FAULT_SLOW_OPERATION];
    char *guid = guid_new();
    char *id = seeded_hex(guid, 32);

    json_object_set_new(job, "start", json_integer(time(NULL)));
    json_object_set_new(job, "polls",
        json_integer(slow->on ? (json_int_t)slow->number : JOB_POLLS));
    if (call->effects[FAULT_FAIL_OPERATION].on)
        json_object_set_new(
            job, "problem", json_string("The storage cannot be reached."));
    json_object_set_new(jobs(call), id, job);
    answer_json(call, 202, job_json(job, id));
    call_header(call, "Azure-AsyncOperation", "%s/%s/%s/pending", call->origin,
        place, id);
    call_header(call, "Retry-After", "1");
    free(guid);
    free(id);
}

static void job_end(struct call *call, json_t *job)
{
    const char *problem = NULL;

    json_object_set_new(job, "end", json_integer(time(NULL)));
    if (!json_object_get(job, "problem"))
        problem = job_carry_out(call, job);
    if (problem)
        json_object_set_new(job, "problem", json_string(problem));
}

static void job_answer(struct call *call, enum right right)
{
    const char *id = call->captures[0];
    json_t *job;
    json_int_t polls;

    if (!data_gate(call, right, NULL))
        return;
    job = json_object_get(jobs(call), id);
    if (!job) {
        data_error(call, 404, "JobNotFound", NULL,
            "The job was not found on this managed HSM.");
        return;
    }
    polls = json_integer_value(json_object_get(job, "polls")) - 1;
    if (polls >= 0)
        json_object_set_new(job, "polls", json_integer(polls));
    if (polls == 0)
        job_end(call, job);
    answer_json(call, 200, job_json(job, id));
    if (polls > 0)
        call_header(call, "Retry-After", "1");
}

void hsm_backup_status(struct call *call)
{
    job_answer(call, RIGHT_BACKUP_STATUS);
}

void hsm_restore_status(struct call *call)
{
    job_answer(call, RIGHT_RESTORE_STATUS);
}

/* ---- starting ---- */

/* Whether it says where the storage is and how to be let in; or 400. */
static bool storage_check(struct call *call, json_t *storage)
{
    bool good =
        *member_text(storage, "storageResourceUri") &&
        (json_object_get(storage, "token") ||
            json_is_true(json_object_get(storage, "useManagedIdentity")));

    if (!good)
        data_error(call, 400, "BadParameter", NULL,
            "The request needs storageResourceUri, and a token or a managed "
            "identity.");
    return good;
}

static char *folder_name(struct call *call)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm parts;

    gmtime_r(&now, &parts);
    strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S", &parts);
    return alloc_format("mhsm-%s-%s", call->vault, stamp);
}

static void backup_begin(struct call *call, bool check)
{
    const struct item *hsm = data_gate(call, RIGHT_BACKUP_START, NULL);
    json_t *body = hsm ? call_json(call) : NULL;
    char *folder;
    json_t *container;

    if (!body)
        return;
    if (storage_check(call, body)) {
        folder = folder_name(call);
        container = json_sprintf(
            "%s/%s", member_text(body, "storageResourceUri"), folder);
        if (!check)
            backup_keep(call, folder);
        job_start(call,
            json_pack("{s:s, s:o}", "kind",
                check ? "Full backup check" : "Full backup", "container",
                container),
            "backup");
        free(folder);
    }
    json_decref(body);
}

void hsm_backup_start(struct call *call)
{
    backup_begin(call, false);
}

void hsm_backup_check(struct call *call)
{
    backup_begin(call, true);
}

/* From which folder, or NULL after an answer. */
static const char *restore_source(
    struct call *call, json_t *body, const char *name)
{
    const char *folder = member_text(body, name);

    if (!storage_check(call, json_object_get(body, "sasTokenParameters")))
        return NULL;
    if (*folder)
        return folder;
    data_error(call, 400, "BadParameter", NULL,
        "The request does not say which folder to restore.");
    return NULL;
}

static void restore_begin(struct call *call, bool check)
{
    const struct item *hsm = data_gate(call, RIGHT_RESTORE_START, NULL);
    json_t *body = hsm ? call_json(call) : NULL;
    const char *folder =
        body ? restore_source(call, body, "folderToRestore") : NULL;

    if (folder)
        job_start(call,
            json_pack("{s:s, s:s, s:b}", "kind",
                check ? "Full restore check" : "Full restore", "from", folder,
                "check", check),
            "restore");
    json_decref(body);
}

void hsm_restore_start(struct call *call)
{
    restore_begin(call, false);
}

void hsm_restore_check(struct call *call)
{
    restore_begin(call, true);
}

/* One key: it must not be there, not even deleted. */
static bool key_gone(struct call *call, const char *name)
{
    struct estate *estate = &call->cloud->estate;

    if (!objects_find(keys_of(call), name) &&
        !objects_find(
            objects_list(estate, call->vault, COLLECTION_DELETED_KEYS), name))
        return true;
    data_error(call, 409, "Conflict", NULL,
        "A key with this name already exists, or is deleted but recoverable; "
        "purge it before it is restored.");
    return false;
}

void hsm_key_restore_start(struct call *call)
{
    const char *name = call->captures[0];
    const struct item *hsm = data_gate(call, RIGHT_RESTORE_START, NULL);
    json_t *body = hsm ? call_json(call) : NULL;
    const char *folder = body ? restore_source(call, body, "folder") : NULL;

    if (folder && key_gone(call, name))
        job_start(call,
            json_pack("{s:s, s:s, s:s}", "kind", "Selective restore", "from",
                folder, "key", name),
            "restore");
    json_decref(body);
}
