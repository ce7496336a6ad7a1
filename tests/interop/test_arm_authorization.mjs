// @azure/arm-authorization: role assignments and definitions, deny
// assignments, permissions and just-in-time access.
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { all, armOptions, clients, credential, estate,
    resource } from './cloud.mjs';

const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6';
const vault = resource('kv-pay-prod-weu');
const denied = estate.denyAssignments[0];

function client(who = clients[0], subscription = vault.subscription) {
    return new AuthorizationManagementClient(
        credential(who), subscription, armOptions);
}

function definition(role) {
    return `/subscriptions/${vault.subscription}/providers/` +
        `Microsoft.Authorization/roleDefinitions/${role}`;
}

test('role assignments are listed for a subscription and for one principal', async () => {
    const everything = await all(client().roleAssignments.listForSubscription());
    const principalId = clients[1].principalId;
    const own = await all(client().roleAssignments.listForSubscription(
        { filter: `principalId eq '${principalId}'` }));

    assert.ok(everything.length > own.length && own.length > 0);
    for (const item of own)
        assert.equal(item.principalId, principalId);
    for (const item of everything)
        assert.ok(item.id && item.scope && item.roleDefinitionId);
});

test('a role assignment is made, read and taken away', async () => {
    const { roleAssignments } = client();
    const name = randomUUID();

    await roleAssignments.create(vault.id, name, {
        roleDefinitionId: definition(SECRETS_USER),
        principalId: clients[1].principalId,
        principalType: 'ServicePrincipal',
    });
    const found = await roleAssignments.get(vault.id, name);

    assert.equal(found.scope, vault.id);
    assert.ok(found.roleDefinitionId.endsWith(SECRETS_USER));
    assert.ok(found.createdOn instanceof Date);
    await roleAssignments.delete(vault.id, name);
    await assert.rejects(roleAssignments.get(vault.id, name),
        (error) => error.statusCode === 404 &&
            error.code === 'RoleAssignmentNotFound');
});

test('the same assignment twice is RoleAssignmentExists', async () => {
    const parameters = {
        roleDefinitionId: definition(SECRETS_USER),
        principalId: clients[1].principalId,
        principalType: 'ServicePrincipal',
    };

    await client().roleAssignments.create(vault.id, randomUUID(), parameters);
    await assert.rejects(
        client().roleAssignments.create(vault.id, randomUUID(), parameters),
        (error) => error.statusCode === 409 &&
            error.code === 'RoleAssignmentExists');
});

test('role definitions are listed, and one is read', async () => {
    const scope = `/subscriptions/${vault.subscription}`;
    const found = await all(client().roleDefinitions.list(
        scope, { filter: 'type eq \'BuiltInRole\'' }));
    const one = await client().roleDefinitions.get(scope, SECRETS_USER);

    assert.ok(found.length > 20);
    assert.ok(found.every((item) => item.roleType === 'BuiltInRole'));
    assert.equal(one.roleName, 'Key Vault Secrets User');
    assert.ok(one.permissions[0].dataActions.some(
        (action) => action.includes('getSecret')));
});

test('deny assignments are listed and read', async () => {
    const subscription = denied.id.split('/')[2];
    const { denyAssignments } = client(clients[0], subscription);
    const found = await all(denyAssignments.list());
    const one = await denyAssignments.get(
        denied.properties.scope, denied.name);

    assert.ok(found.some((item) => item.name === denied.name));
    assert.equal(one.denyAssignmentName, denied.properties.denyAssignmentName);
    assert.deepEqual(one.permissions[0].actions,
        denied.properties.permissions[0].actions);
});

test('what the caller may do on a vault is told', async () => {
    const found = await all(client().permissions.listForResource(
        vault.group, 'Microsoft.KeyVault', '', 'vaults', vault.name));

    assert.ok(found.some((item) => item.actions.includes('*')));
});

test('eligible roles and their rules are listed', async () => {
    const instance = estate.roleEligibilityScheduleInstances[0];
    const { scope, principalId } = instance.properties;
    const own = client(clients[0], scope.split('/')[2]);
    const eligible = await all(
        own.roleEligibilityScheduleInstances.listForScope(scope));
    const rules = await all(
        own.roleManagementPolicyAssignments.listForScope(scope));

    assert.ok(eligible.some((item) => item.principalId === principalId &&
        item.startDateTime instanceof Date));
    assert.ok(rules.every((item) => item.policyId && item.roleDefinitionId));
});

test('granting without the right is AuthorizationFailed', async () => {
    await assert.rejects(
        client(clients[1]).roleAssignments.create(vault.id, randomUUID(), {
            roleDefinitionId: definition(SECRETS_USER),
            principalId: clients[1].principalId,
        }),
        (error) => error.name === 'RestError' && error.statusCode === 403 &&
            error.code === 'AuthorizationFailed');
});
