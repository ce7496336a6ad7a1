/* The lists of assignments, of whatever gives a right, and of principals,
 * whoever is named by one. */
#include "list_rights.h"

#include "base.h"

#include <stdlib.h>
#include <strings.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NEEDS                                                                  \
    (KV_FACET_BIT(KV_FACET_ASSIGNMENTS) | KV_FACET_BIT(KV_FACET_SCHEDULES) |   \
        KV_FACET_BIT(KV_FACET_PROPERTIES))

/* ---- assignments ---- */

static const struct listing_column assignment_columns[] = {
    { "WHO", "principal_name" },
    { "TYPE", "principal_type" },
    { "RIGHT", "right" },
    { "WAY", "way" },
    { "LEVEL", "level" },
    { "UNTIL", "ends_at" },
    { "CONDITION", "condition" },
    { "PRINCIPAL-ID", "principal_id" },
    { "SCOPE", "scope" },
    { "ID", "id" },
};

struct assigning {
    struct listing *listing;
    const struct kv_estate *estate;
};

static const char *way_word(const struct right *right)
{
    static const char *const words[] = {
        [RIGHT_ROLE] = "role",
        [RIGHT_ACTIVATED] = "activated role",
        [RIGHT_ELIGIBLE] = "eligible role",
        [RIGHT_POLICY] = "access policy",
        [RIGHT_LOCAL] = "role of the HSM",
    };

    return right->idle ? "access policy, not in force" : words[right->way];
}

static void put_policy(struct buf *out, const struct kv_access_policy *policy)
{
    const struct {
        enum kv_object_kind kind;
        const char *word;
        uint32_t bits;
    } parts[] = {
        { KV_OBJECT_KEY, "keys", policy->keys },
        { KV_OBJECT_SECRET, "secrets", policy->secrets },
        { KV_OBJECT_CERTIFICATE, "certificates", policy->certificates },
        { KV_OBJECT_STORAGE, "storage", policy->storage },
    };

    for (size_t i = 0; i < LENGTH(parts); i++) {
        if (!parts[i].bits)
            continue;
        buf_putf(out, "%s%s: ", out->size ? "; " : "", parts[i].word);
        kv_permissions_put(out, parts[i].kind, parts[i].bits);
    }
    if (policy->application_id)
        buf_putf(out, "; only with application %s", policy->application_id);
}

static void put_right(struct listing *listing, const struct right *right)
{
    struct buf text = { .limit = 65536 };

    if (!right->policy) {
        listing_text(listing, right->role);
        return;
    }
    put_policy(&text, right->policy);
    listing_text(listing, buf_text(&text));
    buf_done(&text);
}

static void take_assignment(void *context, const struct right *right)
{
    struct assigning *assigning = context;
    struct listing *listing = assigning->listing;

    listing_text(listing, list_who(assigning->estate, right->principal_id));
    listing_text(listing, kv_principal_type_name(right->type));
    put_right(listing, right);
    listing_text(listing, way_word(right));
    listing_text(listing, kv_scope_level_name(right->level));
    listing_time(listing, right->ends_at_s);
    listing_text(listing, right->condition);
    listing_text(listing, right->principal_id);
    listing_text(listing, right->scope);
    listing_text(listing, right->id);
}

static void fill_assignments(struct listing *listing,
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    struct assigning assigning = { listing, input->estate };

    rights_each(input, asked, take_assignment, &assigning);
}

const struct list_row list_assignments = {
    .name = "assignments",
    .columns = assignment_columns,
    .column_count = LENGTH(assignment_columns),
    .sorted_by = LENGTH(assignment_columns),
    .kinds = LIST_BOTH,
    .rows_need = NEEDS,
    .cells_need =
        KV_FACET_BIT(KV_FACET_ROLES) | KV_FACET_BIT(KV_FACET_PRINCIPALS),
    .fill = fill_assignments,
};

/* ---- principals ---- */

static const struct listing_column principal_columns[] = {
    { "NAME", "name" },
    { "TYPE", "type" },
    { "STATE", "state" },
    { "MEMBERS", "members" },
    { "MANAGED", "managed_identity" },
    { "RIGHTS", "rights" },
    { "APP-ID", "app_id" },
    { "ID", "id" },
};

/* One for each right, sorted until those of one principal lie together. */
struct naming {
    const char *id;
    enum kv_principal_type type;
};

struct namings {
    struct naming *items;
    size_t count;
    size_t capacity;
};

static void take_naming(void *context, const struct right *right)
{
    struct namings *namings = context;

    if (!right->principal_id)
        return;
    namings->items = mem_grow(namings->items, namings->count,
        &namings->capacity, sizeof *namings->items);
    namings->items[namings->count++] =
        (struct naming){ right->principal_id, right->type };
}

static int compare_namings(const void *left, const void *right)
{
    const struct naming *a = left;
    const struct naming *b = right;
    int order = strcasecmp(a->id, b->id);

    /* One that says the type first. */
    return order ? order : (a->type < b->type) - (a->type > b->type);
}

static void put_members(struct listing *listing, const struct naming *naming,
    const struct kv_principal *row)
{
    if (naming->type != KV_PRINCIPAL_GROUP)
        listing_none(listing);
    else if (row && row->members_status.state == KV_FACET_READY)
        listing_count(listing, row->member_count);
    else
        listing_unknown(listing);
}

static void put_principal(struct listing *listing,
    const struct kv_estate *estate, const struct naming *naming, size_t rights)
{
    const struct kv_principal *row = kv_estate_principal(estate, naming->id);
    bool found = row && row->name;

    listing_text(listing, list_who(estate, naming->id));
    listing_text(listing, kv_principal_type_name(naming->type));
    if (found || (row && row->missing))
        listing_text(listing, found ? "found" : "not in the tenant");
    else
        listing_unknown(listing);
    put_members(listing, naming, row);
    if (found)
        listing_flag(listing, row->managed_identity);
    else
        listing_unknown(listing);
    listing_count(listing, rights);
    listing_text(listing, found ? row->app_id : NULL);
    listing_text(listing, naming->id);
}

static void fill_principals(struct listing *listing,
    const struct kv_report_input *input, const struct kv_asked *asked)
{
    struct namings all = { 0 };
    size_t end;

    rights_each(input, asked, take_naming, &all);
    if (all.count > 0)
        qsort(all.items, all.count, sizeof *all.items, compare_namings);
    for (size_t i = 0; i < all.count; i = end) {
        for (end = i + 1;
             end < all.count &&
             text_equal_nocase(all.items[end].id, all.items[i].id);)
            end++;
        put_principal(listing, input->estate, &all.items[i], end - i);
    }
    mem_free(all.items);
}

const struct list_row list_principals = {
    .name = "principals",
    .columns = principal_columns,
    .column_count = LENGTH(principal_columns),
    .sorted_by = LENGTH(principal_columns),
    .kinds = LIST_BOTH,
    .rows_need = NEEDS,
    .cells_need =
        KV_FACET_BIT(KV_FACET_PRINCIPALS) | KV_FACET_BIT(KV_FACET_MEMBERS),
    .fill = fill_principals,
};
