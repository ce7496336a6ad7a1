/* The inside of the doctor, for its files: each adds what it found to one list
 * of checks. */
#ifndef DOCTOR_INSIDE_H
#define DOCTOR_INSIDE_H

#include "kvgov/checkup.h"
#include "kvgov/report.h"
#include "options.h"

struct doctor {
    const struct options *options;
    struct kv_session *session;  /* NULL: it could not be opened */
    struct kv_diagnosis *checks; /* texts are owned */
    size_t count;
    size_t capacity;
    bool out_of_reach; /* a problem of the sign-in or of a host */
    int64_t deadline_ms;
};

/* One line: `seen` is a format, `todo` a sentence or "". */
void doctor_add(struct doctor *doctor, enum kv_diagnosis_level level,
    const char *name, const char *todo, const char *seen, ...)
    __attribute__((format(printf, 5, 6)));

/* doctor_machine.c: terminal, locale, variables that change the way. */
void doctor_check_machine(struct doctor *doctor);
/* doctor_files.c: configuration, state folder, journal. */
void doctor_check_files(struct doctor *doctor);
/* doctor_cloud.c: sign-in, hosts, clock; as far as they are known now. */
void doctor_check_cloud(struct doctor *doctor);
/* doctor_rights.c: what was read, and what may not be. */
void doctor_check_rights(struct doctor *doctor);

#endif
