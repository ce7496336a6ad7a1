/* Signing in as whoever is signed in to the Azure CLI. Its token cache is its
 * own business; `az account get-access-token` is its promise. */
#include "way.h"

#include "child.h"
#include "cloud.h"
#include "errors.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define LIMIT_MS 30000 /* az alone needs a second or two to start */
#define REAP_MS 20     /* between the end of its output and its own */
#define REASON_LIMIT 160
#define NO_COLOR "AZURE_CORE_NO_COLOR=true"

struct cli {
    struct way way;
    struct child child;
    bool running;
    bool silent; /* its output has ended */
    int64_t end_ms;
};

static struct way *cli_open(void)
{
    struct cli *cli = mem_alloc(sizeof *cli);

    cli->way.ops = &way_cli;
    return &cli->way;
}

static bool cli_applies(struct way *way, struct buf *missing)
{
    char *program;

    if (cloud_is_simulated(way->port.cloud)) {
        buf_puts(missing, "The Azure CLI was not asked: it knows no cloud on "
                          "this machine.");
        return false;
    }
    program = child_find(way_getenv(way, "PATH"), "az");
    if (!program)
        buf_puts(missing, "The Azure CLI is not installed.");
    mem_free(program);
    return program != NULL;
}

/* ---- starting ---- */

/* Borrows every entry; the caller frees the array. */
static char **environment_with(char **from, char *entry)
{
    size_t count = 0;
    char **environment;

    while (from && from[count])
        count++;
    environment = mem_alloc((count + 2) * sizeof *environment);
    if (count > 0)
        memcpy(environment, from, count * sizeof *environment);
    environment[count] = entry;
    return environment;
}

static enum kv_status cli_start(struct cli *cli, struct kv_error *err)
{
    char no_color[] = NO_COLOR;
    char *program = child_find(way_getenv(&cli->way, "PATH"), "az");
    char **environment = environment_with(cli->way.port.environment, no_color);
    const char *tenant = cli->way.port.tenant;
    const char *const argv[] = {
        program,
        "account",
        "get-access-token",
        "--output",
        "json",
        "--resource",
        cli->way.wish.audience,
        tenant ? "--tenant" : NULL,
        tenant,
        NULL,
    };
    enum kv_status status;

    if (program)
        status =
            child_start(&cli->child, (char *const *)argv, environment, err);
    else
        status =
            kv_error_set(err, KV_SIGN_IN, "the Azure CLI is not installed");
    mem_free(environment);
    mem_free(program);
    return status;
}

static void cli_ask(struct way *way)
{
    struct cli *cli = (struct cli *)way;
    struct kv_error err = { 0 };

    /* It proves more in a browser only, by 'az login --claims-challenge'. */
    if (way->wish.claims)
        kv_error_set(&err, KV_SIGN_IN,
            WAY_MORE_PROOF " The Azure CLI's sign-in does not give it");
    if (way->wish.claims || cli_start(cli, &err) != KV_OK) {
        way_fail(way, &err);
        return;
    }
    cli->running = true;
    cli->silent = false;
    cli->end_ms = clock_steady_ms() + LIMIT_MS;
}

static void cli_stop(struct way *way)
{
    struct cli *cli = (struct cli *)way;

    if (cli->running)
        child_done(&cli->child);
    cli->running = false;
}

static void cli_close(struct way *way)
{
    mem_free(way);
}

/* ---- its answer ---- */

/* The first line that is no warning, without "ERROR: ", up to the end of its
 * first sentence. */
static struct view first_sentence(struct view text)
{
    struct view line = { 0 };

    while (text.size > 0 && line.size == 0) {
        line = view_trim(view_cut(&text, '\n'));
        if (view_starts_nocase(line, view_of("WARNING:")))
            line.size = 0;
    }
    if (view_starts_nocase(line, view_of("ERROR:")))
        view_cut(&line, ':');
    line = view_trim(line);
    for (size_t i = 0; i + 1 < line.size; i++)
        if (line.data[i] == '.' && line.data[i + 1] == ' ')
            line.size = i;
    if (line.size > 0 && line.data[line.size - 1] == '.')
        line.size--;
    if (line.size > REASON_LIMIT)
        line.size = REASON_LIMIT;
    return line;
}

static void cli_explain(const struct cli *cli, int status, struct kv_error *err)
{
    struct buf errors = { .limit = CHILD_ERRORS_LIMIT };
    struct view sentence;
    const char *known;
    long number;

    child_put_errors(&cli->child, &errors);
    sentence = first_sentence(buf_view(&errors));
    number = refusal_find_number(buf_text(&errors));
    known = refusal_sentence(number);
    if (known)
        kv_error_set(err, KV_SIGN_IN,
            "the Azure CLI gave no token: %s "
            "(AADSTS%ld)",
            known, number);
    else if (sentence.size > 0)
        kv_error_set(err, KV_SIGN_IN, "the Azure CLI gave no token: %.*s",
            (int)sentence.size, sentence.data);
    else
        kv_error_set(err, KV_SIGN_IN,
            "the Azure CLI gave no token and no reason (status %d); try 'az "
            "account get-access-token'",
            WIFEXITED(status) ? WEXITSTATUS(status) : status);
    buf_done(&errors);
}

/* Where somebody else reaped the process its status is not known, and the
 * output alone decides. */
static enum kv_status cli_take(const struct cli *cli, int status,
    struct grant *grant, struct kv_error *err)
{
    if (cli->child.too_large)
        return kv_error_set(err, KV_SIGN_IN,
            "the Azure CLI printed more than a token; check 'az'");
    if (status != 0 && status != -1) {
        cli_explain(cli, status, err);
        return KV_SIGN_IN;
    }
    return grant_decode_cli(grant, child_output(&cli->child), err);
}

static void cli_finish(struct cli *cli, int status)
{
    struct grant grant = { 0 };
    struct kv_error err = { 0 };
    enum kv_status result = cli_take(cli, status, &grant, &err);

    cli_stop(&cli->way);
    cli->way.port.done(
        cli->way.port.context, result == KV_OK ? &grant : NULL, &err);
    grant_done(&grant);
}

static void cli_give_up(struct cli *cli)
{
    struct kv_error err = { 0 };

    kv_error_set(&err, KV_SIGN_IN,
        "the Azure CLI did not answer within %d s; try 'az account "
        "get-access-token'",
        LIMIT_MS / 1000);
    cli_stop(&cli->way);
    way_fail(&cli->way, &err);
}

static void cli_step(struct way *way)
{
    struct cli *cli = (struct cli *)way;
    int status = 0;

    if (!cli->running)
        return;
    cli->silent = !child_read(&cli->child);
    if (cli->child.too_large ||
        (cli->silent && child_ended(&cli->child, &status)))
        cli_finish(cli, status);
    else if (clock_steady_ms() >= cli->end_ms)
        cli_give_up(cli);
}

static int cli_fd(const struct way *way)
{
    const struct cli *cli = (const struct cli *)way;

    return cli->running ? cli->child.output : -1;
}

static int64_t cli_due_ms(const struct way *way)
{
    const struct cli *cli = (const struct cli *)way;

    if (!cli->running)
        return INT64_MAX;
    return cli->silent ? clock_steady_ms() + REAP_MS : cli->end_ms;
}

const struct way_ops way_cli = {
    .name = "Azure CLI",
    .personal = true,
    .open = cli_open,
    .close = cli_close,
    .applies = cli_applies,
    .ask = cli_ask,
    .stop = cli_stop,
    .fd = cli_fd,
    .due_ms = cli_due_ms,
    .step = cli_step,
};
