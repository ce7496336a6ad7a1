/* Decoding a page of 1,000 vaults from Resource Graph, over the time that
 * jansson takes to parse the same text. */
#include "bench.h"

#include <jansson.h>
#include <time.h>

#include "azure.h"
#include "estate.h"

#define ROWS 1000
#define ROUNDS 20

/* The members of a vault as Resource Graph returns them. */
static void put_row(struct buf *out, unsigned number)
{
    buf_putf(out,
        "%s{\"id\":\"/subscriptions/00000000-0000-4000-8000-%012u/"
        "resourceGroups/rg-%u/providers/Microsoft.KeyVault/vaults/"
        "kv-bench-%06u\",\"name\":\"kv-bench-%06u\",\"type\":"
        "\"microsoft.keyvault/vaults\",\"location\":\"westeurope\","
        "\"subscriptionId\":\"00000000-0000-4000-8000-%012u\","
        "\"resourceGroup\":\"rg-%u\",\"tags\":{\"environment\":\"prod\","
        "\"owner\":\"payments\"},\"properties\":{\"sku\":{\"family\":\"A\","
        "\"name\":\"standard\"},\"tenantId\":"
        "\"00000000-0000-4000-8000-000000000001\",\"accessPolicies\":[],"
        "\"enabledForDeployment\":false,\"enableSoftDelete\":true,"
        "\"softDeleteRetentionInDays\":90,\"enableRbacAuthorization\":true,"
        "\"enablePurgeProtection\":true,\"vaultUri\":"
        "\"https://kv-bench-%06u.vault.azure.net/\",\"provisioningState\":"
        "\"Succeeded\",\"publicNetworkAccess\":\"Enabled\",\"networkAcls\":{"
        "\"bypass\":\"AzureServices\",\"defaultAction\":\"Deny\",\"ipRules\":[{"
        "\"value\":\"203.0.113.0/24\"}],\"virtualNetworkRules\":[]},"
        "\"privateEndpointConnections\":[]},\"systemData\":{\"createdAt\":"
        "\"2025-04-14T17:16:37Z\",\"lastModifiedAt\":"
        "\"2026-04-14T17:16:37Z\"}}",
        number ? "," : "", number % 10, number % 20, number, number,
        number % 10, number % 20, number);
}

static double cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static bool decode(const struct buf *body, struct kv_estate *estate)
{
    struct azure_context context = {
        .estate = estate,
        .subject = "",
        .read_at_s = 1790000000,
    };
    struct azure_page page;
    struct kv_error err;
    bool taken = azure_page_open(&page, AZURE_GRAPH_RESOURCES, buf_view(body),
                     &err) == KV_OK &&
                 azure_page_take(&page, AZURE_GRAPH_RESOURCES, &context,
                     SIZE_MAX, &err) == KV_OK;

    if (taken)
        azure_page_done(&page);
    else
        fprintf(stderr, "%s\n", err.text);
    return taken;
}

/* The quickest round of each, taken in turns: what a busy machine adds is not
 * the program's. */
static void measure(const struct buf *body, struct kv_estate *estate,
    double *parse_ms, double *decode_ms)
{
    *parse_ms = *decode_ms = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        double start = cpu_ms();
        double middle;
        double end;

        json_decref(json_loadb(body->data, body->size, 0, NULL));
        middle = cpu_ms();
        if (!decode(body, estate))
            return;
        end = cpu_ms();
        if (middle - start < *parse_ms)
            *parse_ms = middle - start;
        if (end - middle < *decode_ms)
            *decode_ms = end - middle;
    }
}

int main(void)
{
    struct buf body = { .limit = SIZE_MAX };
    struct kv_estate *estate = estate_new();
    double parse_ms;
    double decode_ms;

    buf_puts(&body, "{\"totalRecords\":1000,\"count\":1000,\"data\":[");
    for (unsigned i = 0; i < ROWS; i++)
        put_row(&body, i);
    buf_puts(&body, "]}");
    /* Once before, as every scan but the first finds its rows known. */
    (void)decode(&body, estate);
    measure(&body, estate, &parse_ms, &decode_ms);
    bench_print("decoding a page of 1,000 vaults, over jansson's parsing",
        decode_ms / parse_ms, "x", 1.3);
    estate_free(estate);
    buf_done(&body);
    return 0;
}
