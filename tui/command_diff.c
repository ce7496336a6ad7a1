/* kvgov diff: what changed between two scans. */
#include "command.h"

#include "kvgov/report.h"

#define REPORT_BYTES ((size_t)1 << 30)

static enum kv_status put_diff(const struct kv_session *session,
    const struct options *options, struct buf *out, struct kv_error *err)
{
    struct kv_diff diff = { .from = options->from, .to = options->to };

    if (options->list) {
        if (command_wants_json(options))
            kv_report_scans_json(out, session);
        else
            kv_report_scans_table(out, session);
        return KV_OK;
    }
    return command_wants_json(options)
               ? kv_report_diff_json(out, session, &diff, err)
               : kv_report_diff_table(
                     out, session, &diff, command_width_of_stdout(), err);
}

int command_diff(const struct options *options)
{
    struct kv_session_options session_options =
        command_session_options(options);
    struct buf out = { .limit = REPORT_BYTES };
    struct kv_session *session = NULL;
    struct kv_error err = { 0 };
    int code = EXIT_CODE_USAGE;

    if (kv_session_open(&session, &session_options, &err) != KV_OK) {
        command_complain(&err);
        return EXIT_CODE_USAGE;
    }
    kv_session_load(session);
    if (put_diff(session, options, &out, &err) == KV_OK)
        code = command_write_out(&out);
    else
        command_complain(&err);
    command_complain_of_session(session);
    kv_session_close(session);
    buf_done(&out);
    return code;
}
