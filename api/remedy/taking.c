/* What may not be taken away from whom, and who loses what by what is. */
#include "access.h"

#include <string.h>

#include "estate.h"
#include "evaluate.h"

#define TEXT_LIMIT 4096

static const struct kv_role *role_of(
    const struct kv_estate *estate, const struct kv_assignment *assignment)
{
    return assignment->role == KV_NONE
               ? NULL
               : kv_estate_role(estate, assignment->role);
}

static bool is_taken(const struct taking *taking, const char *id)
{
    for (size_t i = 0; i < taking->count; i++)
        if (text_equal_nocase(taking->items[i]->id, id))
            return true;
    return false;
}

/* What stays at or above the scope of what would be taken, one by one; NULL
 * ends. */
static json_t *next_left(const struct taking *taking, json_t *list,
    const struct kv_assignment *assignment, size_t *at)
{
    json_t *value = value_at(list, "value");

    while (*at < json_array_size(value)) {
        json_t *item = json_array_get(value, (*at)++);
        const char *id = value_text(item, "id");

        if (id && !text_equal_nocase(id, assignment->id) &&
            !is_taken(taking, id))
            return value_at(item, "properties");
    }
    return NULL;
}

/* ---- the last one that can assign roles ---- */

static uint64_t actions_of(const struct kv_estate *estate, json_t *properties)
{
    const struct kv_role *role =
        kv_estate_find_role(estate, role_guid_of(properties));

    return role ? role->actions : 0;
}

static bool is_dead(const struct kv_estate *estate, const char *id)
{
    const struct kv_principal *who =
        id ? kv_estate_principal(estate, id) : NULL;

    return who && who->missing;
}

static bool assigns(const struct kv_estate *estate, json_t *properties)
{
    return (actions_of(estate, properties) & KV_ACTION_BIT(KV_ACTION_ASSIGN)) &&
           !value_at(properties, "condition") &&
           !is_dead(estate, value_text(properties, "principalId"));
}

/* Of a subscription and above Azure wants one of its very own. */
static bool is_last_owner(const struct taking *taking, json_t *list,
    const struct kv_assignment *assignment)
{
    const struct kv_estate *estate = taking->input->estate;
    const struct kv_role *role = role_of(estate, assignment);
    struct arm_id id = arm_id_parse(view_of(assignment->scope));
    bool own = arm_id_level(&id) <= KV_SCOPE_SUBSCRIPTION;
    json_t *left;
    size_t at = 0;

    if (!role || !(role->actions & KV_ACTION_BIT(KV_ACTION_ASSIGN)) ||
        assignment->condition || is_dead(estate, assignment->principal_id))
        return false;
    while ((left = next_left(taking, list, assignment, &at)))
        if (assigns(estate, left) &&
            (!own || text_equal_nocase(
                         value_text(left, "scope"), assignment->scope)))
            return false;
    return true;
}

/* ---- the operator's own ---- */

/* Whether everything that the operator has by it stays by something else. */
static bool operator_keeps(const struct taking *taking, json_t *list,
    const struct kv_assignment *assignment)
{
    const struct plan_input *input = taking->input;
    const struct kv_role *role = role_of(input->estate, assignment);
    uint64_t kept = 0;
    bool any = false;
    json_t *left;
    size_t at = 0;

    while ((left = next_left(taking, list, assignment, &at))) {
        const char *who = value_text(left, "principalId");

        if (!who || value_at(left, "condition") ||
            principal_is(input->estate, who, input->operator_id) !=
                KV_TRI_TRUE)
            continue;
        any = true;
        kept |= actions_of(input->estate, left);
    }
    return any && role && (role->actions & ~kept) == 0;
}

static void say_unknown(
    struct taking *taking, const struct kv_assignment *assignment)
{
    struct buf name = { .limit = TEXT_LIMIT };

    principal_put(&name, taking->input->estate, assignment->principal_id,
        assignment->principal_type);
    preview_check(&taking->draft->preview, KV_CHECK_UNKNOWN,
        "whether you hold your own rights through %s is UNKNOWN",
        buf_text(&name));
    buf_done(&name);
}

/* Whom nobody can look up may be a group with the operator in it; whom nobody
 * is behind, not. */
static enum kv_tri names_operator(
    const struct taking *taking, const struct kv_assignment *assignment)
{
    const struct plan_input *input = taking->input;

    if (!*input->operator_id)
        return KV_TRI_ABSENT;
    if (is_dead(input->estate, assignment->principal_id))
        return KV_TRI_FALSE;
    if (assignment->principal_type == KV_PRINCIPAL_USER ||
        assignment->principal_type == KV_PRINCIPAL_SERVICE)
        return text_equal_nocase(assignment->principal_id, input->operator_id)
                   ? KV_TRI_TRUE
                   : KV_TRI_FALSE;
    return principal_is(
        input->estate, assignment->principal_id, input->operator_id);
}

const char *taking_refusal(
    struct taking *taking, const struct kv_assignment *assignment)
{
    const struct plan_input *input = taking->input;
    const struct live_answer *list = assignments_at(taking->draft,
        strcmp(assignment->scope, "/") == 0 ? "" : assignment->scope);
    enum kv_tri own = names_operator(taking, assignment);

    if (kv_texts_have(&input->policy->break_glass, assignment->principal_id))
        return "it is a break_glass account, kept for emergencies";
    if (!list)
        return NULL;
    if (!list->body)
        return "who else holds rights there could not be read, so nobody can "
               "tell whether it is the last one";
    if (is_last_owner(taking, list->body, assignment))
        return "nobody else could assign roles there any more";
    if (own == KV_TRI_TRUE && !operator_keeps(taking, list->body, assignment))
        return "it is your own right, and you hold it by nothing else: have "
               "somebody else do it";
    if (own == KV_TRI_ABSENT)
        say_unknown(taking, assignment);
    return NULL;
}

/* ---- who loses what ---- */

/* What the same principal holds on the resource by something else. */
static uint64_t kept_by_others(
    const struct taking *taking, const struct kv_assignment *assignment)
{
    const struct plan_input *input = taking->input;
    struct kv_walk walk = { 0 };
    const struct kv_assignment *other;
    uint64_t kept = 0;

    while ((other = kv_estate_next_assignment(
                input->estate, input->resource, &walk))) {
        const struct kv_role *role = role_of(input->estate, other);

        if (other != assignment && role && !other->condition &&
            !other->activated && walk.level <= KV_SCOPE_RESOURCE &&
            !is_taken(taking, other->id) &&
            principal_is(input->estate, other->principal_id,
                assignment->principal_id) == KV_TRI_TRUE)
            kept |= role->actions;
    }
    return kept;
}

/* Of those that the plan is not about. */
static uint32_t others_reached(
    const struct plan_input *input, const struct kv_assignment *assignment)
{
    uint32_t reached = 0;
    uint32_t planned = 0;

    for (uint32_t i = 0; i < kv_estate_resource_count(input->estate); i++) {
        const struct kv_resource *resource =
            kv_estate_resource(input->estate, i);

        reached += !resource->gone &&
                   scope_reaches(input->estate, assignment->scope, resource);
    }
    for (size_t i = 0; i < input->peer_count; i++)
        planned += scope_reaches(input->estate, assignment->scope,
            kv_estate_resource(input->estate, input->peers[i]));
    return reached - planned;
}

static void put_loss(struct buf *out, const struct taking *taking,
    const struct kv_assignment *assignment, uint64_t given)
{
    const struct kv_estate *estate = taking->input->estate;
    const struct kv_role *role = role_of(estate, assignment);
    struct arm_id id = arm_id_parse(view_of(assignment->scope));
    uint64_t kept = kept_by_others(taking, assignment) | given;

    principal_put(
        out, estate, assignment->principal_id, assignment->principal_type);
    buf_puts(out, " loses ");
    evidence_put_text(out, role ? role->name : assignment->role_guid);
    buf_putf(out, " at the %s", kv_scope_level_name(arm_id_level(&id)));
    if (arm_id_level(&id) != KV_SCOPE_RESOURCE) {
        buf_putc(out, ' ');
        evidence_put_text(out, arm_id_last(view_of(assignment->scope)).data);
    }
    buf_puts(out, ": here ");
    if (!role) {
        buf_puts(out, "UNKNOWN rights, for the role is not known");
        return;
    }
    rights_put(out, role->actions & ~kept);
    if (role->actions & kept) {
        buf_puts(out, "; it keeps ");
        rights_put(out, role->actions & kept);
    }
}

void taking_add(struct taking *taking, const struct kv_assignment *assignment,
    uint64_t given)
{
    const struct plan_input *input = taking->input;
    uint32_t others = others_reached(input, assignment);
    bool dead = is_dead(input->estate, assignment->principal_id);
    struct buf text = { .limit = TEXT_LIMIT };

    taking->items = mem_grow(taking->items, taking->count, &taking->capacity,
        sizeof *taking->items);
    taking->items[taking->count++] = assignment;
    put_loss(&text, taking, assignment, given);
    if (dead)
        buf_puts(&text, "; nobody is behind it");
    else if (others > 0)
        buf_putf(&text,
            "; it loses the same on %u more vault%s and HSMs below that are "
            "not in this plan",
            (unsigned)others, others == 1 ? "" : "s");
    preview_check(&taking->draft->preview,
        dead ? KV_CHECK_OK : KV_CHECK_WARN, "%s", buf_text(&text));
    buf_done(&text);
}

void taking_done(struct taking *taking)
{
    mem_free(taking->items);
    *taking = (struct taking){ 0 };
}
