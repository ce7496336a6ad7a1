#ifndef CLOUD_LOAD_H
#define CLOUD_LOAD_H

#include "estate.h"

/* Reads an estate file. On failure returns false and one sentence in
 * *problem, which the caller frees. */
bool estate_load(struct estate *estate, const char *path, char **problem);

/* Sorts and checks what was appended: every id well-formed and unique, every
 * reference to something that exists. where names the source in a problem. */
bool estate_finish(struct estate *estate, const char *where, char **problem);

#endif
