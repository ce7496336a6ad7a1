/* What the notice line ever said; equal messages are counted, not repeated. */
#include "inside.h"

#include <string.h>

/* More than anybody reads; the oldest go first. */
#define MESSAGES_MAX 500

static void message_done(struct kv_message *message)
{
    mem_free((char *)message->text);
    mem_free((char *)message->detail);
}

/* What is said again becomes the newest. */
static struct kv_message *message_same(
    struct messages *messages, enum kv_notice level, const char *text)
{
    for (size_t i = messages->count; i-- > 0;) {
        struct kv_message message = messages->items[i];

        if (message.level != level || strcmp(message.text, text) != 0)
            continue;
        memmove(&messages->items[i], &messages->items[i + 1],
            (messages->count - i - 1) * sizeof message);
        messages->items[messages->count - 1] = message;
        return &messages->items[messages->count - 1];
    }
    return NULL;
}

static struct kv_message *message_new(struct messages *messages)
{
    if (messages->count == MESSAGES_MAX) {
        message_done(&messages->items[0]);
        memmove(messages->items, messages->items + 1,
            --messages->count * sizeof *messages->items);
    }
    messages->items = mem_grow(messages->items, messages->count,
        &messages->capacity, sizeof *messages->items);
    messages->items[messages->count] = (struct kv_message){ 0 };
    return &messages->items[messages->count++];
}

void message_add(struct kv_session *session, enum kv_notice level,
    const char *detail, const char *format, ...)
{
    struct buf text = { .limit = 4096 };
    struct kv_message *message;
    va_list args;

    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    message = message_same(&session->messages, level, buf_text(&text));
    if (!message) {
        message = message_new(&session->messages);
        message->level = level;
        message->text = mem_copy_text(buf_text(&text));
    }
    message->count++;
    message->time_s = clock_now_s();
    if (detail) {
        mem_free((char *)message->detail);
        message->detail = mem_copy_text(detail);
    }
    buf_done(&text);
    session->news |= KV_NEWS_MESSAGE;
}

void messages_done(struct messages *messages)
{
    for (size_t i = 0; i < messages->count; i++)
        message_done(&messages->items[i]);
    mem_free(messages->items);
}

uint32_t kv_session_message_count(const struct kv_session *session)
{
    return (uint32_t)session->messages.count;
}

const struct kv_message *kv_session_message(
    const struct kv_session *session, uint32_t index)
{
    return &session->messages.items[session->messages.count - 1 - index];
}
