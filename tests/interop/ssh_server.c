/* Starting sshd with nothing of the machine's own configuration. */
#include "ssh_server.h"

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base.h"
#include "process.h"
#include "program.h"
#include "temp.h"

#define PATH_LIMIT 4096
#define START_LIMIT_MS 10000
#define TRIES 3 /* the free port may be another's by the time it is asked for */
#define WORDS 24
/* Where a server that root starts puts those it does not know yet. */
#define PRIVILEGE_SEPARATION "/run/sshd"

struct ssh_server {
    char *folder;
    pid_t pid;
    uint16_t port;
    char port_text[8];
    char *user;       /* NAME@127.0.0.1 */
    char *key;        /* that lets the user in */
    char *known_host; /* UserKnownHostsFile=... */
};

/* ---- keys ---- */

static void key_make(const char *path)
{
    const char *const argv[] = { "ssh-keygen", "-q", "-t", "ed25519", "-N", "",
        "-C", "vault-operations", "-f", path, NULL };
    struct program ran;

    program_run(&ran, &(struct program_options){ .argv = argv });
    if (ran.code != 0)
        fail_with("ssh-keygen: %d, %s", ran.code, buf_text(&ran.err));
    program_done(&ran);
}

/* "FOLDER/TO" is what stands before, and the public half of "FOLDER/KEY". */
static void public_half_write(const struct ssh_server *server, const char *key,
    const char *before, const char *to)
{
    struct buf text = { .limit = PATH_LIMIT };
    struct buf name = { .limit = 64 };
    char *path = temp_path(server->folder, to);

    buf_putf(&name, "%s.pub", key);
    char *from = temp_path(server->folder, buf_text(&name));
    char *half = test_read_file(from, NULL);
    buf_putf(&text, "%s%s", before, half);
    test_write_file(path, buf_text(&text));
    mem_free(half);
    mem_free(from);
    mem_free(path);
    buf_done(&name);
    buf_done(&text);
}

static void keys_make(struct ssh_server *server)
{
    char *host = temp_path(server->folder, "host");

    server->key = temp_path(server->folder, "user");
    key_make(host);
    key_make(server->key);
    public_half_write(server, "user", "", "authorized_keys");
    mem_free(host);
}

/* ---- the server ---- */

static void port_choose(struct ssh_server *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        fail_with("no free port on loopback: %s", strerror(errno));
    (void)close(fd);
    server->port = ntohs(address.sin_port);
    (void)snprintf(
        server->port_text, sizeof server->port_text, "%u", server->port);
}

static void configure(const struct ssh_server *server)
{
    struct buf text = { .limit = PATH_LIMIT };
    char *path = temp_path(server->folder, "sshd_config");

    buf_putf(&text,
        "Port %s\nListenAddress 127.0.0.1\nHostKey %s/host\n"
        "AuthorizedKeysFile %s/authorized_keys\n"
        "AuthenticationMethods publickey\n"
        "PidFile none\nStrictModes no\nUsePAM no\nLogLevel VERBOSE\n",
        server->port_text, server->folder, server->folder);
    test_write_file(path, buf_text(&text));
    mem_free(path);
    buf_clear(&text);
    buf_putf(&text, "[127.0.0.1]:%s ", server->port_text);
    public_half_write(server, "host", buf_text(&text), "known_hosts");
    buf_done(&text);
}

static void launch(struct ssh_server *server)
{
    char *config = temp_path(server->folder, "sshd_config");
    char *log = temp_path(server->folder, "sshd.log");
    const char *const argv[] = { test_setting("SSHD"), "-D", "-f", config, "-E",
        log, NULL };
    char **environment = environment_new(NULL);

    server->pid = fork();
    if (server->pid == 0)
        process_become(argv, environment);
    if (server->pid < 0)
        fail_with("no process for sshd");
    environment_free(environment);
    mem_free(log);
    mem_free(config);
}

static bool port_answers(const struct ssh_server *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
        .sin_port = htons(server->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool answers =
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    (void)close(fd);
    return answers;
}

/* False when it ended instead. */
static bool await_up(struct ssh_server *server)
{
    int64_t end_ms = clock_steady_ms() + START_LIMIT_MS;
    int status;

    while (clock_steady_ms() < end_ms) {
        if (process_wait(server->pid, 10, false, &status)) {
            server->pid = 0;
            return false;
        }
        if (port_answers(server))
            return true;
    }
    return false;
}

static void fail_to_start(const struct ssh_server *server)
{
    char *path = temp_path(server->folder, "sshd.log");
    char *log = test_read_file(path, NULL);

    fail_with("%s did not come up: %s", test_setting("SSHD"), log);
}

struct ssh_server *ssh_server_start(void)
{
    struct ssh_server *server = mem_alloc(sizeof *server);
    struct buf text = { .limit = PATH_LIMIT };
    bool up = false;

    server->folder = temp_new();
    keys_make(server);
    if (geteuid() == 0)
        (void)mkdir(PRIVILEGE_SEPARATION, 0755);
    for (int tries = 0; !up && tries < TRIES; tries++) {
        port_choose(server);
        configure(server);
        launch(server);
        up = await_up(server);
    }
    if (!up)
        fail_to_start(server);
    buf_putf(&text, "%s@127.0.0.1", getpwuid(geteuid())->pw_name);
    server->user = mem_copy_text(buf_text(&text));
    buf_clear(&text);
    buf_putf(&text, "UserKnownHostsFile=%s/known_hosts", server->folder);
    server->known_host = mem_copy_text(buf_text(&text));
    buf_done(&text);
    return server;
}

void ssh_server_stop(struct ssh_server *server)
{
    if (!server)
        return;
    if (server->pid > 0)
        process_end(server->pid);
    temp_done(server->folder);
    mem_free(server->known_host);
    mem_free(server->user);
    mem_free(server->key);
    mem_free(server);
}

const char **ssh_server_words(
    const struct ssh_server *server, const char *command)
{
    const char *const words[] = { "ssh", "-tt", "-F", "none", "-p",
        server->port_text, "-i", server->key, "-o", "IdentitiesOnly=yes", "-o",
        "BatchMode=yes", "-o", server->known_host, "-o",
        "GlobalKnownHostsFile=none", "-o", "LogLevel=ERROR", server->user,
        command };
    const char **copy = mem_alloc(WORDS * sizeof *copy);

    (void)memcpy(copy, words, sizeof words);
    return copy;
}
