/* Keys by name, bindings, text fields, and that a paste never acts. */
#include "test.h"

#include "console.h"
#include "input.h"
#include "keys.h"
#include "list.h"

#include <locale.h>
#include <string.h>

static void names(void **state)
{
    static const struct {
        const char *script;
        uint32_t code;
        const char *shown;
    } rows[] = {
        { "Enter", CODE_ENTER, "Enter" },
        { "esc", CODE_ESCAPE, "Esc" },
        { "S-Tab", CODE_BACK_TAB, "Shift-Tab" },
        { "PgDn", CODE_PAGE_DOWN, "PgDn" },
        { "Space", ' ', "Space" },
        { "C-l", CODE_CTRL('L'), "Ctrl-L" },
        { "C-Z", CODE_CTRL('Z'), "Ctrl-Z" },
        { "F5", CODE_F5, "F5" },
        { "lt", '<', "<" },
        { "BS", CODE_BACKSPACE, "Backspace" },
        { "", CODE_NONE, NULL },
        { "C-1", CODE_NONE, NULL },
        { "Hyper", CODE_NONE, NULL },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        uint32_t code = key_code_of(view_of(rows[i].script));
        struct buf shown = { .limit = 32 };

        if (code != rows[i].code)
            fail_with(
                "%s: expected %x, got %x", rows[i].script, rows[i].code, code);
        if (rows[i].shown) {
            key_put_name(&shown, code);
            assert_string_equal(buf_text(&shown), rows[i].shown);
        }
        buf_done(&shown);
    }
}

/* Each key once in a table, each row with its words: tables that help and
 * footer are made of cannot have holes. */
static void check_table(const struct binding *bindings)
{
    for (const struct binding *at = bindings; at->key; at++) {
        assert_non_null(at->help);
        assert_true(*at->help);
        for (const struct binding *other = bindings; other < at; other++) {
            assert_int_not_equal(at->key, other->key);
            assert_int_not_equal(at->key, other->also);
            assert_true(!at->also || at->also != other->key);
        }
    }
}

static void tables(void **state)
{
    (void)state;
    check_table(common_bindings);
    check_table(list_bindings);
    check_table(list_mark_bindings);
}

/* What a split escape sequence or a terminal's late answer may leave behind:
 * none of it may mean anything everywhere. */
static void split_sequences_are_harmless(void **state)
{
    (void)state;
    for (const char *at = "O[]ABCDFHPQRS~0123456789;"; *at; at++)
        assert_null(binding_find(
            common_bindings, (struct key){ .code = (uint32_t)*at }));
}

static void a_paste_binds_nothing(void **state)
{
    (void)state;
    assert_non_null(binding_find(common_bindings, (struct key){ .code = 'q' }));
    assert_non_null(
        binding_find(common_bindings, (struct key){ .code = CODE_BACKSPACE }));
    assert_null(binding_find(
        common_bindings, (struct key){ .code = 'q', .pasted = true }));
    assert_null(binding_find(NULL, (struct key){ .code = 'q' }));
}

/* ---- text fields ---- */

static enum input_result press(struct input *input, uint32_t code)
{
    return input_key(input, (struct key){ .code = code });
}

static enum input_result paste(struct input *input, uint32_t code)
{
    return input_key(input, (struct key){ .code = code, .pasted = true });
}

static void editing(void **state)
{
    struct input input = { 0 };

    (void)state;
    for (const char *at = "kv pay"; *at; at++)
        assert_int_equal(press(&input, (uint32_t)*at), INPUT_CHANGED);
    press(&input, CODE_LEFT);
    press(&input, 0xe9);
    assert_string_equal(input.text, "kv pa\xc3\xa9y");
    press(&input, CODE_BACKSPACE);
    press(&input, CODE_DELETE);
    assert_string_equal(input.text, "kv pa");
    press(&input, CODE_CTRL('W'));
    assert_string_equal(input.text, "kv ");
    press(&input, CODE_HOME);
    press(&input, CODE_DELETE);
    assert_string_equal(input.text, "v ");
    press(&input, CODE_END);
    press(&input, CODE_CTRL('U'));
    assert_string_equal(input.text, "");
    assert_int_equal(press(&input, CODE_BACKSPACE), INPUT_CHANGED);
    assert_int_equal(press(&input, CODE_ENTER), INPUT_ENTER);
    assert_int_equal(press(&input, CODE_ESCAPE), INPUT_ESCAPE);
    assert_int_equal(press(&input, CODE_UP), INPUT_IGNORED);
}

static void a_pasted_line_break_is_a_blank(void **state)
{
    struct input input = { 0 };

    (void)state;
    assert_int_equal(paste(&input, 'a'), INPUT_CHANGED);
    assert_int_equal(paste(&input, CODE_ENTER), INPUT_CHANGED);
    assert_int_equal(paste(&input, CODE_TAB), INPUT_CHANGED);
    assert_int_equal(paste(&input, CODE_ESCAPE), INPUT_CHANGED);
    assert_int_equal(paste(&input, CODE_CTRL('U')), INPUT_CHANGED);
    assert_string_equal(input.text, "a  ");
    assert_true(input.pasted);
    press(&input, CODE_CTRL('U'));
    assert_false(input.pasted);
}

static void a_field_has_an_end(void **state)
{
    struct input input = { 0 };

    (void)state;
    for (int i = 0; i < 2 * INPUT_BYTES; i++)
        press(&input, 0x65e5);
    assert_true(input.size < INPUT_BYTES);
    assert_int_equal(input.size % 3, 0);
    assert_int_equal(strlen(input.text), input.size);
}

static void a_field_shows_its_cursor(void **state)
{
    struct grid grid = { 0 };
    struct canvas canvas;
    struct input input = { 0 };
    struct buf text = { .limit = 256 };

    (void)state;
    grid_resize(&grid, 1, 20);
    canvas = canvas_of(&grid);
    input_set(&input, "kv-pay-prod-weu");
    canvas_move(&canvas, 0, 2);
    input_draw(&input, &canvas, 8);
    grid_dump(&grid, &text);
    assert_string_equal(buf_text(&text), "  rod-weu\n");
    assert_int_equal(grid.cursor_column, 9);
    buf_done(&text);
    grid_done(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(tables),
        cmocka_unit_test(split_sequences_are_harmless),
        cmocka_unit_test(a_paste_binds_nothing),
        cmocka_unit_test(editing),
        cmocka_unit_test(a_pasted_line_break_is_a_blank),
        cmocka_unit_test(a_field_has_an_end),
        cmocka_unit_test(a_field_shows_its_cursor),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
