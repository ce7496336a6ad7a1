// Runs each test file by itself against a kvgov-cloud of its own, over HTTPS,
// and adds up what was counted. Usage: run.mjs CLOUD ESTATE FOLDER FILE...
// Exits 1 on any failure, and when nothing was tested at all.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { estateWrite } from './estate.mjs';

const [cloudProgram, estateSource, folder, ...files] = process.argv.slice(2);
const LAST_VARIABLE = 'AZURE_CLIENT_SECRET'; // kvgov-cloud prints it last

// Ends with this process at the latest: its stdin is a pipe from here.
async function cloudStart(estate) {
    const authority = path.join(folder, 'authority.pem');
    const child = spawn(cloudProgram, ['--estate', estate, '--tls', '--ca',
        authority, '--suffix', 'localhost', '--page-size', '10', '--print-env',
        '--until-eof'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const environment = { NODE_EXTRA_CA_CERTS: authority };

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

function ended(child) {
    return new Promise((resolve) => child.on('close', resolve));
}

// What the test runner counted, from the last lines of its report.
function counted(report, word) {
    return Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(report)?.[1] ?? 0);
}

async function runFile(file, estate) {
    const { child: cloud, environment } = await cloudStart(estate);
    const test = spawn(process.execPath, ['--import',
        new URL('localhost.mjs', import.meta.url).href, '--test',
        '--test-reporter=tap', file], {
        env: { ...process.env, ...environment, KVGOV_INTEROP: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    let report = '';

    test.stdout.on('data', (text) => { report += text; });
    const code = await ended(test);

    cloud.stdin.end();
    await ended(cloud);
    return { code, report };
}

let passed = 0;
let failed = 0;

mkdirSync(folder, { recursive: true });
const estate = estateWrite(estateSource, folder);

for (const file of files) {
    const started = Date.now();
    const { code, report } = await runFile(file, estate);
    const good = counted(report, 'pass');
    // What was skipped proved nothing, and no test at all neither.
    const bad = counted(report, 'tests') - good || Number(code !== 0 || !good);
    const mark = bad ? 'FAIL' : 'ok  ';
    const seconds = ((Date.now() - started) / 1000).toFixed(1);

    console.log(`${mark}  ${path.basename(file, '.mjs').padEnd(32)} ${
        String(good).padStart(4)} passed ${seconds.padStart(6)} s`);
    if (bad)
        console.log(report.replace(/^/gm, '      '));
    passed += good;
    failed += bad;
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
