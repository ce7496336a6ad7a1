/* Child processes by posix_spawn(3). */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_LIMIT 4096

static bool is_executable(const char *path)
{
    struct stat file;

    return stat(path, &file) == 0 && S_ISREG(file.st_mode) &&
           access(path, X_OK) == 0;
}

char *child_find(const char *path, const char *name)
{
    struct view rest = view_of(path);

    while (rest.size > 0) {
        struct view folder = view_cut(&rest, ':');
        struct buf file = { .limit = PATH_LIMIT };
        char *found = NULL;

        if (folder.size > 0 && folder.data[0] == '/') {
            buf_put(&file, folder);
            buf_putf(&file, "/%s", name);
        }
        if (file.size > 0 && !file.failed && is_executable(file.data))
            found = mem_copy_text(file.data);
        buf_done(&file);
        if (found)
            return found;
    }
    return NULL;
}

/* A terminal program's signals are blocked and its SIGPIPE ignored; a child
 * would inherit both. Its own group keeps Ctrl-C of the terminal away and lets
 * one kill reach its children too. */
static void attributes_set(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setflags(attributes,
        POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

static void actions_set(
    posix_spawn_file_actions_t *actions, const struct child *child, int output)
{
    posix_spawn_file_actions_addchdir_np(actions, "/");
    posix_spawn_file_actions_addopen(
        actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(actions, child->errors, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static int spawn(struct child *child, int output, char *const *argv,
    char *const *environment)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error;

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    attributes_set(&attributes);
    actions_set(&actions, child, output);
    error = posix_spawn(
        &child->pid, argv[0], &actions, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        child->pid = 0;
    return error;
}

enum kv_status child_start(struct child *child, char *const *argv,
    char *const *environment, struct kv_error *err)
{
    int ends[2];
    int error;

    *child = (struct child){ .output = -1, .errors = -1 };
    if (pipe2(ends, O_CLOEXEC) != 0)
        return kv_error_set(err, KV_SIGN_IN, "%s could not be started: %s",
            argv[0], strerror(errno));
    child->output = ends[0];
    child->errors = memfd_create("stderr", MFD_CLOEXEC);
    fcntl(child->output, F_SETFL, O_NONBLOCK);
    child->text = mem_alloc(CHILD_OUTPUT_LIMIT);
    error = spawn(child, ends[1], argv, environment);
    close(ends[1]);
    if (error) {
        child_done(child);
        return kv_error_set(err, KV_SIGN_IN, "%s could not be started: %s",
            argv[0], strerror(error));
    }
    return KV_OK;
}

static void output_close(struct child *child)
{
    if (child->output >= 0)
        close(child->output);
    child->output = -1;
}

bool child_read(struct child *child)
{
    while (child->output >= 0) {
        size_t room = CHILD_OUTPUT_LIMIT - child->size;
        ssize_t got;

        if (room == 0) {
            child->too_large = true;
            output_close(child);
            return false;
        }
        got = read(child->output, child->text + child->size, room);
        if (got > 0)
            child->size += (size_t)got;
        else if (got < 0 && errno == EAGAIN)
            return true;
        else if (got == 0 || errno != EINTR)
            output_close(child);
    }
    return false;
}

bool child_ended(struct child *child, int *status)
{
    pid_t pid;

    if (child->pid == 0)
        return true;
    pid = waitpid(child->pid, status, WNOHANG);
    if (pid == 0 || (pid < 0 && errno == EINTR))
        return false;
    if (pid < 0)
        *status = -1;
    child->pid = 0;
    return true;
}

struct view child_output(const struct child *child)
{
    return (struct view){ child->text, child->size };
}

void child_put_errors(const struct child *child, struct buf *out)
{
    char text[CHILD_ERRORS_LIMIT];
    ssize_t got = pread(child->errors, text, sizeof text, 0);

    if (got > 0)
        buf_put(out, (struct view){ text, (size_t)got });
}

void child_done(struct child *child)
{
    if (child->pid > 0) {
        kill(-child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (child->text) { /* it was started */
        output_close(child);
        if (child->errors >= 0)
            close(child->errors);
    }
    mem_cleanse(child->text, CHILD_OUTPUT_LIMIT);
    *child = (struct child){ .output = -1, .errors = -1 };
}
