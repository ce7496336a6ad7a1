/* The console's memory: never NULL. When it runs out the program says so,
 * puts the terminal back and exits with 70. */
#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>

void *heap_new(size_t size); /* zeroed */
void *heap_resize(void *memory, size_t size);
char *heap_copy(const char *text); /* NULL stays NULL */
void heap_free(void *memory);
/* Doubles an array until `count` + 1 items of `size` bytes fit. */
void *heap_grow(void *items, size_t count, size_t *capacity, size_t size);

#endif
