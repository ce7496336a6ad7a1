#ifndef CLOUD_DAMAGE_H
#define CLOUD_DAMAGE_H

#include "cloud.h"

/* Whether a fault answers instead of the service, which is then not reached. */
bool damage_answers(struct call *call);

/* Spoils a completed answer as the faults on it say. What is done to the
 * connection is the server's part. */
void damage_answer(struct call *call);

/* The content type that the answer claims to have. */
const char *damage_type(const struct call *call);

#endif
