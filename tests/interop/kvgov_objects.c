/* Prints as JSON what kvgov's own reader finds inside the vaults and HSMs of
 * the cloud that the environment names, for test_kvgov.mjs to hold against what
 * Microsoft's libraries find there. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kvgov/estate.h"
#include "kvgov/rows.h"
#include "kvgov/session.h"

#define SLICE_MS 50
#define LOOPBACK "https://127.0.0.1:"

static const struct {
    enum kv_set set;
    const char *name;
} sets[] = {
    { KV_SET_KEYS, "keys" },
    { KV_SET_SECRETS, "secrets" },
    { KV_SET_CERTIFICATES, "certificates" },
    { KV_SET_DELETED_OBJECTS, "deleted" },
};

static json_t *object_json(const struct kv_object *object)
{
    return json_pack("{s:s, s:s, s:b, s:b, s:b, s:I, s:I, s:i, s:s?, s:s?}",
        "vault", object->scope, "name", object->name, "enabled",
        !object->disabled, "managed", object->managed, "rotates",
        object->rotates, "expires", (json_int_t)object->expires_s, "created",
        (json_int_t)object->created_s, "tags", (int)object->tag_count,
        "key_type", object->key_type, "issuer", object->issuer);
}

static json_t *set_json(const struct kv_estate *estate, enum kv_set set)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < kv_estate_row_count(estate, set); i++) {
        const struct kv_object *object = kv_estate_row(estate, set, i);

        if (object)
            json_array_append_new(list, object_json(object));
    }
    return list;
}

static void print(const struct kv_estate *estate)
{
    json_t *body = json_object();

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        json_object_set_new(body, sets[i].name, set_json(estate, sets[i].set));
    json_dumpf(body, stdout, 0);
    puts("");
    json_decref(body);
}

static bool ended(const struct kv_session *session)
{
    return kv_session_sign_in(session)->state == KV_SIGN_IN_FAILED ||
           (kv_session_scan(session)->state >= KV_SCAN_DONE &&
               kv_session_idle(session));
}

/* Never without a simulated cloud: kvgov's standard is the real one. */
static const char *endpoint(void)
{
    const char *origin = getenv("KVGOV_ARM_ENDPOINT");

    return origin && strncmp(origin, LOOPBACK, strlen(LOOPBACK)) == 0 ? origin
                                                                      : NULL;
}

int main(void)
{
    struct kv_session *session = NULL;
    struct kv_error err = { 0 };
    bool done;

    if (!endpoint()) {
        fputs("kvgov_objects: KVGOV_ARM_ENDPOINT is not on loopback\n", stderr);
        return 1;
    }
    if (kv_session_open(&session,
            &(struct kv_session_options){
                .arm_endpoint = endpoint(),
                .auth = "environment",
                .read_only = true,
                .no_device_code = true,
                .deep = true,
                .no_store = true,
                .no_files = true,
            },
            &err) != KV_OK) {
        fprintf(stderr, "kvgov_objects: %s\n", err.text);
        return 1;
    }
    kv_session_start(session);
    while (!ended(session)) {
        kv_session_wait(session, NULL, 0, SLICE_MS);
        (void)kv_session_step(session);
    }
    done = kv_session_scan(session)->state == KV_SCAN_DONE;
    if (done)
        print(kv_session_estate(session));
    kv_session_close(session);
    return done ? 0 : 1;
}
