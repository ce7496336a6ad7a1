/* Managed HSMs, local RBAC and settings (data plane 7.6). Local roles are not
 * Azure's: other ids, other actions, and scopes "/", "/keys", "/keys/NAME". */
#include "hsm.h"

#include "authorization.h"

/* Rows of one HSM have ids of their own: the service's repeat on every HSM. */
static const char *row_id(
    const struct azure_context *context, const char *kind, struct view name)
{
    struct buf id = { .limit = 4096 };
    const char *kept = NULL;

    buf_putf(&id, "%s/%s/", context->subject, kind);
    buf_put(&id, name);
    if (name.size > 0 && !id.failed)
        kept = estate_text(context->estate, buf_view(&id));
    buf_done(&id);
    return kept;
}

bool local_role_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_local_role row = {
        .id = row_id(context, "roleDefinitions", field_text(item, "name")),
        .scope = estate_text(estate, view_of(context->subject)),
        .guid = field_keep(estate, item, "name"),
        .name = field_keep(estate, properties, "roleName"),
    };

    if (!row.id || !row.name)
        return false;
    row.custom = view_equal_nocase(
        field_text(properties, "type"), view_of("CustomRole"));
    row.blocks = take_permissions(estate, properties, &row.block_count);
    estate_take_row(estate, KV_SET_LOCAL_ROLES, &row);
    return true;
}

bool local_assignment_take(
    const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_local_assignment row = {
        .id = row_id(context, "roleAssignments", field_text(item, "name")),
        .scope = estate_text(estate, view_of(context->subject)),
        .within = field_keep(estate, properties, "scope"),
        .principal_id = field_keep(estate, properties, "principalId"),
        .role_guid = estate_text(
            estate, arm_id_last(field_text(properties, "roleDefinitionId"))),
    };

    if (!row.id || !row.principal_id || !row.role_guid)
        return false;
    if (!row.within || !*row.within)
        row.within = "/";
    estate_take_row(estate, KV_SET_LOCAL_ASSIGNMENTS, &row);
    return true;
}

bool settings_take(const struct azure_context *context, const json_t *body)
{
    struct kv_estate *estate = context->estate;
    const json_t *list = field_array(body, "settings");

    if (!list)
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        struct kv_hsm_setting row = {
            .id = row_id(context, "settings", field_text(item, "name")),
            .scope = estate_text(estate, view_of(context->subject)),
            .name = field_keep(estate, item, "name"),
            .value = field_keep(estate, item, "value"),
        };

        if (!row.id || !row.value)
            return false;
        estate_take_row(estate, KV_SET_SETTINGS, &row);
    }
    return true;
}
