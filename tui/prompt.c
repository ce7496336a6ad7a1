/* The command line: a table of commands, completed with Tab. */
#include "console.h"

#include <string.h>

struct command {
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
    void (*run)(struct app *app, const char *argument);
};

static void run_write(struct app *app, const char *argument)
{
    app_write_on(app, argument);
}

static void run_read_only(struct app *app, const char *argument)
{
    (void)argument;
    kv_session_write_off(app->session);
    app_notice(app, KV_NOTICE_DONE, "read-only: nothing can be applied");
}

static void run_rescan(struct app *app, const char *argument)
{
    (void)argument;
    kv_session_rescan(app->session);
}

static void run_stop(struct app *app, const char *argument)
{
    (void)argument;
    kv_session_stop_scan(app->session);
}

/* Judged again at once, from what was read. */
static void run_baseline(struct app *app, const char *argument)
{
    unsigned now = kv_session_policy(app->session)->baseline;
    unsigned wanted = kv_baseline_find(argument);

    if (!*argument)
        app_notice(app, KV_NOTICE_INFO,
            "the baseline is %s, %s; :baseline NAME judges by another one",
            kv_baselines[now].name, kv_baselines[now].what);
    else if (wanted == KV_BASELINE_COUNT)
        app_notice(app, KV_NOTICE_INFO,
            "there is no baseline \"%s\": current, seeds, 2019, 2020-hsm or "
            "2025",
            argument);
    else {
        kv_session_set_baseline(app->session, (enum kv_baseline)wanted);
        app_notice(app, KV_NOTICE_DONE, "judged by %s: %s",
            kv_baselines[wanted].name, kv_baselines[wanted].what);
    }
}

static void run_theme(struct app *app, const char *argument)
{
    if (!*argument)
        app_notice(app, KV_NOTICE_INFO,
            "the theme is %s; :theme NAME takes another one", app->theme.name);
    else
        app_set_theme(app, argument);
}

/* By its digit; the first one is home. */
static void run_main_screen(struct app *app, uint32_t key)
{
    if (!app_go_home(app))
        return;
    for (size_t i = 1; i < app_main_screen_count; i++)
        if (app_main_screens[i].key == key)
            app_main_screens[i].open(app);
}

static void run_posture(struct app *app, const char *argument)
{
    (void)argument;
    run_main_screen(app, '1');
}

static void run_vaults(struct app *app, const char *argument)
{
    (void)argument;
    run_main_screen(app, '2');
}

static void run_jobs(struct app *app, const char *argument)
{
    (void)argument;
    run_main_screen(app, '5');
}

static void run_journal(struct app *app, const char *argument)
{
    (void)argument;
    run_main_screen(app, '6');
}

static void run_matrix(struct app *app, const char *argument)
{
    (void)argument;
    screen_open_matrix(app);
}

static void run_messages(struct app *app, const char *argument)
{
    (void)argument;
    screen_open_messages(app);
}

static void run_sign_in(struct app *app, const char *argument)
{
    (void)argument;
    screen_open_sign_in(app);
}

static void run_help(struct app *app, const char *argument)
{
    (void)argument;
    screen_open_help(app, app->top);
}

static void run_quit(struct app *app, const char *argument)
{
    (void)argument;
    if (app_go_home(app))
        app_quit(app, 0);
}

/* In alphabetical order. */
static const struct command commands[] = {
    { "baseline", "NAME", "judge by what was recommended then", run_baseline },
    { "help", NULL, "the keys of this screen", run_help },
    { "jobs", NULL, "the scan and the runs of this session", run_jobs },
    { "journal", NULL, "what was changed", run_journal },
    { "matrix", NULL, "vaults by recommendations", run_matrix },
    { "messages", NULL, "all that was said", run_messages },
    { "posture", NULL, "one row a recommendation", run_posture },
    { "quit", NULL, "end kvgov", run_quit },
    { "rescan", NULL, "read everything again", run_rescan },
    { "ro", NULL, "write mode off", run_read_only },
    { "runs", NULL, "the same as :jobs", run_jobs },
    { "signin", NULL, "who is signed in, and how", run_sign_in },
    { "stop", NULL, "stop reading, keep what was read", run_stop },
    { "theme", "NAME", "take another theme", run_theme },
    { "vaults", NULL, "all vaults and HSMs", run_vaults },
    { "write", "[reason]", "write mode on for 30 minutes", run_write },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof *(commands))

void prompt_start(struct prompt *prompt)
{
    *prompt = (struct prompt){ .open = true };
}

/* The commands that start as `typed` does; the first one, and how many. */
static size_t find(struct view typed, const struct command **first)
{
    size_t count = 0;

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        struct view name = view_of(commands[i].name);

        if (!view_starts_nocase(name, typed))
            continue;
        if (view_equal_nocase(name, typed)) {
            *first = &commands[i];
            return 1;
        }
        if (count++ == 0)
            *first = &commands[i];
    }
    return count;
}

static void run(struct app *app)
{
    struct view rest = view_trim(view_of(app->prompt.input.text));
    const struct command *command = NULL;
    struct view name = view_cut(&rest, ' ');
    struct buf argument = { .limit = INPUT_BYTES };

    app->prompt.open = false;
    if (!name.size)
        return;
    buf_put(&argument, view_trim(rest));
    switch (find(name, &command)) {
    case 0:
        app_notice(app, KV_NOTICE_INFO,
            "there is no command \"%s\"; ? lists them all",
            app->prompt.input.text);
        break;
    case 1:
        command->run(app, buf_text(&argument));
        break;
    default:
        app_notice(app, KV_NOTICE_INFO,
            "more than one command starts so; Tab completes");
        break;
    }
    buf_done(&argument);
}

static void complete(struct prompt *prompt)
{
    const struct command *command = NULL;
    struct buf text = { .limit = 64 };

    if (find(view_of(prompt->input.text), &command) == 1) {
        buf_putf(&text, "%s%s", command->name, command->argument ? " " : "");
        input_set(&prompt->input, buf_text(&text));
    }
    buf_done(&text);
}

void prompt_key(struct app *app, struct key key)
{
    struct prompt *prompt = &app->prompt;
    bool was_empty = !prompt->input.size;

    if (key.code == CODE_TAB && !key.pasted) {
        complete(prompt);
        return;
    }
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

/* False when it has no room as a whole; ".." says that there are more. */
static bool draw_choice(struct canvas *line, const struct command *command)
{
    const char *argument = command->argument ? command->argument : "";
    size_t cells = strlen(command->name) + strlen(argument) + 3;

    if (line->pen_column + (int)cells + 3 > line->columns) {
        canvas_puts(line, ROLE_HINT, "  ..");
        return false;
    }
    canvas_putf(line, ROLE_HINT, "  %s%s%s", command->name,
        *argument ? " " : "", argument);
    return true;
}

/* What is typed, then the commands that it can become. */
void prompt_draw(const struct prompt *prompt, struct canvas *line)
{
    struct view typed = view_of(prompt->input.text);
    struct view name = view_cut(&typed, ' ');
    int width = line->columns / 3;

    canvas_move(line, 0, 1);
    canvas_puts(line, ROLE_HINT_KEY, ":");
    input_draw(&prompt->input, line, width);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (view_starts_nocase(view_of(commands[i].name), name) &&
            !draw_choice(line, &commands[i]))
            break;
}

bool prompt_get_help(size_t index, struct buf *name, const char **help)
{
    const struct command *command;

    if (index >= COMMAND_COUNT)
        return false;
    command = &commands[index];
    buf_putf(name, ":%s %s", command->name,
        command->argument ? command->argument : "");
    *help = command->help;
    return true;
}
