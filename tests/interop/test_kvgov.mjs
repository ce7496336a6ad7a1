// kvgov itself beside Microsoft's libraries, over the same wire: both must see
// the same estate.
import { KeyVaultManagementClient } from '@azure/arm-keyvault';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { all, armOptions, credential, estate, names } from './cloud.mjs';

let scan;
let vaults; // as @azure/arm-keyvault lists them
let hsms;

// The environment that kvgov-cloud prints is all that kvgov needs.
async function kvgov(...words) {
    const { stdout } = await promisify(execFile)(process.env.KVGOV,
        [...words, '--format', 'json', '--state-dir',
            path.join(process.env.KVGOV_INTEROP, 'kvgov')],
        { maxBuffer: 1 << 26 });

    return JSON.parse(stdout);
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

// The names of the resources of a kind that have this verdict on a row.
function judged(row, verdict, resources) {
    const ids = new Set(scan.findings.filter((finding) =>
        finding.recommendation === row && finding.verdict === verdict)
        .map((finding) => finding.resource));

    return names(resources.filter((item) => ids.has(item.id)));
}

before(async () => {
    scan = await kvgov('scan');
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

    assert.deepEqual(judged('PRO-3', 'fail', vaults), lacks('enablePurgeProtection'));
    assert.deepEqual(judged('ACC-1', 'fail', vaults), lacks('enableRbacAuthorization'));
});
