/* The administration of a managed HSM on its own host: settings, full backup
 * and restore. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data_gate.h"
#include "handlers.h"
#include "hsm_roles.h"
#include "objects.h"

/* Polls of a job until it is done. */
#define JOB_POLLS 2

static const char *const setting_names[] = {
    "AllowKeyManagementOperationsThroughARM"
};
#define SETTING_COUNT (sizeof setting_names / sizeof *setting_names)

static json_t *setting_json(struct call *call, const char *name)
{
    json_t *value =
        json_object_get(hsm_member(call, "settings", json_object()), name);

    return json_pack("{s:s, s:s, s:s}", "name", name, "value",
        json_is_true(value) ? "true" : "false", "type", "boolean");
}

void hsm_settings_list(struct call *call)
{
    json_t *list;

    if (!data_gate(call, RIGHT_SETTINGS_READ, NULL))
        return;
    list = json_array();
    for (size_t i = 0; i < SETTING_COUNT; i++)
        json_array_append_new(list, setting_json(call, setting_names[i]));
    answer_json(call, 200, json_pack("{s:o}", "settings", list));
}

static const char *setting_need(struct call *call)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (text_same(setting_names[i], call->captures[0]))
            return setting_names[i];
    data_error(call, 404, "SettingNotFound", NULL,
        "The requested setting was not found.");
    return NULL;
}

void hsm_setting_get(struct call *call)
{
    const char *name = NULL;

    if (data_gate(call, RIGHT_SETTINGS_READ, NULL))
        name = setting_need(call);
    if (name)
        answer_json(call, 200, setting_json(call, name));
}

void hsm_setting_patch(struct call *call)
{
    const char *name = NULL;
    json_t *body;
    const char *value;

    if (data_gate(call, RIGHT_SETTINGS_WRITE, NULL))
        name = setting_need(call);
    body = name ? call_json(call) : NULL;
    if (!body)
        return;
    value = json_string_value(json_object_get(body, "value"));
    if (text_same(value, "true") || text_same(value, "false")) {
        json_object_set_new(hsm_member(call, "settings", json_object()), name,
            json_boolean(text_same(value, "true")));
        answer_json(call, 200, setting_json(call, name));
    } else {
        data_error(call, 400, "BadParameter", NULL,
            "The value of the setting must be \"true\" or \"false\".");
    }
    json_decref(body);
}

/* ---- jobs ---- */

static json_t *jobs(struct call *call)
{
    return hsm_member(call, "jobs", json_object());
}

static json_t *job_json(json_t *job, const char *id)
{
    bool done = json_integer_value(json_object_get(job, "polls")) <= 0;
    json_t *folder = json_object_get(job, "folder");
    json_t *kind = json_object_get(job, "kind");
    json_t *answer = json_pack("{s:s, s:o, s:s, s:O, s:O}", "status",
        done ? "Succeeded" : "InProgress", "statusDetails",
        json_sprintf("%s %s", json_string_value(kind),
            done ? "has completed" : "is in progress"),
        "jobId", id, "startTime", json_object_get(job, "start"), "endTime",
        json_object_get(job, "end"));

    if (folder)
        json_object_set(answer, "azureStorageBlobContainerUri", folder);
    return answer;
}

static void job_start(struct call *call, json_t *folder, const char *kind)
{
    char *guid = guid_new();
    char *id = seeded_hex(guid, 32);
    json_t *job = json_pack("{s:I, s:i, s:i, s:s}", "start",
        (json_int_t)time(NULL), "end", 0, "polls", JOB_POLLS, "kind", kind);

    if (folder)
        json_object_set_new(job, "folder", folder);
    json_object_set_new(jobs(call), id, job);
    answer_json(call, 202, job_json(job, id));
    call_header(call, "Azure-AsyncOperation", "%s%s/%s/pending", call->origin,
        call->path, id);
    call_header(call, "Retry-After", "1");
    free(guid);
    free(id);
}

void hsm_backup_start(struct call *call)
{
    const struct item *hsm = data_gate(call, RIGHT_BACKUP_START, NULL);
    json_t *body = hsm ? call_json(call) : NULL;
    const char *container =
        json_string_value(json_object_get(body, "storageResourceUri"));
    char stamp[32];
    time_t now = time(NULL);
    struct tm parts;

    if (!body)
        return;
    gmtime_r(&now, &parts);
    strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S", &parts);
    if (!container ||
        (!json_object_get(body, "token") &&
            !json_is_true(json_object_get(body, "useManagedIdentity"))))
        data_error(call, 400, "BadParameter", NULL,
            "A backup needs storageResourceUri, and a token or a managed "
            "identity.");
    else
        job_start(call,
            json_sprintf("%s/mhsm-%s-%s", container, call->vault, stamp),
            "Full backup");
    json_decref(body);
}

void hsm_restore_start(struct call *call)
{
    const struct item *hsm = data_gate(call, RIGHT_RESTORE_START, NULL);
    json_t *body = hsm ? call_json(call) : NULL;

    if (!body)
        return;
    if (json_is_string(json_object_get(body, "folderToRestore")))
        job_start(call, NULL, "Full restore");
    else
        data_error(call, 400, "BadParameter", NULL,
            "A restore needs folderToRestore.");
    json_decref(body);
}

void hsm_job_status(struct call *call)
{
    const char *id = call->captures[0];
    json_t *job = json_object_get(jobs(call), id);
    json_int_t polls = json_integer_value(json_object_get(job, "polls")) - 1;

    if (!data_gate(call, RIGHT_BACKUP_STATUS, NULL))
        return;
    if (!job) {
        data_error(call, 404, "JobNotFound", NULL,
            "The job was not found on this managed HSM.");
        return;
    }
    if (polls >= 0)
        json_object_set_new(job, "polls", json_integer(polls));
    if (polls == 0)
        json_object_set_new(job, "end", json_integer(time(NULL)));
    answer_json(call, 200, job_json(job, id));
}
