/* Work that a screen does between frames. */
#include "slices.h"

static int wait_ms(const struct slices *slices, const struct app *app)
{
    int64_t next = slices->started_ms + SLICES_AGAIN_MS;
    int64_t now_ms = app_steady_ms(app);

    if (slices->started_ms == 0 || next <= now_ms)
        return 0;
    return (int)(next - now_ms);
}

bool slices_run(
    struct slices *slices, const struct slices_ops *ops, struct screen *screen)
{
    int64_t until_ms = app_steady_ms(screen->app) + SLICE_MS;

    if (!slices->running) {
        if (!slices->stale || wait_ms(slices, screen->app) > 0)
            return false;
        slices->stale = false;
        slices->running = true;
        slices->started_ms = app_steady_ms(screen->app);
        ops->start(screen);
    }
    do {
        if (ops->step(screen)) {
            slices->running = false;
            if (ops->end)
                ops->end(screen);
            app_dirty(screen->app);
            return false;
        }
    } while (app_steady_ms(screen->app) < until_ms);
    return true;
}

int slices_due_ms(const struct slices *slices, const struct app *app)
{
    return slices->stale && !slices->running ? wait_ms(slices, app) : -1;
}
