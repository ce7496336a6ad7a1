/* Texts that were looked at and kept, beside the tests that write them. */
#ifndef SUPPORT_GOLDEN_H
#define SUPPORT_GOLDEN_H

#include "kvgov/text.h"

/* Appends the text with what differs from run to run named instead: times,
 * days on which something began, milliseconds, ages; and how many
 * recommendations there are besides those that a test is about. */
void golden_put_steady(struct buf *out, const char *text);

/* Fails the test with the lines that differ from the file of that name under
 * the source's folder. With KVGOV_GOLDEN=write in the environment, as `make
 * golden` sets it, the file is written instead: look at what changed. */
void golden_check(const char *folder, const char *name, const char *text);

#endif
