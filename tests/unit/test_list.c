/* The list: what a filter shows, that rows keep still while a person moves,
 * marks, and what a row looks like. Its items are numbers that stand for
 * themselves, so that a list of 100,000 costs nothing to make. */
#include "test.h"

#include "heap.h"
#include "list.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* What the rows are worth; a test changes it under the list. */
struct world {
    uint32_t worth[8];
    uint32_t gone; /* this item does not exist; KV_NONE: all do */
    size_t *asked; /* how often its place was; NULL: nobody counts */
};

/* How many cells were asked for. */
static size_t cells_told;

static bool world_exists(const void *context, uint32_t item)
{
    return ((const struct world *)context)->gone != item;
}

static void world_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct world *world = context;

    cells_told++;
    if (column == 0)
        buf_putf(&out->text, "%u", world->worth[item % 8]);
    else
        buf_putf(&out->text, "item-%u", item);
}

static struct list_order world_order(
    const void *context, uint32_t item, size_t column)
{
    const struct world *world = context;

    if (world->asked)
        ++*world->asked;
    return (struct list_order){
        .number = column == 0 ? world->worth[item % 8] : item,
    };
}

/* "even:" finds every even one. */
static enum filter_answer match_even(
    const void *context, uint32_t item, const struct filter_term *term)
{
    (void)context;
    (void)term;
    return filter_answer(item % 2 == 0);
}

static const struct filter_field fields[] = {
    { "even", "an even number", NULL, match_even },
    { 0 },
};

/* A word is in the name; what it is worth has numbers of its own. */
static bool world_word(
    const void *context, uint32_t item, const struct filter_term *term)
{
    char name[32];

    (void)context;
    snprintf(name, sizeof(name), "item-%u", item);
    return filter_finds(term, name);
}

static const struct list_column columns[] = {
    { .title = "WORTH", .width_cells = 5, .right = true },
    { .title = "NAME" },
};

static const struct list_ops world_list = {
    .columns = columns,
    .column_count = 2,
    .sort_column = 0,
    .name_column = 1,
    .exists = world_exists,
    .cell = world_cell,
    .order = world_order,
    .fields = fields,
    .word = world_word,
};

static void press(struct list *list, const char *keys)
{
    for (; *keys; keys++)
        list_key(
            list, (struct key){ .code = *keys == '\n' ? (uint32_t)CODE_ENTER
                                                      : (uint32_t)*keys });
}

/* The items shown, in order, as "3 1 2 ". */
static void assert_shown(
    const struct list *list, const char *when, const char *expected)
{
    char seen[256] = "";
    size_t size = 0;

    for (size_t i = 0; i < list->shown_count && size < 200; i++)
        size += (size_t)snprintf(
            seen + size, sizeof(seen) - size, "%u ", list->shown[i]);
    if (strcmp(seen, expected) != 0)
        fail_with("%s: expected %s, got %s", when, expected, seen);
}

static void sorts_until_somebody_moves(void **state)
{
    struct world world = { { 30, 10, 20 }, KV_NONE, NULL };
    struct list list;

    (void)state;
    list_init(&list, &world_list, &world);
    list_layout(&list, 10);
    list_refresh(&list, 3);
    assert_shown(&list, "at first", "1 2 0 ");
    world.worth[1] = 40;
    list_refresh(&list, 3);
    assert_shown(&list, "nobody moved", "2 0 1 ");
    press(&list, "j");
    assert_int_equal(list_current(&list), 0);
    world.worth[0] = 1;
    list_refresh(&list, 4);
    assert_shown(&list, "frozen, a new one comes last", "2 0 1 3 ");
    assert_int_equal(list_current(&list), 0);
    press(&list, "=");
    assert_shown(&list, "sorted again", "3 0 2 1 ");
    assert_int_equal(list_current(&list), 0);
    press(&list, "S");
    assert_shown(&list, "reversed", "1 2 0 3 ");
    press(&list, "s2");
    assert_shown(&list, "by the other column, reversed no more", "0 1 2 3 ");
    list_done(&list);
}

static void keeps_its_line_on_the_screen(void **state)
{
    struct world world = { { 0 }, KV_NONE, NULL };
    struct list list;
    size_t line;

    (void)state;
    list_init(&list, &world_list, &world);
    list_layout(&list, 7);
    list_refresh(&list, 100);
    for (int i = 0; i < 20; i++)
        press(&list, "j");
    line = list.cursor - list.top;
    world.gone = 3;
    list_refresh(&list, 100);
    assert_int_equal(list_current(&list), 20);
    assert_int_equal(list.cursor - list.top, line);
    world.gone = 20;
    list_refresh(&list, 100);
    assert_int_not_equal(list_current(&list), 20);
    list_done(&list);
}

static void filters(void **state)
{
    static const struct {
        const char *filter;
        const char *expected;
    } rows[] = {
        { "", "0 1 2 3 4 5 " },
        { "3", "3 " },
        { "even:", "0 2 4 " },
        { "!even:", "1 3 5 " },
        { "even: !item-4", "0 2 " },
        { "item-9", "" },
        { "  even:   4 ", "4 " },
    };
    struct world world = { { 0 }, KV_NONE, NULL };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct list list;

        list_init(&list, &world_list, &world);
        list_refresh(&list, 6);
        list_set_filter(&list, rows[i].filter);
        assert_shown(&list, rows[i].filter, rows[i].expected);
        assert_int_equal(list.existing, 6);
        list_done(&list);
    }
}

static void filters_while_typing(void **state)
{
    struct world world = { { 0 }, KV_NONE, NULL };
    struct list list;

    (void)state;
    list_init(&list, &world_list, &world);
    list_refresh(&list, 6);
    press(&list, "/m-3");
    assert_shown(&list, "live", "3 ");
    press(&list, "\n");
    assert_false(list.filtering);
    press(&list, "/");
    list_key(&list, (struct key){ .code = CODE_BACKSPACE });
    assert_int_equal(list.shown_count, 6);
    list_key(&list, (struct key){ .code = CODE_ESCAPE });
    assert_shown(&list, "Esc brings the old one back", "3 ");
    assert_true(list_key(&list, (struct key){ .code = CODE_ESCAPE }));
    assert_int_equal(list.shown_count, 6);
    assert_false(list_key(&list, (struct key){ .code = CODE_ESCAPE }));
    list_done(&list);
}

/* What a filter shows stands as it did; nothing is sorted at its keys, until
 * something may be another. */
static void filters_in_the_order_that_is_there(void **state)
{
    size_t asked = 0;
    struct world world = { { 50, 40, 30, 20, 10, 60 }, KV_NONE, &asked };
    struct list list;

    (void)state;
    list_init(&list, &world_list, &world);
    list_refresh(&list, 0);
    list_refresh(&list, 6);
    asked = 0;
    press(&list, "j/even:\n");
    assert_shown(&list, "in the order of all", "4 2 0 ");
    list_set_filter(&list, "");
    assert_shown(&list, "all again", "4 3 2 1 0 5 ");
    assert_int_equal(asked, 0);
    list_set_filter(&list, "even:");
    world.worth[4] = 99;
    list_refresh(&list, 7);
    asked = 0;
    press(&list, "/\n");
    list_set_filter(&list, "even:");
    assert_int_equal(asked, 7);
    assert_shown(&list, "of other worth", "6 2 0 4 ");
    list_set_filter(&list, "");
    assert_shown(&list, "all of them", "6 3 2 1 0 5 4 ");
    press(&list, "S");
    list_set_filter(&list, "!even:");
    assert_shown(&list, "reversed", "5 1 3 ");
    list_done(&list);
}

static void marks(void **state)
{
    struct world world = { { 0 }, KV_NONE, NULL };
    struct list list;
    struct buf counts = { .limit = 128 };
    uint32_t *chosen;

    (void)state;
    list_init(&list, &world_list, &world);
    list_refresh(&list, 6);
    assert_int_equal(list_copy_chosen(&list, &chosen), 1);
    assert_int_equal(chosen[0], 0);
    heap_free(chosen);
    press(&list, " j ");
    assert_int_equal(list.mark_count, 2);
    assert_true(list_is_marked(&list, 0));
    assert_true(list_is_marked(&list, 2));
    press(&list, "u");
    assert_int_equal(list.mark_count, 0);
    press(&list, "u");
    assert_int_equal(list.mark_count, 2);
    list_set_filter(&list, "!even:");
    assert_int_equal(list_hidden_marks(&list), 2);
    list_put_counts(&list, "rows", &counts);
    assert_string_equal(buf_text(&counts), "3 of 6 rows  2 marked, 2 hidden");
    buf_done(&counts);
    press(&list, "*");
    assert_int_equal(list.mark_count, 5);
    assert_int_equal(list_copy_chosen(&list, &chosen), 5);
    assert_int_equal(chosen[4], 5);
    heap_free(chosen);
    press(&list, "ugvjjv");
    assert_int_equal(list.mark_count, 3);
    list_done(&list);
}

/* A paste must not mark, move or sort. */
static void pastes_do_nothing(void **state)
{
    struct world world = { { 0 }, KV_NONE, NULL };
    struct list list;

    (void)state;
    list_init(&list, &world_list, &world);
    list_refresh(&list, 6);
    for (const char *keys = " *jvsS/u"; *keys; keys++)
        assert_false(list_key(
            &list, (struct key){ .code = (uint32_t)*keys, .pasted = true }));
    assert_int_equal(list.mark_count, 0);
    assert_int_equal(list.cursor, 0);
    assert_false(list.filtering);
    list_done(&list);
}

static void draws(void **state)
{
    struct world world = { { 7, 5 }, KV_NONE, NULL };
    struct grid grid = { 0 };
    struct canvas canvas;
    struct buf text = { .limit = 4096 };
    struct list list;

    (void)state;
    grid_resize(&grid, 5, 70);
    canvas = canvas_of(&grid);
    list_init(&list, &world_list, &world);
    list_layout(&list, 5);
    list_refresh(&list, 2);
    press(&list, "j ");
    list_draw(&list, &canvas);
    grid_dump(&grid, &text);
    assert_string_equal(buf_text(&text),
        "   WORTHvNAME\n"
        "       5 item-1\n"
        ">*     7 item-0\n"
        "\n"
        " row 2 of 2   sort WORTH   frozen, = sorts\n");
    assert_int_equal(grid.cursor_row, 2);
    assert_int_equal(grid.cursor_column, 0);
    assert_int_equal(grid_cell(&grid, 2, 9)->role, ROLE_SELECTED);
    buf_done(&text);
    list_done(&list);
    grid_done(&grid);
}

static const struct list_column edge_columns[] = {
    { .title = "NAME" },
    { .title = "WORTH", .width_cells = 8, .right = true },
};

/* Sorted by the column that ends where the screen does, the heads say so. */
static void the_mark_has_room(void **state)
{
    struct list_ops ops = world_list;
    struct world world = { { 7, 5 }, KV_NONE, NULL };
    struct grid grid = { 0 };
    struct canvas canvas;
    struct buf text = { .limit = 4096 };
    struct list list;

    (void)state;
    ops.columns = edge_columns;
    ops.sort_column = 1;
    ops.name_column = 0;
    grid_resize(&grid, 5, 30);
    canvas = canvas_of(&grid);
    list_init(&list, &ops, &world);
    list_layout(&list, 5);
    list_refresh(&list, 2);
    list_draw(&list, &canvas);
    grid_dump(&grid, &text);
    assert_contains(buf_text(&text), "  vWORTH\n");
    buf_done(&text);
    list_done(&list);
    grid_done(&grid);
}

/* Where the name has what it needs, the others get theirs: first the one that
 * lacks least; what is left after that is the name's. */
static void columns_widen(void **state)
{
    static const struct list_column columns_wide[] = {
        { .title = "NAME", .full_cells = 12 },
        { .title = "FIRST", .width_cells = 5, .full_cells = 9 },
        { .title = "THEN", .width_cells = 5, .full_cells = 7 },
    };
    static const struct {
        int width;
        const char *head;
    } cases[] = {
        { 27, "   NAME         FIRST THEN\n" },
        { 28, "   NAME         FIRST THEN\n" },
        { 30, "   NAME         FIRST  THEN\n" },
        { 33, "   NAME         FIRST     THEN\n" },
        { 38, "   NAME              FIRST     THEN\n" },
    };
    struct list_ops ops = world_list;
    struct world world = { { 7, 5 }, KV_NONE, NULL };
    struct buf text = { .limit = 4096 };
    struct list list;

    (void)state;
    ops.columns = columns_wide;
    ops.column_count = LENGTH(columns_wide);
    ops.order = NULL;
    ops.name_column = 0;
    list_init(&list, &ops, &world);
    list_layout(&list, 5);
    list_refresh(&list, 2);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct grid grid = { 0 };
        struct canvas canvas;

        grid_resize(&grid, 5, cases[i].width);
        canvas = canvas_of(&grid);
        list_draw(&list, &canvas);
        buf_clear(&text);
        grid_dump(&grid, &text);
        print_message("  %d\n%s", cases[i].width, buf_text(&text));
        assert_contains(buf_text(&text), cases[i].head);
        grid_done(&grid);
    }
    buf_done(&text);
    list_done(&list);
}

/* What was put away is gone, what was asked for comes before what the width
 * would show; the name stays. */
static void columns_are_chosen(void **state)
{
    struct world world = { { 7, 5 }, KV_NONE, NULL };
    struct grid grid = { 0 };
    struct canvas canvas;
    struct buf text = { .limit = 4096 };
    struct list list;

    (void)state;
    grid_resize(&grid, 5, 40);
    canvas = canvas_of(&grid);
    list_init(&list, &world_list, &world);
    list_layout(&list, 5);
    list_refresh(&list, 2);
    press(&list, "c");
    list_draw(&list, &canvas);
    grid_dump(&grid, &text);
    assert_contains(buf_text(&text), " columns  1 + WORTH\n");
    press(&list, "1");
    assert_true(list.choosing == LIST_COLUMN_MENU);
    press(&list, "\n");
    assert_true(list.choosing == LIST_NO_MENU);
    buf_clear(&text);
    grid_clear(&grid);
    list_draw(&list, &canvas);
    grid_dump(&grid, &text);
    assert_string_equal(buf_text(&text),
        "   NAME\n>  item-1\n   item-0\n\n row 1 of 2   sort WORTH\n");
    press(&list, "c2c1");
    assert_true(list_shows_column(&list, 0));
    assert_true(list_shows_column(&list, 1));
    buf_done(&text);
    list_done(&list);
    grid_done(&grid);
}

/* ---- what a moving cursor costs ---- */

static void draw_as(struct list *list, struct grid *grid, bool steady)
{
    struct canvas canvas = canvas_of(grid);

    grid_clear(grid);
    grid->steady = steady;
    list_draw(list, &canvas);
}

static void assert_like(
    const struct grid *grid, const struct grid *other, char key)
{
    for (int row = 0; row < grid->rows; row++)
        for (int column = 0; column < grid->columns; column++) {
            const struct cell *a = grid_cell(grid, row, column);
            const struct cell *b = grid_cell(other, row, column);

            if (a->text[0] != b->text[0] || a->role != b->role)
                fail_with("after '%c' row %d, column %d is '%lc' %d, not '%lc' "
                          "%d",
                    key, row, column, (wint_t)a->text[0], a->role,
                    (wint_t)b->text[0], b->role);
        }
}

/* A frame that takes rows over from the last one looks like any other. */
static void moves_cheaply(void **state)
{
    struct world world = { { 8, 7, 6, 5, 4, 3, 2, 1 }, KV_NONE, NULL };
    struct grid grid = { 0 };
    struct grid other = { 0 };
    struct list list;
    struct list same;

    (void)state;
    grid_resize(&grid, 12, 30);
    grid_resize(&other, 12, 30);
    list_init(&list, &world_list, &world);
    list_init(&same, &world_list, &world);
    list_layout(&list, 12);
    list_layout(&same, 12);
    list_refresh(&list, 100);
    list_refresh(&same, 100);
    press(&list, "*");
    press(&same, "*");
    for (const char *key = "gjjkkkjjjjjjjjjjjjjjkkkkkkkkGkkgjjGgjjj"; *key;
         key++) {
        const char keys[] = { *key, '\0' };

        press(&list, keys);
        press(&same, keys);
        cells_told = 0;
        draw_as(&list, &grid, *key == 'j' || *key == 'k');
        if ((*key == 'j' || *key == 'k') && cells_told > 4)
            fail_with("'%c' asks for %zu cells", *key, cells_told);
        draw_as(&same, &other, false);
        assert_like(&grid, &other, *key);
    }
    list_done(&list);
    list_done(&same);
    grid_done(&grid);
    grid_done(&other);
}

/* A list whose own cursor has not moved may say what another's has led to, and
 * one of another size has no rows to take over. */
static void takes_nothing_over(void **state)
{
    struct world world = { { 8, 7, 6, 5, 4, 3, 2, 1 }, KV_NONE, NULL };
    struct grid grid = { 0 };
    struct list list;

    (void)state;
    grid_resize(&grid, 12, 30);
    list_init(&list, &world_list, &world);
    list_layout(&list, 12);
    list_refresh(&list, 100);
    draw_as(&list, &grid, false);
    cells_told = 0;
    draw_as(&list, &grid, true);
    assert_int_equal(cells_told, 20);
    press(&list, "j");
    grid_resize(&grid, 12, 40);
    cells_told = 0;
    draw_as(&list, &grid, true);
    assert_int_equal(cells_told, 20);
    press(&list, "k");
    grid.numbered = true;
    cells_told = 0;
    draw_as(&list, &grid, true);
    assert_int_equal(cells_told, 20);
    list_done(&list);
    grid_done(&grid);
}

static void a_hundred_thousand(void **state)
{
    struct world world = { { 8, 7, 6, 5, 4, 3, 2, 1 }, KV_NONE, NULL };
    struct list list;

    (void)state;
    list_init(&list, &world_list, &world);
    list_layout(&list, 24);
    list_refresh(&list, 100000);
    assert_int_equal(list.shown_count, 100000);
    assert_int_equal(list_current(&list), 7);
    press(&list, "G");
    assert_int_equal(list.cursor, 99999);
    assert_int_equal(list.top, 100000 - 22);
    press(&list, "*");
    assert_int_equal(list.mark_count, 100000);
    list_refresh(&list, 10);
    assert_int_equal(list.shown_count, 10);
    list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_until_somebody_moves),
        cmocka_unit_test(keeps_its_line_on_the_screen),
        cmocka_unit_test(filters),
        cmocka_unit_test(filters_while_typing),
        cmocka_unit_test(filters_in_the_order_that_is_there),
        cmocka_unit_test(marks),
        cmocka_unit_test(pastes_do_nothing),
        cmocka_unit_test(draws),
        cmocka_unit_test(the_mark_has_room),
        cmocka_unit_test(columns_widen),
        cmocka_unit_test(columns_are_chosen),
        cmocka_unit_test(moves_cheaply),
        cmocka_unit_test(takes_nothing_over),
        cmocka_unit_test(a_hundred_thousand),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
