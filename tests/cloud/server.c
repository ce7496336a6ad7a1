/* HTTP: connections, delays and the damage that faults do to an answer on
 * its way. One thread polls; a delayed request is suspended, so any number of
 * them can wait at once. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "faults.h"
#include "route.h"
#include "timers.h"
#include "tls.h"

#define BODY_LIMIT (4u * 1024 * 1024)

struct server {
    struct cloud *cloud;
    struct MHD_Daemon *daemon;
    struct timers timers;
    int signals; /* signalfd */
    bool stopping;
};

enum stage {
    STAGE_READING,
    STAGE_HELD,    /* read, not yet carried out */
    STAGE_APPLIED, /* carried out, not yet answered */
};

/* One request on its way. */
struct visit {
    struct server *server;
    struct MHD_Connection *connection;
    struct call call;
    enum stage stage;
    bool entered;
    size_t half; /* where a stalled or cut body stops */
    bool stalled;
};

static void *visit_new(
    void *cls, const char *uri, struct MHD_Connection *connection)
{
    struct server *server = cls;
    struct visit *visit = alloc_zero(1, sizeof *visit);

    visit->server = server;
    visit->connection = connection;
    visit->call.cloud = server->cloud;
    visit->call.target = alloc_text(uri);
    return visit;
}

static void visit_end(void *cls, struct MHD_Connection *connection,
    void **context, enum MHD_RequestTerminationCode how)
{
    struct visit *visit = *context;

    (void)cls;
    (void)connection;
    (void)how;
    if (!visit)
        return;
    call_done(&visit->call);
    free(visit);
    *context = NULL;
}

static enum MHD_Result visit_wait(struct visit *visit, double seconds)
{
    long long due = time_monotonic_ms() + (long long)(seconds * 1000);

    timers_add(&visit->server->timers, due, visit);
    MHD_suspend_connection(visit->connection);
    return MHD_YES;
}

/* Feeds the first half, then waits or breaks the connection. */
static ssize_t visit_read(void *cls, uint64_t at, char *out, size_t room)
{
    struct visit *visit = cls;
    const struct buffer *answer = &visit->call.answer;
    size_t end = visit->stalled ? answer->length : visit->half;
    size_t length;

    if (at >= end) {
        if (!visit->call.effects[FAULT_STALL].on || visit->stalled)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        visit->stalled = true;
        visit_wait(visit, visit->call.effects[FAULT_STALL].number);
        return 0;
    }
    length = end - (size_t)at < room ? end - (size_t)at : room;
    memcpy(out, answer->data + at, length);
    return (ssize_t)length;
}

/* More than anybody wants: blanks behind the answer, never held in memory. */
static ssize_t visit_pad(void *cls, uint64_t at, char *out, size_t room)
{
    const struct buffer *answer = &((struct visit *)cls)->call.answer;
    size_t length = at < answer->length ? answer->length - (size_t)at : 0;

    if (length > room)
        length = room;
    if (length > 0)
        memcpy(out, answer->data + at, length);
    memset(out + length, ' ', room - length);
    return (ssize_t)room;
}

static struct MHD_Response *visit_response(struct visit *visit)
{
    struct call *call = &visit->call;
    const struct effect *effects = call->effects;
    size_t length = call->answer.length;
    uint64_t oversize = (uint64_t)effects[FAULT_OVERSIZE].number;

    if (effects[FAULT_OVERSIZE].on && oversize > length)
        return MHD_create_response_from_callback(
            oversize, 16384, visit_pad, visit, NULL);

    if (length > 1 && (effects[FAULT_STALL].on || effects[FAULT_TRUNCATE].on)) {
        visit->half = length / 2;
        return MHD_create_response_from_callback(
            length, 16384, visit_read, visit, NULL);
    }
    return MHD_create_response_from_buffer(
        length, buffer_take(&call->answer), MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result visit_answer(struct visit *visit)
{
    struct call *call = &visit->call;
    struct MHD_Response *response;
    enum MHD_Result result;

    route_log(call, "");
    if (call->effects[FAULT_RESET].on)
        return MHD_NO;
    response = visit_response(visit);
    for (size_t i = 0; i < call->header_count; i++)
        MHD_add_response_header(
            response, call->headers[i].name, call->headers[i].value);
    result = MHD_queue_response(visit->connection, call->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result visit_step(struct visit *visit)
{
    struct call *call = &visit->call;
    const struct effect *effects = call->effects;
    double wait;

    if (visit->server->stopping)
        return MHD_NO;
    switch (visit->stage) {
    case STAGE_READING:
        visit->stage = STAGE_HELD;
        route_prepare(call);
        if (effects[FAULT_HOLD].on)
            return visit_wait(visit, effects[FAULT_HOLD].number);
        /* fall through */
    case STAGE_HELD:
        visit->stage = STAGE_APPLIED;
        route_serve(call);
        wait =
            (double)call->cloud->latency_ms / 1000.0 +
            (effects[FAULT_HOLD_ANSWER].on ? effects[FAULT_HOLD_ANSWER].number
                                           : 0);
        if (wait > 0)
            return visit_wait(visit, wait);
        /* fall through */
    case STAGE_APPLIED:
        return visit_answer(visit);
    }
    return MHD_NO;
}

static enum MHD_Result visit_keep_header(
    void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct call *call = cls;

    (void)kind;
    call->asked =
        alloc_grow(call->asked, call->asked_count + 1, sizeof *call->asked);
    call->asked[call->asked_count++] = (struct header){
        .name = alloc_text(name),
        .value = alloc_text(value ? value : ""),
    };
    return MHD_YES;
}

static void visit_enter(struct visit *visit, const char *method)
{
    struct call *call = &visit->call;
    const char *authorization;

    visit->entered = true;
    call->method = alloc_text(method);
    MHD_get_connection_values(
        visit->connection, MHD_HEADER_KIND, visit_keep_header, call);
    authorization = call_asked(call, MHD_HTTP_HEADER_AUTHORIZATION);
    if (authorization)
        call->authorization = alloc_text(authorization);
}

static enum MHD_Result visit_handle(void *cls,
    struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **context)
{
    struct visit *visit = *context;

    (void)cls;
    (void)connection;
    (void)url;
    (void)version;
    if (!visit->entered) {
        visit_enter(visit, method);
        return MHD_YES;
    }
    if (*size > 0) {
        if (visit->call.body.length + *size > BODY_LIMIT)
            return MHD_NO;
        buffer_put(&visit->call.body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return visit_step(visit);
}

static int signals_open(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Many hundreds of waiting requests are many hundreds of sockets. */
static unsigned connection_limit(void)
{
    struct rlimit limit = { 0 };

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur > 20000)
        return 20000;
    return limit.rlim_cur > 100 ? (unsigned)limit.rlim_cur - 50 : 50;
}

static struct MHD_Daemon *daemon_start(
    struct server *server, unsigned port, const struct tls *tls)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct MHD_OptionItem secure[] = {
        { MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? tls->key : NULL },
        { MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? tls->certificate : NULL },
        { MHD_OPTION_END, 0, NULL },
    };

    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
                                (tls ? MHD_USE_TLS : MHD_NO_FLAG),
        0, NULL, NULL, visit_handle, server, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_URI_LOG_CALLBACK, visit_new, server,
        MHD_OPTION_NOTIFY_COMPLETED, visit_end, NULL,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit(),
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536, MHD_OPTION_ARRAY,
        tls ? secure : secure + 2, MHD_OPTION_END);
}

struct server *server_open(
    struct cloud *cloud, unsigned port, const struct tls *tls, char **problem)
{
    struct server *server = alloc_zero(1, sizeof *server);
    const union MHD_DaemonInfo *info;

    server->cloud = cloud;
    server->signals = signals_open();
    if (tls && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        *problem = alloc_text("This libmicrohttpd was built without TLS; "
                              "install one that has it or leave out --tls.");
        server_close(server);
        return NULL;
    }
    server->daemon = daemon_start(server, port, tls);
    if (!server->daemon) {
        *problem = alloc_format("Port %u on 127.0.0.1 cannot be bound (%s); "
                                "choose another one or --port 0.",
            port, strerror(errno));
        server_close(server);
        return NULL;
    }
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    cloud->port = (unsigned)info->port;
    cloud->tls = tls != NULL;
    cloud->origin =
        alloc_format("%s://127.0.0.1:%u", tls ? "https" : "http", cloud->port);
    return server;
}

static int server_wait_ms(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG daemon_ms = 0;
    int wait_ms = timers_wait_ms(&server->timers, time_monotonic_ms());

    if (MHD_get_timeout(server->daemon, &daemon_ms) != MHD_YES)
        return wait_ms;
    if (wait_ms < 0 || daemon_ms < (MHD_UNSIGNED_LONG_LONG)wait_ms)
        return daemon_ms > 60000 ? 60000 : (int)daemon_ms;
    return wait_ms;
}

static void server_resume(struct server *server, long long now_ms)
{
    struct visit *visit;

    while ((visit = timers_take(&server->timers, now_ms)) != NULL)
        MHD_resume_connection(visit->connection);
}

static bool stdin_ended(void)
{
    char scratch[512];
    ssize_t length = read(STDIN_FILENO, scratch, sizeof scratch);

    return length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN);
}

void server_run(struct server *server, bool until_eof)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd polled[] = {
        { .fd = info->epoll_fd, .events = POLLIN },
        { .fd = server->signals, .events = POLLIN },
        { .fd = until_eof ? STDIN_FILENO : -1, .events = POLLIN },
    };

    for (;;) {
        poll(polled, 3, server_wait_ms(server));
        if (polled[1].revents || (polled[2].revents && stdin_ended()))
            return;
        server_resume(server, time_monotonic_ms());
        MHD_run(server->daemon);
    }
}

void server_close(struct server *server)
{
    if (!server)
        return;
    if (server->daemon) {
        /* Stopping is not allowed while a connection is suspended. */
        server->stopping = true;
        server_resume(server, time_monotonic_ms() + 1000000000LL);
        MHD_run(server->daemon);
        server_resume(server, time_monotonic_ms() + 1000000000LL);
        MHD_stop_daemon(server->daemon);
    }
    if (server->signals >= 0)
        close(server->signals);
    timers_done(&server->timers);
    free(server);
}
