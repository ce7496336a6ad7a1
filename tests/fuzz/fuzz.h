/* What every fuzz entry includes. An entry is one file, fuzz_<what>.c, with one
 * function that puts a stranger's bytes through one parser and checks what must
 * hold of whatever comes out. libFuzzer calls it (make fuzz), and so does
 * runner.c over the entry's corpus in every make check. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* `data` may be NULL when `size` is 0. Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An assert() that release builds keep. */
#define fuzz_check(holds) fuzz_checked((holds), #holds, __FILE__, __LINE__)
void fuzz_checked(bool holds, const char *what, const char *file, int line);

struct view fuzz_view(const uint8_t *data, size_t size);
/* Takes one byte off the start; 0 at the end. */
uint8_t fuzz_take_byte(struct view *rest);
/* A terminated copy without what follows a NUL; mem_free(). */
char *fuzz_text(struct view text);

void fuzz_check_utf8(struct view text);
/* What a person is shown: valid UTF-8 without control, bidirectional and
 * zero-width characters; line feeds only where there may be `lines`. */
void fuzz_check_visible(struct view text, bool lines);
/* `part` is empty or lies inside of `whole`. */
void fuzz_check_within(struct view whole, struct view part);

/* More seeds than the corpus has, made when they are wanted: an entry may
 * define it, and hands each to `take`, which copies. */
typedef void fuzz_take_fn(void *context, struct view seed);
void fuzz_seeds(fuzz_take_fn *take, void *context);

/* Every answer of Azure in $KVGOV_SHARED/azure: Microsoft's examples and the
 * recordings. None where the variable is not set. */
void fuzz_each_body(fuzz_take_fn *take, void *context);

#endif
