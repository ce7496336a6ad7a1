/* Which role assignments a plan is about: those that its row finds at fault, or
 * those that a person names. */
#include "access.h"

#include <string.h>

#include "estate.h"
#include "evaluate.h"

#define AUTOMATIC "auto"
#define CHOICES_MAX 200 /* more are named by their ids */
#define TEXT_LIMIT 2048

/* ---- the row's own answer ---- */

static void find_faults(struct faults *out, const char *row,
    const struct kv_subject *subject)
{
    uint32_t place = kv_catalogue_find(row);

    *out = (struct faults){ 0 };
    if (place != KV_NONE)
        faults_find(out, &kv_catalogue[place], subject);
}

void choice_faults(struct faults *out, const struct plan_input *input,
    uint32_t resource)
{
    const struct kv_subject subject = {
        .estate = input->estate,
        .resource = kv_estate_resource(input->estate, resource),
        .policy = input->policy,
        .now_s = input->now_s,
    };

    find_faults(out, input->row, &subject);
}

static uint32_t kinds_of(
    const struct faults *faults, const struct kv_assignment *assignment)
{
    for (size_t i = 0; i < faults->count; i++)
        if (faults->items[i].assignment == assignment)
            return faults->items[i].kinds;
    return 0;
}

bool choice_is_fault(const struct plan_input *input, uint32_t resource,
    const struct kv_assignment *assignment, uint32_t kinds)
{
    struct faults faults;
    bool is;

    choice_faults(&faults, input, resource);
    is = (kinds_of(&faults, assignment) & kinds) != 0;
    faults_done(&faults);
    return is;
}

/* ---- scopes ---- */

static bool is_at_or_below(const char *id, const char *scope)
{
    struct view above = view_of(scope);

    return view_starts_nocase(view_of(id), above) &&
           (id[above.size] == '\0' || id[above.size] == '/');
}

bool scope_reaches(const struct kv_estate *estate, const char *scope,
    const struct kv_resource *resource)
{
    struct arm_id id = arm_id_parse(view_of(scope));
    const struct kv_subscription *subscription =
        kv_estate_subscription(estate, resource->subscription);

    switch (arm_id_level(&id)) {
    case KV_SCOPE_ROOT:
        return true;
    case KV_SCOPE_MANAGEMENT_GROUP:
        for (uint32_t i = 0; i < subscription->group_count; i++)
            if (view_equal_nocase(
                    view_of(subscription->groups[i]), id.management_group))
                return true;
        return false;
    case KV_SCOPE_SUBSCRIPTION:
    case KV_SCOPE_RESOURCE_GROUP:
    case KV_SCOPE_RESOURCE:
    case KV_SCOPE_OBJECT:
        break;
    }
    return is_at_or_below(resource->id, scope) ||
           is_at_or_below(scope, resource->id);
}

/* ---- what is chosen ---- */

static bool is_automatic(const struct plan_input *input)
{
    const char *value = input_option(input, "assignments");

    return !*value || strcmp(value, AUTOMATIC) == 0;
}

/* By its id or by the GUID that the id ends in. */
static bool list_names(const char *list, const char *id)
{
    struct view rest = view_of(list);

    while (rest.size > 0) {
        struct view name = view_trim(view_cut(&rest, ','));

        if (view_equal_nocase(name, view_of(id)) ||
            view_equal_nocase(name, arm_id_last(view_of(id))))
            return true;
    }
    return false;
}

/* What is wanted of one resource: found at fault, or named and in reach. */
static bool is_wanted(const struct plan_input *input, uint32_t resource,
    const struct kv_assignment *assignment, uint32_t kinds)
{
    if (is_automatic(input))
        return choice_is_fault(input, resource, assignment, kinds);
    return list_names(input_option(input, "assignments"), assignment->id) &&
           (scope_reaches(input->estate, assignment->scope,
                kv_estate_resource(input->estate, resource)) ||
               choice_is_fault(input, resource, assignment, ~0u));
}

/* The first target that has it does it for all. */
static uint32_t owner_of(const struct plan_input *input,
    const struct kv_assignment *assignment, uint32_t kinds)
{
    if (is_at_or_below(assignment->scope, input->resource->id))
        return input->index;
    for (size_t i = 0; i < input->peer_count; i++)
        if (input->peers[i] == input->index ||
            is_wanted(input, input->peers[i], assignment, kinds))
            return input->peers[i];
    return input->index;
}

static bool has(
    const struct choice *choice, const struct kv_assignment *assignment)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->items[i] == assignment)
            return true;
    return false;
}

/* What a choice is made of. */
struct choosing {
    struct choice *out;
    struct draft *draft;
    const struct plan_input *input;
    struct faults faults;
    uint32_t kinds;
    uint32_t elsewhere; /* wanted here, but done with another target */
    uint32_t surplus;
};

static void put_assignment(struct buf *out, const struct kv_estate *estate,
    const struct kv_assignment *assignment)
{
    const struct kv_role *role = assignment->role == KV_NONE
                                     ? NULL
                                     : kv_estate_role(estate, assignment->role);
    struct arm_id id = arm_id_parse(view_of(assignment->scope));

    principal_put(
        out, estate, assignment->principal_id, assignment->principal_type);
    buf_puts(out, ": ");
    evidence_put_text(out, role ? role->name : assignment->role_guid);
    buf_putf(out, " at the %s", kv_scope_level_name(arm_id_level(&id)));
}

static void leave_to(const struct choosing *choosing,
    const struct kv_assignment *assignment, uint32_t owner)
{
    const struct plan_input *input = choosing->input;
    struct buf text = { .limit = TEXT_LIMIT };

    put_assignment(&text, input->estate, assignment);
    preview_check(&choosing->draft->preview, KV_CHECK_OK,
        "%s is changed together with %s, which is below it as well",
        buf_text(&text), kv_estate_resource(input->estate, owner)->name);
    buf_done(&text);
}

static void consider(
    struct choosing *choosing, const struct kv_assignment *assignment)
{
    const struct plan_input *input = choosing->input;
    uint32_t kinds = kinds_of(&choosing->faults, assignment);
    bool automatic = is_automatic(input);
    uint32_t owner;

    choosing->surplus += (kinds & FAULT_SURPLUS) != 0;
    if (automatic ? !(kinds & choosing->kinds)
                  : !list_names(
                        input_option(input, "assignments"), assignment->id))
        return;
    if (has(choosing->out, assignment))
        return;
    owner = owner_of(input, assignment, choosing->kinds);
    if (owner != input->index) {
        choosing->elsewhere++;
        leave_to(choosing, assignment, owner);
        return;
    }
    choosing->out->items = mem_grow(choosing->out->items, choosing->out->count,
        &choosing->out->capacity, sizeof *choosing->out->items);
    choosing->out->items[choosing->out->count++] = assignment;
}

/* Named may be whatever reaches the resource; at fault may also be what is
 * assigned elsewhere, where its logs are kept. */
static void consider_all(struct choosing *choosing)
{
    const struct plan_input *input = choosing->input;
    struct kv_walk walk = { 0 };
    const struct kv_assignment *assignment;

    for (size_t i = 0; i < choosing->faults.count; i++)
        if (choosing->faults.items[i].assignment)
            consider(choosing, choosing->faults.items[i].assignment);
    while (!is_automatic(input) &&
           (assignment = kv_estate_next_assignment(
                input->estate, input->resource, &walk)))
        consider(choosing, assignment);
}

static void say_none(const struct choosing *choosing)
{
    struct preview *preview = &choosing->draft->preview;

    if (choosing->elsewhere > 0)
        preview->nothing = "what it shares with another target of this plan is "
                           "changed there";
    else if (!is_automatic(choosing->input))
        preview->nothing = "none of the assignments named reaches it";
    else if (choosing->surplus > 0)
        preview_check(preview, KV_CHECK_BLOCK,
            "%s counts %u assignments and says of none that it must go: choose "
            "with the option \"assignments\"",
            choosing->input->row, choosing->surplus);
    else
        preview->nothing = preview_text(preview,
            "%s finds no such assignment here", choosing->input->row);
}

void choice_make(struct choice *out, struct draft *draft,
    const struct plan_input *input, uint32_t kinds)
{
    struct choosing choosing = {
        .out = out,
        .draft = draft,
        .input = input,
        .kinds = kinds,
    };

    *out = (struct choice){ 0 };
    choice_faults(&choosing.faults, input, input->index);
    consider_all(&choosing);
    if (out->count == 0)
        say_none(&choosing);
    faults_done(&choosing.faults);
}

void choice_done(struct choice *choice)
{
    mem_free(choice->items);
    *choice = (struct choice){ 0 };
}

/* ---- the option ---- */

static bool is_offered(const struct option *option, const char *value)
{
    for (size_t i = 0; i < option->choice_count; i++)
        if (text_equal_nocase(option->choices[i].value, value))
            return true;
    return false;
}

static void offer_one(struct option *out, const struct plan_targets *targets,
    const struct kv_assignment *assignment)
{
    const char *guid = arm_id_last(view_of(assignment->id)).data;
    struct buf label = { .limit = TEXT_LIMIT };

    if (out->choice_count >= CHOICES_MAX || is_offered(out, guid))
        return;
    put_assignment(&label, targets->estate, assignment);
    option_add_choice(out, guid, buf_text(&label));
    buf_done(&label);
}

static void offer_of(struct option *out, const struct plan_targets *targets,
    uint32_t resource, uint32_t kinds)
{
    const struct kv_subject subject = {
        .estate = targets->estate,
        .resource = kv_estate_resource(targets->estate, resource),
        .policy = targets->policy,
        .now_s = targets->now_s,
    };
    struct faults faults;

    find_faults(&faults, targets->row, &subject);
    for (size_t i = 0; i < faults.count; i++)
        if (faults.items[i].assignment &&
            (faults.items[i].kinds & (kinds | FAULT_SURPLUS)))
            offer_one(out, targets, faults.items[i].assignment);
    faults_done(&faults);
}

void choice_offer(
    struct option *out, const struct plan_targets *targets, uint32_t kinds)
{
    option_add_choice(out, AUTOMATIC, "those that make the finding fail");
    for (size_t i = 0; i < targets->count && out->choice_count < CHOICES_MAX;
         i++)
        offer_of(out, targets, targets->resources[i], kinds);
    option_set_value(out, AUTOMATIC);
}

static bool is_guid(struct view text)
{
    static const char allowed[] = "0123456789abcdefABCDEF-";
    char *copy = mem_copy_view(text);
    bool is = text.size == 36 && copy[strspn(copy, allowed)] == '\0';

    mem_free(copy);
    return is;
}

enum kv_status choice_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view rest = view_of(value);

    (void)option;
    if (strcmp(value, AUTOMATIC) == 0)
        return KV_OK;
    while (rest.size > 0) {
        struct view name = view_trim(view_cut(&rest, ','));

        if (!is_guid(arm_id_last(name)))
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" is not the id of a role assignment, nor \"auto\".",
                (int)name.size, name.data);
    }
    return *value ? KV_OK
                  : kv_error_set(err, KV_BAD_INPUT,
                        "No role assignment is named; \"auto\" takes those "
                        "that make the finding fail.");
}
