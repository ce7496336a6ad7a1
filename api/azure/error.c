/* ARM's error envelope: {"error":{"code","message"}}, or the two at the top
 * level, as some providers answer. */
#include "azure.h"

#include "plane_error.h"

#include <string.h>

/* "... to perform action 'Microsoft.X/y/read' over scope ...": the message is
 * the only place that names it. */
static struct view action_of(struct view message)
{
    static const char mark[] = "action '";
    struct view rest = message;

    while (rest.size > sizeof mark - 1) {
        if (memcmp(rest.data, mark, sizeof mark - 1) == 0) {
            rest.data += sizeof mark - 1;
            rest.size -= sizeof mark - 1;
            return view_cut(&rest, '\'');
        }
        rest.data++;
        rest.size--;
    }
    return (struct view){ NULL, 0 };
}

void azure_error_parse(struct azure_error *error, struct view body)
{
    const json_t *inner;

    *error = (struct azure_error){ 0 };
    error->body =
        json_loadb(body.data ? body.data : "", body.size, JSON_ALLOW_NUL, NULL);
    inner = field(error->body, "error");
    if (!json_is_object(inner))
        inner = error->body;
    error->code = field_text(inner, "code");
    error->message = field_text(inner, "message");
    error->inner = field_text(inner, "innererror.code");
    error->action = action_of(error->message);
}

void azure_error_done(struct azure_error *error)
{
    json_decref(error->body);
    *error = (struct azure_error){ 0 };
}

static enum kv_status status_of(long code)
{
    static const struct {
        long code;
        enum kv_status status;
    } rows[] = {
        { 401, KV_SIGN_IN },
        { 403, KV_DENIED },
        { 404, KV_NOT_FOUND },
        { 409, KV_CONFLICT },
        { 412, KV_CONFLICT },
        { 429, KV_THROTTLED },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return rows[i].status;
    return code >= 300 && code < 400 ? KV_FOREIGN_HOST : KV_SERVICE;
}

/* A provider that a subscription never used answers nothing, whatever the
 * caller may read: Azure Resource Manager's error reference. Nor does
 * Privileged Identity Management where the tenant has no licence for it: nobody
 * can be eligible there. */
static bool is_unregistered(struct view code)
{
    static const char *const codes[] = { "MissingSubscriptionRegistration",
        "SubscriptionNotRegistered", "NoRegisteredProviderFound",
        "AadPremiumLicenseRequired" };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (view_equal_nocase(code, view_of(codes[i])))
            return true;
    return false;
}

enum kv_status azure_error_set(
    struct kv_error *err, long code, struct view body, const char *what)
{
    enum kv_status status = status_of(code);
    struct buf needs = { .limit = 400 };
    struct azure_error error;

    azure_error_parse(&error, body);
    if (is_unregistered(error.code))
        status = KV_UNREGISTERED;
    if (status == KV_DENIED && plane_error_needs(&needs, &error))
        kv_error_set(err, status, "%s: not permitted; it needs %s", what,
            buf_text(&needs));
    else if (status == KV_DENIED && error.action.size > 0)
        kv_error_set(err, status, "%s: not permitted; it needs %.*s", what,
            (int)error.action.size, error.action.data);
    else if (status == KV_FOREIGN_HOST)
        kv_error_set(err, status,
            "%s: redirected (%ld); not followed, no token was sent", what,
            code);
    else if (error.message.size > 0)
        kv_error_set(err, status, "%s: %ld %.*s: %.*s", what, code,
            (int)error.code.size, error.code.data, (int)error.message.size,
            error.message.data);
    else
        kv_error_set(err, status, "%s: Azure answered %ld", what, code);
    buf_done(&needs);
    azure_error_done(&error);
    return status;
}
