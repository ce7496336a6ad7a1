/* Before the first step, where no remedy was given: which one, with how many
 * of the chosen resources each would help. */
#include "screen_wizard.h"

#include "heap.h"

#define BELOW_ROWS 8

/* How many of the chosen resources a remedy is for. */
struct fit {
    uint32_t fails; /* its recommendation fails: it would help */
    uint32_t unknown;
    uint32_t passes;
    uint32_t other_kind;
};

/* The row of the catalogue that is to pass. */
static uint32_t row_of(
    const struct wizard *wizard, const struct kv_remedy *remedy)
{
    return wizard->row == KV_NONE ? kv_catalogue_find(remedy->recommendation)
                                  : wizard->row;
}

/* A remedy may be for more kinds than its recommendation judges: what it would
 * find there is then not known. */
static enum kv_verdict verdict_of(
    const struct wizard *wizard, uint32_t row, uint32_t resource)
{
    const struct kv_resource *one =
        kv_estate_resource(app_estate(wizard->screen.app), resource);

    if (row == KV_NONE || !kv_row_concerns(&kv_catalogue[row], one->kind))
        return KV_VERDICT_UNKNOWN;
    return kv_posture_verdict(app_posture(wizard->screen.app), row, resource);
}

static bool is_for(const struct wizard *wizard, const struct kv_remedy *remedy,
    uint32_t resource)
{
    const struct kv_resource *one =
        kv_estate_resource(app_estate(wizard->screen.app), resource);

    return !one->gone && remedy->kinds & (KV_ON_SUBSCRIPTION | 1u << one->kind);
}

/* A verdict that is not known keeps the resource in: the plan reads it live. */
static bool may_help(enum kv_verdict verdict)
{
    return verdict != KV_VERDICT_PASS && verdict != KV_VERDICT_NOT_APPLICABLE;
}

static struct fit fit_of(
    const struct wizard *wizard, const struct kv_remedy *remedy)
{
    struct fit fit = { 0 };
    uint32_t row = row_of(wizard, remedy);

    for (size_t i = 0; i < wizard->count; i++) {
        uint32_t resource = wizard->resources[i];
        enum kv_verdict verdict = verdict_of(wizard, row, resource);

        if (!is_for(wizard, remedy, resource))
            fit.other_kind++;
        else if (!may_help(verdict))
            fit.passes++;
        else if (verdict == KV_VERDICT_FAIL)
            fit.fails++;
        else
            fit.unknown++;
    }
    return fit;
}

/* NULL when there is something to do. */
static const char *refusal_of(const struct fit *fit)
{
    if (fit->fails + fit->unknown)
        return NULL;
    if (fit->passes)
        return "none: as wanted already";
    return "none: not for this kind";
}

/* ---- the list ---- */

static void menu_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct wizard *wizard = context;
    const struct kv_remedy *remedy = wizard->offered[item];
    const struct fit *fit = &wizard->fits[item];
    const char *refusal = refusal_of(fit);

    out->role = refusal ? ROLE_DIM : ROLE_TEXT;
    switch (column) {
    case 0:
        buf_puts(&out->text, remedy->title);
        break;
    case 1:
        buf_puts(&out->text, refusal ? refusal : kv_remedy_danger(remedy));
        break;
    case 2:
        buf_put_count(&out->text, fit->fails + fit->unknown);
        break;
    default:
        buf_puts(&out->text, remedy->undo ? "yes" : "no");
        break;
    }
}

static const struct list_column columns[] = {
    { .title = "REMEDY" },
    { .title = "GRADE", .width_cells = 24 },
    { .title = "TARGETS", .width_cells = 7, .right = true },
    { .title = "UNDO", .width_cells = 4 },
};

static const struct list_ops menu_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = 0,
    .cell = menu_cell,
    .no_marks = true,
};

/* ---- the screen ---- */

/* Counted once: many thousand resources may be chosen. */
static void count_fits(struct wizard *wizard)
{
    if (!wizard->fits)
        wizard->fits = heap_new(wizard->offered_count * sizeof(*wizard->fits));
    for (uint32_t i = 0; i < wizard->offered_count; i++)
        wizard->fits[i] = fit_of(wizard, wizard->offered[i]);
}

static void menu_news(struct screen *screen, unsigned news)
{
    if (news & KV_NEWS_POSTURE)
        count_fits((struct wizard *)screen);
}

static void menu_enter(struct wizard *wizard)
{
    count_fits(wizard);
    if (!wizard->menu.ops)
        list_init(&wizard->menu, &menu_list, wizard);
    list_refresh(&wizard->menu, wizard->offered_count);
}

static int list_rows(const struct wizard *wizard)
{
    int rows = wizard->rows - WIZARD_TOP_ROWS - BELOW_ROWS;
    int wanted = (int)wizard->offered_count + 2;

    if (rows < WIZARD_LIST_ROWS_MIN)
        rows = WIZARD_LIST_ROWS_MIN;
    return wanted < rows ? wanted : rows;
}

static void menu_layout(struct screen *screen, int rows, int columns_cells)
{
    struct wizard *wizard = (struct wizard *)screen;

    wizard->rows = rows;
    wizard->columns = columns_cells;
    list_layout(&wizard->menu, list_rows(wizard));
}

static void put_part(struct buf *out, uint32_t count, const char *words)
{
    buf_puts(out, out->size ? ", " : "");
    buf_put_count(out, count);
    buf_putf(out, " %s", words);
}

static void put_fit(struct sheet *out, const struct fit *fit)
{
    struct buf text = { .limit = 256 };

    put_part(&text, fit->fails, "fail");
    if (fit->unknown)
        put_part(
            &text, fit->unknown, "unknown (read before anything is changed)");
    put_part(&text, fit->passes, "as wanted");
    if (fit->other_kind)
        put_part(&text, fit->other_kind, "of another kind or gone");
    sheet_pair(out, ROLE_TEXT, WIZARD_INDENT, "CHOSEN", buf_text(&text));
    buf_done(&text);
}

static void draw_remedy(
    const struct wizard *wizard, uint32_t item, struct canvas *canvas)
{
    const struct kv_remedy *remedy = wizard->offered[item];
    struct sheet sheet = { 0 };

    put_fit(&sheet, &wizard->fits[item]);
    sheet_pair(&sheet, ROLE_TEXT, WIZARD_INDENT, "EFFECT", remedy->effect);
    if (remedy->cost)
        sheet_pair(&sheet, ROLE_TEXT, WIZARD_INDENT, "COST", remedy->cost);
    sheet_draw(&sheet, canvas, 0);
    sheet_done(&sheet);
}

static void menu_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct wizard *wizard = (const struct wizard *)screen;
    struct canvas body = wizard_draw_bar(wizard, canvas);
    struct canvas list =
        canvas_part(&body, 0, 0, list_rows(wizard), body.columns);
    struct canvas below = canvas_part(
        &body, list.rows + 1, 0, body.rows - list.rows - 1, body.columns);
    uint32_t item = list_current(&wizard->menu);

    canvas_rule(&body, list.rows);
    if (item != KV_NONE)
        draw_remedy(wizard, item, &below);
    list_draw(&wizard->menu, &list);
}

static bool menu_key(struct screen *screen, struct key key)
{
    return list_key(&((struct wizard *)screen)->menu, key);
}

static void menu_head(const struct screen *screen, struct screen_head *out)
{
    const struct wizard *wizard = (const struct wizard *)screen;

    wizard_head(screen, out);
    buf_put_count(&out->counts, wizard->count);
    buf_puts(&out->counts, " chosen");
}

static size_t copy_fitting(
    const struct wizard *wizard, const struct kv_remedy *remedy, uint32_t *out)
{
    uint32_t row = row_of(wizard, remedy);
    size_t count = 0;

    for (size_t i = 0; i < wizard->count; i++) {
        uint32_t resource = wizard->resources[i];

        if (is_for(wizard, remedy, resource) &&
            may_help(verdict_of(wizard, row, resource)))
            out[count++] = resource;
    }
    return count;
}

static void choose(struct screen *screen)
{
    struct wizard *wizard = (struct wizard *)screen;
    uint32_t item = list_current(&wizard->menu);
    const struct fit *fit = &wizard->fits[item];
    uint32_t *fitting;
    size_t count;

    if (refusal_of(fit)) {
        app_notice(screen->app, KV_NOTICE_INFO,
            "no target: %u as wanted already, %u of another kind or gone",
            fit->passes, fit->other_kind);
        return;
    }
    fitting = heap_new(wizard->count * sizeof(*fitting));
    count = copy_fitting(wizard, wizard->offered[item], fitting);
    if (wizard_make_plan(wizard, wizard->offered[item], fitting, count))
        wizard_go(wizard, WIZARD_TARGETS);
    heap_free(fitting);
}

static const struct binding menu_bindings[] = {
    {
        .name = "next-step",
        .key = CODE_ENTER,
        .also = CODE_TAB,
        .hint = "choose",
        .help = "plan this remedy; nothing is changed before Confirm",
        .run = choose,
    },
    { .name = "down", .key = 'j', .also = CODE_DOWN, .help = "one row down" },
    { .name = "up", .key = 'k', .also = CODE_UP, .help = "one row up" },
    { 0 },
};

const struct wizard_page wizard_menu = {
    .ops = {
        .title = "Fix",
        .about = "Which remedy: how many of the chosen resources each would "
                 "help, and how dangerous it is.",
        .close = wizard_close,
        .layout = menu_layout,
        .draw = menu_draw,
        .head = menu_head,
        .key = menu_key,
        .news = menu_news,
        .leave = wizard_leave,
        .environment = wizard_environment,
        .bindings = menu_bindings,
    },
    .enter = menu_enter,
};
