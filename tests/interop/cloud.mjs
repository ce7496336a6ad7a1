// What the tests know about the running cloud: where it is, who may sign in,
// where each thing of the estate lies, and how each library is pointed at it.
import { ClientSecretCredential } from '@azure/identity';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const origin = process.env.KVGOV_ARM_ENDPOINT;
export const tenantId = process.env.AZURE_TENANT_ID;
export const certificatePath = path.join(process.env.KVGOV_INTEROP, 'client.pem');
export const estate = JSON.parse(
    readFileSync(path.join(process.env.KVGOV_INTEROP, 'estate.json'), 'utf8'));

// Entra's directory of authorities is Microsoft's; this cloud is not in it.
export const authority = { authorityHost: origin, disableInstanceDiscovery: true };
// [0] may do everything, [1] has read rights only, [2]'s secret has expired.
export const clients = estate.clients;

export function credential(client = clients[0]) {
    return new ClientSecretCredential(
        tenantId, client.appId, client.secret, authority);
}

// For the libraries of Resource Manager; each takes what it knows of this.
export const armOptions = {
    endpoint: origin,
    $host: origin,
    baseUri: origin,
    credentials: { scopes: [`${origin}/.default`] },
    credentialScopes: [`${origin}/.default`],
};

export function vaultUrl(name) {
    return `https://${name}.vault.localhost:${new URL(origin).port}`;
}

export function hsmUrl(name) {
    return `https://${name}.managedhsm.localhost:${new URL(origin).port}`;
}

// A resource of the estate and the parts of its id that the libraries ask for.
export function resource(name) {
    const found = estate.resources.find((item) => item.name === name);
    const [, subscription, group] =
        /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(found.id);

    return { ...found, subscription, group };
}

export async function all(pages) {
    const items = [];

    for await (const item of pages)
        items.push(item);
    return items;
}

export function names(items) {
    return items.map((item) => item.name).sort();
}

// The next answers to what matches are this fault; see kvgov-cloud --help.
export async function fault(rule) {
    const response = await fetch(
        `${origin}/_cloud/fault`, { method: 'POST', body: rule });

    if (response.status !== 204)
        throw new Error(`${rule}: ${await response.text()}`);
}

// For assert.rejects: a vault's 403. Of an answer the libraries keep the code,
// not the inner code; the message says why, except where a list was asked for.
export function forbidden(words = '') {
    return (error) => error.name === 'RestError' && error.statusCode === 403 &&
        error.code === 'Forbidden' && error.message.includes(words);
}
