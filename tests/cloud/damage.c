/* What faults do to an answer: in the service's place, or to what it said. */
#include "damage.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

static void answer_throttled(struct call *call, double retry_after)
{
    answer_error(call, 429, "TooManyRequests",
        "The request is being throttled as the limit has been reached for "
        "operation type - %s. For more information, see - "
        "https://aka.ms/srpthrottlinglimits",
        call_is(call, "GET") ? "Read" : "Write");
    if (retry_after >= 0)
        call_header(call, "Retry-After", "%.0f", retry_after);
}

static void answer_status(struct call *call, const struct effect *effect)
{
    unsigned status = (unsigned)effect->number;

    if (status == 429) {
        answer_throttled(
            call, effect->retry_after > 0 ? effect->retry_after : -1);
        return;
    }
    answer_error(call, status,
        status >= 503 ? "ServiceUnavailable" : "InternalServerError",
        "The server encountered an error. Please retry the request.");
    if (effect->retry_after > 0)
        call_header(call, "Retry-After", "%.0f", effect->retry_after);
}

bool damage_answers(struct call *call)
{
    const struct effect *effects = call->effects;

    if (effects[FAULT_THROTTLE].on) {
        answer_throttled(call, effects[FAULT_THROTTLE].number);
    } else if (effects[FAULT_STATUS].on) {
        answer_status(call, &effects[FAULT_STATUS]);
    } else if (effects[FAULT_REDIRECT].on) {
        answer_empty(call, 307);
        call_header(call, "Location", "%s", effects[FAULT_REDIRECT].text);
    } else {
        return false;
    }
    return true;
}

static void damage_location(struct call *call)
{
    const char *origin = call->effects[FAULT_FOREIGN_LOCATION].text;

    answer_empty(call, 202);
    call_drop_header(call, "Location");
    call_drop_header(call, "Azure-AsyncOperation");
    call_drop_header(call, "Retry-After");
    call_header(call, "Location", "%s%s", origin, call->target);
    call_header(call, "Azure-AsyncOperation", "%s%s", origin, call->target);
    call_header(call, "Retry-After", "1");
}

/* The member that a list continues by; NULL for what is no list. */
static const char *next_member(json_t *body)
{
    static const char *const known[] = { "@odata.nextLink", "@nextLink",
        "nextLink" };

    if (json_is_array(json_object_get(body, "data")) &&
        json_object_get(body, "resultTruncated"))
        return "$skipToken";
    if (!json_is_array(json_object_get(body, "value")))
        return NULL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (json_object_get(body, known[i]))
            return known[i];
    return json_object_get(body, "@odata.context") ? "@odata.nextLink"
                                                   : "nextLink";
}

/* Each link is a new one, so that only counting pages ends it: the page is
 * the same, the number in a parameter of our own is higher. */
static char *endless_link(const struct call *call)
{
    const char *turn = call_query(call, "turn");
    char *end = alloc_format("turn=%ld", turn ? strtol(turn, NULL, 10) + 1 : 1);
    const char *old = strstr(call->link, "turn=");
    int kept = old ? (int)(old - call->link) : (int)strlen(call->link);
    bool bare = kept > 0 && strchr("?&", call->link[kept - 1]);
    char *link = alloc_format(
        "%s%.*s%s%s", call->origin, kept, call->link, bare ? "" : "&", end);

    free(end);
    return link;
}

/* In Resource Graph's own form: the first page again, by another token. */
static char *endless_token(void)
{
    char *id = guid_new();
    char *text = alloc_format("{\"ResultId\":\"%s\",\"RowsToSkip\":0}", id);
    char *token = alloc_zero(2 * strlen(text), 1);

    EVP_EncodeBlock(
        (unsigned char *)token, (unsigned char *)text, (int)strlen(text));
    free(id);
    free(text);
    return token;
}

static void damage_link(struct call *call)
{
    bool endless = call->effects[FAULT_ENDLESS_NEXTLINK].on;
    json_t *body = json_loadb(call->answer.data ? call->answer.data : "",
        call->answer.length, 0, NULL);
    const char *member = next_member(body);
    bool token = member && strcmp(member, "$skipToken") == 0;
    char *link;

    if (!member || call->status != 200 || (token && !endless)) {
        json_decref(body);
        return;
    }
    link = token ? endless_token()
           : endless
               ? endless_link(call)
               : alloc_format("%s%s",
                     call->effects[FAULT_FOREIGN_NEXTLINK].text, call->link);
    json_object_set_new(body, member, json_string(link));
    free(link);
    answer_json(call, 200, body);
}

static void damage_json(struct call *call)
{
    buffer_done(&call->answer);
    buffer_puts(&call->answer,
        "<!DOCTYPE html><html><head><title>Sign in to the network"
        "</title></head><body>Please accept the terms.</body></html>");
    call->status = 200;
}

/* A clock that is fast by so many seconds. */
static void damage_date(struct call *call)
{
    time_t now = time(NULL) + (time_t)call->effects[FAULT_SKEW].number;
    struct tm parts;
    char text[64];

    gmtime_r(&now, &parts);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    call_header(call, "Date", "%s", text);
}

void damage_answer(struct call *call)
{
    if (call->effects[FAULT_SKEW].on)
        damage_date(call);
    if (call->effects[FAULT_FOREIGN_LOCATION].on && !call_is(call, "GET"))
        damage_location(call);
    if (call->effects[FAULT_ENDLESS_NEXTLINK].on ||
        call->effects[FAULT_FOREIGN_NEXTLINK].on)
        damage_link(call);
    if (call->effects[FAULT_BAD_JSON].on)
        damage_json(call);
}

const char *damage_type(const struct call *call)
{
    if (call->effects[FAULT_WRONG_TYPE].on)
        return call->effects[FAULT_WRONG_TYPE].text;
    return call->effects[FAULT_BAD_JSON].on ? "text/html"
                                            : "application/json; charset=utf-8";
}
