// @azure/keyvault-secrets: lists with paging, versions, attributes, deletion
// and recovery. No test asks for a secret's value, as kvgov never does.
import { SecretClient } from '@azure/keyvault-secrets';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, clients, credential, estate, forbidden, names,
    vaultUrl } from './cloud.mjs';

const VAULT = 'kv-pay-core-weu';
const PAGED = 'kv-shop-search-weu';
const own = estate.dataPlane[VAULT].secrets;

function client(name = VAULT, who = clients[0]) {
    return new SecretClient(vaultUrl(name), credential(who));
}

test('secrets are listed without their values', async () => {
    const found = await all(client().listPropertiesOfSecrets());

    assert.deepEqual(names(found), names(own));
    for (const secret of found) {
        const kept = own.find((item) => item.name === secret.name);

        assert.equal(secret.contentType, kept.contentType);
        assert.equal(secret.managed, kept.managed);
        assert.equal(secret.value, undefined);
    }
});

test('secrets come page by page, and the next page is found', async () => {
    const pages = [];

    for await (const page of client(PAGED).listPropertiesOfSecrets()
        .byPage({ maxPageSize: 3 }))
        pages.push(page.length);
    assert.deepEqual(pages, [3, 3, 1]);
});

test('the versions of a secret are listed', async () => {
    const [first] = own;
    const found = await all(
        client().listPropertiesOfSecretVersions(first.name));

    assert.deepEqual(found.map((item) => item.version).sort(),
        first.versions.map((item) => item.id).sort());
});

test('a secret\'s attributes are changed, and stay so', async () => {
    const expiresOn = new Date('2031-01-01T00:00:00Z');
    const { name, versions } = own.find((item) => item.name === 'ledger-db');

    await client().updateSecretProperties(name, versions.at(-1).id,
        { enabled: false, expiresOn, contentType: 'text/plain; reviewed',
            tags: { reviewed: 'yes' } });
    const found = (await all(client().listPropertiesOfSecrets())).find(
        (item) => item.name === name);

    assert.equal(found.enabled, false);
    assert.deepEqual(found.expiresOn, expiresOn);
    assert.equal(found.contentType, 'text/plain; reviewed');
    assert.deepEqual({ ...found.tags }, { reviewed: 'yes' });
});

test('a secret is deleted, listed as deleted, and recovered', async () => {
    const options = { intervalInMs: 10 };
    const deletion = await client().beginDeleteSecret('ledger-db', options);
    const deleted = await deletion.pollUntilDone();
    const found = await all(client().listDeletedSecrets());

    assert.equal(deleted.value, undefined);
    assert.deepEqual(names(found), ['ledger-db']);
    assert.ok(found[0].scheduledPurgeDate > new Date());
    const recovery = await client().beginRecoverDeletedSecret(
        'ledger-db', options);

    await recovery.pollUntilDone();
    assert.deepEqual(names(await all(client().listPropertiesOfSecrets())),
        names(own));
});

test('a closed firewall is told from a missing right', async () => {
    const change = (name, who) => client(name, who).updateSecretProperties(
        'none', '0123456789abcdef0123456789abcdef', { enabled: false });

    await assert.rejects(change('kv-partner-prod-neu'),
        forbidden('Client address is not authorized'));
    await assert.rejects(change(VAULT, clients[1]),
        forbidden('DeniedWithNoValidRBAC'));
    await assert.rejects(
        all(client(VAULT, clients[1]).listPropertiesOfSecrets()), forbidden());
});
