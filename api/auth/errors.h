/* Why Entra said no. */
#ifndef ERRORS_H
#define ERRORS_H

#include "http.h"

/* Microsoft's advice: logic goes by `error`, the AADSTS number explains. */
struct refusal {
    char error[48]; /* "invalid_grant"; "" when the body is no refusal */
    long number;    /* of AADSTS; 0 when there is none */
    char text[256]; /* first line of the description, without number */
    char correlation[40];
};

/* Reads an error body; all empty when it is none. */
void refusal_read(struct refusal *refusal, struct view body);

/* The sentence for an AADSTS number, NULL for one that is not in the table. */
const char *refusal_sentence(long number);

/* The number in "... AADSTS70043: ...", 0 when there is none. */
long refusal_find_number(const char *text);

/* Writes "`what` failed: why and what to do (AADSTS...)" and returns the
 * status: the answer's own where none came, KV_THROTTLED or KV_SERVICE where
 * another try may work, else KV_SIGN_IN. */
enum kv_status refusal_explain(const struct refusal *refusal, const char *what,
    const struct http_answer *answer, struct kv_error *err);

#endif
