// @azure/arm-keyvault: vaults and managed HSMs in Resource Manager.
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, armOptions, clients, credential, estate, fault, hsmUrl, names, resource,
    vaultUrl } from './cloud.mjs';

const vault = resource('kv-pay-core-weu');
const hsm = resource('hsm-pay-prod-weu');

function client(subscription = vault.subscription, who = clients[0]) {
    return new KeyVaultManagementClient(credential(who), subscription, armOptions);
}

function inSubscription(type) {
    return names(estate.resources.filter((item) => item.type === type &&
        item.id.includes(vault.subscription)));
}

test('vaults are listed, page by page', async () => {
    assert.deepEqual(names(await all(client().vaults.listBySubscription())),
        inSubscription('Microsoft.KeyVault/vaults'));
});

test('a vault is read', async () => {
    const found = await client().vaults.get(vault.group, vault.name);

    assert.equal(found.name, vault.name);
    assert.equal(found.properties.tenantId, vault.properties.tenantId);
    assert.equal(found.properties.sku.name, vault.properties.sku.name);
    assert.equal(found.properties.vaultUri, `${vaultUrl(vault.name)}/`);
});

test('a vault\'s tags are changed, and stay so', async () => {
    const tags = { ...vault.tags, reviewed: 'yes' };

    await client().vaults.update(vault.group, vault.name, { tags });
    const found = await client().vaults.get(vault.group, vault.name);

    assert.deepEqual({ ...found.tags }, tags);
    assert.equal(found.properties.enableRbacAuthorization,
        vault.properties.enableRbacAuthorization);
});

test('HSMs are listed and read', async () => {
    assert.deepEqual(names(await all(client().managedHsms.listBySubscription())),
        inSubscription('Microsoft.KeyVault/managedHSMs'));
    const found = await client().managedHsms.get(hsm.group, hsm.name);

    assert.equal(found.properties.hsmUri, `${hsmUrl(hsm.name)}/`);
});

test('an HSM\'s tags are changed, and the poller sees the end', async () => {
    const found = await client().managedHsms.update(
        hsm.group, hsm.name, { ...hsm, tags: { reviewed: 'yes' } });

    assert.equal(found.tags.reviewed, 'yes');
});

test('keys and secrets are listed through Resource Manager', async () => {
    const plane = estate.dataPlane[vault.name];

    assert.deepEqual(names(await all(client().keys.list(vault.group, vault.name))),
        names(plane.keys));
    assert.deepEqual(names(await all(client().secrets.list(vault.group, vault.name))),
        names(plane.secrets));
});

test('private endpoint connections and deleted vaults are listed', async () => {
    const connections = await all(client().privateEndpointConnections
        .listByResource(vault.group, vault.name));
    const deleted = await all(client().vaults.listDeleted());

    assert.equal(connections.length,
        vault.properties.privateEndpointConnections.length);
    for (const item of deleted)
        assert.ok(item.properties.deletionDate instanceof Date);
});

test('an HSM\'s regions and connections are listed', async () => {
    const regions = await all(
        client().mhsmRegions.listByResource(hsm.group, hsm.name));
    const connections = await all(client().mhsmPrivateEndpointConnections
        .listByResource(hsm.group, hsm.name));

    assert.deepEqual(names(regions), names(hsm.properties.regions));
    assert.equal(connections.length,
        hsm.properties.privateEndpointConnections.length);
});

test('an HSM\'s keys are listed where its own setting allows it', async () => {
    const { subscription, group, name } = resource('hsm-legal-neu');

    assert.deepEqual(
        names(await all(client(subscription).managedHsmKeys.list(group, name))),
        names(estate.dataPlane[name].keys));
    await assert.rejects(all(client().managedHsmKeys.list(hsm.group, hsm.name)),
        (error) => error.statusCode === 403);
});

test('a name is checked, and a deleted HSM found', async () => {
    const taken = await client().vaults.checkNameAvailability(
        { name: vault.name, type: 'Microsoft.KeyVault/vaults' });
    const [gone] = estate.deletedManagedHSMs;
    const found = await all(client(gone.id.split('/')[2])
        .managedHsms.listDeleted());

    assert.equal(taken.nameAvailable, false);
    assert.equal(taken.reason, 'AlreadyExists');
    assert.deepEqual(names(found), [gone.name]);
    assert.ok(found[0].properties.scheduledPurgeDate instanceof Date);
});

test('a change without the right is a RestError with Azure\'s code', async () => {
    await assert.rejects(
        client(vault.subscription, clients[1]).vaults.update(
            vault.group, vault.name, { tags: { no: 'never' } }),
        (error) => error.name === 'RestError' && error.statusCode === 403 &&
            error.code === 'AuthorizationFailed');
});

test('a vault that is not there is ResourceNotFound', async () => {
    await assert.rejects(client().vaults.get(vault.group, 'kv-none'),
        (error) => error.statusCode === 404 && error.code === 'ResourceNotFound');
});

test('a 429 is retried after the time that it names', async () => {
    await fault('GET */vaults/kv-pay-core-weu 429 retry-after=2 count=1');
    const started = Date.now();
    const found = await client().vaults.get(vault.group, vault.name);

    assert.equal(found.name, vault.name);
    assert.ok(Date.now() - started >= 2000);
});
