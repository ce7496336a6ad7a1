/* Finding files: from where the executable lies, and where the person's are. */
#include "place.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool place_of_program(struct buf *out)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
    char *slash;

    if (size <= 0 || (size_t)size >= sizeof(path))
        return false;
    slash = memrchr(path, '/', (size_t)size);
    if (!slash)
        return false;
    buf_put(out, (struct view){ path, (size_t)(slash - path) });
    return !out->failed;
}

static bool try_file(
    struct buf *out, const char *program, const char *way, const char *file)
{
    buf_clear(out);
    buf_putf(out, "%s%s%s", program, way, file);
    return !out->failed && access(buf_text(out), R_OK) == 0;
}

bool place_find(struct buf *out, const char *installed, const char *source)
{
    struct buf program = { .limit = PATH_MAX };
    bool found =
        place_of_program(&program) &&
        (try_file(out, buf_text(&program), "/../share/kvgov/", installed) ||
            try_file(out, buf_text(&program), "/../", source) ||
            try_file(out, buf_text(&program), "/../../", source));

    buf_done(&program);
    return found;
}

bool place_of_config(struct buf *out, const char *file)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");

    if (config && *config == '/')
        buf_putf(out, "%s/kvgov/%s", config, file);
    else if (home && *home == '/')
        buf_putf(out, "%s/.config/kvgov/%s", home, file);
    return out->size && !out->failed;
}

bool place_make_folder(const char *file)
{
    struct buf folder = { .limit = PATH_MAX };
    const char *slash = strrchr(file, '/');
    bool made;

    if (!slash || slash == file)
        return true;
    buf_put(&folder, (struct view){ file, (size_t)(slash - file) });
    made = mkdir(buf_text(&folder), 0700) == 0 || errno == EEXIST;
    if (!made && errno == ENOENT && place_make_folder(buf_text(&folder)))
        made = mkdir(buf_text(&folder), 0700) == 0;
    buf_done(&folder);
    return made;
}
