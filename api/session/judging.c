/* What judging goes by, changed while the session runs. */
#include "inside.h"

void kv_session_set_baseline(
    struct kv_session *session, enum kv_baseline baseline)
{
    if (session->policy.baseline == baseline)
        return;
    session->policy.baseline = baseline;
    posture_set_policy(session->posture, &session->policy);
    estate_touch_all(session->estate, ESTATE_EVERY_FACET);
    session->news |= KV_NEWS_POSTURE;
}

void kv_session_load(struct kv_session *session)
{
    session_records_step(session, clock_now_s());
    while (!session->replayed)
        replay_step(session, INT64_MAX);
    session->exemptions_stale = true;
    session_exemptions_step(session);
}

void kv_session_judge(struct kv_session *session)
{
    int64_t now_s = clock_now_s();
    uint32_t resource;
    uint64_t facets;

    while (estate_next_touched(session->estate, &resource, &facets))
        (void)posture_judge_facets(session->posture, resource, facets, now_s);
    (void)posture_judge_above(session->posture, now_s);
}

void kv_session_say(
    struct kv_session *session, enum kv_notice level, const char *text)
{
    message_add(session, level, NULL, "%s", text);
}
