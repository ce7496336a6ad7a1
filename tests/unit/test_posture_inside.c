/* What the catalogue says of what is inside a vault or HSM: objects,
 * certificates, backups, clients, local roles. Each row has a passing, a
 * failing and an unreadable case. */
#include <string.h>

#include "posture_inside.h"

#define NOW SCENE_READ_AT_S
#define DAYS(n) ((int64_t)(n)*86400)
#define IN(n) (NOW + DAYS(n))
#define AGO(n) (NOW - DAYS(n))
#define DENIED(facets)                                                         \
    .scene.not_ready = (facets), .scene.state = KV_FACET_DENIED
#define BIT KV_FACET_BIT
#define HSM .scene.resource.kind = KV_KIND_HSM
#define TAGGED(tag_name, tag_value)                                            \
    .scene.resource.tags = (const struct kv_tag[]){ { tag_name, tag_value } }, \
    .scene.resource.tag_count = 1

#define KEY(...)                                                               \
    {                                                                          \
        .name = "k1", .kind = KV_OBJECT_KEY, __VA_ARGS__                       \
    }
#define SECRET(...)                                                            \
    {                                                                          \
        .name = "s1", .kind = KV_OBJECT_SECRET, __VA_ARGS__                    \
    }
#define CERT(...)                                                              \
    {                                                                          \
        .name = "c1", .kind = KV_OBJECT_CERTIFICATE, __VA_ARGS__               \
    }
#define HOLDS(...) .objects = { __VA_ARGS__ }
#define UNLINKED .from_data_plane = true /* nobody said what it backs */

#define PERSON(who)                                                            \
    {                                                                          \
        .id = who, .name = who, .type = KV_PRINCIPAL_USER                      \
    }
#define WORKLOAD(who)                                                          \
    {                                                                          \
        .id = who, .name = who, .type = KV_PRINCIPAL_SERVICE                   \
    }
#define GROUP_OF(who, count)                                                   \
    {                                                                          \
        .id = who, .name = who, .type = KV_PRINCIPAL_GROUP,                    \
        .member_count = count, .members_status.state = KV_FACET_READY          \
    }
/* The group of p alone. */
#define CLUB(who)                                                              \
    {                                                                          \
        .id = who, .name = who, .type = KV_PRINCIPAL_GROUP,                    \
        .members = (const char *const[]){ "p" }, .member_count = 1,            \
        .members_status.state = KV_FACET_READY                                 \
    }
/* The resource, by a role at its subscription. */
#define OWNED_BY(who, what)                                                    \
    .scene.assignments = {                                                     \
        { KV_SCOPE_SUBSCRIPTION, "Owner", who, what, false }                   \
    }
#define LOCAL(who, role, where)                                                \
    {                                                                          \
        .principal_id = who, .role_guid = role, .within = where                \
    }

struct inside_case {
    const char *name;
    const char *row;
    struct inside inside;
    enum kv_verdict expected;
    const char *says;
};

static const struct inside_case cases[] = {
    /* ---- objects ---- */
    { "a plain secret", "OBJ-1",
        { HOLDS(SECRET(.content_type = "text/plain")) }, KV_VERDICT_PASS,
        "1 secret not certificates" },
    { "a PFX in a secret", "OBJ-1",
        { HOLDS(SECRET(.content_type = "application/x-pkcs12")) },
        KV_VERDICT_FAIL, "secrets/s1 (application/x-pkcs12)" },
    { "a certificate's own secret", "OBJ-1",
        { HOLDS(
            SECRET(.content_type = "application/x-pkcs12", .managed = true)) },
        KV_VERDICT_NOT_APPLICABLE, "1 that backs a certificate is left out" },
    { "perhaps a certificate's", "OBJ-1",
        { HOLDS(SECRET(.content_type = "application/x-pem-file", UNLINKED)) },
        KV_VERDICT_UNKNOWN, "it may back a certificate" },

    { "renews", "OBJ-2", { HOLDS(CERT(.renews = true, .issuer = "Self")) },
        KV_VERDICT_PASS, "1 certificate renewing themselves" },
    { "only writes mail", "OBJ-2", { HOLDS(CERT(.issuer = "DigiCert")) },
        KV_VERDICT_FAIL, "nobody but its contacts" },
    { "cannot, whatever it says", "OBJ-2",
        { HOLDS(CERT(.renews = true, .issuer = "Unknown")) }, KV_VERDICT_FAIL,
        "its issuer is not known" },
    { "a policy that was denied", "OBJ-2",
        { HOLDS(CERT(.policy = { KV_FACET_DENIED, 0, "a right" })) },
        KV_VERDICT_UNKNOWN, "its policy: a right" },

    { "passwords", "OBJ-3", { HOLDS(SECRET(.content_type = "text/plain")) },
        KV_VERDICT_PASS, "1 secret with neither" },
    { "a JSON text", "OBJ-3",
        { HOLDS(SECRET(.content_type = "application/json")) },
        KV_VERDICT_MANUAL, "secrets/s1 (application/json)" },

    { "few secrets", "OBJ-4", { HOLDS(SECRET(.disabled = false)) },
        KV_VERDICT_PASS, "1 secret" },

    { "ends", "OBJ-5", { HOLDS(KEY(.expires_s = IN(90))) }, KV_VERDICT_PASS,
        "1 key or secret with an expiry date" },
    { "never ends", "OBJ-5",
        { HOLDS(KEY(.expires_s = IN(90)), SECRET(.created_s = AGO(3))) },
        KV_VERDICT_FAIL,
        "1 of 2 keys and secrets without an expiry date: secrets/s1" },
    { "disabled", "OBJ-5", { HOLDS(SECRET(.disabled = true)) },
        KV_VERDICT_NOT_APPLICABLE, "no enabled key or secret" },
    { "half is enough to fail", "OBJ-5",
        { HOLDS(KEY(.created_s = AGO(3))), DENIED(BIT(KV_FACET_SECRETS)) },
        KV_VERDICT_FAIL, "names of secrets: not readable" },
    { "half is not enough to pass", "OBJ-5",
        { HOLDS(KEY(.expires_s = IN(9))), DENIED(BIT(KV_FACET_SECRETS)) },
        KV_VERDICT_UNKNOWN, "1 key or secret with an expiry date" },

    { "rotates", "OBJ-6", { HOLDS(KEY(.rotates = true)) }, KV_VERDICT_PASS,
        "1 key rotated by a policy" },
    { "does not rotate", "OBJ-6", { HOLDS(KEY(.rotates = false)) },
        KV_VERDICT_FAIL, "keys/k1" },
    { "with its certificate", "OBJ-6", { HOLDS(KEY(.managed = true)) },
        KV_VERDICT_NOT_APPLICABLE, "left out" },
    { "perhaps with a certificate", "OBJ-6", { HOLDS(KEY(UNLINKED)) },
        KV_VERDICT_UNKNOWN, "it may back a certificate" },
    { "rotation denied", "OBJ-6",
        { HOLDS(KEY(.rotation = { KV_FACET_DENIED, 0, "a right" })) },
        KV_VERDICT_UNKNOWN, "its rotation policy: a right" },

    { "far", "OBJ-7", { HOLDS(KEY(.expires_s = IN(31))) }, KV_VERDICT_PASS,
        "1 object not about to expire" },
    { "near", "OBJ-7", { HOLDS(SECRET(.expires_s = IN(30))) }, KV_VERDICT_FAIL,
        "secrets/s1 (expires " },
    { "past", "OBJ-7", { HOLDS(CERT(.expires_s = AGO(1))) }, KV_VERDICT_FAIL,
        "certificates/c1 (expired " },

    { "two years", "OBJ-8",
        { HOLDS(KEY(.created_s = AGO(10), .expires_s = IN(720))) },
        KV_VERDICT_PASS, "bounded" },
    { "a day more", "OBJ-8",
        { HOLDS(KEY(.created_s = AGO(10), .expires_s = IN(721))) },
        KV_VERDICT_FAIL, "731 days" },
    { "for ever", "OBJ-8", { HOLDS(KEY(.created_s = AGO(10))) },
        KV_VERDICT_FAIL, "never expires" },

    { "young", "OBJ-9", { HOLDS(SECRET(.created_s = AGO(730))) },
        KV_VERDICT_PASS, "not older" },
    { "old", "OBJ-9", { HOLDS(SECRET(.created_s = AGO(731))) }, KV_VERDICT_FAIL,
        "731 days" },
    { "not valid before lately", "OBJ-9",
        { HOLDS(SECRET(.created_s = AGO(900), .not_before_s = AGO(5))) },
        KV_VERDICT_PASS, "not older" },

    { "allowed type", "OBJ-10", { HOLDS(KEY(.key_type = "ec-hsm")) },
        KV_VERDICT_PASS, "of an allowed type" },
    { "type not allowed", "OBJ-10", { HOLDS(KEY(.key_type = "oct")) },
        KV_VERDICT_FAIL, "keys/k1 (oct)" },
    { "type not read", "OBJ-10", { HOLDS(KEY(.created_s = AGO(1))) },
        KV_VERDICT_UNKNOWN, "its type was not read" },

    { "long RSA", "OBJ-11", { HOLDS(KEY(.key_type = "RSA", .key_bits = 2048)) },
        KV_VERDICT_PASS, "long enough" },
    { "short RSA", "OBJ-11",
        { HOLDS(KEY(.key_type = "RSA-HSM", .key_bits = 2047)) },
        KV_VERDICT_FAIL, "2047 bits" },
    { "no RSA", "OBJ-11", { HOLDS(KEY(.key_type = "EC", .curve = "P-256")) },
        KV_VERDICT_NOT_APPLICABLE, "no enabled key" },
    { "RSA of no size", "OBJ-11", { HOLDS(KEY(.key_type = "RSA")) },
        KV_VERDICT_UNKNOWN, "its size was not shown" },

    { "curve", "OBJ-12", { HOLDS(KEY(.key_type = "EC", .curve = "P-384")) },
        KV_VERDICT_PASS, "on an allowed curve" },
    { "odd curve", "OBJ-12", { HOLDS(KEY(.key_type = "EC", .curve = "P-224")) },
        KV_VERDICT_FAIL, "P-224" },

    { "hardware", "OBJ-13",
        { HOLDS(KEY(.key_type = "RSA-HSM")), TAGGED("HSM-Backed", "yes") },
        KV_VERDICT_PASS, "kept by hardware" },
    { "software", "OBJ-13",
        { HOLDS(KEY(.key_type = "RSA")), TAGGED("hsm-backed", "true") },
        KV_VERDICT_FAIL, "keys/k1 (RSA)" },
    { "not asked for", "OBJ-13", { HOLDS(KEY(.key_type = "RSA")) },
        KV_VERDICT_NOT_APPLICABLE, "hardware is not required" },

    { "yearly", "OBJ-14",
        { HOLDS(KEY(.rotates = true, .rotates_after_days = 365)) },
        KV_VERDICT_PASS, "soon enough" },
    { "before its end", "OBJ-14",
        { HOLDS(KEY(.rotates = true, .expires_after_days = 395,
            .rotates_before_days = 30)) },
        KV_VERDICT_PASS, "soon enough" },
    { "too late", "OBJ-14",
        { HOLDS(KEY(.rotates = true, .rotates_after_days = 366)) },
        KV_VERDICT_FAIL, "after 366 days" },
    { "never", "OBJ-14", { HOLDS(KEY(.rotates = false)) }, KV_VERDICT_FAIL,
        "no rotation is due" },

    { "typed", "OBJ-15", { HOLDS(SECRET(.content_type = "x")) },
        KV_VERDICT_PASS, "with a content type" },
    { "untyped", "OBJ-15", { HOLDS(SECRET(.content_type = "")) },
        KV_VERDICT_FAIL, "secrets/s1" },

    /* ---- certificates ---- */
    { "a year", "CRT-1", { HOLDS(CERT(.months = 12)) }, KV_VERDICT_PASS,
        "no longer than allowed" },
    { "longer", "CRT-1", { HOLDS(CERT(.months = 13)) }, KV_VERDICT_FAIL,
        "13 months" },
    { "RSA", "CRT-2", { HOLDS(CERT(.key_type = "RSA")) }, KV_VERDICT_PASS,
        "allowed key type" },
    { "EC", "CRT-2", { HOLDS(CERT(.key_type = "EC")) }, KV_VERDICT_FAIL, "EC" },
    { "2048", "CRT-3", { HOLDS(CERT(.key_type = "RSA", .key_bits = 2048)) },
        KV_VERDICT_PASS, "long enough" },
    { "1024", "CRT-3", { HOLDS(CERT(.key_type = "RSA", .key_bits = 1024)) },
        KV_VERDICT_FAIL, "1024 bits" },
    { "P-256", "CRT-4", { HOLDS(CERT(.key_type = "EC", .curve = "P-256")) },
        KV_VERDICT_PASS, "allowed curve" },
    { "P-192", "CRT-4", { HOLDS(CERT(.key_type = "EC", .curve = "P-192")) },
        KV_VERDICT_FAIL, "P-192" },
    { "DigiCert by another name", "CRT-5",
        { HOLDS(CERT(.issuer = "ca-main", .provider = "DigiCert")) },
        KV_VERDICT_PASS, "allowed authority" },
    { "another", "CRT-5",
        { HOLDS(CERT(.issuer = "DigiCert", .provider = "OtherCA")) },
        KV_VERDICT_FAIL, "DigiCert of OtherCA" },
    { "whose is not known", "CRT-5", { HOLDS(CERT(.issuer = "ca-main")) },
        KV_VERDICT_UNKNOWN, "authority was not read" },
    { "none at all", "CRT-5", { HOLDS(CERT(.issuer = "Self")) },
        KV_VERDICT_NOT_APPLICABLE, "no enabled certificate" },
    { "self-signed in tests", "CRT-6",
        { HOLDS(CERT(.issuer = "Self")), TAGGED("environment", "test") },
        KV_VERDICT_PASS, "from an allowed issuer" },
    { "self-signed in production", "CRT-6",
        { HOLDS(CERT(.issuer = "Self")), TAGGED("Environment", "Production") },
        KV_VERDICT_FAIL, "self-signed in Production" },
    { "self-signed somewhere", "CRT-6", { HOLDS(CERT(.issuer = "Self")) },
        KV_VERDICT_UNKNOWN, "no tag says" },
    { "at 80 %", "CRT-7",
        { HOLDS(CERT(.renews = true, .renews_percentage = 80)) },
        KV_VERDICT_PASS, "in time" },
    { "at 81 %", "CRT-7",
        { HOLDS(CERT(.renews = true, .renews_percentage = 81)) },
        KV_VERDICT_FAIL, "at 81% of its life" },
    { "29 days", "CRT-7", { HOLDS(CERT(.renews = true, .renews_days = 29)) },
        KV_VERDICT_FAIL, "29 days before its end" },

    /* ---- backups, clients, use ---- */
    { "backed up", "BAK-1",
        { HOLDS(SECRET(.updated_s = AGO(5))),
            .operations = { { .name = "SecretBackup",
                .object = "secrets/s1",
                .last_s = AGO(4) } } },
        KV_VERDICT_PASS, "1 object backed up" },
    { "changed since", "BAK-1",
        { HOLDS(SECRET(.updated_s = AGO(3))),
            .operations = { { .name = "SecretBackup",
                .object = "secrets/s1",
                .last_s = AGO(4) } } },
        KV_VERDICT_FAIL, "secrets/s1 (last " },
    { "another's backup", "BAK-1",
        { HOLDS(SECRET(.updated_s = AGO(5))),
            .operations = { { .name = "SecretBackup",
                .object = "secrets/s2",
                .last_s = AGO(4) } } },
        KV_VERDICT_FAIL, "none is logged" },
    { "no log", "BAK-1",
        { HOLDS(SECRET(.updated_s = AGO(5))), DENIED(BIT(KV_FACET_USAGE)) },
        KV_VERDICT_UNKNOWN, "audit log: not readable" },
    { "in the archive", "BAK-1",
        { HOLDS(SECRET(.updated_s = AGO(5))), .kept_s = AGO(5),
            DENIED(BIT(KV_FACET_USAGE)) },
        KV_VERDICT_PASS, "1 object backed up" },
    { "in the archive as it was before", "BAK-1",
        { HOLDS(SECRET(.updated_s = AGO(5))), .kept_s = AGO(6),
            DENIED(BIT(KV_FACET_USAGE)) },
        KV_VERDICT_UNKNOWN, "archive does not have them all" },
    { "in the archive, though not in the log", "BAK-1",
        { HOLDS(SECRET(.updated_s = AGO(5))), .kept_s = AGO(5) },
        KV_VERDICT_PASS, "1 object backed up" },
    { "key backed up", "BAK-2",
        { HOLDS(KEY(.updated_s = AGO(5))),
            .operations = { { .name = "KeyBackup",
                .object = "keys/k1",
                .last_s = AGO(5) } } },
        KV_VERDICT_PASS, "1 key backed up" },
    { "key not backed up", "BAK-2", { HOLDS(KEY(.updated_s = AGO(5))) },
        KV_VERDICT_FAIL, "critical: purge protection is off" },
    { "no keys", "BAK-2", { DENIED(BIT(KV_FACET_USAGE)) },
        KV_VERDICT_NOT_APPLICABLE, "no enabled key" },
    { "restored lately", "BAK-3",
        { .operations = { { .name = "KeyRestore", .last_s = AGO(180) } } },
        KV_VERDICT_PASS, "last restored " },
    { "restored long ago", "BAK-3",
        { .operations = { { .name = "KeyRestore", .last_s = AGO(181) } } },
        KV_VERDICT_MANUAL, "attest" },
    { "new clients", "NET-10",
        { .callers = { { .tls = "TLS1_2", .calls = 7 } } }, KV_VERDICT_PASS,
        "7 calls in 30 days" },
    { "an old client", "NET-10",
        { .callers = { { .tls = "TLS1_3", .calls = 7 },
              { .tls = "TLS1_1", .address = "192.0.2.9", .calls = 1 } } },
        KV_VERDICT_FAIL, "192.0.2.9 by TLS1_1, 1 call" },
    { "a log that does not say", "NET-10", { .callers = { { .calls = 7 } } },
        KV_VERDICT_UNKNOWN, "does not say it of 7" },
    { "nobody", "NET-10", { .metric = { .name = NULL } },
        KV_VERDICT_NOT_APPLICABLE, "0 calls" },
    { "used", "GOV-6",
        { .metric = { .name = "ServiceApiHit",
              .from_s = AGO(90),
              .last_s = AGO(2),
              .total = 9 } },
        KV_VERDICT_PASS, "9 requests since" },
    { "idle", "GOV-6",
        { .metric = { .name = "ServiceApiHit", .from_s = AGO(90) } },
        KV_VERDICT_FAIL, "no request since" },
    { "new and idle", "GOV-6",
        { .metric = { .name = "ServiceApiHit", .from_s = AGO(90) },
            .scene.resource.created_at_s = AGO(3) },
        KV_VERDICT_NOT_APPLICABLE, "too lately" },

    /* ---- managed HSMs ---- */
    { "a group administers", "HSM-1",
        { HSM, .local = { LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { GROUP_OF("g", 3) } },
        KV_VERDICT_PASS, "3 persons in all" },
    { "a person administers", "HSM-1",
        { HSM,
            .local = { LOCAL("g", INSIDE_ADMIN, "/"),
                LOCAL("p", INSIDE_ADMIN, "/") },
            .principals = { GROUP_OF("g", 3), PERSON("p") } },
        KV_VERDICT_FAIL, "p (user) holds administrator at /" },
    { "too few", "HSM-1",
        { HSM, .local = { LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { GROUP_OF("g", 1) } },
        KV_VERDICT_FAIL, "1 person in all" },
    { "members not read", "HSM-1",
        { HSM, .local = { LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { { .id = "g",
                .name = "g",
                .type = KV_PRINCIPAL_GROUP } } },
        KV_VERDICT_UNKNOWN, "whose members were not read" },
    { "on its key", "HSM-3",
        { HSM, .local = { LOCAL("w", INSIDE_USER, "/keys/k1") },
            .principals = { WORKLOAD("w") } },
        KV_VERDICT_PASS, "1 workload uses keys" },
    { "on all keys", "HSM-3",
        { HSM, .local = { LOCAL("w", INSIDE_USER, "/keys") },
            .principals = { WORKLOAD("w") } },
        KV_VERDICT_FAIL, "w (service principal) holds user at /keys" },
    { "an auditor looks at all", "HSM-3",
        { HSM, .local = { LOCAL("w", INSIDE_AUDITOR, "/") },
            .principals = { WORKLOAD("w") } },
        KV_VERDICT_PASS, "0 workloads" },
    { "somebody on all keys", "HSM-3",
        { HSM, .local = { LOCAL("w", INSIDE_USER, "/keys") } },
        KV_VERDICT_UNKNOWN, "Directory.Read.All" },
    { "least", "HSM-4",
        { HSM,
            .local = { LOCAL("w", INSIDE_USER, "/keys/k1"),
                LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { WORKLOAD("w"), GROUP_OF("g", 2) } },
        KV_VERDICT_PASS, "2 local assignments" },
    { "an officer that is a workload", "HSM-4",
        { HSM, .local = { LOCAL("w", INSIDE_OFFICER, "/") },
            .principals = { WORKLOAD("w") } },
        KV_VERDICT_FAIL, "may give itself any role" },
    { "both hats", "HSM-4",
        { HSM,
            .local = { LOCAL("p", INSIDE_ADMIN, "/"),
                LOCAL("P", INSIDE_USER, "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_FAIL, "administers the HSM and uses its keys" },
    { "gone", "HSM-4",
        { HSM, .local = { LOCAL("x", INSIDE_USER, "/keys/k1") },
            .principals = { { .id = "x", .missing = true } } },
        KV_VERDICT_FAIL, "nobody is behind it" },
    { "a role not read", "HSM-4",
        { HSM, .local = { LOCAL("p", "custom", "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_UNKNOWN, "who or what that is was not read" },
    { "nobody over it", "HSM-23",
        { HSM, .local = { LOCAL("p", INSIDE_ADMIN, "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_PASS, "0 of 0 holders" },
    { "each their own", "HSM-23",
        { HSM, OWNED_BY("q", KV_PRINCIPAL_USER),
            .local = { LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { CLUB("g"), PERSON("p") } },
        KV_VERDICT_PASS, "0 of 1 holder of a privileged Azure role" },
    { "both sides", "HSM-23",
        { HSM, OWNED_BY("P", KV_PRINCIPAL_USER),
            .local = { LOCAL("p", INSIDE_ADMIN, "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_FAIL,
        "user p P: Owner at the subscription\np (user) holds administrator at "
        "/" },
    { "both sides, here through a group", "HSM-23",
        { HSM, OWNED_BY("p", KV_PRINCIPAL_USER),
            .local = { LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { CLUB("g"), PERSON("p") } },
        KV_VERDICT_FAIL, "g (group) holds administrator at /" },
    { "both sides through one group", "HSM-23",
        { HSM, OWNED_BY("g", KV_PRINCIPAL_GROUP),
            .local = { LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { CLUB("g") } },
        KV_VERDICT_FAIL, "through the group g" },
    { "one group on both sides, not readable", "HSM-23",
        { HSM, OWNED_BY("g", KV_PRINCIPAL_GROUP),
            .local = { LOCAL("g", INSIDE_ADMIN, "/") } },
        KV_VERDICT_FAIL, "group g: Owner at the subscription" },
    { "a group that nobody may read here", "HSM-23",
        { HSM, OWNED_BY("p", KV_PRINCIPAL_USER),
            .local = { LOCAL("g", INSIDE_ADMIN, "/") },
            .principals = { { .id = "g",
                .name = "g",
                .type = KV_PRINCIPAL_GROUP } } },
        KV_VERDICT_UNKNOWN, "whether that is the same is not readable" },
    { "a group that nobody may read there", "HSM-23",
        { HSM, OWNED_BY("g", KV_PRINCIPAL_GROUP),
            .local = { LOCAL("p", INSIDE_ADMIN, "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_UNKNOWN, "group g: who is in it is not readable" },
    { "who uses keys does not administer", "HSM-23",
        { HSM, OWNED_BY("p", KV_PRINCIPAL_USER),
            .local = { LOCAL("p", INSIDE_USER, "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_PASS, "0 of 1 holder" },
    { "a local role not read", "HSM-23",
        { HSM, OWNED_BY("p", KV_PRINCIPAL_USER),
            .local = { LOCAL("p", "custom", "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_UNKNOWN, "whether that is the same is not readable" },
    { "a workload on both sides", "HSM-23",
        { HSM, OWNED_BY("w", KV_PRINCIPAL_SERVICE),
            .local = { LOCAL("w", INSIDE_ADMIN, "/") },
            .principals = { WORKLOAD("w") } },
        KV_VERDICT_PASS, "0 of 0 holders" },
    { "who may become an owner", "HSM-23",
        { HSM,
            .scene.around = { { KV_SET_SCHEDULES,
                &(const struct kv_schedule){ .id = "eligible",
                    .scope = SCENE_HSM,
                    .principal_id = "p",
                    .role_guid = "Owner",
                    .eligible = true } } },
            .local = { LOCAL("p", INSIDE_ADMIN, "/") },
            .principals = { PERSON("p") } },
        KV_VERDICT_PASS, "0 of 0 holders" },
    { "backed up this week", "HSM-6",
        { HSM, .operations = { { .name = "BackupStart", .last_s = AGO(7) } } },
        KV_VERDICT_PASS, "last full backup" },
    { "backed up before", "HSM-6",
        { HSM, .operations = { { .name = "BackupStart", .last_s = AGO(8) } } },
        KV_VERDICT_FAIL, "one in 7 days is asked for" },
    { "only a key", "HSM-6",
        { HSM, .operations = { { .name = "KeyBackup",
                   .object = "keys/k1",
                   .last_s = AGO(1) } } },
        KV_VERDICT_FAIL, "last backup of a single key" },
    { "HSM key ends", "HSM-11", { HSM, HOLDS(KEY(.expires_s = IN(9))) },
        KV_VERDICT_PASS, "1 key with an expiry date" },
    { "HSM key does not", "HSM-11", { HSM, HOLDS(KEY(.created_s = AGO(9))) },
        KV_VERDICT_FAIL, "keys/k1" },
    { "HSM key far", "HSM-12", { HSM, HOLDS(KEY(.expires_s = IN(99))) },
        KV_VERDICT_PASS, "not about to expire" },
    { "HSM key near", "HSM-12", { HSM, HOLDS(KEY(.expires_s = IN(9))) },
        KV_VERDICT_FAIL, "expires " },
    { "AES in an HSM", "HSM-13", { HSM, HOLDS(KEY(.key_type = "oct-HSM")) },
        KV_VERDICT_PASS, "allowed type" },
    { "software in an HSM", "HSM-13", { HSM, HOLDS(KEY(.key_type = "RSA")) },
        KV_VERDICT_FAIL, "keys/k1 (RSA)" },
    { "HSM RSA", "HSM-14",
        { HSM, HOLDS(KEY(.key_type = "RSA-HSM", .key_bits = 3072)) },
        KV_VERDICT_PASS, "long enough" },
    { "HSM RSA short", "HSM-14",
        { HSM, HOLDS(KEY(.key_type = "RSA-HSM", .key_bits = 1024)) },
        KV_VERDICT_FAIL, "1024 bits" },
    { "HSM curve", "HSM-15",
        { HSM, HOLDS(KEY(.key_type = "EC-HSM", .curve = "P-521")) },
        KV_VERDICT_PASS, "allowed curve" },
    { "HSM odd curve", "HSM-15",
        { HSM, HOLDS(KEY(.key_type = "EC-HSM", .curve = "Ed25519")) },
        KV_VERDICT_FAIL, "Ed25519" },
    { "AES 256", "HSM-16",
        { HSM, HOLDS(KEY(.key_type = "oct-HSM", .key_bits = 256)) },
        KV_VERDICT_PASS, "long enough" },
    { "AES 128", "HSM-16",
        { HSM, HOLDS(KEY(.key_type = "oct-HSM", .key_bits = 128)) },
        KV_VERDICT_FAIL, "128 bits" },
    { "AES of no size", "HSM-16", { HSM, HOLDS(KEY(.key_type = "oct-HSM")) },
        KV_VERDICT_UNKNOWN, "its size was not shown" },
    { "policy sees", "HSM-18",
        { HSM,
            .policy = "/providers/Microsoft.Authorization/policyDefinitions/"
                      "1d478a74-21ba-4b9f-9d8f-8e6fced0eec5",
            .local = { LOCAL("a1b76039-a76c-499f-a2dd-846b4cc32627",
                INSIDE_AUDITOR, "/") } },
        KV_VERDICT_PASS, "holds auditor at /" },
    { "policy sees nothing", "HSM-18",
        { HSM,
            .policy = "/providers/Microsoft.Authorization/policyDefinitions/"
                      "1D478A74-21BA-4B9F-9D8F-8E6FCED0EEC5",
            .local = { LOCAL("a1b76039-a76c-499f-a2dd-846b4cc32627",
                INSIDE_AUDITOR, "/keys") } },
        KV_VERDICT_FAIL, "does not hold Managed HSM Crypto Auditor at /" },
    { "no such policy", "HSM-18", { HSM, .policy = "elsewhere" },
        KV_VERDICT_NOT_APPLICABLE, "no policy about the keys" },
    { "ARM off", "HSM-20",
        { HSM, .setting = { .name = "AllowKeyManagementOperationsThroughARM",
                   .value = "false" } },
        KV_VERDICT_PASS, "is false" },
    { "ARM not set", "HSM-20", { HSM, .setting.name = NULL }, KV_VERDICT_PASS,
        "is not set" },
    { "ARM on", "HSM-20",
        { HSM, .setting = { .name = "AllowKeyManagementOperationsThroughARM",
                   .value = "true" } },
        KV_VERDICT_FAIL, "is true" },
    { "HSM rotates", "HSM-22", { HSM, HOLDS(KEY(.rotates = true)) },
        KV_VERDICT_PASS, "rotated by a policy" },
    { "HSM does not rotate", "HSM-22", { HSM, HOLDS(KEY(.rotates = false)) },
        KV_VERDICT_FAIL, "keys/k1" },
};

static enum kv_verdict judge(
    const struct inside_case *row, struct kv_estate *estate, struct buf *words)
{
    const struct kv_subject subject = { .estate = estate,
        .resource = kv_estate_resource(estate, 0),
        .policy = &kv_policy_default,
        .now_s = NOW };

    return kv_judge(
        &kv_catalogue[kv_catalogue_find(row->row)], &subject, words);
}

static void check_case(const struct inside_case *row)
{
    struct kv_estate *estate = inside_estate(&row->inside);
    struct buf words = { .limit = 1u << 16 };
    enum kv_verdict verdict = judge(row, estate, &words);

    if (verdict != row->expected || !strstr(buf_text(&words), row->says))
        fail_with("%s: %s, expected %s with '%s', is %s: %s", row->name,
            row->row, kv_verdict_name(row->expected), row->says,
            kv_verdict_name(verdict), buf_text(&words));
    if (judge(row, estate, NULL) != verdict)
        fail_with("%s: %s, the words change the verdict", row->name, row->row);
    buf_done(&words);
    estate_free(estate);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        check_case(&cases[i]);
}

/* Many names of one shape, which a scene has no room for. */
static void test_crowd(void **state)
{
    struct inside inside = { .scene.resource.kind = KV_KIND_VAULT };
    struct kv_estate *estate = inside_estate(&inside);
    const char *vault = kv_estate_resource(estate, 0)->id;
    struct buf words = { .limit = 4096 };

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        const char *id = inside_id(estate, vault, "secrets", 1000 + i);

        estate_add_row(estate, KV_SET_SECRETS,
            &(struct kv_object){ .id = id,
                .scope = vault,
                .name = estate_text(estate, arm_id_last(view_of(id))),
                .kind = KV_OBJECT_SECRET });
    }
    assert_int_equal(
        judge(&(struct inside_case){ .row = "OBJ-4" }, estate, &words),
        KV_VERDICT_MANUAL);
    assert_contains(buf_text(&words), "20 are called #");
    buf_done(&words);
    estate_free(estate);
}

/* Names and no more than ten of them: a vault may have thousands. */
static void test_evidence_is_bounded(void **state)
{
    struct inside inside = { .scene.resource.kind = KV_KIND_VAULT };
    struct kv_estate *estate = inside_estate(&inside);
    const char *vault = kv_estate_resource(estate, 0)->id;
    struct buf words = { .limit = 4096 };

    (void)state;
    for (size_t i = 0; i < 3000; i++)
        estate_add_row(estate, KV_SET_SECRETS,
            &(struct kv_object){ .id = inside_id(estate, vault, "secrets", i),
                .scope = vault,
                .name = "s",
                .kind = KV_OBJECT_SECRET });
    assert_int_equal(
        judge(&(struct inside_case){ .row = "OBJ-5" }, estate, &words),
        KV_VERDICT_FAIL);
    assert_contains(buf_text(&words), "3,000 of 3,000 keys and secrets");
    assert_contains(buf_text(&words), " and 2,990 more");
    assert_true(words.size < 400);
    buf_done(&words);
    estate_free(estate);
}

/* ---- that nothing is left out ---- */

static bool has_case(const char *row, enum kv_verdict expected)
{
    for (size_t i = 0; i < LENGTH(cases); i++)
        if (strcmp(cases[i].row, row) == 0 && cases[i].expected == expected)
            return true;
    return false;
}

static bool is_inside(const struct kv_recommendation *row)
{
    for (unsigned facet = 0; facet < KV_FACET_COUNT; facet++)
        if (kv_facets[facet].deep &&
            (row->needs | row->looks_at) & KV_FACET_BIT(facet))
            return true;
    return false;
}

static void test_every_row_has_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        const struct kv_recommendation *row = &kv_catalogue[i];

        if (!is_inside(row))
            continue;
        if (!has_case(row->id, KV_VERDICT_PASS))
            fail_with("%s has no passing case", row->id);
        /* A person decides on OBJ-4 beside the table, in test_crowd(). */
        if (!has_case(row->id, KV_VERDICT_FAIL) &&
            !(row->attests && (has_case(row->id, KV_VERDICT_MANUAL) ||
                                  strcmp(row->id, "OBJ-4") == 0)))
            fail_with("%s has no failing case", row->id);
    }
}

/* Of what a resource does not hold, nothing can be said: neither that it is
 * right nor that it is wrong. */
static void test_empty_is_not_applicable(void **state)
{
    const uint64_t objects = BIT(KV_FACET_KEYS) | BIT(KV_FACET_SECRETS) |
                             BIT(KV_FACET_CERTIFICATES);

    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        const struct kv_recommendation *row = &kv_catalogue[i];
        struct inside nothing = {
            .scene.resource.kind = kv_row_concerns(row, KV_KIND_VAULT)
                                       ? KV_KIND_VAULT
                                       : KV_KIND_HSM,
        };
        struct inside_case one = { .row = row->id };
        struct kv_estate *estate;
        enum kv_verdict verdict;

        if (!((row->needs | row->looks_at) & objects))
            continue;
        estate = inside_estate(&nothing);
        verdict = judge(&one, estate, NULL);
        if (verdict != KV_VERDICT_NOT_APPLICABLE && !row->attests)
            fail_with("%s of nothing is %s", row->id, kv_verdict_name(verdict));
        estate_free(estate);
    }
}

/* Everything denied: unknown or, of what a person may know, manual. */
static void test_denied(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_catalogue_count; i++) {
        const struct kv_recommendation *row = &kv_catalogue[i];
        struct inside inside = {
            .scene.resource.kind = kv_row_concerns(row, KV_KIND_VAULT)
                                       ? KV_KIND_VAULT
                                       : KV_KIND_HSM,
            TAGGED("hsm-backed", "yes"),
            DENIED(row->needs | row->looks_at),
        };
        struct inside_case one = { .row = row->id };
        struct kv_estate *estate;
        enum kv_verdict verdict;

        if (!is_inside(row))
            continue;
        estate = inside_estate(&inside);
        verdict = judge(&one, estate, NULL);
        if (verdict != KV_VERDICT_UNKNOWN &&
            !(verdict == KV_VERDICT_MANUAL && row->attests))
            fail_with("%s is %s", row->id, kv_verdict_name(verdict));
        estate_free(estate);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_crowd),
        cmocka_unit_test(test_evidence_is_bounded),
        cmocka_unit_test(test_every_row_has_cases),
        cmocka_unit_test(test_empty_is_not_applicable),
        cmocka_unit_test(test_denied),
    };

    return cmocka_run_group_tests_name("posture inside", tests, NULL, NULL);
}
