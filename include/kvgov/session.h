/* One identity signed in to one cloud, with what it read, how that was judged
 * and what it was told to change. Everything happens inside kv_session_step();
 * nothing here blocks (but opening the local database) or starts a thread. */
#ifndef KVGOV_SESSION_H
#define KVGOV_SESSION_H

#include "kvgov/error.h"
#include "kvgov/journal.h"
#include "kvgov/posture.h"
#include "kvgov/remedy.h"

struct kv_session;

/* One request that was sent, for who wants to see them all: no token, no
 * query, no body, and the name of a secret only as "*". Texts are visible and
 * borrowed for the call, which comes from kv_session_step(). */
struct kv_trace {
    const char *method;
    const char *host; /* with its port; "" inside of a batch */
    const char *path;
    const char *provider; /* "Microsoft.KeyVault", "login", a vault's host */
    const char *failure;  /* why no answer came; "" else */
    long code;            /* of the answer; 0 none */
    size_t bytes;         /* of its body */
    int64_t elapsed_ms;
    bool inside; /* a call in the batch that was told of last */
};
typedef void kv_trace_fn(void *context, const struct kv_trace *trace);

struct kv_session_options {
    const char *arm_endpoint;  /* NULL: that of `cloud` */
    const char *cloud;         /* a name; NULL: what the environment means */
    const char *auth;          /* the only way to sign in; NULL: any */
    const char *tenant;        /* NULL: from the sign-in */
    const char *subscription;  /* NULL: all; GUID or display name */
    const char *state_dir;     /* NULL: $XDG_STATE_HOME/kvgov */
    const struct kv_policy *policy; /* copied; NULL: kv_policy_default */
    bool read_only;            /* no write mode can be switched on */
    bool no_device_code;       /* fail rather than ask a person */
    bool no_scan;              /* signed in is all that it is to be */
    bool deep;                 /* scans also read inside every vault and HSM */
    bool no_store;             /* neither load nor keep the last estate */
    bool no_files;             /* nor a journal; it must be read-only */
    const char *user_agent;    /* NULL: "kvgov/VERSION" */
    kv_trace_fn *trace;        /* NULL: nobody wants to know */
    void *trace_context;
};

/* Sends nothing yet; copies options; loads the journal. On success the caller
 * owns *out and ends it with kv_session_close(). Fails with KV_BAD_CONFIG or
 * KV_STORE. */
KV_NODISCARD enum kv_status kv_session_open(struct kv_session **out,
    const struct kv_session_options *options, struct kv_error *err);

/* Cancels what is in flight. A change that Azure already received stays in the
 * journal as in doubt and is settled at the next start. NULL is allowed. */
void kv_session_close(struct kv_session *session);

/* ---- the loop ---- */

/* A file descriptor of the caller's to wait for, as in poll(2). */
struct kv_wait_fd {
    int fd;
    bool readable; /* set on return */
};

/* Sleeps until a socket, a descriptor or a timer is ready, at most
 * `timeout_ms` (-1: no limit of the caller's). Never sleeps while decoded work
 * is pending. */
void kv_session_wait(struct kv_session *session, struct kv_wait_fd *fds,
    size_t count, int timeout_ms);

enum kv_news {
    KV_NEWS_SIGN_IN = 1u << 0,
    KV_NEWS_ESTATE = 1u << 1,   /* resources or facets changed */
    KV_NEWS_POSTURE = 1u << 2,  /* verdicts changed */
    KV_NEWS_SCAN = 1u << 3,     /* progress, end */
    KV_NEWS_PLAN = 1u << 4,     /* a plan or its targets */
    KV_NEWS_JOURNAL = 1u << 5,
    KV_NEWS_MESSAGE = 1u << 6,
    KV_NEWS_MODE = 1u << 7, /* write mode on, off or timed out */
};

/* Does a slice of work, at most about 8 ms, and says what changed: enum
 * kv_news, added up. */
unsigned kv_session_step(struct kv_session *session);

/* Nothing is in flight, pending or waiting to be retried. */
bool kv_session_idle(const struct kv_session *session);

/* ---- what it knows ---- */

enum kv_sign_in_state {
    KV_SIGN_IN_STARTING,  /* discovering the cloud, trying the chain */
    KV_SIGN_IN_NEEDED,    /* nothing found: device code can be started */
    KV_SIGN_IN_DEVICE,    /* a person must enter user_code at verification_uri */
    KV_SIGN_IN_DONE,
    KV_SIGN_IN_FAILED, /* `text` says why and what to do */
};

struct kv_sign_in {
    enum kv_sign_in_state state;
    const char *method;  /* "client secret", "Azure CLI", "device code" */
    const char *account; /* display of who; "" until known */
    const char *tenant;  /* GUID or domain */
    const char *object_id; /* of the account in Entra; "" where not known */
    const char *text;    /* what was tried and what to do next */
    const char *reason;  /* why somebody must sign in once more; "" else */
    const char *user_code;
    const char *verification_uri;
    int64_t expires_at_s; /* of the code */
};

enum kv_scan_state {
    KV_SCAN_NONE,    /* nothing read, nothing stored */
    KV_SCAN_STORED,  /* only what the store held */
    KV_SCAN_RUNNING,
    KV_SCAN_DONE,
    KV_SCAN_STOPPED, /* by the person: partly read */
    KV_SCAN_FAILED,  /* the inventory could not be read */
};

struct kv_scan {
    enum kv_scan_state state;
    const char *stage; /* "inventory", "diagnostic settings" */
    uint32_t done;     /* reads finished, of `total` known so far */
    uint32_t total;
    uint32_t resources;
    uint32_t resources_expected; /* 0: not known yet */
    uint32_t failures;           /* reads that were denied or failed */
    int64_t started_at_s;
    int64_t data_at_s; /* when the oldest of what is shown was read; 0 none */
    uint64_t requests; /* sent since the session was opened */
    uint32_t in_flight;
    uint32_t waiting_s; /* until the next throttled retry; 0 none */
    /* What is kept is not loaded yet: rows appear one by one, and the sums of
     * the posture are those of the last scan. */
    bool loading;
};

struct kv_mode {
    bool read_only; /* by option: cannot be changed */
    bool write;
    int64_t write_until_s;
};

const struct kv_sign_in *kv_session_sign_in(const struct kv_session *session);
const struct kv_scan *kv_session_scan(const struct kv_session *session);
const struct kv_mode *kv_session_mode(const struct kv_session *session);
const char *kv_session_cloud(const struct kv_session *session); /* a name */
/* The address of the cloud's portal; "" when the cloud names none. */
const char *kv_session_portal(const struct kv_session *session);
const struct kv_estate *kv_session_estate(const struct kv_session *session);
const struct kv_posture *kv_session_posture(const struct kv_session *session);
const struct kv_policy *kv_session_policy(const struct kv_session *session);
int64_t kv_session_now(const struct kv_session *session);

enum kv_notice {
    KV_NOTICE_INFO,
    KV_NOTICE_DONE,
    KV_NOTICE_ERROR,
};

/* What the notice line ever said. Equal ones are grouped by `count`. */
struct kv_message {
    enum kv_notice level;
    int64_t time_s;
    uint32_t count;
    const char *text;
    const char *detail; /* NULL, or the raw answer and request id */
};
/* Newest first. */
uint32_t kv_session_message_count(const struct kv_session *session);
const struct kv_message *kv_session_message(
    const struct kv_session *session, uint32_t index);

/* Newest first. */
uint32_t kv_session_journal_count(const struct kv_session *session);
const struct kv_journal_entry *kv_session_journal(
    const struct kv_session *session, uint32_t index);
/* Checks the chain of the open journal. */
KV_NODISCARD enum kv_status kv_session_journal_verify(
    struct kv_session *session, struct kv_journal_check *out,
    struct kv_error *err);

/* ---- what it can be told ---- */

/* Starts the sign-in and, once signed in, a scan. */
void kv_session_start(struct kv_session *session);
/* Asks for a device code; the state becomes KV_SIGN_IN_DEVICE. */
void kv_session_device_code(struct kv_session *session);
/* Reads everything again; does nothing while a scan runs. */
void kv_session_rescan(struct kv_session *session);
/* Reads one resource again, ahead of everything else. */
void kv_session_reread(struct kv_session *session, uint32_t resource);
/* Reads what is inside one vault or HSM, ahead of everything else, unless that
 * was read in the last 5 minutes: objects, local roles, audit log, metrics. */
void kv_session_look(struct kv_session *session, uint32_t resource);
/* Ends the scan; what was read stays. */
void kv_session_stop_scan(struct kv_session *session);

/* Write mode for 30 minutes, journalled. Fails with KV_REFUSED in read-only. */
KV_NODISCARD enum kv_status kv_session_write_on(
    struct kv_session *session, const char *reason, struct kv_error *err);
void kv_session_write_off(struct kv_session *session);

/* Takes what is kept of the last estate, without the network, and returns when
 * that is done: for commands that only need names. Not with
 * kv_session_start(). */
void kv_session_load(struct kv_session *session);
/* Judges all that was loaded, and returns when that is done. */
void kv_session_judge(struct kv_session *session);

/* ---- what people decide ---- */

/* Appends the id of what a person calls so: a vault's or subscription's name,
 * a subscription's GUID, "tenant", "all", or an id as it is. Fails with
 * KV_NOT_FOUND. */
KV_NODISCARD enum kv_status kv_session_find_subject(
    const struct kv_session *session, const char *text, struct buf *out,
    struct kv_error *err);
const struct kv_records *kv_session_records(const struct kv_session *session);
/* Keeps it, in the place of one of the same row and subject, and judges with it;
 * `at_s` is now, and without an end it holds for [attestation_days]. Fails with
 * KV_BAD_INPUT and KV_STORE. */
KV_NODISCARD enum kv_status kv_session_attest(struct kv_session *session,
    const struct kv_attestation *attestation, struct kv_error *err);
KV_NODISCARD enum kv_status kv_session_except(struct kv_session *session,
    const struct kv_exception *exception, struct kv_error *err);
/* Fails with KV_NOT_FOUND and KV_STORE. */
KV_NODISCARD enum kv_status kv_session_forget_attestation(
    struct kv_session *session, const char *row, const char *subject,
    struct kv_error *err);
KV_NODISCARD enum kv_status kv_session_forget_exception(
    struct kv_session *session, const char *row, const char *scope,
    struct kv_error *err);

/* ---- history: what the scans that ended found ---- */

/* What the last scan made of a finding. */
enum kv_mark {
    KV_MARK_NONE,
    KV_MARK_NEW,      /* fails, and never did before */
    KV_MARK_FIXED,    /* failed, and passes */
    KV_MARK_REOPENED, /* fails, as it did once before */
};
const char *kv_mark_name(enum kv_mark mark); /* "reopened"; "" for none */

struct kv_since {
    int64_t since_s; /* of the scan that found the verdict first; 0 not known */
    enum kv_verdict before; /* KV_VERDICT_NONE: it was seen first then */
    enum kv_mark mark;
};
/* `index` as in kv_posture_subject_verdict(). */
struct kv_since kv_session_since(
    const struct kv_session *session, uint32_t row, uint32_t index);

/* One day as the last scan up to its end left it. */
struct kv_trend_day {
    int64_t day_s; /* its first second, UTC */
    bool known;    /* there was a scan before its end */
    struct kv_tally tally;
};
#define KV_TREND_DAYS 90
/* The last `count` days, today last: of a row (KV_NONE: of all rows), of one
 * subject by its id (NULL: of all). */
void kv_session_trend(const struct kv_session *session, uint32_t row,
    const char *subject, struct kv_trend_day *days, size_t count);

struct kv_kept_scan {
    int64_t number;
    int64_t at_s;
};
/* The last one that is kept, then those before it; false at the end. */
bool kv_session_kept_scan(const struct kv_session *session, uint32_t steps,
    struct kv_kept_scan *out);

/* A finding that is not the same after both scans. */
struct kv_finding_change {
    const char *subject;
    uint32_t row;
    enum kv_verdict before; /* KV_VERDICT_NONE: it was seen first in between */
    enum kv_verdict after;  /* KV_VERDICT_NONE: it is gone */
    int64_t at_s;           /* of the scan in which it changed last */
};
typedef void kv_finding_change_fn(void *context, const struct kv_finding_change *change);

struct kv_diff {
    const char *from; /* a scan's number or a date; NULL: the one before `to` */
    const char *to;   /* NULL: the last one */
    struct kv_kept_scan first; /* which those were; set by the call */
    struct kv_kept_scan last;
};
/* Gives the changes by subject and row before it returns. Fails with
 * KV_BAD_INPUT, KV_NOT_FOUND and KV_STORE. */
KV_NODISCARD enum kv_status kv_session_diff(const struct kv_session *session,
    struct kv_diff *diff, kv_finding_change_fn *take, void *context,
    struct kv_error *err);

/* Judges everything again by another baseline, without the network. */
void kv_session_set_baseline(
    struct kv_session *session, enum kv_baseline baseline);
/* Adds to the messages. */
void kv_session_say(
    struct kv_session *session, enum kv_notice level, const char *text);

/* Makes a plan and starts the live reads that its preview needs; copies the
 * order. The session owns it until kv_session_drop_plan(). Fails with
 * KV_BAD_INPUT (unknown remedy or recommendation, no target, a kind that the
 * remedy is not for). */
KV_NODISCARD enum kv_status kv_session_plan(struct kv_session *session,
    struct kv_plan **out, const struct kv_plan_order *order,
    struct kv_error *err);
/* The reverse of a journal entry, and of all others that the same plan made of
 * the same target. Fails with KV_REFUSED where there is none. */
KV_NODISCARD enum kv_status kv_session_plan_undo(struct kv_session *session,
    struct kv_plan **out, int64_t entry, struct kv_error *err);
/* Writes a plan whose targets are read to a file, 0600, whole or not at all.
 * Fails as kv_plan_put() does, and with KV_STORE. */
KV_NODISCARD enum kv_status kv_session_plan_save(struct kv_session *session,
    const struct kv_plan *plan, const char *format, const char *path,
    struct kv_error *err);
/* Makes the plan of a file anew and reads its targets: one that is no longer as
 * the file says is blocked and says why. Fails as kv_plan_file_read() does, and
 * with KV_BAD_INPUT where a target is not in the estate. */
KV_NODISCARD enum kv_status kv_session_plan_load(struct kv_session *session,
    struct kv_plan **out, const char *path, struct kv_error *err);
/* A run that ended with its process: its plan, to be gone on with. Newest
 * first; false at the end. Texts are borrowed until the next call. */
struct kv_interrupted {
    const char *plan;   /* "p-0142" */
    const char *remedy; /* id */
    const char *path;   /* for kv_session_plan_load() */
    uint32_t targets;
    uint32_t done; /* changes that the journal has as done */
    uint32_t in_doubt;
};
bool kv_session_interrupted(struct kv_session *session, uint32_t index,
    struct kv_interrupted *out);
/* Nobody wants to go on with it. */
void kv_session_forget_interrupted(
    struct kv_session *session, const char *plan);
/* Sets an option and makes the plan again. Fails with KV_BAD_INPUT, with the
 * plan as it was. */
KV_NODISCARD enum kv_status kv_session_plan_set(struct kv_session *session,
    struct kv_plan *plan, const char *option, const char *value,
    struct kv_error *err);
/* Takes a target out; its state becomes KV_TARGET_STOPPED. */
void kv_session_plan_drop_target(
    struct kv_session *session, struct kv_plan *plan, uint32_t index);
/* Reads the targets again for a fresh preview. */
void kv_session_plan_refresh(struct kv_session *session, struct kv_plan *plan);

/* Starts the run. `typed` must be what kv_plan_confirmation() expects; write
 * mode must be on. Fails with KV_REFUSED and sends nothing otherwise. */
KV_NODISCARD enum kv_status kv_session_run(struct kv_session *session,
    struct kv_plan *plan, const char *typed, const char *reason,
    struct kv_error *err);
/* How a run over several targets goes on: before or while it runs. */
void kv_session_run_pace(struct kv_session *session, struct kv_plan *plan,
    const struct kv_pace *pace);
/* Before the next target; kv_session_run_go_on() ends it, as it does the pause
 * between two waves. */
void kv_session_run_pause(struct kv_session *session, struct kv_plan *plan);
void kv_session_run_go_on(struct kv_session *session, struct kv_plan *plan);
/* No further target is started. */
void kv_session_run_stop(struct kv_session *session, struct kv_plan *plan);
/* The same because the program must end: what was not started can be gone on
 * with at the next start, see kv_session_interrupted(). */
void kv_session_run_interrupt(struct kv_session *session, struct kv_plan *plan);
/* Frees a plan that is not running; a running one is stopped and freed when
 * its last request has ended. */
void kv_session_drop_plan(struct kv_session *session, struct kv_plan *plan);

#endif
