/* Writing a report to stdout or beside its file. */
#include "report_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap.h"

static enum kv_status refuse(
    struct kv_error *err, const char *path, const char *why)
{
    return kv_error_set(err, KV_BAD_INPUT,
        "--out %s cannot be written: %s; name a file in a folder of yours",
        path, why);
}

/* A link is followed, so that it stays one. Renaming onto a device or a pipe
 * would take it away. */
static enum kv_status resolve(char **out, const char *path, struct kv_error *err)
{
    struct stat found;
    char real[PATH_MAX];

    if (!*path)
        return refuse(err, "\"\"", "it has no name");
    if (stat(path, &found) != 0) {
        *out = heap_copy(path);
        return KV_OK;
    }
    if (!S_ISREG(found.st_mode))
        return refuse(err, path, "it is no regular file");
    if (!realpath(path, real))
        return refuse(err, path, strerror(errno));
    *out = heap_copy(real);
    return KV_OK;
}

enum kv_status report_file_open(
    struct report_file *out, const char *path, struct kv_error *err)
{
    struct report_file file = { .fd = STDOUT_FILENO };
    char name[PATH_MAX];
    struct buf beside = { .limit = sizeof name - 1 };
    enum kv_status status;

    *out = file;
    if (!path)
        return KV_OK;
    status = resolve(&file.path, path, err);
    if (status != KV_OK)
        return status;
    buf_putf(&beside, "%s.XXXXXX", file.path);
    memcpy(name, buf_text(&beside), beside.size + 1);
    buf_done(&beside);
    file.fd = mkstemp(name); /* 0600 */
    if (file.fd < 0) {
        status = refuse(err, path, strerror(errno));
        heap_free(file.path);
        return status;
    }
    file.beside = heap_copy(name);
    *out = file;
    return KV_OK;
}

bool report_file_put(struct report_file *file, struct view piece)
{
    while (piece.size > 0) {
        ssize_t put = write(file->fd, piece.data, piece.size);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        piece.data += put;
        piece.size -= (size_t)put;
    }
    return true;
}

enum kv_status report_file_keep(struct report_file *file, struct kv_error *err)
{
    if (!file->beside)
        return KV_OK;
    if (fsync(file->fd) != 0 || rename(file->beside, file->path) != 0)
        return kv_error_set(err, KV_STORE,
            "the report could not be kept as %s: %s; what was there before is "
            "as it was",
            file->path, strerror(errno));
    heap_free(file->beside);
    file->beside = NULL;
    return KV_OK;
}

void report_file_done(struct report_file *file)
{
    if (file->beside)
        unlink(file->beside);
    if (file->path && file->fd >= 0)
        close(file->fd);
    heap_free(file->beside);
    heap_free(file->path);
    *file = (struct report_file){ .fd = -1 };
}
