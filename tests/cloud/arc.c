/* Azure Arc's key files: a challenge makes one, an answer uses it up. */
#include "arc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Past this many unused challenges the oldest is forgotten. */
#define KEY_LIMIT 16

struct arc_key {
    char *path;
    char *text;
};

struct arc {
    char *folder; /* absolute, for clients in any other one */
    struct arc_key keys[KEY_LIMIT];
    size_t count;
};

struct arc *arc_new(const char *folder)
{
    struct arc *arc = alloc_zero(1, sizeof *arc);

    arc->folder = realpath(folder, NULL);
    if (!arc->folder)
        arc->folder = alloc_text(folder); /* the first key will tell */
    return arc;
}

static void key_drop(struct arc *arc, size_t index)
{
    struct arc_key *key = &arc->keys[index];

    unlink(key->path);
    free(key->path);
    free(key->text);
    memmove(key, key + 1, (--arc->count - index) * sizeof *key);
}

void arc_free(struct arc *arc)
{
    if (!arc)
        return;
    while (arc->count > 0)
        key_drop(arc, 0);
    free(arc->folder);
    free(arc);
}

static bool key_save(const struct arc_key *key)
{
    int fd = open(key->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t length = strlen(key->text);
    bool good = fd >= 0 && write(fd, key->text, length) == (ssize_t)length;

    if (fd >= 0 && close(fd) != 0)
        good = false;
    return good;
}

/* Each challenge has a key of its own in a file of its own. */
static void arc_challenge(struct call *call, struct arc *arc)
{
    char *name = guid_new();
    struct arc_key key = {
        .path = alloc_format("%s/%s.key", arc->folder, name),
        .text = secret_new(),
    };

    free(name);
    if (arc->count == KEY_LIMIT)
        key_drop(arc, 0);
    arc->keys[arc->count++] = key;
    if (!key_save(&key)) {
        answer_error(call, 500, "InternalServerError",
            "The key file '%s' cannot be written (%s).", key.path,
            strerror(errno));
        return;
    }
    answer_json(call, 401,
        json_pack("{s:s, s:s}", "error", "unauthorized_client",
            "error_description", "Missing Basic Authorization header"));
    call_header(call, "WWW-Authenticate", "Basic realm=%s", key.path);
}

bool arc_check(struct call *call, struct arc *arc)
{
    const char *given = call->authorization;

    for (size_t i = 0; given && i < arc->count; i++) {
        if (!text_starts(given, "Basic ") ||
            strcmp(given + strlen("Basic "), arc->keys[i].text) != 0)
            continue;
        key_drop(arc, i);
        return true;
    }
    arc_challenge(call, arc);
    return false;
}
