/* One vault or HSM: what it is, and tabs that each show one side of it as a
 * list, with the words for the row under the cursor below. */
#include "screen_detail.h"

#include <string.h>

#include "app.h"
#include "environment.h"
#include "heap.h"
#include "list_inside.h"
#include "screen_text.h"

static const struct detail_tab *const tabs[] = {
    &detail_findings,
    &detail_access,
    &detail_network,
    &detail_protection,
    &detail_logging,
    &detail_objects,
    &detail_history,
};
#define TAB_COUNT (sizeof(tabs) / sizeof *(tabs))

/* The resource, the tabs, a rule. */
#define TOP_ROWS 3
#define TAB_ROW 1
/* Heads, one row, and the row that says where one is. */
#define LIST_ROWS_MIN 4

struct detail {
    struct screen screen;
    uint32_t resource;
    size_t tab;
    struct detail_page pages[TAB_COUNT];
    struct list lists[TAB_COUNT];
    bool stale;
    int rows; /* of the body */
    int columns;
};

/* How the body is shared out, from top to bottom. */
struct shares {
    int intro;
    int list;
    int below; /* the rule above it included */
};

static const struct kv_resource *resource_of(const struct detail *detail)
{
    return kv_estate_resource(app_estate(detail->screen.app), detail->resource);
}

static struct detail_facts facts_of(const struct detail *detail)
{
    const struct app *app = detail->screen.app;

    return (struct detail_facts){
        .estate = app_estate(app),
        .posture = app_posture(app),
        .policy = kv_session_policy(app_session(app)),
        .session = app_session(app),
        .resource = resource_of(detail),
        .index = detail->resource,
        .now_s = app_now_s(app),
    };
}

static const struct detail_row *current_row(const struct detail *detail)
{
    uint32_t item = list_current(&detail->lists[detail->tab]);

    return item == KV_NONE ? NULL : &detail->pages[detail->tab].rows[item];
}

/* ---- room ---- */

/* The list gets what its rows need, up to three fifths; the words the rest. */
static struct shares shares_of(const struct detail *detail)
{
    const struct detail_page *page = &detail->pages[detail->tab];
    struct shares shares = {
        .intro = sheet_rows(&page->intro, detail->columns),
    };
    int left = detail->rows - TOP_ROWS - shares.intro;
    int most = left * 3 / 5;

    if (most < LIST_ROWS_MIN)
        most = LIST_ROWS_MIN;
    shares.list = (int)page->count + 2;
    if (!page->count)
        shares.list = left;
    else if (shares.list > most)
        shares.list = most;
    if (shares.list > left)
        shares.list = left;
    shares.below = left - shares.list;
    if (shares.below < 2)
        shares.below = 0;
    return shares;
}

static void fit(struct detail *detail)
{
    list_layout(&detail->lists[detail->tab], shares_of(detail).list);
}

static void detail_layout(struct screen *screen, int rows, int columns)
{
    struct detail *detail = (struct detail *)screen;

    detail->rows = rows;
    detail->columns = columns;
    fit(detail);
}

/* ---- pages ---- */

/* What a row is called, to be found again among others. */
struct row_name {
    char *cells[2];
};

static struct row_name name_of(const struct detail *detail, size_t tab)
{
    struct row_name name = { 0 };
    uint32_t item = list_current(&detail->lists[tab]);

    for (size_t i = 0; i < 2 && item != KV_NONE; i++)
        if (detail->pages[tab].rows[item].cells[i])
            name.cells[i] = heap_copy(detail->pages[tab].rows[item].cells[i]);
    return name;
}

static bool is_called(const struct detail_row *row, const struct row_name *name)
{
    for (size_t i = 0; i < 2; i++)
        if (!row->cells[i] || !name->cells[i] ||
            strcmp(row->cells[i], name->cells[i]) != 0)
            return false;
    return true;
}

/* With another count of rows their numbers stand for others. */
static void follow(
    struct list *list, const struct detail_page *page, struct row_name *name)
{
    list_resort(list);
    for (uint32_t i = 0; i < page->count; i++)
        if (is_called(&page->rows[i], name)) {
            list_move_to(list, i);
            break;
        }
}

static void make_page(
    struct detail *detail, size_t tab, const struct detail_facts *facts)
{
    struct detail_page *page = &detail->pages[tab];
    struct list *list = &detail->lists[tab];
    bool frozen = list->frozen;
    size_t before = page->count;
    struct row_name name = name_of(detail, tab);

    detail_page_done(page);
    page->rank_column = tabs[tab]->list->sort_column;
    tabs[tab]->build(page, facts);
    list_refresh(list, (uint32_t)page->count);
    if (frozen && page->count != before)
        follow(list, page, &name);
    heap_free(name.cells[0]);
    heap_free(name.cells[1]);
}

static void make_pages(struct detail *detail)
{
    struct detail_facts facts = facts_of(detail);

    for (size_t i = 0; i < TAB_COUNT; i++)
        make_page(detail, i, &facts);
    fit(detail);
}

/* What is inside of it is read because it is looked at; nothing is asked for
 * twice, so that asking again after a sign-in costs nothing. */
static void look(struct detail *detail)
{
    kv_session_look(app_session(detail->screen.app), detail->resource);
}

static void detail_news(struct screen *screen, unsigned news)
{
    struct detail *detail = (struct detail *)screen;

    if (news & (KV_NEWS_ESTATE | KV_NEWS_POSTURE | KV_NEWS_JOURNAL))
        detail->stale = true;
    if (news & KV_NEWS_SIGN_IN)
        look(detail);
}

/* Once a frame, however much news a scan brings. */
static void detail_prepare(struct screen *screen)
{
    struct detail *detail = (struct detail *)screen;

    if (detail->stale)
        make_pages(detail);
    detail->stale = false;
}

static void detail_close(struct screen *screen)
{
    struct detail *detail = (struct detail *)screen;

    for (size_t i = 0; i < TAB_COUNT; i++) {
        list_done(&detail->lists[i]);
        detail_page_done(&detail->pages[i]);
    }
    heap_free(detail);
}

/* ---- drawing ---- */

/* As many as fit; ".." stands for the others. */
static void draw_tags(const struct kv_resource *resource, struct canvas *canvas)
{
    for (uint32_t i = 0; i < resource->tag_count; i++) {
        const struct kv_tag *tag = &resource->tags[i];
        int more = i + 1 < resource->tag_count ? 3 : 0;
        struct buf text = { .limit = 1024 };
        bool fits;

        buf_putf(&text, " %s=%s", tag->name, tag->value ? tag->value : "");
        fits = canvas->pen_column + grid_cells(canvas->grid, buf_view(&text)) +
                   more <=
               canvas->columns;
        canvas_puts(canvas, ROLE_DIM, fits ? buf_text(&text) : " ..");
        buf_done(&text);
        if (!fits)
            break;
    }
}

static void draw_resource(const struct detail *detail, struct canvas *canvas)
{
    const struct kv_resource *resource = resource_of(detail);
    const struct kv_subscription *subscription = kv_estate_subscription(
        app_estate(detail->screen.app), resource->subscription);

    canvas_move(canvas, 0, 1);
    canvas_puts(canvas, ROLE_TEXT, kv_kind_name(resource->kind));
    canvas_putf(canvas, ROLE_TEXT, "  %s  %s  %s",
        resource->resource_group ? resource->resource_group : "group ?",
        subscription->name ? subscription->name : subscription->id,
        resource->location ? resource->location : "region ?");
    if (resource->gone)
        canvas_puts(canvas, ROLE_UNKNOWN, "  GONE: no longer in Azure");
    canvas_puts(canvas, ROLE_DIM, " ");
    draw_tags(resource, canvas);
}

/* A cell before the first tab and one behind each, for the brackets. */
static int tabs_width(const struct detail *detail, bool badges)
{
    int width = 1;

    for (size_t i = 0; i < TAB_COUNT; i++) {
        const char *badge = detail->pages[i].badge;

        width += (int)strlen(tabs[i]->title) + 1;
        if (badges && *badge)
            width += (int)strlen(badge) + 1;
    }
    return width;
}

static void draw_bracket(struct canvas *canvas, const char *bracket)
{
    canvas_puts(canvas, *bracket == ' ' ? ROLE_TAB : ROLE_TAB_ACTIVE, bracket);
}

/* What stands before a tab, 1 to 3 cells; one must do for both brackets. */
static void draw_gap(
    struct canvas *canvas, const struct detail *detail, size_t tab, int cells)
{
    const char *left = tab == detail->tab + 1 ? "]" : " ";
    const char *right = tab == detail->tab ? "[" : " ";

    draw_bracket(canvas, cells == 1 && *left == ' ' ? right : left);
    if (cells == 3)
        canvas_puts(canvas, ROLE_TAB, " ");
    if (cells > 1)
        draw_bracket(canvas, right);
}

/* Cells before each tab but the first. */
static int gap_of(const struct detail *detail, int columns)
{
    bool badges = tabs_width(detail, true) <= columns;
    int gap = 1 + (columns - tabs_width(detail, badges)) / ((int)TAB_COUNT - 1);

    return gap < 3 ? gap : 3;
}

static const char *badge_of(
    const struct detail *detail, size_t tab, int columns)
{
    return tabs_width(detail, true) <= columns ? detail->pages[tab].badge : "";
}

/* TAB_COUNT where none is. */
static size_t tab_at(const struct detail *detail, int columns, int column)
{
    int gap = gap_of(detail, columns);
    int start = 1;

    for (size_t i = 0; i < TAB_COUNT; i++) {
        const char *badge = badge_of(detail, i, columns);
        int end =
            start + (int)(strlen(tabs[i]->title) + strlen(badge)) + !!*badge;

        if (column >= start && column < end)
            return i;
        start = end + gap;
    }
    return TAB_COUNT;
}

static void draw_tabs(const struct detail *detail, struct canvas *canvas)
{
    int columns = canvas->columns;
    int gap = gap_of(detail, columns);

    canvas_move(canvas, TAB_ROW, 0);
    for (size_t i = 0; i < TAB_COUNT; i++) {
        const char *badge = badge_of(detail, i, columns);

        draw_gap(canvas, detail, i, i == 0 ? 1 : gap);
        canvas_putf(canvas, i == detail->tab ? ROLE_TAB_ACTIVE : ROLE_TAB,
            "%s%s%s", tabs[i]->title, *badge ? " " : "", badge);
    }
    draw_gap(canvas, detail, TAB_COUNT, 1);
    canvas_rule(canvas, 2);
}

static void draw_list(const struct detail *detail, struct canvas *canvas)
{
    const struct list *list = &detail->lists[detail->tab];
    const struct detail_page *page = &detail->pages[detail->tab];

    if (!page->count) {
        sheet_draw(&page->empty, canvas, 0);
        canvas_cursor(canvas, 0, 0);
        return;
    }
    list_draw(list, canvas);
    if (!list->shown_count) {
        canvas_move(canvas, 1, 1);
        canvas_puts(canvas, ROLE_TEXT,
            "No row matches this filter. / and Esc clears it.");
    }
}

static void draw_below(const struct detail *detail, struct canvas *canvas)
{
    const struct detail_row *row = current_row(detail);
    struct canvas words =
        canvas_part(canvas, 1, 0, canvas->rows - 1, canvas->columns);

    if (!row || !canvas->rows)
        return;
    canvas_rule(canvas, 0);
    sheet_draw(&row->below, &words, 0);
    if (sheet_rows(&row->below, words.columns) <= words.rows)
        return;
    canvas_move(canvas, 0, 0);
    canvas_put_before(
        canvas, ROLE_DIM, canvas->columns - 2, " Enter shows all ");
}

/* The words are drawn first: the cursor rests on the list. */
static void detail_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct detail *detail = (const struct detail *)screen;
    struct shares shares = shares_of(detail);
    int at = TOP_ROWS;
    struct canvas intro =
        canvas_part(canvas, at, 0, shares.intro, canvas->columns);
    struct canvas list =
        canvas_part(canvas, at + shares.intro, 0, shares.list, canvas->columns);
    struct canvas below = canvas_part(canvas, at + shares.intro + shares.list,
        0, shares.below, canvas->columns);

    draw_resource(detail, canvas);
    draw_tabs(detail, canvas);
    sheet_draw(&detail->pages[detail->tab].intro, &intro, 0);
    draw_below(detail, &below);
    draw_list(detail, &list);
}

static void detail_head(const struct screen *screen, struct screen_head *out)
{
    const struct detail *detail = (const struct detail *)screen;
    const struct kv_resource *resource = resource_of(detail);
    const struct list *list = &detail->lists[detail->tab];

    buf_puts(&out->crumb, resource->name);
    if (list->filtering)
        out->input = &list->filter;
    else if (list->filter.size)
        buf_putf(&out->filter, "/ %s", list->filter.text);
    if (list->filter.size)
        list_put_counts(list, "rows", &out->counts);
    if (resource->properties.state == KV_FACET_LOADING) {
        buf_puts(&out->right, "reading ..");
    } else if (!resource->properties.read_at_s) {
        buf_puts(&out->right, "not read yet");
    } else {
        buf_puts(&out->right, "read ");
        buf_put_age(&out->right,
            app_now_s(screen->app) - resource->properties.read_at_s);
        buf_puts(&out->right, " ago");
    }
}

/* ---- keys ---- */

static bool detail_key(struct screen *screen, struct key key)
{
    struct detail *detail = (struct detail *)screen;

    return list_key(&detail->lists[detail->tab], key);
}

static void go_to(struct detail *detail, size_t tab)
{
    detail->tab = tab;
    fit(detail);
}

static bool detail_click(struct screen *screen, int row, int column)
{
    struct detail *detail = (struct detail *)screen;
    size_t tab = row == TAB_ROW ? tab_at(detail, detail->columns, column)
                                : TAB_COUNT;

    if (tab < TAB_COUNT)
        go_to(detail, tab);
    return tab < TAB_COUNT;
}

static void next_tab(struct screen *screen)
{
    struct detail *detail = (struct detail *)screen;

    go_to(detail, (detail->tab + 1) % TAB_COUNT);
}

static void previous_tab(struct screen *screen)
{
    struct detail *detail = (struct detail *)screen;

    go_to(detail, (detail->tab + TAB_COUNT - 1) % TAB_COUNT);
}

static void open_row(struct screen *screen)
{
    struct detail *detail = (struct detail *)screen;
    const struct detail_row *row = current_row(detail);
    struct detail_facts facts = facts_of(detail);
    struct sheet sheet = { 0 };

    if (!row)
        return;
    if (row->finding != KV_NONE) {
        detail_put_finding(&sheet, &facts, row->finding);
        screen_open_text(screen->app, kv_catalogue[row->finding].id, &sheet);
        return;
    }
    for (size_t i = 0; i < row->below.count; i++) {
        const struct sheet_line *line = &row->below.lines[i];

        sheet_pair(&sheet, line->role, line->indent, line->label, line->text);
    }
    screen_open_text(screen->app, tabs[detail->tab]->title, &sheet);
}

/* One way is started; of several the wizard asks which. */
static void fix(struct screen *screen)
{
    struct detail *detail = (struct detail *)screen;
    const struct detail_row *row = current_row(detail);
    uint32_t finding = KV_NONE;

    if (resource_of(detail)->gone) {
        app_notice(screen->app, KV_NOTICE_ERROR,
            "%s is no longer in Azure: there is nothing to change",
            resource_of(detail)->name);
        return;
    }
    if (tabs[detail->tab]->fixes_row && row) {
        if (row->refusal) {
            app_notice(screen->app, KV_NOTICE_INFO, "%s", row->refusal);
            return;
        }
        finding = row->finding;
    }
    screen_open_fix(screen->app, &detail->resource, 1, finding);
}

static void reread(struct screen *screen)
{
    struct detail *detail = (struct detail *)screen;

    kv_session_reread(app_session(screen->app), detail->resource);
    look(detail);
    app_notice(screen->app, KV_NOTICE_INFO, "reading %s again",
        resource_of(detail)->name);
}

static void open_trend(struct screen *screen)
{
    screen_open_trend(
        screen->app, KV_NONE, ((struct detail *)screen)->resource);
}

static const struct binding detail_bindings[] = {
    {
        .name = "next-tab",
        .key = CODE_TAB,
        .also = ']',
        .hint = "next tab",
        .help = "next tab",
        .run = next_tab,
    },
    {
        .name = "previous-tab",
        .key = CODE_BACK_TAB,
        .also = '[',
        .help = "previous tab",
        .run = previous_tab,
    },
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "details",
        .help = "the row in full: why, evidence, verify, fix, sources",
        .run = open_row,
    },
    {
        .name = "fix",
        .key = 'x',
        .hint = "fix",
        .help = "put it right: preview, confirmation, check",
        .run = fix,
    },
    {
        .name = "reread",
        .key = 'r',
        .also = CODE_F5,
        .hint = "re-read",
        .help = "read this resource again, ahead of everything",
        .run = reread,
    },
    {
        .name = "trend",
        .key = 't',
        .help = "what failed here on each of the last 90 days",
        .run = open_trend,
    },
    { 0 },
};

static const struct list *detail_list_of(const struct screen *screen)
{
    const struct detail *detail = (const struct detail *)screen;

    return detail->pages[detail->tab].count ? &detail->lists[detail->tab]
                                            : NULL;
}

static uint32_t detail_resource(const struct screen *screen)
{
    return ((const struct detail *)screen)->resource;
}

static enum kv_environment detail_environment(const struct screen *screen)
{
    return environment_of(app_session(screen->app), detail_resource(screen));
}

const struct screen_ops detail_screen = {
    .title = "Detail",
    .about = "One vault or HSM: what is wrong with it and why, who holds what, "
             "what reaches it, what is in it, what happened to it.",
    .close = detail_close,
    .layout = detail_layout,
    .prepare = detail_prepare,
    .draw = detail_draw,
    .head = detail_head,
    .key = detail_key,
    .click = detail_click,
    .news = detail_news,
    .list = detail_list_of,
    .resource = detail_resource,
    .environment = detail_environment,
    .bindings = detail_bindings,
    .lists = true,
};

void screen_open_detail(struct app *app, uint32_t resource)
{
    struct detail *detail = heap_new(sizeof(*detail));

    detail->screen.ops = &detail_screen;
    detail->screen.app = app;
    detail->resource = resource;
    for (size_t i = 0; i < TAB_COUNT; i++)
        list_init(&detail->lists[i], tabs[i]->list, &detail->pages[i]);
    look(detail);
    make_pages(detail);
    app_push(app, &detail->screen);
}
