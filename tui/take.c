/* What a person takes along: a copy of the row, an export of the list, a link
 * to the portal. Each of the first two asks which on the notice line; none
 * changes anything but the clipboard and the folder of exports. */
#include "clip.h"
#include "console.h"
#include "export.h"
#include "screen_text.h"

/* Of an export; 100,000 rows take a tenth of it. */
#define EXPORT_BYTES ((size_t)256 * 1024 * 1024)

struct choice {
    uint32_t key;
    const char *word;
    bool of_resource; /* else of the list's row */
    /* False where there is nothing of that kind. */
    bool (*put)(const struct screen *screen, struct buf *out);
};

/* ---- what there is ---- */

static const struct list *list_of(const struct screen *screen)
{
    const struct list *list =
        screen->ops->list ? screen->ops->list(screen) : NULL;

    return list && list->shown_count ? list : NULL;
}

static const struct kv_resource *resource_of(const struct screen *screen)
{
    uint32_t index =
        screen->ops->resource ? screen->ops->resource(screen) : KV_NONE;

    return index == KV_NONE
               ? NULL
               : kv_estate_resource(app_estate(screen->app), index);
}

static bool has_list(const struct screen *screen)
{
    return list_of(screen);
}

static bool has_row(const struct screen *screen)
{
    return list_of(screen) || resource_of(screen);
}

static bool has_resource(const struct screen *screen)
{
    return resource_of(screen);
}

static bool put_text(struct buf *out, const char *text)
{
    if (!text || !*text)
        return false;
    buf_put_visible(out, view_of(text), false);
    return true;
}

static bool put_name(const struct screen *screen, struct buf *out)
{
    const struct kv_resource *resource = resource_of(screen);

    return resource && put_text(out, resource->name);
}

static bool put_id(const struct screen *screen, struct buf *out)
{
    const struct kv_resource *resource = resource_of(screen);

    return resource && put_text(out, resource->id);
}

static bool put_az(const struct screen *screen, struct buf *out)
{
    const struct kv_resource *resource = resource_of(screen);

    if (!resource)
        return false;
    buf_puts(out, "az resource show --ids '");
    put_text(out, resource->id);
    buf_putc(out, '\'');
    return true;
}

static struct view view_without_slash(const char *text)
{
    struct view view = view_of(text);

    while (view.size && view.data[view.size - 1] == '/')
        view.size--;
    return view;
}

static bool put_link(const struct screen *screen, struct buf *out)
{
    const struct kv_resource *resource = resource_of(screen);
    const char *portal = kv_session_portal(app_session(screen->app));
    const char *tenant = kv_estate_tenant_id(app_estate(screen->app));

    if (!resource || !*portal)
        return false;
    buf_put_visible(out, view_without_slash(portal), false);
    buf_puts(out, "/#@");
    put_text(out, tenant);
    buf_puts(out, "/resource");
    put_text(out, resource->id);
    return true;
}

static bool put_row(const struct screen *screen, struct buf *out)
{
    const struct list *list = list_of(screen);

    if (list)
        export_row(list, list_current(list), out);
    return list;
}

static bool put_row_json(const struct screen *screen, struct buf *out)
{
    const struct list *list = list_of(screen);

    if (list)
        export_row_json(list, list_current(list), out);
    return list;
}

/* In the order of the menu. */
static const struct choice choices[] = {
    { 'n', "name", true, put_name },
    { 'i', "resource id", true, put_id },
    { 'r', "row", false, put_row },
    { 'j', "JSON", false, put_row_json },
    { 'a', "az command", true, put_az },
    { 'l', "portal link", true, put_link },
};
#define CHOICE_COUNT (sizeof(choices) / sizeof *(choices))

struct format_choice {
    uint32_t key;
    const char *word;
    enum export_format format;
};

static const struct format_choice formats[] = {
    { 'c', "CSV", EXPORT_CSV },
    { 'j', "JSON", EXPORT_JSON },
    { 'm', "Markdown", EXPORT_MARKDOWN },
};
#define FORMAT_COUNT (sizeof(formats) / sizeof *(formats))

/* ---- copying ---- */

/* Too long for the terminal: into a file instead. */
static void save_copy(struct app *app, const char *word, struct view text)
{
    struct buf path = { .limit = 4096 };
    struct kv_error err = { 0 };

    if (export_save(word, "txt", app_now_s(app), text, &path, &err) == KV_OK)
        app_notice(app, KV_NOTICE_DONE, "too long to copy, written to %s",
            buf_text(&path));
    else
        app_notice_error(app, &err);
    buf_done(&path);
}

bool app_copy(struct app *app, struct view text)
{
    if (text.size > CLIP_BYTES)
        return false;
    buf_clear(&app->clip);
    buf_put(&app->clip, text);
    app_mask_text(app, &app->clip);
    app->requests |= APP_COPY;
    return true;
}

static void copy(struct screen *screen, const struct choice *choice)
{
    struct app *app = screen->app;
    struct buf text = { .limit = EXPORT_BYTES };

    if (choice->put(screen, &text))
        app_mask_text(app, &text);
    if (!text.size) {
        app_notice(app, KV_NOTICE_INFO, "there is no %s here", choice->word);
    } else if (!app_copy(app, buf_view(&text))) {
        save_copy(app, choice->word, buf_view(&text));
    } else {
        app_notice(app, KV_NOTICE_INFO,
            "%s sent to the terminal (OSC 52), not verifiable; y w shows it "
            "as text",
            choice->word);
    }
    buf_done(&text);
}

/* All that could be copied, to be selected by hand; a row is there as JSON,
 * its tabs would not be. */
static void show(struct screen *screen)
{
    struct sheet sheet = { 0 };

    sheet_put(&sheet, ROLE_DIM, 0,
        "To select and copy with the terminal. A long line goes on in the next "
        "row.");
    for (size_t i = 0; i < CHOICE_COUNT; i++) {
        struct buf text = { .limit = EXPORT_BYTES };

        if (choices[i].put != put_row && choices[i].put(screen, &text)) {
            sheet_gap(&sheet);
            sheet_put(&sheet, ROLE_TEXT, 0, buf_text(&text));
        }
        buf_done(&text);
    }
    screen_open_text(screen->app, "Copy", &sheet);
}

static void copy_key(struct screen *screen, uint32_t key)
{
    if (key == 'w') {
        show(screen);
        return;
    }
    for (size_t i = 0; i < CHOICE_COUNT; i++)
        if (choices[i].key == key)
            copy(screen, &choices[i]);
}

/* ---- exporting ---- */

static void export(struct screen *screen, enum export_format format)
{
    const struct list *list = list_of(screen);
    struct app *app = screen->app;
    struct buf text = { .limit = EXPORT_BYTES };
    struct buf path = { .limit = 4096 };
    struct kv_error err = { 0 };
    enum kv_status status;

    export_list(list, format, &text);
    app_mask_text(app, &text);
    status = text.failed
                 ? kv_error_set(&err, KV_TOO_LARGE,
                       "the list is over 256 MiB as a file; filter it first")
                 : export_save(screen->ops->title, export_ending(format),
                       app_now_s(app), buf_view(&text), &path, &err);
    if (status == KV_OK)
        app_notice(app, KV_NOTICE_DONE, "%zu row%s written to %s",
            list->shown_count, list->shown_count == 1 ? "" : "s",
            buf_text(&path));
    else
        app_notice_error(app, &err);
    buf_done(&path);
    buf_done(&text);
}

static void export_key(struct screen *screen, uint32_t key)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (formats[i].key == key)
            export(screen, formats[i].format);
}

/* ---- the menus ---- */

void take_key(struct app *app, struct key key)
{
    enum take_menu menu = app->menu;

    app->menu = TAKE_NOTHING;
    if (key.pasted)
        return;
    if (menu == TAKE_COPY)
        copy_key(app->top, key.code);
    else if (list_of(app->top))
        export_key(app->top, key.code);
}

static void draw_choice(struct canvas *line, uint32_t key, const char *word)
{
    canvas_putf(line, ROLE_HINT_KEY, "  %c", (char)key);
    canvas_putf(line, ROLE_HINT, " %s", word);
}

void take_draw(const struct app *app, struct canvas *line)
{
    canvas_move(line, 0, 1);
    if (app->menu == TAKE_COPY) {
        canvas_puts(line, ROLE_TITLE, "copy");
        for (size_t i = 0; i < CHOICE_COUNT; i++)
            if (choices[i].of_resource ? has_resource(app->top)
                                       : has_list(app->top))
                draw_choice(line, choices[i].key, choices[i].word);
        draw_choice(line, 'w', "show");
    } else {
        canvas_puts(line, ROLE_TITLE, "export the rows shown");
        for (size_t i = 0; i < FORMAT_COUNT; i++)
            draw_choice(line, formats[i].key, formats[i].word);
    }
}

/* ---- their keys ---- */

static void open_copy(struct screen *screen)
{
    screen->app->menu = TAKE_COPY;
}

static void open_export(struct screen *screen)
{
    screen->app->menu = TAKE_EXPORT;
}

static void open_link(struct screen *screen)
{
    struct buf link = { .limit = 4096 };
    struct sheet sheet = { 0 };

    if (put_link(screen, &link)) {
        sheet_put(&sheet, ROLE_DIM, 0,
            "This resource in the portal. On its row, y l copies the link.");
        sheet_gap(&sheet);
        sheet_put(&sheet, ROLE_TEXT, 0, buf_text(&link));
        screen_open_text(screen->app, "Portal", &sheet);
    } else {
        app_notice(screen->app, KV_NOTICE_INFO,
            "this cloud names no portal, so there is no link");
    }
    buf_done(&link);
}

const struct binding take_bindings[] = {
    {
        .name = "copy",
        .key = 'y',
        .hint = "copy",
        .help = "copy name, id, row, JSON, az command or link; w shows them",
        .run = open_copy,
        .allowed = has_row,
        .why_not = "nothing here can be copied",
    },
    {
        .name = "export",
        .key = 'e',
        .hint = "export",
        .help = "export the rows shown as CSV, JSON or Markdown",
        .run = open_export,
        .allowed = has_list,
        .why_not = "there are no rows here",
    },
    {
        .name = "portal",
        .key = 'o',
        .hint = "portal",
        .help = "the link to this resource in the portal, as text",
        .run = open_link,
        .allowed = has_resource,
        .why_not = "no vault is under the cursor",
    },
    { 0 },
};
