// @azure/identity signs in by every way that a program or a person has here,
// and tells apart why it cannot.
import { ClientCertificateCredential, ClientSecretCredential, DeviceCodeCredential,
    ManagedIdentityCredential, WorkloadIdentityCredential } from '@azure/identity';
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { FEDERATED } from './estate.mjs';
import { authority, certificatePath, clients, credential, fault, origin,
    tenantId } from './cloud.mjs';

const scope = `${origin}/.default`;

function refusal(code) {
    return (error) => error.name === 'AuthenticationError'
        ? error.message.includes(code)
        : String(error.message).includes(code);
}

test('a client secret', async () => {
    const token = await credential().getToken(scope);

    assert.ok(token.token.length > 20);
    assert.ok(token.expiresOnTimestamp > Date.now());
});

test('a client certificate', async () => {
    const own = new ClientCertificateCredential(
        tenantId, clients[0].appId, certificatePath, authority);

    assert.ok((await own.getToken(scope)).token.length > 20);
});

test('a client certificate that sends its chain', async () => {
    const own = new ClientCertificateCredential(tenantId, clients[0].appId,
        certificatePath, { ...authority, sendCertificateChain: true });

    assert.ok((await own.getToken(scope)).token.length > 20);
});

test('a wrong secret is refused', async () => {
    const wrong = new ClientSecretCredential(
        tenantId, clients[0].appId, 'not the secret', authority);

    await assert.rejects(wrong.getToken(scope), refusal('AADSTS7000215'));
});

test('an expired secret is refused', async () => {
    await assert.rejects(
        credential(clients[2]).getToken(scope), refusal('AADSTS7000222'));
});

test('another\'s certificate is refused', async () => {
    const other = new ClientCertificateCredential(
        tenantId, clients[1].appId, certificatePath, authority);

    await assert.rejects(other.getToken(scope), refusal('AADSTS700027'));
});

const folder = process.env.KVGOV_INTEROP;

function coded(part) {
    return Buffer.from(JSON.stringify(part)).toString('base64url');
}

// A token such as a cluster gives to one of its workloads.
function workloadToken(subject) {
    const now = Math.floor(Date.now() / 1000);
    const body = `${coded({ alg: 'RS256', typ: 'JWT' })}.${coded({
        iss: FEDERATED.issuer, sub: subject, aud: FEDERATED.audience,
        iat: now, nbf: now, exp: now + 600 })}`;
    const key = readFileSync(path.join(folder, 'issuer.pem'));

    return `${body}.${createSign('sha256').update(body).sign(key, 'base64url')}`;
}

function workload(subject) {
    const tokenFilePath = path.join(folder, 'federated-token');

    writeFileSync(tokenFilePath, workloadToken(subject));
    return new WorkloadIdentityCredential({ ...authority, tenantId,
        clientId: clients[0].appId, tokenFilePath });
}

test('a workload signs in by another issuer\'s token', async () => {
    const token = await workload(FEDERATED.subject).getToken(scope);

    assert.ok(token.token.length > 20);
});

test('another workload of the same issuer is refused', async () => {
    await assert.rejects(
        workload('system:serviceaccount:other:one').getToken(scope),
        refusal('AADSTS700213'));
});

test('a person signs in with a code on another device', async () => {
    let prompt;

    await fault('device-interval=0'); // seconds between two polls
    const own = new DeviceCodeCredential({ ...authority, tenantId,
        clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
        userPromptCallback: (details) => { prompt = details; } });
    const token = await own.getToken(scope);

    assert.ok(token.token.length > 20);
    assert.match(prompt.userCode, /^[A-Z0-9]{6,}$/);
    assert.ok(prompt.verificationUri.startsWith(origin));
});

test('a machine signs in by its managed identity', async () => {
    process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = origin;
    const token = await new ManagedIdentityCredential().getToken(scope);

    assert.ok(token.token.length > 20);
    assert.ok(token.expiresOnTimestamp > Date.now());
});
