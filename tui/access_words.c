/* How rights are said. */
#include "access_words.h"

#include <string.h>

const char *access_type_word(enum kv_principal_type type)
{
    switch (type) {
    case KV_PRINCIPAL_UNKNOWN:
        return "?";
    case KV_PRINCIPAL_USER:
        return "user";
    case KV_PRINCIPAL_GROUP:
        return "group";
    case KV_PRINCIPAL_SERVICE:
        return "app";
    case KV_PRINCIPAL_FOREIGN_GROUP:
        return "foreign";
    case KV_PRINCIPAL_DEVICE:
        return "device";
    }
    return "?";
}

const char *access_level_word(enum kv_scope_level level)
{
    switch (level) {
    case KV_SCOPE_ROOT:
        return "root";
    case KV_SCOPE_MANAGEMENT_GROUP:
        return "mgmt grp";
    case KV_SCOPE_SUBSCRIPTION:
        return "sub";
    case KV_SCOPE_RESOURCE_GROUP:
        return "group";
    case KV_SCOPE_RESOURCE:
        return "here";
    case KV_SCOPE_OBJECT:
        return "object";
    }
    return "?";
}

void access_put_who(
    struct buf *out, const struct kv_estate *estate, const char *id)
{
    const struct kv_principal *principal =
        id ? kv_estate_principal(estate, id) : NULL;

    if (principal && principal->missing)
        buf_puts(out, "(deleted?) ");
    if (principal && principal->name)
        buf_puts(out, principal->name);
    else
        buf_puts(out, id ? id : "?");
}

/* ---- what may be done ---- */

static const struct {
    uint64_t actions;
    const char *phrase;
} control_phrases[] = {
    { KV_ACTIONS_ASSIGN, "says who may do what" },
    { KV_ACTION_BIT(KV_ACTION_VAULT_WRITE) | KV_ACTION_BIT(KV_ACTION_HSM_WRITE),
        "reconfigures it" },
    { KV_ACTION_BIT(KV_ACTION_POLICY_WRITE), "writes access policies" },
    { KV_ACTION_BIT(KV_ACTION_VAULT_DELETE) |
            KV_ACTION_BIT(KV_ACTION_VAULT_PURGE) |
            KV_ACTION_BIT(KV_ACTION_HSM_DELETE),
        "deletes it" },
};

void access_put_actions(struct buf *out, uint64_t actions)
{
    size_t before = out->size;

    if (actions & KV_ACTIONS_DATA)
        kv_actions_put(out, actions);
    for (size_t i = 0; i < sizeof(control_phrases) / sizeof *control_phrases;
         i++)
        if (actions & control_phrases[i].actions)
            buf_putf(out, "%s%s", out->size > before ? ", " : "",
                control_phrases[i].phrase);
    if (out->size == before)
        buf_puts(out, "nothing");
}

void access_put_right(struct buf *out, const struct kv_holder *holder)
{
    uint64_t now = holder->actions | holder->objects;

    if (now) {
        access_put_actions(out, now);
        if (!holder->actions)
            buf_puts(out, " (of single objects)");
    } else if (holder->restricted) {
        buf_puts(out, "assigns some roles, by a condition");
    } else if (holder->eligible) {
        buf_puts(out, "eligible: ");
        access_put_actions(out, holder->eligible);
    } else if (holder->idle) {
        buf_puts(out, "asleep: ");
        access_put_actions(out, holder->idle);
    } else {
        buf_puts(out, "?");
    }
}

/* ---- where from ---- */

void access_put_given(struct buf *out, const struct kv_grant *grant)
{
    if (grant->policy)
        buf_puts(out, "access policy");
    else if (grant->local)
        buf_puts(out, grant->local->name);
    else if (grant->role)
        buf_puts(out, grant->role->name);
    else
        buf_putf(out, "role %s (its definition was not read)",
            grant->role_guid ? grant->role_guid : "?");
}

static const char *last_part(const char *scope)
{
    const char *slash = scope ? strrchr(scope, '/') : NULL;

    return slash && slash[1] ? slash + 1 : scope;
}

/* A subscription by its name, everything else by the end of its id. */
static void put_scope(struct buf *out, const struct kv_estate *estate,
    const struct kv_grant *grant)
{
    const char *last = last_part(grant->scope);

    if (grant->policy)
        return;
    if (grant->within) {
        buf_putf(out, " within %s of the HSM", grant->within);
        return;
    }
    buf_putf(out, " at the %s", kv_scope_level_name(grant->level));
    if (grant->level == KV_SCOPE_ROOT || !last)
        return;
    for (uint32_t i = 0; grant->level == KV_SCOPE_SUBSCRIPTION &&
                         i < kv_estate_subscription_count(estate);
         i++) {
        const struct kv_subscription *row = kv_estate_subscription(estate, i);

        if (row->name && text_equal_nocase(row->id, last)) {
            last = row->name;
            break;
        }
    }
    buf_putf(out, " %s", last);
}

static void put_hold(struct buf *out, const struct kv_grant *grant)
{
    static const char *const holds[] = {
        [KV_HOLD_STANDING] = "",
        [KV_HOLD_ACTIVATED] = ", activated",
        [KV_HOLD_ELIGIBLE] = ", eligible: not held until it is activated",
    };

    buf_puts(out, holds[grant->hold]);
    if (grant->ends_at_s) {
        buf_puts(out, ", until ");
        buf_put_time(out, grant->ends_at_s);
    }
    if (grant->condition)
        buf_puts(out, ", under a condition");
    if (grant->idle && !grant->actions)
        buf_puts(out, grant->policy
                          ? ", asleep: Azure RBAC is on"
                          : ", data asleep: access policies rule here");
    else if (grant->idle)
        buf_puts(out, ", its data rights asleep: access policies rule here");
}

void access_put_grant(struct buf *out, const struct kv_estate *estate,
    const struct kv_grant *grant, const char *holder_id)
{
    access_put_given(out, grant);
    put_scope(out, estate, grant);
    if (grant->named_id && !text_equal_nocase(grant->named_id, holder_id)) {
        buf_puts(out, " through the group ");
        access_put_who(out, estate, grant->named_id);
    }
    put_hold(out, grant);
}
