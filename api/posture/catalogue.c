/* The catalogue: one complete row for each recommendation, in the order of the
 * screens and reports. The rows of an area stand in a file of their own; what a
 * row means is decided by its evaluate function, likewise. */
#include "evaluate.h"

#define NEEDS_PROPERTIES KV_FACET_BIT(KV_FACET_PROPERTIES)
#define NEEDS_ROLES                                                            \
    (KV_FACET_BIT(KV_FACET_ASSIGNMENTS) | KV_FACET_BIT(KV_FACET_ROLES))
#define NEEDS_SCHEDULES (NEEDS_ROLES | KV_FACET_BIT(KV_FACET_SCHEDULES))
#define NEEDS_ROLE_RULES KV_FACET_BIT(KV_FACET_ROLE_RULES)
#define NEEDS_KEYS KV_FACET_BIT(KV_FACET_KEYS)
#define NEEDS_SECRETS KV_FACET_BIT(KV_FACET_SECRETS)
#define NEEDS_CERTIFICATES KV_FACET_BIT(KV_FACET_CERTIFICATES)
#define NEEDS_LOG KV_FACET_BIT(KV_FACET_USAGE)
#define NEEDS_LOCAL_ROLES                                                      \
    (KV_FACET_BIT(KV_FACET_LOCAL_ROLES) | KV_FACET_BIT(KV_FACET_PRINCIPALS))

/* A NULL-terminated list of ids, as a row holds them. */
#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_REMEDY ((const char *const[]){ NULL })

/* clang-format off: the order is that of the publications, not of names */
const struct kv_recommendation kv_catalogue[] = {
#include "catalogue_separation.inc"
#include "catalogue_access.inc"
#include "catalogue_network.inc"
#include "catalogue_protection.inc"
#include "catalogue_logging.inc"
#include "catalogue_backup.inc"
#include "catalogue_objects.inc"
#include "catalogue_governance.inc"
#include "catalogue_hsm.inc"
};
/* clang-format on */
const size_t kv_catalogue_count = sizeof kv_catalogue / sizeof kv_catalogue[0];

uint32_t kv_catalogue_find(const char *id)
{
    for (uint32_t i = 0; i < kv_catalogue_count; i++)
        if (text_equal_nocase(kv_catalogue[i].id, id))
            return i;
    return KV_NONE;
}
