/* The checks that every step needs, from live reads: may the caller do it, is
 * it locked, is the subscription enabled, is the resource at rest. What could
 * not be read is unknown, never left out. */
#include "plan.h"

#include <string.h>

#include "estate.h"

#define ACTION_LIMIT 1024

/* ---- the caller's right ---- */

static bool any_matches(json_t *patterns, const char *action)
{
    size_t index;
    json_t *pattern;

    json_array_foreach(patterns, index, pattern)
    {
        const char *text = json_string_value(pattern);

        if (text && role_pattern_matches(text, action))
            return true;
    }
    return false;
}

/* notActions take away within their own block only. */
static bool is_allowed(json_t *permissions, const char *action)
{
    size_t index;
    json_t *block;

    json_array_foreach(value_at(permissions, "value"), index, block)
    {
        if (any_matches(value_at(block, "actions"), action) &&
            !any_matches(value_at(block, "notActions"), action))
            return true;
    }
    return false;
}

static void check_permission(struct preview *preview, const struct step *step,
    const struct live_answer *read)
{
    struct buf action = { .limit = ACTION_LIMIT };

    step_action(step, &action);
    if (!read->body)
        preview_check(preview, KV_CHECK_UNKNOWN,
            "whether you hold %s is UNKNOWN: your permissions here could not "
            "be read (%s)",
            buf_text(&action), read->why ? read->why : "not read");
    else if (is_allowed(read->body, buf_text(&action)))
        preview_check(
            preview, KV_CHECK_OK, "you hold %s here", buf_text(&action));
    else
        preview_check(preview, KV_CHECK_BLOCK,
            "you do not hold %s here: ask for a role that has it, or have "
            "somebody run the command shown",
            buf_text(&action));
    buf_done(&action);
}

/* ---- locks ---- */

static bool lock_blocks(json_t *lock, const char *method)
{
    const char *level = value_text(lock, "properties.level");

    return text_equal_nocase(level, "ReadOnly") ||
           (text_equal_nocase(level, "CanNotDelete") &&
               strcmp(method, "DELETE") == 0);
}

static void check_locks(struct preview *preview, const struct step *step,
    const struct live_answer *read)
{
    bool blocked = false;
    size_t index;
    json_t *lock;

    if (!read->body) {
        preview_check(preview, KV_CHECK_UNKNOWN,
            "whether a lock stands in the way is UNKNOWN: locks could not be "
            "read (%s)",
            read->why ? read->why : "not read");
        return;
    }
    json_array_foreach(value_at(read->body, "value"), index, lock)
    {
        const char *name = value_text(lock, "name");

        if (!lock_blocks(lock, step->method))
            continue;
        blocked = true;
        preview_check(preview, KV_CHECK_BLOCK,
            "the %s lock \"%s\" refuses this: remove it first (%s)",
            value_text(lock, "properties.level"), name ? name : "without name",
            value_text(lock, "id") ? value_text(lock, "id") : "no id shown");
    }
    if (!blocked)
        preview_check(preview, KV_CHECK_OK, "no lock stands in the way");
}

void preflight_put_locks(struct buf *out, json_t *locks, const char *method)
{
    const char *separator = "";
    size_t index;
    json_t *lock;

    json_array_foreach(value_at(locks, "value"), index, lock)
    {
        const char *name = value_text(lock, "name");

        if (!lock_blocks(lock, method))
            continue;
        buf_putf(out, "%s\"%s\"", separator, name ? name : "without name");
        separator = ", ";
    }
}

/* ---- states ---- */

struct state_rule {
    const char *name;
    enum kv_check_state check;
};

/* A subscription that is Warned, Disabled or Deleted takes no writes; one that
 * is PastDue still does. */
static const struct state_rule subscription_rules[] = {
    { "Enabled", KV_CHECK_OK },
    { "PastDue", KV_CHECK_WARN },
    { "Warned", KV_CHECK_BLOCK },
    { "Disabled", KV_CHECK_BLOCK },
    { "Deleted", KV_CHECK_BLOCK },
};

/* A vault that registers its name works already; an HSM says Activated. */
static const struct state_rule resource_rules[] = {
    { "Succeeded", KV_CHECK_OK },
    { "Activated", KV_CHECK_OK },
    { "RegisteringDns", KV_CHECK_WARN },
    { "Failed", KV_CHECK_BLOCK },
    { "Provisioning", KV_CHECK_BLOCK },
    { "Updating", KV_CHECK_BLOCK },
    { "Deleting", KV_CHECK_BLOCK },
    { "Restoring", KV_CHECK_BLOCK },
    { "SecurityDomainRestore", KV_CHECK_BLOCK },
};

static enum kv_check_state rule_for(
    const struct state_rule *rules, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal_nocase(rules[i].name, name))
            return rules[i].check;
    }
    return KV_CHECK_UNKNOWN;
}

static void check_subscription(struct preview *preview, const char *state)
{
    size_t count = sizeof subscription_rules / sizeof subscription_rules[0];
    enum kv_check_state check = rule_for(subscription_rules, count, state);

    if (!state || !*state)
        preview_check(preview, KV_CHECK_UNKNOWN,
            "the state of the subscription is UNKNOWN: it was not read");
    else
        preview_check(preview, check, "the subscription is %s%s", state,
            check == KV_CHECK_BLOCK ? ": it takes no changes until it is "
                                      "Enabled again"
                                    : "");
}

/* Absent means that Azure finished and succeeded. */
static void check_resource(struct preview *preview, json_t *subject)
{
    size_t count = sizeof resource_rules / sizeof resource_rules[0];
    const char *state = value_text(subject, "properties.provisioningState");
    enum kv_check_state check;

    if (!state)
        return;
    check = rule_for(resource_rules, count, state);
    preview_check(preview, check, "the resource is %s%s", state,
        check == KV_CHECK_BLOCK ? ": wait until it is Succeeded, then read "
                                  "it again"
                                : "");
}

void preflight(struct preview *preview, const struct step *step,
    const struct live *live, const char *subscription_state)
{
    check_permission(preview, step, &live->answers[LIVE_PERMISSIONS]);
    check_locks(preview, step, &live->answers[LIVE_LOCKS]);
    check_subscription(preview, subscription_state);
    check_resource(preview, live->answers[LIVE_SUBJECT].body);
}
