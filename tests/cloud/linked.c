/* The second access check, on what a request refers to. */
#include "linked.h"

#include "access.h"
#include "cloud.h"

bool linked_check(struct call *call, const char *id, const char *action)
{
    if (access_check(call->cloud->access, call_object_id(call), id, action,
            NULL) == ACCESS_GRANTED)
        return true;
    answer_error(call, 403, "LinkedAuthorizationFailed",
        "The client with object id '%s' has permission to perform its action "
        "on scope '%s'; however, it does not have permission to perform "
        "action '%s' on the linked scope(s) '%s' or the linked scope(s) are "
        "invalid.",
        call_object_id(call), call->path, action, id);
    return false;
}
