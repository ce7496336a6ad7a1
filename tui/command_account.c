/* kvgov whoami, login and logout. Tokens live in memory alone, so that login
 * can only try and logout can only remove what was read. */
#include "command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "configuration.h"
#include "kvgov/report.h"
#include "signals.h"
#include "trace.h"

#define REPORT_BYTES ((size_t)1 << 20)

struct signing {
    struct kv_session *session;
    bool may_ask; /* a person, by device code */
    bool asked;
    bool told;
};

/* ---- waiting ---- */

static void tell_code(struct signing *signing, const struct kv_sign_in *sign_in)
{
    struct buf text = { .limit = 4096 };

    if (signing->told)
        return;
    signing->told = true;
    buf_puts(&text, "kvgov: open ");
    buf_put_visible(&text, view_of(sign_in->verification_uri), false);
    buf_puts(&text, " in any browser and enter the code ");
    buf_put_visible(&text, view_of(sign_in->user_code), false);
    fprintf(stderr, "%s\n", buf_text(&text));
    buf_done(&text);
}

static bool has_ended(void *context)
{
    struct signing *signing = context;
    const struct kv_sign_in *sign_in = kv_session_sign_in(signing->session);

    switch (sign_in->state) {
    case KV_SIGN_IN_STARTING:
        return false;
    case KV_SIGN_IN_NEEDED:
        if (!signing->may_ask || signing->asked)
            return true;
        signing->asked = true;
        kv_session_device_code(signing->session);
        return false;
    case KV_SIGN_IN_DEVICE:
        tell_code(signing, sign_in);
        return false;
    case KV_SIGN_IN_DONE:
    case KV_SIGN_IN_FAILED:
        break;
    }
    return true;
}

static int wait_for_sign_in(struct signing *signing)
{
    int signal_fd = signals_open();
    int number;

    kv_session_start(signing->session);
    number = command_until(signing->session, signal_fd, has_ended, signing);
    if (signal_fd >= 0)
        close(signal_fd);
    return number;
}

/* ---- saying who ---- */

static int fail(const struct kv_sign_in *sign_in)
{
    struct kv_error err;

    kv_error_set(&err, KV_SIGN_IN, "not signed in: %s",
        sign_in->text && *sign_in->text ? sign_in->text
                                        : "no way to sign in was found");
    command_complain(&err);
    return EXIT_CODE_REACH;
}

static int print_account(
    const struct kv_session *session, const struct options *options)
{
    struct buf out = { .limit = REPORT_BYTES };

    kv_report_account(&out, session, command_wants_json(options));
    return command_write_out(&out);
}

/* Which sign-in lasts is another program's business. */
static void say_how_long(const struct signing *signing)
{
    fputs(signing->told
              ? "kvgov: this sign-in ended with this command, for kvgov keeps "
                "no token; each kvgov asks for a code again, unless az login "
                "gives the machine a sign-in that lasts\n"
              : "kvgov: it works; kvgov keeps no token and signs in like this "
                "whenever it runs\n",
        stderr);
}

static int sign_in(
    const struct options *options, struct trace *trace, bool may_ask)
{
    struct kv_session_options session_options =
        command_session_options(options);
    struct signing signing = { .may_ask = may_ask };
    struct kv_error err = { 0 };
    int number;
    int code;

    session_options.no_files = true;
    session_options.no_scan = true;
    session_options.no_device_code = !may_ask;
    trace_attach(trace, &session_options);
    if (kv_session_open(&signing.session, &session_options, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    configuration_complain(options->config);
    number = wait_for_sign_in(&signing);
    if (number)
        code = 128 + number;
    else if (kv_session_sign_in(signing.session)->state != KV_SIGN_IN_DONE)
        code = fail(kv_session_sign_in(signing.session));
    else
        code = print_account(signing.session, options);
    if (code == EXIT_CODE_OK && may_ask)
        say_how_long(&signing);
    kv_session_close(signing.session);
    return code;
}

static int sign_in_traced(const struct options *options, bool may_ask)
{
    struct trace *trace = NULL;
    struct kv_error err = { 0 };
    int code;

    if (trace_open(&trace, options->trace, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    code = sign_in(options, trace, may_ask);
    trace_close(trace);
    return code;
}

int command_whoami(const struct options *options)
{
    return sign_in_traced(options, false);
}

int command_login(const struct options *options)
{
    return sign_in_traced(options, true);
}
