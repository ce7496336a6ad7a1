/* Whether a resource is in production, by the tags around it. */
#include "kvgov/policy.h"

#include "workloads.h"

/* Blanks around a value are no part of what it says. */
static bool is_production(const struct kv_policy *policy, const char *value)
{
    struct buf word = { .limit = 1024 };
    bool production;

    buf_put(&word, view_trim(view_of(value)));
    production = kv_texts_match(&policy->production, buf_text(&word));
    buf_done(&word);
    return production;
}

enum kv_environment kv_environment_of(const struct kv_policy *policy,
    const struct kv_estate *estate, const struct kv_resource *resource)
{
    const char *value = tagged_value(estate, resource->id, resource->tags,
        resource->tag_count, &policy->environment_tags);

    if (!value)
        return KV_ENVIRONMENT_UNTOLD;
    return is_production(policy, value) ? KV_ENVIRONMENT_PRODUCTION
                                        : KV_ENVIRONMENT_OTHER;
}
