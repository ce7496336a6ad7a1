#ifndef CLOUD_SERVER_H
#define CLOUD_SERVER_H

#include <stdbool.h>

#include "cloud.h"

struct server;
struct tls;

/* Binds 127.0.0.1:port (0: a free one), speaks HTTPS unless tls, which must
 * outlive the server, is NULL, and sets cloud->origin. On failure returns NULL
 * and one sentence in *problem, which the caller frees. */
struct server *server_open(
    struct cloud *cloud, unsigned port, const struct tls *tls, char **problem);

/* Serves until SIGTERM or SIGINT, or until stdin ends if until_eof. */
void server_run(struct server *server, bool until_eof);
void server_close(struct server *server);

#endif
