/* Microsoft.Authorization, policies 2025-03-01, and the states that
 * Microsoft.PolicyInsights keeps in Resource Graph. */
#include "policy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AUTHORIZATION "/providers/Microsoft.Authorization/"
#define SETS AUTHORIZATION "policySetDefinitions/"

/* Where `part` begins in `id`, any casing; NULL when it is not there. */
static const char *find_part(struct view id, const char *part)
{
    struct view rest = id;

    for (; rest.size > 0; rest.data++, rest.size--)
        if (view_starts_nocase(rest, view_of(part)))
            return rest.data;
    return NULL;
}

/* What a policy object is at: its id up to the provider of policies. */
static const char *scope_of(struct kv_estate *estate, const char *id)
{
    const char *end = find_part(view_of(id), AUTHORIZATION);

    if (!end)
        return NULL;
    return end == id
               ? estate_text(estate, view_of("/"))
               : estate_text(estate, (struct view){ id, (size_t)(end - id) });
}

static bool is_disabled(struct view effect)
{
    return view_equal_nocase(effect, view_of("Disabled"));
}

/* ---- assignments ---- */

static void take_effects(struct kv_estate *estate,
    struct kv_policy_assignment *row, const json_t *properties)
{
    json_t *parameters = (json_t *)field(properties, "parameters");
    struct kv_policy_effect *effects =
        estate_array(estate, json_object_size(parameters), sizeof *effects);
    const char *name;
    json_t *value;

    row->effects = effects;
    json_object_foreach(parameters, name, value)
    {
        struct view text = field_text(value, "value");

        if (text.size == 0)
            continue;
        effects[row->effect_count++] = (struct kv_policy_effect){
            .parameter = estate_text(estate, view_of(name)),
            .disabled = is_disabled(text),
        };
    }
}

static const char *name_of(struct kv_estate *estate, const json_t *item)
{
    const char *name = field_keep(estate, item, "properties.displayName");

    return name && *name ? name : field_keep(estate, item, "name");
}

static bool assignment_of_policy_take(
    struct kv_estate *estate, const json_t *item)
{
    const json_t *properties = field(item, "properties");
    struct view mode = field_text(properties, "enforcementMode");
    struct kv_policy_assignment row = {
        .id = field_keep(estate, item, "id"),
        .scope = field_keep(estate, properties, "scope"),
        .name = name_of(estate, item),
        .definition_id = field_keep(estate, properties, "policyDefinitionId"),
        /* Versions before 2019-06-01 do not say: they knew no other. */
        .enforced =
            mode.size == 0 || view_equal_nocase(mode, view_of("Default")),
        .narrowed =
            json_array_size(field_array(properties, "resourceSelectors")) > 0,
    };

    if (!row.id || !row.definition_id)
        return false;
    if (!row.scope || !*row.scope)
        row.scope = scope_of(estate, row.id);
    row.not_scopes =
        field_texts(estate, properties, "notScopes", &row.not_scope_count);
    take_effects(estate, &row, properties);
    estate_take_row(estate, KV_SET_POLICIES, &row);
    return true;
}

/* Metadata is free, but Microsoft's examples name who asked for the exemption
 * and who approved it. */
static const char *exemption_owner(
    struct kv_estate *estate, const json_t *properties)
{
    static const char *const members[] = { "metadata.approvedBy",
        "metadata.requestedBy" };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (field_text(properties, members[i]).size > 0)
            return field_keep(estate, properties, members[i]);
    return NULL;
}

static bool exemption_take(struct kv_estate *estate, const json_t *item)
{
    const json_t *properties = field(item, "properties");
    struct kv_exemption row = {
        .id = field_keep(estate, item, "id"),
        .name = name_of(estate, item),
        .assignment_id = field_keep(estate, properties, "policyAssignmentId"),
        .waiver = view_equal_nocase(
            field_text(properties, "exemptionCategory"), view_of("Waiver")),
        .ends_at_s = field_time(properties, "expiresOn"),
        .owner = exemption_owner(estate, properties),
    };

    if (!row.id || !row.assignment_id)
        return false;
    row.scope = scope_of(estate, row.id);
    if (field_text(properties, "description").size > 0)
        row.description = field_keep(estate, properties, "description");
    row.references = field_texts(estate, properties,
        "policyDefinitionReferenceIds", &row.reference_count);
    estate_take_row(estate, KV_SET_EXEMPTIONS, &row);
    return true;
}

bool policy_take(const struct azure_context *context, const json_t *item)
{
    struct view id = field_text(item, "id");

    return find_part(id, AUTHORIZATION "policyExemptions/")
               ? exemption_take(context->estate, item)
               : assignment_of_policy_take(context->estate, item);
}

/* ---- sets ---- */

bool policy_set_subject(struct buf *out, struct view definition_id)
{
    static const char hex[] = "0123456789ABCDEF";

    if (!find_part(definition_id, SETS))
        return false;
    /* Names of definitions may hold blanks and more. */
    for (size_t i = 0; i < definition_id.size; i++) {
        unsigned char byte = (unsigned char)definition_id.data[i];

        if (byte > ' ' && byte < 0x7f && !strchr("?#%\\\"<>", byte)) {
            buf_putc(out, (char)byte);
        } else {
            buf_putc(out, '%');
            buf_putc(out, hex[byte >> 4]);
            buf_putc(out, hex[byte & 15]);
        }
    }
    return !out->failed;
}

/* The name in "[parameters('name')]"; empty where the text is another. */
static struct view parameter_of(struct view text)
{
    static const char start[] = "[parameters('";
    static const char end[] = "')]";
    size_t fixed = sizeof start - 1 + sizeof end - 1;

    if (!view_starts_nocase(text, view_of(start)) || text.size <= fixed ||
        memcmp(text.data + text.size - (sizeof end - 1), end, sizeof end - 1) !=
            0)
        return (struct view){ NULL, 0 };
    return (struct view){ text.data + sizeof start - 1, text.size - fixed };
}

/* Built-in definitions call the parameter "effect", a few "audit_effect". */
static struct view effect_of(const json_t *item)
{
    struct view text = field_text(item, "parameters.effect.value");

    return text.size > 0 ? text
                         : field_text(item, "parameters.audit_effect.value");
}

static void member_take(struct kv_estate *estate, struct kv_policy_member *row,
    const json_t *item, const json_t *parameters)
{
    struct view effect = effect_of(item);
    struct view parameter = parameter_of(effect);
    const char *slash = strrchr(row->definition_id, '/');

    row->name = slash ? slash + 1 : row->definition_id;
    row->reference = field_keep(estate, item, "policyDefinitionReferenceId");
    row->disabled = is_disabled(effect);
    if (parameter.size == 0)
        return;
    row->parameter = estate_text(estate, parameter);
    row->disabled = is_disabled(
        field_text(json_object_getn(parameters, parameter.data, parameter.size),
            "defaultValue"));
}

static int member_order(const void *left, const void *right)
{
    const struct kv_policy_member *a = left;
    const struct kv_policy_member *b = right;

    return strcasecmp(a->name, b->name);
}

bool policy_set_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    const json_t *properties = field(item, "properties");
    const json_t *list = field_array(properties, "policyDefinitions");
    size_t count = json_array_size(list);
    struct kv_policy_member *members =
        estate_array(estate, count, sizeof *members);
    struct kv_policy_set row = {
        .id = field_keep(estate, item, "id"),
        .name = name_of(estate, item),
        .members = members,
    };

    if (!row.id || !list)
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *from = json_array_get(list, i);
        struct kv_policy_member *to = &members[row.member_count];

        to->definition_id = field_keep(estate, from, "policyDefinitionId");
        if (!to->definition_id)
            continue;
        member_take(estate, to, from, field(properties, "parameters"));
        row.member_count++;
    }
    if (row.member_count > 0)
        qsort(members, row.member_count, sizeof *members, member_order);
    row.scope = scope_of(estate, row.id);
    estate_take_row(estate, KV_SET_POLICY_SETS, &row);
    return true;
}

/* ---- states ---- */

bool policy_state_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct kv_policy_state row = {
        .id = estate_text(estate, arm_id_last(field_text(item, "id"))),
        .scope = field_keep(estate, item, "resourceId"),
        .assignment_id = field_keep(estate, item, "assignmentId"),
        .definition_id = field_keep(estate, item, "definitionId"),
        .state = field_keep(estate, item, "complianceState"),
    };

    if (!row.id || !row.scope || !row.definition_id || !row.state)
        return false;
    row.compliant = text_equal_nocase(row.state, "Compliant");
    estate_take_row(estate, KV_SET_POLICY_STATES, &row);
    return true;
}
