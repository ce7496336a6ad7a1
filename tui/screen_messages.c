/* Messages: everything the notice line ever said, newest first, the console's
 * own and the session's, with the whole text and the raw detail below. */
#include "console.h"
#include "heap.h"
#include "list.h"

#define DAY_S 86400

/* One message of either source. Copies: the session's are borrowed. */
struct message {
    enum kv_notice level;
    int64_t time_s;
    uint32_t count;
    char *text;
    char *detail; /* NULL without one */
};

struct messages_screen {
    struct screen base;
    struct list list;
    struct message *messages; /* oldest first */
    uint32_t count;
    bool stale;
};

enum messages_column {
    COLUMN_TIME,
    COLUMN_LEVEL,
    COLUMN_COUNT_OF,
    COLUMN_TEXT,
};

static const struct list_column columns[] = {
    [COLUMN_TIME] = { .title = "TIME", .width_cells = 10 },
    [COLUMN_LEVEL] = { .title = "", .width_cells = 1 },
    [COLUMN_COUNT_OF] = { .title = "TIMES",
        .width_cells = 5,
        .appears_at = 90,
        .right = true },
    [COLUMN_TEXT] = { .title = "WHAT HAPPENED" },
};

static const struct messages_screen *const_of(const void *screen)
{
    return screen;
}

static struct messages_screen *messages_of(struct screen *screen)
{
    return (struct messages_screen *)screen;
}

/* The time of the last 24 hours, the day of what is older; below the list both
 * are there. */
static void put_moment(struct buf *out, int64_t time_s, int64_t now_s)
{
    struct buf text = { .limit = 64 };
    struct view day;
    struct view rest;

    buf_put_time(&text, time_s);
    rest = buf_view(&text);
    day = view_cut(&rest, 'T');
    buf_put(out, now_s - time_s < DAY_S ? rest : day);
    buf_done(&text);
}

static void messages_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct message *message = &const_of(context)->messages[item];

    switch ((enum messages_column)column) {
    case COLUMN_TIME:
        put_moment(&out->text, message->time_s,
            app_now_s(const_of(context)->base.app));
        break;
    case COLUMN_LEVEL:
        buf_putc(&out->text, notice_mark(message->level));
        break;
    case COLUMN_COUNT_OF:
        buf_put_count(&out->text, message->count);
        break;
    case COLUMN_TEXT:
        buf_puts(&out->text, message->text);
        break;
    }
    out->role = notice_role(message->level);
}

static struct list_order messages_order(
    const void *context, uint32_t item, size_t column)
{
    const struct message *message = &const_of(context)->messages[item];

    if (column == COLUMN_TEXT)
        return (struct list_order){ .text = message->text };
    if (column == COLUMN_LEVEL)
        return (struct list_order){ .number = (uint64_t)(KV_NOTICE_ERROR -
                                                         message->level) };
    if (column == COLUMN_COUNT_OF)
        return (struct list_order){ .number = UINT32_MAX - message->count };
    return (
        struct list_order){ .number = UINT64_MAX - (uint64_t)message->time_s };
}

static const struct list_ops messages_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .sort_column = COLUMN_TIME,
    .name_column = COLUMN_TEXT,
    .cell = messages_cell,
    .order = messages_order,
    .fields = filter_columns,
    .no_marks = true,
};

/* ---- taking them together ---- */

static void forget(struct messages_screen *messages)
{
    for (uint32_t i = 0; i < messages->count; i++) {
        heap_free(messages->messages[i].text);
        heap_free(messages->messages[i].detail);
    }
    heap_free(messages->messages);
    messages->messages = NULL;
    messages->count = 0;
}

static struct message from_session(const struct kv_message *message)
{
    return (struct message){
        .level = message->level,
        .time_s = message->time_s,
        .count = message->count,
        .text = heap_copy(message->text),
        .detail = heap_copy(message->detail),
    };
}

static struct message from_notice(const struct notice *notice)
{
    return (struct message){
        .level = notice->level,
        .time_s = notice->time_s,
        .count = notice->count,
        .text = heap_copy(notice->text),
    };
}

/* Both sources are in order; the result is the oldest of either each time. */
static void collect(struct messages_screen *messages)
{
    const struct app *app = messages->base.app;
    uint32_t left = kv_session_message_count(app->session);
    size_t own = 0;

    forget(messages);
    messages->messages = heap_new(
        (left + app->notices.own_count + 1) * sizeof(*messages->messages));
    while (left || own < app->notices.own_count) {
        const struct kv_message *theirs =
            left ? kv_session_message(app->session, left - 1) : NULL;
        const struct notice *ours =
            own < app->notices.own_count ? &app->notices.own[own] : NULL;
        bool take_theirs = theirs && (!ours || theirs->time_s <= ours->time_s);

        messages->messages[messages->count++] =
            take_theirs ? from_session(theirs) : from_notice(ours);
        if (take_theirs)
            left--;
        else
            own++;
    }
}

/* ---- the screen ---- */

static void messages_close(struct screen *screen)
{
    struct messages_screen *messages = messages_of(screen);

    forget(messages);
    list_done(&messages->list);
    heap_free(messages);
}

static int below(int rows)
{
    return rows / 2;
}

static void messages_layout(struct screen *screen, int rows, int width)
{
    (void)width;
    list_layout(&messages_of(screen)->list, rows - below(rows));
}

static void messages_news(struct screen *screen, unsigned news)
{
    if (news & KV_NEWS_MESSAGE)
        messages_of(screen)->stale = true;
}

static void messages_prepare(struct screen *screen)
{
    struct messages_screen *messages = messages_of(screen);

    notices_seen(&screen->app->notices);
    if (!messages->stale)
        return;
    messages->stale = false;
    collect(messages);
    list_refresh(&messages->list, messages->count);
}

static bool messages_key(struct screen *screen, struct key key)
{
    return list_key(&messages_of(screen)->list, key);
}

static void messages_head(const struct screen *screen, struct screen_head *out)
{
    const struct messages_screen *messages = const_of(screen);

    if (messages->list.filter.size)
        buf_putf(&out->filter, "/ %s", messages->list.filter.text);
    if (messages->list.filtering)
        out->input = &messages->list.filter;
    list_put_counts(&messages->list, "messages", &out->counts);
}

static void draw_message(const struct message *message, struct canvas *text)
{
    struct buf when = { .limit = 64 };

    buf_put_time(&when, message->time_s);
    canvas_puts(text, ROLE_DIM, buf_text(&when));
    buf_done(&when);
    if (message->count > 1)
        canvas_putf(text, ROLE_DIM, ", %u times, the last then", message->count);
    canvas_move(text, text->pen_row + 1, 1);
    canvas_put_wrapped(text, ROLE_TEXT, message->text);
    if (!message->detail)
        return;
    canvas_move(text, text->pen_row + 1, 1);
    canvas_put_wrapped(text, ROLE_DIM, message->detail);
}

static void messages_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct messages_screen *messages = const_of(screen);
    int rows = canvas->rows - below(canvas->rows);
    struct canvas list = canvas_part(canvas, 0, 0, rows, canvas->columns);
    struct canvas text =
        canvas_part(canvas, rows, 0, below(canvas->rows), canvas->columns);
    uint32_t item = list_current(&messages->list);

    canvas_rule(&text, 0);
    canvas_move(&text, 1, 1);
    if (item == KV_NONE) {
        canvas_puts(&text, ROLE_DIM,
            messages->count ? "No message matches this filter."
                            : "Nothing was said yet.");
    } else {
        draw_message(&messages->messages[item], &text);
    }
    list_draw(&messages->list, &list);
}

static const struct list *messages_list_of(const struct screen *screen)
{
    return &const_of(screen)->list;
}

const struct screen_ops messages_screen = {
    .title = "Messages",
    .about = "Everything the notice line ever said, newest first. Below: the "
             "whole text and what Azure answered.",
    .close = messages_close,
    .layout = messages_layout,
    .prepare = messages_prepare,
    .draw = messages_draw,
    .head = messages_head,
    .key = messages_key,
    .news = messages_news,
    .list = messages_list_of,
    .lists = true,
};

void screen_open_messages(struct app *app)
{
    struct messages_screen *messages;

    if (app->top->ops == &messages_screen)
        return;
    messages = heap_new(sizeof(*messages));
    messages->base.ops = &messages_screen;
    messages->stale = true;
    list_init(&messages->list, &messages_list, messages);
    app_push(app, &messages->base);
}
