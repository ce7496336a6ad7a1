/* Remedies that change access policies: an entry is taken out, or is left with
 * less. Each is one request that names one entry and leaves the others alone. */
#include "access.h"

#include <string.h>

#include "evaluate.h"

#define POLICIES "properties.accessPolicies"
#define AUTOMATIC "auto"
#define PATH_LIMIT 4096
#define TEXT_LIMIT 4096

static const char *const categories[] = { "keys", "secrets", "certificates",
    "storage" };
#define CATEGORIES (sizeof categories / sizeof *categories)

/* ---- which entries ---- */

static const struct kv_access_policy *entry_of(
    const struct kv_resource *resource, json_t *entry)
{
    for (uint32_t i = 0; i < resource->policy_count; i++) {
        const struct kv_access_policy *policy = &resource->policies[i];

        if (text_equal_nocase(
                policy->object_id, value_text(entry, "objectId")) &&
            text_equal_nocase(
                policy->application_id, value_text(entry, "applicationId")))
            return policy;
    }
    return NULL;
}

static bool is_named(const char *list, const char *id)
{
    struct view rest = view_of(list);

    while (rest.size > 0)
        if (view_equal_nocase(
                view_trim(view_cut(&rest, ',')), view_of(id)))
            return true;
    return false;
}

struct picking {
    struct draft *draft;
    const struct plan_input *input;
    struct faults faults;
    uint32_t kinds;
};

static void picking_init(struct picking *picking, struct draft *draft,
    const struct plan_input *input, uint32_t kinds)
{
    uint32_t row = kv_catalogue_find(input->row);
    const struct kv_subject subject = {
        .estate = input->estate,
        .resource = input->resource,
        .policy = input->policy,
        .now_s = input->now_s,
    };

    *picking = (struct picking){
        .draft = draft,
        .input = input,
        .kinds = kinds,
    };
    if (row != KV_NONE)
        faults_find(&picking->faults, &kv_catalogue[row], &subject);
}

static uint32_t kinds_of(
    const struct picking *picking, const struct kv_access_policy *policy)
{
    for (size_t i = 0; policy && i < picking->faults.count; i++)
        if (picking->faults.items[i].policy == policy)
            return picking->faults.items[i].kinds;
    return 0;
}

/* One entry may be at fault in two ways: what nobody can use goes as a whole. */
static bool is_picked(const struct picking *picking, json_t *entry)
{
    const char *chosen = input_option(picking->input, "entries");
    const char *id = value_text(entry, "objectId");
    uint32_t kinds =
        kinds_of(picking, entry_of(picking->input->resource, entry));

    if (*chosen && strcmp(chosen, AUTOMATIC) != 0)
        return id && is_named(chosen, id);
    return (kinds & picking->kinds) != 0 &&
           (!(kinds & FAULT_GONE) || (picking->kinds & FAULT_GONE));
}

static void entries_offer(
    struct option *out, const struct plan_targets *targets)
{
    option_add_choice(out, AUTOMATIC, "those that make the finding fail");
    for (size_t i = 0; i < targets->count; i++) {
        const struct kv_resource *resource =
            kv_estate_resource(targets->estate, targets->resources[i]);

        for (uint32_t p = 0; p < resource->policy_count; p++) {
            const char *id = resource->policies[p].object_id;
            struct buf label = { .limit = TEXT_LIMIT };

            if (!id)
                continue;
            principal_put(&label, targets->estate, id, KV_PRINCIPAL_UNKNOWN);
            option_add_choice(out, id, buf_text(&label));
            buf_done(&label);
        }
    }
    option_set_value(out, AUTOMATIC);
}

/* ids, of what is shown or not: a list is no choice. */
static enum kv_status entries_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    static const char allowed[] = "0123456789abcdefABCDEF-";
    struct view rest = view_of(value);

    (void)option;
    while (rest.size > 0 && strcmp(value, AUTOMATIC) != 0) {
        struct view id = view_trim(view_cut(&rest, ','));
        char *copy = mem_copy_view(id);
        bool plain = copy[strspn(copy, allowed)] == '\0';

        mem_free(copy);
        if (id.size != 36 || !plain)
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" is not an object id, nor \"auto\".", (int)id.size,
                id.data);
    }
    return KV_OK;
}

#define ENTRIES_OPTION                                                         \
    {                                                                          \
        .name = "entries", .label = "Access policy entries",                   \
        .help = "auto, or object ids, separated by commas",                    \
        .offer = entries_offer, .accept = entries_accept,                      \
    }

const struct option_row policy_remove_options[] = { ENTRIES_OPTION, { 0 } };

/* ---- one entry as a request ---- */

static json_t *entry_with(json_t *entry, json_t *permissions)
{
    json_t *copy = json_deep_copy(entry);

    (void)json_object_set_new(copy, "permissions", permissions);
    return copy;
}

/* Azure takes any casing and documents one. */
static json_t *entry_spelled(json_t *entry)
{
    return entry_with(
        entry, permissions_without(value_at(entry, "permissions"), 0));
}

static json_t *body_of(json_t *entry)
{
    return json_pack(
        "{s:{s:[o]}}", "properties", "accessPolicies", entry);
}

static struct step *entry_step(
    const struct picking *picking, const char *operation)
{
    struct buf path = { .limit = PATH_LIMIT };
    struct step *step;

    buf_putf(&path, "%s/accessPolicies/%s", picking->input->resource->id,
        operation);
    step = draft_step(picking->draft, "PUT", buf_text(&path), KEY_VAULT_API);
    step_find_at(step, "%s?api-version=" KEY_VAULT_API,
        picking->input->resource->id);
    step->reversible = true;
    buf_done(&path);
    return step;
}

static void step_back_to(const struct picking *picking, struct step *step,
    const char *operation, json_t *entry)
{
    struct buf path = { .limit = PATH_LIMIT };

    buf_putf(&path, "%s/accessPolicies/%s", picking->input->resource->id,
        operation);
    step_back(
        step, "PUT", buf_text(&path), KEY_VAULT_API, body_of(entry));
    buf_done(&path);
}

/* By kind of object: whether an entry without any permission stays as an empty
 * one or goes, Azure does not say, and both are the same. */
static void set_permissions(
    struct step *step, json_t *entry, json_t *permissions)
{
    const char *object = value_text(entry, "objectId");
    const char *application = value_text(entry, "applicationId");

    for (size_t i = 0; i < CATEGORIES; i++) {
        struct buf place = { .limit = PATH_LIMIT };
        struct buf path = { .limit = PATH_LIMIT };
        json_t *before;

        buf_putf(&place, "permissions.%s", categories[i]);
        buf_putf(&path, POLICIES "[objectId=%s,applicationId=%s].%s", object,
            application ? application : "", buf_text(&place));
        before = value_at(entry, buf_text(&place));
        if (json_array_size(before) > 0)
            step_set(step, buf_text(&path), before,
                json_incref(value_at(permissions, categories[i])),
                json_incref(before));
        buf_done(&place);
        buf_done(&path);
    }
}

static void put_who(
    struct buf *out, const struct picking *picking, json_t *entry)
{
    const char *application = value_text(entry, "applicationId");

    principal_put(out, picking->input->estate, value_text(entry, "objectId"),
        KV_PRINCIPAL_UNKNOWN);
    if (application) {
        buf_puts(out, " through application ");
        evidence_put_text(out, application);
    }
}

static void say_loss(const struct picking *picking, json_t *entry,
    uint64_t before, uint64_t after)
{
    struct preview *preview = &picking->draft->preview;
    const struct kv_principal *who = kv_estate_principal(
        picking->input->estate, value_text(entry, "objectId"));
    bool nobody = who && (who->missing || who->application);
    struct buf text = { .limit = TEXT_LIMIT };

    put_who(&text, picking, entry);
    buf_puts(&text, " loses ");
    rights_put(&text, before & ~after);
    buf_puts(&text, "; keeps ");
    rights_put(&text, after);
    if (nobody)
        buf_puts(&text, "; nobody can be behind it");
    preview_check(preview, nobody ? KV_CHECK_OK : KV_CHECK_WARN, "%s",
        buf_text(&text));
    buf_done(&text);
}

/* A break-glass account's entry, and the operator's own, are not this
 * program's to take. */
static const char *refusal(const struct picking *picking, json_t *entry)
{
    const struct plan_input *input = picking->input;
    const char *id = value_text(entry, "objectId");

    if (kv_texts_have(&input->policy->break_glass, id))
        return "it is a break_glass account, kept for emergencies";
    if (text_equal_nocase(id, input->operator_id))
        return "it is your own access: have somebody else do it";
    return NULL;
}

static bool is_refused(const struct picking *picking, json_t *entry)
{
    const char *why = refusal(picking, entry);
    struct buf text = { .limit = TEXT_LIMIT };

    if (!why)
        return false;
    put_who(&text, picking, entry);
    preview_check(&picking->draft->preview, KV_CHECK_WARN,
        "%s is left alone: %s", buf_text(&text), why);
    buf_done(&text);
    return true;
}

static void say_all(struct picking *picking, const char *none)
{
    struct preview *preview = &picking->draft->preview;
    const struct kv_resource *resource = picking->input->resource;

    preview->takes = "seconds to minutes, for new requests";
    preview->undo = "yes, the entry read now comes back";
    preview->impact = preview_text(preview,
        "%zu access policy entries change; who loses what is said below, for "
        "each. What they used lately is UNKNOWN: no audit log was read.",
        picking->draft->step_count);
    if (resource->rbac == KV_TRI_TRUE)
        preview_check(preview, KV_CHECK_OK,
            "the vault uses Azure roles: its access policies sleep, and "
            "nobody loses anything now");
    if (picking->draft->step_count > 0)
        return;
    if (preview->check_count > 0)
        preview_check(preview, KV_CHECK_BLOCK,
            "no entry is left to change: choose others with the option "
            "\"entries\"");
    else
        preview->nothing = preview_text(preview, "%s", none);
}

/* ---- policy-remove ---- */

static void remove_entry(const struct picking *picking, json_t *entry)
{
    json_t *permissions = value_at(entry, "permissions");
    struct buf who = { .limit = TEXT_LIMIT };
    struct step *step = entry_step(picking, "remove");

    put_who(&who, picking, entry);
    step_what(step, "remove the access policy of %s", buf_text(&who));
    set_permissions(step, entry, NULL);
    step_body_is(step, body_of(entry_spelled(entry)));
    step_back_to(picking, step, "add", entry_spelled(entry));
    say_loss(picking, entry, rights_of_permissions(permissions), 0);
    buf_done(&who);
}

/* Calls for every entry that is picked and may be changed. */
static void each_entry(struct picking *picking,
    void (*change)(const struct picking *picking, json_t *entry))
{
    size_t index;
    json_t *entry;

    json_array_foreach(
        value_at(picking->input->subject, POLICIES), index, entry)
    {
        if (is_picked(picking, entry) && !is_refused(picking, entry))
            change(picking, entry);
    }
}

void policy_remove_plan(struct draft *draft, const struct plan_input *input)
{
    struct picking picking;

    picking_init(
        &picking, draft, input, FAULT_GONE | (uint32_t)FAULT_UNLISTED);
    each_entry(&picking, remove_entry);
    say_all(&picking, "no entry of its access policies has to go");
    faults_done(&picking.faults);
}

/* ---- policy-trim ---- */

#define LEVEL_ROW "row"
#define LEVEL_USE "use"
#define LEVEL_LOOK "look"

static void level_offer(struct option *out, const struct plan_targets *targets)
{
    (void)targets;
    option_add_choice(out, LEVEL_ROW,
        "persons lose purge and \"all\"; workloads only read and use");
    option_add_choice(out, LEVEL_USE,
        "everybody only reads and uses: secret values, cryptography");
    option_add_choice(out, LEVEL_LOOK, "everybody only sees names");
    option_set_value(out, LEVEL_ROW);
}

const struct option_row policy_trim_options[] = {
    ENTRIES_OPTION,
    {
        .name = "level",
        .label = "What is left to them",
        .help = "what the audit log shows to be used should stay",
        .offer = level_offer,
    },
    { 0 },
};

/* What is taken away. */
static uint64_t surplus(const struct picking *picking, json_t *entry)
{
    const char *level = input_option(picking->input, "level");
    const struct kv_principal *who = kv_estate_principal(
        picking->input->estate, value_text(entry, "objectId"));
    bool workload = who && who->type == KV_PRINCIPAL_SERVICE;

    if (strcmp(level, LEVEL_LOOK) == 0)
        return RIGHTS_DATA & ~KV_ACTIONS_LOOK;
    if (strcmp(level, LEVEL_USE) == 0 || workload)
        return KV_ACTIONS_CHANGE | RIGHTS_STORAGE_CHANGE;
    return KV_ACTIONS_PURGE | RIGHTS_STORAGE_PURGE;
}

static void trim_entry(const struct picking *picking, json_t *entry)
{
    json_t *before = value_at(entry, "permissions");
    json_t *after = permissions_without(before, surplus(picking, entry));
    uint64_t left = rights_of_permissions(after);
    struct buf who = { .limit = TEXT_LIMIT };

    put_who(&who, picking, entry);
    if (left == 0) {
        preview_check(&picking->draft->preview, KV_CHECK_WARN,
            "%s is left alone: nothing would be left of it; the remedy "
            "policy-remove takes it out",
            buf_text(&who));
    } else {
        struct step *step = entry_step(picking, "replace");

        step_what(step, "trim the access policy of %s", buf_text(&who));
        set_permissions(step, entry, after);
        step_body_is(step, body_of(entry_with(entry, json_incref(after))));
        step_back_to(picking, step, "replace", entry_spelled(entry));
        say_loss(picking, entry, rights_of_permissions(before), left);
    }
    json_decref(after);
    buf_done(&who);
}

void policy_trim_plan(struct draft *draft, const struct plan_input *input)
{
    struct picking picking;

    picking_init(&picking, draft, input, FAULT_MUCH);
    each_entry(&picking, trim_entry);
    say_all(&picking, "no entry of its access policies gives too much");
    faults_done(&picking.faults);
}
