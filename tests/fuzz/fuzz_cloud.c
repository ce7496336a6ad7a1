/* What an ARM says of its cloud: of any answer comes a cloud whose tokens go
 * only where that cloud has its vaults. */
#include "fuzz.h"

#include "cloud.h"

#define ARM "https://arm.contoso.example"

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text);
    size_t tail = strlen(end);

    return tail > 1 && size > tail &&
           text_equal_nocase(text + size - tail, end);
}

/* Hosts of other people's, by every way of looking like one's own. */
static void check_bound(
    const struct auth_cloud *cloud, enum auth_audience audience)
{
    static const char *const origins[] = { "https://kv-pay.evil.example",
        "https://evil.example/kv-pay.vault.azure.net",
        "https://kv-pay.vault.azure.net",
        "https://kv-pay.vault.contoso.example",
        "https://evil.examplevault.contoso.example" };
    const char *suffix =
        audience == AUTH_VAULT ? cloud->vault_suffix : cloud->hsm_suffix;

    for (size_t i = 0; i < LENGTH(origins); i++) {
        struct buf origin = { .limit = 4096 };

        if (cloud_bind(&origin, cloud, audience, origins[i], NULL) == KV_OK)
            fuzz_check(ends_with(buf_text(&origin), suffix));
        buf_done(&origin);
    }
}

static void check_cloud(const struct auth_cloud *cloud)
{
    struct buf origin = { .limit = 4096 };

    fuzz_check(cloud->name && cloud->arm && cloud->portal);
    fuzz_check(http_same_origin(cloud->arm, ARM));
    fuzz_check(http_same_origin(cloud->login, cloud->login));
    check_bound(cloud, AUTH_VAULT);
    check_bound(cloud, AUTH_HSM);
    for (unsigned i = 0; i < AUTH_AUDIENCE_COUNT; i++)
        fuzz_check(cloud_audience(cloud, (enum auth_audience)i) != NULL);
    if (cloud_bind(&origin, cloud, AUTH_ARM, NULL, NULL) == KV_OK)
        fuzz_check(http_same_origin(buf_text(&origin), ARM));
    buf_done(&origin);
}

static void check_authority(const char *authority)
{
    struct auth_cloud cloud = { 0 };
    struct kv_error err = { 0 };

    cloud_copy(&cloud, cloud_find(NULL));
    if (cloud_set_authority(&cloud, authority, &err) == KV_OK)
        fuzz_check(http_same_origin(cloud.login, cloud.login));
    else
        fuzz_check(err.text[0] != '\0');
    (void)cloud_find_login(authority);
    (void)cloud_find_name(authority);
    cloud_done(&cloud);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view body = fuzz_view(data, size);
    struct auth_cloud cloud = { 0 };
    struct kv_error err = { 0 };
    char *text = fuzz_text(body);

    if (cloud_decode(&cloud, ARM, body, &err) == KV_OK)
        check_cloud(&cloud);
    else
        fuzz_check(err.status == KV_PROTOCOL);
    cloud_done(&cloud);
    check_authority(text);
    mem_free(text);
    return 0;
}
