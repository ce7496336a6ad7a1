/* Step 2: what the person may set before the preview, one option at a time: a
 * text to type or a choice to make. */
#include "screen_wizard.h"

#include <string.h>

static const struct kv_option *option_of(const struct wizard *wizard)
{
    return kv_plan_option(wizard->plan, wizard->option);
}

static bool is_text(const struct wizard *wizard)
{
    return option_of(wizard)->kind == KV_OPTION_TEXT;
}

static void options_enter(struct wizard *wizard)
{
    const struct kv_option *option = option_of(wizard);
    const char *value = option->value ? option->value : "";

    wizard->choice = 0;
    input_set(&wizard->value, value);
    for (uint32_t i = 0; i < option->choice_count; i++)
        if (strcmp(option->choices[i].value, value) == 0)
            wizard->choice = i;
}

static void options_layout(struct screen *screen, int rows, int columns)
{
    struct wizard *wizard = (struct wizard *)screen;

    wizard->rows = rows;
    wizard->columns = columns;
}

/* ---- drawing ---- */

/* The last row says where one is among more than there are rows for. */
static void draw_choices(const struct wizard *wizard, struct canvas *canvas)
{
    const struct kv_option *option = option_of(wizard);
    bool all = option->choice_count <= (uint32_t)canvas->rows;
    int rows = all ? canvas->rows : canvas->rows - 1;
    int first = (int)wizard->choice - rows + 1;
    struct buf place = { .limit = 64 };

    if (first < 0)
        first = 0;
    if (!all) {
        buf_put_of(&place, (uint64_t)wizard->choice + 1, option->choice_count);
        canvas_move(canvas, rows, 1);
        canvas_putf(canvas, ROLE_DIM, "choice %s", buf_text(&place));
        buf_done(&place);
    }
    for (int row = 0; row < rows; row++) {
        uint32_t index = (uint32_t)(first + row);
        bool here = index == wizard->choice;

        if (index >= option->choice_count)
            break;
        canvas_move(canvas, row, 0);
        canvas_puts(canvas, ROLE_TEXT, here ? ">  " : "   ");
        canvas_puts(canvas, here ? ROLE_SELECTED : ROLE_TEXT,
            option->choices[index].label);
    }
    canvas_cursor(canvas, (int)wizard->choice - first, 0);
}

static void draw_text(const struct wizard *wizard, struct canvas *canvas)
{
    canvas_move(canvas, 0, 1);
    canvas_puts(canvas, ROLE_TEXT, "> ");
    input_draw(&wizard->value, canvas, canvas->columns - 4);
    canvas_move(canvas, 2, 1);
    canvas_puts(canvas, ROLE_DIM, "Leave it empty for none.");
}

static void options_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    const struct kv_option *option = option_of(wizard);
    struct canvas body = wizard_draw_bar(wizard, canvas);
    struct canvas field;

    canvas_move(&body, 0, 1);
    canvas_puts(&body, ROLE_TITLE, option->label);
    canvas_putf(&body, ROLE_DIM, "   option %u of %u", wizard->option + 1,
        kv_plan_option_count(wizard->plan));
    canvas_move(&body, 1, 1);
    if (option->help)
        canvas_put_wrapped(&body, ROLE_TEXT, option->help);
    else
        canvas_move(&body, 2, 1);
    field = canvas_part(
        &body, body.pen_row + 1, 0, body.rows - body.pen_row - 1, body.columns);
    if (is_text(wizard))
        draw_text(wizard, &field);
    else if (option->choice_count)
        draw_choices(wizard, &field);
    else
        canvas_puts(&field, ROLE_UNKNOWN,
            " Nothing to choose from was found. The preview says what is "
            "missing.");
}

/* ---- keys ---- */

static const char *value_of(const struct wizard *wizard)
{
    const struct kv_option *option = option_of(wizard);

    if (is_text(wizard))
        return wizard->value.text;
    if (!option->choice_count)
        return option->value ? option->value : "";
    return option->choices[wizard->choice].value;
}

/* False after saying what is wrong with it. The same value is not set again:
 * that would read every target again. */
static bool take_value(struct wizard *wizard)
{
    const struct kv_option *option = option_of(wizard);
    const char *value = value_of(wizard);
    struct kv_error err = { 0 };

    if (strcmp(option->value ? option->value : "", value) == 0)
        return true;
    wizard->reading_ms = app_steady_ms(wizard->screen.app);
    if (kv_session_plan_set(app_session(wizard->screen.app), wizard->plan,
            option->name, value, &err) == KV_OK)
        return true;
    app_notice_error(wizard->screen.app, &err);
    return false;
}

static void take_and_go_on(struct wizard *wizard)
{
    if (!take_value(wizard))
        return;
    if (wizard->option + 1 < kv_plan_option_count(wizard->plan)) {
        wizard->option++;
        options_enter(wizard);
    } else {
        wizard_forward(wizard);
    }
}

static void next_option(struct screen *screen)
{
    take_and_go_on((struct wizard *)screen);
}

static void previous_option(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (wizard->option) {
        wizard->option--;
        options_enter(wizard);
    } else {
        wizard_backward(wizard);
    }
}

static bool text_key(struct wizard *wizard, struct key key)
{
    switch (input_key(&wizard->value, key)) {
    case INPUT_CHANGED:
        return true;
    case INPUT_ENTER:
        take_and_go_on(wizard);
        return true;
    case INPUT_IGNORED:
    case INPUT_ESCAPE:
        return false;
    }
    return false;
}

static bool choice_key(struct wizard *wizard, uint32_t code)
{
    uint32_t count = option_of(wizard)->choice_count;

    if (!count)
        return false;
    if (code == 'j' || code == CODE_DOWN)
        wizard->choice += wizard->choice + 1 < count;
    else if (code == 'k' || code == CODE_UP)
        wizard->choice -= wizard->choice > 0;
    else if (code == 'g' || code == CODE_HOME)
        wizard->choice = 0;
    else if (code == 'G' || code == CODE_END)
        wizard->choice = count - 1;
    else
        return false;
    return true;
}

static bool options_key(struct screen *screen, struct key key)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (is_text(wizard))
        return text_key(wizard, key);
    return !key.pasted && choice_key(wizard, key.code);
}

static bool options_typing(const struct screen *screen)
{
    return is_text((const struct wizard *)screen);
}

static const struct binding options_bindings[] = {
    {
        .name = "next-step",
        .key = CODE_ENTER,
        .also = CODE_TAB,
        .hint = "take it",
        .help = "take this value and go on; nothing is changed yet",
        .run = next_option,
    },
    {
        .name = "previous-step",
        .key = CODE_BACK_TAB,
        .hint = "previous step",
        .help = "back without taking it",
        .run = previous_option,
    },
    { 0 },
};

const struct wizard_page wizard_options = {
    .ops = {
        .title = "Fix",
        .about = "Step 2: what the change is to be made with.",
        .close = wizard_close,
        .layout = options_layout,
        .draw = options_draw,
        .head = wizard_head,
        .key = options_key,
        .typing = options_typing,
        .leave = wizard_leave,
        .environment = wizard_environment,
        .bindings = options_bindings,
    },
    .enter = options_enter,
};
