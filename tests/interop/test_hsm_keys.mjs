// @azure/keyvault-keys against a managed HSM, whose rights are its own.
import { KeyClient } from '@azure/keyvault-keys';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, clients, credential, estate, hsmUrl, names } from './cloud.mjs';

const HSM = 'hsm-pay-prod-weu';
const own = estate.dataPlane[HSM].keys;

function client(who = clients[0]) {
    return new KeyClient(hsmUrl(HSM), credential(who));
}

test('the keys of an HSM are listed and read', async () => {
    const found = await all(client().listPropertiesOfKeys());

    assert.deepEqual(names(found), names(own));
    for (const { name, kty } of own)
        assert.equal((await client().getKey(name)).keyType, kty);
});

test('a key of an HSM is changed, and its rotation policy read', async () => {
    await client().updateKeyProperties('pin-block', { tags: { on: 'review' } });
    const key = await client().getKey('pin-block');
    const policy = await client().getKeyRotationPolicy('pin-block');

    assert.deepEqual({ ...key.properties.tags }, { on: 'review' });
    assert.equal(policy.expiresIn, 'P1Y');
});

test('a local role is what lets in, not one of Azure\'s', async () => {
    await assert.rejects(all(client(clients[1]).listPropertiesOfKeys()),
        (error) => error.name === 'RestError' && error.statusCode === 403);
});
