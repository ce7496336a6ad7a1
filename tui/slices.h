/* Work that a screen does between frames, a slice at a time, so that a key is
 * answered while it counts 100,000 vaults. */
#ifndef SLICES_H
#define SLICES_H

#include "app.h"

#define SLICE_MS 8
/* While things change all the time, counting starts again this often. */
#define SLICES_AGAIN_MS 2000

struct slices {
    bool stale; /* there is news that was not counted */
    bool running;
    int64_t started_ms;
};

/* `start` begins a round, `step` does a little and returns true when that was
 * the last of it, `end` shows what came out. */
struct slices_ops {
    void (*start)(struct screen *screen);
    bool (*step)(struct screen *screen);
    void (*end)(struct screen *screen); /* NULL: nothing to do */
};
/* A slice, or the start of the next round when there is news; true while there
 * is more. For `work`. */
bool slices_run(
    struct slices *slices, const struct slices_ops *ops, struct screen *screen);
/* When the next round is due. For `due_ms`. */
int slices_due_ms(const struct slices *slices, const struct app *app);

#endif
