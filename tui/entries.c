/* Commands and actions, as one. */
#include "entries.h"

#include <string.h>

#include "actions.h"
#include "console.h"

const char *entry_name(const struct entry *entry)
{
    return entry->command ? entry->command->name : entry->binding->name;
}

const char *entry_help(const struct entry *entry)
{
    return entry->command ? entry->command->help : entry->binding->help;
}

const char *entry_argument(const struct entry *entry)
{
    return entry->command && entry->command->argument ? entry->command->argument
                                                      : "";
}

static void add(struct entries *entries, struct entry entry)
{
    if (entries->count < ENTRIES_MAX)
        entries->items[entries->count++] = entry;
}

void entries_collect(const struct app *app, struct entries *out)
{
    struct actions actions = actions_of(app->top->ops);
    const struct binding *at;

    out->count = 0;
    for (size_t i = 0; (at = actions_at(&actions, i)) != NULL; i++)
        if (actions_find(&actions, view_of(at->name)) == at)
            add(out, (struct entry){ .binding = at });
    for (size_t i = 0; i < typed_count; i++)
        if (!actions_find(&actions, view_of(typed_commands[i].name)))
            add(out, (struct entry){ .command = &typed_commands[i] });
}

size_t entries_match(
    const struct app *app, struct view typed, struct entry *out)
{
    const struct entry *first = NULL;
    struct entries entries;
    size_t count = 0;

    entries_collect(app, &entries);
    for (size_t i = 0; i < entries.count; i++) {
        struct view name = view_of(entry_name(&entries.items[i]));

        if (!view_starts_nocase(name, typed))
            continue;
        if (view_equal_nocase(name, typed)) {
            *out = entries.items[i];
            return 1;
        }
        if (count++ == 0)
            first = &entries.items[i];
    }
    if (count == 1)
        *out = *first;
    return count;
}

const char *entry_why_not(const struct app *app, const struct entry *entry)
{
    const struct binding *binding = entry->binding;

    if (!binding || !binding->allowed || binding->allowed(app->top))
        return NULL;
    return binding->why_not ? binding->why_not : "not here, not now";
}

void entry_run(struct app *app, const struct entry *entry, const char *argument)
{
    const char *why_not = entry_why_not(app, entry);

    if (why_not)
        app_notice(app, KV_NOTICE_INFO, "%s: %s", entry_name(entry), why_not);
    else if (entry->command && entry->command->argument && !*argument &&
             *entry->command->argument != '[')
        app_notice(app, KV_NOTICE_INFO, ":%s needs %s", entry->command->name,
            entry->command->argument);
    else if (entry->command)
        entry->command->run(app, argument);
    else
        app_act(app, entry->binding);
}
