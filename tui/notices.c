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

static void say(
    struct notices *notices, const struct notice *notice, int64_t steady_ms)
{
    if (notice->level == KV_NOTICE_ERROR) {
        notices->error = *notice;
        notices->recent.text[0] = 0;
        notices->unseen++;
        return;
    }
    notices->recent = *notice;
    notices->fades_at_ms = steady_ms + FADE_MS;
}

static void keep(struct notices *notices, const struct notice *notice)
{
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
    struct notice notice = { .level = level, .time_s = time.now_s };

    snprintf(notice.text, sizeof(notice.text), "%s", text);
    keep(notices, &notice);
    say(notices, &notice, time.steady_ms);
}

/* How often anything was said: grows whenever a message is added or grouped
 * into one that is there. */
static uint32_t said(const struct kv_session *session)
{
    uint32_t count = kv_session_message_count(session);
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += kv_session_message(session, i)->count;
    return sum;
}

void notices_take(struct notices *notices, const struct kv_session *session,
    struct notice_time time)
{
    struct notice notice = { 0 };
    const struct kv_message *message;
    uint32_t sum = said(session);

    if (sum == notices->session_seen)
        return;
    notices->session_seen = sum;
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

void notices_draw(const struct notices *notices, struct canvas *line)
{
    const struct notice *notice =
        notices->recent.text[0] ? &notices->recent : &notices->error;
    char count[48] = "";
    int width = line->columns - 3;

    if (notices->unseen) {
        snprintf(count, sizeof(count), "  ! %u message%s", notices->unseen,
            notices->unseen == 1 ? "" : "s");
        width -= (int)strlen(count) + 1;
    }
    if (notice->text[0]) {
        canvas_move(line, 0, 1);
        canvas_putf(line, notice_role(notice->level), "%c ",
            notice_mark(notice->level));
        canvas_put_left(line, notice_role(notice->level), width, notice->text);
    }
    canvas_move(line, 0, 0);
    canvas_put_before(line, ROLE_NOTICE_ERROR, line->columns - 1, count);
}

void notices_done(struct notices *notices)
{
    heap_free(notices->own);
    *notices = (struct notices){ 0 };
}
