/* What every way to sign in needs: the environment, the form, the answer. */
#include "way.h"

#include "errors.h"

#include <string.h>

#define TOKEN_ANSWER_LIMIT (256u << 10)
#define TOKEN_TIMEOUT_MS 30000

const char *way_getenv(const struct way *way, const char *name)
{
    size_t size = strlen(name);

    for (char **each = way->port.environment; each && *each; each++)
        if (strncmp(*each, name, size) == 0 && (*each)[size] == '=')
            return (*each)[size + 1] ? *each + size + 1 : NULL;
    return NULL;
}

bool way_tenant_is_plain(const char *tenant)
{
    size_t size = strlen(tenant);

    return size > 0 && size < 254 &&
           strspn(tenant, "abcdefghijklmnopqrstuvwxyz"
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == size;
}

const char *way_tenant(const struct way *way)
{
    return way->port.tenant ? way->port.tenant
                            : way_getenv(way, "AZURE_TENANT_ID");
}

void way_put_wish(const struct way *way, struct form *form, bool offline)
{
    struct buf scope = { .limit = 1024 };
    struct view audience = view_of(way->wish.audience);

    if (audience.size > 0 && audience.data[audience.size - 1] == '/')
        audience.size--;
    buf_put(&scope, audience);
    buf_puts(&scope, "/.default");
    if (offline)
        buf_puts(&scope, " offline_access");
    form_put(form, "scope", buf_view(&scope));
    buf_done(&scope);
    if (way->wish.claims)
        form_put(form, "claims", view_of(way->wish.claims));
}

/* ---- applications ---- */

bool way_has_application(
    const struct way *way, const char *proof, struct buf *missing)
{
    const char *tenant = way_tenant(way);

    if (!way_getenv(way, "AZURE_CLIENT_ID"))
        buf_putf(
            missing, "The environment sets %s but no AZURE_CLIENT_ID.", proof);
    else if (!tenant)
        buf_putf(
            missing, "The environment sets %s but no AZURE_TENANT_ID.", proof);
    else if (!way_tenant_is_plain(tenant))
        buf_puts(missing, "AZURE_TENANT_ID is neither a GUID nor a domain.");
    else
        return true;
    return false;
}

void way_put_application(const struct way *way, struct form *form)
{
    form_put(form, "grant_type", view_of("client_credentials"));
    form_put(form, "client_id", view_of(way_getenv(way, "AZURE_CLIENT_ID")));
}

void way_put_assertion(struct form *form, struct view assertion)
{
    form_put(form, "client_assertion_type",
        view_of("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    form_put(form, "client_assertion", assertion);
}

/* ---- asking Entra ---- */

void way_put_endpoint(const struct way *way, struct buf *out,
    const char *tenant, const char *endpoint)
{
    buf_putf(
        out, "%s/%s/oauth2/v2.0/%s", way->port.cloud->login, tenant, endpoint);
}

void way_post(struct way *way, const struct way_form *form)
{
    struct buf url = { .limit = 1024 };

    way_put_endpoint(way, &url, form->tenant, form->endpoint);
    way->request =
        http_start(way->port.http, &(struct http_request){
                                       .method = HTTP_POST,
                                       .url = buf_text(&url),
                                       .content_type = FORM_TYPE,
                                       .body = form_view(form->form),
                                       .secret_body = true,
                                       .interactive = true,
                                       .repeatable = form->repeatable,
                                       .timeout_ms = TOKEN_TIMEOUT_MS,
                                       .answer_limit = TOKEN_ANSWER_LIMIT,
                                       .done = form->done,
                                       .context = way,
                                   });
    buf_done(&url);
}

void way_cancel(struct way *way)
{
    uint64_t request = way->request;

    way->request = 0;
    if (request) /* else the transport may be gone already */
        http_cancel(way->port.http, request);
}

void way_fail(struct way *way, const struct kv_error *err)
{
    way->port.done(way->port.context, NULL, err);
}

void way_take_answer(struct way *way, const struct http_answer *answer,
    const char *what, const char *account)
{
    struct grant grant = { 0 };
    struct refusal refusal;
    struct kv_error err = { 0 };
    enum kv_status status;

    if (answer->status == KV_OK && answer->code == 200) {
        status = grant_decode(&grant, answer->body, clock_now_s(), &err);
    } else {
        refusal_read(&refusal, answer->body);
        status = refusal_explain(&refusal, what, answer, &err);
    }
    if (status == KV_OK) {
        grant.account = mem_copy_text(account);
        way->port.done(way->port.context, &grant, NULL);
    } else {
        way_fail(way, &err);
    }
    grant_done(&grant);
}
