/* Bodies of Azure from $KVGOV_SHARED/azure, put through the decoders of
 * api/azure, and the proof that no file is left out. */
#ifndef SUPPORT_DECODE_H
#define SUPPORT_DECODE_H

#include "azure.h"

#define DECODE_SAYS 3

struct decode_row {
    const char *file; /* below the folder */
    int answer; /* example: HTTP status; recording: the interaction's index */
    enum azure_read read;
    size_t items;      /* in the page, all of which must be taken */
    const char *below; /* a vault to see scopes from, or a read's subject */
    /* Lines that the estate, described, must hold; see describe.h. */
    const char *says[DECODE_SAYS];
};

struct decode_excuse {
    const char *prefix; /* of files below the folder */
    const char *reason;
};

/* `folder` is "examples" or "recorded"; fails the test with row and text. */
void decode_check(const char *folder, const struct decode_row *row);

/* The body of one answer, as text; mem_free(). Fails when there is none. */
char *decode_body(const char *folder, const char *file, int answer);

/* Fails for each file that no row reads and no excuse covers, and for each
 * excuse and row that no file bears out. */
void decode_check_covered(const char *folder, const struct decode_row *rows,
    size_t count, const struct decode_excuse *excuses, size_t excuse_count);

#endif
