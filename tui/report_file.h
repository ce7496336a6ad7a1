/* Where a report goes: stdout, or a file that is never seen half written. It is
 * written beside, for its owner alone, and takes the place of the one before
 * when it is whole. */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include "kvgov/error.h"
#include "kvgov/text.h"

struct report_file {
    char *path;   /* NULL: stdout */
    char *beside; /* what is written until then; NULL: nothing is */
    int fd;
};

/* Makes sure that it can be written before a long scan begins. `path` NULL is
 * stdout. Fails with KV_BAD_INPUT. */
KV_NODISCARD enum kv_status report_file_open(
    struct report_file *out, const char *path, struct kv_error *err);
bool report_file_put(struct report_file *file, struct view piece);
/* It is whole: takes the other's place. Fails with KV_STORE. */
KV_NODISCARD enum kv_status report_file_keep(
    struct report_file *file, struct kv_error *err);
/* Takes away what was not kept. */
void report_file_done(struct report_file *file);

#endif
