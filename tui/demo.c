/* The demo's cloud: a child that ends when its stdin does. The other end of
 * that pipe is open here only, so even a killed kvgov takes it along. */
#include "demo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "heap.h"
#include "place.h"

/* How long the cloud may take to come up. */
#define START_MS 10000

extern char **environ;

struct demo {
    pid_t child;
    int input;       /* closing it ends the child */
    char *state_dir; /* temporary; NULL when the person gave one */
    char *endpoint;
};

/* What the cloud says a client needs. */
static const char *const variables[] = { "KVGOV_ARM_ENDPOINT",
    "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET" };
#define VARIABLE_COUNT (sizeof(variables) / sizeof *(variables))

/* ---- starting ---- */

/* Beside this program when it is there, else whatever PATH has. */
static void find_cloud(struct buf *out)
{
    if (place_of_program(out)) {
        buf_puts(out, "/kvgov-cloud");
        if (access(buf_text(out), X_OK) == 0)
            return;
    }
    buf_clear(out);
    buf_puts(out, "kvgov-cloud");
}

static int spawn(struct demo *demo, const char *program, const char *estate,
    int input, int output)
{
    char *arguments[] = { (char *)program, "--port", "0", "--print-env",
        "--suffix", "localhost", "--until-eof", "--estate", (char *)estate, NULL };
    posix_spawn_file_actions_t actions;
    int problem;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    problem =
        posix_spawnp(&demo->child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

static enum kv_status start_child(
    struct demo *demo, const char *estate, int *output, struct kv_error *err)
{
    struct buf program = { .limit = PATH_MAX };
    int in[2];
    int out[2];
    int problem;

    if (pipe2(in, O_CLOEXEC) < 0)
        return kv_error_set(err, KV_BAD_CONFIG,
            "the simulated cloud could not be started: %s", strerror(errno));
    if (pipe2(out, O_CLOEXEC) < 0) {
        close(in[0]);
        close(in[1]);
        return kv_error_set(err, KV_BAD_CONFIG,
            "the simulated cloud could not be started: %s", strerror(errno));
    }
    find_cloud(&program);
    problem = spawn(demo, buf_text(&program), estate, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    demo->input = in[1];
    *output = out[0];
    if (problem)
        kv_error_set(err, KV_BAD_CONFIG,
            "%s could not be started: %s; build it with make, or put it into "
            "PATH",
            buf_text(&program), strerror(problem));
    buf_done(&program);
    return problem ? KV_BAD_CONFIG : KV_OK;
}

/* ---- what it says ---- */

/* NAME=value for the names that are known; everything else is for people. */
static bool take_line(struct demo *demo, struct view line)
{
    struct view value = line;
    struct view name = view_cut(&value, '=');
    struct buf text = { .limit = 1024 };
    bool last;

    for (size_t i = 0; i < VARIABLE_COUNT; i++) {
        if (!view_equal(name, view_of(variables[i])))
            continue;
        buf_put(&text, value);
        setenv(variables[i], buf_text(&text), 1);
        if (i == 0) {
            heap_free(demo->endpoint);
            demo->endpoint = heap_copy(buf_text(&text));
        }
    }
    buf_done(&text);
    last = view_equal(name, view_of(variables[VARIABLE_COUNT - 1]));
    return last;
}

/* True once the last variable was taken; whole lines are cut off `said`. */
static bool take_lines(struct demo *demo, const struct buf *said)
{
    struct view rest = buf_view(said);

    while (rest.size && memchr(rest.data, '\n', rest.size))
        if (take_line(demo, view_cut(&rest, '\n')))
            return true;
    return false;
}

static enum kv_status read_environment(
    struct demo *demo, int output, struct kv_error *err)
{
    struct buf said = { .limit = 16384 };
    struct pollfd fd = { .fd = output, .events = POLLIN };
    bool done = false;

    while (!done && !said.failed && poll(&fd, 1, START_MS) == 1) {
        char bytes[1024];
        ssize_t size = read(output, bytes, sizeof(bytes));

        if (size <= 0)
            break;
        buf_put(&said, (struct view){ bytes, (size_t)size });
        done = take_lines(demo, &said);
    }
    buf_done(&said);
    if (done && demo->endpoint)
        return KV_OK;
    return kv_error_set(err, KV_BAD_CONFIG,
        "kvgov-cloud did not come up; run it by hand to see why: "
        "kvgov-cloud --port 0 --print-env --estate FILE");
}

/* ---- the temporary folder ---- */

/* Before the number of the process that made it. */
#define FOLDER "kvgov-demo-"

static const char *temp_dir(void)
{
    const char *temp = getenv("TMPDIR");

    return temp && *temp ? temp : "/tmp";
}

/* kvgov makes no folders in its state folder. */
static void remove_dir(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(path);
}

/* Of a process that is no more, by its name; a number that now is another
 * process's counts as living. */
static bool is_left_behind(const char *name)
{
    char *end = NULL;
    long pid;

    if (strncmp(name, FOLDER, strlen(FOLDER)) != 0)
        return false;
    errno = 0;
    pid = strtol(name + strlen(FOLDER), &end, 10);
    if (errno || pid <= 0 || pid > INT_MAX || *end != '-')
        return false;
    return kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

/* Everybody may write where the folders are: only what is ours, and a folder
 * and no link to one. */
static bool is_own_folder(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == getuid();
}

/* A demo that was killed could not clean up. */
static void remove_left_behind(void)
{
    DIR *dir = opendir(temp_dir());
    const struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir)) != NULL) {
        struct buf path = { .limit = PATH_MAX };

        buf_putf(&path, "%s/%s", temp_dir(), entry->d_name);
        if (is_left_behind(entry->d_name) && is_own_folder(buf_text(&path)))
            remove_dir(buf_text(&path));
        buf_done(&path);
    }
    closedir(dir);
}

static enum kv_status make_state_dir(struct demo *demo, struct kv_error *err)
{
    struct buf path = { .limit = PATH_MAX };

    buf_putf(&path, "%s/" FOLDER "%ld-XXXXXX", temp_dir(), (long)getpid());
    demo->state_dir = heap_copy(buf_text(&path));
    buf_done(&path);
    if (mkdtemp(demo->state_dir))
        return KV_OK;
    kv_error_set(err, KV_BAD_CONFIG, "%s could not be made: %s",
        demo->state_dir, strerror(errno));
    heap_free(demo->state_dir);
    demo->state_dir = NULL;
    return KV_BAD_CONFIG;
}

/* ---- both ends ---- */

static enum kv_status find_estate(
    struct buf *out, const struct options *options, struct kv_error *err)
{
    if (options->estate)
        buf_puts(out, options->estate);
    else if (!place_find(
                 out, "contoso.json", "tests/cloud/estates/contoso.json"))
        return kv_error_set(err, KV_BAD_CONFIG,
            "the demo's estate contoso.json is not beside this program; give "
            "one with --estate FILE");
    return KV_OK;
}

void demo_put_site_file(struct buf *out, const struct options *options)
{
    struct buf estate = { .limit = PATH_MAX };
    struct kv_error err;

    if (find_estate(&estate, options, &err) == KV_OK) {
        const char *path = buf_text(&estate);
        const char *dot = strrchr(path, '.');
        bool ends = dot && strcmp(dot, ".json") == 0;

        buf_put(out, (struct view){ path,
                         ends ? (size_t)(dot - path) : estate.size });
        buf_puts(out, ".ini");
    }
    buf_done(&estate);
}

enum kv_status demo_start(
    struct demo **out, struct options *options, struct kv_error *err)
{
    struct demo *demo = heap_new(sizeof(*demo));
    struct buf estate = { .limit = PATH_MAX };
    enum kv_status status = find_estate(&estate, options, err);
    int output = -1;

    demo->input = -1;
    remove_left_behind();
    if (status == KV_OK && !options->state_dir)
        status = make_state_dir(demo, err);
    if (status == KV_OK)
        status = start_child(demo, buf_text(&estate), &output, err);
    if (status == KV_OK)
        status = read_environment(demo, output, err);
    if (output >= 0)
        close(output);
    buf_done(&estate);
    if (status != KV_OK) {
        demo_end(demo);
        return status;
    }
    options->arm_endpoint = demo->endpoint;
    if (demo->state_dir)
        options->state_dir = demo->state_dir;
    *out = demo;
    return KV_OK;
}

void demo_end(struct demo *demo)
{
    if (!demo)
        return;
    if (demo->input >= 0)
        close(demo->input);
    if (demo->child > 0)
        while (waitpid(demo->child, NULL, 0) < 0 && errno == EINTR)
            continue;
    if (demo->state_dir)
        remove_dir(demo->state_dir);
    heap_free(demo->state_dir);
    heap_free(demo->endpoint);
    heap_free(demo);
}
