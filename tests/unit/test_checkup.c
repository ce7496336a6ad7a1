/* A check-up: its two forms, and the questions that hosts are asked for it. */
#include "test.h"

#include <jansson.h>
#include <string.h>

#include "base.h"
#include "kvgov/checkup.h"
#include "kvgov/report.h"
#include "loopback.h"

/* ---- as text and as JSON ---- */

static const struct kv_diagnosis diagnoses[] = {
    { "terminal", KV_DIAGNOSIS_OK, "xterm, 8 colours", "" },
    { "clock", KV_DIAGNOSIS_WARNING,
        "this machine's is 90 s behind that of management.azure.com",
        "set the clock, best by NTP" },
    { "a name that is longer than its column", KV_DIAGNOSIS_PROBLEM,
        "evil \033[31m \342\200\256", "do not" },
};

static const char plain[] =
    "ok       terminal                xterm, 8 colours\n"
    "warning  clock                   this machine's is 90 s behind that of "
    "management.azure.com\n"
    "                                 set the clock, best by NTP\n"
    "problem  a name that is longer than its column evil <U+001B>[31m "
    "<U+202E>\n"
    "                                 do not\n"
    "\n"
    "1 problem, 1 warning\n";

static const char narrow[] =
    "warning  clock                   this machine's is 90 s\n"
    "                                 behind that of\n"
    "                                 management.azure.com\n"
    "                                 set the clock, best by\n"
    "                                 NTP\n";

static void test_text(void **state)
{
    struct buf wide = { .limit = 4096 };
    struct buf wrapped = { .limit = 4096 };

    (void)state;
    kv_report_checkup(&wide, diagnoses, LENGTH(diagnoses), 0);
    assert_string_equal(buf_text(&wide), plain);
    kv_report_checkup(&wrapped, diagnoses, LENGTH(diagnoses), 57);
    assert_contains(buf_text(&wrapped), narrow);
    buf_done(&wide);
    buf_done(&wrapped);
}

static void test_json(void **state)
{
    struct buf out = { .limit = 4096 };

    (void)state;
    kv_report_checkup_json(&out, diagnoses, LENGTH(diagnoses));
    assert_lacks(buf_text(&out), "\033");
    json_t *object = json_loads(buf_text(&out), 0, NULL);
    const json_t *checks = json_object_get(object, "checks");
    const json_t *clock = json_array_get(checks, 1);
    assert_int_equal(json_array_size(checks), 3);
    assert_int_equal(
        json_integer_value(json_object_get(object, "problems")), 1);
    assert_string_equal(
        json_string_value(json_object_get(clock, "level")), "warning");
    assert_string_equal(json_string_value(json_object_get(clock, "todo")),
        "set the clock, best by NTP");
    assert_true(
        json_is_null(json_object_get(json_array_get(checks, 0), "todo")));
    json_decref(object);
    buf_done(&out);
}

/* ---- hosts ---- */

struct probe_row {
    const char *name;
    const char *reply;
    enum kv_probe_state state;
    bool expected;
    int64_t date_s;
};

static const struct probe_row probe_rows[] = {
    { "fine",
        "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 00:00:00 GMT\r\n"
        "Content-Length: 2\r\n\r\n{}",
        KV_PROBE_ANSWERED, true, 1795305600 },
    { "a page that wants something",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
        "Content-Length: 0\r\n\r\n",
        KV_PROBE_ANSWERED, false, 0 },
    { "no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", KV_PROBE_FAILED, false, 0 },
    { "silence", NULL, KV_PROBE_FAILED, false, 0 },
};

static bool has_ended(const struct kv_session *session)
{
    return kv_session_probed(session, KV_SERVICE_ARM)->state !=
           KV_PROBE_WAITING;
}

/* Once each, without a token, even where the answer is a failure; and nothing
 * of a host that the cloud did not name. */
static void check_probe(const struct probe_row *row)
{
    const struct loopback_reply replies[] = { {
        .text = row->reply,
        .close = row->state == KV_PROBE_FAILED && row->reply,
    } };
    struct loopback *server = loopback_new(replies, 1);
    struct kv_session_options options = {
        .arm_endpoint = loopback_origin(server),
        .no_files = true,
    };
    struct kv_session *session = NULL;
    struct kv_error err = { 0 };
    const struct kv_probe *arm;

    assert_int_equal(kv_session_open(&session, &options, &err), KV_OK);
    assert_true(kv_session_mode(session)->read_only);
    kv_session_probe(session, 300);
    while (!has_ended(session)) {
        kv_session_wait(session, NULL, 0, 50);
        kv_session_step(session);
    }
    arm = kv_session_probed(session, KV_SERVICE_ARM);
    if (arm->state != row->state || arm->expected != row->expected ||
        arm->date_s != row->date_s ||
        (row->state == KV_PROBE_FAILED) != (*arm->failure != '\0'))
        fail_with("%s: state %d, code %ld, date %lld, '%s'", row->name,
            (int)arm->state, arm->code, (long long)arm->date_s, arm->failure);
    assert_non_null(strstr(loopback_origin(server), arm->host));
    assert_in_range(loopback_requests(server), 1, 2); /* and Resource Graph */
    for (unsigned i = 0; i < loopback_requests(server); i++) {
        assert_contains(loopback_request(server, i), "GET /");
        assert_lacks(loopback_request(server, i), "uthorization");
    }
    assert_int_equal(
        kv_session_probed(session, KV_SERVICE_LOGIN)->state, KV_PROBE_WAITING);
    kv_session_close(session);
    loopback_free(server);
}

static void test_probes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(probe_rows); i++)
        check_probe(&probe_rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_probes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
