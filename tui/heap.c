/* The console's own allocation calls: the only ones in tui/. */
#include "heap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* exit() and not abort(): the terminal is put back by an exit handler. */
static _Noreturn void run_out(void)
{
    fputs("kvgov: out of memory. Nothing was changed that the journal does "
          "not hold; start kvgov again with a smaller scope "
          "(--subscription).\n",
        stderr);
    exit(70);
}

void *heap_new(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (!memory)
        run_out();
    return memory;
}

void *heap_resize(void *memory, size_t size)
{
    memory = realloc(memory, size ? size : 1);
    if (!memory)
        run_out();
    return memory;
}

char *heap_copy(const char *text)
{
    size_t size;
    char *copy;

    if (!text)
        return NULL;
    size = strlen(text) + 1;
    copy = heap_new(size);
    memcpy(copy, text, size);
    return copy;
}

void heap_free(void *memory)
{
    free(memory);
}

void *heap_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity : 16;

    if (count < *capacity)
        return items;
    while (wanted <= count) {
        if (wanted > SIZE_MAX / 2 / size)
            run_out();
        wanted *= 2;
    }
    *capacity = wanted;
    return heap_resize(items, wanted * size);
}
