/* Terraform files. A vault is azurerm_key_vault, with an import block since it
 * is there; whatever azurerm has no simple block for is azapi, Microsoft's
 * provider that takes ARM's own bodies. */
#include "export_parts.h"

#include <string.h>

#define NAME_LIMIT 256

/* ---- HCL ---- */

static void put_string(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; text && *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_putc(out, '\\');
        if ((*text == '$' || *text == '%') && text[1] == '{')
            buf_putc(out, *text);
        if (*text == '\n')
            buf_puts(out, "\\n");
        else
            buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static void indent(struct buf *out, int depth)
{
    for (int i = 0; i < depth; i++)
        buf_puts(out, "  ");
}

static void put_value(struct buf *out, json_t *value, int depth)
{
    const char *name;
    json_t *item;
    size_t index;

    if (json_is_string(value)) {
        put_string(out, json_string_value(value));
    } else if (json_is_object(value)) {
        buf_puts(out, "{\n");
        json_object_foreach(value, name, item)
        {
            indent(out, depth + 1);
            put_string(out, name);
            buf_puts(out, " = ");
            put_value(out, item, depth + 1);
            buf_putc(out, '\n');
        }
        indent(out, depth);
        buf_putc(out, '}');
    } else if (json_is_array(value)) {
        buf_putc(out, '[');
        json_array_foreach(value, index, item)
        {
            buf_puts(out, index ? ", " : "");
            put_value(out, item, depth + 1);
        }
        buf_putc(out, ']');
    } else {
        value_dump(out, value, JSON_COMPACT);
    }
}

/* A block's own name: letters, digits, lines below. */
static void put_name(struct buf *out, const char *text)
{
    buf_puts(out, "kvgov_");
    for (; *text; text++) {
        bool plain = (*text >= 'a' && *text <= 'z') ||
                     (*text >= 'A' && *text <= 'Z') ||
                     (*text >= '0' && *text <= '9');

        buf_putc(out, plain ? *text : '_');
    }
}

/* ---- a vault ---- */

struct argument {
    const char *name; /* azurerm's */
    const char *path; /* ARM's, below the body */
    const char *absent; /* what absent means; NULL: left out */
};

static const struct argument arguments[] = {
    { "location", "location", NULL },
    { "tenant_id", "properties.tenantId", NULL },
    { "sku_name", "properties.sku.name", NULL },
    { "rbac_authorization_enabled", "properties.enableRbacAuthorization",
        "false" },
    { "purge_protection_enabled", "properties.enablePurgeProtection", "false" },
    { "soft_delete_retention_days", "properties.softDeleteRetentionInDays",
        "90" },
    { "enabled_for_deployment", "properties.enabledForDeployment", "false" },
    { "enabled_for_disk_encryption", "properties.enabledForDiskEncryption",
        "false" },
    { "enabled_for_template_deployment",
        "properties.enabledForTemplateDeployment", "false" },
    { "tags", "tags", NULL },
};

static void put_argument(
    struct buf *out, json_t *body, const struct argument *argument)
{
    json_t *value = value_at(body, argument->path);

    if (!value && !argument->absent)
        return;
    buf_putf(out, "  %s = ", argument->name);
    if (value)
        put_value(out, value, 1);
    else
        buf_puts(out, argument->absent);
    buf_putc(out, '\n');
}

/* The texts of one member of each item. */
static void put_list(
    struct buf *out, const char *name, json_t *list, const char *member)
{
    size_t index;
    json_t *item;

    buf_putf(out, "    %s = [", name);
    json_array_foreach(list, index, item)
    {
        buf_puts(out, index ? ", " : "");
        put_string(out, value_text(item, member));
    }
    buf_puts(out, "]\n");
}

static void put_network(struct buf *out, json_t *body)
{
    json_t *acls = value_at(body, "properties.networkAcls");
    const char *bypass = value_text(acls, "bypass");
    const char *action = value_text(acls, "defaultAction");
    const char *access = value_text(body, "properties.publicNetworkAccess");

    buf_putf(out, "  public_network_access_enabled = %s\n",
        text_equal_nocase(access, "Disabled") ? "false" : "true");
    if (!acls)
        return;
    buf_puts(out, "  network_acls {\n    bypass = ");
    put_string(out, bypass ? bypass : "AzureServices");
    buf_puts(out, "\n    default_action = ");
    put_string(out, action ? action : "Allow");
    buf_putc(out, '\n');
    put_list(out, "ip_rules", value_at(acls, "ipRules"), "value");
    put_list(out, "virtual_network_subnet_ids",
        value_at(acls, "virtualNetworkRules"), "id");
    buf_puts(out, "  }\n");
}

static void put_policies(struct buf *out, json_t *body)
{
    static const char *const kinds[][2] = {
        { "key_permissions", "permissions.keys" },
        { "secret_permissions", "permissions.secrets" },
        { "certificate_permissions", "permissions.certificates" },
        { "storage_permissions", "permissions.storage" },
    };
    size_t index;
    json_t *item;

    json_array_foreach(value_at(body, "properties.accessPolicies"), index, item)
    {
        buf_puts(out, "  access_policy {\n    tenant_id = ");
        put_string(out, value_text(item, "tenantId"));
        buf_puts(out, "\n    object_id = ");
        put_string(out, value_text(item, "objectId"));
        if (value_text(item, "applicationId")) {
            buf_puts(out, "\n    application_id = ");
            put_string(out, value_text(item, "applicationId"));
        }
        buf_putc(out, '\n');
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            json_t *list = value_at(item, kinds[i][1]);

            if (json_array_size(list) == 0)
                continue;
            buf_putf(out, "    %s = ", kinds[i][0]);
            put_value(out, list, 2);
            buf_putc(out, '\n');
        }
        buf_puts(out, "  }\n");
    }
}

static void put_import(
    struct buf *out, const char *type, const char *name, const char *id)
{
    buf_putf(out, "import {\n  to = %s.%s\n  id = ", type, name);
    put_string(out, id);
    buf_puts(out, "\n}\n\n");
}

static void put_vault(
    struct buf *out, const struct declared *item, const char *name)
{
    put_import(out, "azurerm_key_vault", name, item->target->id);
    buf_putf(out, "resource \"azurerm_key_vault\" \"%s\" {\n  name = ", name);
    put_string(out, item->name);
    buf_puts(out, "\n  resource_group_name = ");
    put_string(out, item->group);
    buf_putc(out, '\n');
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++)
        put_argument(out, item->body, &arguments[i]);
    put_network(out, item->body);
    put_policies(out, item->body);
    buf_puts(out, "}\n\n");
}

/* ---- everything else ---- */

/* The id that it stands below. */
static void put_parent(struct buf *out, const struct declared *item)
{
    const struct step *step = &item->target->draft.steps[item->request];
    const char *path = step->call.path;
    const char *at = NULL;

    for (const char *p = strstr(path, "/providers/"); p;
         p = strstr(p + 1, "/providers/"))
        at = p;
    if (item->scope) {
        put_string(out, item->scope);
    } else {
        char *parent = mem_copy_view(
            (struct view){ path, at ? (size_t)(at - path) : strlen(path) });

        put_string(out, parent);
        mem_free(parent);
    }
}

static void put_other(
    struct buf *out, const struct declared *item, const char *name)
{
    if (item->is_there) {
        buf_putf(out,
            "resource \"azapi_update_resource\" \"%s\" {\n  type = \"%s@%s\"\n"
            "  resource_id = ",
            name, item->type, item->api_version);
        put_string(out, item->target->id);
    } else {
        buf_putf(out,
            "resource \"azapi_resource\" \"%s\" {\n  type = \"%s@%s\"\n"
            "  name = ",
            name, item->type, item->api_version);
        put_string(out, item->name);
        buf_puts(out, "\n  parent_id = ");
        put_parent(out, item);
    }
    buf_puts(out, "\n  body = ");
    put_value(out, item->body, 1);
    buf_puts(out, "\n}\n\n");
}

static void put_item(struct buf *out, const struct declared *item, size_t number)
{
    struct buf name = { .limit = NAME_LIMIT };

    put_name(&name, item->target->name);
    if (number > 1)
        buf_putf(&name, "_%zu", number);
    export_put_comment(out, "#", "", item->target->name);
    export_put_changes(out, "#", item->target, item->request);
    if (item->is_there &&
        text_equal_nocase(item->type, "Microsoft.KeyVault/vaults"))
        put_vault(out, item, buf_text(&name));
    else
        put_other(out, item, buf_text(&name));
    buf_done(&name);
}

enum kv_status export_terraform(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err)
{
    struct declaration declaration = { 0 };
    enum kv_status status =
        declaration_make(&declaration, plan, "A Terraform file", err);

    if (status == KV_OK)
        export_put_head(out, "#", plan);
    if (status == KV_OK)
        buf_putc(out, '\n');
    for (size_t i = 0; i < declaration.count && status == KV_OK; i++)
        put_item(out, &declaration.items[i], i + 1);
    declaration_done(&declaration);
    return status;
}
