// Runs each test file by itself against a kvgov-cloud of its own, over HTTPS,
// and adds up what was counted. Usage: run.mjs CLOUD ESTATE FOLDER FILE...
// Exits 1 on any failure, and when nothing was tested at all.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { estateWrite } from './estate.mjs';
import { cloudStart, cloudStop, ended } from './start.mjs';

const [cloudProgram, estateSource, folder, ...files] = process.argv.slice(2);
const HERE = path.dirname(new URL(import.meta.url).pathname);

function number(report, pattern) {
    return Number(pattern.exec(report)?.[1] ?? 0);
}

// By the end of a file's name: how it is run, and how its report is counted.
const RUNNERS = {
    '.mjs': {
        words: (file) => [process.execPath, '--import',
            path.join(HERE, 'localhost.mjs'), '--test', '--test-reporter=tap',
            file],
        count: (report) => ({
            tests: number(report, /^# tests (\d+)$/m),
            passed: number(report, /^# pass (\d+)$/m),
        }),
    },
    '.py': {
        words: (file) => [path.join(HERE, 'python', 'bin', 'python'), '-m',
            'unittest', '-v', path.basename(file, '.py')],
        count: (report) => ({
            tests: number(report, /^Ran (\d+) tests?/m),
            passed: [...report.matchAll(/ \.\.\. ok$/mg)].length,
        }),
    },
    '': { // a program of the build
        words: (file) => [file],
        count: (report) => ({
            tests: number(report, /^\[=+\] (\d+) test\(s\) run\.$/m),
            passed: number(report, /^\[  PASSED  \] (\d+) test\(s\)\.$/m),
        }),
    },
};

async function runFile(runner, file, estate) {
    const cloud = await cloudStart(
        cloudProgram, estate, path.join(folder, 'authority.pem'));
    const [program, ...words] = runner.words(file);
    const test = spawn(program, words, {
        cwd: HERE,
        env: {
            ...process.env,
            ...cloud.environment,
            KVGOV_CLOUD: cloudProgram,
            KVGOV_INTEROP: folder,
            PYTHONPATH: HERE, // where sitecustomize.py lies
        },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let report = '';

    test.stdout.on('data', (text) => { report += text; });
    test.stderr.on('data', (text) => { report += text; });
    const code = await ended(test);

    await cloudStop(cloud);
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
