/* Small files that somebody else writes and that may hold a secret. */
#ifndef FILE_H
#define FILE_H

#include "hidden.h"

/* Reads a whole file of at most `limit` bytes; `out` is zeroed by the caller
 * and his. Never waits, as a pipe would make it. Fails with KV_SIGN_IN, or
 * KV_TOO_LARGE. */
KV_NODISCARD enum kv_status file_read(
    struct hidden *out, const char *path, size_t limit, struct kv_error *err);

/* The same, but not through a symbolic link at the end of the path. */
KV_NODISCARD enum kv_status file_read_itself(
    struct hidden *out, const char *path, size_t limit, struct kv_error *err);

#endif
