/* Signing in: what was tried, and the device code, large and plain. It comes
 * by itself when nobody is signed in, and goes when somebody is. */
#include "console.h"
#include "heap.h"
#include "qr.h"

/* An address and its indent are not broken for a picture. */
#define TEXT_COLUMNS 44

struct sign_in_screen {
    struct screen base;
    enum kv_sign_in_state seen;
};

static const struct kv_sign_in *state_of(const struct screen *screen)
{
    return kv_session_sign_in(app_session(screen->app));
}

static void sign_in_close(struct screen *screen)
{
    heap_free(screen);
}

/* Goes only when the sign-in ended while it was open; whoever opened it to
 * look may look. */
static void sign_in_news(struct screen *screen, unsigned news)
{
    struct sign_in_screen *sign_in = (struct sign_in_screen *)screen;
    enum kv_sign_in_state state = state_of(screen)->state;
    bool ended = state == KV_SIGN_IN_DONE && sign_in->seen != state;

    sign_in->seen = state;
    if (ended && (news & KV_NEWS_SIGN_IN))
        app_pop(screen->app);
}

/* The time left of a code ticks. */
static int sign_in_due_ms(const struct screen *screen)
{
    return state_of(screen)->state == KV_SIGN_IN_DEVICE ? 1000 : -1;
}

static void put_text(struct canvas *canvas, enum role role, const char *text)
{
    if (text && *text) {
        canvas_put_wrapped(canvas, role, text);
        canvas_move(canvas, canvas->pen_row + 1, canvas->pen_column);
    }
}

/* The address beside what is to be read, for whoever has a camera at hand. */
static void draw_code(const struct screen *screen, struct canvas *whole)
{
    const struct kv_sign_in *sign_in = state_of(screen);
    int64_t left_s = sign_in->expires_at_s - app_now_s(screen->app);
    int qr_columns = qr_draw(whole, 1, TEXT_COLUMNS, sign_in->verification_uri);
    struct canvas beside =
        canvas_part(whole, 0, 0, whole->rows, whole->columns - qr_columns);
    struct canvas *canvas = &beside;

    canvas_move(canvas, whole->pen_row, whole->pen_column);
    put_text(canvas, ROLE_NOTICE_INFO, sign_in->reason);
    put_text(canvas, ROLE_TITLE, "Sign in with a browser on any machine:");
    put_text(canvas, ROLE_TEXT, "1.  Open this address");
    canvas->pen_column += 4;
    put_text(canvas, ROLE_TITLE, sign_in->verification_uri);
    canvas->pen_column -= 4;
    put_text(canvas, ROLE_TEXT, "2.  Enter this code");
    canvas->pen_column += 4;
    put_text(canvas, ROLE_TITLE, sign_in->user_code);
    canvas->pen_column -= 4;
    if (left_s > 0)
        canvas_putf(canvas, ROLE_DIM, "Waiting for you, %d:%02d left.",
            (int)(left_s / 60), (int)(left_s % 60));
    else
        canvas_puts(canvas, ROLE_DIM, "The code has run out.");
}

/* Names with ids are longer than a narrow window. */
static void put_fact(struct canvas *canvas, const char *label, const char *text)
{
    canvas->pen_column = 3;
    canvas_put_left(canvas, ROLE_TEXT, 8, label);
    canvas_put_wrapped(canvas, ROLE_TEXT, text && *text ? text : "?");
}

static void draw_done(const struct screen *screen, struct canvas *canvas)
{
    const struct kv_sign_in *sign_in = state_of(screen);

    put_text(canvas, ROLE_TITLE, "Signed in");
    put_fact(canvas, "who", sign_in->account);
    put_fact(canvas, "how", sign_in->method);
    put_fact(canvas, "tenant", sign_in->tenant);
    put_fact(canvas, "cloud", kv_session_cloud(app_session(screen->app)));
}

static void sign_in_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct kv_sign_in *sign_in = state_of(screen);

    canvas_rule(canvas, 0);
    canvas_move(canvas, 2, 3);
    switch (sign_in->state) {
    case KV_SIGN_IN_STARTING:
        put_text(canvas, ROLE_TITLE, "Signing in");
        put_text(canvas, ROLE_DIM, sign_in->text);
        break;
    case KV_SIGN_IN_NEEDED:
        put_text(canvas, ROLE_TITLE, "Nobody is signed in on this machine");
        put_text(canvas, ROLE_TEXT, sign_in->text);
        put_text(canvas, ROLE_TEXT,
            "Enter asks for a code that you type into a browser, on this "
            "machine or any other. r tries again what the machine has.");
        break;
    case KV_SIGN_IN_DEVICE:
        draw_code(screen, canvas);
        break;
    case KV_SIGN_IN_DONE:
        draw_done(screen, canvas);
        break;
    case KV_SIGN_IN_FAILED:
        put_text(canvas, ROLE_NOTICE_ERROR, "The sign-in failed");
        put_text(canvas, ROLE_TEXT, sign_in->text);
        put_text(canvas, ROLE_TEXT,
            "Enter asks for a device code. r tries again what the machine "
            "has.");
        break;
    }
    canvas_cursor(canvas, 2, 3);
}

/* ---- its keys ---- */

static bool can_start(const struct screen *screen)
{
    enum kv_sign_in_state state = state_of(screen)->state;

    return state == KV_SIGN_IN_NEEDED || state == KV_SIGN_IN_FAILED;
}

static void start_code(struct screen *screen)
{
    kv_session_device_code(app_session(screen->app));
}

static void try_again(struct screen *screen)
{
    kv_session_start(app_session(screen->app));
}

static const struct binding sign_in_bindings[] = {
    {
        .name = "device-code",
        .key = CODE_ENTER,
        .hint = "device code",
        .help = "ask for a code to type into a browser",
        .run = start_code,
        .allowed = can_start,
        .why_not = "signing in is under way",
    },
    {
        .name = "retry",
        .key = 'r',
        .also = CODE_F5,
        .hint = "try again",
        .help = "try again what the machine has",
        .run = try_again,
        .allowed = can_start,
        .why_not = "signing in is under way",
    },
    { 0 },
};

const struct screen_ops sign_in_screen = {
    .title = "Sign in",
    .about = "Who is signed in and how. kvgov takes what the machine has: a "
             "client secret, a certificate or a workload identity in the "
             "environment, its managed identity, then Azure CLI; otherwise a "
             "device code. Tokens stay in memory.",
    .close = sign_in_close,
    .draw = sign_in_draw,
    .news = sign_in_news,
    .due_ms = sign_in_due_ms,
    .bindings = sign_in_bindings,
};

void screen_open_sign_in(struct app *app)
{
    struct sign_in_screen *sign_in = heap_new(sizeof(*sign_in));

    sign_in->base.ops = &sign_in_screen;
    sign_in->seen = kv_session_sign_in(app_session(app))->state;
    app_push(app, &sign_in->base);
}
