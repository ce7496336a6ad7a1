/* Local role assignments of one managed HSM, for the remedies that change them;
 * see hsm_locals.h. */
#include "hsm_locals.h"

#include <string.h>

#include "access.h"

#define ADDRESS_LIMIT 1024
#define ROLES "/providers/Microsoft.Authorization/roleAssignments/"
#define DEFINITIONS                                                            \
    "Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/"
#define REPLICATION_S 360 /* until a change is in every region of an HSM */
#define FACETS                                                                 \
    (KV_FACET_BIT(KV_FACET_LOCAL_ROLES) | KV_FACET_BIT(KV_FACET_KEYS))

/* ---- one target ---- */

bool locals_open(
    struct locals *out, struct draft *draft, const struct plan_input *input)
{
    struct view host = view_of(input->resource->uri);
    struct kv_walk walk = { 0 };
    struct holding holding;

    while (host.size > 0 && host.data[host.size - 1] == '/')
        host.size--;
    *out = (struct locals){
        .draft = draft,
        .input = input,
        .subject = {
            .estate = input->estate,
            .resource = input->resource,
            .policy = input->policy,
            .now_s = input->now_s,
            .subscription = input->resource->subscription,
        },
        .host = mem_copy_view(host),
    };
    if (!draft_look(draft, FACETS))
        return false;
    while (holding_next(&out->subject, &walk, &holding)) {
        out->items = mem_grow(
            out->items, out->count, &out->capacity, sizeof *out->items);
        out->items[out->count++] = holding;
    }
    out->goes = mem_alloc(out->count + 1);
    if (out->count > 0 && host.size > 0)
        return true;
    preview_check(&draft->preview, KV_CHECK_BLOCK,
        "its local roles cannot be read, which takes "
        "Microsoft.KeyVault/managedHsm/roleAssignments/read/action in the HSM "
        "and a way through its network rules");
    return false;
}

void locals_done(struct locals *locals)
{
    mem_free(locals->items);
    mem_free(locals->goes);
    mem_free(locals->host);
    *locals = (struct locals){ 0 };
}

static const char *guid_of(const struct holding *holding)
{
    const char *slash = strrchr(holding->assignment->id, '/');

    return slash ? slash + 1 : holding->assignment->id;
}

/* "NAME (user) holds ROLE at /"; the preview's own. */
const char *locals_words(
    const struct locals *locals, const struct holding *holding)
{
    struct buf text = { .limit = ADDRESS_LIMIT };
    const char *kept;

    holding_put(&text, holding);
    kept = preview_text(&locals->draft->preview, "%s", buf_text(&text));
    buf_done(&text);
    return kept;
}

static void put_path(struct buf *out, const struct locals *locals,
    const char *within, const char *guid)
{
    buf_putf(out, "%s%s" ROLES "%s", locals->host,
        strcmp(within, "/") == 0 ? "" : within, guid);
}

/* ---- which assignments ---- */

static bool is_guid(struct view text)
{
    for (size_t i = 0; i < text.size; i++) {
        char at = text.data[i];

        if (!(at >= '0' && at <= '9') && !(at >= 'a' && at <= 'f') &&
            !(at >= 'A' && at <= 'F') && at != '-')
            return false;
    }
    return text.size == 36;
}

enum kv_status guids_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view list = view_of(value);
    struct view item;

    (void)option;
    while (inside_next(&list, &item))
        if (!is_guid(item))
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" is no id: it has 32 digits and 4 hyphens.",
                item.size > 80 ? 80 : (int)item.size, item.data);
    return KV_OK;
}

enum kv_status guid_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    if (is_guid(view_of(value)))
        return KV_OK;
    return kv_error_set(err, KV_BAD_INPUT,
        "%s is an object id of Microsoft Entra: 32 digits and 4 hyphens.",
        option->row->label);
}

/* Whether the option names it, or, without names, the rule picks it. */
static bool is_chosen(const struct locals *locals,
    const struct holding *holding,
    bool (*picks)(const struct locals *, const struct holding *))
{
    struct view list = view_of(input_option(locals->input, "assignments"));
    struct view item;

    if (view_trim(list).size == 0)
        return picks(locals, holding);
    while (inside_next(&list, &item))
        if (view_equal_nocase(item, view_of(guid_of(holding))))
            return true;
    return false;
}

bool holding_administers(const struct holding *holding)
{
    return holding->powers & LOCAL_ADMINISTER && holding_is_at_root(holding);
}

/* Whether somebody would be left who can administer the HSM. A group whose
 * members are known to be none is nobody. */
static bool leaves_administrator(const struct locals *locals)
{
    for (size_t i = 0; i < locals->count; i++) {
        const struct kv_principal *who = locals->items[i].principal;
        bool nobody = !who || who->missing ||
                      (who->type == KV_PRINCIPAL_GROUP &&
                          who->members_status.state == KV_FACET_READY &&
                          who->member_count == 0);

        if (!locals->goes[i] && holding_administers(&locals->items[i]) && !nobody)
            return true;
    }
    return false;
}

/* ---- steps ---- */

/* The service adds the scope to what it is sent. */
static void set_assignment(struct step *step, json_t *before, const char *role,
    const char *principal, bool gives)
{
    json_t *values[] = { json_sprintf(DEFINITIONS "%s", role),
        json_string(principal) };
    static const char *const names[] = { "roleDefinitionId", "principalId" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct buf path = { .limit = 64 };

        buf_putf(&path, "properties.%s", names[i]);
        step_set(step, buf_text(&path), value_at(before, names[i]),
            gives ? values[i] : NULL, gives ? NULL : values[i]);
        buf_done(&path);
    }
}

static int64_t settling_s(const struct locals *locals)
{
    struct kv_walk walk = { 0 };
    size_t regions = 0;

    while (kv_estate_next_at(locals->input->estate, KV_SET_REGIONS,
        locals->input->resource->id, &walk))
        regions++;
    return regions > 1 ? REPLICATION_S : 0;
}

bool locals_have(const struct locals *locals, const char *within,
    const char *role, const char *principal)
{
    for (size_t i = 0; i < locals->count; i++) {
        const struct kv_local_assignment *row = locals->items[i].assignment;

        if (text_equal_nocase(row->within, within) &&
            text_equal_nocase(row->role_guid, role) &&
            text_equal_nocase(row->principal_id, principal))
            return true;
    }
    return false;
}

/* Nothing where somebody holds it already. */
void locals_give(const struct locals *locals, const char *within,
    const char *role, const char *principal)
{
    struct buf guid = { .limit = 64 };
    struct buf path = { .limit = ADDRESS_LIMIT };
    struct step *step;

    if (locals_have(locals, within, role, principal))
        return;
    guid_put(&guid, (const char *const[]){ within, role, principal }, 3);
    put_path(&path, locals, within, buf_text(&guid));
    step = draft_step(locals->draft, "PUT", buf_text(&path), PLANE_API);
    step_what(step, "give the role at %s", within);
    set_assignment(step, NULL, role, principal, true);
    step_action_is(step,
        "Microsoft.KeyVault/managedHsm/roleAssignments/write/action", true);
    step->reversible = true;
    step->wait_s = settling_s(locals);
    buf_done(&path);
    buf_done(&guid);
}

/* As it is now; false: not read yet, or it is gone. */
static bool take_away(const struct locals *locals, const struct holding *holding)
{
    const struct kv_local_assignment *row = holding->assignment;
    struct buf path = { .limit = ADDRESS_LIMIT };
    const struct live_answer *live;
    json_t *before;
    struct step *step;

    put_path(&path, locals, row->within, guid_of(holding));
    live = draft_read(
        locals->draft, "%s?api-version=" PLANE_API, buf_text(&path));
    before = live ? value_at(live->body, "properties") : NULL;
    if (live && !live->body)
        preview_check(&locals->draft->preview, KV_CHECK_BLOCK,
            "%s: it cannot be read, which takes "
            "Microsoft.KeyVault/managedHsm/roleAssignments/read/action: %s", locals_words(locals, holding),
            live->why ? live->why : "");
    if (before) {
        step = draft_step(
            locals->draft, "DELETE", buf_text(&path), PLANE_API);
        step_what(step, "remove: %s", locals_words(locals, holding));
        set_assignment(
            step, before, row->role_guid, row->principal_id, false);
        step_action_is(step,
            "Microsoft.KeyVault/managedHsm/roleAssignments/delete/action",
            true);
        step->reversible = true;
    }
    buf_done(&path);
    return before != NULL;
}

void locals_take_away(const struct locals *locals)
{
    for (size_t i = 0; i < locals->count; i++)
        if (locals->goes[i])
            (void)take_away(locals, &locals->items[i]);
}

/* ---- what a person must know ---- */

static void raise_for_administrators(const struct locals *locals)
{
    for (size_t i = 0; i < locals->count; i++)
        if (locals->goes[i] && holding_administers(&locals->items[i]))
            draft_raise(locals->draft, KV_GRADE_ONE_WAY,
                "it removes administrators of the HSM");
}

void locals_tell(const struct locals *locals, const char *impact)
{
    struct preview *preview = &locals->draft->preview;

    preview->takes = settling_s(locals) > 0
                         ? "seconds; up to 6 minutes until it is in every "
                           "region"
                         : "seconds";
    preview->undo = "yes: what was removed is given again and what was given "
                    "is removed, as long as you hold a role that may";
    preview->impact = impact;
    raise_for_administrators(locals);
    preview_check(preview, KV_CHECK_UNKNOWN,
        "whether you yourself lose a role is UNKNOWN: look for yourself, and "
        "for groups that you are in, among those that lose one");
}

void locals_tell_losers(const struct locals *locals)
{
    for (size_t i = 0; i < locals->count; i++)
        if (locals->goes[i])
            preview_check(&locals->draft->preview, KV_CHECK_WARN,
                "%s, and loses it", locals_words(locals, &locals->items[i]));
}

bool locals_keep_administrator(const struct locals *locals)
{
    if (leaves_administrator(locals))
        return true;
    preview_check(&locals->draft->preview, KV_CHECK_BLOCK,
        "nobody would administer the HSM any more: give the role to a group "
        "first, or choose fewer assignments");
    return false;
}

void locals_nothing(const struct locals *locals)
{
    locals->draft->preview.nothing = preview_text(&locals->draft->preview,
        "no local role assignment that this changes makes %s fail",
        locals->input->row);
}

size_t locals_choose(struct locals *locals,
    bool (*picks)(const struct locals *, const struct holding *))
{
    size_t chosen = 0;

    for (size_t i = 0; i < locals->count; i++) {
        locals->goes[i] = is_chosen(locals, &locals->items[i], picks);
        chosen += locals->goes[i];
    }
    return chosen;
}
