/* The tab Access: who holds what over the resource, by role assignment or
 * access policy, from which scope, and whether it is in force. */
#include "access_words.h"
#include "screen_detail.h"

#include <stdio.h>
#include <string.h>

#define TEXT_LIMIT 4096

/* From the widest scope inwards; policies by whether they are in force. */
enum rank {
    RANK_POLICIES,
    RANK_LOCAL,
    RANK_ASSIGNMENTS,
    RANK_ELIGIBLE = 50,
    RANK_DEAD_POLICIES = 100,
};

/* What a row is made from: the facts, and who holds what in all. */
struct holders {
    const struct detail_facts *facts;
    struct kv_access *access;
};

static bool is_rbac(const struct kv_resource *resource)
{
    return resource->rbac == KV_TRI_TRUE;
}

/* ---- what a role lets do ---- */

struct power_word {
    uint32_t power; /* enum kv_power */
    bool data;
    const char *word;
};

static const struct power_word power_words[] = {
    { KV_POWER_ASSIGN, false, "assigns roles" },
    { KV_POWER_VAULT_WRITE, false, "writes vaults" },
    { KV_POWER_POLICY_WRITE, false, "writes access policies" },
    { KV_POWER_VAULT_DELETE, false, "deletes or purges vaults" },
    { KV_POWER_HSM_WRITE, false, "writes HSMs" },
    { KV_POWER_HSM_DELETE, false, "deletes HSMs" },
    { KV_POWER_SECRET_GET, true, "reads secret values" },
    { KV_POWER_DATA_WRITE, true, "changes keys, secrets or certificates" },
    { KV_POWER_DATA, true, "other data access" },
};

static bool is_shown(
    const struct power_word *row, uint32_t powers, enum kv_kind kind)
{
    uint32_t hsm = KV_POWER_HSM_WRITE | KV_POWER_HSM_DELETE;
    uint32_t vault =
        KV_POWER_VAULT_WRITE | KV_POWER_POLICY_WRITE | KV_POWER_VAULT_DELETE;

    if (row->power & (kind == KV_KIND_VAULT ? hsm : vault))
        return false;
    if (row->power == KV_POWER_DATA &&
        powers & (KV_POWER_SECRET_GET | KV_POWER_DATA_WRITE))
        return false;
    return powers & row->power;
}

static void put_powers(
    struct buf *out, uint32_t powers, enum kv_kind kind, bool data)
{
    size_t before = out->size;

    for (size_t i = 0; i < sizeof(power_words) / sizeof *(power_words); i++) {
        const struct power_word *row = &power_words[i];

        if (row->data == data && is_shown(row, powers, kind))
            buf_putf(out, "%s%s", out->size > before ? ", " : "", row->word);
    }
    if (out->size == before)
        buf_puts(out, "nothing that endangers it");
}

/* The data half of a role means nothing while access policies rule, and on an
 * HSM nothing ever. */
static bool data_counts(const struct kv_resource *resource)
{
    return resource->kind == KV_KIND_VAULT && is_rbac(resource);
}

static const char *force_of(const struct detail_facts *facts,
    const struct kv_role *role, const struct kv_assignment *assignment)
{
    uint32_t control =
        role ? role->powers & ~(uint32_t)(KV_POWER_DATA | KV_POWER_SECRET_GET |
                                          KV_POWER_DATA_WRITE)
             : 0;

    if (!role)
        return "?";
    if (role->powers & KV_POWER_DATA && !data_counts(facts->resource))
        return control ? "part" : "no";
    return assignment->condition ? "if" : "yes";
}

/* ---- assignments ---- */

static void put_role_words(struct sheet *out, const struct detail_facts *facts,
    const struct kv_role *role)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_puts(&text, "control plane: ");
    put_powers(&text, role->powers, facts->resource->kind, false);
    buf_puts(&text, "\ndata plane: ");
    if (!(role->powers & KV_POWER_DATA))
        buf_puts(&text, "nothing");
    else
        put_powers(&text, role->powers, facts->resource->kind, true);
    if (role->powers & KV_POWER_DATA && !data_counts(facts->resource))
        buf_puts(&text, facts->resource->kind == KV_KIND_HSM
                            ? "; NOT in force: an HSM has roles of its own"
                            : "; NOT in force until Azure RBAC is switched on");
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "CAN", buf_text(&text));
    buf_done(&text);
}

static void who_cell(
    struct detail_row *row, const struct kv_estate *estate, const char *id)
{
    struct buf who = { .limit = TEXT_LIMIT };

    access_put_who(&who, estate, id);
    detail_cell(row, "%s", buf_text(&who));
    buf_done(&who);
}

static void put_who_words(
    struct sheet *out, const struct kv_estate *estate, const char *id)
{
    const struct kv_principal *principal =
        id ? kv_estate_principal(estate, id) : NULL;
    struct buf who = { .limit = TEXT_LIMIT };

    access_put_who(&who, estate, id);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "WHO", buf_text(&who));
    buf_done(&who);
    if (!principal)
        return;
    if (principal->name)
        sheet_putf(out, ROLE_TEXT, DETAIL_INDENT, "object id %s", id);
    if (principal->missing)
        sheet_put(out, ROLE_TEXT, DETAIL_INDENT,
            "not found in the tenant: deleted, or of another tenant");
    if (principal->managed_identity)
        sheet_put(out, ROLE_TEXT, DETAIL_INDENT, "a managed identity");
    if (principal->members_status.state == KV_FACET_READY)
        sheet_putf(out, ROLE_TEXT, DETAIL_INDENT,
            "a group of %u, nested groups included", principal->member_count);
}

/* All ways together, groups and deny assignments included. */
static void put_in_all(
    struct sheet *out, const struct holders *holders, const char *id)
{
    uint32_t index = id ? kv_access_find(holders->access, id) : KV_NONE;
    struct buf right = { .limit = TEXT_LIMIT };
    struct kv_holder holder;

    if (index == KV_NONE)
        return;
    holder = kv_access_holder(holders->access, index);
    access_put_right(&right, &holder);
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "IN ALL", buf_text(&right));
    buf_done(&right);
}

static void put_assignment_words(struct sheet *out,
    const struct holders *holders, const struct kv_assignment *assignment,
    const struct kv_role *role)
{
    const struct detail_facts *facts = holders->facts;

    put_who_words(out, facts->estate, assignment->principal_id);
    if (role)
        put_role_words(out, facts, role);
    else
        sheet_pair(out, ROLE_UNKNOWN, DETAIL_INDENT, "CAN",
            "UNKNOWN: the definition of this role was not read.");
    sheet_putf(out, ROLE_TEXT, DETAIL_INDENT, "role %s%s",
        role ? role->name : assignment->role_guid,
        role && role->custom ? " (custom)" : "");
    sheet_pair(out, ROLE_TEXT, DETAIL_INDENT, "VIA", assignment->scope);
    put_in_all(out, holders, assignment->principal_id);
    if (assignment->condition)
        sheet_pair(
            out, ROLE_TEXT, DETAIL_INDENT, "CONDITION", assignment->condition);
}

static void add_assignment(struct detail_page *page,
    const struct holders *holders, const struct kv_assignment *assignment,
    enum kv_scope_level level)
{
    const struct detail_facts *facts = holders->facts;
    const struct kv_role *role =
        assignment->role == KV_NONE
            ? NULL
            : kv_estate_role(facts->estate, assignment->role);
    struct detail_row *row = detail_page_add(page);

    who_cell(row, facts->estate, assignment->principal_id);
    detail_cell(row, "%s", access_type_word(assignment->principal_type));
    detail_cell(row, "%s", role ? role->name : assignment->role_guid);
    detail_cell(row, "%s", access_level_word(level));
    detail_cell(row, "%s", force_of(facts, role, assignment));
    detail_cell(row, "%s", assignment->condition ? assignment->condition : "-");
    row->rank = RANK_ASSIGNMENTS + (uint64_t)level;
    if (strcmp(force_of(facts, role, assignment), "no") == 0)
        row->mark = row->rest = ROLE_DIM;
    put_assignment_words(&row->below, holders, assignment, role);
}

static void add_assignments(
    struct detail_page *page, const struct holders *holders)
{
    struct kv_walk walk = { 0 };
    const struct kv_assignment *assignment;

    while ((assignment = kv_estate_next_assignment(
                holders->facts->estate, holders->facts->resource, &walk)))
        add_assignment(page, holders, assignment, walk.level);
}

/* ---- what may be activated ---- */

static void add_schedule(struct detail_page *page,
    const struct holders *holders, const struct kv_schedule *schedule,
    enum kv_scope_level level)
{
    const struct kv_estate *estate = holders->facts->estate;
    const struct kv_role *role =
        kv_estate_find_role(estate, schedule->role_guid);
    struct detail_row *row = detail_page_add(page);
    struct buf until = { .limit = 64 };

    who_cell(row, estate, schedule->principal_id);
    detail_cell(row, "%s", access_type_word(schedule->principal_type));
    detail_cell(row, "%s", role ? role->name : schedule->role_guid);
    detail_cell(row, "%s", access_level_word(level));
    detail_cell(row, "pim");
    detail_cell(row, "-");
    row->rank = RANK_ELIGIBLE + (uint64_t)level;
    put_who_words(&row->below, estate, schedule->principal_id);
    if (role)
        put_role_words(&row->below, holders->facts, role);
    buf_puts(&until, "eligible: not held until it is activated");
    if (schedule->ends_at_s) {
        buf_puts(&until, ", until ");
        buf_put_time(&until, schedule->ends_at_s);
    }
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "HELD", buf_text(&until));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "VIA", schedule->scope);
    put_in_all(&row->below, holders, schedule->principal_id);
    buf_done(&until);
}

static void add_eligible(
    struct detail_page *page, const struct holders *holders)
{
    struct kv_walk walk = { 0 };
    const struct kv_schedule *schedule;

    while ((schedule = kv_estate_next_row(holders->facts->estate,
                KV_SET_SCHEDULES, holders->facts->resource->id, &walk)))
        if (schedule->eligible)
            add_schedule(page, holders, schedule, walk.level);
}

/* ---- an HSM's own roles ---- */

static void add_local(struct detail_page *page, const struct holders *holders,
    const struct kv_holder *holder, const struct kv_grant *grant)
{
    const struct kv_estate *estate = holders->facts->estate;
    struct detail_row *row = detail_page_add(page);
    struct buf can = { .limit = TEXT_LIMIT };

    who_cell(row, estate, holder->id);
    detail_cell(row, "%s", access_type_word(holder->type));
    detail_cell(
        row, "%s", grant->local ? grant->local->name : grant->role_guid);
    detail_cell(row, "%s", grant->within);
    detail_cell(row, "%s", grant->local ? "yes" : "?");
    detail_cell(row, "-");
    row->rank = RANK_LOCAL;
    put_who_words(&row->below, estate, holder->id);
    access_put_actions(&can, grant->actions);
    sheet_pair(&row->below, grant->local ? ROLE_TEXT : ROLE_UNKNOWN,
        DETAIL_INDENT, "CAN",
        grant->local ? buf_text(&can)
                     : "UNKNOWN: the definition of this role was not read.");
    buf_clear(&can);
    access_put_grant(&can, estate, grant, holder->id);
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "VIA", buf_text(&can));
    put_in_all(&row->below, holders, holder->id);
    buf_done(&can);
}

static void add_locals(struct detail_page *page, const struct holders *holders)
{
    for (uint32_t i = 0; i < kv_access_count(holders->access); i++) {
        struct kv_holder holder = kv_access_holder(holders->access, i);
        struct kv_grant grant;
        uint32_t place = 0;

        while (kv_access_next_grant(holders->access, i, &place, &grant))
            if (grant.within)
                add_local(page, holders, &holder, &grant);
    }
}

/* ---- access policies ---- */

struct policy_part {
    enum kv_object_kind kind;
    const char *word;
    uint32_t bits;
};

static void put_policy(
    struct buf *out, const struct kv_access_policy *policy, const char *between)
{
    const struct policy_part parts[] = {
        { KV_OBJECT_KEY, "keys", policy->keys },
        { KV_OBJECT_SECRET, "secrets", policy->secrets },
        { KV_OBJECT_CERTIFICATE, "certs", policy->certificates },
        { KV_OBJECT_STORAGE, "storage", policy->storage },
    };

    for (size_t i = 0; i < sizeof(parts) / sizeof *(parts); i++) {
        if (!parts[i].bits)
            continue;
        buf_putf(out, "%s%s ", out->size ? between : "", parts[i].word);
        kv_permissions_put(out, parts[i].kind, parts[i].bits);
    }
    if (!out->size)
        buf_puts(out, "no permission");
}

static const char *policy_type(
    const struct kv_estate *estate, const struct kv_access_policy *policy)
{
    const struct kv_principal *principal =
        policy->object_id ? kv_estate_principal(estate, policy->object_id)
                          : NULL;

    if (policy->application_id)
        return "app+";
    return principal && !principal->missing ? access_type_word(principal->type)
                                            : "?";
}

static void add_policy(struct detail_page *page,
    const struct detail_facts *facts, const struct kv_access_policy *policy)
{
    struct detail_row *row = detail_page_add(page);
    struct buf text = { .limit = TEXT_LIMIT };

    put_policy(&text, policy, ", ");
    who_cell(row, facts->estate, policy->object_id);
    detail_cell(row, "%s", policy_type(facts->estate, policy));
    detail_cell(row, "%s", buf_text(&text));
    detail_cell(row, "policy");
    detail_cell(row, is_rbac(facts->resource) ? "no" : "yes");
    detail_cell(row, "-");
    row->rank = RANK_POLICIES;
    if (is_rbac(facts->resource)) {
        row->rank = RANK_DEAD_POLICIES;
        row->mark = row->rest = ROLE_DIM;
    }
    buf_clear(&text);
    put_policy(&text, policy, "\n");
    put_who_words(&row->below, facts->estate, policy->object_id);
    if (policy->application_id)
        sheet_putf(&row->below, ROLE_TEXT, DETAIL_INDENT,
            "only together with application %s (a compound identity)",
            policy->application_id);
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "CAN", buf_text(&text));
    sheet_pair(&row->below, ROLE_TEXT, DETAIL_INDENT, "VIA",
        is_rbac(facts->resource)
            ? "access policy; NOT in force: Azure RBAC is on. It comes "
              "alive again if RBAC is switched off."
            : "access policy of this vault, in force");
    buf_done(&text);
}

/* ---- the page ---- */

static const char *model_of(const struct kv_resource *resource)
{
    if (resource->kind == KV_KIND_HSM)
        return "Azure roles, below, govern the resource. Keys are governed by "
               "the HSM's own roles: 4 lists who can do what by both.";
    if (!is_rbac(resource))
        return "access policies (legacy). RBAC data roles are NOT in force.";
    if (resource->policy_count)
        return "Azure RBAC. The access policies that remain are NOT in force.";
    return "Azure RBAC";
}

/* False when there may be more above than was read. */
static bool put_intro(
    struct detail_page *page, const struct detail_facts *facts)
{
    const struct kv_subscription *subscription =
        kv_estate_subscription(facts->estate, facts->resource->subscription);

    sheet_pair(&page->intro, ROLE_TEXT, 8, "MODEL", model_of(facts->resource));
    if (!subscription->groups)
        sheet_put(&page->intro, ROLE_UNKNOWN, 1,
            "PARTIAL: which management groups lie above was not read, so what "
            "is held there may be missing.");
    if (kv_estate_facet(facts->estate, facts->resource, KV_FACET_PRINCIPALS)
            .state != KV_FACET_READY)
        sheet_putf(&page->intro, ROLE_DIM, 1,
            "WHO is the object id: names are not readable, they need %s.",
            kv_facets[KV_FACET_PRINCIPALS].permission);
    return subscription->groups;
}

static bool take_policies(
    struct detail_page *page, const struct detail_facts *facts)
{
    bool whole;

    if (!detail_ready(&page->intro, facts, KV_FACET_PROPERTIES))
        return false;
    whole = put_intro(page, facts);
    for (uint32_t i = 0; i < facts->resource->policy_count; i++)
        add_policy(page, facts, &facts->resource->policies[i]);
    return whole;
}

static bool take_assignments(
    struct detail_page *page, const struct holders *holders)
{
    bool whole;

    if (!detail_ready(&page->intro, holders->facts, KV_FACET_ASSIGNMENTS))
        return false;
    whole = detail_ready(&page->intro, holders->facts, KV_FACET_ROLES);
    add_assignments(page, holders);
    add_eligible(page, holders);
    return whole;
}

static bool take_locals(struct detail_page *page, const struct holders *holders)
{
    if (holders->facts->resource->kind != KV_KIND_HSM)
        return true;
    if (!detail_ready(&page->intro, holders->facts, KV_FACET_LOCAL_ROLES))
        return false;
    add_locals(page, holders);
    return true;
}

static void access_build(
    struct detail_page *page, const struct detail_facts *facts)
{
    struct holders holders = {
        .facts = facts,
        .access = kv_access_new(facts->estate, facts->resource),
    };
    bool whole = take_policies(page, facts);

    whole = take_assignments(page, &holders) && whole;
    whole = take_locals(page, &holders) && whole;
    kv_access_free(holders.access);
    if (whole) {
        sheet_put(&page->empty, ROLE_TEXT, 1,
            "No role assignment and no access policy reaches this resource. "
            "All scopes above it were read.");
    } else {
        snprintf(page->badge, sizeof(page->badge), "?");
        sheet_put(&page->empty, ROLE_UNKNOWN, 1,
            "No rows, because not everything could be read: see above.");
    }
}

static const struct list_column columns[] = {
    { .title = "WHO", .width_cells = 26, .full_cells = 36 },
    { .title = "TYPE", .width_cells = 7, .appears_at = 96 },
    { .title = "RIGHT", .full_cells = 40 },
    { .title = "FROM", .width_cells = 8 },
    { .title = "FORCE", .width_cells = 5 },
    { .title = "CONDITION", .width_cells = 20, .appears_at = 130 },
};

static const struct list_ops access_list = {
    .columns = columns,
    .column_count = sizeof(columns) / sizeof *(columns),
    .sort_column = 3,
    .name_column = 0,
    .cell = detail_list_cell,
    .order = detail_list_order,
    .fields = filter_columns,
    .no_marks = true,
};

const struct detail_tab detail_access = {
    .title = "Access",
    .list = &access_list,
    .build = access_build,
};
