/* kvgov list, show, who-can and reachable: what there is, line by line. */
#include "command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kvgov/report.h"
#include "signals.h"

#define REPORT_BYTES ((size_t)1 << 30)
#define GAPS_BYTES ((size_t)1 << 20)

/* What the commands have in common: which report is put, of what. */
struct answering {
    struct kv_session *session;
    const struct options *options;
    struct kv_asked asked;
    struct buf gaps;
    struct kv_question question;
    enum kv_list list;
};
typedef bool put_fn(struct buf *out, const struct kv_report_input *input,
    const struct answering *answering);

static int fail(const struct kv_error *err)
{
    command_complain(err);
    return EXIT_CODE_USAGE;
}

/* ---- one vault or HSM ---- */

static int find_resource(struct answering *answering, const char *name)
{
    const struct kv_estate *estate = kv_session_estate(answering->session);
    uint32_t resource = kv_estate_find(estate, name);
    struct kv_error err;

    if (resource == KV_NONE)
        resource = kv_estate_find_name(estate, name);
    answering->asked.resource = resource;
    if (resource != KV_NONE && !kv_estate_resource(estate, resource)->gone)
        return EXIT_CODE_OK;
    kv_error_set(&err, KV_NOT_FOUND,
        "no vault or managed HSM that could be read is called %s; kvgov list "
        "protection shows them all",
        name);
    return fail(&err);
}

static bool is_idle(void *context)
{
    return kv_session_idle(context);
}

/* Reads inside the one that is asked for. */
static int look(struct answering *answering)
{
    int signal_fd;
    int number;

    if (answering->options->offline)
        return EXIT_CODE_OK;
    signal_fd = signals_open();
    kv_session_look(answering->session, answering->asked.resource);
    number = command_until(
        answering->session, signal_fd, is_idle, answering->session);
    if (signal_fd >= 0)
        close(signal_fd);
    return number ? 128 + number : EXIT_CODE_OK;
}

/* Inside all, or when one is named inside that one alone. */
static void look_inside(struct options *options, bool wanted, const char *name)
{
    options->deep = wanted && !name;
    options->look = wanted && name;
}

/* ---- printing ---- */

/* JSON has them in it. */
static void say_gaps(const struct answering *answering)
{
    struct view rest = buf_view(&answering->gaps);

    while (rest.size > 0 && !answering->asked.json) {
        struct view line = view_cut(&rest, '\n');

        fprintf(stderr, "kvgov: %.*s\n", (int)line.size, line.data);
    }
}

static int print(struct answering *answering, put_fn *put)
{
    struct kv_report_input input = command_report_input(answering->session);
    struct buf out = { .limit = REPORT_BYTES };
    bool complete;
    int code;

    complete = put(&out, &input, answering);
    if (out.size == 0 && isatty(STDERR_FILENO))
        fputs("kvgov: there is nothing of that kind\n", stderr);
    code = command_write_out(&out);
    say_gaps(answering);
    if (code != EXIT_CODE_OK || complete)
        return code;
    return EXIT_CODE_INCOMPLETE;
}

static struct answering answering_new(
    struct kv_session *session, const struct options *options)
{
    return (struct answering){
        .session = session,
        .options = options,
        .asked.resource = KV_NONE,
        .asked.subscription = options->subscription,
        .asked.json = command_wants_json(options),
        .gaps.limit = GAPS_BYTES,
    };
}

/* ---- list ---- */

static bool find_list(enum kv_list *out, const char *name)
{
    for (int i = 0; name && i < KV_LIST_COUNT; i++)
        if (strcmp(name, kv_list_name((enum kv_list)i)) == 0) {
            *out = (enum kv_list)i;
            return true;
        }
    return false;
}

static bool put_list(struct buf *out, const struct kv_report_input *input,
    const struct answering *answering)
{
    return kv_report_list(out, input, answering->list, &answering->asked);
}

static int use_list(struct kv_session *session, const struct options *options)
{
    struct answering answering = answering_new(session, options);
    int code = EXIT_CODE_OK;

    answering.asked.gaps = &answering.gaps;
    (void)find_list(&answering.list, options->operands[0]);
    if (options->operands[1])
        code = find_resource(&answering, options->operands[1]);
    if (code == EXIT_CODE_OK && options->look)
        code = look(&answering);
    if (code == EXIT_CODE_OK)
        code = print(&answering, put_list);
    buf_done(&answering.gaps);
    return code;
}

int command_list(const struct options *options)
{
    struct options wanted = *options;
    enum kv_list list = KV_LIST_VAULTS;
    struct kv_error err;

    if (!find_list(&list, options->operands[0])) {
        kv_error_set(&err, KV_BAD_INPUT,
            "kvgov list needs one of vaults, hsms, assignments, principals, "
            "network, protection and objects%s%s",
            options->operands[0] ? ", not " : "",
            options->operands[0] ? options->operands[0] : "");
        return fail(&err);
    }
    look_inside(&wanted, options->deep || list == KV_LIST_OBJECTS,
        options->operands[1]);
    return command_with_estate(&wanted, use_list);
}

/* ---- of one vault or HSM ---- */

static bool put_resource(struct buf *out, const struct kv_report_input *input,
    const struct answering *answering)
{
    return kv_report_resource(out, input, &answering->asked);
}

static bool put_reachable(struct buf *out, const struct kv_report_input *input,
    const struct answering *answering)
{
    return kv_report_reachable(out, input, &answering->asked);
}

static int use_one(
    struct kv_session *session, const struct options *options, put_fn *put)
{
    struct answering answering = answering_new(session, options);
    int code;

    answering.asked.gaps = &answering.gaps;
    code = find_resource(&answering, options->operands[0]);
    if (code == EXIT_CODE_OK && options->look)
        code = look(&answering);
    if (code == EXIT_CODE_OK)
        code = print(&answering, put);
    buf_done(&answering.gaps);
    return code;
}

static int use_show(struct kv_session *session, const struct options *options)
{
    return use_one(session, options, put_resource);
}

static int use_reachable(
    struct kv_session *session, const struct options *options)
{
    return use_one(session, options, put_reachable);
}

static int with_one(
    const struct options *options, const char *usage, command_use_fn *use)
{
    struct options wanted = *options;
    struct kv_error err;

    look_inside(&wanted, options->deep, options->operands[0]);
    if (options->operands[0])
        return command_with_estate(&wanted, use);
    kv_error_set(&err, KV_BAD_INPUT,
        "say %s; kvgov list protection shows the names", usage);
    return fail(&err);
}

int command_show(const struct options *options)
{
    return with_one(options, "kvgov show NAME", use_show);
}

int command_reachable(const struct options *options)
{
    return with_one(options, "kvgov reachable NAME", use_reachable);
}

/* ---- who-can ---- */

static bool put_who_can(struct buf *out, const struct kv_report_input *input,
    const struct answering *answering)
{
    return kv_report_who_can(out, input, &answering->asked,
        answering->options->operands[0], &answering->question);
}

static int ask(struct answering *answering)
{
    const struct kv_estate *estate = kv_session_estate(answering->session);
    struct kv_error err;
    int code = find_resource(answering, answering->options->operands[1]);

    if (code != EXIT_CODE_OK)
        return code;
    if (kv_question_parse(&answering->question,
            kv_estate_resource(estate, answering->asked.resource)->kind,
            answering->options->operands[0], &err) != KV_OK)
        return fail(&err);
    if (answering->question.local) /* known by looking into the HSM only */
        code = look(answering);
    return code == EXIT_CODE_OK ? print(answering, put_who_can) : code;
}

static int use_who_can(
    struct kv_session *session, const struct options *options)
{
    struct answering answering = answering_new(session, options);
    int code;

    answering.asked.gaps = &answering.gaps;
    code = ask(&answering);
    buf_done(&answering.gaps);
    return code;
}

int command_who_can(const struct options *options)
{
    struct buf out = { .limit = REPORT_BYTES };
    struct kv_question question;
    struct kv_error err;

    if (options->list) {
        kv_report_askable(
            &out, command_width_of_stdout(), command_wants_json(options));
        return command_write_out(&out);
    }
    if (!options->operands[1]) {
        kv_error_set(&err, KV_BAD_INPUT,
            "say kvgov who-can ACTION NAME, such as kvgov who-can get-secret "
            "kv-contoso; kvgov who-can --list shows the actions");
        return fail(&err);
    }
    /* What means nothing anywhere needs no reading to be refused. */
    if (kv_question_parse(&question, KV_KIND_HSM, options->operands[0], &err) !=
            KV_OK &&
        kv_question_parse(
            &question, KV_KIND_VAULT, options->operands[0], &err) != KV_OK)
        return fail(&err);
    return command_with_estate(options, use_who_can);
}
