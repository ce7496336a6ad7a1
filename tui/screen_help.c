/* Help: what this screen shows, and its keys, from the tables that dispatch
 * them. */
#include "console.h"
#include "heap.h"
#include "list.h"

/* A line of help: a heading, or a key and what it does. */
struct help_line {
    char *key; /* NULL for a heading or a blank line */
    const char *text;
};

struct help_screen {
    struct screen base;
    const char *about;
    struct help_line *lines;
    size_t count;
    size_t capacity;
    size_t top;
    size_t page; /* visible lines */
};

#define KEY_CELLS 18

static struct help_screen *help_of(struct screen *screen)
{
    return (struct help_screen *)screen;
}

static void add(struct help_screen *help, const char *key, const char *text)
{
    help->lines = heap_grow(
        help->lines, help->count, &help->capacity, sizeof(*help->lines));
    help->lines[help->count++] = (struct help_line){ heap_copy(key), text };
}

static void add_bindings(struct help_screen *help, const char *heading,
    const struct binding *bindings)
{
    if (!bindings || !bindings->key)
        return;
    add(help, NULL, heading);
    for (; bindings->key; bindings++) {
        struct buf key = { .limit = 64 };

        key_put_name(&key, bindings->key);
        if (bindings->also) {
            buf_putc(&key, ' ');
            key_put_name(&key, bindings->also);
        }
        add(help, buf_text(&key), bindings->help);
        buf_done(&key);
    }
    add(help, NULL, "");
}

static void add_main_screens(struct help_screen *help)
{
    add(help, NULL, "SCREENS");
    for (size_t i = 0; i < app_main_screen_count; i++) {
        struct buf key = { .limit = 16 };

        key_put_name(&key, app_main_screens[i].key);
        add(help, buf_text(&key), app_main_screens[i].title);
        buf_done(&key);
    }
    add(help, NULL, "");
}

static void add_commands(struct help_screen *help)
{
    const char *text = "";

    add(help, NULL, "COMMANDS");
    for (size_t i = 0;; i++) {
        struct buf name = { .limit = 64 };
        bool more = prompt_get_help(i, &name, &text);

        if (more)
            add(help, buf_text(&name), text);
        buf_done(&name);
        if (!more)
            return;
    }
}

static void help_close(struct screen *screen)
{
    struct help_screen *help = help_of(screen);

    for (size_t i = 0; i < help->count; i++)
        heap_free(help->lines[i].key);
    heap_free(help->lines);
    heap_free(help);
}

/* Wide terminals show two columns. */
static size_t lanes(int columns)
{
    return columns >= 120 ? 2 : 1;
}

static void settle(struct help_screen *help)
{
    size_t last = help->count > help->page ? help->count - help->page : 0;

    if (help->top > last)
        help->top = last;
}

/* Rows: rule, what the screen shows (3), rule, the lines, a note (2). */
#define ABOVE 6
#define BELOW 2

static void help_layout(struct screen *screen, int rows, int columns)
{
    struct help_screen *help = help_of(screen);

    help->page = rows > ABOVE + BELOW
                     ? (size_t)(rows - ABOVE - BELOW) * lanes(columns)
                     : 1;
    settle(help);
}

static void draw_line(
    const struct help_line *line, struct canvas *canvas, int row)
{
    canvas_move(canvas, row, 1);
    if (!line->key) {
        canvas_puts(canvas, ROLE_TITLE, line->text);
        return;
    }
    canvas_put_left(canvas, ROLE_HINT_KEY, KEY_CELLS, line->key);
    canvas_put_left(
        canvas, ROLE_TEXT, canvas->columns - KEY_CELLS - 2, line->text);
}

static void help_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct help_screen *help = (const struct help_screen *)screen;
    size_t rows = help->page / lanes(canvas->columns);
    int width = canvas->columns / (int)lanes(canvas->columns);
    struct canvas about =
        canvas_part(canvas, 1, 1, ABOVE - 2, canvas->columns - 2);

    canvas_rule(canvas, 0);
    canvas_put_wrapped(&about, ROLE_TEXT, help->about);
    canvas_rule(canvas, ABOVE - 1);
    for (size_t i = 0; i < help->page && help->top + i < help->count; i++) {
        struct canvas lane = canvas_part(
            canvas, ABOVE, (int)(i / rows) * width, (int)rows, width);

        draw_line(&help->lines[help->top + i], &lane, (int)(i % rows));
    }
    canvas_move(canvas, canvas->rows - 1, 1);
    canvas_puts(canvas, ROLE_DIM,
        "No single key changes anything: every change is previewed and "
        "confirmed.");
    canvas_cursor(canvas, ABOVE, 0);
}

static void help_head(const struct screen *screen, struct screen_head *out)
{
    const struct help_screen *help = (const struct help_screen *)screen;
    size_t end = help->top + help->page;

    buf_putf(&out->counts, "%zu-%zu of %zu", help->top + 1,
        end < help->count ? end : help->count, help->count);
}

/* ---- its keys ---- */

static void move(struct screen *screen, long lines)
{
    struct help_screen *help = help_of(screen);

    if (lines < 0 && (size_t)-lines > help->top)
        help->top = 0;
    else
        help->top = (size_t)((long)help->top + lines);
    settle(help);
}

static void down(struct screen *screen)
{
    move(screen, 1);
}

static void up(struct screen *screen)
{
    move(screen, -1);
}

static void page_down(struct screen *screen)
{
    move(screen, (long)help_of(screen)->page);
}

static void page_up(struct screen *screen)
{
    move(screen, -(long)help_of(screen)->page);
}

static const struct binding help_bindings[] = {
    {
        .key = 'j',
        .also = CODE_DOWN,
        .hint = "down",
        .help = "one line down",
        .run = down,
    },
    {
        .key = 'k',
        .also = CODE_UP,
        .hint = "up",
        .help = "one line up",
        .run = up,
    },
    {
        .key = CODE_PAGE_DOWN,
        .also = ' ',
        .hint = "page",
        .help = "one page down",
        .run = page_down,
    },
    {
        .key = CODE_PAGE_UP,
        .help = "one page up",
        .run = page_up,
    },
    { 0 },
};

static const struct screen_ops help_screen = {
    .title = "Help",
    .about = "The keys of the screen that it was opened on.",
    .close = help_close,
    .layout = help_layout,
    .draw = help_draw,
    .head = help_head,
    .bindings = help_bindings,
};

void screen_open_help(struct app *app, const struct screen *about)
{
    struct help_screen *help;

    if (about->ops == &help_screen)
        return;
    help = heap_new(sizeof(*help));
    help->base.ops = &help_screen;
    help->about = about->ops->about ? about->ops->about : "";
    add_bindings(help, "THIS SCREEN", about->ops->bindings);
    if (about->ops->marks)
        add_bindings(help, "MARKS", list_mark_bindings);
    if (about->ops->lists)
        add_bindings(help, "EVERY LIST", list_bindings);
    if (about->ops->list || about->ops->resource)
        add_bindings(help, "TO TAKE ALONG", take_bindings);
    add_main_screens(help);
    add_bindings(help, "EVERYWHERE", common_bindings);
    add_commands(help);
    app_push(app, &help->base);
}
