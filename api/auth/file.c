/* Reading files in one bounded piece. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SHOWN 200

static enum kv_status fail(struct kv_error *err, const char *path, int error)
{
    return kv_error_set(err, KV_SIGN_IN, "the file %.*s cannot be read: %s",
        PATH_SHOWN, path, strerror(error));
}

/* One byte more than is allowed shows that there is too much. */
static enum kv_status read_all(int fd, struct hidden *out, const char *path,
    size_t limit, struct kv_error *err)
{
    while (out->size <= limit) {
        ssize_t got = read(fd, out->data + out->size, limit + 1 - out->size);

        if (got == 0)
            return KV_OK;
        if (got < 0 && errno != EINTR)
            return fail(err, path, errno);
        if (got > 0)
            out->size += (size_t)got;
    }
    return kv_error_set(err, KV_TOO_LARGE,
        "the file %.*s is larger than %zu bytes", PATH_SHOWN, path, limit);
}

static enum kv_status read_fd(int fd, struct hidden *out, const char *path,
    size_t limit, struct kv_error *err)
{
    struct hidden text = { .data = mem_alloc(limit + 1) };
    enum kv_status status = read_all(fd, &text, path, limit, err);

    if (status == KV_OK)
        hidden_set(out, hidden_view(&text));
    mem_cleanse(text.data, limit + 1);
    return status;
}

static enum kv_status file_open(struct hidden *out, const char *path,
    size_t limit, int flags, struct kv_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
    struct stat file;
    enum kv_status status;

    if (fd < 0)
        return fail(err, path, errno);
    if (fstat(fd, &file) != 0)
        status = fail(err, path, errno);
    else if (!S_ISREG(file.st_mode))
        status = kv_error_set(
            err, KV_SIGN_IN, "%.*s is no ordinary file", PATH_SHOWN, path);
    else
        status = read_fd(fd, out, path, limit, err);
    close(fd);
    return status;
}

enum kv_status file_read(
    struct hidden *out, const char *path, size_t limit, struct kv_error *err)
{
    return file_open(out, path, limit, 0, err);
}

enum kv_status file_read_itself(
    struct hidden *out, const char *path, size_t limit, struct kv_error *err)
{
    return file_open(out, path, limit, O_NOFOLLOW, err);
}
