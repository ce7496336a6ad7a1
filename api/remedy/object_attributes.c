/* Remedies that change what is said of keys and secrets: their end, and what
 * kind of value a secret is. A secret's value is neither read nor written. */
#include "contents.h"

#include <string.h>

#define YEAR_DAYS 365
#define KEY_UPDATE { "keys/update/action", "keys/write/action" }
#define SECRET_UPDATE { "secrets/update/action", NULL }

/* ---- dates ---- */

/* "2027-11-30", at its beginning in UTC; 0: none. */
static int64_t date_parse(const char *text)
{
    struct buf whole = { .limit = 64 };
    int64_t time_s = 0;

    if (strlen(text) == strlen("2027-11-30")) {
        buf_putf(&whole, "%sT00:00:00Z", text);
        time_s = time_parse(buf_view(&whole));
    }
    buf_done(&whole);
    return time_s;
}

static void put_date(struct buf *out, int64_t time_s)
{
    struct buf whole = { .limit = 64 };

    buf_put_time(&whole, time_s);
    buf_put(out, (struct view){ buf_text(&whole), strlen("2027-11-30") });
    buf_done(&whole);
}

static const char *date_text(struct preview *preview, int64_t time_s)
{
    struct buf date = { .limit = 64 };
    const char *kept;

    put_date(&date, time_s);
    kept = preview_text(preview, "%s", buf_text(&date));
    buf_done(&date);
    return kept;
}

static void expiry_offer(struct option *out, const struct plan_targets *targets)
{
    struct buf date = { .limit = 64 };

    put_date(&date, targets->now_s + YEAR_DAYS * INSIDE_DAY_S);
    option_set_value(out, buf_text(&date));
    buf_done(&date);
}

static enum kv_status expiry_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    (void)option;
    return date_parse(value) > 0
               ? KV_OK
               : kv_error_set(err, KV_BAD_INPUT,
                     "\"%.40s\" is no date: write 2027-11-30.", value);
}

const struct option_row expiry_options[] = {
    INSIDE_OBJECTS_OPTION,
    {
        .name = "expires",
        .label = "Expires on",
        .help = "a date, 2027-11-30, at its beginning in UTC",
        .offer = expiry_offer,
        .accept = expiry_accept,
    },
    { 0 },
};

/* ---- set-expiry ---- */

/* A lifetime that is bounded ends no later than its bound; 0: any date does not
 * help any more. */
static int64_t date_for(const struct plan_input *input,
    const struct kv_object *object, int64_t wanted_s)
{
    const struct kv_policy *policy = input->policy;
    int64_t last_s =
        object->created_s + (int64_t)policy->max_lifetime_days * INSIDE_DAY_S;
    int64_t soonest_s =
        input->now_s + (int64_t)policy->expiry_days * INSIDE_DAY_S;

    if (strcmp(input->row, "OBJ-8") != 0 || object->created_s == 0 ||
        last_s >= wanted_s)
        return wanted_s;
    last_s -= last_s % INSIDE_DAY_S;
    return last_s > soonest_s ? last_s : 0;
}

/* Why the key would stop before a new version is there; NULL: it would not. */
static const char *key_stops(const struct kv_object *key, int64_t expires_s)
{
    if (key->rotation.state != KV_FACET_READY)
        return "whether it rotates by itself is not known, and at its expiry a "
               "key stops signing, encrypting and wrapping";
    if (!key->rotates)
        return "it does not rotate by itself and would stop signing, "
               "encrypting and wrapping on that day: run rotation-policy first";
    if (key->rotates_after_days > 0 &&
        key->created_s + key->rotates_after_days * INSIDE_DAY_S >= expires_s)
        return "its rotation comes later than that day, until when it would "
               "sign, encrypt and wrap nothing: choose a later date";
    return NULL;
}

static json_t *expiry_body(json_t *expires)
{
    return json_pack("{s:{s:O}}", "attributes", "exp", expires);
}

/* Without a date before, null asks for none again. */
static void take_back_expiry(struct step *step, json_t *before)
{
    json_t *undo = before ? json_incref(before) : json_null();

    step_back(step, "PATCH", step->call.path, PLANE_API, expiry_body(undo));
    json_decref(undo);
    step->reversible = true;
}

static void set_expiry(const struct inside *inside,
    const struct kv_object *object, int64_t expires_s)
{
    static const struct inside_right rights[] = {
        [KV_OBJECT_KEY] = KEY_UPDATE,
        [KV_OBJECT_SECRET] = SECRET_UPDATE,
    };
    struct inside_version version;
    struct buf path = { .limit = 512 };
    struct step *step;
    json_t *before;
    json_t *after;

    if (!inside_current(inside, object, &version) || !inside_has_room(inside))
        return;
    if (json_is_true(value_at(version.item, "managed"))) {
        inside_leave_out(inside, object, "it goes with its certificate");
        return;
    }
    before = value_at(version.item, "attributes.exp");
    after = json_integer(expires_s);
    step = inside_step(inside, "PATCH", version.path, &rights[object->kind]);
    step_what(step, "set the expiry date of %s", inside_name(inside, object));
    step_find_at(step, "%s", version.find);
    step_body_is(step, expiry_body(after));
    buf_putf(&path, "%sattributes.exp", version.at);
    step_set(step, buf_text(&path), before, after, json_incref(before));
    take_back_expiry(step, before);
    buf_done(&path);
}

static bool plan_expiry(const struct inside *inside,
    const struct kv_object *object, int64_t wanted_s)
{
    int64_t expires_s = date_for(inside->input, object, wanted_s);
    bool key = object->kind == KV_OBJECT_KEY;
    const char *stops = key ? key_stops(object, expires_s) : NULL;

    if (expires_s == 0)
        inside_leave_out(inside, object,
            "it is so old that no date bounds its lifetime as asked: make a "
            "new version instead");
    else if (stops)
        inside_leave_out(inside, object, stops);
    else
        set_expiry(inside, object, expires_s);
    return key && expires_s > 0 && !stops;
}

static void tell_expiry(struct draft *draft, int64_t wanted_s, bool keys)
{
    struct preview *preview = &draft->preview;

    preview->takes = "seconds";
    preview->undo = "yes, the dates read now are sent back; whether Azure "
                    "takes a date away again is UNKNOWN, and read afterwards";
    preview->impact = preview_text(preview,
        "Nobody loses access today. The vault announces the end 30 days "
        "before it, on %s or sooner. A secret stays readable after its date%s",
        date_text(preview, wanted_s),
        keys ? "; a key's version stops signing, encrypting and wrapping on "
               "its date, and goes on decrypting, unwrapping and verifying."
             : ".");
    if (keys)
        draft_raise(draft, KV_GRADE_ACCESS,
            "a key stops signing, encrypting and wrapping at its expiry");
}

void expiry_plan(struct draft *draft, const struct plan_input *input)
{
    int64_t wanted_s = date_parse(input_option(input, "expires"));
    struct inside inside;
    bool keys = false;

    if (wanted_s <= input->now_s) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "the date is in the past: choose one to come");
        return;
    }
    if (inside_open(&inside, draft, input, INSIDE_KEYS | INSIDE_SECRETS)) {
        for (size_t i = 0; i < inside.count; i++)
            keys |= plan_expiry(&inside, inside.objects[i], wanted_s);
        inside_close(&inside, "what has to come first is said above");
    }
    if (draft->step_count > 0)
        tell_expiry(draft, wanted_s, keys);
    inside_done(&inside);
}

/* ---- set-content-type ---- */

#define CONTENT_TYPE_MAX 255 /* characters: Key Vault's own limit */

static void content_type_offer(
    struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_set_value(out, "application/octet-stream");
}

static enum kv_status content_type_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    size_t size = strlen(value);

    (void)option;
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            size = 0;
    return size > 0 && size <= CONTENT_TYPE_MAX
               ? KV_OK
               : kv_error_set(err, KV_BAD_INPUT,
                     "A content type is one line of at most %d characters, "
                     "such as password or application/octet-stream.",
                     CONTENT_TYPE_MAX);
}

const struct option_row content_type_options[] = {
    INSIDE_OBJECTS_OPTION,
    {
        .name = "content_type",
        .label = "Content type",
        .help = "what the values are, for whoever reads them: password, "
                "application/octet-stream",
        .offer = content_type_offer,
        .accept = content_type_accept,
    },
    { 0 },
};

static json_t *content_type_body(const char *type)
{
    return json_pack("{s:s}", "contentType", type ? type : "");
}

static void set_content_type(
    const struct inside *inside, const struct kv_object *object)
{
    static const struct inside_right right = SECRET_UPDATE;
    const char *type = input_option(inside->input, "content_type");
    struct inside_version version;
    struct buf path = { .limit = 512 };
    struct step *step;
    json_t *before;

    if (!inside_current(inside, object, &version) || !inside_has_room(inside))
        return;
    if (json_is_true(value_at(version.item, "managed"))) {
        inside_leave_out(inside, object, "it goes with its certificate");
        return;
    }
    before = value_at(version.item, "contentType");
    step = inside_step(inside, "PATCH", version.path, &right);
    step_what(step, "set the content type of %s", inside_name(inside, object));
    step_find_at(step, "%s", version.find);
    step_body_is(step, content_type_body(type));
    buf_putf(&path, "%scontentType", version.at);
    step_set(step, buf_text(&path), before, json_string(type),
        json_incref(before));
    step_back(step, "PATCH", version.path, PLANE_API,
        content_type_body(json_string_value(before)));
    step->reversible = true;
    buf_done(&path);
}

void content_type_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct inside inside;

    if (inside_open(&inside, draft, input, INSIDE_SECRETS)) {
        for (size_t i = 0; i < inside.count; i++)
            set_content_type(&inside, inside.objects[i]);
        inside_close(&inside, "a certificate's secret has its content type "
                              "from the certificate");
    }
    preview->takes = "seconds";
    preview->undo = "yes, the content types read now come back; one that was "
                    "absent comes back as an empty one";
    preview->impact = "Nobody loses access and no value is read or changed. "
                      "Whoever decides by the content type sees the new one.";
    inside_done(&inside);
}
