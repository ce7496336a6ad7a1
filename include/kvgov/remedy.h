/* Remedies and plans. A remedy's row says what it is for; a plan is what it
 * would do to the chosen resources, shown before anything is sent. One runner
 * executes every plan: guard, journal, request, wait, verify, judge. */
#ifndef KVGOV_REMEDY_H
#define KVGOV_REMEDY_H

#include "kvgov/error.h"
#include "kvgov/posture.h"

enum kv_grade {
    KV_GRADE_SAFE = 1,    /* G1 */
    KV_GRADE_ACCESS = 2,  /* G2 can cut access */
    KV_GRADE_ONE_WAY = 3, /* G3 cannot be undone, or can lock out */
};

/* How it is done; of the API layer. */
struct remedy_work;

struct kv_remedy {
    const char *id;             /* "firewall-on" */
    const char *title;          /* "Turn the firewall on" */
    const char *verb;           /* typed to confirm: "restrict" */
    const char *sentence;       /* "limit public access on": ... N vaults */
    const char *recommendation; /* the row that it is for before all others */
    enum kv_grade grade;        /* before targets are looked at */
    bool undo;
    /* enum kv_on, added up: what it changes. With KV_ON_SUBSCRIPTION a target
     * is the subscription of the resources that were chosen. */
    uint32_t kinds;
    const char *effect; /* what changes, for whom, how soon */
    const char *cost;   /* NULL when it costs nothing */
    const struct remedy_work *work;
};
extern const struct kv_remedy kv_remedies[];
extern const size_t kv_remedies_count;
/* NULL when there is no such id. */
const struct kv_remedy *kv_remedy_find(const char *id);
const char *kv_grade_name(enum kv_grade grade); /* "G2 can cut access" */
/* The same of one remedy: of grade 3, "G3 can lock out" where an undo exists. */
const char *kv_remedy_danger(const struct kv_remedy *remedy);

/* ---- a plan, as the screens see it ---- */

enum kv_option_kind {
    KV_OPTION_TEXT,
    KV_OPTION_CHOICE,
};

struct kv_choice {
    const char *value;
    const char *label;
};

/* What the operator may set before the preview. */
struct kv_option {
    const char *name;
    const char *label;
    const char *help;
    enum kv_option_kind kind;
    const char *value;
    const struct kv_choice *choices;
    uint32_t choice_count;
};

/* One request of a target, in the order in which they are sent. */
struct kv_request {
    const char *what; /* "create the role assignment"; NULL for a single one */
    const char *method; /* "PATCH" */
    const char *path;   /* with api-version; of a vault itself with the host */
    const char *body;   /* JSON, indented; NULL without one */
    const char *az;     /* the same as an az command */
    int64_t wait_s;     /* once it took effect, before the next one */
};

/* One field before and after; texts are JSON, NULL means absent. */
struct kv_change {
    uint32_t request; /* its place */
    const char *path; /* "properties.networkAcls.defaultAction" */
    const char *before;
    const char *after;
    const char *note; /* NULL, or why a kept field matters */
};

enum kv_check_state {
    KV_CHECK_OK,
    KV_CHECK_WARN,
    KV_CHECK_UNKNOWN, /* printed as such, never left out */
    KV_CHECK_BLOCK,   /* says what would unblock */
};

struct kv_check {
    enum kv_check_state state;
    const char *text;
};

enum kv_target_state {
    KV_TARGET_READING, /* live reads for the preview are under way */
    KV_TARGET_READY,
    KV_TARGET_BLOCKED, /* a check blocks; `message` says which */
    KV_TARGET_NOTHING, /* already as wanted */
    KV_TARGET_WAITING, /* confirmed, its turn has not come */
    KV_TARGET_GUARD,   /* being read again before the write */
    KV_TARGET_WRITING,
    KV_TARGET_OPERATION, /* Azure works on it: 202 */
    KV_TARGET_VERIFYING,
    KV_TARGET_SETTLING, /* a step took; the next waits until it is in effect */
    KV_TARGET_DONE,
    KV_TARGET_UNVERIFIED, /* applied, not yet seen to pass */
    KV_TARGET_SKIPPED,    /* changed since the preview: left alone */
    KV_TARGET_FAILED,
    KV_TARGET_IN_DOUBT, /* sent, no answer: settled by reading */
    KV_TARGET_STOPPED,  /* never started */
};

#define KV_TARGET_STATE_COUNT 16

struct kv_target {
    uint32_t resource;       /* of a subscription, one in it */
    const char *resource_id; /* or "/subscriptions/GUID" */
    const char *name;
    enum kv_target_state state;
    const char *message; /* NULL, or what happened in one sentence */
    int64_t read_at_s;   /* of the preview's live read */
    const struct kv_request *requests;
    uint32_t request_count;
    uint32_t request;    /* place of the one under way, while it runs */
    enum kv_grade grade; /* of what is done to this one */
    const char *raised;  /* why that is above the remedy's own; NULL if not */
    const char *undo;    /* "yes, ..." or "no, ..." */
    const char *takes;   /* "seconds", "up to 90 minutes for first records" */
    const char *impact;  /* who loses access; UNKNOWN is said */
    const struct kv_change *changes;
    uint32_t change_count;
    const struct kv_check *checks;
    uint32_t check_count;
};

enum kv_plan_state {
    KV_PLAN_READING,
    KV_PLAN_READY, /* every target is read; can be confirmed if any is ready */
    KV_PLAN_RUNNING,
    KV_PLAN_PAUSED,   /* between two targets: at the end of a wave, or asked */
    KV_PLAN_STOPPING, /* after the target that is under way */
    KV_PLAN_ENDED,
};

/* How a run over many targets goes on: in waves of 1, 10, 100 and the rest. */
struct kv_pace {
    bool automatic; /* the next wave begins by itself; else on request */
    /* Stops when more than so many of a hundred of those begun failed; with 0
     * at the first that failed. */
    uint32_t failed_percent;
};

struct kv_wave {
    uint32_t number; /* of the present or last one, from 1; 0 before the run */
    uint32_t next;   /* targets of the wave that a paused run goes on with */
    uint32_t left;   /* targets that were not begun */
};

/* What is to be done to what. */
struct kv_plan_order {
    const char *remedy;
    const char *row; /* id of the recommendation that is to pass; NULL: the
                        remedy's own */
    const uint32_t *resources;
    size_t count;
};

struct kv_plan;

const char *kv_plan_id(const struct kv_plan *plan); /* "p-0142" */
const struct kv_remedy *kv_plan_remedy(const struct kv_plan *plan);
/* Id of the recommendation that it is to put right. */
const char *kv_plan_row(const struct kv_plan *plan);
bool kv_plan_is_undo(const struct kv_plan *plan);
struct kv_pace kv_plan_pace(const struct kv_plan *plan);
struct kv_wave kv_plan_wave(const struct kv_plan *plan);
enum kv_plan_state kv_plan_state(const struct kv_plan *plan);
uint32_t kv_plan_target_count(const struct kv_plan *plan);
const struct kv_target *kv_plan_target(
    const struct kv_plan *plan, uint32_t index);
uint32_t kv_plan_count(const struct kv_plan *plan, enum kv_target_state state);
uint32_t kv_plan_option_count(const struct kv_plan *plan);
const struct kv_option *kv_plan_option(
    const struct kv_plan *plan, uint32_t index);

/* How this plan must be confirmed; computed, never chosen. */
enum kv_confirm_kind {
    KV_CONFIRM_KEY,  /* the key y */
    KV_CONFIRM_TEXT, /* `expect`: a name, or verb and count */
};

struct kv_confirmation {
    enum kv_grade grade;
    enum kv_confirm_kind kind;
    char expect[128]; /* "y", "restrict 3", "kv-pay-prod-weu" */
    char raised[160]; /* why the grade is above the remedy's own; "" if not */
    bool reason_required;
    bool second_person; /* the site asks for one, and none approved */
    bool cannot_be_undone;
    uint32_t hold_ms; /* the confirmation arms after this */
    uint32_t targets; /* ready ones, and those still being read */
};
void kv_plan_confirmation(
    const struct kv_plan *plan, struct kv_confirmation *out);

/* ---- plans as files ---- */

/* How a plan is written out: to be run here later, or by other means. */
struct kv_plan_format {
    const char *name;   /* "json" */
    const char *suffix; /* of a file's name: "json" */
    const char *what;
};
extern const struct kv_plan_format kv_plan_formats[];
extern const size_t kv_plan_formats_count;
/* Writes the targets that are ready. Fails with KV_BAD_INPUT for a format that
 * there is not, and with KV_REFUSED where the format cannot say this plan; then
 * the error says which part. */
KV_NODISCARD enum kv_status kv_plan_put(const struct kv_plan *plan,
    const char *format, struct buf *out, struct kv_error *err);

/* Of a plan that was loaded: the SHA-256 of what was reviewed, 64 characters;
 * else NULL. */
const char *kv_plan_hash(const struct kv_plan *plan);
/* Who approved the file, beside who wrote it; NULL when nobody did. */
const char *kv_plan_approved_by(const struct kv_plan *plan);
const char *kv_plan_written_by(const struct kv_plan *plan);

/* What a plan file says of itself, without a session. Texts are owned:
 * kv_plan_info_done(). */
struct kv_plan_info {
    char *id;
    char *remedy;
    char *row;
    char *written_by;
    char *approved_by; /* NULL: nobody */
    char hash[65];
    uint32_t targets;
    int64_t written_at_s;
};
/* Fails with KV_BAD_INPUT for what is no plan file, and where its hash does not
 * fit what it says: then somebody changed it. */
KV_NODISCARD enum kv_status kv_plan_file_read(
    struct kv_plan_info *out, const char *path, struct kv_error *err);
void kv_plan_info_done(struct kv_plan_info *info);
/* Records in the file that a second person has reviewed it. Fails with
 * KV_REFUSED for the one who wrote it. */
KV_NODISCARD enum kv_status kv_plan_file_approve(
    const char *path, const char *name, int64_t now_s, struct kv_error *err);

const char *kv_target_state_name(enum kv_target_state state);
const char *kv_check_state_mark(enum kv_check_state state); /* "ok", "!" ... */

#endif
