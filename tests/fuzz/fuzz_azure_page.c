/* Pages of every read: an estate that took a hostile answer, whole or in part,
 * can still be walked, judged and reported. The first byte says which read. */
#include "fuzz.h"

#include <jansson.h>
#include <stdlib.h>

#include "azure.h"
#include "kvgov/report.h"
#include "posture.h"

#define NOW_S 1790000000
#define READ_AT_S 1789990000
#define TEXT_LIMIT (16u << 20)
#define WALK_LIMIT 100000
#define SEEDS_A_READ 10
#define SEED_LIMIT (1u << 13) /* bytes: what says more says it again */
#define SUBSCRIPTION "11111111-0000-0000-0000-000000000001"
#define VAULT                                                                  \
    "/subscriptions/" SUBSCRIPTION "/resourceGroups/rg-pay/providers/"         \
    "Microsoft.KeyVault/vaults/kv-pay"

/* ---- taking ---- */

static const char *subject_of(enum azure_read read)
{
    const char *path = azure_reads[read].path;

    if (!strstr(path, "%s"))
        return "";
    return strstr(path, "/subscriptions/%s/") ? SUBSCRIPTION : VAULT;
}

/* False when the page was refused, or left off in its middle. */
static bool take(
    struct kv_estate *estate, enum azure_read read, struct view body)
{
    const struct azure_context context = { estate, subject_of(read),
        READ_AT_S };
    struct azure_page page;
    struct kv_error err = { 0 };
    enum kv_status status = azure_page_open(&page, read, body, &err);

    if (status != KV_OK) {
        fuzz_check(status == KV_PROTOCOL && err.text[0]);
        return false;
    }
    (void)azure_page_total(&page);
    (void)azure_page_next_link(&page);
    (void)azure_page_skip_token(&page);
    while (status == KV_OK && !azure_page_ended(&page))
        status = azure_page_take(&page, read, &context, 3, &err);
    fuzz_check(status == KV_OK || status == KV_PROTOCOL);
    azure_page_done(&page);
    return status == KV_OK;
}

/* With a vault that everything can hang on. */
static struct kv_estate *estate_made(void)
{
    struct kv_estate *estate = estate_new();

    (void)estate_take_subscription(estate, SUBSCRIPTION, "Pay", "Enabled");
    (void)estate_refer_resource(estate, view_of(VAULT));
    for (int facet = 0; facet < KV_FACET_COUNT; facet++) {
        estate_begin(estate, (enum kv_facet)facet);
        if (kv_facets[facet].level == KV_LEVEL_SUBSCRIPTION)
            estate_set_subscription_facet(estate, 0, (enum kv_facet)facet,
                (struct kv_facet_status){ KV_FACET_READY, READ_AT_S, NULL });
    }
    /* What is read of a destination finds it. */
    (void)estate_take_row(estate, KV_SET_SINKS,
        &(struct kv_sink){ .id = VAULT, .scope = VAULT, .name = "kv-pay" });
    return estate;
}

/* ---- looking ---- */

static void walk_around(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct kv_walk assignments = { 0 };
    struct kv_walk locks = { 0 };
    const struct kv_assignment *assignment;
    const struct kv_lock *lock;
    unsigned steps = 0;

    while ((assignment =
                kv_estate_next_assignment(estate, resource, &assignments))) {
        fuzz_check(assignment->id && assignment->scope);
        fuzz_check(++steps < WALK_LIMIT);
    }
    while ((lock = kv_estate_next_lock(estate, resource, &locks))) {
        fuzz_check(lock->id && lock->scope);
        fuzz_check(++steps < WALK_LIMIT);
    }
}

static void check_exposure(
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    struct buf reasons = { .limit = TEXT_LIMIT };
    struct kv_exposure exposure =
        kv_exposure_of(estate, resource, &kv_policy_default, &reasons);

    fuzz_check(exposure.addresses <= (uint64_t)1 << 32);
    fuzz_check(exposure.widest_prefix <= 32);
    fuzz_check_visible(buf_view(&reasons), true);
    buf_done(&reasons);
}

static void judge(const struct kv_subject *subject)
{
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        struct buf evidence = { .limit = TEXT_LIMIT };
        enum kv_verdict verdict =
            kv_judge(&kv_catalogue[i], subject, &evidence);

        fuzz_check(verdict != KV_VERDICT_NONE);
        fuzz_check(verdict == kv_judge(&kv_catalogue[i], subject, NULL));
        fuzz_check_visible(buf_view(&evidence), true);
        buf_done(&evidence);
    }
}

static void look_at(const struct kv_estate *estate)
{
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++) {
        const struct kv_resource *resource = kv_estate_resource(estate, i);

        fuzz_check(resource->id && resource->name);
        fuzz_check(kv_estate_find(estate, resource->id) == i);
        walk_around(estate, resource);
        if (resource->properties.state == KV_FACET_READY)
            check_exposure(estate, resource);
        judge(&(struct kv_subject){ .estate = estate,
            .resource = resource,
            .policy = &kv_policy_default,
            .now_s = NOW_S });
    }
}

/* ---- reporting ---- */

static void check_json(const struct kv_report_input *input)
{
    struct buf text = { .limit = TEXT_LIMIT };
    json_t *read;

    kv_report_put(&text, "json", input);
    read = json_loadb(text.data, text.size, JSON_ALLOW_NUL, NULL);
    fuzz_check(read != NULL);
    json_decref(read);
    buf_done(&text);
}

static void check_table(const struct kv_report_input *input)
{
    struct buf text = { .limit = TEXT_LIMIT };

    kv_report_put(&text, "table", input);
    fuzz_check_visible(buf_view(&text), true);
    buf_done(&text);
}

static void report(const struct kv_estate *estate)
{
    struct kv_posture *posture = posture_new(estate, &kv_policy_default);
    const struct kv_scan scan = { .state = KV_SCAN_DONE };
    const struct kv_report_input input = { .estate = estate,
        .posture = posture,
        .scan = &scan,
        .cloud = "TEST",
        .now_s = NOW_S };

    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        (void)posture_judge(posture, i, NOW_S);
    check_json(&input);
    check_table(&input);
    posture_free(posture);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view body = fuzz_view(data, size);
    unsigned read = fuzz_take_byte(&body) % AZURE_READ_COUNT;
    struct kv_estate *estate;

    if (!azure_reads[read].name)
        return 0;
    estate = estate_made();
    (void)take(estate, (enum azure_read)read, body);
    for (int facet = 0; facet < KV_FACET_COUNT; facet++)
        estate_commit(estate, (enum kv_facet)facet);
    estate_link_roles(estate);
    look_at(estate);
    report(estate);
    estate_free(estate);
    return 0;
}

/* ---- seeds: each true answer under the reads that understand it ---- */

struct seeding {
    fuzz_take_fn *take;
    void *context;
    unsigned counts[AZURE_READ_COUNT];
};

/* An empty list is understood by all and says nothing. */
static bool is_understood(enum azure_read read, struct view body)
{
    struct kv_estate *estate = estate_made();
    json_t *page = json_loadb(body.data, body.size, JSON_ALLOW_NUL, NULL);
    const json_t *items = json_object_get(page, "value");
    bool empty = json_is_array(items) && json_array_size(items) == 0;
    bool taken = !empty && take(estate, read, body);

    json_decref(page);
    estate_free(estate);
    return taken;
}

static void seed_body(void *context, struct view body)
{
    struct seeding *seeding = context;

    if (body.size == 0 || body.size > SEED_LIMIT)
        return;
    for (unsigned read = 0; read < AZURE_READ_COUNT; read++) {
        struct buf seed = { .limit = TEXT_LIMIT };

        if (azure_reads[read].name && seeding->counts[read] < SEEDS_A_READ &&
            is_understood((enum azure_read)read, body)) {
            seeding->counts[read]++;
            buf_putc(&seed, (char)read);
            buf_put(&seed, body);
            seeding->take(seeding->context, buf_view(&seed));
        }
        buf_done(&seed);
    }
}

void fuzz_seeds(fuzz_take_fn *take_seed, void *context)
{
    fuzz_each_body(
        seed_body, &(struct seeding){ .take = take_seed, .context = context });
}
