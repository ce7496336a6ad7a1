/* Step 3: for each target the fields before and after, who would lose access,
 * the checks, and the exact request. */
#include "screen_wizard.h"

#include <stdio.h>
#include <string.h>

#include "export.h"
#include "screen_text.h"

/* Two halves side by side from this width on. */
/* How long the reading of targets goes on before it is said how long it will,
 * and what is not worth saying. */
#define GUESS_MS 5000
#define GUESS_LEAST_S 20
#define WIDE_COLUMNS 110
/* The target's line, and a gap. */
#define HEAD_ROWS 2
#define COMMANDS_LIMIT (1u << 20)

/* ---- what there is to say about a target ---- */

static void put_value(
    struct sheet *out, enum role role, const char *mark, const char *value)
{
    sheet_pair(out, role, 6, mark, value ? value : "(absent)");
}

static void put_change(struct sheet *out, const struct kv_change *change)
{
    bool kept = change->before && change->after &&
                strcmp(change->before, change->after) == 0;

    sheet_put(out, ROLE_TEXT, 3, change->path);
    if (kept) {
        put_value(out, ROLE_TEXT, "=", change->before);
    } else {
        put_value(out, ROLE_REMOVED, "-", change->before);
        put_value(out, ROLE_ADDED, "+", change->after);
    }
    if (change->note)
        sheet_put(out, ROLE_DIM, 6, change->note);
}

/* Of several steps each has a heading, and a wait behind it. */
static void put_step(
    struct sheet *out, const struct kv_target *target, uint32_t step)
{
    const struct kv_request *request = &target->requests[step];

    if (target->request_count > 1)
        sheet_putf(out, ROLE_TITLE, 1, "%u of %u  %s", step + 1,
            target->request_count, request->what ? request->what : "");
    for (uint32_t i = 0; i < target->change_count; i++)
        if (target->changes[i].request == step)
            put_change(out, &target->changes[i]);
    if (request->wait_s > 0)
        sheet_putf(out, ROLE_DIM, 3, "then waits %lld s until it is in effect",
            (long long)request->wait_s);
}

void wizard_put_diff(struct sheet *out, const struct kv_target *target)
{
    if (target->state == KV_TARGET_READING) {
        sheet_put(out, ROLE_UNKNOWN, 1, "This target is being read ..");
        return;
    }
    if (!target->change_count)
        sheet_put(out, ROLE_TEXT, 1, "No field would change.");
    for (uint32_t i = 0; i < target->request_count; i++)
        put_step(out, target, i);
}

static enum role role_of_check(enum kv_check_state state)
{
    switch (state) {
    case KV_CHECK_OK:
        return ROLE_TEXT;
    case KV_CHECK_WARN:
        return ROLE_MEDIUM;
    case KV_CHECK_UNKNOWN:
        return ROLE_UNKNOWN;
    case KV_CHECK_BLOCK:
        return ROLE_HIGH;
    }
    return ROLE_TEXT;
}

/* What stands in the way first. */
static void put_checks(struct sheet *out, const struct kv_target *target)
{
    static const enum kv_check_state order[] = {
        KV_CHECK_BLOCK,
        KV_CHECK_WARN,
        KV_CHECK_UNKNOWN,
        KV_CHECK_OK,
    };
    const char *label = "CHECKS";

    for (size_t i = 0; i < sizeof(order) / sizeof *(order); i++)
        for (uint32_t j = 0; j < target->check_count; j++) {
            const struct kv_check *check = &target->checks[j];
            char mark[32];

            if (check->state != order[i])
                continue;
            snprintf(mark, sizeof(mark), "%-*s%s", WIZARD_INDENT - 1, label,
                kv_check_state_mark(check->state));
            sheet_pair(out, role_of_check(check->state), WIZARD_INDENT + 6,
                mark, check->text);
            label = "";
        }
}

static void put_if(struct sheet *out, const char *label, const char *text)
{
    if (text && *text)
        sheet_pair(out, ROLE_TEXT, WIZARD_INDENT, label, text);
}

void wizard_put_facts(struct sheet *out, const struct kv_target *target)
{
    if (target->state == KV_TARGET_READING)
        return;
    put_if(out, "IMPACT", target->impact);
    put_checks(out, target);
    put_if(out, "UNDO", target->undo);
    put_if(out, "TAKES", target->takes);
}

void wizard_put_request(struct sheet *out, const struct kv_target *target)
{
    if (target->state == KV_TARGET_READING)
        return;
    for (uint32_t i = 0; i < target->request_count; i++) {
        const struct kv_request *request = &target->requests[i];

        sheet_pair(out, ROLE_TEXT, WIZARD_INDENT, "REQUEST", request->method);
        sheet_put(out, ROLE_TEXT, WIZARD_INDENT, request->path);
        put_if(out, "BODY", request->body);
        put_if(out, "AZ", request->az);
    }
}

/* ---- the sheets ---- */

static bool is_wide(const struct wizard *wizard)
{
    return wizard->columns >= WIDE_COLUMNS;
}

static const struct kv_target *target_of(const struct wizard *wizard)
{
    return kv_plan_target(wizard->plan, wizard->target);
}

static bool says_why(enum kv_target_state state)
{
    return state == KV_TARGET_BLOCKED || state == KV_TARGET_NOTHING ||
           state == KV_TARGET_STOPPED;
}

static void make_sheets(struct wizard *wizard)
{
    const struct kv_target *target = target_of(wizard);
    bool wide = is_wide(wizard);
    struct sheet *diff = wide ? &wizard->right : &wizard->sheet;

    sheet_done(&wizard->sheet);
    sheet_done(&wizard->right);
    if (says_why(target->state)) {
        sheet_pair(&wizard->sheet, wizard_role_of_target(target->state),
            WIZARD_INDENT,
            target->state == KV_TARGET_BLOCKED ? "BLOCKED" : "LEFT OUT",
            target->message ? target->message
                            : kv_target_state_name(target->state));
        sheet_gap(&wizard->sheet);
    }
    wizard_put_diff(diff, target);
    sheet_gap(diff);
    wizard_put_facts(&wizard->sheet, target);
    wizard_put_request(diff, target);
}

/* The longer half says how far one can scroll. */
static const struct sheet *scrolled_sheet(const struct wizard *wizard)
{
    int left = sheet_rows(&wizard->sheet, wizard->view.columns);
    int right = sheet_rows(&wizard->right, wizard->view.columns);

    return right > left ? &wizard->right : &wizard->sheet;
}

static void preview_layout(struct screen *screen, int rows, int columns)
{
    struct wizard *wizard = (struct wizard *)screen;

    wizard->rows = rows;
    wizard->columns = columns;
    wizard->view.rows = rows - WIZARD_TOP_ROWS - HEAD_ROWS - 1;
    wizard->view.columns = is_wide(wizard) ? columns / 2 - 1 : columns;
    make_sheets(wizard);
    sheet_fit(scrolled_sheet(wizard), &wizard->view);
}

static void preview_enter(struct wizard *wizard)
{
    uint32_t count = kv_plan_target_count(wizard->plan);

    if (wizard->target >= count)
        wizard->target = 0;
    wizard->view.top = 0;
    wizard_refresh_targets(wizard);
}

static void preview_news(struct screen *screen, unsigned news)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (news & KV_NEWS_PLAN)
        preview_layout(screen, wizard->rows, wizard->columns);
    if (wizard->wants_confirm && !wizard_still_reading(wizard))
        wizard_forward(wizard);
}

/* ---- drawing ---- */

static void draw_target_line(const struct wizard *wizard, struct canvas *row)
{
    const struct kv_target *target = target_of(wizard);
    struct buf place = { .limit = 64 };
    struct buf right = { .limit = 128 };

    canvas_move(row, 0, 1);
    buf_put_of(&place, (uint64_t)wizard->target + 1,
        kv_plan_target_count(wizard->plan));
    canvas_putf(row, ROLE_DIM, "target %s  ", buf_text(&place));
    buf_done(&place);
    canvas_puts(row, ROLE_TITLE, target->name);
    canvas_puts(row, ROLE_TEXT, "  ");
    canvas_puts(row, wizard_role_of_target(target->state),
        kv_target_state_name(target->state));
    if (target->read_at_s) {
        buf_puts(&right, "re-read ");
        buf_put_age(&right, app_now_s(wizard->screen.app) - target->read_at_s);
        buf_puts(&right, " ago");
        canvas_put_before(row, ROLE_DIM, row->columns - 1, buf_text(&right));
    }
    buf_done(&right);
}

/* At the speed so far, once that says something; nothing for what ends soon. */
static void put_time_left(
    struct buf *out, const struct wizard *wizard, uint32_t read, uint32_t left)
{
    int64_t so_far_ms = app_steady_ms(wizard->screen.app) - wizard->reading_ms;
    int64_t left_s;

    if (!read || so_far_ms < GUESS_MS)
        return;
    left_s = so_far_ms * left / read / 1000;
    if (left_s < GUESS_LEAST_S)
        return;
    buf_puts(out, "  about ");
    buf_put_age(out, left_s);
    buf_puts(out, " left");
}

static void draw_reading(const struct wizard *wizard, struct canvas *row)
{
    uint32_t all = kv_plan_target_count(wizard->plan);
    uint32_t reading = kv_plan_count(wizard->plan, KV_TARGET_READING);
    struct buf text = { .limit = 128 };

    if (!wizard_still_reading(wizard))
        return;
    canvas_move(row, 0, 1);
    buf_puts(&text, "reading the targets live: ");
    buf_put_of(&text, all - reading, all);
    buf_puts(&text, " read ..");
    put_time_left(&text, wizard, all - reading, reading);
    canvas_puts(row, ROLE_UNKNOWN, buf_text(&text));
    buf_done(&text);
}

static void preview_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    struct canvas body = wizard_draw_bar(wizard, canvas);
    int rows = wizard->view.rows;
    int columns = wizard->view.columns;
    struct canvas left = canvas_part(&body, HEAD_ROWS, 0, rows, columns);
    struct canvas right = canvas_part(
        &body, HEAD_ROWS, columns + 1, rows, body.columns - columns - 1);
    struct canvas place = canvas_part(&body, HEAD_ROWS + rows, 0, 1, columns);

    draw_target_line(wizard, &body);
    sheet_draw(&wizard->sheet, &left, wizard->view.top);
    if (is_wide(wizard))
        sheet_draw(&wizard->right, &right, wizard->view.top);
    if (wizard_still_reading(wizard))
        draw_reading(wizard, &place);
    else
        sheet_draw_place(
            scrolled_sheet(wizard), &place, wizard->view.top, rows);
    canvas_cursor(&body, 0, 0);
}

/* ---- keys ---- */

static bool preview_key(struct screen *screen, struct key key)
{
    struct wizard *wizard = (struct wizard *)screen;

    return !key.pasted &&
           sheet_key(scrolled_sheet(wizard), &wizard->view, key.code);
}

static void show_target(struct wizard *wizard, uint32_t target)
{
    wizard->target = target;
    wizard->view.top = 0;
    preview_layout(&wizard->screen, wizard->rows, wizard->columns);
}

static void next_target(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;
    uint32_t count = kv_plan_target_count(wizard->plan);

    show_target(wizard, (wizard->target + 1) % count);
}

static void previous_target(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;
    uint32_t count = kv_plan_target_count(wizard->plan);

    show_target(wizard, (wizard->target + count - 1) % count);
}

static void drop(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;

    kv_session_plan_drop_target(
        app_session(screen->app), wizard->plan, wizard->target);
    preview_news(screen, KV_NEWS_PLAN);
}

/* What cannot be undone is confirmed one target at a time. */
static void keep_only(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;
    uint32_t count = kv_plan_target_count(wizard->plan);

    for (uint32_t i = 0; i < count; i++)
        if (i != wizard->target &&
            kv_plan_target(wizard->plan, i)->state == KV_TARGET_READY)
            kv_session_plan_drop_target(
                app_session(screen->app), wizard->plan, i);
    app_notice(screen->app, KV_NOTICE_INFO,
        "all others are left out; the wizard can be opened for them again");
    preview_news(screen, KV_NEWS_PLAN);
}

static bool has_several(const struct screen *screen)
{
    return kv_plan_target_count(((const struct wizard *)screen)->plan) > 1;
}

static void refresh(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;

    wizard->reading_ms = app_steady_ms(screen->app);
    kv_session_plan_refresh(app_session(screen->app), wizard->plan);
    preview_news(screen, KV_NEWS_PLAN);
}

static void send_az(struct app *app, const char *az)
{
    struct buf text = { .limit = SIZE_MAX };

    buf_put_visible(&text, view_of(az), false);
    if (app_copy(app, buf_view(&text)))
        app_notice(app, KV_NOTICE_INFO,
            "the az command was sent to the terminal (OSC 52), not "
            "verifiable; here it is as text");
    buf_done(&text);
}

static void copy(struct screen *screen)
{
    const struct kv_target *target = target_of((struct wizard *)screen);
    struct buf commands = { .limit = COMMANDS_LIMIT };
    struct sheet sheet = { 0 };

    for (uint32_t i = 0; i < target->request_count; i++) {
        const struct kv_request *request = &target->requests[i];

        buf_putf(&commands, "%s%s", i ? "\n" : "", request->az);
        sheet_put(&sheet, ROLE_TEXT, 0, request->az);
        sheet_gap(&sheet);
        sheet_putf(
            &sheet, ROLE_TEXT, 0, "%s %s", request->method, request->path);
        if (request->body)
            sheet_put(&sheet, ROLE_TEXT, 0, request->body);
    }
    if (!sheet.count)
        sheet_put(&sheet, ROLE_TEXT, 1, "There is no request to show yet.");
    if (commands.size > 0)
        send_az(screen->app, buf_text(&commands));
    buf_done(&commands);
    screen_open_text(screen->app, "Copy", &sheet);
}

/* For whoever has to approve it, or runs it later: kvgov fix --plan. */
static void save(struct screen *screen)
{
    const struct kv_plan *plan = ((struct wizard *)screen)->plan;
    struct buf text = { .limit = COMMANDS_LIMIT * 64 };
    struct buf path = { .limit = 4096 };
    struct kv_error err = { 0 };

    if (kv_plan_put(plan, "json", &text, &err) == KV_OK &&
        export_save(kv_plan_id(plan), "json", app_now_s(screen->app),
            buf_view(&text), &path, &err) == KV_OK)
        app_notice(screen->app, KV_NOTICE_DONE,
            "saved to %s; kvgov fix --plan runs it", buf_text(&path));
    else
        app_notice_error(screen->app, &err);
    buf_done(&text);
    buf_done(&path);
}

static const struct binding preview_bindings[] = {
    {
        .name = "next-step",
        .key = CODE_ENTER,
        .also = CODE_TAB,
        .hint = "confirm",
        .help = "on to the confirmation; nothing is changed yet",
        .run = wizard_next_key,
    },
    {
        .name = "next-target",
        .key = 'n',
        .also = CODE_RIGHT,
        .hint = "next target",
        .help = "the next target",
        .run = next_target,
        .allowed = has_several,
        .why_not = "there is only one target",
    },
    {
        .name = "previous-target",
        .key = 'p',
        .also = CODE_LEFT,
        .help = "the previous target",
        .run = previous_target,
        .allowed = has_several,
        .why_not = "there is only one target",
    },
    {
        .name = "drop",
        .key = 'd',
        .hint = "drop target",
        .help = "leave this target alone",
        .run = drop,
    },
    {
        .name = "only-this",
        .key = 'o',
        .hint = "only this",
        .help = "leave all other targets alone",
        .run = keep_only,
        .allowed = has_several,
        .why_not = "there is only one target",
    },
    {
        .name = "reread",
        .key = 'r',
        .also = CODE_F5,
        .hint = "re-read",
        .help = "read all targets again",
        .run = refresh,
    },
    {
        .name = "save-plan",
        .key = 'e',
        .hint = "save plan",
        .help = "write the plan to a file, to be approved or run later",
        .run = save,
    },
    {
        .name = "copy",
        .key = 'y',
        .hint = "copy",
        .help = "copy the az command; shows it and the request as text",
        .run = copy,
    },
    {
        .name = "previous-step",
        .key = CODE_BACK_TAB,
        .help = "back to the step before",
        .run = wizard_previous_key,
    },
    { 0 },
};

const struct wizard_page wizard_preview = {
    .ops = {
        .title = "Fix",
        .about = "Step 3: every field before and after, who would lose "
                 "access, the checks, the request.",
        .close = wizard_close,
        .layout = preview_layout,
        .draw = preview_draw,
        .head = wizard_head,
        .key = preview_key,
        .news = preview_news,
        .leave = wizard_leave,
        .environment = wizard_environment,
        .bindings = preview_bindings,
    },
    .enter = preview_enter,
};
