/* Putting the terminal back when the program dies. A signal handler has no
 * argument to carry state in, hence the one file-scope variable. */
#include "rescue.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define UNDO_BYTES 256
#define STACK_BYTES 16384

static struct {
    int fd;
    bool remembered;
    volatile sig_atomic_t armed;
    struct termios before;
    char undo[UNDO_BYTES];
    size_t undo_size;
    char stack[STACK_BYTES]; /* the program's own may be what overflowed */
} rescue;

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

void rescue_remember(int fd)
{
    rescue.fd = fd;
    rescue.remembered = tcgetattr(fd, &rescue.before) == 0;
}

/* SA_RESETHAND has put the default action back, so raising again ends the
 * program with the signal that its parent should see. */
static void die(int number)
{
    if (rescue.armed) {
        rescue.armed = 0;
        if (write(rescue.fd, rescue.undo, rescue.undo_size) < 0)
            rescue.undo_size = 0; /* no terminal, nothing to put back */
        if (rescue.remembered)
            tcsetattr(rescue.fd, TCSANOW, &rescue.before);
    }
    raise(number);
}

void rescue_arm(struct view undo)
{
    stack_t stack = { .ss_sp = rescue.stack, .ss_size = STACK_BYTES };
    struct sigaction action = {
        .sa_handler = die,
        .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND),
    };

    if (undo.size > UNDO_BYTES)
        undo.size = UNDO_BYTES;
    if (undo.size)
        memcpy(rescue.undo, undo.data, undo.size);
    rescue.undo_size = undo.size;
    rescue.armed = 1;
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < sizeof(fatal) / sizeof *(fatal); i++)
        sigaction(fatal[i], &action, NULL);
}

void rescue_disarm(void)
{
    rescue.armed = 0;
}
