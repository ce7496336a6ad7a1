// @azure/identity signs in with a client secret and with a certificate, and
// tells apart why it cannot.
import { ClientCertificateCredential, ClientSecretCredential } from '@azure/identity';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authority, certificatePath, clients, credential, origin, tenantId } from './cloud.mjs';

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
