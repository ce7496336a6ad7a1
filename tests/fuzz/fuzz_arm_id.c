/* ARM ids and scopes: the parts of any text lie inside of it, and whatever is
 * taken for a vault is found again by its id. */
#include "fuzz.h"

#include "estate.h"

static void check_parts(struct view text, const struct arm_id *id)
{
    const struct view parts[] = { id->subscription, id->resource_group,
        id->provider, id->type, id->name, id->resource, id->object,
        id->management_group };

    for (size_t i = 0; i < LENGTH(parts); i++)
        fuzz_check_within(text, parts[i]);
    fuzz_check_within(text, arm_id_last(text));
    fuzz_check(arm_id_level(id) <= KV_SCOPE_OBJECT);
}

static void check_found(struct kv_estate *estate, struct view id)
{
    struct arm_id parts = arm_id_parse(id);
    enum kv_kind kind = KV_KIND_VAULT;
    bool governed = arm_id_is_governed(&parts, &kind);
    uint32_t at = estate_refer_resource(estate, id);

    fuzz_check((at != KV_NONE) == governed);
    if (at == KV_NONE)
        return;
    fuzz_check(estate_refer_resource(estate, id) == at);
    fuzz_check(
        kv_estate_find(estate, kv_estate_resource(estate, at)->id) == at);
    fuzz_check(kv_estate_resource(estate, at)->kind == kind);
    fuzz_check(kv_estate_resource_count(estate) == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view text = fuzz_view(data, size);
    struct arm_id id = arm_id_parse(text);
    struct kv_estate *estate = estate_new();

    check_parts(text, &id);
    check_found(estate, text);
    estate_free(estate);
    return 0;
}
