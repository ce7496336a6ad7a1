/* The terminal, by ncurses. Escape waits 50 ms unless ESCDELAY says otherwise;
 * the cursor is never hidden, braille displays and screen readers follow it. */
#include "term.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <curses.h>
#include <termcap.h>

#include "clip.h"
#include "heap.h"
#include "hush.h"
#include "rescue.h"

#define ESCAPE_MS 50
/* Codes of our own, far above those of curses and of terminfo extensions. */
#define PASTE_BEGIN 0x7001
#define PASTE_END 0x7002
/* A paste whose end never came is over after this long a silence. */
#define PASTE_SILENCE_S 5

struct term {
    SCREEN *screen;
    const char *fallback;
    attr_t attributes[ROLE_COUNT];
    bool shows_blanks[ROLE_COUNT]; /* a blank in it looks like something */
    struct grid drawn; /* what curses has been told; no rows: nothing yet */
    cchar_t *run;      /* cells on their way there, room for a row */
    bool colour;
    bool mouse; /* is on */
    bool pasting;
    time_t pasted_at_s;
};

/* ---- opening ---- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Names that Debian's base terminfo lacks but that understand what xterm
 * does. */
static const char *nearest(const char *name)
{
    static const char *const like_xterm[] = { "xterm", "foot", "alacritty",
        "kitty", "ghostty", "wezterm", "contour", "putty", "konsole", "tmux" };

    for (size_t i = 0; i < sizeof(like_xterm) / sizeof *(like_xterm); i++)
        if (starts_with(name, like_xterm[i]))
            return "xterm-256color";
    return "vt100";
}

/* A capability that terminfo may lack; curses says -1 for "not a string". */
static const char *capability(const char *name)
{
    const char *text = tigetstr(name);

    return text && text != (const char *)-1 ? text : "";
}

/* Asked before newterm(), which leaks what it began when the name is unknown.
 * A terminal whose cursor cannot be moved is as good as unknown. */
static bool is_known(const char *name)
{
    return name && tgetent(NULL, name) == 1 && *capability("cup");
}

static bool is_dumb(const char *name)
{
    return !name || !*name || strcmp(name, "dumb") == 0;
}

int term_colours_of(const char *name)
{
    int colours;

    if (is_dumb(name) || !is_known(name))
        return -1;
    colours = tgetnum("Co");
    return colours > 0 ? colours : 0;
}

static SCREEN *open_screen(struct term *term, const char *name)
{
    if (is_dumb(name))
        return NULL;
    if (!is_known(name)) {
        term->fallback = nearest(name);
        name = term->fallback;
    }
    return is_known(name) ? newterm(name, stdout, stdin) : NULL;
}

/* Both forms of the cursor keys, whatever terminfo says: terminals differ in
 * which one they send. */
static void define_keys(void)
{
    static const struct {
        const char *sequence;
        int code;
    } rows[] = {
        { "\033[A", KEY_UP },
        { "\033OA", KEY_UP },
        { "\033[B", KEY_DOWN },
        { "\033OB", KEY_DOWN },
        { "\033[C", KEY_RIGHT },
        { "\033OC", KEY_RIGHT },
        { "\033[D", KEY_LEFT },
        { "\033OD", KEY_LEFT },
        { "\033[H", KEY_HOME },
        { "\033OH", KEY_HOME },
        { "\033[1~", KEY_HOME },
        { "\033[F", KEY_END },
        { "\033OF", KEY_END },
        { "\033[4~", KEY_END },
        { "\033[5~", KEY_PPAGE },
        { "\033[6~", KEY_NPAGE },
        { "\033[Z", KEY_BTAB },
        { "\033[200~", PASTE_BEGIN },
        { "\033[201~", PASTE_END },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)
        define_key(rows[i].sequence, rows[i].code);
}

static void send(const char *text)
{
    size_t size = strlen(text);

    if (size && write(STDOUT_FILENO, text, size) < 0)
        return; /* a terminal that is gone is noticed when it is read */
}

static void paste_marks(bool on)
{
    send(capability(on ? "BE" : "BD"));
}

/* Curses does the same, but not while the program dies. */
static void put_mouse_off(struct buf *out)
{
    const char *mode = capability("XM");

    buf_puts(out, *mode ? tparm(mode, 0L) : "\033[?1000l");
}

static void arm(bool mouse)
{
    struct buf undo = { .limit = 256 };

    rescue_disarm();
    if (mouse)
        put_mouse_off(&undo);
    buf_puts(&undo, capability("BD"));
    buf_puts(&undo, capability("sgr0"));
    buf_puts(&undo, capability("cnorm"));
    buf_puts(&undo, capability("rmkx"));
    buf_puts(&undo, capability("rmcup"));
    rescue_arm(buf_view(&undo));
    buf_done(&undo);
}

/* The program may end in exit() from deep inside when memory runs out. */
static void close_at_exit(void)
{
    rescue_disarm();
    if (!isendwin()) {
        paste_marks(false);
        endwin();
    }
    hush_end();
}

static void set_up(struct term *term)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    meta(stdscr, TRUE);
    typeahead(-1); /* all keys that are there were taken before a frame */
    if (!getenv("ESCDELAY"))
        set_escdelay(ESCAPE_MS);
    define_keys();
    term->colour =
        has_colors() && start_color() == OK && use_default_colors() == OK;
    paste_marks(true);
    arm(false);
    hush_begin();
    atexit(close_at_exit);
}

enum kv_status term_open(
    struct term **out, const char *name, struct kv_error *err)
{
    struct term *term = heap_new(sizeof(*term));

    /* With these set curses would not believe the window. */
    unsetenv("LINES");
    unsetenv("COLUMNS");
    if (!name)
        name = getenv("TERM");
    rescue_remember(STDIN_FILENO);
    term->screen = open_screen(term, name);
    if (!term->screen) {
        heap_free(term);
        return kv_error_set(err, KV_BAD_CONFIG,
            "no screen on TERM \"%s\": use kvgov --plain, kvgov list, or --term "
            "NAME",
            name ? name : "");
    }
    set_up(term);
    *out = term;
    return KV_OK;
}

void term_close(struct term *term)
{
    if (!term)
        return;
    /* delscreen() would leave close_at_exit() without a screen to ask. */
    close_at_exit();
    grid_done(&term->drawn);
    heap_free(term->run);
    heap_free(term);
}

const char *term_fallback(const struct term *term)
{
    return term->fallback;
}

bool term_has_colour(const struct term *term)
{
    return term->colour;
}

/* ---- mouse ---- */

/* Of a press and a release that come together curses tells the later one only,
 * or none when nobody waits for that: a click is the release. */
#define WATCHED                                                                \
    (BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED)

bool term_has_mouse(const struct term *term)
{
    (void)term;
    return *capability("kmous");
}

/* Each event by itself: curses makes no double clicks of them, nor waits. */
void term_mouse(struct term *term, bool on)
{
    term->mouse = on;
    mouseinterval(0);
    mousemask(on ? WATCHED : 0, NULL);
    arm(on);
}

static uint32_t code_of_event(const MEVENT *event)
{
    if (event->bstate & BUTTON1_RELEASED)
        return CODE_CLICK;
    if (event->bstate & BUTTON4_PRESSED)
        return CODE_WHEEL_UP;
    return event->bstate & BUTTON5_PRESSED ? CODE_WHEEL_DOWN : CODE_NONE;
}

/* What is left of those that came together is there without another key. */
static bool read_mouse(const struct term *term, struct key *out)
{
    MEVENT event;

    while (term->mouse && getmouse(&event) == OK) {
        out->code = code_of_event(&event);
        out->row = event.y;
        out->column = event.x;
        if (out->code)
            return true;
    }
    return false;
}

/* ---- theme ---- */

/* A palette that the terminal does not have: bright colours become bold ones,
 * the rest its own. */
static short shown(int16_t colour, attr_t *attributes)
{
    if (colour < COLORS)
        return colour;
    if (colour < 16 && colour - 8 < COLORS) {
        *attributes |= A_BOLD;
        return (short)(colour - 8);
    }
    return -1;
}

static attr_t attributes_of(const struct look *look)
{
    attr_t attributes = A_NORMAL;

    if (look->attributes & LOOK_BOLD)
        attributes |= A_BOLD;
    if (look->attributes & LOOK_DIM)
        attributes |= A_DIM;
    if (look->attributes & LOOK_UNDERLINE)
        attributes |= A_UNDERLINE;
    if (look->attributes & LOOK_REVERSE)
        attributes |= A_REVERSE;
    return attributes;
}

/* One colour pair a role, numbered from 1. */
void term_set_theme(struct term *term, const struct theme *theme)
{
    for (short role = 0; role < ROLE_COUNT; role++) {
        const struct look *look = &theme->looks[role];
        attr_t attributes = attributes_of(look);
        short foreground = shown(look->foreground, &attributes);
        short background = shown(look->background, &attributes);

        if (term->colour && (foreground >= 0 || background >= 0) &&
            init_pair((short)(role + 1), foreground, background) == OK)
            attributes |= (attr_t)COLOR_PAIR(role + 1);
        term->attributes[role] = attributes;
        term->shows_blanks[role] =
            background >= 0 || attributes & (A_REVERSE | A_UNDERLINE);
    }
    term->drawn.rows = 0;
}

/* ---- size ---- */

void term_size(const struct term *term, int *rows, int *columns)
{
    struct winsize size = { 0 };

    (void)term;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row &&
        size.ws_col) {
        *rows = size.ws_row;
        *columns = size.ws_col;
    } else {
        getmaxyx(stdscr, *rows, *columns);
    }
}

void term_resize(struct term *term, int rows, int columns)
{
    if (rows != LINES || columns != COLS)
        resizeterm(rows, columns);
    term->drawn.rows = 0;
    clearok(curscr, TRUE);
}

/* ---- keys ---- */

static uint32_t code_of(wint_t key)
{
    switch (key) {
    case KEY_UP:
        return CODE_UP;
    case KEY_DOWN:
        return CODE_DOWN;
    case KEY_LEFT:
        return CODE_LEFT;
    case KEY_RIGHT:
        return CODE_RIGHT;
    case KEY_PPAGE:
        return CODE_PAGE_UP;
    case KEY_NPAGE:
        return CODE_PAGE_DOWN;
    case KEY_HOME:
        return CODE_HOME;
    case KEY_END:
        return CODE_END;
    case KEY_BACKSPACE:
        return CODE_BACKSPACE;
    case KEY_DC:
        return CODE_DELETE;
    case KEY_BTAB:
        return CODE_BACK_TAB;
    case KEY_ENTER:
        return CODE_ENTER;
    case KEY_F(1):
        return CODE_F1;
    case KEY_F(5):
        return CODE_F5;
    default:
        return CODE_OTHER;
    }
}

static uint32_t code_of_character(wint_t character)
{
    switch (character) {
    case '\r':
    case '\n':
        return CODE_ENTER;
    case '\t':
        return CODE_TAB;
    case 0x1b:
        return CODE_ESCAPE;
    case 0x7f:
    case '\b':
        return CODE_BACKSPACE;
    default:
        return character ? (uint32_t)character : (uint32_t)CODE_OTHER;
    }
}

static void paste_mark(struct term *term, bool begins)
{
    term->pasting = begins;
    term->pasted_at_s = time(NULL);
}

static bool is_pasted(struct term *term)
{
    time_t now_s = time(NULL);

    if (!term->pasting)
        return false;
    if (now_s - term->pasted_at_s > PASTE_SILENCE_S)
        term->pasting = false;
    term->pasted_at_s = now_s;
    return term->pasting;
}

bool term_read(struct term *term, struct key *out)
{
    wint_t key;
    int kind;

    *out = (struct key){ 0 };
    for (;;) {
        if (read_mouse(term, out))
            return true;
        kind = get_wch(&key);
        if (kind == ERR)
            return false;
        if (kind == KEY_CODE_YES && key == PASTE_BEGIN)
            paste_mark(term, true);
        else if (kind == KEY_CODE_YES && key == PASTE_END)
            paste_mark(term, false);
        else if (kind == KEY_CODE_YES && (key == KEY_RESIZE || key == KEY_MOUSE))
            continue; /* by our own signal; by read_mouse() */
        else
            break;
    }
    out->code = kind == KEY_CODE_YES ? code_of(key) : code_of_character(key);
    out->pasted = is_pasted(term);
    return true;
}

/* getch() says the same for "no key" and "no terminal"; only this tells. */
bool term_is_gone(const struct term *term)
{
    struct termios now;

    (void)term;
    return tcgetattr(STDIN_FILENO, &now) < 0 && errno != EINTR;
}

void term_flush_input(struct term *term)
{
    term->pasting = false;
    flushinp();
}

/* ---- frames ---- */

static bool is_blank(const struct term *term, const struct cell *cell)
{
    return cell->width == 1 && cell->text[0] == L' ' && !cell->text[1] &&
           !term->shows_blanks[cell->role];
}

/* A blank that looks like nothing costs nothing: between two words of one role
 * it is drawn like them, elsewhere like plain text, so that the terminal need
 * not be told of another look. */
static attr_t attributes_at(
    const struct term *term, const struct grid *grid, int row, int column)
{
    const struct cell *cell = grid_cell(grid, row, column);
    const struct cell *before = column ? cell - 1 : cell;
    const struct cell *after = column + 1 < grid->columns ? cell + 1 : cell;

    if (!is_blank(term, cell) || term->shows_blanks[ROLE_TEXT])
        return term->attributes[cell->role];
    if (before->role == after->role && !is_blank(term, before) &&
        !is_blank(term, after) && !term->shows_blanks[before->role])
        return term->attributes[before->role];
    return term->attributes[ROLE_TEXT];
}

static void put_cell(cchar_t *out, const struct cell *cell, attr_t attributes)
{
    wchar_t text[CELL_POINTS + 1] = { 0 };

    memcpy(text, cell->text, sizeof(cell->text));
    setcchar(out, text, attributes & ~A_COLOR, (short)PAIR_NUMBER(attributes),
        NULL);
}

static bool is_same(const struct cell *a, const struct cell *b)
{
    return a->width == b->width && a->role == b->role &&
           memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

/* How a blank looks depends on its neighbours: what is drawn is what changed
 * and a cell on both sides of it. */
static void draw_row(
    struct term *term, const struct grid *grid, int row, int columns)
{
    const struct cell *cells = grid_cell(grid, row, 0);
    const struct cell *drawn = grid_cell(&term->drawn, row, 0);
    int first = 0;
    int end = columns;
    int count = 0;

    if (memcmp(cells, drawn, (size_t)columns * sizeof(*cells)) == 0)
        return;
    while (first < end && is_same(&cells[first], &drawn[first]))
        first++;
    while (end > first && is_same(&cells[end - 1], &drawn[end - 1]))
        end--;
    if (first == end)
        return;
    first -= first > 0;
    end += end < columns;
    first += cells[first].width == 0; /* its left half is drawn already */
    for (int column = first; column < end; column++)
        if (cells[column].width)
            put_cell(&term->run[count++], &cells[column],
                attributes_at(term, grid, row, column));
    mvadd_wchnstr(row, first, term->run, count);
}

/* Most keys change two rows: curses is told of no more than that. */
void term_draw(struct term *term, const struct grid *grid)
{
    struct grid *drawn = &term->drawn;
    int rows = grid->rows < LINES ? grid->rows : LINES;
    int columns = grid->columns < COLS ? grid->columns : COLS;
    size_t bytes =
        (size_t)grid->rows * (size_t)grid->columns * sizeof(*grid->cells);

    if (drawn->rows != grid->rows || drawn->columns != grid->columns) {
        grid_resize(drawn, grid->rows, grid->columns);
        term->run = heap_resize(
            term->run, (size_t)grid->columns * sizeof(*term->run));
        memset(drawn->cells, 0xff, bytes); /* like no cell that there is */
    }
    for (int row = 0; row < rows; row++)
        draw_row(term, grid, row, columns);
    memcpy(drawn->cells, grid->cells, bytes);
    move(grid->cursor_row, grid->cursor_column);
    wnoutrefresh(stdscr);
    doupdate();
}

/* Inside of tmux TERM says screen too, but tmux takes the sequence as it is. */
void term_copy(struct term *term, struct view text)
{
    const char *name = getenv("TERM");
    bool screen = name && starts_with(name, "screen") && !getenv("TMUX");
    struct buf sequence = { .limit = 2 * CLIP_ENCODED_BYTES };

    (void)term;
    clip_put(&sequence, text, screen);
    send(buf_text(&sequence));
    buf_done(&sequence);
}

void term_redraw(struct term *term)
{
    (void)term;
    clearok(curscr, TRUE);
}

void term_suspend(struct term *term)
{
    paste_marks(false);
    endwin();
    kill(0, SIGSTOP); /* returns when somebody continues the group */
    refresh();
    paste_marks(true);
    clearok(curscr, TRUE);
    term_flush_input(term);
}
