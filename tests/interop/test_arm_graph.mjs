// @azure/arm-resourcegraph and @azure/arm-resources-subscriptions: what exists
// in all subscriptions at once.
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, armOptions, clients, credential, estate, names,
    tenantId } from './cloud.mjs';

const VAULTS = 'Resources | where type =~ \'microsoft.keyvault/vaults\' ' +
    '| project id, name, location, tags, properties | order by id asc';
const subscriptions = estate.subscriptions.map((item) => item.subscriptionId ??
    item.id.split('/')[2]);
const vaultNames = names(estate.resources.filter(
    (item) => item.type === 'Microsoft.KeyVault/vaults' &&
        item.name !== 'kv-legal-hold-weu')); // a deny assignment hides it

function graph(who = clients[0]) {
    return new ResourceGraphClient(credential(who), armOptions);
}

test('Resource Graph lists the vaults, page by page', async () => {
    const rows = [];
    let skipToken;
    let pages = 0;

    do {
        const page = await graph().resources({ subscriptions, query: VAULTS,
            options: { top: 20, skipToken, resultFormat: 'objectArray' } });

        assert.equal(page.totalRecords, vaultNames.length);
        assert.equal(page.count, page.data.length);
        rows.push(...page.data);
        skipToken = page.skipToken;
        pages++;
    } while (skipToken);
    assert.deepEqual(names(rows), vaultNames);
    assert.equal(pages, 3);
});

test('Resource Graph refuses a query that it cannot read', async () => {
    await assert.rejects(
        graph().resources({ subscriptions, query: 'Resources | whereabouts' }),
        (error) => error.statusCode === 400 && error.code === 'BadRequest');
});

test('subscriptions, locations and tenants are listed', async () => {
    const client = new SubscriptionClient(credential(), armOptions);
    const found = await all(client.subscriptions.list());
    const locations = await all(
        client.subscriptions.listLocations(subscriptions[0]));
    const tenants = await all(client.tenants.list());

    assert.deepEqual(found.map((item) => item.subscriptionId).sort(),
        [...subscriptions].sort());
    assert.ok(locations.some((item) => item.name === 'westeurope' &&
        item.displayName === 'West Europe'));
    assert.deepEqual(tenants.map((item) => item.tenantId), [tenantId]);
});

test('a subscription is read', async () => {
    const client = new SubscriptionClient(credential(), armOptions);
    const found = await client.subscriptions.get(subscriptions[0]);

    assert.equal(found.displayName, estate.subscriptions[0].displayName);
    assert.equal(found.state, 'Enabled');
});
