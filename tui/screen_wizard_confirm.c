/* Step 4: the confirmation. The answer differs from the key that opened it,
 * there is no default of yes, pasted text never confirms, what was typed ahead
 * is dropped, and leaving in any way changes nothing. */
#include "screen_wizard.h"

#include <string.h>

/* Nobody remembers longer what is about to happen. */
#define TIMEOUT_MS (5 * 60 * 1000)
#define ROOMY_ROWS 14

/* What this step can be, decided anew for every frame and key. */
enum confirm_mode {
    CONFIRM_NOT_READ, /* targets are being read again */
    CONFIRM_NO_TARGET,
    CONFIRM_TOO_MANY,  /* one target a confirmation */
    CONFIRM_READ_ONLY, /* by option: cannot be changed here */
    CONFIRM_OFFER,     /* of write mode */
    CONFIRM_EXPIRED,
    CONFIRM_ASK,
};

/* A plan that no single answer may confirm expects none. */
static bool is_answerable(const struct wizard *wizard)
{
    struct kv_confirmation ask;

    kv_plan_confirmation(wizard->plan, &ask);
    return ask.expect[0];
}

static enum confirm_mode mode_of(const struct wizard *wizard)
{
    const struct app *app = wizard->screen.app;

    if (wizard_still_reading(wizard))
        return CONFIRM_NOT_READ;
    if (!kv_plan_count(wizard->plan, KV_TARGET_READY))
        return CONFIRM_NO_TARGET;
    if (!is_answerable(wizard))
        return CONFIRM_TOO_MANY;
    if (kv_session_mode(app_session(app))->read_only)
        return CONFIRM_READ_ONLY;
    if (!app_can_write(app))
        return CONFIRM_OFFER;
    return wizard_open_ms(wizard) >= TIMEOUT_MS ? CONFIRM_EXPIRED : CONFIRM_ASK;
}

static void confirm_enter(struct wizard *wizard)
{
    struct kv_confirmation ask;

    kv_plan_confirmation(wizard->plan, &ask);
    wizard->opened_ms = app_steady_ms(wizard->screen.app);
    wizard->typed = (struct input){ 0 };
    wizard->targets_top = 0;
    wizard->focus = ask.reason_required && !wizard->reason.size
                        ? CONFIRM_REASON
                        : CONFIRM_ANSWER;
    app_discard_input(wizard->screen.app, WIZARD_DISCARD_MS);
}

static void confirm_layout(struct screen *screen, int rows, int columns)
{
    struct wizard *wizard = (struct wizard *)screen;

    wizard->rows = rows;
    wizard->columns = columns;
}

/* Another screen was on top, or the plan is read again: begin anew. */
static void confirm_news(struct screen *screen, unsigned news)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (news == ~0u || wizard_still_reading(wizard))
        confirm_enter(wizard);
}

/* ---- the other modes ---- */

static void draw_blocked(const struct wizard *wizard, struct canvas *body)
{
    struct sheet sheet = { 0 };

    sheet_put(&sheet, ROLE_TITLE, 3, "There is nothing to confirm.");
    sheet_gap(&sheet);
    for (uint32_t i = 0; i < kv_plan_target_count(wizard->plan); i++) {
        const struct kv_target *target = kv_plan_target(wizard->plan, i);

        sheet_putf(&sheet, wizard_role_of_target(target->state), 3, "%s  %s",
            target->name, kv_target_state_name(target->state));
        sheet_put(&sheet, ROLE_TEXT, 5, wizard_target_words(target));
    }
    sheet_gap(&sheet);
    sheet_put(&sheet, ROLE_DIM, 3, "Shift-Tab: back to the preview.");
    sheet_draw(&sheet, body, 0);
    sheet_done(&sheet);
    canvas_cursor(body, 0, 3);
}

/* Blank rows are for those who have rows to spare. */
static int gap_of(const struct canvas *body)
{
    return body->rows >= ROOMY_ROWS ? 1 : 0;
}

static void draw_note(struct canvas *body, const char *title, const char *text)
{
    int gap = gap_of(body);

    canvas_move(body, gap, 3);
    canvas_puts(body, ROLE_TITLE, title);
    canvas_move(body, 2 * gap + 1, 3);
    canvas_put_wrapped(body, ROLE_TEXT, text);
    canvas_cursor(body, gap, 3);
}

static void draw_too_many(const struct wizard *wizard, struct canvas *body)
{
    struct kv_confirmation ask;
    struct buf text = { .limit = 512 };

    kv_plan_confirmation(wizard->plan, &ask);
    buf_put_count(&text, ask.targets);
    buf_putf(&text,
        " targets are ready, %s: %s. Shift-Tab goes back to the preview, where "
        "o keeps only the target shown and e saves the plan; the others can "
        "follow in plans of their own.",
        kv_grade_name(ask.grade), ask.raised);
    draw_note(
        body, "These targets cannot be confirmed together.", buf_text(&text));
    buf_done(&text);
}

static void draw_offer(const struct wizard *wizard, struct canvas *body)
{
    draw_note(body, "READ-ONLY: nothing can be applied yet.",
        "Write mode lasts 30 minutes, is written to the journal and shown at "
        "the top of every screen. Switching it on changes nothing in Azure: "
        "the confirmation of this plan comes after it.");
    canvas_move(body, body->pen_row + gap_of(body), 3);
    canvas_puts(body, ROLE_TEXT, "Reason (optional):  ");
    input_draw(&wizard->reason, body, body->columns - body->pen_column - 1);
    canvas_move(body, body->pen_row + 1 + gap_of(body), 3);
    canvas_puts(body, ROLE_HINT_KEY, "Enter");
    canvas_puts(body, ROLE_TEXT, " switches write mode on   ");
    canvas_puts(body, ROLE_HINT_KEY, "Esc");
    canvas_puts(body, ROLE_TEXT, " cancels, nothing is changed");
}

static void confirm_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    struct canvas body = wizard_draw_bar(wizard, canvas);

    switch (mode_of(wizard)) {
    case CONFIRM_NOT_READ:
        draw_note(&body, "The targets are being read again ..",
            "The question comes when all of them are read.");
        break;
    case CONFIRM_NO_TARGET:
        draw_blocked(wizard, &body);
        break;
    case CONFIRM_TOO_MANY:
        draw_too_many(wizard, &body);
        break;
    case CONFIRM_READ_ONLY:
        draw_note(&body, "READ-ONLY: this plan cannot be applied here.",
            "Write mode is switched off by --read-only or by the "
            "configuration. The preview stays valid: y there shows the az "
            "command for those who may run it.");
        break;
    case CONFIRM_OFFER:
        draw_offer(wizard, &body);
        break;
    case CONFIRM_EXPIRED:
        draw_note(&body, "Five minutes have passed: cancelled.",
            "Nothing was changed. Any key goes back to the preview.");
        break;
    case CONFIRM_ASK:
        wizard_draw_question(wizard, &body);
        break;
    }
}

/* ---- answering ---- */

static bool is_blank(const struct input *input)
{
    return view_trim(view_of(input->text)).size == 0;
}

/* Why the answer does not count; NULL: it does. */
static const char *refusal_of(
    const struct wizard *wizard, const struct kv_confirmation *ask)
{
    if (wizard_left_ms(wizard, ask) > 0)
        return "not ready yet: read what it does";
    if (ask->reason_required && is_blank(&wizard->reason))
        return "a reason is needed; it is kept in the journal";
    if (ask->kind == KV_CONFIRM_KEY)
        return NULL;
    if (wizard->typed.pasted)
        return "pasted text does not confirm: clear it and type it";
    if (!wizard_text_matches(wizard, ask))
        return "that is not the text asked for; nothing was changed";
    return NULL;
}

static void answer(struct wizard *wizard, const struct kv_confirmation *ask)
{
    struct app *app = wizard->screen.app;
    const char *refusal = refusal_of(wizard, ask);
    struct kv_error err = { 0 };

    if (refusal) {
        app_notice(app, KV_NOTICE_INFO, "%s", refusal);
        return;
    }
    if (kv_session_run(app_session(app), wizard->plan,
            ask->kind == KV_CONFIRM_KEY ? "y" : wizard->typed.text,
            wizard->reason.text, &err) != KV_OK) {
        app_notice_error(app, &err);
        return;
    }
    app_keep_run(app, wizard->plan);
    wizard_go(wizard, WIZARD_APPLY);
}

static bool reason_key(struct wizard *wizard, struct key key)
{
    switch (input_key(&wizard->reason, key)) {
    case INPUT_CHANGED:
        return true;
    case INPUT_ENTER:
        wizard->focus = CONFIRM_ANSWER;
        return true;
    case INPUT_IGNORED:
    case INPUT_ESCAPE:
        return false;
    }
    return false;
}

static bool text_key(
    struct wizard *wizard, struct key key, const struct kv_confirmation *ask)
{
    switch (input_key(&wizard->typed, key)) {
    case INPUT_CHANGED:
        return true;
    case INPUT_ENTER:
        answer(wizard, ask);
        return true;
    case INPUT_IGNORED:
    case INPUT_ESCAPE:
        return false;
    }
    return false;
}

static bool yes_key(
    struct wizard *wizard, struct key key, const struct kv_confirmation *ask)
{
    if (key.pasted || key.code == CODE_ENTER || key.code == 'x')
        return true;
    if (key.code != 'y')
        return false;
    answer(wizard, ask);
    return true;
}

static bool move_key(
    struct wizard *wizard, uint32_t code, const struct kv_confirmation *ask)
{
    switch (code) {
    case CODE_TAB:
    case CODE_UP:
    case CODE_DOWN:
        if (wizard_asks_reason(ask))
            wizard->focus = wizard->focus == CONFIRM_REASON ? CONFIRM_ANSWER
                                                            : CONFIRM_REASON;
        return true;
    case CODE_PAGE_DOWN:
        if (wizard->targets_top + 1 < (int)ask->targets)
            wizard->targets_top++;
        return true;
    case CODE_PAGE_UP:
        wizard->targets_top -= wizard->targets_top > 0;
        return true;
    default:
        return false;
    }
}

static bool ask_key(struct wizard *wizard, struct key key)
{
    struct kv_confirmation ask;

    kv_plan_confirmation(wizard->plan, &ask);
    if (!key.pasted && move_key(wizard, key.code, &ask))
        return true;
    if (wizard->focus == CONFIRM_REASON)
        return reason_key(wizard, key);
    if (ask.kind == KV_CONFIRM_TEXT)
        return text_key(wizard, key, &ask);
    return yes_key(wizard, key, &ask);
}

/* Write mode on is a new confirmation: it arms, and drops keys, again. */
static bool offer_key(struct wizard *wizard, struct key key)
{
    switch (input_key(&wizard->reason, key)) {
    case INPUT_CHANGED:
        return true;
    case INPUT_ENTER:
        if (app_write_on(wizard->screen.app, wizard->reason.text))
            confirm_enter(wizard);
        return true;
    case INPUT_IGNORED:
    case INPUT_ESCAPE:
        return false;
    }
    return false;
}

static bool confirm_key(struct screen *screen, struct key key)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (!key.pasted && key.code == CODE_BACK_TAB) {
        wizard_backward(wizard);
        return true;
    }
    switch (mode_of(wizard)) {
    case CONFIRM_NOT_READ:
    case CONFIRM_NO_TARGET:
    case CONFIRM_TOO_MANY:
    case CONFIRM_READ_ONLY:
        return false;
    case CONFIRM_OFFER:
        return offer_key(wizard, key);
    case CONFIRM_EXPIRED:
        wizard_go(wizard, WIZARD_PREVIEW);
        return true;
    case CONFIRM_ASK:
        return ask_key(wizard, key);
    }
    return false;
}

/* Each second until it is armed, then once, when the time is over. */
static int confirm_due_ms(const struct screen *screen)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    struct kv_confirmation ask;
    int64_t left;

    if (mode_of(wizard) != CONFIRM_ASK)
        return -1;
    kv_plan_confirmation(wizard->plan, &ask);
    left = wizard_left_ms(wizard, &ask);
    if (left > 0)
        return (int)((left - 1) % 1000 + 1);
    return (int)(TIMEOUT_MS - wizard_open_ms(wizard));
}

/* Suspended, or too small to be read: nobody answers a question unseen. */
static void confirm_interrupted(struct screen *screen)
{
    wizard_go((struct wizard *)screen, WIZARD_PREVIEW);
    app_notice(screen->app, KV_NOTICE_INFO,
        "the confirmation was cancelled, nothing was changed");
}

static bool is_asking(const struct screen *screen)
{
    return mode_of((const struct wizard *)screen) == CONFIRM_ASK;
}

static bool has_two_fields(const struct screen *screen)
{
    struct kv_confirmation ask;

    kv_plan_confirmation(((const struct wizard *)screen)->plan, &ask);
    return is_asking(screen) && wizard_asks_reason(&ask);
}

/* All of it is a question: no map of keys comes near the answer. */
static bool confirm_typing(const struct screen *screen)
{
    (void)screen;
    return true;
}

static const struct binding confirm_bindings[] = {
    {
        .name = "other-field",
        .key = CODE_TAB,
        .hint = "other field",
        .help = "between the reason and the answer",
        .allowed = has_two_fields,
        .why_not = "only one thing is asked for",
    },
    {
        .name = "previous-step",
        .key = CODE_BACK_TAB,
        .hint = "preview",
        .help = "back to the preview, nothing is changed",
    },
    {
        .name = "page-down",
        .key = CODE_PAGE_DOWN,
        .help = "more targets",
        .allowed = is_asking,
        .why_not = "nothing is asked for",
    },
    { 0 },
};

const struct wizard_page wizard_confirm = {
    .ops = {
        .title = "Fix",
        .about = "Step 4: the question. It is answered by typing what it asks "
                 "for; everything else changes nothing.",
        .close = wizard_close,
        .layout = confirm_layout,
        .draw = confirm_draw,
        .head = wizard_head,
        .key = confirm_key,
        .typing = confirm_typing,
        .news = confirm_news,
        .due_ms = confirm_due_ms,
        .leave = wizard_leave,
        .interrupted = confirm_interrupted,
        .environment = wizard_environment,
        .bindings = confirm_bindings,
    },
    .enter = confirm_enter,
};
