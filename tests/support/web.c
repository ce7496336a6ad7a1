/* A small HTTP/1.1 client: one request, one connection. */
#include "web_secure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base.h"
#include "test.h"

#define ANSWER_LIMIT (64u << 20)
#define ANSWER_LIMIT_S 60

static int web_connect(const char *origin)
{
    static const char prefix[] = "http://127.0.0.1:";
    struct timeval limit = { .tv_sec = ANSWER_LIMIT_S };
    struct sockaddr_in address = { .sin_family = AF_INET };

    if (strncmp(origin, prefix, sizeof prefix - 1) != 0)
        fail_with("%s is not a loopback address", origin);
    long port = strtol(origin + sizeof prefix - 1, NULL, 10);
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static void request_put(struct buf *out, const struct web_request *request)
{
    const char *host =
        request->host ? request->host : request->origin + strlen("http://");
    const char *body = request->body ? request->body : "";
    const char *type = request->content_type;

    buf_putf(out, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n",
        request->method ? request->method : "GET", request->path, host);
    if (request->authorization)
        buf_putf(out, "Authorization: %s\r\n", request->authorization);
    if (request->body)
        buf_putf(out, "Content-Type: %s\r\n", type ? type : "application/json");
    buf_puts(out, request->headers ? request->headers : "");
    buf_putf(out, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
}

static bool send_all(int fd, struct view text)
{
    while (text.size > 0) {
        ssize_t put = send(fd, text.data, text.size, MSG_NOSIGNAL);

        if (put <= 0)
            return false;
        text.data += put;
        text.size -= (size_t)put;
    }
    return true;
}

static void receive_all(int fd, struct buf *answer)
{
    char block[16384];

    for (ssize_t got; (got = recv(fd, block, sizeof block, 0)) > 0;)
        buf_put(answer, (struct view){ block, (size_t)got });
}

/* "1a\r\n...\r\n0\r\n\r\n" */
static void chunks_put(struct buf *out, const char *at, const char *end)
{
    for (;;) {
        char *line = NULL;
        unsigned long size = strtoul(at, &line, 16);
        const char *data = line ? strstr(line, "\r\n") : NULL;

        if (!data || size == 0 || size > (size_t)(end - data))
            return;
        buf_put(out, (struct view){ data + 2, size });
        at = data + 2 + size + 2;
    }
}

static int answer_parse(
    const struct buf *answer, struct buf *head, struct buf *body)
{
    const char *text = buf_text(answer);
    const char *head_end = strstr(text, "\r\n\r\n");
    int status = 0;

    if (!head_end || sscanf(text, "HTTP/1.%*d %d", &status) != 1)
        return 0;
    if (head)
        buf_put(head, (struct view){ text, (size_t)(head_end + 2 - text) });
    if (!body)
        return status;
    const char *end = answer->data + answer->size;
    const char *chunked = strcasestr(text, "transfer-encoding: chunked");
    if (chunked && chunked < head_end)
        chunks_put(body, head_end + 4, end);
    else
        buf_put(
            body, (struct view){ head_end + 4, (size_t)(end - head_end - 4) });
    return status;
}

static int plain_send(const struct web_request *request, struct buf *body)
{
    struct buf out = { .limit = ANSWER_LIMIT };
    struct buf answer = { .limit = ANSWER_LIMIT };
    int status = 0;
    int fd = web_connect(request->origin);

    if (fd < 0)
        return 0;
    request_put(&out, request);
    if (send_all(fd, buf_view(&out))) {
        receive_all(fd, &answer);
        status = answer_parse(&answer, request->head, body);
    }
    (void)close(fd);
    buf_done(&answer);
    buf_done(&out);
    return status;
}

int web_send(const struct web_request *request, struct buf *body)
{
    return strncmp(request->origin, "https:", 6) == 0
               ? web_send_secure(request, body)
               : plain_send(request, body);
}

json_t *web_json(const struct web_request *request)
{
    struct buf body = { .limit = ANSWER_LIMIT };
    int status = web_send(request, &body);
    json_t *answer = json_loads(buf_text(&body), JSON_DECODE_ANY, NULL);

    if (status / 100 != 2 || !answer)
        fail_with("%s %s%s answered %d:\n%s",
            request->method ? request->method : "GET", request->origin,
            request->path, status, buf_text(&body));
    buf_done(&body);
    return answer;
}

json_t *web_get(const char *origin, const char *path)
{
    return web_json(&(struct web_request){ .origin = origin, .path = path });
}
