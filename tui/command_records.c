/* kvgov attest and kvgov except: what people decide, from the command line. */
#include "command.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "kvgov/report.h"
#include "option_rows.h"

#define REPORT_BYTES ((size_t)64 << 20)

/* What the two commands have in common: which calls they make. */
struct decision {
    enum kv_status (*keep)(struct kv_session *session,
        const struct options *options, const char *subject,
        struct kv_error *err);
    enum kv_status (*forget)(struct kv_session *session, const char *row,
        const char *subject, struct kv_error *err);
    void (*list)(struct buf *out, const struct kv_records *records,
        int64_t now_s, uint32_t width_cells);
    size_t needs; /* in struct options: the text that it cannot be without */
    const char *wants; /* the options that it takes */
};

static enum kv_status keep_attestation(struct kv_session *session,
    const struct options *options, const char *subject, struct kv_error *err)
{
    struct kv_attestation attestation = {
        .row = options->operands[0],
        .subject = subject,
        .pass = strcmp(options->answer, "pass") == 0,
        .note = options->note,
        .name = options->name,
        .until_s = options->until ? kv_until_parse(options->until) : 0,
    };

    return kv_session_attest(session, &attestation, err);
}

static enum kv_status keep_exception(struct kv_session *session,
    const struct options *options, const char *scope, struct kv_error *err)
{
    struct kv_exception exception = {
        .row = options->operands[0],
        .scope = scope,
        .reason = options->reason,
        .owner = options->owner,
        .until_s = kv_until_parse(options->until),
    };

    return kv_session_except(session, &exception, err);
}

static const struct decision attestations = {
    .keep = keep_attestation,
    .forget = kv_session_forget_attestation,
    .list = kv_report_attestations_table,
    .needs = offsetof(struct options, answer),
    .wants = "kvgov attest ROW SUBJECT --answer pass|fail --note TEXT --name "
             "TEXT [--until DATE], kvgov attest ROW SUBJECT --remove, or kvgov "
             "attest --list",
};

static const struct decision exceptions = {
    .keep = keep_exception,
    .forget = kv_session_forget_exception,
    .list = kv_report_exceptions_table,
    .needs = offsetof(struct options, until),
    .wants = "kvgov except ROW SCOPE --reason TEXT --owner TEXT --until DATE, "
             "kvgov except ROW SCOPE --remove, or kvgov except --list",
};

static int list(const struct kv_session *session, const struct options *options,
    const struct decision *decision)
{
    const struct kv_records *records = kv_session_records(session);
    struct buf out = { .limit = REPORT_BYTES };

    if (command_wants_json(options))
        kv_report_records_json(&out, records, kv_session_now(session));
    else
        decision->list(
            &out, records, kv_session_now(session), command_width_of_stdout());
    return command_write_out(&out);
}

static int exit_code_of(enum kv_status status, const struct kv_error *err)
{
    if (status == KV_OK)
        return EXIT_CODE_OK;
    command_complain(err);
    return status == KV_STORE ? EXIT_CODE_INTERNAL : EXIT_CODE_USAGE;
}

static int change(struct kv_session *session, const struct options *options,
    const struct decision *decision)
{
    struct buf subject = { .limit = 4096 };
    struct kv_error err = { 0 };
    enum kv_status status =
        kv_session_find_subject(session, options->operands[1], &subject, &err);

    if (status == KV_OK && options->remove)
        status = decision->forget(
            session, options->operands[0], buf_text(&subject), &err);
    else if (status == KV_OK)
        status = decision->keep(session, options, buf_text(&subject), &err);
    buf_done(&subject);
    if (status == KV_OK && command_wants_json(options))
        return list(session, options, decision);
    return exit_code_of(status, &err);
}

/* What is wrong with it whatever was read. */
static enum kv_status check(const struct options *options,
    const struct decision *decision, struct kv_error *err)
{
    const char *needed;

    memcpy(&needed, (const char *)options + decision->needs, sizeof needed);
    if (options->list)
        return KV_OK;
    if (!options->operands[1] || (!options->remove && !needed))
        return kv_error_set(err, KV_BAD_INPUT, "say %s", decision->wants);
    return check_row(options->operands[0], err);
}

static int run(const struct options *options, const struct decision *decision)
{
    struct kv_session_options session_options =
        command_session_options(options);
    struct kv_session *session = NULL;
    struct kv_error err = { 0 };
    int code;

    if (check(options, decision, &err) != KV_OK)
        return exit_code_of(err.status, &err);
    if (kv_session_open(&session, &session_options, &err) != KV_OK)
        return exit_code_of(KV_BAD_CONFIG, &err);
    kv_session_load(session);
    code = options->list ? list(session, options, decision)
                         : change(session, options, decision);
    command_complain_of_session(session);
    kv_session_close(session);
    return code;
}

int command_attest(const struct options *options)
{
    return run(options, &attestations);
}

int command_except(const struct options *options)
{
    return run(options, &exceptions);
}
