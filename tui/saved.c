/* views.ini. */
#include "saved.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "heap.h"
#include "place.h"

/* inih takes lines of 200 bytes. */
#define VALUE_BYTES 180

/* ---- one view ---- */

static void view_done(struct saved_view *view)
{
    heap_free(view->name);
    heap_free(view->screen);
    heap_free(view->filter);
    heap_free(view->sort);
    heap_free(view->columns);
    *view = (struct saved_view){ 0 };
}

void saved_done(struct saved *saved)
{
    for (size_t i = 0; i < saved->count; i++)
        view_done(&saved->views[i]);
    heap_free(saved->views);
    *saved = (struct saved){ 0 };
}

struct saved_view *saved_find(const struct saved *saved, const char *name)
{
    for (size_t i = 0; i < saved->count; i++)
        if (text_equal_nocase(saved->views[i].name, name))
            return &saved->views[i];
    return NULL;
}

static struct saved_view *add(struct saved *saved, const char *name)
{
    saved->views = heap_grow(
        saved->views, saved->count, &saved->capacity, sizeof(*saved->views));
    saved->views[saved->count] = (struct saved_view){ .name = heap_copy(name) };
    return &saved->views[saved->count++];
}

void saved_drop(struct saved *saved, struct saved_view *view)
{
    size_t index = (size_t)(view - saved->views);

    view_done(view);
    saved->count--;
    memmove(view, view + 1, (saved->count - index) * sizeof(*view));
}

/* ---- the list ---- */

static size_t column_named(const struct list *list, struct view title)
{
    size_t i = 0;

    while (i < list->ops->column_count &&
           !view_equal(view_of(list->ops->columns[i].title), title))
        i++;
    return i;
}

static void put_columns(const struct list *list, struct buf *out)
{
    for (size_t i = 0; i < list->ops->column_count; i++)
        if ((list->columns_on | list->columns_off) >> i & 1)
            buf_putf(out, "%s%c%s", out->size ? " " : "",
                list->columns_on >> i & 1 ? '+' : '-',
                list->ops->columns[i].title);
}

static bool fits_a_line(const char *text, size_t limit)
{
    return strlen(text) <= limit && !strpbrk(text, "\r\n") &&
           !strstr(text, " ;");
}

static bool is_name(const char *name)
{
    return *name && *name != ';' && fits_a_line(name, SAVED_NAME_BYTES) &&
           !strpbrk(name, "[]");
}

static char *copy_of(struct buf *text)
{
    char *copy = heap_copy(buf_text(text));

    buf_done(text);
    return copy;
}

enum kv_status saved_take(struct saved *saved, const char *name,
    const char *screen, const struct list *list, struct kv_error *err)
{
    struct buf sort = { .limit = VALUE_BYTES };
    struct buf columns = { .limit = VALUE_BYTES };
    struct saved_view *view;

    if (!is_name(name))
        return kv_error_set(err, KV_BAD_INPUT,
            "a view's name has 1 to %d characters and no brackets",
            SAVED_NAME_BYTES);
    if (!fits_a_line(list->filter.text, VALUE_BYTES))
        return kv_error_set(err, KV_BAD_INPUT,
            "this filter is too long to be saved, or has a semicolon; it may "
            "have %d characters",
            VALUE_BYTES);
    view = saved_find(saved, name);
    if (view)
        saved_drop(saved, view);
    view = add(saved, name);
    view->screen = heap_copy(screen);
    view->filter = heap_copy(list->filter.text);
    buf_putf(&sort, "%s%s", list->ops->columns[list->sort_column].title,
        list->descending ? " reversed" : "");
    put_columns(list, &columns);
    view->sort = copy_of(&sort);
    view->columns = copy_of(&columns);
    return KV_OK;
}

static void apply_columns(struct list *list, struct view columns)
{
    list->columns_on = 0;
    list->columns_off = 0;
    while (columns.size) {
        struct view word = view_cut(&columns, ' ');
        bool shown = word.size && *word.data == '+';
        size_t column;

        if (word.size < 2)
            continue;
        column =
            column_named(list, (struct view){ word.data + 1, word.size - 1 });
        if (column < list->ops->column_count)
            list_show_column(list, column, shown);
    }
}

void saved_apply(const struct saved_view *view, struct list *list)
{
    struct view sort = view_of(view->sort);
    size_t column = column_named(list, view_cut(&sort, ' '));

    apply_columns(list, view_of(view->columns));
    if (column < list->ops->column_count)
        list_sort_by(list, column, view_equal(sort, view_of("reversed")));
    list_set_filter(list, view->filter ? view->filter : "");
}

/* ---- the file ---- */

bool saved_path(struct buf *out)
{
    return place_of_config(out, "views.ini");
}

static void set(char **member, const char *value)
{
    heap_free(*member);
    *member = heap_copy(value);
}

/* inih's handler; names of a newer kvgov are left alone. */
static int take_row(
    void *user, const char *section, const char *name, const char *value)
{
    struct saved *saved = user;
    struct saved_view *view;

    if (!is_name(section))
        return 0;
    view = saved_find(saved, section);
    if (!view)
        view = add(saved, section);
    if (strcmp(name, "screen") == 0)
        set(&view->screen, value);
    else if (strcmp(name, "filter") == 0)
        set(&view->filter, value);
    else if (strcmp(name, "sort") == 0)
        set(&view->sort, value);
    else if (strcmp(name, "columns") == 0)
        set(&view->columns, value);
    return 1;
}

enum kv_status saved_load(
    struct saved *saved, const char *path, struct kv_error *err)
{
    int line = ini_parse(path, take_row, saved);

    if (line > 0)
        return kv_error_set(err, KV_BAD_INPUT,
            "%s:%d: is neither [name of a view] nor name = value", path, line);
    if (line < 0 && errno != ENOENT)
        return kv_error_set(
            err, KV_BAD_INPUT, "%s cannot be read: %s", path, strerror(errno));
    return KV_OK;
}

static void put_view(const struct saved_view *view, struct buf *out)
{
    buf_putf(out, "\n[%s]\nscreen = %s\n", view->name,
        view->screen ? view->screen : "Vaults");
    if (view->filter && *view->filter)
        buf_putf(out, "filter = %s\n", view->filter);
    if (view->sort && *view->sort)
        buf_putf(out, "sort = %s\n", view->sort);
    if (view->columns && *view->columns)
        buf_putf(out, "columns = %s\n", view->columns);
}

static bool write_whole(const char *path, struct view text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written;

    if (fd < 0)
        return false;
    written =
        write(fd, text.data, text.size) == (ssize_t)text.size && fsync(fd) == 0;
    return close(fd) == 0 && written;
}

enum kv_status saved_store(
    const struct saved *saved, const char *path, struct kv_error *err)
{
    struct buf text = { .limit = 1 << 20 };
    struct buf other = { .limit = 4096 };
    enum kv_status status = KV_OK;

    buf_puts(
        &text, "; Views that were saved with :save; :view NAME shows one.\n");
    for (size_t i = 0; i < saved->count; i++)
        put_view(&saved->views[i], &text);
    buf_putf(&other, "%s.new", path);
    if (text.failed || !place_make_folder(path) ||
        !write_whole(buf_text(&other), buf_view(&text)) ||
        rename(buf_text(&other), path) < 0)
        status = kv_error_set(err, KV_STORE, "%s could not be written: %s",
            path, strerror(errno));
    buf_done(&other);
    buf_done(&text);
    return status;
}
