/* Matrix: vaults by recommendations, one mark a cell, so that a pattern is seen
 * where lists only count. The list holds the rows; the columns are drawn here,
 * with a cursor of their own. */
#include "app.h"
#include "empty.h"
#include "heap.h"
#include "list.h"
#include "screen_detail.h"
#include "screen_text.h"
#include "vault_row.h"

#include <string.h>

#define HEAD_ROWS 1  /* areas, above the list's own heads */
#define BELOW_ROWS 3 /* a rule, the cell in words, the marks explained */
#define CELL_COLUMNS 3
#define GUTTER 3 /* the list's marks, before its first column */
#define NAME_COLUMNS 25
#define ROWS_COLUMNS (GUTTER + NAME_COLUMNS + 1 + 5)

struct matrix {
    struct screen base;
    struct list list;
    uint32_t column; /* row of the catalogue under the cursor */
    uint32_t first;  /* the leftmost that is drawn */
    uint32_t shown;  /* how many there is room for */
    bool stale;
};

static const struct matrix *const_of(const void *screen)
{
    return screen;
}

static struct matrix *matrix_of(struct screen *screen)
{
    return (struct matrix *)screen;
}

/* ---- the rows ---- */

static const struct list_column columns[] = {
    { .title = "SEV", .width_cells = 4 },
    { .title = "NAME", .width_cells = NAME_COLUMNS },
};

static const enum vault_column vault_column_of[] = {
    VAULT_COLUMN_SEVERITY,
    VAULT_COLUMN_NAME,
};

static bool matrix_exists(const void *context, uint32_t item)
{
    return !kv_estate_resource(vault_row_of(context, item).estate, item)->gone;
}

static void matrix_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    struct vault_row row = vault_row_of(context, item);

    vault_row_cell(&row, vault_column_of[column], out);
}

static struct list_order matrix_order(
    const void *context, uint32_t item, size_t column)
{
    struct vault_row row = vault_row_of(context, item);

    return vault_row_order(&row, vault_column_of[column]);
}

static const struct list_ops matrix_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof(*columns),
    .sort_column = 0,
    .name_column = 1,
    .exists = matrix_exists,
    .cell = matrix_cell,
    .order = matrix_order,
    .fields = vault_fields,
    .word = vault_row_word,
};

/* ---- the columns ---- */

/* A letter for each verdict; of a fail, that of its severity. */
static char mark_of(enum kv_verdict verdict, enum kv_severity severity)
{
    static const char severities[] = "ilMHC";
    static const char verdicts[KV_VERDICT_COUNT] = {
        [KV_VERDICT_NONE] = ' ',
        [KV_VERDICT_PASS] = '.',
        [KV_VERDICT_UNKNOWN] = '?',
        [KV_VERDICT_MANUAL] = 'a',
        [KV_VERDICT_NOT_APPLICABLE] = '-',
        [KV_VERDICT_EXCEPTED] = 'e',
        [KV_VERDICT_UNREAD] = ' ',
    };

    return verdict == KV_VERDICT_FAIL ? severities[severity]
                                      : verdicts[verdict];
}

/* "NET" of "NET-2", and "2". */
static struct view area_of(uint32_t column)
{
    struct view id = view_of(kv_catalogue[column].id);

    return view_cut(&id, '-');
}

static const char *number_of(uint32_t column)
{
    const char *dash = strchr(kv_catalogue[column].id, '-');

    return dash ? dash + 1 : "";
}

static bool begins_area(const struct matrix *matrix, uint32_t column)
{
    struct view area = area_of(column);
    struct view before;

    if (column == matrix->first)
        return true;
    before = area_of(column - 1);
    return area.size != before.size ||
           memcmp(area.data, before.data, area.size) != 0;
}

/* Where a column that is drawn stands. */
static int place_of(const struct matrix *matrix, uint32_t column)
{
    return ROWS_COLUMNS + (int)(column - matrix->first) * CELL_COLUMNS;
}

static uint32_t end_of(const struct matrix *matrix)
{
    uint32_t end = matrix->first + matrix->shown;
    uint32_t count = (uint32_t)kv_catalogue_count;

    return end < count ? end : count;
}

static void draw_heads(const struct matrix *matrix, struct canvas *canvas)
{
    for (uint32_t i = matrix->first; i < end_of(matrix); i++) {
        enum role role = i == matrix->column ? ROLE_SELECTED : ROLE_HEADER;

        if (begins_area(matrix, i)) {
            canvas_move(canvas, 0, place_of(matrix, i));
            canvas_put(canvas, ROLE_HEADER, area_of(i));
        }
        canvas_move(canvas, HEAD_ROWS, place_of(matrix, i));
        canvas_put_right(canvas, role, CELL_COLUMNS - 1, number_of(i));
    }
}

static void draw_marks(const struct matrix *matrix, struct canvas *canvas,
    uint32_t item, bool current)
{
    const struct kv_posture *posture = app_posture(matrix->base.app);
    int line = canvas->pen_row;

    for (uint32_t i = matrix->first; i < end_of(matrix); i++) {
        enum kv_verdict verdict = kv_posture_verdict(posture, i, item);
        enum kv_severity severity = kv_catalogue[i].severity;
        char mark[2] = { mark_of(verdict, severity), '\0' };
        enum role role = role_of_verdict(verdict, severity);

        if (current && i == matrix->column)
            role = ROLE_SELECTED;
        canvas_move(canvas, line, place_of(matrix, i));
        canvas_put_right(canvas, role, CELL_COLUMNS - 1, mark);
    }
}

static void draw_cells(const struct matrix *matrix, struct canvas *canvas)
{
    int rows = canvas->rows - HEAD_ROWS - BELOW_ROWS - 2;

    for (int line = 0; line < rows; line++) {
        size_t row = matrix->list.top + (size_t)line;

        if (row >= matrix->list.shown_count)
            return;
        canvas_move(canvas, HEAD_ROWS + 1 + line, ROWS_COLUMNS);
        draw_marks(matrix, canvas, matrix->list.shown[row],
            row == matrix->list.cursor);
    }
}

/* ---- the cell in words ---- */

static void put_words(struct buf *out, const struct matrix *matrix)
{
    const struct kv_recommendation *what = &kv_catalogue[matrix->column];
    const struct kv_posture *posture = app_posture(matrix->base.app);
    uint32_t item = list_current(&matrix->list);
    struct buf evidence = { .limit = 4096 };
    enum kv_verdict verdict =
        kv_posture_evidence(posture, matrix->column, item, &evidence);
    struct view rest = buf_view(&evidence);

    buf_putf(out, "%s %s: %s", what->id, kv_verdict_name(verdict),
        verdict == KV_VERDICT_FAIL ? what->fails : what->title);
    if (rest.size > 0) {
        buf_puts(out, "; ");
        buf_put(out, view_cut(&rest, '\n'));
    }
    buf_done(&evidence);
}

static void draw_below(const struct matrix *matrix, struct canvas *canvas)
{
    int top = canvas->rows - BELOW_ROWS;
    struct buf words = { .limit = 8192 };

    canvas_rule(canvas, top);
    if (list_current(&matrix->list) != KV_NONE)
        put_words(&words, matrix);
    canvas_move(canvas, top + 1, 1);
    canvas_put_left(canvas, ROLE_TEXT, canvas->columns - 1, buf_text(&words));
    buf_done(&words);
    canvas_move(canvas, top + 2, 1);
    canvas_puts(canvas, ROLE_DIM,
        "C H M l i fail, by severity  . pass  ? unknown  a ask  e excepted  "
        "- n/a");
}

/* ---- the screen ---- */

static void matrix_close(struct screen *screen)
{
    list_done(&matrix_of(screen)->list);
    heap_free(screen);
}

/* The column under the cursor stays in sight. */
static void follow(struct matrix *matrix)
{
    if (matrix->column < matrix->first)
        matrix->first = matrix->column;
    if (matrix->shown > 0 && matrix->column >= matrix->first + matrix->shown)
        matrix->first = matrix->column - matrix->shown + 1;
}

static void matrix_layout(struct screen *screen, int rows, int width)
{
    struct matrix *matrix = matrix_of(screen);
    int room = (width - ROWS_COLUMNS) / CELL_COLUMNS;

    matrix->shown = room > 0 ? (uint32_t)room : 1;
    list_layout(&matrix->list, rows - HEAD_ROWS - BELOW_ROWS);
    follow(matrix);
}

static void matrix_news(struct screen *screen, unsigned news)
{
    if (news & (KV_NEWS_ESTATE | KV_NEWS_POSTURE | KV_NEWS_SCAN))
        matrix_of(screen)->stale = true;
}

static void matrix_prepare(struct screen *screen)
{
    struct matrix *matrix = matrix_of(screen);

    if (!matrix->stale)
        return;
    matrix->stale = false;
    list_refresh(
        &matrix->list, kv_estate_resource_count(app_estate(screen->app)));
}

static void matrix_head(const struct screen *screen, struct screen_head *out)
{
    const struct matrix *matrix = const_of(screen);

    if (matrix->list.filter.size)
        buf_putf(&out->filter, "/ %s", matrix->list.filter.text);
    if (matrix->list.filtering)
        out->input = &matrix->list.filter;
    buf_putf(&out->counts, "column %u of %zu  ", matrix->column + 1,
        kv_catalogue_count);
    list_put_counts(&matrix->list, "vaults", &out->counts);
}

static void matrix_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct matrix *matrix = const_of(screen);
    struct canvas rows = canvas_part(canvas, HEAD_ROWS, 0,
        canvas->rows - HEAD_ROWS - BELOW_ROWS, ROWS_COLUMNS);
    struct canvas body = canvas_part(canvas, HEAD_ROWS + 1, 0,
        canvas->rows - HEAD_ROWS - BELOW_ROWS - 1, canvas->columns);

    draw_heads(matrix, canvas);
    draw_cells(matrix, canvas);
    draw_below(matrix, canvas);
    list_draw(&matrix->list, &rows);
    if (!matrix->list.shown_count)
        empty_draw(screen->app, &matrix->list, "vaults",
            "There are no vaults and no managed HSMs here.", &body);
}

/* ---- its keys ---- */

static void move_to(struct matrix *matrix, uint32_t column)
{
    if (column < kv_catalogue_count)
        matrix->column = column;
    follow(matrix);
}

/* The arrows are the columns' here, not the list's. */
static bool matrix_key(struct screen *screen, struct key key)
{
    struct matrix *matrix = matrix_of(screen);

    if (!matrix->list.filtering && !matrix->list.choosing &&
        (key.code == CODE_RIGHT || key.code == 'l')) {
        move_to(matrix, matrix->column + 1);
        return true;
    }
    if (!matrix->list.filtering && !matrix->list.choosing &&
        (key.code == CODE_LEFT || key.code == 'h')) {
        move_to(matrix, matrix->column - 1);
        return true;
    }
    return list_key(&matrix->list, key);
}

static bool has_current(const struct screen *screen)
{
    return list_current(&const_of(screen)->list) != KV_NONE;
}

static void open_finding(struct screen *screen)
{
    struct matrix *matrix = matrix_of(screen);
    uint32_t item = list_current(&matrix->list);
    struct sheet sheet = { 0 };
    struct detail_facts facts = {
        .estate = app_estate(screen->app),
        .posture = app_posture(screen->app),
        .policy = kv_session_policy(app_session(screen->app)),
        .session = app_session(screen->app),
        .resource = kv_estate_resource(app_estate(screen->app), item),
        .index = item,
    };

    detail_put_finding(&sheet, &facts, matrix->column);
    screen_open_text(screen->app, kv_catalogue[matrix->column].id, &sheet);
}

static void open_vault(struct screen *screen)
{
    screen_open_detail(screen->app, list_current(&matrix_of(screen)->list));
}

static void fix(struct screen *screen)
{
    struct matrix *matrix = matrix_of(screen);
    uint32_t *chosen;
    size_t count = list_copy_chosen(&matrix->list, &chosen);

    screen_open_fix(screen->app, chosen, count, matrix->column);
    heap_free(chosen);
}

/* To the first column of the next area, or back to that of this or the one
 * before. */
static void next_area(struct screen *screen)
{
    struct matrix *matrix = matrix_of(screen);
    uint32_t column = matrix->column + 1;

    while (column < kv_catalogue_count && !begins_area(matrix, column))
        column++;
    move_to(matrix, column);
}

static void previous_area(struct screen *screen)
{
    struct matrix *matrix = matrix_of(screen);
    uint32_t column = matrix->column;

    matrix->first = 0;
    while (column > 0 && !begins_area(matrix, --column))
        ;
    move_to(matrix, column);
}

static const struct binding matrix_bindings[] = {
    {
        .name = "next-column",
        .key = CODE_RIGHT,
        .also = 'l',
        .help = "one recommendation to the right",
    },
    {
        .name = "previous-column",
        .key = CODE_LEFT,
        .also = 'h',
        .help = "one recommendation to the left",
    },
    {
        .name = "next-tab",
        .key = CODE_TAB,
        .also = ']',
        .hint = "next area",
        .help = "to the next area of the catalogue",
        .run = next_area,
    },
    {
        .name = "previous-tab",
        .key = CODE_BACK_TAB,
        .also = '[',
        .help = "to the area before",
        .run = previous_area,
    },
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "finding",
        .help = "the finding under the cursor in full",
        .run = open_finding,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    {
        .name = "vault",
        .key = 'd',
        .hint = "vault",
        .help = "everything about this vault",
        .run = open_vault,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    {
        .name = "fix",
        .key = 'x',
        .hint = "fix",
        .help = "fix this for the marked ones, or this one",
        .run = fix,
        .allowed = has_current,
        .why_not = "there is no vault here",
    },
    { 0 },
};

static const struct list *matrix_list_of(const struct screen *screen)
{
    return &const_of(screen)->list;
}

static uint32_t matrix_resource(const struct screen *screen)
{
    return list_current(&const_of(screen)->list);
}

const struct screen_ops matrix_screen = {
    .title = "Matrix",
    .about = "Every vault and managed HSM by every recommendation. A letter "
             "is a fail, by its severity; a point passes. What is judged of a "
             "subscription or the tenant shows on each vault below.",
    .close = matrix_close,
    .layout = matrix_layout,
    .prepare = matrix_prepare,
    .draw = matrix_draw,
    .head = matrix_head,
    .key = matrix_key,
    .news = matrix_news,
    .list = matrix_list_of,
    .resource = matrix_resource,
    .bindings = matrix_bindings,
    .lists = true,
    .marks = true,
};

void screen_open_matrix(struct app *app)
{
    struct matrix *matrix = heap_new(sizeof(*matrix));

    matrix->base.ops = &matrix_screen;
    matrix->stale = true;
    list_init(&matrix->list, &matrix_list, matrix);
    app_push(app, &matrix->base);
    matrix_prepare(&matrix->base);
}
