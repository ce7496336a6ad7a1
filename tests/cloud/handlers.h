#ifndef CLOUD_HANDLERS_H
#define CLOUD_HANDLERS_H

struct call;

/* Every handler that the route table names; each completes the answer. */
typedef void handler(struct call *call);

/* control.c */
handler control_fault_add, control_fault_clear, control_state, control_requests,
    control_routes, control_stories, control_client, endpoints_get;
/* batch.c */
handler batch_post;
/* graph_batch.c */
handler directory_batch;
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
handler entities_list, management_list, management_get, management_descendants,
    management_subscriptions;
/* arm_vaults.c, arm_policies.c, arm_connections.c, arm_deleted.c */
handler vaults_list, vault_get, vault_patch, vault_put, vault_delete,
    vault_policies_put, name_check, deleted_vaults_list, deleted_vault_get,
    deleted_vault_purge, connections_list, connection_get, connection_put,
    connection_delete, link_resources_list;
/* arm_perimeter.c */
handler perimeter_configurations_list, perimeter_configuration_get,
    perimeter_configuration_reconcile;
/* arm_providers.c */
handler providers_list, provider_get, provider_register;
/* arm_hsms.c */
handler hsms_list, hsm_get, hsm_patch, hsm_put, hsm_delete, hsm_regions,
    deleted_hsms_list, deleted_hsm_get, operation_status, operation_result;
/* arm_assignments.c, arm_definitions.c */
handler assignments_list, assignment_get, assignment_put, assignment_delete,
    definitions_list, definition_get, definition_put, definition_delete,
    permissions_list, denials_list, denial_get;
/* arm_locks.c */
handler locks_list, lock_get, lock_put, lock_delete;
/* arm_insights.c */
handler settings_list, setting_get, setting_put, setting_delete,
    setting_categories;
/* arm_metrics.c */
handler metrics_list;
/* things.c: any ARM object; thing_types.c says which */
handler things_list, parts_list, thing_get, thing_put, thing_patch,
    thing_delete;
/* thing_operations.c */
handler thing_operation_status, thing_operation_result;
/* arm_pim.c, pim_rules.c, pim_requests.c */
handler eligibilities_list, eligibility_schedules_list, actives_list,
    pim_policy_assignments_list, pim_policies_list, pim_policy_get,
    pim_policy_patch, pim_request_put, pim_request_validate;
/* arm_policy.c, policy_states.c */
handler policies_list, policy_get, policy_put, policy_delete,
    policy_definitions_list, policy_definition_get, policy_sets_list,
    policy_set_get, policy_states_query, policy_states_summarize;
/* policy_exemptions.c, policy_remediation.c */
handler exemptions_list, exemption_get, exemption_put, exemption_delete,
    remediation_put, remediation_get, policy_evaluation_start,
    policy_evaluation_get;
/* arm_security.c, arm_workspaces.c */
handler pricings_list, pricing_get, pricing_put, assessments_list, tables_list,
    table_get, table_patch;
/* arm_objects.c */
handler arm_objects_list, arm_object_get, arm_versions_list, arm_version_get;
/* data_objects.c, data_changes.c */
handler data_list, data_versions, data_get, data_patch, key_rotate,
    key_rotation_get, key_rotation_put, certificate_policy_get,
    certificate_policy_patch, certificate_contacts_get,
    certificate_issuers_list, object_backup, object_restore, object_delete,
    object_recover, object_purge;
/* hsm_roles.c, hsm_admin.c */
handler hsm_assignments_list, hsm_assignment_get, hsm_assignment_put,
    hsm_assignment_delete, hsm_definitions_list, hsm_definition_get,
    hsm_settings_list, hsm_setting_get, hsm_setting_patch;
/* hsm_jobs.c */
handler hsm_backup_start, hsm_backup_check, hsm_backup_status,
    hsm_restore_start, hsm_restore_check, hsm_restore_status,
    hsm_key_restore_start;
/* directory_people.c, logs.c */
handler group_members_list, group_members_deep, group_members_count,
    service_principals_list, service_principal_get, applications_list,
    application_get, application_federated_list, access_policies_list,
    logs_query;
/* graph.c */
handler graph_query;

#endif
