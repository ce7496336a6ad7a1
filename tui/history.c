/* What was typed before. */
#include "history.h"

#include <string.h>

#include "heap.h"

static void drop(struct history *history, size_t index)
{
    heap_free(history->texts[index]);
    history->count--;
    memmove(&history->texts[index], &history->texts[index + 1],
        (history->count - index) * sizeof(*history->texts));
}

void history_add(struct history *history, const char *text)
{
    if (!*text)
        return;
    for (size_t i = 0; i < history->count; i++)
        if (strcmp(history->texts[i], text) == 0)
            drop(history, i--);
    if (history->count == HISTORY_TEXTS)
        drop(history, 0);
    history->texts[history->count++] = heap_copy(text);
}

static void look(struct history *history, struct input *input, size_t back)
{
    if (!history->back)
        memcpy(history->typed, input->text, sizeof(history->typed));
    history->back = back;
    input_set(
        input, back ? history->texts[history->count - back] : history->typed);
}

bool history_key(struct history *history, struct input *input, struct key key)
{
    if (key.pasted)
        return false;
    if (key.code == CODE_UP && history->back < history->count)
        look(history, input, history->back + 1);
    else if (key.code == CODE_DOWN && history->back > 0)
        look(history, input, history->back - 1);
    else
        return false;
    return true;
}

void history_start(struct history *history)
{
    history->back = 0;
}

void history_done(struct history *history)
{
    while (history->count)
        drop(history, 0);
}
