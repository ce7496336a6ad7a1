// The Azure CLI with this cloud registered as one of its clouds, in a
// configuration folder of the test's own.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { clients, origin, tenantId } from './cloud.mjs';

const BIN = path.join(
    path.dirname(new URL(import.meta.url).pathname), 'az', 'bin');
const environment = {
    ...process.env,
    AZURE_CONFIG_DIR: path.join(
        process.env.KVGOV_INTEROP, `az-config-${process.pid}`),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_INSTANCE_DISCOVERY: 'false', // Microsoft's own clouds only
    AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no',
};

export async function az(...words) {
    const { stdout } = await promisify(execFile)(
        path.join(BIN, 'az'), [...words, '--output', 'json'],
        { env: environment });

    return stdout ? JSON.parse(stdout) : null;
}

export function signIn({ appId, secret }) {
    return az('login', '--service-principal', '--username', appId,
        '--password', secret, '--tenant', tenantId);
}

export async function azOpen(subscription) {
    await az('cloud', 'register', '--name', 'kvgov',
        '--endpoint-resource-manager', origin);
    await az('cloud', 'set', '--name', 'kvgov');
    await signIn(clients[0]);
    await az('account', 'set', '--subscription', subscription);
}

// A script that kvgov wrote, with the same az that is used here.
export async function azRun(script) {
    await promisify(execFile)('sh', ['-c', script], {
        env: { ...environment, PATH: `${BIN}:${process.env.PATH}` },
    });
}
