/* The keys of the console for kvgov(1), from the tables that dispatch them. */
#include "manual_text.h"

#include "actions.h"
#include "entries.h"
#include "roff.h"

static void put_bindings(
    struct buf *out, const char *title, const struct binding *bindings)
{
    buf_putf(out, ".SS \"%s\"\n", title);
    for (; bindings && bindings->key; bindings++) {
        struct buf key = { .limit = 64 };

        key_put_name(&key, bindings->key);
        if (bindings->also) {
            buf_puts(&key, ", ");
            key_put_name(&key, bindings->also);
        }
        buf_putf(&key, " (%s)", bindings->name);
        roff_term(out, buf_text(&key), "");
        roff_put(out, bindings->help);
        buf_puts(out, ".\n");
        buf_done(&key);
    }
}

static void put_colon_commands(struct buf *out)
{
    buf_puts(out, ".SS \"Commands behind a colon\"\n");
    for (size_t i = 0; i < typed_count; i++) {
        const struct typed_command *row = &typed_commands[i];

        roff_term(out, row->name, row->argument ? row->argument : "");
        roff_put(out, row->help);
        buf_puts(out, ".\n");
    }
}

void manual_put_keys(struct buf *out)
{
    struct action_group group;

    roff_section(out, "KEYS OF THE CONSOLE");
    roff_text(out,
        "? shows those of a screen there, Ctrl-P by the names that stand in "
        "brackets here, which can be typed behind a colon; keys.ini gives them "
        "other keys, and kvgov --print-keys prints all as one. No single key "
        "changes anything: every change is previewed and confirmed.");
    for (size_t i = 0; actions_group(i, &group); i++)
        put_bindings(out, group.title, group.bindings);
    put_colon_commands(out);
}
