/* Step 1: what the remedy does and to what. The targets were pinned when the
 * wizard was opened; they can only become fewer. */
#include "screen_wizard.h"

#include "screen_text.h"

/* Below the list: a rule, the target, its words. */
#define WORDS_ROWS 5

/* ---- what several steps say of targets ---- */

bool wizard_still_reading(const struct wizard *wizard)
{
    return kv_plan_state(wizard->plan) == KV_PLAN_READING;
}

void wizard_put_counts(struct buf *out, const struct kv_plan *plan)
{
    size_t before = out->size;

    for (unsigned i = KV_TARGET_READING; i <= KV_TARGET_STOPPED; i++) {
        uint32_t count = kv_plan_count(plan, (enum kv_target_state)i);

        if (!count)
            continue;
        if (out->size > before)
            buf_puts(out, ", ");
        buf_put_count(out, count);
        buf_putf(out, " %s", kv_target_state_name((enum kv_target_state)i));
    }
}

enum role wizard_role_of_target(enum kv_target_state state)
{
    switch (state) {
    case KV_TARGET_READING:
    case KV_TARGET_NOTHING:
    case KV_TARGET_WAITING:
    case KV_TARGET_STOPPED:
        return ROLE_DIM;
    case KV_TARGET_READY:
    case KV_TARGET_GUARD:
    case KV_TARGET_WRITING:
    case KV_TARGET_OPERATION:
    case KV_TARGET_VERIFYING:
    case KV_TARGET_SETTLING:
        return ROLE_TEXT;
    case KV_TARGET_DONE:
        return ROLE_PASS;
    case KV_TARGET_UNVERIFIED:
    case KV_TARGET_IN_DOUBT:
        return ROLE_UNKNOWN;
    case KV_TARGET_BLOCKED:
    case KV_TARGET_SKIPPED:
        return ROLE_MEDIUM;
    case KV_TARGET_FAILED:
        return ROLE_HIGH;
    }
    return ROLE_TEXT;
}

const char *wizard_target_words(const struct kv_target *target)
{
    if (target->message && *target->message)
        return target->message;
    if (target->state == KV_TARGET_READING)
        return "..";
    return target->impact ? target->impact : "-";
}

static const char *subscription_of(
    const struct wizard *wizard, const struct kv_target *target)
{
    const struct kv_estate *estate = app_estate(wizard->screen.app);
    const struct kv_subscription *one;

    if (target->resource >= kv_estate_resource_count(estate))
        return "?";
    one = kv_estate_subscription(
        estate, kv_estate_resource(estate, target->resource)->subscription);
    return one->name ? one->name : one->id;
}

static void targets_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct wizard *wizard = context;
    const struct kv_target *target = kv_plan_target(wizard->plan, item);

    switch (column) {
    case 0:
        buf_puts(&out->text, target->name);
        break;
    case 1:
        buf_puts(&out->text, kv_target_state_name(target->state));
        out->role = wizard_role_of_target(target->state);
        break;
    case 2:
        buf_puts(&out->text, wizard_target_words(target));
        break;
    default:
        buf_puts(&out->text, subscription_of(wizard, target));
        break;
    }
}

static const struct list_column columns[] = {
    { .title = "TARGET", .width_cells = 25 },
    { .title = "STATE", .width_cells = 13 },
    { .title = "WHAT" },
    { .title = "SUBSCRIPTION", .width_cells = 24, .appears_at = 110 },
};

static const struct list_ops targets_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = 0,
    .cell = targets_cell,
    .no_marks = true,
};

void wizard_refresh_targets(struct wizard *wizard)
{
    if (!wizard->targets.ops)
        list_init(&wizard->targets, &targets_list, wizard);
    list_refresh(&wizard->targets, kv_plan_target_count(wizard->plan));
}

/* Opens everything about a target as a document. */
void wizard_open_target(struct wizard *wizard, uint32_t index)
{
    const struct kv_target *target;
    struct sheet sheet = { 0 };

    if (index == KV_NONE)
        return;
    target = kv_plan_target(wizard->plan, index);
    sheet_pair(&sheet, ROLE_TEXT, WIZARD_INDENT, "TARGET", target->resource_id);
    sheet_pair(&sheet, wizard_role_of_target(target->state), WIZARD_INDENT,
        "STATE", kv_target_state_name(target->state));
    if (target->message)
        sheet_put(&sheet, ROLE_TEXT, WIZARD_INDENT, target->message);
    sheet_gap(&sheet);
    wizard_put_diff(&sheet, target);
    sheet_gap(&sheet);
    wizard_put_facts(&sheet, target);
    wizard_put_request(&sheet, target);
    screen_open_text(wizard->screen.app, target->name, &sheet);
}

/* ---- the step ---- */

/* What stands in the way of all of them is not for the end. */
static void put_too_many(struct sheet *out, const struct kv_plan *plan)
{
    struct kv_confirmation ask;

    kv_plan_confirmation(plan, &ask);
    if (ask.targets > 1 && !ask.expect[0] && ask.raised[0])
        sheet_pair(out, ROLE_MEDIUM, WIZARD_INDENT, "CONFIRM", ask.raised);
}

static void put_intro(struct wizard *wizard)
{
    const struct kv_remedy *remedy = kv_plan_remedy(wizard->plan);
    bool undo = kv_plan_is_undo(wizard->plan);
    struct sheet *out = &wizard->intro;
    struct buf counts = { .limit = 256 };

    sheet_done(out);
    sheet_putf(
        out, ROLE_TITLE, 1, "%s%s", undo ? "Take back: " : "", remedy->title);
    if (!undo)
        sheet_pair(out, remedy->grade == KV_GRADE_SAFE ? ROLE_TEXT : ROLE_HIGH,
            WIZARD_INDENT, "GRADE", kv_remedy_danger(remedy));
    wizard_put_counts(&counts, wizard->plan);
    sheet_pair(out, ROLE_TEXT, WIZARD_INDENT, "NOW", buf_text(&counts));
    sheet_pair(out, ROLE_TEXT, WIZARD_INDENT, "EFFECT",
        undo ? "Sets back what was journalled, where nothing else has changed "
               "it since."
             : remedy->effect);
    put_too_many(out, wizard->plan);
    if (remedy->cost && !undo)
        sheet_pair(out, ROLE_TEXT, WIZARD_INDENT, "COST", remedy->cost);
    sheet_gap(out);
    buf_done(&counts);
}

/* What the intro, the list and the words below it get: the list as much as it
 * wants, but it never loses its last row to the others. */
struct shares {
    int intro;
    int list;
};

static struct shares shares_of(const struct wizard *wizard)
{
    int rows = wizard->rows - WIZARD_TOP_ROWS;
    int wanted = (int)kv_plan_target_count(wizard->plan) + 2;
    struct shares shares = {
        .intro = sheet_rows(&wizard->intro, wizard->columns),
    };

    if (shares.intro > rows - WIZARD_LIST_ROWS_MIN)
        shares.intro = rows - WIZARD_LIST_ROWS_MIN;
    rows -= shares.intro;
    shares.list =
        rows - WORDS_ROWS > WIZARD_LIST_ROWS_MIN ? rows - WORDS_ROWS : rows;
    if (wanted < shares.list)
        shares.list = wanted;
    return shares;
}

void wizard_draw_target(const struct wizard *wizard, struct canvas *canvas)
{
    uint32_t item = list_current(&wizard->targets);
    const struct kv_target *target;

    if (item == KV_NONE || canvas->rows < 3)
        return;
    target = kv_plan_target(wizard->plan, item);
    canvas_rule(canvas, 0);
    canvas_move(canvas, 1, 1);
    canvas_puts(canvas, ROLE_TITLE, target->name);
    canvas_puts(canvas, ROLE_TEXT, "  ");
    canvas_puts(canvas, wizard_role_of_target(target->state),
        kv_target_state_name(target->state));
    canvas_move(canvas, 2, 3);
    canvas_put_wrapped(canvas, ROLE_TEXT, wizard_target_words(target));
}

static void targets_layout(struct screen *screen, int rows, int columns_cells)
{
    struct wizard *wizard = (struct wizard *)screen;

    wizard->rows = rows;
    wizard->columns = columns_cells;
    list_layout(&wizard->targets, shares_of(wizard).list);
}

static void targets_enter(struct wizard *wizard)
{
    wizard_refresh_targets(wizard);
    put_intro(wizard);
}

static void targets_news(struct screen *screen, unsigned news)
{
    struct wizard *wizard = (struct wizard *)screen;

    if (!(news & KV_NEWS_PLAN))
        return;
    targets_enter(wizard);
    targets_layout(screen, wizard->rows, wizard->columns);
}

static void targets_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    struct canvas body = wizard_draw_bar(wizard, canvas);
    struct shares shares = shares_of(wizard);
    struct canvas intro = canvas_part(&body, 0, 0, shares.intro, body.columns);
    struct canvas list =
        canvas_part(&body, shares.intro, 0, shares.list, body.columns);
    int used = shares.intro + shares.list;
    struct canvas words =
        canvas_part(&body, used, 0, body.rows - used, body.columns);

    sheet_draw(&wizard->intro, &intro, 0);
    wizard_draw_target(wizard, &words);
    list_draw(&wizard->targets, &list);
}

static bool targets_key(struct screen *screen, struct key key)
{
    return list_key(&((struct wizard *)screen)->targets, key);
}

static void drop(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;
    uint32_t item = list_current(&wizard->targets);

    if (item == KV_NONE)
        return;
    kv_session_plan_drop_target(app_session(screen->app), wizard->plan, item);
    targets_news(screen, KV_NEWS_PLAN);
}

static const struct binding targets_bindings[] = {
    {
        .name = "next-step",
        .key = CODE_ENTER,
        .also = CODE_TAB,
        .hint = "next step",
        .help = "on to options or preview; nothing is changed yet",
        .run = wizard_next_key,
    },
    {
        .name = "drop",
        .key = 'd',
        .hint = "drop target",
        .help = "leave this target alone",
        .run = drop,
    },
    {
        .name = "previous-step",
        .key = CODE_BACK_TAB,
        .help = "back to the choice of a remedy",
        .run = wizard_previous_key,
    },
    { .name = "down", .key = 'j', .also = CODE_DOWN, .help = "one row down" },
    { .name = "up", .key = 'k', .also = CODE_UP, .help = "one row up" },
    { 0 },
};

const struct wizard_page wizard_targets = {
    .ops = {
        .title = "Fix",
        .about = "Step 1: what will be changed, and what is being read about "
                 "it now.",
        .close = wizard_close,
        .layout = targets_layout,
        .draw = targets_draw,
        .head = wizard_head,
        .key = targets_key,
        .news = targets_news,
        .leave = wizard_leave,
        .environment = wizard_environment,
        .bindings = targets_bindings,
    },
    .enter = targets_enter,
};
