/* Which origin an address belongs to, and which addresses are not used. */
#include "http.h"

#include "address.h"
#include "test.h"

struct origin_case {
    const char *url;
    const char *origin; /* NULL: refused */
};

static const struct origin_case origins[] = {
    { "https://management.azure.com/", "https://management.azure.com" },
    { "https://management.azure.com", "https://management.azure.com" },
    { "HTTPS://Management.Azure.COM:443/x?y#z",
        "https://management.azure.com" },
    { "https://management.azure.com:8443/",
        "https://management.azure.com:8443" },
    { "http://127.0.0.1:8080/x", "http://127.0.0.1:8080" },
    { "http://127.1.2.3/", "http://127.1.2.3" },
    { "http://[::1]:80/", "http://[::1]" },
    { "http://localhost:1/", "http://localhost:1" },
    { "http://LOCALHOST/", "http://localhost" },
    { "https://[::1]:8443/", "https://[::1]:8443" },
    { "http://2130706433/", "http://127.0.0.1" },
    { "http://management.azure.com/", NULL },
    { "http://128.0.0.1/", NULL },
    { "http://[::2]/", NULL },
    { "http://localhost.example/", NULL },
    { "http://127.0.0.1.example/", NULL },
    { "https://user@management.azure.com/", NULL },
    { "https://user:word@management.azure.com/", NULL },
    { "https://@management.azure.com/", NULL },
    { "https://[fe80::1%25eth0]/", NULL },
    { "https://man\xc3\xa4gement.azure.com/", NULL },
    { "https://management.azure.com/\r\nX: y", NULL },
    { "https://management.azure.com /", NULL },
    { "ftp://management.azure.com/", NULL },
    { "file:///etc/passwd", NULL },
    { "//management.azure.com/", NULL },
    { "/subscriptions", NULL },
    { "management.azure.com", NULL },
    { "https://", NULL },
    { "", NULL },
    { NULL, NULL },
};

static void test_origins(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(origins); i++) {
        const struct origin_case *row = &origins[i];
        struct buf out = { .limit = 512 };
        struct kv_error err = { 0 };
        enum kv_status status = http_origin(&out, row->url, &err);

        if (row->origin && (status != KV_OK || !view_equal(buf_view(&out),
                                                   view_of(row->origin))))
            fail_with("%s: expected %s, found %s (%s)", row->url, row->origin,
                buf_text(&out), err.text);
        if (!row->origin &&
            (status != KV_BAD_INPUT || !err.text[0] || out.size))
            fail_with("%s: expected a refusal, found %s (%s)", row->url,
                buf_text(&out), err.text);
        buf_done(&out);
    }
}

static void test_refusal_hides_what_is_secret(void **state)
{
    struct buf out = { .limit = 512 };
    struct kv_error err = { 0 };

    (void)state;
    assert_int_equal(
        http_origin(&out, "http://x.example/a?sig=hidden", &err), KV_BAD_INPUT);
    assert_contains(err.text, "http://x.example/a is plain http");
    assert_lacks(err.text, "hidden");
    assert_int_equal(
        http_origin(&out, "https://me:hidden@x.example/", &err), KV_BAD_INPUT);
    assert_lacks(err.text, "hidden");
}

static void test_same_origin(void **state)
{
    (void)state;
    assert_true(http_same_origin(
        "https://management.azure.com/a", "https://MANAGEMENT.azure.com:443"));
    assert_false(http_same_origin(
        "https://management.azure.com", "https://management.azure.com:444"));
    assert_false(http_same_origin("https://management.azure.com",
        "https://management.azure.com.example"));
    assert_false(http_same_origin("http://127.0.0.1", "https://127.0.0.1"));
    assert_false(http_same_origin("nothing", "nothing"));
    assert_false(http_same_origin(NULL, NULL));
}

static void test_loopback(void **state)
{
    (void)state;
    assert_true(address_is_loopback("http://127.0.0.1:8080"));
    assert_true(address_is_loopback("https://[::1]:8443"));
    assert_true(address_is_loopback("http://localhost"));
    assert_false(address_is_loopback("https://management.azure.com"));
    assert_false(address_is_loopback("https://[2001:db8::1]"));
    assert_string_equal(
        address_host("https://127.0.0.1:8443"), "127.0.0.1:8443");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_refusal_hides_what_is_secret),
        cmocka_unit_test(test_same_origin),
        cmocka_unit_test(test_loopback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
