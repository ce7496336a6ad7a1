/* Microsoft.Security: plans ("pricings") 2024-01-01 and assessments 2021-06-01,
 * of which only those of vaults and HSMs are kept. */
#include "security.h"

/* What comes before "/providers/Microsoft.Security/" in an id. */
static struct view before_provider(struct view id)
{
    static const char mark[] = "/providers/Microsoft.Security/";
    struct view rest = id;

    while (rest.size > 0 && !view_starts_nocase(rest, view_of(mark))) {
        rest.data++;
        rest.size--;
    }
    id.size -= rest.size;
    return id;
}

/* A plan of a single resource is not the subscription's. */
bool plan_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct kv_plan_tier row = {
        .id = field_keep(estate, item, "id"),
        .name = field_keep(estate, item, "name"),
        .sub_plan = field_keep(estate, item, "properties.subPlan"),
    };
    struct view scope = before_provider(view_of(row.id));
    struct arm_id parts = arm_id_parse(scope);

    if (!row.id || !row.name)
        return false;
    if (arm_id_level(&parts) != KV_SCOPE_SUBSCRIPTION)
        return true;
    row.scope = estate_text(estate, scope);
    row.standard = view_equal_nocase(
        field_text(item, "properties.pricingTier"), view_of("Standard"));
    estate_take_row(estate, KV_SET_PLANS, &row);
    return true;
}

/* Resource Graph is asked for two properties alone, which makes its pages half
 * as long; ARM answers with all of them. */
static const json_t *assessment_properties(const json_t *item)
{
    const json_t *properties = json_object_get(item, "properties");

    return properties ? properties : item;
}

bool assessment_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct view id = field_text(item, "id");
    struct view scope = before_provider(id);
    struct arm_id resource = arm_id_parse(scope);
    const json_t *properties = assessment_properties(item);
    enum kv_kind kind;
    struct kv_assessment row = {
        .name = field_keep(estate, properties, "displayName"),
        .status = field_keep(estate, properties, "status.code"),
        .cause = field_keep(estate, properties, "status.cause"),
    };

    if (id.size == 0)
        return false;
    if (!arm_id_is_governed(&resource, &kind) || !row.status)
        return true;
    if (!row.name)
        row.name = field_keep(estate, item, "name");
    row.id = estate_text(estate, arm_id_last(id));
    row.scope = estate_text(estate, scope);
    estate_take_row(estate, KV_SET_ASSESSMENTS, &row);
    return true;
}
