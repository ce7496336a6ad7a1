/* The Contoso estate as the demo shows it: read as deep as it goes, and judged
 * by Contoso's own configuration. */
#ifndef SUPPORT_CONTOSO_H
#define SUPPORT_CONTOSO_H

#include "drive.h"
#include "kvgov/config.h"

/* tests/cloud/estates/contoso.ini, alone; fails the test when it is not good.
 * End with kv_config_free(). */
struct kv_config *contoso_config(void);

/* Opens a cloud and a session and scans; true when that is complete. `estate`
 * is a file to take in place of Contoso's; NULL: none. End with drive_done(). */
bool contoso_scan(struct drive *drive, const struct kv_config *config,
    const char *estate);

#endif
