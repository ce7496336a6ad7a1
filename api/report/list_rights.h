/* Every right that the estate knows of, whatever gives it: the rows of the list
 * of assignments, and what principals are counted by. */
#ifndef REPORT_LIST_RIGHTS_H
#define REPORT_LIST_RIGHTS_H

#include "lists.h"

enum right_way {
    RIGHT_ROLE,
    RIGHT_ACTIVATED, /* for a while: PIM */
    RIGHT_ELIGIBLE,
    RIGHT_POLICY, /* an access policy */
    RIGHT_LOCAL,  /* a role of an HSM's own */
};

struct right {
    enum right_way way;
    const char *principal_id;
    enum kv_principal_type type;
    const char *role; /* its name, or its id while it is not read */
    const struct kv_access_policy *policy; /* NULL: a role */
    const char *scope;
    enum kv_scope_level level;
    const char *condition;
    int64_t ends_at_s;
    const char *id;
    bool idle; /* an access policy where roles rule */
};
typedef void right_fn(void *context, const struct right *right);

/* Those that concern what is chosen. */
void rights_each(const struct kv_report_input *input,
    const struct kv_asked *asked, right_fn *take, void *context);

#endif
