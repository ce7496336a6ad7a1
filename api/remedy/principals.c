/* Whom a change of access is about, as a person knows them. */
#include "access.h"

#include "evaluate.h"

static void put_members(struct buf *out, const struct kv_principal *group)
{
    if (!group || !kv_facet_known(&group->members_status))
        buf_puts(out, ", how many are in it is UNKNOWN");
    else
        buf_putf(out, " of %u member%s", (unsigned)group->member_count,
            group->member_count == 1 ? "" : "s");
}

void principal_put(struct buf *out, const struct kv_estate *estate,
    const char *id, enum kv_principal_type type)
{
    const struct kv_principal *who = kv_estate_principal(estate, id);

    if (who && who->type != KV_PRINCIPAL_UNKNOWN)
        type = who->type;
    if (type != KV_PRINCIPAL_UNKNOWN)
        buf_putf(out, "%s ", kv_principal_type_name(type));
    if (who && who->name) {
        evidence_put_text(out, who->name);
        buf_putc(out, ' ');
    }
    evidence_put_text(out, id);
    if (who && who->missing)
        buf_puts(out, " (not found in the tenant)");
    else if (type == KV_PRINCIPAL_GROUP || type == KV_PRINCIPAL_FOREIGN_GROUP)
        put_members(out, who);
}

const char *principal_type_word(enum kv_principal_type type)
{
    switch (type) {
    case KV_PRINCIPAL_UNKNOWN:
        break;
    case KV_PRINCIPAL_USER:
        return "User";
    case KV_PRINCIPAL_GROUP:
        return "Group";
    case KV_PRINCIPAL_SERVICE:
        return "ServicePrincipal";
    case KV_PRINCIPAL_FOREIGN_GROUP:
        return "ForeignGroup";
    case KV_PRINCIPAL_DEVICE:
        return "Device";
    }
    return NULL;
}

enum kv_tri principal_is(
    const struct kv_estate *estate, const char *id, const char *who)
{
    const struct kv_principal *row = kv_estate_principal(estate, id);

    if (text_equal_nocase(id, who))
        return KV_TRI_TRUE;
    if (!row || row->type == KV_PRINCIPAL_UNKNOWN)
        return KV_TRI_ABSENT;
    if (row->type == KV_PRINCIPAL_FOREIGN_GROUP)
        return KV_TRI_ABSENT;
    if (row->type != KV_PRINCIPAL_GROUP)
        return KV_TRI_FALSE;
    if (!kv_facet_known(&row->members_status))
        return KV_TRI_ABSENT;
    for (uint32_t i = 0; i < row->member_count; i++)
        if (text_equal_nocase(row->members[i], who))
            return KV_TRI_TRUE;
    return KV_TRI_FALSE;
}
