/* Reading one configuration file, line by line. */
#include "ini_file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base.h"

/* More than this is not a configuration that somebody wrote. */
#define LINES_MAX 10000u
/* Of one value with all the lines that continue it. */
#define VALUE_BYTES (256u << 10)
#define NAME_BYTES 64

/* The sections are for the eye: a name means the same in each of them. */
static const char *const sections[] = { "", "policy", "console" };

/* A value may go on in the next line, where that is indented, so it is taken
 * when the next name, or the end, is read. */
struct reading {
    struct ini_file *file;
    struct problems *problems;
    FILE *stream;
    unsigned line;                    /* last read */
    bool indented;                    /* that line */
    char name[NAME_BYTES];            /* that inih last gave, cut */
    const struct kv_setting *setting; /* of the open value; NULL: none */
    unsigned first_line;              /* of the open value */
    struct buf value;
};

void problem_add(struct problems *problems, bool wrong, const char *format, ...)
{
    struct buf text = { .limit = 4096 };
    struct buf shown = { .limit = 16384 };
    va_list args;

    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    buf_put_visible(&shown, buf_view(&text), false);
    problems->items = mem_grow(problems->items, problems->count,
        &problems->capacity, sizeof *problems->items);
    problems->items[problems->count++] = (struct kv_config_problem){
        .wrong = wrong,
        .text = mem_copy_text(buf_text(&shown)),
    };
    buf_done(&text);
    buf_done(&shown);
}

void problems_done(struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        mem_free((char *)problems->items[i].text);
    mem_free(problems->items);
    *problems = (struct problems){ 0 };
}

void ini_file_init(struct ini_file *file, const char *path)
{
    *file = (struct ini_file){
        .path = mem_copy_text(path),
        .lines = mem_alloc(kv_settings_count * sizeof *file->lines),
    };
    kv_policy_copy(&file->policy, &kv_policy_default);
}

void ini_file_done(struct ini_file *file)
{
    kv_policy_done(&file->policy);
    mem_free(file->lines);
    mem_free(file->path);
    *file = (struct ini_file){ 0 };
}

/* ---- names that nobody knows ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to add, drop or change to make one of the other. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_BYTES + 1];
    size_t size = strlen(b);

    for (size_t j = 0; j <= size; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= size; j++) {
            size_t change = corner + (a[i - 1] != b[j - 1]);

            corner = row[j];
            row[j] = least(change, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[size];
}

/* NULL where no name is like it. */
static const char *nearest_name(const char *name)
{
    const char *nearest = NULL;
    size_t best = strlen(name) / 3 + 1;

    if (strlen(name) > NAME_BYTES)
        return NULL;
    for (size_t i = 0; i < kv_settings_count; i++) {
        size_t far = distance(name, kv_settings[i].name);

        if (far > best || (far == best && nearest))
            continue;
        best = far;
        nearest = kv_settings[i].name;
    }
    return nearest;
}

static void complain_of_name(const struct reading *reading, const char *name)
{
    const char *nearest = nearest_name(name);

    problem_add(reading->problems, false,
        "%s:%u: there is no setting \"%s\"%s%s%s; it is left out",
        reading->file->path, reading->line, name,
        nearest ? " (did you mean \"" : "", nearest ? nearest : "",
        nearest ? "\"?)" : "");
}

static bool section_is_known(const char *section)
{
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (strcmp(sections[i], section) == 0)
            return true;
    return false;
}

/* ---- values ---- */

static void close_value(struct reading *reading)
{
    const struct kv_setting *setting = reading->setting;
    struct ini_file *file = reading->file;
    struct kv_error err = { 0 };
    enum kv_status status;

    reading->setting = NULL;
    if (!setting)
        return;
    if (reading->value.failed)
        status =
            kv_error_set(&err, KV_BAD_INPUT, "%s is too long", setting->name);
    else
        status = kv_setting_parse(
            setting, &file->policy, buf_text(&reading->value), &err);
    if (status == KV_OK)
        file->lines[setting - kv_settings] = reading->first_line;
    else
        problem_add(reading->problems, true, "%s:%u: %s", file->path,
            reading->first_line, err.text);
}

static void open_value(struct reading *reading,
    const struct kv_setting *setting, const char *value)
{
    close_value(reading);
    if (reading->file->lines[setting - kv_settings])
        problem_add(reading->problems, false,
            "%s:%u: %s is set again; this line holds, line %u does not",
            reading->file->path, reading->line, setting->name,
            reading->file->lines[setting - kv_settings]);
    reading->setting = setting;
    reading->first_line = reading->line;
    buf_clear(&reading->value);
    buf_puts(&reading->value, value);
}

/* inih gives an indented line under the name before it; where that name was not
 * taken, neither is this. */
static bool take_continuation(
    struct reading *reading, const char *name, const char *value)
{
    if (!reading->indented ||
        strncmp(reading->name, name, sizeof reading->name - 1) != 0)
        return false;
    if (reading->setting)
        buf_putf(&reading->value, ",%s", value);
    return true;
}

/* inih's handler; it always goes on. */
static int take_row(
    void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    const struct kv_setting *setting = kv_setting_find(name);

    if (take_continuation(reading, name, value))
        return 1;
    close_value(reading);
    snprintf(reading->name, sizeof reading->name, "%s", name);
    if (!section_is_known(section))
        problem_add(reading->problems, false,
            "%s:%u: there is no section [%s]; %s is left out",
            reading->file->path, reading->line, section, name);
    else if (!setting)
        complain_of_name(reading, name);
    else
        open_value(reading, setting, value);
    return 1;
}

/* A line as fgets() gives it, counted; one that does not fit is left out, with
 * the value that it belongs to. */
static char *read_line(char *line, int size, void *user)
{
    struct reading *reading = user;
    int byte = 0;

    if (reading->line >= LINES_MAX || !fgets(line, size, reading->stream))
        return NULL;
    reading->line++;
    reading->indented = line[0] == ' ' || line[0] == '\t';
    if (strchr(line, '\n') || (int)strlen(line) < size - 1)
        return line;
    while (byte != '\n' && byte != EOF)
        byte = fgetc(reading->stream);
    problem_add(reading->problems, true,
        "%s:%u: the line is longer than %d bytes; a list goes on in the next "
        "line when that is indented",
        reading->file->path, reading->line, size - 1);
    if (!reading->indented)
        close_value(reading);
    reading->setting = NULL;
    line[0] = '\0';
    return line;
}

static void read_stream(struct reading *reading)
{
    int line = ini_parse_stream(read_line, reading, take_row, reading);

    close_value(reading);
    if (line > 0)
        problem_add(reading->problems, true,
            "%s:%d: this is neither a [section] nor name = value",
            reading->file->path, line);
    if (reading->line >= LINES_MAX)
        problem_add(reading->problems, true,
            "%s: only the first %u lines were read", reading->file->path,
            LINES_MAX);
}

void ini_file_read(struct ini_file *file, struct problems *problems)
{
    struct reading reading = {
        .file = file,
        .problems = problems,
        .value = { .limit = VALUE_BYTES },
    };

    if (!file->path)
        return;
    reading.stream = fopen(file->path, "re");
    if (!reading.stream && errno != ENOENT && errno != ENOTDIR)
        problem_add(problems, true,
            "%s cannot be read: %s; its values are "
            "not used",
            file->path, strerror(errno));
    if (!reading.stream)
        return;
    read_stream(&reading);
    buf_done(&reading.value);
    fclose(reading.stream);
}
