/* ARM ids: what a resource id or a scope says about where it belongs. */
#include "estate.h"

#include <string.h>

static bool is_word(struct view text, const char *word)
{
    return view_equal_nocase(text, view_of(word));
}

/* What is left of `whole` before `rest` began. */
static struct view until(struct view whole, struct view rest)
{
    struct view head = whole;

    if (rest.data)
        head.size = (size_t)(rest.data - whole.data) - 1;
    return head;
}

static void arm_id_take_provider(
    struct arm_id *id, struct view whole, struct view *rest)
{
    id->provider = view_cut(rest, '/');
    id->type = view_cut(rest, '/');
    id->name = view_cut(rest, '/');
    if (is_word(id->provider, "Microsoft.Management") &&
        is_word(id->type, "managementGroups"))
        id->management_group = id->name;
    id->resource = until(whole, *rest);
    id->object = *rest;
}

struct arm_id arm_id_parse(struct view text)
{
    struct arm_id id = { 0 };
    struct view rest;

    while (text.size > 1 && text.data[text.size - 1] == '/')
        text.size--;
    rest = text;
    if (rest.size > 0 && rest.data[0] == '/')
        view_cut(&rest, '/');
    while (rest.size > 0) {
        struct view word = view_cut(&rest, '/');

        if (is_word(word, "subscriptions"))
            id.subscription = view_cut(&rest, '/');
        else if (is_word(word, "resourceGroups"))
            id.resource_group = view_cut(&rest, '/');
        else if (is_word(word, "providers")) {
            arm_id_take_provider(&id, text, &rest);
            break;
        }
    }
    return id;
}

enum kv_scope_level arm_id_level(const struct arm_id *id)
{
    if (id->management_group.size > 0)
        return KV_SCOPE_MANAGEMENT_GROUP;
    if (id->object.size > 0)
        return KV_SCOPE_OBJECT;
    if (id->provider.size > 0)
        return KV_SCOPE_RESOURCE;
    if (id->resource_group.size > 0)
        return KV_SCOPE_RESOURCE_GROUP;
    return id->subscription.size > 0 ? KV_SCOPE_SUBSCRIPTION : KV_SCOPE_ROOT;
}

struct view arm_id_last(struct view id)
{
    struct view name = { NULL, 0 };

    while (id.size > 0)
        name = view_cut(&id, '/');
    return name;
}

bool arm_id_is_governed(const struct arm_id *id, enum kv_kind *kind)
{
    if (!is_word(id->provider, "Microsoft.KeyVault") || id->name.size == 0 ||
        id->subscription.size == 0 || id->resource_group.size == 0)
        return false;
    /* It would be kept up to there only, and never be found again. */
    if (memchr(id->resource.data, '\0', id->resource.size))
        return false;
    if (is_word(id->type, "vaults"))
        *kind = KV_KIND_VAULT;
    else if (is_word(id->type, "managedHSMs"))
        *kind = KV_KIND_HSM;
    else
        return false;
    return true;
}
