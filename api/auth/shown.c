/* What a person is told about the sign-in. */
#include "shown.h"

#include "claims.h"

#include <string.h>

#define SHOWN_LIMIT 1024

void shown_set(char **owned, const char **seen, const char *text)
{
    char *copy = mem_copy_text(text ? text : "");

    mem_free(*owned);
    *owned = copy;
    *seen = copy;
}

static void set_account(struct shown *shown, const char *text)
{
    shown_set(&shown->account, &shown->sign_in.account, text);
}

static void set_object_id(struct shown *shown, const char *text)
{
    shown_set(&shown->object_id, &shown->sign_in.object_id, text);
}

static void set_tenant(struct shown *shown, const char *text)
{
    shown_set(&shown->tenant, &shown->sign_in.tenant, text);
}

static void set_text(struct shown *shown, const char *text)
{
    shown_set(&shown->text, &shown->sign_in.text, text);
}

void shown_init(struct shown *shown, const char *tenant)
{
    *shown = (struct shown){ .sign_in = { .method = "" } };
    set_account(shown, "");
    set_object_id(shown, "");
    set_tenant(shown, tenant);
    set_text(shown, "Nobody is signed in yet.");
    shown_clear_code(shown);
}

void shown_done(struct shown *shown)
{
    mem_free(shown->account);
    mem_free(shown->object_id);
    mem_free(shown->tenant);
    mem_free(shown->text);
    mem_free(shown->reason);
    mem_free(shown->user_code);
    mem_free(shown->verification_uri);
    *shown = (struct shown){ 0 };
}

/* A person's name, or an application's with its id, or what the way knows. */
static void put_account(
    struct buf *out, const struct claims *claims, const struct grant *grant)
{
    const char *id = grant->account ? grant->account : claims->app_id;

    if (claims->user && !grant->account)
        buf_puts(out, claims->user);
    else if (claims->app_name && id)
        buf_putf(out, "%s (%s)", claims->app_name, id);
    else if (id)
        buf_puts(out, id);
}

void shown_set_who(struct shown *shown, const char *method,
    const struct grant *grant, const char *tenant)
{
    struct buf account = { .limit = SHOWN_LIMIT };
    struct buf text = { .limit = SHOWN_LIMIT };
    struct claims claims;

    claims_read(&claims, hidden_view(&grant->access));
    put_account(&account, &claims, grant);
    set_account(shown, buf_text(&account));
    set_object_id(shown, claims.object_id);
    shown->sign_in.method = method;
    if (claims.tenant)
        set_tenant(shown, claims.tenant);
    else if (grant->tenant)
        set_tenant(shown, grant->tenant);
    else
        set_tenant(shown, tenant);
    buf_putf(&text, "Signed in%s%s by %s.", account.size > 0 ? " as " : "",
        buf_text(&account), method);
    set_text(shown, buf_text(&text));
    shown_clear_code(shown);
    claims_done(&claims);
    buf_done(&account);
    buf_done(&text);
}

void shown_set_code(
    struct shown *shown, struct device_code code, const char *reason)
{
    struct buf text = { .limit = SHOWN_LIMIT };

    shown->sign_in.method = way_device.name;
    shown->sign_in.expires_at_s = code.expires_at_s;
    shown_set(&shown->user_code, &shown->sign_in.user_code, code.user_code);
    shown_set(&shown->verification_uri, &shown->sign_in.verification_uri,
        code.verification_uri);
    shown_set(&shown->reason, &shown->sign_in.reason, reason);
    if (*reason)
        buf_putf(&text, "%s ", reason);
    buf_putf(&text, "Open %s in a browser on any device and enter the code %s.",
        code.verification_uri, code.user_code);
    set_text(shown, buf_text(&text));
    buf_done(&text);
}

void shown_clear_code(struct shown *shown)
{
    shown->sign_in.expires_at_s = 0;
    shown_set(&shown->reason, &shown->sign_in.reason, "");
    shown_set(&shown->user_code, &shown->sign_in.user_code, "");
    shown_set(&shown->verification_uri, &shown->sign_in.verification_uri, "");
}
