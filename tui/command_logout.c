/* kvgov logout: removes what was read from Azure and kept. What people decided
 * and what was changed stays: it can be read nowhere else. */
#include "command.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap.h"
#include "kvgov/checkup.h"
#include "kvgov/report.h"

#define REPORT_BYTES ((size_t)16 << 20)
#define PATH_BYTES 8192

/* By how a file's name begins. */
static const struct kept_row {
    const char *begins;
    const char *what;
    bool removed;
} kept_rows[] = {
    { "estate-", "the last estate", true },
    { "history.db", "what scans found, and since when", false },
    { "records.db", "attestations and exceptions", false },
    { "journal.db", "the journal of changes", false },
};
#define ROW_COUNT (sizeof(kept_rows) / sizeof *(kept_rows))

struct leaving {
    bool only_list;
    DIR *dir;
    const char *path; /* of the folder */
    struct kv_kept *kept;
    size_t count;
    size_t capacity;
    bool failed;
};

static const struct kept_row *row_of(const char *name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strncmp(name, kept_rows[i].begins, strlen(kept_rows[i].begins)) ==
            0)
            return &kept_rows[i];
    return NULL;
}

static const char *take_away(struct leaving *leaving, const char *name)
{
    struct kv_error err;

    if (leaving->only_list)
        return "would be removed";
    if (unlinkat(dirfd(leaving->dir), name, 0) == 0 || errno == ENOENT)
        return "removed";
    kv_error_set(&err, KV_STORE,
        "%s/%s could not be removed: %s; remove it by hand", leaving->path,
        name, strerror(errno));
    command_complain(&err);
    leaving->failed = true;
    return "not removed";
}

static void take_file(struct leaving *leaving, const char *name)
{
    const struct kept_row *row = row_of(name);
    struct buf path = { .limit = PATH_BYTES };
    struct stat status;

    if (!row ||
        fstatat(dirfd(leaving->dir), name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode))
        return;
    buf_putf(&path, "%s/%s", leaving->path, name);
    leaving->kept = heap_grow(leaving->kept, leaving->count, &leaving->capacity,
        sizeof(*leaving->kept));
    leaving->kept[leaving->count++] = (struct kv_kept){
        .path = heap_copy(buf_text(&path)),
        .what = row->what,
        .state = row->removed ? take_away(leaving, name) : "kept",
        .bytes = status.st_size,
    };
    buf_done(&path);
}

static void take_files(struct leaving *leaving)
{
    const struct dirent *entry;

    leaving->dir = opendir(leaving->path);
    if (!leaving->dir)
        return;
    while ((entry = readdir(leaving->dir)) != NULL)
        take_file(leaving, entry->d_name);
    closedir(leaving->dir);
}

static int report(struct leaving *leaving, const struct options *options)
{
    struct buf out = { .limit = REPORT_BYTES };
    int code;

    kv_report_kept(&out, leaving->kept, leaving->count,
        command_width_of_stdout(), command_wants_json(options));
    code = command_write_out(&out);
    fputs("kvgov: no token is kept, so there is none to remove; the sign-in "
          "that kvgov uses ends where it was made, such as with az logout\n",
        stderr);
    if (code == EXIT_CODE_OK && leaving->failed)
        return EXIT_CODE_INTERNAL;
    return code;
}

int command_logout(const struct options *options)
{
    struct buf path = { .limit = PATH_BYTES };
    struct leaving leaving = { .only_list = options->list };
    struct kv_error err;
    int code = EXIT_CODE_USAGE;

    kv_state_dir_put(&path, options->state_dir);
    leaving.path = buf_text(&path);
    if (path.size > 0) {
        take_files(&leaving);
        code = report(&leaving, options);
    } else {
        kv_error_set(&err, KV_BAD_CONFIG,
            "no place is known where kvgov keeps anything: set HOME or give "
            "--state-dir");
        command_complain(&err);
    }
    for (size_t i = 0; i < leaving.count; i++)
        heap_free((char *)leaving.kept[i].path);
    heap_free(leaving.kept);
    buf_done(&path);
    return code;
}
