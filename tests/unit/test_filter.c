/* The filter language: how a text is read, what it finds, that what is unknown
 * is kept, and what is said of a filter that means nothing. */
#include "test.h"

#include "heap.h"
#include "recall.h"
#include "list.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* ---- reading ---- */

struct term_row {
    const char *text;
    const char *key;
    const char *value;
    enum filter_compare compare;
    bool negated;
};

static const struct term_row term_rows[] = {
    { "pay", "", "pay", FILTER_HAS, false },
    { "!pay", "", "pay", FILTER_HAS, true },
    { "!", "", "!", FILTER_HAS, false },
    { "name:pay", "name", "pay", FILTER_HAS, false },
    { "name=pay", "name", "pay", FILTER_IS, false },
    { "sev>=high", "sev", "high", FILTER_AT_LEAST, false },
    { "sev<high", "sev", "high", FILTER_BELOW, false },
    { "fail>10", "fail", "10", FILTER_ABOVE, false },
    { "!net:open", "net", "open", FILTER_HAS, true },
    { "tag:env=prod", "tag", "env=prod", FILTER_HAS, false },
    { "unknown:", "unknown", "", FILTER_HAS, false },
    { "12:30", "", "12:30", FILTER_HAS, false },
    { ":x", "", ":x", FILTER_HAS, false },
    { "sub:\"Contoso Payments\"", "sub", "Contoso Payments", FILTER_HAS,
        false },
    { "\"two words\"", "", "two words", FILTER_HAS, false },
    { "name:\"open", "name", "open", FILTER_HAS, false },
};

static void terms(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(term_rows); i++) {
        const struct term_row *row = &term_rows[i];
        struct filter filter;

        filter_parse(&filter, view_of(row->text));
        if (filter.count != 1 ||
            !view_equal(filter.terms[0].key, view_of(row->key)) ||
            !view_equal(filter.terms[0].value, view_of(row->value)) ||
            filter.terms[0].compare != row->compare ||
            filter.terms[0].negated != row->negated)
            fail_with("%s: read as another term", row->text);
    }
}

/* ---- asking ---- */

struct thing {
    const char *name;
    const char *severity; /* of column SEV; "?" is unknown */
    const char *count;
    const char *age;
    int network; /* -1: not known */
};

static const struct thing things[] = {
    { "kv-pay-prod", "CRIT", "1,204", "14d", 2 },
    { "kv-pay-dev", "LOW", "3", "<1m", 0 },
    { "kv-shop-prod", "?", "12", "3h", -1 },
    { "hsm-core-prod", "HIGH", "97", "2d", 1 },
};

static void thing_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    const struct thing *thing = &things[item];
    const char *const cells[] = { thing->severity, thing->name, thing->count,
        thing->age };

    (void)context;
    buf_puts(&out->text, cells[column]);
    if (strcmp(cells[column], "?") == 0)
        out->role = ROLE_UNKNOWN;
}

static enum filter_answer match_network(
    const void *context, uint32_t item, const struct filter_term *term)
{
    (void)context;
    if (things[item].network < 0)
        return FILTER_UNKNOWN;
    return filter_answer(term->mask >> things[item].network & 1);
}

static const char *const network_words[] = { "closed", "limited", "open",
    NULL };

static const struct filter_field fields[] = {
    { "net", "who reaches it", network_words, match_network },
    { 0 },
};

static const struct list_column columns[] = {
    { .title = "SEV", .width_cells = 4 },
    { .title = "NAME" },
    { .title = "FAIL", .width_cells = 6, .right = true },
    { .title = "AGE", .width_cells = 4 },
};

static const struct list_ops things_list = {
    .columns = columns,
    .column_count = LENGTH(columns),
    .name_column = 1,
    .cell = thing_cell,
    .fields = fields,
};

static void open_things(struct list *list, const char *filter)
{
    list_init(list, &things_list, NULL);
    list_layout(list, 10);
    list_refresh(list, LENGTH(things));
    list_set_filter(list, filter);
}

struct find_row {
    const char *filter;
    const char *shown; /* item numbers */
};

static const struct find_row find_rows[] = {
    { "", "0123" },
    { "pay", "01" },
    { "PAY prod", "0" },
    { "!pay", "23" },
    { "name:dev", "1" },
    { "name=kv-pay-dev", "1" },
    { "name=pay", "" },
    /* What is unknown is kept by whatever asks for it, and by its opposite. */
    { "sev>=high", "023" },
    { "sev>=high known:", "03" },
    { "sev:crit", "02" },
    { "!sev:crit", "123" },
    { "sev<high", "12" },
    { "net:open", "02" },
    { "net:o known:", "0" },
    { "!net:open", "123" },
    { "net>=limited", "023" },
    { "net<limited known:", "1" },
    { "net:", "0123" },
    { "unknown:", "2" },
    { "!unknown:", "013" },
    { "known:", "013" },
    { "fail>12", "03" },
    { "fail>=12", "023" },
    { "fail:1204", "0" },
    { "fail<4", "1" },
    { "age<1d", "12" },
    { "age>=2d", "03" },
    { "name:pay age<1h", "1" },
};

static void finding(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(find_rows); i++) {
        struct list list;
        char shown[LENGTH(things) + 1] = "";

        open_things(&list, find_rows[i].filter);
        for (size_t at = 0; at < list.shown_count; at++)
            shown[at] = (char)('0' + list.shown[at]);
        if (strcmp(shown, find_rows[i].shown) != 0)
            fail_with("%s: shows %s, expected %s%s%s", find_rows[i].filter,
                shown, find_rows[i].shown, *list.problem ? ": " : "",
                list.problem);
        list_done(&list);
    }
}

/* ---- what means nothing ---- */

struct wrong_row {
    const char *filter;
    const char *problem;
    const char *suggestion; /* "" without one */
    uint32_t count;
};

static const struct wrong_row wrong_rows[] = {
    { "nmae:pay", "there is no \"nmae\" here, there is net: sev>= name: fail>=",
        "name:pay", 2 },
    { "net:opne", "net: is not \"opne\" but one of closed, limited, open",
        "net:open", 2 },
    { "prdo", "", "prod", 3 },
    { "name:dve", "", "name:dev", 1 },
    { "age<1h prdo", "", "", 0 },
    { "pay prdo", "", "pay prod", 1 },
    { "zzzzzz", "", "", 0 },
    { "pay", "", "", 0 },
};

static void wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(wrong_rows); i++) {
        const struct wrong_row *row = &wrong_rows[i];
        struct list list;

        open_things(&list, row->filter);
        if (strncmp(list.problem, row->problem, strlen(row->problem)) != 0 ||
            (!*row->problem && *list.problem))
            fail_with("%s: %s", row->filter, list.problem);
        if (strcmp(list.suggestion, row->suggestion) != 0 ||
            list.suggested != row->count)
            fail_with("%s: suggests %s (%u)", row->filter, list.suggestion,
                list.suggested);
        list_done(&list);
    }
}

/* ---- the field ---- */

static void press(struct list *list, const char *keys)
{
    for (; *keys; keys++)
        list_key(list, (struct key){ .code = (uint32_t)(uint8_t)*keys });
}

static void press_code(struct list *list, uint32_t code)
{
    list_key(list, (struct key){ .code = code });
}

/* Enter takes what was meant, and what was taken comes back with Up. */
static void taking(void **state)
{
    struct recall recall = { 0 };
    struct list list;

    (void)state;
    open_things(&list, "");
    list.recall = &recall;
    press(&list, "/prdo");
    press_code(&list, CODE_ENTER);
    assert_string_equal(list.filter.text, "prod");
    assert_int_equal(list.shown_count, 3);
    press(&list, "/");
    press_code(&list, CODE_CTRL('U'));
    press(&list, "dev");
    press_code(&list, CODE_ENTER);
    press(&list, "/");
    press_code(&list, CODE_UP);
    assert_string_equal(list.filter.text, "dev");
    press_code(&list, CODE_UP);
    assert_string_equal(list.filter.text, "prod");
    assert_int_equal(list.shown_count, 3);
    press_code(&list, CODE_DOWN);
    press_code(&list, CODE_DOWN);
    assert_string_equal(list.filter.text, "dev");
    press_code(&list, CODE_ESCAPE);
    list_done(&list);
    recall_done(&recall);
}

static void saying(void **state)
{
    struct grid grid = { 0 };
    struct canvas canvas;
    struct buf text = { .limit = 4096 };
    struct list list;

    (void)state;
    grid_resize(&grid, 7, 60);
    canvas = canvas_of(&grid);
    open_things(&list, "");
    press(&list, "/net:opne");
    list_draw(&list, &canvas);
    grid_dump(&grid, &text);
    assert_contains(buf_text(&text),
        " net: is not \"opne\" but one of closed, limited, open.  Did\n"
        " you mean  net:open  (2)?  Enter uses it.\n");
    list_done(&list);
    buf_done(&text);
    grid_done(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms),
        cmocka_unit_test(finding),
        cmocka_unit_test(wrong),
        cmocka_unit_test(taking),
        cmocka_unit_test(saying),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
