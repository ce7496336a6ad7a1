/* Folders of a test's own. */
#include "temp.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base.h"
#include "test.h"

char *temp_new(void)
{
    const char *top = getenv("TMPDIR");
    char *folder = temp_path(top && *top ? top : "/tmp", "kvgov-test-XXXXXX");

    if (!mkdtemp(folder))
        fail_with("%s: no temporary folder can be made", folder);
    return folder;
}

static int remove_entry(
    const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    (void)remove(path);
    return 0;
}

void temp_done(char *folder)
{
    if (!folder)
        return;
    (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    mem_free(folder);
}

char *temp_path(const char *folder, const char *name)
{
    struct buf path = { .limit = 4096 };

    buf_putf(&path, "%s/%s", folder, name);
    char *text = mem_copy_text(buf_text(&path));
    buf_done(&path);
    return text;
}
