/* Child processes of the tests. */
#include "process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base.h"

#define POLL_MS 5
#define TERM_GRACE_MS 5000

static const char *const inherited[] = {
    "PATH",
    "TMPDIR",
    "ASAN_OPTIONS",
    "UBSAN_OPTIONS",
    "LSAN_OPTIONS",
};

static void environment_put(char **environment, size_t *count, const char *item)
{
    size_t name = strcspn(item, "=") + 1;

    for (size_t i = 0; i < *count; i++) {
        if (strncmp(environment[i], item, name) != 0)
            continue;
        mem_free(environment[i]);
        environment[i] = mem_copy_text(item);
        return;
    }
    environment[(*count)++] = mem_copy_text(item);
}

static void environment_inherit(
    char **environment, size_t *count, const char *name)
{
    const char *value = getenv(name);
    struct buf item = { .limit = 1u << 16 };

    if (!value)
        return;
    buf_putf(&item, "%s=%s", name, value);
    environment_put(environment, count, buf_text(&item));
    buf_done(&item);
}

char **environment_new(const char *const *extra)
{
    size_t inherited_count = sizeof inherited / sizeof inherited[0];
    size_t room = inherited_count + 2;
    size_t count = 0;

    for (size_t i = 0; extra && extra[i]; i++)
        room++;
    char **environment = mem_alloc(room * sizeof *environment);
    for (size_t i = 0; i < inherited_count; i++)
        environment_inherit(environment, &count, inherited[i]);
    environment_put(environment, &count, "LANG=C.UTF-8");
    for (size_t i = 0; extra && extra[i]; i++)
        environment_put(environment, &count, extra[i]);
    return environment;
}

void environment_free(char **environment)
{
    for (size_t i = 0; environment && environment[i]; i++)
        mem_free(environment[i]);
    mem_free(environment);
}

void process_become(const char *const *argv, char *const *environment)
{
    sigset_t none;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)execvpe(argv[0], (char *const *)(uintptr_t)argv, environment);
    _exit(127);
}

void pause_ms(int ms)
{
    struct timespec time = { ms / 1000, (long)(ms % 1000) * 1000000 };

    (void)nanosleep(&time, NULL);
}

bool process_wait(pid_t pid, int limit_ms, bool stops, int *status)
{
    int64_t end_ms = clock_steady_ms() + limit_ms;
    int flags = WNOHANG | (stops ? WUNTRACED : 0);

    while (waitpid(pid, status, flags) != pid) {
        if (clock_steady_ms() >= end_ms)
            return false;
        pause_ms(POLL_MS);
    }
    return true;
}

void process_end(pid_t pid)
{
    int status;

    if (pid <= 0)
        return;
    (void)kill(pid, SIGTERM);
    (void)kill(pid, SIGCONT);
    if (process_wait(pid, TERM_GRACE_MS, false, &status))
        return;
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, &status, 0);
}
