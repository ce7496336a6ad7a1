#ifndef CLOUD_ACCESS_H
#define CLOUD_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "estate.h"

/* Who may do what: role assignments and deny assignments of the estate,
 * evaluated for one caller. The caller's share of them is gathered once and
 * kept until an assignment, definition or group changes. */
struct access;

enum verdict {
    ACCESS_GRANTED,
    ACCESS_MISSING,
    ACCESS_DENIED, /* by a deny assignment */
};

struct access *access_new(const struct estate *estate);
void access_free(struct access *access);

/* object_id is the caller's. scope is an id in any case; "" or "/" is the
 * tenant. On ACCESS_DENIED *deny, unless NULL, is the assignment at fault. */
enum verdict access_check(struct access *access, const char *object_id,
    const char *scope, const char *action, const struct item **deny);

/* The same for a data action, such as reading the keys of a vault. */
enum verdict access_check_data(struct access *access, const char *object_id,
    const char *scope, const char *action, const struct item **deny);

/* Whether the action is granted in the whole scope, with no deny assignment
 * for this caller anywhere: then lists need not ask item by item. */
bool access_whole(struct access *access, const char *object_id,
    const char *scope, const char *action);

/* Whether a scope below this one grants the action. */
bool access_below(struct access *access, const char *object_id,
    const char *scope, const char *action);

/* Whether any role at, above or below the scope belongs to the caller. */
bool access_visible(
    struct access *access, const char *object_id, const char *scope);

/* The caller's permission blocks at the scope, as ARM lists them. */
json_t *access_permissions(
    struct access *access, const char *object_id, const char *scope);

/* Whether the member is the object itself or, however deep, in the group. */
bool access_is_member(
    const struct estate *estate, const char *group_id, const char *member_id);

#endif
