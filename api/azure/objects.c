/* Lists of objects: Azure Resource Manager's, which need no right inside the
 * vault, and the vault's own (data plane 7.6). Times are seconds since 1970;
 * an object without `enabled` is enabled, one without `exp` never expires. */
#include "objects.h"

#include <string.h>

bool object_name_is_plain(struct view name)
{
    for (size_t i = 0; i < name.size; i++) {
        char at = name.data[i];

        if (!(at >= '0' && at <= '9') && !(at >= 'A' && at <= 'Z') &&
            !(at >= 'a' && at <= 'z') && at != '-')
            return false;
    }
    return name.size > 0 && name.size <= 127;
}

/* "RESOURCE-ID/keys/NAME", the same whoever told of it; NULL for a name that
 * no vault would allow. */
static const char *object_id(const struct azure_context *context,
    const char *collection, struct view name)
{
    struct buf id = { .limit = 4096 };
    const char *kept = NULL;

    buf_putf(&id, "%s/%s/", context->subject, collection);
    buf_put(&id, name);
    if (object_name_is_plain(name) && !id.failed)
        kept = estate_text(context->estate, buf_view(&id));
    buf_done(&id);
    return kept;
}

struct kv_object *object_gathered(const struct azure_context *context,
    const char *collection, struct view name)
{
    static const struct {
        const char *collection;
        enum kv_set set;
    } sets[] = { { "keys", KV_SET_KEYS }, { "secrets", KV_SET_SECRETS },
        { "certificates", KV_SET_CERTIFICATES } };
    const char *id = object_id(context, collection, name);

    for (size_t i = 0; id && i < sizeof sets / sizeof *sets; i++)
        if (strcmp(sets[i].collection, collection) == 0)
            return estate_gathered_row(context->estate, sets[i].set, id);
    return NULL;
}

static int64_t field_epoch(const json_t *object, const char *path)
{
    return field_number(object, path, 1, INT64_C(1) << 40);
}

static void take_attributes(
    struct kv_estate *estate, struct kv_object *row, const json_t *attributes)
{
    row->disabled = field_tri(attributes, "enabled") == KV_TRI_FALSE;
    row->not_before_s = field_epoch(attributes, "nbf");
    row->expires_s = field_epoch(attributes, "exp");
    row->created_s = field_epoch(attributes, "created");
    row->updated_s = field_epoch(attributes, "updated");
    row->recovery_level = field_keep(estate, attributes, "recoveryLevel");
}

static void take_tags(
    struct kv_estate *estate, struct kv_object *row, const json_t *item)
{
    const json_t *tags = field(item, "tags");
    struct kv_tag *list =
        estate_array(estate, json_object_size(tags), sizeof *list);
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)tags, name, value)
    {
        if (!json_is_string(value))
            continue;
        list[row->tag_count++] = (struct kv_tag){
            .name = estate_text(estate, view_of(name)),
            .value = estate_text(estate, view_of(json_string_value(value))),
        };
    }
    row->tags = list;
}

/* ---- Azure Resource Manager ---- */

static bool arm_take(const struct azure_context *context, const json_t *item,
    enum kv_set set, const char *collection, enum kv_object_kind kind)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    struct kv_object row = {
        .id = object_id(context, collection, field_text(item, "name")),
        .scope = estate_text(estate, view_of(context->subject)),
        .name = field_keep(estate, item, "name"),
        .kind = kind,
    };

    if (!row.id)
        return false;
    take_attributes(estate, &row, field(properties, "attributes"));
    take_tags(estate, &row, item);
    row.content_type = field_keep(estate, properties, "contentType");
    estate_take_row(estate, set, &row);
    return true;
}

bool arm_key_take(const struct azure_context *context, const json_t *item)
{
    return arm_take(context, item, KV_SET_KEYS, "keys", KV_OBJECT_KEY);
}

bool arm_secret_take(const struct azure_context *context, const json_t *item)
{
    return arm_take(context, item, KV_SET_SECRETS, "secrets", KV_OBJECT_SECRET);
}

/* ---- the vault itself ---- */

/* "https://kv-a.vault.azure.net/keys/NAME", perhaps with a version behind. */
static struct view name_of_address(struct view address, const char *collection)
{
    struct buf mark = { .limit = 64 };
    struct view rest = address;

    buf_putf(&mark, "/%s/", collection);
    while (rest.size > mark.size &&
           memcmp(rest.data, buf_text(&mark), mark.size) != 0) {
        rest.data++;
        rest.size--;
    }
    if (rest.size > mark.size) {
        rest.data += mark.size;
        rest.size -= mark.size;
    } else {
        rest.size = 0;
    }
    buf_done(&mark);
    return view_cut(&rest, '/');
}

struct plane_list {
    enum kv_set set;
    const char *collection;
    const char *address; /* the member that holds it */
    enum kv_object_kind kind;
    bool deleted;
};

static bool plane_take(const struct azure_context *context, const json_t *item,
    const struct plane_list *list)
{
    struct kv_estate *estate = context->estate;
    struct view name =
        name_of_address(field_text(item, list->address), list->collection);
    struct kv_object row = {
        .id = object_id(context, list->collection, name),
        .scope = estate_text(estate, view_of(context->subject)),
        .name = estate_text(estate, name),
        .kind = list->kind,
        .deleted = list->deleted,
        .from_data_plane = true,
    };

    if (!row.id)
        return false;
    take_attributes(estate, &row, field(item, "attributes"));
    take_tags(estate, &row, item);
    row.content_type = field_keep(estate, item, "contentType");
    row.subject = field_keep(estate, item, "subject");
    row.managed = field_tri(item, "managed") == KV_TRI_TRUE;
    row.managed_known = true;
    row.deleted_s = field_epoch(item, "deletedDate");
    row.purge_s = field_epoch(item, "scheduledPurgeDate");
    estate_take_row(estate, list->set, &row);
    return true;
}

bool key_take(const struct azure_context *context, const json_t *item)
{
    return plane_take(context, item,
        &(struct plane_list){
            KV_SET_KEYS, "keys", "kid", KV_OBJECT_KEY, false });
}

bool secret_take(const struct azure_context *context, const json_t *item)
{
    return plane_take(context, item,
        &(struct plane_list){
            KV_SET_SECRETS, "secrets", "id", KV_OBJECT_SECRET, false });
}

bool certificate_take(const struct azure_context *context, const json_t *item)
{
    return plane_take(context, item,
        &(struct plane_list){ KV_SET_CERTIFICATES, "certificates", "id",
            KV_OBJECT_CERTIFICATE, false });
}

bool deleted_key_take(const struct azure_context *context, const json_t *item)
{
    return plane_take(context, item,
        &(struct plane_list){
            KV_SET_DELETED_OBJECTS, "keys", "kid", KV_OBJECT_KEY, true });
}

bool deleted_secret_take(
    const struct azure_context *context, const json_t *item)
{
    return plane_take(context, item,
        &(struct plane_list){
            KV_SET_DELETED_OBJECTS, "secrets", "id", KV_OBJECT_SECRET, true });
}

bool deleted_certificate_take(
    const struct azure_context *context, const json_t *item)
{
    return plane_take(context, item,
        &(struct plane_list){ KV_SET_DELETED_OBJECTS, "certificates", "id",
            KV_OBJECT_CERTIFICATE, true });
}
