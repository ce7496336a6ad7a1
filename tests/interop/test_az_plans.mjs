// A plan as a script of az commands, run with Microsoft's own CLI in one cloud,
// and the same plan run by kvgov in another: both clouds must change alike, in
// what was meant and in everything else.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { azOpen, azRun } from './az.mjs';
import { resource } from './cloud.mjs';
import { cloudStart, cloudStop } from './start.mjs';
import { effect, stateOf } from './state.mjs';

const folder = process.env.KVGOV_INTEROP;
const here = { environment: process.env, state: 'plans-az' };
let there; // kvgov's own

// Of each kind of request one: remedy, row, resource, options.
const PLANS = [
    ['firewall-on', 'NET-2', 'kv-plat-ci-weu'],
    ['firewall-rules', 'NET-3', 'kv-shop-prod-weu'],
    ['purge-protection-on', 'PRO-3', 'kv-api-dev-weu'],
    ['soft-delete-on', 'PRO-1', 'kv-plat-nosd-neu'],
    ['diagnostics-on', 'LOG-1', 'kv-pay-recon-weu'],
    ['alerts-create', 'LOG-4', 'kv-shop-half-neu'],
    ['defender-on', 'LOG-6', 'kv-data-etl-weu'],
    ['eventgrid-create', 'LOG-7', 'kv-data-etl-weu'],
    ['assignment-remove', 'ACC-11', 'kv-data-lake-weu'],
    ['assignment-narrow', 'ACC-5', 'kv-data-etl-weu', 'wait=0'],
    ['policy-trim', 'ACC-2', 'kv-pay-prod-weu'],
    ['rbac-migrate', 'ACC-1', 'kv-pay-prod-weu', 'wait=0', 'custom=yes'],
    ['pim-require-mfa', 'ACC-8', 'kv-team-dev-weu'],
    ['make-eligible', 'ACC-6', 'kv-web-dev-weu'],
    ['lock-create', 'GOV-3', 'kv-lab-dev-neu'],
    ['tag-set', 'GOV-4', 'kv-pay-recon-weu',
        'tags=owner=payments-team@contoso.com'],
    ['policy-assign', 'GOV-1', 'kv-web-dev-weu', 'effect=Deny'],
    ['endpoint-approve', 'NET-6', 'kv-partner-prod-neu',
        'connection=pep-partner-prod-neu.15fcc9e5-b294-487b-8060-c90df6075eb6'],
    ['endpoint-create', 'NET-6', 'kv-data-arch-weu'],
    ['vault-recover', 'PRO-4', 'kv-shop-prod-weu'],
    ['set-expiry', 'OBJ-5', 'kv-shop-half-neu'],
    ['rotation-policy', 'HSM-22', 'hsm-legal-neu', 'after_days=90'],
    ['certificate-policy', 'CRT-1', 'kv-shop-half-neu'],
    ['hsm-role-add', 'HSM-18', 'hsm-legal-neu'],
    ['public-access-off', 'HSM-9', 'hsm-legal-neu'], // a long operation
];

// Rows of what is inside a vault or HSM.
const INSIDE = /^(OBJ|CRT|HSM)-/;

async function kvgov(cloud, ...words) {
    const { stdout } = await promisify(execFile)(process.env.KVGOV,
        [...words, '--state-dir', path.join(folder, cloud.state)],
        { maxBuffer: 1 << 26, env: cloud.environment });

    return stdout;
}

before(async () => {
    const [cloud] = await Promise.all([
        cloudStart(process.env.KVGOV_CLOUD, path.join(folder, 'estate.json'),
            path.join(folder, 'authority-plans.pem')),
        azOpen(resource('kv-pay-core-weu').subscription),
    ]);

    there = {
        ...cloud,
        environment: { ...process.env, ...cloud.environment },
        state: 'plans-kvgov',
    };
});

after(() => cloudStop(there));

async function byAz(words) {
    await azRun(await kvgov(here, 'plan', ...words, '--format', 'az'));
}

async function byKvgov(words) {
    const file = path.join(folder, 'plan.json');

    await kvgov(there, 'plan', ...words, '--out', file);
    await kvgov(there, 'fix', '--plan', file, '--confirm',
        JSON.parse(readFileSync(file, 'utf8')).hash, '--reason', 'CHG0042');
}

// What came of it in that cloud.
async function effectOf(cloud, run, words) {
    const was = await stateOf(cloud.environment);

    await run(words);
    return effect(was, await stateOf(cloud.environment));
}

for (const [remedy, row, name, ...options] of PLANS)
    test(`az does what kvgov does: ${remedy} for ${row}`, async () => {
        const words = [remedy, name, '--row', row,
            ...(INSIDE.test(row) ? ['--deep'] : []),
            ...options.flatMap((option) => ['--set', option])];
        const [theirs, ours] = await Promise.all([
            effectOf(here, byAz, words), effectOf(there, byKvgov, words)]);

        assert.notEqual(ours.length, 0);
        assert.deepEqual(theirs, ours);
    });
