/* The session: opened, stepped, asked and closed. */
#include "inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLICE_MS 4
#define ABOVE_MS 500
/* Often, so that a commit is short: it happens between two frames. */
#define STORE_COMMIT_MS 50
#define WRITE_MODE_S (30 * 60)
#define FDS_MAX 8u

/* ---- opening and closing ---- */

void kv_state_dir_put(struct buf *out, const char *wanted)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (wanted)
        buf_puts(out, wanted);
    else if (state && state[0] == '/')
        buf_putf(out, "%s/kvgov", state);
    else if (home && home[0] == '/')
        buf_putf(out, "%s/.local/state/kvgov", home);
}

static char *state_dir_of(const char *wanted)
{
    struct buf path = { .limit = 4096 };
    char *dir;

    kv_state_dir_put(&path, wanted);
    dir = path.size ? mem_copy_text(buf_text(&path)) : NULL;
    buf_done(&path);
    return dir;
}

/* Makes the folder and those above it, for the owner alone. */
static enum kv_status make_dir(const char *path, struct kv_error *err)
{
    char *copy = mem_copy_text(path);
    bool made;

    for (char *at = copy + 1; *at; at++)
        if (*at == '/') {
            *at = '\0';
            mkdir(copy, 0700);
            *at = '/';
        }
    made = mkdir(copy, 0700) == 0 || errno == EEXIST;
    mem_free(copy);
    return made ? KV_OK
                : kv_error_set(err, KV_STORE,
                      "%s cannot be made: %s; give another --state-dir", path,
                      strerror(errno));
}

static void sign_in_changed(void *context)
{
    ((struct kv_session *)context)->news |= KV_NEWS_SIGN_IN;
}

static void options_copy(
    struct kv_session_options *to, const struct kv_session_options *from)
{
    *to = *from;
    to->arm_endpoint = mem_copy_text(from->arm_endpoint);
    to->cloud = mem_copy_text(from->cloud);
    to->auth = mem_copy_text(from->auth);
    to->tenant = mem_copy_text(from->tenant);
    to->subscription = mem_copy_text(from->subscription);
    to->state_dir = NULL;
    to->user_agent = mem_copy_text(
        from->user_agent ? from->user_agent : "kvgov/" KVGOV_VERSION);
}

static void options_done(struct kv_session_options *options)
{
    mem_free((char *)options->arm_endpoint);
    mem_free((char *)options->cloud);
    mem_free((char *)options->auth);
    mem_free((char *)options->tenant);
    mem_free((char *)options->subscription);
    mem_free((char *)options->user_agent);
}

static enum kv_status open_files(
    struct kv_session *session, struct kv_error *err)
{
    const char *cloud = session->options.arm_endpoint
                            ? session->options.arm_endpoint
                            : "public";
    enum kv_status status;

    if (session->options.no_files)
        return journal_open(&session->journal, NULL, err);
    if (!session->state_dir)
        return kv_error_set(err, KV_BAD_CONFIG,
            "No place for the journal: set HOME or give --state-dir");
    status = make_dir(session->state_dir, err);
    if (status == KV_OK)
        status = journal_open(&session->journal, session->state_dir, err);
    if (status == KV_OK && !session->options.no_store)
        status = store_open(&session->store, session->state_dir, cloud, err);
    return status;
}

static enum kv_status check_endpoint(const char *url, struct kv_error *err)
{
    struct buf origin = { .limit = 4096 };
    struct kv_error why = { 0 };
    enum kv_status status = http_origin(&origin, url, &why);

    buf_done(&origin);
    return status == KV_OK ? KV_OK
                           : kv_error_set(err, KV_BAD_CONFIG, "%s", why.text);
}

/* Afterwards the address says which cloud it is; NULL is the public one. */
static enum kv_status find_cloud(
    struct kv_session_options *options, struct kv_error *err)
{
    const char *arm = NULL;
    enum kv_status status;

    if (options->arm_endpoint && options->cloud)
        return kv_error_set(err, KV_BAD_CONFIG,
            "A cloud and the address of one were given; give one of the two");
    if (options->arm_endpoint)
        return check_endpoint(options->arm_endpoint, err);
    status = auth_find_arm(&arm, options->cloud, environ, err);
    if (status == KV_OK)
        options->arm_endpoint = mem_copy_text(arm);
    return status;
}

static void open_transport(struct kv_session *session)
{
    session->http = http_new(&(struct http_options){
        .user_agent = session->options.user_agent,
        .trace = session->options.trace ? trace_request : NULL,
        .trace_context = session,
    });
    session->auth = auth_new(&(struct auth_options){
        .http = session->http,
        .arm_endpoint = session->options.arm_endpoint,
        .tenant = session->options.tenant,
        .way = session->options.auth,
        .no_device_code = session->options.no_device_code,
        .changed = sign_in_changed,
        .context = session,
    });
    session->arm = arm_new(session->http, session->auth);
    session->plane = dataplane_new(session->http, session->auth);
}

enum kv_status kv_session_open(struct kv_session **out,
    const struct kv_session_options *options, struct kv_error *err)
{
    struct kv_session *session = mem_alloc(sizeof *session);
    enum kv_status status;

    options_copy(&session->options, options);
    session->run_lock = -1;
    kv_policy_copy(&session->policy,
        options->policy ? options->policy : &kv_policy_default);
    session->options.policy = NULL; /* it was the caller's */
    session->mode.read_only =
        options->read_only || options->no_files || session->policy.read_only;
    session->scan.view.stage = "";
    session->state_dir = state_dir_of(options->state_dir);
    session->estate = estate_new();
    session->posture = posture_new(session->estate, &session->policy);
    status = find_cloud(&session->options, err);
    if (status == KV_OK)
        status = auth_check_way(session->options.auth, err);
    if (status == KV_OK)
        status = open_files(session, err);
    if (status != KV_OK) {
        kv_session_close(session);
        return status;
    }
    session_records_open(session);
    session_history_open(session);
    open_transport(session);
    port_init(session);
    probes_init(session);
    replay_start(session);
    *out = session;
    return KV_OK;
}

void kv_session_close(struct kv_session *session)
{
    if (!session)
        return;
    session->closing = true;
    timers_cancel(session);
    http_free(session->http);
    auth_free(session->auth);
    arm_free(session->arm);
    dataplane_free(session->plane);
    work_done(session);
    probes_done(session);
    timers_cancel(session);
    plans_done(session);
    plan_files_done(session);
    replay_done(session);
    replay_forget(session);
    store_close(session->store);
    journal_close(session->journal);
    scan_done(&session->scan);
    deep_done(session);
    messages_done(&session->messages);
    posture_free(session->posture);
    records_close(session->records);
    session_history_close(session);
    estate_free(session->estate);
    options_done(&session->options);
    kv_policy_done(&session->policy);
    mem_free(session->state_dir);
    mem_free(session);
}

/* ---- the loop ---- */

static int64_t least_wait(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

/* What is judged of subscriptions looks at all vaults below: while answers
 * stream in, twice a second is often enough. */
static bool above_is_due(const struct kv_session *session)
{
    return session->scan.view.state != KV_SCAN_RUNNING ||
           clock_steady_ms() >= session->above_due_ms;
}

static bool has_pending(const struct kv_session *session)
{
    return (session->started && !session->replayed) || session->work.first ||
           arm_has_work(session->arm) || scan_has_work(session) ||
           estate_has_touched(session->estate) ||
           (posture_is_stale_above(session->posture) &&
               above_is_due(session)) ||
           session_history_busy(session) || session->news != 0;
}

static int64_t due_ms(const struct kv_session *session)
{
    int64_t due =
        least_wait(timers_due_ms(session), auth_due_ms(session->auth));

    int64_t above = session->above_due_ms - clock_steady_ms();

    if (posture_is_stale_above(session->posture))
        due = least_wait(due, above > 0 ? above : 0);
    if (session->mode.write)
        due = least_wait(
            due, (session->mode.write_until_s - clock_now_s() + 1) * 1000);
    if (session->records_end_s)
        due = least_wait(due, session_records_due_ms(session));
    if (session->store_dirty)
        due = least_wait(due, session->store_due_ms - clock_steady_ms());
    return due < 0 && due != -1 ? 0 : due;
}

void kv_session_wait(struct kv_session *session, struct kv_wait_fd *fds,
    size_t count, int timeout_ms)
{
    struct http_fd waits[FDS_MAX];
    int64_t limit = least_wait(timeout_ms, due_ms(session));
    int cli = auth_fd(session->auth);
    size_t total = count < FDS_MAX - 1 ? count : FDS_MAX - 1;

    if (has_pending(session))
        limit = 0;
    for (size_t i = 0; i < total; i++)
        waits[i] = (struct http_fd){ .fd = fds[i].fd };
    if (cli >= 0)
        waits[total] = (struct http_fd){ .fd = cli };
    http_wait(session->http, waits, total + (cli >= 0), (int)limit);
    for (size_t i = 0; i < total; i++)
        fds[i].readable = waits[i].readable;
}

static void judge_above_step(struct kv_session *session, int64_t now_s)
{
    if (estate_has_touched(session->estate) || !above_is_due(session))
        return;
    session->above_due_ms = clock_steady_ms() + ABOVE_MS;
    if (posture_judge_above(session->posture, now_s))
        session->news |= KV_NEWS_POSTURE;
}

static void judge_step(struct kv_session *session, int64_t deadline_ms)
{
    int64_t now_s = clock_now_s();
    uint32_t resource;
    uint64_t facets;
    unsigned judged = 0;

    session_records_step(session, now_s);
    while ((++judged % 64 != 0 || clock_steady_ms() < deadline_ms) &&
           estate_next_touched(session->estate, &resource, &facets)) {
        scan_see(session, resource);
        session->exemptions_stale |=
            (facets & KV_FACET_BIT(KV_FACET_POLICIES)) != 0;
        if (posture_judge_facets(session->posture, resource, facets, now_s))
            session->news |= KV_NEWS_POSTURE;
    }
    if (!estate_has_touched(session->estate))
        session_exemptions_step(session);
    judge_above_step(session, now_s);
}

static void sign_in_step(struct kv_session *session)
{
    if (session->signed_in || !session->replayed ||
        auth_sign_in(session->auth)->state != KV_SIGN_IN_DONE)
        return;
    session->signed_in = true;
    if (session->options.no_scan)
        return;
    session_settle(session);
    scan_start(session);
}

static void mode_step(struct kv_session *session)
{
    if (session->mode.write && clock_now_s() >= session->mode.write_until_s)
        kv_session_write_off(session);
}

static void store_step(struct kv_session *session)
{
    struct kv_error err;
    int64_t now_ms = clock_steady_ms();

    if (!session->store || !session->store_dirty)
        return;
    if (session->store_due_ms == 0)
        session->store_due_ms = now_ms + STORE_COMMIT_MS;
    if (now_ms < session->store_due_ms)
        return;
    session->store_dirty = false;
    session->store_due_ms = 0;
    if (store_commit(session->store, &err) != KV_OK)
        message_add(session, KV_NOTICE_ERROR, NULL, "%s", err.text);
}

unsigned kv_session_step(struct kv_session *session)
{
    int64_t deadline_ms = clock_steady_ms() + SLICE_MS;
    unsigned news;

    http_step(session->http);
    auth_step(session->auth);
    arm_step(session->arm, deadline_ms);
    dataplane_step(session->plane);
    timers_step(session);
    probes_step(session);
    if (session->started)
        replay_step(session, deadline_ms);
    sign_in_step(session);
    work_step(session, deadline_ms);
    judge_step(session, deadline_ms);
    scan_step(session, deadline_ms);
    session_history_step(session, deadline_ms);
    last_totals_step(session);
    plans_step(session);
    mode_step(session);
    store_step(session);
    arm_flush(session->arm);
    news = session->news;
    session->news = 0;
    return news;
}

bool kv_session_idle(const struct kv_session *session)
{
    return session->started && !has_pending(session) &&
           http_in_flight(session->http) == 0 && !auth_busy(session->auth) &&
           !arm_busy(session->arm) && !dataplane_busy(session->plane) &&
           !session->timers && !plans_busy(session) &&
           session->scan.view.state != KV_SCAN_RUNNING;
}

/* ---- starting, modes, journal ---- */

void kv_session_start(struct kv_session *session)
{
    session->started = true;
    auth_start(session->auth);
}

void kv_session_device_code(struct kv_session *session)
{
    auth_device_code(session->auth);
}

enum kv_status kv_session_write_on(
    struct kv_session *session, const char *reason, struct kv_error *err)
{
    enum kv_status status;

    if (session->mode.read_only)
        return kv_error_set(err, KV_REFUSED,
            "Write mode stays off: kvgov was started with --read-only");
    status = journal_add_note(session->journal, clock_now_s(),
        auth_sign_in(session->auth)->account, "write mode on, 30 minutes",
        reason ? reason : "", err);
    if (status != KV_OK)
        return status;
    session->mode.write = true;
    session->mode.write_until_s = clock_now_s() + WRITE_MODE_S;
    session->news |= KV_NEWS_MODE | KV_NEWS_JOURNAL;
    return KV_OK;
}

void kv_session_write_off(struct kv_session *session)
{
    struct kv_error err;

    if (!session->mode.write)
        return;
    session->mode.write = false;
    session->mode.write_until_s = 0;
    session->news |= KV_NEWS_MODE | KV_NEWS_JOURNAL;
    if (journal_add_note(session->journal, clock_now_s(),
            auth_sign_in(session->auth)->account, "write mode off", "",
            &err) != KV_OK)
        message_add(session, KV_NOTICE_ERROR, NULL, "%s", err.text);
}

uint32_t kv_session_journal_count(const struct kv_session *session)
{
    return journal_count(session->journal);
}

const struct kv_journal_entry *kv_session_journal(
    const struct kv_session *session, uint32_t index)
{
    return journal_entry(session->journal, index);
}

enum kv_status kv_session_journal_verify(struct kv_session *session,
    struct kv_journal_check *out, struct kv_error *err)
{
    return journal_check(session->journal, out, err);
}

/* ---- what it knows ---- */

const struct kv_sign_in *kv_session_sign_in(const struct kv_session *session)
{
    return auth_sign_in(session->auth);
}

uint32_t kv_session_way_count(const struct kv_session *session)
{
    return auth_way_count(session->auth);
}

struct kv_way kv_session_way(const struct kv_session *session, uint32_t index)
{
    return auth_way(session->auth, index);
}

int64_t kv_session_token_expires_at_s(const struct kv_session *session)
{
    return auth_expires_at_s(session->auth);
}

const struct kv_scan *kv_session_scan(const struct kv_session *session)
{
    return &session->scan.view;
}

const struct kv_mode *kv_session_mode(const struct kv_session *session)
{
    return &session->mode;
}

const char *kv_session_cloud(const struct kv_session *session)
{
    const struct auth_cloud *cloud = auth_cloud(session->auth);

    return cloud && cloud->name ? cloud->name : "";
}

const char *kv_session_portal(const struct kv_session *session)
{
    const struct auth_cloud *cloud = auth_cloud(session->auth);

    return cloud && cloud->portal ? cloud->portal : "";
}

const struct kv_estate *kv_session_estate(const struct kv_session *session)
{
    return session->estate;
}

const struct kv_posture *kv_session_posture(const struct kv_session *session)
{
    return session->posture;
}

const struct kv_policy *kv_session_policy(const struct kv_session *session)
{
    return &session->policy;
}

int64_t kv_session_now(const struct kv_session *session)
{
    (void)session;
    return clock_now_s();
}
