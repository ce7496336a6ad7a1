/* The pseudo terminal: starts the program, feeds what it writes to libvterm,
 * and waits. What can be seen is in terminal_look.c, keys in
 * terminal_keys.c. */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "process.h"
#include "terminal_inside.h"
#include "test.h"

/* libvterm 0.1.4 does not stand all output in a smaller one; the program is
 * told its true size all the same. */
#define ROWS_LEAST 10
#define COLUMNS_LEAST 20
#define TAIL_BYTES 4096
#define OUTPUT_LIMIT (256u << 20)
#define STANDARD_ROWS 24
#define STANDARD_COLUMNS 80
#define STANDARD_LIMIT_MS 30000
#define REPEAT_MS 250

static void pty_write(const char *bytes, size_t size, void *context)
{
    struct terminal *terminal = context;

    while (size > 0 && terminal->fd >= 0) {
        ssize_t put = write(terminal->fd, bytes, size);

        if (put < 0 && errno == EAGAIN) {
            pause_ms(1);
            continue;
        }
        if (put <= 0)
            return;
        bytes += put;
        size -= (size_t)put;
    }
}

void terminal_send(struct terminal *terminal, const char *bytes, size_t size)
{
    pty_write(bytes, size, terminal);
}

static int take_property(VTermProp property, VTermValue *value, void *context)
{
    struct terminal *terminal = context;

    if (property == VTERM_PROP_ALTSCREEN)
        terminal->alternate = value->boolean;
    else if (property == VTERM_PROP_CURSORVISIBLE)
        terminal->cursor_visible = value->boolean;
    return 1;
}

static const VTermScreenCallbacks screen_callbacks = {
    .settermprop = take_property,
};

static void emulator_init(struct terminal *terminal)
{
    terminal->vterm = vterm_new(terminal->rows, terminal->columns);
    terminal->screen = vterm_obtain_screen(terminal->vterm);
    vterm_set_utf8(terminal->vterm, 1);
    vterm_screen_set_callbacks(terminal->screen, &screen_callbacks, terminal);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_reset(terminal->screen, 1);
    vterm_output_set_callback(terminal->vterm, pty_write, terminal);
}

static void program_start(
    struct terminal *terminal, const struct terminal_options *options)
{
    struct winsize size = { .ws_row = (unsigned short)terminal->rows,
        .ws_col = (unsigned short)terminal->columns };
    struct buf term = { .limit = 256 };

    buf_putf(
        &term, "TERM=%s", options->term ? options->term : "xterm-256color");
    char **environment = environment_new(options->environment);
    terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
    if (terminal->pid == 0) {
        (void)clearenv();
        for (size_t i = 0; environment[i]; i++)
            (void)putenv(environment[i]);
        (void)putenv(term.data);
        process_become(options->argv, environ);
    }
    if (terminal->pid < 0)
        fail_with("no pseudo terminal for %s", options->argv[0]);
    (void)fcntl(terminal->fd, F_SETFL, O_NONBLOCK);
    (void)fcntl(terminal->fd, F_SETFD, FD_CLOEXEC);
    environment_free(environment);
    buf_done(&term);
}

struct terminal *terminal_open(const struct terminal_options *options)
{
    struct terminal *terminal = mem_alloc(sizeof *terminal);

    terminal->rows = options->rows ? options->rows : STANDARD_ROWS;
    terminal->columns = options->columns ? options->columns : STANDARD_COLUMNS;
    terminal->limit_ms =
        options->limit_ms ? options->limit_ms : STANDARD_LIMIT_MS;
    terminal->output.limit = OUTPUT_LIMIT;
    terminal->text.limit = OUTPUT_LIMIT;
    terminal->row.limit = OUTPUT_LIMIT;
    terminal->cursor_visible = true;
    emulator_init(terminal);
    program_start(terminal, options);
    return terminal;
}

void terminal_hang_up(struct terminal *terminal)
{
    if (terminal->fd >= 0)
        (void)close(terminal->fd);
    terminal->fd = -1;
}

void terminal_close(struct terminal *terminal)
{
    if (!terminal)
        return;
    if (!terminal->ended)
        process_end(terminal->pid);
    terminal_hang_up(terminal);
    vterm_free(terminal->vterm);
    buf_done(&terminal->output);
    buf_done(&terminal->text);
    buf_done(&terminal->row);
    mem_free(terminal);
}

/* What was written last is drawn after all: the end of a program puts the
 * terminal back there. */
void terminal_blind(struct terminal *terminal, bool blind)
{
    struct view last;

    terminal_take(terminal);
    if (terminal->blind && !blind) {
        last = buf_view(&terminal->output);
        if (last.size > TAIL_BYTES) {
            last.data += last.size - TAIL_BYTES;
            last.size = TAIL_BYTES;
        }
        (void)vterm_input_write(terminal->vterm, last.data, last.size);
    }
    terminal->blind = blind;
}

/* Takes one block; false when there was none. */
static bool take_block(struct terminal *terminal)
{
    char block[16384];
    ssize_t got =
        terminal->fd < 0 ? -1 : read(terminal->fd, block, sizeof block);

    if (got <= 0)
        return false;
    buf_put(&terminal->output, (struct view){ block, (size_t)got });
    if (!terminal->blind)
        (void)vterm_input_write(terminal->vterm, block, (size_t)got);
    terminal->wrote_at_ms = clock_steady_ms();
    return true;
}

void terminal_take(struct terminal *terminal)
{
    while (take_block(terminal))
        continue;
    vterm_screen_flush_damage(terminal->screen);
}

/* Sleeps until there is something to take or the time is over. A program that
 * has ended gives EIO at once, so the time is slept instead. */
static void await_block(struct terminal *terminal, int64_t ms)
{
    struct pollfd fd = { .fd = terminal->fd, .events = POLLIN };
    int wait_ms = ms < 20 ? (int)ms : 20;

    if (wait_ms <= 0)
        return;
    if (terminal->fd < 0 ||
        (poll(&fd, 1, wait_ms) > 0 && !(fd.revents & POLLIN)))
        pause_ms(wait_ms);
    terminal_take(terminal);
}

void terminal_watch(struct terminal *terminal, int ms)
{
    int64_t end_ms = clock_steady_ms() + ms;

    terminal_take(terminal);
    for (int64_t left; (left = end_ms - clock_steady_ms()) > 0;)
        await_block(terminal, left);
}

bool terminal_wait_text(
    struct terminal *terminal, const char *text, int limit_ms)
{
    int64_t end_ms = clock_steady_ms() + limit_ms;

    while (!terminal_shows(terminal, text)) {
        int64_t left_ms = end_ms - clock_steady_ms();

        if (left_ms <= 0)
            return false;
        await_block(terminal, left_ms);
    }
    return true;
}

void terminal_expect(struct terminal *terminal, const char *text)
{
    if (!terminal_wait_text(terminal, text, terminal->limit_ms))
        fail_with("never seen: %s\nthe screen is:\n%s", text,
            terminal_text(terminal));
}

void terminal_expect_gone(struct terminal *terminal, const char *text)
{
    int64_t end_ms = clock_steady_ms() + terminal->limit_ms;

    while (terminal_shows(terminal, text)) {
        int64_t left_ms = end_ms - clock_steady_ms();

        if (left_ms <= 0)
            fail_with("still there: %s\nthe screen is:\n%s", text,
                terminal_text(terminal));
        await_block(terminal, left_ms);
    }
}

void terminal_press_until(
    struct terminal *terminal, const char *keys, const char *text)
{
    int64_t end_ms = clock_steady_ms() + terminal->limit_ms;

    while (!terminal_shows(terminal, text)) {
        if (clock_steady_ms() >= end_ms)
            fail_with("pressing %s never showed: %s\nthe screen is:\n%s", keys,
                text, terminal_text(terminal));
        terminal_keys(terminal, keys);
        (void)terminal_wait_text(terminal, text, REPEAT_MS);
    }
}

void terminal_settle(struct terminal *terminal, int quiet_ms)
{
    int64_t end_ms = clock_steady_ms() + terminal->limit_ms;

    terminal->wrote_at_ms = clock_steady_ms();
    terminal_take(terminal);
    for (;;) {
        int64_t now_ms = clock_steady_ms();
        int64_t left_ms = terminal->wrote_at_ms + quiet_ms - now_ms;

        if (left_ms <= 0)
            return;
        if (now_ms >= end_ms)
            fail_with(
                "never quiet; the screen is:\n%s", terminal_text(terminal));
        await_block(terminal, left_ms);
    }
}

/* Goes on reading meanwhile: a program blocks when nobody takes its output. */
static int await_state(struct terminal *terminal, int flags, const char *what)
{
    int64_t end_ms = clock_steady_ms() + terminal->limit_ms;
    int status = 0;

    while (waitpid(terminal->pid, &status, WNOHANG | flags) != terminal->pid) {
        if (clock_steady_ms() >= end_ms)
            fail_with("the program has not %s; the screen is:\n%s", what,
                terminal_text(terminal));
        await_block(terminal, 5);
    }
    terminal_take(terminal);
    return status;
}

int terminal_expect_exit(struct terminal *terminal)
{
    int status = await_state(terminal, 0, "ended");

    terminal->ended = true;
    return status;
}

void terminal_expect_stop(struct terminal *terminal)
{
    int status = await_state(terminal, WUNTRACED, "stopped");

    terminal->ended = !WIFSTOPPED(status);
    if (terminal->ended)
        fail_with("the program ended instead of stopping");
}

void terminal_resize(struct terminal *terminal, int rows, int columns)
{
    struct winsize size = { .ws_row = (unsigned short)rows,
        .ws_col = (unsigned short)columns };

    terminal_take(terminal);
    terminal->rows = rows;
    terminal->columns = columns;
    vterm_set_size(terminal->vterm, rows < ROWS_LEAST ? ROWS_LEAST : rows,
        columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns);
    (void)ioctl(terminal->fd, TIOCSWINSZ, &size);
}

void terminal_signal(struct terminal *terminal, int signal)
{
    (void)kill(terminal->pid, signal);
}

pid_t terminal_pid(const struct terminal *terminal)
{
    return terminal->pid;
}
