/* Help: what a screen shows, and its keys, from the tables that dispatch them.
 * A document like any other, so it scrolls, wraps and can be searched. */
#include "console.h"
#include "entries.h"
#include "list.h"
#include "screen_text.h"

/* Where what a key does begins. */
#define INDENT 19

static void add_bindings(struct sheet *help, const struct keymap *map,
    const char *heading, const struct binding *bindings)
{
    if (!bindings || !bindings->key)
        return;
    sheet_put(help, ROLE_TITLE, 1, heading);
    for (; bindings->key; bindings++) {
        struct buf key = { .limit = 64 };

        keymap_put(map, bindings, &key);
        sheet_pair(help, ROLE_TEXT, INDENT, buf_text(&key), bindings->help);
        buf_done(&key);
    }
    sheet_gap(help);
}

static void add_commands(struct sheet *help)
{
    sheet_put(help, ROLE_TITLE, 1, "COMMANDS");
    for (size_t i = 0; i < typed_count; i++) {
        const struct typed_command *command = &typed_commands[i];
        struct buf name = { .limit = 64 };

        buf_putf(&name, ":%s %s", command->name,
            command->argument ? command->argument : "");
        sheet_pair(help, ROLE_TEXT, INDENT, buf_text(&name), command->help);
        buf_done(&name);
    }
    sheet_pair(help, ROLE_TEXT, INDENT, ":NAME",
        "any key's action, by the name that Ctrl-P lists");
}

/* What the screen is for, and the promise that holds on all of them. */
static void add_about(struct sheet *help, const struct screen *about)
{
    if (about->ops->about) {
        sheet_put(help, ROLE_TEXT, 1, about->ops->about);
        sheet_gap(help);
    }
    sheet_put(help, ROLE_DIM, 1,
        "No single key changes anything: every change is previewed and "
        "confirmed.");
    sheet_gap(help);
}

void screen_open_help(struct app *app, const struct screen *about)
{
    const struct keymap *map = &app->keymap;
    struct sheet help = { 0 };

    if (screen_is_text(about, "Help"))
        return;
    add_about(&help, about);
    add_bindings(&help, map, "THIS SCREEN", about->ops->bindings);
    if (about->ops->marks)
        add_bindings(&help, map, "MARKS", list_mark_bindings);
    if (about->ops->lists)
        add_bindings(&help, map, "EVERY LIST", list_bindings);
    if (about->ops->list || about->ops->resource)
        add_bindings(&help, map, "TO TAKE ALONG", take_bindings);
    add_bindings(&help, map, "SCREENS", main_bindings);
    add_bindings(&help, map, "EVERYWHERE", common_bindings);
    add_commands(&help);
    screen_open_text(app, "Help", &help);
}
