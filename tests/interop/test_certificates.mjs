// @azure/keyvault-certificates: lists, versions, policies, contacts, deletion
// and recovery.
import { CertificateClient } from '@azure/keyvault-certificates';
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { test } from 'node:test';

import { all, clients, credential, estate, forbidden, names,
    vaultUrl } from './cloud.mjs';

const VAULT = 'kv-pay-core-weu';
const own = estate.dataPlane[VAULT].certificates;
const [first] = own;

function client(name = VAULT, who = clients[0]) {
    return new CertificateClient(vaultUrl(name), credential(who));
}

test('certificates are listed', async () => {
    const found = await all(client().listPropertiesOfCertificates());

    assert.deepEqual(names(found), names(own));
    for (const certificate of found) {
        assert.equal(certificate.x509Thumbprint.length, 20);
        assert.ok(certificate.expiresOn instanceof Date);
    }
});

test('a certificate is read, with its versions and its policy', async () => {
    const found = await client().getCertificate(first.name);
    const versions = await all(
        client().listPropertiesOfCertificateVersions(first.name));

    assert.equal(found.properties.version, first.versions.at(-1).id);
    assert.equal(found.policy.subject, first.policy.x509_props.subject);
    const parsed = new X509Certificate(found.cer);

    assert.equal(parsed.subject, first.policy.x509_props.subject);
    assert.equal(new Date(parsed.validTo).getTime(),
        found.properties.expiresOn.getTime());
    assert.equal(createHash('sha1').update(found.cer).digest('hex'),
        Buffer.from(found.properties.x509Thumbprint).toString('hex'));
    assert.equal(versions.length, first.versions.length);
});

test('a certificate\'s policy is changed, and the rest stays', async () => {
    const before = await client().getCertificatePolicy(first.name);
    const lifetimeActions = [{ action: 'AutoRenew', daysBeforeExpiry: 45 }];

    await client().updateCertificatePolicy(
        first.name, { ...before, lifetimeActions });
    const after = await client().getCertificatePolicy(first.name);

    assert.deepEqual(after.lifetimeActions.map((item) =>
        [item.action, item.daysBeforeExpiry]), [['AutoRenew', 45]]);
    assert.equal(after.issuerName, before.issuerName);
    assert.equal(after.subject, before.subject);
    assert.equal(after.keyType, before.keyType);
});

test('a certificate\'s attributes are changed, and stay so', async () => {
    await client().updateCertificateProperties(first.name,
        first.versions.at(-1).id, { enabled: false, tags: { reviewed: 'yes' } });
    const found = await client().getCertificate(first.name);

    assert.equal(found.properties.enabled, false);
    assert.deepEqual({ ...found.properties.tags }, { reviewed: 'yes' });
});

test('the contacts of a vault are read', async () => {
    const contacts = await client().getContacts();

    assert.deepEqual(contacts.map((contact) => contact.email),
        estate.dataPlane[VAULT].contacts.map((contact) => contact.email));
});

test('a certificate is deleted, listed as deleted, and recovered', async () => {
    const options = { intervalInMs: 10 };
    const deletion = await client().beginDeleteCertificate(first.name, options);
    const deleted = await deletion.pollUntilDone();
    const found = await all(client().listDeletedCertificates());

    assert.ok(deleted.scheduledPurgeDate > new Date());
    assert.deepEqual(names(found), [first.name]);
    const recovery = await client().beginRecoverDeletedCertificate(
        first.name, options);

    await recovery.pollUntilDone();
    assert.deepEqual(names(await all(client().listPropertiesOfCertificates())),
        names(own));
});

test('without the right, a RestError says why', async () => {
    const other = client(VAULT, clients[1]);

    await assert.rejects(
        all(other.listPropertiesOfCertificates()), forbidden());
    await assert.rejects(other.getCertificate(first.name),
        forbidden('DeniedWithNoValidRBAC'));
});
