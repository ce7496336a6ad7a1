/* The command line: its tables, and help made of them. */
#include "option_rows.h"

#include <string.h>

#include "kvgov/report.h"

#define TO(member) offsetof(struct options, member)

/* In the order of help. */
const struct option_row option_rows[] = {
    { "demo", NULL, "a simulated cloud on this machine, and kvgov on it",
        TO(demo) },
    { "estate", "FILE", "what exists in the simulated cloud", TO(estate) },
    { "cloud", "public|usgov|china", "which of Microsoft's clouds", TO(cloud) },
    { "arm-endpoint", "URL",
        "another cloud's Resource Manager (KVGOV_ARM_ENDPOINT)",
        TO(arm_endpoint) },
    { "auth",
        "environment|workload-identity|managed-identity|azure-cli|device-code",
        "sign in this way only", TO(auth) },
    { "tenant", "ID", "tenant to sign in to (AZURE_TENANT_ID)", TO(tenant) },
    { "subscription", "ID", "only this one, by id or name", TO(subscription) },
    { "management-group", "NAME", "only what is below it, by the name in its id",
        TO(management_group) },
    { "resource", "NAME,...", "only these vaults and HSMs, by name or ARM id",
        TO(resources) },
    { "only", "ROW,...", "only these recommendations: NET-1, ACC-*", TO(only) },
    { "except", "ROW,...", "without these recommendations", TO(except) },
    { "deep", NULL, "also read inside every vault and HSM: objects, logs",
        TO(deep) },
    { "offline", NULL, "from what the last scan kept, without any request",
        TO(offline) },
    { "fail-on", "critical|high|medium|low|info",
        "end with 1 when one as bad or worse fails", TO(fail_on) },
    { "require-complete", NULL, "end with 4 when anything is unknown",
        TO(require_complete) },
    { "read-only", NULL, "no write mode can be switched on", TO(read_only) },
    { "state-dir", "DIR",
        "journal and last estate (KVGOV_STATE, else "
        "$XDG_STATE_HOME/kvgov)",
        TO(state_dir) },
    { "baseline", "current|seeds|2019|2020-hsm|2025",
        "judge by what was recommended then", TO(baseline) },
    { "answer", "pass|fail", "attest: what is true", TO(answer) },
    { "note", "TEXT", "attest: how it is known", TO(note) },
    { "name", "TEXT", "attest: who says so", TO(name) },
    { "reason", "TEXT", "except: why it is accepted", TO(reason) },
    { "owner", "TEXT", "except: who answers for it", TO(owner) },
    { "until", "DATE", "attest, except: the last day", TO(until) },
    { "from", "SCAN", "diff: a scan's number or a date", TO(from) },
    { "to", "SCAN", "diff: likewise; without it the last scan", TO(to) },
    { "row", "ROW", "plan, fix: the recommendation that is to pass", TO(row) },
    { "failing", NULL, "plan, fix: every resource that fails it", TO(failing) },
    { "set", "NAME=VALUE,...", "plan, fix: an option of the remedy", TO(set) },
    { "plan", "FILE", "fix: what kvgov plan --out wrote", TO(plan) },
    { "confirm", "HASH", "fix: of the file, 12 characters of it or more",
        TO(confirm) },
    { "undo", "ENTRY", "plan, fix: take a journal entry back", TO(undo) },
    { "list", NULL, "show what there is, and do nothing", TO(list) },
    { "remove", NULL, "attest, except: take it away", TO(remove) },
    { "check", NULL, "config: say what is wrong in its files", TO(check) },
    { "print", NULL, "config: every value, and where it is from", TO(print) },
    { "format", "NAME", "table or json, where a command has both; scan: below",
        TO(format) },
    { "out", "FILE", "into this file, which is replaced as a whole", TO(out) },
    { "theme", "NAME", "colours: default, mono, or a file in themes/",
        TO(theme) },
    { "check-theme", "NAME", "can this theme, or file, be read everywhere?",
        TO(check_theme) },
    { "no-color", NULL, "no colours (also NO_COLOR)", TO(no_colour) },
    { "term", "NAME", "instead of $TERM", TO(term) },
    { "plain", NULL, "no screen: lines, numbers, one question a line",
        TO(plain) },
    { "screen-reader", NULL, "nothing is drawn that was not asked for",
        TO(screen_reader) },
    { "mouse", NULL, "it chooses rows and tabs, and scrolls (:mouse)",
        TO(mouse) },
    { "mask", NULL, "pseudonyms instead of names, also in exports",
        TO(mask) },
    { "script", "FILE", "keys from a file, without a terminal", TO(script) },
    { "dump", NULL, "with --script: print the last screen as text", TO(dump) },
    { "print-keys", NULL, "every action and its keys, as a keys.ini",
        TO(print_keys) },
    { "trace-requests", "[=FILE]", "a line for each request, to stderr or FILE",
        TO(trace) },
    { "help", NULL, "this text", TO(help) },
    { "version", NULL, "the version", TO(version) },
};
const size_t option_count = sizeof(option_rows) / sizeof *(option_rows);
_Static_assert(sizeof(option_rows) / sizeof *(option_rows) < OPTIONS_MAX,
    "more options than OPTIONS_MAX");

bool option_is_optional(const struct option_row *row)
{
    return row->argument && row->argument[0] == '[';
}

bool option_is_repeated(const struct option_row *row)
{
    return row->argument && strstr(row->argument, ",...");
}

const struct command_row command_rows[] = {
    {
        .command = COMMAND_CONSOLE,
        .argument = "",
        .takes = "deep script dump plain screen-reader mask mouse",
        .help = "the console; without a terminal, scan",
    },
    {
        .command = COMMAND_SCAN,
        .words = { "scan" },
        .argument = "",
        .formats = "table json ndjson csv sarif junit markdown html ocsf",
        .takes = "deep offline only except resource management-group fail-on "
                 "require-complete out",
        .help = "read, judge, print the posture",
    },
    {
        .command = COMMAND_SCHEMA,
        .words = { "schema" },
        .argument = "",
        .help = "print the JSON schema of what scan writes",
    },
    {
        .command = COMMAND_LIST,
        .words = { "list" },
        .argument = " vaults|hsms|assignments|principals|network|protection|"
                    "objects [NAME]",
        .operands = 2,
        .formats = "table json",
        .takes = "deep offline",
        .help = "a line for each, of all or of one vault or HSM",
    },
    {
        .command = COMMAND_SHOW,
        .words = { "show" },
        .argument = " NAME",
        .operands = 1,
        .formats = "table json",
        .takes = "deep offline",
        .help = "all that is known of a vault or HSM",
    },
    {
        .command = COMMAND_WHO_CAN,
        .words = { "who-can" },
        .argument = " ACTION NAME",
        .operands = 2,
        .formats = "table json",
        .takes = "offline list",
        .help = "who can do it there, and through what; --list: actions",
    },
    {
        .command = COMMAND_REACHABLE,
        .words = { "reachable" },
        .argument = " NAME",
        .operands = 1,
        .formats = "table json",
        .takes = "offline",
        .help = "from where, and why",
    },
    {
        .command = COMMAND_WHOAMI,
        .words = { "whoami" },
        .argument = "",
        .formats = "table json",
        .help = "who kvgov is signed in as, and by which way",
    },
    {
        .command = COMMAND_LOGIN,
        .words = { "login" },
        .argument = "",
        .formats = "table json",
        .help = "try a sign-in now, by device code where nothing else is",
    },
    {
        .command = COMMAND_LOGOUT,
        .words = { "logout" },
        .argument = "",
        .formats = "table json",
        .takes = "list",
        .help = "remove what was read and kept; --list: only say what",
    },
    {
        .command = COMMAND_CATALOGUE,
        .words = { "catalogue" },
        .argument = "",
        .formats = "table json",
        .help = "print what is recommended; as JSON, unless told otherwise",
    },
    {
        .command = COMMAND_PLAN_APPROVE,
        .words = { "plan", "approve" },
        .argument = " FILE",
        .operands = 1,
        .takes = "name",
        .help = "say that a second person has reviewed it",
    },
    {
        .command = COMMAND_PLAN,
        .words = { "plan" },
        .argument = " REMEDY [NAME]",
        .operands = 2,
        .formats = "table json az arm bicep terraform",
        .takes = "deep row failing resource set undo plan out list",
        .help = "what a remedy would do, with nothing changed; --list",
    },
    {
        .command = COMMAND_FIX,
        .words = { "fix" },
        .argument = " REMEDY [NAME]",
        .operands = 2,
        .takes = "deep row failing resource set undo plan confirm reason",
        .help = "do it, once it is confirmed",
    },
    {
        .command = COMMAND_JOURNAL_SHOW,
        .words = { "journal", "show" },
        .argument = "",
        .formats = "table ndjson",
        .help = "what was changed from here, all of it",
    },
    {
        .command = COMMAND_JOURNAL_VERIFY,
        .words = { "journal", "verify" },
        .argument = " [FILE]",
        .operands = 1,
        .formats = "table json",
        .help = "check the journal's chain",
    },
    {
        .command = COMMAND_CONFIG,
        .words = { "config" },
        .argument = "",
        .formats = "table json",
        .takes = "check print",
        .help = "with --check or --print: the configuration",
    },
    {
        .command = COMMAND_DOCTOR,
        .words = { "doctor" },
        .argument = "",
        .formats = "table json",
        .takes = "deep",
        .help = "check terminal, files, sign-in, hosts and rights",
    },
    {
        .command = COMMAND_ATTEST,
        .words = { "attest" },
        .argument = " ROW SUBJECT",
        .operands = 2,
        .formats = "table json",
        .takes = "answer note name until list remove",
        .help = "answer what no API tells; --list shows all",
    },
    {
        .command = COMMAND_EXCEPT,
        .words = { "except" },
        .argument = " ROW SCOPE",
        .operands = 2,
        .formats = "table json",
        .takes = "reason owner until list remove",
        .help = "accept a deviation until a date; --list",
    },
    {
        .command = COMMAND_DIFF,
        .words = { "diff" },
        .argument = "",
        .formats = "table json",
        .takes = "from to list",
        .help = "what changed between two scans; --list",
    },
    {
        .command = COMMAND_COMPLETION,
        .words = { "completion" },
        .argument = " bash|zsh|fish",
        .operands = 1,
        .help = "what the shell offers, as a script for it",
    },
    {
        .command = COMMAND_MANUAL,
        .words = { "manual" },
        .argument = " [kvgov|kvgov-config]",
        .operands = 1,
        .help = "the manual page, for man -l -",
    },
};
const size_t command_count = sizeof(command_rows) / sizeof *(command_rows);

const struct text_row exit_rows[] = {
    { "0", "done; of scan: nothing as bad as --fail-on says" },
    { "1", "scan: a deviation as bad as --fail-on says; doctor: a problem" },
    { "2", "the command line is wrong, or no usable terminal" },
    { "3", "not signed in, or Azure could not be reached" },
    { "4", "the inventory is incomplete; with --require-complete: any unknown" },
    { "70", "an error of kvgov itself" },
};
const size_t exit_count = sizeof(exit_rows) / sizeof *(exit_rows);

/* ---- looking ---- */

bool words_have(const char *words, struct view word)
{
    struct view rest = view_of(words);

    while (rest.size)
        if (view_equal(view_cut(&rest, ' '), word))
            return true;
    return false;
}

bool option_is_special(const struct option_row *option)
{
    struct view name = view_of(option->name);
    bool special = strcmp(option->name, "format") == 0;

    for (size_t i = 0; i < command_count && !special; i++)
        special = words_have(command_rows[i].takes, name);
    return special;
}

bool option_goes_with(
    const struct option_row *option, const struct command_row *command)
{
    if (strcmp(option->name, "format") == 0)
        return command->formats;
    return !option_is_special(option) ||
           words_have(command->takes, view_of(option->name));
}

void command_put_name(struct buf *out, const struct command_row *row)
{
    buf_puts(out, "kvgov");
    for (size_t i = 0; i < COMMAND_WORDS && row->words[i]; i++)
        buf_putf(out, " %s", row->words[i]);
}

/* ---- help ---- */

#define NAME_CELLS 24

/* What leaves no room beside itself has its help below. */
static void put_row(struct buf *out, const char *name, const char *help)
{
    if (strlen(name) > NAME_CELLS)
        buf_putf(out, "  %s\n  %-*s %s\n", name, NAME_CELLS, "", help);
    else
        buf_putf(out, "  %-*s %s\n", NAME_CELLS, name, help);
}

static void put_commands(struct buf *out)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_rows[i];
        struct buf name = { .limit = 128 };

        command_put_name(&name, row);
        buf_puts(&name, row->argument);
        put_row(out, buf_text(&name), row->help);
        buf_done(&name);
    }
}

static void put_options(struct buf *out)
{
    for (size_t i = 0; i < option_count; i++) {
        struct buf name = { .limit = 256 };

        buf_putf(&name, "--%s", option_rows[i].name);
        if (option_rows[i].argument)
            buf_putf(&name, "%s%s",
                option_is_optional(&option_rows[i]) ? "" : " ",
                option_rows[i].argument);
        put_row(out, buf_text(&name), option_rows[i].help);
        buf_done(&name);
    }
}

static void put_formats(struct buf *out)
{
    for (size_t i = 0; i < kv_report_format_count; i++)
        put_row(out, kv_report_formats[i].name, kv_report_formats[i].what);
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
    buf_puts(out, "\nformats of scan\n");
    put_formats(out);
    buf_puts(out, "\nexit codes\n");
    for (size_t i = 0; i < exit_count; i++)
        put_row(out, exit_rows[i].name, exit_rows[i].help);
    buf_puts(out,
        "\nSign-in, in this order: AZURE_CLIENT_ID and AZURE_TENANT_ID with "
        "AZURE_CLIENT_SECRET,\nAZURE_CLIENT_CERTIFICATE_PATH or "
        "AZURE_FEDERATED_TOKEN_FILE; the machine's managed\nidentity; Azure "
        "CLI. Else the console offers a device code. --auth and\n"
        "AZURE_TOKEN_CREDENTIALS also take Microsoft's names of credentials."
        "\n");
}
