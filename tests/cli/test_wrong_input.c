/* Every command and every option, given something wrong: one sentence, the
 * code of a wrong command line, nothing printed, nobody asked. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "kvgov_command.h"

#define WORDS 10
#define HASH "0123456789ab"

struct wrong_row {
    const char *of; /* the option or command, as help names it */
    const char *words[WORDS];
    const char *err;
};

static const struct wrong_row rows[] = {
    /* ---- commands ---- */
    { "kvgov", { "frobnicate" }, "\"frobnicate\" is not a command here" },
    { "kvgov", { "journal" },
        "say kvgov journal show or kvgov journal verify" },
    { "kvgov scan", { "scan", "all" }, "\"all\" is one word too many" },
    { "kvgov schema", { "schema", "2" }, "\"2\" is one word too many" },
    { "kvgov list", { "list" }, "needs one of vaults, hsms, assignments" },
    { "kvgov list", { "list", "bananas" }, "and objects, not bananas" },
    { "kvgov show", { "show" }, "say kvgov show NAME" },
    { "kvgov who-can", { "who-can" }, "say kvgov who-can ACTION NAME" },
    { "kvgov who-can", { "who-can", "fly", "kv" }, "\"fly\" is no action" },
    { "kvgov reachable", { "reachable" }, "say kvgov reachable NAME" },
    { "kvgov whoami", { "whoami", "i" }, "\"i\" is one word too many" },
    { "kvgov login", { "login", "me" }, "\"me\" is one word too many" },
    { "kvgov logout", { "logout", "me" }, "\"me\" is one word too many" },
    { "kvgov catalogue", { "catalogue", "x" }, "\"x\" is one word too many" },
    { "kvgov plan approve", { "plan", "approve" },
        "say which file, and who you are: kvgov plan approve FILE --name" },
    { "kvgov plan approve", { "plan", "approve", "/none", "--name", "Contoso" },
        "/none cannot be read" },
    { "kvgov plan", { "plan" }, "kvgov plan --list shows the remedies" },
    { "kvgov plan", { "plan", "make-coffee", "kv" },
        "there is no remedy \"make-coffee\"; kvgov plan --list shows them" },
    { "kvgov plan", { "plan", "firewall-on" },
        "no resource was chosen; name one, or use --resource" },
    { "kvgov plan", { "plan", "firewall-on", "kv", "--undo", "1" },
        "in one way: REMEDY NAME, --undo ENTRY;" },
    { "kvgov fix", { "fix" }, "REMEDY NAME, --undo ENTRY or --plan FILE;" },
    { "kvgov fix", { "fix", "make-coffee", "kv" },
        "there is no remedy \"make-coffee\"" },
    { "kvgov fix", { "fix", "firewall-on", "kv" },
        "stdin is no terminal; review a plan file and run it with" },
    { "kvgov journal show", { "journal", "show", "all" },
        "\"all\" is one word too many" },
    { "kvgov journal verify", { "journal", "verify", "/none" },
        "/none cannot be read" },
    { "kvgov config", { "config" }, "needs one of --check and --print" },
    { "kvgov doctor", { "doctor", "who" }, "\"who\" is one word too many" },
    { "kvgov attest", { "attest" }, "say kvgov attest ROW SUBJECT --answer" },
    { "kvgov attest", { "attest", "HSM-17", "x" }, "--answer pass|fail" },
    { "kvgov attest", { "attest", "NO-1", "x", "--answer", "pass" },
        "there is no recommendation \"NO-1\"; kvgov catalogue lists them" },
    { "kvgov except", { "except" }, "say kvgov except ROW SCOPE --reason" },
    { "kvgov except", { "except", "NET-2", "x" }, "--until DATE" },
    { "kvgov except", { "except", "NO-1", "x", "--until", "2099-01-31" },
        "there is no recommendation \"NO-1\"" },
    { "kvgov diff", { "diff", "1" }, "\"1\" is one word too many" },
    { "kvgov completion", { "completion", "csh" }, "bash, zsh or fish, not csh" },
    { "kvgov manual", { "manual", "nosuch" },
        "say kvgov manual kvgov or kvgov manual kvgov-config, not nosuch" },

    /* ---- options with a value ---- */
    { "--estate", { "scan", "--estate", "/none" }, "give both" },
    { "--cloud", { "scan", "--cloud", "mars" },
        "mars is no cloud that kvgov knows; it knows AzureCloud (public)" },
    { "--arm-endpoint", { "scan", "--arm-endpoint", "ftp://x" }, "ftp://x" },
    { "--arm-endpoint", { "scan", "--arm-endpoint", "http://arm.contoso.com" },
        "arm.contoso.com" },
    { "--auth", { "scan", "--auth", "magic" },
        "--auth is magic, which is no way to sign in that kvgov has; it has" },
    { "--tenant", { "scan", "--tenant", "" }, "--tenant needs a value" },
    { "--subscription", { "scan", "--subscription", "" },
        "--subscription needs a value" },
    { "--management-group", { "scan", "--management-group", "" },
        "--management-group needs a value" },
    { "--resource", { "scan", "--resource", "" }, "--resource needs a value" },
    { "--only", { "scan", "--only", "NO-1" },
        "--only: there is no recommendation NO-1; kvgov catalogue lists" },
    { "--except", { "scan", "--except", "NO-1" },
        "--except: there is no recommendation NO-1; kvgov catalogue lists" },
    { "--fail-on", { "scan", "--fail-on", "bad" },
        "--fail-on cannot be \"bad\": it takes critical, high, medium, low or "
        "info" },
    { "--state-dir", { "scan", "--state-dir" }, "--state-dir needs a value" },
    { "--state-dir", { "scan", "--state-dir", "/dev/null/x" },
        "give another --state-dir" },
    { "--baseline", { "scan", "--baseline", "1999" },
        "baseline cannot be \"1999\": it takes current, seeds, 2019" },
    { "--answer", { "attest", "HSM-17", "x", "--answer", "maybe" },
        "--answer cannot be \"maybe\": it takes pass or fail" },
    { "--note", { "scan", "--note", "x" }, "it goes with: kvgov attest" },
    { "--name", { "scan", "--name", "x" }, "it goes with: kvgov plan approve" },
    { "--reason", { "scan", "--reason", "x" }, "it goes with: kvgov fix" },
    { "--owner", { "scan", "--owner", "x" }, "it goes with: kvgov except" },
    { "--until", { "except", "NET-2", "x", "--until", "never" },
        "--until cannot be \"never\": it takes a date such as 2027-01-31" },
    { "--from", { "diff", "--from", "x" },
        "--from cannot be \"x\": it takes the number of a scan" },
    { "--to", { "diff", "--to", "1.5" },
        "--to cannot be \"1.5\": it takes the number of a scan" },
    { "--row", { "plan", "firewall-on", "kv", "--row", "NO-1" },
        "there is no recommendation \"NO-1\"; kvgov catalogue lists them" },
    { "--set", { "plan", "firewall-on", "kv", "--set", "off" },
        "--set cannot be \"off\": it takes NAME=VALUE" },
    { "--plan", { "fix", "--plan", "/none", "--confirm", HASH },
        "/none cannot be read" },
    { "--plan", { "fix", "--plan", "/dev/null", "--confirm", HASH },
        "is not used: it is not JSON" },
    { "--confirm", { "fix", "--plan", "/none", "--confirm", "yes" },
        "/none cannot be read" },
    { "--confirm", { "fix", "firewall-on", "kv", "--confirm", "yes" },
        "--confirm cannot be \"yes\": it takes the plan file's hash, 12 of" },
    { "--confirm", { "fix", "firewall-on", "kv", "--confirm", HASH },
        "--confirm goes with --plan FILE" },
    { "--undo", { "plan", "--undo", "x" },
        "--undo cannot be \"x\": it takes the number of a journal entry" },
    { "--format", { "scan", "--format", "xml" },
        "--format xml does not go with this command; it knows: table json" },
    { "--out", { "scan", "--out", "/none/report" },
        "--out /none/report cannot be written: No such file or directory" },
    { "--out", { "plan", "firewall-on", "kv", "--out", "/none/plan" },
        "--out /none/plan cannot be written: No such file or directory" },
    { "--theme", { "--theme", "nosuch" },
        "there is no theme \"nosuch\"; themes are NAME.theme files in" },
    { "--check-theme", { "--check-theme", "nosuch" },
        "there is no theme \"nosuch\"; themes are NAME.theme files in" },
    { "--check-theme", { "--check-theme" }, "--check-theme needs a value" },
    { "--term", { "scan", "--term" }, "--term needs a value" },
    { "--script", { "--script", "/none" }, "/none cannot be read" },
    { "--trace-requests", { "scan", "--trace-requests=/none/x" },
        "/none/x cannot be written: No such file or directory; name another" },

    /* ---- switches ---- */
    { "--demo", { "scan", "--demo=now" }, "--demo=now takes no value" },
    { "--deep", { "catalogue", "--deep" }, "--deep does not go with" },
    { "--deep", { "scan", "--offline", "--deep" }, "--offline reads nothing" },
    { "--offline", { "doctor", "--offline" }, "--offline does not go with" },
    { "--require-complete", { "list", "vaults", "--require-complete" },
        "it goes with: kvgov scan" },
    { "--read-only", { "scan", "--read-only=no" }, "takes no value" },
    { "--failing", { "scan", "--failing" },
        "it goes with: kvgov plan, kvgov fix" },
    { "--list", { "scan", "--list" }, "--list does not go with this command" },
    { "--remove", { "scan", "--remove" },
        "it goes with: kvgov attest, kvgov except" },
    { "--check", { "scan", "--check" }, "it goes with: kvgov config" },
    { "--print", { "scan", "--print" }, "it goes with: kvgov config" },
    { "--print", { "config", "--check", "--print" },
        "needs one of --check and --print" },
    { "--no-color", { "--no-color=1" }, "--no-color=1 takes no value" },
    { "--plain", { "scan", "--plain" }, "--plain does not go with" },
    { "--mouse", { "scan", "--mouse" }, "does not go with" },
    { "--screen-reader", { "scan", "--screen-reader" }, "does not go with" },
    { "--mask", { "scan", "--mask" }, "--mask does not go with" },
    { "--dump", { "--dump" }, "--script FILE leads to; give both" },
    { "--print-keys", { "--print-keys=vi" }, "takes no value" },
    { "--help", { "--help=me" }, "--help=me takes no value" },
    { "--version", { "--version=2" }, "--version=2 takes no value" },
    { "--help", { "--bogus" }, "--bogus is not an option" },
};

/* Nobody listens there: whoever asks anybody ends with another sentence. */
static const char *const environment[] = { "AZURE_CLIENT_ID=x",
    "AZURE_TENANT_ID=contoso.com", "AZURE_CLIENT_SECRET=y",
    "KVGOV_ARM_ENDPOINT=http://127.0.0.1:1", NULL };

static void check_wrong(const struct wrong_row *row)
{
    struct command_run run;
    const char *err;

    command_run(&run, row->words, environment);
    command_expect_code(&run, row->of, 2);
    err = buf_text(&run.ran.err);
    assert_contains(err, row->err);
    assert_string_equal(buf_text(&run.ran.out), "");
    assert_memory_equal(err, "kvgov: ", strlen("kvgov: "));
    assert_ptr_equal(strchr(err, '\n'), err + strlen(err) - 1);
    assert_lacks(err, "kvgov: kvgov: ");
    command_run_done(&run);
}

static void test_wrong_input(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_wrong(&rows[i]);
}

/* ---- none is left out ---- */

static bool has_row(struct view name)
{
    for (size_t i = 0; i < LENGTH(rows); i++)
        if (view_equal(view_of(rows[i].of), name))
            return true;
    return false;
}

/* "kvgov list" of "kvgov list vaults|hsms [NAME]  a line for each" */
static struct view command_of(struct view line)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
    struct view rest = line;
    size_t size = 0;

    while (rest.size > 0) {
        struct view word = view_cut(&rest, ' ');

        if (word.size == 0 || strspn(word.data, letters) != word.size)
            break;
        size = (size_t)(word.data - line.data) + word.size;
    }
    return (struct view){ line.data, size };
}

static void expect_row(struct view name)
{
    if (!has_row(name))
        fail_msg("no wrong input is tried for %.*s", (int)name.size, name.data);
}

static void test_all_of_help(void **state)
{
    static const char *const words[] = { "--help", NULL };
    struct command_run run;
    struct view rest;
    size_t found = 0;

    (void)state;
    command_run(&run, words, NULL);
    rest = buf_view(&run.ran.out);
    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        bool option = view_starts_nocase(line, view_of("  --"));

        if (!option && !view_starts_nocase(line, view_of("  kvgov")))
            continue;
        line = view_trim(line);
        if (option)
            line.size = strcspn(line.data, " [\n");
        else
            line = command_of(line);
        expect_row(line);
        found++;
    }
    assert_true(found > 60);
    command_run_done(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_input),
        cmocka_unit_test(test_all_of_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
