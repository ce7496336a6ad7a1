/* What every room may use beside the public text calls: memory that does not
 * fail, addresses, and the clock. Knows only libc. */
#ifndef BASE_H
#define BASE_H

#include "kvgov/error.h"
#include "kvgov/text.h"

/* The one place where memory runs out: calls the exit hook (the console's puts
 * the terminal back), says so on stderr and exits with 70. */
void *mem_alloc(size_t size); /* zeroed */
void *mem_resize(void *memory, size_t size);
char *mem_copy_text(const char *text); /* NULL stays NULL */
char *mem_copy_view(struct view text); /* terminated */
void mem_free(void *memory);
/* After much was freed: back to the system with what lies between that which is
 * still held, where the allocator can do that. */
void mem_give_back(void);
void mem_at_exhaustion(void (*hook)(void));
/* Grows an array by doubling so that `count` + 1 items of `size` bytes fit. */
void *mem_grow(void *items, size_t count, size_t *capacity, size_t size);

/* "52.0.0.0/8" or "20.61.4.7", both ends in it; bits below the prefix are
 * ignored, as Azure does. False when it is neither. */
bool ipv4_range_parse(struct view text, uint32_t *first, uint32_t *last);

/* Overwrites before freeing; for tokens and secrets. */
void mem_cleanse(void *memory, size_t size);

/* SHA-256 in lower-case hexadecimal, terminated. Empty where the library
 * refuses: an empty hash equals none. */
#define DIGEST_SIZE 65
void digest_hex(char out[DIGEST_SIZE], struct view bytes);

/* Whole files. Writing goes beside the file, mode 0600, and takes its place when
 * all is on the disk. Both fail with KV_STORE and say why; reading also where
 * there is more than the buffer's limit. */
KV_NODISCARD enum kv_status file_read_whole(
    struct buf *out, const char *path, struct kv_error *err);
KV_NODISCARD enum kv_status file_write_whole(
    const char *path, struct view text, struct kv_error *err);

int64_t clock_now_s(void);     /* wall clock, since 1970 */
int64_t clock_now_ms(void);    /* wall clock */
int64_t clock_steady_ms(void); /* never jumps */

#endif
