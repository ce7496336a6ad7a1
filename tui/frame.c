/* Everything around a screen's body: who and where one is, what may be
 * changed, how old and how complete the data is, the notice line, the keys. */
#include "actions.h"
#include "console.h"
#include "list.h"

#include <string.h>

/* ---- row 1 ---- */

/* The least of the tenant's name, and the blanks around the texts. */
#define TENANT_CELLS 7
#define GAP_CELLS 2
/* Narrower than this, the names of program and cloud are what can be spared. */
#define NAME_COLUMNS 70

static void put_mode(struct buf *out, const struct app *app)
{
    const struct kv_mode *mode = kv_session_mode(app->session);
    int64_t left_s = mode->write_until_s - app_now_s(app);

    if (!mode->write)
        buf_puts(out, "READ-ONLY");
    else
        buf_putf(out, "*WRITE* %dm%s",
            left_s > 0 ? (int)((left_s + 59) / 60) : 0,
            app->grid.columns < NAME_COLUMNS ? "" : " left");
}

static const char *tenant(const struct app *app)
{
    const char *name = kv_estate_tenant_name(app_estate(app));
    const struct kv_sign_in *sign_in = kv_session_sign_in(app->session);

    if (name && *name)
        return name;
    return sign_in->tenant && *sign_in->tenant ? sign_in->tenant : "tenant ?";
}

/* What the right end says, from all there is to what must not be missing. */
enum data_words {
    DATA_ALL,
    DATA_NO_STAGE,
    DATA_NO_AGE, /* of data that is being read again */
    DATA_LEAST,
};

static void put_progress(struct buf *out, const struct kv_scan *scan,
    int64_t now_s, enum data_words words)
{
    buf_puts(out, "reading ");
    if (words == DATA_ALL && scan->stage)
        buf_putf(out, "%s ", scan->stage);
    buf_put_count(out, scan->done);
    buf_putc(out, '/');
    buf_put_count(out, scan->total);
    if (words == DATA_LEAST)
        return;
    buf_puts(out, "  ");
    buf_put_age(out, now_s - scan->started_at_s);
    if (scan->waiting_s)
        buf_putf(out, "  throttled %us", scan->waiting_s);
}

/* While what is kept is loaded, the sums are those of the last scan, but not
 * yet of what is there. */
static void put_known(
    struct buf *out, const struct app *app, enum data_words words)
{
    const struct kv_scan *scan = kv_session_scan(app->session);
    uint32_t unknown = kv_posture_unknown_resources(app_posture(app));
    uint64_t known;

    if (scan->loading && scan->state != KV_SCAN_RUNNING)
        buf_puts(out, "loading ..");
    if (!scan->resources || scan->loading)
        return;
    known = scan->resources > unknown ? scan->resources - unknown : 0;
    if (words == DATA_LEAST) { /* rounded down: all is known at 100% only */
        buf_putf(out, "%u%% known", (unsigned)(100 * known / scan->resources));
        return;
    }
    buf_put_count(out, known);
    buf_putc(out, '/');
    buf_put_count(out, scan->resources);
    buf_puts(out, " known");
}

/* How old the data is and how much of it is known. Without data, nothing that
 * could be taken for "all is well". */
static void put_data(
    struct buf *out, const struct app *app, enum data_words words)
{
    const struct kv_scan *scan = kv_session_scan(app->session);
    bool running = scan->state == KV_SCAN_RUNNING;
    int64_t now_s = app_now_s(app);

    if (scan->data_at_s && (!running || words < DATA_NO_AGE)) {
        buf_puts(out, "data ");
        buf_put_age_minutes(out, now_s - scan->data_at_s);
        if (scan->state == KV_SCAN_STOPPED)
            buf_puts(out, " PARTIAL");
        buf_puts(out, "  ");
    }
    if (!running || words < DATA_LEAST)
        put_known(out, app, words);
    if (running) {
        buf_puts(out, out->size ? "  " : "");
        put_progress(out, scan, now_s, words);
    }
    if (!out->size)
        buf_puts(out, "no data yet");
}

/* As much as fits into `room` cells. */
static void put_right(struct buf *out, const struct app *app,
    const struct screen_head *head, int room)
{
    if (head->right.size) {
        buf_put(out, buf_view(&head->right));
        return;
    }
    for (int words = DATA_ALL; words <= DATA_LEAST; words++) {
        buf_clear(out);
        put_data(out, app, (enum data_words)words);
        if (text_cells(buf_view(out), app->grid.ascii) <= room)
            return;
    }
}

/* Of the texts at both ends, the tenant's name is the one that can be cut. */
static void draw_tenant(
    const struct app *app, struct canvas *row, int others_cells)
{
    const char *name = tenant(app);
    int cells = grid_cells(row->grid, view_of(name));
    int room = row->columns - row->pen_column - others_cells;

    if (cells > room)
        cells = room > TENANT_CELLS ? room : TENANT_CELLS;
    canvas_put_left(row, ROLE_HEADER, cells, name);
}

static enum kv_environment environment_on(const struct app *app)
{
    for (const struct screen *at = app->top; at; at = at->below)
        if (at->ops->environment)
            return at->ops->environment(at);
    return app->environment.worst;
}

/* Whether it is production, then which cloud; where only one has room, the
 * former. */
static void draw_label(const struct app *app, struct canvas *row)
{
    const char *environment = environment_word(environment_on(app));

    if (*environment) {
        canvas_puts(row, ROLE_ENVIRONMENT, environment);
        canvas_puts(row, ROLE_TEXT, " ");
    }
    if (*environment && row->columns < NAME_COLUMNS)
        return;
    canvas_puts(row, ROLE_TEXT, kv_session_cloud(app->session));
    canvas_puts(row, ROLE_TEXT, " ");
}

static void draw_first_row(const struct app *app,
    const struct screen_head *head, struct canvas *canvas)
{
    struct buf mode = { .limit = 64 };
    struct buf right = { .limit = 256 };
    int others; /* what stands behind the tenant's name */

    canvas_move(canvas, 0, 1);
    if (canvas->columns >= NAME_COLUMNS) {
        canvas_puts(canvas, ROLE_HEADER, "kvgov");
        canvas_puts(canvas, ROLE_TEXT, "  ");
    }
    draw_label(app, canvas);
    put_mode(&mode, app);
    others = GAP_CELLS + (int)mode.size + GAP_CELLS + 1;
    put_right(&right, app, head,
        canvas->columns - canvas->pen_column - TENANT_CELLS - others);
    others += text_cells(buf_view(&right), canvas->grid->ascii);
    draw_tenant(app, canvas, others);
    canvas_puts(canvas, ROLE_TEXT, "  ");
    canvas_put(
        canvas, app_can_write(app) ? ROLE_WRITE : ROLE_TITLE, buf_view(&mode));
    canvas_move(canvas, 0, canvas->pen_column + GAP_CELLS);
    canvas_put_before(canvas, ROLE_TEXT, canvas->columns - 1, buf_text(&right));
    buf_done(&right);
    buf_done(&mode);
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

static int crumb_cells(const struct screen *screen)
{
    struct screen_head head;
    int cells;

    head_of(screen, &head);
    cells = grid_cells(&screen->app->grid, buf_view(&head.crumb));
    head_done(&head);
    return cells;
}

/* The last names of the way matter most: the first one that still has room.
 * " > " stands between two, ".. > " for those that are left out. */
static const struct screen *first_crumb(const struct screen *top, int room)
{
    const struct screen *first = top;
    int left = room - crumb_cells(top);

    for (const struct screen *at = top->below; at; at = at->below) {
        left -= 3 + crumb_cells(at);
        if (left < (at->below ? 5 : 0))
            break;
        first = at;
    }
    return first;
}

/* From `first` down to the one on top. */
static void draw_crumbs(
    const struct screen *screen, const struct screen *first, struct canvas *row)
{
    struct screen_head head;

    if (screen != first)
        draw_crumbs(screen->below, first, row);
    head_of(screen, &head);
    if (screen->below)
        canvas_puts(row, ROLE_DIM, screen == first ? ".. > " : " > ");
    canvas_puts(row, ROLE_TITLE, buf_text(&head.crumb));
    head_done(&head);
}

/* Of the filter field at least. */
#define FIELD_CELLS 16

static int filter_cells(const struct screen_head *head, bool ascii)
{
    if (head->input)
        return FIELD_CELLS;
    return head->filter.size ? text_cells(buf_view(&head->filter), ascii) + 3
                             : 0;
}

static void draw_second_row(const struct app *app,
    const struct screen_head *head, struct canvas *canvas)
{
    bool ascii = canvas->grid->ascii;
    int counts = text_cells(buf_view(&head->counts), ascii);
    struct canvas left =
        canvas_part(canvas, 1, 0, 1, canvas->columns - counts - 2);

    canvas_move(&left, 0, 1);
    draw_crumbs(app->top,
        first_crumb(app->top, left.columns - 1 - filter_cells(head, ascii)),
        &left);
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
    const struct keymap *map = &screen->app->keymap;

    for (; bindings && bindings->key; bindings++)
        if (bindings->hint && (!bindings->allowed || bindings->allowed(screen)))
            draw_if_room(
                row, tail, keymap_of(map, bindings).first, bindings->hint);
}

/* The key that "help", "leave" and the like have. */
static uint32_t key_of(const struct app *app, const char *name)
{
    const struct binding *binding = actions_known(view_of(name));

    return keymap_of(&app->keymap, binding).first;
}

/* The screens on the first one, then this screen's own keys, then those of
 * every list; what has no room is in help, which always has. */
static void draw_keys(const struct app *app, struct canvas *row)
{
    const struct screen *top = app->top;
    uint32_t back = key_of(app, top->below ? "back" : "leave");
    uint32_t help = key_of(app, "help");
    const char *word = top->below ? "back" : "quit";
    int tail = hint_cells(help, "help") + 2 + hint_cells(back, word);

    canvas_move(row, 0, 1);
    if (!top->below)
        draw_hints(row, tail, top, main_bindings);
    draw_hints(row, tail, top, top->ops->bindings);
    if (top->ops->marks)
        draw_hints(row, tail, top, list_mark_bindings);
    if (top->ops->lists)
        draw_hints(row, tail, top, list_bindings);
    draw_hints(row, tail, top, take_bindings);
    draw_if_room(row, tail, key_of(app, "command"), "command");
    draw_hint(row, help, "help");
    draw_hint(row, back, word);
}

struct mode_hint {
    uint32_t key;
    const char *word;
};

static const struct mode_hint palette_hints[] = {
    { CODE_ENTER, "does it" },
    { CODE_ESCAPE, "closes" },
    { 0 },
};

static const struct mode_hint prompt_hints[] = {
    { CODE_ENTER, "does it" },
    { CODE_TAB, "completes" },
    { CODE_UP, "older" },
    { CODE_ESCAPE, "closes" },
    { 0 },
};

static const struct mode_hint filter_hints[] = {
    { CODE_ENTER, "keeps it" },
    { CODE_UP, "older" },
    { CODE_ESCAPE, "as before" },
    { 0 },
};

static const struct mode_hint menu_hints[] = {
    { CODE_ESCAPE, "closes" },
    { 0 },
};

/* Where a field or a menu has the keys they mean something else; NULL elsewhere. */
static const struct mode_hint *mode_hints(const struct app *app)
{
    const struct list *list = app_list(app);

    if (app->palette.open)
        return palette_hints;
    if (app->prompt.open)
        return prompt_hints;
    if (app->menu || (list && list->choosing))
        return menu_hints;
    return list && list->filtering ? filter_hints : NULL;
}

/* Hints are true: where keys are letters, none says otherwise. */
static void draw_footer(const struct app *app, struct canvas *row)
{
    const struct mode_hint *hint = mode_hints(app);

    canvas_move(row, 0, 1);
    if (!hint && app_is_typing(app)) {
        draw_hints(row, 0, app->top, app->top->ops->bindings);
        draw_if_room(row, 0, CODE_ESCAPE, "cancel");
    } else if (!hint) {
        draw_keys(app, row);
    }
    for (; hint && hint->key; hint++)
        draw_hint(row, hint->key, hint->word);
}

void frame_draw(const struct app *app, struct canvas *canvas)
{
    struct screen_head head;
    struct canvas notice =
        canvas_part(canvas, canvas->rows - app_bottom_rows(app), 0,
            app->notice_rows, canvas->columns);
    struct canvas footer =
        canvas_part(canvas, canvas->rows - 1, 0, 1, canvas->columns);

    head_of(app->top, &head);
    draw_first_row(app, &head, canvas);
    draw_second_row(app, &head, canvas);
    if (app->prompt.open)
        prompt_draw(app, &notice);
    else if (app->menu)
        take_draw(app, &notice);
    else
        notices_draw(&app->notices, &notice);
    draw_footer(app, &footer);
    head_done(&head);
}
