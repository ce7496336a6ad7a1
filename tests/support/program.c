/* Runs a command with pipes on all three streams and a limit of time. */
#include "program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "process.h"
#include "test.h"

#define OUTPUT_LIMIT (64u << 20)
#define STANDARD_LIMIT_MS 60000

/* The parent's ends; -1 once closed. */
struct streams {
    int input;
    int out;
    int err;
    struct view rest; /* of the input, not yet written */
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void child(const struct program_options *options,
    char *const *environment, const int *in, const int *out, const int *err)
{
    (void)dup2(in[0], 0);
    (void)dup2(out[1], 1);
    (void)dup2(err[1], 2);
    if (options->directory && chdir(options->directory) != 0)
        _exit(126);
    process_become(options->argv, environment);
}

static pid_t start(
    struct streams *streams, const struct program_options *options)
{
    int in[2];
    int out[2];
    int err[2];
    char **environment = environment_new(options->environment);

    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
        fail_with("no pipe for %s", options->argv[0]);
    pid_t pid = fork();
    if (pid == 0)
        child(options, environment, in, out, err);
    if (pid < 0)
        fail_with("no process for %s", options->argv[0]);
    environment_free(environment);
    close_end(&in[0]);
    close_end(&out[1]);
    close_end(&err[1]);
    (void)fcntl(in[1], F_SETFL, O_NONBLOCK);
    *streams = (struct streams){ .input = in[1], .out = out[0], .err = err[0] };
    streams->rest = view_of(options->input);
    return pid;
}

static void feed(struct streams *streams)
{
    struct view *rest = &streams->rest;
    ssize_t put =
        rest->size ? write(streams->input, rest->data, rest->size) : -1;

    if (put > 0) {
        rest->data += put;
        rest->size -= (size_t)put;
    }
    if (put <= 0 || rest->size == 0)
        close_end(&streams->input);
}

static void drain(int *fd, struct buf *into)
{
    char block[16384];
    ssize_t got = read(*fd, block, sizeof block);

    if (got > 0)
        buf_put(into, (struct view){ block, (size_t)got });
    else
        close_end(fd);
}

/* One wait; false when the limit passed. */
static bool turn(
    struct streams *streams, struct program *program, int64_t end_ms)
{
    struct pollfd fds[] = {
        { .fd = streams->input, .events = POLLOUT },
        { .fd = streams->out, .events = POLLIN },
        { .fd = streams->err, .events = POLLIN },
    };
    int64_t left_ms = end_ms - clock_steady_ms();

    if (left_ms <= 0)
        return false;
    (void)poll(fds, 3, (int)left_ms);
    if (fds[0].revents)
        feed(streams);
    if (fds[1].revents)
        drain(&streams->out, &program->out);
    if (fds[2].revents)
        drain(&streams->err, &program->err);
    return true;
}

static void conclude(struct program *program, int status)
{
    program->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    program->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void program_run(struct program *out, const struct program_options *options)
{
    int limit_ms = options->limit_ms ? options->limit_ms : STANDARD_LIMIT_MS;
    int64_t end_ms = clock_steady_ms() + limit_ms;
    struct streams streams;
    int status = 0;

    *out = (struct program){ .out.limit = OUTPUT_LIMIT,
        .err.limit = OUTPUT_LIMIT };
    (void)signal(SIGPIPE, SIG_IGN);
    pid_t pid = start(&streams, options);
    while (streams.out >= 0 || streams.err >= 0)
        if (!turn(&streams, out, end_ms))
            break;
    close_end(&streams.input);
    int64_t left_ms = end_ms - clock_steady_ms();
    if (!process_wait(pid, left_ms > 0 ? (int)left_ms : 0, false, &status)) {
        out->timed_out = true;
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, &status, 0);
    }
    close_end(&streams.out);
    close_end(&streams.err);
    conclude(out, status);
}

void program_done(struct program *program)
{
    buf_done(&program->out);
    buf_done(&program->err);
}
