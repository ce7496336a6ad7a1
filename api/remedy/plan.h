/* What the files of this room share. A step is one request with the fields
 * that it changes; it is what the journal keeps, so settling and undoing need
 * nothing else. A preview is what a person is told about it. A target is one
 * resource with what was read of it, its step and its preview. */
#ifndef PLAN_H
#define PLAN_H

#include <jansson.h>

#include "run.h"

#define KEY_VAULT_API "2026-02-01"
#define INSIGHTS_API "2021-05-01-preview"

/* ---- values.c: JSON as ARM means it ---- */

/* The value at a dotted path; NULL when it is absent or null. Borrowed. */
json_t *value_at(json_t *root, const char *path);
/* The text at a dotted path; NULL when there is none. Borrowed. */
const char *value_text(json_t *root, const char *path);
/* Sets a value at a dotted path, making the objects on the way. Takes it. */
void value_set(json_t *root, const char *path, json_t *value);
/* Everything that is wanted is found; what else is found does not matter. */
bool value_holds(json_t *wanted, json_t *found);
/* As value_holds() both ways. */
bool value_same(json_t *a, json_t *b);
void value_dump(struct buf *out, json_t *value, size_t flags);
/* Compact JSON, or the word absent. */
void value_put(struct buf *out, json_t *value);

/* The first leaf in which two values are not alike. */
struct difference {
    struct buf path;
    json_t *wanted; /* borrowed */
    json_t *found;
};
typedef bool value_alike_fn(json_t *wanted, json_t *found);
void difference_find(struct difference *out, value_alike_fn *alike,
    const char *path, json_t *wanted, json_t *found);
void difference_done(struct difference *difference);

/* ---- step.c ---- */

/* One field; NULL means absent. `undo` is what an undo sets it to, which is
 * not always `before`: Azure takes no request to make a field absent. */
struct change {
    char *path;
    json_t *before;
    json_t *after;
    json_t *undo;
};

struct step {
    char *method; /* PATCH sends changes, PUT creates, DELETE removes */
    char *path;   /* of what is changed, without api-version */
    char *api_version;
    bool reversible;
    struct change *changes;
    size_t change_count;
    size_t change_capacity;
};

void step_init(struct step *step, const char *method, const char *path,
    const char *api_version);
void step_done(struct step *step);
/* Takes `after` and `undo`, holds `before`. */
void step_set(struct step *step, const char *path, json_t *before,
    json_t *after, json_t *undo);
/* The address with its api-version, for the request and for reading. */
void step_address(const struct step *step, struct buf *out);
/* JSON, laid out by jansson's flags; nothing for a DELETE. */
void step_body(const struct step *step, struct buf *out, size_t flags);
/* "Microsoft.KeyVault/vaults/write", from the path and the method. */
void step_action(const struct step *step, struct buf *out);
/* For the journal and back. */
void step_format(const struct step *step, struct buf *out);
KV_NODISCARD enum kv_status step_parse(struct step *out, const char *text,
    const char *target_id, struct kv_error *err);
/* The step that takes this one back. */
void step_reverse(struct step *out, const struct step *step);
/* az.c */
void step_az(const struct step *step, struct buf *out);

/* ---- compare.c ---- */

enum likeness {
    LIKENESS_BEFORE,
    LIKENESS_AFTER,
    LIKENESS_NEITHER,
    LIKENESS_UNREAD,
};
/* What an answer says of the step's resource; NULL when it is not there, which
 * is an answer. The caller owns it. False when it could not be read. */
bool step_found(json_t **out, const struct step *step,
    const struct remedy_answer *answer, struct buf *why);
/* `found` is as before, or as after; if not, `why` gets the first field that
 * is another. */
bool step_is(const struct step *step, enum likeness as, json_t *found,
    value_alike_fn *alike, struct buf *why);
/* All in one; `why` says what is not as wanted, or why it was not read. */
enum likeness step_compare(const struct step *step,
    const struct remedy_answer *answer, struct buf *why);

/* ---- preview.c ---- */

struct preview_note {
    const char *path;
    const char *text;
};

/* All texts are the preview's own. */
struct preview {
    struct kv_check *checks;
    size_t check_count;
    size_t check_capacity;
    struct kv_change *changes;
    size_t change_count;
    size_t change_capacity;
    struct preview_note notes[4];
    size_t note_count;
    char **texts;
    size_t text_count;
    size_t text_capacity;
    const char *impact;
    const char *undo;
    const char *takes;
    const char *nothing; /* there is nothing to do, and why; else NULL */
};

void preview_done(struct preview *preview);
const char *preview_text(struct preview *preview, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void preview_check(struct preview *preview, enum kv_check_state state,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Why a field matters; both texts are constants. */
void preview_note(struct preview *preview, const char *path, const char *text);
/* The step's fields as leaves, with the notes. */
void preview_show(struct preview *preview, const struct step *step);

/* ---- live.c: what was read of a target for its preview ---- */

#define PERMISSIONS_QUERY                                                      \
    "/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"
#define LOCKS_QUERY                                                            \
    "/providers/Microsoft.Authorization/locks?api-version=2020-05-01"
#define SETTINGS_PATH "/providers/Microsoft.Insights/diagnosticSettings"

enum live_read {
    LIVE_SUBJECT, /* the resource that the step changes */
    LIVE_PERMISSIONS,
    LIVE_LOCKS,
    LIVE_SETTINGS, /* its diagnostic settings */
};
#define LIVE_COUNT 4
#define LIVE_BIT(read) (1u << (read))
#define LIVE_COMMON                                                            \
    (LIVE_BIT(LIVE_SUBJECT) | LIVE_BIT(LIVE_PERMISSIONS) | LIVE_BIT(LIVE_LOCKS))

struct live_answer {
    json_t *body; /* NULL: not read */
    enum kv_status status;
    unsigned pages;
    char *why; /* why it could not be read */
};

struct live {
    struct live_answer answers[LIVE_COUNT];
};

void live_done(struct live *live);
/* Takes a page in. True when another page follows, with its address. */
bool live_take(struct live *live, enum live_read read,
    const struct remedy_answer *answer, struct buf *next);

/* ---- options ---- */

struct option {
    struct kv_option view;
    char *value;
    struct kv_choice *choices; /* their texts are owned */
    size_t choice_count;
    size_t choice_capacity;
};
void option_add_choice(
    struct option *option, const char *value, const char *label);
void option_set_value(struct option *option, const char *value);

/* ---- remedies.c: what a remedy does, beside what it says of itself ---- */

/* Everything that a plan function may look at. */
struct plan_input {
    const struct kv_estate *estate;
    const struct kv_policy *policy;
    const struct kv_resource *resource;
    json_t *subject;
    json_t *settings;   /* NULL unless asked for and read */
    const char *option; /* "" without one */
};

struct plan_targets {
    const struct kv_estate *estate;
    const uint32_t *resources;
    size_t count;
};

/* How an undo of the remedy is shown. */
struct work_undo {
    enum kv_grade grade;
    const char *impact;
    const char *warning; /* NULL, or a check of its own */
};

/* The working half of a row of kv_remedies, in the same order. */
struct work {
    unsigned reads;
    const char *option; /* name; NULL without one */
    void (*offer)(struct option *out, const struct plan_targets *targets);
    enum kv_status (*accept)(
        const struct option *option, const char *value, struct kv_error *err);
    /* Pure: describes the step and says what a person must know. */
    void (*plan)(struct step *step, struct preview *preview,
        const struct plan_input *input);
    struct work_undo undo;
};
const struct work *remedy_work(const struct kv_remedy *remedy);

/* network.c */
void firewall_offer(struct option *out, const struct plan_targets *targets);
enum kv_status firewall_accept(
    const struct option *option, const char *value, struct kv_error *err);
void firewall_plan(
    struct step *step, struct preview *preview, const struct plan_input *input);
/* protection.c */
void purge_protection_plan(
    struct step *step, struct preview *preview, const struct plan_input *input);
/* logging.c */
void diagnostics_offer(struct option *out, const struct plan_targets *targets);
enum kv_status diagnostics_accept(
    const struct option *option, const char *value, struct kv_error *err);
void diagnostics_plan(
    struct step *step, struct preview *preview, const struct plan_input *input);

/* ---- address.c ---- */

struct address_range {
    uint32_t first;
    uint32_t last; /* inclusive */
    unsigned prefix;
};
/* An IPv4 address or CIDR range of the public internet. */
KV_NODISCARD enum kv_status address_parse(
    struct address_range *out, struct view text, struct kv_error *err);

/* ---- preflight.c ---- */

/* The checks that every step needs: the caller's right, locks, the state of
 * the subscription and of the resource. */
void preflight(struct preview *preview, const struct step *step,
    const struct live *live, const char *subscription_state);
/* The names of the locks in ARM's list that refuse the method. */
void preflight_put_locks(struct buf *out, json_t *locks, const char *method);

/* ---- refusal.c ---- */

#define REFUSAL_LOCKED "ScopeLocked"

/* What Azure's error means here, in one sentence. */
void refusal_put(struct buf *out, const struct remedy_answer *answer,
    const struct step *step);
bool refusal_is(const struct remedy_answer *answer, const char *code);
/* "Code: message" of an error object, or nothing. */
void refusal_put_error(struct buf *out, json_t *error);

/* ---- plan.c ---- */

struct target {
    struct kv_target view;
    char *id;
    char *name;
    char *message;
    char *path;
    char *body;
    char *az;
    uint32_t pending; /* reads of the preview that are under way */
    struct live live;
    struct step step;
    struct preview preview;
};

/* The target that is being changed. */
struct run {
    size_t current;
    char *reason;      /* the person's; of the whole run */
    int64_t number;    /* of its intent in the journal; 0: none */
    char *request_id;  /* of the write */
    uint32_t attempt;  /* readings since the last state */
    int64_t waited_ms; /* for Azure's operation */
    char *operation;   /* address to poll; NULL: the resource itself */
    bool has_status;   /* `operation` answers with {"status": ...} */
    char *refusal;     /* what Azure said no with, or why nothing is known */
    bool was_answered; /* `refusal` is an answer, not the lack of one */
    bool settled;      /* it was found by reading that the write took */
};

struct kv_plan {
    const struct remedy_port *port;
    const struct kv_remedy *remedy;
    const struct work *work;
    char *id;
    enum kv_plan_state state;
    struct target *targets;
    size_t target_count;
    struct option option;
    struct step undo; /* of an undo: the journalled step */
    int64_t undo_of;
    char *undo_action; /* "undo of #12" */
    struct run run;
    unsigned round;     /* answers to an older round are not looked at */
    uint32_t in_flight; /* callbacks that are still to come */
    bool dropped;       /* freed by the session: ends with the last of them */
};

typedef void plan_answered_fn(struct kv_plan *plan, struct target *target,
    unsigned tag, const struct remedy_answer *answer);

/* As the port's calls, counted, so that a plan outlives its callbacks. */
struct plan_call {
    struct target *target;
    unsigned tag;
    plan_answered_fn *done;
};
void plan_read(
    struct kv_plan *plan, const char *path, const struct plan_call *call);
void plan_write(struct kv_plan *plan, const struct plan_call *call);
void plan_wait(struct kv_plan *plan, int64_t ms, const struct plan_call *call);
void plan_reread(struct kv_plan *plan, const struct plan_call *call);

/* It is being read or shown, and can still be set, dropped from and run. */
bool plan_is_open(const struct kv_plan *plan);
bool plan_running(const struct kv_plan *plan);
void plan_changed(struct kv_plan *plan);
/* Sets the state with a message (NULL: none) and says that it changed. */
void target_set(struct kv_plan *plan, struct target *target,
    enum kv_target_state state, const char *message);
/* A plan with its targets, nothing read yet. */
struct kv_plan *plan_make(const struct remedy_port *port, const char *id,
    const struct kv_remedy *remedy, size_t count);
void target_init(
    struct target *target, const struct kv_resource *resource, uint32_t index);

/* ---- read.c ---- */

/* Starts the reads of every target that was not dropped. */
void plan_start_reads(struct kv_plan *plan);
/* Makes the steps again from what was read. */
void plan_compose(struct kv_plan *plan);
/* The plan is ready when no target is being read any more. */
void plan_note_read(struct kv_plan *plan);

/* ---- undo.c ---- */

void undo_plan(struct step *step, struct preview *preview,
    const struct kv_plan *plan, json_t *subject);

/* ---- run.c and the files that it is continued in ---- */

struct target *run_target(struct kv_plan *plan);
/* Ends the current target, writes its outcome and goes on or stops. */
void run_finish(struct kv_plan *plan, enum kv_target_state state,
    enum kv_journal_result result, const char *message);
/* Ends it without an outcome: the journal keeps it in doubt. */
void run_leave_in_doubt(struct kv_plan *plan, const char *message);
/* Waits longer each time, then calls; false when it was tried long enough. */
bool run_again(struct kv_plan *plan, uint32_t attempts, plan_answered_fn *done);
/* Reads the step's resource. */
void run_read(struct kv_plan *plan, plan_answered_fn *done);

/* operation.c: Azure took the request and is still at work. */
bool operation_pending(const struct remedy_answer *answer);
void operation_start(struct kv_plan *plan, const struct remedy_answer *answer);
/* verify.c: reads until the change shows. */
void verify_start(struct kv_plan *plan);
/* doubt.c: reads whether a write took that was not answered. */
void doubt_start(struct kv_plan *plan);

#endif
