/* What the files of this room share. A step is one request with the fields
 * that it changes; it is what the journal keeps, so settling and undoing need
 * nothing else. A preview is what a person is told about the steps; the two are
 * a draft, which a remedy's plan function writes. A target is one resource with
 * what was read of it and its draft. */
#ifndef PLAN_H
#define PLAN_H

#include <jansson.h>

#include "run.h"

#define KEY_VAULT_API "2026-02-01"
#define INSIGHTS_API "2021-05-01-preview"

/* ---- values.c: JSON as ARM means it ---- */

/* The value at a dotted path; NULL when it is absent or null. Borrowed. Of a
 * list, "[name=text,path.to=text]" is the first item whose fields are so, in
 * any casing, "$=" where they end so:
 * "properties.accessPolicies[objectId=...].permissions". */
json_t *value_at(json_t *root, const char *path);
/* The text at a dotted path; NULL when there is none. Borrowed. */
const char *value_text(json_t *root, const char *path);
/* Sets a value at a dotted path without brackets, making the objects on the
 * way. Takes it. */
void value_set(json_t *root, const char *path, json_t *value);
/* Everything that is wanted is found; what else is found does not matter. */
bool value_holds(json_t *wanted, json_t *found);
/* As value_holds() both ways. */
bool value_same(json_t *a, json_t *b);
/* Of a list as ARM answers it, {"value": [{"name": ...}]}: the name, or with a
 * number behind it the first that is free. */
void list_put_free_name(struct buf *out, json_t *list, const char *name);
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

/* A request as it is sent. Of Azure Resource Manager the path, of a vault or
 * HSM the whole address on its host; both without api-version. */
struct call {
    char *method;
    char *path;
    char *api_version;
    json_t *body; /* NULL: made of the changes */
};

/* What shows that a step took effect. */
enum step_proof {
    PROOF_VALUES, /* its fields read as they were sent */
    /* Its fields read otherwise than before: what the service makes of the
     * request cannot be foretold, and `after` is a word for people. */
    PROOF_OTHER,
    /* The service says that it did it, and nothing there shows it: the fields
     * only say what must not have changed before. */
    PROOF_ANSWER,
};

/* One request, and what it changes on what is read at `find`. */
struct step {
    char *what; /* "create the role assignment", for lists of steps */
    struct call call;
    struct call back; /* the undo's; without a method it follows from `call` */
    char *find; /* address to read with api-version; NULL: the call's own */
    /* Where the caller needs the right and no lock may be; NULL: the target. */
    char *scope;
    char *action;     /* that right; NULL: it follows from the call */
    bool data_action; /* it is a data action */
    bool reversible;
    /* Azure adds fields of its own to what was made: what was sent is compared
     * afterwards, and no more. */
    bool loose;
    enum step_proof proof;
    /* Of what the answer's value is kept: {"object": "keys/NAME", "version",
     * "updated", "folder"}; NULL: it is not kept. */
    json_t *keep;
    /* The archive's backup that is sent as its body: {"object", "version",
     * "file"}; NULL: the body is its own. */
    json_t *give;
    int64_t wait_s;  /* once it took effect, before the next step */
    bool settles;    /* and then all steps so far are read again */
    int64_t undo_of; /* number of the entry that it takes back; 0: none */
    struct change *changes;
    size_t change_count;
    size_t change_capacity;
};

/* The method and the path decide what the changes mean: PATCH changes what is
 * there, PUT makes or replaces, DELETE removes, POST acts. */
void step_init(struct step *step, const char *method, const char *path,
    const char *api_version);
void step_done(struct step *step);
/* Takes `after` and `undo`, holds `before`. */
void step_set(struct step *step, const char *path, json_t *before,
    json_t *after, json_t *undo);
/* What is sent instead of the changes; takes it. */
void step_body_is(struct step *step, json_t *body);
/* What becomes of the answer's value; takes it. It is handed on as it comes,
 * and neither journalled nor written to a plan file. */
void step_keep(struct step *step, json_t *keep);
/* What the archive has is sent; takes it. It is in no journal and plan file
 * either. */
void step_give(struct step *step, json_t *give);
/* How it is taken back, where that is another request; takes `body`. */
void step_back(struct step *step, const char *method, const char *path,
    const char *api_version, json_t *body);
/* Where the change can be seen, with its api-version. */
void step_find_at(struct step *step, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void step_scope_is(struct step *step, const char *scope);
void step_action_is(struct step *step, const char *action, bool data);
/* The address with its api-version: of the request, and of what is read. */
void step_address(const struct step *step, struct buf *out);
void step_found_at(const struct step *step, struct buf *out);
/* JSON, laid out by jansson's flags; nothing for a DELETE, and for a request
 * whose changes are not what it asks for. */
void step_body(const struct step *step, struct buf *out, size_t flags);
/* "Microsoft.KeyVault/vaults/write", from the path and the method. */
void step_action(const struct step *step, struct buf *out);
/* For the journal and back. */
void step_format(const struct step *step, struct buf *out);
/* Whose change a record is: what it may address. */
struct step_owner {
    const char *id;
    const char *uri; /* of the vault or HSM itself; NULL: none */
    /* Its remedy writes to other resources too: to Azure Resource Manager, and
     * to the vaults and HSMs of the estate. */
    bool beyond;
    const struct kv_estate *estate; /* NULL: none of these */
};
struct step_owner step_owner_of(
    const struct kv_estate *estate, const struct kv_journal_entry *entry);
KV_NODISCARD enum kv_status step_parse(struct step *out, const char *text,
    const struct step_owner *owner, struct kv_error *err);
/* The step that takes this one back. */
void step_reverse(struct step *out, const struct step *step);
/* az.c */
void step_az(const struct step *step, struct buf *out);
/* And a line that waits until that is there, where the next step makes something
 * below it. */
void step_az_wait(
    const struct step *step, const struct step *next, struct buf *out);

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
/* How closely it has to be as before: exactly, or as far as was sent. */
value_alike_fn *step_alike(const struct step *step);
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
    struct preview_note notes[16];
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
/* The step's fields as leaves, with the notes; `request` is its place. */
void preview_show(
    struct preview *preview, const struct step *step, uint32_t request);

/* ---- live.c: what is read of a target for its preview ---- */

#define PERMISSIONS_QUERY                                                      \
    "/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"
#define LOCKS_QUERY                                                            \
    "/providers/Microsoft.Authorization/locks?api-version=2020-05-01"

struct live_answer {
    char *address;
    bool list;     /* its pages are put together */
    bool ended;    /* there is an answer, or it is known that there is none */
    json_t *body;  /* NULL: not read */
    enum kv_status status;
    unsigned pages;
    char *why; /* why it could not be read */
    char *network_info; /* how a vault sees this machine; NULL: not said */
};

struct live {
    struct live_answer **answers;
    size_t count;
    size_t capacity;
    /* Facets inside of the target that are read into the estate: those that
     * are wanted, and those of them that were read. */
    uint64_t looks;
    uint64_t looked;
};

void live_done(struct live *live);
/* The answer at an address, wanted from now on. */
struct live_answer *live_get(struct live *live, const char *address, bool list);
/* Takes a page in. True when another page follows, with its address. */
bool live_take(struct live_answer *slot, const struct remedy_answer *answer,
    struct buf *next);

/* ---- options ---- */

struct plan_targets {
    const struct kv_estate *estate;
    const struct kv_policy *policy;
    const char *row; /* id of the recommendation that is to pass */
    const uint32_t *resources;
    size_t count;
    int64_t now_s;
};

struct option {
    const struct option_row *row;
    struct kv_option view;
    char *value;
    struct kv_choice *choices; /* their texts are owned */
    size_t choice_count;
    size_t choice_capacity;
};

/* What a person may set before the preview. */
struct option_row {
    const char *name;
    const char *label;
    const char *help;
    /* Choices and the value that it begins with; NULL: a text, empty. */
    void (*offer)(struct option *out, const struct plan_targets *targets);
    /* NULL: one of the choices, or any text where there is none. */
    enum kv_status (*accept)(
        const struct option *option, const char *value, struct kv_error *err);
};

void option_add_choice(
    struct option *option, const char *value, const char *label);
void option_set_value(struct option *option, const char *value);

/* ---- draft.c: what a plan function writes ---- */

/* The steps for one target and what a person is told of them. */
struct draft {
    struct live *live;
    size_t wanted; /* answers that are not there yet */
    struct step *steps;
    size_t step_count;
    size_t step_capacity;
    struct preview preview;
    enum kv_grade grade; /* of this target; 0: the remedy's own */
    const char *raised;  /* why it is above that */
};

void draft_done(struct draft *draft);
/* What is at an address of Azure Resource Manager, or of the vault or HSM
 * itself, now. NULL: it is not read yet; the plan function may look at what
 * else it needs, returns, and is called again when all of it was read. The
 * answer's body is NULL where it could not be read. */
const struct live_answer *draft_read(
    struct draft *draft, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Likewise a list, whole: {"value": [...]}. */
const struct live_answer *draft_list(
    struct draft *draft, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What is inside of the target is read into the estate (KV_FACET_BIT, added
 * up), whatever comes of it. False: it is not yet. */
bool draft_look(struct draft *draft, uint64_t facets);
/* One more step, to be filled; holds until the next. */
struct step *draft_step(struct draft *draft, const char *method,
    const char *path, const char *api_version);
void step_what(struct step *step, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What it does here is more dangerous than the remedy is as such. */
void draft_raise(struct draft *draft, enum kv_grade grade, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* ---- remedies.c: what a remedy does, beside what it says of itself ---- */

/* Everything else that a plan function may look at. */
struct plan_input {
    const struct kv_estate *estate;
    const struct kv_policy *policy;
    const char *row; /* id of the recommendation that is to pass */
    /* The target; of a remedy for subscriptions one resource in it. */
    const struct kv_resource *resource;
    uint32_t index; /* of that */
    const struct kv_subscription *subscription;
    json_t *subject; /* the resource, or the subscription, as read now */
    bool above;      /* the target is the subscription */
    const struct option *options;
    size_t option_count;
    /* The resources of all targets that are still in the plan, this one too, in
     * their order: what several share is changed by one of them. */
    const uint32_t *peers;
    size_t peer_count;
    const char *operator_id; /* of whoever is signed in; "" when not known */
    int64_t now_s;
};
/* What was set, or the value that it begins with; "" for none. */
const char *input_option(const struct plan_input *input, const char *name);

/* How an undo of the remedy is shown. */
struct work_undo {
    enum kv_grade grade;
    const char *impact;
    const char *warning; /* NULL, or a check of its own */
};

/* The working half of a row of kv_remedies. */
struct remedy_work {
    const struct option_row *options; /* up to one without a name; or NULL */
    /* Pure: describes the steps and says what a person must know. */
    void (*plan)(struct draft *draft, const struct plan_input *input);
    struct work_undo undo;
    /* It puts right what can be put right here, which may not be all that the
     * recommendation asks: then the values read back are the proof. */
    bool partial;
    /* It writes elsewhere than to its target and below it. */
    bool beyond;
};

/* removal.c, exchange.c */
extern const struct option_row remove_options[];
extern const struct option_row narrow_options[];
extern const struct option_row replace_options[];
void assignment_remove_plan(
    struct draft *draft, const struct plan_input *input);
void assignment_narrow_plan(
    struct draft *draft, const struct plan_input *input);
void assignment_replace_plan(
    struct draft *draft, const struct plan_input *input);
/* policies.c */
extern const struct option_row policy_remove_options[];
extern const struct option_row policy_trim_options[];
void policy_remove_plan(struct draft *draft, const struct plan_input *input);
void policy_trim_plan(struct draft *draft, const struct plan_input *input);
/* activation.c */
extern const struct option_row approval_options[];
void require_approval_plan(struct draft *draft, const struct plan_input *input);
void require_mfa_plan(struct draft *draft, const struct plan_input *input);
/* eligibility.c */
extern const struct option_row eligible_options[];
void make_eligible_plan(struct draft *draft, const struct plan_input *input);
/* migrate.c */
extern const struct option_row migrate_options[];
void migrate_plan(struct draft *draft, const struct plan_input *input);
/* network.c, network_rules.c */
extern const struct option_row firewall_options[];
void firewall_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row firewall_rules_options[];
void firewall_rules_plan(struct draft *draft, const struct plan_input *input);
void public_access_plan(struct draft *draft, const struct plan_input *input);
void bypass_plan(struct draft *draft, const struct plan_input *input);
/* endpoints.c, perimeter.c */
extern const struct option_row approve_options[];
void approve_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row zone_options[];
void zone_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row endpoint_options[];
void endpoint_plan(struct draft *draft, const struct plan_input *input);
void perimeter_plan(struct draft *draft, const struct plan_input *input);
/* assign.c, recover.c */
extern const struct option_row assign_options[];
void assign_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row recover_options[];
void recover_plan(struct draft *draft, const struct plan_input *input);
/* protection.c */
void purge_protection_plan(struct draft *draft, const struct plan_input *input);
void soft_delete_plan(struct draft *draft, const struct plan_input *input);
/* settings.c, locks.c */
extern const struct option_row vault_set_options[];
void vault_set_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row tag_set_options[];
void tag_set_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row lock_options[];
void lock_plan(struct draft *draft, const struct plan_input *input);
/* logging.c, activity_log.c, retention.c */
extern const struct option_row diagnostics_options[];
void diagnostics_plan(struct draft *draft, const struct plan_input *input);
void activity_log_plan(struct draft *draft, const struct plan_input *input,
    const struct kv_sink *sink);
extern const struct option_row retention_options[];
void retention_plan(struct draft *draft, const struct plan_input *input);
/* alerts.c, defender.c, events.c */
extern const struct option_row alerts_options[];
void alerts_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row defender_options[];
void defender_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row events_options[];
void events_plan(struct draft *draft, const struct plan_input *input);

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
void preflight(struct draft *draft, const struct plan_input *input);
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
    struct kv_request *requests; /* one for each step; texts are owned */
    uint32_t pending; /* reads of the preview that are under way */
    unsigned passes;  /* of the plan function that asked for more */
    struct live live;
    struct draft draft;
};
void target_forget_requests(struct target *target);

/* The target that is being changed. */
struct run {
    size_t current;
    size_t step;
    char *reason;      /* the person's; of the whole run */
    char *body;        /* from the archive, instead of the request's; or NULL */
    int64_t number;    /* of its intent in the journal; 0: none */
    char *request_id;  /* of the write */
    uint32_t attempt;  /* readings since the last state */
    uint32_t throttled; /* times that Azure was too busy for the write */
    int64_t waited_ms; /* for Azure's operation */
    char *operation;   /* address to poll; NULL: the resource itself */
    bool has_status;   /* `operation` answers with {"status": ...} */
    char *refusal;     /* what Azure said no with, or why nothing is known */
    bool was_answered; /* `refusal` is an answer, not the lack of one */
    bool settled;      /* it was found by reading that the write took */
};

/* How the run as a whole goes on. */
struct course {
    struct kv_pace pace;
    uint32_t wave;      /* number of the present one, from 1 */
    uint32_t wave_left; /* targets of it that were not begun */
    uint32_t begun;
    uint32_t failed;
    bool pause; /* before the next target */
};

struct plan_file;

struct kv_plan {
    const struct remedy_port *port;
    const struct kv_remedy *remedy;
    const char *row; /* id, of the catalogue */
    char *id;
    enum kv_plan_state state;
    struct target *targets;
    size_t target_count;
    uint32_t counts[KV_TARGET_STATE_COUNT]; /* of targets in each state */
    uint32_t *turns; /* the targets in the order in which they are read */
    size_t begun;    /* of these; they are or were read */
    bool halted;     /* reads were cancelled: no others are begun */
    uint32_t *peers; /* for plan_input; as many as targets at most */
    size_t peer_count;
    bool peers_known; /* no target stopped or went on since */
    struct option *options;
    size_t option_count;
    struct step *undo; /* of an undo: the journalled steps, first one first */
    size_t undo_count;
    char *undo_action; /* "undo of #12" */
    struct plan_file *file; /* what was loaded; NULL: nothing was */
    struct run run;
    struct course course;
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
void plan_look(
    struct kv_plan *plan, uint64_t facets, const struct plan_call *call);
/* What is there of the step's resource now, for the model. */
void plan_found(struct kv_plan *plan, const struct step *step, json_t *found);

/* It is being read or shown, and can still be set, dropped from and run. */
bool plan_is_open(const struct kv_plan *plan);
bool plan_running(const struct kv_plan *plan);
void plan_changed(struct kv_plan *plan);
/* The state alone; its message stays. */
void target_enter(
    struct kv_plan *plan, struct target *target, enum kv_target_state state);
/* Sets the state with a message (NULL: none) and says that it changed. */
void target_set(struct kv_plan *plan, struct target *target,
    enum kv_target_state state, const char *message);
/* The resource of an id; of a subscription one in it. KV_NONE: none is known.
 */
uint32_t plan_resource_of(const struct kv_estate *estate, const char *id);
/* A plan with its targets, nothing read yet. */
struct kv_plan *plan_make(const struct remedy_port *port, const char *id,
    const struct kv_remedy *remedy, size_t count);
void plan_add_target(
    struct kv_plan *plan, const char *id, const char *name, uint32_t resource);

/* ---- read.c ---- */

/* Starts the reads of every target that was not dropped, some at a time. */
void plan_start_reads(struct kv_plan *plan);
/* Begins as many targets as there is room for; after each answer. */
void plan_read_on(struct kv_plan *plan);
/* Makes the steps again from what was read. */
void plan_compose(struct kv_plan *plan);
/* The plan is ready when no target is being read any more. */
void plan_note_read(struct kv_plan *plan);

/* ---- plan_file.c ---- */

void plan_file_free(struct plan_file *file);
void plan_file_put(const struct kv_plan *plan, struct buf *out);
/* Whether the target is what the file says; else `why` says what is not. A plan
 * that was not loaded from a file is. */
bool plan_file_fits(
    const struct kv_plan *plan, const struct target *target, struct buf *why);

/* ---- export*.c: plans for other means ---- */

void export_az(const struct kv_plan *plan, struct buf *out);
KV_NODISCARD enum kv_status export_arm(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err);
KV_NODISCARD enum kv_status export_bicep(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err);
KV_NODISCARD enum kv_status export_terraform(
    const struct kv_plan *plan, struct buf *out, struct kv_error *err);

/* ---- undo.c ---- */

void undo_plan(struct draft *draft, const struct kv_plan *plan);

/* ---- run.c and the files that it is continued in ---- */

struct target *run_target(struct kv_plan *plan);
struct step *run_step(struct kv_plan *plan);
/* The step took effect, which is all that there is to it: the next one. */
void run_step_done(struct kv_plan *plan);
bool run_is_last_step(const struct kv_plan *plan);
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
/* Begins the step after the present one. */
void run_next_step(struct kv_plan *plan);
/* recheck.c: reads the target's steps so far again; the next one begins when
 * all of them still hold, else the target ends. */
void recheck_start(struct kv_plan *plan);
/* doubt.c: reads whether a write took that was not answered. */
void doubt_start(struct kv_plan *plan);

#endif
