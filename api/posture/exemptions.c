/* What an exemption of Azure Policy accepts: the rows that ask what the
 * assigned definition asks, or the members of a set that it names. */
#include "exemptions.h"

#include <string.h>

#include "base.h"
#include "estate.h"
#include "kvgov/posture.h"

/* Azure asks for no reason and no name. */
#define NO_REASON "the exemption gives no reason"
#define NO_OWNER "nobody named"

static void add(struct exemptions *exemptions, const char *row,
    const char *scope, const struct kv_exemption *from)
{
    for (size_t i = exemptions->count; i-- > 0;) {
        const struct kv_exception *other = &exemptions->items[i];

        if (other->origin != from->id)
            break;
        if (other->row == row && strcmp(other->scope, scope) == 0)
            return; /* by another member of the same set */
    }
    exemptions->items = mem_grow(exemptions->items, exemptions->count,
        &exemptions->capacity, sizeof *exemptions->items);
    exemptions->items[exemptions->count++] = (struct kv_exception){
        .row = row,
        .scope = scope,
        .reason = from->description ? from->description
                  : from->name      ? from->name
                                    : NO_REASON,
        .owner = from->owner ? from->owner : NO_OWNER,
        .until_s = from->ends_at_s ? from->ends_at_s : KV_UNTIL_OPEN,
        .origin = from->id,
    };
}

static const char *subscription_scope(struct arena *texts, const char *id)
{
    static const char prefix[] = "/subscriptions/";
    size_t size = strlen(id) + 1;
    char *scope = arena_alloc(texts, sizeof prefix - 1 + size);

    memcpy(scope, prefix, sizeof prefix - 1);
    memcpy(scope + sizeof prefix - 1, id, size);
    return scope;
}

/* Exceptions know nothing of management groups: one stands for each
 * subscription below. */
static void add_scope(struct exemptions *exemptions,
    const struct kv_estate *estate, const char *row,
    const struct kv_exemption *from)
{
    static const char groups[] =
        "/providers/Microsoft.Management/managementGroups/";
    const char *group = from->scope + sizeof groups - 1;

    if (!view_starts_nocase(view_of(from->scope), view_of(groups))) {
        add(exemptions, row, from->scope, from);
        return;
    }
    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++) {
        const struct kv_subscription *home = kv_estate_subscription(estate, i);

        for (uint32_t j = 0; j < home->group_count; j++)
            if (text_equal_nocase(home->groups[j], group))
                add(exemptions, row,
                    subscription_scope(&exemptions->texts, home->id), from);
    }
}

static bool asks(const struct kv_recommendation *row, const char *definition)
{
    const char *const *id = kv_row_policies(row);

    for (; *id; id++)
        if (view_equal_nocase(
                arm_id_last(view_of(definition)), view_of(*id)))
            return true;
    return false;
}

static void add_rows(struct exemptions *exemptions,
    const struct kv_estate *estate, const char *definition,
    const struct kv_exemption *from)
{
    for (size_t i = 0; i < kv_catalogue_count; i++)
        if (asks(&kv_catalogue[i], definition))
            add_scope(exemptions, estate, kv_catalogue[i].id, from);
}

static bool names(
    const struct kv_exemption *exemption, const char *reference)
{
    for (uint32_t i = 0; i < exemption->reference_count; i++)
        if (text_equal_nocase(exemption->references[i], reference))
            return true;
    return exemption->reference_count == 0;
}

/* An assignment or a set that is not readable says nothing of what is
 * exempted. */
static void add_exemption(struct exemptions *exemptions,
    const struct kv_estate *estate, const struct kv_exemption *from)
{
    const struct kv_policy_assignment *assignment =
        kv_estate_find_row(estate, KV_SET_POLICIES, from->assignment_id);
    const struct kv_policy_set *set = NULL;

    if (!assignment || !assignment->definition_id || !from->scope)
        return;
    set = kv_estate_find_row(
        estate, KV_SET_POLICY_SETS, assignment->definition_id);
    if (!set)
        add_rows(exemptions, estate, assignment->definition_id, from);
    for (uint32_t i = 0; set && i < set->member_count; i++)
        if (names(from, set->members[i].reference))
            add_rows(
                exemptions, estate, set->members[i].definition_id, from);
}

static bool are_equal(const struct kv_exception *a, const struct kv_exception *b)
{
    return a->row == b->row && a->until_s == b->until_s &&
           strcmp(a->scope, b->scope) == 0 &&
           strcmp(a->reason, b->reason) == 0 &&
           strcmp(a->owner, b->owner) == 0 && strcmp(a->origin, b->origin) == 0;
}

static bool lists_are_equal(
    const struct exemptions *a, const struct exemptions *b)
{
    bool equal = a->count == b->count;

    for (size_t i = 0; equal && i < a->count; i++)
        equal = are_equal(&a->items[i], &b->items[i]);
    return equal;
}

bool exemptions_read(
    struct exemptions *exemptions, const struct kv_estate *estate)
{
    uint32_t count = kv_estate_row_count(estate, KV_SET_EXEMPTIONS);
    struct exemptions found = { 0 };
    bool changed;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_exemption *row =
            kv_estate_row(estate, KV_SET_EXEMPTIONS, i);

        if (row)
            add_exemption(&found, estate, row);
    }
    changed = !lists_are_equal(exemptions, &found);
    if (changed) {
        struct exemptions old = *exemptions;

        *exemptions = found;
        found = old;
    }
    exemptions_done(&found); /* what nobody looks at any more */
    return changed;
}

void exemptions_done(struct exemptions *exemptions)
{
    mem_free(exemptions->items);
    arena_done(&exemptions->texts);
    *exemptions = (struct exemptions){ 0 };
}
