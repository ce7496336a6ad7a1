/* Keys from a file. */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "point.h"

#define SCRIPT_BYTES ((size_t)1 << 20)
/* What is not idle after this long will not be. */
#define IDLE_MS 60000
#define SLICE_MS 20

struct script {
    struct app *app;
    unsigned screens;
    bool working; /* the screen has more to count */
};

/* One turn of what the console's loop does, without a terminal. */
static void turn(struct script *script)
{
    struct app *app = script->app;

    kv_session_wait(
        app->session, NULL, 0, kv_session_idle(app->session) ? 0 : SLICE_MS);
    app_news(app, kv_session_step(app->session));
    script->working = app_work(app);
    app_tick(app);
}

static bool busy(const struct script *script, int64_t not_before_ms)
{
    const struct app *app = script->app;
    int64_t now_ms = app_steady_ms(app);

    return !kv_session_idle(app->session) || script->working || now_ms < not_before_ms ||
           now_ms < app->ignore_until_ms;
}

static void wait_idle(struct script *script, int64_t at_least_ms)
{
    int64_t now_ms = app_steady_ms(script->app);
    int64_t not_before_ms = now_ms + at_least_ms;
    int64_t until_ms = not_before_ms + IDLE_MS;

    do
        turn(script);
    while (
        busy(script, not_before_ms) && app_steady_ms(script->app) < until_ms);
    app_draw(script->app);
}

static void print_screen(struct script *script)
{
    const struct grid *grid = &script->app->grid;
    struct buf text = { .limit = SCRIPT_BYTES };

    app_draw(script->app);
    printf("--- screen %u %dx%d ---\n", ++script->screens, grid->columns,
        grid->rows);
    grid_dump(grid, &text);
    fputs(buf_text(&text), stdout);
    buf_done(&text);
}

static void press(struct script *script, uint32_t code)
{
    if (!code || script->app->done)
        return;
    wait_idle(script, 0);
    app_key(script->app, (struct key){ .code = code });
    script->app->requests = 0; /* there is no terminal to ask */
}

static bool is_wait(struct view name, long *ms)
{
    struct view rest = name;
    struct view word = view_cut(&rest, ' ');
    char number[16] = "";

    if (!view_equal_nocase(word, view_of("Wait")) ||
        rest.size >= sizeof(number))
        return false;
    if (rest.size)
        memcpy(number, rest.data, rest.size);
    *ms = strtol(number, NULL, 10);
    return *ms >= 0 && *ms <= IDLE_MS;
}

/* What stands between < and >. */
static enum kv_status take_name(
    struct script *script, struct view name, struct kv_error *err)
{
    uint32_t code = key_code_of(name);
    long ms;

    if (code)
        press(script, code);
    else if (is_wait(name, &ms))
        wait_idle(script, ms);
    else if (view_equal_nocase(name, view_of("Dump")))
        print_screen(script);
    else
        return kv_error_set(err, KV_BAD_INPUT,
            "the script names a key <%.*s> that there is not; <lt> is the "
            "character itself",
            (int)name.size, name.data ? name.data : "");
    return KV_OK;
}

static enum kv_status take(
    struct script *script, struct view *text, struct kv_error *err)
{
    const char *end;

    if (*text->data == '<') {
        end = memchr(text->data, '>', text->size);
        if (!end)
            return kv_error_set(err, KV_BAD_INPUT,
                "the script ends inside of <...>; <lt> is the character "
                "itself");
        text->data++;
        text->size--;
        return take_name(script, view_cut(text, '>'), err);
    }
    if (*text->data == '\n' || *text->data == '\r') {
        text->data++;
        text->size--;
    } else {
        press(script, point_take(text));
    }
    return KV_OK;
}

static enum kv_status load(
    struct buf *out, const char *path, struct kv_error *err)
{
    FILE *file = fopen(path, "re");
    char bytes[4096];
    size_t size;

    if (!file)
        return kv_error_set(err, KV_BAD_INPUT,
            "the script %s cannot be read: %s", path, strerror(errno));
    while ((size = fread(bytes, 1, sizeof(bytes), file)) > 0)
        buf_put(out, (struct view){ bytes, size });
    fclose(file);
    return out->failed ? kv_error_set(err, KV_TOO_LARGE,
                             "the script %s is over 1 MiB", path)
                       : KV_OK;
}

enum kv_status script_run(
    struct app *app, const char *path, bool dump, struct kv_error *err)
{
    struct script script = { .app = app };
    struct buf text = { .limit = SCRIPT_BYTES };
    enum kv_status status = load(&text, path, err);
    struct view rest = buf_view(&text);

    if (status == KV_OK)
        wait_idle(&script, 0);
    while (status == KV_OK && rest.size && !app->done)
        status = take(&script, &rest, err);
    if (status == KV_OK && !app->done)
        wait_idle(&script, 0);
    if (status == KV_OK && dump && !app->done)
        print_screen(&script);
    fflush(stdout);
    buf_done(&text);
    return status;
}
