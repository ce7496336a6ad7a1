/* The console in lines: reading, and a fix to its end, by the same words and
 * the same confirmation. */
#include "test.h"

#include <glob.h>
#include <string.h>

#include "base.h"
#include "kvgov_cloud.h"
#include "program.h"
#include "temp.h"

#define VAULT "kv-pay-prod-weu"

struct stage {
    struct cloud *cloud;
    char *home;
    struct program ran;
};

static int set_up(void **state)
{
    struct stage *stage = mem_alloc(sizeof *stage);

    stage->cloud = cloud_start(NULL);
    stage->home = temp_new();
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;

    program_done(&stage->ran);
    cloud_stop(stage->cloud);
    temp_done(stage->home);
    mem_free(stage);
    return 0;
}

struct said_row {
    const char *name;
    const char *input;
    const char *says;
    const char *also; /* NULL: nothing */
};

static const struct said_row said_rows[] = {
    { "nothing", "", "1 CRIT Any address on the internet gets in", "\n> " },
    { "a screen", "vaults\n", "Posture > Vaults", "KIND" },
    { "a filter", "vaults\n/name:pay net:open\n", "/ name:pay net:open",
        " 1 CRIT " VAULT },
    { "a wrong filter", "vaults\n/nmae:pay\n", "there is no \"nmae\" here",
        "Did you mean  name:pay" },
    { "a row", "vaults\n/" VAULT "\n1\n", "Vaults > " VAULT, "EVIDENCE" },
    { "a tab", "vaults\n/" VAULT "\n1\nnext-tab\n", "[Access", "WHO" },
    { "a row and an action", "vaults\n/" VAULT "\n1 mark\n", "1 marked",
        " 1*CRIT" },
    { "a page", "page-down\n", "sort SEV   frozen", NULL },
    { "all that there is", "?\n", "matrix : vaults by recommendations",
        "portal : the link to this resource in the portal, as text; not now: "
        "no vault is under the cursor" },
    { "a menu", "vaults\nsort\n2\n", "sort by  1 SEV", "sort NAME" },
    { "a command with a word", "theme nosuch\n", "READ-ONLY", NULL },
    { "no action", "frobnicate\n", "There is no action \"frobnicate\" here",
        NULL },
    { "no row", "99\n", "There is no row of that number here", NULL },
    { "a strange line", "\x1b[2Jx\n", "<U+001B>[2Jx", NULL },
    { "the end", "quit\n", "Posture", NULL },
};

static void speak_with(
    struct stage *stage, const char *option, const char *input)
{
    const char *argv[] = { test_setting("KVGOV"), "--plain", option, NULL };
    struct buf home = { .limit = 4096 };
    const char **environment;

    program_done(&stage->ran);
    buf_putf(&home, "HOME=%s", stage->home);
    environment = cloud_environment(stage->cloud,
        (const char *const[]){ buf_text(&home), "TERM=dumb", NULL });
    program_run(&stage->ran,
        &(struct program_options){
            .argv = argv, .environment = environment, .input = input });
    mem_free(environment);
    buf_done(&home);
}

static void speak(struct stage *stage, const char *input)
{
    speak_with(stage, NULL, input);
}

static void reading(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < LENGTH(said_rows); i++) {
        const struct said_row *row = &said_rows[i];
        const char *out;

        speak(stage, row->input);
        out = buf_text(&stage->ran.out);
        if (stage->ran.code != 0)
            fail_with("%s ends with %d: %s", row->name, stage->ran.code,
                buf_text(&stage->ran.err));
        if (!strstr(out, row->says) || (row->also && !strstr(out, row->also)))
            fail_with("%s does not say %s:\n%s", row->name, row->says, out);
        if (strchr(out, '\x1b'))
            fail_with("%s writes an escape", row->name);
    }
}

#define TO_CONFIRM                                                             \
    "vaults\n/" VAULT "\n1\n1 fix\nnext-step\n\nnext-step\nnext-step\n"        \
    "next-step\n\n"

/* What is not the answer changes nothing, and an empty line is none. */
static void asking(void **state)
{
    struct stage *stage = *state;

    speak(stage, TO_CONFIRM "kv-pay\n\nyes\n\n:cancel\n");
    assert_contains(buf_text(&stage->ran.out), "[4 CONFIRM]");
    assert_contains(buf_text(&stage->ran.out), "*WRITE*");
    assert_contains(buf_text(&stage->ran.out), "Type  " VAULT);
    assert_contains(
        buf_text(&stage->ran.out), "cancelled, nothing was changed");
    assert_int_equal(cloud_requests(stage->cloud, "PATCH"), 0);
}

static void changing(void **state)
{
    struct stage *stage = *state;

    speak(stage, TO_CONFIRM VAULT "\n\n");
    assert_contains(buf_text(&stage->ran.out), "[5 APPLY]");
    assert_int_equal(cloud_requests(stage->cloud, "PATCH"), 1);
    speak(stage, "journal\n");
    assert_contains(buf_text(&stage->ran.out), "Turn the firewall on");
}

/* The names of the estate, and a few that are in it only. */
static const char *const names[] = { "kv-", "hsm-", "Contoso", "contoso.com",
    "rg-payments", "settlement", "2a1997b41ee2" };

static void lacks_names(const char *text)
{
    for (size_t i = 0; i < LENGTH(names); i++)
        assert_lacks(text, names[i]);
}

/* Neither on a screen nor in a file is there a name. */
static void masking(void **state)
{
    struct stage *stage = *state;
    glob_t found = { 0 };
    struct buf pattern = { .limit = 4096 };
    char *text;
    size_t size;

    speak_with(stage, "--mask",
        "messages\naccess\n1\nvaults\nexport\nc\ncopy\nw\nback\n1\n"
        "next-tab\nnext-tab\njournal\n");
    assert_contains(buf_text(&stage->ran.out), "vault-");
    assert_contains(buf_text(&stage->ran.out), "who-");
    lacks_names(buf_text(&stage->ran.out));
    buf_putf(&pattern, "%s/.local/state/kvgov/exports/*.csv", stage->home);
    assert_int_equal(glob(buf_text(&pattern), 0, NULL, &found), 0);
    text = test_read_file(found.gl_pathv[0], &size);
    assert_contains(text, "\"vault-");
    lacks_names(text);
    mem_free(text);
    globfree(&found);
    buf_done(&pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reading, set_up, tear_down),
        cmocka_unit_test_setup_teardown(masking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
