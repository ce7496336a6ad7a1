/* Help: what a screen shows, and its keys, from the tables that dispatch them.
 * A document like any other, so it scrolls, wraps and can be searched. */
#include "console.h"
#include "list.h"
#include "screen_text.h"

/* Where what a key does begins. */
#define INDENT 19

static void add_bindings(
    struct sheet *help, const char *heading, const struct binding *bindings)
{
    if (!bindings || !bindings->key)
        return;
    sheet_put(help, ROLE_TITLE, 1, heading);
    for (; bindings->key; bindings++) {
        struct buf key = { .limit = 64 };

        key_put_name(&key, bindings->key);
        if (bindings->also) {
            buf_putc(&key, ' ');
            key_put_name(&key, bindings->also);
        }
        sheet_pair(help, ROLE_TEXT, INDENT, buf_text(&key), bindings->help);
        buf_done(&key);
    }
    sheet_gap(help);
}

static void add_main_screens(struct sheet *help)
{
    sheet_put(help, ROLE_TITLE, 1, "SCREENS");
    for (size_t i = 0; i < app_main_screen_count; i++) {
        struct buf key = { .limit = 16 };

        key_put_name(&key, app_main_screens[i].key);
        sheet_pair(
            help, ROLE_TEXT, INDENT, buf_text(&key), app_main_screens[i].title);
        buf_done(&key);
    }
    sheet_gap(help);
}

static void add_commands(struct sheet *help)
{
    const char *text = "";

    sheet_put(help, ROLE_TITLE, 1, "COMMANDS");
    for (size_t i = 0;; i++) {
        struct buf name = { .limit = 64 };
        bool more = prompt_get_help(i, &name, &text);

        if (more)
            sheet_pair(help, ROLE_TEXT, INDENT, buf_text(&name), text);
        buf_done(&name);
        if (!more)
            return;
    }
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
    struct sheet help = { 0 };

    if (screen_is_text(about, "Help"))
        return;
    add_about(&help, about);
    add_bindings(&help, "THIS SCREEN", about->ops->bindings);
    if (about->ops->marks)
        add_bindings(&help, "MARKS", list_mark_bindings);
    if (about->ops->lists)
        add_bindings(&help, "EVERY LIST", list_bindings);
    if (about->ops->list || about->ops->resource)
        add_bindings(&help, "TO TAKE ALONG", take_bindings);
    add_main_screens(&help);
    add_bindings(&help, "EVERYWHERE", common_bindings);
    add_commands(&help);
    screen_open_text(app, "Help", &help);
}
