/* Microsoft Graph. Its objects say what they are by "@odata.type"; an id that
 * it does not know is simply missing from the answer. */
#include "msgraph.h"

#include <string.h>

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

void principals_body(struct buf *out, const struct azure_ask *ask)
{
    json_t *ids = json_array();
    json_t *body;
    char *text;

    for (size_t i = 0; i < ask->id_count; i++)
        json_array_append_new(ids, json_string(ask->ids[i]));
    body = json_pack("{s:o, s:[s, s, s, s]}", "ids", ids, "types", "user",
        "group", "servicePrincipal", "application");
    text = json_dumps(body, JSON_COMPACT);
    buf_puts(out, text);
    mem_free(text);
    json_decref(body);
}

static enum kv_principal_type type_of(const json_t *item)
{
    static const char *const words[] = {
        [KV_PRINCIPAL_USER] = "#microsoft.graph.user",
        [KV_PRINCIPAL_GROUP] = "#microsoft.graph.group",
        [KV_PRINCIPAL_SERVICE] = "#microsoft.graph.servicePrincipal",
        [KV_PRINCIPAL_DEVICE] = "#microsoft.graph.device",
    };
    const char *type = json_string_value(json_object_get(item, "@odata.type"));
    uint32_t found = word_find(view_of(type), words, COUNT(words));

    return found < COUNT(words) ? (enum kv_principal_type)found
                                : KV_PRINCIPAL_UNKNOWN;
}

/* ---- credentials ---- */

/* The last to expire; one that says no end has none. */
static int64_t last_end(const json_t *list)
{
    int64_t last_s = 1;

    for (size_t i = 0; i < json_array_size(list); i++) {
        int64_t end_s = field_time(json_array_get(list, i), "endDateTime");

        if (end_s == 0)
            return 0;
        if (end_s > last_s)
            last_s = end_s;
    }
    return last_s;
}

/* Known only where both lists are in the answer, be they empty. */
static struct kv_credentials credentials_of(const json_t *item)
{
    const json_t *passwords = field_array(item, "passwordCredentials");
    const json_t *certificates = field_array(item, "keyCredentials");

    return (struct kv_credentials){
        .known = passwords && certificates,
        .passwords = (uint32_t)json_array_size(passwords),
        .certificates = (uint32_t)json_array_size(certificates),
        .passwords_end_s = last_end(passwords),
        .certificates_end_s = last_end(certificates),
    };
}

/* An id is a stranger's text: only what a GUID is made of is asked for. */
static bool is_guid(const char *text)
{
    return strlen(text) == 36 && strspn(text, "0123456789abcdefABCDEF-") == 36;
}

void applications_subject(struct buf *out, const char *const *ids, size_t count)
{
    const char *gap = "";

    buf_puts(out, "$filter=appId%20in%20(");
    for (size_t i = 0; i < count; i++) {
        if (!is_guid(ids[i]))
            continue;
        buf_putf(out, "%s'%s'", gap, ids[i]);
        gap = ",";
    }
    buf_puts(out, ")&$select=id,appId,displayName,passwordCredentials,"
                  "keyCredentials&$expand=federatedIdentityCredentials");
}

bool application_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *federated = field_array(item, "federatedIdentityCredentials");
    struct kv_application row = { .scope = "/" };

    row.id = field_keep(estate, item, "appId");
    if (!row.id)
        return false;
    row.object_id = field_keep(estate, item, "id");
    row.name = field_keep(estate, item, "displayName");
    row.credentials = credentials_of(item);
    row.federated_known = federated != NULL;
    row.federated = (uint32_t)json_array_size(federated);
    estate_take_row(estate, KV_SET_APPLICATIONS, &row);
    return true;
}

/* ---- principals ---- */

static void take_service(
    struct kv_estate *estate, struct kv_principal *row, const json_t *item)
{
    struct kv_credentials credentials = credentials_of(item);

    row->managed_identity =
        row->managed_identity ||
        view_equal_nocase(field_text(item, "servicePrincipalType"),
            view_of("ManagedIdentity"));
    if (field_text(item, "appId").size > 0)
        row->app_id = field_keep(estate, item, "appId");
    if (field_text(item, "appOwnerOrganizationId").size > 0)
        row->app_home = field_keep(estate, item, "appOwnerOrganizationId");
    if (credentials.known)
        row->credentials = credentials;
}

static struct kv_principal *principal_of(
    const struct azure_context *context, const json_t *item)
{
    const char *id = field_keep(context->estate, item, "id");
    struct kv_principal *row;

    if (!id)
        return NULL;
    row = estate_principal(
        context->estate, estate_refer_principal(context->estate, id));
    row->name = field_keep(context->estate, item, "displayName");
    if (!row->name)
        row->name = row->id;
    row->missing = false;
    if (type_of(item) != KV_PRINCIPAL_UNKNOWN)
        row->type = type_of(item);
    row->application = view_equal_nocase(
        view_of(json_string_value(json_object_get(item, "@odata.type"))),
        view_of("#microsoft.graph.application"));
    if (row->type == KV_PRINCIPAL_SERVICE)
        take_service(context->estate, row, item);
    return row;
}

bool principal_take(const struct azure_context *context, const json_t *item)
{
    return principal_of(context, item) != NULL;
}

static void add_member(
    struct kv_estate *estate, struct kv_principal *group, const char *id)
{
    uint32_t count = group->member_count;
    bool full = (count & (count - 1)) == 0;
    const char **members = (const char **)group->members;

    /* Room doubles at each power of two; the arena keeps the old list. */
    if (full) {
        members = estate_array(estate, count ? count * 2 : 1, sizeof *members);
        if (count > 0)
            memcpy(members, group->members, count * sizeof *members);
        group->members = members;
    }
    members[group->member_count++] = id;
}

bool member_take(const struct azure_context *context, const json_t *item)
{
    struct kv_principal *member = principal_of(context, item);
    struct kv_principal *group;
    const char *id;

    if (!member)
        return false;
    id = member->id;
    group = estate_principal(context->estate,
        estate_refer_principal(context->estate, context->subject));
    if (type_of(item) != KV_PRINCIPAL_GROUP)
        add_member(context->estate, group, id);
    return true;
}

/* ---- Conditional Access ---- */

/* Azure Key Vault's application: in public clouds, and in US Government. */
static const char *const vault_apps[] = {
    "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    "7e7c393b-45d0-48b1-a35e-2905ddf8183c",
};

static bool names_vaults(const json_t *applications, const char *list)
{
    for (uint32_t i = 0; i < COUNT(vault_apps); i++)
        if (field_has_word(applications, list, vault_apps[i]))
            return true;
    return false;
}

static enum kv_conditional_state conditional_state_of(struct view text)
{
    static const char *const words[] = {
        [KV_CONDITIONAL_ENABLED] = "enabled",
        [KV_CONDITIONAL_REPORT_ONLY] = "enabledForReportingButNotEnforced",
    };
    uint32_t found = word_find(text, words, COUNT(words));

    return found < COUNT(words) ? (enum kv_conditional_state)found
                                : KV_CONDITIONAL_DISABLED;
}

static bool includes_users(const json_t *users)
{
    const json_t *named = field_array(users, "includeUsers");
    bool none = field_has_word(users, "includeUsers", "None");

    return (json_array_size(named) > 0 && !none) ||
           json_array_size(field_array(users, "includeGroups")) > 0 ||
           json_array_size(field_array(users, "includeRoles")) > 0 ||
           field(users, "includeGuestsOrExternalUsers") != NULL;
}

/* A grant control, or a session control that is not switched off. */
static bool has_controls(const json_t *item)
{
    const json_t *grant = field(item, "grantControls");
    json_t *session = (json_t *)field(item, "sessionControls");
    const char *name;
    json_t *value;

    if (json_array_size(field_array(grant, "builtInControls")) > 0 ||
        json_array_size(field_array(grant, "customAuthenticationFactors")) >
            0 ||
        json_array_size(field_array(grant, "termsOfUse")) > 0 ||
        field(grant, "authenticationStrength"))
        return true;
    json_object_foreach(session, name, value)
    {
        if (json_is_true(value) || field_tri(value, "isEnabled") == KV_TRI_TRUE)
            return true;
    }
    return false;
}

bool conditional_access_take(
    const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *applications = field(item, "conditions.applications");
    struct kv_conditional_access row = { .scope = "/" };

    row.id = field_keep(estate, item, "id");
    if (!row.id)
        return false;
    row.name = field_keep(estate, item, "displayName");
    row.state = conditional_state_of(field_text(item, "state"));
    row.covers_vaults =
        (field_has_word(applications, "includeApplications", "All") ||
            names_vaults(applications, "includeApplications")) &&
        !names_vaults(applications, "excludeApplications");
    row.filtered = field_text(applications, "applicationFilter.rule").size > 0;
    row.includes_users = includes_users(field(item, "conditions.users"));
    row.controls = has_controls(item);
    estate_take_row(estate, KV_SET_CONDITIONAL_ACCESS, &row);
    return true;
}
