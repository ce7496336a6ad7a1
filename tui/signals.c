/* The self-pipe. A handler has no argument, hence the file-scope variable. */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static int write_end = -1;

static const int caught[] = { SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGTSTP,
    SIGCONT };

/* A full pipe means that the loop has plenty to read already. */
static void note(int number)
{
    unsigned char byte = (unsigned char)number;
    int saved = errno;

    if (write(write_end, &byte, 1) < 0)
        errno = saved;
    errno = saved;
}

int signals_open(void)
{
    struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART };
    int ends[2];

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -1;
    write_end = ends[1];
    for (size_t i = 0; i < sizeof(caught) / sizeof *(caught); i++)
        sigaction(caught[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    return ends[0];
}

int signals_read(int fd)
{
    unsigned char byte;

    return read(fd, &byte, 1) == 1 ? byte : 0;
}
