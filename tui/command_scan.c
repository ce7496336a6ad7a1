/* kvgov scan: read, judge, report, and end as a script wants to know it. */
#include "command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kvgov/report.h"
#include "report_file.h"
#include "signals.h"
#include "wish.h"

/* One run of the command, from the moment that there is an estate. */
struct scan {
    const struct options *options;
    struct kv_session *session;
    struct kv_selection *selection;
    struct kv_selection_wish wish;
    struct report_file file;
    int signal_fd;
    int signal;       /* what ended it early */
    unsigned fail_on; /* enum kv_severity; KV_SEVERITY_COUNT: nothing */
};

/* ---- before anything is read ---- */

static enum kv_status take_severity(
    unsigned *out, const char *name, struct kv_error *err)
{
    *out = KV_SEVERITY_COUNT;
    if (!name)
        return KV_OK;
    for (unsigned i = 0; i < KV_SEVERITY_COUNT; i++)
        if (strcmp(kv_severity_name((enum kv_severity)i), name) == 0) {
            *out = i;
            return KV_OK;
        }
    return kv_error_set(err, KV_BAD_INPUT,
        "--fail-on cannot be \"%s\": it takes critical, high, medium, low or "
        "info",
        name);
}

static enum kv_status take_options(
    struct scan *scan, const struct options *options, struct kv_error *err)
{
    enum kv_status status = KV_OK;

    scan->options = options;
    scan->file.fd = -1;
    if (options->offline && options->deep)
        status = kv_error_set(err, KV_BAD_INPUT,
            "--offline reads nothing, so --deep cannot read more; what a deep "
            "scan kept is reported without it");
    if (status == KV_OK)
        status = take_severity(&scan->fail_on, options->fail_on, err);
    if (status == KV_OK)
        status = wish_init(&scan->wish, options, err);
    if (status == KV_OK)
        status = report_file_open(&scan->file, options->out, err);
    return status;
}

static void scan_done(struct scan *scan)
{
    kv_selection_free(scan->selection);
    report_file_done(&scan->file);
    wish_done(&scan->wish);
}

/* ---- the part ---- */

static enum kv_status select_part(struct scan *scan, struct kv_error *err)
{
    if (!wish_any(&scan->wish))
        return KV_OK;
    return kv_selection_new(&scan->selection, &scan->wish,
        kv_session_estate(scan->session), err);
}

static bool idle(void *context)
{
    return kv_session_idle(context);
}

/* Those that were named, after a scan that looked into none. */
static void look_into_selected(struct scan *scan)
{
    const struct kv_estate *estate = kv_session_estate(scan->session);

    if (!scan->options->deep || scan->wish.resources.count == 0)
        return;
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        if (kv_selection_has_resource(scan->selection, i))
            kv_session_look(scan->session, i);
    scan->signal =
        command_until(scan->session, scan->signal_fd, idle, scan->session);
}

/* ---- writing ---- */

struct output {
    struct scan *scan;
    bool failed;
};

/* Whoever ends the program does not wait for the end of a large report. */
static bool take(void *context, struct view piece)
{
    struct output *output = context;
    struct scan *scan = output->scan;

    scan->signal = command_interrupted(scan->signal_fd);
    output->failed = !scan->signal && !report_file_put(&scan->file, piece);
    return !scan->signal && !output->failed;
}

static enum kv_status write_report(
    struct scan *scan, const struct kv_report_input *input, struct kv_error *err)
{
    const char *name = scan->options->format ? scan->options->format : "table";
    struct output output = { .scan = scan };
    bool whole =
        kv_report_write(kv_report_format_find(name), input, take, &output);

    if (whole)
        return report_file_keep(&scan->file, err);
    if (scan->signal)
        return KV_CANCELLED;
    return kv_error_set(err, KV_STORE, "the report could not be written%s%s",
        output.failed ? " to " : ": it is too large",
        !output.failed          ? ""
        : scan->options->out ? scan->options->out
                             : "stdout");
}

/* What a format has no place for is said beside it. */
static void say_left_out(const struct scan *scan)
{
    const char *name = scan->options->format ? scan->options->format : "table";
    struct buf text = { .limit = 1u << 20 };

    buf_puts(&text, "left out: ");
    kv_selection_put(scan->selection, &text);
    if (scan->selection && kv_report_format_find(name)->bare)
        command_say(buf_text(&text));
    buf_done(&text);
}

/* ---- the end ---- */

static bool is_incomplete(
    const struct scan *scan, const struct kv_report_sums *sums)
{
    enum kv_scan_state state = kv_session_scan(scan->session)->state;
    bool whole = state == KV_SCAN_DONE ||
                 (scan->options->offline && state == KV_SCAN_STORED);

    return !whole || sums->unlisted > 0 ||
           (scan->options->require_complete && sums->unknown > 0);
}

/* A deviation is certain, whatever else is not known. */
static int exit_code_of(
    const struct scan *scan, const struct kv_report_input *input)
{
    struct kv_report_sums sums;

    kv_report_sum(input, &sums);
    for (unsigned i = scan->fail_on; i < KV_SEVERITY_COUNT; i++)
        if (sums.fails[i] > 0)
            return EXIT_CODE_PROBLEM;
    /* Without a terminal the console prints what it has: the report says itself
     * what is missing. */
    return scan->options->command == COMMAND_SCAN && is_incomplete(scan, &sums)
               ? EXIT_CODE_INCOMPLETE
               : EXIT_CODE_OK;
}

static int report_estate(struct scan *scan)
{
    const struct kv_session *session = scan->session;
    struct kv_error err = { 0 };
    struct kv_report_input input = command_report_input(session);
    enum kv_status status;

    input.selection = scan->selection;
    if (scan->options->out)
        input.width_cells = 0;
    status = write_report(scan, &input, &err);
    command_complain_of_session(session);
    if (status == KV_CANCELLED)
        return 128 + scan->signal;
    if (status != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_INTERNAL;
    }
    say_left_out(scan);
    return exit_code_of(scan, &input);
}

static int report(struct scan *scan)
{
    struct kv_error err = { 0 };

    if (select_part(scan, &err) != KV_OK) {
        command_complain_of_session(scan->session);
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    look_into_selected(scan);
    return scan->signal ? 128 + scan->signal : report_estate(scan);
}

static int use(struct kv_session *session, const struct options *options)
{
    struct scan scan = { .session = session, .signal_fd = signals_open() };
    struct kv_error err = { 0 };
    int code = EXIT_CODE_USAGE;

    if (take_options(&scan, options, &err) == KV_OK)
        code = report(&scan);
    else
        command_complain(&err);
    if (scan.signal_fd >= 0)
        close(scan.signal_fd);
    scan_done(&scan);
    return code;
}

/* What is wrong is said before a long scan begins. */
int command_scan(const struct options *options)
{
    struct scan scan = { 0 };
    struct kv_error err = { 0 };
    enum kv_status status = take_options(&scan, options, &err);

    scan_done(&scan);
    if (status == KV_OK)
        return command_with_estate(options, use);
    command_complain(&err);
    return EXIT_CODE_USAGE;
}
