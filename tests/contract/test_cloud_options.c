/* The simulated cloud's command line: what it refuses with a sentence, and
 * what it writes for those who start it. */
#include "test.h"

#include <string.h>
#include <sys/stat.h>

#include "base.h"
#include "kvgov_cloud.h"
#include "program.h"
#include "temp.h"

#define WORDS 8

static void run(struct program *ran, const char *const *words)
{
    const char *argv[WORDS + 2] = { test_setting("KVGOV_CLOUD") };

    for (size_t i = 0; i < WORDS && words[i]; i++)
        argv[i + 1] = words[i];
    program_run(ran, &(struct program_options){ .argv = argv });
}

#define SMALL "--generate", "vaults=1,subscriptions=1,seed=1"

static const struct {
    const char *words[WORDS];
    const char *says;
} refused_rows[] = {
    { { NULL }, "--estate FILE" },
    { { "--estate", "none.json" }, "none.json" },
    { { "--estate", "a", "--generate", "b" }, "either --estate" },
    { { SMALL, "--port", "65536" }, "--port takes a number" },
    { { SMALL, "--port", "-1" }, "--port takes a number" },
    { { SMALL, "--seed", "x" }, "--seed takes a number" },
    { { SMALL, "--ca", "x" }, "--tls" },
    { { SMALL, "--tls", "--ca", "/none/ca.pem" }, "/none/ca.pem" },
    { { SMALL, "--suffix", "" }, "--suffix takes a domain" },
    { { SMALL, "--suffix", "A,DNS:other" }, "--suffix takes a domain" },
    { { SMALL, "--managed-identity", "x" }, "--managed-identity takes" },
    { { SMALL, "--managed-identity", "arc" }, "--arc-dir" },
    { { SMALL, "--fault", "GET * x" }, "GET * x" },
    { { SMALL, "--nonsense" }, "--help" },
    { { SMALL, "nonsense" }, "'nonsense'" },
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(refused_rows); i++) {
        struct program ran;

        run(&ran, refused_rows[i].words);
        if (ran.code != 2)
            fail_with("row %zu: code %d: %s", i, ran.code, buf_text(&ran.err));
        assert_contains(buf_text(&ran.err), "kvgov-cloud: ");
        assert_contains(buf_text(&ran.err), refused_rows[i].says);
        program_done(&ran);
    }
}

static void test_help(void **state)
{
    static const char *const words[] = { "--help", NULL };
    static const char *const parts[] = { "--tls", "--suffix", "--arc-dir",
        " throttle", " endless-nextlink", " fail-operation", "METHOD PATH" };
    struct program ran;

    (void)state;
    run(&ran, words);
    assert_int_equal(ran.code, 0);
    for (size_t i = 0; i < LENGTH(parts); i++)
        assert_contains(buf_text(&ran.out), parts[i]);
    program_done(&ran);
}

/* A file that was named stays, one that was not goes with the cloud. */
static void test_authority(void **state)
{
    char *folder = temp_new();
    char *named = temp_path(folder, "ca.pem");
    const char *const arguments[][4] = { { "--tls", "--ca", named, NULL },
        { "--tls", NULL } };
    struct stat file;

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct cloud *cloud = cloud_start(arguments[i]);
        char *path = mem_copy_text(cloud_variable(cloud, "SSL_CERT_FILE"));
        char *text = test_read_file(path, NULL);

        assert_contains(text, "BEGIN CERTIFICATE");
        assert_lacks(text, "PRIVATE KEY");
        cloud_stop(cloud);
        assert_int_equal(stat(path, &file) == 0, i == 0);
        assert_int_equal(strcmp(path, named) == 0, i == 0);
        mem_free(text);
        mem_free(path);
    }
    mem_free(named);
    temp_done(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_authority),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
