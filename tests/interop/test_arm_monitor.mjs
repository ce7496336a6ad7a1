// @azure/arm-monitor: diagnostic settings, alert rules and action groups.
import { MonitorClient } from '@azure/arm-monitor';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, armOptions, clients, credential, estate, fault, names,
    resource } from './cloud.mjs';

const vault = resource('kv-pay-core-weu');
const bare = resource('kv-pay-prod-weu'); // has no diagnostic setting
const workspace = resource('law-platform-weu');

function client(who = clients[0], subscription = vault.subscription) {
    return new MonitorClient(credential(who), subscription, armOptions);
}

function ofType(type, subscription) {
    return names(estate.resources.filter((item) =>
        item.type.toLowerCase() === type && item.id.includes(subscription)));
}

test('diagnostic settings are listed and read', async () => {
    const { value } = await client().diagnosticSettings.list(vault.id);
    const one = await client().diagnosticSettings.get(vault.id, value[0].name);

    assert.equal(one.workspaceId, value[0].workspaceId);
    assert.ok(one.logs.some((log) => log.enabled));
});

// The library knows categories by name only, not their groups.
test('a diagnostic setting is made, changed and taken away', async () => {
    const { diagnosticSettings } = client();
    const setting = (...categories) => ({
        workspaceId: workspace.id,
        logs: categories.map((category) => ({ category, enabled: true })),
    });
    const enabled = async () => (await diagnosticSettings.get(bare.id, 'audit'))
        .logs.filter((log) => log.enabled).map((log) => log.category);

    await diagnosticSettings.createOrUpdate(
        bare.id, 'audit', setting('AuditEvent'));
    assert.deepEqual(await enabled(), ['AuditEvent']);
    await diagnosticSettings.createOrUpdate(bare.id, 'audit',
        setting('AuditEvent', 'AzurePolicyEvaluationDetails'));
    assert.deepEqual(await enabled(),
        ['AuditEvent', 'AzurePolicyEvaluationDetails']);
    await diagnosticSettings.delete(bare.id, 'audit');
    assert.deepEqual((await diagnosticSettings.list(bare.id)).value, []);
});

test('the categories of a vault are listed', async () => {
    const { value } = await client().diagnosticSettingsCategory.list(vault.id);

    assert.ok(value.some((item) => item.name === 'AuditEvent' &&
        item.categoryType === 'Logs'));
});

test('metric alerts are listed, read and changed', async () => {
    const rule = resource('alert-pay-core-availability');
    const { metricAlerts } = client(clients[0], rule.subscription);
    const found = await all(metricAlerts.listBySubscription());

    assert.deepEqual(names(found),
        ofType('microsoft.insights/metricalerts', rule.subscription));
    await metricAlerts.update(rule.group, rule.name, { enabled: false });
    const one = await metricAlerts.get(rule.group, rule.name);

    assert.equal(one.enabled, false);
    assert.deepEqual(one.scopes, rule.properties.scopes);
});

test('action groups are listed, read and changed', async () => {
    const group = resource('ag-payments-duty');
    const { actionGroups } = client(clients[0], group.subscription);

    assert.deepEqual(names(await all(actionGroups.listBySubscriptionId())),
        ofType('microsoft.insights/actiongroups', group.subscription));
    await actionGroups.update(group.group, group.name, { tags: { on: 'duty' } });
    const one = await actionGroups.get(group.group, group.name);

    assert.equal(one.tags.on, 'duty');
    assert.equal(one.groupShortName, group.properties.groupShortName);
});

test('activity log alerts are listed and read', async () => {
    const rule = resource('alert-payments-deletions');
    const { activityLogAlerts } = client(clients[0], rule.subscription);
    const one = await activityLogAlerts.get(rule.group, rule.name);

    assert.deepEqual(names(await all(activityLogAlerts.listBySubscriptionId())),
        ofType('microsoft.insights/activitylogalerts', rule.subscription));
    assert.equal(one.enabled, rule.properties.enabled);
    assert.ok(one.condition.allOf.length > 0);
});

test('a setting without the right is AuthorizationFailed', async () => {
    await assert.rejects(
        client(clients[1]).diagnosticSettings.createOrUpdate(bare.id, 'no',
            { workspaceId: workspace.id, logs: [] }),
        (error) => error.name === 'RestError' && error.statusCode === 403 &&
            error.code === 'AuthorizationFailed');
});

test('a 429 is retried after the time that it names', async () => {
    await fault('GET */diagnosticSettings 429 retry-after=2 count=1');
    const started = Date.now();

    assert.ok((await client().diagnosticSettings.list(vault.id)).value.length);
    assert.ok(Date.now() - started >= 2000);
});
