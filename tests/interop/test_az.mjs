// The Azure CLI, with this cloud registered as one of its clouds: what an
// administrator would type to look at a vault and to put it right.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { az, azOpen, signIn } from './az.mjs';
import { certificatePath, clients, estate, names, origin, resource, tenantId,
    vaultUrl } from './cloud.mjs';

const vault = resource('kv-pay-core-weu');
const open = resource('kv-pay-prod-weu');
const hsm = resource('hsm-pay-prod-weu');
const workspace = resource('law-platform-weu');
const plane = estate.dataPlane[vault.name];

function ofType(type) {
    return names(estate.resources.filter((item) => item.type === type &&
        item.id.includes(vault.subscription)));
}

before(() => azOpen(vault.subscription));

test('the endpoints are those that the cloud tells', async () => {
    const { endpoints, suffixes } = await az('cloud', 'show', '--name', 'kvgov');

    assert.equal(endpoints.activeDirectory, origin);
    assert.equal(suffixes.keyvaultDns, new URL(vaultUrl('.')).host.slice(1));
});

test('a token is handed out, in the form that kvgov reads', async () => {
    const token = await az('account', 'get-access-token', '--resource', `${origin}/`,
        '--tenant', tenantId);

    assert.ok(token.accessToken.length > 20);
    assert.equal(token.tokenType, 'Bearer');
    assert.ok(token.expires_on > Date.now() / 1000);
    assert.equal(token.tenant, tenantId);
});

test('the subscriptions are found at sign-in', async () => {
    const found = await az('account', 'list');

    assert.deepEqual(found.map((item) => item.id).sort(),
        estate.subscriptions.map((item) => item.id.split('/')[2]).sort());
});

test('vaults and HSMs are listed', async () => {
    assert.deepEqual(names(await az('keyvault', 'list', '--resource-type', 'vault')),
        ofType('Microsoft.KeyVault/vaults'));
    assert.deepEqual(names(await az('keyvault', 'list', '--resource-type', 'hsm')),
        ofType('Microsoft.KeyVault/managedHSMs'));
});

test('a vault is shown', async () => {
    const found = await az('keyvault', 'show', '--name', vault.name);

    assert.equal(found.id, vault.id);
    assert.equal(found.properties.vaultUri, `${vaultUrl(vault.name)}/`);
});

test('a vault is put right: tags, purge protection, firewall', async () => {
    const tagged = await az('keyvault', 'update', '--name', vault.name,
        '--set', 'tags.reviewed=yes');
    const changed = await az('keyvault', 'update', '--name', open.name,
        '--enable-purge-protection', 'true', '--default-action', 'Deny');
    const ruled = await az('keyvault', 'network-rule', 'add', '--name', open.name,
        '--ip-address', '203.0.113.7');

    assert.deepEqual(tagged.tags, { ...vault.tags, reviewed: 'yes' });
    assert.equal(changed.properties.enablePurgeProtection, true);
    assert.equal(ruled.properties.networkAcls.defaultAction, 'Deny');
    assert.deepEqual(ruled.properties.networkAcls.ipRules
        .map((rule) => rule.value), ['203.0.113.7/32']);
});

test('keys are listed and changed', async () => {
    const own = plane.keys.filter((key) => !key.managed);
    const found = await az('keyvault', 'key', 'list', '--vault-name', vault.name);
    const changed = await az('keyvault', 'key', 'set-attributes',
        '--vault-name', vault.name, '--name', own[0].name,
        '--expires', '2031-01-01T00:00:00Z');
    const policy = await az('keyvault', 'key', 'rotation-policy', 'show',
        '--vault-name', vault.name, '--name', own[0].name);

    assert.deepEqual(names(found), names(own));
    assert.equal(Date.parse(changed.attributes.expires),
        Date.UTC(2031, 0, 1));
    assert.equal(policy.expiresIn, own[0].rotation.attributes.expiryTime);
});

test('secrets are listed and changed, and no value is shown', async () => {
    const own = plane.secrets.filter((secret) => !secret.managed);
    const found = await az('keyvault', 'secret', 'list', '--vault-name', vault.name);
    const changed = await az('keyvault', 'secret', 'set-attributes',
        '--vault-name', vault.name, '--name', 'ledger-db', '--enabled', 'false');

    assert.deepEqual(names(found), names(own));
    assert.ok(found.every((secret) => !secret.value));
    assert.equal(changed.attributes.enabled, false);
});

test('certificates are listed and shown', async () => {
    const [first] = plane.certificates;
    const found = await az('keyvault', 'certificate', 'list',
        '--vault-name', vault.name);
    const one = await az('keyvault', 'certificate', 'show',
        '--vault-name', vault.name, '--name', first.name);

    assert.deepEqual(names(found), names(plane.certificates));
    assert.equal(one.policy.x509CertificateProperties.subject,
        first.policy.x509_props.subject);
    assert.equal(one.x509ThumbprintHex.length, 40);
});

test('an HSM is changed, and the CLI waits for the end', async () => {
    const found = await az('keyvault', 'update-hsm', '--hsm-name', hsm.name,
        '--set', 'tags.reviewed=yes');

    assert.equal(found.tags.reviewed, 'yes');
});

test('an HSM\'s local roles come with the names of who holds them', async () => {
    const found = await az('keyvault', 'role', 'assignment', 'list',
        '--hsm-name', hsm.name);

    assert.ok(found.some((item) => item.roleName === 'Managed HSM Crypto Auditor' &&
        item.principalName === 'Contoso Vault Operations'));
});

test('roles on a vault are listed and granted', async () => {
    const { principalId } = clients[1];
    const words = ['--scope', open.id, '--role', 'Key Vault Reader'];

    await az('role', 'assignment', 'create', ...words, '--assignee-object-id',
        principalId, '--assignee-principal-type', 'ServicePrincipal');
    const found = await az('role', 'assignment', 'list', ...words);

    assert.ok(found.some((item) => item.principalId === principalId));
});

test('a diagnostic setting and a lock are put on a vault', async () => {
    await az('monitor', 'diagnostic-settings', 'create', '--name', 'audit',
        '--resource', open.id, '--workspace', workspace.id,
        '--logs', '[{categoryGroup:audit,enabled:true}]');
    await az('lock', 'create', '--name', 'keep', '--lock-type', 'CanNotDelete',
        '--resource-group', open.group, '--resource', open.name,
        '--resource-type', 'Microsoft.KeyVault/vaults');
    const settings = await az('monitor', 'diagnostic-settings', 'list',
        '--resource', open.id);
    const locks = await az('lock', 'list', '--resource-group', open.group,
        '--resource', open.name, '--resource-type', 'Microsoft.KeyVault/vaults');

    assert.deepEqual(names(settings), ['audit']);
    assert.deepEqual(settings[0].logs.map((log) => log.categoryGroup), ['audit']);
    assert.ok(locks.some((lock) => lock.name === 'keep'));
});

test('alerts, action groups, policies and Defender plans are listed', async () => {
    assert.deepEqual(names(await az('monitor', 'metrics', 'alert', 'list')),
        ofType('Microsoft.Insights/metricAlerts'));
    assert.deepEqual(names(await az('monitor', 'action-group', 'list')),
        ofType('Microsoft.Insights/ActionGroups'));
    assert.ok(Array.isArray(await az('policy', 'assignment', 'list')));
    assert.ok((await az('security', 'pricing', 'list')).value.some(
        (plan) => plan.name === 'KeyVaults'));
});

test('a vault is deleted, listed as deleted, and recovered', async () => {
    const gone = resource('kv-pay-stage-neu');

    await az('keyvault', 'delete', '--name', gone.name);
    assert.ok(names(await az('keyvault', 'list-deleted')).includes(gone.name));
    const back = await az('keyvault', 'recover', '--name', gone.name);

    assert.equal(back.id, gone.id);
});

test('a vault is made, closed from the start', async () => {
    const made = await az('keyvault', 'create', '--name', 'kv-new-test-weu',
        '--resource-group', vault.group, '--location', 'westeurope',
        '--enable-purge-protection', 'true', '--public-network-access', 'Disabled');

    assert.equal(made.properties.publicNetworkAccess, 'Disabled');
    assert.equal(made.properties.vaultUri, `${vaultUrl('kv-new-test-weu')}/`);
});

test('an access policy is set and taken away', async () => {
    const words = ['--name', open.name, '--object-id', clients[1].principalId];
    const set = await az('keyvault', 'set-policy', ...words,
        '--key-permissions', 'get', 'list');
    const gone = await az('keyvault', 'delete-policy', ...words);

    assert.deepEqual(set.properties.accessPolicies.find((policy) =>
        policy.objectId === clients[1].principalId).permissions.keys.sort(),
    ['get', 'list']);
    assert.equal(gone.properties.accessPolicies.length,
        open.properties.accessPolicies.length);
});

test('a rotation policy and a certificate\'s renewal are set', async () => {
    const rotation = await az('keyvault', 'key', 'rotation-policy', 'update',
        '--vault-name', vault.name, '--name', 'payments-signing', '--value',
        JSON.stringify({
            lifetimeActions: [{
                trigger: { timeAfterCreate: 'P90D' },
                action: { type: 'Rotate' },
            }],
            attributes: { expiryTime: 'P1Y' },
        }));
    const certificate = await az('keyvault', 'certificate', 'set-attributes',
        '--vault-name', vault.name, '--name', plane.certificates[0].name,
        '--policy', JSON.stringify({
            lifetime_actions: [{
                trigger: { days_before_expiry: 40 },
                action: { action_type: 'AutoRenew' },
            }],
        }));

    assert.equal(rotation.lifetimeActions[0].timeAfterCreate, 'P90D');
    assert.equal(certificate.policy.lifetimeActions[0].trigger.daysBeforeExpiry, 40);
});

test('an HSM is backed up', async () => {
    const backup = await az('keyvault', 'backup', 'start', '--hsm-name', hsm.name,
        '--storage-account-name', 'stcontosoauditweu',
        '--blob-container-name', 'hsm', '--use-managed-identity', 'true');

    assert.match(backup.folderUrl, /\/hsm\/mhsm-/);
});

test('a resource is shown by its id, a provider by its name', async () => {
    const found = await az('resource', 'show', '--ids', vault.id);
    const provider = await az('provider', 'show', '--namespace',
        'Microsoft.KeyVault');
    const endpoints = await az('network', 'private-endpoint', 'list');

    assert.equal(found.properties.tenantId, tenantId);
    assert.equal(provider.registrationState, 'Registered');
    assert.deepEqual(names(endpoints), ofType('Microsoft.Network/privateEndpoints'));
});

test('a certificate signs in, too', async () => {
    const found = await az('login', '--service-principal', '--username',
        clients[0].appId, '--certificate', certificatePath, '--tenant', tenantId);

    assert.equal(found.length, estate.subscriptions.length);
});

test('who may not is told so, with Azure\'s code', async () => {
    await signIn(clients[1]);
    await assert.rejects(
        az('keyvault', 'update', '--subscription', vault.subscription,
            '--name', vault.name, '--set', 'tags.no=never'),
        (error) => error.stderr.includes('AuthorizationFailed'));
    await signIn(clients[0]);
});
