/* The command line. */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Where an option's value goes; without an argument it is a bool. */
struct option_row {
    const char *name;
    const char *argument; /* NULL: a switch; "[=NAME]": may be left out */
    const char *help;
    size_t offset; /* in struct options */
};

#define TO(member) offsetof(struct options, member)

/* In the order of help. */
static const struct option_row option_rows[] = {
    { "demo", NULL, "a simulated cloud on this machine, and kvgov on it",
        TO(demo) },
    { "estate", "FILE", "what exists in the simulated cloud", TO(estate) },
    { "cloud", "NAME", "public, usgov or china", TO(cloud) },
    { "arm-endpoint", "URL",
        "another cloud's Resource Manager (KVGOV_ARM_ENDPOINT)",
        TO(arm_endpoint) },
    { "auth", "NAME",
        "sign in this way only: environment, workload-identity,\n"
        "                           managed-identity, azure-cli or device-code",
        TO(auth) },
    { "tenant", "ID", "tenant to sign in to (AZURE_TENANT_ID)", TO(tenant) },
    { "subscription", "ID", "only this one, by id or name", TO(subscription) },
    { "deep", NULL, "also read inside every vault and HSM: objects, logs",
        TO(deep) },
    { "read-only", NULL, "no write mode can be switched on", TO(read_only) },
    { "state-dir", "DIR",
        "journal and last estate (KVGOV_STATE, else "
        "$XDG_STATE_HOME/kvgov)",
        TO(state_dir) },
    { "baseline", "NAME", "judge by: current, seeds, 2019, 2020-hsm or 2025",
        TO(baseline) },
    { "answer", "WORD", "attest: pass or fail", TO(answer) },
    { "note", "TEXT", "attest: how it is known", TO(note) },
    { "name", "TEXT", "attest: who says so", TO(name) },
    { "reason", "TEXT", "except: why it is accepted", TO(reason) },
    { "owner", "TEXT", "except: who answers for it", TO(owner) },
    { "until", "DATE", "attest, except: the last day", TO(until) },
    { "from", "SCAN", "diff: a scan's number or a date", TO(from) },
    { "to", "SCAN", "diff: likewise; without it the last scan", TO(to) },
    { "list", NULL, "attest, except, diff: show what there is", TO(list) },
    { "remove", NULL, "attest, except: take it away", TO(remove) },
    { "check", NULL, "config: say what is wrong in its files", TO(check) },
    { "print", NULL, "config: every value, and where it is from", TO(print) },
    { "format", "NAME", "table or json, where a command has both", TO(format) },
    { "theme", "NAME", "colours: default, mono, or a file in themes/",
        TO(theme) },
    { "no-color", NULL, "no colours (also NO_COLOR)", TO(no_colour) },
    { "term", "NAME", "instead of $TERM", TO(term) },
    { "script", "FILE", "keys from a file, without a terminal", TO(script) },
    { "dump", NULL, "with --script: print the last screen as text", TO(dump) },
    { "trace-requests", "[=FILE]", "a line for each request, to stderr or FILE",
        TO(trace) },
    { "help", NULL, "this text", TO(help) },
    { "version", NULL, "the version", TO(version) },
};
#define OPTION_COUNT (sizeof(option_rows) / sizeof *(option_rows))

static bool is_optional(const struct option_row *row)
{
    return row->argument && row->argument[0] == '[';
}

struct command_row {
    enum command command;
    const char *words[2]; /* the second may be NULL */
    const char *argument; /* as help shows it */
    size_t operands;      /* at most */
    const char *formats;  /* NULL: no --format */
    const char *help;
};

static const struct command_row command_rows[] = {
    { COMMAND_CONSOLE, { NULL, NULL }, "", 0, NULL,
        "the console; without a terminal, scan" },
    { COMMAND_SCAN, { "scan", NULL }, "", 0, "table json",
        "read, judge, print the posture" },
    { COMMAND_CATALOGUE, { "catalogue", NULL }, "", 0, "json",
        "print what is recommended" },
    { COMMAND_JOURNAL_VERIFY, { "journal", "verify" }, " [FILE]", 1, NULL,
        "check the journal's chain" },
    { COMMAND_CONFIG, { "config", NULL }, "", 0, NULL,
        "with --check or --print: the configuration" },
    { COMMAND_DOCTOR, { "doctor", NULL }, "", 0, "table json",
        "check terminal, files, sign-in, hosts and rights" },
    { COMMAND_ATTEST, { "attest", NULL }, " ROW SUBJECT", 2, "table json",
        "answer what no API tells; --list shows all" },
    { COMMAND_EXCEPT, { "except", NULL }, " ROW SCOPE", 2, "table json",
        "accept a deviation until a date; --list" },
    { COMMAND_DIFF, { "diff", NULL }, "", 0, "table json",
        "what changed between two scans; --list" },
};
#define COMMAND_COUNT (sizeof(command_rows) / sizeof *(command_rows))

struct text_row {
    const char *name;
    const char *help;
};

static const struct text_row exit_rows[] = {
    { "0", "done, whatever the findings" },
    { "1", "doctor found a problem" },
    { "2", "the command line is wrong, or no usable terminal" },
    { "3", "not signed in, or Azure could not be reached" },
    { "4", "the inventory is incomplete: a part could not be read" },
    { "70", "an error of kvgov itself" },
};
#define EXIT_COUNT (sizeof(exit_rows) / sizeof *(exit_rows))

/* ---- help ---- */

static void put_row(struct buf *out, const char *name, const char *help)
{
    buf_putf(out, "  %-24s %s\n", name, help);
}

static void put_commands(struct buf *out)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command_row *row = &command_rows[i];
        struct buf name = { .limit = 128 };

        buf_puts(&name, "kvgov");
        for (size_t word = 0; word < 2 && row->words[word]; word++)
            buf_putf(&name, " %s", row->words[word]);
        buf_puts(&name, row->argument);
        put_row(out, buf_text(&name), row->help);
        buf_done(&name);
    }
}

static void put_options(struct buf *out)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        struct buf name = { .limit = 64 };

        buf_putf(&name, "--%s", option_rows[i].name);
        if (option_rows[i].argument)
            buf_putf(&name, "%s%s", is_optional(&option_rows[i]) ? "" : " ",
                option_rows[i].argument);
        put_row(out, buf_text(&name), option_rows[i].help);
        buf_done(&name);
    }
}

void options_put_help(struct buf *out)
{
    buf_puts(out, "usage: kvgov [COMMAND] [OPTION]...\n\n"
                  "See every Azure Key Vault and Managed HSM, how far it is "
                  "from Microsoft's\nrecommendations and why, and put it "
                  "right.\n\ncommands\n");
    put_commands(out);
    buf_puts(out, "\noptions\n");
    put_options(out);
    buf_puts(out, "\nexit codes\n");
    for (size_t i = 0; i < EXIT_COUNT; i++)
        put_row(out, exit_rows[i].name, exit_rows[i].help);
    buf_puts(out,
        "\nSign-in, in this order: AZURE_CLIENT_ID and AZURE_TENANT_ID with "
        "AZURE_CLIENT_SECRET,\nAZURE_CLIENT_CERTIFICATE_PATH or "
        "AZURE_FEDERATED_TOKEN_FILE; the machine's managed\nidentity; Azure "
        "CLI. Else the console offers a device code. --auth and\n"
        "AZURE_TOKEN_CREDENTIALS also take Microsoft's names of credentials."
        "\n");
}

/* ---- parsing ---- */

static void set(struct options *options, const struct option_row *row)
{
    char *member = (char *)options + row->offset;
    bool on = true;
    const char *value = optarg ? optarg : "";

    if (row->argument)
        memcpy(member, &value, sizeof(value));
    else
        memcpy(member, &on, sizeof(on));
}

/* getopt_long() wants its own table; values are row numbers from 1. */
static void fill(struct option rows[OPTION_COUNT + 1])
{
    memset(rows, 0, (OPTION_COUNT + 1) * sizeof(*rows));
    for (size_t i = 0; i < OPTION_COUNT; i++)
        rows[i] = (struct option){
            .name = option_rows[i].name,
            .has_arg = !option_rows[i].argument       ? no_argument
                       : is_optional(&option_rows[i]) ? optional_argument
                                                      : required_argument,
            .val = (int)i + 1,
        };
}

static bool has_word(const char *words, const char *word)
{
    struct view rest = view_of(words);

    while (rest.size)
        if (view_equal(view_cut(&rest, ' '), view_of(word)))
            return true;
    return false;
}

static size_t matches(const struct command_row *row, int count, char **words)
{
    size_t used = 0;

    while (used < 2 && row->words[used]) {
        if ((int)used >= count || strcmp(words[used], row->words[used]) != 0)
            return 0;
        used++;
    }
    return used;
}

static enum kv_status take_command(
    struct options *options, int count, char **words, struct kv_error *err)
{
    const struct command_row *found = &command_rows[0];
    size_t used = 0;

    for (size_t i = 1; i < COMMAND_COUNT && !used; i++) {
        used = matches(&command_rows[i], count, words);
        if (used)
            found = &command_rows[i];
    }
    options->command = found->command;
    for (size_t i = 0; i < found->operands && (int)used < count; i++)
        options->operands[i] = words[used++];
    if ((int)used < count)
        return kv_error_set(err, KV_BAD_INPUT,
            "\"%s\" is not a command here; kvgov --help lists them",
            words[used]);
    if (options->format &&
        (!found->formats || !has_word(found->formats, options->format)))
        return kv_error_set(err, KV_BAD_INPUT,
            "--format %s does not go with this command; it knows: %s",
            options->format, found->formats ? found->formats : "none");
    return KV_OK;
}

static const char *from_environment(const char *value, const char *name)
{
    const char *text = getenv(name);

    return value || !text || !*text ? value : text;
}

static void take_environment(struct options *options)
{
    const char *no_colour = getenv("NO_COLOR");

    if (!options->cloud) /* what was typed is meant */
        options->arm_endpoint =
            from_environment(options->arm_endpoint, "KVGOV_ARM_ENDPOINT");
    options->state_dir = from_environment(options->state_dir, "KVGOV_STATE");
    options->no_colour = options->no_colour || (no_colour && *no_colour);
}

enum kv_status options_parse(
    struct options *out, int argc, char **argv, struct kv_error *err)
{
    struct options options = { 0 };
    struct option rows[OPTION_COUNT + 1];
    enum kv_status status;
    int value;

    fill(rows);
    opterr = 0;
    while ((value = getopt_long(argc, argv, ":", rows, NULL)) != -1) {
        if (value == '?' || value == ':')
            return kv_error_set(err, KV_BAD_INPUT,
                "%s %s; kvgov --help "
                "lists the options",
                argv[optind - 1],
                value == ':' ? "needs a value" : "is not an option");
        set(&options, &option_rows[value - 1]);
    }
    status = take_command(&options, argc - optind, argv + optind, err);
    if (status != KV_OK)
        return status;
    if (options.dump && !options.script)
        return kv_error_set(err, KV_BAD_INPUT,
            "--dump prints the screen that --script FILE leads to; give both");
    if (options.estate && !options.demo)
        return kv_error_set(err, KV_BAD_INPUT,
            "--estate is what the simulated cloud of --demo holds; give both");
    take_environment(&options);
    *out = options;
    return KV_OK;
}
