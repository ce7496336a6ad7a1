/* The five empty texts. */
#include "empty.h"

#include <string.h>

struct text {
    struct canvas canvas;
    const char *noun;
    const struct app *app;
};

static void say(struct text *text, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(struct text *text, enum role role, const char *format, ...)
{
    struct buf line = { .limit = 2048 };
    va_list args;

    va_start(args, format);
    buf_putv(&line, format, args);
    va_end(args);
    canvas_put_wrapped(&text->canvas, role, buf_text(&line));
    buf_done(&line);
}

static void say_signing_in(struct text *text)
{
    const struct kv_sign_in *sign_in =
        kv_session_sign_in(app_session(text->app));

    if (sign_in->state == KV_SIGN_IN_STARTING)
        say(text, ROLE_TEXT, "Signing in. Nothing is read yet.");
    else
        say(text, ROLE_TEXT,
            "Not signed in, so nothing was read. :signin shows what was "
            "tried and how to sign in.");
    if (sign_in->text)
        say(text, ROLE_DIM, "%s", sign_in->text);
}

/* Who reads, before there is anything to see. */
static void say_who(struct text *text)
{
    const struct kv_sign_in *sign_in =
        kv_session_sign_in(app_session(text->app));
    const char *name = kv_estate_tenant_name(app_estate(text->app));

    if (!sign_in->account || !*sign_in->account)
        return;
    say(text, ROLE_TEXT, "You are %s, by %s,", sign_in->account,
        sign_in->method);
    say(text, ROLE_TEXT, "in the tenant %s%s%s.", name ? name : "",
        name && *name ? ", " : "", sign_in->tenant ? sign_in->tenant : "?");
    say(text, ROLE_DIM,
        "Nothing is changed without a plan that you confirm: this is %s.",
        kv_session_mode(app_session(text->app))->write ? "write mode"
                                                       : "read-only");
    say(text, ROLE_TEXT, " ");
}

static void say_loading(struct text *text)
{
    const struct kv_scan *scan = kv_session_scan(app_session(text->app));
    int64_t now_s = app_now_s(text->app);
    struct buf age = { .limit = 32 };
    struct buf done = { .limit = 64 };

    buf_put_age(&age, now_s - scan->started_at_s);
    buf_put_of(&done, scan->done, scan->total);
    say_who(text);
    say(text, ROLE_TEXT, "Reading %s: %s requests answered, %s so far.",
        scan->stage ? scan->stage : "the estate", buf_text(&done),
        buf_text(&age));
    buf_done(&done);
    say(text, ROLE_DIM,
        "The first %s appear as soon as their names arrive. "
        "Ctrl-C stops reading and keeps what is here.",
        text->noun);
    say(text, ROLE_DIM,
        "What may not be read is counted as unknown and listed with the role "
        "to ask for.");
    buf_done(&age);
}

static void say_filtered(struct text *text, const struct list *list)
{
    const struct kv_scan *scan = kv_session_scan(app_session(text->app));

    say(text, ROLE_TEXT, "No %s match this filter. %u are loaded%s.",
        text->noun, list->existing,
        scan->state == KV_SCAN_DONE ? " and complete" : " so far");
    say(text, ROLE_DIM, "Esc clears the filter, / changes it.");
}

/* Subscriptions whose inventory is not known; says the first few. */
static uint32_t say_unreadable(struct text *text)
{
    const struct kv_estate *estate = app_estate(text->app);
    uint32_t count = kv_estate_subscription_count(estate);
    uint32_t unreadable = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_subscription *subscription =
            kv_estate_subscription(estate, i);
        const struct kv_facet_status *facet =
            &subscription->facets[KV_FACET_INVENTORY];

        if (facet->state != KV_FACET_DENIED && facet->state != KV_FACET_FAILED)
            continue;
        if (unreadable++ < 4)
            say(text, ROLE_UNKNOWN, "  ?  %s: %s", subscription->name,
                facet->why ? facet->why : "not readable");
    }
    return unreadable;
}

static void say_denied(struct text *text)
{
    say(text, ROLE_TEXT, "Not readable. This does NOT mean there are none.");
    if (!say_unreadable(text))
        say(text, ROLE_DIM, "The messages (!) say what Azure answered.");
    say(text, ROLE_DIM, "r tries again.");
}

static void say_partly(struct text *text)
{
    say(text, ROLE_TEXT,
        "Partly read: reading was stopped, so there may be %s that are not "
        "here.",
        text->noun);
    say_unreadable(text);
    say(text, ROLE_DIM, "r reads everything.");
}

static void say_none(struct text *text, const char *none)
{
    const struct kv_scan *scan = kv_session_scan(app_session(text->app));
    uint32_t count = kv_estate_subscription_count(app_estate(text->app));
    struct buf time = { .limit = 32 };

    buf_put_time(&time, scan->data_at_s);
    say(text, ROLE_TEXT, "%s", none);
    say(text, ROLE_DIM, "Complete: all %u subscription%s read, oldest at %s.",
        count, count == 1 ? "" : "s", buf_text(&time));
    buf_done(&time);
}

static bool has_unreadable(const struct app *app)
{
    const struct kv_estate *estate = app_estate(app);
    uint32_t count = kv_estate_subscription_count(estate);

    for (uint32_t i = 0; i < count; i++) {
        enum kv_facet_state state =
            kv_estate_subscription(estate, i)->facets[KV_FACET_INVENTORY].state;

        if (state == KV_FACET_DENIED || state == KV_FACET_FAILED)
            return true;
    }
    return count == 0;
}

void empty_draw(const struct app *app, const struct list *list,
    const char *noun, const char *none, struct canvas *canvas)
{
    struct text text = { *canvas, noun, app };

    canvas_move(&text.canvas, 1, 3);
    if (list->existing) {
        say_filtered(&text, list);
        return;
    }
    switch (kv_session_scan(app_session(app))->state) {
    case KV_SCAN_NONE:
        say_signing_in(&text);
        break;
    case KV_SCAN_STORED:
    case KV_SCAN_RUNNING:
        say_loading(&text);
        break;
    case KV_SCAN_STOPPED:
        say_partly(&text);
        break;
    case KV_SCAN_FAILED:
        say_denied(&text);
        break;
    case KV_SCAN_DONE:
        if (has_unreadable(app))
            say_denied(&text);
        else
            say_none(&text, none);
        break;
    }
}
