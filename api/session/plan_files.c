/* Plans on the disk: those that a person keeps, and the one that is being run,
 * so that the next process can go on where this one ended. */
#include "inside.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT (64u << 20)
#define PATH_LIMIT 4096
#define SUFFIX ".json"

/* ---- kept by a person ---- */

enum kv_status kv_session_plan_save(struct kv_session *session,
    const struct kv_plan *plan, const char *format, const char *path,
    struct kv_error *err)
{
    struct buf text = { .limit = FILE_LIMIT };
    enum kv_status status = kv_plan_put(plan, format, &text, err);

    (void)session;
    if (status == KV_OK && text.failed)
        status = kv_error_set(err, KV_TOO_LARGE,
            "Plan %s is too large for a file: choose fewer targets.",
            kv_plan_id(plan));
    if (status == KV_OK)
        status = file_write_whole(path, buf_view(&text), err);
    buf_done(&text);
    return status;
}

/* ---- of the run that is under way ---- */

static void put_folder(struct buf *out, const struct kv_session *session)
{
    buf_putf(out, "%s/plans", session->state_dir);
}

static void put_path(
    struct buf *out, const struct kv_session *session, const char *plan)
{
    put_folder(out, session);
    buf_putf(out, "/%s" SUFFIX, plan);
}

enum kv_status plan_files_begin(struct kv_session *session,
    const struct kv_plan *plan, struct kv_error *err)
{
    struct buf path = { .limit = PATH_LIMIT };
    enum kv_status status;

    if (kv_plan_is_undo(plan))
        return KV_OK;
    put_folder(&path, session);
    if (mkdir(buf_text(&path), 0700) != 0 && errno != EEXIST)
        status = kv_error_set(err, KV_STORE, "%s cannot be made: %s.",
            buf_text(&path), strerror(errno));
    else {
        buf_clear(&path);
        put_path(&path, session, kv_plan_id(plan));
        status = kv_session_plan_save(
            session, plan, "json", buf_text(&path), err);
    }
    buf_done(&path);
    return status;
}

void plan_files_end(struct kv_session *session, const struct kv_plan *plan)
{
    if (!kv_plan_is_undo(plan))
        kv_session_forget_interrupted(session, kv_plan_id(plan));
}

void kv_session_forget_interrupted(struct kv_session *session, const char *plan)
{
    struct buf path = { .limit = PATH_LIMIT };

    put_path(&path, session, plan);
    (void)unlink(buf_text(&path));
    buf_done(&path);
}

/* ---- loading ---- */

/* A run that is gone on with keeps its name, so that the journal has it
 * together; a plan from elsewhere gets one of this journal. */
static bool is_own(const struct kv_session *session, const char *path)
{
    struct buf folder = { .limit = PATH_LIMIT };
    bool own;

    put_folder(&folder, session);
    own = view_starts_nocase(view_of(path), buf_view(&folder));
    buf_done(&folder);
    return own;
}

enum kv_status kv_session_plan_load(struct kv_session *session,
    struct kv_plan **out, const char *path, struct kv_error *err)
{
    struct buf text = { .limit = FILE_LIMIT };
    struct buf id = { .limit = 64 };
    enum kv_status status;

    if (!session->signed_in)
        return kv_error_set(
            err, KV_SIGN_IN, "A plan reads its targets afresh: sign in first");
    status = file_read_whole(&text, path, err);
    if (status == KV_OK && !is_own(session, path))
        plan_name(session, &id);
    if (status == KV_OK)
        status = plan_new_file(out, &session->port,
            id.size > 0 ? buf_text(&id) : NULL, buf_view(&text), err);
    if (status == KV_OK)
        plan_keep(session, *out);
    buf_done(&text);
    buf_done(&id);
    return status;
}

/* ---- what was interrupted ---- */

static void count_changes(
    const struct kv_session *session, struct kv_interrupted *out)
{
    for (uint32_t i = 0; i < journal_count(session->journal); i++) {
        const struct kv_journal_entry *entry =
            journal_entry(session->journal, i);

        if (strcmp(entry->plan, out->plan) != 0)
            continue;
        out->done += entry->result == KV_JOURNAL_DONE ||
                     entry->result == KV_JOURNAL_UNVERIFIED;
        out->in_doubt += entry->result == KV_JOURNAL_IN_DOUBT;
    }
}

static bool is_plan_file(const char *name)
{
    size_t size = strlen(name);

    return size > strlen(SUFFIX) && name[0] != '.' &&
           strcmp(name + size - strlen(SUFFIX), SUFFIX) == 0;
}

static void interrupted_clear(struct kv_session *session)
{
    kv_plan_info_done(&session->interrupted.info);
    buf_done(&session->interrupted.path);
    session->interrupted.path = (struct buf){ .limit = PATH_LIMIT };
}

/* Names in their order backwards, which is that of their numbers. */
static int newest_first(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*b)->d_name, (*a)->d_name);
}

static int only_plans(const struct dirent *entry)
{
    return is_plan_file(entry->d_name);
}

static bool interrupted_open(
    struct kv_session *session, const char *folder, const char *name)
{
    buf_putf(&session->interrupted.path, "%s/%s", folder, name);
    return kv_plan_file_read(&session->interrupted.info,
               buf_text(&session->interrupted.path), NULL) == KV_OK;
}

bool kv_session_interrupted(
    struct kv_session *session, uint32_t index, struct kv_interrupted *out)
{
    struct buf folder = { .limit = PATH_LIMIT };
    struct dirent **names = NULL;
    bool found = false;
    int count;

    interrupted_clear(session);
    put_folder(&folder, session);
    count = session->run_lock >= 0
                ? 0
                : scandir(buf_text(&folder), &names, only_plans, newest_first);
    if (count > 0 && index < (uint32_t)count)
        found = interrupted_open(
            session, buf_text(&folder), names[index]->d_name);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    buf_done(&folder);
    if (!found)
        return false;
    *out = (struct kv_interrupted){
        .plan = session->interrupted.info.id,
        .remedy = session->interrupted.info.remedy,
        .path = buf_text(&session->interrupted.path),
        .targets = session->interrupted.info.targets,
    };
    count_changes(session, out);
    return true;
}

void plan_files_done(struct kv_session *session)
{
    interrupted_clear(session);
    buf_done(&session->interrupted.path);
}
