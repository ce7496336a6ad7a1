/* Theme files: an INI file whose [roles] section holds a row a role,
 *     role = foreground background attributes
 * with palette names or numbers, `default` for the terminal's own colour, and
 * any of bold, dim, underline, reverse; `none` for no attribute. */
#include "theme.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"

struct reading {
    struct theme theme;
    const char *path;
    struct kv_error *err;
    enum kv_status status;
};

struct word {
    const char *name;
    int value;
};

static const struct word colours[] = {
    { "default", -1 },
    { "black", 0 },
    { "red", 1 },
    { "green", 2 },
    { "yellow", 3 },
    { "blue", 4 },
    { "magenta", 5 },
    { "cyan", 6 },
    { "white", 7 },
    { "bright-black", 8 },
    { "bright-red", 9 },
    { "bright-green", 10 },
    { "bright-yellow", 11 },
    { "bright-blue", 12 },
    { "bright-magenta", 13 },
    { "bright-cyan", 14 },
    { "bright-white", 15 },
};

static const struct word attributes[] = {
    { "none", 0 },
    { "bold", LOOK_BOLD },
    { "dim", LOOK_DIM },
    { "underline", LOOK_UNDERLINE },
    { "reverse", LOOK_REVERSE },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool word_find(
    const struct word *words, size_t count, struct view text, int *value)
{
    for (size_t i = 0; i < count; i++)
        if (view_equal(text, view_of(words[i].name))) {
            *value = words[i].value;
            return true;
        }
    return false;
}

static bool colour_parse(struct view text, int16_t *out)
{
    int value = 0;

    if (!word_find(colours, COUNT(colours), text, &value)) {
        if (!text.size || text.size > 3)
            return false;
        for (size_t i = 0; i < text.size; i++) {
            if (text.data[i] < '0' || text.data[i] > '9')
                return false;
            value = value * 10 + (text.data[i] - '0');
        }
    }
    *out = (int16_t)value;
    return value <= 255;
}

/* The next word, blanks around it dropped. */
static struct view take_word(struct view *text)
{
    struct view word;

    *text = view_trim(*text);
    word = view_cut(text, ' ');
    return view_trim(word);
}

static bool look_parse(struct view text, struct look *out)
{
    struct look look = { 0 };
    int value;

    if (!colour_parse(take_word(&text), &look.foreground) ||
        !colour_parse(take_word(&text), &look.background))
        return false;
    while (view_trim(text).size) {
        if (!word_find(attributes, COUNT(attributes), take_word(&text), &value))
            return false;
        look.attributes = (uint8_t)(look.attributes | value);
    }
    *out = look;
    return true;
}

static bool role_find(const char *name, enum role *out)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        if (strcmp(name, role_name((enum role)role)) == 0) {
            *out = (enum role)role;
            return true;
        }
    return false;
}

/* inih's handler: 0 stops at this line. */
static int take_row(
    void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    enum role role;

    if (strcmp(section, "roles") != 0)
        return 1; /* name and description, for people */
    if (!role_find(name, &role)) {
        reading->status = kv_error_set(reading->err, KV_BAD_INPUT,
            "theme %s: there is no role \"%s\"; remove the row or correct "
            "its name",
            reading->path, name);
        return 0;
    }
    if (!look_parse(view_of(value), &reading->theme.looks[role])) {
        reading->status = kv_error_set(reading->err, KV_BAD_INPUT,
            "theme %s: \"%s = %s\" is not a look; write two colours (a name, "
            "0 to 255 or default) and attributes, such as \"red default "
            "bold\"",
            reading->path, name, value);
        return 0;
    }
    return 1;
}

/* themes/dark256.theme is called dark256. */
static void name_after(struct theme *theme, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t size = strcspn(name, ".");

    if (size >= sizeof(theme->name))
        size = sizeof(theme->name) - 1;
    memset(theme->name, 0, sizeof(theme->name));
    memcpy(theme->name, name, size);
}

enum kv_status theme_load_file(
    struct theme *out, const char *path, struct kv_error *err)
{
    struct reading reading = { .path = path, .err = err };
    int line;

    theme_default(&reading.theme);
    name_after(&reading.theme, path);
    line = ini_parse(path, take_row, &reading);
    if (reading.status != KV_OK)
        return reading.status;
    if (line < 0)
        return kv_error_set(err, KV_NOT_FOUND, "theme %s cannot be read: %s",
            path, strerror(errno));
    if (line > 0)
        return kv_error_set(err, KV_BAD_INPUT,
            "theme %s: line %d is neither a [section] nor name = value", path,
            line);
    *out = reading.theme;
    return KV_OK;
}

/* A name is one file name; it cannot climb out of the folders. */
static bool name_is_plain(const char *name)
{
    return *name && !strchr(name, '/') && *name != '.' && strlen(name) < 32;
}

static bool find_own(struct buf *out, const char *file)
{
    return place_of_config(out, file) && access(buf_text(out), R_OK) == 0;
}

enum kv_status theme_load(
    struct theme *out, const char *name, struct kv_error *err)
{
    struct buf path = { .limit = PATH_MAX };
    struct buf file = { .limit = 64 };
    enum kv_status status = KV_OK;

    buf_putf(&file, "themes/%s.theme", name);
    if (name_is_plain(name) &&
        (find_own(&path, buf_text(&file)) ||
            place_find(&path, buf_text(&file), buf_text(&file))))
        status = theme_load_file(out, buf_text(&path), err);
    else if (strcmp(name, "default") == 0)
        theme_default(out);
    else if (strcmp(name, "mono") == 0)
        theme_mono(out);
    else
        status = kv_error_set(err, KV_NOT_FOUND,
            "there is no theme \"%s\"; themes are NAME.theme files in "
            "~/.config/kvgov/themes",
            name);
    buf_done(&path);
    buf_done(&file);
    return status;
}

/* ---- their names ---- */

static const char *const shipped[] = { "default", "light", "dark256",
    "contrast", "deutan", "tritan", "mono" };

/* "mine" of "mine.theme"; empty for any other file. */
static struct view name_of_file(const char *file)
{
    struct view name = view_of(file);
    struct view ending = view_of(".theme");

    if (name.size <= ending.size || *file == '.' ||
        strcmp(file + name.size - ending.size, ending.data) != 0)
        return (struct view){ 0 };
    name.size -= ending.size;
    return name;
}

/* Of the person's folder, in the order that the system gives. */
static bool get_own(size_t index, struct buf *out)
{
    struct buf path = { .limit = PATH_MAX };
    DIR *folder = place_of_config(&path, "themes") ? opendir(buf_text(&path))
                                                   : NULL;
    const struct dirent *entry;
    bool found = false;

    buf_done(&path);
    while (folder && !found && (entry = readdir(folder)) != NULL) {
        struct view name = name_of_file(entry->d_name);

        found = name.size && index-- == 0;
        if (found)
            buf_put(out, name);
    }
    if (folder)
        closedir(folder);
    return found;
}

bool theme_get_name(size_t index, struct buf *out)
{
    if (index >= COUNT(shipped))
        return get_own(index - COUNT(shipped), out);
    buf_puts(out, shipped[index]);
    return true;
}
