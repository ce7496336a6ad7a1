/* Saved views: what a list shows, written, read again and shown. */
#include "test.h"

#include "base.h"
#include "saved.h"
#include "temp.h"

#include <string.h>
#include <sys/stat.h>

static void thing_cell(
    const void *context, uint32_t item, size_t column, struct list_cell *out)
{
    (void)context;
    (void)column;
    buf_putf(&out->text, "thing-%u", item);
}

static struct list_order thing_order(
    const void *context, uint32_t item, size_t column)
{
    (void)context;
    (void)column;
    return (struct list_order){ .number = item };
}

static const struct list_column columns[] = {
    { .title = "NAME" },
    { .title = "NET", .width_cells = 5 },
    { .title = "C/H/M", .width_cells = 5, .appears_at = 100 },
};

static const struct list_ops things = {
    .columns = columns,
    .column_count = LENGTH(columns),
    .cell = thing_cell,
    .order = thing_order,
    .fields = filter_columns,
};

static void open_list(struct list *list)
{
    list_init(list, &things, NULL);
    list_layout(list, 10);
    list_refresh(list, 20);
}

static void there_and_back(void **state)
{
    char *folder = temp_new();
    char *path = temp_path(folder, "kvgov/views.ini");
    struct kv_error err = { 0 };
    struct saved saved = { 0 };
    struct stat info;
    struct list list;

    (void)state;
    open_list(&list);
    list_set_filter(&list, "name:thing-1 !net:\"a b\"");
    list_sort_by(&list, 1, true);
    list_show_column(&list, 2, true);
    list_show_column(&list, 1, false);
    assert_int_equal(saved_load(&saved, path, &err), KV_OK);
    assert_int_equal(
        saved_take(&saved, "my view", "Vaults", &list, &err), KV_OK);
    list_set_filter(&list, "");
    assert_int_equal(saved_take(&saved, "all", "Vaults", &list, &err), KV_OK);
    assert_int_equal(saved_store(&saved, path, &err), KV_OK);
    list_done(&list);
    saved_done(&saved);

    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(saved_load(&saved, path, &err), KV_OK);
    assert_int_equal(saved.count, 2);
    assert_null(saved_find(&saved, "none"));
    open_list(&list);
    saved_apply(saved_find(&saved, "My View"), &list);
    assert_string_equal(list.filter.text, "name:thing-1 !net:\"a b\"");
    assert_int_equal(list.shown_count, 11);
    assert_int_equal(list.sort_column, 1);
    assert_true(list.descending);
    assert_true(list_shows_column(&list, 2));
    assert_false(list_shows_column(&list, 1));
    /* The same name again is the same view; another one may go. */
    assert_int_equal(saved_take(&saved, "all", "Jobs", &list, &err), KV_OK);
    assert_int_equal(saved.count, 2);
    saved_drop(&saved, saved_find(&saved, "my view"));
    assert_string_equal(saved_find(&saved, "all")->screen, "Jobs");
    list_done(&list);
    saved_done(&saved);
    mem_free(path);
    temp_done(folder);
}

static const char *const bad_names[] = { "", "a]b", "[", "two\nlines", "; x",
    "a name that is longer than what a line of it takes" };

static void what_cannot_be_saved(void **state)
{
    struct saved saved = { 0 };
    struct kv_error err = { 0 };
    struct list list;
    char text[300];

    (void)state;
    open_list(&list);
    for (size_t i = 0; i < LENGTH(bad_names); i++)
        if (saved_take(&saved, bad_names[i], "Vaults", &list, &err) == KV_OK)
            fail_with("\"%s\" was taken for a name", bad_names[i]);
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    list_set_filter(&list, text);
    assert_int_equal(
        saved_take(&saved, "long", "Vaults", &list, &err), KV_BAD_INPUT);
    list_set_filter(&list, "a ;b");
    assert_int_equal(
        saved_take(&saved, "comment", "Vaults", &list, &err), KV_BAD_INPUT);
    assert_int_equal(saved.count, 0);
    list_done(&list);
    saved_done(&saved);
}

/* A file that somebody wrote: what there is no more is left out. */
static void other_files(void **state)
{
    char *folder = temp_new();
    char *path = temp_path(folder, "views.ini");
    struct kv_error err = { 0 };
    struct saved saved = { 0 };
    struct list list;

    (void)state;
    test_write_file(path, "[old]\nscreen = Vaults\nsort = GONE\n"
                          "columns = +GONE - NAME -NET\nnew = thing\n");
    assert_int_equal(saved_load(&saved, path, &err), KV_OK);
    open_list(&list);
    saved_apply(saved_find(&saved, "old"), &list);
    assert_int_equal(list.sort_column, 0);
    assert_false(list_shows_column(&list, 1));
    assert_true(list_shows_column(&list, 0));
    list_done(&list);
    saved_done(&saved);
    test_write_file(path, "[a]\nscreen = Vaults\nwhat\n");
    assert_int_equal(saved_load(&saved, path, &err), KV_BAD_INPUT);
    assert_contains(err.text, "views.ini:3: is neither");
    saved_done(&saved);
    mem_free(path);
    temp_done(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(what_cannot_be_saved),
        cmocka_unit_test(other_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
