/* A screen: one file that ends in its table of functions. A screen's own
 * struct starts with a struct screen. */
#ifndef SCREEN_H
#define SCREEN_H

#include "canvas.h"
#include "keys.h"
#include "kvgov/policy.h"
#include "kvgov/session.h"

struct app;
struct list;

/* What the second row and the top right say for a screen. Texts come empty. */
struct screen_head {
    struct buf crumb;  /* its part of the breadcrumb; the title if left empty */
    struct buf filter; /* "/ name:prod"; empty without one */
    struct buf counts; /* right-aligned: "412 of 100,000  3 marked" */
    struct buf right;  /* replaces the data age in row 1: "plan p-0142" */
    const struct input *input; /* the filter field while it is open, or NULL */
};

struct screen_ops {
    const char *title; /* in the breadcrumb */
    const char *about; /* what it shows, one sentence for help */
    /* Frees the screen, its struct included. */
    void (*close)(struct screen *screen);
    /* Before keys and drawing whenever the body's size may be another one;
     * NULL: not interested. */
    void (*layout)(struct screen *screen, int rows, int columns);
    /* Right before every frame: brings up to date what news made stale, so
     * that a burst of news costs one refresh. NULL: none. */
    void (*prepare)(struct screen *screen);
    /* The body, between breadcrumb and notice line. Changes nothing. */
    void (*draw)(const struct screen *screen, struct canvas *canvas);
    /* NULL: the title is all. Changes nothing. */
    void (*head)(const struct screen *screen, struct screen_head *out);
    /* Sees every key before any binding; true takes it. For text fields and
     * lists. NULL: none. */
    bool (*key)(struct screen *screen, struct key key);
    /* A click on a cell of the body, which may choose but not open; false: not
     * on anything of the screen's own. NULL: none. */
    bool (*click)(struct screen *screen, int row, int column);
    /* True while keys are letters of a text or the answer to a question: then
     * keys.ini changes none of them. NULL: never, but for a list's filter. */
    bool (*typing)(const struct screen *screen);
    /* Hears what the API layer finished: enum kv_news, added up. Also called
     * with ~0u when the screen comes back to the top. NULL: none. */
    void (*news)(struct screen *screen, unsigned news);
    /* Ctrl-C: stops what runs here; false when nothing did. NULL: none. */
    bool (*stop)(struct screen *screen);
    /* Milliseconds until the screen wants to be drawn again though nothing
     * happened (a countdown); -1: never. NULL: never. */
    int (*due_ms)(const struct screen *screen);
    /* Does a slice of what takes longer than a frame, at most about 8 ms; true
     * while there is more. Called while no key waits. NULL: none. */
    bool (*work)(struct screen *screen);
    /* May Esc or q leave now? NULL: always. False keeps it. */
    bool (*leave)(struct screen *screen);
    /* Suspend, resize below the minimum: a confirmation is cancelled. NULL. */
    void (*interrupted)(struct screen *screen);
    /* The list on the screen, for copies and exports. NULL: none. */
    const struct list *(*list)(const struct screen *screen);
    /* The one that the screen or its cursor is on; KV_NONE. NULL: none. */
    uint32_t (*resource)(const struct screen *screen);
    /* What that is for. NULL: as on the screen below; the first one shows the
     * whole estate. */
    enum kv_environment (*environment)(const struct screen *screen);
    const struct binding *bindings; /* NULL: only the common ones */
    bool lists; /* the keys of every list hold here, for help */
    bool marks; /* and those of marks */
};

struct screen {
    const struct screen_ops *ops;
    struct app *app;      /* set by app_push() */
    struct screen *below; /* the one that Esc goes back to */
};

#endif
