/* Screens as they were looked at and kept, text and attributes: one look with
 * colours and one without, each the same in terminals of very different kinds. */
#include "test.h"

#include <stdio.h>

#include "base.h"
#include "golden.h"
#include "walk.h"

#define FOLDER "tests/console/golden"
#define COLUMNS 80

struct look_row {
    const char *term;
    const char *file;
};

/* From 256 colours down to none; ansi has eight and few ways to move. */
static const struct look_row look_rows[] = {
    { "xterm-256color", "colours.txt" },
    { "rxvt-unicode-256color", "colours.txt" },
    { "ansi", "colours.txt" },
    { "vt100", "mono.txt" },
};

/* A digit: bold 1, underlined 2, reversed 4, added up. */
static char attribute_of(const struct terminal_cell *cell)
{
    int sum = cell->bold + 2 * cell->underline + 4 * cell->reverse;

    return sum ? (char)('0' + sum) : ' ';
}

static char colour_of(const struct terminal_cell *cell)
{
    return cell->foreground >= 0 ? (char)('0' + cell->foreground) : ' ';
}

/* A line under the text, unless it is blank. */
static void put_line(
    struct buf *out, const char *mark, char cells[COLUMNS + 1])
{
    size_t size = COLUMNS;

    while (size > 0 && cells[size - 1] == ' ')
        size--;
    cells[size] = '\0';
    if (size > 0)
        buf_putf(out, "%s%s\n", mark, cells);
}

static void put_row(struct buf *out, struct terminal *terminal, int row)
{
    char *text = mem_copy_text(terminal_row(terminal, row));
    char attributes[COLUMNS + 1];
    char colours[COLUMNS + 1];

    for (int column = 0; column < COLUMNS; column++) {
        struct terminal_cell cell = terminal_cell(terminal, row, column);

        attributes[column] = attribute_of(&cell);
        colours[column] = colour_of(&cell);
    }
    walk_steady(text);
    buf_putf(out, "  |%s\n", text);
    put_line(out, "a |", attributes);
    put_line(out, "c |", colours);
    mem_free(text);
}

/* The end of the first row tells ages and grows with them. */
static void look(struct console *console, size_t stop, void *context)
{
    struct buf *out = context;

    buf_putf(out, "---- %s\n", walk_stops[stop].keys);
    for (int row = 1; row < WALK_ROWS; row++)
        put_row(out, console->terminal, row);
}

static void check(struct console *console, const struct look_row *row)
{
    struct buf out = { .limit = 1u << 20 };

    console->options.term = row->term;
    console_reopen(console);
    walk(console, look, &out);
    golden_check(FOLDER, row->file, buf_text(&out));
    buf_done(&out);
}

static void test_looks(void **state)
{
    struct console console;

    (void)state;
    console_open(&console, &(struct console_options){ 0 });
    for (size_t i = 0; i < LENGTH(look_rows); i++) {
        fprintf(stderr, "TERM=%s\n", look_rows[i].term);
        check(&console, &look_rows[i]);
    }
    console_done(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
