/* keys.ini. */
#include "keymap.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "console.h"
#include "heap.h"
#include "place.h"

struct reading {
    struct keymap *map;
    struct keymap_problems *problems;
    const char *path;
    FILE *file;
    unsigned line;
};

static void complain(struct keymap_problems *problems, const char *path,
    unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What a file holds is a stranger's. */
static void complain(struct keymap_problems *problems, const char *path,
    unsigned line, const char *format, ...)
{
    struct buf text = { .limit = 1024 };
    struct buf shown = { .limit = 4096 };
    va_list args;

    buf_putf(&text, "%s:%u: ", path, line);
    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    buf_put_visible(&shown, buf_view(&text), false);
    problems->items = heap_grow(problems->items, problems->count,
        &problems->capacity, sizeof(*problems->items));
    problems->items[problems->count++] = heap_copy(buf_text(&shown));
    buf_done(&shown);
    buf_done(&text);
}

void keymap_problems_done(struct keymap_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        heap_free(problems->items[i]);
    heap_free(problems->items);
    *problems = (struct keymap_problems){ 0 };
}

/* ---- looking up ---- */

static struct keymap_row *row_of(const struct keymap *map, const char *name)
{
    for (size_t i = 0; i < map->count && name; i++)
        if (strcmp(map->rows[i].name, name) == 0)
            return &map->rows[i];
    return NULL;
}

struct keymap_keys keymap_of(
    const struct keymap *map, const struct binding *binding)
{
    const struct keymap_row *row = row_of(map, binding->name);

    if (!row)
        return (struct keymap_keys){ binding->key, binding->also };
    return (struct keymap_keys){ row->keys[0], row->keys[1] };
}

bool keymap_takes(
    const struct keymap *map, const struct binding *binding, uint32_t code)
{
    struct keymap_keys keys = keymap_of(map, binding);

    return code && (keys.first == code || keys.second == code);
}

void keymap_put(
    const struct keymap *map, const struct binding *binding, struct buf *out)
{
    struct keymap_keys keys = keymap_of(map, binding);

    key_put_name(out, keys.first);
    if (!keys.second)
        return;
    buf_putc(out, ' ');
    key_put_name(out, keys.second);
}

/* ---- reading ---- */

static bool parse_keys(struct view text, uint32_t keys[2])
{
    size_t count = 0;

    keys[0] = keys[1] = CODE_NONE;
    while ((text = view_trim(text)).size) {
        uint32_t code = key_code_of(view_cut(&text, ' '));

        if (!code || count == 2)
            return false;
        keys[count++] = code;
    }
    return count > 0;
}

static void take_known(
    struct reading *reading, const struct binding *binding, const char *value)
{
    struct keymap *map = reading->map;
    struct keymap_row row = { .line = reading->line };
    struct keymap_row *before = row_of(map, binding->name);

    if (binding->fixed) {
        complain(reading->problems, reading->path, reading->line,
            "\"%s\" keeps its keys: what cancels, stops or goes on with a "
            "change has the same ones everywhere",
            binding->name);
    } else if (!parse_keys(view_of(value), row.keys)) {
        complain(reading->problems, reading->path, reading->line,
            "\"%s\" is not one or two keys for \"%s\"; write a character, or "
            "Space, Enter, Up, PgDn, F5, Ctrl-L and the like",
            value, binding->name);
    } else if (before) {
        complain(reading->problems, reading->path, reading->line,
            "\"%s\" is set in line %u already, which holds", binding->name,
            before->line);
    } else {
        row.name = heap_copy(binding->name);
        map->rows = heap_grow(
            map->rows, map->count, &map->capacity, sizeof(*map->rows));
        map->rows[map->count++] = row;
    }
}

/* inih's handler; it always goes on. */
static int take_row(
    void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    const struct binding *binding = actions_known(view_of(name));

    (void)section; /* for the eye */
    if (binding)
        take_known(reading, binding, value);
    else if (prompt_knows(view_of(name)))
        complain(reading->problems, reading->path, reading->line,
            "\"%s\" is a command, typed as :%s; no single key runs it", name,
            name);
    else
        complain(reading->problems, reading->path, reading->line,
            "there is no action \"%s\"; kvgov --print-keys lists them all; "
            "the line is left out",
            name);
    return 1;
}

/* inih does not tell the line in every build; counting here does. */
static char *read_line(char *text, int size, void *user)
{
    struct reading *reading = user;

    reading->line++;
    return fgets(text, size, reading->file);
}

/* ---- what cannot stand together ---- */

static bool share(struct keymap_keys a, struct keymap_keys b)
{
    return a.first == b.first || a.first == b.second ||
           (a.second && (a.second == b.first || a.second == b.second));
}

/* Another action that would take the same key on that screen, though the two
 * have different ones unless keys.ini says so. */
static const struct binding *rival_on(const struct keymap *map,
    const struct screen_ops *screen, const struct binding *binding)
{
    static const struct keymap none = { 0 };
    struct actions actions = actions_of(screen);
    const struct binding *other;

    if (actions_find(&actions, view_of(binding->name)) == NULL)
        return NULL;
    for (size_t i = 0; (other = actions_at(&actions, i)) != NULL; i++)
        if (!view_equal(view_of(other->name), view_of(binding->name)) &&
            share(keymap_of(map, other), keymap_of(map, binding)) &&
            !share(keymap_of(&none, other), keymap_of(&none, binding)))
            return other;
    return NULL;
}

static bool has_rival(const struct keymap *map, const struct keymap_row *row,
    struct keymap_problems *problems, const char *path)
{
    const struct binding *binding = actions_known(view_of(row->name));
    const struct screen_ops *screen;

    for (size_t i = 0; (screen = actions_screen(i)) != NULL; i++) {
        const struct binding *other = rival_on(map, screen, binding);

        if (!other)
            continue;
        complain(problems, path, row->line,
            "the screen %s has that key for \"%s\"; \"%s\" keeps its own",
            screen->title, other->name, row->name);
        return true;
    }
    return false;
}

static void drop(struct keymap *map, size_t index)
{
    heap_free(map->rows[index].name);
    map->count--;
    memmove(&map->rows[index], &map->rows[index + 1],
        (map->count - index) * sizeof(*map->rows));
}

/* A row that goes gives its own keys back, which others may have taken: from
 * the start again. */
static void drop_rivals(
    struct keymap *map, struct keymap_problems *problems, const char *path)
{
    size_t i = 0;

    while (i < map->count)
        if (has_rival(map, &map->rows[i], problems, path)) {
            drop(map, i);
            i = 0;
        } else {
            i++;
        }
}

void keymap_load_file(
    struct keymap *map, const char *path, struct keymap_problems *problems)
{
    struct reading reading = { .map = map, .problems = problems, .path = path };
    int bad;

    reading.file = fopen(path, "re");
    if (!reading.file) {
        if (errno != ENOENT)
            complain(problems, path, 1, "cannot be read: %s", strerror(errno));
        return;
    }
    bad = ini_parse_stream(read_line, &reading, take_row, &reading);
    fclose(reading.file);
    if (bad > 0)
        complain(problems, path, (unsigned)bad,
            "is not \"action = key\"; the line is left out");
    drop_rivals(map, problems, path);
}

void keymap_load(struct keymap *map, struct keymap_problems *problems)
{
    struct buf path = { .limit = PATH_MAX };

    if (place_of_config(&path, "keys.ini"))
        keymap_load_file(map, buf_text(&path), problems);
    buf_done(&path);
}

void keymap_done(struct keymap *map)
{
    while (map->count)
        drop(map, map->count - 1);
    heap_free(map->rows);
    *map = (struct keymap){ 0 };
}

/* ---- printing ---- */

/* As it can be read again: what begins a comment has a name. */
static void print_key(uint32_t code, struct buf *out)
{
    buf_putc(out, ' ');
    if (code == ';')
        buf_puts(out, "Semicolon");
    else
        key_put_name(out, code);
}

static void print_row(
    const struct keymap *map, const struct binding *binding, struct buf *out)
{
    struct keymap_keys keys = keymap_of(map, binding);

    if (actions_known(view_of(binding->name)) != binding)
        return; /* stands further up */
    buf_putf(out, "; %s\n%s%s =", binding->help, binding->fixed ? "; " : "",
        binding->name);
    print_key(keys.first, out);
    if (keys.second)
        print_key(keys.second, out);
    buf_putc(out, '\n');
}

void keymap_print(const struct keymap *map, struct buf *out)
{
    struct action_group group;

    buf_puts(out,
        "; ~/.config/kvgov/keys.ini: the keys of every action, one or two.\n"
        "; What is left out stays as it is. What starts with a semicolon "
        "cannot be changed.\n\n[keys]\n");
    for (size_t i = 0; actions_group(i, &group); i++) {
        buf_putf(out, "\n; ---- %s ----\n", group.title);
        for (const struct binding *at = group.bindings; at->key; at++)
            print_row(map, at, out);
    }
}
