/* What lists leave out: a key's type and rotation, a certificate's policy and
 * the authority behind its issuer. Each answer completes a row that waits. */
#include "objects.h"

#include <string.h>

#define TEXT_IS(view, word) view_equal_nocase(view, view_of(word))

/* The row that the context's subject, an object's id, names. */
static struct kv_object *row_of(
    const struct azure_context *context, enum kv_set set)
{
    return estate_gathered_row(context->estate, set, context->subject);
}

static struct kv_facet_status ready(const struct azure_context *context)
{
    return (struct kv_facet_status){ KV_FACET_READY, context->read_at_s, NULL };
}

/* ---- durations ---- */

/* "P1Y2M10D" or "P2W" in days, a month as 30 and a year as 365, which is how
 * Azure Policy counts them; 0 when it is none. */
static uint32_t duration_days(struct view text)
{
    static const struct {
        char unit;
        uint32_t days;
    } units[] = { { 'Y', 365 }, { 'M', 30 }, { 'W', 7 }, { 'D', 1 } };
    uint64_t days = 0;
    uint64_t number = 0;

    if (text.size < 2 || (text.data[0] | 0x20) != 'p')
        return 0;
    for (size_t i = 1; i < text.size; i++) {
        char at = text.data[i];
        size_t unit = 0;

        if (at >= '0' && at <= '9') {
            number = number * 10 + (uint64_t)(at - '0');
            if (number > 100000)
                return 0;
            continue;
        }
        if ((at | 0x20) == 't') /* hours do not make a day here */
            break;
        while (unit < 4 && units[unit].unit != (at & ~0x20))
            unit++;
        if (unit == 4)
            return 0;
        days += number * units[unit].days;
        number = 0;
    }
    return days > UINT32_MAX ? 0 : (uint32_t)days;
}

/* ---- keys ---- */

/* The service answers a policy for every key; it rotates only when an action
 * says so. ARM leaves the member out where there is none. */
static void take_rotation(const struct azure_context *context,
    struct kv_object *row, const json_t *policy)
{
    const json_t *actions = field_array(policy, "lifetimeActions");

    row->rotation = ready(context);
    row->rotates = false;
    row->expires_after_days =
        duration_days(field_text(policy, "attributes.expiryTime"));
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *action = json_array_get(actions, i);

        if (!TEXT_IS(field_text(action, "action.type"), "Rotate"))
            continue;
        row->rotates = true;
        row->rotates_after_days =
            duration_days(field_text(action, "trigger.timeAfterCreate"));
        row->rotates_before_days =
            duration_days(field_text(action, "trigger.timeBeforeExpiry"));
    }
}

bool arm_key_detail_take(
    const struct azure_context *context, const json_t *body)
{
    struct kv_object *row = row_of(context, KV_SET_KEYS);
    const json_t *properties = field(body, "properties");

    if (!row)
        return true; /* deleted since it was listed */
    if (!properties)
        return false;
    row->key_type = field_keep(context->estate, properties, "kty");
    row->curve = field_keep(context->estate, properties, "curveName");
    row->key_bits = (uint32_t)field_number(properties, "keySize", 1, 65536);
    if (row->from_data_plane) /* which has told of its rotation itself */
        return true;
    take_rotation(context, row, field(properties, "rotationPolicy"));
    return true;
}

/* What is left of the modulus says how long the key is: base64url, 6 bits a
 * character, and no leading zero byte. */
static uint32_t modulus_bits(struct view modulus)
{
    size_t bytes = modulus.size * 3 / 4;

    return bytes <= 8192 ? (uint32_t)bytes * 8 : 0;
}

void key_clean(json_t *body)
{
    static const char *const material[] = { "n", "e", "x", "y", "d", "dp", "dq",
        "qi", "p", "q", "k", "key_hsm" };
    json_t *key = json_object_get(body, "key");
    struct view modulus = field_text(key, "n");

    if (modulus.size > 0)
        json_object_set_new(key, "bits", json_integer(modulus_bits(modulus)));
    for (size_t i = 0; i < sizeof material / sizeof *material; i++)
        json_object_del(key, material[i]);
}

bool key_detail_take(const struct azure_context *context, const json_t *body)
{
    struct kv_object *row = row_of(context, KV_SET_KEYS);
    const json_t *key = field(body, "key");

    if (!row)
        return true;
    if (!key)
        return false;
    row->key_type = field_keep(context->estate, key, "kty");
    row->curve = field_keep(context->estate, key, "crv");
    row->key_bits = (uint32_t)field_number(key, "bits", 1, 65536);
    if (row->key_bits == 0) /* of a symmetric key of an HSM */
        row->key_bits = (uint32_t)field_number(key, "key_size", 1, 65536);
    return true;
}

bool key_rotation_take(const struct azure_context *context, const json_t *body)
{
    struct kv_object *row = row_of(context, KV_SET_KEYS);

    if (row)
        take_rotation(context, row, body);
    return true;
}

/* ---- certificates ---- */

static void take_renewal(struct kv_object *row, const json_t *actions)
{
    row->renews = false;
    for (size_t i = 0; i < json_array_size(actions); i++) {
        const json_t *action = json_array_get(actions, i);

        if (!TEXT_IS(field_text(action, "action.action_type"), "AutoRenew"))
            continue;
        row->renews = true;
        row->renews_percentage = (uint32_t)field_number(
            action, "trigger.lifetime_percentage", 1, 99);
        row->renews_days = (uint32_t)field_number(
            action, "trigger.days_before_expiry", 1, 36500);
    }
}

bool certificate_policy_take(
    const struct azure_context *context, const json_t *body)
{
    struct kv_object *row = row_of(context, KV_SET_CERTIFICATES);
    struct kv_estate *estate = context->estate;

    if (!row)
        return true;
    row->policy = ready(context);
    row->key_type = field_keep(estate, body, "key_props.kty");
    row->curve = field_keep(estate, body, "key_props.crv");
    row->key_bits =
        (uint32_t)field_number(body, "key_props.key_size", 1, 65536);
    row->content_type = field_keep(estate, body, "secret_props.contentType");
    row->subject = field_keep(estate, body, "x509_props.subject");
    row->months =
        (uint32_t)field_number(body, "x509_props.validity_months", 1, 12000);
    row->issuer = field_keep(estate, body, "issuer.name");
    take_renewal(row, field_array(body, "lifetime_actions"));
    return true;
}

/* "https://kv-a.vault.azure.net/certificates/issuers/NAME" */
bool issuer_take(const struct azure_context *context, const json_t *item)
{
    struct kv_estate *estate = context->estate;
    struct view name = arm_id_last(field_text(item, "id"));
    const char *provider = field_keep(estate, item, "provider");
    struct kv_walk walk = { 0 };
    struct kv_object *row;

    if (name.size == 0)
        return false;
    while ((row = estate_next_gathered(
                estate, KV_SET_CERTIFICATES, context->subject, &walk)))
        if (row->issuer && view_equal_nocase(view_of(row->issuer), name))
            row->provider = provider;
    return true;
}
