/* The words for what a session tells. */
#include "kvgov/session.h"

const char *kv_mark_name(enum kv_mark mark)
{
    static const char *const names[] = {
        [KV_MARK_NONE] = "",
        [KV_MARK_NEW] = "new",
        [KV_MARK_FIXED] = "fixed",
        [KV_MARK_REOPENED] = "reopened",
    };

    return names[mark];
}
