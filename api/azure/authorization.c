/* Microsoft.Authorization: role assignments, role definitions and deny
 * assignments 2022-04-01, locks 2020-05-01. A role is known by the last segment of its id alone, for the
 * service returns it relative to a subscription or to the tenant. */
#include "authorization.h"

#include "kvgov/actions.h"

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

enum kv_principal_type principal_type_of(struct view text)
{
    static const char *const words[] = {
        [KV_PRINCIPAL_USER] = "User",
        [KV_PRINCIPAL_GROUP] = "Group",
        [KV_PRINCIPAL_SERVICE] = "ServicePrincipal",
        [KV_PRINCIPAL_FOREIGN_GROUP] = "ForeignGroup",
        [KV_PRINCIPAL_DEVICE] = "Device",
    };
    uint32_t found = word_find(text, words, COUNT(words));

    return found < COUNT(words) ? (enum kv_principal_type)found
                                : KV_PRINCIPAL_UNKNOWN;
}

bool assignment_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_assignment row = { 0 };

    row.id = field_keep(estate, item, "id");
    row.scope = field_keep(estate, properties, "scope");
    row.principal_id = field_keep(estate, properties, "principalId");
    row.role_guid = estate_text(
        estate, arm_id_last(field_text(properties, "roleDefinitionId")));
    if (!row.id || !row.scope || !row.principal_id || !row.role_guid)
        return false;
    row.condition = field_keep(estate, properties, "condition");
    row.principal_type =
        principal_type_of(field_text(properties, "principalType"));
    row.created_at_s = field_time(properties, "createdOn");
    estate_take_assignment(estate, &row);
    return true;
}

const struct kv_permission_block *take_permissions(
    struct kv_estate *estate, const json_t *properties, uint32_t *count)
{
    const json_t *list = field_array(properties, "permissions");
    struct kv_permission_block *blocks =
        estate_array(estate, json_array_size(list), sizeof *blocks);

    *count = (uint32_t)json_array_size(list);
    for (uint32_t i = 0; i < *count; i++) {
        const json_t *from = json_array_get(list, i);
        struct kv_permission_block *to = &blocks[i];

        to->actions = field_texts(estate, from, "actions", &to->action_count);
        to->not_actions =
            field_texts(estate, from, "notActions", &to->not_action_count);
        to->data_actions =
            field_texts(estate, from, "dataActions", &to->data_action_count);
        to->not_data_actions = field_texts(
            estate, from, "notDataActions", &to->not_data_action_count);
    }
    return blocks;
}

bool role_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_role row = { 0 };

    row.guid = field_keep(estate, item, "name");
    row.name = field_keep(estate, properties, "roleName");
    if (!row.guid || !row.name)
        return false;
    row.custom = view_equal_nocase(
        field_text(properties, "type"), view_of("CustomRole"));
    row.blocks = take_permissions(estate, properties, &row.block_count);
    estate_take_role(estate, &row);
    return true;
}

/* Who a deny assignment is for or not for; `everyone` is set where the list
 * names all principals, whose id is all zeros. */
static const char *const *take_principals(struct kv_estate *estate,
    const json_t *list, uint32_t *count, bool *everyone)
{
    static const char all[] = "00000000-0000-0000-0000-000000000000";
    size_t size = json_array_size(list);
    const char **ids = estate_array(estate, size, sizeof *ids);

    *count = 0;
    for (size_t i = 0; i < size; i++) {
        const char *id = field_keep(estate, json_array_get(list, i), "id");

        *everyone |= id && text_equal_nocase(id, all);
        if (id)
            ids[(*count)++] = id;
    }
    return ids;
}

bool denial_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    const struct kv_permission_block *blocks;
    uint32_t block_count = 0;
    struct kv_denial row = { 0 };
    bool nobody = false;

    row.id = field_keep(estate, item, "id");
    row.scope = field_keep(estate, properties, "scope");
    if (!row.id || !row.scope)
        return false;
    row.name = field_keep(estate, properties, "denyAssignmentName");
    row.not_below =
        field_tri(properties, "doNotApplyToChildScopes") == KV_TRI_TRUE;
    row.principals =
        take_principals(estate, field_array(properties, "principals"),
            &row.principal_count, &row.everyone);
    row.excluded =
        take_principals(estate, field_array(properties, "excludePrincipals"),
            &row.excluded_count, &nobody);
    blocks = take_permissions(estate, properties, &block_count);
    row.actions = kv_actions_of(blocks, block_count);
    /* A trial that only reports takes nothing away. */
    if (!nobody &&
        !view_equal_nocase(
            field_text(properties, "denyAssignmentEffect"), view_of("audit")))
        estate_take_row(estate, KV_SET_DENIALS, &row);
    return true;
}

/* What a lock is on: its id up to the lock's own provider segment. */
static struct view locked_scope(struct view id)
{
    static const char mark[] = "/providers/Microsoft.Authorization/locks/";
    struct view rest = id;

    while (rest.size > 0 && !view_starts_nocase(rest, view_of(mark))) {
        rest.data++;
        rest.size--;
    }
    id.size -= rest.size;
    return id;
}

bool lock_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct view level = field_text(item, "properties.level");
    struct kv_lock row = { 0 };

    row.id = field_keep(estate, item, "id");
    row.name = field_keep(estate, item, "name");
    if (!row.id || !row.name)
        return false;
    if (view_equal_nocase(level, view_of("NotSpecified")))
        return true;
    row.scope = estate_text(estate, locked_scope(view_of(row.id)));
    row.read_only = view_equal_nocase(level, view_of("ReadOnly"));
    estate_take_row(estate, KV_SET_LOCKS, &row);
    return true;
}
