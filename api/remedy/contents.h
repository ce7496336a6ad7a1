/* What the remedies inside vaults and HSMs share: which objects they work on,
 * what the service says of these now, and how a step addresses them. */
#ifndef CONTENTS_H
#define CONTENTS_H

#include "plan.h"

#define PLANE_API "7.6" /* the newest that sovereign clouds have too */
#define INSIDE_STEPS_MAX 100 /* of one target; the next run does the rest */
#define INSIDE_DAY_S INT64_C(86400)

/* Bits for inside_open(). */
#define INSIDE_KEYS (1u << KV_OBJECT_KEY)
#define INSIDE_SECRETS (1u << KV_OBJECT_SECRET)
#define INSIDE_CERTIFICATES (1u << KV_OBJECT_CERTIFICATE)

/* The option that every one of these remedies begins with. */
enum kv_status inside_accept_objects(
    const struct option *option, const char *value, struct kv_error *err);
#define INSIDE_OBJECTS_OPTION                                                  \
    {                                                                          \
        .name = "objects", .label = "Objects",                                 \
        .help = "keys/NAME, secrets/NAME or certificates/NAME, separated by "  \
                "commas; none: those that make the recommendation fail",       \
        .accept = inside_accept_objects,                                       \
    }
/* Cuts the next one off a list with commas; false at its end. */
bool inside_next(struct view *list, struct view *out);
/* A number of `least` to `most`; else the sentence says what it is of. */
enum kv_status inside_accept_number(const struct option *option,
    const char *value, long least, long most, struct kv_error *err);
long inside_number(const struct plan_input *input, const char *option);

/* The objects of one target, borrowed from the estate. */
struct inside {
    struct draft *draft;
    const struct plan_input *input;
    char *host; /* "https://kv-a.vault.azure.net" */
    const struct kv_object **objects;
    size_t count;
    size_t capacity;
    uint32_t kinds;
};

/* Those named by the option, else those that the row finds bad. False where
 * there is nothing to work on, with a check or the preview's `nothing` that
 * says why. inside_done() in either case. */
bool inside_open(struct inside *out, struct draft *draft,
    const struct plan_input *input, uint32_t kinds);
/* Likewise, where not the row but the remedy knows which ones. */
typedef bool inside_wants_fn(
    const struct plan_input *input, const struct kv_object *object);
bool inside_open_where(struct inside *out, struct draft *draft,
    const struct plan_input *input, uint32_t kinds, inside_wants_fn *wants);
void inside_done(struct inside *inside);

/* "keys/NAME", made visible; the preview's own. */
const char *inside_name(
    const struct inside *inside, const struct kv_object *object);
/* An answer from the host, "%s" behind it; NULL: not there yet, or refused,
 * which a check then says, naming the right that it takes. */
json_t *inside_read(const struct inside *inside, const struct kv_object *object,
    const char *right, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The current version of a key or secret as the service shows it. A secret is
 * seen in the list of its versions alone, since reading it tells its value. */
struct inside_version {
    json_t *item;   /* borrowed */
    char id[64];    /* the version's */
    char path[512]; /* "https://HOST/keys/NAME/VERSION" */
    char find[640]; /* where a change to it can be seen */
    char at[320];   /* before the names of fields there: "value[...]." or "" */
};
bool inside_current(const struct inside *inside, const struct kv_object *object,
    struct inside_version *out);

/* A step on an object, with the right that it takes in a vault or in an HSM. */
struct inside_right {
    const char *vault; /* "keys/update/action" */
    const char *hsm;   /* NULL: no HSM has such objects */
};
struct step *inside_step(const struct inside *inside, const char *method,
    const char *path, const struct inside_right *right);
/* Likewise for a right as text, for checks; the preview's own. */
const char *inside_right_name(
    const struct inside *inside, const struct inside_right *right);
/* Room for one more step; else a check says that the next run does the rest. */
bool inside_has_room(const struct inside *inside);
/* Why an object is left out. */
void inside_leave_out(const struct inside *inside,
    const struct kv_object *object, const char *why);
/* Where every object was left out: nothing can be done, which blocks. */
void inside_close(const struct inside *inside, const char *instead);

/* ---- the remedies ---- */

extern const struct option_row expiry_options[];
void expiry_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row content_type_options[];
void content_type_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row rotation_options[];
void rotation_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row rotate_options[];
void rotate_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row renewal_options[];
void renewal_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row certificate_options[];
void certificate_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row backup_options[];
void backup_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row drill_options[];
void drill_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row local_remove_options[];
void local_remove_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row local_replace_options[];
void local_replace_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row local_narrow_options[];
void local_narrow_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row local_add_options[];
void local_add_plan(struct draft *draft, const struct plan_input *input);
void hsm_setting_plan(struct draft *draft, const struct plan_input *input);
extern const struct option_row hsm_backup_options[];
void hsm_backup_plan(struct draft *draft, const struct plan_input *input);

#endif
