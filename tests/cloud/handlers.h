#ifndef CLOUD_HANDLERS_H
#define CLOUD_HANDLERS_H

struct call;

/* Every handler that the route table names; each completes the answer. */
typedef void handler(struct call *call);

/* control.c */
handler control_fault_add, control_fault_clear, control_state, control_requests,
    control_stories, control_client, endpoints_get;
/* batch.c */
handler batch_post;
/* sign_in.c, device.c, discovery.c */
handler identity_configuration, identity_keys, identity_token, device_code,
    device_login;
/* machine.c */
handler machine_token_get, app_service_token_get;
/* directory.c */
handler directory_get_by_ids, directory_get;
/* arm_subscriptions.c */
handler tenants_list, subscriptions_list, subscription_get, groups_list,
    group_get, resources_list, resource_get, typed_list, locations_list;
/* arm_management.c */
handler entities_list, management_list, management_get, management_descendants;
/* arm_vaults.c, arm_policies.c, arm_connections.c, arm_deleted.c */
handler vaults_list, vault_get, vault_patch, vault_put, vault_delete,
    vault_policies_put, name_check, deleted_vaults_list, deleted_vault_get,
    deleted_vault_purge, connections_list, connection_get, connection_put,
    connection_delete, link_resources_list;
/* arm_hsms.c */
handler hsms_list, hsm_get, hsm_patch, hsm_put, hsm_delete, hsm_regions,
    deleted_hsms_list, deleted_hsm_get, operation_status, operation_result;
/* arm_assignments.c, arm_definitions.c */
handler assignments_list, assignment_get, assignment_put, assignment_delete,
    definitions_list, definition_get, permissions_list, denials_list,
    denial_get;
/* arm_locks.c */
handler locks_list, lock_get, lock_put, lock_delete;
/* arm_insights.c */
handler settings_list, setting_get, setting_put, setting_delete,
    setting_categories;
/* graph.c */
handler graph_query;

#endif
