/* Details in full: one document on a screen of its own, to be scrolled. Has no
 * columns and no frame, so that the terminal's own selection copies it clean. */
#include "screen_text.h"

#include <string.h>

#include "heap.h"
#include "input.h"

struct text_screen {
    struct screen screen;
    char *title;
    struct sheet sheet;
    struct sheet_view view;
    struct input search;
    bool searching; /* the field has the keys */
    int match;      /* row of the sheet that was found; -1: none */
};

static void text_close(struct screen *screen)
{
    struct text_screen *text = (struct text_screen *)screen;

    sheet_done(&text->sheet);
    heap_free(text->title);
    heap_free(text);
}

/* The last row says where one is. */
static void text_layout(struct screen *screen, int rows, int columns)
{
    struct text_screen *text = (struct text_screen *)screen;

    text->view.rows = rows - 1;
    text->view.columns = columns;
    sheet_fit(&text->sheet, &text->view);
}

/* On what was found, while that is on the screen. */
static int cursor_row(const struct text_screen *text)
{
    int row = text->match - text->view.top;

    return text->match >= 0 && row >= 0 && row < text->view.rows ? row : 0;
}

static void text_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct text_screen *text = (const struct text_screen *)screen;
    struct canvas body =
        canvas_part(canvas, 0, 0, canvas->rows - 1, canvas->columns);
    struct canvas place =
        canvas_part(canvas, canvas->rows - 1, 0, 1, canvas->columns);

    sheet_draw(&text->sheet, &body, text->view.top);
    sheet_draw_place(&text->sheet, &place, text->view.top, body.rows);
    canvas_cursor(canvas, cursor_row(text), 0);
}

static void text_head(const struct screen *screen, struct screen_head *out)
{
    const struct text_screen *text = (const struct text_screen *)screen;

    buf_puts(&out->crumb, text->title);
    if (text->searching)
        out->input = &text->search;
    else if (text->search.size)
        buf_putf(&out->filter, "/ %s", text->search.text);
}

/* ---- searching ---- */

static void find(struct text_screen *text, int step)
{
    int from = text->match >= 0 ? text->match : text->view.top - (step > 0);

    if (!text->search.size)
        return;
    text->match = sheet_find(
        &text->sheet, text->view.columns, text->search.text, from, step);
    if (text->match < 0) {
        app_notice(text->screen.app, KV_NOTICE_INFO,
            "no line here holds \"%s\"", text->search.text);
        return;
    }
    if (text->match < text->view.top ||
        text->match >= text->view.top + text->view.rows)
        text->view.top = text->match;
    sheet_fit(&text->sheet, &text->view);
}

static bool search_key(struct text_screen *text, struct key key)
{
    switch (input_key(&text->search, key)) {
    case INPUT_ENTER:
        text->searching = false;
        text->match = -1;
        find(text, 1);
        break;
    case INPUT_ESCAPE:
        text->searching = false;
        text->search = (struct input){ 0 };
        text->match = -1;
        break;
    case INPUT_CHANGED:
    case INPUT_IGNORED:
        break;
    }
    return true;
}

static void search(struct screen *screen)
{
    ((struct text_screen *)screen)->searching = true;
}

static void next_match(struct screen *screen)
{
    find((struct text_screen *)screen, 1);
}

static void previous_match(struct screen *screen)
{
    find((struct text_screen *)screen, -1);
}

static bool has_search(const struct screen *screen)
{
    return ((const struct text_screen *)screen)->search.size > 0;
}

static bool text_typing(const struct screen *screen)
{
    return ((const struct text_screen *)screen)->searching;
}

static bool text_key(struct screen *screen, struct key key)
{
    struct text_screen *text = (struct text_screen *)screen;

    if (text->searching)
        return search_key(text, key);
    return !key.pasted && sheet_key(&text->sheet, &text->view, key.code);
}

static const struct binding text_bindings[] = {
    { .name = "down", .key = 'j', .also = CODE_DOWN, .hint = "down", .help = "one row down" },
    { .name = "up", .key = 'k', .also = CODE_UP, .hint = "up", .help = "one row up" },
    { .name = "page-down", .key = CODE_PAGE_DOWN, .hint = "page", .help = "one page down" },
    { .name = "page-up", .key = CODE_PAGE_UP, .help = "one page up" },
    { .name = "search", .key = '/', .hint = "search", .help = "search", .run = search },
    {
        .name = "next-match",
        .key = 'n',
        .hint = "next",
        .help = "the next line that holds it",
        .run = next_match,
        .allowed = has_search,
        .why_not = "nothing was searched for",
    },
    {
        .name = "previous-match",
        .key = 'N',
        .help = "the line before that holds it",
        .run = previous_match,
        .allowed = has_search,
        .why_not = "nothing was searched for",
    },
    { .name = "first", .key = 'g', .also = CODE_HOME, .help = "the beginning" },
    { .name = "last", .key = 'G', .also = CODE_END, .help = "the end" },
    { 0 },
};

const struct screen_ops text_screen = {
    .title = "Details",
    .about = "One thing in full, to read or to select and copy.",
    .close = text_close,
    .layout = text_layout,
    .draw = text_draw,
    .head = text_head,
    .key = text_key,
    .typing = text_typing,
    .bindings = text_bindings,
};

bool screen_is_text(const struct screen *screen, const char *title)
{
    return screen->ops == &text_screen &&
           strcmp(((const struct text_screen *)screen)->title, title) == 0;
}

void screen_open_text(struct app *app, const char *title, struct sheet *sheet)
{
    struct text_screen *text = heap_new(sizeof(*text));

    text->screen.ops = &text_screen;
    text->title = heap_copy(title);
    text->match = -1;
    text->sheet = *sheet;
    *sheet = (struct sheet){ 0 };
    app_push(app, &text->screen);
}
