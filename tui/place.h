/* Where files are: the program's own beside the executable, installed or in a
 * build folder; the person's in the folder of configuration. */
#ifndef PLACE_H
#define PLACE_H

#include "kvgov/text.h"

/* The folder of the running executable, without a slash at the end. False when
 * the system does not tell. */
bool place_of_program(struct buf *out);

/* Finds a file of the program's data: "themes/light.theme", or the estate of
 * the demo. Tries the installed folder, then the source tree around a build
 * folder. `source` is its path in the tree. False when it is nowhere. */
bool place_find(struct buf *out, const char *installed, const char *source);

/* "keys.ini" in the person's folder of configuration, whether it is there or
 * not. False when the environment names no such folder. */
bool place_of_config(struct buf *out, const char *file);
/* Makes the folder that the file is in, and those above it, mode 0700; true
 * when it is there then. */
bool place_make_folder(const char *file);

#endif
