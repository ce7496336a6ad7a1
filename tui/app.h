/* The console as a whole, seen from a screen: the session, the stack of
 * screens, the notice line, and the ways to other screens. */
#ifndef APP_H
#define APP_H

#include "kvgov/session.h"
#include "screen.h"

struct app;

struct kv_session *app_session(const struct app *app);
const struct kv_estate *app_estate(const struct app *app);
const struct kv_posture *app_posture(const struct app *app);
int64_t app_now_s(const struct app *app);     /* the session's clock */
int64_t app_steady_ms(const struct app *app); /* for countdowns */

/* ---- the stack of screens ---- */

/* Puts a screen on top; the app owns it from here on. */
void app_push(struct app *app, struct screen *screen);
/* Closes the top screen, and goes to the one below it. Not the first one. The
 * screen is gone when this returns: return from its function at once. */
void app_pop(struct app *app);
/* Closes the top screen and puts another in its place. */
void app_replace(struct app *app, struct screen *screen);

/* ---- telling the person ---- */

/* The notice line. Info fades; an error stays until it is seen, and all are
 * kept for the Messages screen. */
void app_notice(struct app *app, enum kv_notice level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The sentence of an error, as an error. */
void app_notice_error(struct app *app, const struct kv_error *err);
/* Sends a text to the terminal for its clipboard, which cannot be verified: the
 * caller says so. False when it is too long for that. */
bool app_copy(struct app *app, struct view text);
/* Something other than a key or news changed what a screen shows. */
void app_dirty(struct app *app);

/* ---- for confirmations ---- */

/* Drops what was typed ahead, and every key of the next `hold_ms`. */
void app_discard_input(struct app *app, int hold_ms);
/* Write mode is on now. */
bool app_can_write(const struct app *app);
/* Switches write mode on and says so, or says why not; `reason` may be "". */
bool app_write_on(struct app *app, const char *reason);

/* ---- runs ---- */

/* A plan that was confirmed. The session keeps it until the console ends, so
 * that its screen can be left and opened again. */
struct app_run {
    struct kv_plan *plan;
    int64_t started_ms; /* app_steady_ms() */
};
void app_keep_run(struct app *app, struct kv_plan *plan);
/* Oldest first; NULL behind the last. Holds as long as the console. */
const struct app_run *app_run(const struct app *app, size_t index);

/* Ends the loop after this key. */
void app_quit(struct app *app, int exit_code);

/* ---- the screens ---- */

void screen_open_posture(struct app *app);
/* `row` of the catalogue: only vaults that fail it or are unknown; KV_NONE:
 * all. */
void screen_open_vaults(struct app *app, uint32_t row);
/* Those of a subscription, by its index in the estate. */
void screen_open_vaults_of(struct app *app, uint32_t subscription);
void screen_open_subscriptions(struct app *app);
void screen_open_matrix(struct app *app);
/* 90 days of a row (KV_NONE: of all) and of a resource (KV_NONE: of all). */
void screen_open_trend(struct app *app, uint32_t row, uint32_t resource);
void screen_open_fixes(struct app *app);
void screen_open_access(struct app *app);
/* One principal over all vaults, by its object id, in the estate's memory. */
void screen_open_principal(struct app *app, const char *id);
void screen_open_messages(struct app *app);
void screen_open_help(struct app *app, const struct screen *about);
void screen_open_sign_in(struct app *app);
/* One resource, by its index in the estate. */
void screen_open_detail(struct app *app, uint32_t resource);
/* The way to a change: to put right what a row of the catalogue says of them;
 * KV_NONE: of all rows. Copies `resources`. Where there is one remedy it is
 * taken; of several the person chooses; without any, says so. */
void screen_open_fix(
    struct app *app, const uint32_t *resources, size_t count, uint32_t row);
/* The wizard for the plan of a file. */
void screen_open_plan(struct app *app, const char *path);
/* The wizard for the reverse of a journal entry. */
void screen_open_undo(struct app *app, int64_t entry);
void screen_open_journal(struct app *app);
void screen_open_jobs(struct app *app);
/* The wizard's last step, of a run that was left. */
void screen_open_run(struct app *app, const struct app_run *run);

#endif
