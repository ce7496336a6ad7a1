/* Signing in as an application with a client secret from the environment, by
 * the names that the azure-identity libraries use. */
#include "way.h"

static struct way *secret_open(void)
{
    struct way *way = mem_alloc(sizeof *way);

    way->ops = &way_secret;
    return way;
}

/* An application may have another proof, so that only a lone id is half of
 * this one. */
static bool secret_applies(struct way *way, struct buf *missing)
{
    const char *id = way_getenv(way, "AZURE_CLIENT_ID");
    bool other = way_getenv(way, "AZURE_CLIENT_CERTIFICATE_PATH") ||
                 way_getenv(way, "AZURE_FEDERATED_TOKEN_FILE");

    if (way_getenv(way, "AZURE_CLIENT_SECRET"))
        return way_has_application(way, "AZURE_CLIENT_SECRET", missing);
    if (!id)
        buf_puts(missing,
            "The environment sets no AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.");
    else if (!other || way->port.chosen)
        buf_puts(missing, "The environment sets AZURE_CLIENT_ID but no "
                          "AZURE_CLIENT_SECRET.");
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

    way_put_application(way, &form);
    form_put(&form, "client_secret",
        view_of(way_getenv(way, "AZURE_CLIENT_SECRET")));
    way_put_wish(way, &form, false);
    way_post(way, &(struct way_form){
                      .tenant = way_tenant(way),
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
