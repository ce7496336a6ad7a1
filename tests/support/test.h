/* What every test program includes first: cmocka with what it needs, and the
 * checks that say more than cmocka's own. */
#ifndef SUPPORT_TEST_H
#define SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* The value of an environment variable that the Makefile gives; fails the
 * test when it is missing or, for a folder, when nothing is there. */
const char *test_setting(const char *name);
/* $KVGOV_SHARED and $KVGOV_SOURCE, which must exist; the latter defaults to
 * the current folder, the former to ../shared beside it. */
const char *test_shared(void);
const char *test_source(void);

/* Reads a whole file, failing the test when it cannot; the caller frees it
 * with mem_free(). */
char *test_read_file(const char *path, size_t *size);
void test_write_file(const char *path, const char *text);

/* Fails with both texts. */
#define assert_contains(text, part)                                            \
    check_contains((text), (part), __FILE__, __LINE__)
#define assert_lacks(text, part) check_lacks((text), (part), __FILE__, __LINE__)
void check_contains(
    const char *text, const char *part, const char *file, int line);
void check_lacks(
    const char *text, const char *part, const char *file, int line);

/* Fails with a formatted reason, which cmocka's fail() cannot. */
#define fail_with(...) check_failed(__FILE__, __LINE__, __VA_ARGS__)
void check_failed(const char *file, int line, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));

#endif
