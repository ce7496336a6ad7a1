// kvgov itself beside Microsoft's libraries, over the same wire: both must see
// the same estate.
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { CertificateClient } from '@azure/keyvault-certificates';
import { KeyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { all, armOptions, credential, estate, names, vaultUrl } from './cloud.mjs';

let scan;
let inside; // what kvgov's reader found in all vaults
let vaults; // as @azure/arm-keyvault lists them
let hsms;

// How Microsoft's libraries list what kvgov calls by these names.
const LISTS = {
    keys: (url) => new KeyClient(url, credential()).listPropertiesOfKeys(),
    secrets: (url) => new SecretClient(url, credential())
        .listPropertiesOfSecrets(),
    certificates: (url) => new CertificateClient(url, credential())
        .listPropertiesOfCertificates(),
    deleted: (url) => new SecretClient(url, credential()).listDeletedSecrets(),
};

// The environment that kvgov-cloud prints is all that kvgov needs.
async function kvgov(...words) {
    const { stdout } = await promisify(execFile)(process.env.KVGOV,
        [...words, '--format', 'json', '--state-dir',
            path.join(process.env.KVGOV_INTEROP, 'kvgov')],
        { maxBuffer: 1 << 26 });

    return JSON.parse(stdout);
}

async function kvgovObjects() {
    const { stdout } = await promisify(execFile)(
        path.join(path.dirname(process.env.KVGOV), 'tests', 'interop',
            'kvgov_objects'), { maxBuffer: 1 << 26 });

    return JSON.parse(stdout);
}

function seconds(date) {
    return date ? date.getTime() / 1000 : 0;
}

// Both sides in the same words, in the same order.
function described(items) {
    return items.map(({ name, enabled, expires, created }) =>
        `${name} ${enabled} ${expires} ${created}`).sort();
}

// What a library lists there; null where the client may not.
async function listed(kind, url) {
    try {
        return (await all(LISTS[kind](url)))
            .map((item) => item.properties ?? item) // of what is deleted
            .map(({ name, enabled, expiresOn, createdOn }) => ({
                name,
                enabled,
                expires: seconds(expiresOn),
                created: seconds(createdOn),
            }));
    } catch (error) {
        if (error.statusCode !== 403)
            throw error;
        return null;
    }
}

// Of how many vaults both told the same, and how many objects.
async function compare(kind, resources, address) {
    let compared = 0;
    let objects = 0;

    for (const resource of resources) {
        const theirs = await listed(kind, address(resource));

        if (!theirs)
            continue;
        assert.deepEqual(described(inside[kind].filter(
            (item) => item.vault === resource.id)), described(theirs));
        compared++;
        objects += theirs.length;
    }
    return { compared, objects };
}

async function inAllSubscriptions(list) {
    const found = estate.subscriptions.map(({ id }) => all(list(
        new KeyVaultManagementClient(credential(), id.split('/')[2], armOptions))));

    return (await Promise.all(found)).flat();
}

// What was only heard of, because something else names it, is not read.
function readable(kind) {
    return scan.resources.filter((item) => item.kind === kind &&
        item.facets.some(({ facet, state }) =>
            facet === 'properties' && state === 'ready'));
}

// The names of the resources of a kind that deviate from a row; a deviation
// that somebody accepted is one all the same.
function deviant(row, resources) {
    const ids = new Set(scan.findings.filter((finding) =>
        finding.recommendation === row &&
        ['fail', 'excepted'].includes(finding.verdict))
        .map((finding) => finding.resource));

    return names(resources.filter((item) => ids.has(item.id)));
}

before(async () => {
    const deletion = await new SecretClient(vaultUrl('kv-pay-core-weu'),
        credential()).beginDeleteSecret('settlement-sftp', { intervalInMs: 10 });

    await deletion.pollUntilDone();
    scan = await kvgov('scan');
    inside = await kvgovObjects();
    vaults = await inAllSubscriptions(
        (client) => client.vaults.listBySubscription());
    hsms = await inAllSubscriptions(
        (client) => client.managedHsms.listBySubscription());
});

test('the same vaults and HSMs', () => {
    assert.deepEqual(names(readable('vault')), names(vaults));
    assert.deepEqual(names(readable('hsm')), names(hsms));
});

test('the same purge protection and permission model', () => {
    const lacks = (flag) => names(vaults.filter(
        (vault) => vault.properties[flag] !== true));

    assert.deepEqual(deviant('PRO-3', vaults), lacks('enablePurgeProtection'));
    assert.deepEqual(deviant('ACC-1', vaults), lacks('enableRbacAuthorization'));
});

for (const [kind, least] of [['keys', 20], ['secrets', 20], ['certificates', 5],
    ['deleted', 1]])
    test(`the same in every vault that lets in: ${kind}`, async () => {
        const { compared, objects } = await compare(
            kind, vaults, (vault) => vault.properties.vaultUri);

        assert.ok(compared >= 10, `${compared} vaults let in`);
        assert.ok(objects >= least, `${objects} objects in them`);
    });

test('the same keys in every HSM that lets in', async () => {
    const { compared } = await compare(
        'keys', hsms, (hsm) => hsm.properties.hsmUri);

    assert.ok(compared >= 1, `${compared} HSMs let in`);
});
