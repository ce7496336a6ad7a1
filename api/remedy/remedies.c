/* The remedies, by area as in the catalogue: one row says what a remedy is for
 * and how it works. One more remedy is one more row in the file of its area,
 * and a plan function. */
#include "contents.h"

#include <string.h>

const struct kv_remedy kv_remedies[] = {
#include "remedies_access.inc"
#include "remedies_network.inc"
#include "remedies_protection.inc"
#include "remedies_objects.inc"
#include "remedies_hsm.inc"
#include "remedies_logging.inc"
#include "remedies_settings.inc"
};
const size_t kv_remedies_count = sizeof kv_remedies / sizeof kv_remedies[0];

const struct kv_remedy *kv_remedy_find(const char *id)
{
    for (size_t i = 0; id && i < kv_remedies_count; i++) {
        if (strcmp(kv_remedies[i].id, id) == 0)
            return &kv_remedies[i];
    }
    return NULL;
}

const char *kv_grade_name(enum kv_grade grade)
{
    switch (grade) {
    case KV_GRADE_SAFE:
        return "G1 safe";
    case KV_GRADE_ACCESS:
        return "G2 can cut access";
    case KV_GRADE_ONE_WAY:
        return "G3 cannot be undone";
    }
    return "";
}

const char *kv_remedy_danger(const struct kv_remedy *remedy)
{
    return remedy->grade == KV_GRADE_ONE_WAY && remedy->undo
               ? "G3 can lock out"
               : kv_grade_name(remedy->grade);
}
