/* Signing in as an application with a token of another issuer: workload
 * identity, as the webhook of Kubernetes sets it up. */
#include "way.h"

#include "file.h"

#define TOKEN_LIMIT 16384 /* bytes; projected tokens have one or two thousand */

static struct way *federated_open(void)
{
    struct way *way = mem_alloc(sizeof *way);

    way->ops = &way_federated;
    return way;
}

static void federated_close(struct way *way)
{
    mem_free(way);
}

static bool federated_applies(struct way *way, struct buf *missing)
{
    if (way_getenv(way, "AZURE_FEDERATED_TOKEN_FILE"))
        return way_has_application(way, "AZURE_FEDERATED_TOKEN_FILE", missing);
    if (way->port.chosen)
        buf_puts(
            missing, "The environment sets no AZURE_FEDERATED_TOKEN_FILE.");
    return false;
}

static bool is_token(struct view text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~')
            return false;
    return text.size > 0;
}

static void federated_done(void *context, const struct http_answer *answer)
{
    struct way *way = context;

    way->request = 0;
    if (answer->status != KV_CANCELLED)
        way_take_answer(way, answer, "the sign-in with a workload identity",
            way_getenv(way, "AZURE_CLIENT_ID"));
}

static void federated_post(struct way *way, struct view token)
{
    struct form form = { 0 };

    way_put_application(way, &form);
    way_put_assertion(&form, token);
    way_put_wish(way, &form, false);
    way_post(way, &(struct way_form){
                      .tenant = way_tenant(way),
                      .endpoint = "token",
                      .form = &form,
                      .repeatable = true,
                      .done = federated_done,
                  });
    form_done(&form);
}

/* The file is written anew about every hour, so it is read for every token. */
static void federated_ask(struct way *way)
{
    const char *path = way_getenv(way, "AZURE_FEDERATED_TOKEN_FILE");
    struct hidden text = { 0 };
    struct kv_error err = { 0 };
    enum kv_status status = file_read(&text, path, TOKEN_LIMIT, &err);
    struct view token = view_trim(hidden_view(&text));

    if (status == KV_OK && !is_token(token))
        status = kv_error_set(&err, KV_SIGN_IN,
            "the file %.200s, which AZURE_FEDERATED_TOKEN_FILE names, holds no "
            "token",
            path);
    if (status == KV_OK)
        federated_post(way, token);
    else
        way_fail(way, &err);
    hidden_done(&text);
}

const struct way_ops way_federated = {
    .name = "workload identity",
    .exclusive = true,
    .open = federated_open,
    .close = federated_close,
    .applies = federated_applies,
    .ask = federated_ask,
    .stop = way_cancel,
};
