/* kvgov: hardens the process, reads the command line, runs what it says. */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "configuration.h"
#include "console.h"
#include "demo.h"
#include "doctor.h"
#include "loop.h"
#include "options.h"
#include "plain.h"
#include "script.h"
#include "theme_check.h"
#include "trace.h"

#ifndef KVGOV_VERSION
#define KVGOV_VERSION "unknown"
#endif

/* A signed-in process leaves no image of its memory and no readable files. */
static void harden(void)
{
    const struct rlimit none = { 0, 0 };

    umask(077);
    setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && defined(NDEBUG)
    /* A debugger and the leak checker need what this takes away. */
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

/* ---- the console ---- */

static int complain(const struct kv_error *err, int code)
{
    command_complain(err);
    return code;
}

static int size_from(const char *name, int fallback)
{
    const char *text = getenv(name);
    long value = text ? strtol(text, NULL, 10) : 0;

    return value > 0 && value <= 1000 ? (int)value : fallback;
}

static int run_script(struct app *app, const struct options *options)
{
    struct kv_error err = { 0 };

    app_resize(app, size_from("LINES", 24), size_from("COLUMNS", 80));
    if (script_run(app, options->script, options->dump, &err) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    return app->exit_code;
}

static int run_loop(struct app *app, const struct options *options)
{
    struct kv_error err = { 0 };
    int code = EXIT_CODE_OK;

    if (loop_run(app,
            &(struct loop_options){
                .term = options->term,
                .theme = options->theme,
                .no_colour = options->no_colour,
                .mouse = options->mouse,
            },
            &code, &err) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    return code;
}

/* What is wrong with keys.ini stands among the messages. */
static void load_keys(struct app *app)
{
    struct keymap_problems problems = { 0 };

    keymap_load(&app->keymap, &problems);
    for (size_t i = 0; i < problems.count; i++)
        kv_session_say(app->session, KV_NOTICE_ERROR, problems.items[i]);
    keymap_problems_done(&problems);
}

static int run_traced(const struct options *options, struct trace *trace)
{
    struct kv_session_options session_options =
        command_session_options(options);
    struct kv_session *session = NULL;
    struct kv_error err = { 0 };
    struct app *app;
    int code;

    trace_attach(trace, &session_options);
    if (kv_session_open(&session, &session_options, &err) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    configuration_say(options->config, session);
    app = app_new(session);
    app->grid.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    if (options->mask)
        app_mask(app, mask_new());
    app->quiet = options->screen_reader;
    load_keys(app);
    screen_open_posture(app);
    kv_session_start(session);
    code = options->script  ? run_script(app, options)
           : options->plain ? plain_run(app)
                            : run_loop(app, options);
    app_free(app);
    kv_session_close(session);
    return code;
}

static int run_console(const struct options *options)
{
    struct trace *trace = NULL;
    struct kv_error err = { 0 };
    int code;

    if (options->trace && !*options->trace && !options->script &&
        !options->plain) {
        kv_error_set(&err, KV_BAD_INPUT,
            "the console draws where requests would be listed; give a file "
            "with --trace-requests=FILE");
        return complain(&err, EXIT_CODE_USAGE);
    }
    if (trace_open(&trace, options->trace, &err) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    code = run_traced(options, trace);
    trace_close(trace);
    return code;
}

/* Without a terminal to draw on, the console's first screen as text. */
static int run_bare(const struct options *options)
{
    struct kv_error err;

    if (options->script || options->plain)
        return run_console(options);
    if (!isatty(STDOUT_FILENO))
        return command_scan(options);
    if (!isatty(STDIN_FILENO)) {
        kv_error_set(&err, KV_BAD_CONFIG,
            "stdin is not a terminal, so no key can be read; start kvgov "
            "from a terminal, or use \"kvgov scan\"");
        return complain(&err, EXIT_CODE_USAGE);
    }
    return run_console(options);
}

static int run_command(const struct options *options)
{
    switch (options->command) {
    case COMMAND_CONSOLE:
        return run_bare(options);
    case COMMAND_SCAN:
        return command_scan(options);
    case COMMAND_SCHEMA:
        return command_schema();
    case COMMAND_CATALOGUE:
        return command_catalogue(options);
    case COMMAND_PLAN_APPROVE:
        return command_plan_approve(options);
    case COMMAND_PLAN:
        return command_plan(options);
    case COMMAND_FIX:
        return command_fix(options);
    case COMMAND_JOURNAL_VERIFY:
        return command_journal_verify(options);
    case COMMAND_JOURNAL_SHOW:
        return command_journal_show(options);
    case COMMAND_CONFIG:
        return command_config(options);
    case COMMAND_DOCTOR:
        return command_doctor(options);
    case COMMAND_ATTEST:
        return command_attest(options);
    case COMMAND_EXCEPT:
        return command_except(options);
    case COMMAND_DIFF:
        return command_diff(options);
    case COMMAND_LIST:
        return command_list(options);
    case COMMAND_SHOW:
        return command_show(options);
    case COMMAND_WHO_CAN:
        return command_who_can(options);
    case COMMAND_REACHABLE:
        return command_reachable(options);
    case COMMAND_WHOAMI:
        return command_whoami(options);
    case COMMAND_LOGIN:
        return command_login(options);
    case COMMAND_LOGOUT:
        return command_logout(options);
    case COMMAND_COMPLETION:
        return command_completion(options);
    case COMMAND_MANUAL:
        return command_manual(options);
    }
    return EXIT_CODE_INTERNAL;
}

static int run_in_demo(struct options *options)
{
    struct demo *demo = NULL;
    struct kv_error err = { 0 };
    int code;

    if (demo_start(&demo, options, &err) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    code = run_command(options);
    demo_end(demo);
    return code;
}

static int run_configured(struct options *options)
{
    struct configuration configuration = { 0 };
    struct kv_error err = { 0 };
    int code;

    if (configuration_load(&configuration, options, &err) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    options->config = configuration.config;
    options->policy = &configuration.policy;
    code = options->demo ? run_in_demo(options) : run_command(options);
    configuration_done(&configuration);
    return code;
}

static int print_help(void)
{
    struct buf out = { .limit = 65536 };

    options_put_help(&out);
    fputs(buf_text(&out), stdout);
    buf_done(&out);
    return EXIT_CODE_OK;
}

static int print_keys(void)
{
    struct keymap map = { 0 };
    struct keymap_problems problems = { 0 };
    struct buf out = { .limit = 65536 };
    int code;

    keymap_load(&map, &problems);
    for (size_t i = 0; i < problems.count; i++)
        fprintf(stderr, "kvgov: %s\n", problems.items[i]);
    keymap_print(&map, &out);
    code = problems.count ? EXIT_CODE_USAGE : EXIT_CODE_OK;
    if (command_write_out(&out) != EXIT_CODE_OK)
        code = EXIT_CODE_INTERNAL;
    keymap_problems_done(&problems);
    keymap_done(&map);
    return code;
}

/* A name, or a file when it has a slash. */
static int check_theme(const char *name)
{
    struct theme theme;
    struct kv_error err = { 0 };
    struct buf out = { .limit = 65536 };
    size_t problems;

    if ((strchr(name, '/') ? theme_load_file(&theme, name, &err)
                           : theme_load(&theme, name, &err)) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    problems = theme_check(&theme, &out);
    if (!problems)
        buf_putf(&out, "%s: all %d roles can be read on all palettes\n",
            theme.name, ROLE_COUNT);
    if (command_write_out(&out) != EXIT_CODE_OK)
        return EXIT_CODE_INTERNAL;
    return problems ? EXIT_CODE_USAGE : EXIT_CODE_OK;
}

int main(int argc, char **argv)
{
    struct options options = { 0 };
    struct kv_error err = { 0 };

    harden();
    setlocale(LC_ALL, "");
    if (options_parse(&options, argc, argv, &err) != KV_OK)
        return complain(&err, EXIT_CODE_USAGE);
    if (options.help)
        return print_help();
    if (options.version)
        return printf("kvgov " KVGOV_VERSION "\n") > 0 ? EXIT_CODE_OK
                                                       : EXIT_CODE_INTERNAL;
    if (options.check_theme)
        return check_theme(options.check_theme);
    if (options.print_keys)
        return print_keys();
    return run_configured(&options);
}
