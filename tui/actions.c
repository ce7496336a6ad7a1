/* The bindings tables of the whole program, in the order in which they hold. */
#include "actions.h"

#include "console.h"
#include "list.h"
#include "screen_wizard.h"

static const struct screen_ops *const screens[] = {
    &posture_screen,
    &subscriptions_screen,
    &vaults_screen,
    &detail_screen,
    &matrix_screen,
    &fixes_screen,
    &access_screen,
    &principal_screen,
    &trend_screen,
    &jobs_screen,
    &journal_screen,
    &messages_screen,
    &sign_in_screen,
    &text_screen,
    &wizard_menu.ops,
    &wizard_targets.ops,
    &wizard_options.ops,
    &wizard_preview.ops,
    &wizard_confirm.ops,
    &wizard_apply.ops,
};
#define SCREEN_COUNT (sizeof(screens) / sizeof *(screens))

const struct screen_ops *actions_screen(size_t index)
{
    return index < SCREEN_COUNT ? screens[index] : NULL;
}

/* ---- of one screen ---- */

static void add(struct actions *actions, const struct binding *bindings)
{
    if (bindings)
        actions->tables[actions->count++] = bindings;
}

struct actions actions_of(const struct screen_ops *ops)
{
    struct actions actions = { 0 };

    add(&actions, ops->bindings);
    add(&actions, ops->marks ? list_mark_bindings : NULL);
    add(&actions, ops->lists ? list_bindings : NULL);
    add(&actions, ops->list || ops->resource ? take_bindings : NULL);
    add(&actions, main_bindings);
    add(&actions, common_bindings);
    return actions;
}

const struct binding *actions_at(const struct actions *actions, size_t index)
{
    for (size_t table = 0; table < actions->count; table++)
        for (const struct binding *at = actions->tables[table]; at->key; at++)
            if (index-- == 0)
                return at;
    return NULL;
}

const struct binding *actions_find(
    const struct actions *actions, struct view name)
{
    for (size_t table = 0; table < actions->count; table++)
        for (const struct binding *at = actions->tables[table]; at->key; at++)
            if (view_equal(view_of(at->name), name))
                return at;
    return NULL;
}

const struct binding *actions_pressed(
    const struct actions *actions, const struct keymap *map, uint32_t code)
{
    for (size_t table = 0; table < actions->count; table++)
        for (const struct binding *at = actions->tables[table]; at->key; at++)
            if (keymap_takes(map, at, code))
                return at;
    return NULL;
}

/* ---- of all ---- */

static bool has_rows(const struct screen_ops *ops)
{
    return ops->bindings && ops->bindings->key;
}

bool actions_group(size_t index, struct action_group *out)
{
    static const struct action_group shared[] = {
        { "Everywhere", common_bindings },
        { "Main screens", main_bindings },
        { "Every list", list_bindings },
        { "Lists with marks", list_mark_bindings },
        { "What is taken along", take_bindings },
    };
    static const size_t count = sizeof(shared) / sizeof *(shared);

    if (index < count) {
        *out = shared[index];
        return true;
    }
    index -= count;
    for (size_t i = 0; i < SCREEN_COUNT; i++)
        if (has_rows(screens[i]) && index-- == 0) {
            *out = (struct action_group){ screens[i]->title,
                screens[i]->bindings };
            return true;
        }
    return false;
}

const struct binding *actions_known(struct view name)
{
    struct action_group group;

    for (size_t i = 0; actions_group(i, &group); i++)
        for (const struct binding *at = group.bindings; at->key; at++)
            if (view_equal(view_of(at->name), name))
                return at;
    return NULL;
}
