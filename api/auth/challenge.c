/* A 401 that asks for more: "Bearer realm="", error="insufficient_claims",
 * claims="BASE64"" (OpenID Connect's claims parameter, in an HTTP field). */
#include "auth.h"

#include "base64.h"

#include <jansson.h>

#define CLAIMS_LIMIT 8192 /* bytes of JSON */

/* The next name="value" or name=value; false at the end. A scheme's name before
 * the first parameter is taken for part of nothing. */
static bool next_parameter(
    struct view *rest, struct view *name, struct view *value)
{
    if (rest->size == 0)
        return false;
    *name = view_trim(view_cut(rest, '='));
    while (name->size > 0) { /* what a comma or a blank parts from it */
        struct view tail = *name;

        view_cut(&tail, ' ');
        if (tail.size == 0)
            break;
        *name = view_trim(tail);
    }
    if (rest->size > 0 && rest->data[0] == '"') {
        view_cut(rest, '"');
        *value = view_cut(rest, '"');
        view_cut(rest, ',');
    } else {
        *value = view_trim(view_cut(rest, ','));
    }
    return true;
}

static struct view parameter_find(struct view field, const char *wanted)
{
    struct view name, value;

    while (next_parameter(&field, &name, &value))
        if (view_equal_nocase(name, view_of(wanted)))
            return value;
    return (struct view){ 0 };
}

/* Sent back to Entra as it came, but nothing that is no JSON object. */
static bool is_object(struct view text)
{
    json_t *json = json_loadb(text.data ? text.data : "", text.size, 0, NULL);
    bool object = json_is_object(json);

    json_decref(json);
    return object;
}

bool auth_challenge_claims(struct buf *out, const char *www_authenticate)
{
    struct view field = view_of(www_authenticate);
    struct hidden claims = { 0 };
    bool found = false;

    if (view_starts_nocase(field, view_of("Bearer")) &&
        view_equal_nocase(
            parameter_find(field, "error"), view_of("insufficient_claims")))
        found = base64_decode(&claims, parameter_find(field, "claims")) &&
                claims.size <= CLAIMS_LIMIT && is_object(hidden_view(&claims));
    if (found)
        buf_put(out, hidden_view(&claims));
    hidden_done(&claims);
    return found;
}
