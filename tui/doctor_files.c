/* Files: the configuration, the state folder, the journal in it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor_inside.h"
#include "kvgov/config.h"

#define OTHERS_MAY_WRITE 0022
#define OTHERS_MAY_READ 0077

/* ---- configuration ---- */

/* In the order of reading. */
static void put_configuration(struct buf *out, int place)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");

    if (place == 0)
        buf_puts(out, "/etc/kvgov/config.ini");
    else if (config && config[0] == '/')
        buf_putf(out, "%s/kvgov/config.ini", config);
    else if (home && home[0] == '/')
        buf_putf(out, "%s/.config/kvgov/config.ini", home);
}

/* What is in it was read already: see kv_config_problem(). */
static void check_configuration_file(
    struct doctor *doctor, const char *path, const struct stat *info)
{
    if (!S_ISREG(info->st_mode) || access(path, R_OK) != 0)
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "configuration",
            "make it a file that you may read", "%s cannot be read", path);
    else if (info->st_mode & OTHERS_MAY_WRITE)
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "configuration",
            "take that right away: chmod go-w",
            "%s can be changed by others, and with it what is judged", path);
    else
        doctor_add(doctor, KV_DIAGNOSIS_OK, "configuration", "", "%s", path);
}

static void check_configuration(struct doctor *doctor)
{
    const struct kv_config *config = doctor->options->config;
    bool found = false;

    for (int place = 0; place < 2; place++) {
        struct buf path = { .limit = PATH_MAX };
        struct stat info;

        put_configuration(&path, place);
        if (path.size && stat(buf_text(&path), &info) == 0) {
            check_configuration_file(doctor, buf_text(&path), &info);
            found = true;
        }
        buf_done(&path);
    }
    if (!found)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "configuration", "",
            "there is no file: what is built in holds");
    for (size_t i = 0; i < kv_config_problem_count(config); i++) {
        struct kv_config_problem problem = kv_config_problem(config, i);

        doctor_add(doctor,
            problem.wrong ? KV_DIAGNOSIS_PROBLEM : KV_DIAGNOSIS_WARNING,
            "configuration", "kvgov config --print shows what holds", "%s",
            problem.text);
    }
}

/* ---- the state folder ---- */

/* The nearest folder above that there is. */
static bool can_be_made(const char *path)
{
    struct buf above = { .limit = PATH_MAX };
    struct stat info;
    bool can = false;

    buf_puts(&above, path);
    while (above.size > 1 && stat(buf_text(&above), &info) < 0 &&
           errno == ENOENT) {
        while (above.size > 1 && above.data[above.size - 1] != '/')
            above.size--;
        if (above.size > 1)
            above.size--;
        above.data[above.size] = '\0';
    }
    can = above.size && stat(buf_text(&above), &info) == 0 &&
          S_ISDIR(info.st_mode) && access(buf_text(&above), W_OK | X_OK) == 0;
    buf_done(&above);
    return can;
}

/* Tried, as the rights alone do not say: the disk may be full or read-only. */
static bool can_be_written(const char *path, int *problem)
{
    struct buf name = { .limit = PATH_MAX };
    int fd;

    buf_putf(&name, "%s/doctor-XXXXXX", path);
    errno = ENAMETOOLONG;
    fd = name.failed ? -1 : mkostemp(name.data, O_CLOEXEC);
    *problem = fd < 0 ? errno : 0;
    if (fd >= 0) {
        close(fd);
        unlink(buf_text(&name));
    }
    buf_done(&name);
    return fd >= 0;
}

static void check_state_folder(
    struct doctor *doctor, const char *path, const struct stat *info)
{
    static const char another[] = "name another folder with --state-dir";
    int problem;

    if (!S_ISDIR(info->st_mode))
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "state folder", another,
            "%s is no folder", path);
    else if (!can_be_written(path, &problem))
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "state folder", another,
            "nothing can be written to %s: %s", path, strerror(problem));
    else if (info->st_uid != getuid())
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "state folder", another,
            "%s belongs to another user", path);
    else if (info->st_mode & OTHERS_MAY_READ)
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "state folder",
            "take their rights away: chmod go-rwx",
            "%s is open to others: its mode is %04o", path,
            (unsigned)info->st_mode & 07777);
    else
        doctor_add(doctor, KV_DIAGNOSIS_OK, "state folder", "",
            "%s, yours alone", path);
}

static void check_state(struct doctor *doctor, const char *path)
{
    struct stat info;

    if (!*path)
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "state folder",
            "set HOME, or name one with --state-dir",
            "there is no place for the journal");
    else if (stat(path, &info) == 0)
        check_state_folder(doctor, path, &info);
    else if (can_be_made(path))
        doctor_add(doctor, KV_DIAGNOSIS_OK, "state folder", "",
            "%s will be made at the first start", path);
    else
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "state folder",
            "name another one with --state-dir", "%s cannot be made", path);
}

/* ---- what is in it ---- */

static void check_journal(struct doctor *doctor, const char *path)
{
    struct kv_journal_check check = { 0 };
    struct kv_error err = { 0 };

    if (access(path, F_OK) != 0)
        doctor_add(doctor, KV_DIAGNOSIS_OK, "journal", "",
            "there is none yet: nothing was changed from here");
    else if (kv_journal_verify(path, &check, &err) != KV_OK)
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "journal",
            "keep the file and find out what happened to it", "%s", err.text);
    else if (check.broken_at)
        doctor_add(doctor, KV_DIAGNOSIS_PROBLEM, "journal",
            "keep the file and find out who could write to it",
            "its chain is broken at record %lld of %lld",
            (long long)check.broken_at, (long long)check.records);
    else if (check.open)
        doctor_add(doctor, KV_DIAGNOSIS_WARNING, "journal",
            "start kvgov: it looks up how they ended",
            "%lld records, of which %lld have no outcome yet",
            (long long)check.records, (long long)check.open);
    else
        doctor_add(doctor, KV_DIAGNOSIS_OK, "journal", "",
            "%lld records, chain intact", (long long)check.records);
}

void doctor_check_files(struct doctor *doctor)
{
    struct buf folder = { .limit = PATH_MAX };
    struct buf journal = { .limit = PATH_MAX };

    check_configuration(doctor);
    kv_state_dir_put(&folder, doctor->options->state_dir);
    check_state(doctor, buf_text(&folder));
    if (folder.size) {
        buf_putf(&journal, "%s/journal.db", buf_text(&folder));
        check_journal(doctor, buf_text(&journal));
    }
    buf_done(&folder);
    buf_done(&journal);
}
