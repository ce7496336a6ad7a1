/* From access policies to roles, one vault: what each entry gives, what its
 * principal holds by roles already, and what it is to get. */
#ifndef MIGRATION_H
#define MIGRATION_H

#include "access.h"

enum member_fate {
    MEMBER_CARRIED, /* it gets what it lacks */
    MEMBER_DEAD,    /* nobody is behind it */
    MEMBER_OBJECT,  /* of an app registration, which can hold no right */
    MEMBER_COMPOUND, /* through an application: roles know nothing like it */
    MEMBER_LEFT_OUT, /* a person said so */
};

/* One entry of the access policies. */
struct member {
    const char *id;
    const struct kv_principal *who; /* NULL: not looked up */
    enum member_fate fate;
    uint64_t has;   /* by the entry */
    uint64_t holds; /* by roles that last, now without effect */
    uint64_t lacks; /* of the data actions that roles can give */
    struct cover cover;
    bool custom; /* it gets a role made for it instead */
};

struct migration {
    struct draft *draft;
    const struct plan_input *input;
    struct roles roles;
    json_t *assignments; /* at and above the vault, borrowed */
    struct member *members;
    size_t count;
};

/* False while something is not read. */
bool migration_make(struct migration *out, struct draft *draft,
    const struct plan_input *input);
void migration_done(struct migration *migration);

/* The id of the role that is made for a member. */
void migration_put_custom_guid(struct buf *out,
    const struct migration *migration, const struct member *member);
/* Rights on data that the live assignment's role gives; 0 for one with a
 * condition, or that ends. */
uint64_t migration_rights(
    const struct migration *migration, json_t *assignment);
/* A line for each entry, for each role that comes into effect, and for each
 * caller of the audit log that would be cut off. */
void migration_tell(const struct migration *migration);

enum kv_status exceptions_accept(
    const struct option *option, const char *value, struct kv_error *err);

#endif
