// Runs each test file by itself against a kvgov-cloud of its own, over HTTPS,
// and adds up what was counted. Usage: run.mjs CLOUD ESTATE FOLDER FILE...
// Exits 1 on any failure, and when nothing was tested at all.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { estateWrite } from './estate.mjs';

const [cloudProgram, estateSource, folder, ...files] = process.argv.slice(2);
const LAST_VARIABLE = 'AZURE_CLIENT_SECRET'; // kvgov-cloud prints it last
const HERE = path.dirname(new URL(import.meta.url).pathname);

function number(report, pattern) {
    return Number(pattern.exec(report)?.[1] ?? 0);
}

// By the end of a file's name: how it is run, and how its report is counted.
const RUNNERS = {
    '.mjs': {
        program: process.execPath,
        words: (file) => ['--import', path.join(HERE, 'localhost.mjs'), '--test',
            '--test-reporter=tap', file],
        count: (report) => ({
            tests: number(report, /^# tests (\d+)$/m),
            passed: number(report, /^# pass (\d+)$/m),
        }),
    },
    '.py': {
        program: path.join(HERE, 'python', 'bin', 'python'),
        words: (file) => ['-m', 'unittest', '-v', path.basename(file, '.py')],
        count: (report) => ({
            tests: number(report, /^Ran (\d+) tests?/m),
            passed: [...report.matchAll(/ \.\.\. ok$/mg)].length,
        }),
    },
};

// Ends with this process at the latest: its stdin is a pipe from here.
async function cloudStart(estate) {
    const authority = path.join(folder, 'authority.pem');
    const child = spawn(cloudProgram, ['--estate', estate, '--tls', '--ca',
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

function ended(child) {
    return new Promise((resolve) => {
        child.on('error', (error) => resolve(error.message));
        child.on('close', resolve);
    });
}

async function runFile(runner, file, estate) {
    const { child: cloud, environment } = await cloudStart(estate);
    const test = spawn(runner.program, runner.words(file), {
        cwd: HERE,
        env: {
            ...process.env,
            ...environment,
            KVGOV_INTEROP: folder,
            PYTHONPATH: HERE, // where sitecustomize.py lies
        },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let report = '';

    test.stdout.on('data', (text) => { report += text; });
    test.stderr.on('data', (text) => { report += text; });
    const code = await ended(test);

    cloud.stdin.end();
    await ended(cloud);
    return { code, report };
}

let passed = 0;
let failed = 0;

rmSync(folder, { recursive: true, force: true }); // of the last run
mkdirSync(folder, { recursive: true });
const estate = estateWrite(estateSource, folder);

for (const file of files) {
    const started = Date.now();
    const runner = RUNNERS[path.extname(file)];
    const { code, report } = await runFile(runner, file, estate);
    const counted = runner.count(report);
    // What was skipped proved nothing, and no test at all neither.
    const bad = counted.tests - counted.passed ||
        Number(code !== 0 || counted.passed === 0);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);

    console.log(`${bad ? 'FAIL' : 'ok  '}  ${path.basename(file).padEnd(32)} ${
        String(counted.passed).padStart(4)} passed ${seconds.padStart(6)} s`);
    if (bad)
        console.log(`${report}(ended with ${code})`.replace(/^/gm, '      '));
    passed += counted.passed;
    failed += bad;
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
