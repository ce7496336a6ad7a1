/* Remedies for the local roles of managed HSMs. What takes the place of a role
 * is there, and was read again, before that is removed; and the last
 * administrator is never removed: Azure has no way back from that. */
#include "hsm_locals.h"

#include <string.h>

#define ADDRESS_LIMIT 1024
#define ADMINISTRATOR "a290e904-7015-4bba-90c8-60543313cdb4"
#define CRYPTO_AUDITOR "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3"

/* ---- hsm-role-remove ---- */

const struct option_row local_remove_options[] = {
    ASSIGNMENTS_OPTION,
    { 0 },
};

static bool is_at_fault(
    const struct locals *locals, const struct holding *holding)
{
    return holding_fault(&locals->subject, holding) != NULL;
}

void local_remove_plan(struct draft *draft, const struct plan_input *input)
{
    struct locals locals;

    if (!locals_open(&locals, draft, input))
        goto done;
    if (locals_choose(&locals, is_at_fault) == 0) {
        locals_nothing(&locals);
        goto done;
    }
    if (locals_keep_administrator(&locals)) {
        locals_take_away(&locals);
        locals_tell_losers(&locals);
    }
    locals_tell(&locals, "Those below lose the role at once; what they do with keys "
                  "through it stops. Others keep theirs.");
done:
    locals_done(&locals);
}

/* ---- hsm-role-replace ---- */

/* A group that administers an HSM already, whichever. */
static void group_offer(struct option *out, const struct plan_targets *targets)
{
    const struct kv_estate *estate = targets->estate;
    uint32_t count = kv_estate_row_count(estate, KV_SET_LOCAL_ASSIGNMENTS);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_local_assignment *row =
            kv_estate_row(estate, KV_SET_LOCAL_ASSIGNMENTS, i);
        const struct kv_principal *who =
            row ? kv_estate_principal(estate, row->principal_id) : NULL;

        if (who && who->type == KV_PRINCIPAL_GROUP && !who->missing &&
            text_equal_nocase(row->role_guid, ADMINISTRATOR))
            option_set_value(out, who->id); /* the last one will do */
    }
}

const struct option_row local_replace_options[] = {
    {
        .name = "group",
        .label = "Group of administrators",
        .help = "object id of a security group that takes the place of the "
                "persons",
        .offer = group_offer,
        .accept = guid_accept,
    },
    ASSIGNMENTS_OPTION,
    { 0 },
};

static bool is_person_administering(
    const struct locals *locals, const struct holding *holding)
{
    (void)locals;
    return holding_administers(holding) && holding->principal &&
           holding->principal->type == KV_PRINCIPAL_USER;
}

static bool has_member(const struct kv_principal *group, const char *id)
{
    for (uint32_t i = 0; i < group->member_count; i++)
        if (text_equal_nocase(group->members[i], id))
            return true;
    return false;
}

/* Whether the group can take over; says so either way. */
static bool check_group(
    const struct locals *locals, const struct kv_principal *group)
{
    struct preview *preview = &locals->draft->preview;
    uint32_t least = locals->input->policy->hsm_admins;

    if (!group || group->missing || group->type != KV_PRINCIPAL_GROUP) {
        preview_check(preview, KV_CHECK_BLOCK,
            "the group is not one that was read: name the object id of a "
            "security group");
        return false;
    }
    if (group->members_status.state != KV_FACET_READY) {
        preview_check(preview, KV_CHECK_UNKNOWN,
            "who is in the group is UNKNOWN: its members could not be read");
        return true;
    }
    if (group->member_count >= least) {
        preview_check(preview, KV_CHECK_OK, "the group has %u members",
            (unsigned)group->member_count);
        return true;
    }
    preview_check(preview, KV_CHECK_BLOCK,
        "the group has %u members and %u are asked for: add some first",
        (unsigned)group->member_count, (unsigned)least);
    return false;
}

static void tell_replaced(
    const struct locals *locals, const struct kv_principal *group)
{
    bool known = group->members_status.state == KV_FACET_READY;

    for (size_t i = 0; i < locals->count; i++) {
        const struct holding *holding = &locals->items[i];
        bool stays = known &&
                     has_member(group, holding->assignment->principal_id);

        if (locals->goes[i])
            preview_check(&locals->draft->preview,
                stays ? KV_CHECK_OK : KV_CHECK_WARN, "%s, and %s",
                locals_words(locals, holding),
                stays    ? "keeps it through the group"
                : known  ? "loses it: not a member of the group"
                         : "loses it unless the group has it: UNKNOWN");
    }
}

void local_replace_plan(struct draft *draft, const struct plan_input *input)
{
    const char *id = input_option(input, "group");
    const struct kv_principal *group = kv_estate_principal(input->estate, id);
    struct locals locals;

    if (!locals_open(&locals, draft, input))
        goto done;
    if (locals_choose(&locals, is_person_administering) == 0) {
        locals_nothing(&locals);
        goto done;
    }
    if (check_group(&locals, group)) {
        locals_give(&locals, "/", ADMINISTRATOR, id);
        locals_take_away(&locals);
        tell_replaced(&locals, group);
    }
    locals_tell(&locals, "The members of the group gain the administration of the "
                  "HSM; it is there, and read again, before a person loses "
                  "it. Who uses keys is not touched.");
done:
    locals_done(&locals);
}

/* ---- hsm-role-narrow ---- */

const struct option_row local_narrow_options[] = {
    {
        .name = "keys",
        .label = "Keys",
        .help = "keys/NAME that the workloads use, separated by commas; none: "
                "every key that there is now",
        .accept = inside_accept_objects,
    },
    ASSIGNMENTS_OPTION,
    { 0 },
};

static bool is_wide(const struct locals *locals, const struct holding *holding)
{
    (void)locals;
    return holding->powers & LOCAL_USE && holding->principal &&
           !holding->principal->missing &&
           holding->principal->type == KV_PRINCIPAL_SERVICE &&
           strncmp(holding->assignment->within, "/keys/", 6) != 0;
}

static bool is_named(const struct plan_input *input, const char *name)
{
    struct view list = view_of(input_option(input, "keys"));
    struct view item;

    if (view_trim(list).size == 0)
        return true;
    while (inside_next(&list, &item)) {
        (void)view_cut(&item, '/');
        if (view_equal_nocase(item, view_of(name)))
            return true;
    }
    return false;
}

/* The role on each key; how many keys these are. */
static size_t give_keys(
    const struct locals *locals, const struct holding *holding)
{
    struct kv_walk walk = { 0 };
    const struct kv_object *key;
    size_t keys = 0;

    while ((key = kv_estate_next_at(locals->input->estate, KV_SET_KEYS,
                locals->input->resource->id, &walk))) {
        struct buf within = { .limit = ADDRESS_LIMIT };

        if (!is_named(locals->input, key->name))
            continue;
        keys++;
        buf_putf(&within, "/keys/%s", key->name);
        locals_give(locals, buf_text(&within), holding->assignment->role_guid,
            holding->assignment->principal_id);
        buf_done(&within);
    }
    return keys;
}

static void narrow(struct locals *locals)
{
    struct preview *preview = &locals->draft->preview;
    size_t keys = 0;

    for (size_t i = 0; i < locals->count; i++)
        if (locals->goes[i])
            keys = give_keys(locals, &locals->items[i]);
    if (keys == 0)
        preview_check(preview, KV_CHECK_BLOCK,
            "none of these keys is in the HSM, so that nothing would be left: "
            "name keys that are");
    else if (locals->draft->step_count > INSIDE_STEPS_MAX)
        preview_check(preview, KV_CHECK_BLOCK,
            "%zu assignments would have to be made: name the keys that the "
            "workloads use",
            locals->draft->step_count);
    else
        locals_take_away(locals);
}

void local_narrow_plan(struct draft *draft, const struct plan_input *input)
{
    struct locals locals;

    if (!locals_open(&locals, draft, input))
        goto done;
    if (locals_choose(&locals, is_wide) == 0) {
        locals_nothing(&locals);
        goto done;
    }
    narrow(&locals);
    locals_tell_losers(&locals);
    locals_tell(&locals,
        "The workloads keep their role on the keys named, where it is given "
        "before the wide one goes. They lose it on every other key, on keys "
        "made later, and can make no keys of their own.");
    preview_check(&draft->preview, KV_CHECK_UNKNOWN,
        "which keys the workloads use is UNKNOWN: the audit log was not asked");
done:
    locals_done(&locals);
}

/* ---- hsm-role-add ---- */

/* Whom an HSM knows as that application, whichever role it has there. */
static void governance_offer(
    struct option *out, const struct plan_targets *targets)
{
    const struct kv_estate *estate = targets->estate;
    uint32_t count = kv_estate_row_count(estate, KV_SET_LOCAL_ASSIGNMENTS);

    for (uint32_t i = 0; i < count; i++) {
        const struct kv_local_assignment *row =
            kv_estate_row(estate, KV_SET_LOCAL_ASSIGNMENTS, i);
        const struct kv_principal *who =
            row ? kv_estate_principal(estate, row->principal_id) : NULL;

        if (row && (text_equal_nocase(row->principal_id, HSM_GOVERNANCE_APP) ||
                       (who && text_equal_nocase(
                                   who->app_id, HSM_GOVERNANCE_APP))))
            option_set_value(out, row->principal_id);
    }
}

const struct option_row local_add_options[] = {
    {
        .name = "principal",
        .label = "Azure Policy's principal",
        .help = "object id: az ad sp show --id " HSM_GOVERNANCE_APP,
        .offer = governance_offer,
        .accept = guid_accept,
    },
    { 0 },
};

void local_add_plan(struct draft *draft, const struct plan_input *input)
{
    const char *id = input_option(input, "principal");
    struct locals locals;

    if (!locals_open(&locals, draft, input))
        goto done;
    if (!*id) {
        preview_check(&draft->preview, KV_CHECK_BLOCK,
            "which principal Azure Policy looks with was not read: name its "
            "object id (az ad sp show --id " HSM_GOVERNANCE_APP ")");
        goto done;
    }
    if (locals_have(&locals, "/", CRYPTO_AUDITOR, id))
        draft->preview.nothing = "it holds Managed HSM Crypto Auditor already";
    locals_give(&locals, "/", CRYPTO_AUDITOR, id);
    locals_tell(&locals, "Nobody loses access. Azure Policy can list the keys of the "
                  "HSM and what they are made of; it can use none.");
done:
    locals_done(&locals);
}
