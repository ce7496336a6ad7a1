/* The inside of a token: the one place that turns it into a header field. */
#ifndef BEARER_H
#define BEARER_H

#include "http.h"

/* "Authorization: Bearer ...", borrowed from the token, so that no request
 * makes a copy of it. For libcurl only. */
char *bearer_header(struct http_token *token);

#endif
