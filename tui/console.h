/* The console from the inside: what its loop, its frame and its command line
 * share. Screens see app.h only. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "app.h"
#include "input.h"
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

struct app {
    struct kv_session *session; /* borrowed */
    struct grid grid;
    struct theme theme;
    bool colour; /* themes with colours may be chosen */
    struct screen *top;
    struct notices notices;
    struct prompt prompt;
    enum take_menu menu;
    struct buf clip;       /* the last copy */
    struct app_run **runs; /* of this session, oldest first */
    size_t run_count;
    size_t run_capacity;
    int notice_rows;
    unsigned requests; /* enum app_request, added up; the loop clears it */
    bool dirty;
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
/* Milliseconds until app_tick() and a frame are due; -1: never. */
int app_due_ms(const struct app *app);
/* Tells the top screen its size. */
void app_lay_out(struct app *app);
struct notice_time app_time(const struct app *app);
/* Draws the frame into app->grid. */
void app_draw(struct app *app);
/* Suspend, too small, hang-up: confirmations are cancelled. */
void app_interrupt(struct app *app);
/* Leaving: whatever runs is told to stop. */
void app_stop_all(struct app *app);
/* A run is under way, on the screen or left. */
bool app_is_changing(const struct app *app);
/* Sets a theme by name, or says why not. */
void app_set_theme(struct app *app, const char *name);
/* Everything that Esc goes back to, down to the first screen; false when a
 * screen does not want to leave. */
bool app_go_home(struct app *app);

extern const struct binding common_bindings[];
extern const struct screen_ops sign_in_screen;

/* frame.c: everything around the body. */
void frame_draw(const struct app *app, struct canvas *canvas);
/* Rows above and below the body. */
#define FRAME_TOP 2
int app_bottom_rows(const struct app *app);

/* take.c: copies, exports, links. A menu that is open takes the next key. */
extern const struct binding take_bindings[];
void take_key(struct app *app, struct key key);
void take_draw(const struct app *app, struct canvas *line);

/* prompt.c: the command line. */
void prompt_start(struct prompt *prompt);
void prompt_key(struct app *app, struct key key);
void prompt_draw(const struct prompt *prompt, struct canvas *line);
/* The commands for help, one after the other; false after the last. */
bool prompt_get_help(size_t index, struct buf *name, const char **help);

#endif
