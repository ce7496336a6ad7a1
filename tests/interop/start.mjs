// A kvgov-cloud of the caller's own, which ends with the caller at the latest:
// its stdin is a pipe from here.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const LAST_VARIABLE = 'AZURE_CLIENT_SECRET'; // kvgov-cloud prints it last

export function ended(child) {
    return new Promise((resolve) => {
        child.on('error', (error) => resolve(error.message));
        child.on('close', resolve);
    });
}

// The environment is what a client needs; `authority` is the file to trust.
export async function cloudStart(program, estate, authority) {
    const child = spawn(program, ['--estate', estate, '--tls', '--ca',
        authority, '--suffix', 'localhost', '--page-size', '10', '--print-env',
        '--until-eof'], { stdio: ['pipe', 'pipe', 'inherit'] });
    // Each language has its own way to be told of an authority.
    const environment = {
        NODE_EXTRA_CA_CERTS: authority,
        REQUESTS_CA_BUNDLE: authority,
    };

    for await (const line of createInterface({ input: child.stdout })) {
        const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];

        if (name)
            environment[name] = value;
        if (name === LAST_VARIABLE)
            break;
    }
    if (!environment[LAST_VARIABLE])
        throw new Error('kvgov-cloud did not start');
    return { child, environment };
}

export async function cloudStop({ child }) {
    child.stdin.end();
    await ended(child);
}
