/* A kvgov-cloud of the test's own: started on a free port of loopback, looked
 * into and changed behind the program's back, ended by its pid. Its exit code
 * is checked, so a leak that a sanitizer found in it fails the test too. */
#ifndef SUPPORT_KVGOV_CLOUD_H
#define SUPPORT_KVGOV_CLOUD_H

#include <jansson.h>
#include <sys/types.h>

#include "kvgov/text.h"

struct cloud {
    pid_t pid;
    int input;          /* closing it ends the cloud */
    char *origin;       /* "http://127.0.0.1:PORT" */
    char *log_path;     /* one line a request */
    char *folder;       /* of the log */
    char **environment; /* what signs a program in, "NAME=value" */
    char *token;        /* for cloud_change(), once asked for */
};

/* Starts $KVGOV_CLOUD with the Contoso estate unless `arguments`
 * (NULL-terminated, may be NULL) name another one. Fails the test when it does
 * not come up. */
struct cloud *cloud_start(const char *const *arguments);
/* NULL is allowed. Fails the test when the cloud did not end cleanly. */
void cloud_stop(struct cloud *cloud);

/* What the cloud printed for NAME; NULL when it did not. */
const char *cloud_variable(const struct cloud *cloud, const char *name);
/* Makes this process signed in as the cloud says: the variables are set, every
 * other AZURE_, KVGOV_ and IDENTITY_ one is unset but those of the tests. */
void cloud_enter(const struct cloud *cloud);
/* The variables with `more` behind them, for a child; mem_free() the array. */
const char **cloud_environment(
    const struct cloud *cloud, const char *const *more);

void cloud_fault(struct cloud *cloud, const char *fault);
void cloud_mend(struct cloud *cloud); /* no more faults */

/* The whole estate as it is now; json_decref(). */
json_t *cloud_state(const struct cloud *cloud);
/* A resource of it by name, borrowed; fails the test when there is none. */
json_t *cloud_resource(const json_t *state, const char *name);
/* The JSON at a dotted path; NULL where there is none. */
const json_t *json_path(const json_t *value, const char *path);
/* A resource's part of the estate as text, canonical, so that two can be
 * compared; mem_free(). "null" where there is none. */
char *cloud_value(
    const struct cloud *cloud, const char *resource, const char *path);

/* Writes as another client would, with the right to it. Fails the test unless
 * the answer is 2xx. */
void cloud_change(struct cloud *cloud, const char *method, const char *path,
    const char *body);
/* PATCHes a vault or HSM by name. */
void cloud_patch(struct cloud *cloud, const char *resource, const char *body);

/* How many requests of `method` were counted; NULL counts all. */
long cloud_requests(const struct cloud *cloud, const char *method);
/* The log so far; mem_free(). */
char *cloud_log(const struct cloud *cloud);

#endif
