/* The checks that every step needs, from live reads: may the caller do it, is
 * it locked, is the subscription enabled, is the resource at rest. What could
 * not be read is unknown, never left out. */
#include "plan.h"

#include <string.h>

#include "estate.h"

#define ACTION_LIMIT 1024
#define SCOPE_LIMIT 4096

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
static bool is_allowed(json_t *permissions, const char *action,
    const char *granted, const char *taken)
{
    size_t index;
    json_t *block;

    json_array_foreach(value_at(permissions, "value"), index, block)
    {
        if (any_matches(value_at(block, granted), action) &&
            !any_matches(value_at(block, taken), action))
            return true;
    }
    return false;
}

static bool holds(
    json_t *permissions, const struct step *step, const char *action)
{
    return step->data_action
               ? is_allowed(
                     permissions, action, "dataActions", "notDataActions")
               : is_allowed(permissions, action, "actions", "notActions");
}

static void check_permission(struct preview *preview, const struct step *step,
    const char *where, const struct live_answer *read)
{
    struct buf action = { .limit = ACTION_LIMIT };

    step_action(step, &action);
    if (!read->body)
        preview_check(preview, KV_CHECK_UNKNOWN,
            "whether you hold %s is UNKNOWN: your permissions %s could not "
            "be read (%s)",
            buf_text(&action), where, read->why ? read->why : "not read");
    else if (holds(read->body, step, buf_text(&action)))
        preview_check(
            preview, KV_CHECK_OK, "you hold %s %s", buf_text(&action), where);
    else
        preview_check(preview, KV_CHECK_BLOCK,
            "you do not hold %s %s: ask for a role that has it, or have "
            "somebody run the command shown",
            buf_text(&action), where);
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

/* A subscription lists the locks below it as well: those do not hold at it. */
static bool lock_holds_at(json_t *lock, const char *scope)
{
    static const char marker[] = "/providers/Microsoft.Authorization/locks/";
    const char *id = value_text(lock, "id");
    struct view above = view_of(id);
    size_t size = id ? strlen(id) : 0;

    for (size_t i = 0; i < size; i++)
        if (view_starts_nocase(
                (struct view){ id + i, size - i }, view_of(marker)))
            above.size = i;
    return !id || (view_starts_nocase(view_of(scope), above) &&
                      (scope[above.size] == '\0' || scope[above.size] == '/'));
}

static void check_locks(struct preview *preview, const char *method,
    const char *scope, const struct live_answer *read)
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

        if (!lock_blocks(lock, method) || !lock_holds_at(lock, scope))
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

/* ---- each place where something is written ---- */

static const char *scope_of(
    const struct step *step, const struct plan_input *input)
{
    return step->scope ? step->scope : input->resource->id;
}

/* What is written to a vault itself is stopped by no lock; neither is taking a
 * lock off. */
static bool meets_locks(const struct step *step)
{
    return step->call.path[0] == '/' &&
           !text_contains_nocase(
               step->call.path, "/providers/Microsoft.Authorization/locks/");
}

/* A new object inside a scope that is locked against deletion is allowed, so
 * the strictest method counts for each scope. */
static const char *method_at(const struct draft *draft,
    const struct plan_input *input, const char *scope)
{
    const char *method = "";

    for (size_t i = 0; i < draft->step_count; i++) {
        const struct step *step = &draft->steps[i];

        if (meets_locks(step) &&
            text_equal_nocase(scope_of(step, input), scope) &&
            strcmp(method, "DELETE") != 0)
            method = step->call.method;
    }
    return method;
}

static bool is_first_at(
    const struct draft *draft, const struct plan_input *input, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (meets_locks(&draft->steps[i]) &&
            text_equal_nocase(scope_of(&draft->steps[i], input),
                scope_of(&draft->steps[at], input)))
            return false;
    }
    return true;
}

/* One line for each right at each scope, however many steps need it. */
static bool needs_first(
    const struct draft *draft, const struct plan_input *input, size_t at)
{
    struct buf wanted = { .limit = ACTION_LIMIT };
    struct buf other = { .limit = ACTION_LIMIT };
    bool first = true;

    step_action(&draft->steps[at], &wanted);
    for (size_t i = 0; i < at && first; i++) {
        buf_clear(&other);
        step_action(&draft->steps[i], &other);
        first = !text_equal_nocase(buf_text(&wanted), buf_text(&other)) ||
                !text_equal_nocase(scope_of(&draft->steps[i], input),
                    scope_of(&draft->steps[at], input));
    }
    buf_done(&wanted);
    buf_done(&other);
    return first;
}

/* Above the subscriptions there are no locks. */
static bool can_be_locked(const struct step *step, const char *scope)
{
    struct arm_id id = arm_id_parse(view_of(scope));

    return meets_locks(step) && arm_id_level(&id) >= KV_SCOPE_SUBSCRIPTION;
}

/* Who decides inside a vault or HSM where Azure's roles do not; else NULL. */
static const char *other_judge(
    const struct step *step, const struct plan_input *input)
{
    uint32_t place =
        step->scope ? kv_estate_find(input->estate, step->scope) : KV_NONE;
    bool by_roles = json_is_true(
        value_at(input->subject, "properties.enableRbacAuthorization"));

    if (!step->data_action)
        return NULL;
    if (input->resource->kind == KV_KIND_HSM)
        return "the HSM's own roles decide";
    if (place != KV_NONE)
        by_roles =
            kv_estate_resource(input->estate, place)->rbac == KV_TRI_TRUE;
    return by_roles ? NULL : "the vault's access policies decide";
}

static void tell_other_judge(
    struct preview *preview, const struct step *step, const char *judge)
{
    struct buf action = { .limit = ACTION_LIMIT };

    step_action(step, &action);
    preview_check(preview, KV_CHECK_UNKNOWN,
        "whether you hold %s is UNKNOWN: %s, not Azure's; a refusal changes "
        "nothing",
        buf_text(&action), judge);
    buf_done(&action);
}

static void check_right(struct draft *draft, const struct plan_input *input,
    size_t at, const struct live_answer *permissions)
{
    const struct step *step = &draft->steps[at];
    const char *scope = scope_of(step, input);
    const char *judge = other_judge(step, input);
    struct buf where = { .limit = SCOPE_LIMIT };

    if (judge) {
        tell_other_judge(&draft->preview, step, judge);
        return;
    }
    if (text_equal_nocase(scope, input->resource->id))
        buf_puts(&where, "here");
    else
        buf_putf(&where, "at %s", scope);
    check_permission(&draft->preview, step, buf_text(&where), permissions);
    buf_done(&where);
}

static const struct live_answer *read_at(
    struct draft *draft, const char *scope, const char *query)
{
    return draft_list(
        draft, "%s%s", strcmp(scope, "/") == 0 ? "" : scope, query);
}

static void check_step(
    struct draft *draft, const struct plan_input *input, size_t at)
{
    const struct step *step = &draft->steps[at];
    const char *scope = scope_of(step, input);
    bool lockable = can_be_locked(step, scope);
    const struct live_answer *permissions =
        read_at(draft, scope, PERMISSIONS_QUERY);
    const struct live_answer *locks =
        lockable ? read_at(draft, scope, LOCKS_QUERY) : NULL;

    if (!permissions || (lockable && !locks))
        return;
    if (needs_first(draft, input, at))
        check_right(draft, input, at, permissions);
    if (lockable && is_first_at(draft, input, at))
        check_locks(
            &draft->preview, method_at(draft, input, scope), scope, locks);
}

void preflight(struct draft *draft, const struct plan_input *input)
{
    for (size_t i = 0; i < draft->step_count; i++)
        check_step(draft, input, i);
    check_subscription(&draft->preview,
        input->subscription ? input->subscription->state : NULL);
    check_resource(&draft->preview, input->subject);
}
