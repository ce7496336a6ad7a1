/* The console from the inside: what its loop, its frame and its command line
 * share. Screens see app.h only. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "app.h"
#include "environment.h"
#include "recall.h"
#include "input.h"
#include "keymap.h"
#include "mask.h"
#include "notices.h"

/* The least that anything can be shown in. */
#define ROWS_MIN 15
#define COLUMNS_MIN 60

/* What a key asked of the loop, which alone knows the terminal. */
enum app_request {
    APP_REDRAW = 1u << 0,  /* the whole screen, from scratch */
    APP_SUSPEND = 1u << 1, /* back to the shell */
    APP_FLUSH = 1u << 2,   /* forget what was typed ahead */
    APP_THEME = 1u << 3,   /* app->theme is another one */
    APP_COPY = 1u << 4,    /* app->clip to the terminal */
    APP_MOUSE = 1u << 5,   /* app->mouse is another one */
};

/* What the notice line asks about; take.c. */
enum take_menu {
    TAKE_NOTHING,
    TAKE_COPY,
    TAKE_EXPORT,
};

struct prompt {
    struct input input;
    bool open;
};

struct palette {
    struct input input; /* what narrows it */
    size_t cursor;
    bool open;
};

struct app {
    struct kv_session *session; /* borrowed */
    struct grid grid;
    struct theme theme;
    bool colour; /* themes with colours may be chosen */
    bool has_mouse; /* as far as its terminal tells */
    bool mouse;     /* was asked for */
    struct screen *top;
    struct notices notices;
    struct mask *mask; /* NULL: names are shown */
    bool mask_stale;
    struct environment environment; /* of the whole estate */
    struct keymap keymap;
    struct prompt prompt;
    struct recall commands; /* what was typed there */
    struct recall filters;  /* of all lists */
    struct palette palette;
    enum take_menu menu;
    struct buf clip;       /* the last copy */
    struct app_run **runs; /* of this session, oldest first */
    size_t run_count;
    size_t run_capacity;
    int notice_rows;
    unsigned requests; /* enum app_request, added up; the loop clears it */
    bool dirty; /* a frame is due */
    bool moved; /* for a list's cursor, and nothing else, one is due */
    int64_t whole_ms; /* when the last one was made anew from end to end */
    bool quiet;    /* news of the estate wait until they are asked for */
    unsigned held; /* what waits, enum kv_news, added up */
    unsigned held_count;
    bool small; /* below ROWS_MIN x COLUMNS_MIN */
    bool done;
    int exit_code;
    int64_t ignore_until_ms;  /* app_discard_input() */
    int64_t asked_to_stop_ms; /* the last Ctrl-C that stopped nothing; -1 */
    bool asked_to_quit;       /* q while a scan runs; the next one quits */
};

struct app *app_new(struct kv_session *session);
void app_free(struct app *app);

void app_resize(struct app *app, int rows, int columns);
void app_key(struct app *app, struct key key);
void app_news(struct app *app, unsigned news);
/* Lets time pass: what fades, fades. */
void app_tick(struct app *app);
/* The top screen's slice of work; true while there is more. */
bool app_work(struct app *app);
/* Milliseconds until app_tick() and a frame are due; -1: never. */
int app_due_ms(const struct app *app);
/* Tells the top screen its size. */
void app_lay_out(struct app *app);
struct notice_time app_time(const struct app *app);
bool app_frame_is_due(const struct app *app);
/* Draws the frame into app->grid. */
void app_draw(struct app *app);
/* Suspend, too small, hang-up: confirmations are cancelled. */
void app_interrupt(struct app *app);
/* Leaving: whatever runs is told to stop. */
void app_stop_all(struct app *app);
/* A run is under way, on the screen or left. */
bool app_is_changing(const struct app *app);
/* From here on names are hidden, here and in what is taken along. */
void app_mask(struct app *app, struct mask *mask);
/* Hides the names in a text that leaves the console. */
void app_mask_text(struct app *app, struct buf *text);
/* Sets a theme by name, or says why not. */
void app_set_theme(struct app *app, const char *name);
/* Everything that Esc goes back to, down to the first screen; false when a
 * screen does not want to leave. */
bool app_go_home(struct app *app);

/* Does what the row says, as if its key had been pressed. */
void app_act(struct app *app, const struct binding *binding);
/* Keys are letters of a text, or an answer: none has another meaning. */
bool app_is_typing(const struct app *app);
/* The list on the screen, NULL without one. */
struct list *app_list(const struct app *app);

extern const struct binding common_bindings[];
/* Those that a digit opens, in order. */
extern const struct binding main_bindings[];

/* The screens, for what holds of all of them. */
extern const struct screen_ops posture_screen;
extern const struct screen_ops subscriptions_screen;
extern const struct screen_ops vaults_screen;
extern const struct screen_ops detail_screen;
extern const struct screen_ops matrix_screen;
extern const struct screen_ops fixes_screen;
extern const struct screen_ops access_screen;
extern const struct screen_ops principal_screen;
extern const struct screen_ops trend_screen;
extern const struct screen_ops jobs_screen;
extern const struct screen_ops journal_screen;
extern const struct screen_ops messages_screen;
extern const struct screen_ops sign_in_screen;
extern const struct screen_ops text_screen;

/* frame.c: everything around the body. */
void frame_draw(const struct app *app, struct canvas *canvas);
/* Rows above and below the body. */
#define FRAME_TOP 2
int app_bottom_rows(const struct app *app);

/* take.c: copies, exports, links. A menu that is open takes the next key. */
extern const struct binding take_bindings[];
void take_key(struct app *app, struct key key);
void take_draw(const struct app *app, struct canvas *line);

/* mouse.c: true for what a mouse sent. */
bool mouse_key(struct app *app, struct key key);
void mouse_switch(struct app *app, bool on);

/* prompt.c: the command line. */
void prompt_start(struct app *app, const char *text);
void prompt_key(struct app *app, struct key key);
void prompt_draw(const struct app *app, struct canvas *line);
bool prompt_knows(struct view name); /* a command, by its whole name */

/* palette.c: the same as a list, over the body. */
void palette_start(struct app *app);
void palette_key(struct app *app, struct key key);
void palette_draw(const struct app *app, struct canvas *canvas);

#endif
