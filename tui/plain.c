/* Lines in, lines out. */
#include "plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entries.h"
#include "list.h"
#include "point.h"

#define LINE_BYTES 1024
#define ROWS 30
#define COLUMNS 80
/* What is under way may take so long before a screen is printed. */
#define IDLE_MS 10000
/* And after the last line a run so long. */
#define LEAVE_MS 10000

struct plain {
    struct app *app;
    struct buf input; /* what came of the next line */
    bool ended;       /* the input has */
};

/* ---- time ---- */

static bool is_busy(const struct app *app)
{
    return !kv_session_idle(app->session) ||
           app_steady_ms(app) < app->ignore_until_ms;
}

static int wait_ms(const struct app *app)
{
    int due = app_due_ms(app);

    return due < 0 ? 1000 : due < 20 ? 20 : due;
}

static void turn(struct app *app, int timeout_ms)
{
    kv_session_wait(app->session, NULL, 0, timeout_ms);
    app_news(app, kv_session_step(app->session));
    app_tick(app);
}

static void settle(struct app *app, int limit_ms)
{
    int64_t until_ms = app_steady_ms(app) + limit_ms;

    while (is_busy(app) && app_steady_ms(app) < until_ms)
        turn(app, 20);
}

/* One letter or digit chooses. */
static bool has_menu(const struct app *app)
{
    const struct list *list = app_list(app);

    return app->menu || (list && list->choosing);
}

/* ---- what is printed ---- */

static void print_rows(const struct plain *plain)
{
    struct buf text = { .limit = (size_t)1 << 20 };
    struct view rest;

    grid_dump(&plain->app->grid, &text);
    rest = buf_view(&text);
    putchar('\n');
    while (rest.size) {
        struct view row = view_cut(&rest, '\n');

        if (row.size && rest.size) /* the last one holds keys */
            printf("%.*s\n", (int)row.size, row.data);
    }
    buf_done(&text);
}

/* What the footer would say, by name. */
static void print_hints(const struct app *app)
{
    struct entries entries;

    printf("You can: ");
    if (app_list(app) && app_list(app)->shown_count)
        printf("NUMBER opens, NUMBER ACTION, ");
    if (app_list(app) && app_list(app)->ops->fields)
        printf("/WORDS filters, ");
    entries_collect(app, &entries);
    for (size_t i = 0; i < entries.count; i++)
        if (entries.items[i].binding && entries.items[i].binding->hint &&
            !entry_why_not(app, &entries.items[i]))
            printf("%s, ", entry_name(&entries.items[i]));
    printf("back, quit, ? lists all\n");
}

static void print_screen(const struct plain *plain)
{
    struct app *app = plain->app;

    app_draw(app);
    print_rows(plain);
    if (!kv_session_idle(app->session))
        puts("Still reading; an empty line shows how far it is.");
    if (app_is_typing(app) || has_menu(app))
        puts("Type the answer; :cancel goes back, :NAME does what has a name.");
    else
        print_hints(app);
    printf("> ");
    fflush(stdout);
}

static void print_all(const struct app *app)
{
    struct entries entries;

    entries_collect(app, &entries);
    for (size_t i = 0; i < entries.count; i++) {
        const char *why_not = entry_why_not(app, &entries.items[i]);

        printf("%s %s: %s%s%s\n", entry_name(&entries.items[i]),
            entry_argument(&entries.items[i]), entry_help(&entries.items[i]),
            why_not ? "; not now: " : "", why_not ? why_not : "");
    }
}

/* ---- what is typed ---- */

static void press(struct app *app, uint32_t code)
{
    app_key(app, (struct key){ .code = code });
    app->requests = 0; /* there is no terminal to ask */
}

/* The whole answer, in place of what the field holds; the line's end is Enter,
 * unless a letter has answered. An empty line confirms nothing that was typed
 * before. */
static void answer(struct app *app, struct view text)
{
    const struct screen_ops *asking = app->top->ops;

    settle(app, IDLE_MS);
    if (has_menu(app)) {
        press(app, text.size ? point_take(&text) : (uint32_t)CODE_ESCAPE);
        return;
    }
    press(app, CODE_CTRL('U'));
    while (text.size && app->top->ops == asking)
        press(app, point_take(&text));
    if (app->top->ops == asking)
        press(app, CODE_ENTER);
}

static bool is_there(const struct list *list, size_t number)
{
    return number >= 1 && number <= (size_t)list->page_rows &&
           list->top + number <= list->shown_count;
}

static void act(struct app *app, struct view name, struct view argument);

static void take_number(struct app *app, size_t number, struct view rest)
{
    struct list *list = app_list(app);

    if (!list || !is_there(list, number)) {
        puts("There is no row of that number here.");
        return;
    }
    list_move_to(list, list->shown[list->top + number - 1]);
    if (rest.size)
        act(app, view_cut(&rest, ' '), view_trim(rest));
    else
        press(app, CODE_ENTER);
}

/* By the name of an action or a command, or of a key. */
static void act(struct app *app, struct view name, struct view argument)
{
    struct buf text = { .limit = LINE_BYTES };
    struct entry entry;
    uint32_t code = CODE_NONE;

    buf_put(&text, argument);
    if (view_equal(name, view_of("back")) ||
        view_equal(name, view_of("cancel")))
        code = CODE_ESCAPE;
    else if (entries_match(app, name, &entry) == 1)
        entry_run(app, &entry, buf_text(&text));
    else if (name.size > 1)
        code = key_code_of(name);
    if (code)
        press(app, code);
    else if (entries_match(app, name, &entry) != 1 && name.size)
        printf("There is no action \"%.*s\" here; ? lists all.\n",
            (int)name.size, name.data);
    app->prompt.open = false; /* every line is one already */
    app->palette.open = false;
    app->requests = 0;
    buf_done(&text);
}

static void filter(struct app *app, struct view words)
{
    struct buf text = { .limit = LINE_BYTES };

    buf_put(&text, view_trim(words));
    if (app_list(app) && app_list(app)->ops->fields)
        list_set_filter(app_list(app), buf_text(&text));
    else
        puts("Nothing here can be filtered.");
    buf_done(&text);
}

static void take_command(struct app *app, struct view line)
{
    struct view rest = line;
    struct view word = view_cut(&rest, ' ');
    char *end = NULL;
    unsigned long number = strtoul(word.data, &end, 10);

    if (*word.data >= '0' && *word.data <= '9' && end == word.data + word.size)
        take_number(app, number, view_trim(rest));
    else
        act(app, word, view_trim(rest));
}

static void take_line(struct app *app, const char *text)
{
    struct buf shown = { .limit = 4 * LINE_BYTES };
    struct view line;

    buf_put_visible(&shown, view_of(text), false); /* valid UTF-8 from here */
    line = view_trim(buf_view(&shown));
    if ((app_is_typing(app) || has_menu(app)) &&
        (!line.size || *line.data != ':')) {
        answer(app, line);
    } else if (line.size) {
        struct view rest = { line.data + 1, line.size - 1 };

        if (*line.data == '/')
            filter(app, rest);
        else if (view_equal(line, view_of("?")))
            print_all(app);
        else if (*line.data == ':' && rest.size)
            take_command(app, rest);
        else
            take_command(app, line);
    }
    buf_done(&shown);
}

/* ---- lines ---- */

static void read_some(struct plain *plain)
{
    char bytes[512];
    ssize_t size = read(STDIN_FILENO, bytes, sizeof(bytes));

    if (size <= 0)
        plain->ended = true;
    else
        buf_put(&plain->input, (struct view){ bytes, (size_t)size });
}

/* The next whole line, cut off what came; false when there is none yet. */
static bool next_line(struct plain *plain, char line[LINE_BYTES])
{
    struct view rest = buf_view(&plain->input);
    const char *end = rest.size ? memchr(rest.data, '\n', rest.size) : NULL;
    size_t size;

    if (!end && !(plain->ended && rest.size))
        return false;
    size = end ? (size_t)(end - rest.data) : rest.size;
    snprintf(line, LINE_BYTES, "%.*s", (int)size, rest.data);
    rest.data += size + (end != NULL);
    rest.size -= size + (end != NULL);
    memmove(plain->input.data, rest.data, rest.size);
    plain->input.size = rest.size;
    plain->input.data[rest.size] = '\0';
    return true;
}

static bool wait_line(struct plain *plain, char line[LINE_BYTES])
{
    struct app *app = plain->app;

    while (!next_line(plain, line)) {
        struct kv_wait_fd fd = { .fd = STDIN_FILENO };

        if (plain->ended || plain->input.failed)
            return false;
        kv_session_wait(app->session, &fd, 1, wait_ms(app));
        if (fd.readable)
            read_some(plain);
        app_news(app, kv_session_step(app->session));
        app_tick(app);
    }
    return true;
}

int plain_run(struct app *app)
{
    struct plain plain = { .app = app, .input.limit = (size_t)1 << 20 };
    char line[LINE_BYTES];

    app->grid.numbered = true;
    app_resize(app, ROWS, COLUMNS);
    while (!app->done) {
        settle(app, IDLE_MS);
        print_screen(&plain);
        if (!wait_line(&plain, line))
            break;
        take_line(app, line);
    }
    if (app_is_changing(app)) {
        app_stop_all(app);
        settle(app, LEAVE_MS);
    }
    putchar('\n');
    buf_done(&plain.input);
    return app->exit_code;
}
