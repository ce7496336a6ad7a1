// The HTML report in a real browser: it fetches nothing, fits the screen, reads
// in the light and in the dark, and prints what is folded. Pictures of it stay
// beside the other files of the run, to be looked at.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';

import { Browser } from './browser.mjs';

const folder = process.env.KVGOV_INTEROP;
const file = path.join(folder, 'report.html');
const url = pathToFileURL(file).href;
let browser;

before(async () => {
    // 4: a subscription of the estate may not be listed.
    await promisify(execFile)(process.env.KVGOV, ['scan', '--format', 'html',
        '--out', file, '--state-dir', path.join(folder, 'report-state')])
        .catch((error) => assert.equal(error.code, 4, error.stderr));
    browser = new Browser();
    await browser.open();
    await browser.show(url);
});

after(() => browser?.close());

// Inflated pixels: how many different bytes there are.
function colours(png) {
    const parts = [];

    for (let at = 8; at < png.length;) {
        const size = png.readUInt32BE(at);

        if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
            parts.push(png.subarray(at + 8, at + 8 + size));
        at += size + 12;
    }
    return new Set(inflateSync(Buffer.concat(parts))).size;
}

async function look(name) {
    const png = await browser.picture();

    writeFileSync(path.join(folder, `report-${name}.png`), png);
    assert.ok(colours(png) > 60, `${name} shows next to nothing`);
}

// WCAG 2: relative luminance, contrast.
function luminance(colour) {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => {
        const share = part / 255;

        return share <= 0.04045 ? share / 12.92
            : ((share + 0.055) / 1.055) ** 2.4;
    });

    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
    const [dark, light] =
        [luminance(one), luminance(other)].sort((a, b) => a - b);

    return (light + 0.05) / (dark + 0.05);
}

// Text on what it stands on, for one element of each kind.
const COLOURS = `[...new Map([...document.querySelectorAll(
    'p, a, .chip, .soft, .label, .matrix td, h2, th')]
    .filter((one) => one.innerText)
    .map((one) => [one.tagName + one.className, one])).values()]
    .map((one) => {
        let below = one;

        while (below !== document.body &&
            getComputedStyle(below).backgroundColor === 'rgba(0, 0, 0, 0)')
            below = below.parentElement;
        return [one.tagName + '.' + one.className,
            getComputedStyle(one).color,
            getComputedStyle(below).backgroundColor];
    })`;

async function checkContrast(name) {
    for (const [what, ink, paper] of await browser.ask(COLOURS))
        assert.ok(contrast(ink, paper) >= 3,
            `${name}: ${what} has ${contrast(ink, paper).toFixed(2)}`);
}

test('the page has its parts', async () => {
    assert.match(await browser.ask('document.title'), /contoso\.com/);
    assert.equal(await browser.ask(
        'document.querySelectorAll("#vaults .place[id^=v-]").length'), 47);
    assert.equal(await browser.ask(
        'document.querySelectorAll(".matrix tbody tr").length'), 47);
    assert.equal(await browser.ask('document.compatMode'), 'CSS1Compat');
});

test('nothing is fetched and nothing runs', async () => {
    const asked = browser.events
        .filter(({ method }) => method === 'Network.requestWillBeSent')
        .map(({ params }) => params.request.url)
        .filter((address) => address !== 'about:blank');

    assert.deepEqual([...new Set(asked)], [url]);
    assert.equal(await browser.ask('document.scripts.length'), 0);
    assert.deepEqual(browser.events
        .filter(({ method }) => method === 'Log.entryAdded')
        .map(({ params }) => params.entry.text), []);
});

test('every link on the page leads somewhere', async () => {
    assert.deepEqual(await browser.ask(`[...document.querySelectorAll(
        'a[href^="#"]')].map((one) => one.getAttribute('href').slice(1))
        .filter((id) => !document.getElementById(id))`), []);
});

for (const [name, width, height] of [['wide', 1280, 1600],
    ['narrow', 390, 844]])
    test(`it fits a ${name} screen`, async () => {
        await browser.size(width, height);
        await browser.media('screen', 'light');
        assert.ok(await browser.ask(
            'document.documentElement.scrollWidth') <= width);
        await look(name);
    });

test('all of the matrix is seen on a wide screen', async () => {
    await browser.size(1280, 1600);
    assert.ok(await browser.ask(`[...document.querySelectorAll('.wide')]
        .every((one) => one.scrollWidth <= one.clientWidth)`));
});

test('it reads in the light and in the dark', async () => {
    const papers = [];

    await browser.size(1280, 1600);
    for (const scheme of ['light', 'dark']) {
        await browser.media('screen', scheme);
        papers.push(await browser.ask(
            'getComputedStyle(document.body).backgroundColor'));
        await checkContrast(scheme);
        await look(scheme);
    }
    assert.ok(luminance(papers[0]) > 0.9 && luminance(papers[1]) < 0.1);
});

test('on paper nothing is folded', async () => {
    await browser.media('print', 'light');
    assert.ok(await browser.ask(`[...document.querySelectorAll('details')]
        .every((one) => one.querySelector('table')
            .getBoundingClientRect().height > 0)`));
    await browser.media('', 'light');

    const pdf = await browser.paper();

    writeFileSync(path.join(folder, 'report.pdf'), pdf);
    assert.equal(pdf.toString('latin1', 0, 5), '%PDF-');
    assert.ok(pdf.length > 100000);
});
