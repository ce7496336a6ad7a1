/* What detection needs beyond its bulk reads: the subscriptions to events, topic
 * by topic, and Defender plans where Resource Graph shows none. */
#include "inside.h"

/* On the topic and on its source: each list shows what was made there. */
static void ask_events(struct kv_session *session, const struct kv_topic *topic)
{
    struct arm_id source = arm_id_parse(view_of(topic->scope));
    enum kv_kind kind;

    scan_read(session, AZURE_TOPIC_EVENTS, topic->id, NULL, 0);
    if (arm_id_is_governed(&source, &kind))
        scan_read(session, AZURE_SOURCE_EVENTS, topic->scope, NULL, 0);
}

void scan_ask_events(struct kv_session *session)
{
    struct scan *scan = &session->scan;
    uint32_t count = estate_gathered_count(session->estate, KV_SET_TOPICS);

    for (; scan->topics_asked < count; scan->topics_asked++) {
        const struct kv_topic *topic =
            estate_gathered(session->estate, KV_SET_TOPICS, scan->topics_asked);

        if (topic)
            ask_events(session, topic);
    }
}

/* A plan that nobody chose yet may be missing there; asked for by itself it is
 * answered as free. */
void scan_check_plans(struct kv_session *session, const struct reading *reading)
{
    for (size_t i = 0; i < reading->id_count; i++) {
        struct buf scope = { .limit = 256 };

        buf_putf(&scope, "/subscriptions/%s", reading->ids[i]);
        if (!estate_gathered_at(
                session->estate, KV_SET_PLANS, buf_text(&scope)))
            scan_read(session, AZURE_PLAN, reading->ids[i], NULL, 0);
        buf_done(&scope);
    }
}
