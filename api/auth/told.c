/* What became of a way to sign in. */
#include "told.h"

#include "base.h"

void told_set(struct told *told, enum kv_way_state state, const char *why)
{
    char *copy = why && *why ? mem_copy_text(why) : NULL;

    mem_free(told->why);
    *told = (struct told){ .state = state, .why = copy };
}

void told_done(struct told *told)
{
    mem_free(told->why);
    *told = (struct told){ 0 };
}
