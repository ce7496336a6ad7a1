/* Remedies that change the policies of certificates: when they are renewed, and
 * how the next one is made. The present one stays as it is. */
#include "contents.h"

#include <string.h>

static const struct inside_right read_right = { "certificates/read", NULL };
static const struct inside_right update_right = { "certificates/update/action",
    NULL };

static json_t *policy_read(
    const struct inside *inside, const struct kv_object *object)
{
    return inside_read(inside, object, inside_right_name(inside, &read_right),
        "/certificates/%s/policy", object->name);
}

static struct step *policy_step(
    const struct inside *inside, const struct kv_object *object)
{
    struct buf path = { .limit = 512 };
    struct step *step;

    buf_putf(&path, "%s/certificates/%s/policy", inside->host, object->name);
    step = inside_step(inside, "PATCH", buf_text(&path), &update_right);
    step->reversible = true;
    buf_done(&path);
    return step;
}

/* ---- certificate-autorenew ---- */

static void renewal_offer(
    struct option *out, const struct plan_targets *targets)
{
    struct buf percentage = { .limit = 32 };

    buf_putf(
        &percentage, "%u", (unsigned)targets->policy->lifetime_percentage);
    option_set_value(out, buf_text(&percentage));
    buf_done(&percentage);
}

static enum kv_status renewal_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    return inside_accept_number(option, value, 1, 99, err);
}

const struct option_row renewal_options[] = {
    INSIDE_OBJECTS_OPTION,
    {
        .name = "percentage",
        .label = "Renewed at % of its life",
        .help = "1 to 99",
        .offer = renewal_offer,
        .accept = renewal_accept,
    },
    { 0 },
};

static bool is_due(const struct plan_input *input,
    const struct kv_object *object, long percentage)
{
    int64_t from_s =
        object->not_before_s ? object->not_before_s : object->created_s;

    return from_s > 0 && object->expires_s > from_s &&
           input->now_s - from_s >=
               (object->expires_s - from_s) / 100 * percentage;
}

static void set_renewal(
    const struct inside *inside, const struct kv_object *object, json_t *policy)
{
    long percentage = inside_number(inside->input, "percentage");
    json_t *before = value_at(policy, "lifetime_actions");
    struct step *step = policy_step(inside, object);

    step_what(step, "renew %s by itself", inside_name(inside, object));
    step_set(step, "lifetime_actions", before,
        json_pack("[{s:{s:I}, s:{s:s}}]", "trigger", "lifetime_percentage",
            (json_int_t)percentage, "action", "action_type", "AutoRenew"),
        before ? json_incref(before) : json_array());
    if (is_due(inside->input, object, percentage))
        preview_check(&inside->draft->preview, KV_CHECK_WARN,
            "%s is past %ld %% of its life: a new one is ordered soon after",
            inside_name(inside, object), percentage);
}

/* The vault renews what it signs itself or orders from an authority; of any
 * other it makes only requests that somebody must carry there. */
static void plan_renewal(
    const struct inside *inside, const struct kv_object *object)
{
    json_t *policy = policy_read(inside, object);
    const char *issuer = value_text(policy, "issuer.name");

    if (!policy || !inside_has_room(inside))
        return;
    if (!issuer || text_equal_nocase(issuer, "Unknown"))
        inside_leave_out(inside, object,
            "its issuer is not known to the vault, which cannot renew it: "
            "order it from an integrated issuer, or watch its date");
    else
        set_renewal(inside, object, policy);
}

void renewal_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct inside inside;

    if (inside_open(&inside, draft, input, INSIDE_CERTIFICATES)) {
        for (size_t i = 0; i < inside.count; i++)
            plan_renewal(&inside, inside.objects[i]);
        inside_close(&inside, "no vault can renew them");
    }
    preview->takes = "seconds; renewal itself when it is due";
    preview->undo = "yes, the actions read now come back; a certificate that "
                    "was renewed meanwhile stays";
    preview->impact =
        "Nobody loses access. At renewal a new version with a new key appears "
        "under the same name: callers that name no version get it, those that "
        "pin one keep the old certificate until it expires. Whoever was told "
        "by mail before the end is no longer told. An authority bills what it "
        "signs.";
    inside_done(&inside);
}

/* ---- certificate-policy ---- */

static void months_offer(struct option *out, const struct plan_targets *targets)
{
    struct buf months = { .limit = 32 };

    buf_putf(&months, "%u", (unsigned)targets->policy->certificate_months);
    option_set_value(out, buf_text(&months));
    buf_done(&months);
}

static enum kv_status months_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    return inside_accept_number(option, value, 1, 1200, err);
}

const struct option_row certificate_options[] = {
    INSIDE_OBJECTS_OPTION,
    {
        .name = "months",
        .label = "Valid for months",
        .help = "where the validity is what is put right",
        .offer = months_offer,
        .accept = months_accept,
    },
    { 0 },
};

static void set_member(json_t *group, const char *name, json_t *value)
{
    (void)json_object_set_new(group, name, value);
}

/* Each puts right what one row looks at. */
static void put_months(const struct plan_input *input, json_t *properties)
{
    set_member(properties, "validity_months",
        json_integer(inside_number(input, "months")));
}

static long rsa_size(const struct kv_policy *policy)
{
    static const long sizes[] = { 2048, 3072, 4096 };
    size_t i = 0;

    while (i + 1 < sizeof sizes / sizeof sizes[0] &&
           sizes[i] < (long)policy->rsa_bits)
        i++;
    return sizes[i];
}

static void put_size(const struct plan_input *input, json_t *key)
{
    set_member(key, "key_size", json_integer(rsa_size(input->policy)));
    (void)json_object_del(key, "crv");
}

static void put_curve(const struct plan_input *input, json_t *key)
{
    const struct kv_texts *curves = &input->policy->curves;

    if (curves->count > 0)
        set_member(key, "crv", json_string(curves->items[0]));
    (void)json_object_del(key, "key_size");
}

static bool is_hardware(const char *type)
{
    size_t size = type ? strlen(type) : 0;

    return size > 4 && text_equal_nocase(type + size - 4, "-HSM");
}

/* What was made in hardware stays there where that is allowed. */
static void put_type(const struct plan_input *input, json_t *key)
{
    const struct kv_texts *types = &input->policy->certificate_key_types;
    bool hardware = is_hardware(value_text(key, "kty"));
    const char *type = types->count > 0 ? types->items[0] : "RSA";

    for (uint32_t i = types->count; i-- > 0;)
        if (is_hardware(types->items[i]) == hardware)
            type = types->items[i];
    set_member(key, "kty", json_string(type));
    if (view_starts_nocase(view_of(type), view_of("EC")))
        put_curve(input, key);
    else
        put_size(input, key);
}

static const struct fault {
    const char *row;
    const char *group; /* sent whole: the service takes the one for the other */
    void (*put)(const struct plan_input *input, json_t *group);
    const char *what;
} faults[] = {
    { "CRT-1", "x509_props", put_months, "bound the validity of" },
    { "CRT-2", "key_props", put_type, "use an allowed key type for" },
    { "CRT-3", "key_props", put_size, "use a longer key for" },
    { "CRT-4", "key_props", put_curve, "use an allowed curve for" },
};

static const struct fault *fault_find(const char *row)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (strcmp(faults[i].row, row) == 0)
            return &faults[i];
    return &faults[0];
}

/* A member that goes away is named as null: the service may merge what it gets
 * into what it has. */
static json_t *without(json_t *group, json_t *other)
{
    json_t *copy = json_deep_copy(group);
    const char *name;
    json_t *value;

    json_object_foreach(other, name, value)
    {
        if (!json_object_get(copy, name))
            set_member(copy, name, json_null());
    }
    return copy;
}

static void plan_certificate(const struct inside *inside,
    const struct kv_object *object, const struct fault *fault)
{
    json_t *policy = policy_read(inside, object);
    json_t *before = value_at(policy, fault->group);
    json_t *after;
    struct step *step;

    if (!policy || !inside_has_room(inside))
        return;
    if (!before) {
        inside_leave_out(inside, object, "its policy does not say how it is "
                                         "made");
        return;
    }
    after = json_deep_copy(before);
    fault->put(inside->input, after);
    step = policy_step(inside, object);
    step_what(step, "%s the next %s", fault->what, inside_name(inside, object));
    step_set(step, fault->group, before, without(after, before),
        without(before, after));
    if (json_is_true(value_at(after, "reuse_key")) &&
        strcmp(fault->group, "key_props") == 0)
        preview_check(&inside->draft->preview, KV_CHECK_WARN,
            "%s is renewed with the same key: that it gets another one at the "
            "next renewal is UNKNOWN",
            inside_name(inside, object));
    json_decref(after);
}

void certificate_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    const struct fault *fault = fault_find(input->row);
    struct inside inside;

    if (inside_open(&inside, draft, input, INSIDE_CERTIFICATES)) {
        for (size_t i = 0; i < inside.count; i++)
            plan_certificate(&inside, inside.objects[i], fault);
        inside_close(&inside, "import them anew");
    }
    preview->takes = "seconds; what it asks for comes with the next renewal";
    preview->undo = "yes, the policy read now comes back";
    preview->impact =
        "Nobody loses access. The present certificate stays as it is until it "
        "is renewed; the next version follows the new policy, which whoever "
        "uses it must be able to take: old clients may know only some key "
        "types and curves.";
    inside_done(&inside);
}
