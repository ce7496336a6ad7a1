/* Comparing with files that were kept. */
#include "golden.h"

#include "test.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "program.h"
#include "temp.h"

/* "#" is a digit, any other byte itself. The longest comes first. */
static const struct {
    const char *pattern;
    const char *name;
} unsteady[] = {
    { "####-##-##T##:##:##Z", "TIME" },
    { "####-##-##T##:##:##", "TIME" },
    { "since ####-##-##", "since DAY" },
    { "#############", "MILLISECONDS" },
    { "## recommendations", "SOME recommendations" },
    { "##s old", "AGE old" },
    { "#s old", "AGE old" },
    { "##m old", "AGE old" },
    { "#m old", "AGE old" },
};

static size_t match(const char *text, const char *pattern)
{
    size_t size = strlen(pattern);

    for (size_t i = 0; i < size; i++)
        if (pattern[i] == '#' ? !isdigit((unsigned char)text[i])
                              : text[i] != pattern[i])
            return 0;
    return size;
}

void golden_put_steady(struct buf *out, const char *text)
{
    while (*text) {
        size_t size = 0;

        for (size_t i = 0; i < LENGTH(unsteady) && size == 0; i++) {
            size = match(text, unsteady[i].pattern);
            if (size > 0)
                buf_puts(out, unsteady[i].name);
        }
        if (size == 0)
            buf_putc(out, *text++);
        text += size;
    }
}

static void fail_with_difference(const char *path, const char *text)
{
    char *folder = temp_new();
    char *now = temp_path(folder, "now");
    const char *const argv[] = { "diff", "-u", path, now, NULL };
    struct program diff;

    test_write_file(now, text);
    program_run(&diff, &(struct program_options){ .argv = argv });
    fputs(buf_text(&diff.out), stderr); /* cmocka cuts long texts */
    program_done(&diff);
    mem_free(now);
    temp_done(folder);
    fail_with("%s differs, as above; when that is right: make golden", path);
}

void golden_check(const char *folder, const char *name, const char *text)
{
    const char *mode = getenv("KVGOV_GOLDEN");
    char path[1024];
    char *kept;

    snprintf(path, sizeof path, "%s/%s/%s", test_source(), folder, name);
    if (mode && strcmp(mode, "write") == 0) {
        test_write_file(path, text);
        return;
    }
    kept = test_read_file(path, NULL);
    if (strcmp(kept, text) != 0) {
        mem_free(kept);
        fail_with_difference(path, text);
    }
    mem_free(kept);
}
