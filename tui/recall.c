/* What was typed before. */
#include "recall.h"

#include <string.h>

#include "heap.h"

static void drop(struct recall *recall, size_t index)
{
    heap_free(recall->texts[index]);
    recall->count--;
    memmove(&recall->texts[index], &recall->texts[index + 1],
        (recall->count - index) * sizeof(*recall->texts));
}

void recall_add(struct recall *recall, const char *text)
{
    if (!*text)
        return;
    for (size_t i = 0; i < recall->count; i++)
        if (strcmp(recall->texts[i], text) == 0)
            drop(recall, i--);
    if (recall->count == RECALL_TEXTS)
        drop(recall, 0);
    recall->texts[recall->count++] = heap_copy(text);
}

static void look(struct recall *recall, struct input *input, size_t back)
{
    if (!recall->back)
        memcpy(recall->typed, input->text, sizeof(recall->typed));
    recall->back = back;
    input_set(
        input, back ? recall->texts[recall->count - back] : recall->typed);
}

bool recall_key(struct recall *recall, struct input *input, struct key key)
{
    if (key.pasted)
        return false;
    if (key.code == CODE_UP && recall->back < recall->count)
        look(recall, input, recall->back + 1);
    else if (key.code == CODE_DOWN && recall->back > 0)
        look(recall, input, recall->back - 1);
    else
        return false;
    return true;
}

void recall_start(struct recall *recall)
{
    recall->back = 0;
}

void recall_done(struct recall *recall)
{
    while (recall->count)
        drop(recall, 0);
}
