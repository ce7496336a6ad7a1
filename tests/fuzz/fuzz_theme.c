/* Theme files: read whole, or refused with file and line and nothing
 * changed. */
#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "theme.h"

/* A file of no folder, at an address that fopen() knows. */
static int file_of(const uint8_t *data, size_t size, char *path, size_t bytes)
{
    int file = memfd_create("mine.theme", MFD_CLOEXEC);

    fuzz_check(file >= 0);
    fuzz_check(size == 0 || write(file, data, size) == (ssize_t)size);
    (void)snprintf(path, bytes, "/proc/self/fd/%d", file);
    return file;
}

static void check_looks(const struct theme *theme)
{
    fuzz_check(memchr(theme->name, '\0', sizeof theme->name));
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        const struct look *look = &theme->looks[i];

        fuzz_check(look->foreground >= -1 && look->foreground <= 255);
        fuzz_check(look->background >= -1 && look->background <= 255);
        fuzz_check(look->attributes < LOOK_REVERSE << 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int file = file_of(data, size, path, sizeof path);
    struct kv_error err = { 0 };
    struct theme theme;
    struct theme before;

    theme_mono(&theme);
    memcpy(&before, &theme, sizeof before);
    if (theme_load_file(&theme, path, &err) == KV_OK) {
        check_looks(&theme);
    } else {
        fuzz_check(err.status == KV_BAD_INPUT && err.text[0]);
        fuzz_check(memcmp(&theme, &before, sizeof before) == 0);
    }
    (void)close(file);
    return 0;
}
