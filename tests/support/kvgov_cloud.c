/* Starting, ending and looking into a simulated cloud. */
#include "kvgov_cloud.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base.h"
#include "process.h"
#include "temp.h"
#include "test.h"
#include "web.h"

#define START_LIMIT_MS 60000
#define STOP_LIMIT_MS 20000
#define LINE_LIMIT 4096
#define ARGUMENT_LIMIT 48
#define LAST_NAME "AZURE_CLIENT_SECRET="

/* ---- start and end ---- */

static bool names_estate(const char *const *arguments)
{
    for (size_t i = 0; arguments && arguments[i]; i++)
        if (strcmp(arguments[i], "--estate") == 0 ||
            strcmp(arguments[i], "--generate") == 0)
            return true;
    return false;
}

/* One line without its end; false at the end of the text or the time. */
static bool read_line(int fd, char line[LINE_LIMIT], int64_t end_ms)
{
    struct pollfd readable = { .fd = fd, .events = POLLIN };
    size_t size = 0;

    for (;;) {
        int64_t left_ms = end_ms - clock_steady_ms();

        if (left_ms <= 0 || poll(&readable, 1, (int)left_ms) <= 0)
            return false;
        if (read(fd, &line[size], 1) != 1)
            return false;
        if (line[size] == '\n' || size + 2 == LINE_LIMIT)
            break;
        size++;
    }
    line[size] = '\0';
    return true;
}

static bool is_last(const char *line)
{
    return strncmp(line, LAST_NAME, strlen(LAST_NAME)) == 0;
}

/* A greeting, then "NAME=value" lines of which the last one is known. */
static void take_environment(struct cloud *cloud, int fd)
{
    int64_t end_ms = clock_steady_ms() + START_LIMIT_MS;
    char line[LINE_LIMIT] = "";
    size_t count = 0;

    cloud->environment = mem_alloc(sizeof(char *) * ARGUMENT_LIMIT);
    while (!is_last(line) && read_line(fd, line, end_ms))
        if (strchr(line, '=') && count + 1 < ARGUMENT_LIMIT)
            cloud->environment[count++] = mem_copy_text(line);
    const char *origin = cloud_variable(cloud, "KVGOV_ARM_ENDPOINT");
    if (!is_last(line) || !origin)
        fail_with("the cloud did not come up: '%s'", line);
    cloud->origin = mem_copy_text(origin);
}

static void launch(struct cloud *cloud, const char *const *argv)
{
    int in[2];
    int out[2];
    char **environment = environment_new(NULL);

    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        fail_with("no pipe for the cloud");
    cloud->pid = fork();
    if (cloud->pid == 0) {
        (void)dup2(in[0], 0);
        (void)dup2(out[1], 1);
        process_become(argv, environment);
    }
    if (cloud->pid < 0)
        fail_with("no process for the cloud");
    (void)close(in[0]);
    (void)close(out[1]);
    cloud->input = in[1];
    take_environment(cloud, out[0]);
    (void)close(out[0]);
    environment_free(environment);
}

struct cloud *cloud_start(const char *const *arguments)
{
    struct cloud *cloud = mem_alloc(sizeof *cloud);
    const char *argv[ARGUMENT_LIMIT] = { test_setting("KVGOV_CLOUD"), "--port",
        "0", "--print-env", "--until-eof", "--log" };
    size_t count = 6;
    char *estate = temp_path(test_source(), "tests/cloud/estates/contoso.json");

    cloud->folder = temp_new();
    cloud->log_path = temp_path(cloud->folder, "cloud.log");
    argv[count++] = cloud->log_path;
    if (!names_estate(arguments)) {
        argv[count++] = "--estate";
        argv[count++] = estate;
    }
    for (size_t i = 0; arguments && arguments[i]; i++)
        argv[count++] = arguments[i];
    launch(cloud, argv);
    mem_free(estate);
    return cloud;
}

static void cloud_free(struct cloud *cloud)
{
    for (size_t i = 0; cloud->environment && cloud->environment[i]; i++)
        mem_free(cloud->environment[i]);
    mem_free(cloud->environment);
    temp_done(cloud->folder);
    mem_free(cloud->log_path);
    mem_free(cloud->origin);
    mem_free(cloud->token);
    mem_free(cloud);
}

void cloud_stop(struct cloud *cloud)
{
    int status = 0;

    if (!cloud)
        return;
    (void)close(cloud->input);
    bool ended = process_wait(cloud->pid, STOP_LIMIT_MS, false, &status);
    if (!ended)
        process_end(cloud->pid);
    cloud_free(cloud);
    if (!ended)
        fail_with("the cloud did not end when its input ended");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_with("the cloud ended with status 0x%x", (unsigned)status);
}

/* ---- the environment of a signed-in program ---- */

const char *cloud_variable(const struct cloud *cloud, const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; cloud->environment[i]; i++)
        if (strncmp(cloud->environment[i], name, size) == 0 &&
            cloud->environment[i][size] == '=')
            return cloud->environment[i] + size + 1;
    return NULL;
}

/* Those that tell the tests where things are. */
static bool is_setting(const char *item)
{
    static const char *const settings[] = {
        "KVGOV=", "KVGOV_CLOUD=", "KVGOV_SHARED=", "KVGOV_SOURCE="
    };

    for (size_t i = 0; i < LENGTH(settings); i++)
        if (strncmp(item, settings[i], strlen(settings[i])) == 0)
            return true;
    return false;
}

static bool is_of_sign_in(const char *item)
{
    static const char *const prefixes[] = { "AZURE_", "KVGOV_", "IDENTITY_",
        "IMDS_", "MSI_", "SSL_CERT_FILE" };

    for (size_t i = 0; i < LENGTH(prefixes); i++)
        if (strncmp(item, prefixes[i], strlen(prefixes[i])) == 0)
            return !is_setting(item);
    return false;
}

static void forget_sign_in(void)
{
    for (size_t i = 0; environ[i];) {
        if (!is_of_sign_in(environ[i])) {
            i++;
            continue;
        }
        char *name = mem_copy_view(
            (struct view){ environ[i], strcspn(environ[i], "=") });
        (void)unsetenv(name);
        mem_free(name);
    }
}

void cloud_enter(const struct cloud *cloud)
{
    forget_sign_in();
    for (size_t i = 0; cloud->environment[i]; i++) {
        struct view value = view_of(cloud->environment[i]);
        struct view name = view_cut(&value, '=');
        char *copy = mem_copy_view(name);

        (void)setenv(copy, value.data ? value.data : "", 1);
        mem_free(copy);
    }
}

const char **cloud_environment(
    const struct cloud *cloud, const char *const *more)
{
    const char **all = mem_alloc(sizeof *all * 2 * ARGUMENT_LIMIT);
    size_t count = 0;

    for (size_t i = 0; cloud->environment[i]; i++)
        all[count++] = cloud->environment[i];
    for (size_t i = 0; more && more[i] && count + 1 < 2 * ARGUMENT_LIMIT; i++)
        all[count++] = more[i];
    return all;
}
