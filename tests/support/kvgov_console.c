/* Steps through the program that many tests share. */
#include "kvgov_console.h"

#include <stdlib.h>
#include <string.h>

#include "base.h"
#include "temp.h"
#include "test.h"

#define ARGUMENT_LIMIT 32
/* A confirmation discards what is typed in its first 400 ms. */
#define DEAF_MS 600

/* What the program is told in its environment: the cloud, and a home. */
static const char **environment_of(const struct console *console)
{
    struct buf home = { .limit = 4096 };
    struct buf state = { .limit = 4096 };
    const char **all = mem_alloc(sizeof *all * 4 * ARGUMENT_LIMIT);
    const char *const *more = console->options.environment;
    size_t count = 0;

    buf_putf(&home, "HOME=%s", console->home);
    buf_putf(&state, "KVGOV_STATE=%s/state", console->home);
    all[count++] = mem_copy_text(buf_text(&home));
    all[count++] = mem_copy_text(buf_text(&state));
    buf_done(&state);
    buf_done(&home);
    for (size_t i = 0; console->cloud->environment[i]; i++) {
        const char *item = console->cloud->environment[i];

        if (!console->options.nobody || !strstr(item, "_CLIENT_"))
            all[count++] = mem_copy_text(item);
    }
    for (size_t i = 0; more && more[i] && count < 4 * ARGUMENT_LIMIT - 1; i++)
        all[count++] = mem_copy_text(more[i]);
    return all;
}

static void environment_drop(const char **all)
{
    for (size_t i = 0; all[i]; i++)
        mem_free((void *)(uintptr_t)all[i]);
    mem_free(all);
}

static void start(struct console *console)
{
    const struct console_options *options = &console->options;
    const char *argv[ARGUMENT_LIMIT] = { test_setting("KVGOV") };
    const char **environment = environment_of(console);

    for (size_t i = 0;
         options->arguments && options->arguments[i] && i + 2 < ARGUMENT_LIMIT;
         i++)
        argv[i + 1] = options->arguments[i];
    console->terminal = terminal_open(&(struct terminal_options){ .argv = argv,
        .environment = environment,
        .term = options->term,
        .rows = options->rows,
        .columns = options->columns });
    environment_drop(environment);
}

/* Its vaults have names that lead to this machine, as in the demo: a console
 * that looks into a vault finds it. */
static struct cloud *start_cloud(const char *const *more)
{
    const char *arguments[ARGUMENT_LIMIT] = { "--suffix", "localhost" };

    for (size_t i = 0; more && more[i] && i + 3 < ARGUMENT_LIMIT; i++)
        arguments[i + 2] = more[i];
    return cloud_start(arguments);
}

void console_open(
    struct console *console, const struct console_options *options)
{
    *console = (struct console){ .options = *options };
    console->cloud = start_cloud(options->cloud);
    console->home = temp_new();
    start(console);
}

void console_open_ready(
    struct console *console, const struct console_options *options)
{
    console_open(console, options);
    terminal_expect(console->terminal, "40/47 k");
    /* A scan that still runs is what q asks about and Ctrl-C stops. */
    terminal_expect_gone(console->terminal, "reading ");
}

void console_reopen(struct console *console)
{
    terminal_close(console->terminal);
    start(console);
}

void console_done(struct console *console)
{
    terminal_close(console->terminal);
    cloud_stop(console->cloud);
    temp_done(console->home);
    *console = (struct console){ 0 };
}

void console_go(struct console *console, const char *keys, const char *text)
{
    terminal_keys(console->terminal, keys);
    terminal_expect(console->terminal, text);
}

void console_visit(struct console *console, const char *resource)
{
    struct buf keys = { .limit = 256 };
    struct buf crumb = { .limit = 256 };

    buf_putf(&keys, "/%s<Enter>", resource);
    buf_putf(&crumb, "Vaults > %s", resource);
    console_go(console, "2", "Posture > Vaults");
    console_go(console, buf_text(&keys), "1 of 47");
    console_go(console, "<Enter>", buf_text(&crumb));
    buf_done(&crumb);
    buf_done(&keys);
}

/* Moves the cursor down to the finding; it is on the screen or below. What came
 * while it moved stands last until the list is sorted again. */
static void select_finding(struct console *console, const char *finding)
{
    for (int i = 0; i < 72; i++) {
        int row;
        int column;

        if (i > 0 && i % 24 == 0)
            terminal_keys(console->terminal, "=g");

        terminal_settle(console->terminal, 60);
        terminal_cursor(console->terminal, &row, &column);
        if (strstr(terminal_row(console->terminal, row), finding))
            return;
        terminal_keys(console->terminal, "<Down>");
    }
    fail_with(
        "no finding '%s' on\n%s", finding, terminal_text(console->terminal));
}

void console_plan(struct console *console, const char *finding)
{
    console_plan_many(console, finding, "1 ready");
}

void console_plan_many(
    struct console *console, const char *finding, const char *ready)
{
    select_finding(console, finding);
    console_go(console, "x", "[1 TARGETS]");
    terminal_expect(console->terminal, ready);
    terminal_keys(console->terminal, "<Enter>");
    /* A remedy without options goes straight to the preview. */
    while (!terminal_wait_text(console->terminal, "[3 PREVIEW]", 1500))
        console_go(console, "<Enter>", "4 Confirm");
    console_go(console, "<Enter>", "[4 CONFIRM]");
    terminal_watch(console->terminal, DEAF_MS);
    if (terminal_shows(console->terminal, "Enter switches write mode on"))
        console_go(console, "<Enter>", "*WRITE*");
}

void console_confirm(struct console *console, const char *typed)
{
    struct buf answer = { .limit = 256 };

    buf_putf(&answer, "> %s", typed);
    /* What is typed while the screen changes is dropped, on a busy machine in
     * the middle of a word: a person sees that and types it once more. */
    for (int tries = 0; tries < 5; tries++) {
        terminal_watch(console->terminal, DEAF_MS);
        terminal_keys(console->terminal, typed);
        terminal_watch(console->terminal, 200);
        if (terminal_shows(console->terminal, buf_text(&answer)))
            break;
        terminal_keys(console->terminal, "<C-u>");
    }
    buf_done(&answer);
    terminal_keys(console->terminal, "<Enter>");
}
