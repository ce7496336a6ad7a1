/* What became of each way to sign in, for who asks why. */
#ifndef TOLD_H
#define TOLD_H

#include "kvgov/checkup.h"

struct told {
    enum kv_way_state state;
    char *why; /* NULL: nothing to say */
};

void told_set(struct told *told, enum kv_way_state state, const char *why);
void told_done(struct told *told);

#endif
