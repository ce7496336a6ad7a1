/* A case of the catalogue: one row, one scene, and what must come of it. */
#ifndef POSTURE_CASE_H
#define POSTURE_CASE_H

#include <string.h>

#include "posture_scene.h"

/* A row of the catalogue on a scene, and what must come out. */
struct verdict_case {
    const char *name;
    const char *row;
    struct scene scene;
    enum kv_verdict expected;
    const char *says;               /* part of the evidence */
};

/* The scene's resource, or what is above it where that is judged. */
static struct kv_subject case_subject(
    const struct kv_estate *estate, const struct kv_recommendation *row)
{
    struct kv_subject subject = { .estate = estate,
        .policy = &kv_policy_default,
        .subscription = KV_NONE,
        .now_s = SCENE_READ_AT_S };
    enum kv_facet_level level = kv_row_level(row);

    if (level == KV_LEVEL_RESOURCE)
        subject.resource = kv_estate_resource(estate, 0);
    if (level == KV_LEVEL_SUBSCRIPTION)
        subject.subscription = kv_estate_resource(estate, 0)->subscription;
    return subject;
}

static void verdict_case_check(const struct verdict_case *row)
{
    struct kv_estate *estate = scene_estate(&row->scene);
    struct kv_subject subject;
    uint32_t index = kv_catalogue_find(row->row);
    struct buf evidence = { .limit = 8192 };
    enum kv_verdict verdict = KV_VERDICT_NONE;

    if (index == KV_NONE)
        fail_with("%s: no row %s", row->name, row->row);
    subject = case_subject(estate, &kv_catalogue[index]);
    if (row->scene.policy)
        subject.policy = row->scene.policy;
    verdict = kv_judge(&kv_catalogue[index], &subject, &evidence);
    if (verdict != row->expected)
        fail_with("%s: %s, expected %s, is %s: %s", row->name, row->row,
            kv_verdict_name(row->expected), kv_verdict_name(verdict),
            buf_text(&evidence));
    if (!strstr(buf_text(&evidence), row->says))
        fail_with("%s: %s, expected evidence '%s', is '%s'", row->name,
            row->row, row->says, buf_text(&evidence));
    if (kv_judge(&kv_catalogue[index], &subject, NULL) != verdict)
        fail_with("%s: %s, the words change the verdict", row->name, row->row);
    buf_done(&evidence);
    estate_free(estate);
}

#endif
