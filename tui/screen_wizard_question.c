/* The question of step 4: what is about to happen, to what, how dangerous it
 * is, and the fields that answer it. Drawing only. */
#include "screen_wizard.h"

#include <string.h>

#define BANNER_ROWS 3
/* The prompt and the field; a reason is one more. */
#define ANSWER_ROWS 2
#define TARGETS_MIN 1
/* From this many rows on there is room for a large banner and blank rows. */
#define ROOMY_ROWS 14
/* And from this many columns on for a longer prompt. */
#define WIDE_COLUMNS 80

/* ---- when an answer counts ---- */

int64_t wizard_open_ms(const struct wizard *wizard)
{
    return app_steady_ms(wizard->screen.app) - wizard->opened_ms;
}

bool wizard_asks_reason(const struct kv_confirmation *ask)
{
    return ask->reason_required || ask->kind == KV_CONFIRM_TEXT;
}

/* Milliseconds until an answer counts; 0: it does. */
int64_t wizard_left_ms(
    const struct wizard *wizard, const struct kv_confirmation *ask)
{
    int64_t hold_ms =
        ask->hold_ms > WIZARD_DISCARD_MS ? ask->hold_ms : WIZARD_DISCARD_MS;
    int64_t left = hold_ms - wizard_open_ms(wizard);

    return left > 0 ? left : 0;
}

/* ---- what is asked ---- */

static void draw_banner(
    struct canvas *canvas, const struct kv_confirmation *ask)
{
    const char *text =
        ask->cannot_be_undone
            ? "THIS CANNOT BE UNDONE - by you, by your admins, or by Microsoft"
            : "THIS CAN LOCK PEOPLE OUT - read why below before you answer";
    int width = canvas->columns - 2;

    for (int row = 0; row < canvas->rows; row++) {
        canvas_move(canvas, row, 1);
        canvas_fill(canvas, ROLE_BANNER, width, '#');
    }
    canvas_move(canvas, canvas->rows / 2, 1);
    canvas_puts(canvas, ROLE_BANNER, "##  ");
    canvas_put_left(canvas, ROLE_BANNER, width - 8, text);
    canvas_puts(canvas, ROLE_BANNER, "  ##");
}

/* "vaults", "managed HSM"; "resources" where both are meant. */
static const char *noun_of(const struct wizard *wizard, uint32_t count)
{
    const struct kv_estate *estate = app_estate(wizard->screen.app);
    uint32_t kinds = 0; /* 1u << enum kv_kind */

    for (uint32_t i = 0; i < kv_plan_target_count(wizard->plan); i++) {
        const struct kv_target *target = kv_plan_target(wizard->plan, i);

        if (target->state == KV_TARGET_READY &&
            target->resource < kv_estate_resource_count(estate))
            kinds |= 1u << kv_estate_resource(estate, target->resource)->kind;
    }
    if (kinds == 1u << KV_KIND_VAULT)
        return count == 1 ? "vault" : "vaults";
    if (kinds == 1u << KV_KIND_HSM)
        return count == 1 ? "managed HSM" : "managed HSMs";
    return count == 1 ? "resource" : "resources";
}

/* What the ready targets say of undo: in their words where all say the same. */
static const char *undo_words(const struct kv_plan *plan)
{
    const char *words = NULL;
    bool same = true;
    bool all = true;

    for (uint32_t i = 0; i < kv_plan_target_count(plan); i++) {
        const struct kv_target *target = kv_plan_target(plan, i);

        if (target->state != KV_TARGET_READY || !target->undo)
            continue;
        all = all && strncmp(target->undo, "yes", 3) == 0;
        same = same && (!words || strcmp(words, target->undo) == 0);
        words = target->undo;
    }
    if (!words)
        return "UNKNOWN";
    if (same)
        return words;
    return all ? "yes for all, the preview says how for each"
               : "NOT for all, the preview says for which";
}

static void put_sentence(struct sheet *out, const struct wizard *wizard,
    const struct kv_confirmation *ask)
{
    const struct kv_remedy *remedy = kv_plan_remedy(wizard->plan);
    const char *cloud = kv_session_cloud(app_session(wizard->screen.app));
    const char *noun = noun_of(wizard, ask->targets);
    struct buf count = { .limit = 32 };

    buf_put_count(&count, ask->targets);
    if (kv_plan_is_undo(wizard->plan))
        sheet_putf(out, ROLE_TEXT, 3,
            "You are about to take back \"%s\" on %s %s in %s.", remedy->title,
            buf_text(&count), noun, cloud);
    else
        sheet_putf(out, ROLE_TEXT, 3, "You are about to %s %s %s in %s.",
            remedy->sentence, buf_text(&count), noun, cloud);
    buf_done(&count);
}

static void put_environment(struct buf *out, const struct wizard *wizard,
    const struct kv_confirmation *ask, enum kv_environment environment,
    const char *words)
{
    uint32_t count = wizard_count_in(wizard, environment);

    if (!count)
        return;
    buf_puts(out, ", ");
    if (ask->targets > 1) {
        buf_put_count(out, count);
        buf_putc(out, ' ');
    }
    buf_puts(out, words);
}

/* "G2 can cut access   3 targets, 2 in production" */
static void put_what(struct buf *out, const struct wizard *wizard,
    const struct kv_confirmation *ask)
{
    buf_putf(out, "%s   ", kv_grade_name(ask->grade));
    buf_put_count(out, ask->targets);
    buf_puts(out, ask->targets == 1 ? " target" : " targets");
    put_environment(
        out, wizard, ask, KV_ENVIRONMENT_PRODUCTION, "in production");
    put_environment(out, wizard, ask, KV_ENVIRONMENT_UNTOLD,
        "perhaps in production: no tag says");
}

static void put_question(struct sheet *out, const struct wizard *wizard,
    const struct kv_confirmation *ask)
{
    bool safe = ask->grade == KV_GRADE_SAFE;
    struct buf what = { .limit = 256 };

    put_what(&what, wizard, ask);
    sheet_put(out, safe ? ROLE_TITLE : ROLE_HIGH, 3, buf_text(&what));
    buf_done(&what);
    put_sentence(out, wizard, ask);
    if (ask->raised[0])
        sheet_put(out, ROLE_UNKNOWN, 3, ask->raised);
    if (ask->cannot_be_undone)
        sheet_put(out, ROLE_HIGH, 3, "NO undo: the journal will offer none.");
    else
        sheet_putf(out, ROLE_TEXT, 3, "Undo: %s.", undo_words(wizard->plan));
}

/* ---- the targets ---- */

#define TARGET_COLUMN 5
#define TARGET_CELLS 25

/* Each ready target with who would lose what, in full. */
static void put_targets(struct sheet *out, const struct kv_plan *plan)
{
    for (uint32_t i = 0; i < kv_plan_target_count(plan); i++) {
        const struct kv_target *target = kv_plan_target(plan, i);

        if (target->state == KV_TARGET_READY)
            sheet_putf(out, ROLE_TEXT, TARGET_COLUMN, "%s: %s", target->name,
                target->impact ? target->impact : "impact UNKNOWN");
    }
}

/* The n-th that is ready. */
static const struct kv_target *ready_target(
    const struct kv_plan *plan, uint32_t number)
{
    for (uint32_t i = 0; i < kv_plan_target_count(plan); i++) {
        const struct kv_target *target = kv_plan_target(plan, i);

        if (target->state == KV_TARGET_READY && number-- == 0)
            return target;
    }
    return NULL;
}

/* One row for each, scrolled: names come before words. */
static void draw_rows(const struct wizard *wizard, struct canvas *canvas)
{
    for (int row = 0; row < canvas->rows; row++) {
        uint32_t number = (uint32_t)(wizard->targets_top + row);
        const struct kv_target *target = ready_target(wizard->plan, number);

        if (!target)
            break;
        canvas_move(canvas, row, TARGET_COLUMN);
        canvas_put_left(canvas, ROLE_TITLE, TARGET_CELLS, target->name);
        canvas_puts(canvas, ROLE_TEXT, " ");
        canvas_put_left(canvas, ROLE_TEXT,
            canvas->columns - canvas->pen_column - 1,
            target->impact ? target->impact : "impact UNKNOWN");
    }
}

/* In full where there is room, else a row each. Returns the rows used. */
static int draw_targets(const struct wizard *wizard, struct canvas *canvas,
    const struct kv_confirmation *ask)
{
    bool few = ask->targets <= (uint32_t)canvas->rows;
    struct sheet sheet = { 0 };
    int rows;

    if (few)
        put_targets(&sheet, wizard->plan);
    rows = sheet_rows(&sheet, canvas->columns);
    if (few && rows <= canvas->rows) {
        sheet_draw(&sheet, canvas, 0);
    } else {
        draw_rows(wizard, canvas);
        rows =
            (int)ask->targets < canvas->rows ? (int)ask->targets : canvas->rows;
    }
    sheet_done(&sheet);
    return rows;
}

static void put_sum(struct buf *out, const struct wizard *wizard,
    const struct kv_confirmation *ask, bool listed)
{
    uint32_t all = kv_plan_target_count(wizard->plan);

    buf_clear(out);
    buf_puts(out, "Nothing is hidden: ");
    if (listed) {
        buf_put_count(out, ask->targets);
        buf_puts(out, " listed, ");
    }
    buf_put_count(out, ask->targets);
    buf_puts(out, " will be changed, ");
    buf_put_count(out, all - ask->targets);
    buf_puts(out, " left out.");
}

/* Nothing of the plan is hidden, and here is the sum that shows it: without its
 * first part where that has no room. */
static void draw_sum(const struct wizard *wizard, struct canvas *canvas,
    const struct kv_confirmation *ask, int shown)
{
    const char *more = (uint32_t)shown < ask->targets ? " PgDn: more." : "";
    int room = canvas->columns - canvas->pen_column - (int)strlen(more);
    struct buf text = { .limit = 256 };

    put_sum(&text, wizard, ask, true);
    if ((int)text.size > room)
        put_sum(&text, wizard, ask, false);
    buf_puts(&text, more);
    canvas_puts(canvas, ROLE_DIM, buf_text(&text));
    buf_done(&text);
}

/* ---- the answer ---- */

bool wizard_text_matches(
    const struct wizard *wizard, const struct kv_confirmation *ask)
{
    return strcmp(wizard->typed.text, ask->expect) == 0;
}

static void draw_readiness(const struct wizard *wizard, struct canvas *canvas,
    const struct kv_confirmation *ask)
{
    int64_t left = wizard_left_ms(wizard, ask);

    if (left > 0)
        canvas_putf(canvas, ROLE_DIM, "ready in %ds", (int)(left + 999) / 1000);
    else if (ask->reason_required && !wizard->reason.size)
        canvas_puts(canvas, ROLE_DIM, "a reason is needed");
    else if (wizard->typed.pasted)
        canvas_puts(canvas, ROLE_UNKNOWN, "pasted text does not confirm");
    else if (ask->kind == KV_CONFIRM_TEXT && wizard_text_matches(wizard, ask))
        canvas_puts(canvas, ROLE_TITLE, "the text matches: Enter applies");
}

static void draw_field(
    struct canvas *canvas, const struct input *input, bool focused, int width)
{
    if (focused)
        input_draw(input, canvas, width);
    else
        canvas_put_left(canvas, ROLE_INPUT, width, input->text);
}

static void draw_reason(const struct wizard *wizard, struct canvas *canvas,
    const struct kv_confirmation *ask)
{
    bool focused = wizard->focus == CONFIRM_REASON;

    canvas_puts(canvas, ROLE_TEXT,
        ask->reason_required ? "Reason (kept in the journal):  "
                             : "Reason (optional):  ");
    draw_field(canvas, &wizard->reason, focused,
        canvas->columns - canvas->pen_column - 1);
}

static void draw_prompt(
    struct canvas *canvas, const struct kv_confirmation *ask)
{
    if (ask->kind == KV_CONFIRM_KEY) {
        canvas_puts(canvas, ROLE_TEXT, "Press  ");
        canvas_puts(canvas, ROLE_HINT_KEY, "y");
        canvas_puts(canvas, ROLE_TEXT,
            "  to apply, or Esc to cancel. Enter does nothing here.");
        return;
    }
    canvas_puts(canvas, ROLE_TEXT, "Type  ");
    canvas_puts(canvas, ROLE_HINT_KEY, ask->expect);
    canvas_puts(canvas, ROLE_TEXT,
        canvas->columns < WIDE_COLUMNS
            ? "  then Enter. Esc cancels."
            : "  and press Enter to apply, or Esc to cancel.");
}

/* The focused field is drawn last: the cursor rests in it. */
static void draw_answer(const struct wizard *wizard, struct canvas *canvas,
    const struct kv_confirmation *ask)
{
    bool focused = wizard->focus == CONFIRM_ANSWER;
    int row = 0;

    if (wizard_asks_reason(ask)) {
        canvas_move(canvas, row++, 3);
        draw_reason(wizard, canvas, ask);
    }
    canvas_move(canvas, row++, 3);
    draw_prompt(canvas, ask);
    canvas_move(canvas, row, 3);
    if (ask->kind == KV_CONFIRM_TEXT) {
        canvas_puts(canvas, ROLE_TEXT, "> ");
        draw_field(canvas, &wizard->typed, focused, 34);
    } else if (focused) {
        canvas_cursor(canvas, row, 3);
    }
    canvas->pen_column = 42;
    draw_readiness(wizard, canvas, ask);
}

/* Banner, question, targets, sum, answer; the targets get what is left, and
 * the answer never has to go without its rows. */
void wizard_draw_question(const struct wizard *wizard, struct canvas *body)
{
    bool roomy = body->rows >= ROOMY_ROWS;
    struct kv_confirmation ask;
    struct sheet question = { 0 };
    struct canvas part;
    int row = 0;
    int last; /* the first row of the answer, at the latest */
    int rows;

    kv_plan_confirmation(wizard->plan, &ask);
    last = body->rows - ANSWER_ROWS - wizard_asks_reason(&ask);
    if (ask.grade == KV_GRADE_ONE_WAY) {
        row = roomy ? BANNER_ROWS : 1;
        part = canvas_part(body, 0, 0, row, body->columns);
        draw_banner(&part, &ask);
    }
    put_question(&question, wizard, &ask);
    rows = sheet_rows(&question, body->columns);
    if (rows > last - TARGETS_MIN - 1 - row)
        rows = last - TARGETS_MIN - 1 - row;
    part = canvas_part(body, row, 0, rows, body->columns);
    sheet_draw(&question, &part, 0);
    sheet_done(&question);
    row += rows;

    part = canvas_part(body, row, 0, last - 1 - roomy - row, body->columns);
    rows = draw_targets(wizard, &part, &ask);
    row += rows;
    canvas_move(body, row, 3);
    draw_sum(wizard, body, &ask, rows);
    row += 1 + roomy;
    part = canvas_part(body, row, 0, body->rows - row, body->columns);
    draw_answer(wizard, &part, &ask);
}
