#ifndef CLOUD_ARC_H
#define CLOUD_ARC_H

#include "cloud.h"

/* What makes a machine one of Azure Arc's: a folder of key files, of which a
 * client has to read one, as only the machine's own can. */
struct arc;

struct arc *arc_new(const char *folder);
/* Removes the key files. NULL is allowed. */
void arc_free(struct arc *arc);

/* Whether the request brings a key; otherwise answers with the challenge that
 * names a new one. A key is good once. */
bool arc_check(struct call *call, struct arc *arc);

#endif
