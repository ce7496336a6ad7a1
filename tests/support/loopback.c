/* The scripted server: one thread, one poll, a few connections. */
#include "loopback.h"

#include "test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS 64
#define REQUESTS 512
#define REQUEST_LIMIT 16384

struct client {
    int fd; /* 0: free */
    size_t size;
    char text[REQUEST_LIMIT];
};

struct loopback {
    const struct loopback_reply *replies;
    size_t count;
    int listener;
    int stop[2];
    char origin[40];
    pthread_t thread;
    pthread_mutex_t lock;
    unsigned connections;
    unsigned requests;
    unsigned most_open;
    char *seen[REQUESTS];
    struct client clients[CLIENTS];
};

static void client_end(struct client *client)
{
    close(client->fd);
    client->fd = 0;
    client->size = 0;
}

/* The size of the request that is there, 0 while it is not complete. */
static size_t request_size(const struct client *client)
{
    const char *end = strstr(client->text, "\r\n\r\n");
    const char *length = strcasestr(client->text, "\r\nContent-Length:");
    size_t size;

    if (!end)
        return 0;
    size = (size_t)(end + 4 - client->text);
    if (length && length < end)
        size += strtoul(length + 17, NULL, 10);
    return client->size >= size ? size : 0;
}

static unsigned request_keep(
    struct loopback *loopback, const struct client *client, size_t size)
{
    unsigned index;

    pthread_mutex_lock(&loopback->lock);
    index = loopback->requests;
    if (index < REQUESTS)
        loopback->seen[index] = strndup(client->text, size);
    loopback->requests++;
    pthread_mutex_unlock(&loopback->lock);
    return index;
}

static void client_answer(
    struct loopback *loopback, struct client *client, size_t size)
{
    size_t index = request_keep(loopback, client, size);
    const struct loopback_reply *reply =
        &loopback
             ->replies[index < loopback->count ? index : loopback->count - 1];

    memmove(client->text, client->text + size, client->size - size + 1);
    client->size -= size;
    if (reply->text)
        send(client->fd, reply->text, strlen(reply->text), MSG_NOSIGNAL);
    if (reply->close)
        client_end(client);
}

static void client_read(struct loopback *loopback, struct client *client)
{
    ssize_t got = recv(client->fd, client->text + client->size,
        REQUEST_LIMIT - 1 - client->size, 0);
    size_t size;

    if (got <= 0) {
        client_end(client);
        return;
    }
    client->size += (size_t)got;
    client->text[client->size] = '\0';
    while (client->fd && (size = request_size(client)) > 0)
        client_answer(loopback, client, size);
}

static void client_begin(struct loopback *loopback)
{
    int fd = accept(loopback->listener, NULL, NULL);

    pthread_mutex_lock(&loopback->lock);
    loopback->connections++;
    pthread_mutex_unlock(&loopback->lock);
    for (int i = 0; i < CLIENTS; i++)
        if (loopback->clients[i].fd == 0) {
            loopback->clients[i].fd = fd;
            return;
        }
    close(fd);
}

static void count_open(struct loopback *loopback)
{
    unsigned open = 0;

    for (int i = 0; i < CLIENTS; i++)
        open += loopback->clients[i].fd != 0;
    pthread_mutex_lock(&loopback->lock);
    if (loopback->most_open < open)
        loopback->most_open = open;
    pthread_mutex_unlock(&loopback->lock);
}

static void *loopback_run(void *context)
{
    struct loopback *loopback = context;

    for (;;) {
        struct pollfd fds[CLIENTS + 2];

        fds[0] = (struct pollfd){ .fd = loopback->stop[0], .events = POLLIN };
        fds[1] = (struct pollfd){ .fd = loopback->listener, .events = POLLIN };
        for (int i = 0; i < CLIENTS; i++)
            fds[i + 2] = (struct pollfd){
                .fd = loopback->clients[i].fd ? loopback->clients[i].fd : -1,
                .events = POLLIN,
            };
        poll(fds, CLIENTS + 2, -1);
        if (fds[0].revents)
            return NULL;
        for (int i = 0; i < CLIENTS; i++)
            if (fds[i + 2].revents)
                client_read(loopback, &loopback->clients[i]);
        if (fds[1].revents)
            client_begin(loopback);
        count_open(loopback);
    }
}

static int listen_somewhere(char *origin, size_t size)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&address, length) != 0 ||
        listen(fd, CLIENTS) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        fail_with("no port on loopback");
    snprintf(origin, size, "http://127.0.0.1:%d", (int)ntohs(address.sin_port));
    return fd;
}

struct loopback *loopback_new(
    const struct loopback_reply *replies, size_t count)
{
    struct loopback *loopback = calloc(1, sizeof *loopback);

    if (!loopback || pipe(loopback->stop) != 0)
        fail_with("no memory or no pipe");
    loopback->replies = replies;
    loopback->count = count;
    loopback->listener =
        listen_somewhere(loopback->origin, sizeof loopback->origin);
    pthread_mutex_init(&loopback->lock, NULL);
    pthread_create(&loopback->thread, NULL, loopback_run, loopback);
    return loopback;
}

void loopback_free(struct loopback *loopback)
{
    if (!loopback)
        return;
    close(loopback->stop[1]); /* the other end becomes readable */
    pthread_join(loopback->thread, NULL);
    for (int i = 0; i < CLIENTS; i++)
        if (loopback->clients[i].fd)
            close(loopback->clients[i].fd);
    for (unsigned i = 0; i < REQUESTS; i++)
        free(loopback->seen[i]);
    close(loopback->stop[0]);
    close(loopback->listener);
    pthread_mutex_destroy(&loopback->lock);
    free(loopback);
}

const char *loopback_origin(const struct loopback *loopback)
{
    return loopback->origin;
}

static unsigned figure(struct loopback *loopback, const unsigned *value)
{
    unsigned copy;

    pthread_mutex_lock(&loopback->lock);
    copy = *value;
    pthread_mutex_unlock(&loopback->lock);
    return copy;
}

unsigned loopback_requests(struct loopback *loopback)
{
    return figure(loopback, &loopback->requests);
}

unsigned loopback_connections(struct loopback *loopback)
{
    return figure(loopback, &loopback->connections);
}

unsigned loopback_most_open(struct loopback *loopback)
{
    return figure(loopback, &loopback->most_open);
}

const char *loopback_request(struct loopback *loopback, unsigned index)
{
    const char *text = "";

    pthread_mutex_lock(&loopback->lock);
    if (index < loopback->requests && index < REQUESTS)
        text = loopback->seen[index];
    pthread_mutex_unlock(&loopback->lock);
    return text;
}
