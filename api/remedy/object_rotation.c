/* Remedies that bring keys a new version: by a policy, or at once. */
#include "contents.h"

#include <string.h>

#define VAULT_LEAST_DAYS 7 /* of a trigger: the service's own limits */
#define HSM_LEAST_DAYS 28
#define MOST_DAYS 3650
#define NOTIFY_BEFORE "P30D" /* what the service does without being told */

static bool is_hsm(const struct plan_input *input)
{
    return input->resource->kind == KV_KIND_HSM;
}

/* ---- rotation-policy ---- */

static void rotation_offer(
    struct option *out, const struct plan_targets *targets)
{
    struct buf days = { .limit = 32 };

    buf_putf(&days, "%u", (unsigned)targets->policy->rotation_days);
    option_set_value(out, buf_text(&days));
    buf_done(&days);
}

static enum kv_status rotation_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    return inside_accept_number(
        option, value, VAULT_LEAST_DAYS, MOST_DAYS, err);
}

const struct option_row rotation_options[] = {
    INSIDE_OBJECTS_OPTION,
    {
        .name = "after_days",
        .label = "Days until a new version",
        .help = "counted from when the present version was made; 28 at least "
                "in an HSM",
        .offer = rotation_offer,
        .accept = rotation_accept,
    },
    { 0 },
};

static json_t *action_of(json_t *policy, const char *type)
{
    size_t index;
    json_t *action;

    json_array_foreach(value_at(policy, "lifetimeActions"), index, action)
    {
        if (text_equal_nocase(value_text(action, "action.type"), type))
            return action;
    }
    return NULL;
}

static json_t *rotates_after(const char *days)
{
    return json_pack("{s:{s:o}, s:{s:s}}", "trigger", "timeAfterCreate",
        json_sprintf("P%sD", days), "action", "type", "Rotate");
}

/* Who is told before the end stays told. */
static json_t *notifies(json_t *policy)
{
    json_t *action = action_of(policy, "Notify");

    return action ? json_incref(action)
                  : json_pack("{s:{s:s}, s:{s:s}}", "trigger",
                        "timeBeforeExpiry", NOTIFY_BEFORE, "action", "type",
                        "Notify");
}

/* A new version must not end before the next one is made. */
static bool ends_too_soon(const struct inside *inside,
    const struct kv_object *key, json_t *policy, long days)
{
    long least = is_hsm(inside->input) ? HSM_LEAST_DAYS : VAULT_LEAST_DAYS;

    return value_at(policy, "attributes.expiryTime") &&
           key->expires_after_days > 0 &&
           days + least > (long)key->expires_after_days;
}

static void set_rotation(
    const struct inside *inside, const struct kv_object *key, json_t *policy)
{
    static const struct inside_right right = { "keyrotationpolicies/write",
        "keys/write/action" };
    json_t *expiry = value_at(policy, "attributes.expiryTime");
    json_t *before = value_at(policy, "lifetimeActions");
    const char *days = input_option(inside->input, "after_days");
    struct buf path = { .limit = 512 };
    struct step *step;

    buf_putf(&path, "%s/keys/%s/rotationpolicy", inside->host, key->name);
    step = inside_step(inside, "PUT", buf_text(&path), &right);
    step_what(step, "rotate %s by itself", inside_name(inside, key));
    step_set(step, "lifetimeActions", before,
        json_pack("[o, o]", rotates_after(days), notifies(policy)),
        json_incref(before));
    if (expiry)
        step_set(step, "attributes.expiryTime", expiry, json_incref(expiry),
            json_incref(expiry));
    step->reversible = true;
    buf_done(&path);
}

static void plan_rotation(
    const struct inside *inside, const struct kv_object *key)
{
    const char *right = is_hsm(inside->input)
                            ? "Microsoft.KeyVault/managedHsm/keys/read/action"
                            : "Microsoft.KeyVault/vaults/keyrotationpolicies/"
                              "read";
    long days = inside_number(inside->input, "after_days");
    json_t *policy = inside_read(
        inside, key, right, "/keys/%s/rotationpolicy", key->name);

    if (!policy || !inside_has_room(inside))
        return;
    if (ends_too_soon(inside, key, policy, days)) {
        inside_leave_out(inside, key,
            "its policy lets a version expire before that: choose fewer days");
        return;
    }
    if (key->created_s > 0 &&
        key->created_s + days * INSIDE_DAY_S <= inside->input->now_s)
        preview_check(&inside->draft->preview, KV_CHECK_WARN,
            "%s is older than %ld days: its first new version comes soon",
            inside_name(inside, key), days);
    set_rotation(inside, key, policy);
}

static void tell_rotation(struct preview *preview)
{
    preview->takes = "seconds; the new versions come when they are due";
    preview->undo = "yes, the policy read now comes back; a new version that "
                    "was made meanwhile stays";
    preview->impact =
        "Nobody loses access. When a new version comes, callers that name no "
        "version use it; those that pin one stay on the old version, which "
        "must stay enabled for what was encrypted with it. Each rotation is "
        "billed.";
    preview_check(preview, KV_CHECK_UNKNOWN,
        "whether callers pin a version is UNKNOWN: no service tells");
}

void rotation_plan(struct draft *draft, const struct plan_input *input)
{
    struct inside inside;

    if (is_hsm(input) && inside_number(input, "after_days") < HSM_LEAST_DAYS) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "an HSM takes no rotation sooner than after %d days: choose more",
            HSM_LEAST_DAYS);
        return;
    }
    if (inside_open(&inside, draft, input, INSIDE_KEYS)) {
        for (size_t i = 0; i < inside.count; i++)
            plan_rotation(&inside, inside.objects[i]);
        inside_close(&inside, "their policies have to be changed by hand");
    }
    if (draft->step_count > 0)
        tell_rotation(&draft->preview);
    inside_done(&inside);
}

/* ---- rotate-key ---- */

const struct option_row rotate_options[] = {
    INSIDE_OBJECTS_OPTION,
    { 0 },
};

static void rotate_one(const struct inside *inside, const struct kv_object *key)
{
    static const struct inside_right right = { "keys/rotate/action",
        "keys/rotate/action" };
    struct inside_version version;
    struct buf path = { .limit = 512 };
    struct step *step;

    if (!inside_current(inside, key, &version) || !inside_has_room(inside))
        return;
    if (json_is_true(value_at(version.item, "managed"))) {
        inside_leave_out(inside, key, "it is renewed with its certificate");
        return;
    }
    if (value_at(version.item, "attributes.exp") &&
        key->expires_after_days == 0)
        preview_check(&inside->draft->preview, KV_CHECK_WARN,
            "%s: no rotation policy says when a new version expires: set its "
            "date afterwards",
            inside_name(inside, key));
    buf_putf(&path, "%s/keys/%s/rotate", inside->host, key->name);
    step = inside_step(inside, "POST", buf_text(&path), &right);
    step_what(step, "make a new version of %s", inside_name(inside, key));
    step_find_at(step, "%s/keys/%s?api-version=" PLANE_API, inside->host,
        key->name);
    step_set(step, "key.kid", value_at(version.item, "key.kid"),
        json_string("a new version"), NULL);
    step->proof = PROOF_OTHER;
    buf_done(&path);
}

void rotate_plan(struct draft *draft, const struct plan_input *input)
{
    struct preview *preview = &draft->preview;
    struct inside inside;

    if (inside_open(&inside, draft, input, INSIDE_KEYS)) {
        for (size_t i = 0; i < inside.count; i++)
            rotate_one(&inside, inside.objects[i]);
        inside_close(&inside, "keys of certificates are renewed with these");
    }
    preview->takes = "seconds";
    preview->undo = "no: a version that was made cannot be unmade; the old "
                    "one stays, enabled";
    preview->impact =
        "Nobody loses access. Callers that name no version use the new one "
        "from now on; those that pin a version stay on the old one, which "
        "must stay enabled for what was encrypted with it. Services that "
        "encrypt with the key take it up in their own time. Each rotation is "
        "billed.";
    preview_check(preview, KV_CHECK_UNKNOWN,
        "whether callers pin a version is UNKNOWN: no service tells");
    inside_done(&inside);
}
