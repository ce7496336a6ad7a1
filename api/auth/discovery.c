/* Discovery: which cloud this is, from the table, from its ARM and from what
 * the environment says about the login host. */
#include "auth_inside.h"

#include "cloud.h"

#define DISCOVERY_LIMIT (1u << 20) /* bytes */

static void cloud_failed(struct auth *auth, const struct kv_error *err)
{
    chain_put_tried(auth, err->text);
    chain_give_up(auth, KV_SIGN_IN_FAILED, err->status, "");
}

static void discover(struct auth *auth);

static void cloud_settled(struct auth *auth)
{
    struct kv_error err = { 0 };

    if (cloud_set_authority(&auth->cloud,
            way_getenv(auth->ways[0], "AZURE_AUTHORITY_HOST"), &err) != KV_OK) {
        cloud_failed(auth, &err);
        return;
    }
    auth->cloud_known = true;
    chain_begin(auth);
}

static void discovered(void *context, const struct http_answer *answer)
{
    struct auth *auth = context;
    struct auth_cloud found = { 0 };
    struct kv_error err = answer->error;

    auth->discovery = 0;
    if (answer->status == KV_CANCELLED)
        return;
    if (answer->status == KV_OK && answer->code != 200)
        kv_error_set(&err, KV_PROTOCOL,
            "%s/metadata/endpoints answered with HTTP %ld; check the ARM "
            "endpoint",
            auth->cloud.arm, answer->code);
    else if (answer->status == KV_OK && cloud_decode(&found, auth->cloud.arm,
                                            answer->body, &err) == KV_OK) {
        cloud_copy(&auth->cloud, &found);
        cloud_done(&found);
        auth->garbled = 0;
        cloud_settled(auth);
        return;
    }
    if (auth_may_repeat(
            auth, answer->status == KV_OK ? KV_PROTOCOL : answer->status))
        discover(auth);
    else
        cloud_failed(auth, &err);
}

static void discover(struct auth *auth)
{
    struct buf url = { .limit = 1024 };

    buf_putf(
        &url, "%s/metadata/endpoints?api-version=2022-09-01", auth->cloud.arm);
    auth->discovery =
        http_start(auth->http, &(struct http_request){
                                   .method = HTTP_GET,
                                   .url = buf_text(&url),
                                   .interactive = true,
                                   .answer_limit = DISCOVERY_LIMIT,
                                   .done = discovered,
                                   .context = auth,
                               });
    buf_done(&url);
}

/* What is known without asking anybody: a row of the table, or an address. */
void discovery_prepare(struct auth *auth)
{
    const struct auth_cloud *known = cloud_find(auth->arm);
    struct buf origin = { .limit = 1024 };

    if (known) {
        cloud_copy(&auth->cloud, known);
    } else {
        if (http_origin(&origin, auth->arm, NULL) != KV_OK || origin.failed)
            buf_clear(&origin);
        cloud_copy(&auth->cloud,
            &(struct auth_cloud){ .name = "", .arm = buf_text(&origin) });
    }
    buf_done(&origin);
}

void discovery_start(struct auth *auth)
{
    struct kv_error err = { 0 };
    struct buf origin = { .limit = 1024 };

    chain_clear_tried(auth);
    shown_clear_code(&auth->shown);
    auth_tell(auth, KV_SIGN_IN_STARTING);
    if (auth->tenant && !way_tenant_is_plain(auth->tenant)) {
        kv_error_set(&err, KV_BAD_CONFIG,
            "the tenant \"%s\" is neither a GUID nor a domain: correct --tenant or "
            "AZURE_TENANT_ID",
            auth->tenant);
        cloud_failed(auth, &err);
    } else if (auth->choice_error.status != KV_OK) {
        cloud_failed(auth, &auth->choice_error);
    } else if (auth->cloud_known) {
        chain_begin(auth);
    } else if (cloud_find(auth->arm)) {
        cloud_settled(auth);
    } else if (http_origin(&origin, auth->arm, &err) != KV_OK) {
        cloud_failed(auth, &err);
    } else {
        discover(auth);
    }
    buf_done(&origin);
}

void discovery_stop(struct auth *auth)
{
    uint64_t discovery = auth->discovery;

    auth->discovery = 0;
    if (discovery) /* else the transport may be gone already */
        http_cancel(auth->http, discovery);
}
