/* The commands that need no console. */
#include "command.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "configuration.h"
#include "kvgov/report.h"
#include "signals.h"
#include "trace.h"

/* Reports of 100,000 vaults are large; more than this is a mistake. */
#define REPORT_BYTES ((size_t)1 << 30)
/* Nothing is said about what takes less. */
#define SILENCE_S 1
/* Between two looks at what is being waited for, when nothing happens. */
#define STEP_MS 1000

void command_say(const char *sentence)
{
    struct buf text = { .limit = 1u << 20 };

    buf_put_visible(&text, view_of(sentence), false);
    fprintf(stderr, "kvgov: %s\n", buf_text(&text));
    buf_done(&text);
}

void command_complain(const struct kv_error *err)
{
    command_say(err->text);
}

struct kv_session_options command_session_options(const struct options *options)
{
    return (struct kv_session_options){
        .arm_endpoint = options->arm_endpoint,
        .cloud = options->cloud,
        .auth = options->auth,
        .tenant = options->tenant,
        .subscription = options->subscription,
        .state_dir = options->state_dir,
        .policy = options->policy,
        /* Whoever names resources does not wait for what is inside of all the
         * others: scan looks into those afterwards. */
        .deep = options->deep && (options->command != COMMAND_SCAN ||
                                     options->resources.count == 0),
        .read_only = options->read_only,
    };
}

int command_write_out(struct buf *out)
{
    int code = EXIT_CODE_INTERNAL;
    bool failed = out->failed ||
                  fwrite(buf_text(out), 1, out->size, stdout) != out->size ||
                  fflush(stdout) != 0;

    /* Who reads no further, as head does, knows that there was more. */
    if (failed && !out->failed && errno == EPIPE)
        code = 128 + SIGPIPE;
    else if (failed)
        fprintf(stderr, "kvgov: the report could not be written%s\n",
            out->failed ? ": it is too large" : " to stdout");
    buf_done(out);
    return failed ? code : EXIT_CODE_OK;
}

/* ---- scan ---- */

/* On a terminal, one line that is written over and wiped at the end. */
static void show_progress(const struct kv_session *session, bool wipe)
{
    const struct kv_scan *scan = kv_session_scan(session);
    int64_t age_s = kv_session_now(session) - scan->started_at_s;

    if (!isatty(STDERR_FILENO))
        return;
    if (wipe)
        fprintf(stderr, "\r%70s\r", "");
    else if (kv_session_sign_in(session)->state == KV_SIGN_IN_STARTING)
        fprintf(stderr, "\rkvgov: signing in  ");
    else if (scan->state == KV_SCAN_RUNNING && age_s >= SILENCE_S)
        fprintf(stderr, "\rkvgov: reading %s %u/%u, %llds  ",
            scan->stage ? scan->stage : "", scan->done, scan->total,
            (long long)age_s);
    fflush(stderr);
}

int command_interrupted(int signal_fd)
{
    int number;

    while ((number = signals_read(signal_fd)) != 0) {
        if (number == SIGTSTP)
            raise(SIGSTOP);
        else if (number != SIGWINCH && number != SIGCONT)
            return number;
    }
    return 0;
}

int command_until(struct kv_session *session, int signal_fd,
    bool (*done)(void *context), void *context)
{
    struct kv_wait_fd fd = { .fd = signal_fd };
    int number = 0;

    while (!number && !done(context)) {
        kv_session_wait(session, &fd, 1, STEP_MS);
        number = command_interrupted(signal_fd);
        kv_session_step(session);
        show_progress(session, false);
    }
    show_progress(session, true);
    return number;
}

static bool ended(void *context)
{
    const struct kv_session *session = context;
    enum kv_sign_in_state sign_in = kv_session_sign_in(session)->state;
    enum kv_scan_state scan = kv_session_scan(session)->state;

    if (sign_in == KV_SIGN_IN_NEEDED || sign_in == KV_SIGN_IN_FAILED)
        return true;
    return sign_in == KV_SIGN_IN_DONE && scan != KV_SCAN_NONE &&
           scan != KV_SCAN_STORED && scan != KV_SCAN_RUNNING &&
           kv_session_idle(session);
}

/* What went wrong, oldest first; equal messages were counted already. */
void command_complain_of_session(const struct kv_session *session)
{
    for (uint32_t i = kv_session_message_count(session); i-- > 0;) {
        const struct kv_message *message = kv_session_message(session, i);
        struct kv_error err;

        if (message->level != KV_NOTICE_ERROR)
            continue;
        kv_error_set(&err, KV_SERVICE, "%s", message->text);
        command_complain(&err);
    }
}

uint32_t command_width_of_stdout(void)
{
    struct winsize size = { 0 };

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
        return 0;
    return size.ws_col;
}

bool command_is_complete(const struct kv_session *session)
{
    enum kv_scan_state state = kv_session_scan(session)->state;

    return (state == KV_SCAN_DONE || state == KV_SCAN_STORED) &&
           kv_estate_unlisted(kv_session_estate(session), KV_NONE) == KV_NONE;
}

/* Without the network nobody has said which it is. */
static const char *cloud_or_null(const struct kv_session *session)
{
    const char *cloud = kv_session_cloud(session);

    return *cloud ? cloud : NULL;
}

struct kv_report_input command_report_input(const struct kv_session *session)
{
    return (struct kv_report_input){
        .estate = kv_session_estate(session),
        .posture = kv_session_posture(session),
        .scan = kv_session_scan(session),
        .cloud = cloud_or_null(session),
        .now_s = kv_session_now(session),
        .policy = kv_session_policy(session),
        .session = session,
        .width_cells = command_width_of_stdout(),
    };
}

bool command_wants_json(const struct options *options)
{
    return options->format && strcmp(options->format, "json") == 0;
}

/* Whether there is something to report, having said why not. */
static int check_read(const struct kv_session *session)
{
    const struct kv_sign_in *sign_in = kv_session_sign_in(session);
    struct kv_error err;

    if (sign_in->state != KV_SIGN_IN_DONE) {
        kv_error_set(&err, KV_SIGN_IN, "not signed in: %s",
            sign_in->text ? sign_in->text : "no way to sign in was found");
        command_complain(&err);
        return EXIT_CODE_REACH;
    }
    if (kv_session_scan(session)->state == KV_SCAN_FAILED &&
        !kv_estate_resource_count(kv_session_estate(session))) {
        command_complain_of_session(session);
        return EXIT_CODE_REACH;
    }
    return EXIT_CODE_OK;
}

static int load(struct kv_session *session)
{
    struct kv_error err;

    kv_session_load(session);
    kv_session_judge(session);
    if (kv_session_scan(session)->state == KV_SCAN_STORED)
        return EXIT_CODE_OK;
    command_complain_of_session(session);
    kv_error_set(&err, KV_NOT_FOUND,
        "nothing is kept of an earlier scan of this cloud; run kvgov scan "
        "first, or leave --offline out");
    command_complain(&err);
    return EXIT_CODE_REACH;
}

static int read_estate(struct kv_session *session)
{
    int signal_fd = signals_open();
    int number;

    kv_session_start(session);
    number = command_until(session, signal_fd, ended, session);
    if (signal_fd >= 0)
        close(signal_fd);
    return number ? 128 + number : check_read(session);
}

static int with_estate(
    const struct options *options, struct trace *trace, command_use_fn *use)
{
    struct kv_session_options session_options =
        command_session_options(options);
    struct kv_session *session = NULL;
    struct kv_error err = { 0 };
    int code;

    session_options.no_device_code = true;
    trace_attach(trace, &session_options);
    if (kv_session_open(&session, &session_options, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    configuration_complain(options->config);
    code = options->offline ? load(session) : read_estate(session);
    if (code == EXIT_CODE_OK)
        code = use(session, options);
    kv_session_close(session);
    return code;
}

int command_with_estate(const struct options *options, command_use_fn *use)
{
    struct trace *trace = NULL;
    struct kv_error err = { 0 };
    int code;

    if (trace_open(&trace, options->trace, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    code = with_estate(options, trace, use);
    trace_close(trace);
    return code;
}

/* ---- the others ---- */

int command_schema(void)
{
    struct buf out = { .limit = REPORT_BYTES };

    kv_report_schema(&out);
    return command_write_out(&out);
}

int command_catalogue(const struct options *options)
{
    struct buf out = { .limit = REPORT_BYTES };

    if (options->format && strcmp(options->format, "table") == 0)
        kv_report_catalogue_table(&out, command_width_of_stdout());
    else
        kv_report_catalogue_json(&out);
    return command_write_out(&out);
}

/* The journal that the other commands would write to; empty for the default. */
static void put_journal_path(struct buf *path, const struct options *options)
{
    if (options->operands[0])
        buf_puts(path, options->operands[0]);
    else if (options->state_dir)
        buf_putf(path, "%s/journal.db", options->state_dir);
}

static int print_check(
    const struct kv_journal_check *check, const struct options *options)
{
    struct buf out = { .limit = REPORT_BYTES };

    if (command_wants_json(options))
        kv_report_journal_check_json(&out, check);
    else if (!check->broken_at)
        buf_putf(&out, "%lld records, chain intact, %lld without an outcome\n",
            (long long)check->records, (long long)check->open);
    return command_write_out(&out);
}

static int report_journal(
    const struct kv_journal_check *check, const struct options *options)
{
    int code = print_check(check, options);

    if (check->broken_at) {
        fprintf(stderr,
            "kvgov: the journal's chain is broken at record %lld of %lld: "
            "it, or one before it, was changed or taken away; keep the file "
            "and find out who could write to it\n",
            (long long)check->broken_at, (long long)check->records);
        return EXIT_CODE_INCOMPLETE;
    }
    return code;
}

int command_journal_verify(const struct options *options)
{
    struct kv_journal_check check = { 0 };
    struct kv_error err = { 0 };
    struct buf path = { .limit = 4096 };
    enum kv_status status = KV_OK;

    put_journal_path(&path, options);
    if (options->operands[0] && access(options->operands[0], R_OK) != 0)
        status = kv_error_set(&err, KV_BAD_INPUT,
            "%s cannot be read: %s; name a journal's file",
            options->operands[0], strerror(errno));
    if (status == KV_OK)
        status =
            kv_journal_verify(path.size ? buf_text(&path) : NULL, &check, &err);
    buf_done(&path);
    if (status == KV_OK)
        return report_journal(&check, options);
    command_complain(&err);
    return EXIT_CODE_USAGE;
}

int command_journal_show(const struct options *options)
{
    struct kv_session_options session_options =
        command_session_options(options);
    struct buf out = { .limit = REPORT_BYTES };
    struct kv_session *session = NULL;
    struct kv_error err = { 0 };

    session_options.no_store = true;
    session_options.read_only = true;
    if (kv_session_open(&session, &session_options, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    if (options->format && strcmp(options->format, "ndjson") == 0)
        kv_report_journal_ndjson(&out, session);
    else
        kv_report_journal_table(&out, session, command_width_of_stdout());
    kv_session_close(session);
    return command_write_out(&out);
}
