/* The reviewed verdicts of an estate: tests/api/verdicts, one file an area.
 *
 *   NET-2
 *     fail    kv-a kv-b: why they fail
 *     unknown kv-c: what is missing
 *     rest    pass
 *
 * A subject is a resource's or a subscription's name, with "_" for a space, or
 * "tenant". "rest" is every other subject that the row is judged on; a fail is
 * never left to it and always has its reason. */
#ifndef SUPPORT_EXPECTED_H
#define SUPPORT_EXPECTED_H

#include "kvgov/posture.h"

struct expected;

/* Reads every file; fails the test with file and line on what it cannot read.
 * End with expected_free(). */
struct expected *expected_read(void);
void expected_free(struct expected *expected);

/* False when the files say nothing of that row. */
bool expected_has(const struct expected *expected, const char *row);
/* KV_VERDICT_NONE when nothing is said of this subject. */
enum kv_verdict expected_verdict(
    const struct expected *expected, const char *row, const char *subject);
/* Names that stand in the files, one by one; NULL at the end. For a test that
 * each is a subject. */
const char *expected_name(const struct expected *expected, size_t index);

#endif
