/* What the mouse does, once it was asked for: a click chooses a row or a tab,
 * the wheel moves. It opens nothing, and where something is typed or asked it
 * does nothing at all. */
#include "console.h"

#include "list.h"

/* Rows that a notch of the wheel moves. */
#define WHEEL_ROWS 3

static bool is_deaf(const struct app *app)
{
    return app->small || app->prompt.open || app->palette.open || app->menu ||
           app_is_typing(app);
}

static void turn_wheel(struct screen *top, uint32_t code)
{
    for (int i = 0; i < WHEEL_ROWS && top->ops->key; i++)
        if (!top->ops->key(top, (struct key){ .code = code }))
            break;
}

/* The cursor rests on the list's own row: others are counted from there. */
static void click(struct app *app, struct key key)
{
    struct screen *top = app->top;
    struct list *list = app_list(app);

    if (top->ops->click &&
        top->ops->click(top, key.row - FRAME_TOP, key.column))
        return;
    if (list)
        list_click(list, key.row - app->grid.cursor_row);
}

bool mouse_key(struct app *app, struct key key)
{
    if (key.code != CODE_CLICK && key.code != CODE_WHEEL_UP &&
        key.code != CODE_WHEEL_DOWN)
        return false;
    if (is_deaf(app))
        return true;
    if (key.code == CODE_CLICK)
        click(app, key);
    else
        turn_wheel(app->top, key.code == CODE_WHEEL_UP ? CODE_UP : CODE_DOWN);
    return true;
}

void mouse_switch(struct app *app, bool on)
{
    if (on && !app->has_mouse) {
        app_notice(app, KV_NOTICE_INFO, "this terminal tells of no mouse");
        return;
    }
    app->mouse = on;
    app->requests |= APP_MOUSE;
    app_notice(app, KV_NOTICE_DONE, "%s",
        on ? "the mouse chooses rows and tabs, the wheel moves; to select "
             "text hold Shift, :mouse ends it"
           : "the mouse is the terminal's again");
}
