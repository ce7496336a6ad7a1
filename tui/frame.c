/* Everything around a screen's body: who and where one is, what may be
 * changed, how old and how complete the data is, the notice line, the keys. */
#include "console.h"
#include "list.h"

#include <string.h>

/* ---- row 1 ---- */

static void draw_mode(const struct app *app, struct canvas *row)
{
    const struct kv_mode *mode = kv_session_mode(app->session);
    int64_t left_s = mode->write_until_s - app_now_s(app);

    if (!mode->write)
        canvas_puts(row, ROLE_TITLE, "READ-ONLY");
    else
        canvas_putf(row, ROLE_WRITE, "*WRITE* %dm left",
            left_s > 0 ? (int)((left_s + 59) / 60) : 0);
}

static const char *tenant(const struct app *app)
{
    const char *name = kv_estate_tenant_name(app_estate(app));
    const struct kv_sign_in *sign_in = kv_session_sign_in(app->session);

    if (name && *name)
        return name;
    return sign_in->tenant && *sign_in->tenant ? sign_in->tenant : "tenant ?";
}

static void put_progress(
    struct buf *out, const struct kv_scan *scan, int64_t now_s)
{
    buf_putf(out, "reading %s ", scan->stage ? scan->stage : "");
    buf_put_count(out, scan->done);
    buf_putc(out, '/');
    buf_put_count(out, scan->total);
    buf_puts(out, "  ");
    buf_put_age(out, now_s - scan->started_at_s);
    if (scan->waiting_s)
        buf_putf(out, "  throttled %us", scan->waiting_s);
}

/* By the minute: an age that ticks would send bytes with every key. */
static void put_data_age(struct buf *out, int64_t age_s)
{
    if (age_s < 60)
        buf_puts(out, "<1m");
    else
        buf_put_age(out, age_s);
}

/* How old the data is and how much of it is known. Without data, nothing that
 * could be taken for "all is well". */
static void put_data(struct buf *out, const struct app *app)
{
    const struct kv_scan *scan = kv_session_scan(app->session);
    uint32_t unknown = kv_posture_unknown_resources(app_posture(app));
    int64_t now_s = app_now_s(app);

    if (scan->data_at_s) {
        buf_puts(out, "data ");
        put_data_age(out, now_s - scan->data_at_s);
        if (scan->state == KV_SCAN_STOPPED)
            buf_puts(out, " PARTIAL");
        buf_puts(out, "  ");
    }
    if (scan->resources) {
        buf_put_count(
            out, scan->resources > unknown ? scan->resources - unknown : 0);
        buf_putc(out, '/');
        buf_put_count(out, scan->resources);
        buf_puts(out, " known");
    }
    if (scan->state == KV_SCAN_RUNNING) {
        buf_puts(out, out->size ? "  " : "");
        put_progress(out, scan, now_s);
    }
    if (!out->size)
        buf_puts(out, "no data yet");
}

/* Of the texts at both ends, the tenant's name is the one that can be cut. */
static void draw_tenant(
    const struct app *app, struct canvas *row, int right_cells)
{
    const char *name = tenant(app);
    int cells = text_cells(view_of(name), row->grid->ascii);
    int room = row->columns - row->pen_column - right_cells - 15;

    if (kv_session_mode(app->session)->write)
        room -= 8; /* "*WRITE* 28m left" is longer than "READ-ONLY" */
    if (cells > room)
        cells = room > 8 ? room : 8;
    canvas_put_left(row, ROLE_HEADER, cells, name);
}

static void draw_first_row(const struct app *app,
    const struct screen_head *head, struct canvas *canvas)
{
    struct buf data = { .limit = 256 };
    struct view right = buf_view(&head->right);
    int cells;

    if (!right.size) {
        put_data(&data, app);
        right = buf_view(&data);
    }
    cells = text_cells(right, canvas->grid->ascii);
    canvas_move(canvas, 0, 1);
    canvas_puts(canvas, ROLE_HEADER, "kvgov");
    canvas_puts(canvas, ROLE_TEXT, "  ");
    canvas_puts(canvas, ROLE_ENVIRONMENT, kv_session_cloud(app->session));
    canvas_puts(canvas, ROLE_TEXT, " ");
    draw_tenant(app, canvas, cells);
    canvas_puts(canvas, ROLE_TEXT, "  ");
    draw_mode(app, canvas);
    canvas_puts(canvas, ROLE_TEXT, "  ");
    if (canvas->pen_column + cells < canvas->columns)
        canvas->pen_column = canvas->columns - 1 - cells;
    canvas_put(canvas, ROLE_TEXT, right);
    buf_done(&data);
}

/* ---- row 2 ---- */

static void head_init(struct screen_head *head)
{
    *head = (struct screen_head){
        .crumb.limit = 512,
        .filter.limit = 1024,
        .counts.limit = 256,
        .right.limit = 256,
    };
}

static void head_done(struct screen_head *head)
{
    buf_done(&head->crumb);
    buf_done(&head->filter);
    buf_done(&head->counts);
    buf_done(&head->right);
}

static void head_of(const struct screen *screen, struct screen_head *head)
{
    head_init(head);
    if (screen->ops->head)
        screen->ops->head(screen, head);
    if (!head->crumb.size)
        buf_puts(&head->crumb, screen->ops->title);
}

/* From the first screen down to the one on top. */
static void draw_crumbs(const struct screen *screen, struct canvas *row)
{
    struct screen_head head;

    if (!screen)
        return;
    draw_crumbs(screen->below, row);
    head_of(screen, &head);
    if (screen->below)
        canvas_puts(row, ROLE_DIM, " > ");
    canvas_puts(row, ROLE_TITLE, buf_text(&head.crumb));
    head_done(&head);
}

static void draw_second_row(const struct app *app,
    const struct screen_head *head, struct canvas *canvas)
{
    int counts = text_cells(buf_view(&head->counts), canvas->grid->ascii);
    struct canvas left =
        canvas_part(canvas, 1, 0, 1, canvas->columns - counts - 2);

    canvas_move(&left, 0, 1);
    draw_crumbs(app->top, &left);
    canvas_puts(&left, ROLE_TEXT, "   ");
    if (head->input) {
        canvas_puts(&left, ROLE_HINT_KEY, "/ ");
        input_draw(head->input, &left, left.columns - left.pen_column - 1);
    } else {
        canvas_puts(&left, ROLE_TEXT, buf_text(&head->filter));
    }
    canvas_move(canvas, 1, 0);
    canvas_put_before(
        canvas, ROLE_TEXT, canvas->columns - 1, buf_text(&head->counts));
}

/* ---- the last row ---- */

/* "Enter open", "x fix", but "1Posture", "/filter", ":command": what cannot be
 * read as a part of the word needs no blank. */
static void put_hint(struct buf *key, uint32_t code)
{
    buf_clear(key);
    key_put_name(key, code);
    if (key->size > 1 || (code >= 'A' && code <= 'z'))
        buf_putc(key, ' ');
}

static int hint_cells(uint32_t code, const char *word)
{
    struct buf key = { .limit = 32 };
    int cells;

    put_hint(&key, code);
    cells = (int)(key.size + strlen(word));
    buf_done(&key);
    return cells;
}

static void draw_hint(struct canvas *row, uint32_t code, const char *word)
{
    struct buf key = { .limit = 32 };

    put_hint(&key, code);
    canvas_puts(row, ROLE_HINT_KEY, buf_text(&key));
    canvas_puts(row, ROLE_HINT, word);
    canvas_puts(row, ROLE_HINT, "  ");
    buf_done(&key);
}

/* Draws a hint unless it would push out the way back. */
static void draw_if_room(
    struct canvas *row, int tail, uint32_t code, const char *word)
{
    if (row->pen_column + hint_cells(code, word) + 2 + tail <= row->columns)
        draw_hint(row, code, word);
}

static void draw_hints(struct canvas *row, int tail,
    const struct screen *screen, const struct binding *bindings)
{
    for (; bindings && bindings->key; bindings++)
        if (bindings->hint && (!bindings->allowed || bindings->allowed(screen)))
            draw_if_room(row, tail, bindings->key, bindings->hint);
}

/* The screens on the first one, then this screen's own keys, then those of
 * every list; what has no room is in help, which always has. */
static void draw_footer(const struct app *app, struct canvas *row)
{
    const struct screen *top = app->top;
    uint32_t back = top->below ? (uint32_t)CODE_ESCAPE : 'q';
    const char *word = top->below ? "back" : "quit";
    int tail = hint_cells('?', "help") + 2 + hint_cells(back, word);

    canvas_move(row, 0, 1);
    for (size_t i = 0; i < app_main_screen_count && !top->below; i++)
        draw_if_room(
            row, tail, app_main_screens[i].key, app_main_screens[i].title);
    draw_hints(row, tail, top, top->ops->bindings);
    if (top->ops->marks)
        draw_hints(row, tail, top, list_mark_bindings);
    if (top->ops->lists)
        draw_hints(row, tail, top, list_bindings);
    draw_if_room(row, tail, ':', "command");
    draw_hint(row, '?', "help");
    draw_hint(row, back, word);
}

void frame_draw(const struct app *app, struct canvas *canvas)
{
    struct screen_head head;
    struct canvas notice =
        canvas_part(canvas, canvas->rows - 2, 0, 1, canvas->columns);
    struct canvas footer =
        canvas_part(canvas, canvas->rows - 1, 0, 1, canvas->columns);

    head_of(app->top, &head);
    draw_first_row(app, &head, canvas);
    draw_second_row(app, &head, canvas);
    if (app->prompt.open)
        prompt_draw(&app->prompt, &notice);
    else
        notices_draw(&app->notices, &notice);
    draw_footer(app, &footer);
    head_done(&head);
}
