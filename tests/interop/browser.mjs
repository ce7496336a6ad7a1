// A headless Chromium of the test's own, spoken to through a pipe: no port is
// opened, and nothing of a person's profile is touched.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROGRAM = process.env.KVGOV_CHROMIUM ?? 'chromium';
const OPTIONS = ['--headless', '--no-sandbox', '--disable-gpu',
    '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
    '--remote-debugging-pipe'];

// Commands and events of the protocol are JSON, each ended by a zero byte.
export class Browser {
    #answers = new Map();
    #number = 0;
    #rest = '';
    events = []; // { method, params } of everything that was heard of

    constructor() {
        this.profile = mkdtempSync(path.join(tmpdir(), 'kvgov-browser-'));
        this.child = spawn(PROGRAM,
            [...OPTIONS, `--user-data-dir=${this.profile}`],
            { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
        this.ended = new Promise((resolve) => {
            this.child.on('close', resolve);
        });
        this.child.stdio[4].on('data', (data) => this.#hear(data));
    }

    #hear(data) {
        const messages = (this.#rest + data).split('\0');

        this.#rest = messages.pop();
        for (const message of messages.map((text) => JSON.parse(text))) {
            if (!message.id) {
                this.events.push(message);
                continue;
            }
            const { resolve, reject } = this.#answers.get(message.id);

            this.#answers.delete(message.id);
            if (message.error)
                reject(new Error(message.error.message));
            else
                resolve(message.result);
        }
    }

    send(method, params = {}, sessionId = this.session) {
        const id = ++this.#number;

        this.child.stdio[3].write(
            `${JSON.stringify({ id, method, params, sessionId })}\0`);
        return new Promise((resolve, reject) => {
            this.#answers.set(id, { resolve, reject });
        });
    }

    async open() {
        const { targetId } = await this.send(
            'Target.createTarget', { url: 'about:blank' }, undefined);
        const { sessionId } = await this.send('Target.attachToTarget',
            { targetId, flatten: true }, undefined);

        this.session = sessionId;
        await Promise.all(['Page', 'Network', 'Log', 'Runtime'].map(
            (domain) => this.send(`${domain}.enable`)));
    }

    async show(url) {
        await this.send('Page.navigate', { url });
        while (await this.ask('document.readyState') !== 'complete' ||
            await this.ask('location.href') !== url)
            await new Promise((resolve) => setTimeout(resolve, 20));
    }

    // Looks into the page from outside; the page itself may run nothing.
    async ask(expression) {
        const { result, exceptionDetails } = await this.send(
            'Runtime.evaluate', { expression, returnByValue: true });

        if (exceptionDetails)
            throw new Error(exceptionDetails.text);
        return result.value;
    }

    size(width, height) {
        return this.send('Emulation.setDeviceMetricsOverride',
            { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    }

    media(media, scheme) {
        return this.send('Emulation.setEmulatedMedia', { media,
            features: [{ name: 'prefers-color-scheme', value: scheme }] });
    }

    async picture() {
        const { data } = await this.send(
            'Page.captureScreenshot', { format: 'png' });

        return Buffer.from(data, 'base64');
    }

    async paper() {
        const { data } = await this.send('Page.printToPDF',
            { printBackground: true, preferCSSPageSize: true });

        return Buffer.from(data, 'base64');
    }

    async close() {
        await this.send('Browser.close', {}, undefined).catch(() => {});
        await this.ended;
        rmSync(this.profile, { recursive: true, force: true });
    }
}
