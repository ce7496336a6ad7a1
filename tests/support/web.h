/* HTTP to a server on loopback, for looking into the simulated cloud and for
 * changing it behind the program's back. Shares no code with the transport
 * that is tested; HTTPS is libcurl's, with the certificate checked. */
#ifndef SUPPORT_WEB_H
#define SUPPORT_WEB_H

#include <jansson.h>

#include "kvgov/text.h"

struct web_request {
    const char *origin;        /* "http://127.0.0.1:PORT", or https at a name */
    const char *method;        /* NULL: GET */
    const char *path;          /* with its query */
    const char *authorization; /* "Bearer ..."; NULL without */
    const char *content_type;  /* NULL: application/json */
    const char *body;          /* NULL without */
    const char *host;          /* the Host header; NULL: as in the origin */
    const char *headers;       /* more, each line with its CRLF */
    const char *authority;     /* for https: a file with the CA's certificate */
    struct buf *head;          /* gets the status line and headers; or NULL */
};

/* Returns the status, 0 when no answer came, or none from a server that the
 * authority vouches for; `body` (may be NULL) gets what was answered. */
int web_send(const struct web_request *request, struct buf *body);

/* The same, with the answer as JSON, which the caller ends with
 * json_decref(). Fails the test unless the status is 2xx and it is JSON. */
json_t *web_json(const struct web_request *request);
json_t *web_get(const char *origin, const char *path);

#endif
