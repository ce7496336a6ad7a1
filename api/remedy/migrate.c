/* The remedy that takes a vault from access policies to roles: what it needs is
 * given first, waited for and read again; then the model is switched. */
#include "migration.h"

#include <string.h>

#include "estate.h"

#define MODEL "properties.enableRbacAuthorization"
#define SUBSCRIPTION_API "2022-12-01"
#define ASSIGNMENTS_MOST 4000 /* of one subscription: Azure's own limit */
#define ID_LIMIT 4096
#define TEXT_LIMIT 4096

/* ---- options ---- */

static void custom_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, "no", "the narrowest built-in roles");
    option_add_choice(
        out, "yes", "a role made for whom no built-in one fits exactly");
    option_set_value(out, "no");
}

const struct option_row migrate_options[] = {
    {
        .name = "custom",
        .label = "Custom roles",
        .help = "built-in roles that cover an entry may give more than it does",
        .offer = custom_offer,
    },
    {
        .name = "exceptions",
        .label = "Exceptions",
        .help = "OBJECT-ID[@VAULT]=ROLE[+ROLE], =none or =custom, separated by "
                "commas",
        .accept = exceptions_accept,
    },
    WAIT_OPTION,
    { 0 },
};

/* ---- steps ---- */

static const char *type_of(const struct member *member)
{
    return member->who ? principal_type_word(member->who->type) : NULL;
}

static struct wish wish_of(const struct migration *migration,
    const struct member *member, const char *role_guid)
{
    const struct plan_input *input = migration->input;

    return (struct wish){
        .scope = input->resource->id,
        .principal_id = member->id,
        .role_guid = role_guid,
        .subscription = input->subscription ? input->subscription->id : NULL,
        .type = type_of(member),
    };
}

static void give(const struct migration *migration,
    const struct member *member, const char *guid, const char *name)
{
    struct wish wish = wish_of(migration, member, guid);
    json_t *twin;
    struct buf who = { .limit = TEXT_LIMIT };

    twin = assignment_twin(migration->assignments, &wish);
    if (twin && migration_rights(migration, twin) == 0)
        preview_check(&migration->draft->preview, KV_CHECK_WARN,
            "%s holds %s here for a while or under a condition, and Azure "
            "takes no second one: it may lose access",
            member->id, name);
    if (twin)
        return;
    principal_put(&who, migration->input->estate, member->id,
        KV_PRINCIPAL_UNKNOWN);
    step_what(assignment_make(migration->draft, &wish), "assign %s to %s", name,
        buf_text(&who));
    buf_done(&who);
}

/* Field by field: what Azure adds by itself is none of the change. */
static void set_role(const struct migration *migration,
    const struct member *member, const char *guid, struct step *step)
{
    const struct kv_resource *resource = migration->input->resource;
    struct buf scope = { .limit = ID_LIMIT };
    struct buf name = { .limit = TEXT_LIMIT };

    buf_putf(&scope, "/subscriptions/%s/resourceGroups/%s",
        migration->input->subscription->id, resource->resource_group);
    buf_putf(&name, "Key Vault %s %.8s", resource->name, guid);
    step_set(step, "properties.roleName", NULL, json_string(buf_text(&name)),
        NULL);
    step_set(step, "properties.description", NULL,
        json_string("What an access policy gave before the vault moved to "
                    "Azure roles."),
        NULL);
    step_set(step, "properties.type", NULL, json_string("CustomRole"), NULL);
    step_set(step, "properties.assignableScopes", NULL,
        json_pack("[s]", buf_text(&scope)), NULL);
    step_set(step, "properties.permissions", NULL,
        json_pack("[{s:[], s:[], s:o, s:[]}]", "actions", "notActions",
            "dataActions", rights_as_actions(member->cover.rights),
            "notDataActions"),
        NULL);
    buf_done(&scope);
    buf_done(&name);
}

static void make_role(const struct migration *migration,
    const struct member *member, const char *guid)
{
    const struct plan_input *input = migration->input;
    struct buf scope = { .limit = ID_LIMIT };
    struct buf path = { .limit = ID_LIMIT };
    struct step *step;

    buf_putf(&scope, "/subscriptions/%s", input->subscription->id);
    buf_putf(&path, "%s" DEFINITIONS_PATH "/%s", buf_text(&scope), guid);
    step = draft_step(
        migration->draft, "PUT", buf_text(&path), AUTHORIZATION_API);
    set_role(migration, member, guid, step);
    step_what(step, "make a role for %s", member->id);
    step_scope_is(step, buf_text(&scope));
    step->reversible = true;
    buf_done(&scope);
    buf_done(&path);
}

static void give_custom(
    const struct migration *migration, const struct member *member)
{
    struct buf guid = { .limit = 64 };

    migration_put_custom_guid(&guid, migration, member);
    if (!roles_find(&migration->roles, buf_text(&guid)))
        make_role(migration, member, buf_text(&guid));
    give(migration, member, buf_text(&guid), "the role made for it");
    buf_done(&guid);
}

static void give_all(const struct migration *migration)
{
    for (size_t i = 0; i < migration->count; i++) {
        const struct member *member = &migration->members[i];

        if (member->fate != MEMBER_CARRIED)
            continue;
        if (member->custom)
            give_custom(migration, member);
        for (size_t r = 0; r < member->cover.count; r++)
            give(migration, member, member->cover.roles[r]->guid,
                member->cover.roles[r]->name);
    }
}

static void switch_model(const struct migration *migration)
{
    const struct plan_input *input = migration->input;
    struct draft *draft = migration->draft;
    struct step *step;

    if (draft->step_count > 0) {
        struct step *last = &draft->steps[draft->step_count - 1];

        last->wait_s = input_wait_s(input);
        last->settles = true;
    }
    step = draft_step(draft, "PATCH", input->resource->id, KEY_VAULT_API);
    step_what(step, "switch the vault to Azure roles");
    step_set(step, MODEL, value_at(input->subject, MODEL), json_true(),
        json_false());
    step->reversible = true;
}

/* ---- what must hold ---- */

static void check_log(struct preview *preview, const struct kv_resource *vault)
{
    bool audit = false;

    for (uint32_t i = 0; i < vault->diagnostic_count; i++)
        audit = audit || vault->diagnostics[i].audit;
    if (audit)
        preview_check(preview, KV_CHECK_OK,
            "its audit log is sent on: who is refused afterwards can be seen");
    else if (kv_facet_known(&vault->diagnostics_status))
        preview_check(preview, KV_CHECK_WARN,
            "its audit log is sent nowhere: nobody will see who is refused; "
            "turn it on first (diagnostics-on)");
    else
        preview_check(preview, KV_CHECK_UNKNOWN,
            "whether its audit log is on is UNKNOWN: its diagnostic settings "
            "were not read");
}

static void check_services(
    struct preview *preview, const struct kv_resource *vault)
{
    if (vault->for_deployment == KV_TRI_TRUE ||
        vault->for_disk_encryption == KV_TRI_TRUE ||
        vault->for_template_deployment == KV_TRI_TRUE)
        preview_check(preview, KV_CHECK_WARN,
            "it is open to virtual machine, disk encryption or template "
            "deployment: these flags stay as they are; whether disk encryption "
            "goes on by them alone is UNKNOWN");
}

static void check_tenant(
    const struct migration *migration, json_t *subscription)
{
    struct preview *preview = &migration->draft->preview;
    const char *home = value_text(subscription, "tenantId");
    const char *ours = kv_estate_tenant_id(migration->input->estate);

    if (!subscription)
        preview_check(preview, KV_CHECK_UNKNOWN,
            "whether the subscription is managed through Azure Lighthouse is "
            "UNKNOWN: it could not be read");
    else if (home && ours && !text_equal_nocase(home, ours))
        preview_check(preview, KV_CHECK_BLOCK,
            "the subscription is of tenant %s and reached through Azure "
            "Lighthouse, which cannot give roles for data: sign in there",
            home);
    else if (json_array_size(value_at(subscription, "managedByTenants")) > 0)
        preview_check(preview, KV_CHECK_WARN,
            "another tenant manages the subscription through Azure Lighthouse: "
            "a vault that it made takes access policies only");
}

static size_t count_own(json_t *list, const char *subscription)
{
    struct buf prefix = { .limit = 128 };
    size_t count = 0;
    size_t index;
    json_t *item;

    buf_putf(&prefix, "/subscriptions/%s", subscription);
    json_array_foreach(value_at(list, "value"), index, item)
    {
        count += view_starts_nocase(
            view_of(value_text(item, "properties.scope")), buf_view(&prefix));
    }
    buf_done(&prefix);
    return count;
}

static void check_room(
    const struct migration *migration, const struct live_answer *all)
{
    struct preview *preview = &migration->draft->preview;
    size_t more = migration->draft->step_count;
    size_t now;

    if (!all->body) {
        preview_check(preview, KV_CHECK_UNKNOWN,
            "how many of its %d role assignments the subscription has is "
            "UNKNOWN (%s)",
            ASSIGNMENTS_MOST, all->why ? all->why : "not read");
        return;
    }
    now = count_own(all->body, migration->input->subscription->id);
    preview_check(preview,
        now + more > ASSIGNMENTS_MOST ? KV_CHECK_BLOCK : KV_CHECK_OK,
        "the subscription has %zu of at most %d role assignments%s", now,
        ASSIGNMENTS_MOST,
        now + more > ASSIGNMENTS_MOST ? ": remove some that nobody needs first"
                                      : "");
}

/* ---- whether the operator may do it with any role ---- */

static bool gives_assigning(json_t *block)
{
    json_t *permission = json_pack("{s:{s:[O]}}", "properties", "permissions",
        block);
    bool gives = rights_of_definition(permission) &
                 KV_ACTION_BIT(KV_ACTION_ASSIGN);

    json_decref(permission);
    return gives;
}

/* NULL: it may assign any role, or none at all. */
static const char *restriction(json_t *permissions)
{
    const char *condition = NULL;
    size_t index;
    json_t *block;

    json_array_foreach(value_at(permissions, "value"), index, block)
    {
        const char *own = value_text(block, "condition");

        if (!gives_assigning(block))
            continue;
        if (!own || !*own)
            return NULL;
        condition = own;
    }
    return condition;
}

static bool assigns_any(json_t *permissions)
{
    size_t index;
    json_t *block;

    json_array_foreach(value_at(permissions, "value"), index, block)
    {
        if (gives_assigning(block))
            return true;
    }
    return false;
}

static void check_restricted(
    const struct migration *migration, const char *condition)
{
    struct preview *preview = &migration->draft->preview;

    preview_check(preview, KV_CHECK_WARN,
        "you may assign roles only under a condition, as a Key Vault Data "
        "Access Administrator does: Azure may refuse you the switch");
    for (size_t i = 0; i < migration->count; i++) {
        const struct member *member = &migration->members[i];

        for (size_t r = 0; r < member->cover.count; r++)
            if (!text_contains_nocase(condition, member->cover.roles[r]->guid))
                preview_check(preview, KV_CHECK_BLOCK,
                    "the condition on your right does not name %s: have an "
                    "Owner or User Access Administrator run this",
                    member->cover.roles[r]->name);
    }
}

static void check_own(
    const struct migration *migration, const struct live_answer *permissions)
{
    const char *condition = restriction(permissions->body);

    if (condition)
        check_restricted(migration, condition);
    else if (permissions->body && !assigns_any(permissions->body))
        preview_check(&migration->draft->preview, KV_CHECK_WARN,
            "you do not hold Microsoft.Authorization/roleAssignments/write "
            "here: Microsoft's pages differ on whether the switch needs it, "
            "and Azure may refuse it");
}

/* ---- the plan ---- */

static void say(const struct migration *migration)
{
    struct preview *preview = &migration->draft->preview;
    size_t carried = 0;

    for (size_t i = 0; i < migration->count; i++)
        carried += migration->members[i].fate == MEMBER_CARRIED;
    preview->takes = "new roles up to 10 minutes, waited for; the switch takes "
                     "effect at once";
    preview->undo = "yes: back to access policies, which come into effect "
                    "again as they are stored, then the roles given go";
    preview->impact = preview_text(preview,
        "From the switch on only roles count. %zu of %zu access policy entries "
        "are carried over, %zu are left out; who has, gets, gains and loses "
        "what is said below, for each. The stored policies stay, without "
        "effect.",
        carried, migration->count, migration->count - carried);
}

static const struct live_answer *read_all_assignments(
    struct draft *draft, const struct plan_input *input)
{
    return draft_list(draft,
        "/subscriptions/%s" ASSIGNMENTS_PATH "?api-version=" AUTHORIZATION_API,
        input->subscription ? input->subscription->id : "");
}

void migrate_plan(struct draft *draft, const struct plan_input *input)
{
    const struct live_answer *permissions =
        draft_list(draft, "%s" PERMISSIONS_QUERY, input->resource->id);
    const struct live_answer *all = read_all_assignments(draft, input);
    const struct live_answer *subscription =
        draft_read(draft, "/subscriptions/%s?api-version=" SUBSCRIPTION_API,
            input->subscription ? input->subscription->id : "");
    struct migration migration;
    bool read = migration_make(&migration, draft, input);

    if (json_is_true(value_at(input->subject, MODEL))) {
        draft->preview.nothing = "it uses Azure roles already";
    } else if (read && permissions && all && subscription) {
        migration_tell(&migration);
        give_all(&migration);
        check_room(&migration, all);
        switch_model(&migration);
        check_own(&migration, permissions);
        check_tenant(&migration, subscription->body);
        check_services(&draft->preview, input->resource);
        check_log(&draft->preview, input->resource);
        say(&migration);
    }
    migration_done(&migration);
}
