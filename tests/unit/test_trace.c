/* What is told of a request: whom it was for, and only what is harmless. */
#include "inside.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define ARM "https://management.azure.com"
#define SUBSCRIPTION "/subscriptions/1efdfa4c-1db1-4e35-8d2c-3a665f62c412"

struct row {
    const char *origin;
    const char *path;
    const char *provider;
    const char *line;
};

static const struct row rows[] = {
    { ARM, SUBSCRIPTION "/providers/Microsoft.KeyVault/vaults",
        "Microsoft.KeyVault",
        "GET management.azure.com" SUBSCRIPTION
        "/providers/Microsoft.KeyVault/vaults 200, 7 bytes, 5 ms" },
    { ARM,
        "/subscriptions/s/providers/Microsoft.KeyVault/vaults/v/providers/"
        "microsoft.insights/diagnosticSettings",
        "microsoft.insights", NULL },
    { ARM, SUBSCRIPTION, "Microsoft.Resources", NULL },
    { ARM, "/batch", "batch", NULL },
    { ARM, "/metadata/endpoints", "endpoints", NULL },
    { "https://login.microsoftonline.com", "/t/oauth2/v2.0/token", "login",
        NULL },
    { "http://169.254.169.254", "/metadata/identity/oauth2/token",
        "managed identity", NULL },
    { "https://login.microsoftonline.com", "/common/discovery", "login", NULL },
    { "https://graph.microsoft.com", "/v1.0/groups/g/transitiveMembers",
        "Microsoft Graph", NULL },
    { "https://api.loganalytics.azure.com", "/v1/workspaces/w/query",
        "Log Analytics", NULL },
    { "https://kv-pay.vault.azure.net", "/keys/payroll/versions",
        "kv-pay.vault.azure.net",
        "GET kv-pay.vault.azure.net/keys/payroll/versions 200, 7 bytes, "
        "5 ms" },
    /* What a secret is called may say what it opens. */
    { "https://kv-pay.vault.azure.net", "/secrets/root-password/versions",
        "kv-pay.vault.azure.net",
        "GET kv-pay.vault.azure.net/secrets/*/versions 200, 7 bytes, 5 ms" },
    { "https://kv-pay.vault.azure.net", "/deletedsecrets/root-password",
        "kv-pay.vault.azure.net",
        "GET kv-pay.vault.azure.net/deletedsecrets/* 200, 7 bytes, 5 ms" },
    { ARM, "/subscriptions/s/providers/Microsoft.KeyVault/vaults/v/secrets/p",
        "Microsoft.KeyVault",
        "GET management.azure.com/subscriptions/s/providers/"
        "Microsoft.KeyVault/vaults/v/secrets/* 200, 7 bytes, 5 ms" },
    /* A next page's address is a stranger's text. */
    { ARM, "/subscriptions/\033[31m\342\200\256/x", "Microsoft.Resources",
        "GET management.azure.com/subscriptions/<U+001B>[31m<U+202E>/x 200, "
        "7 bytes, 5 ms" },
    { ARM, "/providers/Micro\rsoft/x", "Micro<U+000D>soft",
        "GET management.azure.com/providers/Micro<U+000D>soft/x 200, 7 bytes, "
        "5 ms" },
};

struct seen {
    char provider[64];
    struct buf line;
};

static void see(void *context, const struct kv_trace *trace)
{
    struct seen *seen = context;

    snprintf(seen->provider, sizeof seen->provider, "%s", trace->provider);
    trace_put_line(&seen->line, trace);
}

static void check_row(struct kv_session *session, const struct row *row)
{
    struct seen seen = { .line = { .limit = 4096 } };

    session->options.trace = see;
    session->options.trace_context = &seen;
    trace_request(session, &(struct http_trace){
                               .method = HTTP_GET,
                               .origin = row->origin,
                               .path = view_of(row->path),
                               .code = 200,
                               .error = "",
                               .bytes = 7,
                               .elapsed_ms = 5,
                           });
    if (strcmp(seen.provider, row->provider) != 0 ||
        (row->line && strcmp(buf_text(&seen.line), row->line) != 0))
        fail_with("%s%s: '%s', '%s', expected '%s', '%s'", row->origin,
            row->path, seen.provider, buf_text(&seen.line), row->provider,
            row->line);
    buf_done(&seen.line);
}

static void test_rows(void **state)
{
    char *none[] = { NULL };
    struct kv_session session = {
        .auth = auth_new(&(struct auth_options){ .environment = none }),
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        check_row(&session, &rows[i]);
    auth_free(session.auth);
}

/* Inside of a batch there is no host and no time of its own; the transport
 * takes the query away. */
static void test_inside(void **state)
{
    char *none[] = { NULL };
    struct seen seen = { .line = { .limit = 4096 } };
    struct kv_session session = {
        .auth = auth_new(&(struct auth_options){ .environment = none }),
        .options = { .trace = see, .trace_context = &seen },
    };
    struct http *http = http_new(&(struct http_options){
        .trace = trace_request,
        .trace_context = &session,
    });

    (void)state;
    http_take_part(http,
        &(struct http_part){
            .origin = ARM,
            .path = "/subscriptions/s/providers/Microsoft.Authorization/locks"
                    "?api-version=2020-05-01",
            .code = 403,
            .bytes = 9,
            .left = "",
            .retry_after = "",
        });
    assert_string_equal(seen.provider, "Microsoft.Authorization");
    assert_string_equal(buf_text(&seen.line),
        "  GET /subscriptions/s/providers/Microsoft.Authorization/locks 403, "
        "9 bytes");
    buf_done(&seen.line);
    http_free(http);
    auth_free(session.auth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_inside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
