/* Pages of answers: what is taken, what is refused, and where the next one
 * is. */
#include "test.h"

#include "azure.h"

#include <string.h>

#define VAULT                                                                  \
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/"   \
    "providers/Microsoft.KeyVault/vaults/kv-a"

static enum kv_status take(
    struct kv_estate *estate, enum azure_read read, const char *body)
{
    const struct azure_context context = { estate, VAULT, 7 };
    struct azure_page page;
    struct kv_error err;
    enum kv_status status = azure_page_open(&page, read, view_of(body), &err);

    while (status == KV_OK && !azure_page_ended(&page))
        status = azure_page_take(&page, read, &context, 1, &err);
    if (status == KV_OK)
        azure_page_done(&page);
    else if (page.body)
        azure_page_done(&page);
    return status;
}

static void bodies(void **state)
{
    static const struct {
        const char *name;
        const char *body;
        enum kv_status status;
        uint32_t count;
    } rows[] = {
        { "empty list", "{\"value\":[]}", KV_OK, 0 },
        { "one vault", "{\"value\":[{\"id\":\"" VAULT "\",\"properties\":{}}]}",
            KV_OK, 1 },
        { "rows as objects",
            "{\"data\":[{\"id\":\"" VAULT "\",\"properties\":{}}]}", KV_OK, 1 },
        { "rows as a table",
            "{\"data\":{\"columns\":[{\"name\":\"id\"},{\"name\":"
            "\"properties\"}],\"rows\":[[\"" VAULT "\",{}]]}}",
            KV_OK, 1 },
        { "blanks wherever they may be",
            " { \"a\" : [ 1 ] ,\n\"value\" : [ {\"id\":\"" VAULT
            "\" , \"properties\":{}} , {\"id\":\"" VAULT
            "-b\",\"properties\":{} } ] , \"b\" : \"]}\" } ",
            KV_OK, 2 },
        { "an empty list with a blank", "{\"value\":[ ]}", KV_OK, 0 },
        { "brackets and quotes in a text",
            "{\"value\":[{\"id\":\"" VAULT
            "\",\"location\":\"\\\"]},{[\\\\\",\"properties\":{}}]}",
            KV_OK, 1 },
        { "a list of the same name further in",
            "{\"a\":{\"value\":[7]},\"value\":[{\"id\":\"" VAULT
            "\",\"properties\":{}}]}",
            KV_OK, 1 },
        { "rows before values",
            "{\"value\":[7],\"data\":[{\"id\":\"" VAULT
            "\",\"properties\":{}}]}",
            KV_OK, 1 },
        { "a comma too many",
            "{\"value\":[{\"id\":\"" VAULT "\",\"properties\":{}},]}",
            KV_PROTOCOL, 0 },
        { "a comma too few", "{\"value\":[{}{}]}", KV_PROTOCOL, 0 },
        { "a comma alone", "{\"value\":[,]}", KV_PROTOCOL, 0 },
        { "brackets that do not match", "{\"value\":[{]}}", KV_PROTOCOL, 0 },
        { "more behind the end", "{\"value\":[]} x", KV_PROTOCOL, 0 },
        { "a text that does not end", "{\"value\":[],\"a\":\"", KV_PROTOCOL,
            0 },
        { "a member without a value", "{\"value\":[],\"a\":}", KV_PROTOCOL, 0 },
        { "no list", "{}", KV_PROTOCOL, 0 },
        { "an array", "[]", KV_PROTOCOL, 0 },
        { "not JSON", "<html>", KV_PROTOCOL, 0 },
        { "nothing", "", KV_PROTOCOL, 0 },
        { "cut off", "{\"value\":[{\"id\":\"", KV_PROTOCOL, 0 },
        { "an item without an id", "{\"value\":[{\"properties\":{}}]}",
            KV_PROTOCOL, 0 },
        { "an item that is no object", "{\"value\":[7]}", KV_PROTOCOL, 0 },
        { "properties of another type",
            "{\"value\":[{\"id\":\"" VAULT "\",\"properties\":[]}]}",
            KV_PROTOCOL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_estate *estate = estate_new();
        enum kv_status status = take(estate, AZURE_VAULTS, rows[i].body);

        if (status != rows[i].status ||
            kv_estate_resource_count(estate) != rows[i].count)
            fail_with("%s: expected %d and %u, got %d and %u", rows[i].name,
                (int)rows[i].status, rows[i].count, (int)status,
                kv_estate_resource_count(estate));
        estate_free(estate);
    }
}

static void next_pages(void **state)
{
    static const struct {
        const char *body;
        const char *link;
        const char *token;
    } rows[] = {
        { "{\"value\":[]}", "", "" },
        { "{\"value\":[],\"nextLink\":null}", "", "" },
        { "{\"value\":[],\"nextLink\":\"https://a/?%24skiptoken=x\"}",
            "https://a/?%24skiptoken=x", "" },
        { "{\"value\":[],\"@nextLink\":\"https://a/2\"}", "https://a/2", "" },
        { "{\"value\":[],\"@odata.nextLink\":\"https://a/3\"}", "https://a/3",
            "" },
        { "{\"data\":[],\"$skipToken\":\"t\"}", "", "t" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct azure_page page;
        struct kv_error err;

        assert_int_equal(
            azure_page_open(&page, AZURE_VAULTS, view_of(rows[i].body), &err),
            KV_OK);
        assert_true(
            view_equal(azure_page_next_link(&page), view_of(rows[i].link)));
        assert_true(
            view_equal(azure_page_skip_token(&page), view_of(rows[i].token)));
        azure_page_done(&page);
    }
}

/* A zero inside a text hides nothing behind it. */
static void zero_in_a_tag(void **state)
{
    struct kv_estate *estate = estate_new();

    (void)state;
    assert_int_equal(take(estate, AZURE_VAULTS,
                         "{\"value\":[{\"id\":\"" VAULT
                         "\",\"location\":\"a\\u0000b\",\"properties\":{}}]}"),
        KV_OK);
    assert_string_equal(kv_estate_resource(estate, 0)->location, "a<U+0000>b");
    estate_free(estate);
}

/* An empty list is an answer: there are no settings. */
static void no_diagnostic_settings(void **state)
{
    struct kv_estate *estate = estate_new();

    (void)state;
    assert_int_equal(take(estate, AZURE_DIAGNOSTICS, "{\"value\":[]}"), KV_OK);
    assert_int_equal(kv_estate_resource(estate, 0)->diagnostics_status.state,
        KV_FACET_READY);
    estate_free(estate);
}

static void errors(void **state)
{
    static const struct {
        long code;
        const char *body;
        enum kv_status status;
        const char *part;
    } rows[] = {
        { 403,
            "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The "
            "client 'x' does not have authorization to perform action "
            "'Microsoft.KeyVault/vaults/read' over scope '/s'\"}}",
            KV_DENIED, "it needs Microsoft.KeyVault/vaults/read" },
        { 404, "{\"code\":\"NotFound\",\"message\":\"gone\"}", KV_NOT_FOUND,
            "404 NotFound: gone" },
        { 429, "", KV_THROTTLED, "Azure answered 429" },
        { 500, "<html>", KV_SERVICE, "Azure answered 500" },
        { 307, "", KV_FOREIGN_HOST, "no token was sent" },
        { 409, "{\"error\":{\"code\":\"ScopeLocked\"}}", KV_CONFLICT,
            "Azure answered 409" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_error err;

        assert_int_equal(azure_error_set(&err, rows[i].code,
                             view_of(rows[i].body), "vaults"),
            rows[i].status);
        assert_contains(err.text, rows[i].part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies),
        cmocka_unit_test(next_pages),
        cmocka_unit_test(zero_in_a_tag),
        cmocka_unit_test(no_diagnostic_settings),
        cmocka_unit_test(errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
