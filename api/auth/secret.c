/* Signing in as an application with a client secret from the environment, by
 * the names that the azure-identity libraries use. */
#include "way.h"

static struct way *secret_open(void)
{
    struct way *way = mem_alloc(sizeof *way);

    way->ops = &way_secret;
    return way;
}

static const char *secret_tenant(const struct way *way)
{
    return way->port.tenant ? way->port.tenant
                            : way_getenv(way, "AZURE_TENANT_ID");
}

static bool secret_applies(struct way *way, struct buf *missing)
{
    const char *id = way_getenv(way, "AZURE_CLIENT_ID");
    const char *secret = way_getenv(way, "AZURE_CLIENT_SECRET");
    const char *tenant = secret_tenant(way);

    if (!id && !secret)
        buf_puts(missing,
            "The environment sets no AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.");
    else if (!secret)
        buf_puts(missing, "The environment sets AZURE_CLIENT_ID but no "
                          "AZURE_CLIENT_SECRET.");
    else if (!id)
        buf_puts(missing, "The environment sets AZURE_CLIENT_SECRET but no "
                          "AZURE_CLIENT_ID.");
    else if (!tenant)
        buf_puts(missing, "The environment sets a client secret but no "
                          "AZURE_TENANT_ID.");
    else if (!way_tenant_is_plain(tenant))
        buf_puts(missing, "AZURE_TENANT_ID is neither a GUID nor a domain.");
    else
        return true;
    return false;
}

static void secret_done(void *context, const struct http_answer *answer)
{
    struct way *way = context;

    way->request = 0;
    if (answer->status != KV_CANCELLED)
        way_take_answer(way, answer, "the sign-in with a client secret",
            way_getenv(way, "AZURE_CLIENT_ID"));
}

static void secret_ask(struct way *way)
{
    struct form form = { 0 };

    form_put(&form, "grant_type", view_of("client_credentials"));
    form_put(&form, "client_id", view_of(way_getenv(way, "AZURE_CLIENT_ID")));
    form_put(&form, "client_secret",
        view_of(way_getenv(way, "AZURE_CLIENT_SECRET")));
    way_put_scope(way, &form, false);
    way_post(way, &(struct way_form){
                      .tenant = secret_tenant(way),
                      .endpoint = "token",
                      .form = &form,
                      .repeatable = true,
                      .done = secret_done,
                  });
    form_done(&form);
}

static void secret_close(struct way *way)
{
    mem_free(way);
}

const struct way_ops way_secret = {
    .name = "client secret",
    .exclusive = true,
    .open = secret_open,
    .close = secret_close,
    .applies = secret_applies,
    .ask = secret_ask,
    .stop = way_cancel,
};
