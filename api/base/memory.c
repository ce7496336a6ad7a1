/* Memory that does not fail: the only place that handles exhaustion. */
#include "base.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_EXHAUSTED 70

/* Set once at start by the front end; exhaustion has no other way to reach the
 * terminal that must be put back. */
static void (*exhaustion_hook)(void);

void mem_at_exhaustion(void (*hook)(void))
{
    exhaustion_hook = hook;
}

static void mem_exhausted(void)
{
    if (exhaustion_hook)
        exhaustion_hook();
    fputs("kvgov: out of memory\n", stderr);
    _Exit(EXIT_EXHAUSTED);
}

void *mem_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (!memory)
        mem_exhausted();
    return memory;
}

void *mem_resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size ? size : 1);

    if (!resized)
        mem_exhausted();
    return resized;
}

char *mem_copy_text(const char *text)
{
    return text ? mem_copy_view(view_of(text)) : NULL;
}

char *mem_copy_view(struct view text)
{
    char *copy = mem_alloc(text.size + 1);

    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return copy;
}

void mem_free(void *memory)
{
    free(memory);
}

void *mem_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity : 16;

    if (count < *capacity)
        return items;
    while (wanted <= count)
        wanted *= 2;
    *capacity = wanted;
    return mem_resize(items, wanted * size);
}

void mem_cleanse(void *memory, size_t size)
{
    if (memory)
        explicit_bzero(memory, size);
    free(memory);
}

void mem_give_back(void)
{
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
}
