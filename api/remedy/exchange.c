/* Remedies that put narrower role assignments in the place of wide ones: the
 * new ones are made, waited for and read again before the old ones go. */
#include "access.h"

#include <string.h>

#include "estate.h"
#include "evaluate.h"

#define TEXT_LIMIT 4096

/* ---- what comes before the removal, in narrow and replace ---- */

/* One that goes, with what is there of it now. */
struct leaving {
    const struct kv_assignment *assignment;
    json_t *found;
};

struct exchange {
    struct taking taking;
    struct choice choice;
    struct leaving *leaving;
    size_t count;
};

static void exchange_init(struct exchange *exchange, struct draft *draft,
    const struct plan_input *input, uint32_t kinds)
{
    *exchange = (struct exchange){
        .taking = { .draft = draft, .input = input },
    };
    choice_make(&exchange->choice, draft, input, kinds);
    exchange->leaving =
        mem_alloc((exchange->choice.count + 1) * sizeof *exchange->leaving);
}

/* What takes its place was made: it goes, and `given` is what stays here. */
static void exchange_take(struct exchange *exchange,
    const struct kv_assignment *assignment, json_t *found, uint64_t given)
{
    exchange->leaving[exchange->count++] =
        (struct leaving){ assignment, found };
    taking_add(&exchange->taking, assignment, given);
}

/* First all that is made, then the wait, then all that goes. */
static void exchange_end(struct exchange *exchange, const char *what)
{
    struct draft *draft = exchange->taking.draft;
    struct preview *preview = &draft->preview;

    if (draft->step_count > 0) {
        struct step *last = &draft->steps[draft->step_count - 1];

        last->wait_s = input_wait_s(exchange->taking.input);
        last->settles = true;
    }
    for (size_t i = 0; i < exchange->count; i++)
        removal_make(&exchange->taking, exchange->leaving[i].assignment,
            exchange->leaving[i].found);
    removal_block_if_none(draft, &exchange->choice);
    preview->takes = ASSIGNMENTS_TAKE;
    preview->undo = "yes, what was removed is made again first, then what was "
                    "made goes";
    preview->impact = preview_text(preview,
        "%zu role assignments are %s: the new ones are made, waited for and "
        "read again before the old ones go. Who loses what is said below, for "
        "each. Who used them lately is UNKNOWN where no audit log was read.",
        exchange->count, what);
    mem_free(exchange->leaving);
    choice_done(&exchange->choice);
    taking_done(&exchange->taking);
}

static void make(struct draft *draft, const struct plan_input *input,
    const struct wish *wish, const char *role)
{
    struct buf who = { .limit = TEXT_LIMIT };
    struct arm_id id = arm_id_parse(view_of(wish->scope));

    principal_put(
        &who, input->estate, wish->principal_id, KV_PRINCIPAL_UNKNOWN);
    step_what(assignment_make(draft, wish), "assign %s at the %s to %s", role,
        kv_scope_level_name(arm_id_level(&id)), buf_text(&who));
    buf_done(&who);
}

/* ---- assignment-narrow ---- */

static void narrow_offer(struct option *out, const struct plan_targets *targets)
{
    choice_offer(out, targets, FAULT_HIGH);
}

static void scope_offer(struct option *out, const struct plan_targets *targets)
{
    bool data = text_equal_nocase(targets->row, "ACC-5");
    bool logs = text_equal_nocase(targets->row, "LOG-3");

    option_add_choice(out, "resource", "the vaults and HSMs of this plan");
    option_add_choice(out, "group", "their resource groups");
    option_add_choice(out, "subscription", "their subscriptions");
    option_set_value(out, data ? "resource" : logs ? "group" : "subscription");
}

const struct option_row narrow_options[] = {
    {
        .name = "assignments",
        .label = "Role assignments to narrow",
        .help = "auto, or ids of role assignments, separated by commas",
        .offer = narrow_offer,
        .accept = choice_accept,
    },
    {
        .name = "to",
        .label = "Where they are made again",
        .help = "what is needed elsewhere below the old scope is lost there",
        .offer = scope_offer,
    },
    WAIT_OPTION,
    { 0 },
};

static void put_scope(struct buf *out, const struct plan_input *input,
    const struct kv_resource *resource)
{
    const char *to = input_option(input, "to");
    const struct kv_subscription *subscription =
        kv_estate_subscription(input->estate, resource->subscription);

    if (strcmp(to, "resource") == 0)
        buf_puts(out, resource->id);
    else if (strcmp(to, "group") == 0)
        buf_putf(out, "/subscriptions/%s/resourceGroups/%s", subscription->id,
            resource->resource_group);
    else
        buf_putf(out, "/subscriptions/%s", subscription->id);
}

/* One new assignment for each scope of a target that the old one reaches. */
struct narrowing {
    struct exchange *exchange;
    const struct kv_assignment *assignment;
    json_t *found;
    const char *role_guid;
    const char *role_name;
    bool unread;
    bool covers; /* the target whose plan this is */
};

static bool was_made(const struct draft *draft, const struct wish *wish)
{
    struct buf id = { .limit = TEXT_LIMIT };
    bool made = false;

    assignment_put_id(&id, wish);
    for (size_t i = 0; i < draft->step_count; i++)
        made = made ||
               text_equal_nocase(draft->steps[i].call.path, buf_text(&id));
    buf_done(&id);
    return made;
}

static void narrow_to(struct narrowing *narrowing, const char *scope,
    const struct kv_resource *resource)
{
    const struct plan_input *input = narrowing->exchange->taking.input;
    struct draft *draft = narrowing->exchange->taking.draft;
    const struct live_answer *there = assignments_at(draft, scope);
    const struct wish wish = {
        .scope = scope,
        .principal_id = narrowing->assignment->principal_id,
        .role_guid = narrowing->role_guid,
        .subscription =
            kv_estate_subscription(input->estate, resource->subscription)->id,
        .type = value_text(narrowing->found, "properties.principalType"),
        .like = value_at(narrowing->found, "properties"),
    };

    if (!there || !there->body) {
        narrowing->unread = true;
        return;
    }
    narrowing->covers = narrowing->covers || resource == input->resource;
    if (!assignment_twin(there->body, &wish) && !was_made(draft, &wish))
        make(draft, input, &wish, narrowing->role_name);
}

/* Whether it would be a way down. */
static bool is_lower(const char *scope, const char *than)
{
    struct arm_id low = arm_id_parse(view_of(scope));
    struct arm_id high = arm_id_parse(view_of(than));

    return arm_id_level(&low) > arm_id_level(&high);
}

static bool narrow_for(struct narrowing *narrowing, uint32_t peer)
{
    const struct plan_input *input = narrowing->exchange->taking.input;
    const struct kv_resource *resource =
        kv_estate_resource(input->estate, peer);
    struct buf scope = { .limit = TEXT_LIMIT };
    bool lower;

    put_scope(&scope, input, resource);
    lower = is_lower(buf_text(&scope), narrowing->assignment->scope) &&
            scope_reaches(
                input->estate, narrowing->assignment->scope, resource);
    if (lower)
        narrow_to(narrowing, buf_text(&scope), resource);
    buf_done(&scope);
    return lower;
}

static void narrow_one(struct exchange *exchange,
    const struct kv_assignment *assignment, json_t *found)
{
    const struct plan_input *input = exchange->taking.input;
    const struct kv_role *role =
        assignment->role == KV_NONE
            ? NULL
            : kv_estate_role(input->estate, assignment->role);
    struct narrowing narrowing = {
        .exchange = exchange,
        .assignment = assignment,
        .found = found,
        .role_guid = assignment->role_guid,
        .role_name = role ? role->name : assignment->role_guid,
    };
    size_t lower = 0;

    for (size_t i = 0; i < input->peer_count; i++)
        lower += narrow_for(&narrowing, input->peers[i]);
    if (narrowing.unread)
        removal_leave(exchange->taking.draft, input, assignment,
            "what is assigned at the new scope is not known");
    else if (lower == 0)
        removal_leave(exchange->taking.draft, input, assignment,
            "there is nothing below its scope to narrow it to: the remedy "
            "assignment-remove takes it away");
    else
        exchange_take(exchange, assignment, found,
            narrowing.covers && role ? role->actions : 0);
}

void assignment_narrow_plan(struct draft *draft, const struct plan_input *input)
{
    struct exchange exchange;

    exchange_init(&exchange, draft, input, FAULT_HIGH);
    for (size_t i = 0; i < exchange.choice.count; i++) {
        json_t *found =
            removal_find(&exchange.taking, exchange.choice.items[i]);

        if (found)
            narrow_one(&exchange, exchange.choice.items[i], found);
    }
    exchange_end(&exchange, "made again further down");
}

/* ---- assignment-replace ---- */

/* What a workload needs of what others manage. */
#define NEEDED                                                                 \
    (KV_ACTION_BIT(KV_ACTION_SECRET_GET) |                                     \
        KV_ACTION_BIT(KV_ACTION_SECRET_READ) |                                 \
        KV_ACTION_BIT(KV_ACTION_CERTIFICATE_READ) |                            \
        KV_ACTION_BIT(KV_ACTION_KEY_READ) |                                    \
        KV_ACTION_BITS(KV_ACTION_KEY_ENCRYPT, KV_ACTION_KEY_VERIFY))

static void replace_offer(
    struct option *out, const struct plan_targets *targets)
{
    choice_offer(out, targets, FAULT_MUCH);
}

static void role_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_set_value(out, "auto");
}

const struct option_row replace_options[] = {
    {
        .name = "assignments",
        .label = "Role assignments to replace",
        .help = "auto, or ids of role assignments, separated by commas",
        .offer = replace_offer,
        .accept = choice_accept,
    },
    {
        .name = "role",
        .label = "By which roles",
        .help = "auto: the narrowest built-in ones that read and use; or names "
                "or ids of roles, with + between them",
        .offer = role_offer,
    },
    WAIT_OPTION,
    { 0 },
};

static bool cover_named(
    struct cover *out, const struct roles *roles, struct view names)
{
    *out = (struct cover){ 0 };
    while (names.size > 0) {
        const struct role *role =
            roles_find_named(roles, view_trim(view_cut(&names, '+')));

        if (!role || out->count == COVER_MAX)
            return false;
        out->roles[out->count++] = role;
        out->rights |= role->rights;
    }
    return out->count > 0;
}

static bool cover_for(struct cover *out, const struct roles *roles,
    const struct plan_input *input, const char *old_guid)
{
    const char *named = input_option(input, "role");
    const struct role *old = roles_find(roles, old_guid);

    if (*named && strcmp(named, "auto") != 0)
        return cover_named(out, roles, view_of(named));
    return old && (old->rights & NEEDED) &&
           roles_cover(out, roles, old->rights & NEEDED, KV_ACTIONS_MANAGE);
}

static void say_gain(struct draft *draft, const struct plan_input *input,
    const struct kv_assignment *assignment, uint64_t gains)
{
    struct buf text = { .limit = TEXT_LIMIT };

    if (gains == 0)
        return;
    principal_put(&text, input->estate, assignment->principal_id,
        assignment->principal_type);
    buf_puts(&text, " gains ");
    rights_put(&text, gains);
    preview_check(&draft->preview, KV_CHECK_WARN, "%s", buf_text(&text));
    buf_done(&text);
}

static void replace_by(struct exchange *exchange,
    const struct kv_assignment *assignment, json_t *found,
    const struct cover *cover)
{
    const struct plan_input *input = exchange->taking.input;
    struct draft *draft = exchange->taking.draft;
    const struct live_answer *there = assignments_at(draft, assignment->scope);
    struct arm_id id = arm_id_parse(view_of(assignment->scope));
    char *subscription =
        id.subscription.size > 0 ? mem_copy_view(id.subscription) : NULL;

    for (size_t i = 0; i < cover->count; i++) {
        const struct wish wish = {
            .scope = assignment->scope,
            .principal_id = assignment->principal_id,
            .role_guid = cover->roles[i]->guid,
            .subscription = subscription,
            .type = value_text(found, "properties.principalType"),
            .like = value_at(found, "properties"),
        };

        if (!assignment_twin(there ? there->body : NULL, &wish) &&
            !was_made(draft, &wish))
            make(draft, input, &wish, cover->roles[i]->name);
    }
    mem_free(subscription);
    exchange_take(exchange, assignment, found, cover->rights);
}

static void replace_one(struct exchange *exchange, const struct roles *roles,
    const struct kv_assignment *assignment, json_t *found)
{
    const struct plan_input *input = exchange->taking.input;
    const struct role *old = roles_find(roles, assignment->role_guid);
    struct cover cover;

    if (!cover_for(&cover, roles, input, assignment->role_guid)) {
        removal_leave(exchange->taking.draft, input, assignment,
            "no role is left that reads and uses what it gives, or none is "
            "called as named: choose with the option \"role\"");
        return;
    }
    if (cover.count == 1 &&
        text_equal_nocase(cover.roles[0]->guid, assignment->role_guid)) {
        removal_leave(exchange->taking.draft, input, assignment,
            "it is that role already");
        return;
    }
    replace_by(exchange, assignment, found, &cover);
    say_gain(exchange->taking.draft, input, assignment,
        old ? cover.rights & ~old->rights : 0);
}

void assignment_replace_plan(
    struct draft *draft, const struct plan_input *input)
{
    struct exchange exchange;
    struct roles roles;
    bool read = roles_read(&roles, draft, input->resource->id);

    exchange_init(&exchange, draft, input, FAULT_MUCH);
    for (size_t i = 0; i < exchange.choice.count; i++) {
        json_t *found =
            removal_find(&exchange.taking, exchange.choice.items[i]);

        if (found && read)
            replace_one(&exchange, &roles, exchange.choice.items[i], found);
    }
    exchange_end(&exchange, "replaced by narrower ones");
    roles_done(&roles);
}
