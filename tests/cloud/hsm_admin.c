/* The settings of a managed HSM on its own host. */
#include <stdlib.h>
#include <string.h>

#include "data_gate.h"
#include "handlers.h"
#include "hsm_roles.h"

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
