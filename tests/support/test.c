/* Settings, files and checks that all test programs share. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"

void check_failed(const char *file, int line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char text[1u << 16];
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* cmocka's own print_error() cuts at a kilobyte. */
    (void)fprintf(stderr, "%s\n", text);
    _fail(file, line);
    abort(); /* _fail jumps away; the compiler cannot know */
}

void check_contains(
    const char *text, const char *part, const char *file, int line)
{
    if (!text || !strstr(text, part))
        check_failed(file, line, "missing: %s\nin:\n%s", part,
            text ? text : "(nothing)");
}

void check_lacks(const char *text, const char *part, const char *file, int line)
{
    if (text && strstr(text, part))
        check_failed(file, line, "unwanted: %s\nin:\n%s", part, text);
}

const char *test_setting(const char *name)
{
    const char *value = getenv(name);

    if (!value || !*value)
        fail_with("%s is not set: run the tests with make check", name);
    return value;
}

static const char *folder_of(const char *name, const char *standard)
{
    const char *value = getenv(name);

    if (!value || !*value)
        value = standard;
    if (access(value, R_OK | X_OK) != 0)
        fail_with("%s: the folder %s cannot be read", name, value);
    return value;
}

const char *test_shared(void)
{
    return folder_of("KVGOV_SHARED", "../shared");
}

const char *test_source(void)
{
    return folder_of("KVGOV_SOURCE", ".");
}

char *test_read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    size_t capacity = 1u << 16;
    size_t used = 0;
    char *text = mem_alloc(capacity);

    if (!file)
        fail_with("%s cannot be opened", path);
    for (size_t got;
         (got = fread(text + used, 1, capacity - used - 1, file));) {
        used += got;
        if (used + 1 == capacity)
            text = mem_resize(text, capacity *= 2);
    }
    (void)fclose(file);
    text[used] = '\0';
    if (size)
        *size = used;
    return text;
}

void test_write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    if (!file)
        fail_with("%s cannot be made", path);
    if (fputs(text, file) < 0 || fclose(file) != 0)
        fail_with("%s cannot be written", path);
}
