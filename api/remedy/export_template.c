/* ARM templates and Bicep files: the resources of a plan, declared for one
 * deployment. */
#include "export_parts.h"

#include <string.h>

#define TEXT_LIMIT 8192
#define SCHEMA "https://schema.management.azure.com/schemas/"

/* ---- where it is deployed ---- */

/* A deployment is to one resource group, or to a subscription. */
static enum kv_status check_group(const struct declaration *declaration,
    const char *as, struct kv_error *err)
{
    const char *first = declaration->items[0].group;

    for (size_t i = 1; i < declaration->count; i++) {
        const char *group = declaration->items[i].group;

        if (text_equal_nocase(first, group) || (!first && !group))
            continue;
        return kv_error_set(err, KV_REFUSED,
            "%s is deployed to one resource group, and the targets are in %s "
            "and %s: choose those of one, or write the plan as az or json.",
            as, first ? first : "a subscription",
            group ? group : "a subscription");
    }
    return KV_OK;
}

static void put_before(struct buf *out, const struct declared *item)
{
    for (uint32_t i = 0; i < item->target->view.change_count; i++) {
        const struct kv_change *change = &item->target->view.changes[i];

        if (change->request == item->request)
            buf_putf(out, "%s%s was %s", out->size ? "; " : "", change->path,
                change->before ? change->before : "absent");
    }
}

/* "Microsoft.KeyVault/vaults/kv" of what an extension is set on. */
static const char *relative_scope(const char *scope)
{
    const char *at = strstr(scope, "/providers/");

    return at ? at + strlen("/providers/") : NULL;
}

/* ---- ARM ---- */

static json_t *arm_resource(const struct declared *item)
{
    json_t *root = json_pack("{s:s, s:s, s:s}", "type", item->type,
        "apiVersion", item->api_version, "name", item->name);
    const char *scope = item->scope ? relative_scope(item->scope) : NULL;
    struct buf before = { .limit = 1u << 20 };

    if (scope)
        (void)json_object_set_new(root, "scope", json_string(scope));
    put_before(&before, item);
    (void)json_object_set_new(
        root, "comments", json_string(buf_text(&before)));
    (void)json_object_update(root, item->body);
    buf_done(&before);
    return root;
}

static void arm_put(const struct kv_plan *plan,
    const struct declaration *declaration, struct buf *out)
{
    bool group = declaration->items[0].group;
    json_t *resources = json_array();
    json_t *root;
    struct buf about = { .limit = TEXT_LIMIT };

    for (size_t i = 0; i < declaration->count; i++)
        (void)json_array_append_new(
            resources, arm_resource(&declaration->items[i]));
    export_put_head(&about, "", plan);
    root = json_pack("{s:s, s:s, s:{s:s%}, s:o}", "$schema",
        group ? SCHEMA "2019-04-01/deploymentTemplate.json#"
              : SCHEMA "2018-05-01/subscriptionDeploymentTemplate.json#",
        "contentVersion", "1.0.0.0", "metadata", "description", about.data,
        about.size, "resources", resources);
    value_dump(out, root, JSON_INDENT(2));
    buf_putc(out, '\n');
    json_decref(root);
    buf_done(&about);
}

static enum kv_status export_template(const struct kv_plan *plan,
    const char *as,
    void (*put)(const struct kv_plan *plan,
        const struct declaration *declaration, struct buf *out),
    struct buf *out, struct kv_error *err)
{
    struct declaration declaration = { 0 };
    enum kv_status status = declaration_make(&declaration, plan, as, err);

    if (status == KV_OK)
        status = check_group(&declaration, as, err);
    if (status == KV_OK)
        put(plan, &declaration, out);
    declaration_done(&declaration);
    return status;
}

enum kv_status export_arm(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err)
{
    return export_template(plan, "An ARM template", arm_put, out, err);
}

/* ---- Bicep ---- */

static void bicep_string(struct buf *out, const char *text)
{
    buf_putc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_putc(out, '\\');
        if (*text == '$' && text[1] == '{')
            buf_putc(out, '\\');
        if (*text == '\n')
            buf_puts(out, "\\n");
        else
            buf_putc(out, *text);
    }
    buf_putc(out, '\'');
}

static void indent(struct buf *out, int depth)
{
    for (int i = 0; i < depth; i++)
        buf_puts(out, "  ");
}

static bool is_word(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

    return strspn(text, letters) == strlen(text) && *text;
}

static void bicep_value(struct buf *out, json_t *value, int depth);

static void bicep_members(struct buf *out, json_t *object, int depth)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        indent(out, depth);
        if (is_word(name))
            buf_puts(out, name);
        else
            bicep_string(out, name);
        buf_puts(out, ": ");
        bicep_value(out, value, depth);
        buf_putc(out, '\n');
    }
}

static void bicep_items(struct buf *out, json_t *list, int depth)
{
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item)
    {
        indent(out, depth);
        bicep_value(out, item, depth);
        buf_putc(out, '\n');
    }
}

static void bicep_value(struct buf *out, json_t *value, int depth)
{
    if (json_is_string(value)) {
        bicep_string(out, json_string_value(value));
    } else if (json_is_object(value) && json_object_size(value) > 0) {
        buf_puts(out, "{\n");
        bicep_members(out, value, depth + 1);
        indent(out, depth);
        buf_putc(out, '}');
    } else if (json_is_array(value) && json_array_size(value) > 0) {
        buf_puts(out, "[\n");
        bicep_items(out, value, depth + 1);
        indent(out, depth);
        buf_putc(out, ']');
    } else {
        value_dump(out, value, JSON_COMPACT);
    }
}

/* What an extension is set on is there already. */
static void bicep_existing(
    struct buf *out, const struct declared *item, size_t number)
{
    const char *scope = relative_scope(item->scope);
    struct view rest = view_of(scope);
    struct view provider = view_cut(&rest, '/');
    struct view type = view_cut(&rest, '/');

    buf_putf(out, "resource scope%zu '%.*s/%.*s@%s' existing = {\n  name: ",
        number, (int)provider.size, provider.data, (int)type.size, type.data,
        KEY_VAULT_API);
    bicep_string(out, rest.data ? rest.data : "");
    buf_puts(out, "\n}\n\n");
}

static void bicep_resource(
    struct buf *out, const struct declared *item, size_t number)
{
    bool scoped = item->scope && relative_scope(item->scope);

    export_put_comment(out, "//", "", item->target->name);
    export_put_changes(out, "//", item->target, item->request);
    if (scoped)
        bicep_existing(out, item, number);
    buf_putf(out, "resource target%zu '%s@%s' = {\n  name: ", number,
        item->type, item->api_version);
    bicep_string(out, item->name);
    if (scoped)
        buf_putf(out, "\n  scope: scope%zu", number);
    buf_putc(out, '\n');
    bicep_members(out, item->body, 1);
    buf_puts(out, "}\n\n");
}

static void bicep_put(const struct kv_plan *plan,
    const struct declaration *declaration, struct buf *out)
{
    const char *group = declaration->items[0].group;

    export_put_head(out, "//", plan);
    if (group)
        export_put_comment(
            out, "//", "az deployment group create --template-file FILE "
                       "--resource-group ",
            group);
    buf_putf(out, "targetScope = '%s'\n\n",
        group ? "resourceGroup" : "subscription");
    for (size_t i = 0; i < declaration->count; i++)
        bicep_resource(out, &declaration->items[i], i + 1);
}

enum kv_status export_bicep(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err)
{
    return export_template(plan, "A Bicep file", bicep_put, out, err);
}
