/* What the rows on access policies and data access say, case by case. Part of
 * test_posture_rows; who is privileged is in test_posture_access. */
#ifndef CASES_ACCESS_H
#define CASES_ACCESS_H

#include "posture_case.h"

/* ---- who there is ---- */

#define PERSON_ROW(name_)                                                      \
    {                                                                          \
        .id = name_, .name = name_, .type = KV_PRINCIPAL_USER                  \
    }
#define SERVICE_ROW(name_, ...)                                                \
    {                                                                          \
        .id = name_, .name = name_, .type = KV_PRINCIPAL_SERVICE, __VA_ARGS__  \
    }
#define GROUP_ROW(name_, of)                                                   \
    {                                                                          \
        .id = name_, .name = name_, .type = KV_PRINCIPAL_GROUP, .members = of, \
        .member_count = LENGTH(of), .members_status = {                        \
            .state = KV_FACET_READY                                            \
        }                                                                      \
    }
#define CLOSED_GROUP_ROW(name_)                                                \
    {                                                                          \
        .id = name_, .name = name_, .type = KV_PRINCIPAL_GROUP,                \
        .members_status = {                                                    \
            .state = KV_FACET_DENIED                                           \
        }                                                                      \
    }
#define GONE_ROW(name_)                                                        \
    {                                                                          \
        .id = name_, .missing = true                                           \
    }

/* ---- access policies ---- */

/* Bits of kv_permission_bit(), as a template of the portal would have them. */
#define KEY_GET (1u << 0)
#define KEY_USES 0x00000e00u
#define SECRET_GET (1u << 0)
#define SECRET_LIST (1u << 1)
#define SECRET_SET (1u << 2)
#define SECRET_PURGE (1u << 7)
#define CERTIFICATE_PURGE (1u << 15)
#define STORAGE_GETSAS (1u << 10)
#define STORAGE_SETSAS (1u << 12)

#define POLICY(...)                                                            \
    (const struct kv_access_policy[])                                          \
    {                                                                          \
        {                                                                      \
            __VA_ARGS__                                                        \
        }                                                                      \
    }
#define WITH_POLICY(...)                                                       \
    .resource = { .rbac = KV_TRI_FALSE,                                        \
        .policies = POLICY(__VA_ARGS__),                                       \
        .policy_count = 1 }

/* ---- roles ---- */

#define A_USER KV_PRINCIPAL_USER
#define A_SERVICE KV_PRINCIPAL_SERVICE
#define A_GROUP KV_PRINCIPAL_GROUP
#define AT_SUB KV_SCOPE_SUBSCRIPTION
#define AT_GROUP_OF KV_SCOPE_RESOURCE_GROUP
#define AT_VAULT KV_SCOPE_RESOURCE
#define AT_OBJECT KV_SCOPE_OBJECT
#define ON_ROLES .resource = { .rbac = KV_TRI_TRUE }
#define TWO_ON_OBJECTS(other)                                                  \
    .assignments = {                                                           \
        { AT_OBJECT, "Secrets User", "app", A_SERVICE, false },                \
        { AT_OBJECT, "Secrets User", "job", A_SERVICE, .object = other },      \
    }

/* ---- what stands behind workloads ---- */

#define SITE(name) SCENE_GROUP "/providers/Microsoft.Web/sites/" name
static const struct kv_tag pay_tags[] = { { "App", "pay" } };
static const struct kv_tag shop_tags[] = { { "application", "shop" } };
static const struct kv_identity app_identity = { .id = "app site-app",
    .scope = "app",
    .resource_id = SITE("site-app"),
    .tags = pay_tags,
    .tag_count = 1 };
static const struct kv_identity job_of_shop = { .id = "job site-job",
    .scope = "job",
    .resource_id = SITE("site-job"),
    .tags = shop_tags,
    .tag_count = 1 };
static const struct kv_identity job_of_pay = { .id = "job site-job",
    .scope = "job",
    .resource_id = SITE("site-job"),
    .tags = pay_tags,
    .tag_count = 1 };

#define REG "33333333-0000-0000-0000-000000000001"
#define APPLICATION_ROW(name_, ...)                                            \
    SERVICE_ROW(name_, .app_id = REG, .credentials = __VA_ARGS__)
#define NONE_KNOWN                                                             \
    {                                                                          \
        .known = true                                                          \
    }
static const struct kv_application with_password = { .id = REG,
    .scope = "/",
    .credentials = {
        .known = true, .passwords = 1, .passwords_end_s = 1790812800 } };
static const struct kv_application federated_only = { .id = REG,
    .scope = "/",
    .credentials = { .known = true },
    .federated_known = true,
    .federated = 1 };

static const struct kv_policy one_reader = { .max_secret_readers = 1 };
static const char *const listed_ids[] = { "app", "office" };
static const struct kv_policy listed = {
    .allowed_principals = { listed_ids, LENGTH(listed_ids) },
};

static const char *const office_members[] = { "app", "ann" };
static const char *const office_persons[] = { "ann", "ben" };

static const struct verdict_case cases_access[] = {
    { "roles rule", "ACC-2",
        { .resource = { .rbac = KV_TRI_TRUE,
              .policies = POLICY(.object_id = "ann", .keys = KV_PERMISSION_ALL),
              .policy_count = 1 } },
        KV_VERDICT_NOT_APPLICABLE, "access policies have no effect" },
    { "no entry", "ACC-2", { .resource = { .rbac = KV_TRI_FALSE } },
        KV_VERDICT_PASS, "0 access policy entries" },
    { "no entry, no names", "ACC-2",
        { .resource = { .rbac = KV_TRI_FALSE },
            .not_ready = KV_FACET_BIT(KV_FACET_PRINCIPALS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_PASS, "0 access policy entries" },
    { "a workload that reads and uses", "ACC-2",
        { WITH_POLICY(.object_id = "app", .keys = KEY_GET | KEY_USES,
              .secrets = SECRET_GET | SECRET_LIST, .storage = STORAGE_GETSAS),
            .principals = { SERVICE_ROW("app") } },
        KV_VERDICT_PASS, "1 access policy entry" },
    { "a workload that writes", "ACC-2",
        { WITH_POLICY(.object_id = "app", .secrets = SECRET_GET | SECRET_SET),
            .principals = { SERVICE_ROW("app") } },
        KV_VERDICT_FAIL,
        "service principal app app: a workload that does more than read and "
        "use: changes secrets" },
    { "a workload that writes what is retired", "ACC-2",
        { WITH_POLICY(.object_id = "app", .storage = STORAGE_SETSAS),
            .principals = { SERVICE_ROW("app") } },
        KV_VERDICT_FAIL, "a workload that changes storage accounts" },
    { "a person may write", "ACC-2",
        { WITH_POLICY(.object_id = "ann", .secrets = SECRET_SET),
            .principals = { PERSON_ROW("ann") } },
        KV_VERDICT_PASS, "1 access policy entry" },
    { "all of it", "ACC-2",
        { WITH_POLICY(.object_id = "ann", .keys = KV_PERMISSION_ALL,
              .secrets = SECRET_GET, .certificates = CERTIFICATE_PURGE),
            .principals = { PERSON_ROW("ann") } },
        KV_VERDICT_FAIL, "user ann ann: all on keys; purge on certificates" },
    { "purge among other words, whoever it is", "ACC-2",
        { WITH_POLICY(.object_id = "ann", .secrets = SECRET_GET | SECRET_PURGE),
            .not_ready = KV_FACET_BIT(KV_FACET_PRINCIPALS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_FAIL, "ann: purge on secrets\nnames of principals" },
    { "a workload in a group", "ACC-2",
        { WITH_POLICY(.object_id = "office", .secrets = SECRET_SET),
            .principals = { GROUP_ROW("office", office_members),
                SERVICE_ROW("app"), PERSON_ROW("ann") } },
        KV_VERDICT_FAIL,
        "service principal app app through the group office office: a "
        "workload" },
    { "a group of persons", "ACC-2",
        { WITH_POLICY(.object_id = "office", .secrets = SECRET_SET),
            .principals = { GROUP_ROW("office", office_persons),
                PERSON_ROW("ann"), PERSON_ROW("ben") } },
        KV_VERDICT_PASS, "" },
    { "a group of whom nobody knows", "ACC-2",
        { WITH_POLICY(.object_id = "office", .secrets = SECRET_SET),
            .principals = { CLOSED_GROUP_ROW("office") } },
        KV_VERDICT_UNKNOWN, "the members of 1 group are not readable" },
    { "such a group only reads", "ACC-2",
        { WITH_POLICY(.object_id = "office", .secrets = SECRET_GET),
            .principals = { CLOSED_GROUP_ROW("office") } },
        KV_VERDICT_PASS, "" },
    { "nobody is behind it", "ACC-2",
        { WITH_POLICY(.object_id = "old", .secrets = SECRET_GET),
            .principals = { GONE_ROW("old") } },
        KV_VERDICT_FAIL, "old (not found in the tenant: deleted?): nobody is" },
    { "an app registration", "ACC-2",
        { WITH_POLICY(.object_id = "reg", .secrets = SECRET_GET),
            .principals = { { .id = "reg",
                .name = "reg",
                .application = true } } },
        KV_VERDICT_FAIL, "reg reg: the object of an app registration" },
    { "compound", "ACC-2",
        { WITH_POLICY(.object_id = "ann", .application_id = "console\n",
              .secrets = SECRET_GET),
            .principals = { PERSON_ROW("ann") } },
        KV_VERDICT_FAIL,
        "user ann ann: compound, only through application console<U+000A>" },
    { "names not readable", "ACC-2",
        { WITH_POLICY(.object_id = "ann", .secrets = SECRET_GET),
            .not_ready = KV_FACET_BIT(KV_FACET_PRINCIPALS),
            .state = KV_FACET_DENIED, .why = "Directory.Read.All" },
        KV_VERDICT_UNKNOWN, "not readable: needs Directory.Read.All" },

    /* ---- ACC-5 ---- */
    { "at the vault", "ACC-5",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                                 false },
                { AT_OBJECT, "Secrets User", "job", A_SERVICE, false } } },
        KV_VERDICT_PASS, "0 data roles of workloads given above the vault" },
    { "at the subscription", "ACC-5",
        { ON_ROLES, .assignments = { { AT_SUB, "Secrets User", "app", A_SERVICE,
                        false } } },
        KV_VERDICT_FAIL,
        "1 data role of workloads given above the vault\nservice principal "
        "app: Secrets User at the subscription" },
    { "at the resource group, in vain", "ACC-5",
        { .resource = { .rbac = KV_TRI_FALSE },
            .assignments = { { AT_GROUP_OF, "Secrets User", "app", A_SERVICE,
                false } } },
        KV_VERDICT_FAIL,
        "Secrets User at the resource group, without effect while the vault "
        "uses access policies" },
    { "a person above", "ACC-5",
        { ON_ROLES, .assignments = { { AT_SUB, "Secrets User", "ann", A_USER,
                        false } } },
        KV_VERDICT_PASS, "0 data roles" },
    { "a workload that only administers above", "ACC-5",
        { ON_ROLES,
            .assignments = { { AT_SUB, "Owner", "app", A_SERVICE, false } } },
        KV_VERDICT_PASS, "0 data roles" },
    { "through a group", "ACC-5",
        { ON_ROLES,
            .assignments = { { AT_SUB, "Secrets User", "office", A_GROUP,
                false } },
            .principals = { GROUP_ROW("office", office_members),
                SERVICE_ROW("app"), PERSON_ROW("ann") } },
        KV_VERDICT_FAIL,
        "service principal app app through the group office office: Secrets "
        "User at the subscription" },
    { "a group of whom nobody knows, above", "ACC-5",
        { ON_ROLES, .assignments = { { AT_SUB, "Secrets User", "office",
                        A_GROUP, false } } },
        KV_VERDICT_UNKNOWN, "the members of 1 group" },
    { "such a group at the vault", "ACC-5",
        { ON_ROLES, .assignments = { { AT_VAULT, "Secrets User", "office",
                        A_GROUP, false } } },
        KV_VERDICT_PASS, "0 data roles" },
    { "a role not known, above", "ACC-5",
        { ON_ROLES,
            .assignments = { { AT_SUB, "Mystery", "app", A_SERVICE, false } } },
        KV_VERDICT_UNKNOWN, "whose definition was not found" },
    { "a role not known of a person", "ACC-5",
        { ON_ROLES,
            .assignments = { { AT_SUB, "Mystery", "ann", A_USER, false } } },
        KV_VERDICT_PASS, "0 data roles" },
    { "what is above is not read", "ACC-5", { ON_ROLES, .groups_unread = true },
        KV_VERDICT_UNKNOWN, "the management groups above" },
    { "a workload that is gone", "ACC-5",
        { ON_ROLES,
            .assignments = { { AT_SUB, "Secrets User", "old", A_SERVICE,
                false } },
            .principals = { GONE_ROW("old") } },
        KV_VERDICT_PASS, "0 data roles" },
    { "a group that is gone", "ACC-5",
        { .resource = { .rbac = KV_TRI_TRUE },
            .assignments = { { AT_SUB, "Secrets User", "old", A_GROUP,
                false } },
            .principals = { GONE_ROW("old") } },
        KV_VERDICT_PASS, "0 data roles" },

    /* ---- ACC-10 ---- */
    { "a managed identity", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .principals = { SERVICE_ROW("app", .managed_identity = true) } },
        KV_VERDICT_PASS,
        "0 applications with data access have a password or certificate; 1 "
        "managed identity has access" },
    { "managed, by its resource alone", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .around = { { KV_SET_IDENTITIES, &app_identity } },
            .not_ready = KV_FACET_BIT(KV_FACET_PRINCIPALS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_PASS, "1 managed identity has access" },
    { "a password of its registration", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .around = { { KV_SET_APPLICATIONS, &with_password } },
            .principals = { APPLICATION_ROW("app", NONE_KNOWN) } },
        KV_VERDICT_FAIL,
        "service principal app app: an application, 1 password until "
        "2026-10-01" },
    { "a certificate of its own", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_OBJECT, "Secrets User", "app", A_SERVICE,
                false } },
            .around = { { KV_SET_APPLICATIONS, &federated_only } },
            .principals = { APPLICATION_ROW(
                "app", { .known = true,
                           .certificates = 2,
                           .certificates_end_s = 1 }) } },
        KV_VERDICT_FAIL,
        "2 certificates expired 1970-01-01, 1 federated credential" },
    { "a federated credential", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .around = { { KV_SET_APPLICATIONS, &federated_only } },
            .principals = { APPLICATION_ROW("app", NONE_KNOWN) } },
        KV_VERDICT_PASS, "1 federated credential, no password or certificate" },
    { "a registration elsewhere", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .principals = { APPLICATION_ROW("app", NONE_KNOWN) } },
        KV_VERDICT_UNKNOWN, "its app registration was not read" },
    { "credentials not in the answer", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .around = { { KV_SET_APPLICATIONS, &federated_only } },
            .principals = { APPLICATION_ROW("app", { .known = false }) } },
        KV_VERDICT_UNKNOWN, "its credentials were not in the answer" },
    { "registrations not readable", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .principals = { APPLICATION_ROW("app", NONE_KNOWN) },
            .not_ready = KV_FACET_BIT(KV_FACET_CREDENTIALS),
            .state = KV_FACET_DENIED, .why = "Application.Read.All" },
        KV_VERDICT_UNKNOWN, "needs Application.Read.All (denied)" },
    { "names not readable, no data", "ACC-10",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Owner", "app", A_SERVICE, false } },
            .not_ready = KV_FACET_BIT(KV_FACET_PRINCIPALS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_PASS, "0 applications" },
    { "a policy names somebody", "ACC-10",
        { WITH_POLICY(.object_id = "app", .secrets = SECRET_GET),
            .not_ready = KV_FACET_BIT(KV_FACET_PRINCIPALS),
            .state = KV_FACET_DENIED },
        KV_VERDICT_UNKNOWN, "1 principal is of a type that is not known" },
    { "policies rule, the role is idle", "ACC-10",
        { .resource = { .rbac = KV_TRI_FALSE },
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                false } },
            .around = { { KV_SET_APPLICATIONS, &with_password } },
            .principals = { APPLICATION_ROW("app", NONE_KNOWN) } },
        KV_VERDICT_PASS, "0 applications" },

    /* ---- ACC-11 ---- */
    { "one reads, one manages", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE,
                                 false },
                { AT_VAULT, "Secrets Officer", "ann", A_USER, false } } },
        KV_VERDICT_PASS,
        "0 rights are out of place; 1 person can read secret values, allowed "
        "are 10" },
    { "nobody is behind a data role", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "old", A_SERVICE,
                false } },
            .principals = { GONE_ROW("old") } },
        KV_VERDICT_FAIL,
        "service principal old (not found in the tenant: deleted?): Secrets "
        "User at the resource: nobody is behind it" },
    { "nobody behind a control role", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Owner", "old", A_USER, false } },
            .principals = { GONE_ROW("old") } },
        KV_VERDICT_PASS, "0 rights" },
    { "a group of another tenant", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Signer", "away",
                KV_PRINCIPAL_FOREIGN_GROUP, false } },
            .principals = { GONE_ROW("away") } },
        KV_VERDICT_PASS, "0 rights" },
    { "one made this minute", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "new", A_SERVICE,
                .created_at_s = SCENE_READ_AT_S - 60 } },
            .principals = { GONE_ROW("new") } },
        KV_VERDICT_UNKNOWN, "1 assignment is of the last hour" },
    { "a workload that manages", "ACC-11",
        { ON_ROLES, .assignments = { { AT_VAULT, "Secrets Officer", "app",
                        A_SERVICE, false } } },
        KV_VERDICT_FAIL,
        "1 right is out of place; 0 persons can read secret values, allowed "
        "are 10\nservice principal app: Secrets Officer at the resource: a "
        "workload that may delete" },
    { "a workload that manages by a wildcard", "ACC-11",
        { ON_ROLES, .assignments = { { AT_SUB, "Everything", "app", A_SERVICE,
                        false } } },
        KV_VERDICT_FAIL, "Everything at the subscription: a workload" },
    { "a workload that writes and never deletes", "ACC-11",
        { ON_ROLES, .assignments = { { AT_VAULT, "Rotator", "app", A_SERVICE,
                        false } } },
        KV_VERDICT_PASS, "0 rights" },
    { "more readers than allowed", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "ann", A_USER, false },
                { AT_OBJECT, "Secrets User", "ben", A_USER, false } },
            .policy = &one_reader },
        KV_VERDICT_FAIL,
        "2 persons can read secret values, allowed are 1\nuser ann: Secrets "
        "User at the resource\nuser ben" },
    { "by access policies too", "ACC-11",
        { WITH_POLICY(.object_id = "office", .secrets = SECRET_GET),
            .principals = { GROUP_ROW("office", office_persons),
                PERSON_ROW("ann"), PERSON_ROW("ben") },
            .policy = &one_reader },
        KV_VERDICT_FAIL,
        "user ben ben through the group office office: an access policy" },
    { "readers that nobody counts", "ACC-11",
        { ON_ROLES, .assignments = { { AT_VAULT, "Secrets User", "office",
                        A_GROUP, false } } },
        KV_VERDICT_UNKNOWN, "the members of 1 group" },
    { "signers that nobody counts", "ACC-11",
        { ON_ROLES, .assignments = { { AT_VAULT, "Signer", "office", A_GROUP,
                        false } } },
        KV_VERDICT_PASS, "" },
    { "twice, once by a group", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "ann", A_USER, false },
                { AT_SUB, "Secrets User", "office", A_GROUP, false } },
            .principals = { GROUP_ROW("office", office_persons),
                PERSON_ROW("ann"), PERSON_ROW("ben") } },
        KV_VERDICT_FAIL,
        "user ann ann through the group office office: Secrets User at the "
        "subscription, and the same again in person: Secrets User at "
        "the resource" },
    { "on two objects is not twice", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_OBJECT, "Secrets User", "ann", A_USER, false }, { AT_OBJECT,
                                                                                      "Secrets User",
                                                                                      "ann",
                                                                                      A_USER,
                                                                                      .object =
                                                                                          "secrets/api" } } },
        KV_VERDICT_PASS, "" },
    { "on an object and on all is", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "ann", A_USER, false },
                { AT_OBJECT, "Secrets User", "ann", A_USER, false } } },
        KV_VERDICT_FAIL,
        "user ann: Secrets User at the resource, and the same again in person: "
        "Secrets User at the single object" },
    { "under a condition is another right", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "ann", A_USER, false },
                { AT_SUB, "Secrets User", "ann", A_USER, true } } },
        KV_VERDICT_PASS, "" },
    { "one role within another is no second", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "ann", A_USER, false },
                { AT_VAULT, "Secrets Officer", "ann", A_USER, false } } },
        KV_VERDICT_PASS, "" },
    { "who is there is not known", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "ann", A_USER,
                false } },
            .not_ready = KV_FACET_BIT(KV_FACET_PRINCIPALS),
            .state = KV_FACET_DENIED, .why = "Directory.Read.All" },
        KV_VERDICT_UNKNOWN, "needs Directory.Read.All (denied)" },
    { "a role not known may be of data", "ACC-11",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Mystery", "ann", A_USER, false } } },
        KV_VERDICT_UNKNOWN, "whose definition was not found" },

    /* ---- ACC-12 ---- */
    { "no role on an object", "ACC-12",
        { ON_ROLES, .assignments = { { AT_VAULT, "Secrets Officer", "ann",
                        A_USER, false } } },
        KV_VERDICT_PASS, "0 role assignments on single objects" },
    { "one application reads one object", "ACC-12",
        { ON_ROLES, .assignments = { { AT_OBJECT, "Secrets User", "app",
                        A_SERVICE, false } } },
        KV_VERDICT_PASS,
        "1 role assignment on an object, 0 of them to write\nservice "
        "principal app: Secrets User at the single object secrets/db" },
    { "one that writes", "ACC-12",
        { ON_ROLES, .assignments = { { AT_OBJECT, "Secrets Officer", "app",
                        A_SERVICE, false } } },
        KV_VERDICT_FAIL, "at the single object secrets/db: it may change it" },
    { "an owner of one object", "ACC-12",
        { ON_ROLES,
            .assignments = { { AT_OBJECT, "Owner", "ann", A_USER, false } } },
        KV_VERDICT_FAIL,
        "Owner at the single object secrets/db: it may change it" },
    { "one that would write", "ACC-12",
        { .resource = { .rbac = KV_TRI_FALSE },
            .assignments = { { AT_OBJECT, "Secrets Officer", "app", A_SERVICE,
                false } } },
        KV_VERDICT_FAIL,
        "without effect while the vault uses access policies" },
    { "a role on an object that is not known", "ACC-12",
        { ON_ROLES, .assignments = { { AT_OBJECT, "Mystery", "app", A_SERVICE,
                        false } } },
        KV_VERDICT_UNKNOWN, "the role's definition was not found" },
    { "two applications apart", "ACC-12",
        { ON_ROLES, TWO_ON_OBJECTS("secrets/api"),
            .around = { { KV_SET_IDENTITIES, &app_identity },
                { KV_SET_IDENTITIES, &job_of_shop } } },
        KV_VERDICT_FAIL, "they keep several applications apart in one vault" },
    { "two parts of one application", "ACC-12",
        { ON_ROLES, TWO_ON_OBJECTS("secrets/api"),
            .around = { { KV_SET_IDENTITIES, &app_identity },
                { KV_SET_IDENTITIES, &job_of_pay } } },
        KV_VERDICT_PASS, "2 role assignments on single objects" },
    { "two applications share an object", "ACC-12",
        { ON_ROLES, TWO_ON_OBJECTS("SECRETS/DB"),
            .around = { { KV_SET_IDENTITIES, &app_identity },
                { KV_SET_IDENTITIES, &job_of_shop } } },
        KV_VERDICT_PASS, "2 role assignments on single objects" },
    { "two that nobody tells apart", "ACC-12",
        { ON_ROLES, TWO_ON_OBJECTS("secrets/api"),
            .around = { { KV_SET_IDENTITIES, &app_identity } } },
        KV_VERDICT_UNKNOWN, "no tag says what some belong to" },
    { "a guest of the one who has it all", "ACC-12",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "app", A_SERVICE, false }, { AT_OBJECT, "Signer", "app", A_SERVICE, false }, { AT_OBJECT, "Secrets User", "job", A_SERVICE, .object = "secrets/api" } },
            .around = { { KV_SET_IDENTITIES, &app_identity },
                { KV_SET_IDENTITIES, &job_of_shop } } },
        KV_VERDICT_PASS, "" },
    { "tags of identities not readable", "ACC-12",
        { ON_ROLES, TWO_ON_OBJECTS("secrets/api"),
            .not_ready = KV_FACET_BIT(KV_FACET_IDENTITIES),
            .state = KV_FACET_FAILED, .why = "a time-out" },
        KV_VERDICT_UNKNOWN, "could not be read: a time-out" },

    /* ---- ACC-13 ---- */
    { "no list", "ACC-13", { ON_ROLES }, KV_VERDICT_NOT_APPLICABLE,
        "allowed_principals is not configured" },
    { "listed, and by its group", "ACC-13",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "APP", A_SERVICE, false }, { AT_VAULT,
                                                                                        "Secrets User",
                                                                                        "office",
                                                                                        A_GROUP,
                                                                                        false } },
            .principals = { GROUP_ROW("office", office_persons) },
            .policy = &listed },
        KV_VERDICT_PASS,
        "0 principals with data access outside the list of 2 principals" },
    { "not listed", "ACC-13",
        { ON_ROLES,
            .assignments = { { AT_OBJECT, "Signer", "ann", A_USER, false },
                { AT_VAULT, "Owner", "ben", A_USER, false } },
            .policy = &listed },
        KV_VERDICT_FAIL,
        "1 principal with data access outside the list of 2 principals\nuser "
        "ann: Signer at the single object" },
    { "not listed, in an access policy", "ACC-13",
        { WITH_POLICY(.object_id = "ann", .secrets = SECRET_GET),
            .policy = &listed },
        KV_VERDICT_FAIL, "ann: an access policy" },
    { "listed, and once more by another group", "ACC-13",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Secrets User", "team", A_GROUP,
                false } },
            .policy = &listed },
        KV_VERDICT_FAIL, "group team: Secrets User" },
    { "a role not known, with a list", "ACC-13",
        { ON_ROLES,
            .assignments = { { AT_VAULT, "Mystery", "ann", A_USER, false } },
            .policy = &listed },
        KV_VERDICT_UNKNOWN, "whose definition was not found" },

    { "no service", "ACC-14",
        { .resource = { .for_deployment = KV_TRI_FALSE } }, KV_VERDICT_PASS,
        "enabledForDeployment is false; enabledForDiskEncryption is absent, "
        "which means off; enabledForTemplateDeployment is absent" },
    { "virtual machines", "ACC-14",
        { .resource = { .for_deployment = KV_TRI_TRUE } }, KV_VERDICT_FAIL,
        "enabledForDeployment is true" },
    { "disks", "ACC-14", { .resource = { .for_disk_encryption = KV_TRI_TRUE } },
        KV_VERDICT_FAIL, "enabledForDiskEncryption is true" },
    { "templates", "ACC-14",
        { .resource = { .for_template_deployment = KV_TRI_TRUE } },
        KV_VERDICT_FAIL, "enabledForTemplateDeployment is true" },
};

#endif
