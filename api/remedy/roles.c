/* Role definitions as they are now, and which of them together give what is
 * wanted and least besides. By what they allow, never by their names. */
#include "access.h"

#include <string.h>

#include "estate.h"

/* What one right too many weighs: to look at names, to use what is there, to
 * change or destroy it. What the service has retired weighs nothing. */
#define WEIGHT_LOOK 1u
#define WEIGHT_USE 100u
#define WEIGHT_CHANGE 10000u

/* ---- reading ---- */

static void take(struct roles *roles, json_t *definition)
{
    const char *type = value_text(definition, "properties.type");
    const char *guid = value_text(definition, "name");
    const char *name = value_text(definition, "properties.roleName");

    if (!guid)
        return;
    roles->items[roles->count++] = (struct role){
        .guid = guid,
        .name = name ? name : guid,
        .custom = !text_equal_nocase(type, "BuiltInRole"),
        .rights = rights_of_definition(definition),
    };
}

bool roles_read(struct roles *out, struct draft *draft, const char *scope)
{
    const struct live_answer *read = draft_list(draft,
        "%s" DEFINITIONS_PATH "?api-version=" AUTHORIZATION_API, scope);
    size_t index;
    json_t *definition;

    *out = (struct roles){ 0 };
    if (!read)
        return false;
    if (!read->body)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the role definitions could not be read, so none can be chosen: "
            "ask for Microsoft.Authorization/roleDefinitions/read (%s)",
            read->why ? read->why : "not read");
    out->items = mem_alloc(
        (json_array_size(value_at(read->body, "value")) + 1) *
        sizeof *out->items);
    json_array_foreach(value_at(read->body, "value"), index, definition)
    {
        take(out, definition);
    }
    return true;
}

void roles_done(struct roles *roles)
{
    mem_free(roles->items);
    *roles = (struct roles){ 0 };
}

const struct role *roles_find(const struct roles *roles, const char *guid)
{
    for (size_t i = 0; guid && i < roles->count; i++)
        if (text_equal_nocase(roles->items[i].guid, guid))
            return &roles->items[i];
    return NULL;
}

const struct role *roles_find_named(const struct roles *roles, struct view name)
{
    for (size_t i = 0; i < roles->count; i++)
        if (view_equal_nocase(view_of(roles->items[i].guid), name) ||
            view_equal_nocase(view_of(roles->items[i].name), name))
            return &roles->items[i];
    return NULL;
}

/* ---- choosing ---- */

static unsigned count_bits(uint64_t bits)
{
    unsigned count = 0;

    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

static uint64_t weight_of(uint64_t excess)
{
    return (uint64_t)count_bits(excess & KV_ACTIONS_LOOK) * WEIGHT_LOOK +
           (uint64_t)count_bits(excess & KV_ACTIONS_USE) * WEIGHT_USE +
           (uint64_t)count_bits(excess & KV_ACTIONS_CHANGE) * WEIGHT_CHANGE;
}

/* The search, and the best so far. */
struct search {
    const struct role **items;
    size_t count;
    uint64_t wanted;
    struct cover now;
    struct cover best;
    uint64_t weight;
    bool found;
};

static bool is_better(const struct search *search, uint64_t weight)
{
    if (!search->found || weight != search->weight)
        return !search->found || weight < search->weight;
    return search->now.count < search->best.count;
}

static void look(struct search *search, size_t from)
{
    uint64_t weight = weight_of(search->now.rights & ~search->wanted);

    if (search->found && weight > search->weight)
        return; /* more roles give more */
    if ((search->wanted & ~search->now.rights) == 0) {
        if (is_better(search, weight)) {
            search->best = search->now;
            search->weight = weight;
            search->found = true;
        }
        return;
    }
    for (size_t i = from; search->now.count < COVER_MAX && i < search->count;
         i++) {
        struct cover before = search->now;

        search->now.roles[search->now.count++] = search->items[i];
        search->now.rights |= search->items[i]->rights;
        look(search, i + 1);
        search->now = before;
    }
}

/* Azure lists them in no order that is kept; a plan must come out the same. */
static void put_in_order(struct search *search, const struct role *role)
{
    size_t at = search->count++;

    while (at > 0 && strcmp(search->items[at - 1]->guid, role->guid) > 0) {
        search->items[at] = search->items[at - 1];
        at--;
    }
    search->items[at] = role;
}

bool roles_cover(struct cover *out, const struct roles *roles, uint64_t wanted,
    uint64_t never)
{
    struct search search = {
        .items = mem_alloc((roles->count + 1) * sizeof *search.items),
        .wanted = wanted,
    };

    for (size_t i = 0; i < roles->count; i++) {
        const struct role *role = &roles->items[i];

        if (!role->custom && (role->rights & wanted) &&
            !(role->rights & (KV_ACTIONS_CONTROL | never)))
            put_in_order(&search, role);
    }
    look(&search, 0);
    *out = search.best;
    mem_free(search.items);
    return search.found;
}

uint64_t cover_excess(const struct cover *cover, uint64_t wanted)
{
    return cover->rights & ~wanted & (KV_ACTIONS_USE | KV_ACTIONS_CHANGE);
}
