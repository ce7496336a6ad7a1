/* Asking the simulated cloud over HTTP the way a client does: signing in by
 * any grant, and requests whose status, headers and body are looked at. */
#ifndef SUPPORT_CLOUD_ASK_H
#define SUPPORT_CLOUD_ASK_H

#include <jansson.h>

#include "kvgov_cloud.h"
#include "web.h"

/* What was answered; answer_done(). */
struct answer {
    int status;
    char *head;
    json_t *body; /* NULL when it is no JSON */
};
void answer_done(struct answer *answer);

/* Sends it to the cloud's own address unless the request names another. */
struct answer cloud_ask(
    const struct cloud *cloud, const struct web_request *request);
/* POSTs a form to the token endpoint of the cloud's tenant. */
struct answer cloud_ask_token(const struct cloud *cloud, const char *form);

/* "Bearer ..." of the cloud's first client for an audience; mem_free(). Fails
 * the test when there is none. */
char *cloud_bearer(const struct cloud *cloud, const char *audience);
/* "Bearer ..." out of a token's answer; mem_free(). */
char *answer_bearer(const struct answer *answer);

/* The first AADSTS number of an error, 0 when it is none. */
int answer_number(const struct answer *answer);
/* The value of a header, mem_free(); NULL when there is none. */
char *answer_header(const struct answer *answer, const char *name);
/* The text at a dotted path of the body; "" when there is none. */
const char *answer_text(const struct answer *answer, const char *path);

#endif
