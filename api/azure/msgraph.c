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
    body = json_pack("{s:o, s:[s, s, s]}", "ids", ids, "types", "user", "group",
        "servicePrincipal");
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
    row->managed_identity =
        row->managed_identity ||
        view_equal_nocase(field_text(item, "servicePrincipalType"),
            view_of("ManagedIdentity"));
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
