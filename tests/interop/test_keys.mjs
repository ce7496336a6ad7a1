// @azure/keyvault-keys against a vault: lists, versions, attributes, rotation,
// deletion and recovery. Key material is asked for by no test.
import { KeyClient } from '@azure/keyvault-keys';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, clients, credential, estate, fault, forbidden, names,
    vaultUrl } from './cloud.mjs';

const VAULT = 'kv-pay-core-weu';
const own = estate.dataPlane[VAULT].keys;

function client(name = VAULT, who = clients[0]) {
    return new KeyClient(vaultUrl(name), credential(who));
}

test('keys are listed, by a challenge that leads to the sign-in', async () => {
    const found = await all(client().listPropertiesOfKeys());

    assert.deepEqual(names(found), names(own));
    assert.deepEqual(names(found.filter((key) => key.managed)),
        names(own.filter((key) => key.managed)));
    for (const key of found) {
        assert.equal(key.vaultUrl, vaultUrl(VAULT));
        assert.ok(key.createdOn instanceof Date);
        assert.ok(key.recoverableDays >= 7);
    }
});

test('a key is read, with all its versions', async () => {
    const [first] = own;
    const key = await client().getKey(first.name);
    const versions = await all(
        client().listPropertiesOfKeyVersions(first.name));

    assert.equal(key.keyType, first.kty);
    assert.equal(key.properties.version, first.versions.at(-1).id);
    assert.deepEqual(versions.map((item) => item.version).sort(),
        first.versions.map((item) => item.id).sort());
});

test('a key\'s attributes are changed, and stay so', async () => {
    const expiresOn = new Date('2031-01-01T00:00:00Z');
    const key = await client().updateKeyProperties('card-vault-wrap',
        { enabled: false, expiresOn, tags: { reviewed: 'yes' } });
    const again = await client().getKey('card-vault-wrap');

    assert.equal(key.properties.enabled, false);
    assert.deepEqual(again.properties.expiresOn, expiresOn);
    assert.deepEqual({ ...again.properties.tags }, { reviewed: 'yes' });
});

test('a rotation policy is read and changed', async () => {
    const before = await client().getKeyRotationPolicy('payments-signing');

    assert.equal(before.expiresIn, 'P1Y');
    assert.ok(before.lifetimeActions.some((item) => item.action === 'Rotate' &&
        item.timeAfterCreate === 'P180D'));
    await client().updateKeyRotationPolicy('payments-signing', {
        expiresIn: 'P2Y',
        lifetimeActions: [{ action: 'Rotate', timeBeforeExpiry: 'P30D' }],
    });
    const after = await client().getKeyRotationPolicy('payments-signing');

    assert.equal(after.expiresIn, 'P2Y');
    assert.equal(after.lifetimeActions[0].timeBeforeExpiry, 'P30D');
});

test('a key is rotated', async () => {
    const before = await client().getKey('payments-signing');
    const after = await client().rotateKey('payments-signing');

    assert.notEqual(after.properties.version, before.properties.version);
    assert.equal(after.keyType, before.keyType);
});

test('a key is deleted, listed as deleted, and recovered', async () => {
    const options = { intervalInMs: 10 };
    const deletion = await client().beginDeleteKey('card-vault-wrap', options);
    const deleted = await deletion.pollUntilDone();
    const found = await all(client().listDeletedKeys());

    assert.ok(deleted.properties.scheduledPurgeDate > new Date());
    assert.deepEqual(names(found), ['card-vault-wrap']);
    assert.ok(found[0].properties.deletedOn instanceof Date);
    const recovery = await client().beginRecoverDeletedKey(
        'card-vault-wrap', options);

    await recovery.pollUntilDone();
    assert.equal((await client().getKey('card-vault-wrap')).name,
        'card-vault-wrap');
});

test('a key is backed up; its name stands in the way of a restore', async () => {
    const backup = await client().backupKey('payments-signing');

    assert.ok(backup.length > 100);
    await assert.rejects(client().restoreKeyBackup(backup),
        (error) => error.statusCode === 409);
});

test('without the right, a RestError says why', async () => {
    const other = client(VAULT, clients[1]);

    await assert.rejects(all(other.listPropertiesOfKeys()), forbidden());
    await assert.rejects(other.getKey('payments-signing'),
        forbidden('DeniedWithNoValidRBAC'));
});

test('a key that is not there is KeyNotFound', async () => {
    await assert.rejects(client().getKey('none'),
        (error) => error.statusCode === 404 && error.code === 'KeyNotFound');
});

test('a 429 is retried after the time that it names', async () => {
    await fault('GET /keys 429 retry-after=2 count=1');
    const started = Date.now();

    assert.equal((await all(client().listPropertiesOfKeys())).length, own.length);
    assert.ok(Date.now() - started >= 2000);
});
