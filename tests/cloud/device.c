/* The device code flow: codes, polls, and the page where a person answers. */
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "handlers.h"
#include "identity.h"
#include "route.h"

#define DEVICE_LIFE_S 900
#define DEVICE_INTERVAL_S 5
/* Polls that are answered "pending" before a code approves itself. */
#define PENDING_ANSWERS 2

void device_done(struct device *device)
{
    free(device->code);
    free(device->user_code);
    free(device->scope);
    free(device->claims);
    free(device->client_id);
}

static double device_interval(const struct call *call)
{
    const struct effect *effect = &call->effects[FAULT_DEVICE_INTERVAL];

    return effect->on ? effect->number : DEVICE_INTERVAL_S;
}

/* Nine capital letters and digits that are not mistaken for each other. */
static char *user_code_new(void)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned char bytes[9];
    char code[10];

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        abort();
    for (size_t i = 0; i < sizeof bytes; i++)
        code[i] = letters[bytes[i] % (sizeof letters - 1)];
    code[9] = '\0';
    return alloc_text(code);
}

static struct device *device_add(
    struct call *call, const struct parameter *form, size_t count)
{
    struct device_list *list = identity_devices(call->cloud->identity);
    long long now_ms = time_monotonic_ms();
    char *first = guid_new();
    char *second = guid_new();
    const char *claims = form_value(form, count, "claims");
    struct device *device;

    list->items = alloc_grow(list->items, list->count + 1, sizeof *list->items);
    device = &list->items[list->count++];
    *device = (struct device){
        .code = alloc_format("%s%s", first, second),
        .user_code = user_code_new(),
        .scope = alloc_text(form_value(form, count, "scope")),
        .claims = claims ? alloc_text(claims) : NULL,
        .client_id = alloc_text(form_value(form, count, "client_id")),
        .expires_ms = now_ms + DEVICE_LIFE_S * 1000,
        .next_ms = now_ms,
    };
    free(first);
    free(second);
    return device;
}

static void device_answer_code(struct call *call, const struct device *device)
{
    char *uri = alloc_format("%s/devicelogin", call->origin);
    char *message = alloc_format("To sign in, use a web browser to open the "
                                 "page %s and enter the code %s to "
                                 "authenticate.",
        uri, device->user_code);

    answer_json(call, 200,
        json_pack("{s:s, s:s, s:s, s:i, s:I, s:s}", "user_code",
            device->user_code, "device_code", device->code, "verification_uri",
            uri, "expires_in", DEVICE_LIFE_S, "interval",
            (json_int_t)device_interval(call), "message", message));
    free(uri);
    free(message);
}

void device_code(struct call *call)
{
    struct parameter *form = NULL;
    size_t count = 0;
    const char *client_id;
    const char *scope;

    if (!identity_tenant(call))
        return;
    route_parameters(call->body.data ? call->body.data : "", &form, &count);
    client_id = form_value(form, count, "client_id");
    scope = form_value(form, count, "scope");
    if (!client_id || !scope)
        identity_error(call, 400, "invalid_request", 900144,
            "The request body must contain the following parameter: '%s'.",
            client_id ? "scope" : "client_id");
    else
        device_answer_code(call, device_add(call, form, count));
    form_done(form, count);
}

static struct device *device_find(
    struct call *call, const char *code, bool by_user_code)
{
    struct device_list *list = identity_devices(call->cloud->identity);

    for (size_t i = 0; i < list->count; i++) {
        struct device *device = &list->items[i];

        if (strcmp(by_user_code ? device->user_code : device->code, code) == 0)
            return device;
    }
    return NULL;
}

static void device_drop(struct call *call, struct device *device)
{
    struct device_list *list = identity_devices(call->cloud->identity);

    device_done(device);
    *device = list->items[--list->count];
}

/* What this poll is told, by fault, by a person, or by itself. */
static char device_verdict(const struct call *call, const struct device *device)
{
    const struct effect *effect = &call->effects[FAULT_DEVICE];

    if (effect->on && strcmp(effect->text, "declined") == 0)
        return 'd';
    if (effect->on && strcmp(effect->text, "expired") == 0)
        return 'e';
    if (effect->on && strcmp(effect->text, "pending") == 0)
        return 'p';
    if (time_monotonic_ms() >= device->expires_ms)
        return 'e';
    if (device->verdict)
        return device->verdict;
    if (effect->on || device->pending < PENDING_ANSWERS)
        return 'p';
    return 'a';
}

static void device_grant(
    struct call *call, struct device *device, const char *claims)
{
    const char *id = json_string_value(json_object_get(
        estate_member(&call->cloud->estate, "deviceUser"), "principalId"));
    struct device kept = *device;
    struct device_list *list = identity_devices(call->cloud->identity);

    *device = list->items[--list->count];
    if (id)
        grant_answer(call, &(struct grant){
                               .principal_id = id,
                               .client_id = kept.client_id,
                               .scope = kept.scope,
                               .claims = kept.claims ? kept.claims : claims,
                               .person_there = true,
                           });
    else
        identity_error(call, 400, "invalid_grant", 50034,
            "The user account does not exist in the %s directory.",
            call->cloud->estate.tenant_id);
    device_done(&kept);
}

void device_redeem(struct call *call, const struct device_claim *claim)
{
    struct device *device = device_find(call, claim->code, false);
    long long now_ms = time_monotonic_ms();
    long long interval_ms = (long long)(device_interval(call) * 1000);

    if (!device || !text_same(device->client_id, claim->client_id)) {
        identity_error(call, 400, "bad_verification_code", 70018,
            "Invalid verification code. User typed in the wrong user code for "
            "the device code flow.");
        return;
    }
    if (now_ms < device->next_ms) {
        device->next_ms = now_ms + interval_ms;
        identity_error(call, 400, "slow_down", 70016,
            "The client polls more often than the interval allows.");
        return;
    }
    /* A tenth of tolerance: the client's clock starts when it has read. */
    device->next_ms = now_ms + interval_ms * 9 / 10;
    switch (device_verdict(call, device)) {
    case 'a':
        device_grant(call, device, claim->claims);
        return;
    case 'd':
        device_drop(call, device);
        identity_error(call, 400, "authorization_declined", 70000,
            "The user has denied the authorization request.");
        return;
    case 'e':
        device_drop(call, device);
        identity_error(call, 400, "expired_token", 70019,
            "The verification code has expired.");
        return;
    }
    device->pending++;
    identity_error(call, 400, "authorization_pending", 70016,
        "OAuth 2.0 device flow error. Authorization is pending. Continue "
        "polling.");
}

void device_login(struct call *call)
{
    const char *code = call_query(call, "code");
    const char *answer = call_query(call, "answer");
    struct device *device = code ? device_find(call, code, true) : NULL;

    if (!device || !answer ||
        (strcmp(answer, "approve") != 0 && strcmp(answer, "decline") != 0)) {
        answer_error(call, device ? 400 : 404, "BadRequest",
            "Use /devicelogin?code=USERCODE&answer=approve or "
            "answer=decline.");
        return;
    }
    device->verdict = answer[0] == 'a' ? 'a' : 'd';
    answer_json(
        call, 200, json_pack("{s:s, s:s}", "code", code, "answer", answer));
}
