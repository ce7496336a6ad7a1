/* Lists as CSV, JSON and Markdown, and the file that holds them. Every text is
 * taken for a stranger's: it is made visible first, so that no cell holds a
 * line break or a control character. */
#include "export.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kvgov/report.h"

#define CELL_BYTES 4096
/* Exports of one screen in one second. */
#define NAMES_TRIED 9

const char *export_ending(enum export_format format)
{
    switch (format) {
    case EXPORT_CSV:
        return "csv";
    case EXPORT_JSON:
        return "json";
    case EXPORT_MARKDOWN:
        return "md";
    }
    return "txt";
}

/* ---- cells ---- */

/* A drawing is for the screen. */
static bool is_exported(const struct list_column *column)
{
    return !column->unsorted;
}

/* Numbers lose what only helps reading: "1,234" is 1234 elsewhere. */
static void put_number(struct buf *out, struct view text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != ',')
            buf_putc(out, text.data[i]);
}

static void cell_text(
    const struct list *list, uint32_t item, size_t column, struct buf *out)
{
    struct list_cell cell = { .text.limit = CELL_BYTES };

    buf_clear(out);
    list->ops->cell(list->context, item, column, &cell);
    if (!cell.text.size)
        buf_puts(out, "-");
    else if (list->ops->columns[column].right)
        put_number(out, buf_view(&cell.text));
    else
        buf_put_visible(out, buf_view(&cell.text), false);
    buf_done(&cell.text);
}

static void put_json(struct buf *out, struct view text)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            buf_putc(out, '\\');
        buf_putc(out, text.data[i]);
    }
    buf_putc(out, '"');
}

/* ---- rows ---- */

typedef void put_cell(struct buf *out, struct view text);

struct layout {
    const char *before;
    const char *between;
    const char *after;
    put_cell *put;
};

static const struct layout layouts[] = {
    [EXPORT_CSV] = { "", ",", "\r\n", kv_report_put_csv },
    [EXPORT_JSON] = { "{", ",", "}", put_json },
    [EXPORT_MARKDOWN] = { "| ", " | ", " |\n",
        kv_report_put_markdown },
};

static void put_title(struct buf *out, const char *title, bool lower)
{
    for (; *title; title++)
        buf_putc(out, lower ? (char)tolower((unsigned char)*title) : *title);
}

static void put_heads(
    const struct list *list, const struct layout *layout, struct buf *out)
{
    const char *before = layout->before;

    for (size_t i = 0; i < list->ops->column_count; i++) {
        if (!is_exported(&list->ops->columns[i]))
            continue;
        buf_puts(out, before);
        layout->put(out, view_of(list->ops->columns[i].title));
        before = layout->between;
    }
    buf_puts(out, layout->after);
}

/* Markdown's line between heads and rows. */
static void put_rule(const struct list *list, struct buf *out)
{
    for (size_t i = 0; i < list->ops->column_count; i++)
        if (is_exported(&list->ops->columns[i]))
            buf_puts(out, list->ops->columns[i].right ? "| ---: " : "| --- ");
    buf_puts(out, "|\n");
}

static void put_row(const struct list *list, uint32_t item,
    const struct layout *layout, bool named, struct buf *out)
{
    struct buf text = { .limit = CELL_BYTES * 8 };
    struct buf name = { .limit = 64 };
    const char *before = layout->before;

    for (size_t i = 0; i < list->ops->column_count; i++) {
        if (!is_exported(&list->ops->columns[i]))
            continue;
        buf_puts(out, before);
        before = layout->between;
        if (named) {
            buf_clear(&name);
            put_title(&name, list->ops->columns[i].title, true);
            layout->put(out, buf_view(&name));
            buf_putc(out, ':');
        }
        cell_text(list, item, i, &text);
        layout->put(out, buf_view(&text));
    }
    buf_puts(out, layout->after);
    buf_done(&name);
    buf_done(&text);
}

static void put_plain(struct buf *out, struct view text)
{
    buf_put(out, text);
}

void export_row(const struct list *list, uint32_t item, struct buf *out)
{
    put_row(
        list, item, &(struct layout){ "", "\t", "", put_plain }, false, out);
}

void export_row_json(const struct list *list, uint32_t item, struct buf *out)
{
    put_row(list, item, &layouts[EXPORT_JSON], true, out);
}

static void put_json_list(const struct list *list, struct buf *out)
{
    buf_puts(out, "[");
    for (size_t row = 0; row < list->shown_count; row++) {
        buf_puts(out, row ? ",\n" : "\n");
        export_row_json(list, list->shown[row], out);
    }
    buf_puts(out, "\n]\n");
}

void export_list(
    const struct list *list, enum export_format format, struct buf *out)
{
    const struct layout *layout = &layouts[format];

    if (format == EXPORT_JSON) {
        put_json_list(list, out);
        return;
    }
    put_heads(list, layout, out);
    if (format == EXPORT_MARKDOWN)
        put_rule(list, out);
    for (size_t row = 0; row < list->shown_count; row++)
        put_row(list, list->shown[row], layout, false, out);
}

/* ---- the file ---- */

static bool is_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* $XDG_STATE_HOME/kvgov/exports, with what is missing of it made. */
static bool find_folder(struct buf *out)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (state && *state == '/') {
        buf_puts(out, state);
    } else if (home && *home == '/') {
        buf_putf(out, "%s/.local", home);
        if (!is_folder(buf_text(out)))
            return false;
        buf_puts(out, "/state");
    } else {
        errno = ENOENT;
        return false;
    }
    if (!is_folder(buf_text(out)))
        return false;
    buf_puts(out, "/kvgov");
    if (!is_folder(buf_text(out)))
        return false;
    buf_puts(out, "/exports");
    return is_folder(buf_text(out));
}

/* "vaults-20261122T020500Z.csv", "...Z-2.csv" for the second of a second; a
 * title may hold what a file name may not. */
static void put_name(struct buf *out, const char *title, const char *ending,
    int64_t now_s, unsigned number)
{
    struct buf time = { .limit = 32 };

    buf_putc(out, '/');
    for (; *title; title++)
        buf_putc(out, isalnum((unsigned char)*title)
                          ? (char)tolower((unsigned char)*title)
                          : '-');
    buf_putc(out, '-');
    buf_put_time(&time, now_s);
    for (size_t i = 0; i < time.size; i++)
        if (isalnum((unsigned char)time.data[i]))
            buf_putc(out, time.data[i]);
    if (number > 1)
        buf_putf(out, "-%u", number);
    buf_putf(out, ".%s", ending);
    buf_done(&time);
}

static bool write_all(int fd, struct view text)
{
    while (text.size) {
        ssize_t size = write(fd, text.data, text.size);

        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return false;
        text.data += size;
        text.size -= (size_t)size;
    }
    return true;
}

static bool write_new(const char *path, struct view text)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool written;

    if (fd < 0)
        return false;
    written = write_all(fd, text);
    if (close(fd) < 0)
        written = false;
    if (!written)
        unlink(path);
    return written;
}

/* The first name that is free. */
static bool write_named(struct buf *path, const char *title, const char *ending,
    int64_t now_s, struct view text)
{
    struct buf folder = { .limit = PATH_MAX };
    bool written = false;

    buf_put(&folder, buf_view(path));
    errno = EEXIST;
    for (unsigned i = 1; i <= NAMES_TRIED && !written && errno == EEXIST; i++) {
        buf_clear(path);
        buf_put(path, buf_view(&folder));
        put_name(path, title, ending, now_s, i);
        written = !path->failed && write_new(buf_text(path), text);
    }
    buf_done(&folder);
    return written;
}

enum kv_status export_save(const char *title, const char *ending, int64_t now_s,
    struct view text, struct buf *path, struct kv_error *err)
{
    if (find_folder(path) && write_named(path, title, ending, now_s, text))
        return KV_OK;
    return kv_error_set(err, KV_STORE, "%s could not be written: %s",
        path->size ? buf_text(path) : "the folder of exports", strerror(errno));
}
