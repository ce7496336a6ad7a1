/* Files, read and written as a whole. */
#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MODE_FILE 0600

static enum kv_status fail(
    struct kv_error *err, const char *what, const char *path)
{
    int why = errno;

    return kv_error_set(err, KV_STORE, "%s cannot be %s: %s.", path, what,
        strerror(why));
}

enum kv_status file_read_whole(
    struct buf *out, const char *path, struct kv_error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char chunk[65536];
    ssize_t got = 0;

    if (file < 0)
        return fail(err, "read", path);
    while (!out->failed && (got = read(file, chunk, sizeof chunk)) > 0)
        buf_put(out, (struct view){ chunk, (size_t)got });
    if (got < 0) {
        enum kv_status status = fail(err, "read", path);

        close(file);
        return status;
    }
    close(file);
    if (out->failed)
        return kv_error_set(err, KV_STORE,
            "%s cannot be read: it is larger than %zu bytes.", path,
            out->limit);
    return KV_OK;
}

static bool write_all(int file, struct view text)
{
    while (text.size > 0) {
        ssize_t sent = write(file, text.data, text.size);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        text.data += sent;
        text.size -= (size_t)sent;
    }
    return fsync(file) == 0;
}

static enum kv_status write_beside(const char *beside, const char *path,
    struct view text, struct kv_error *err)
{
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
        MODE_FILE);
    bool written;

    if (file < 0)
        return fail(err, "written", path);
    written = write_all(file, text);
    if (close(file) == 0 && written && rename(beside, path) == 0)
        return KV_OK;
    return fail(err, "written", path);
}

enum kv_status file_write_whole(
    const char *path, struct view text, struct kv_error *err)
{
    struct buf beside = { .limit = 4096 };
    enum kv_status status;

    buf_putf(&beside, "%s.%ld", path, (long)getpid());
    (void)unlink(buf_text(&beside));
    status = write_beside(buf_text(&beside), path, text, err);
    if (status != KV_OK)
        (void)unlink(buf_text(&beside));
    buf_done(&beside);
    return status;
}
