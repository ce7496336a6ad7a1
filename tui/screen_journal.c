/* The journal: every change that was ever made from here and every time write
 * mode was on, newest first; the way to take one back. */
#include "screen_journal.h"

#include "app.h"
#include "heap.h"
#include "list.h"
#include "screen_text.h"

/* The rule and the words below the list. */
#define BELOW_ROWS 9

/* Item 0 is the oldest entry: a number then stands for the same entry for
 * ever, though the session counts from the newest. */
struct journal {
    struct screen screen;
    struct list list;
    struct sheet below; /* of the entry under the cursor */
    char *verified;     /* what checking the chain said; NULL: not checked */
    int rows;
};

static const struct kv_journal_entry *entry_of(
    const struct journal *journal, uint32_t item)
{
    const struct kv_session *session = app_session(journal->screen.app);
    uint32_t count = kv_session_journal_count(session);

    if (item >= count)
        return NULL;
    return kv_session_journal(session, count - 1 - item);
}

static const struct kv_journal_entry *current(const struct journal *journal)
{
    uint32_t item = list_current(&journal->list);

    return item == KV_NONE ? NULL : entry_of(journal, item);
}

/* ---- the list ---- */

static void journal_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct journal *journal = context;
    const struct kv_journal_entry *entry = entry_of(journal, item);

    if (!entry)
        return;
    switch (column) {
    case 0:
        journal_put_time(
            &out->text, entry->time_s, app_now_s(journal->screen.app));
        break;
    case 1:
        buf_puts(&out->text, journal_or_dash(entry->who));
        break;
    case 2:
        buf_puts(&out->text, journal_or_dash(entry->plan));
        break;
    case 3:
        buf_puts(&out->text, journal_or_dash(entry->action));
        break;
    case 4:
        buf_puts(&out->text, journal_or_dash(entry->target_name));
        break;
    default:
        buf_puts(&out->text, journal_result_word(entry));
        out->role = journal_result_role(entry->result);
        break;
    }
}

/* Ascending is newest first. */
static struct list_order journal_order(
    const void *context, uint32_t item, size_t column)
{
    const struct kv_journal_entry *entry = entry_of(context, item);

    if (!entry)
        return (struct list_order){ 0 };
    switch (column) {
    case 1:
        return (struct list_order){ .text = entry->who };
    case 2:
        return (struct list_order){ .text = entry->plan };
    case 3:
        return (struct list_order){ .text = entry->action };
    case 4:
        return (struct list_order){ .text = entry->target_name };
    case 5:
        return (struct list_order){ .text = journal_result_word(entry) };
    default:
        return (struct list_order){ .number = UINT64_MAX - item };
    }
}

static enum filter_answer match_name(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_journal_entry *entry = entry_of(context, item);

    return filter_answer(entry && filter_finds(term, entry->target_name));
}

static enum filter_answer match_reason(
    const void *context, uint32_t item, const struct filter_term *term)
{
    const struct kv_journal_entry *entry = entry_of(context, item);

    return filter_answer(entry && filter_finds(term, entry->reason));
}

/* Beside the columns, which may be cut. */
static const struct filter_field fields[] = {
    { "name", "what was changed", NULL, match_name },
    { "reason", "why", NULL, match_reason },
    { 0 },
};

static const struct list_column columns[] = {
    { .title = "TIME", .width_cells = 10 },
    { .title = "WHO", .width_cells = 8, .full_cells = 24 },
    { .title = "PLAN", .width_cells = 6 },
    { .title = "ACTION" },
    { .title = "TARGET", .width_cells = 17, .full_cells = 24 },
    { .title = "RESULT", .width_cells = 11 },
};

static const struct list_ops journal_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .name_column = 3,
    .cell = journal_cell,
    .order = journal_order,
    .fields = fields,
    .no_marks = true,
};

/* ---- the screen ---- */

static void make_below(struct journal *journal)
{
    const struct kv_journal_entry *entry = current(journal);

    sheet_done(&journal->below);
    if (entry)
        journal_put_entry(&journal->below, entry);
}

static int list_rows(const struct journal *journal)
{
    int rows = journal->rows - BELOW_ROWS;
    int wanted = (int)journal->list.item_count + 2;

    return wanted < rows ? wanted : rows;
}

static void journal_layout(struct screen *screen, int rows, int columns_cells)
{
    struct journal *journal = (struct journal *)screen;

    (void)columns_cells;
    journal->rows = rows;
    list_layout(&journal->list, list_rows(journal));
}

static void journal_news(struct screen *screen, unsigned news)
{
    struct journal *journal = (struct journal *)screen;
    uint32_t count = kv_session_journal_count(app_session(screen->app));

    if (!(news & KV_NEWS_JOURNAL))
        return;
    if (count != journal->list.item_count) {
        heap_free(journal->verified);
        journal->verified = NULL;
    }
    list_refresh(&journal->list, count);
    list_layout(&journal->list, list_rows(journal));
    make_below(journal);
}

static void journal_close(struct screen *screen)
{
    struct journal *journal = (struct journal *)screen;

    list_done(&journal->list);
    sheet_done(&journal->below);
    heap_free(journal->verified);
    heap_free(journal);
}

static void draw_empty(const struct journal *journal, struct canvas *canvas)
{
    canvas_move(canvas, 1, 1);
    if (journal->list.item_count)
        canvas_put_wrapped(canvas, ROLE_TEXT,
            "No entry matches this filter. / and Esc clears it.");
    else
        canvas_put_wrapped(canvas, ROLE_TEXT,
            "The journal is empty: nothing was ever changed from here, and "
            "write mode was never on.");
    canvas_cursor(canvas, 0, 0);
}

static void journal_draw(const struct screen *screen, struct canvas *canvas)
{
    const struct journal *journal = (const struct journal *)screen;
    int rows = list_rows(journal);
    struct canvas list = canvas_part(canvas, 0, 0, rows, canvas->columns);
    struct canvas below = canvas_part(
        canvas, rows + 1, 0, canvas->rows - rows - 1, canvas->columns);

    if (!journal->list.shown_count) {
        draw_empty(journal, canvas);
        return;
    }
    canvas_rule(canvas, rows);
    sheet_draw(&journal->below, &below, 0);
    list_draw(&journal->list, &list);
}

static void journal_head(const struct screen *screen, struct screen_head *out)
{
    const struct journal *journal = (const struct journal *)screen;
    const struct list *list = &journal->list;

    buf_puts(&out->crumb, "Journal");
    if (list->filtering)
        out->input = &list->filter;
    else if (list->filter.size)
        buf_putf(&out->filter, "/ %s", list->filter.text);
    if (list->filter.size) {
        list_put_counts(list, "rows", &out->counts);
    } else {
        buf_put_count(&out->counts, list->item_count);
        buf_puts(&out->counts, list->item_count == 1 ? " entry" : " entries");
        buf_putf(&out->counts, ", %s",
            journal->verified ? journal->verified : "chain not checked here");
    }
}

/* ---- keys ---- */

static bool journal_key(struct screen *screen, struct key key)
{
    struct journal *journal = (struct journal *)screen;
    bool taken = list_key(&journal->list, key);

    if (taken)
        make_below(journal);
    return taken;
}

static void open_entry(struct screen *screen)
{
    struct journal *journal = (struct journal *)screen;
    const struct kv_journal_entry *entry = current(journal);
    struct sheet sheet = { 0 };

    if (!entry)
        return;
    journal_put_record(&sheet, entry);
    screen_open_text(screen->app, "Entry", &sheet);
}

static void undo(struct screen *screen)
{
    const struct kv_journal_entry *entry = current((struct journal *)screen);
    const char *why = entry ? journal_no_undo(entry) : "the journal is empty";

    if (why)
        app_notice(
            screen->app, KV_NOTICE_INFO, "cannot be taken back: %s", why);
    else
        screen_open_undo(screen->app, entry->number);
}

/* With the time, because the journal goes on. */
static void set_verified(struct journal *journal, bool broken)
{
    int64_t now_s = app_now_s(journal->screen.app);
    struct buf text = { .limit = 128 };

    buf_puts(&text, broken ? "CHAIN BROKEN " : "chain verified ");
    journal_put_time(&text, now_s, now_s);
    heap_free(journal->verified);
    journal->verified = heap_copy(buf_text(&text));
    buf_done(&text);
}

static void verify(struct screen *screen)
{
    struct journal *journal = (struct journal *)screen;
    struct kv_journal_check check = { 0 };
    struct kv_error err = { 0 };
    struct buf text = { .limit = 256 };

    if (kv_session_journal_verify(app_session(screen->app), &check, &err) !=
        KV_OK) {
        app_notice_error(screen->app, &err);
        return;
    }
    set_verified(journal, check.broken_at);
    if (check.broken_at) {
        app_notice(screen->app, KV_NOTICE_ERROR,
            "the chain of %lld records is BROKEN at record %lld: from there "
            "on the journal was changed by something else",
            (long long)check.records, (long long)check.broken_at);
    } else {
        buf_put_count(&text, (uint64_t)check.records);
        app_notice(screen->app, KV_NOTICE_DONE,
            "the chain of %s records holds; %lld without an outcome",
            buf_text(&text), (long long)check.open);
    }
    buf_done(&text);
}

static bool has_entry(const struct screen *screen)
{
    return current((const struct journal *)screen) != NULL;
}

static const struct binding journal_bindings[] = {
    {
        .name = "open",
        .key = CODE_ENTER,
        .hint = "details",
        .help = "the entry in full, with the recorded change",
        .run = open_entry,
        .allowed = has_entry,
        .why_not = "the journal is empty",
    },
    {
        .name = "undo",
        .key = 'U',
        .hint = "undo",
        .help = "take this change back: the same five steps",
        .run = undo,
        .allowed = has_entry,
        .why_not = "the journal is empty",
    },
    {
        .name = "verify",
        .key = 'v',
        .hint = "verify",
        .help = "check the chain of the whole journal",
        .run = verify,
        .allowed = has_entry,
        .why_not = "the journal is empty",
    },
    { 0 },
};

static const struct list *journal_list_of(const struct screen *screen)
{
    return &((const struct journal *)screen)->list;
}

/* What the entry changed, if it is still there. */
static uint32_t journal_resource(const struct screen *screen)
{
    const struct kv_journal_entry *entry =
        current((const struct journal *)screen);

    return entry && entry->target_id && *entry->target_id
               ? kv_estate_find(app_estate(screen->app), entry->target_id)
               : KV_NONE;
}

const struct screen_ops journal_screen = {
    .title = "Journal",
    .about = "Every change that was made from here, with who, why and what "
             "came of it.",
    .close = journal_close,
    .layout = journal_layout,
    .draw = journal_draw,
    .head = journal_head,
    .key = journal_key,
    .news = journal_news,
    .list = journal_list_of,
    .resource = journal_resource,
    .bindings = journal_bindings,
    .lists = true,
};

void screen_open_journal(struct app *app)
{
    struct journal *journal = heap_new(sizeof(*journal));

    journal->screen.ops = &journal_screen;
    journal->screen.app = app;
    list_init(&journal->list, &journal_list, journal);
    app_push(app, &journal->screen);
    journal_news(&journal->screen, KV_NEWS_JOURNAL);
}
