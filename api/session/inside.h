/* A session from the inside: its parts, each in a file of this room. */
#ifndef INSIDE_H
#define INSIDE_H

#include "arm.h"
#include "auth.h"
#include "azure.h"
#include "dataplane.h"
#include "estate.h"
#include "history.h"
#include "http.h"
#include "journal.h"
#include "kvgov/session.h"
#include "posture.h"
#include "records.h"
#include "run.h"
#include "store.h"

/* ---- messages: newest first for the reader, oldest first in memory ---- */

struct messages {
    struct kv_message *items;
    size_t count;
    size_t capacity;
};

/* ---- timers: few, so a list is enough ---- */

struct timer {
    struct timer *next;
    int64_t due_ms; /* steady clock */
    void (*fire)(void *context, bool cancelled);
    void *context;
};

/* ---- readings: one read of the table, page by page, to its end ---- */

struct reading;
/* `err` is NULL on success. The reading is freed afterwards. */
typedef void reading_done_fn(void *context, struct reading *reading, long code,
    const struct kv_error *err);

struct reading {
    struct kv_session *session;
    enum azure_read read;
    char *subject; /* subscription or resource id; "" for the tenant */
    char *place;   /* what stands in the path instead of the subject; or NULL */
    const char *const *ids; /* what a POST asks for; in the estate's memory */
    size_t id_count;
    bool interactive;
    bool part;     /* of a facet that needs more: whoever asked settles it */
    uint32_t scan; /* number of the scan that it is part of; 0: of none */
    reading_done_fn *done;
    void *context;

    uint32_t page;
    uint32_t repeats; /* of this page, after answers that made no sense */
    int64_t read_at_s;
    struct buf next; /* the next page: a link or a skip token */
    uint64_t *seen;  /* hashes of links followed, against a loop */
    size_t seen_count;
    size_t seen_capacity;
    uint32_t expected; /* totalRecords, where the answer says */
};

/* Parsed and taken between two looks at the clock. */
#define ITEMS_PER_SLICE 32u

/* An answer whose items still have to be taken. */
struct work {
    struct work *next;
    struct reading *reading;
    char *body;
    size_t body_bytes;
    bool open;
    struct azure_page page;
};

struct work_queue {
    struct work *first;
    struct work *last;
};

/* ---- the scan ---- */

/* Reads of one facet end together: then its sets are put in place. One place
 * more is for who is there at all. */
#define SCAN_GROUPS (KV_FACET_COUNT + 1)

struct scan {
    struct kv_scan view;
    uint32_t number;
    uint32_t pending[SCAN_GROUPS]; /* by facet */
    bool ended[SCAN_GROUPS];
    bool inventory_failed; /* who is there is not known */
    bool listed;           /* at least one list of vaults or HSMs came */
    bool sinks_checked;
    bool judged;         /* everything, after the last answer */
    uint64_t asked_more; /* facets whose further needs were asked for */
    bool went_deep;
    bool retention_asked;
    uint32_t topics_asked; /* of those gathered */
    bool referred;
    bool referring; /* what assignments and locks name is being asked for */
    uint32_t refer_next;
    bool applications_asked;
    bool rules_asked;
    const char **subscriptions; /* ids, in the estate's memory */
    size_t subscription_count;
    uint32_t *queue; /* resources that are to be read one by one */
    size_t queue_count;
    size_t queue_capacity;
    size_t queue_next;
    uint8_t *asked; /* by resource: queued in this scan */
    size_t asked_count;
};

/* ---- probes ---- */

struct probe {
    enum kv_service service;
    struct kv_probe view;
    char *host;
    char *failure;
    bool asked;
    int64_t asked_ms;
};

/* Reading inside vaults and HSMs. */
struct deep {
    struct deep_task *tasks;
    uint32_t *queue; /* resources of the scan */
    size_t count;
    size_t capacity;
    size_t next;
};

struct plan_slot {
    struct plan_slot *next;
    struct kv_plan *plan;
    bool holds_lock;
    bool dropped; /* nobody looks any more: freed when it has ended */
    bool interrupted; /* the next start offers what is left of it */
};

struct kv_session {
    struct kv_session_options options; /* own copies of the texts */
    char *state_dir;
    struct http *http;
    struct auth *auth;
    struct arm *arm;
    struct dataplane *plane;
    struct store *store; /* NULL: none is kept */
    struct journal *journal;
    struct records *records; /* NULL: they cannot be used */
    struct keeping *keeping; /* the history and the scan that goes into it */
    const struct kv_records *records_used; /* that posture judges by */
    int64_t records_end_s;   /* when the next of them ends; 0: none does */
    size_t records_ending;   /* that was warned of */
    bool exemptions_stale;   /* Azure Policy was read since they were */
    struct kv_estate *estate;
    struct kv_posture *posture;
    struct kv_policy policy;
    struct messages messages;
    struct timer *timers;
    struct work_queue work;
    struct scan scan;
    struct deep deep;
    struct kv_mode mode;
    struct remedy_port port;
    struct plan_slot *plans;
    unsigned next_plan;
    struct {
        struct kv_plan_info info;
        struct buf path;
    } interrupted; /* the one that was looked at last */
    unsigned news;
    int run_lock; /* descriptor, -1 while nothing runs */
    bool started;
    bool signed_in;
    bool replayed;
    uint64_t replay_known; /* facets of which the store held an answer */
    struct {
        bool open; /* an answer is being taken, a slice at a time */
        struct reading reading;
        struct azure_page page;
        bool read;     /* there is no other answer */
        int committed; /* facets that are in place */
        struct replay_mark *marks; /* replay.c: what is ready when they are */
        size_t mark_count;
        size_t mark_capacity;
    } replay;
    bool closing;
    bool store_dirty;
    int64_t store_due_ms;
    int64_t above_due_ms; /* when subscriptions are judged again */
    struct probe probes[KV_SERVICE_COUNT];
    uint32_t probe_timeout_ms; /* 0: nobody asked for them */
};

/* messages.c */
void message_add(struct kv_session *session, enum kv_notice level,
    const char *detail, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void messages_done(struct messages *messages);

/* trace.c */
/* Whom a request is for, as its count is kept: "Microsoft.KeyVault", "login",
 * "batch", or `host`. `path` is terminated. */
void trace_put_provider(struct buf *out, const struct auth_cloud *cloud,
    const char *origin, const char *path);
void trace_request(void *session, const struct http_trace *trace);

/* probe.c */
void probes_init(struct kv_session *session);
void probes_step(struct kv_session *session);
void probes_done(struct kv_session *session);

/* timers.c */
void timer_start(struct kv_session *session, int64_t ms,
    void (*fire)(void *context, bool cancelled), void *context);
void timers_step(struct kv_session *session);
void timers_cancel(struct kv_session *session);
int64_t timers_due_ms(const struct kv_session *session); /* -1: none */

/* reading.c */
struct reading_request {
    enum azure_read read;
    const char *subject;
    const char *place;
    const char *const *ids;
    size_t id_count;
    bool interactive;
    bool part;
    uint32_t scan;
    reading_done_fn *done;
    void *context;
};
void reading_start(
    struct kv_session *session, const struct reading_request *request);
/* Takes items until the deadline; true when something was taken. */
bool work_step(struct kv_session *session, int64_t deadline_ms);
void work_done(struct kv_session *session);

/* marks.c */
/* Marks what a read was for as ready, denied or failed, from its subject; of a
 * bulk read, for each of `ids`. */
void reading_mark(struct kv_session *session, const struct reading *reading,
    const struct kv_error *err);
/* By its one answer, not by those of a whole group. */
bool facet_is_ready_alone(enum kv_facet facet);
/* A facet that may not be read is no accident: it shows as unknown. */
enum kv_notice reading_level(enum azure_read read, const struct kv_error *err);

/* What a read that failed says of its facet; `why` is borrowed. */
struct kv_facet_status reading_refusal(
    enum kv_facet facet, int64_t read_at_s, const struct kv_error *err);

/* deep.c */
/* Queues every vault and HSM of the running scan. */
void deep_scan(struct kv_session *session);
void deep_step(struct kv_session *session);
bool deep_is_scanning(const struct kv_session *session);
/* Reads what is inside one resource now, however fresh that is, and calls back
 * when it was, later; `facets` are KV_FACET_BIT added up, 0: all. */
void deep_look(struct kv_session *session, uint32_t resource, uint64_t facets,
    void (*done)(void *context), void *context);
/* What has begun ends by itself; nothing else is begun. */
void deep_stop(struct kv_session *session);
/* Which keys and secrets of the vault back certificates, as far as is known. */
void deep_link_objects(struct kv_session *session, uint32_t resource);
void deep_done(struct kv_session *session);

/* deep_principals.c */
void deep_ask_principals(
    struct kv_session *session, const char *resource, bool interactive);

/* scan_sinks.c */
void scan_check_sinks(struct kv_session *session);
/* How long those keep audit logs that they receive. */
void scan_ask_retention(struct kv_session *session);

/* scan_detection.c */
/* The subscriptions to events of every topic that was found. */
void scan_ask_events(struct kv_session *session);
/* Asks for plans of subscriptions that a bulk read shows none of. */
void scan_check_plans(
    struct kv_session *session, const struct reading *reading);

/* The facets whose sets a scan fills: all but those of single resources. */
bool scan_fills(enum kv_facet facet);
/* What is asked one by one where a bulk read says nothing. */
void scan_ask_instead(
    struct kv_session *session, const struct reading *reading);
/* One more read of the running scan. */
void scan_read(struct kv_session *session, enum azure_read read,
    const char *subject, const char *const *ids, size_t count);

/* scan_facets.c */
void scan_read_ended(struct kv_session *session, const struct reading *reading,
    const struct kv_error *err);
void scan_facet_ended(struct kv_session *session, enum kv_facet facet);
/* At the start of a scan: what is known was known before it. */
void scan_age_facets(struct kv_session *session);
/* Without the management groups above, what they grant is not known. */
void scan_mark_assignments(struct kv_session *session, int64_t read_at_s);

/* scan_needs.c */
/* Once a scan, when all of a facet was read; true when the facet goes on. */
bool scan_ask_more(struct kv_session *session, enum kv_facet facet);

/* scan_principals.c */
void scan_ask_principals(struct kv_session *session);
/* What was asked for and is not there. */
void scan_note_missing(
    struct kv_session *session, const char *const *ids, size_t count);
/* In the store, and from it. */
void scan_keep_missing(struct kv_session *session);
void scan_recall_missing(struct kv_session *session);
void scan_ask_members(struct kv_session *session);
void scan_mark_members(struct kv_session *session);

/* scan_identity.c */
/* Each asks once, when what it goes by is known. */
void scan_ask_applications(struct kv_session *session);
void scan_ask_role_rules(struct kv_session *session);

/* last_totals.c */
void last_totals_keep(struct kv_session *session);
void last_totals_load(struct kv_session *session, struct history *history);
void last_totals_step(struct kv_session *session);

/* replay.c */
void replay_start(struct kv_session *session);
void replay_step(struct kv_session *session, int64_t deadline_ms);
void replay_done(struct kv_session *session);
void replay_forget(struct kv_session *session);

/* scan.c */
void scan_start(struct kv_session *session);
void scan_step(struct kv_session *session, int64_t deadline_ms);
bool scan_has_work(const struct kv_session *session);
void scan_refer_step(struct kv_session *session, int64_t deadline_ms);
void scan_see(struct kv_session *session, uint32_t resource);
void scan_done(struct scan *scan);

/* reread.c */
/* With a row also what that needs to know of the inside. */
void reread_start(struct kv_session *session, uint32_t resource,
    const struct kv_recommendation *row, remedy_answer_fn *done, void *arg);

/* take.c */
/* JSON that was found at an address of Azure Resource Manager; NULL: nothing
 * is there any more. */
void take_found(
    struct kv_session *session, const char *address, const char *body);

/* records.c */
void session_records_open(struct kv_session *session);
void session_records_step(struct kv_session *session, int64_t now_s);
/* When all that was read is judged: Azure Policy's exemptions may accept more. */
void session_exemptions_step(struct kv_session *session);
int64_t session_records_due_ms(const struct kv_session *session);

/* history.c */
void session_history_open(struct kv_session *session);
void session_history_close(struct kv_session *session);
void session_history_step(struct kv_session *session, int64_t deadline_ms);
bool session_history_busy(const struct kv_session *session);

/* archive.c: encrypted backups of objects, and what is known of them */

/* Notes in the estate what the archive has. What cannot be read is said and
 * counts as not there. */
void archive_load(struct kv_session *session);
/* As the runner's port asks. */
KV_NODISCARD enum kv_status archive_keep(struct kv_session *session,
    uint32_t resource, const char *what, struct view answer,
    struct kv_error *err);

KV_NODISCARD enum kv_status archive_give(struct kv_session *session,
    uint32_t resource, const char *what, struct buf *out,
    struct kv_error *err);

/* port.c */
void port_init(struct kv_session *session);
void session_settle(struct kv_session *session);

/* plans.c */
void plans_step(struct kv_session *session);
void plans_done(struct kv_session *session);
bool plans_busy(const struct kv_session *session);
void plan_keep(struct kv_session *session, struct kv_plan *plan);
/* Ids go on from the journal's last; a plan that is never run uses one too. */
void plan_name(struct kv_session *session, struct buf *id);

/* plan_files.c */
/* What is about to be run is on the disk until it has ended. */
KV_NODISCARD enum kv_status plan_files_begin(struct kv_session *session,
    const struct kv_plan *plan, struct kv_error *err);
void plan_files_end(struct kv_session *session, const struct kv_plan *plan);
void plan_files_done(struct kv_session *session);

#endif
