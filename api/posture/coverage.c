/* Azure Policy from a resource's point of view. */
#include "coverage.h"

#include <string.h>
#include <strings.h>

#include "base.h"
#include "evaluate.h"

/* ---- which assignments reach it ---- */

/* Whether `scope` is the resource or lies above it. */
static bool is_above(const struct kv_subject *subject, const char *scope)
{
    static const char groups[] =
        "/providers/Microsoft.Management/managementGroups/";
    const struct kv_subscription *home =
        kv_estate_subscription(subject->estate, subject->subscription);
    struct view id = view_of(subject->resource->id);
    struct view above = view_of(scope);

    if (view_starts_nocase(above, view_of(groups))) {
        for (uint32_t i = 0; i < home->group_count; i++)
            if (text_equal_nocase(home->groups[i], scope + sizeof groups - 1))
                return true;
        return false;
    }
    while (above.size > 0 && above.data[above.size - 1] == '/')
        above.size--;
    return view_starts_nocase(id, above) &&
           (id.size == above.size || id.data[above.size] == '/');
}

static bool is_excluded(const struct kv_subject *subject,
    const struct kv_policy_assignment *assignment)
{
    for (uint32_t i = 0; i < assignment->not_scope_count; i++)
        if (is_above(subject, assignment->not_scopes[i]))
            return true;
    return false;
}

void *coverage_make(const struct kv_subject *subject)
{
    struct coverage *coverage = mem_alloc(sizeof *coverage);
    struct kv_walk walk = { 0 };
    const struct kv_policy_assignment *row;

    while ((row = kv_estate_next_row(subject->estate, KV_SET_POLICIES,
                subject->resource->id, &walk))) {
        coverage->items = mem_grow(coverage->items, coverage->count,
            &coverage->capacity, sizeof *coverage->items);
        coverage->items[coverage->count++] = (struct reaching_policy){
            .assignment = row,
            .set = kv_estate_find_row(
                subject->estate, KV_SET_POLICY_SETS, row->definition_id),
            .is_set = text_contains_nocase(
                row->definition_id, "/policySetDefinitions/"),
            .excluded = is_excluded(subject, row),
        };
    }
    return coverage;
}

void coverage_free(void *value)
{
    struct coverage *coverage = value;

    mem_free(coverage->items);
    mem_free(coverage);
}

/* ---- one definition ---- */

static const char *last_segment(const char *id)
{
    const char *slash = strrchr(id, '/');

    return slash ? slash + 1 : id;
}

static bool begins(const char *name, struct view definition)
{
    return strncasecmp(name, definition.data, definition.size) == 0;
}

/* The first member that is not before the definition; members are sorted. */
static uint32_t find_member(
    const struct kv_policy_set *set, struct view definition)
{
    uint32_t low = 0;
    uint32_t high = set->member_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (strncasecmp(set->members[middle].name, definition.data,
                definition.size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_disabled(const struct kv_policy_assignment *assignment,
    const char *parameter, bool otherwise)
{
    for (uint32_t i = 0; parameter && i < assignment->effect_count; i++)
        if (text_equal_nocase(assignment->effects[i].parameter, parameter))
            return assignment->effects[i].disabled;
    return otherwise;
}

static bool exempts(const struct kv_exemption *exemption,
    const struct kv_policy_member *member, int64_t now_s)
{
    if (exemption->ends_at_s != 0 && exemption->ends_at_s <= now_s)
        return false;
    for (uint32_t i = 0; i < exemption->reference_count; i++)
        if (member &&
            text_equal_nocase(exemption->references[i], member->reference))
            return true;
    return exemption->reference_count == 0;
}

static const struct kv_exemption *find_exemption(
    const struct kv_subject *subject, const struct kv_policy_assignment *of,
    const struct kv_policy_member *member)
{
    struct kv_walk walk = { 0 };
    const struct kv_exemption *row;

    while ((row = kv_estate_next_row(subject->estate, KV_SET_EXEMPTIONS,
                subject->resource->id, &walk)))
        if (text_equal_nocase(row->assignment_id, of->id) &&
            exempts(row, member, subject->now_s))
            return row;
    return NULL;
}

/* How the definition, once it is known to be in the assignment, reaches. */
static struct covering cover_by(const struct kv_subject *subject,
    const struct reaching_policy *policy, const struct kv_policy_member *member)
{
    struct covering covering = {
        .assignment = policy->assignment,
        .set = policy->set,
        .exemption = find_exemption(subject, policy->assignment, member),
    };
    bool disabled =
        member ? is_disabled(
                     policy->assignment, member->parameter, member->disabled)
               : is_disabled(policy->assignment, "effect", false) ||
                     is_disabled(policy->assignment, "audit_effect", false);

    if (policy->excluded)
        covering.cover = COVER_EXCLUDED;
    else if (!policy->assignment->enforced)
        covering.cover = COVER_NOT_ENFORCED;
    else if (disabled)
        covering.cover = COVER_DISABLED;
    else if (covering.exemption)
        covering.cover = COVER_EXEMPTED;
    else
        covering.cover =
            policy->assignment->narrowed ? COVER_UNSURE : COVER_FULL;
    return covering;
}

/* Azure has judged the resource by the definition through this assignment: its
 * set holds it, although the set itself may not be readable. */
static bool was_judged(const struct kv_subject *subject,
    const struct kv_policy_assignment *assignment, struct view definition)
{
    struct kv_walk walk = { 0 };
    const struct kv_policy_state *row;

    while ((row = kv_estate_next_at(subject->estate, KV_SET_POLICY_STATES,
                subject->resource->id, &walk)))
        if (text_equal_nocase(row->assignment_id, assignment->id) &&
            begins(last_segment(row->definition_id), definition))
            return true;
    return false;
}

static struct covering cover_by_set(const struct kv_subject *subject,
    const struct reaching_policy *policy, struct view definition)
{
    struct covering best = { COVER_NONE, NULL, NULL, NULL };
    const struct kv_policy_set *set = policy->set;

    if (!set) {
        best = cover_by(subject, policy, NULL);
        if (best.cover == COVER_FULL &&
            !was_judged(subject, policy->assignment, definition))
            best.cover = COVER_UNSURE;
        return best;
    }
    for (uint32_t i = find_member(set, definition);
         i < set->member_count && begins(set->members[i].name, definition);
         i++) {
        struct covering one = cover_by(subject, policy, &set->members[i]);

        if (one.cover > best.cover)
            best = one;
    }
    return best;
}

struct covering coverage_find(
    const struct kv_subject *subject, struct view definition)
{
    const struct coverage *coverage = judged_coverage(subject);
    struct covering best = { COVER_NONE, NULL, NULL, NULL };

    for (size_t i = 0; i < coverage->count; i++) {
        const struct reaching_policy *policy = &coverage->items[i];
        struct covering one = { COVER_NONE, NULL, NULL, NULL };

        if (policy->is_set)
            one = cover_by_set(subject, policy, definition);
        else if (begins(last_segment(policy->assignment->definition_id),
                     definition))
            one = cover_by(subject, policy, NULL);
        if (one.cover > best.cover)
            best = one;
    }
    return best;
}

/* ---- in words ---- */

/* A subscription by its name, all else by its last segment. */
static void put_scope(
    struct buf *out, const struct kv_subject *subject, const char *scope)
{
    const char *name = scope ? last_segment(scope) : "";
    const struct kv_subscription *home =
        kv_estate_subscription(subject->estate, subject->subscription);

    if (text_equal_nocase(name, home->id) && home->name)
        name = home->name;
    buf_puts(out, " at ");
    evidence_put_text(out, *name ? name : "the tenant root");
}

static void put_chain(struct buf *out, const struct kv_subject *subject,
    const struct covering *covering)
{
    evidence_put_text(out, covering->assignment->name);
    put_scope(out, subject, covering->assignment->scope);
    if (!covering->set)
        return;
    buf_puts(out, " in the set ");
    evidence_put_text(out, covering->set->name);
}

void coverage_put(struct buf *out, const struct kv_subject *subject,
    const struct covering *covering)
{
    static const char *const texts[] = {
        [COVER_NONE] = "",
        [COVER_EXCLUDED] = ", which leaves this scope out",
        [COVER_NOT_ENFORCED] = ", which is not enforced",
        [COVER_DISABLED] = ", with the effect Disabled",
        [COVER_EXEMPTED] = ", exempted by ",
        [COVER_UNSURE] = ", of which is not known whether it is meant",
        [COVER_FULL] = "",
    };

    if (covering->cover == COVER_NONE) {
        buf_puts(out, "not assigned");
        return;
    }
    put_chain(out, subject, covering);
    buf_puts(out, texts[covering->cover]);
    if (covering->cover == COVER_EXEMPTED)
        evidence_put_text(out, covering->exemption->name);
    if (covering->cover == COVER_UNSURE)
        buf_puts(out, covering->assignment->narrowed
                          ? ": it selects resources"
                          : ": its set is not readable");
}
