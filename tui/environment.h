/* Whether what is on the screen is production, in a word for the first row. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include "kvgov/policy.h"
#include "kvgov/session.h"

/* Of a whole estate: what asks for the most care. Zero-initialise. */
struct environment {
    enum kv_environment worst;
    uint32_t next; /* the first resource that was not looked at */
    bool growing;  /* a scan was under way then */
};

/* The estate is another one than the last time. */
void environment_look(
    struct environment *environment, const struct kv_session *session);

enum kv_environment environment_of(
    const struct kv_session *session, uint32_t resource);
/* "PROD"; "PROD?" where no tag says; "" elsewhere. */
const char *environment_word(enum kv_environment environment);

#endif
