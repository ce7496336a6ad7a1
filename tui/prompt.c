/* The command line: everything that can be done, by name. Tab completes, Up and
 * Down walk what was typed before. */
#include "console.h"

#include <string.h>

#include "entries.h"

void prompt_start(struct app *app, const char *text)
{
    app->prompt = (struct prompt){ .open = true };
    input_set(&app->prompt.input, text);
    recall_start(&app->commands);
}

bool prompt_knows(struct view name)
{
    for (size_t i = 0; i < typed_count; i++)
        if (view_equal(view_of(typed_commands[i].name), name))
            return true;
    return false;
}

/* ---- running ---- */

static void run(struct app *app)
{
    struct view rest = view_trim(view_of(app->prompt.input.text));
    struct view name = view_cut(&rest, ' ');
    struct buf argument = { .limit = INPUT_BYTES };
    struct entry entry;

    app->prompt.open = false;
    if (!name.size)
        return;
    recall_add(&app->commands, app->prompt.input.text);
    buf_put(&argument, view_trim(rest));
    switch (entries_match(app, name, &entry)) {
    case 0:
        app_notice(app, KV_NOTICE_INFO,
            "there is no command \"%.*s\" on this screen; Ctrl-P lists what "
            "there is",
            (int)name.size, name.data);
        break;
    case 1:
        entry_run(app, &entry, buf_text(&argument));
        break;
    default:
        app_notice(app, KV_NOTICE_INFO,
            "more than one command starts with \"%.*s\"; Tab completes",
            (int)name.size, name.data);
        break;
    }
    buf_done(&argument);
}

/* ---- completing ---- */

static bool entry_candidate(
    const struct app *app, size_t index, struct buf *out)
{
    struct entries entries;

    entries_collect(app, &entries);
    if (index >= entries.count)
        return false;
    buf_puts(out, entry_name(&entries.items[index]));
    return true;
}

/* For what stands under the cursor; false behind the last. */
static bool candidate(const struct app *app, size_t index, struct buf *out)
{
    struct view rest = view_of(app->prompt.input.text);
    struct view name = view_cut(&rest, ' ');
    struct entry entry = { 0 };

    buf_clear(out);
    if (name.size == app->prompt.input.size)
        return entry_candidate(app, index, out);
    return entries_match(app, name, &entry) == 1 && entry.command &&
           entry.command->choice && entry.command->choice(app, index, out);
}

/* What is being completed: the name, or what stands behind it. */
static struct view typed_part(const struct prompt *prompt)
{
    struct view rest = view_of(prompt->input.text);
    struct view name = view_cut(&rest, ' ');

    return name.size == prompt->input.size ? name : rest;
}

static size_t shared(struct view a, struct view b)
{
    size_t size = 0;

    while (size < a.size && size < b.size && a.data[size] == b.data[size])
        size++;
    return size;
}

/* As far as all candidates agree; a name that is whole gets its blank. */
static void complete(struct app *app)
{
    struct prompt *prompt = &app->prompt;
    struct view part = typed_part(prompt);
    struct view before = { prompt->input.text, prompt->input.size - part.size };
    struct buf one = { .limit = INPUT_BYTES };
    struct buf common = { .limit = INPUT_BYTES };
    struct buf text = { .limit = INPUT_BYTES };
    struct entry entry;
    size_t count = 0;

    for (size_t i = 0; candidate(app, i, &one); i++) {
        if (!view_starts_nocase(buf_view(&one), part))
            continue;
        if (count++ == 0)
            buf_put(&common, buf_view(&one));
        else
            common.size = shared(buf_view(&common), buf_view(&one));
    }
    if (count > 0 && common.size >= part.size) {
        buf_put(&text, before);
        buf_put(&text, buf_view(&common));
        if (!before.size && count == 1 &&
            entries_match(app, buf_view(&common), &entry) == 1 &&
            *entry_argument(&entry))
            buf_putc(&text, ' ');
        input_set(&prompt->input, buf_text(&text));
    }
    buf_done(&text);
    buf_done(&common);
    buf_done(&one);
}

void prompt_key(struct app *app, struct key key)
{
    struct prompt *prompt = &app->prompt;
    bool was_empty = !prompt->input.size;

    if (key.code == CODE_TAB && !key.pasted) {
        complete(app);
        return;
    }
    if (recall_key(&app->commands, &prompt->input, key))
        return;
    switch (input_key(&prompt->input, key)) {
    case INPUT_ENTER:
        run(app);
        break;
    case INPUT_ESCAPE:
        prompt->open = false;
        break;
    case INPUT_CHANGED:
        if (was_empty && key.code == CODE_BACKSPACE)
            prompt->open = false;
        break;
    case INPUT_IGNORED:
        break;
    }
}

/* ---- drawing ---- */

/* False when it has no room as a whole; ".." says that there are more. */
static bool draw_choice(struct canvas *line, struct view text)
{
    if (line->pen_column + text_cells(text, line->grid->ascii) + 5 >
        line->columns) {
        canvas_puts(line, ROLE_HINT, "  ..");
        return false;
    }
    canvas_puts(line, ROLE_HINT, "  ");
    canvas_put(line, ROLE_HINT, text);
    return true;
}

static size_t count_candidates(const struct app *app, struct view part)
{
    struct buf one = { .limit = INPUT_BYTES };
    size_t count = 0;

    for (size_t i = 0; candidate(app, i, &one); i++)
        count += view_starts_nocase(buf_view(&one), part);
    buf_done(&one);
    return count;
}

static void draw_candidates(
    const struct app *app, struct view part, struct canvas *line)
{
    struct buf one = { .limit = INPUT_BYTES };
    bool room = true;

    for (size_t i = 0; room && candidate(app, i, &one); i++)
        if (view_starts_nocase(buf_view(&one), part))
            room = draw_choice(line, buf_view(&one));
    buf_done(&one);
}

/* What it does, or why it cannot be done now. */
static void draw_entry(
    const struct app *app, const struct entry *entry, struct canvas *line)
{
    const char *why_not = entry_why_not(app, entry);

    canvas_putf(line, ROLE_HINT, "  %s%s%s: %s", entry_name(entry),
        *entry_argument(entry) ? " " : "", entry_argument(entry),
        why_not ? why_not : entry_help(entry));
}

/* What is typed, then what it can become: the names, or the one name with what
 * it does and what can stand behind it. */
void prompt_draw(const struct app *app, struct canvas *line)
{
    const struct prompt *prompt = &app->prompt;
    struct view rest = view_of(prompt->input.text);
    struct view name = view_cut(&rest, ' ');
    struct view part = typed_part(prompt);
    struct entry entry;

    canvas_move(line, 0, 1);
    canvas_puts(line, ROLE_HINT_KEY, ":");
    input_draw(&prompt->input, line, line->columns / 3);
    if (part.data == name.data && count_candidates(app, part) > 1) {
        draw_candidates(app, part, line);
    } else if (entries_match(app, name, &entry) == 1) {
        draw_entry(app, &entry, line);
        if (part.data != name.data)
            draw_candidates(app, part, line);
    }
}
