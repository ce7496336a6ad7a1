/* A catalogue of a test's own, with rows at each level, and an estate of two
 * subscriptions with vaults and one without. */
#ifndef POSTURE_LEVELS_H
#define POSTURE_LEVELS_H

#include "posture.h"

#include <string.h>

#include "estate.h"
#include "judgement.h"
#include "test.h"

#define NOW_S 1790000000
#define ID_HOME "11111111-0000-0000-0000-000000000001"
#define ID_HUB "11111111-0000-0000-0000-000000000002"
#define ID_AWAY "11111111-0000-0000-0000-000000000003"

enum { ROW_VAULT, ROW_SUBSCRIPTION, ROW_TENANT, ROW_ASK, ROW_VAULTS_BELOW };

static enum kv_verdict vault_has_rbac(
    const struct kv_subject *subject, struct buf *evidence)
{
    buf_puts(evidence, subject->resource->name);
    return subject->resource->rbac == KV_TRI_TRUE ? KV_VERDICT_PASS
                                                  : KV_VERDICT_FAIL;
}

/* Fails when one vault below lacks it, and names how many there are. */
static enum kv_verdict all_below_have_rbac(
    const struct kv_subject *subject, struct buf *evidence)
{
    enum kv_verdict verdict = KV_VERDICT_PASS;
    uint32_t at = KV_NONE;
    unsigned count = 0;

    assert_null(subject->resource);
    for (; (at = subject_next_resource(subject, at)) != KV_NONE; count++)
        if (kv_estate_resource(subject->estate, at)->rbac != KV_TRI_TRUE)
            verdict = KV_VERDICT_FAIL;
    buf_putf(evidence, "%u below", count);
    return verdict;
}

static enum kv_verdict nobody_can_tell(
    const struct kv_subject *subject, struct buf *evidence)
{
    assert_null(subject->resource);
    buf_puts(evidence, "a person has to answer");
    return KV_VERDICT_MANUAL;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
const struct kv_recommendation kv_catalogue[] = {
    [ROW_VAULT] = { .id = "T-1",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_RESOURCES,
        .needs = KV_FACET_BIT(KV_FACET_PROPERTIES),
        .sources = LIST("S0", "N1"),
        .evaluate = vault_has_rbac },
    [ROW_SUBSCRIPTION] = { .id = "T-2",
        .severity = KV_SEVERITY_HIGH,
        .kinds = KV_ON_SUBSCRIPTION,
        .needs = KV_FACET_BIT(KV_FACET_DELETED),
        .sources = LIST("S3"),
        .evaluate = all_below_have_rbac },
    [ROW_TENANT] = { .id = "T-3",
        .severity = KV_SEVERITY_LOW,
        .kinds = KV_ON_TENANT,
        .needs = KV_FACET_BIT(KV_FACET_PRINCIPALS),
        .sources = LIST("S2"),
        .evaluate = all_below_have_rbac },
    [ROW_ASK] = { .id = "T-4",
        .severity = KV_SEVERITY_INFO,
        .kinds = KV_ON_SUBSCRIPTION,
        .attests = true,
        .sources = LIST("P"),
        .superseded = LIST("S0"),
        .evaluate = nobody_can_tell },
    [ROW_VAULTS_BELOW] = { .id = "T-5",
        .severity = KV_SEVERITY_INFO,
        .kinds = KV_ON_SUBSCRIPTION | KV_ON_VAULT,
        .sources = LIST("P"),
        .evaluate = all_below_have_rbac },
};
const size_t kv_catalogue_count = sizeof kv_catalogue / sizeof kv_catalogue[0];

uint32_t kv_catalogue_find(const char *id)
{
    for (uint32_t i = 0; i < kv_catalogue_count; i++)
        if (text_equal_nocase(kv_catalogue[i].id, id))
            return i;
    return KV_NONE;
}

/* ---- an estate of two subscriptions with vaults, and one without ---- */

struct fixture {
    struct kv_estate *estate;
    struct kv_posture *posture;
    uint32_t home;
    uint32_t hub;
    uint32_t empty;
};

static uint32_t put_vault(struct kv_estate *estate, const char *subscription,
    const char *type, unsigned number, enum kv_tri rbac)
{
    struct buf id = { .limit = 512 };
    struct kv_resource row = { .rbac = rbac };
    uint32_t index;

    buf_putf(&id,
        "/subscriptions/%s/resourceGroups/rg/providers/Microsoft.KeyVault/"
        "%s/kv-%u",
        subscription, type, number);
    row.id = buf_text(&id);
    row.properties.state = KV_FACET_READY;
    index = estate_take_resource(estate, &row);
    buf_done(&id);
    return index;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    const struct kv_facet_status ready = { KV_FACET_READY, NOW_S, NULL };

    fixture.estate = estate_new();
    fixture.home =
        estate_take_subscription(fixture.estate, ID_HOME, "Home", "Enabled");
    fixture.hub =
        estate_take_subscription(fixture.estate, ID_HUB, "Hub", "Enabled");
    fixture.empty =
        estate_take_subscription(fixture.estate, ID_AWAY, "Empty", "Enabled");
    for (uint32_t i = 0; i < 3; i++)
        estate_set_subscription_facet(
            fixture.estate, i, KV_FACET_DELETED, ready);
    estate_set_tenant_facet(fixture.estate, KV_FACET_PRINCIPALS, ready);
    put_vault(fixture.estate, ID_HOME, "vaults", 0, KV_TRI_TRUE);
    put_vault(fixture.estate, ID_HUB, "vaults", 1, KV_TRI_TRUE);
    put_vault(fixture.estate, ID_HOME, "vaults", 2, KV_TRI_TRUE);
    put_vault(fixture.estate, ID_HUB, "managedHSMs", 3, KV_TRI_TRUE);
    fixture.posture = posture_new(fixture.estate, &kv_policy_default);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    posture_free(fixture->posture);
    estate_free(fixture->estate);
    return 0;
}

/* As the session does: everything that was touched, then what is above. */
static bool judge_touched(struct fixture *fixture)
{
    bool changed = false;
    uint64_t facets = 0;
    uint32_t resource;

    while (estate_next_touched(fixture->estate, &resource, &facets))
        changed |= posture_judge(fixture->posture, resource, NOW_S);
    return posture_judge_above(fixture->posture, NOW_S) || changed;
}

#endif
