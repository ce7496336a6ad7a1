// The estate that the tests act on: Contoso's, with all rights for its first
// client, and a certificate with which that client may sign in, too.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROLES = {
    owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    vaultAdministrator: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    hsmAdministrator: 'a290e904-7015-4bba-90c8-60543313cdb4',
    hsmCryptoUser: '21dbd100-6940-42c2-9190-5d6cb909625b',
};
const HSMS = ['hsm-pay-prod-weu', 'hsm-legal-neu'];

// What a token of the client's other issuer says.
export const FEDERATED = {
    issuer: 'https://oidc.contoso.com/cluster',
    subject: 'system:serviceaccount:vaults:operations',
    audience: 'api://AzureADTokenExchange',
};

function grant(estate, scope, role, principalId) {
    estate.roleAssignments.push({
        id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${role}`,
        name: role,
        type: 'Microsoft.Authorization/roleAssignments',
        properties: {
            roleDefinitionId: role,
            principalId,
            principalType: 'ServicePrincipal',
            scope,
        },
    });
}

function grantLocal(estate, role, principalId) {
    for (const name of HSMS)
        estate.dataPlane[name].roleAssignments.push({
            name: role,
            scope: '/',
            role,
            principalId,
        });
}

// A key and a certificate for it, in one PEM file as the libraries want it.
function makeCertificate(folder) {
    const key = path.join(folder, 'client-key.pem');
    const certificate = path.join(folder, 'client-certificate.pem');

    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes',
        '-subj', '/CN=Contoso Vault Operations', '-days', '2',
        '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const pem = readFileSync(certificate, 'utf8');

    writeFileSync(path.join(folder, 'client.pem'),
        readFileSync(key, 'utf8') + pem, { mode: 0o600 });
    return pem;
}

// A cluster whose tokens the client's application trusts; its private key lies
// beside the certificate's.
function makeIssuer(folder) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });

    writeFileSync(path.join(folder, 'issuer.pem'), privateKey, { mode: 0o600 });
    return { ...FEDERATED, audiences: [FEDERATED.audience], key: publicKey };
}

// Writes estate.json, client.pem and issuer.pem into folder; returns the path
// of the first.
export function estateWrite(from, folder) {
    const estate = JSON.parse(readFileSync(from, 'utf8'));
    const client = estate.clients[0];
    const file = path.join(folder, 'estate.json');

    for (const { id } of estate.subscriptions) {
        grant(estate, id, ROLES.owner, client.principalId);
        grant(estate, id, ROLES.vaultAdministrator, client.principalId);
    }
    grantLocal(estate, ROLES.hsmAdministrator, client.principalId);
    grantLocal(estate, ROLES.hsmCryptoUser, client.principalId);
    client.certificate = makeCertificate(folder);
    client.federatedCredentials = [makeIssuer(folder)];
    writeFileSync(file, JSON.stringify(estate));
    return file;
}
