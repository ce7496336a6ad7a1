/* The palette: everything that can be done on this screen, with its keys. What
 * cannot be done now says why. Typing narrows it, Enter does the row under the
 * cursor. It covers the body; the screen is not asked before it is gone. */
#include "console.h"
#include "entries.h"

#define NAME_CELLS 18
#define KEY_CELLS 14
#define LEFT 2
/* The field and a rule above, a blank row between. */
#define ABOVE 2

void palette_start(struct app *app)
{
    app->palette = (struct palette){ .open = true };
}

static bool fits(const struct palette *palette, const struct entry *entry)
{
    struct buf typed = { .limit = INPUT_BYTES };
    bool found;

    buf_put(&typed, view_trim(view_of(palette->input.text)));
    found = text_contains_nocase(entry_name(entry), buf_text(&typed)) ||
            text_contains_nocase(entry_help(entry), buf_text(&typed));
    buf_done(&typed);
    return found;
}

static void collect_fitting(const struct app *app, struct entries *out)
{
    size_t count = 0;

    entries_collect(app, out);
    for (size_t i = 0; i < out->count; i++)
        if (fits(&app->palette, &out->items[i]))
            out->items[count++] = out->items[i];
    out->count = count;
}

/* ---- keys ---- */

/* What needs an argument is finished on the command line. */
static void run(struct app *app)
{
    struct buf text = { .limit = INPUT_BYTES };
    const struct entry *entry;
    struct entries fitting;

    app->palette.open = false;
    collect_fitting(app, &fitting);
    if (app->palette.cursor >= fitting.count)
        return;
    entry = &fitting.items[app->palette.cursor];
    if (*entry_argument(entry)) {
        buf_putf(&text, "%s ", entry_name(entry));
        prompt_start(app, buf_text(&text));
    } else {
        entry_run(app, entry, "");
    }
    buf_done(&text);
}

static bool move(struct app *app, uint32_t code)
{
    struct entries fitting;
    size_t page = (size_t)(app->grid.rows / 2);
    size_t *cursor = &app->palette.cursor;
    size_t last;

    collect_fitting(app, &fitting);
    last = fitting.count ? fitting.count - 1 : 0;
    switch (code) {
    case CODE_UP:
        *cursor -= *cursor > 0;
        return true;
    case CODE_PAGE_UP:
        *cursor -= *cursor > page ? page : *cursor;
        return true;
    case CODE_DOWN:
        *cursor += *cursor < last;
        return true;
    case CODE_PAGE_DOWN:
        *cursor = last - *cursor > page ? *cursor + page : last;
        return true;
    default:
        return false;
    }
}

void palette_key(struct app *app, struct key key)
{
    if (!key.pasted && move(app, key.code))
        return;
    switch (input_key(&app->palette.input, key)) {
    case INPUT_ENTER:
        run(app);
        break;
    case INPUT_ESCAPE:
        app->palette.open = false;
        break;
    case INPUT_CHANGED:
        app->palette.cursor = 0;
        break;
    case INPUT_IGNORED:
        break;
    }
}

/* ---- drawing ---- */

static void draw_entry(const struct app *app, const struct entry *entry,
    bool current, struct canvas *row)
{
    const char *why_not = entry_why_not(app, entry);
    enum role role = why_not ? ROLE_DIM : ROLE_TEXT;
    struct buf text = { .limit = 256 };

    canvas_puts(row, ROLE_TEXT, current ? "> " : "  ");
    canvas_put_left(
        row, current ? ROLE_SELECTED : role, NAME_CELLS, entry_name(entry));
    canvas_puts(row, ROLE_TEXT, " ");
    if (entry->binding)
        keymap_put(&app->keymap, entry->binding, &text);
    else
        buf_puts(&text, ":");
    canvas_put_left(row, ROLE_HINT_KEY, KEY_CELLS, buf_text(&text));
    canvas_puts(row, ROLE_TEXT, " ");
    buf_clear(&text);
    if (why_not)
        buf_putf(&text, "(not now: %s)", why_not);
    else
        buf_puts(&text, entry_help(entry));
    canvas_put_left(row, role, row->columns - row->pen_column, buf_text(&text));
    buf_done(&text);
}

/* So that the one under the cursor is in sight. */
static size_t first_row(const struct palette *palette, int rows)
{
    size_t page = rows > 0 ? (size_t)rows : 1;

    return palette->cursor < page ? 0 : palette->cursor - page + 1;
}

void palette_draw(const struct app *app, struct canvas *canvas)
{
    const struct palette *palette = &app->palette;
    size_t top = first_row(palette, canvas->rows - ABOVE);
    struct entries fitting;
    int line = ABOVE;

    canvas_move(canvas, 0, 1);
    canvas_puts(canvas, ROLE_TITLE, "What can be done here  ");
    input_draw(&palette->input, canvas, canvas->columns - 24 - LEFT);
    canvas_rule(canvas, 1);
    collect_fitting(app, &fitting);
    for (size_t row = top; line < canvas->rows && row < fitting.count; row++) {
        canvas_move(canvas, line, 0);
        draw_entry(app, &fitting.items[row], row == palette->cursor, canvas);
        if (row == palette->cursor)
            canvas_cursor(canvas, line, 0);
        line++;
    }
    canvas_move(canvas, ABOVE, LEFT);
    if (!fitting.count)
        canvas_puts(canvas, ROLE_DIM, "Nothing here is called so.");
}
