/* Keeping stderr for later. It must work from an exit handler, which carries
 * no argument, hence the one file-scope variable. */
#include "hush.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
    bool on;
    int terminal; /* stderr as it was */
    int kept;     /* a file in memory */
} hush;

void hush_begin(void)
{
    if (hush.on || !isatty(STDERR_FILENO))
        return;
    hush.kept = memfd_create("kvgov-stderr", MFD_CLOEXEC);
    if (hush.kept < 0)
        return;
    hush.terminal = dup(STDERR_FILENO);
    if (hush.terminal < 0 || dup2(hush.kept, STDERR_FILENO) < 0) {
        close(hush.kept);
        return;
    }
    hush.on = true;
}

void hush_end(void)
{
    char text[1024];
    ssize_t size;

    if (!hush.on)
        return;
    hush.on = false;
    fflush(stderr);
    dup2(hush.terminal, STDERR_FILENO);
    close(hush.terminal);
    lseek(hush.kept, 0, SEEK_SET);
    while ((size = read(hush.kept, text, sizeof(text))) > 0)
        if (write(STDERR_FILENO, text, (size_t)size) < 0)
            break;
    close(hush.kept);
}
