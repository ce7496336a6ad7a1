/* One line a fact; a field that is not there is "-". */
#include "describe.h"

#include "base.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static char tri_mark(enum kv_tri tri)
{
    switch (tri) {
    case KV_TRI_ABSENT:
        break;
    case KV_TRI_FALSE:
        return 'n';
    case KV_TRI_TRUE:
        return 'y';
    }
    return '-';
}

static void put_tenant(struct buf *out, const struct kv_estate *estate)
{
    if (kv_estate_tenant_id(estate))
        buf_putf(out, "tenant %s %s\n", kv_estate_tenant_id(estate),
            or_dash(kv_estate_tenant_name(estate)));
}

static void put_subscription(
    struct buf *out, const struct kv_subscription *subscription)
{
    buf_putf(out, "subscription %s '%s' %s groups", subscription->id,
        or_dash(subscription->name), or_dash(subscription->state));
    for (uint32_t i = 0; i < subscription->group_count; i++)
        buf_putf(out, " %s", subscription->groups[i]);
    buf_putc(out, '\n');
}

static void put_network(struct buf *out, const struct kv_resource *resource)
{
    static const char *const access[] = { "-", "enabled", "disabled",
        "perimeter", "other" };
    static const char *const action[] = { "-", "allow", "deny", "other" };
    static const char *const bypass[] = { "-", "services", "none" };

    buf_putf(out, "  network public %s default %s bypass %s\n",
        access[resource->public_access], action[resource->default_action],
        bypass[resource->bypass]);
    for (uint32_t i = 0; i < resource->ip_rule_count; i++)
        buf_putf(out, "  address %s %08x-%08x%s\n", resource->ip_rules[i].text,
            resource->ip_rules[i].first, resource->ip_rules[i].last,
            resource->ip_rules[i].valid ? "" : " invalid");
    for (uint32_t i = 0; i < resource->vnet_rule_count; i++)
        buf_putf(out, "  subnet %s\n", resource->vnet_rules[i]);
    for (uint32_t i = 0; i < resource->service_tag_count; i++)
        buf_putf(out, "  service tag %s\n", resource->service_tags[i]);
    for (uint32_t i = 0; i < resource->endpoint_count; i++)
        buf_putf(out, "  endpoint %s %s %s\n",
            or_dash(resource->endpoints[i].name),
            kv_endpoint_state_name(resource->endpoints[i].state),
            or_dash(resource->endpoints[i].endpoint_id));
}

static void put_policies(struct buf *out, const struct kv_resource *resource)
{
    for (uint32_t i = 0; i < resource->policy_count; i++) {
        const struct kv_access_policy *policy = &resource->policies[i];

        buf_putf(out, "  policy %s keys ", or_dash(policy->object_id));
        kv_permissions_put(out, KV_OBJECT_KEY, policy->keys);
        buf_puts(out, "; secrets ");
        kv_permissions_put(out, KV_OBJECT_SECRET, policy->secrets);
        buf_puts(out, "; certificates ");
        kv_permissions_put(out, KV_OBJECT_CERTIFICATE, policy->certificates);
        buf_putc(out, '\n');
    }
}

static void put_settings(struct buf *out, const struct kv_resource *resource)
{
    for (uint32_t i = 0; i < resource->diagnostic_count; i++) {
        const struct kv_diagnostic *row = &resource->diagnostics[i];

        buf_putf(out,
            "  setting %s audit %s all %s metrics %s workspace %s storage %s "
            "hub %s partner %s\n",
            or_dash(row->name), or_dash(row->audit_row),
            row->all_logs ? "y" : "n", row->metrics ? "y" : "n",
            or_dash(row->workspace_id), or_dash(row->storage_id),
            or_dash(row->event_hub_rule_id), or_dash(row->partner_id));
    }
}

static void put_assignments(struct buf *out, const struct kv_estate *estate,
    const struct kv_resource *resource)
{
    struct kv_walk walk = { 0 };
    const struct kv_assignment *row;

    while ((row = kv_estate_next_assignment(estate, resource, &walk)))
        buf_putf(out, "  assignment at %s %s is %s of %s%s%s\n",
            kv_scope_level_name(walk.level),
            kv_principal_type_name(row->principal_type), row->principal_id,
            row->role_guid, row->condition ? " if " : "",
            row->condition ? row->condition : "");
}

static void put_locks(struct buf *out, const struct kv_estate *estate,
    const struct kv_resource *resource)
{
    struct kv_walk walk = { 0 };
    const struct kv_lock *row;

    while ((row = kv_estate_next_lock(estate, resource, &walk)))
        buf_putf(out, "  lock %s %s at %s on %s\n", row->name,
            row->read_only ? "ReadOnly" : "CanNotDelete",
            kv_scope_level_name(walk.level), row->scope);
}

void describe_resource(struct buf *out, const struct kv_estate *estate,
    const struct kv_resource *resource)
{
    buf_putf(out,
        "%s %s in %s/%s %s sku %s roles %c soft %c purge %c days %u state %s "
        "activation %s tags %u\n",
        kv_kind_name(resource->kind), or_dash(resource->name),
        kv_estate_subscription(estate, resource->subscription)->id,
        or_dash(resource->resource_group), or_dash(resource->location),
        or_dash(resource->sku), tri_mark(resource->rbac),
        tri_mark(resource->soft_delete), tri_mark(resource->purge_protection),
        (unsigned)resource->retention_days,
        or_dash(resource->provisioning_state), or_dash(resource->activation),
        resource->tag_count);
    buf_putf(out, "  address %s\n", or_dash(resource->uri));
    put_network(out, resource);
    put_policies(out, resource);
    put_settings(out, resource);
    put_assignments(out, estate, resource);
    put_locks(out, estate, resource);
}

static void put_sink(struct buf *out, const struct kv_sink *sink)
{
    buf_putf(out, "%s %s in %s\n", kv_sink_kind_name(sink->kind), sink->name,
        or_dash(sink->location));
}

static void put_deleted(struct buf *out, const struct kv_deleted *deleted)
{
    buf_putf(out, "deleted %s %s %s on ",
        kv_kind_name(deleted->hsm ? KV_KIND_HSM : KV_KIND_VAULT), deleted->name,
        or_dash(deleted->location));
    buf_put_time(out, deleted->deleted_at_s);
    buf_puts(out, " purged ");
    buf_put_time(out, deleted->purge_at_s);
    buf_puts(out, deleted->purge_protection ? " protected\n" : "\n");
}

static void put_text_list(
    struct buf *out, const char *name, const char *const *texts, uint32_t count)
{
    if (count == 0)
        return;
    buf_putf(out, " %s", name);
    for (uint32_t i = 0; i < count; i++)
        buf_putf(out, " %s", texts[i]);
}

void describe_role(struct buf *out, const struct kv_role *role)
{
    buf_putf(out, "role %s '%s'%s powers %03x\n", role->guid, role->name,
        role->custom ? " custom" : "", role->powers & 0xffffu);
    for (uint32_t i = 0; i < role->block_count; i++) {
        const struct kv_permission_block *block = &role->blocks[i];

        buf_puts(out, "  block");
        put_text_list(out, "actions", block->actions, block->action_count);
        put_text_list(out, "but", block->not_actions, block->not_action_count);
        put_text_list(
            out, "data", block->data_actions, block->data_action_count);
        put_text_list(out, "data but", block->not_data_actions,
            block->not_data_action_count);
        buf_putc(out, '\n');
    }
}

void describe_estate(struct buf *out, const struct kv_estate *estate)
{
    put_tenant(out, estate);
    for (uint32_t i = 0; i < kv_estate_subscription_count(estate); i++)
        put_subscription(out, kv_estate_subscription(estate, i));
    for (uint32_t i = 0; i < kv_estate_resource_count(estate); i++)
        describe_resource(out, estate, kv_estate_resource(estate, i));
    for (uint32_t i = 0; i < kv_estate_row_count(estate, KV_SET_SINKS); i++)
        put_sink(out, kv_estate_row(estate, KV_SET_SINKS, i));
    for (uint32_t i = 0; i < kv_estate_row_count(estate, KV_SET_DELETED); i++)
        put_deleted(out, kv_estate_row(estate, KV_SET_DELETED, i));
    describe_network(out, estate);
    describe_identity(out, estate);
    describe_detection(out, estate);
    for (uint32_t i = 0; kv_estate_role(estate, i); i++)
        describe_role(out, kv_estate_role(estate, i));
}
