/* A preview: what a person is told about a step before confirming it, in
 * fields, checks and words. */
#include "plan.h"

#include <assert.h>
#include <string.h>

#define TEXT_LIMIT 65536

/* How deep objects are taken apart; properties of ARM are no deeper. */
#define SHOWN_DEPTH 6

void preview_done(struct preview *preview)
{
    for (size_t i = 0; i < preview->text_count; i++)
        mem_free(preview->texts[i]);
    mem_free(preview->texts);
    mem_free(preview->checks);
    mem_free(preview->changes);
    *preview = (struct preview){ 0 };
}

/* Takes the buffer's text over. */
static const char *keep(struct preview *preview, struct buf *text)
{
    char *copy = mem_copy_text(buf_text(text));

    preview->texts = mem_grow(preview->texts, preview->text_count,
        &preview->text_capacity, sizeof *preview->texts);
    preview->texts[preview->text_count++] = copy;
    buf_done(text);
    return copy;
}

static const char *keep_format(
    struct preview *preview, const char *format, va_list args)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putv(&text, format, args);
    return keep(preview, &text);
}

const char *preview_text(struct preview *preview, const char *format, ...)
{
    const char *text;
    va_list args;

    va_start(args, format);
    text = keep_format(preview, format, args);
    va_end(args);
    return text;
}

void preview_check(
    struct preview *preview, enum kv_check_state state, const char *format, ...)
{
    const char *text;
    va_list args;

    va_start(args, format);
    text = keep_format(preview, format, args);
    va_end(args);
    preview->checks = mem_grow(preview->checks, preview->check_count,
        &preview->check_capacity, sizeof *preview->checks);
    preview->checks[preview->check_count++] =
        (struct kv_check){ .state = state, .text = text };
}

void preview_note(struct preview *preview, const char *path, const char *text)
{
    assert(
        preview->note_count < sizeof preview->notes / sizeof preview->notes[0]);
    preview->notes[preview->note_count++] =
        (struct preview_note){ .path = path, .text = text };
}

static const char *note_of(const struct preview *preview, const char *path)
{
    for (size_t i = 0; i < preview->note_count; i++) {
        if (strcmp(preview->notes[i].path, path) == 0)
            return preview->notes[i].text;
    }
    return NULL;
}

static const char *keep_value(struct preview *preview, json_t *value)
{
    struct buf text = { .limit = TEXT_LIMIT };

    if (!value)
        return NULL;
    value_dump(&text, value, JSON_COMPACT);
    return keep(preview, &text);
}

/* Where in the preview a leaf is shown. */
struct place {
    struct preview *preview;
    uint32_t request;
};

static void show_leaf(const struct place *place, const char *path,
    json_t *before, json_t *after)
{
    struct preview *preview = place->preview;
    const char *note = note_of(preview, path);

    if (!note && before && json_equal(before, after))
        note = "stays as it is";
    preview->changes = mem_grow(preview->changes, preview->change_count,
        &preview->change_capacity, sizeof *preview->changes);
    preview->changes[preview->change_count++] = (struct kv_change){
        .request = place->request,
        .path = preview_text(preview, "%s", path),
        .before = keep_value(preview, before),
        .after = keep_value(preview, after),
        .note = note,
    };
}

static void show(const struct place *place, const char *path, json_t *before,
    json_t *after, int depth);

static void show_field(const struct place *place, const char *path,
    const char *name, json_t *before, json_t *after, int depth)
{
    struct buf inner = { .limit = TEXT_LIMIT };

    buf_putf(&inner, "%s.%s", path, name);
    show(place, buf_text(&inner), json_object_get(before, name),
        json_object_get(after, name), depth + 1);
    buf_done(&inner);
}

/* What changes is shown field by field, though ARM takes the object whole. */
static void show(const struct place *place, const char *path, json_t *before,
    json_t *after, int depth)
{
    const char *name;
    json_t *value;

    if ((!json_is_object(before) && !json_is_object(after)) ||
        depth == SHOWN_DEPTH) {
        show_leaf(place, path, before, after);
        return;
    }
    json_object_foreach(after, name, value)
    {
        show_field(place, path, name, before, after, depth);
    }
    json_object_foreach(before, name, value)
    {
        if (!json_object_get(after, name))
            show_field(place, path, name, before, after, depth);
    }
}

void preview_show(
    struct preview *preview, const struct step *step, uint32_t request)
{
    const struct place place = { .preview = preview, .request = request };

    for (size_t i = 0; i < step->change_count; i++) {
        const struct change *change = &step->changes[i];

        show(&place, change->path, change->before, change->after, 0);
    }
}
