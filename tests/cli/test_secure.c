/* The program against a simulated cloud over HTTPS: it signs in and reads where
 * it trusts the authority, and nowhere else. */
#include "test.h"

#include <string.h>

#include "base.h"
#include "kvgov_cloud.h"
#include "program.h"
#include "signer.h"
#include "temp.h"

#define CODE_INCOMPLETE 4

static int start(void **state)
{
    const char *const arguments[] = { "--tls", NULL };

    *state = cloud_start(arguments);
    return 0;
}

static int stop(void **state)
{
    cloud_stop(*state);
    return 0;
}

/* A scan in a home of its own, with `last` after the cloud's variables. */
static struct program scan(const struct cloud *cloud, const char *last)
{
    const char *const argv[] = { test_setting("KVGOV"), "scan", NULL };
    struct buf home = { .limit = 4096 };
    struct program ran;
    char *folder = temp_new();

    buf_putf(&home, "HOME=%s", folder);
    const char *const more[] = { buf_text(&home), last, NULL };
    const char **all = cloud_environment(cloud, more);
    program_run(
        &ran, &(struct program_options){ .argv = argv, .environment = all });
    mem_free(all);
    buf_done(&home);
    temp_done(folder);
    return ran;
}

static void test_trusted(void **state)
{
    const struct cloud *cloud = *state;
    struct program ran = scan(cloud, NULL);

    if (ran.code != 0 && ran.code != CODE_INCOMPLETE)
        fail_with("code %d:\n%s", ran.code, buf_text(&ran.err));
    assert_contains(buf_text(&ran.out), "kv-pay-prod-weu");
    assert_true(cloud_requests(cloud, "GET") > 0);
    program_done(&ran);
}

/* Who trusts somebody else's certificate alone does not sign in. */
static void test_untrusted(void **state)
{
    const struct cloud *cloud = *state;
    struct signer *stranger = signer_new();
    struct buf variable = { .limit = 4096 };
    char *folder = temp_new();
    char *path = temp_path(folder, "stranger.pem");

    test_write_file(path, stranger->certificate);
    buf_putf(&variable, "SSL_CERT_FILE=%s", path);
    struct program ran = scan(cloud, buf_text(&variable));
    assert_int_not_equal(ran.code, 0);
    assert_lacks(buf_text(&ran.out), "kv-pay-prod-weu");
    assert_contains(buf_text(&ran.err), "certificate");
    assert_int_equal(cloud_requests(cloud, "GET"), 0);
    program_done(&ran);
    mem_free(path);
    temp_done(folder);
    buf_done(&variable);
    signer_free(stranger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_trusted, start, stop),
        cmocka_unit_test_setup_teardown(test_untrusted, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
