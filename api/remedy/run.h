/* Plans from the inside: the runner reads, writes and journals through a port
 * that the session gives it, so that it knows neither HTTP nor sqlite. */
#ifndef RUN_H
#define RUN_H

#include "base.h"
#include "kvgov/journal.h"
#include "kvgov/remedy.h"

/* What ARM answered, borrowed for the length of the callback. */
struct remedy_answer {
    enum kv_status status; /* KV_OK for 2xx; else as the code says */
    long code;             /* 0 when no answer came */
    struct view body;
    const char *request_id;
    const char *location;        /* "" when absent */
    const char *async_operation; /* "" when absent */
    /* How a vault sees this machine, in its own words; NULL: it did not say. */
    const char *network_info;
    int64_t retry_after_s;       /* -1 when absent */
    struct kv_error error;       /* when status is not KV_OK */
};
typedef void remedy_answer_fn(void *arg, const struct remedy_answer *answer);

struct remedy_write {
    uint32_t resource; /* as for reading */
    const char *method;
    const char *path;
    const char *body; /* NULL: none */
};

struct remedy_intent {
    const char *plan;
    const char *remedy;
    const char *action;
    const char *target_id;
    const char *target_name;
    const char *reason;
    const char *change;
    bool reversible;
    int64_t undo_of;
};

/* What the runner may ask of the session. Every callback is called exactly
 * once, later, never from inside the call; at close with KV_CANCELLED. */
struct remedy_port {
    void *context;
    /* GET `path` ("/subscriptions/...?api-version=..."), a whole operation
     * address of the same origin, or an address on the host of `resource`
     * (KV_NONE: none) or of another vault or HSM of the estate, ahead of
     * everything else. */
    void (*read)(void *context, uint32_t resource, const char *path,
        remedy_answer_fn *done, void *arg);
    /* The only way to change anything. Never retried by the transport when
     * the answer is lost: the runner reads instead. */
    void (*write)(void *context, const struct remedy_write *write,
        remedy_answer_fn *done, void *arg);
    /* Calls back after a time, with status KV_OK and code 0. */
    void (*after)(void *context, int64_t ms, remedy_answer_fn *done, void *arg);
    /* Reads what the recommendation needs of one resource again (never from
     * Resource Graph), takes it into the estate, judges, then calls back. */
    void (*reread)(void *context, const char *recommendation,
        uint32_t resource, remedy_answer_fn *done, void *arg);
    /* What was just read at an address, JSON, or NULL when nothing is there:
     * for what the estate keeps of lists that no reread reads. */
    void (*take)(void *context, const char *path, const char *body);
    /* Reads the facets (KV_FACET_BIT, added up) inside of one resource into
     * the estate, then calls back, whatever came of it. */
    void (*look)(void *context, uint32_t resource, uint64_t facets,
        remedy_answer_fn *done, void *arg);
    /* Puts the value of an answer into the archive, durably. `what` is JSON:
     * {"object": "keys/NAME", "version": ..., "updated": seconds, "folder":
     * a path or ""}; or what was found out of it by restoring, {"object":
     * "keys/NAME", "drill": true}. Fails with KV_STORE, and with KV_PROTOCOL where the answer
     * has no value. */
    enum kv_status (*keep)(void *context, uint32_t resource, const char *what,
        struct view answer, struct kv_error *err);
    /* Appends the body that restores what the archive keeps, once it is sure
     * that the file is whole. `what` is JSON: {"object": "keys/NAME",
     * "version": ...}. Fails with KV_STORE and KV_NOT_FOUND. */
    enum kv_status (*give)(void *context, uint32_t resource, const char *what,
        struct buf *out, struct kv_error *err);
    enum kv_verdict (*verdict)(
        void *context, const char *recommendation, uint32_t resource);
    const struct kv_estate *(*estate)(void *context);
    const struct kv_policy *(*policy)(void *context);
    /* Object id of whoever is signed in; "" when it is not known. */
    const char *(*operator_id)(void *context);
    int64_t (*now_s)(void *context);
    /* Durable on return. */
    enum kv_status (*intend)(void *context, const struct remedy_intent *intent,
        int64_t *number, struct kv_error *err);
    enum kv_status (*conclude)(void *context, int64_t number,
        enum kv_journal_result result, const char *message,
        const char *request_id, bool settled, struct kv_error *err);
    const struct kv_journal_entry *(*entry)(void *context, int64_t number);
    const char *(*account)(void *context); /* who is signed in */
    /* A plan or target changed; the screens want to know. */
    void (*changed)(void *context);
    void (*message)(
        void *context, bool is_error, const char *text, const char *detail);
};

/* Copies the order and the id; starts the live reads. `port` must outlive the
 * plan. Fails with KV_BAD_INPUT. */
KV_NODISCARD enum kv_status plan_new(struct kv_plan **out,
    const struct remedy_port *port, const char *id,
    const struct kv_plan_order *order, struct kv_error *err);
/* The plan of a file, made again; without an id under the one that the file
 * has. Fails with KV_BAD_INPUT. */
KV_NODISCARD enum kv_status plan_new_file(struct kv_plan **out,
    const struct remedy_port *port, const char *id, struct view text,
    struct kv_error *err);
/* The reverse of journalled changes to one target, given in the order in which
 * they were made, from their `change` JSON alone; the last one first. Fails
 * with KV_REFUSED and KV_BAD_INPUT. */
KV_NODISCARD enum kv_status plan_new_undo(struct kv_plan **out,
    const struct remedy_port *port, const char *id,
    const struct kv_journal_entry *const *entries, size_t count,
    struct kv_error *err);
/* Whether an entry alone could be undone; the error says why not. */
KV_NODISCARD enum kv_status undo_check(
    const struct kv_journal_entry *entry, struct kv_error *err);
/* Ends at once when nothing is in flight, else when the last answer came. */
void plan_free(struct kv_plan *plan);

KV_NODISCARD enum kv_status plan_set(struct kv_plan *plan, const char *option,
    const char *value, struct kv_error *err);
void plan_drop_target(struct kv_plan *plan, uint32_t index);
void plan_refresh(struct kv_plan *plan);
/* Checks the typed text and the reason itself. */
KV_NODISCARD enum kv_status plan_run(struct kv_plan *plan, const char *typed,
    const char *reason, struct kv_error *err);
void plan_set_pace(struct kv_plan *plan, const struct kv_pace *pace);
/* Before the next target; plan_go_on() ends the pause. */
void plan_pause(struct kv_plan *plan);
void plan_go_on(struct kv_plan *plan);
/* After the target that is under way. */
void plan_stop(struct kv_plan *plan);
bool plan_busy(const struct kv_plan *plan);

/* Settles a journal entry in doubt by reading its resource: concludes it as
 * done, not applied or unclear. Where it cannot be read it stays in doubt and
 * a message says why. */
void remedy_settle(
    const struct remedy_port *port, const struct kv_journal_entry *entry);

#endif
