/* Who is to get which roles when a vault leaves its access policies. */
#include "migration.h"

#include <string.h>

#include "estate.h"
#include "evaluate.h"

#define POLICIES "properties.accessPolicies"
#define TEXT_LIMIT 8192

/* ---- what a person decided otherwise ---- */

/* "PRINCIPAL[@VAULT]=none | custom | ROLE[+ROLE...], ..." */
struct exception {
    struct view principal;
    struct view vault; /* empty: every one */
    struct view roles;
};

static bool next_exception(struct view *list, struct exception *out)
{
    while (list->size > 0) {
        struct view item = view_trim(view_cut(list, ','));
        struct view whom;

        if (item.size == 0)
            continue;
        whom = view_cut(&item, '=');
        out->principal = view_trim(view_cut(&whom, '@'));
        out->vault = view_trim(whom);
        out->roles = view_trim(item);
        return true;
    }
    return false;
}

enum kv_status exceptions_accept(
    const struct option *option, const char *value, struct kv_error *err)
{
    struct view list = view_of(value);
    struct exception one;

    (void)option;
    while (next_exception(&list, &one))
        if (one.principal.size != 36 || one.roles.size == 0)
            return kv_error_set(err, KV_BAD_INPUT,
                "\"%.*s\" does not begin an exception: write OBJECT-ID=ROLE, "
                "OBJECT-ID@VAULT=ROLE+ROLE, =none or =custom.",
                (int)one.principal.size, one.principal.data);
    return KV_OK;
}

/* What is said of this vault comes before what is said of all. */
static struct view exception_for(
    const struct migration *migration, const char *id)
{
    struct view list =
        view_of(input_option(migration->input, "exceptions"));
    struct view found = { NULL, 0 };
    bool exact = false;
    struct exception one;

    while (next_exception(&list, &one)) {
        bool here = view_equal_nocase(
            one.vault, view_of(migration->input->resource->name));

        if (!view_equal_nocase(one.principal, view_of(id)) ||
            (one.vault.size > 0 && !here) || (exact && !here))
            continue;
        found = one.roles;
        exact = here;
    }
    return found;
}

/* ---- what is held by roles ---- */

static bool lasts(const struct kv_estate *estate, const char *id)
{
    const struct kv_assignment *row =
        id ? kv_estate_find_row(estate, KV_SET_ASSIGNMENTS, id) : NULL;

    return !row || (!row->activated && row->ends_at_s == 0);
}

uint64_t migration_rights(
    const struct migration *migration, json_t *assignment)
{
    json_t *properties = value_at(assignment, "properties");
    const struct role *role =
        roles_find(&migration->roles, role_guid_of(properties));

    if (!role || value_at(properties, "condition") ||
        !lasts(migration->input->estate, value_text(assignment, "id")))
        return 0;
    return role->rights & RIGHTS_DATA;
}

static uint64_t held_by(const struct migration *migration, const char *id)
{
    uint64_t held = 0;
    size_t index;
    json_t *item;

    json_array_foreach(value_at(migration->assignments, "value"), index, item)
    {
        const char *whom = value_text(item, "properties.principalId");

        if (whom && principal_is(migration->input->estate, whom, id) ==
                        KV_TRI_TRUE)
            held |= migration_rights(migration, item);
    }
    return held;
}

/* ---- one entry ---- */

static enum member_fate fate_of(json_t *entry, const struct kv_principal *who)
{
    if (value_text(entry, "applicationId"))
        return MEMBER_COMPOUND;
    if (who && who->application)
        return MEMBER_OBJECT;
    return who && who->missing ? MEMBER_DEAD : MEMBER_CARRIED;
}

static void take_named(struct migration *migration, struct member *member,
    struct view names)
{
    while (names.size > 0) {
        struct view name = view_trim(view_cut(&names, '+'));
        const struct role *role =
            roles_find_named(&migration->roles, name);

        if (!role || member->cover.count == COVER_MAX) {
            preview_check(&migration->draft->preview, KV_CHECK_BLOCK,
                "the exception for %s names %.*s: there is no such role here, "
                "or it is one too many",
                member->id, (int)name.size, name.data);
            continue;
        }
        member->cover.roles[member->cover.count++] = role;
        member->cover.rights |= role->rights;
    }
}

/* What no built-in role gives without more than looking besides gets a role of
 * its own only where a person asked for it. */
static void choose(struct migration *migration, struct member *member)
{
    struct view names = exception_for(migration, member->id);
    bool wanted =
        strcmp(input_option(migration->input, "custom"), "yes") == 0;

    if (view_equal_nocase(names, view_of("none"))) {
        member->fate = MEMBER_LEFT_OUT;
        return;
    }
    if (names.size > 0 && !view_equal_nocase(names, view_of("custom"))) {
        take_named(migration, member, names);
        return;
    }
    if (member->lacks == 0)
        return;
    (void)roles_cover(&member->cover, &migration->roles, member->lacks, 0);
    member->custom =
        names.size > 0 || member->cover.count == 0 ||
        (wanted && cover_excess(&member->cover,
                       member->has | member->holds) != 0);
    if (member->custom)
        member->cover =
            (struct cover){ .rights = member->lacks };
}

static void take_entry(struct migration *migration, json_t *entry)
{
    const struct kv_estate *estate = migration->input->estate;
    const char *id = value_text(entry, "objectId");
    struct member *member;

    if (!id)
        return;
    member = &migration->members[migration->count++];
    *member = (struct member){
        .id = id,
        .who = kv_estate_principal(estate, id),
        .has = rights_of_permissions(value_at(entry, "permissions")),
    };
    member->fate = fate_of(entry, member->who);
    if (member->fate != MEMBER_CARRIED)
        return;
    member->holds = held_by(migration, id);
    member->lacks = member->has & ~member->holds & KV_ACTIONS_DATA;
    choose(migration, member);
}

bool migration_make(struct migration *out, struct draft *draft,
    const struct plan_input *input)
{
    const struct live_answer *assignments =
        assignments_at(draft, input->resource->id);
    json_t *entries = value_at(input->subject, POLICIES);
    size_t index;
    json_t *entry;

    *out = (struct migration){ .draft = draft, .input = input };
    if (!roles_read(&out->roles, draft, input->resource->id) || !assignments)
        return false;
    if (!assignments->body)
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "who holds roles here could not be read (%s): ask for "
            "Microsoft.Authorization/roleAssignments/read",
            assignments->why ? assignments->why : "not read");
    out->assignments = assignments->body;
    out->members =
        mem_alloc((json_array_size(entries) + 1) * sizeof *out->members);
    json_array_foreach(entries, index, entry)
    {
        take_entry(out, entry);
    }
    return true;
}

void migration_done(struct migration *migration)
{
    roles_done(&migration->roles);
    mem_free(migration->members);
    *migration = (struct migration){ 0 };
}

void migration_put_custom_guid(struct buf *out,
    const struct migration *migration, const struct member *member)
{
    struct buf rights = { .limit = TEXT_LIMIT };
    const char *parts[3];

    rights_put(&rights, member->cover.rights);
    parts[0] = migration->input->resource->id;
    parts[1] = member->id;
    parts[2] = buf_text(&rights);
    guid_put(out, parts, 3);
    buf_done(&rights);
}

/* ---- in words ---- */

static void put_roles(struct buf *out, const struct member *member)
{
    if (member->custom)
        buf_puts(out, "a role made for it");
    for (size_t i = 0; i < member->cover.count; i++) {
        buf_puts(out, i == 0 ? "" : " and ");
        evidence_put_text(out, member->cover.roles[i]->name);
    }
    if (!member->custom && member->cover.count == 0)
        buf_puts(out, "no role, for it holds what it needs");
}

static void put_name(
    struct buf *out, const struct migration *migration, const char *id)
{
    principal_put(
        out, migration->input->estate, id, KV_PRINCIPAL_UNKNOWN);
}

static void tell_carried(
    const struct migration *migration, const struct member *member)
{
    uint64_t after = (member->cover.rights | member->holds) & RIGHTS_DATA;
    uint64_t gains = after & ~member->has & ~RIGHTS_STORAGE;
    uint64_t loses = member->has & ~after;
    uint64_t excess = gains & (KV_ACTIONS_USE | KV_ACTIONS_CHANGE);
    struct buf text = { .limit = TEXT_LIMIT };

    put_name(&text, migration, member->id);
    buf_puts(&text, " has ");
    rights_put(&text, member->has);
    buf_puts(&text, "; gets ");
    put_roles(&text, member);
    buf_puts(&text, "; gains ");
    rights_put(&text, gains);
    buf_puts(&text, "; loses ");
    rights_put(&text, loses);
    if (loses & RIGHTS_STORAGE)
        buf_puts(&text, " (managed storage accounts are retired)");
    if (excess && !member->custom && member->cover.count > 0)
        buf_puts(&text, "; no built-in role gives exactly this: with "
                        "custom=yes a role that does is made");
    preview_check(&migration->draft->preview,
        excess || loses ? KV_CHECK_WARN : KV_CHECK_OK, "%s", buf_text(&text));
    buf_done(&text);
}

static void tell_left_out(
    const struct migration *migration, const struct member *member)
{
    static const char *const why[] = {
        [MEMBER_CARRIED] = "",
        [MEMBER_DEAD] = "nobody is behind it: it gets no role",
        [MEMBER_OBJECT] = "it is the object of an app registration, which can "
                        "hold no right: it gets no role",
        [MEMBER_COMPOUND] =
            "it is compound, a principal through an application, which roles "
            "cannot say: it gets no role, and who relies on it loses access",
        [MEMBER_LEFT_OUT] = "left out by exception: it loses all of it",
    };
    bool harmless =
        member->fate == MEMBER_DEAD || member->fate == MEMBER_OBJECT;
    struct buf text = { .limit = TEXT_LIMIT };

    put_name(&text, migration, member->id);
    buf_puts(&text, " has ");
    rights_put(&text, member->has);
    buf_putf(&text, ": %s", why[member->fate]);
    preview_check(&migration->draft->preview,
        harmless ? KV_CHECK_OK : KV_CHECK_WARN, "%s", buf_text(&text));
    buf_done(&text);
}

static void tell_unsure(
    const struct migration *migration, const struct member *member)
{
    struct buf text = { .limit = TEXT_LIMIT };

    put_name(&text, migration, member->id);
    preview_check(&migration->draft->preview, KV_CHECK_UNKNOWN,
        "whether anybody is behind %s is UNKNOWN: it was not found or not "
        "looked up, and gets a role all the same",
        buf_text(&text));
    buf_done(&text);
}

/* By its policy, in person. */
static uint64_t had(const struct migration *migration, const char *id)
{
    uint64_t rights = 0;

    for (size_t i = 0; i < migration->count; i++)
        if (migration->members[i].fate != MEMBER_COMPOUND &&
            text_equal_nocase(migration->members[i].id, id))
            rights |= migration->members[i].has;
    return rights;
}

static bool is_member(const struct migration *migration, const char *id)
{
    for (size_t i = 0; i < migration->count; i++)
        if (text_equal_nocase(migration->members[i].id, id) &&
            migration->members[i].fate == MEMBER_CARRIED)
            return true;
    return false;
}

/* A role for data that slept while policies ruled. */
static void tell_woken(const struct migration *migration, json_t *assignment)
{
    const char *id = value_text(assignment, "properties.principalId");
    const struct role *role = roles_find(&migration->roles,
        role_guid_of(value_at(assignment, "properties")));
    const struct kv_principal *who;
    uint64_t gains;
    struct buf text = { .limit = TEXT_LIMIT };

    if (!id || !role || is_member(migration, id))
        return;
    who = kv_estate_principal(migration->input->estate, id);
    gains = role->rights & KV_ACTIONS_DATA & ~had(migration, id);
    if (gains == 0 || (who && who->missing))
        return;
    put_name(&text, migration, id);
    buf_puts(&text, " is in no access policy: its role ");
    evidence_put_text(&text, role->name);
    buf_puts(&text, " comes into effect; gains ");
    rights_put(&text, gains);
    if (value_at(assignment, "properties.condition"))
        buf_puts(&text, ", as far as its condition allows");
    preview_check(
        &migration->draft->preview, KV_CHECK_WARN, "%s", buf_text(&text));
    buf_done(&text);
}

static void tell_objects(const struct migration *migration)
{
    const struct plan_input *input = migration->input;
    struct kv_walk walk = { 0 };
    uint32_t count = 0;

    while (kv_estate_next_assignment(input->estate, input->resource, &walk))
        count += walk.level == KV_SCOPE_OBJECT;
    if (count > 0)
        preview_check(&migration->draft->preview, KV_CHECK_WARN,
            "%u role assignments on single objects come into effect",
            (unsigned)count);
}

/* ---- who called lately ---- */

/* The log names an object or its application. */
static bool is_caller(const struct kv_estate *estate,
    const struct kv_caller *row, const char *id)
{
    const struct kv_principal *who = kv_estate_principal(estate, id);

    return principal_is(estate, id, row->identity) == KV_TRI_TRUE ||
           (who && text_equal_nocase(who->app_id, row->identity));
}

static bool keeps_access(
    const struct migration *migration, const struct kv_caller *row)
{
    for (size_t i = 0; i < migration->count; i++) {
        const struct member *member = &migration->members[i];

        if (member->fate == MEMBER_CARRIED &&
            ((member->cover.rights | member->holds) & RIGHTS_DATA) &&
            is_caller(migration->input->estate, row, member->id))
            return true;
    }
    return held_by(migration, row->identity) != 0;
}

static void tell_cut_off(
    const struct migration *migration, const struct kv_caller *row)
{
    struct buf text = { .limit = TEXT_LIMIT };

    put_name(&text, migration, row->identity);
    buf_putf(&text, " called the vault %llu times, last on ",
        (unsigned long long)row->calls);
    evidence_put_date(&text, row->last_s);
    buf_puts(&text, ", and gets no role that is known here: it is cut off");
    preview_check(
        &migration->draft->preview, KV_CHECK_WARN, "%s", buf_text(&text));
    buf_done(&text);
}

/* Whoever was refused already, or is not named, loses nothing that is known. */
static void tell_callers(const struct migration *migration)
{
    const struct plan_input *input = migration->input;
    struct kv_facet_status status =
        kv_estate_facet(input->estate, input->resource, KV_FACET_USAGE);
    struct kv_walk walk = { 0 };
    const struct kv_caller *row;
    uint32_t kept = 0;

    if (!kv_facet_known(&status)) {
        preview_check(&migration->draft->preview, KV_CHECK_UNKNOWN,
            "who used the vault lately is UNKNOWN: no audit log was read");
        return;
    }
    while ((row = kv_estate_next_at(input->estate, KV_SET_CALLERS,
                input->resource->id, &walk))) {
        if (!row->identity || row->failures >= row->calls)
            continue;
        if (keeps_access(migration, row))
            kept++;
        else
            tell_cut_off(migration, row);
    }
    preview_check(&migration->draft->preview, KV_CHECK_OK,
        "%u callers of its audit log keep access by a role", (unsigned)kept);
}

void migration_tell(const struct migration *migration)
{
    size_t index;
    json_t *item;

    for (size_t i = 0; i < migration->count; i++) {
        const struct member *member = &migration->members[i];

        if (member->fate != MEMBER_CARRIED) {
            tell_left_out(migration, member);
            continue;
        }
        tell_carried(migration, member);
        if (!member->who || member->who->type == KV_PRINCIPAL_UNKNOWN)
            tell_unsure(migration, member);
    }
    json_array_foreach(value_at(migration->assignments, "value"), index, item)
    {
        tell_woken(migration, item);
    }
    tell_objects(migration);
    tell_callers(migration);
}
