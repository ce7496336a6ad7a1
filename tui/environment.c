/* Whether what is on the screen is production. */
#include "environment.h"

enum kv_environment environment_of(
    const struct kv_session *session, uint32_t resource)
{
    const struct kv_estate *estate = kv_session_estate(session);

    if (resource >= kv_estate_resource_count(estate))
        return KV_ENVIRONMENT_UNTOLD;
    return kv_environment_of(kv_session_policy(session), estate,
        kv_estate_resource(estate, resource));
}

static bool is_growing(const struct kv_session *session)
{
    const struct kv_scan *scan = kv_session_scan(session);

    return scan->state == KV_SCAN_RUNNING || scan->loading;
}

static void look_at_rest(
    struct environment *environment, const struct kv_session *session)
{
    const struct kv_estate *estate = kv_session_estate(session);
    uint32_t count = kv_estate_resource_count(estate);

    for (; environment->next < count &&
           environment->worst < KV_ENVIRONMENT_PRODUCTION;
         environment->next++) {
        uint32_t resource = environment->next;
        enum kv_environment one = environment_of(session, resource);

        if (!kv_estate_resource(estate, resource)->gone &&
            one > environment->worst)
            environment->worst = one;
    }
}

/* A scan over 100,000 vaults tells of itself many times: what it has added is
 * enough then. Tags of groups and subscriptions may come after the resources
 * in them, so its end is a reason to look at everything once more. */
void environment_look(
    struct environment *environment, const struct kv_session *session)
{
    bool growing = is_growing(session);

    if (!growing || !environment->growing)
        *environment = (struct environment){ .growing = growing };
    look_at_rest(environment, session);
}

const char *environment_word(enum kv_environment environment)
{
    switch (environment) {
    case KV_ENVIRONMENT_OTHER:
        return "";
    case KV_ENVIRONMENT_UNTOLD:
        return "PROD?";
    case KV_ENVIRONMENT_PRODUCTION:
        return "PROD";
    }
    return "";
}
