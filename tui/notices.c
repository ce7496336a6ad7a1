/* The notice line. */
#include "notices.h"

#include <stdio.h>
#include <string.h>

#include "heap.h"

/* How long information stays (console rules), and how much is kept. */
#define FADE_MS 10000
#define KEPT 200

char notice_mark(enum kv_notice level)
{
    switch (level) {
    case KV_NOTICE_INFO:
        return 'i';
    case KV_NOTICE_DONE:
        return '+';
    case KV_NOTICE_ERROR:
        return '!';
    }
    return ' ';
}

enum role notice_role(enum kv_notice level)
{
    switch (level) {
    case KV_NOTICE_INFO:
        return ROLE_NOTICE_INFO;
    case KV_NOTICE_DONE:
        return ROLE_NOTICE_DONE;
    case KV_NOTICE_ERROR:
        return ROLE_NOTICE_ERROR;
    }
    return ROLE_TEXT;
}

/* Said again, it is not another one. */
static bool is_same(const struct notice *a, const struct notice *b)
{
    return a->level == b->level && strcmp(a->text, b->text) == 0;
}

static void say(
    struct notices *notices, const struct notice *notice, int64_t steady_ms)
{
    if (notice->level == KV_NOTICE_ERROR) {
        notices->unseen += !is_same(&notices->error, notice);
        notices->error = *notice;
        notices->recent.text[0] = 0;
        return;
    }
    notices->recent = *notice;
    notices->fades_at_ms = steady_ms + FADE_MS;
}

static void keep(struct notices *notices, const struct notice *notice)
{
    struct notice *last =
        notices->own_count ? &notices->own[notices->own_count - 1] : NULL;

    if (last && is_same(last, notice)) {
        last->count++;
        last->time_s = notice->time_s;
        return;
    }
    if (notices->own_count == KEPT) {
        memmove(
            notices->own, notices->own + 1, (KEPT - 1) * sizeof(*notices->own));
        notices->own_count--;
    }
    notices->own = heap_grow(notices->own, notices->own_count,
        &notices->own_capacity, sizeof(*notices->own));
    notices->own[notices->own_count++] = *notice;
}

void notices_add(struct notices *notices, enum kv_notice level,
    const char *text, struct notice_time time)
{
    struct notice notice = { .level = level, .time_s = time.now_s, .count = 1 };

    snprintf(notice.text, sizeof(notice.text), "%s", text);
    keep(notices, &notice);
    say(notices, &notice, time.steady_ms);
}

/* How often anything was said: grows whenever a message is added or grouped
 * into one that is there. */
static uint32_t said(const struct kv_session *session, uint32_t *errors)
{
    uint32_t count = kv_session_message_count(session);
    uint32_t sum = 0;

    *errors = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct kv_message *message = kv_session_message(session, i);

        sum += message->count;
        *errors += message->level == KV_NOTICE_ERROR;
    }
    return sum;
}

void notices_take(struct notices *notices, const struct kv_session *session,
    struct notice_time time)
{
    struct notice notice = { 0 };
    const struct kv_message *message;
    uint32_t errors;
    uint32_t sum = said(session, &errors);
    uint32_t more;

    if (sum == notices->session_seen)
        return;
    more = errors > notices->session_errors ? errors - notices->session_errors
                                            : 0;
    notices->session_seen = sum;
    notices->session_errors = errors;
    message = kv_session_message(session, 0);
    if (!message)
        return;
    notice.level = message->level;
    notice.time_s = message->time_s;
    if (message->count > 1)
        snprintf(notice.text, sizeof(notice.text), "%s (%u times)",
            message->text, message->count);
    else
        snprintf(notice.text, sizeof(notice.text), "%s", message->text);
    say(notices, &notice, time.steady_ms);
    /* Of several that came together the newest is shown, all are counted. */
    notices->unseen += more - (more && notice.level == KV_NOTICE_ERROR);
}

void notices_seen(struct notices *notices)
{
    notices->error.text[0] = 0;
    notices->unseen = 0;
}

bool notices_fade(struct notices *notices, int64_t steady_ms)
{
    if (!notices->recent.text[0] || steady_ms < notices->fades_at_ms)
        return false;
    notices->recent.text[0] = 0;
    return true;
}

int notices_due_ms(const struct notices *notices, int64_t steady_ms)
{
    int64_t left = notices->fades_at_ms - steady_ms;

    if (!notices->recent.text[0])
        return -1;
    return left > 0 ? (int)left : 0;
}

/* ---- drawing ---- */

/* The mark and a blank before the text. */
#define TEXT_COLUMN 3

static const struct notice *shown(const struct notices *notices)
{
    return notices->recent.text[0] ? &notices->recent : &notices->error;
}

/* "  ! 2 errors" at the right end; empty when all were seen. */
static void put_unseen(const struct notices *notices, struct buf *out)
{
    if (notices->unseen)
        buf_putf(out, "  ! %u error%s", notices->unseen,
            notices->unseen == 1 ? "" : "s");
}

static int text_width(const struct notices *notices, int columns)
{
    struct buf unseen = { .limit = 48 };
    int width;

    put_unseen(notices, &unseen);
    width = columns - TEXT_COLUMN - (int)unseen.size - 1;
    buf_done(&unseen);
    return width;
}

int notices_rows(const struct notices *notices, int columns, bool ascii)
{
    const struct notice *notice = shown(notices);

    if (!notice->text[0])
        return 1;
    return text_rows(notice->text, text_width(notices, columns), ascii);
}

void notices_draw(const struct notices *notices, struct canvas *canvas)
{
    const struct notice *notice = shown(notices);
    enum role role = notice_role(notice->level);
    int width = text_width(notices, canvas->columns);
    struct buf unseen = { .limit = 48 };

    if (notice->text[0]) {
        struct canvas text =
            canvas_part(canvas, 0, TEXT_COLUMN, canvas->rows, width);

        canvas_move(canvas, 0, 1);
        canvas_putf(canvas, role, "%c", notice_mark(notice->level));
        if (canvas_put_wrapped(&text, role, notice->text) > text.rows) {
            canvas_move(&text, text.rows - 1, width - 1);
            canvas_puts(&text, role, "~");
        }
    }
    put_unseen(notices, &unseen);
    canvas_move(canvas, canvas->rows - 1, 0);
    canvas_put_before(
        canvas, ROLE_NOTICE_ERROR, canvas->columns - 1, buf_text(&unseen));
    buf_done(&unseen);
}

void notices_done(struct notices *notices)
{
    heap_free(notices->own);
    *notices = (struct notices){ 0 };
}
