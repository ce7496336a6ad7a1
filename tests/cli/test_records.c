/* kvgov attest and kvgov except: what people decide is kept, judged with, and
 * shown wherever the finding is. */
#include "stage.h"

#define SUBSCRIPTION "Contoso Payments Prod"

static long total_of(const json_t *report, const char *verdict)
{
    return (long)json_integer_value(
        json_object_get(json_object_get(report, "totals"), verdict));
}

/* From failing to accepted and back, with the name alone. */
static void test_exception(void **state)
{
    struct stage *stage = *state;
    json_t *report = scan(stage);
    long failing = total_of(report, "fail");
    long excepted = total_of(report, "excepted"); /* by Azure Policy */
    const json_t *finding;

    assert_int_equal(excepted, 2);

    assert_string_equal(
        text_at(finding_of(report, "NET-2"), "verdict"), "fail");
    json_decref(report);
    RUN(stage, "except", "net-2", VAULT, "--reason", "moves in spring",
        "--owner", "Contoso Payments", "--until", "2099-01-31");
    expect(stage, 0, "");
    assert_string_equal(buf_text(&stage->ran.err), "");

    report = scan(stage);
    finding = finding_of(report, "NET-2");
    assert_string_equal(text_at(finding, "verdict"), "excepted");
    assert_string_equal(
        text_at(finding, "exception.owner"), "Contoso Payments");
    assert_string_equal(
        text_at(finding, "exception.until"), "2099-01-31T23:59:59Z");
    assert_contains(text_at(finding, "evidence"),
        "accepted by Contoso Payments, until 2099-01-31: moves in spring");
    assert_int_equal(total_of(report, "excepted"), excepted + 1);
    assert_int_equal(total_of(report, "fail"), failing - 1);
    json_decref(report);

    RUN(stage, "except", "--list");
    expect(stage, 0, "NET-2  holds");
    assert_contains(
        buf_text(&stage->ran.out), "  moves in spring  ");
    assert_contains(
        buf_text(&stage->ran.out), "policyExemptions/legacy-until-closed");
    RUN(stage, "scan");
    assert_contains(buf_text(&stage->ran.out), "3 deviations;");

    RUN(stage, "except", "NET-2", VAULT, "--remove");
    expect(stage, 0, "");
    RUN(stage, "except", "--list");
    expect(stage, 0, "policyExemptions/legacy-until-closed");
    assert_lacks(buf_text(&stage->ran.out), "moves in spring");
    report = scan(stage);
    assert_string_equal(
        text_at(finding_of(report, "NET-2"), "verdict"), "fail");
    json_decref(report);
    RUN(stage, "journal", "verify");
    expect(stage, 0, "2 records, chain intact");
}

/* A question of a subscription, answered by its name, and asked again. */
static void test_attestation(void **state)
{
    struct stage *stage = *state;
    json_t *report = scan(stage);
    long manual = total_of(report, "manual");

    assert_true(manual > 0);
    json_decref(report);
    RUN(stage, "attest", "HSM-17", SUBSCRIPTION, "--answer", "pass", "--note",
        "no key needs one", "--name", "Contoso Vault Operations");
    expect(stage, 0, "");
    report = scan(stage);
    assert_int_equal(total_of(report, "manual"), manual - 1);
    json_decref(report);
    assert_contains(buf_text(&stage->ran.out),
        "attested pass by Contoso Vault Operations on ");
    assert_contains(buf_text(&stage->ran.out), "\"answer\":\"pass\"");
    RUN(stage, "attest", "HSM-17", SUBSCRIPTION, "--answer", "pass", "--note",
        "no key needs one", "--name", "Contoso Vault Operations", "--format",
        "json");
    expect(stage, 0, "\"note\": \"no key needs one\"");
    RUN(stage, "attest", "--list");
    expect(stage, 0, "  no key needs one");
    RUN(stage, "attest", "HSM-17", VAULT, "--answer", "pass", "--note", "n",
        "--name", "Contoso");
    expect(stage, 2, "HSM-17 is judged on a subscription, which /");
    RUN(stage, "attest", "HSM-17", SUBSCRIPTION, "--answer", "pass", "--note",
        "n", "--name", "Contoso", "--until", "2099-01-31");
    expect(stage, 2, "attestation_days says so");
    RUN(stage, "attest", "HSM-17", SUBSCRIPTION, "--remove");
    expect(stage, 0, "");
    report = scan(stage);
    assert_int_equal(total_of(report, "manual"), manual);
    json_decref(report);
}

static void test_ends_soon(void **state)
{
    struct stage *stage = *state;
    struct buf day = { .limit = 64 };

    buf_put_time(&day, clock_now_s() + 10 * 86400);
    RUN(stage, "except", "PRO-2", "all", "--reason", "x", "--owner",
        "Contoso Payments", "--until", buf_text(&day));
    expect(stage, 0, "");
    RUN(stage, "except", "--list", "--format", "json");
    expect(stage, 0, "\"state\": \"ends soon\"");
    RUN(stage, "scan");
    assert_contains(buf_text(&stage->ran.out),
        "3 answers or acceptances end within 30 days");
    assert_contains(buf_text(&stage->ran.out), "accepted");
    buf_done(&day);
}

static const struct {
    const char *name;
    const char *words[WORDS];
    const char *says;
} refusals[] = {
    { "nothing said", { "attest" }, "say kvgov attest ROW SUBJECT" },
    { "no row",
        { "except", "XYZ-1", VAULT, "--reason", "r", "--owner", "o", "--until",
            "2099-01-31" },
        "no recommendation \"XYZ-1\"" },
    { "nobody of that name",
        { "except", "NET-2", "kv-nowhere", "--reason", "r", "--owner", "o",
            "--until", "2099-01-31" },
        "nothing that was read is called \"kv-nowhere\"" },
    { "no reason",
        { "except", "NET-2", VAULT, "--owner", "o", "--until", "2099-01-31" },
        "the reason is missing" },
    { "no owner",
        { "except", "NET-2", VAULT, "--reason", "r", "--until", "2099-01-31" },
        "the owner is missing" },
    { "no end", { "except", "NET-2", VAULT, "--reason", "r", "--owner", "o" },
        "--reason TEXT --owner TEXT --until DATE" },
    { "an end that is past",
        { "except", "NET-2", VAULT, "--reason", "r", "--owner", "o", "--until",
            "2020-01-31" },
        "a date to come" },
    { "no date",
        { "except", "NET-2", VAULT, "--reason", "r", "--owner", "o", "--until",
            "spring" },
        "--until cannot be \"spring\"" },
    { "no answer",
        { "attest", "NET-2", VAULT, "--note", "n", "--name", "Contoso" },
        "--answer pass|fail" },
    { "judged, not answered",
        { "attest", "NET-2", VAULT, "--answer", "pass", "--note", "n", "--name",
            "Contoso" },
        "NET-2 is judged by what was read" },
    { "nothing to remove", { "attest", "NET-2", VAULT, "--remove" },
        "there is no such attestation" },
};

static void test_refusals(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "scan");
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        run(stage, refusals[i].words);
        if (stage->ran.code != 2 ||
            !strstr(buf_text(&stage->ran.err), refusals[i].says))
            fail_with("%s: code %d\n%s%s", refusals[i].name, stage->ran.code,
                buf_text(&stage->ran.out), buf_text(&stage->ran.err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exception, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_attestation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ends_soon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
